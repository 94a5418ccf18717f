"""What becomes of the activities of a programme in force (domain 3.7)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from casework import access
from casework.enums import ActivityState, ProgrammeState
from casework.models import ProgrammeActivity, SupportCase
from casework.services.events import Params, record_event
from common.history import acting

State = ActivityState
CLOSED = (State.DONE, State.PARTLY_DONE, State.NOT_DONE, State.CANCELLED)

TRANSITIONS: dict[str, frozenset[str]] = {
    State.PLANNED: frozenset({State.IN_PROGRESS, *CLOSED}),
    State.IN_PROGRESS: frozenset({State.IN_PROGRESS, *CLOSED}),
    **{state: frozenset() for state in CLOSED},
}
"""An activity in progress may be noted again, with more times done."""


def may_set(user: User, case: SupportCase, state: str) -> bool:
    """Whoever writes in the case notes that work goes on; only the curator says how it ended."""
    if state == State.IN_PROGRESS:
        return access.may_draft(user, case)
    return access.may_mark_done(user, case)


@transaction.atomic
def set_progress(
    *, activity: ProgrammeActivity, state: ActivityState, on: date, actor: User, result: str = "", done_times: int = 0
) -> None:
    """Note how an activity goes. The end needs a result, a failure its reason; the last one completes the programme.

    Raises PermissionDenied, ValidationError for a move outside the table or a programme that is not in force.
    """
    programme = activity.programme
    case = programme.case
    require(may_set(actor, case, state))
    if programme.state != ProgrammeState.ACTIVE:
        raise ValidationError(_("The activities of a programme begin when its agreement is signed."))
    if state not in TRANSITIONS[activity.state]:
        raise ValidationError(
            _("The activity is “%(state)s”: this cannot be done now.") % {"state": activity.get_state_display()}
        )
    _check(case, state, on, result, programme.approved_on)
    activity.state, activity.result = state, result.strip()
    activity.done_times = max(done_times, 1) if state == State.DONE else done_times
    activity.done_on = on if state in {State.DONE, State.PARTLY_DONE} else None
    with acting(actor):
        activity.full_clean()
        activity.save()
    if state in CLOSED:
        params: Params = {"position": activity.position, "state": state.value}
        record_event(case, "activity_closed", on=on, by=actor, params=params)
        _complete_when_over(activity, on, actor)


def _check(case: SupportCase, state: str, on: date, result: str, earliest: date | None) -> None:
    if on > case.institution.today():
        raise ValidationError({"on": _("This day has not come yet.")})
    if earliest is not None and on < earliest:
        raise ValidationError({"on": _("The programme was approved later than this day.")})
    if state in CLOSED and not result.strip():
        text = (
            _("Say why it was not done.") if state in {State.NOT_DONE, State.CANCELLED} else _("Say what came of it.")
        )
        raise ValidationError({"result": text})


def _complete_when_over(activity: ProgrammeActivity, on: date, actor: User) -> None:
    """All activities closed and the end date come: the programme is completed."""
    programme = activity.programme
    if programme.ends_on > on or programme.activities.unfinished().exists():
        return
    programme.state, programme.closed_on = ProgrammeState.COMPLETED, on
    with acting(actor):
        programme.full_clean()
        programme.save()
