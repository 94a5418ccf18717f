"""Builders of bodies and sessions: one in any state, brought there by the services as the cast's people would."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile

from casework.enums import BasisBody, ProgrammeState, Stage
from casework.models import SupportCase
from councils.enums import DecisionType, ItemKind, ItemState, SeatRole, SessionState
from councils.models import AgendaItem, Council, CouncilMember, CouncilPolicy, CouncilSession, Decision
from councils.services import agenda, attendance, decisions, minutes, sessions
from families.enums import Sex
from tests import tokens
from tests.cast import Cast
from tests.factories.casework import case_at
from tests.factories.families import household
from tests.factories.programmes import programme_at

SINCE = date(2020, 1, 1)
SEATS = 5
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def seat(council: Council, number: int = 1, **values: Any) -> CouncilMember:
    """A seat of somebody without an account; every name is a token."""
    place = f"seat:{council.pk}.{number}"
    known: dict[str, Any] = {
        "last_name": tokens.word(f"{place}.last_name"),
        "first_name": tokens.word(f"{place}.first_name"),
        "patronymic": tokens.word(f"{place}.patronymic"),
        "sex": Sex.FEMALE,
        "post": "Начальник отдела",
        "organisation_title": "Управление образования",
        "starts_on": SINCE,
    }
    return CouncilMember.objects.create(council=council, **(known | values))


def body(cast: Cast, *, seats: int = SEATS, **values: Any) -> Council:
    """A coordination council of the cast's institution: chair, member and secretary with accounts, others without.

    The secretary does not vote; members are told on the same day, so that a session is held in one test.
    """
    known: dict[str, Any] = {
        "region": cast.region,
        "institution": cast.institution,
        "kind": BasisBody.COORDINATION_COUNCIL,
        "title": f"Координационный совет {Council.objects.count() + 1}",
        "title_genitive": "Координационного совета",
        "active_from": SINCE,
    }
    own = {name: values.pop(name) for name in ("quorum_percent", "notice_days") if name in values}
    council = Council.objects.create(**(known | values))
    CouncilPolicy.objects.create(council=council, valid_from=SINCE, **({"notice_days": 0} | own))
    seat(council, 1, role=SeatRole.CHAIR, user=cast.chair, is_deputy_head=True, post="Заместитель главы")
    seat(council, 2, user=cast.member)
    seat(council, 3, role=SeatRole.SECRETARY, user=cast.secretary, may_vote=False)
    for number in range(4, seats + 2):
        seat(council, number)
    return council


def moment(council: Council, days: int = 0) -> datetime:
    """Noon so many days from the body's today."""
    return datetime.combine(council.today() + timedelta(days=days), time(12), tzinfo=council.zone)


def planned(cast: Cast, council: Council | None = None, *, days: int = 0, **values: Any) -> CouncilSession:
    """A planned session, by default of today."""
    council = council or body(cast)
    return sessions.plan_session(council=council, planned_at=moment(council, days), actor=cast.secretary, **values)


def ready_case(cast: Cast, **values: Any) -> SupportCase:
    """A case in the agreement stage, with a submitted programme: what a council puts on support."""
    family = values.pop("family", None) or household(department=cast.department)
    case = case_at(Stage.CONTRACTING, family=family, curator=cast.specialist, actor=cast.specialist, **values)
    programme_at(ProgrammeState.SUBMITTED, case, author=cast.specialist, head=cast.head)
    return case


def on_agenda(cast: Cast, session: CouncilSession, case: SupportCase, kind: ItemKind = ItemKind.ENROL) -> AgendaItem:
    """A question on a case that the head asked for and the secretary put on the agenda."""
    item = agenda.propose(session=session, case=case, kind=kind, reason="Просьба отделения", actor=cast.head)
    agenda.include(session=session, items=[item], actor=cast.secretary)
    return item


def attend(cast: Cast, session: CouncilSession, present: Sequence[CouncilMember] | None = None) -> None:
    """Enter who came; by default everybody."""
    came = {row.pk for row in present} if present is not None else None
    seats = CouncilMember.objects.filter(council=session.council)
    rows = {row.pk: {"present": came is None or row.pk in came} for row in seats}
    attendance.enter_attendance(session=session, rows=rows, actor=cast.secretary)


def decide(cast: Cast, item: AgendaItem, kind: DecisionType, **values: Any) -> Decision:
    """A decision on a question, in effect from the day of the session."""
    item.refresh_from_db()
    known: dict[str, Any] = {
        "text": f"Решение: {kind.label}",
        "effective_on": item.session.day,
        "votes_for": 3,
    }
    return decisions.save_decision(decision=Decision(item=item, type=kind, **(known | values)), actor=cast.secretary)


def session_at(
    state: SessionState, cast: Cast, *, council: Council | None = None, cases: Sequence[SupportCase] = ()
) -> CouncilSession:
    """A session of today in `state`, with the cases (by default one that is ready) to be put on support."""
    session = planned(cast, council)
    for case in cases or [ready_case(cast)]:
        on_agenda(cast, session, case)
    if state == SessionState.PLANNED:
        return session
    if state == SessionState.CANCELLED:
        return sessions.cancel_session(session=session, reason="Нет помещения", actor=cast.secretary)
    sessions.approve_agenda(session=session, actor=cast.chair)
    if state == SessionState.AGENDA_APPROVED:
        return session
    if state == SessionState.NO_QUORUM:
        attend(cast, session, present=[])
        return sessions.note_no_quorum(session=session, actor=cast.secretary)
    attend(cast, session)
    sessions.hold(session=session, held_on=session.council.today(), actor=cast.secretary)
    if state == SessionState.HELD:
        return session
    for item in AgendaItem.objects.filter(session=session, state=ItemState.INCLUDED):
        decide(cast, item, DecisionType.ENROL)
        decide(cast, item, DecisionType.APPROVE_PROGRAMME)
    minutes.draft_minutes(session=session, actor=cast.secretary)
    if state == SessionState.MINUTES_SIGNED:
        minutes.sign_in_system(session=session, actor=cast.chair)
    return session


def scan() -> ContentFile[bytes]:
    """A signed paper as a file."""
    file = ContentFile(PDF, name="protokol.pdf")
    file.file = BytesIO(PDF)
    return file
