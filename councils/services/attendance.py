"""Who came to a session, and whether that makes it valid (I15; lessons 18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from common.history import acting, bulk_create_with_history
from councils import access
from councils.enums import AttendanceMode, SessionMode, SessionState
from councils.models import Attendance, CouncilMember, CouncilSession, Invitee
from councils.services.states import lock

FIELDS = ("present", "mode", "absence_reason", "came_at", "left_at")


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many of the members who vote came; `percent` of them are needed. Invitees do not count."""

    total: int
    present: int
    percent: int
    present_ids: frozenset[int]

    @property
    def needed(self) -> int:
        return -(-self.total * self.percent // 100)

    @property
    def reached(self) -> bool:
        """At least the share: 4 of 8 are half, 4 of 9 are not. A body without voting members decides nothing."""
        return self.total > 0 and self.present * 100 >= self.total * self.percent


def count_quorum(session: CouncilSession) -> Quorum:
    """Judge the attendance as entered by the rule of the day of the session: the body's own, else the region's.

    Once the session was held, or failed for want of a quorum, the share that was asked then stands.
    """
    return _judged(session, Attendance.objects.filter(session=session).select_related("member"))


def quorum_at(session: CouncilSession, moment: time | None) -> Quorum:
    """The quorum of one question: who was there when it was taken up. Without a time, all who came count."""
    return _judged(session, Attendance.objects.filter(session=session).select_related("member"), moment)


def _judged(session: CouncilSession, rows: Iterable[Attendance], moment: time | None = None) -> Quorum:
    """The quorum that these lines of attendance make at `moment`, None meaning the whole session."""
    known = list(rows)
    present = [row for row in known if row.is_there(moment)]
    return Quorum(
        total=sum(row.member.may_vote for row in known),
        present=sum(row.member.may_vote for row in present),
        percent=session.quorum_percent or session.council.quorum_percent_on(session.day),
        present_ids=frozenset(row.member_id for row in present),
    )


def keepers_of_minutes(session: CouncilSession) -> "QuerySet[CouncilMember]":
    """Who may have kept the minutes: those who came, but for who chaired."""
    came = Attendance.objects.filter(session=session, present=True)
    seats: QuerySet[CouncilMember] = CouncilMember.objects.filter(pk__in=came.values("member"))
    return seats.exclude(pk=session.chair_id or 0)


def invite_members(*, session: CouncilSession, actor: User) -> None:
    """Make a line of attendance for each member on the day of the session who has none."""
    known = set(Attendance.objects.filter(session=session).values_list("member_id", flat=True))
    seats = CouncilMember.objects.on(session.day).filter(council=session.council)
    mode = AttendanceMode.VIDEO if session.mode == SessionMode.VIDEO else AttendanceMode.IN_PERSON
    rows = [Attendance(session=session, member=seat, mode=mode) for seat in seats if seat.pk not in known]
    bulk_create_with_history(rows, actor=actor)


def too_early(session: CouncilSession) -> str:
    """Why nobody can have come yet: the day of the session lies ahead; "" from that day on."""
    if session.planned_on <= session.council.today():
        return ""
    text = _(
        "Attendance is entered from the day of the session on: %(day)s. If it meets earlier, change its day first."
    )
    return text % {"day": f"{session.planned_on:%d.%m.%Y}"}


@transaction.atomic
def enter_attendance(*, session: CouncilSession, rows: dict[int, dict[str, Any]], actor: User) -> None:
    """Enter who came, by member's id. Raises ValidationError before the agenda's approval and the day, or once held."""
    lock(session)
    require(access.may_write(actor, session))
    if session.state != SessionState.AGENDA_APPROVED:
        raise ValidationError(_("Attendance is entered once the agenda is approved, and until the session is held."))
    if reason := too_early(session):
        raise ValidationError(reason, code="early")
    invite_members(session=session, actor=actor)
    with acting(actor):
        for row in Attendance.objects.filter(session=session, member__in=rows):
            values = rows[row.member_id]
            if all(getattr(row, name) == values.get(name, getattr(row, name)) for name in FIELDS):
                continue
            for name in FIELDS:
                setattr(row, name, values.get(name, getattr(row, name)))
            row.full_clean()
            row.save()


@transaction.atomic
def invite(*, session: CouncilSession, name: str, post: str, actor: User) -> Invitee:
    """Add a person invited to the session; invitees do not vote."""
    lock(session)
    require(access.may_write(actor, session))
    row = Invitee(session=session, name=name, post=post)
    with acting(actor):
        row.full_clean()
        row.save()
    return row


@transaction.atomic
def remove_invitee(*, invitee: Invitee, actor: User) -> None:
    """Take an invited person off the list, while the minutes are not signed."""
    session = lock(invitee.session)
    require(access.may_write(actor, session))
    with acting(actor):
        invitee.delete()
