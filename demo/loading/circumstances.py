"""What a family of the demo is, as far as the words about it must agree with it: who brings up whom, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from common.calendar import age_on
from demo.names import FamilyData, PersonData
from demo.structure import FamilyGroupData, FamilyKind
from families.enums import Sex, StatusKind

SCHOOL_AGE = range(7, 18)
TEENS = range(12, 17)
BOTH_PARENTS = frozenset({FamilyKind.TWO_PARENTS, FamilyKind.LARGE})
HEADS = {FamilyKind.FATHER: 1, FamilyKind.GRANDMOTHER: 2, FamilyKind.GUARDIAN: 2}
"""Who answers for the children, where it is not the mother: the father, or a guardian."""


@dataclass(frozen=True)
class Choice:
    """A place in a template that says one thing of several: `{head:мать|отец|опекун}`."""

    place: int

    def __format__(self, spec: str) -> str:
        return spec.split("|")[self.place]


def ages_of(births: Sequence[date], on: date) -> list[int]:
    """Full years of the children that are born by then."""
    return [age_on(birth, on) for birth in births if birth <= on]


@dataclass(frozen=True)
class Circumstances:
    """A family as it was when its case began; the children are all it has to this day.

    Its `trouble` is the code of a theme.
    """

    trouble: str
    kind: FamilyKind
    ages: tuple[int, ...]
    teen: Sex | None
    in_house: bool
    status: StatusKind | None

    @classmethod
    def of(cls, family: FamilyData, group: FamilyGroupData, on: date) -> Self:
        teen = next((child for child in family.children if _is_teen(child, on)), None)
        return cls(
            trouble=group.theme,
            kind=family.kind,
            ages=tuple(ages_of([child.birth_date for child in family.children], on)),
            teen=teen.sex if teen else None,
            in_house=not family.address.flat,
            status=group.status,
        )

    @property
    def has_pupils(self) -> bool:
        return any(age in SCHOOL_AGE for age in self.ages)

    def words(self, text: str) -> str:
        """The text as it reads of this family.

        Its places are `head` (mother, father or guardian), `parents` (both or one), `children` (one or several),
        `teen` (a boy or a girl) and `home` (a house or a flat).
        """
        return text.format(
            head=Choice(HEADS.get(self.kind, 0)),
            parents=Choice(0 if self.kind in BOTH_PARENTS else 1),
            children=Choice(0 if len(self.ages) == 1 else 1),
            teen=Choice(1 if self.teen == Sex.FEMALE else 0),
            home=Choice(0 if self.in_house else 1),
        )


def _is_teen(child: PersonData, on: date) -> bool:
    return child.birth_date <= on and age_on(child.birth_date, on) in TEENS
