"""What decisions of bodies do to cases. Higher rooms call these when a decision is adopted, in its transaction."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notifications import notify
from casework import registry
from casework.contacts import refresh_contacts
from casework.enums import (
    IMPROVEMENT,
    REASONS_OF_CONTRACT_FAMILIES,
    REASONS_WITHOUT_POST_SUPPORT,
    BasisBody,
    DecisionKind,
    Ground,
    GuardCode,
    RemovalReason,
    Stage,
)
from casework.models import CaseDecision, ContactInterval, ContractDuty, StageChange, SupportCase
from casework.services import curators
from casework.services.cases import NUMBER_KIND, is_on_support
from casework.services.events import record_event
from casework.services.locking import lock
from casework.services.periods import working_calendar
from casework.services.stages import announce_end_of_follow_up, check_ending, close_for_relapse, set_removal
from common.calendar import support_end_window
from common.history import acting
from records.services.numbers import next_number


@dataclass(frozen=True, slots=True)
class Basis:
    """Who decided, in which paper: all that a case keeps of a decision (design, 3)."""

    body: BasisBody
    number: str
    decided_on: date

    def __str__(self) -> str:
        return f"{self.body.label}, № {self.number}, {self.decided_on:%d.%m.%Y}"


@transaction.atomic
def enrol(*, case: SupportCase, effective_on: date, basis: Basis, actor: User) -> bool:
    """Put the family on support from `effective_on`; False where an earlier decision did so already (clarification 4).

    ENROL and APPROVE_PROGRAMME both do this. Raises ValidationError outside the agreement stage or before the opening.
    """
    lock(case)
    if case.enrolled_on is not None:
        return False
    _enrol(case, effective_on, basis, actor)
    _remember(case, DecisionKind.ENROL, effective_on, basis, actor)
    return True


def may_do_without_council(case: SupportCase, on: date) -> bool:
    """Whether the team may approve and the agreement enrol: the ground says so and a contract bears it out on `on`."""
    duties = ContractDuty.objects.not_over(on).filter(family=case.family_id)
    return case.ground == Ground.SOCIAL_CONTRACT and duties.exists()


@transaction.atomic
def enrol_by_agreement(*, case: SupportCase, signed_on: date, number: str, actor: User) -> bool:
    """Put a family with a social contract on support from the day of its support agreement (clarification 3).

    False for other grounds, which need a council, and for a family that a council has put on support before.
    """
    lock(case)
    if case.enrolled_on is not None or not may_do_without_council(case, signed_on):
        return False
    _enrol(case, signed_on, Basis(BasisBody.TEAM_DECISION, number, signed_on), actor)
    return True


def _enrol(case: SupportCase, on: date, basis: Basis, actor: User) -> None:
    if case.stage != Stage.CONTRACTING:
        raise ValidationError(_("A family is put on support when its case is in the agreement stage."))
    if on < case.opened_on:
        raise ValidationError(_("The family cannot be put on support before the case was opened."))
    policy = case.region.policy_on(on)
    case.enrolled_on = on
    case.basis_body, case.basis_number, case.basis_date = basis.body, basis.number, basis.decided_on
    case.planned_end_on = support_end_window(on, (policy.term_min_months, policy.term_max_months)).last_day
    with acting(actor, str(basis)):
        case.save()
    record_event(case, "enrolled", on=on, by=actor, params=_params(basis))
    if case.curator_id is not None and basis.body != BasisBody.TEAM_DECISION:
        due_on = working_calendar(case.region).add(basis.decided_on, policy.agreement_working_days)
        notify(
            [case.curator_id],
            "casework.agreement_due",
            fact=f"case:{case.pk}:enrolled",
            target="casework:case",
            target_id=case.pk,
            number=case.number,
            due=f"{due_on:%d.%m.%Y}",
        )
    refresh_contacts([case.pk], case.institution.today())


@transaction.atomic
def extend(*, case: SupportCase, effective_on: date, until: date, basis: Basis, actor: User) -> None:
    """Extend the term of support to `until`, beyond twelve months too (I10). Raises ValidationError."""
    lock(case)
    if not is_on_support(case) or case.stage not in {Stage.ACTIVE, Stage.REFLECTION}:
        raise ValidationError(_("Only running support is extended."))
    if until <= effective_on or (case.planned_end_on is not None and until <= case.planned_end_on):
        raise ValidationError(_("The new end of support lies after the present one."))
    case.planned_end_on = until
    with acting(actor, str(basis)):
        case.save()
    _remember(case, DecisionKind.EXTEND, effective_on, basis, actor, until=until)
    record_event(case, "term_extended", on=effective_on, by=actor, params=_params(basis) | {"until": until})


def check_removal(case: SupportCase, reason: RemovalReason, note: str, on: date) -> None:
    """Raise ValidationError for a removal that may not be decided so: ask before the decision is adopted (I11, I12)."""
    if case.enrolled_on is None or not is_on_support(case) or case.stage not in {Stage.ACTIVE, Stage.REFLECTION}:
        raise ValidationError(_("Only a family on support is removed from it."))
    if on < case.enrolled_on:
        raise ValidationError(_("The family was put on support later than this day."))
    final = GuardCode.FINAL_ASSESSMENT
    if reason in IMPROVEMENT and not registry.guard_answers(case, [final], on)[final]:
        raise ValidationError(_("Removal with improvement needs a final assessment of the family."))
    closing = reason in REASONS_WITHOUT_POST_SUPPORT
    draft = SupportCase(
        pk=case.pk,
        family_id=case.family_id,
        region_id=case.region_id,
        enrolled_on=case.enrolled_on,
        removal_reason=reason,
        removal_note=note.strip(),
    )
    check_ending(draft, closing=closing, on=on)


@transaction.atomic
def remove_by_decision(
    *, case: SupportCase, effective_on: date, reason: RemovalReason, basis: Basis, actor: User, note: str = ""
) -> None:
    """Remove the family from support as of `effective_on`; the head's move of the stage follows (clarifications, Work).

    Raises ValidationError as `check_removal` does.
    """
    lock(case)
    check_removal(case, reason, note, effective_on)
    case.removal_reason, case.removal_note = reason, note.strip()
    set_removal(case, case.enrolled_on or effective_on, effective_on)
    with acting(actor, str(basis)):
        case.save()
    _remember(case, DecisionKind.REMOVE, effective_on, basis, actor)
    record_event(case, "removed", on=effective_on, by=actor, params=_params(basis) | {"reason": reason})
    if reason in REASONS_OF_CONTRACT_FAMILIES & REASONS_WITHOUT_POST_SUPPORT:
        announce_end_of_follow_up(case, actor, effective_on)
    refresh_contacts([case.pk], case.institution.today())


@transaction.atomic
def relapse(*, case: SupportCase, effective_on: date, basis: Basis, actor: User) -> SupportCase:
    """Put a family in post-support on support again: a new case, enrolled by this decision, and the old one closed.

    The curator goes on with the new case; where that person has left, the heads are asked for another (I3). Raises
    ValidationError outside post-support.
    """
    lock(case)
    if case.stage != Stage.POST_SUPPORT:
        raise ValidationError(_("A relapse is decided on for a family in post-support."))
    if effective_on < case.stage_since:
        raise ValidationError(_("The family was in post-support later than this day."))
    curator = curators.current(case)
    close_for_relapse(case=case, actor=actor, on=effective_on, basis=str(basis))
    fresh = SupportCase(
        family=case.family,
        region=case.region,
        institution=case.institution,
        department=case.department,
        is_restricted=case.is_restricted,
        opened_on=effective_on,
        opened_by=actor,
        source=case.source,
        ground=Ground.COUNCIL,
        eligibility_note=case.eligibility_note,
        stage=Stage.CONTRACTING,
        stage_since=effective_on,
        number=next_number(institution=case.institution, kind=NUMBER_KIND, on=effective_on).text,
    )
    with acting(actor, str(basis)):
        fresh.save()
    StageChange.objects.create(
        case=fresh, from_stage="", to_stage=fresh.stage, on=effective_on, by=actor, basis=str(basis)
    )
    record_event(fresh, "relapse", on=effective_on, by=actor, params={"number": case.number})
    if (months := case.own_interval(effective_on)) is not None:
        with acting(actor, str(basis)):
            ContactInterval.objects.create(case=fresh, valid_from=effective_on, months=months)
    curators.take_over(case=fresh, former=curator, on=effective_on, actor=actor)
    enrol(case=fresh, effective_on=effective_on, basis=basis, actor=actor)
    return fresh


def _remember(
    case: SupportCase, kind: DecisionKind, on: date, basis: Basis, actor: User, *, until: date | None = None
) -> None:
    decision = CaseDecision(
        case=case,
        kind=kind,
        effective_on=on,
        body=basis.body,
        number=basis.number,
        decided_on=basis.decided_on,
        until=until,
        entered_by=actor,
    )
    decision.full_clean()
    decision.save()


def _params(basis: Basis) -> dict[str, str | int | date | User | None]:
    return {"body": basis.body, "number": basis.number, "date": basis.decided_on}
