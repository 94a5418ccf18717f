"""Whether the roles in a family agree with the dates of birth."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.text import short_date
from families.enums import FamilyRole
from families.models import FamilyMembership

PARENTS = frozenset({FamilyRole.MOTHER, FamilyRole.FATHER})


def no_younger_children(
    members: Iterable[FamilyMembership], on: date
) -> list[tuple[FamilyMembership, FamilyMembership]]:
    """Each child with a parent or representative of full age on `on` than whom it is no younger.

    Such a "child" is of full age too, and has another role. A parent who is a minor may live beside an elder brother.
    """
    rows = list(members)
    elders = [
        row
        for row in rows
        if row.role != FamilyRole.CHILD
        and (row.is_representative or row.role in PARENTS)
        and not row.person.is_minor_on(on)
    ]
    children = [row for row in rows if row.role == FamilyRole.CHILD]
    return [
        (child, elder) for child in children for elder in elders if child.person.birth_date <= elder.person.birth_date
    ]


def told(child: FamilyMembership, elder: FamilyMembership) -> str:
    """What is wrong with a pair, in words."""
    return _("%(child)s is entered as a child, but is no younger than %(elder)s, born on %(born)s.") % {
        "child": child.person.full_name,
        "elder": elder.person.full_name,
        "born": short_date(elder.person.birth_date),
    }


def check_generations(membership: FamilyMembership, on: date, field: str) -> None:
    """A member agrees with the others of the family. Raises ValidationError at `field`."""
    present = FamilyMembership.objects.filter(family=membership.family_id, ends_on=None).select_related("person")
    rows = [membership, *present.exclude(pk=membership.pk).order_by("pk")]
    wrong = [told(*pair) for pair in no_younger_children(rows, on) if membership in pair]
    if wrong:
        raise ValidationError({field: wrong})
