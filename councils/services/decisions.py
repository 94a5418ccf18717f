"""What the body decided on a question: checked, tried out, and changed by nobody once the minutes are signed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from casework.enums import ProgrammeState
from casework.models import SupportProgramme
from common.history import acting
from councils import access
from councils.enums import DecisionState, DecisionType, ItemState, SessionState
from councils.models import CouncilSession, Decision
from councils.services.attendance import quorum_at
from councils.services.effects import ORDER, rehearse
from councils.services.states import lock, move_item

ON_CASES = frozenset({*ORDER, DecisionType.REFUSE_ENROL, DecisionType.AMEND_PROGRAMME})
"""Decisions that only a question on a case can have."""

ON_PROGRAMMES = frozenset({DecisionType.APPROVE_PROGRAMME, DecisionType.RETURN_PROGRAMME, DecisionType.AMEND_PROGRAMME})
WITH_UNTIL = frozenset({DecisionType.EXTEND, DecisionType.PAUSE})
GIVEN_TO_SOMEBODY = frozenset({DecisionType.TASK, DecisionType.REFER, DecisionType.NOTIFY})
"""Decisions that somebody carries out by a day."""

OPEN_STATES = (SessionState.HELD, SessionState.MINUTES_DRAFTED)


@transaction.atomic
def save_decision(*, decision: Decision, actor: User) -> Decision:
    """Enter or change a decision of a session that was held; the question counts as considered from now on.

    Raises PermissionDenied, or ValidationError for what the decision lacks, and for what its effect would be refused.
    """
    session = lock(decision.item.session)
    require(access.may_write(actor, session))
    _check_open(session)
    item = decision.item
    if item.state not in {ItemState.INCLUDED, ItemState.CONSIDERED}:
        raise ValidationError(_("There is no decision on a question that was not considered."))
    if decision.pk is None:
        taken: dict[str, Any] = Decision.objects.filter(item=item).aggregate(last=Max("ordinal"))
        decision.ordinal = (taken["last"] or 0) + 1
    decision.state = DecisionState.DRAFT
    _tidy(decision)
    _check(decision, session)
    with acting(actor):
        decision.full_clean()
        decision.save()
    if item.state == ItemState.INCLUDED:
        move_item(item=item, to=ItemState.CONSIDERED, actor=actor)
    if decision.type in ORDER:
        rehearse(decisions=_of_case(decision, session), session=session, actor=actor)
    return decision


def _of_case(decision: Decision, session: CouncilSession) -> list[Decision]:
    """All decisions of the session on the same case: they take effect together."""
    rows = Decision.objects.filter(item__session=session, item__case=decision.item.case_id)
    return list(rows.select_related("item"))


def _check_open(session: CouncilSession) -> None:
    if session.state not in OPEN_STATES:
        raise ValidationError(
            _("Decisions are entered for a session that was held, until its minutes are signed."), code="state"
        )


def _tidy(decision: Decision) -> None:
    """Leave out what the type has no use for; where no programme is named, the submitted one is meant."""
    kind = DecisionType(decision.type)
    decision.text = decision.text.strip()
    if kind not in ON_PROGRAMMES:
        decision.programme = None
    elif decision.programme is None:
        submitted = SupportProgramme.objects.filter(case=decision.item.case_id, state=ProgrammeState.SUBMITTED)
        decision.programme = submitted.first()
    if kind != DecisionType.REMOVE:
        decision.removal_reason, decision.removal_note = "", ""
    if kind not in WITH_UNTIL:
        decision.until = None


def _check(decision: Decision, session: CouncilSession) -> None:
    kind = DecisionType(decision.type)
    if not decision.text:
        raise ValidationError({"text": _("Write what was decided.")})
    if kind in ON_CASES and decision.item.case_id is None:
        raise ValidationError({"type": _("This is decided on a case; the question names none.")})
    if kind in ON_PROGRAMMES:
        _check_programme(decision, kind)
    if kind == DecisionType.REFUSE_ENROL and decision.item.case and decision.item.case.enrolled_on is not None:
        raise ValidationError({"type": _("The family is on support already.")})
    if kind == DecisionType.REMOVE and not decision.removal_reason:
        raise ValidationError({"removal_reason": _("Give the reason of the removal.")})
    if kind in WITH_UNTIL and (decision.until is None or decision.until <= decision.effective_on):
        raise ValidationError({"until": _("Say until when: a day after the decision takes effect.")})
    _check_days(decision, session)
    _check_executor(decision, kind)
    _check_votes(decision, session)


def _check_programme(decision: Decision, kind: DecisionType) -> None:
    programme = decision.programme
    if programme is None or programme.case_id != decision.item.case_id:
        raise ValidationError({"programme": _("Name the programme of this case that was submitted.")})
    if kind != DecisionType.AMEND_PROGRAMME and programme.state != ProgrammeState.SUBMITTED:
        raise ValidationError({"programme": _("Only a submitted programme is approved or returned.")})


def _check_days(decision: Decision, session: CouncilSession) -> None:
    if decision.effective_on < session.day:
        raise ValidationError({"effective_on": _("A decision takes effect on the day of the session or later.")})
    if decision.type in ORDER and decision.effective_on > session.council.today():
        raise ValidationError({"effective_on": _("This day has not come yet.")})
    if decision.due_on is not None and decision.due_on < session.day:
        raise ValidationError({"due_on": _("The day lies before the session.")})


def _check_executor(decision: Decision, kind: DecisionType) -> None:
    named = [
        name for name in ("executor_user", "executor_member", "executor_partner") if getattr(decision, f"{name}_id")
    ]
    if len(named) > 1:
        raise ValidationError({named[1]: _("Name one executor: a specialist, a member or an organisation.")})
    if kind in GIVEN_TO_SOMEBODY and not named:
        raise ValidationError({"executor_user": _("Name who carries it out.")})
    if kind in GIVEN_TO_SOMEBODY and decision.due_on is None:
        raise ValidationError({"due_on": _("Say by when.")})
    member = decision.executor_member
    if member is not None and member.council_id != decision.item.session.council_id:
        raise ValidationError({"executor_member": _("This person does not sit in the body.")})


def _check_votes(decision: Decision, session: CouncilSession) -> None:
    """A quorum for the question itself, and not more votes than members there; a tie is the chair's to decide (3.6)."""
    votes = decision.votes_for + decision.votes_against + decision.votes_abstained
    there = session.members_present or 0
    if decision.item.starts_at is not None:
        quorum = quorum_at(session, decision.item.starts_at)
        if not quorum.reached:
            raise ValidationError(
                _("At %(time)s there was no quorum (%(present)d of %(total)d were there): postpone the question.")
                % {"time": f"{decision.item.starts_at:%H:%M}", "present": quorum.present, "total": quorum.total},
                code="quorum",
            )
        there = quorum.present
    if votes > there:
        raise ValidationError({"votes_for": _("More votes than members who came.")})
    if decision.votes_against > decision.votes_for:
        raise ValidationError({"votes_against": _("More members voted against: nothing was decided.")})


@transaction.atomic
def delete_decision(*, decision: Decision, actor: User) -> None:
    """Strike out a decision entered by mistake, before the minutes are signed; its history stays."""
    session = lock(decision.item.session)
    require(access.may_write(actor, session))
    _check_open(session)
    with acting(actor):
        decision.delete()
