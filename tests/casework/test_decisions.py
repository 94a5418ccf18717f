"""What decisions of bodies do to cases: enrolment, terms, removal, relapse, pauses (domain 3.4; I10 to I12)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Appointment, Notification
from casework.enums import BasisBody, Ground, GuardCode, RemovalReason, Stage
from casework.models import CaseDecision, ContractDuty, SupportCase
from casework.narrowing import NOBODY
from casework.services.cases import set_interval, set_term
from casework.services.curators import assign_curator
from casework.services.decisions import Basis, enrol, enrol_by_agreement, extend, relapse, remove_by_decision
from casework.services.pauses import approve_pause, end_pause, pause
from casework.services.stages import transition
from common.calendar import add_months
from tests.casework.conftest import CaseAt
from tests.cast import Cast, client_of
from tests.factories.casework import duty_of

ONE_DAY = timedelta(days=1)


def basis(number: str, on: date) -> Basis:
    return Basis(BasisBody.COORDINATION_COUNCIL, number, on)


@pytest.mark.requirement("S0-36")
def test_the_first_decision_enrols_and_a_later_one_changes_nothing(cast: Cast, at: CaseAt) -> None:
    """Clarification 4, R4."""
    case, today = at(Stage.CONTRACTING), cast.institution.today()
    first = today - timedelta(days=20)
    assert enrol(case=case, effective_on=first, basis=basis("7", first), actor=cast.secretary)
    assert not enrol(case=case, effective_on=today, basis=basis("8", today), actor=cast.secretary)
    case.refresh_from_db()
    assert (case.enrolled_on, case.basis_number, case.stage) == (first, "7", Stage.CONTRACTING)
    assert case.planned_end_on == add_months(first, 12)
    assert case.on_support(today)


def test_a_family_is_enrolled_in_the_agreement_stage_alone(cast: Cast, at: CaseAt) -> None:
    today = cast.institution.today()
    for case, day in ((at(Stage.DIAGNOSTIC), today), (at(Stage.CONTRACTING), today - timedelta(days=300))):
        with pytest.raises(ValidationError):
            enrol(case=case, effective_on=day, basis=basis("7", day), actor=cast.secretary)
        assert SupportCase.objects.get(pk=case.pk).enrolled_on is None


def test_only_the_ground_of_a_social_contract_enrols_by_agreement(cast: Cast, at: CaseAt) -> None:
    """Clarification 3."""
    today = cast.institution.today()
    contract, other = at(Stage.CONTRACTING, ground=Ground.SOCIAL_CONTRACT), at(Stage.CONTRACTING)
    duty_of(other.family)
    duty = duty_of(contract.family, ends_on=today - ONE_DAY)
    assert not enrol_by_agreement(case=contract, signed_on=today, number="3/2026", actor=cast.specialist)
    duty.ends_on = today
    duty.save()
    assert enrol_by_agreement(case=contract, signed_on=today, number="3/2026", actor=cast.specialist)
    assert not enrol_by_agreement(case=other, signed_on=today, number="4/2026", actor=cast.specialist)
    assert SupportCase.objects.get(pk=contract.pk).enrolled_on == today
    assert SupportCase.objects.get(pk=other.pk).enrolled_on is None


@pytest.mark.requirement("S0-36", "I10")
@pytest.mark.parametrize(("shift", "accepted"), [(-1, False), (0, True)])
def test_the_term_lies_between_three_and_twelve_months(cast: Cast, at: CaseAt, shift: int, accepted: bool) -> None:
    case = at(Stage.ACTIVE)
    assert case.enrolled_on is not None
    for day in (
        add_months(case.enrolled_on, 3) + shift * ONE_DAY,
        add_months(case.enrolled_on, 12) - shift * ONE_DAY,
    ):
        if accepted:
            set_term(case=case, planned_end_on=day, actor=cast.head, reason="План")
            assert SupportCase.objects.get(pk=case.pk).planned_end_on == day
        else:
            with pytest.raises(ValidationError):
                set_term(case=case, planned_end_on=day, actor=cast.head, reason="План")


@pytest.mark.requirement("S0-36", "I10")
def test_a_decision_extends_the_term_beyond_twelve_months(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.REFLECTION), cast.institution.today()
    assert case.planned_end_on is not None
    until = add_months(case.planned_end_on, 4)
    with pytest.raises(ValidationError):
        extend(case=case, effective_on=today, until=case.planned_end_on, basis=basis("9", today), actor=cast.secretary)
    extend(case=case, effective_on=today, until=until, basis=basis("9", today), actor=cast.secretary)
    assert SupportCase.objects.get(pk=case.pk).planned_end_on == until
    with pytest.raises(ValidationError):
        extend(case=case, effective_on=today, until=until + ONE_DAY, basis=basis("9", today), actor=cast.secretary)


@pytest.mark.requirement("S4-28", "S2-31", "I11")
def test_a_removal_with_improvement_needs_the_final_assessment(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    """I11; the head's move to post-support follows."""
    case, today = at(Stage.REFLECTION), cast.institution.today()
    guards.discard(GuardCode.FINAL_ASSESSMENT)
    decided: dict[str, Any] = {
        "case": case,
        "effective_on": today,
        "reason": RemovalReason.GOALS_ACHIEVED,
        "basis": basis("9", today),
        "actor": cast.secretary,
    }
    with pytest.raises(ValidationError):
        remove_by_decision(**decided)
    assert not CaseDecision.objects.filter(case=case, kind="REMOVE").exists()
    guards.add(GuardCode.FINAL_ASSESSMENT)
    remove_by_decision(**decided)
    case.refresh_from_db()
    assert (case.removed_on, case.removal_reason, case.stage) == (today, "GOALS_ACHIEVED", Stage.REFLECTION)
    assert not case.on_support(today)
    with pytest.raises(ValidationError):
        transition(case=case, to=Stage.CLOSED, actor=cast.head, on=today)
    transition(case=case, to=Stage.POST_SUPPORT, actor=cast.head, on=today)
    assert case.post_support_until == add_months(today, 6)


def test_under_a_contract_support_ends_by_decision_only_as_the_order_allows(
    cast: Cast, at: CaseAt, guards: set[GuardCode]
) -> None:
    """I12: leaving without post-support; moving into post-support leaves the duty as it is."""
    today = cast.institution.today()
    for reason, accepted in (
        (RemovalReason.TRANSFERRED, False),
        (RemovalReason.REFUSAL, True),
        (RemovalReason.SITUATION_IMPROVED, True),
    ):
        case = at(Stage.REFLECTION)
        ContractDuty.objects.create(
            family=case.family, contract_number="К-1", kind="BUSINESS", starts_on=case.opened_on
        )
        decided: dict[str, Any] = {"case": case, "effective_on": today, "reason": reason, "actor": cast.secretary}
        if accepted:
            remove_by_decision(**decided, basis=basis("9", today))
        else:
            with pytest.raises(ValidationError):
                remove_by_decision(**decided, basis=basis("9", today))
        ended = case.events.filter(kind="follow_up_ends_early").exists()
        assert ended == (reason == RemovalReason.REFUSAL)


@pytest.mark.requirement("S4-29")
def test_a_relapse_opens_a_new_case_and_closes_the_old_one(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.POST_SUPPORT), cast.institution.today()
    fresh = relapse(case=case, effective_on=today, basis=basis("11", today), actor=cast.secretary)
    case.refresh_from_db()
    assert (case.stage, case.closed_on) == (Stage.CLOSED, today)
    assert (fresh.stage, fresh.opened_on, fresh.enrolled_on) == (Stage.CONTRACTING, today, today)
    assert fresh.number != case.number
    assert fresh.curator == fresh.family.curator == cast.specialist
    assert fresh.curator_assignments.get().starts_on == today
    with pytest.raises(ValidationError):
        relapse(case=fresh, effective_on=today, basis=basis("12", today), actor=cast.secretary)


def test_the_head_pauses_for_two_months_at_most(cast: Cast, at: CaseAt) -> None:
    """R2."""
    case, today = at(Stage.ACTIVE), cast.institution.today()
    two_months = add_months(today, 2)
    with pytest.raises(PermissionDenied):
        pause(case=case, starts_on=today, ends_on=today, reason="Больница", actor=cast.specialist)
    with pytest.raises(ValidationError):
        pause(case=case, starts_on=today, ends_on=two_months, reason="Больница", actor=cast.head)
    row = pause(case=case, starts_on=today, ends_on=two_months - ONE_DAY, reason="Больница", actor=cast.head)
    with pytest.raises(ValidationError):
        pause(case=case, starts_on=today, ends_on=today, reason="Ещё раз", actor=cast.head)
    assert case not in SupportCase.objects.overdue(today, today=today)
    end_pause(row=row, last_day=today, actor=cast.head)
    longer = approve_pause(
        case=case,
        starts_on=today + ONE_DAY,
        ends_on=add_months(today, 5),
        reason="Отъезд",
        basis=basis("10", today),
        actor=cast.secretary,
    )
    assert (longer.basis_number, longer.approved_by) == ("10", cast.secretary)


@pytest.mark.requirement("R2")
def test_pauses_that_follow_one_another_are_one(cast: Cast, at: CaseAt) -> None:
    """The head grants two months at most, in however many parts; parts between which a contact fell due stand alone."""
    case, today = at(Stage.ACTIVE), cast.institution.today()
    first_end, two_months = add_months(today, 1) - ONE_DAY, add_months(today, 2)

    def grant(starts_on: date, ends_on: date) -> None:
        pause(case=case, starts_on=starts_on, ends_on=ends_on, reason="Больница", actor=cast.head)

    grant(today, first_end)
    for gap in (1, 2, 8):
        with pytest.raises(ValidationError) as refused:
            grant(first_end + gap * ONE_DAY, two_months)
        assert set(refused.value.message_dict) == {"ends_on"}
    grant(first_end + ONE_DAY, two_months - ONE_DAY)
    with pytest.raises(ValidationError):
        grant(two_months, two_months)
    grant(two_months + 8 * ONE_DAY, two_months + 20 * ONE_DAY)


@pytest.mark.requirement("R2")
def test_what_a_body_decided_is_not_counted_against_the_head(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    until = add_months(today, 5)
    approve_pause(
        case=case, starts_on=today, ends_on=until, reason="Отъезд", basis=basis("10", today), actor=cast.secretary
    )
    grant = {"case": case, "reason": "Больница", "actor": cast.head}
    pause(starts_on=today - 20 * ONE_DAY, ends_on=today - ONE_DAY, **grant)
    with pytest.raises(ValidationError):
        pause(starts_on=until + ONE_DAY, ends_on=until + 45 * ONE_DAY, **grant)
    pause(starts_on=until + ONE_DAY, ends_on=until + 30 * ONE_DAY, **grant)


@pytest.mark.requirement("S4-15")
def test_after_a_relapse_without_a_curator_the_heads_are_asked_for_one(cast: Cast, at: CaseAt) -> None:
    """I3: the curator has left; the case stands among those without one until somebody is assigned."""
    case, today = at(Stage.POST_SUPPORT), cast.institution.today()
    set_interval(case=case, months=2, actor=cast.head, reason="Семья в тайге")
    Appointment.objects.filter(user=cast.specialist).update(ends_on=today - ONE_DAY)
    fresh = relapse(case=case, effective_on=today, basis=basis("11", today), actor=cast.secretary)
    assert (fresh.curator, fresh.own_interval(today)) == (None, 2)
    told = Notification.objects.unread().filter(code="casework.curator_missing", target_id=fresh.pk)
    assert {row.recipient for row in told} == {cast.head, cast.deputy}
    listed = client_of(cast.head).get("/cases/", {"curator": NOBODY}).context["rows"]
    assert [row["pk"] for row in listed] == [fresh.pk]
    with pytest.raises(ValidationError) as refused:
        transition(case=fresh, to=Stage.ACTIVE, actor=cast.head, on=today)
    assert "Назначить куратора" in refused.value.messages
    assign_curator(case=fresh, curator=cast.colleague, starts_on=today, actor=cast.head)
    assert not told.all().exists()


@pytest.mark.requirement("L5")
def test_an_interval_of_its_own_moves_the_next_contact(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    assert case.enrolled_on is not None
    assert case.next_contact_due_on == add_months(case.enrolled_on, 1)
    today = cast.institution.today()
    long_overdue = case.next_contact_due_on + ONE_DAY
    set_interval(case=case, months=12, actor=cast.head, reason="Ошибка")
    set_interval(case=case, months=2, actor=cast.head, reason="Семья в тайге")
    assert case in SupportCase.objects.overdue(long_overdue, today=today)
    assert case.contact_intervals.get().history.count() == 2
    assert SupportCase.objects.get(pk=case.pk).next_contact_due_on == add_months(case.enrolled_on, 2)
    set_interval(case=case, months=None, actor=cast.head, reason="Вернулись")
    assert SupportCase.objects.get(pk=case.pk).next_contact_due_on == add_months(case.enrolled_on, 1)
