"""Bodies of a region at work: the sessions behind the decisions on record, and those to come.

What is past is written in bulk, as the services would have left it, by the questions that the courses of the cases have
put to each session. What is to be done goes through the services: a session held on the last working day that waits for
its decisions, one next week to which the members are called, and one whose agenda is still open.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from accounts.models import Region, User
from casework.models import CaseEvent
from common.calendar import WorkingCalendar
from common.history import bulk_create_with_history, update_with_history
from councils.enums import (
    AttendanceMode,
    DecisionState,
    DecisionType,
    ItemKind,
    ItemState,
    SeatRole,
    SessionState,
    SigningWay,
)
from councils.models import AgendaItem, Attendance, CouncilSession, Decision, Minutes
from councils.papers import issue_minutes
from councils.proposals import Proposal, proposals
from councils.readiness import first_day_allowed
from councils.services import agenda, attendance, sessions
from councils.services.agenda import TITLES
from demo.loading.bodies import Body, chair_account
from demo.loading.sittings import Question, Sitting, Sittings

ABSENT_EVERY = 4
REFERRED_WITHIN = 3
CALLED_BEFORE = 4
"""Working days from a commission's session to its programme at the working group, and from an agenda to its session."""
PAPERS_OF_MAIN, PAPERS_OF_OTHERS = 2, 1
"""So many of the last sessions of the main body, and of each other one, have their minutes on paper: rendering takes
time, and those are the minutes that people open."""
BEGINS = time(10)
TEXTS = {
    DecisionType.ENROL: "Поставить семью на социальное сопровождение.",
    DecisionType.APPROVE_PROGRAMME: "Утвердить индивидуальную программу сопровождения.",
    DecisionType.EXTEND: "Продлить социальное сопровождение: цели программы ещё не достигнуты.",
    DecisionType.REMOVE: "Снять семью с социального сопровождения, рекомендовать постсопровождение.",
    DecisionType.TAKE_NOTE: "Принять информацию к сведению.",
    DecisionType.REFER: "Одобрить совместный план мероприятий, направить программу на утверждение рабочей группе.",
}
HEARD = {
    ItemKind.ENROL: "О положении семьи, её согласии на сопровождение и проекте программы.",
    ItemKind.APPROVE_PROGRAMME: "О мероприятиях программы, исполнителях и сроках.",
    ItemKind.EXTEND: "О выполнении программы и о том, что ещё предстоит сделать.",
    ItemKind.REMOVE: "О результатах сопровождения и итоговой оценке.",
    ItemKind.REVIEW: "О положении семьи и ходе работы с ней.",
}
TASKS = (
    ("Провести сверку сведений о занятости родителей и сообщить секретарю.", -12, True),
    ("Организовать летний отдых детей из семей, рассмотренных на заседании.", -6, False),
    ("Представить сведения о посещении детьми образовательных организаций.", 20, False),
)
"""Given to the member of another agency: text, days until due, whether it was carried out."""


def load_past_sessions(region: Region, sittings: Sittings, secretary: User, today: date) -> None:
    """Write the sessions of the past with their papers."""
    held = list(sittings.held())
    for body in {sitting.body.code: sitting.body for sitting in held}.values():
        if body.seat(SeatRole.CHAIR).user is None:
            chair_account(body, region, f"{body.code}-chair")
    history = _History(sittings.working, secretary, today)
    for sitting in held:
        history.add(sitting)
    last = [sitting for sitting in held if sitting.body is sittings.main][-1]
    history.give_tasks(last, today)
    history.save()
    printed = _printed(held, sittings.main)
    history.sign([session for sitting, session in history.sessions if sitting in printed])


def _printed(held: Sequence[Sitting], main: Body) -> set[Sitting]:
    """The sessions whose minutes have their frozen paper."""
    by_body: dict[str, list[Sitting]] = {}
    for sitting in held:
        by_body.setdefault(sitting.body.code, []).append(sitting)
    return {
        sitting
        for code, rows in by_body.items()
        for sitting in rows[-(PAPERS_OF_MAIN if code == main.code else PAPERS_OF_OTHERS) :]
    }


class _History:
    """Sessions of the past with everything that hangs on them, collected and written model by model."""

    def __init__(self, working: WorkingCalendar, secretary: User, today: date) -> None:
        self.working, self.secretary, self.today = working, secretary, today
        self.sessions: list[tuple[Sitting, CouncilSession]] = []
        self.items: list[AgendaItem] = []
        self.decisions: list[Decision] = []
        self.attendance: list[Attendance] = []
        self.minutes: list[Minutes] = []
        self.events: list[tuple[CouncilSession, CaseEvent]] = []

    def add(self, sitting: Sitting) -> None:
        """Gather a session that was held, its minutes signed two working days later."""
        body, day = sitting.body, sitting.on
        council, chair = body.council, body.seat(SeatRole.CHAIR)
        ordinary = [seat for seat in body.voting if seat.role == SeatRole.MEMBER]
        absent = len(self.sessions) % ABSENT_EVERY
        away = ordinary[absent : absent + 1] if len(body.voting) > ABSENT_EVERY else []
        session = CouncilSession(
            council=council,
            number=sitting.number,
            state=SessionState.MINUTES_SIGNED,
            planned_at=datetime.combine(day, BEGINS, tzinfo=council.zone),
            place=council.institution.address if council.institution else "",
            chair=chair,
            secretary=body.seat(SeatRole.SECRETARY),
            agenda_approved_on=self.working.add(day, -CALLED_BEFORE),
            agenda_approved_by=chair.full_name,
            held_on=day,
            signed_on=self._after(day, 2),
            members_total=len(body.voting),
            members_present=len(body.voting) - len(away),
            quorum_percent=council.region.policy_on(day).quorum_percent,
            created_by=self.secretary,
        )
        self.sessions.append((sitting, session))
        self.attendance += [
            Attendance(
                session=session,
                member=seat,
                present=seat not in away,
                mode=AttendanceMode.IN_PERSON,
                absence_reason="служебная командировка" if seat in away else "",
            )
            for seat in body.seats
        ]
        for position, question in enumerate(sitting.questions, start=1):
            self._question(session, position, question)
        self.minutes.append(self._minutes(session))

    def _after(self, day: date, count: int) -> date:
        """So many working days after a session; long holidays are no reason to look ahead of today."""
        return min(self.working.add(day, count), self.today)

    def _minutes(self, session: CouncilSession) -> Minutes:
        chair = session.chair
        return Minutes(
            session=session,
            number=session.number,
            drafted_on=self._after(session.day, 1),
            drafted_by=self.secretary,
            signed_on=session.signed_on,
            signing_way=SigningWay.IN_SYSTEM,
            signed_by=chair.user if chair else None,
            signatory=chair.full_name if chair else "",
        )

    def _question(self, session: CouncilSession, position: int, question: Question) -> None:
        case = question.course.case
        item = AgendaItem(
            session=session,
            position=position,
            kind=question.kind,
            case=case,
            family=case.family,
            title=TITLES[question.kind],
            speaker=case.curator or case.opened_by,
            materials="Справка о семье роздана членам перед заседанием.",
            draft_decision=" ".join(TEXTS[kind] for kind in question.decisions),
            heard=HEARD[question.kind],
            state=ItemState.CONSIDERED,
        )
        self.items.append(item)
        for ordinal, kind in enumerate(question.decisions, start=1):
            self._decide(item, ordinal, kind, question)

    def _decide(self, item: AgendaItem, ordinal: int, kind: DecisionType, question: Question) -> None:
        session, case = item.session, question.course.case
        edition = question.edition if kind == DecisionType.APPROVE_PROGRAMME else None
        removes = kind == DecisionType.REMOVE
        decision = Decision(
            item=item,
            ordinal=ordinal,
            type=kind,
            text=TEXTS[kind],
            programme=edition.row if edition else None,
            removal_reason=case.removal_reason if removes else "",
            removal_note=case.removal_note if removes else "",
            effective_on=session.day,
            until=question.until if kind == DecisionType.EXTEND else None,
            votes_for=session.members_present or 0,
            state=DecisionState.ADOPTED,
        )
        if kind == DecisionType.REFER:
            decision.executor_user, decision.due_on = item.speaker, self._after(session.day, REFERRED_WITHIN)
            decision.state, decision.executed_on = DecisionState.EXECUTED, decision.due_on
            decision.report = "Программа направлена рабочей группе."
        self.decisions.append(decision)
        params = {"decision": kind.value, "number": session.number, "date": session.day.isoformat()}
        event = CaseEvent(case=case, kind="council_decided", on=session.day, by=self.secretary, params=params)
        self.events.append((session, event))

    def give_tasks(self, sitting: Sitting, today: date) -> None:
        """Tasks of a session for the demo's member: one carried out, one overdue, one to do."""
        session = next(row for known, row in self.sessions if known is sitting)
        item = next(row for row in self.items if row.session is session)
        member = sitting.body.seat(SeatRole.MEMBER)
        following = 1 + sum(row.item is item for row in self.decisions)
        for ordinal, (text, days, done) in enumerate(TASKS, start=following):
            due_on = max(today + timedelta(days=days), sitting.on)
            self.decisions.append(
                Decision(
                    item=item,
                    ordinal=ordinal,
                    type=DecisionType.TASK,
                    text=text,
                    effective_on=sitting.on,
                    votes_for=session.members_present or 0,
                    executor_member=member,
                    due_on=due_on,
                    state=DecisionState.EXECUTED if done else DecisionState.ADOPTED,
                    executed_on=due_on if done else None,
                    report="Сведения сверены, справка передана секретарю." if done else "",
                )
            )

    def save(self) -> None:
        """Write everything but the minutes."""
        rows = [row for _sitting, row in self.sessions]
        for found in (rows, self.items, self.decisions, self.attendance):
            bulk_create_with_history(found, actor=self.secretary)
        for session, event in self.events:
            event.object_kind, event.object_id = "session", session.pk
        CaseEvent.objects.bulk_create(event for _session, event in self.events)

    def sign(self, printed: Sequence[CouncilSession]) -> None:
        """Write the minutes; those of these sessions have their frozen paper, as the chair's signing makes it."""
        minutes = {row.session.pk: row for row in self.minutes}
        for session in printed:
            row = minutes[session.pk]
            row.issued_document_id = issue_minutes(session=session, minutes=row, actor=self.secretary).pk
        bulk_create_with_history(self.minutes, actor=self.secretary)


def load_coming_sessions(sittings: Sittings, *, secretary: User, chair: User, today: date) -> None:
    """One held that waits for its decisions, one next week with its agenda approved, one still open."""
    body, working = sittings.main, sittings.working
    coming_on = next_week_day(working, today, first_day_allowed(body.council))
    current = _plan(body, secretary, coming_on)
    taken = {row.kind: row for row in reversed(proposals(current))}
    _announce(current, [taken[ItemKind.ENROL], taken[ItemKind.REMOVE]], chair, secretary, sittings)
    came = {seat.pk: {"present": True} for seat in body.seats}
    attendance.enter_attendance(session=current, rows=came, actor=secretary)
    sessions.hold(session=current, held_on=sittings.current_on, actor=secretary)
    coming = _plan(body, secretary, coming_on)
    agenda.take_proposals(session=coming, keys=[row.key for row in proposals(coming)], actor=secretary)
    agenda.add_organisational(
        session=coming, title="О плане работы на следующий квартал", actor=secretary, draft_decision="Утвердить план."
    )
    sessions.approve_agenda(session=coming, actor=chair)
    _plan(body, secretary, working.same_or_next(coming_on + timedelta(weeks=3)))


def next_week_day(working: WorkingCalendar, today: date, earliest: date) -> date:
    """A working day from Monday to Friday of next week, Thursday if it can be; in long holidays the first after it."""
    monday = today + timedelta(days=7 - today.weekday())
    week = [monday + timedelta(days=number) for number in (3, 2, 4, 1, 0)]
    return next((day for day in week if day >= earliest and working.is_working(day)), None) or working.same_or_next(
        max(week[2], earliest)
    )


def _plan(body: Body, secretary: User, day: date) -> CouncilSession:
    council = body.council
    place = council.institution.address if council.institution else ""
    planned_at = datetime.combine(day, BEGINS, tzinfo=council.zone)
    return sessions.plan_session(council=council, planned_at=planned_at, actor=secretary, place=place)


def _announce(
    session: CouncilSession, questions: Sequence[Proposal], chair: User, secretary: User, sittings: Sittings
) -> None:
    """The session took place on the last working day: planned, and its agenda approved, in time before."""
    on = sittings.current_on
    approved_on = sittings.working.add(on, -CALLED_BEFORE)
    rows = CouncilSession.objects.filter(pk=session.pk)
    update_with_history(rows, actor=secretary, planned_at=session.planned_at - (session.planned_on - on))
    agenda.take_proposals(session=session, keys=[row.key for row in questions], actor=secretary, on=approved_on)
    update_with_history(
        rows,
        actor=chair,
        state=SessionState.AGENDA_APPROVED,
        agenda_approved_on=approved_on,
        agenda_approved_by=chair.get_full_name(),
    )
    session.refresh_from_db()
