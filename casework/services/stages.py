"""The one way a case moves along its stages, and the one way to take a wrong move back."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.notifications import notify, settle
from casework import access, registry
from casework.contacts import refresh_contacts
from casework.enums import (
    REASONS_OF_CONTRACT_FAMILIES,
    REASONS_WITH_TEXT,
    REASONS_WITHOUT_COUNCIL,
    DecisionKind,
    GuardCode,
    RemovalReason,
    Stage,
)
from casework.models import ContractDuty, StageChange, SupportCase
from casework.registry import Check
from casework.services import curators, team
from casework.services.events import record_event
from casework.services.locking import lock
from casework.services.people import heads_of
from casework.services.periods import is_period_open
from casework.stages import Move, Mover, move_between, moves_from
from common.calendar import add_months, is_early_removal
from common.history import acting

REASON_REQUIRES = {RemovalReason.NOT_NEEDED: GuardCode.NEED_REFUTED}
"""Reasons of an end that must be on record before they are given."""

EARLY_STAGES = (Stage.CONTRACTING, Stage.ACTIVE)
"""Where the head may end support without a council."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line of the checklist of a move: one guard, or several of which one suffices."""

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        return any(check.passed for check in self.checks)

    @property
    def shown(self) -> list[Check]:
        """What the line names: the guards that hold; while none does, all that would do."""
        return [check for check in self.checks if check.passed or not self.passed]


@dataclass(frozen=True, slots=True)
class Prospect:
    """A move that leads on from a case's stage, as it stands today: what is done and what is missing."""

    move: Move
    requirements: tuple[Requirement, ...]
    reasons: tuple[RemovalReason, ...]
    allowed: bool

    @property
    def ready(self) -> bool:
        """Whether nothing but the wish is missing."""
        needs_reason = bool(self.move.reasons or self.move.decided_reasons)
        return all(row.passed for row in self.requirements) and (bool(self.reasons) or not needs_reason)


def may_make(user: User, case: SupportCase, move: Move) -> bool:
    """Whether the table lets `user` make this move; a curator never ends own support (access rules 6.3, 3)."""
    if move.ends_support and access.is_own_case(user, case):
        return False
    if move.by is Mover.CURATOR:
        return access.may_send_to_reflection(user, case)
    if move.by is Mover.HEAD_OR_DIRECTOR:
        return access.may_assign(user, case)
    return move.by is Mover.HEAD and access.may_advance(user, case)


def prospects(case: SupportCase, user: User, on: date) -> list[Prospect]:
    """The moves that lead on from the stage of `case`, with their checklists: one query for all guards."""
    moves = moves_from(case.stage)
    answers = registry.guard_answers(case, {code for move in moves for row in move.requires for code in row}, on)
    return [
        Prospect(move, _requirements(case, move, answers), _reasons(case, move), may_make(user, case, move))
        for move in moves
        if move.by is not Mover.COUNCIL
    ]


def _requirements(case: SupportCase, move: Move, answers: dict[GuardCode, bool]) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(tuple(registry.check(case, code, passed=answers[code]) for code in row)) for row in move.requires
    )


def _reasons(case: SupportCase, move: Move) -> tuple[RemovalReason, ...]:
    """The reasons the maker of the move may choose from; the decided one where a body has removed the family."""
    if case.removed_on is not None:
        allowed = move.reasons | move.decided_reasons
    elif case.enrolled_on is not None:
        return tuple(reason for reason in RemovalReason if reason in move.reasons & REASONS_WITHOUT_COUNCIL)
    else:
        return tuple(reason for reason in RemovalReason if reason in move.reasons)
    return tuple(reason for reason in allowed if reason == case.removal_reason)


@transaction.atomic
def transition(
    *,
    case: SupportCase,
    to: Stage,
    actor: User,
    on: date,
    basis: str = "",
    reason: str = "",
    note: str = "",
) -> StageChange:
    """Move `case` to the stage `to` as of `on`, with everything that follows from it (domain 3.4).

    `reason` and `note` are those of the end where the move ends support or the case. Raises PermissionDenied for a
    person whose move it is not, ValidationError for a move that the table does not have or whose guards are not met;
    then nothing is changed and nothing written.
    """
    lock(case)
    move = move_between(case.stage, to)
    if move is None or move.by is Mover.COUNCIL:
        raise ValidationError(_("A case does not move between these stages."), code="no_move")
    require(may_make(actor, case, move))
    check_day(case, on)
    check_guards(case, move, on)
    if move.reasons or move.decided_reasons:
        _end_support(case, move, on, reason, note)
    change = _move(case, move.target, actor, on, basis)
    if case.removed_on is not None and move.source in EARLY_STAGES and not _was_decided(case):
        _report_removal(case, actor, on)
    _tell(case, move, actor, on)
    return change


def check_day(case: SupportCase, on: date) -> None:
    """Raise ValidationError unless the event lies between the last move and today."""
    if on > case.institution.today():
        raise ValidationError({"on": _("This day has not come yet.")})
    if on < case.stage_since:
        raise ValidationError(
            {"on": _("The case has been in its stage since %(day)s.") % {"day": f"{case.stage_since:%d.%m.%Y}"}}
        )


def check_guards(case: SupportCase, move: Move, on: date) -> None:
    """Raise ValidationError that names everything the move still lacks."""
    answers = registry.guard_answers(case, {code for row in move.requires for code in row}, on)
    unmet = [row for row in _requirements(case, move, answers) if not row.passed]
    if unmet:
        separator = _("; or ")
        texts = [separator.join(str(check.text) for check in row.checks) for row in unmet]
        raise ValidationError([ValidationError(text, code="guard") for text in texts])


def _end_support(case: SupportCase, move: Move, on: date, reason: str, note: str) -> None:
    """Check and enter why support ends; a reason decided by a body stands as it was decided."""
    allowed = _reasons(case, move)
    if case.removed_on is None:
        if reason not in allowed:
            raise ValidationError({"reason": _("Choose the reason of the end.")})
        case.removal_reason, case.removal_note = RemovalReason(reason), note.strip()
        if case.enrolled_on is not None:
            set_removal(case, case.enrolled_on, on)
    elif not allowed:
        raise ValidationError(_("After such a decision the case does not move to this stage."), code="no_move")
    check_ending(case, closing=move.target == Stage.CLOSED, on=on)
    if move.target == Stage.POST_SUPPORT and case.removed_on is not None:
        _begin_post_support(case, case.removed_on)


def check_ending(case: SupportCase, *, closing: bool, on: date) -> None:
    """Raise ValidationError for a reason without its words, without its ground, or barred by a contract (I11, I12)."""
    if case.removal_reason in REASONS_WITH_TEXT and not case.removal_note:
        raise ValidationError({"note": _("Explain this reason in words.")})
    required = REASON_REQUIRES.get(RemovalReason(case.removal_reason))
    if required is not None and not registry.guard_answers(case, [required], on)[required]:
        raise ValidationError({"reason": str(registry.check(case, required, passed=False).text)})
    barred = closing and case.removal_reason not in REASONS_OF_CONTRACT_FAMILIES | {RemovalReason.ERROR}
    if barred and case.enrolled_on is not None and contract_duties(case, on):
        allowed = ", ".join(f"«{RemovalReason(code).label}»" for code in sorted(REASONS_OF_CONTRACT_FAMILIES))
        raise ValidationError(
            {"reason": _("A family with a social contract leaves support only for these reasons: %s.") % allowed}
        )


def contract_duties(case: SupportCase, on: date) -> list[str]:
    """Numbers of the family's social contracts that run or are in follow-up on `on`."""
    duties = ContractDuty.objects.on(on).filter(family=case.family_id)
    return list(duties.order_by("starts_on", "pk").values_list("contract_number", flat=True))


def set_removal(case: SupportCase, enrolled_on: date, removed_on: date) -> None:
    """Enter the day of removal, marked early before the shortest term has passed (R4)."""
    case.removed_on = removed_on
    policy = case.region.policy_on(enrolled_on)
    case.removed_early = is_early_removal(enrolled_on, removed_on, policy.term_min_months)


def _begin_post_support(case: SupportCase, removed_on: date) -> None:
    case.post_support_until = add_months(removed_on, case.region.policy_on(removed_on).post_support_months)


def _move(case: SupportCase, target: Stage, actor: User, on: date, basis: str) -> StageChange:
    """Save the move with its history row and its event; the caller has checked it."""
    source = case.stage
    case.stage, case.stage_since = target, on
    if target == Stage.CLOSED:
        case.closed_on = on
    with acting(actor, basis):
        case.save()
    change = StageChange.objects.create(case=case, from_stage=source, to_stage=target, on=on, by=actor, basis=basis)
    if target == Stage.CLOSED:
        record_event(case, "case_closed", on=on, by=actor, params={"reason": case.removal_reason})
        curators.release(case=case, on=on, actor=actor)
        team.dissolve(case=case, on=on, actor=actor)
    else:
        record_event(case, "stage_changed", on=on, by=actor, params={"stage": target})
        if target == Stage.POST_SUPPORT:
            record_event(case, "post_support_begun", on=on, by=actor, params={"until": case.post_support_until})
    settle([told_of(source)], [case.pk])
    refresh_contacts([case.pk], case.institution.today())
    return change


def _report_removal(case: SupportCase, actor: User, on: date) -> None:
    """Note for the council's next session that the head has ended support, and which follow-up ends with it (I12)."""
    record_event(case, "removed_without_council", on=on, by=actor, params={"reason": case.removal_reason})
    announce_end_of_follow_up(case, actor, on)


def announce_end_of_follow_up(case: SupportCase, actor: User, on: date) -> None:
    """Write down which contracts' follow-up ends early with the support, for the room that keeps it."""
    for number in contract_duties(case, on):
        record_event(case, "follow_up_ends_early", on=on, by=actor, params={"number": number})


def close_for_relapse(*, case: SupportCase, actor: User, on: date, basis: str) -> StageChange:
    """Close a case in post-support whose family is put on support again; only the relapse decision calls it."""
    return _move(case, Stage.CLOSED, actor, on, basis)


def told_of(stage: str) -> str:
    """The code of the notification that a case has come to `stage`, which says what is to be done there."""
    return f"casework.stage.{stage}"


def _tell(case: SupportCase, move: Move, actor: User, on: date) -> None:
    """Tell of the move those whose turn it is now: the curator, and the head of what the curator has summed up."""
    told = [case.curator_id] if case.curator_id else []
    if move.by is Mover.CURATOR:
        told = heads_of(case.department, case.institution.today())
    notify(
        [key for key in told if key != actor.pk],
        told_of(case.stage),
        fact=f"case:{case.pk}:{case.stage}:{on.isoformat()}",
        target="casework:case",
        target_id=case.pk,
        number=case.number,
    )


def _was_decided(case: SupportCase) -> bool:
    """Whether a body, not the head, removed the family on the day it was removed."""
    removals = case.decisions.filter(kind=DecisionKind.REMOVE)
    return case.removed_on is not None and removals.filter(effective_on=case.removed_on).exists()


def last_move(case: SupportCase) -> StageChange | None:
    """The move that may be taken back: the latest that has not been; the opening of a case is none."""
    stack: list[StageChange] = []
    for change in case.stage_changes.order_by("pk"):
        if change.is_undo:
            stack.pop()
        else:
            stack.append(change)
    return stack[-1] if len(stack) > 1 else None


def may_take_back(case: SupportCase, change: StageChange, today: date) -> bool:
    """Whether the reporting period of the move is still open."""
    return is_period_open(case, change.on, today)


@transaction.atomic
def undo(*, case: SupportCase, actor: User, reason: str) -> StageChange:
    """Take back the last move, made by mistake: the head alone, with a reason, while its period is open (domain 3.4).

    Raises PermissionDenied for others; ValidationError where there is nothing to take back, or too late.
    """
    lock(case)
    require(access.may_undo(actor, case))
    today = case.institution.today()
    wrong = last_move(case)
    if wrong is None:
        raise ValidationError(_("There is no move to take back."))
    if not may_take_back(case, wrong, today):
        raise ValidationError(_("The reporting period of this move is closed: it can no longer be taken back."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the move was wrong.")})
    if wrong.to_stage == Stage.CLOSED and case.family.cases.filter(closed_on=None).exists():
        raise ValidationError(_("The family already has an open case."), code="second_case")
    _restore(case, wrong)
    with acting(actor, reason):
        case.save()
    change = StageChange.objects.create(
        case=case,
        from_stage=wrong.to_stage,
        to_stage=wrong.from_stage,
        on=today,
        by=actor,
        basis=reason.strip(),
        is_undo=True,
    )
    record_event(case, "move_taken_back", on=today, by=actor, params={"stage": wrong.from_stage})
    if wrong.to_stage == Stage.CLOSED:
        curators.resume(case=case, actor=actor, reason=reason)
    refresh_contacts([case.pk], case.institution.today())
    return change


def _restore(case: SupportCase, wrong: StageChange) -> None:
    """Fields of the case as they were before the wrong move; what a body decided stays decided."""
    before = [row for row in case.stage_changes.order_by("pk") if row.pk < wrong.pk and not row.is_undo]
    case.stage = Stage(wrong.from_stage)
    case.stage_since = before[-1].on if before else case.opened_on
    case.closed_on = None
    if wrong.to_stage == Stage.POST_SUPPORT:
        case.post_support_until = None
    if wrong.to_stage == Stage.CLOSED and wrong.from_stage != Stage.POST_SUPPORT and not _was_decided(case):
        case.removed_on, case.removed_early = None, False
        case.removal_reason, case.removal_note = "", ""
