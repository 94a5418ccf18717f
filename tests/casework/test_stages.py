"""The moves of a case along its stages: the table of domain 3.4, in full product."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, ProgrammingError, transaction

from accounts.models import Notification
from casework import registry
from casework.enums import BasisBody, GuardCode, RemovalReason, Stage
from casework.models import NO_CONTACT_DUE, CaseEvent, ContractDuty, StageChange, SupportCase
from casework.services.decisions import Basis, enrol, remove_by_decision
from casework.services.periods import is_period_open
from casework.services.stages import last_move, prospects, transition, undo
from casework.stages import MOVES, move_between
from common.calendar import Quarter, add_months
from tests.casework.conftest import CaseAt
from tests.cast import Cast
from tests.factories.accounts import deputy_of
from tests.factories.casework import case_at, opened_case
from tests.factories.families import household

ONE_DAY = timedelta(days=1)

# What domain 3.4 says, written here apart from the code: who makes each move.
HEAD, CLOSER, CURATOR = {"head"}, {"head", "director"}, {"specialist"}
ALLOWED: dict[tuple[Stage, Stage], set[str]] = {
    (Stage.DIAGNOSTIC, Stage.CONTRACTING): HEAD,
    (Stage.DIAGNOSTIC, Stage.CLOSED): CLOSER,
    (Stage.CONTRACTING, Stage.ACTIVE): HEAD,
    (Stage.CONTRACTING, Stage.CLOSED): CLOSER,
    (Stage.ACTIVE, Stage.REFLECTION): CURATOR,
    (Stage.ACTIVE, Stage.CLOSED): CLOSER,
    (Stage.REFLECTION, Stage.ACTIVE): HEAD,
    (Stage.REFLECTION, Stage.POST_SUPPORT): HEAD,
    (Stage.REFLECTION, Stage.CLOSED): CLOSER,
    (Stage.POST_SUPPORT, Stage.CLOSED): CLOSER,
}


def trace(case: SupportCase) -> tuple[Any, ...]:
    """Everything a move may write."""
    row = SupportCase.objects.filter(pk=case.pk).values().get()
    return (
        tuple(row.items()),
        case.history.count(),
        StageChange.objects.filter(case=case).count(),
        CaseEvent.objects.filter(case=case).count(),
        Notification.objects.filter(target_id=case.pk).count(),
    )


def ready(case: SupportCase, target: Stage, cast: Cast) -> None:
    """Let a body decide what the move needs decided."""
    case.refresh_from_db()
    today = cast.institution.today()
    basis = Basis(BasisBody.COORDINATION_COUNCIL, "9/2026", today)
    if (case.stage, target) == (Stage.CONTRACTING, Stage.ACTIVE):
        enrol(case=case, effective_on=today, basis=basis, actor=cast.secretary)
    if case.stage == Stage.REFLECTION and target in {Stage.POST_SUPPORT, Stage.CLOSED}:
        reason = RemovalReason.MOVED if target == Stage.CLOSED else RemovalReason.SITUATION_IMPROVED
        remove_by_decision(case=case, effective_on=today, reason=reason, basis=basis, actor=cast.secretary)


@pytest.mark.requirement("S4-18", "S4-20", "S4-25", "S4-28", "S4-29")
@pytest.mark.parametrize("source", list(Stage))
def test_every_move_by_every_person(cast: Cast, at: CaseAt, guards: set[GuardCode], source: Stage) -> None:
    """Every target x every member of the cast: what the table allows is done, all else leaves no trace."""
    case = at(source)
    today = cast.institution.today()
    for target in Stage:
        allowed = ALLOWED.get((source, target), set()) | ({"deputy"} if (source, target) in ALLOWED else set())
        if allowed & HEAD == set():
            allowed -= {"deputy"}
        for name, person in cast.people.items():
            with transaction.atomic():
                ready(case, target, cast)
                before = trace(case)
                # The cast's deputy stands in for the head in the second of two appointments.
                if name == "deputy":
                    person.work_as(next(row for row in person.appointments_in_force if row.is_deputy))
                if name in allowed:
                    change = transition(case=case, to=target, actor=person, on=today, reason=RemovalReason.REFUSAL)
                    assert (change.from_stage, change.to_stage, change.by) == (source, target, person)
                    assert SupportCase.objects.get(pk=case.pk).stage == target
                    assert CaseEvent.objects.filter(case=case, by=person, on=today).exists()
                else:
                    with pytest.raises((PermissionDenied, ValidationError)):
                        transition(case=case, to=target, actor=person, on=today, reason=RemovalReason.REFUSAL)
                    assert trace(case) == before, (source, target, name)
                transaction.set_rollback(True)


def test_the_table_is_that_of_the_specification() -> None:
    relapse = {(Stage.POST_SUPPORT, Stage.ACTIVE)}
    assert {(move.source, move.target) for move in MOVES} == set(ALLOWED) | relapse


def test_a_guard_that_nobody_registered_keeps_the_move_closed(
    cast: Cast, at: CaseAt, guards: set[GuardCode], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = at(Stage.CONTRACTING)
    known = {code: row for code, row in registry._guards.items() if code != GuardCode.JOINT_PLAN}
    monkeypatch.setattr(registry, "_guards", known)
    SupportCase.objects.filter(pk=case.pk).update(enrolled_on=case.opened_on)
    with pytest.raises(ValidationError):
        transition(case=case, to=Stage.ACTIVE, actor=cast.head, on=cast.institution.today())


def test_a_move_lies_between_the_last_one_and_today(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    case = at(Stage.ACTIVE)
    for day in (cast.institution.today() + ONE_DAY, case.stage_since - ONE_DAY):
        with pytest.raises(ValidationError) as refused:
            transition(case=case, to=Stage.REFLECTION, actor=cast.specialist, on=day)
        assert "on" in refused.value.message_dict
    transition(case=case, to=Stage.REFLECTION, actor=cast.specialist, on=case.stage_since)


@pytest.mark.parametrize(
    ("source", "reason", "accepted"),
    [
        (Stage.DIAGNOSTIC, RemovalReason.NOT_NEEDED, True),
        (Stage.DIAGNOSTIC, RemovalReason.ERROR, True),
        (Stage.DIAGNOSTIC, RemovalReason.GOALS_ACHIEVED, False),
        (Stage.CONTRACTING, RemovalReason.REFUSAL, True),
        (Stage.CONTRACTING, RemovalReason.TERM_EXPIRED, False),
        (Stage.ACTIVE, RemovalReason.MOVED, True),
        (Stage.ACTIVE, RemovalReason.DEATH, True),
        (Stage.ACTIVE, RemovalReason.SITUATION_IMPROVED, False),
        (Stage.ACTIVE, RemovalReason.CHILD_OF_AGE, False),
    ],
)
def test_the_head_ends_support_only_for_certain_reasons(
    cast: Cast, at: CaseAt, guards: set[GuardCode], source: Stage, reason: RemovalReason, accepted: bool
) -> None:
    case = at(source)
    today = cast.institution.today()
    if not accepted:
        with pytest.raises(ValidationError) as refused:
            transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=reason)
        assert "reason" in refused.value.message_dict
        return
    transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=reason)
    case.refresh_from_db()
    assert (case.removal_reason, case.closed_on, case.next_contact_due_on) == (reason, today, NO_CONTACT_DUE)
    assert case.removed_on == (today if case.enrolled_on else None)


def test_not_needed_rests_on_an_assessment(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    guards.discard(GuardCode.NEED_REFUTED)
    with pytest.raises(ValidationError) as refused:
        transition(
            case=at(Stage.DIAGNOSTIC),
            to=Stage.CLOSED,
            actor=cast.head,
            on=cast.institution.today(),
            reason=RemovalReason.NOT_NEEDED,
        )
    assert "reason" in refused.value.message_dict


@pytest.mark.requirement("S2-30", "S2-32", "I11")
def test_insurmountable_is_explained_in_words(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    for note in ("", "   "):
        with pytest.raises(ValidationError) as refused:
            transition(
                case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=RemovalReason.INSURMOUNTABLE, note=note
            )
        assert "note" in refused.value.message_dict
    transition(
        case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=RemovalReason.INSURMOUNTABLE, note="Затопило дом"
    )
    assert case.removal_note == "Затопило дом"
    for change, rule in (
        ({"removal_note": ""}, "reason_is_explained"),
        ({"removal_note": "", "removal_reason": RemovalReason.OTHER}, "reason_is_explained"),
        ({"removal_reason": ""}, "end_has_a_reason"),
    ):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            SupportCase.objects.filter(pk=case.pk).update(**change)
    other = at(Stage.ACTIVE)
    transition(case=other, to=Stage.CLOSED, actor=cast.head, on=today, reason=RemovalReason.REFUSAL)
    assert other.removal_reason == RemovalReason.REFUSAL


def test_an_early_end_is_marked_and_told_to_the_council(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    """R4: before the shortest term has passed."""
    case, today = at(Stage.ACTIVE), cast.institution.today()
    SupportCase.objects.filter(pk=case.pk).update(enrolled_on=add_months(today, -3))
    transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=RemovalReason.MOVED)
    assert not case.removed_early
    case = at(Stage.ACTIVE)
    SupportCase.objects.filter(pk=case.pk).update(enrolled_on=add_months(today, -3) + ONE_DAY)
    transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=RemovalReason.MOVED)
    assert case.removed_early
    assert CaseEvent.objects.filter(case=case, kind="removed_without_council").count() == 1


@pytest.mark.requirement("S2-30", "S2-32", "I12")
@pytest.mark.parametrize(
    ("reason", "accepted"),
    [(RemovalReason.MOVED, False), (RemovalReason.REFUSAL, True), (RemovalReason.INSURMOUNTABLE, True)],
)
def test_a_family_with_a_contract_leaves_only_as_the_order_allows(
    cast: Cast, at: CaseAt, guards: set[GuardCode], reason: RemovalReason, accepted: bool
) -> None:
    """I12, while the contract runs and in its follow-up; afterwards any reason will do."""
    case, today = at(Stage.ACTIVE), cast.institution.today()
    duty = ContractDuty.objects.create(
        family=case.family, contract_number="К-5", kind="JOB_SEARCH", starts_on=case.opened_on, ends_on=today
    )

    def close() -> None:
        transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=reason, note="Так вышло")

    if accepted:
        close()
        assert CaseEvent.objects.get(case=case, kind="follow_up_ends_early").params == {"number": "К-5"}
        return
    with pytest.raises(ValidationError) as refused:
        close()
    assert "reason" in refused.value.message_dict
    duty.ends_on = today - ONE_DAY
    duty.save()
    close()
    assert not CaseEvent.objects.filter(case=case, kind="follow_up_ends_early").exists()


@pytest.mark.requirement("X3")
def test_a_curator_never_ends_own_support(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    """Access 6.3, 3: the curator who stands in for the head moves the case on, but does not close it."""
    deputy, today = cast.colleague, cast.institution.today()
    deputy_of(cast.head.appointments.get(), user=deputy, starts_on=today, ends_on=today)
    case = at(Stage.ACTIVE, curator=deputy)
    deputy.work_as(next(row for row in deputy.appointments_in_force if row.is_deputy))
    with pytest.raises(PermissionDenied):
        transition(case=case, to=Stage.CLOSED, actor=deputy, on=today, reason=RemovalReason.MOVED)
    own = at(Stage.DIAGNOSTIC, curator=deputy)
    transition(case=own, to=Stage.CONTRACTING, actor=deputy, on=today)


@pytest.mark.requirement("S4-29")
def test_post_support_lasts_as_the_policy_says_and_ends_after_it(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.POST_SUPPORT)
    today = cast.institution.today()
    with pytest.raises(ValidationError):
        transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today)
    SupportCase.objects.filter(pk=case.pk).update(post_support_until=today)
    with pytest.raises(ValidationError):
        transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today)
    SupportCase.objects.filter(pk=case.pk).update(post_support_until=today - ONE_DAY)
    duty = ContractDuty.objects.create(
        family=case.family, contract_number="К-6", kind="BUSINESS", starts_on=case.opened_on
    )
    with pytest.raises(ValidationError):
        transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today)
    duty.delete()
    transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today)
    assert case.removal_reason == RemovalReason.SITUATION_IMPROVED


def test_the_curator_asks_for_reflection_when_the_term_ends(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()

    def go(planned_end_on: date) -> None:
        SupportCase.objects.filter(pk=case.pk).update(planned_end_on=planned_end_on)
        transition(case=case, to=Stage.REFLECTION, actor=cast.specialist, on=today)

    with pytest.raises(ValidationError):
        go(today + timedelta(days=31))
    go(today + timedelta(days=30))
    told = Notification.objects.filter(code="casework.stage.REFLECTION", target_id=case.pk)
    assert {row.recipient for row in told} == {cast.head, cast.deputy}


def test_what_a_stage_asks_for_is_settled_when_the_case_leaves_it(
    cast: Cast, at: CaseAt, guards: set[GuardCode]
) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    transition(case=case, to=Stage.REFLECTION, actor=cast.specialist, on=today)
    told = cast.head.notifications.unread().filter(code="casework.stage.REFLECTION", target_id=case.pk)
    assert told.exists()
    transition(case=case, to=Stage.ACTIVE, actor=cast.head, on=today)
    assert not told.exists()


def test_a_wrong_move_is_taken_back_with_all_its_effects(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    fields = ("stage", "stage_since", "closed_on", "removed_on", "removal_reason", "removed_early", "curator_id")
    before = SupportCase.objects.values(*fields).get(pk=case.pk)
    transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=RemovalReason.REFUSAL)
    assert SupportCase.objects.get(pk=case.pk).family.curator_id is None
    change = undo(case=case, actor=cast.head, reason="Перепутали семьи")
    assert (change.is_undo, change.from_stage, change.to_stage) == (True, Stage.CLOSED, Stage.ACTIVE)
    assert SupportCase.objects.values(*fields).get(pk=case.pk) == before
    case.refresh_from_db()
    assert case.family.curator == cast.specialist
    assert case.curator_assignments.get(ends_on=None).curator == cast.specialist
    assert CaseEvent.objects.filter(case=case, kind="move_taken_back").count() == 1
    latest = last_move(case)
    assert latest is not None
    assert latest.to_stage == Stage.ACTIVE


def test_only_the_head_takes_a_move_back_and_says_why(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    transition(case=case, to=Stage.REFLECTION, actor=cast.specialist, on=today)
    before = trace(case)
    for person in (cast.specialist, cast.director, cast.second_head, cast.secretary):
        with pytest.raises(PermissionDenied):
            undo(case=case, actor=person, reason="Ошибка")
    with pytest.raises(ValidationError):
        undo(case=case, actor=cast.head, reason=" ")
    assert trace(case) == before
    undo(case=case, actor=cast.head, reason="Ошибка")
    assert case.stage == Stage.ACTIVE


def test_nothing_is_taken_back_after_the_period_is_closed(
    cast: Cast, at: CaseAt, guards: set[GuardCode], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = at(Stage.ACTIVE)
    quarter = Quarter.containing(case.stage_since)
    closes_on = quarter.ends_on + timedelta(days=3)
    assert is_period_open(case, quarter.starts_on, closes_on)
    assert not is_period_open(case, quarter.ends_on, closes_on + ONE_DAY)
    assert cast.institution.today() > closes_on
    with pytest.raises(ValidationError):
        undo(case=case, actor=cast.head, reason="Поздно")
    fresh = at(Stage.ACTIVE)
    transition(case=fresh, to=Stage.REFLECTION, actor=cast.specialist, on=cast.institution.today())
    monkeypatch.setattr(registry, "_period_locks", [lambda locked, _day: locked.pk == fresh.pk])
    with pytest.raises(ValidationError):
        undo(case=fresh, actor=cast.head, reason="Отчёт принят")


def test_a_closing_is_not_taken_back_once_the_family_has_another_case(
    cast: Cast, at: CaseAt, guards: set[GuardCode]
) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today, reason=RemovalReason.REFUSAL)
    opened_case(case.family, opened_on=today)
    with pytest.raises(ValidationError) as refused:
        undo(case=case, actor=cast.head, reason="Ошибка")
    assert refused.value.code == "second_case"


def test_the_opening_of_a_case_is_no_move_to_take_back(cast: Cast, family: Any) -> None:
    case = opened_case(family)
    with pytest.raises(ValidationError):
        undo(case=case, actor=cast.head, reason="Ошибка")


@pytest.mark.parametrize("model", [StageChange, CaseEvent])
def test_history_rows_are_never_changed(at: CaseAt, model: Any) -> None:
    at(Stage.ACTIVE)
    row = model.objects.order_by("pk").first()
    with pytest.raises(ProgrammingError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(on=date(2020, 1, 1))
    with pytest.raises(ProgrammingError), transaction.atomic():
        row.delete()


def test_prospects_show_what_is_missing_in_one_query(cast: Cast, at: CaseAt, django_assert_num_queries: Any) -> None:
    case = at(Stage.DIAGNOSTIC)
    assert cast.head.appointment is not None
    with django_assert_num_queries(1):
        found = prospects(case, cast.head, cast.institution.today())
    onward = next(row for row in found if row.move.target == Stage.CONTRACTING)
    passed = {row.checks[0].code: row.passed for row in onward.requirements}
    assert passed[GuardCode.CURATOR_ASSIGNED]
    assert not passed[GuardCode.CONSENT_ON_FILE]
    assert onward.allowed
    assert not onward.ready


def test_a_case_from_each_stage_is_built_as_the_constraints_ask(cast: Cast) -> None:
    for stage in Stage:
        case = case_at(stage, family=household(department=cast.department))
        assert case.stage == stage
        case.full_clean()
    assert move_between(Stage.CLOSED, Stage.ACTIVE) is None
