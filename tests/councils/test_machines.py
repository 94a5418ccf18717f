"""Sessions and their questions: every action, in every state, by everybody (domain 3.6, access rules 6.2, 6.3)."""

import pytest
from django.db.models import Model

from accounts.models import User
from casework.models import SupportCase
from councils.enums import DecisionType, ItemKind, ItemState, SessionState
from councils.models import AgendaItem, CouncilMember, CouncilSession, Decision, Invitee
from councils.services import agenda, attendance, decisions, execution, minutes, sessions
from tests.cast import Cast
from tests.factories.councils import attend, decide, planned, ready_case, scan, session_at
from tests.machines import Action, everybody, judge

pytestmark = pytest.mark.django_db

S, Q = SessionState, ItemState
SECRETARY = {"secretary", "deputy_secretary"}
# The chair's deputy does everything but sign the minutes (clarifications, Accounts).
CHAIR, SIGNS = {"chair", "deputy_chair"}, {"chair"}
HEAD = {"head", "deputy"}


def upload(session: CouncilSession, user: User) -> object:
    """Sign the minutes by a scan of the paper."""
    return minutes.sign_on_paper(session=session, signed_on=session.day, file=scan(), name="protokol.pdf", actor=user)


def session_actions(cast: Cast) -> dict[str, Action]:
    """What is done with a session, by whom and when."""

    def nobody_came(session: CouncilSession) -> None:
        attend(cast, session, present=[])

    def is_decided(session: CouncilSession) -> None:
        decide(cast, AgendaItem.objects.get(session=session), DecisionType.TAKE_NOTE)

    another = ready_case(cast)

    def propose(session: CouncilSession, user: User) -> object:
        case = SupportCase.objects.visible_to(user).with_page().get(pk=another.pk)
        return agenda.propose(session=session, case=case, kind=ItemKind.ENROL, reason="Просьба", actor=user)

    return {
        "change": Action(
            lambda row, user: sessions.change_session(session=row, values={"place": "Малый зал"}, actor=user),
            {S.PLANNED: SECRETARY, S.AGENDA_APPROVED: SECRETARY},
        ),
        "propose a question": Action(propose, {S.PLANNED: HEAD}),
        "add a matter": Action(
            lambda row, user: agenda.add_organisational(session=row, title="План работы", actor=user),
            {S.PLANNED: SECRETARY},
        ),
        "approve the agenda": Action(
            lambda row, user: sessions.approve_agenda(session=row, actor=user), {S.PLANNED: CHAIR}
        ),
        "hold": Action(
            lambda row, user: sessions.hold(session=row, held_on=row.council.today(), actor=user),
            {S.AGENDA_APPROVED: SECRETARY},
            {S.AGENDA_APPROVED: lambda session: attend(cast, session)},
        ),
        "note that there is no quorum": Action(
            lambda row, user: sessions.note_no_quorum(session=row, actor=user),
            {S.AGENDA_APPROVED: SECRETARY},
            {S.AGENDA_APPROVED: nobody_came},
        ),
        "cancel": Action(
            lambda row, user: sessions.cancel_session(session=row, reason="Нет зала", actor=user),
            {S.PLANNED: SECRETARY, S.AGENDA_APPROVED: SECRETARY},
        ),
        "draft the minutes": Action(
            lambda row, user: minutes.draft_minutes(session=row, actor=user), {S.HELD: SECRETARY}, {S.HELD: is_decided}
        ),
        "sign the minutes": Action(
            lambda row, user: minutes.sign_in_system(session=row, actor=user), {S.MINUTES_DRAFTED: SIGNS}
        ),
        "upload signed minutes": Action(upload, {S.MINUTES_DRAFTED: SECRETARY}),
        "correct the minutes": Action(
            lambda row, user: minutes.correct_minutes(
                session=row, reason="Описка", correction="Вместо «2» читать «3»", actor=user
            ),
            {S.MINUTES_SIGNED: SECRETARY},
        ),
    }


UNTIL_SIGNED = (S.PLANNED, S.AGENDA_APPROVED, S.HELD, S.MINUTES_DRAFTED)


def people_actions() -> dict[str, Action]:
    """What is done with who is called to a session and who came."""

    def is_invited(session: CouncilSession) -> None:
        Invitee.objects.create(session=session, name="Смирнова А. А.")

    def remove(session: CouncilSession, user: User) -> object:
        invitee = Invitee.objects.visible_to(user).get(session=session)
        return attendance.remove_invitee(invitee=invitee, actor=user)

    def come(session: CouncilSession, user: User) -> object:
        rows = {seat.pk: {"present": True} for seat in CouncilMember.objects.filter(council=session.council)}
        return attendance.enter_attendance(session=session, rows=rows, actor=user)

    return {
        "invite": Action(
            lambda row, user: attendance.invite(session=row, name="Котова Е. И.", post="Врач", actor=user),
            dict.fromkeys(UNTIL_SIGNED, SECRETARY),
        ),
        "take an invitee off": Action(remove, dict.fromkeys(UNTIL_SIGNED, SECRETARY), dict.fromkeys(S, is_invited)),
        "enter attendance": Action(come, {S.AGENDA_APPROVED: SECRETARY}),
    }


def decision_actions(cast: Cast) -> dict[str, Action]:
    """What is done with what a session has decided."""

    def is_decided(session: CouncilSession) -> None:
        decide(cast, AgendaItem.objects.get(session=session), DecisionType.TAKE_NOTE)

    def decision_of(session: CouncilSession, user: User) -> Decision:
        decision: Decision = Decision.objects.visible_to(user).with_page().filter(item__session=session).earliest("pk")
        return decision

    def strike_out(session: CouncilSession, user: User) -> object:
        return decisions.delete_decision(decision=decision_of(session, user), actor=user)

    def extract(session: CouncilSession, user: User) -> object:
        values = {"addressee": "Комиссия", "names_family": False}
        return execution.make_extract(decision=decision_of(session, user), actor=user, **values)

    def report(session: CouncilSession, user: User) -> object:
        values = {"executed_on": session.day, "report": "Сделано"}
        return execution.report_execution(decision=decision_of(session, user), actor=user, **values)

    def cancel(session: CouncilSession, user: User) -> object:
        return execution.cancel_decision(decision=decision_of(session, user), reason="Отменено судом", actor=user)

    given, signed = {S.HELD: is_decided}, {S.MINUTES_SIGNED: SECRETARY}
    return {
        "strike a decision out": Action(strike_out, dict.fromkeys((S.HELD, S.MINUTES_DRAFTED), SECRETARY), given),
        "make an extract": Action(extract, signed, given),
        "report on a decision": Action(report, signed, given),
        "cancel a decision": Action(cancel, signed, given),
    }


@pytest.mark.parametrize("state", S)
def test_every_action_on_a_session_by_everybody(cast: Cast, state: SessionState) -> None:
    people = everybody(cast)
    session = session_at(state, cast)
    actions = session_actions(cast) | people_actions() | decision_actions(cast)
    assert judge(session, state, actions, people) == []


QUESTIONS = {
    "proposed": (S.PLANNED, Q.PROPOSED),
    "included": (S.PLANNED, Q.INCLUDED),
    "called": (S.AGENDA_APPROVED, Q.INCLUDED),
    "at the session": (S.HELD, Q.INCLUDED),
    "considered": (S.HELD, Q.CONSIDERED),
    "in the draft": (S.MINUTES_DRAFTED, Q.CONSIDERED),
    "signed": (S.MINUTES_SIGNED, Q.CONSIDERED),
    "withdrawn": (S.PLANNED, Q.WITHDRAWN),
    "postponed": (S.HELD, Q.POSTPONED),
}
"""Where a question may be: the state of its session, and its own."""


def question_at(cast: Cast, place: str) -> AgendaItem:
    """A question of a session that was brought there by the people whose business it is."""
    session_state, state = QUESTIONS[place]
    session = planned(cast) if state == Q.PROPOSED else session_at(session_state, cast)
    if state == Q.PROPOSED:
        agenda.propose(session=session, case=ready_case(cast), kind=ItemKind.ENROL, reason="Просьба", actor=cast.head)
    item: AgendaItem = AgendaItem.objects.with_page().get(session=session)
    if state == Q.WITHDRAWN:
        agenda.withdraw(item=item, reason="Семья выехала", actor=cast.secretary)
    if state == Q.POSTPONED:
        agenda.postpone(item=item, reason="Нет куратора", actor=cast.secretary)
    if place == "considered":
        decide(cast, item, DecisionType.TAKE_NOTE)
    item.refresh_from_db()
    assert (item.session.state, item.state) == (session_state, state)
    return item


def question_actions(cast: Cast) -> dict[str, Action]:
    """What is done with a question, by whom and when: all by the secretary, until the minutes are signed (I14)."""

    def decided(item: AgendaItem, user: User) -> Model:
        values = {"text": "Принять к сведению", "effective_on": item.session.day, "votes_for": 3}
        decision = Decision(item=item, type=DecisionType.TAKE_NOTE, **values)
        return decisions.save_decision(decision=decision, actor=user)

    return {
        "include": Action(
            lambda row, user: agenda.include(session=row.session, items=[row], actor=user), {"proposed": SECRETARY}
        ),
        "withdraw": Action(
            lambda row, user: agenda.withdraw(item=row, reason="Семья выехала", actor=user),
            dict.fromkeys(("proposed", "included", "called", "at the session"), SECRETARY),
        ),
        "postpone": Action(
            lambda row, user: agenda.postpone(item=row, reason="Нет куратора", actor=user),
            {"at the session": SECRETARY},
        ),
        "decide": Action(decided, dict.fromkeys(("at the session", "considered", "in the draft"), SECRETARY)),
        "write what was heard": Action(
            lambda row, user: agenda.change_item(item=row, values={"heard": "Слушали куратора"}, actor=user),
            dict.fromkeys(set(QUESTIONS) - {"signed"}, SECRETARY),
        ),
    }


@pytest.mark.requirement("I15")
@pytest.mark.parametrize("place", QUESTIONS)
def test_every_action_on_a_question_by_everybody(cast: Cast, place: str) -> None:
    people = everybody(cast)
    assert judge(question_at(cast, place), place, question_actions(cast), people) == []
