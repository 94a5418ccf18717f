"""R3 in the database against the same rule for one case in `common.calendar`, on random histories."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import Appointment
from casework.compliance import Compliance, case_months, compliance
from casework.enums import Channel, Stage
from casework.models import ContractDuty, CuratorAssignment, SupportCase
from common.calendar import DateRange, duty_months, fulfilled_months, merged
from tests.casework.rows import enter_row, hold_visit, make_case, pause
from tests.factories.accounts import AppointmentFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
START = date(2026, 1, 1)
PERIOD = DateRange(START, date(2026, 6, 30))
UNDER_DUTY = {Stage.CONTRACTING, Stage.ACTIVE, Stage.REFLECTION}

days = st.dates(min_value=START, max_value=date(2026, 7, 20))


@pytest.fixture
def specialist() -> Appointment:
    return AppointmentFactory.create(role=Role.SPECIALIST)


def duty_of(stages: list[tuple[Stage, date]], removed_on: date | None, contract: DateRange | None) -> list[DateRange]:
    """The days under duty, found one by one: the stage at the end of each day, or a contract."""
    found = []
    day = START - 60 * DAY
    while day <= PERIOD.last_day:
        stage = next((name for name, on in reversed(stages) if on <= day), None)
        supported = stage in UNDER_DUTY and (removed_on is None or removed_on > day)
        if supported or (contract is not None and day in contract):
            found.append(DateRange(day, day))
        day += DAY
    return merged(found)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(days, min_size=0, max_size=4).map(sorted),
    removal_after=st.integers(0, 20),
    contract=st.none() | st.tuples(days, st.none() | st.integers(0, 120)),
    breaks=st.lists(st.tuples(days, st.integers(0, 25)), max_size=2, unique_by=lambda row: row[0].month),
    visits=st.lists(days, max_size=5),
    rows=st.lists(days, max_size=3),
)
@pytest.mark.requirement("R3", "Q11")
def test_due_and_kept_months_agree_with_the_pure_rule(
    specialist: Appointment,
    moves: list[date],
    removal_after: int,
    contract: tuple[date, int | None] | None,
    breaks: list[tuple[date, int]],
    visits: list[date],
    rows: list[date],
) -> None:
    spans = [DateRange(first, first + length * DAY) for first, length in sorted(breaks)]
    if len(spans) == 2 and spans[0].overlaps(spans[1]):
        return
    order = [Stage.CONTRACTING, Stage.ACTIVE, Stage.REFLECTION, Stage.POST_SUPPORT]
    stages = list(zip(order, moves, strict=False))
    # The decision takes effect some days before the head moves the stage.
    removed_on = max(moves[-1] - removal_after * DAY, moves[0]) if len(stages) == 4 else None
    values: dict[str, Any] = {"enrolled_on": moves[0]} if moves else {}
    if removed_on is not None:
        values |= {
            "removed_on": removed_on,
            "removal_reason": "GOALS_ACHIEVED",
            "post_support_until": date(2027, 1, 1),
        }
    case = make_case(specialist, opened_on=START - 60 * DAY, stages=stages, **values)
    duty = None
    if contract is not None:
        starts_on, length = contract
        duty = DateRange(starts_on, None if length is None else starts_on + length * DAY)
        ContractDuty.objects.create(
            family=case.family, contract_number="1", kind="BUSINESS", starts_on=starts_on, ends_on=duty.ends_on
        )
    pause(case, *spans)
    hold_visit(case, *visits)
    enter_row(case, *rows)

    due = duty_months(duty_of(stages, removed_on, duty), spans, PERIOD)
    kept = fulfilled_months(due, [*visits, *rows])
    found = [
        row
        for row in case_months(PERIOD, "institution_id", [case.institution_id]).get(case.institution_id, [])
        if row.case_id == case.pk
    ]
    assert [row.month for row in found] == due
    assert [row.month for row in found if row.is_kept] == kept


def active_case(specialist: Appointment, **values: object) -> SupportCase:
    return make_case(specialist, opened_on=START - 60 * DAY, stages=[(Stage.CONTRACTING, START - 50 * DAY)], **values)


@pytest.mark.requirement("R3", "Q11")
def test_the_share_is_counted_for_every_unit_at_once(specialist: Appointment) -> None:
    """Whole months only: each month of which a day is missing holds a contact, and would count as kept."""
    other = AppointmentFactory.create(role=Role.SPECIALIST, department=specialist.department)
    first, second = active_case(specialist), active_case(other)
    hold_visit(first, date(2026, 1, 31), date(2026, 2, 1))
    hold_visit(second, date(2026, 3, 10), channel=Channel.PHONE)
    begun = make_case(other, opened_on=START - 60 * DAY, stages=[(Stage.CONTRACTING, date(2026, 1, 2))])
    hold_visit(begun, date(2026, 1, 20))
    removed = make_case(
        other,
        opened_on=START - 60 * DAY,
        stages=[(Stage.ACTIVE, START - 50 * DAY)],
        enrolled_on=START - 50 * DAY,
        removed_on=date(2026, 3, 31),
        removal_reason="GOALS_ACHIEVED",
    )
    hold_visit(removed, date(2026, 3, 15))
    paused = active_case(other)
    pause(paused, DateRange(date(2026, 2, 28), date(2026, 2, 28)))
    hold_visit(paused, date(2026, 2, 10))
    hold_visit(first, date(2025, 12, 20), date(2026, 4, 10))
    for case in (first, second, begun, removed, paused):
        CuratorAssignment.objects.create(
            case=case, curator=case.opened_by, starts_on=case.opened_on, assigned_by=case.opened_by
        )
    for period in (DateRange(START, date(2026, 3, 31)), DateRange(date(2025, 12, 2), date(2026, 4, 29))):
        assert compliance(period, "department_id") == {specialist.department_id: Compliance(due=12, kept=2)}
        assert compliance(period, "curator_id") == {
            first.opened_by_id: Compliance(due=3, kept=2),
            second.opened_by_id: Compliance(due=9, kept=0),
        }


def test_a_month_belongs_to_the_curator_of_its_last_day(specialist: Appointment) -> None:
    case = active_case(specialist)
    successor = AppointmentFactory.create(role=Role.SPECIALIST, department=specialist.department).user
    for curator, starts_on, ends_on in (
        (specialist.user, case.opened_on, date(2026, 2, 27)),
        (successor, date(2026, 2, 28), None),
    ):
        CuratorAssignment.objects.create(
            case=case, curator=curator, starts_on=starts_on, ends_on=ends_on, assigned_by=curator
        )
    found = compliance(DateRange(START, date(2026, 2, 28)), "curator_id")
    assert found == {specialist.user_id: Compliance(1, 0), successor.pk: Compliance(1, 0)}


@pytest.mark.requirement("J7")
def test_contract_months_are_those_under_contract_on_every_day(specialist: Appointment) -> None:
    case = active_case(specialist)
    ContractDuty.objects.create(
        family=case.family, contract_number="1", kind="BUSINESS", starts_on=date(2026, 1, 2), ends_on=date(2026, 2, 28)
    )
    hold_visit(case, date(2026, 2, 5))
    quarter = DateRange(START, date(2026, 3, 31))
    assert compliance(quarter, "institution_id") == {case.institution_id: Compliance(3, 1)}
    assert compliance(quarter, "institution_id", of_contracts=True) == {case.institution_id: Compliance(1, 1)}


def test_part_months_and_cases_opened_by_mistake_are_left_out(specialist: Appointment) -> None:
    case = active_case(specialist)
    assert compliance(DateRange(date(2026, 1, 2), date(2026, 2, 27)), "region_id") == {}
    SupportCase.objects.filter(pk=case.pk).update(removal_reason="ERROR")
    assert compliance(PERIOD, "region_id") == {}
