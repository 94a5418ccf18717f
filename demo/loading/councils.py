"""Bodies of a region at work: who sits in them, the sessions behind the decisions on record, and those to come.

What is past is written in bulk, as the services would have left it: one session of the body for each day on which cases
of its institution were decided on, under the number that these cases remember. What is to be done goes through the
services: a session that was held today and waits for its decisions, one next week to which the members are called, and
one whose agenda is still open.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from accounts.enums import Role
from accounts.models import Appointment, Region, User
from casework.enums import (
    DecisionKind,
    ProgrammeState,
    Stage,
)
from casework.models import CaseDecision, SupportCase
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
from councils.models import (
    AgendaItem,
    Attendance,
    Council,
    CouncilMember,
    CouncilSession,
    Decision,
    Minutes,
)
from councils.proposals import proposals
from councils.services import agenda, attendance, sessions
from demo.names import People
from demo.structure import BodyData, RegionData, typeset
from partners.models import PartnerOrganisation
from records.models import NumberSequence

SINCE = date(2020, 1, 1)
NUMBER_KIND = "councils.minutes"
NEXT_WEEK, LATER = 8, 24
MOST_TAKEN = 5
ABSENT_EVERY = 4
TEXTS = {
    DecisionKind.ENROL: (
        ItemKind.ENROL,
        DecisionType.ENROL,
        "О постановке семьи на социальное сопровождение",
        "Поставить семью на социальное сопровождение сроком на двенадцать месяцев.",
    ),
    DecisionKind.REMOVE: (
        ItemKind.REMOVE,
        DecisionType.REMOVE,
        "О снятии семьи с социального сопровождения",
        "Снять семью с социального сопровождения, рекомендовать постсопровождение.",
    ),
}
TASKS = (
    ("Провести сверку сведений о занятости родителей и сообщить секретарю.", -12, True),
    ("Организовать летний отдых детей из семей, рассмотренных на заседании.", -6, False),
    ("Представить сведения о посещении детьми образовательных организаций.", 20, False),
)
"""Given to the member of another agency: text, days until due, whether it was carried out."""


@dataclass
class Body:
    """A council with its seats at hand."""

    council: Council
    seats: list[CouncilMember] = field(default_factory=list)

    def seat(self, role: SeatRole) -> CouncilMember | None:
        return next((seat for seat in self.seats if seat.role == role), None)

    @property
    def voting(self) -> list[CouncilMember]:
        return [seat for seat in self.seats if seat.may_vote]


def load_councils(data: RegionData, region: Region, people: People, today: date) -> int:
    """Fill the bodies of a region; return how many sessions there are."""
    bodies = _seat_everybody(data, region, people)
    secretary = User.objects.get(username=f"secretary@{data.code}.demo")
    main = _main_body(bodies, secretary, today)
    past = _past_sessions(bodies, secretary, today)
    if main is None:
        return past
    chair = _take_seats(data, region, main, secretary)
    _give_tasks(main, today)
    return past + _coming_sessions(main, secretary=secretary, chair=chair, today=today)


def _seat_everybody(data: RegionData, region: Region, people: People) -> list[Body]:
    """Members of every body, from the organisations that the source names."""
    councils = {row.title: row for row in Council.objects.filter(region=region).select_related("region", "institution")}
    partners = {row.title: row for row in PartnerOrganisation.objects.filter(region=region)}
    bodies = []
    for source in data.bodies:
        council = councils[typeset(source.title)]
        bodies.append(Body(council, list(_seats(source, council, partners, people))))
    seats = [seat for body in bodies for seat in body.seats]
    bulk_create_with_history(seats, actor=None)
    return bodies


def _seats(
    source: BodyData, council: Council, partners: dict[str, PartnerOrganisation], people: People
) -> Iterable[CouncilMember]:
    for place in source.seats:
        person = people.colleague()
        organisation = partners.get(typeset(place.organisation))
        yield CouncilMember(
            council=council,
            last_name=person.last_name,
            first_name=person.first_name,
            patronymic=person.patronymic,
            sex=person.sex,
            post=place.post,
            is_deputy_head=place.role == "CHAIR" and "глав" in place.post.lower(),
            organisation=organisation,
            organisation_title="" if organisation else typeset(place.organisation),
            role=place.role,
            may_vote=place.role != "SECRETARY",
            starts_on=SINCE,
        )


def _approving(bodies: Sequence[Body], today: date) -> list[Body]:
    return [
        body
        for body in bodies
        if body.council.institution_id and body.council.kind == body.council.region.policy_on(today).approving_body
    ]


def _main_body(bodies: Sequence[Body], secretary: User, today: date) -> Body | None:
    """The approving body of the secretary's institution around which most families wait to be put on support."""
    institution_id = secretary.appointment.institution_id if secretary.appointment else None
    own = [body for body in _approving(bodies, today) if body.council.institution_id == institution_id]

    def weight(body: Body) -> tuple[int, int]:
        cases = _cases_of(body.council)
        return cases.filter(stage=Stage.CONTRACTING, programmes__state=ProgrammeState.SUBMITTED).count(), cases.count()

    return max(own, key=weight, default=None)


def _cases_of(council: Council) -> Any:
    cases = SupportCase.objects.filter(institution=council.institution, closed_on=None, is_restricted=False)
    return cases.filter(family__settlement__parent=council.territory) if council.territory else cases


def _take_seats(data: RegionData, region: Region, body: Body, secretary: User) -> User:
    """Give the demo's sign-ins their seats, and the chair an account of its own."""
    seat = body.seat(SeatRole.CHAIR)
    if seat is None:
        raise LookupError(f"{body.council} has no chair.")
    chair = User.objects.create(
        username=f"chair@{data.code}.demo",
        last_name=seat.last_name,
        first_name=seat.first_name,
        patronymic=seat.patronymic,
        post=seat.post,
        password=secretary.password,
    )
    Appointment.objects.create(user=chair, role=Role.COUNCIL_CHAIR, region=region, starts_on=SINCE)
    member = User.objects.get(username=f"member@{data.code}.demo")
    outside = next(row for row in body.seats if row.role == SeatRole.MEMBER)
    for row, user in ((seat, chair), (body.seat(SeatRole.SECRETARY), secretary), (outside, member)):
        if row is not None:
            row.user = user
            row.last_name, row.first_name, row.patronymic = user.last_name, user.first_name, user.patronymic
            row.save()
    return chair


def _past_sessions(bodies: Sequence[Body], secretary: User, today: date) -> int:
    """A signed session for each day on which cases were decided on, and its papers' rows; in bulk."""
    approving = defaultdict(list)
    for body in _approving(bodies, today):
        approving[body.council.institution_id].append(body)
    rows = CaseDecision.objects.filter(case__institution__in=list(approving)).select_related(
        "case__family__settlement", "case__curator"
    )
    decided: dict[tuple[int, date], list[CaseDecision]] = defaultdict(list)
    chosen: dict[int, Body] = {}
    for row in rows.order_by("decided_on", "pk"):
        body = _body_for(approving[row.case.institution_id], row.case)
        chosen[body.council.pk] = body
        decided[body.council.pk, row.decided_on].append(row)
    history = _History(secretary)
    for (key, day), decisions in sorted(decided.items()):
        history.add(chosen[key], day, decisions, today)
    history.save(today)
    return len(decided)


def _body_for(bodies: Sequence[Body], case: SupportCase) -> Body:
    """The body of the family's municipality, else the first of the institution."""
    place = case.family.settlement
    return next((body for body in bodies if place and body.council.territory_id == place.parent_id), bodies[0])


class _History:
    """Sessions of the past with everything that hangs on them, collected and written model by model."""

    def __init__(self, secretary: User) -> None:
        self.secretary = secretary
        self.sessions: list[CouncilSession] = []
        self.items: list[AgendaItem] = []
        self.decisions: list[Decision] = []
        self.attendance: list[Attendance] = []
        self.minutes: list[Minutes] = []

    def add(self, body: Body, day: date, decisions: Sequence[CaseDecision], today: date) -> None:
        council, chair = body.council, body.seat(SeatRole.CHAIR)
        absent = len(self.sessions) % ABSENT_EVERY
        ordinary = [seat for seat in body.voting if seat.role == SeatRole.MEMBER]
        away = ordinary[absent : absent + 1]
        signed_on = min(day + timedelta(days=2), today)
        session = CouncilSession(
            council=council,
            number=decisions[0].number,
            state=SessionState.MINUTES_SIGNED,
            planned_at=datetime.combine(day, time(10), tzinfo=council.zone),
            place=council.institution.address if council.institution else "",
            chair=chair,
            secretary=body.seat(SeatRole.SECRETARY),
            agenda_approved_on=day - timedelta(days=6),
            agenda_approved_by=chair.full_name if chair else "",
            held_on=day,
            signed_on=signed_on,
            members_total=len(body.voting),
            members_present=len(body.voting) - len(away),
            created_by=self.secretary,
        )
        self.sessions.append(session)
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
        for position, row in enumerate(decisions, start=1):
            self._question(session, position, row)
        self.minutes.append(
            Minutes(
                session=session,
                number=session.number,
                drafted_on=min(day + timedelta(days=1), today),
                drafted_by=self.secretary,
                signed_on=signed_on,
                signing_way=SigningWay.ON_PAPER,
                signatory=chair.full_name if chair else "",
            )
        )

    def _question(self, session: CouncilSession, position: int, row: CaseDecision) -> None:
        kind, decision, title, text = TEXTS[DecisionKind(row.kind)]
        item = AgendaItem(
            session=session,
            position=position,
            kind=kind,
            case=row.case,
            family=row.case.family,
            title=title,
            speaker=row.case.curator,
            draft_decision=text,
            heard="О положении семьи и предлагаемых мерах.",
            state=ItemState.CONSIDERED,
        )
        self.items.append(item)
        self.decisions.append(
            Decision(
                item=item,
                type=decision,
                text=text,
                removal_reason=row.case.removal_reason if decision == DecisionType.REMOVE else "",
                removal_note=row.case.removal_note if decision == DecisionType.REMOVE else "",
                effective_on=row.effective_on,
                votes_for=session.members_present or 0,
                state=DecisionState.ADOPTED,
            )
        )

    def save(self, today: date) -> None:
        for rows in (self.sessions, self.items, self.decisions, self.attendance, self.minutes):
            bulk_create_with_history(rows, actor=self.secretary)
        institutions = {row.council.institution_id for row in self.sessions}
        NumberSequence.objects.bulk_create(
            NumberSequence(kind=NUMBER_KIND, institution_id=key, year=today.year, last=today.timetuple().tm_yday)
            for key in institutions
            if key is not None
        )


def _give_tasks(body: Body, today: date) -> None:
    """Tasks of the last session for the demo's member: one carried out, one overdue, one to do."""
    session = CouncilSession.objects.filter(council=body.council).order_by("-held_on").first()
    member = next((seat for seat in body.seats if seat.user_id and seat.role == SeatRole.MEMBER), None)
    if session is None or session.held_on is None or member is None:
        return
    item = AgendaItem.objects.filter(session=session).order_by("position")[0]
    rows = []
    for ordinal, (text, days, done) in enumerate(TASKS, start=2):
        due_on = max(today + timedelta(days=days), session.held_on)
        rows.append(
            Decision(
                item=item,
                ordinal=ordinal,
                type=DecisionType.TASK,
                text=text,
                effective_on=session.held_on,
                votes_for=session.members_present or 0,
                executor_member=member,
                due_on=due_on,
                state=DecisionState.EXECUTED if done else DecisionState.ADOPTED,
                executed_on=due_on if done else None,
                report="Сведения сверены, справка передана секретарю." if done else "",
            )
        )
    bulk_create_with_history(rows, actor=session.created_by)


def _coming_sessions(body: Body, *, secretary: User, chair: User, today: date) -> int:
    """One held today that waits for its decisions, one next week with its agenda approved, one still open."""
    council = body.council
    current = _plan(council, secretary, today, NEXT_WEEK)
    _take(current, secretary, most=2)
    _announce(current, chair, today)
    came = {seat.pk: {"present": True} for seat in body.seats}
    attendance.enter_attendance(session=current, rows=came, actor=secretary)
    sessions.hold(session=current, held_on=today, actor=secretary)
    coming = _plan(council, secretary, today, NEXT_WEEK)
    _take(coming, secretary, most=MOST_TAKEN)
    agenda.add_organisational(
        session=coming, title="О плане работы на следующий квартал", actor=secretary, draft_decision="Утвердить план."
    )
    sessions.approve_agenda(session=coming, actor=chair)
    _plan(council, secretary, today, LATER)
    return 3


def _plan(council: Council, secretary: User, today: date, days: int) -> CouncilSession:
    planned_at = datetime.combine(today + timedelta(days=days), time(10), tzinfo=council.zone)
    place = council.institution.address if council.institution else ""
    return sessions.plan_session(council=council, planned_at=planned_at, actor=secretary, place=place)


def _take(session: CouncilSession, secretary: User, *, most: int) -> None:
    """Put the weightiest proposals of the system on the agenda."""
    keys = [row.key for row in proposals(session)][:most]
    agenda.take_proposals(session=session, keys=keys, actor=secretary)


def _announce(session: CouncilSession, chair: User, today: date) -> None:
    """The session takes place today: it was planned, and its agenda approved, in time, days ago."""
    update_with_history(
        CouncilSession.objects.filter(pk=session.pk),
        actor=chair,
        planned_at=session.planned_at - (session.planned_on - today),
        state=SessionState.AGENDA_APPROVED,
        agenda_approved_on=today - timedelta(days=6),
        agenda_approved_by=chair.get_full_name(),
    )
    session.refresh_from_db()
