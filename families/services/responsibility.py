"""Who answers for families: the one service that writes their institution, department and curator."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Appointment, Department, Institution, User
from common.history import update_with_history
from families.enums import GrantReason
from families.grants import bulk_grant, bulk_revoke
from families.models import Family
from records.services.numbers import next_number

CURATOR_SOURCE = "families.curator"
"""Marks the named grants that a curator of a restricted family holds by being its curator."""


@transaction.atomic
def set_responsibility(
    *,
    families: Iterable[Family | int],
    institution: Institution,
    department: Department,
    curator: User | None,
    actor: User | None,
    reason: str,
) -> int:
    """Make the unit and the curator (None: nobody yet, or no longer) answer for these families; return how many.

    Two statements for any number of families, with history. When a curator is assigned, whoever registered the family
    stops working with it; a curator of a restricted family is named on it, the former one no longer is. A family that
    moves to another institution gets a number there, and leaves the samples of the former one. Raises ValidationError
    for a curator who does not work at the department, or a department of another institution.
    """
    if department.institution_id != institution.pk:
        raise ValidationError(_("The department belongs to another institution."))
    if curator is not None and not works_at(curator, department):
        raise ValidationError(_("%(person)s does not work at this department."), params={"person": curator})
    keys = [row.pk if isinstance(row, Family) else row for row in families]
    rows = Family.objects.filter(pk__in=keys)
    moving = list(rows.exclude(institution=institution).order_by("pk"))
    for family in moving:
        number = next_number(institution=institution, kind="family", on=institution.today()).text
        update_with_history(
            rows.filter(pk=family.pk), actor=actor, reason=reason, institution=institution, registry_number=number
        )
    changed = update_with_history(
        rows, actor=actor, reason=reason, institution=institution, department=department, curator=curator
    )
    _move_names(rows, curator, actor, institution)
    if moving:
        bulk_revoke(families=moving, reason=GrantReason.AUDIT, actor=actor)
    if curator is not None:
        bulk_revoke(families=keys, reason=GrantReason.REGISTERED, actor=actor)
    return changed


def works_at(user: User, department: Department) -> bool:
    """Whether the person works as a specialist of the department today: nobody is assigned who has left (I20)."""
    today = department.institution.today()
    return (
        user.is_active
        and Appointment.objects.in_force(today).filter(user=user, role=Role.SPECIALIST, department=department).exists()
    )


def _move_names(rows: QuerySet[Family], curator: User | None, actor: User | None, institution: Institution) -> None:
    """The name on a restricted family that goes with being its curator goes over to the new one."""
    restricted = list(rows.filter(is_restricted=True).values_list("pk", flat=True))
    if not restricted:
        return
    bulk_revoke(families=restricted, source=CURATOR_SOURCE, actor=actor)
    if curator is not None:
        bulk_grant(
            families=restricted,
            user=curator,
            reason=GrantReason.NAMED,
            may_write=True,
            starts_on=institution.today(),
            actor=actor,
            source=CURATOR_SOURCE,
        )
