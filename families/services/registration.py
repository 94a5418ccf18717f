"""Registering a family, and asking another unit to hand one over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import working_appointment, works_as
from accounts.enums import Role
from accounts.models import Appointment, Precinct, User
from accounts.notifications import notify
from common.history import acting
from families.enums import GrantReason
from families.grants import grant
from families.models import Family, FamilyMembership, Person
from families.services.generations import no_younger_children, told
from records.services.numbers import next_number

REGISTERED_DAYS = 30
"""How long whoever registered a family goes on working with it until a curator is assigned."""


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who joins a family: a person, new or known already, and the place in the family."""

    person: Person
    membership: FamilyMembership


@transaction.atomic
def register_family(*, actor: User, family: Family, members: Sequence[NewMember]) -> Family:
    """Enter a new family with its members; it belongs to the unit `actor` works at, and gets the unit's next number.

    `family` and the memberships are unsaved, people may be known already. `registered_on` of the family is the day of
    the event. A specialist may write in it for 30 days, or until a curator is assigned. Raises ValidationError.
    """
    appointment = working_appointment(actor)
    if appointment.region is None or appointment.institution is None or appointment.department is None:
        raise PermissionDenied
    if not members:
        raise ValidationError(_("A family has at least one member."))
    family.region, family.institution, family.department = (
        appointment.region,
        appointment.institution,
        appointment.department,
    )
    family.registered_by = actor
    family.title = family.title or _title(members)
    family.precinct = family.precinct or _precinct(family)
    with acting(actor):
        people = [_saved_person(row.person, family) for row in members]
        family.registry_number = next_number(
            institution=appointment.institution, kind="family", on=family.registered_on
        ).text
        family.full_clean(exclude=["registry_number"])
        family.save()
        for row, person in zip(members, people, strict=True):
            row.membership.family, row.membership.person = family, person
            row.membership.full_clean()
            row.membership.save()
        if wrong := no_younger_children([row.membership for row in members], family.registered_on):
            raise ValidationError([told(*pair) for pair in wrong])
    if works_as(actor, Role.SPECIALIST):
        _let_work_on(actor, appointment, family)
    return family


def _let_work_on(actor: User, appointment: Appointment, family: Family) -> None:
    today = appointment.local_today()
    grant(
        family=family,
        user=appointment.deputy_for.user if appointment.deputy_for else actor,
        reason=GrantReason.REGISTERED,
        starts_on=today,
        ends_on=today + timedelta(days=REGISTERED_DAYS),
        may_write=True,
        actor=actor,
        source="families.registration",
    )


def _title(members: Sequence[NewMember]) -> str:
    """The surname of the main contact, else of a representative, else of the first member."""
    ranked = sorted(members, key=lambda row: (not row.membership.is_head, not row.membership.is_representative))
    return ranked[0].person.last_name


def _precinct(family: Family) -> Precinct | None:
    """The precinct of the settlement within the institution, if there is just one."""
    if family.settlement_id is None:
        return None
    found = Precinct.objects.filter(
        settlements=family.settlement_id, department__institution=family.institution
    ).distinct()
    rows = list(found.order_by("pk")[:2])
    return rows[0] if len(rows) == 1 else None


def _saved_person(person: Person, family: Family) -> Person:
    if person.pk is None:
        person.region = family.region
        person.full_clean()
        person.save()
    elif person.region_id != family.region.pk:
        raise PermissionDenied
    return person


def ask_for_transfer(*, actor: User, family: Family, on: date) -> int:
    """Tell the heads of the family's department that `actor`'s unit asks for it; return how many were told.

    The notice names the family by its number, and the unit that asks with its telephone; never a person of the family.
    """
    appointment = working_appointment(actor)
    heads = (
        Appointment.objects.in_force(on)
        .filter(role=Role.DEPARTMENT_HEAD, department=family.department_id, deputy_for=None)
        .values_list("user_id", flat=True)
        .distinct()
        .order_by("user_id")
    )
    asking = appointment.institution
    department = appointment.department
    return notify(
        list(heads),
        "families.transfer_asked",
        fact=f"family:{family.pk}:transfer:{asking.pk if asking else ''}:{on.isoformat()}",
        target="families:card",
        target_id=family.pk,
        number=family.registry_number,
        institution=str(asking or ""),
        phone=(department.phone if department and department.phone else asking.phone if asking else ""),
    )
