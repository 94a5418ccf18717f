"""Routes of the councils room, and sessions in every state and relation that the access table knows."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from accounts.models import Institution
from casework.enums import RemovalReason
from councils import papers
from councils.enums import (
    HELD_STATES,
    DecisionState,
    DecisionType,
    ItemKind,
    ItemState,
    SeatRole,
    SessionMode,
    SessionState,
    SigningWay,
)
from councils.models import (
    AgendaItem,
    Attendance,
    Council,
    CouncilMember,
    CouncilPolicy,
    CouncilSession,
    Decision,
    Invitee,
    Minutes,
    MinutesExtract,
)
from tests import tokens
from tests.access.domains import Relation, Role
from tests.access.routes import form, listing, page, post
from tests.factories.councils import body, moment, seat
from tests.factories.records import PDF, IssuedDocumentFactory

if TYPE_CHECKING:
    from tests.access.worlds import Subject, World

N, S = Relation, SessionState
DAY = timedelta(days=1)
SEATED = (Role.COUNCIL_MEMBER, Role.COUNCIL_CHAIR)
# What of the access table a text answers to; who came and was invited is for those who read the session whole.
OBJECTS = {
    "councils.Council": "council_session",
    "councils.CouncilMember": "council_session",
    "councils.CouncilSession": "council_session",
    "councils.AgendaItem": "council_session",
    "councils.AgendaItem.materials": "session_packet",
    "councils.AgendaItem.draft_decision": "session_packet",
    "councils.AgendaItem.heard": "minutes",
    "councils.AgendaItem.spoke": "minutes",
    "councils.Decision": "decision",
    "councils.Attendance": "session_packet",
    "councils.Invitee": "session_packet",
    "councils.Minutes": "minutes",
    "councils.MinutesExtract": "decision",
}
# Under which names a session fills addresses: a step is asked of the session that waits for it.
NAMES_BY_STATE = {
    "before": ("planned_session", "open_session"),
    "called": ("called_session", "open_session"),
    "held": ("held_session", "open_session"),
    "drafted": ("drafted_session", "open_session"),
    "signed": ("signed_session",),
    "cancelled": (),
    "ahead": ("called_session", "open_session"),
    "over": ("planned_session", "called_session", "held_session", "drafted_session", "signed_session", "open_session"),
    "strange": ("signed_session",),
    "left": ("called_session", "open_session"),
    "late": ("held_session", "open_session"),
}
ALL_NAMES = ("planned_session", "called_session", "held_session", "drafted_session", "signed_session", "open_session")

READERS = (
    *(Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR),
    *(Role.COUNCIL_SECRETARY, Role.COUNCIL_MEMBER, Role.COUNCIL_CHAIR),
)
KEEPERS = (Role.COUNCIL_SECRETARY, Role.REGION_ADMIN)

BODIES = [
    listing("councils:bodies", "council_body.list", only=KEEPERS),
    page("councils:body", "council_body.read", at="body"),
    form("councils:body_new", "council_body.create"),
    form("councils:body_edit", "council_body.write", at="body"),
    form("councils:seat_new", "council_body.write", at="body"),
    form("councils:seat_edit", "council_body.write", at="seat"),
    form("councils:rules_new", "council_body.write", at="body"),
    form("councils:rules_edit", "council_body.write", at="own_rules"),
]
SESSIONS = [
    listing("councils:home", "council_session.list", only=READERS),
    form("councils:session_new", "council_session.create", at="own_body"),
    page("councils:session", "council_session.read", at="session"),
    form("councils:session_edit", "council_session.write", at="planned_session"),
    form("councils:approve", "council_session.approve", at="planned_session", state=True),
    form("councils:attendance", "council_session.write", at="called_session", state=True),
    form("councils:invitee_new", "council_session.write", at="open_session", state=True),
    post("councils:invitee_remove", "council_session.write", at="invitee", state=True),
    form("councils:hold", "council_session.write", at="called_session", state=True),
    form("councils:no_quorum", "council_session.write", at="called_session", state=True),
    form("councils:cancel", "council_session.write", at="planned_session", state=True),
    post("councils:agenda_print", "council_session.print", at="session"),
    page("councils:agenda_docx", "council_session.print", at="session"),
]
AGENDA = [
    form("councils:candidates", "council_session.write", at="planned_session", state=True),
    form("councils:matter_new", "council_session.write", at="planned_session"),
    form("councils:propose", "agenda_item.submit", also="case.read", at="case", state=True),
    page("councils:packet", "session_packet.read", at="session", state=True),
    form("councils:restricted_item", "session_packet.read", at="restricted_question", state=True),
    form("councils:item_edit", "session_packet.write", at="open_question"),
    post("councils:item_include", "council_session.write", at="proposed_question", state=True),
    form("councils:item_withdraw", "council_session.write", at="open_question"),
    form("councils:item_postpone", "council_session.write", at="open_question"),
    post("councils:item_move", "council_session.write", at="question_up", state=True),
]
DECISIONS = [
    listing("councils:decisions", "council_session.list", only=READERS),
    form("councils:decision_new", "decision.write", at="question", state=True),
    page("councils:decision", "decision.read", at="decision"),
    page("councils:decision", "decision.read", at="removal"),
    page("councils:decision", "decision.read", at="executed_decision"),
    form("councils:decision_edit", "decision.write", at="draft_decision"),
    form("councils:decision_delete", "decision.write", at="draft_decision"),
    form("councils:decision_report", "decision.submit", at="adopted_decision"),
    form("councils:decision_cancel", "minutes.write", at="task_decision"),
    form("councils:extract_new", "minutes.print", at="adopted_decision", state=True),
]
MINUTES = [
    post("councils:minutes_draft", "minutes.write", at="held_session", state=True),
    form("councils:minutes_sign", "minutes.sign", at="drafted_session", state=True),
    form("councils:minutes_upload", "minutes.upload", at="drafted_session", state=True),
    form("councils:minutes_correct", "minutes.write", at="signed_session", state=True),
    post("councils:minutes_print", "minutes.print", at="signed_session_full", state=True),
    post("councils:minutes_print", "public_minutes.print", at="signed_session_public", state=True),
    page("councils:minutes_docx", "minutes.print", at="signed_session", state=True),
    page("records:document", "minutes.print", at="named_minutes"),
    page("records:document", "session_packet.read", at="public_minutes"),
]
ROUTES = [*BODIES, *SESSIONS, *AGENDA, *DECISIONS, *MINUTES]


def subjects(world: "World") -> list["Subject"]:
    """Bodies of the own institution, of another one and of another region, with their sessions in every state."""
    return [*_Councils(world).subjects]


class _Councils:
    """Writes sessions straight into the state that each relation of the table speaks of."""

    def __init__(self, world: "World") -> None:
        self.world, self.cast = world, world.cast
        self.today = world.cast.institution.today()
        self.subjects: list[Subject] = []
        self._body("own", body(self.cast), dict.fromkeys(SEATED, N.OWN))
        self._session("before", body(self.cast), S.PLANNED, "agenda_before")
        by_video = {"mode": SessionMode.VIDEO, "link": "-"}
        called = self._session("called", body(self.cast), S.AGENDA_APPROVED, "agenda_during", **by_video)
        self._question("restricted", called, "restricted_unnamed", dict.fromkeys(SEATED, N.RESTRICTED_UNNAMED))
        self._question("beside", called, "agenda_beside", {})
        self._question("closed", called, "closed_old", {Role.DEPARTMENT_HEAD: N.DEPARTMENT})
        self._session("held", body(self.cast), S.HELD, "agenda_during")
        self._session("drafted", body(self.cast), S.MINUTES_DRAFTED, "agenda_during")
        self._session("signed", body(self.cast), S.MINUTES_SIGNED, "agenda_during", days=30)
        self._session("over", body(self.cast), S.MINUTES_SIGNED, "agenda_after", days=31)
        self._session("cancelled", body(self.cast), S.CANCELLED, "agenda_after", cancel_reason="-")
        self._closed_to_members()
        self._elsewhere("other", self.cast.other_institution, "elsewhere")
        self._elsewhere("foreign", self.cast.foreign_institution, "foreign")

    def _closed_to_members(self) -> None:
        """Bodies of the institution in which the member and the chair never sat, sit no more, or do not sit yet."""
        strange = self._council("strange", self.cast.institution)
        self._session("strange", strange, S.MINUTES_SIGNED, "", days=1)
        told = {"executor_user": self.cast.specialist}
        given = self._council("given", self.cast.institution)
        addressed = {Role.SPECIALIST: N.ADDRESSED}
        self._given("given", self._write(given, S.MINUTES_SIGNED, 1), addressed, **told)
        self._given("to be given", self._write(given, S.MINUTES_DRAFTED, 1), {}, **told)
        left = self._council("left", self.cast.institution)
        ended = {"ends_on": self.today - DAY}
        old_seat = seat(left, 2, user=self.cast.member, **ended)
        seat(left, 3, user=self.cast.chair, **ended)
        self._session("left", left, S.AGENDA_APPROVED, "")
        self._given("left with a task", self._write(left, S.MINUTES_SIGNED, 1), {}, executor_member=old_seat)
        ahead = self._council("ahead", self.cast.institution)
        seat(ahead, 2, user=self.cast.member, starts_on=self.today + DAY)
        seat(ahead, 3, user=self.cast.chair, starts_on=self.today + DAY)
        self._session("ahead", ahead, S.AGENDA_APPROVED, "")
        # A body they came to after the session was held: it is theirs, the session is not.
        late = self._council("late", self.cast.institution)
        seat(late, 2, user=self.cast.member, starts_on=self.today)
        seat(late, 3, user=self.cast.chair, starts_on=self.today)
        self._session("late", late, S.HELD, "", days=1)

    def _elsewhere(self, key: str, institution: Institution, family: str) -> None:
        self._body(key, self._council(f"{key} body", institution), {})
        self._session(key, self._council(key, institution), S.AGENDA_APPROVED, family)

    def _council(self, key: str, institution: Institution) -> Council:
        title = f"Совет {tokens.word(f'council:{key}')}"
        council = body(self.cast, seats=0, region=institution.region, institution=institution, title=title)
        CouncilMember.objects.filter(council=council).delete()
        seat(council, 1, role=SeatRole.CHAIR)
        return council

    def _body(self, key: str, council: Council, near: dict[Role, Relation]) -> None:
        from tests.access.worlds import Subject  # noqa: PLC0415 - the world asks this module for its subjects

        subject = Subject("body", f"body {key}", self.cast, _relations(key, N.INSTITUTION, N.REGION) | near)
        if key != "own":
            strangers = (Role.COUNCIL_SECRETARY, *SEATED)
            subject.relations |= dict.fromkeys(strangers, subject.relations[Role.SPECIALIST])
        else:
            subject.relations[Role.COUNCIL_SECRETARY] = N.INSTITUTION
            subject.add("own_body", council)
        subject.add("body", council)
        seats = CouncilMember.objects.filter(council=council)
        subject.add("seat", seats.earliest("pk"))
        subject.add("own_rules", CouncilPolicy.objects.get(council=subject.rows["body"]))
        own = dict.fromkeys(("councils.Council", "councils.CouncilMember"), "council_body")
        self.world.tokenize(subject, [council, *seats], own)
        self.subjects.append(subject)

    def _write(self, council: Council, state: SessionState, days: int, **values: Any) -> CouncilSession:
        day = self.today - days * DAY
        return CouncilSession.objects.create(
            council=council,
            planned_at=moment(council, -days),
            state=state,
            chair=council.members.filter(role=SeatRole.CHAIR).first(),
            secretary=council.members.filter(role=SeatRole.SECRETARY).first(),
            created_by=self.cast.secretary,
            held_on=day if state in HELD_STATES else None,
            signed_on=day if state == S.MINUTES_SIGNED else None,
            agenda_approved_on=None if state == S.PLANNED else day,
            members_total=6,
            members_present=6,
            **values,
        )

    def _session(
        self, key: str, council: Council, state: SessionState, family: str, days: int = 0, **values: Any
    ) -> CouncilSession:
        session = self._write(council, state, days, **values)
        subject = self._subject(key, family)
        for name in NAMES_BY_STATE.get(key, ALL_NAMES):
            subject.add(name, session)
        subject.add("session", session)
        rows: list[Any] = [council, *council.members.all(), session, *self._items(subject, session, family)]
        if state != S.PLANNED:
            subject.add("invitee", Invitee.objects.create(session=session, name="Приглашённый"))
            member = council.members.earliest("pk")
            subject.add("attendance", Attendance.objects.create(session=session, member=member))
            rows += [subject.rows["attendance"], subject.rows["invitee"]]
        if state in {S.MINUTES_DRAFTED, S.MINUTES_SIGNED}:
            subject.add("minutes", self._minutes(session))
            rows.append(subject.rows["minutes"])
        if state == S.MINUTES_SIGNED:
            subject.add("signed_session_full", session, "full")
            subject.add("signed_session_public", session, "public")
            rows.append(self._extract(subject))
        if key == "signed":
            rows.append(self._correction(session))
        self.world.tokenize(subject, rows)
        if key == "signed":
            self._issued(subject, session)
        return session

    def _issued(self, subject: "Subject", session: CouncilSession) -> None:
        """The minutes as they were issued: one paper names the family, the other tells what members may read."""
        question = AgendaItem.objects.get(pk=subject.rows["question"].pk)
        assert question.family is not None
        mother = question.family.memberships.get(is_head=True).person
        for name, owner_kind, told in (
            ("named_minutes", papers.MINUTES, mother.last_name),
            ("public_minutes", papers.SESSION_OWNER, question.materials),
        ):
            owner = {"owner_kind": owner_kind, "owner_id": session.pk, "institution": self.cast.institution}
            subject.add(name, IssuedDocumentFactory.create(pdf=PDF + told.encode(), **owner))

    def _subject(self, key: str, family: str) -> "Subject":
        from tests.access.worlds import Subject  # noqa: PLC0415 - as above

        subject = Subject("session", f"session {key}", self.cast, _relations(key, N.INSTITUTION, N.REGION))
        window = {"before": N.AGENDA_BEFORE} | dict.fromkeys(("over", "cancelled"), N.AGENDA_AFTER)
        abroad = {"other": N.OTHER_BODY, "foreign": N.OTHER_REGION}.get(key)
        subject.relations |= dict.fromkeys(
            (Role.COUNCIL_SECRETARY, *SEATED), abroad or window.get(key, N.AGENDA_DURING)
        )
        if key in {"strange", "left", "late", "ahead"}:
            subject.relations |= dict.fromkeys(SEATED, N.OTHER_BODY)
        if family in {"agenda_before", "agenda_during", "agenda_after"}:
            own = family == "agenda_during"
            subject.relations |= {Role.SPECIALIST: N.OWN if own else N.DEPARTMENT, Role.DEPARTMENT_HEAD: N.DEPARTMENT}
        self.subjects.append(subject)
        return subject

    def _items(self, subject: "Subject", session: CouncilSession, family: str) -> list[Any]:
        """The question of the session, a proposed one where the agenda is open, and what was decided."""
        question = self._item(session, family, 1)
        subject.add("question", question)
        rows: list[Any] = [question]
        if session.state == S.PLANNED:
            subject.add("open_question", question)
            proposed = self._item(session, family, 2, state=ItemState.PROPOSED)
            subject.add("proposed_question", proposed)
            subject.add("question_up", proposed, "up")
            rows.append(proposed)
        elif session.state not in {S.MINUTES_SIGNED, S.CANCELLED} or subject.key == "session over":
            subject.add("open_question", question)
        if session.state == S.AGENDA_APPROVED:
            rows.append(self._item(session, family, 2, state=ItemState.POSTPONED, state_reason="-"))
        if session.state in HELD_STATES:
            rows.append(self._decision(subject, session, question))
        if subject.key == "session signed":
            rows += self._more_decisions(subject, session, question)
        return rows

    def _more_decisions(self, subject: "Subject", session: CouncilSession, item: AgendaItem) -> list[Decision]:
        """A removal from support, and a task that has been carried out."""
        removed = {"type": DecisionType.REMOVE, "removal_reason": RemovalReason.REFUSAL, "removal_note": "-"}
        done = {"type": DecisionType.TASK, "executed_on": session.day, "report": "-"}
        common: dict[str, Any] = {"item": item, "text": "решили", "effective_on": session.day}
        removal = Decision.objects.create(ordinal=2, state=DecisionState.ADOPTED, **removed, **common)
        executed = Decision.objects.create(ordinal=3, state=DecisionState.EXECUTED, **done, **common)
        subject.add("removal", removal)
        subject.add("executed_decision", executed)
        return [removal, executed]

    def _decision(self, subject: "Subject", session: CouncilSession, item: AgendaItem, **executor: Any) -> Decision:
        adopted = session.state == S.MINUTES_SIGNED
        decision = Decision.objects.create(
            item=item,
            type=DecisionType.TASK,
            text="решили",
            effective_on=session.day,
            due_on=session.day,
            state=DecisionState.ADOPTED if adopted else DecisionState.DRAFT,
            **(executor or {"executor_user": self.cast.neighbour}),
        )
        subject.add("decision", decision)
        subject.add("adopted_decision" if adopted else "draft_decision", decision)
        if subject.key in {"session signed", "session over"}:
            subject.add("task_decision", decision)
        return decision

    def _item(
        self,
        session: CouncilSession,
        family: str,
        position: int,
        state: ItemState = ItemState.INCLUDED,
        state_reason: str = "",
    ) -> AgendaItem:
        if session.state in HELD_STATES:
            state = ItemState.CONSIDERED
        asked = self.world.subject(family) if family else None
        return AgendaItem.objects.create(
            session=session,
            position=position,
            kind=ItemKind.REVIEW if asked else ItemKind.ORGANISATIONAL,
            family=asked.family if asked else None,
            case=asked.rows["case"] if asked else None,
            title="вопрос",
            state=state,
            state_reason=state_reason,
        )

    def _minutes(self, session: CouncilSession) -> Minutes:
        day = session.day
        minutes = Minutes.objects.create(session=session, drafted_on=day, drafted_by=self.cast.secretary)
        if session.state == S.MINUTES_SIGNED:
            minutes.number, minutes.signed_on, minutes.signing_way = f"{session.pk}/26", day, SigningWay.ON_PAPER
            minutes.signatory = "председатель"
            minutes.save()
        return minutes

    def _correction(self, session: CouncilSession) -> Minutes:
        """A signed version that corrects the first one."""
        signed: dict[str, Any] = {"signed_on": session.day, "signing_way": SigningWay.ON_PAPER, "signatory": "-"}
        drafted: dict[str, Any] = {"drafted_on": session.day, "drafted_by": self.cast.secretary}
        told = {"correction": "-", "correction_reason": "-"}
        return Minutes.objects.create(
            session=session, edition=2, number=f"{session.pk}/26-2", **signed, **drafted, **told
        )

    def _extract(self, subject: "Subject") -> MinutesExtract:
        extract = MinutesExtract.objects.create(
            decision=subject.rows["decision"], number="1", addressee="-", issued_on=self.today, issued_by=self.cast.head
        )
        subject.add("extract", extract)
        return extract

    def _question(self, key: str, session: CouncilSession, family: str, near: dict[Role, Relation]) -> None:
        """One more question of a session, which its readers do not all read."""
        subject = self._subject(key, family)
        subject.relations |= near
        item = self._item(session, family, session.items.count() + 1)
        subject.add(f"{key}_question", item)
        self.world.tokenize(subject, [item])

    def _given(self, key: str, session: CouncilSession, near: dict[Role, Relation], **executor: Any) -> None:
        """A decision given to somebody who does not open its session; a draft is given to nobody yet."""
        subject = self._subject(key, "")
        subject.relations |= dict.fromkeys(SEATED, N.OTHER_BODY) | near
        item = self._item(session, "", 2)
        decision = self._decision(subject, session, item, **executor)
        self.world.tokenize(subject, [item, decision], {"councils.AgendaItem": "decision"})


def _relations(key: str, near: Relation, wide: Relation) -> dict[Role, Relation]:
    """How what belongs to an institution stands to everybody, the council's own people aside."""
    abroad = {"other": (N.OTHER_INSTITUTION, N.REGION), "foreign": (N.OTHER_REGION, N.OTHER_REGION)}
    near, wide = abroad.get(key, (near, wide))
    inside = {Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.AUDITOR, Role.DUTY_OFFICER}
    whole = {Role.SYSTEM_ADMIN, Role.ANONYMOUS}
    return {role: N.ANYWHERE if role in whole else near if role in inside else wide for role in Role}
