"""What adopted decisions do to cases: calls into the services of casework, when the minutes are signed and not before.

A decision is tried out when it is entered (`rehearse`): the same calls, taken back at once. So the signing of minutes
does not fail for a reason that could have been seen at the session.
"""

from collections.abc import Callable, Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from casework.enums import BasisBody, RemovalReason, Stage
from casework.models import SupportCase, SupportProgramme
from casework.services.decisions import Basis, enrol, extend, relapse, remove_by_decision
from casework.services.pauses import approve_pause
from casework.services.programmes import approve_programme, return_programme
from common.text import DASH
from councils.enums import DecisionType
from councils.models import CouncilSession, Decision

ORDER = (
    DecisionType.ENROL,
    DecisionType.APPROVE_PROGRAMME,
    DecisionType.RETURN_PROGRAMME,
    DecisionType.EXTEND,
    DecisionType.PAUSE,
    DecisionType.REMOVE,
)
"""Types that change a case, in the order in which they take effect: a family is put on support before its programme."""

LONGEST_REASON = 300


def in_order(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that change cases, in the order of their effects."""
    effective = [row for row in decisions if row.type in ORDER]
    return sorted(effective, key=lambda row: (ORDER.index(DecisionType(row.type)), row.item.position, row.ordinal))


def apply(*, decisions: Iterable[Decision], session: CouncilSession, number: str, actor: User) -> None:
    """Let adopted decisions take effect under the number of the minutes. Raises ValidationError."""
    basis = Basis(BasisBody(session.council.kind), number, session.day)
    for decision in in_order(decisions):
        EFFECTS[DecisionType(decision.type)](decision, basis, session, actor)


def rehearse(*, decisions: Sequence[Decision], session: CouncilSession, actor: User) -> None:
    """Try the decisions out and take everything back. Raises ValidationError as their effects would."""
    try:
        with transaction.atomic():
            apply(decisions=decisions, session=session, number=DASH, actor=actor)
            transaction.set_rollback(True)
    except IntegrityError as error:
        raise ValidationError(_("The decision contradicts what is on record of the case.")) from error


def _case(decision: Decision) -> SupportCase:
    found: SupportCase = SupportCase.objects.with_page().get(pk=decision.item.case_id)
    return found


def _programme(decision: Decision) -> SupportProgramme:
    """The programme the decision names, as it is stored now."""
    rows = SupportProgramme.objects.select_related("case__region", "case__institution__region")
    return rows.get(pk=decision.programme_id or 0)


def _enrol(decision: Decision, basis: Basis, _session: CouncilSession, actor: User) -> None:
    case = _case(decision)
    if case.stage == Stage.POST_SUPPORT:
        relapse(case=case, effective_on=decision.effective_on, basis=basis, actor=actor)
    else:
        enrol(case=case, effective_on=decision.effective_on, basis=basis, actor=actor)


def _approve(decision: Decision, basis: Basis, session: CouncilSession, actor: User) -> None:
    programme = _programme(decision)
    if programme.case.enrolled_on is None and programme.case.stage == Stage.CONTRACTING:
        enrol(case=_case(decision), effective_on=decision.effective_on, basis=basis, actor=actor)
    approve_programme(
        programme=programme,
        body=basis.body,
        title=session.council.title,
        number=basis.number,
        chair=session.chair.short_name if session.chair else "",
        on=session.day,
        actor=actor,
    )


def _return(decision: Decision, _basis: Basis, session: CouncilSession, actor: User) -> None:
    return_programme(programme=_programme(decision), remark=decision.text[:1000], on=session.day, actor=actor)


def _extend(decision: Decision, basis: Basis, _session: CouncilSession, actor: User) -> None:
    until = decision.until or decision.effective_on
    extend(case=_case(decision), effective_on=decision.effective_on, until=until, basis=basis, actor=actor)


def _pause(decision: Decision, basis: Basis, _session: CouncilSession, actor: User) -> None:
    approve_pause(
        case=_case(decision),
        starts_on=decision.effective_on,
        ends_on=decision.until or decision.effective_on,
        reason=decision.text[:LONGEST_REASON],
        basis=basis,
        actor=actor,
    )


def _remove(decision: Decision, basis: Basis, _session: CouncilSession, actor: User) -> None:
    remove_by_decision(
        case=_case(decision),
        effective_on=decision.effective_on,
        reason=RemovalReason(decision.removal_reason),
        note=decision.removal_note,
        basis=basis,
        actor=actor,
    )


EFFECTS: dict[DecisionType, Callable[[Decision, Basis, CouncilSession, User], None]] = {
    DecisionType.ENROL: _enrol,
    DecisionType.APPROVE_PROGRAMME: _approve,
    DecisionType.RETURN_PROGRAMME: _return,
    DecisionType.EXTEND: _extend,
    DecisionType.PAUSE: _pause,
    DecisionType.REMOVE: _remove,
}
