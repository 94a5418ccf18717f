"""Who answers for a case: one curator at a time, handing over, reading afterwards, and the team."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from freezegun import freeze_time

from accounts.models import Appointment, Notification, User
from casework.enums import GuardCode, RemovalReason, Stage, TeamRole
from casework.models import CaseEvent, CuratorAssignment, SupportCase
from casework.services.curators import assign_curator, reassign
from casework.services.stages import transition
from casework.services.team import add_member, end_membership
from common.calendar import DateRange
from families.models import Family
from tests.casework.conftest import CaseAt
from tests.casework.visiting import recorded
from tests.cast import Cast, build_cast, client_of
from tests.factories.casework import case_at, opened_case, specialist_of
from tests.factories.families import household

ONE_DAY = timedelta(days=1)


def answered_for(case: SupportCase) -> list[DateRange]:
    """The stretches of days on which somebody answered for the case."""
    rows = CuratorAssignment.objects.filter(case=case).order_by("starts_on")
    return [DateRange(row.starts_on, row.ends_on) for row in rows]


def hand_over(cast: Cast, cases: list[SupportCase], curator: User, **values: Any) -> int:
    known: dict[str, Any] = {"starts_on": cast.institution.today(), "actor": cast.head, "reason": "Отпуск"}
    return reassign(cases=cases, curator=curator, **(known | values))


def days_later(cast: Cast, days: int) -> Any:
    """The clock `days` from now, at noon of the institution's day."""
    today = cast.institution.today() + timedelta(days=days)
    return freeze_time(f"{today.isoformat()} 02:00:00")


@pytest.mark.requirement("S0-43", "S1-101", "S4-15", "I3", "L8")
def test_the_next_curator_begins_the_day_after_the_last(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    assert hand_over(cast, [case], cast.colleague) == 1
    periods = answered_for(case)
    assert [period.ends_on for period in periods] == [today - ONE_DAY, None]
    assert periods[1].starts_on == today
    case.refresh_from_db()
    assert (case.curator, case.family.curator) == (cast.colleague, cast.colleague)
    assert CaseEvent.objects.filter(case=case, kind="curator_changed", on=today).count() == 1


@pytest.mark.requirement("S0-43", "S1-101", "I3", "L8")
def test_the_database_refuses_a_second_curator(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    second = CuratorAssignment(
        case=case, curator=cast.colleague, starts_on=cast.institution.today(), assigned_by=cast.head
    )
    with pytest.raises(ValidationError, match="куратор"):
        second.full_clean()
    with pytest.raises(IntegrityError, match="one_curator_at_a_time"), transaction.atomic():
        second.save()


def test_an_assignment_of_the_same_day_is_set_right_in_place(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    hand_over(cast, [case], cast.colleague)
    third = specialist_of(cast.department)
    hand_over(cast, [case], third, reason="Ошиблись")
    assert case.curator_assignments.count() == 2
    assignment = case.curator_assignments.get(ends_on=None)
    assert assignment.curator == third
    assert [row.curator for row in assignment.history.order_by("history_id")] == [cast.colleague, third]


@pytest.mark.requirement("I20", "S4-13")
def test_nobody_is_assigned_who_has_left(cast: Cast, at: CaseAt) -> None:
    """I20."""
    case, today = at(Stage.ACTIVE), cast.institution.today()
    Appointment.objects.filter(user=cast.colleague).update(ends_on=today - ONE_DAY)
    for person in (cast.colleague, cast.dismissed, cast.newcomer, cast.head, cast.other_specialist):
        with pytest.raises(ValidationError) as refused:
            hand_over(cast, [case], person)
        assert "curator" in refused.value.message_dict
    assert SupportCase.objects.get(pk=case.pk).curator == cast.specialist
    form = client_of(cast.head).get(reverse("casework:assign", args=[case.pk])).context["form"]
    assert set(form.fields["curator"].queryset) == {cast.specialist}


@pytest.mark.requirement("S1-64")
def test_who_may_assign(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    for person in (cast.specialist, cast.colleague, cast.second_head, cast.secretary, cast.other_director):
        with pytest.raises(PermissionDenied):
            hand_over(cast, [case], cast.colleague, actor=person)
    assert case.curator_assignments.count() == 1
    assert hand_over(cast, [case], cast.colleague, actor=cast.director) == 1


def test_days_that_do_not_fit_are_refused(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    for day in (today + ONE_DAY, case.opened_on - ONE_DAY):
        with pytest.raises(ValidationError) as refused:
            hand_over(cast, [case], cast.colleague, starts_on=day)
        assert "starts_on" in refused.value.message_dict
    hand_over(cast, [case], cast.colleague)
    with pytest.raises(ValidationError):
        hand_over(cast, [case], cast.specialist, starts_on=today - ONE_DAY)


@pytest.mark.requirement("X2")
def test_the_former_curator_reads_for_ten_days_and_does_not_write(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    page, edit = (reverse(f"casework:{name}", args=[case.pk]) for name in ("case", "case_edit"))
    hand_over(cast, [case], cast.colleague)

    def answers() -> tuple[int, int]:
        client = client_of(User.objects.get(pk=cast.specialist.pk))
        return client.get(page).status_code, client.get(edit).status_code

    assert answers() == (200, 403)
    with days_later(cast, 9):
        assert answers() == (200, 403)
    with days_later(cast, 10):
        assert answers() == (404, 404)


@pytest.mark.requirement("L9")
def test_who_reads_the_notes_of_the_former_curator_the_day_after(cast: Cast, at: CaseAt) -> None:
    """The new curator reads and corrects them; the former one reads for ten days; a colleague does neither."""
    case = at(Stage.ACTIVE)
    visit = recorded(case, cast.specialist, observations="Мать ищет работу")
    page, edit = (reverse(f"casework:{name}", args=[visit.pk]) for name in ("visit", "visit_edit"))
    hand_over(cast, [case], cast.colleague)

    def answers(user: User) -> tuple[int, int]:
        client = client_of(User.objects.get(pk=user.pk))
        return client.get(page).status_code, client.get(edit).status_code

    for days, former in ((1, (200, 403)), (9, (200, 403)), (10, (404, 404))):
        with days_later(cast, days):
            assert answers(cast.colleague) == (200, 200)
            assert answers(cast.specialist) == former, days
            assert answers(cast.neighbour) == (404, 404)


def test_after_closing_the_former_curator_reads_for_ten_days(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    case = at(Stage.ACTIVE)
    page = reverse("casework:case", args=[case.pk])
    transition(case=case, to=Stage.CLOSED, actor=cast.head, on=cast.institution.today(), reason=RemovalReason.REFUSAL)
    assert list(SupportCase.objects.in_charge(cast.specialist)) == []
    assert case in SupportCase.objects.in_charge(cast.head)
    for days, status in ((0, 200), (10, 200), (11, 404)):
        with days_later(cast, days):
            assert client_of(User.objects.get(pk=cast.specialist.pk)).get(page).status_code == status, days


@pytest.mark.requirement("S0-43")
def test_a_caseload_is_handed_over_at_the_cost_of_one_case(cast: Cast, at: CaseAt) -> None:
    one, many = [at(Stage.ACTIVE)], [at(Stage.ACTIVE) for _ in range(5)]
    hand_over(cast, [at(Stage.ACTIVE)], cast.colleague)  # fills the caches of a process
    with CaptureQueriesContext(connection) as single:
        hand_over(cast, one, cast.colleague)
    with CaptureQueriesContext(connection) as several:
        hand_over(cast, many, cast.colleague)
    assert len(several) == len(single)
    for case in many:
        case.refresh_from_db()
        assert case.curator == case.family.curator == cast.colleague
        for record in (case, case.family):
            newest = record.history.first()
            assert (newest.curator, newest.history_user) == (cast.colleague, cast.head)
            assert newest.history_change_reason == "Отпуск"
        assert CaseEvent.objects.filter(case=case, kind="curator_changed").count() == 1
    told = Notification.objects.filter(code="casework.assigned_many", recipient=cast.colleague)
    assert told.get().params["count"] == 5
    assert Notification.objects.get(code="casework.released_many", recipient=cast.specialist)


@pytest.mark.requirement("S1-64")
def test_cases_are_handed_over_on_the_page_after_a_confirmation(cast: Cast, at: CaseAt) -> None:
    cases = [at(Stage.ACTIVE), at(Stage.CONTRACTING)]
    foreign = case_at(Stage.ACTIVE, family=household(department=cast.second_department))
    client, url = client_of(cast.head), reverse("casework:reassign")
    chosen = client.get(reverse("casework:reassign_choose"), {"curator": cast.specialist.pk}).context["cases"]
    assert set(chosen) == set(cases)
    assert set(client.get(url, {"case": [cases[0].pk, foreign.pk]}).context["cases"]) == {cases[0]}
    data = {
        "case": [case.pk for case in cases],
        "seen": [f"{case.pk}:{case.version}" for case in cases],
        "curator": cast.colleague.pk,
        "starts_on": f"{cast.institution.today():%d.%m.%Y}",
        "reason": "Отпуск",
    }
    shown = client.post(url, data)
    assert (shown.status_code, shown.context["moving"]) == (200, 2)
    assert SupportCase.objects.filter(curator=cast.colleague).count() == 0
    assert client.post(url, data | {"confirmed": "1"}).status_code == 302
    assert SupportCase.objects.filter(curator=cast.colleague).count() == 2
    late = client.post(url, data | {"confirmed": "1", "curator": cast.specialist.pk})
    assert late.context["form"].non_field_errors()
    assert client_of(cast.specialist).get(url).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_heads_at_once_one_wins_and_the_other_is_told() -> None:
    cast = build_cast()
    case = case_at(Stage.ACTIVE, family=household(department=cast.department), curator=cast.specialist)
    third = specialist_of(cast.department)
    seen: dict[int, int] = {case.pk: case.version}
    outcomes: list[str | None] = []
    start = threading.Barrier(2)

    def run(curator: User) -> None:
        try:
            start.wait()
            hand_over(cast, [case], curator, seen=seen)
            outcomes.append("done")
        except ValidationError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[person]) for person in (cast.colleague, third)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {"done", "stale"}
    assert CuratorAssignment.objects.filter(case=case, ends_on=None).count() == 1


@pytest.mark.requirement("S1-15", "S0-75", "X2")
def test_a_specialist_of_another_service_works_in_the_team_until_leaving_it(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    page, edit = (reverse(f"casework:{name}", args=[case.pk]) for name in ("case", "case_edit"))
    assert client_of(cast.neighbour).get(page).status_code == 404
    member = add_member(
        case=case, user=cast.neighbour, role=TeamRole.PSYCHOLOGIST, starts_on=today, actor=cast.specialist
    )
    client = client_of(User.objects.get(pk=cast.neighbour.pk))
    assert (client.get(page).status_code, client.get(edit).status_code) == (200, 200)
    assert client.get(reverse("casework:assign", args=[case.pk])).status_code == 403
    end_membership(member=member, ends_on=today, actor=cast.head)
    assert client.get(page).status_code == 404
    kinds = CaseEvent.objects.filter(case=case, kind__startswith="team_").order_by("pk")
    assert [event.kind for event in kinds] == ["team_joined", "team_left"]


@pytest.mark.requirement("S1-15")
def test_a_team_of_several_profiles_stands_on_the_page_of_the_case(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    team = {cast.neighbour: TeamRole.PSYCHOLOGIST, cast.colleague: TeamRole.LAWYER}
    for user, role in team.items():
        add_member(case=case, user=user, role=role, starts_on=today, actor=cast.head)
    page = client_of(cast.specialist).get(reverse("casework:curators", args=[case.pk])).content.decode()
    for user, role in team.items():
        assert re.search(rf"{user.get_full_name()}</span></th>\s*<td[^>]*>{role.label}</td>", page), role


def test_who_composes_a_team_and_of_whom(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()

    def join(user: User, actor: User) -> None:
        add_member(case=case, user=user, role=TeamRole.LAWYER, starts_on=today, actor=actor)

    for actor in (cast.colleague, cast.director, cast.second_head):
        with pytest.raises(PermissionDenied):
            join(cast.neighbour, actor)
    for user in (cast.specialist, cast.newcomer, cast.foreign_specialist, cast.dismissed, cast.ministry):
        with pytest.raises(ValidationError):
            join(user, cast.head)
    join(cast.neighbour, cast.head)
    with pytest.raises(ValidationError):
        join(cast.neighbour, cast.head)


@pytest.mark.requirement("S4-15", "I3", "L8")
def test_from_the_agreement_to_the_closing_somebody_always_answers(
    cast: Cast, at: CaseAt, guards: set[GuardCode]
) -> None:
    """I3: no day between the end of diagnostics and the closing is without a curator, or with two."""
    case, today = at(Stage.ACTIVE), cast.institution.today()
    hand_over(cast, [case], cast.colleague, starts_on=today - timedelta(days=40))
    hand_over(cast, [case], cast.specialist, starts_on=today - timedelta(days=3))
    transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=RemovalReason.MOVED)
    day, periods = case.opened_on, answered_for(case)
    while day <= today:
        assert sum(day in period for period in periods) == 1, day
        day += ONE_DAY
    assert not any(today + ONE_DAY in period for period in periods)
    assert Family.objects.get(pk=case.family_id).curator is None


def test_the_first_curator_is_assigned_on_the_page(cast: Cast) -> None:
    case = opened_case(household(department=cast.department), actor=cast.specialist)
    client, url = client_of(cast.head), reverse("casework:assign", args=[case.pk])
    data = {
        "version": case.version,
        "curator": cast.specialist.pk,
        "starts_on": f"{cast.institution.today():%d.%m.%Y}",
    }
    assert client.post(url, data).status_code == 302
    assignment = assign_curator(
        case=case, curator=cast.colleague, starts_on=cast.institution.today(), actor=cast.head, reason="Ошиблись"
    )
    assert assignment.curator == cast.colleague
    assert client.post(url, data).context["form"].non_field_errors()


def test_the_notice_that_asks_for_a_curator_is_settled_by_the_first_one(cast: Cast) -> None:
    case = opened_case(household(department=cast.department), actor=cast.specialist)
    other = opened_case(household(department=cast.department), actor=cast.specialist)
    waiting = cast.head.notifications.unread().filter(code="casework.case_opened")
    assert set(waiting.values_list("target_id", flat=True)) == {case.pk, other.pk}
    hand_over(cast, [case], cast.colleague)
    assert list(waiting.values_list("target_id", flat=True)) == [other.pk]
