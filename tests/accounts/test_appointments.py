"""Posts between two dates, deputies, the switch in the header, and the services that give and take them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from freezegun import freeze_time

from accounts.access import scope_in_charge
from accounts.enums import AccessAction, Role
from accounts.models import AccessEvent, Appointment, User
from accounts.services import appoint, deputise, end_appointment, save_appointment
from tests.cast import LEAD, Cast, client_of
from tests.factories.accounts import UserFactory, deputy_of

DAY = date(2026, 11, 20)
AT_THE_EDGES = ("newcomer", "dismissed", "expired_deputy")


def at_vladivostok(day: date, hour: int, minute: int = 0) -> datetime:
    """The moment when clocks in Vladivostok (UTC+10), where the cast's first region lies, show this."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=10)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.requirement("X1")
@pytest.mark.parametrize(
    ("moment", "in_force"),
    [
        (at_vladivostok(DAY - timedelta(days=1), 23, 59), False),
        (at_vladivostok(DAY, 0, 0), True),
        (at_vladivostok(DAY, 23, 59), True),
        (at_vladivostok(DAY + timedelta(days=1), 0, 0), False),
    ],
)
def test_a_post_holds_on_its_days_in_the_time_of_its_unit(cast: Cast, moment: datetime, in_force: bool) -> None:
    post = appoint(
        actor=None, user=cast.newcomer, role=Role.SPECIALIST, department=cast.department, starts_on=DAY, ends_on=DAY
    )
    with freeze_time(moment):
        assert fresh(cast.newcomer).appointments_in_force == ([post] if in_force else [])
        assert (scope_in_charge(fresh(cast.newcomer)) is not None) is in_force


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("specialist", "curator_id", "specialist"),
        ("head", "department_id", "department"),
        ("director", "institution_id", "institution"),
    ],
)
def test_the_scope_of_a_role_is_one_equality(cast: Cast, name: str, column: str, value: str) -> None:
    assert scope_in_charge(fresh(cast.people[name])) == (column, getattr(cast, value).pk)


@pytest.mark.parametrize("name", sorted({*LEAD, *AT_THE_EDGES} - {"specialist", "head", "director"}))
def test_other_roles_answer_for_no_family(cast: Cast, name: str) -> None:
    assert scope_in_charge(fresh(cast.people[name])) is None


def test_a_deputy_has_the_rights_of_the_person_stood_in_for(cast: Cast) -> None:
    user = fresh(cast.deputy)
    own, deputy = user.appointments_in_force
    assert user.appointment == own
    user.work_as(deputy)
    assert scope_in_charge(user) == ("department_id", cast.department.pk)
    assert (deputy.principal_id, deputy.is_deputy) == (cast.head.pk, True)


def test_a_deputy_of_a_specialist_works_with_that_persons_families(cast: Cast) -> None:
    today = cast.institution.today()
    principal = cast.specialist.appointments.get()
    post = deputy_of(principal, user=cast.neighbour, starts_on=today, ends_on=today)
    user = fresh(cast.neighbour)
    user.work_as(post)
    assert scope_in_charge(user) == ("curator_id", cast.specialist.pk)


def test_deputyship_ends_with_the_post_stood_in_for(cast: Cast) -> None:
    principal = cast.head.appointments.get()
    end_appointment(actor=None, appointment=principal, on=cast.institution.today() - timedelta(days=1))
    assert [row.role for row in fresh(cast.deputy).appointments_in_force] == [Role.SPECIALIST]


def test_deputyship_gives_nothing_when_the_account_of_the_deputy_is_off(cast: Cast) -> None:
    User.objects.filter(pk=cast.deputy.pk).update(is_active=False)
    assert fresh(cast.deputy).appointments_in_force == []


def test_work_as_refuses_a_post_of_somebody_else(cast: Cast) -> None:
    with pytest.raises(ValueError, match="another person"):
        fresh(cast.specialist).work_as(cast.head.appointments.get())


def switch(client: Client, appointment: Appointment) -> Any:
    return client.post(reverse("appointment_switch"), {"appointment": appointment.pk})


def test_the_header_switches_between_ones_own_posts(cast: Cast) -> None:
    client = client_of(cast.deputy)
    own, deputy = fresh(cast.deputy).appointments_in_force
    assert switch(client, deputy)["Location"] == reverse("home")
    assert client.get(reverse("inbox")).context["appointment"] == deputy
    switch(client, own)
    assert client.get(reverse("inbox")).context["appointment"] == own


def test_posts_of_others_and_past_ones_cannot_be_switched_to(cast: Cast) -> None:
    past = cast.expired_deputy.appointments.get()
    assert switch(client_of(cast.expired_deputy), past).status_code == 404
    client = client_of(cast.specialist)
    assert switch(client, cast.head.appointments.get()).status_code == 404
    assert client.post(reverse("appointment_switch"), {"appointment": "x"}).status_code == 404


def test_an_expired_deputyship_gives_nothing_at_once(cast: Cast) -> None:
    deputy = cast.deputy.appointments.get(role=Role.DEPARTMENT_HEAD)
    client = client_of(cast.deputy, deputy)
    assert client.get(reverse("inbox")).context["appointment"] == deputy
    Appointment.objects.filter(pk=deputy.pk).update(ends_on=cast.institution.today() - timedelta(days=1))
    assert client.get(reverse("inbox")).context["appointment"].role == Role.SPECIALIST


def test_both_names_stand_in_the_journal(cast: Cast) -> None:
    client_of(cast.deputy, cast.deputy.appointments.get(role=Role.DEPARTMENT_HEAD)).get(reverse("journal"))
    event = AccessEvent.objects.get()
    assert (event.user, event.acting_for, event.role) == (cast.deputy, cast.head, Role.DEPARTMENT_HEAD)
    assert (event.department_id, event.institution_id) == (cast.department.pk, cast.institution.pk)


def test_appointing_is_journaled_with_the_actor(cast: Cast) -> None:
    post = appoint(
        actor=cast.region_admin,
        user=cast.newcomer,
        role=Role.DIRECTOR,
        institution=cast.other_institution,
        starts_on=DAY,
    )
    event = AccessEvent.objects.get()
    assert (event.user, event.action, event.object_id) == (cast.region_admin, AccessAction.SECURITY, post.pk)
    assert post.region == cast.region


@pytest.mark.parametrize(
    ("actor", "role", "unit"),
    [
        ("region_admin", Role.SPECIALIST, "foreign_department"),
        ("region_admin", Role.SYSTEM_ADMIN, None),
        ("region_admin", Role.REGION_ADMIN, "region"),
        ("system_admin", Role.SPECIALIST, "department"),
        ("director", Role.SPECIALIST, "department"),
        ("newcomer", Role.SPECIALIST, "department"),
    ],
)
def test_services_refuse_who_may_not_appoint(cast: Cast, actor: str, role: Role, unit: str | None) -> None:
    level = {} if unit is None else {unit.removeprefix("foreign_"): getattr(cast, unit)}
    with pytest.raises(PermissionDenied):
        appoint(actor=fresh(cast.people[actor]), user=UserFactory.create(), role=role, starts_on=DAY, **level)
    assert not AccessEvent.objects.exists()


def test_an_administrator_neither_appoints_nor_ends_themselves(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        appoint(
            actor=cast.region_admin,
            user=cast.region_admin,
            role=Role.DIRECTOR,
            starts_on=DAY,
            institution=cast.institution,
        )
    with pytest.raises(PermissionDenied):
        end_appointment(actor=cast.system_admin, appointment=cast.system_admin.appointments.get(), on=DAY)
    end_appointment(actor=cast.second_system_admin, appointment=cast.system_admin.appointments.get(), on=DAY)
    assert fresh(cast.system_admin).appointment is None


def test_a_changed_post_may_not_be_taken_over_from_another_region(cast: Cast) -> None:
    post = cast.foreign_specialist.appointments.get()
    post.region, post.institution, post.department = cast.region, cast.institution, cast.department
    with pytest.raises(PermissionDenied):
        save_appointment(actor=cast.region_admin, appointment=post)


@pytest.mark.parametrize(
    ("role", "units"),
    [
        (Role.SPECIALIST, {"institution": "institution"}),
        (Role.DIRECTOR, {"region": "region"}),
        (Role.MINISTRY, {}),
        (Role.SYSTEM_ADMIN, {"region": "region"}),
        (Role.SPECIALIST, {"institution": "institution", "department": "other_department"}),
        (Role.DIRECTOR, {"region": "foreign_region", "institution": "institution"}),
    ],
)
def test_a_role_is_held_at_its_unit(cast: Cast, role: Role, units: dict[str, str]) -> None:
    found = {key: getattr(cast, value) for key, value in units.items()}
    with pytest.raises(ValidationError):
        appoint(actor=None, user=cast.newcomer, role=role, starts_on=DAY, **found)


def test_a_deputy_needs_two_dates_and_a_principal_of_their_own(cast: Cast) -> None:
    principal = cast.head.appointments.get()
    deputyship = cast.deputy.appointments.get(role=Role.DEPARTMENT_HEAD)
    with pytest.raises(ValidationError):
        deputise(actor=None, principal=principal, user=cast.head, starts_on=DAY, ends_on=DAY)
    with pytest.raises(ValidationError):
        deputise(actor=None, principal=deputyship, user=cast.newcomer, starts_on=DAY, ends_on=DAY)
    with pytest.raises(ValidationError):
        deputise(actor=None, principal=principal, user=cast.newcomer, starts_on=DAY, ends_on=DAY - timedelta(days=1))
    with pytest.raises(IntegrityError, match="deputy_has_an_end"), transaction.atomic():
        Appointment.objects.filter(pk=deputyship.pk).update(ends_on=None)
    post = deputise(actor=cast.region_admin, principal=principal, user=cast.newcomer, starts_on=DAY, ends_on=DAY)
    assert (post.role, post.department) == (Role.DEPARTMENT_HEAD, cast.department)


def test_the_same_post_is_held_once_at_a_time(cast: Cast) -> None:
    def again(on: date, **units: Any) -> Appointment:
        return appoint(actor=None, user=cast.specialist, role=Role.SPECIALIST, starts_on=on, **units)

    with pytest.raises(ValidationError):
        again(DAY, department=cast.department)
    again(DAY, department=cast.second_department)
    end_appointment(actor=None, appointment=cast.specialist.appointments.get(department=cast.department), on=DAY)
    again(DAY + timedelta(days=1), department=cast.department)
    admin = cast.system_admin.appointments.get()
    with pytest.raises(IntegrityError, match="the_same_post_once_at_a_time"), transaction.atomic():
        Appointment.objects.create(user=admin.user, role=admin.role, starts_on=DAY, ends_on=DAY)
