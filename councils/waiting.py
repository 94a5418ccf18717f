"""Whose step is next with a session: who approves is told that its agenda waits, the secretariat that it is approved.

Services lock the session that they change (`services.states.lock`); once their transaction is through, what is told of
its agenda is brought in step with what it waits for now.
"""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import DateField, Value
from django.utils.translation import gettext as _

from accounts.models import Appointment, User
from accounts.notifications import notify, remind, told_to
from councils import access
from councils.enums import SessionState
from councils.models import CouncilSession
from councils.readiness import waiting_for_approval

AGENDA_WAITS = "councils.agenda_to_approve"


def watch(session: CouncilSession) -> None:
    """Look, when the transaction is through, whether the agenda of the session waits to be approved."""
    transaction.on_commit(partial(tell, session.pk), robust=True)


def tell(pk: int) -> None:
    """Tell those who approve the agenda that it waits for them; settle it where it does not, or no longer for them."""
    session: CouncilSession = CouncilSession.objects.with_page().get(pk=pk)
    posts = access.approvers(session) if waiting_for_approval([session]) else Appointment.objects.none()
    about = posts.annotate(session=Value(pk), on=Value(session.planned_on, output_field=DateField()))
    remind(
        AGENDA_WAITS,
        facts=[told_to(about, "user", "agenda", "session", "on", about="session", day="on")],
        objects=CouncilSession.objects.filter(pk=pk).values_list("pk"),
        target="councils:session",
    )


def tell_secretariat(session: CouncilSession, code: str, *, fact: str, actor: User, **params: object) -> None:
    """Tell those who keep the secretariat of a step that `actor`, who knows of it, has taken."""
    posts = access.secretariat(session.council).exclude(user=actor)
    notify(
        posts.values_list("user_id", flat=True),
        code,
        fact=fact,
        target="councils:session",
        target_id=session.pk,
        **params,
    )


def to_do(user: User, sessions: Sequence[CouncilSession]) -> list[tuple[CouncilSession, str]]:
    """Of these sessions those in which the next step is that of `user`, with the step in words.

    What is still ahead of its day is nobody's step, but for the approval of its agenda.
    """
    agendas = [row for row in sessions if access.may_approve_agenda(user, row)]
    approvable = {row.pk for row in waiting_for_approval(agendas)}
    steps = [(row, _("Approve the agenda.") if row.pk in approvable else _step(user, row)) for row in sessions]
    return [(row, step) for row, step in steps if step]


def _step(user: User, session: CouncilSession) -> str:
    keeps = access.keeps(user, session.council)
    if session.state == SessionState.MINUTES_DRAFTED and access.may_sign(user, session):
        return _("Sign the minutes.")
    if not keeps:
        return ""
    if session.state == SessionState.HELD:
        return _("Enter the decisions and draw up the minutes.")
    if session.state == SessionState.MINUTES_DRAFTED:
        return _("The chair signs the minutes in the system, or upload the signed paper.")
    return missed(session)


def missed(session: CouncilSession) -> str:
    """What is to be done with a session whose day has passed without it; "" for any other."""
    if session.planned_on >= session.council.today():
        return ""
    if session.state == SessionState.PLANNED:
        return _("Its day has passed without an approved agenda: choose another day, or cancel the session.")
    if session.state == SessionState.AGENDA_APPROVED:
        return _("Its day has passed: enter who came and that it was held, or choose another day, or cancel it.")
    return ""
