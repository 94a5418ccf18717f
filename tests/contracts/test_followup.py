"""The twelve months after a contract: sheets, lateness, stopping early, completing (R5; I12; clarifications 5, 31)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from casework.enums import RemovalReason, Stage
from casework.models import ContractDuty, SupportCase
from casework.services.stages import transition as move_case
from casework.services.stages import undo
from common.calendar import add_months
from common.editing import StaleVersion
from contracts.enums import ContractState, Employment, SheetState, StopReason
from contracts.models import FollowUpSheet, SocialContract
from contracts.services import followup as services
from contracts.services.advance import advance
from families.models import Family
from records.models import JobRun
from tests.cast import Cast
from tests.factories.contracts import contract_in, ended, filled, met
from tests.factories.families import SubsistenceMinimumFactory

DAY = timedelta(days=1)


@pytest.fixture
def contract(cast: Cast, family: Family) -> SocialContract:
    """A contract that ended two months ago: the first month is over, the second ends today."""
    return contract_in(ContractState.FOLLOW_UP, family, cast.specialist)


def sheet_of(contract: SocialContract, month: int) -> FollowUpSheet:
    found: FollowUpSheet = contract.sheets.get(month=month)
    return found


def states(contract: SocialContract, today: date) -> list[SheetState]:
    return [row.state_on(today) for row in contract.sheets.order_by("month")]


def due_on(case: SupportCase) -> date:
    case.refresh_from_db()
    return case.next_contact_due_on


def run_daily(cast: Cast) -> dict[str, int]:
    run = JobRun(name="contracts.advance", region=cast.region)
    advance(cast.region, cast.institution.today(), run)
    return run.counts


def test_a_sheet_tells_how_the_family_lives(cast: Cast, case: SupportCase, contract: SocialContract) -> None:
    today = case.institution.today()
    SubsistenceMinimumFactory.create(region=cast.region, valid_from=date(2020, 1, 1), amount="17733.00")
    first = sheet_of(contract, 1)
    met(case, first.period_from)
    filled(first, cast.specialist, contacted_on=first.period_from, per_capita=Decimal("17732.99"), needs="Садик")
    first.refresh_from_db()
    assert (first.filled_on, first.filled_by, first.employment) == (today, cast.specialist, Employment.EMPLOYED)
    assert (first.minimum_used, first.is_self_sufficient) == (Decimal("17733.00"), False)
    event = case.events.get(kind="sheet_filled_late")
    assert event.params == {"number": contract.number, "month": 1}


@pytest.mark.parametrize(("income", "reached"), [("17732.99", False), ("17733.00", True), (None, None)])
def test_income_is_compared_with_the_minimum_of_the_month(
    cast: Cast, case: SupportCase, contract: SocialContract, income: str | None, reached: bool | None
) -> None:
    first = sheet_of(contract, 1)
    SubsistenceMinimumFactory.create(region=cast.region, valid_from=date(2020, 1, 1), amount="17733.00")
    SubsistenceMinimumFactory.create(region=cast.region, valid_from=first.period_to + DAY, amount="99000.00")
    met(case, first.period_to)
    per_capita = Decimal(income) if income else None
    filled(first, cast.specialist, contacted_on=first.period_to, per_capita=per_capita)
    assert first.is_self_sufficient is reached


@pytest.mark.requirement("L12")
def test_late_is_allowed_and_shown(cast: Cast, contract: SocialContract) -> None:
    """Clarification 31: a sheet filled after its month is filled, and stays marked as late."""
    today = contract.family.institution.today()
    to_come = [SheetState.TO_COME] * 10
    assert states(contract, today) == [SheetState.OVERDUE, SheetState.DUE, *to_come]
    filled(sheet_of(contract, 1), cast.specialist)
    filled(sheet_of(contract, 2), cast.specialist)
    assert states(contract, today) == [SheetState.FILLED_LATE, SheetState.FILLED, *to_come]
    assert not FollowUpSheet.objects.due(today).filter(contract=contract).exists()


@pytest.mark.requirement("S2-27")
def test_a_month_is_overdue_from_the_day_after_its_last(contract: SocialContract) -> None:
    first = sheet_of(contract, 1)
    sheets = FollowUpSheet.objects.filter(contract=contract)
    for day, due, overdue in (
        (first.period_from - DAY, [], []),
        (first.period_from, [1], []),
        (first.period_to, [1], []),
        (first.period_to + DAY, [1, 2], [1]),
    ):
        assert list(sheets.due(day).values_list("month", flat=True)) == due
        assert list(sheets.overdue(day).values_list("month", flat=True)) == overdue
        assert SocialContract.objects.with_sheets_due(day).filter(pk=contract.pk).exists() is bool(due)
        assert SocialContract.objects.with_sheets_overdue(day).filter(pk=contract.pk).exists() is bool(overdue)


def test_the_contact_is_one_on_record(cast: Cast, case: SupportCase, contract: SocialContract) -> None:
    """No sheet says that the family was met on a day of which neither a visit nor a service is recorded."""
    first = sheet_of(contract, 1)
    met(case, first.period_from, first.period_to + DAY)
    assert services.possible_contacts(first) == [first.period_from]
    for wrong in (first.period_from + DAY, first.period_to + DAY):
        with pytest.raises(ValidationError) as refused:
            filled(sheet_of(contract, 1), cast.specialist, contacted_on=wrong)
        assert "contacted_on" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        filled(sheet_of(contract, 1), cast.specialist, contacted_on=first.period_from, employment="")
    assert "employment" in refused.value.message_dict
    with pytest.raises(ValidationError):
        filled(sheet_of(contract, 1), cast.specialist, no_contact_reason="")
    first.refresh_from_db()
    assert first.filled_on is None


def test_a_month_to_come_is_not_filled(cast: Cast, contract: SocialContract) -> None:
    with pytest.raises(ValidationError):
        filled(sheet_of(contract, 3), cast.specialist)


def test_two_who_correct_a_sheet(cast: Cast, contract: SocialContract) -> None:
    first = filled(sheet_of(contract, 1), cast.specialist)
    filled_on = first.filled_on
    mine, theirs = sheet_of(contract, 1), sheet_of(contract, 1)
    filled(theirs, cast.specialist, needs="Обувь")
    with pytest.raises(StaleVersion):
        filled(mine, cast.specialist, needs="Садик")
    first.refresh_from_db()
    assert (first.needs, first.filled_on) == ("Обувь", filled_on)
    assert first.history.count() == 3
    assert contract.case is not None
    assert contract.case.events.filter(kind="sheet_corrected").count() == 1


@pytest.mark.parametrize("name", ["head", "director", "colleague", "contract_specialist"])
def test_only_the_specialist_fills_and_stops(cast: Cast, contract: SocialContract, name: str) -> None:
    today, actor = contract.family.institution.today(), cast.people[name]
    with pytest.raises(PermissionDenied):
        filled(sheet_of(contract, 1), actor)
    with pytest.raises(PermissionDenied):
        services.stop(contract=contract, on=today, reason=StopReason.REFUSAL, explanation="", actor=actor)
    contract.refresh_from_db()
    contract.conclusion, contract.is_new_advised = "Вывод", False
    with pytest.raises(PermissionDenied):
        services.conclude(contract=contract, actor=actor)


@pytest.mark.requirement("I16")
@pytest.mark.parametrize(
    "reason",
    [
        pytest.param(StopReason.REFUSAL, marks=pytest.mark.requirement("S2-30")),
        pytest.param(StopReason.GOALS_ACHIEVED, marks=pytest.mark.requirement("S2-31")),
        pytest.param(StopReason.INSURMOUNTABLE, marks=pytest.mark.requirement("S2-32")),
    ],
)
def test_stopping_early_voids_what_has_not_ended(
    cast: Cast, case: SupportCase, contract: SocialContract, reason: StopReason
) -> None:
    """I12; clarification 31: a period that ends on the stopping day is not due, those before it stay due."""
    today = case.institution.today()
    assert sheet_of(contract, 2).period_to == today
    stop = {"contract": contract, "on": today, "actor": cast.specialist}
    with pytest.raises(ValidationError):
        services.stop(reason=StopReason.INSURMOUNTABLE, explanation=" ", **stop)  # type: ignore[arg-type]
    contract.refresh_from_db()
    services.stop(reason=reason, explanation="Семья выехала из региона", **stop)  # type: ignore[arg-type]
    assert states(contract, today) == [SheetState.OVERDUE, *[SheetState.VOID] * 11]
    assert ContractDuty.objects.get(family=case.family).ends_on == today
    assert SocialContract.objects.in_follow_up(today).filter(pk=contract.pk).exists()
    assert not SocialContract.objects.in_follow_up(today + DAY).filter(pk=contract.pk).exists()
    with pytest.raises(ValidationError):
        filled(sheet_of(contract, 2), cast.specialist)
    assert case.events.get(kind="follow_up_stopped").params["why"] == reason
    filled(sheet_of(contract, 1), cast.specialist)


@pytest.mark.requirement("I12")
def test_a_follow_up_stops_for_no_other_reason(cast: Cast, contract: SocialContract) -> None:
    """The three of 4.8 are all there are, for a form, a service and the database."""
    assert set(StopReason.values) == {"REFUSAL", "GOALS_ACHIEVED", "INSURMOUNTABLE"}
    contract.follow_up_stopped_on, contract.stop_reason = contract.family.institution.today(), "MOVED"
    contract.state = ContractState.STOPPED
    with pytest.raises(ValidationError):
        contract.full_clean()
    rows = SocialContract.objects.filter(pk=contract.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=ContractState.STOPPED, follow_up_stopped_on=contract.follow_up_stopped_on)


@pytest.mark.parametrize("days", [-100, 1])
def test_a_follow_up_stops_on_a_day_within_it(cast: Cast, contract: SocialContract, days: int) -> None:
    on = contract.family.institution.today() + days * DAY
    with pytest.raises(ValidationError) as refused:
        services.stop(contract=contract, on=on, reason=StopReason.REFUSAL, explanation="", actor=cast.specialist)
    assert "on" in refused.value.message_dict


def test_a_mistaken_stop_is_taken_back(cast: Cast, case: SupportCase, contract: SocialContract) -> None:
    today = case.institution.today()
    before = due_on(case)
    services.stop(contract=contract, on=today - DAY, reason=StopReason.REFUSAL, explanation="", actor=cast.specialist)
    services.resume(contract=contract, reason="Не та семья", actor=cast.specialist)
    contract.refresh_from_db()
    assert (contract.state, contract.follow_up_stopped_on, contract.stop_reason) == ("FOLLOW_UP", None, "")
    assert SheetState.VOID not in states(contract, today)
    assert due_on(case) == before
    assert ContractDuty.objects.get(family=case.family).ends_on == contract.follow_up_ends_on


@pytest.mark.requirement("I12")
def test_ending_support_ends_the_follow_up(cast: Cast, case: SupportCase, contract: SocialContract) -> None:
    """I12: the head closes the case for a reason of 4.8; the daily course stops the follow-up from that day on."""
    today = case.institution.today()
    move_case(case=case, to=Stage.CLOSED, actor=cast.head, on=today - DAY, reason=RemovalReason.REFUSAL)
    assert run_daily(cast)["stopped"] == 1
    contract.refresh_from_db()
    assert (contract.state, contract.stop_reason) == (ContractState.STOPPED, StopReason.REFUSAL)
    assert contract.follow_up_stopped_on == today - DAY
    assert states(contract, today)[1:] == [SheetState.VOID] * 11
    assert run_daily(cast)["stopped"] == 0


def test_a_closing_taken_back_stops_nothing(cast: Cast, case: SupportCase, contract: SocialContract) -> None:
    move_case(case=case, to=Stage.CLOSED, actor=cast.head, on=case.institution.today(), reason=RemovalReason.REFUSAL)
    undo(case=case, actor=cast.head, reason="Закрыли не то дело")
    assert run_daily(cast)["stopped"] == 0
    contract.refresh_from_db()
    assert contract.state == ContractState.FOLLOW_UP


@pytest.mark.requirement("L12")
def test_completed_after_the_twelfth_sheet(cast: Cast, family: Family) -> None:
    today = family.institution.today()
    contract = ended(family, cast.specialist, add_months(today, -12) - DAY)
    for month in range(1, 12):
        filled(sheet_of(contract, month), cast.specialist)
    contract.refresh_from_db()
    assert contract.state == ContractState.FOLLOW_UP
    with pytest.raises(ValidationError):
        services.complete(contract=contract, actor=cast.specialist)
    filled(sheet_of(contract, 12), cast.specialist)
    contract.refresh_from_db()
    assert contract.state == ContractState.COMPLETED
    assert contract.case is not None
    assert contract.case.events.filter(kind="follow_up_completed").count() == 1


def test_a_follow_up_is_not_completed_on_its_last_day(cast: Cast, family: Family) -> None:
    """The last sheet may be filled on the last day; the day after, the daily course completes the follow-up."""
    today = family.institution.today()
    contract = ended(family, cast.specialist, add_months(today, -12))
    assert contract.follow_up_ends_on == today
    for sheet in contract.sheets.order_by("month"):
        filled(sheet, cast.specialist)
    assert run_daily(cast)["completed"] == 0
    run = JobRun(name="contracts.advance", region=cast.region)
    SocialContract.objects.filter(pk=contract.pk).update(follow_up_ends_on=today - DAY)
    advance(cast.region, today, run)
    contract.refresh_from_db()
    assert (run.counts["completed"], contract.state) == (1, ContractState.COMPLETED)


def test_the_daily_course_puts_in_force_adopts_and_reminds(cast: Cast, family: Family, case: SupportCase) -> None:
    """A second run on the same day does nothing."""
    today = family.institution.today()
    waiting = contract_in(ContractState.SIGNED, family, cast.specialist)
    over = contract_in(ContractState.RUNNING, family, cast.specialist)
    SocialContract.objects.filter(pk=waiting.pk).update(signed_on=today - DAY, starts_on=today, case=None)
    past = today - DAY
    SocialContract.objects.filter(pk=over.pk).update(planned_end_on=past)
    assert run_daily(cast) == {"adopted": 1, "in_force": 1, "stopped": 0, "completed": 0, "reminded": 1}
    waiting.refresh_from_db()
    assert (waiting.state, waiting.case) == (ContractState.RUNNING, case)
    told = cast.specialist.notifications.get(code="contracts.end_due")
    assert (told.target_id, told.params["number"]) == (over.pk, over.number)
    assert not any(run_daily(cast).values())


@pytest.mark.requirement("L12")
def test_the_conclusion_after_the_end(cast: Cast, family: Family) -> None:
    running = contract_in(ContractState.RUNNING, family, cast.specialist)
    running.conclusion, running.is_new_advised = "Доход вырос", True
    with pytest.raises(ValidationError):
        services.conclude(contract=running, actor=cast.specialist)
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    contract.refresh_from_db()
    with pytest.raises(ValidationError):
        services.conclude(contract=contract, actor=cast.specialist)
    contract.conclusion, contract.is_new_advised = "Доход вырос", True
    services.conclude(contract=contract, actor=cast.specialist)
    contract.refresh_from_db()
    assert (contract.conclusion, contract.is_new_advised) == ("Доход вырос", True)
