"""Is the family known already? Every member is compared with the people of the region before a family is saved.

One wrong letter, a changed telephone, the second adult, twins (lessons, 14): matches are weighed per family and only
the top few are shown, each with what its reader may know of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, IntEnum

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Region, User
from common.text import fold
from families.models import Family, FamilyMembership, Person

TOP = 5
CANDIDATES = 200


class Likeness(IntEnum):
    """By what a family was recognised, with its weight."""

    ADDRESS = 30
    PHONE = 40
    SIMILAR_NAME = 60
    NAME = 80
    SNILS = 100

    @property
    def text(self) -> str:
        """In words, for the page."""
        return {
            Likeness.ADDRESS: _("the same address"),
            Likeness.PHONE: _("the same telephone"),
            Likeness.SIMILAR_NAME: _("the same date of birth and a similar name"),
            Likeness.NAME: _("the same name and date of birth"),
            Likeness.SNILS: _("the same SNILS"),
        }[self]


class Reach(Enum):
    """What the reader may know of a family that was found (clarifications)."""

    OWN = "own"
    INSTITUTION = "institution"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Known:
    """What was typed of one person."""

    last_name: str
    first_name: str
    patronymic: str
    birth_date: date
    snils: str = ""
    phone: str = ""

    @property
    def key(self) -> str:
        return fold(f"{self.last_name} {self.first_name} {self.patronymic}")


@dataclass(frozen=True, slots=True)
class Home:
    """What was typed of the family: where it lives and its telephone."""

    settlement_id: int | None = None
    street: str = ""
    house: str = ""
    flat: str = ""
    phone: str = ""


@dataclass(slots=True)
class Match:
    """A family that may be the same one."""

    family: Family
    reach: Reach
    people: dict[int, FamilyMembership] = field(default_factory=dict)
    likeness: dict[tuple[int, Likeness], None] = field(default_factory=dict)
    has_namesake: bool = False
    """Whether a member is called as somebody typed, and was born on another day: rather another person."""

    @property
    def weight(self) -> int:
        return sum(kind for _person, kind in self.likeness)

    @property
    def kinds(self) -> list[Likeness]:
        return sorted({kind for _person, kind in self.likeness}, reverse=True)


def find(user: User, region: Region, people: Sequence[Known], home: Home) -> list[Match]:
    """The likeliest families of the region, at most five, likeliest first.

    Restricted families that the user may not open are never among them: not even their existence is told.
    """
    likeness = _by_person(region, people, home)
    memberships = FamilyMembership.objects.filter(person__in=list(likeness)).select_related("person")
    by_family: dict[int, list[FamilyMembership]] = defaultdict(list)
    for membership in memberships:
        by_family[membership.family_id].append(membership)
    at_home = set(_by_home(region, home))
    phones = {person.phone for person in people if person.phone} | ({home.phone} if home.phone else set())
    by_phone = set(
        Family.objects.filter(region=region, phone__in=phones).exclude(phone="").values_list("pk", flat=True)
    )
    matches = []
    for match in _reachable(user, {*by_family, *at_home, *by_phone}):
        for membership in by_family[match.family.pk]:
            match.people[membership.person_id] = membership
            match.likeness |= dict.fromkeys((membership.person_id, kind) for kind in likeness[membership.person_id])
        if match.family.pk in at_home:
            match.likeness[0, Likeness.ADDRESS] = None
        if match.family.pk in by_phone:
            match.likeness[0, Likeness.PHONE] = None
        matches.append(match)
    likeliest = sorted(matches, key=lambda match: (-match.weight, match.family.pk))[:TOP]
    _note_namesakes(likeliest, people)
    return likeliest


def _note_namesakes(matches: list[Match], people: Sequence[Known]) -> None:
    by_family = {match.family.pk: match for match in matches}
    members = FamilyMembership.objects.filter(family__in=list(by_family)).select_related("person") if by_family else ()
    for row in members:
        if any(person.birth_date != row.person.birth_date and _is_namesake(person, row.person) for person in people):
            by_family[row.family_id].has_namesake = True


def _reachable(user: User, keys: Iterable[int]) -> list[Match]:
    families = Family.objects.filter(pk__in=keys).select_related("institution", "department", "precinct")
    rows = list(families.order_by("pk")[:CANDIDATES])
    own = set(Family.objects.visible_to(user).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    institution_id = user.appointment.institution_id if user.appointment else None
    return [
        Match(row, Reach.OWN if row.pk in own else _reach(row, institution_id))
        for row in rows
        if row.pk in own or not row.is_restricted
    ]


def _reach(family: Family, institution_id: int | None) -> Reach:
    return Reach.INSTITUTION if family.institution_id == institution_id else Reach.REGION


def _by_person(region: Region, people: Sequence[Known], home: Home) -> dict[int, set[Likeness]]:
    """People of the region that are like one of those typed, and in what."""
    if not people:
        return {}
    phones = {person.phone for person in people if person.phone} | ({home.phone} if home.phone else set())
    candidates = Person.objects.filter(
        Q(snils__in={person.snils for person in people if person.snils})
        | Q(birth_date__in={person.birth_date for person in people})
        | Q(phone__in=phones),
        region=region,
    )
    found: dict[int, set[Likeness]] = defaultdict(set)
    for candidate in candidates.order_by("pk"):
        for person in people:
            if kind := _compare(person, candidate):
                found[candidate.pk].add(kind)
        if candidate.phone and candidate.phone in phones:
            found[candidate.pk].add(Likeness.PHONE)
    return found


def _compare(typed: Known, stored: Person) -> Likeness | None:
    """The same person? Two different SNILS are two people, twins among them, however alike their names."""
    if typed.snils and typed.snils == stored.snils:
        return Likeness.SNILS
    if typed.birth_date != stored.birth_date or (typed.snils and stored.snils):
        return None
    one, other = _names(typed, stored)
    if one == other:
        return Likeness.NAME
    return Likeness.SIMILAR_NAME if differ_by_one(one, other) else None


def _is_namesake(typed: Known, stored: Person) -> bool:
    one, other = _names(typed, stored)
    return one == other


def _names(typed: Known, stored: Person) -> tuple[str, str]:
    """The two names to compare; where either lacks the patronymic, without it."""
    if not typed.patronymic or not stored.patronymic:
        return fold(f"{typed.last_name} {typed.first_name}"), fold(f"{stored.last_name} {stored.first_name}")
    return typed.key, stored.name_key.strip()


def differ_by_one(one: str, other: str) -> bool:
    """Whether one letter changed, added, left out or two neighbours exchanged make one text of the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


def _by_home(region: Region, home: Home) -> list[int]:
    """Families at the same address; a settlement without a house is no address."""
    if home.settlement_id is None or not home.house:
        return []
    rows = Family.objects.filter(region=region, settlement=home.settlement_id, house__iexact=home.house)
    rows = rows.filter(flat__iexact=home.flat)
    return [row.pk for row in rows.only("pk", "street").order_by("pk")[:CANDIDATES] if _same_street(row, home)]


def _same_street(family: Family, home: Home) -> bool:
    return _bare_street(family.street) == _bare_street(home.street)


def _bare_street(street: str) -> str:
    """«ул. Лесная», «Лесная улица» and «лесная» are one street."""
    kinds = {"ул", "улица", "пер", "переулок", "пр-т", "проспект", "пр", "ш", "шоссе"}
    return " ".join(word for word in fold(street).replace(".", " ").replace(",", " ").split() if word not in kinds)
