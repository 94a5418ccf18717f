"""R1 and R2 in the database against the same rules for one case in `common.calendar`."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import Appointment, InstitutionPolicy
from casework.contacts import NO_CONTACT_DUE, due_dates, refresh_contacts
from casework.enums import Channel, RecordType, Stage, VisitState
from casework.models import (
    ContractDuty,
    SupportCase,
    Visit,
)
from common.calendar import ContactState, DateRange, contact_state, next_contact_due
from tests.casework.rows import enter_row, hold_visit, make_case, pause, set_own_interval
from tests.factories.accounts import AppointmentFactory, RegionPolicyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def specialist() -> Appointment:
    return AppointmentFactory.create(role=Role.SPECIALIST)


def due(case: SupportCase, on: date) -> date:
    return due_dates([case.pk], on)[case.pk]


START = date(2026, 1, 31)
days = st.dates(min_value=START, max_value=date(2026, 9, 30))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    visits=st.lists(days, max_size=4),
    rows=st.lists(days, max_size=3),
    pauses=st.lists(st.tuples(days, st.integers(0, 40)), max_size=2, unique_by=lambda pause: pause[0].month),
    interval=st.integers(1, 3),
    on=days,
)
@pytest.mark.requirement("R2")
def test_due_date_agrees_with_the_pure_rule(
    specialist: Appointment,
    visits: list[date],
    rows: list[date],
    pauses: list[tuple[date, int]],
    interval: int,
    on: date,
) -> None:
    spans = [DateRange(start, start + timedelta(days=length)) for start, length in sorted(pauses)]
    if any(first.overlaps(second) for first, second in itertools.pairwise(spans)):
        return
    case = make_case(
        specialist,
        opened_on=START,
        stages=[(Stage.CONTRACTING, START), (Stage.ACTIVE, START)],
        enrolled_on=START,
    )
    set_own_interval(case, (START, interval))
    hold_visit(case, *visits)
    enter_row(case, *rows)
    pause(case, *spans)
    contacts = [day for day in [*visits, *rows] if day <= on]
    expected = next_contact_due(max(contacts, default=None), START, interval, pauses=spans, today=on)

    assert due(case, on) == expected
    overdue = set(SupportCase.objects.filter(pk=case.pk).overdue(on, today=on + timedelta(days=1)))
    assert bool(overdue) == (expected < on and not any(on in span for span in spans))


@pytest.mark.requirement("R1")
@pytest.mark.parametrize(
    ("state", "channel", "counts"),
    [
        (VisitState.HELD, Channel.HOME, True),
        (VisitState.HELD, Channel.OFFICE, True),
        (VisitState.HELD, Channel.TRIP, True),
        (VisitState.HELD, Channel.ONLINE, True),
        (VisitState.HELD, Channel.PHONE, False),
        (VisitState.NOT_AT_HOME, Channel.HOME, False),
        (VisitState.REFUSED, Channel.HOME, False),
    ],
)
def test_what_counts_as_a_contact(specialist: Appointment, state: VisitState, channel: Channel, counts: bool) -> None:
    case = make_case(specialist, opened_on=START, stages=[(Stage.CONTRACTING, START)])
    hold_visit(case, date(2026, 2, 15), state=state, channel=channel)
    assert due(case, date(2026, 2, 20)) == (date(2026, 3, 15) if counts else date(2026, 2, 28))


@pytest.mark.requirement("R1")
def test_a_phone_call_counts_when_it_carries_a_row(specialist: Appointment) -> None:
    case = make_case(specialist, opened_on=START, stages=[(Stage.CONTRACTING, START)])
    hold_visit(case, date(2026, 2, 10), channel=Channel.PHONE)
    assert due(case, date(2026, 2, 20)) == date(2026, 2, 28)
    enter_row(case, date(2026, 2, 10), channel=Channel.PHONE)
    assert due(case, date(2026, 2, 20)) == date(2026, 3, 10)


@pytest.mark.requirement("R1")
def test_rows_count_unless_urgent_cancelled_or_home_visits_are_asked_for(specialist: Appointment) -> None:
    case = make_case(specialist, opened_on=START, stages=[(Stage.CONTRACTING, START)])
    on = date(2026, 2, 20)
    enter_row(case, date(2026, 2, 10), record_type=RecordType.URGENT)
    assert due(case, on) == date(2026, 2, 28)
    [row] = enter_row(case, date(2026, 2, 12))
    assert due(case, on) == date(2026, 3, 12)

    policy = InstitutionPolicy.objects.create(
        institution=case.institution, valid_from=date(2026, 2, 12), contact_requires_home_visit=True
    )
    assert due(case, on) == date(2026, 2, 28)
    hold_visit(case, date(2026, 2, 14), channel=Channel.OFFICE)
    assert due(case, on) == date(2026, 2, 28)
    hold_visit(case, date(2026, 2, 16), channel=Channel.TRIP)
    assert due(case, on) == date(2026, 3, 16)

    Visit.objects.all().delete()
    policy.valid_from = date(2026, 2, 13)
    policy.save()
    assert due(case, on) == date(2026, 3, 12), "a contact is judged by the policy of its own day"
    row.cancelled_at, row.cancelled_by, row.cancel_reason = row.created_at, row.created_by, "ошибка"
    row.save()
    assert due(case, on) == date(2026, 2, 28)


@pytest.mark.requirement("R1")
def test_an_institution_may_differ_from_its_region_and_return(specialist: Appointment) -> None:
    """Clarifications, Policy: each value holds from its day on; an empty one follows the region again."""
    case = make_case(specialist, opened_on=START, stages=[(Stage.CONTRACTING, START)])
    RegionPolicyFactory.create(region=case.region, valid_from=date(2026, 2, 1), contact_requires_home_visit=True)
    for month, value in ((3, False), (4, None)):
        InstitutionPolicy.objects.create(
            institution=case.institution, valid_from=date(2026, month, 1), contact_requires_home_visit=value
        )
    offices = [date(2026, 1, 31), date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 10)]
    hold_visit(case, *offices, channel=Channel.OFFICE)
    first, *later = [due(case, day) for day in offices]
    assert first == date(2026, 2, 28)
    assert later == [first, date(2026, 4, 10), date(2026, 4, 10)]


@pytest.mark.requirement("R2", "L5")
def test_an_own_interval_holds_from_its_day_on(specialist: Appointment) -> None:
    """Setting it today leaves what was overdue in a past quarter as it was (clarifications, Policy)."""
    case = make_case(specialist, opened_on=START, stages=[(Stage.ACTIVE, START)], enrolled_on=START)
    past, today = date(2026, 3, 31), date(2026, 4, 15)
    cases = SupportCase.objects.filter(pk=case.pk)
    assert cases.overdue(past, today=today).exists()
    set_own_interval(case, (today, 3), (date(2026, 7, 1), None))
    assert cases.overdue(past, today=today).exists()
    assert [due(case, day) for day in (past, today, date(2026, 6, 30), date(2026, 7, 1))] == [
        date(2026, 2, 28),
        date(2026, 4, 30),
        date(2026, 4, 30),
        date(2026, 2, 28),
    ]


@pytest.mark.requirement("R2", "L3")
@pytest.mark.parametrize("is_paused", [False, True])
@pytest.mark.parametrize("days_ahead", [-1, 0, 7, 8])
def test_filters_and_the_state_of_a_row_are_one_rule(specialist: Appointment, days_ahead: int, is_paused: bool) -> None:
    today = date(2026, 5, 10)
    case = make_case(specialist, opened_on=START, stages=[(Stage.CONTRACTING, START)])
    spans = [DateRange(today, today)] if is_paused else []
    pause(case, *spans)
    cases = SupportCase.objects.filter(pk=case.pk)
    cases.update(next_contact_due_on=today + timedelta(days=days_ahead))
    expected = contact_state(today + timedelta(days=days_ahead), today, spans)
    assert cases.with_contact_state(today, 7).get().contact_state == expected
    assert cases.with_contact_state(today).get().contact_state == expected
    found = {
        ContactState.OVERDUE: cases.overdue(today, today=today).exists(),
        ContactState.DUE_SOON: cases.due_soon(today, 7).exists(),
        ContactState.PAUSED: cases.paused(today).exists(),
    }
    assert [state for state, holds in found.items() if holds] == [expected] * (expected != ContactState.NOT_DUE)


@pytest.mark.requirement("R2", "S4-29")
def test_each_stage_has_its_own_rule(specialist: Appointment) -> None:
    on = date(2026, 6, 10)
    diagnostic = make_case(specialist, opened_on=date(2026, 6, 1), stages=[])
    assert due(diagnostic, on) == date(2026, 6, 11)
    hold_visit(diagnostic, date(2026, 6, 5))
    assert due(diagnostic, on) == NO_CONTACT_DUE

    removed = {
        "enrolled_on": START,
        "removed_on": date(2026, 5, 20),
        "removal_reason": "GOALS_ACHIEVED",
        "post_support_until": date(2026, 11, 20),
    }
    after = make_case(specialist, opened_on=START, stages=[(Stage.POST_SUPPORT, date(2026, 5, 20))], **removed)
    hold_visit(after, date(2026, 5, 20))
    assert due(after, on) == date(2026, 8, 20)
    ContractDuty.objects.create(
        family=after.family, contract_number="7", kind="BUSINESS", starts_on=START, ends_on=date(2027, 1, 31)
    )
    assert due(after, on) == date(2026, 6, 20)

    closed = make_case(
        specialist, opened_on=START, stages=[(Stage.CLOSED, on)], closed_on=on, removal_reason="NOT_NEEDED"
    )
    assert due(closed, on) == NO_CONTACT_DUE
    assert due(closed, date(2026, 2, 5)) == date(2026, 2, 10)


@pytest.mark.requirement("I10")
def test_the_duty_of_a_contract_outlasts_the_longest_term_of_support(specialist: Appointment) -> None:
    removed = {
        "enrolled_on": START,
        "removed_on": date(2027, 1, 31),
        "removal_reason": "GOALS_ACHIEVED",
        "post_support_until": date(2027, 7, 31),
    }
    case = make_case(specialist, opened_on=START, stages=[(Stage.POST_SUPPORT, date(2027, 1, 31))], **removed)
    ContractDuty.objects.create(
        family=case.family, contract_number="7", kind="BUSINESS", starts_on=START, ends_on=date(2028, 1, 30)
    )
    hold_visit(case, date(2027, 6, 10))
    assert due(case, date(2027, 6, 20)) == date(2027, 7, 10)


@pytest.mark.requirement("R2")
def test_stored_date_and_past_days_tell_the_same_story(specialist: Appointment) -> None:
    """A case that was overdue from 2 February, as in the rule's own example, is so seen from any later day."""
    case = make_case(
        specialist, opened_on=date(2026, 1, 1), stages=[(Stage.ACTIVE, date(2026, 1, 1))], enrolled_on=date(2026, 1, 1)
    )
    hold_visit(case, date(2026, 1, 1))
    cases = SupportCase.objects.filter(pk=case.pk)
    assert refresh_contacts([case.pk], date(2026, 2, 2)) == 1
    assert refresh_contacts([case.pk], date(2026, 2, 2)) == 0
    case.refresh_from_db()
    assert (case.last_contact_on, case.next_contact_due_on) == (date(2026, 1, 1), date(2026, 2, 1))
    assert not cases.overdue(date(2026, 2, 1), today=date(2026, 2, 1)).exists()
    assert cases.overdue(date(2026, 2, 2), today=date(2026, 2, 2)).exists()

    hold_visit(case, date(2026, 2, 28))
    refresh_contacts([case.pk], date(2026, 2, 28))
    assert not cases.overdue(date(2026, 2, 28), today=date(2026, 2, 28)).exists()
    assert cases.overdue(date(2026, 2, 27), today=date(2026, 2, 28)).exists()
    assert not cases.overdue(date(2026, 2, 1), today=date(2026, 2, 28)).exists()


@pytest.mark.requirement("R2")
def test_only_a_pause_that_holds_on_the_day_hides_an_overdue_case(specialist: Appointment) -> None:
    case = make_case(specialist, opened_on=START, stages=[(Stage.CONTRACTING, START)])
    pause(
        case,
        DateRange(date(2026, 2, 1), date(2026, 2, 5)),
        DateRange(date(2026, 5, 1), date(2026, 5, 20)),
    )
    refresh_contacts([case.pk], date(2026, 4, 1))
    cases = SupportCase.objects.filter(pk=case.pk)
    between, inside = date(2026, 4, 1), date(2026, 5, 10)
    assert cases.overdue(between, today=between).exists()
    assert not cases.overdue(inside, today=inside).exists()
    SupportCase.objects.filter(pk=case.pk).update(next_contact_due_on=between)
    assert cases.due_soon(between, 7).exists()
    SupportCase.objects.filter(pk=case.pk).update(next_contact_due_on=inside)
    assert not cases.due_soon(inside, 7).exists()


@pytest.mark.requirement("R2")
def test_a_save_of_a_case_read_before_leaves_the_due_date_alone(specialist: Appointment) -> None:
    case = make_case(specialist, opened_on=START, stages=[(Stage.ACTIVE, START)], enrolled_on=START)
    refresh_contacts([case.pk], START)
    read_before = SupportCase.objects.get(pk=case.pk)
    hold_visit(case, date(2026, 2, 20))
    refresh_contacts([case.pk], date(2026, 2, 20))
    read_before.measure_complex = "комплекс мер"
    read_before.save()
    case.refresh_from_db()
    assert case.measure_complex == "комплекс мер"
    assert (case.last_contact_on, case.next_contact_due_on) == (date(2026, 2, 20), date(2026, 3, 20))
