"""Whose step is next with a session: who approves is told of its agenda, the secretariat of a day that has passed.

Services lock the session that they change (`services.states.lock`); once their transaction is through, what is told of
it is brought in step with what it waits for now. What a day or a change of posts alone brings is told each morning.
"""

from collections.abc import Collection, Sequence

import structlog
from django.db import transaction
from django.db.models import DateField, QuerySet, Value
from django.utils.translation import gettext as _

from accounts.models import Appointment, User
from accounts.notifications import notify, remind, told_to
from common.commits import once_committed
from councils import access
from councils.enums import SessionState
from councils.models import CouncilSession, Minutes
from councils.querysets import BEFORE_SESSION
from councils.readiness import waiting_for_approval

logger = structlog.get_logger(__name__)

AGENDA_WAITS, MISSED = "councils.agenda_to_approve", "councils.session_missed"


def watch(session: CouncilSession) -> None:
    """Look, when the transaction is through, for whom the session waits; however often it is said, once."""
    once_committed(_tell_each, [session.pk])


def tell(pk: int) -> int:
    """Tell those for whom a session waits, settle it for whom it does not any more; return how many were told."""
    session: CouncilSession = CouncilSession.objects.with_page().get(pk=pk)
    nobody = Appointment.objects.none()
    approvers = access.approvers(session) if waiting_for_approval([session]) else nobody
    keepers = access.secretariat(session.council) if missed(session) else nobody
    return _remind(AGENDA_WAITS, approvers, session) + _remind(MISSED, keepers, session)


def _remind(code: str, posts: "QuerySet[Appointment]", session: CouncilSession) -> int:
    about = posts.annotate(session=Value(session.pk), on=Value(session.planned_on, output_field=DateField()))
    told, _settled = remind(
        code,
        facts=[told_to(about, "user", "planned", "session", "on", about="session", day="on")],
        objects=CouncilSession.objects.filter(pk=session.pk).values_list("pk"),
        target="councils:session",
    )
    return told


def tell_of_all(institutions: Collection[int]) -> int:
    """The same of all sessions of these institutions' bodies that have not been held; how many were told."""
    ahead = CouncilSession.objects.filter(council__institution__in=institutions, state__in=BEFORE_SESSION)
    return _tell_each(ahead.order_by("pk").values_list("pk", flat=True))


def _tell_each(keys: Collection[int]) -> int:
    """Tell of these sessions; one that fails is logged, the others are told of all the same. How many were told."""
    return sum(_told(pk) for pk in keys)


def _told(pk: int) -> int:
    """`tell`, by itself: what fails with one session is logged and keeps no other from being told of."""
    try:
        with transaction.atomic():
            return tell(pk)
    except Exception:
        logger.exception("session_not_told_of", session=pk)
        return 0


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
    waiting = Minutes.objects.filter(session__in=sessions, signed_on=None)
    unsigned = set(waiting.values_list("session_id", flat=True))
    steps = [
        (row, _("Approve the agenda.") if row.pk in approvable else _step(user, row, unsigned=row.pk in unsigned))
        for row in sessions
    ]
    return [(row, step) for row, step in steps if step]


def _step(user: User, session: CouncilSession, *, unsigned: bool) -> str:
    keeps = access.keeps(user, session.council)
    if unsigned and access.may_sign(user, session):
        return _("Sign the minutes.")
    if not keeps:
        return ""
    if session.state == SessionState.HELD:
        return _("Enter the decisions and draw up the minutes.")
    if unsigned:
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
