"""A session from its plan to the day it is held, or is not: planning, the agenda's approval, quorum, cancelling."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.notifications import notify
from common.calendar import local_date
from common.history import acting
from councils import access
from councils.enums import SeatRole, SessionKind, SessionState
from councils.models import Council, CouncilMember, CouncilSession
from councils.readiness import agenda_lacks, check_notice
from councils.services import agenda, grants
from councils.services.attendance import count_quorum, invite_members, keepers_of_minutes
from councils.services.states import check_transition, lock, transition
from councils.waiting import tell_secretariat

PLAN_FIELDS = ("kind", "planned_at", "place", "link", "mode", "chair", "secretary")


@transaction.atomic
def plan_session(*, council: Council, planned_at: datetime, actor: User, **values: Any) -> CouncilSession:
    """Plan a session; its chair and secretary are the body's unless named. What was postponed comes along.

    Raises PermissionDenied, or ValidationError for a body without a secretariat, one that has ceased, a past day, or
    one too near for the members to be told in time.
    """
    require(access.keeps(actor, council))
    day = local_date(planned_at, council.zone)
    if day < council.today():
        raise ValidationError({"planned_at": _("A session is planned for a day to come.")})
    if not Council.objects.active(day).filter(pk=council.pk).exists():
        raise ValidationError({"planned_at": _("The body does not exist on this day.")})
    session = CouncilSession(council=council, planned_at=planned_at, created_by=actor, **values)
    _fill_presidium(session)
    check_notice(session)
    check_presidium(session)
    with acting(actor):
        session.full_clean()
        session.save()
    agenda.bring_postponed(session=session, actor=actor)
    return session


def seat_of(council: Council, role: SeatRole, day: date) -> CouncilMember | None:
    """Who holds a role in the body on `day`."""
    return CouncilMember.objects.on(day).filter(council=council, role=role).select_related("user").first()


def _fill_presidium(session: CouncilSession) -> None:
    """Chair and secretary of the body, on the day of the session, where nobody else is named."""
    session.chair = session.chair or seat_of(session.council, SeatRole.CHAIR, session.day)
    session.secretary = session.secretary or seat_of(session.council, SeatRole.SECRETARY, session.day)


def check_presidium(session: CouncilSession) -> None:
    """Raise ValidationError unless chair and secretary sit in the body on the day of the session."""
    for name in ("chair", "secretary"):
        seat: CouncilMember | None = getattr(session, name)
        if seat is None:
            continue
        if not CouncilMember.objects.on(session.day).filter(pk=seat.pk, council=session.council_id).exists():
            raise ValidationError({name: _("This person does not sit in the body on the day of the session.")})
    if session.chair is not None and session.chair.role not in {SeatRole.CHAIR, SeatRole.DEPUTY}:
        raise ValidationError({"chair": _("A session is chaired by the chair or a deputy chair.")})


@transaction.atomic
def change_session(*, session: CouncilSession, values: dict[str, Any], actor: User) -> CouncilSession:
    """Change day, place or presidium of a session that has not been held; a new secretary opens its families.

    A day nearer than the notice allows is refused, also where an extraordinary session becomes a regular one.
    """
    lock(session)
    require(access.may_write(actor, session))
    if session.state not in {SessionState.PLANNED, SessionState.AGENDA_APPROVED}:
        raise ValidationError(_("The session was held: its day and place stay as they were."))
    former, moved = session.secretary_id, values.get("planned_at", session.planned_at) != session.planned_at
    was_bound = session.kind != SessionKind.EXTRAORDINARY
    for name in PLAN_FIELDS:
        if name in values:
            setattr(session, name, values[name])
    if moved and session.planned_on < session.council.today():
        raise ValidationError({"planned_at": _("A session is planned for a day to come.")})
    _fill_presidium(session)
    check_presidium(session)
    if moved or not was_bound:
        check_notice(session)
    with acting(actor):
        session.full_clean()
        session.save()
    if session.secretary_id != former:
        grants.hand_over(session=session, actor=actor)
    if moved and session.state == SessionState.AGENDA_APPROVED:
        _tell_members(session, "councils.session_moved", session.planned_at.isoformat())
    return session


@transaction.atomic
def approve_agenda(*, session: CouncilSession, actor: User) -> CouncilSession:
    """Approve the agenda: the chair. The members are called and may read the packet from now on.

    Where the chair has no account the secretary notes the approval on paper. Raises PermissionDenied, ValidationError.
    """
    lock(session)
    require(access.may_approve_agenda(actor, session))
    check_transition(session, SessionState.AGENDA_APPROVED)
    if lacks := agenda_lacks(session):
        raise ValidationError(lacks)
    check_notice(session)
    agenda.renumber(session=session, actor=actor)
    agenda.judge_references(session=session, actor=actor)
    transition(
        session=session,
        to=SessionState.AGENDA_APPROVED,
        actor=actor,
        agenda_approved_on=session.council.today(),
        agenda_approved_by=session.chair.full_name if session.chair else "",
    )
    invite_members(session=session, actor=actor)
    _tell_members(session, "councils.agenda_approved", "")
    fact, day = f"session:{session.pk}", session.planned_on
    tell_secretariat(session, "councils.agenda_is_approved", fact=fact, actor=actor, day=day)
    return session


def _tell_members(session: CouncilSession, code: str, what: str) -> None:
    """Tell the members who have an account, without a word on families."""
    seats = CouncilMember.objects.on(session.planned_on).filter(council=session.council, user__isnull=False)
    notify(
        list(seats.values_list("user_id", flat=True)),
        code,
        fact=f"session:{session.pk}:{what}",
        target="councils:session",
        target_id=session.pk,
        day=session.planned_on,
        time=session.planned_time,
    )


@transaction.atomic
def hold(
    *, session: CouncilSession, held_on: date, actor: User, secretary: CouncilMember | None = None
) -> CouncilSession:
    """Note that the session was held: attendance is entered and there is a quorum (I15).

    Its minutes are kept, and signed as secretary, by `secretary`: who came in place of the one named before.

    Raises PermissionDenied, or ValidationError without a quorum, before the agenda's approval, for a day to come, for a
    secretary who did not come.
    """
    lock(session)
    require(access.may_write(actor, session))
    check_transition(session, SessionState.HELD)
    quorum = count_quorum(session)
    _check_held(session, held_on)
    if not quorum.reached:
        raise ValidationError(
            _("There is no quorum: %(present)d of %(total)d members came, %(needed)d are needed.")
            % {"present": quorum.present, "total": quorum.total, "needed": quorum.needed},
            code="quorum",
        )
    if session.chair_id not in quorum.present_ids:
        raise ValidationError(
            _("Who chairs the session did not come: name the deputy who chaired it in the plan of the session.")
        )
    keeper = secretary or session.secretary
    if keeper is None or not keepers_of_minutes(session).filter(pk=keeper.pk).exists():
        raise ValidationError({"secretary": _("The secretary did not come: name a member who kept the minutes.")})
    transition(
        session=session,
        to=SessionState.HELD,
        actor=actor,
        held_on=held_on,
        secretary=keeper,
        members_total=quorum.total,
        members_present=quorum.present,
        quorum_percent=quorum.percent,
    )
    return session


def _check_held(session: CouncilSession, held_on: date) -> None:
    if held_on > session.council.today():
        raise ValidationError({"held_on": _("This day has not come yet.")})
    if session.agenda_approved_on and held_on < session.agenda_approved_on:
        raise ValidationError({"held_on": _("The agenda was approved later than this day.")})


@transaction.atomic
def note_no_quorum(*, session: CouncilSession, actor: User) -> CouncilSession:
    """Note that the members did not come: all questions are postponed. Raises ValidationError where they came."""
    lock(session)
    require(access.may_write(actor, session))
    check_transition(session, SessionState.NO_QUORUM)
    quorum = count_quorum(session)
    if quorum.reached:
        raise ValidationError(_("There is a quorum: the session can be held."), code="quorum")
    if session.planned_on > session.council.today():
        raise ValidationError(_("The day of the session has not come yet."))
    transition(
        session=session,
        to=SessionState.NO_QUORUM,
        actor=actor,
        members_total=quorum.total,
        members_present=quorum.present,
        quorum_percent=quorum.percent,
    )
    agenda.postpone_all(session=session, actor=actor, reason="Нет кворума")
    grants.end_now(session=session, actor=actor)
    return session


@transaction.atomic
def cancel_session(*, session: CouncilSession, reason: str, actor: User) -> CouncilSession:
    """Cancel a session that has not been held, with a reason; its questions go to the next one."""
    lock(session)
    require(access.may_write(actor, session))
    was_announced = session.state == SessionState.AGENDA_APPROVED
    transition(session=session, to=SessionState.CANCELLED, actor=actor, reason=reason, cancel_reason=reason.strip())
    agenda.postpone_all(session=session, actor=actor, reason="Заседание отменено")
    grants.end_now(session=session, actor=actor)
    if was_announced:
        _tell_members(session, "councils.session_cancelled", "cancelled")
    return session
