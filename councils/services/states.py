"""The states of a session and of a question: one table each, and the one way to change them (domain 3.6)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from common.history import acting
from councils.enums import ItemState, SessionState
from councils.models import AgendaItem, CouncilSession
from councils.waiting import watch

TRANSITIONS: dict[str, frozenset[str]] = {
    SessionState.PLANNED: frozenset({SessionState.AGENDA_APPROVED, SessionState.CANCELLED}),
    SessionState.AGENDA_APPROVED: frozenset({SessionState.HELD, SessionState.NO_QUORUM, SessionState.CANCELLED}),
    SessionState.HELD: frozenset({SessionState.MINUTES_DRAFTED}),
    SessionState.MINUTES_DRAFTED: frozenset({SessionState.MINUTES_SIGNED}),
    SessionState.MINUTES_SIGNED: frozenset(),
    SessionState.NO_QUORUM: frozenset(),
    SessionState.CANCELLED: frozenset(),
}

ITEM_TRANSITIONS: dict[str, frozenset[str]] = {
    ItemState.PROPOSED: frozenset({ItemState.INCLUDED, ItemState.POSTPONED, ItemState.WITHDRAWN}),
    ItemState.INCLUDED: frozenset({ItemState.CONSIDERED, ItemState.POSTPONED, ItemState.WITHDRAWN}),
    ItemState.CONSIDERED: frozenset(),
    ItemState.POSTPONED: frozenset(),
    ItemState.WITHDRAWN: frozenset(),
}


def lock(session: CouncilSession) -> CouncilSession:
    """`session` itself, filled anew and locked to the end of the transaction; whom it then waits for is told."""
    session.refresh_from_db(from_queryset=CouncilSession.objects.with_page().select_for_update(of=("self",)))
    watch(session)
    return session


def check_transition(session: CouncilSession, to: SessionState) -> None:
    """Raise ValidationError where the table does not lead from the session's state to `to`."""
    if to not in TRANSITIONS[session.state]:
        raise ValidationError(
            _("The session is “%(state)s”: this cannot be done now.") % {"state": session.get_state_display()},
            code="transition",
        )


def transition(*, session: CouncilSession, to: SessionState, actor: User, reason: str = "", **values: Any) -> None:
    """Bring a locked session to its next state, with the `values` that come with it. Raises ValidationError."""
    check_transition(session, to)
    session.state = to
    for name, value in values.items():
        setattr(session, name, value)
    with acting(actor, reason):
        session.full_clean()
        session.save()


def move_item(*, item: AgendaItem, to: ItemState, actor: User, reason: str = "") -> None:
    """Bring a question to its next state. Raises ValidationError where the table does not lead there."""
    if to not in ITEM_TRANSITIONS[item.state]:
        raise ValidationError(
            _("The question is “%(state)s”: this cannot be done now.") % {"state": item.get_state_display()},
            code="transition",
        )
    item.state, item.state_reason = to, reason.strip()
    with acting(actor, reason):
        item.save()
