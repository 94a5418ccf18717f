"""From the proposal to the signed decision: what a session does to cases, and when (domain 3.4, 3.6; I4, I14)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Notification
from accounts.notifications import text_of
from casework.enums import BasisBody, ProgrammeState, RemovalReason, Stage
from casework.models import CaseDecision, CaseEvent, SupportCase, SupportPause, SupportProgramme
from casework.services import programmes
from casework.services.events import timeline
from common.calendar import add_months
from councils.enums import DecisionState, DecisionType, ItemKind, ItemState, SessionKind, SessionState, SigningWay
from councils.models import AgendaItem, CouncilSession, Decision, Minutes
from councils.services import agenda, execution, minutes, sessions
from councils.services.decisions import delete_decision
from records.models import Attachment, IssuedDocument
from tests.cast import Cast, client_of
from tests.factories.accounts import deputy_of
from tests.factories.casework import case_at
from tests.factories.councils import (
    attend,
    body,
    decide,
    moment,
    on_agenda,
    planned,
    ready_case,
    scan,
    session_at,
)
from tests.factories.families import ConsentFactory, household
from tests.factories.programmes import drafted, mother_of, programme_at

pytestmark = pytest.mark.django_db

T = DecisionType
ONE_DAY = timedelta(days=1)


@pytest.fixture
def at(cast: Cast) -> Callable[..., SupportCase]:
    def build(stage: Stage, **values: Any) -> SupportCase:
        family = household(department=cast.department)
        return case_at(stage, family=family, curator=cast.specialist, actor=cast.specialist, **values)

    return build


def held(cast: Cast, *cases: SupportCase, kind: ItemKind = ItemKind.REVIEW) -> list[AgendaItem]:
    """A session of today that was held on questions of these cases."""
    session = planned(cast)
    items = [on_agenda(cast, session, case, kind) for case in cases]
    sessions.approve_agenda(session=session, actor=cast.chair)
    attend(cast, session)
    sessions.hold(session=session, held_on=session.council.today(), actor=cast.secretary)
    return list(AgendaItem.objects.filter(pk__in=[row.pk for row in items]).order_by("position"))


def sign(cast: Cast, item: AgendaItem) -> Minutes:
    session = CouncilSession.objects.with_page().get(pk=item.session_id)
    minutes.draft_minutes(session=session, actor=cast.secretary)
    return minutes.sign_in_system(session=session, actor=cast.chair)


@pytest.mark.requirement("S4-23", "S0-17")
def test_signed_minutes_put_a_family_on_support_and_approve_its_programme(cast: Cast) -> None:
    """I4, clarification 4: nothing changes before the signing."""
    case = ready_case(cast)
    session = session_at(SessionState.MINUTES_DRAFTED, cast, cases=[case])
    case.refresh_from_db()
    assert case.enrolled_on is None
    assert SupportProgramme.objects.get(case=case).state == ProgrammeState.SUBMITTED
    row = minutes.sign_in_system(session=session, actor=cast.chair)
    case.refresh_from_db()
    programme = SupportProgramme.objects.get(case=case)
    today = session.council.today()
    assert (case.enrolled_on, case.basis_body, case.basis_number, case.basis_date) == (
        today,
        BasisBody.COORDINATION_COUNCIL,
        row.number,
        today,
    )
    assert (programme.state, programme.basis_number, programme.basis_title) == (
        ProgrammeState.APPROVED,
        row.number,
        session.council.title,
    )
    assert session.chair is not None
    assert programme.basis_chair == session.chair.short_name
    assert set(Decision.objects.filter(item__session=session).values_list("state", flat=True)) == {"ADOPTED"}
    assert CaseEvent.objects.filter(case=case, kind="council_decided").count() == 2
    told = Notification.objects.filter(recipient=cast.specialist, code="councils.decided_on_case").order_by("pk")
    sentences = [text_of(row) for row in told]
    assert len(set(sentences)) == 2
    assert all(case.number in sentence and case.family.title not in sentence for sentence in sentences)


@pytest.mark.requirement("S4-23")
def test_approving_the_programme_alone_enrols_as_well(cast: Cast) -> None:
    case = ready_case(cast)
    (item,) = held(cast, case, kind=ItemKind.APPROVE_PROGRAMME)
    decide(cast, item, T.APPROVE_PROGRAMME)
    sign(cast, item)
    case.refresh_from_db()
    assert case.enrolled_on == item.session.day


@pytest.mark.requirement("S1-116")
def test_a_planning_meeting_of_agencies_changes_a_programme(cast: Cast, at: Callable[..., SupportCase]) -> None:
    """Clarification 25: sessions that plan the work with families are a kind of their own."""
    case = at(Stage.ACTIVE)
    first = programme_at(ProgrammeState.ACTIVE, case, author=cast.specialist, head=cast.head)
    second = drafted(case, cast.specialist, change_reason="Мать вышла на работу")
    programmes.agree(
        programme=second, on=case.institution.today(), person=mother_of(case).person, actor=cast.specialist
    )
    programmes.submit(programme=second, on=case.institution.today(), actor=cast.head)
    council = body(cast)
    council.members.filter(user=cast.member).update(organisation_title="Центр занятости населения")
    secretary, address = client_of(cast.secretary), reverse("councils:session_new", args=[council.pk])
    typed = {
        "submission": secretary.get(address).context["form"]["submission"].value(),
        "planned_at": moment(council).strftime("%Y-%m-%dT%H:%M"),
        "kind": SessionKind.PLANNING.value,
        "mode": "IN_PERSON",
    }
    assert secretary.post(address, typed).status_code == 302
    session = CouncilSession.objects.with_page().get(council=council)
    assert session.kind == SessionKind.PLANNING
    item = on_agenda(cast, session, case, ItemKind.APPROVE_PROGRAMME)
    sessions.approve_agenda(session=session, actor=cast.chair)
    attend(cast, session)
    assert len({row.member.agency for row in session.attendance.filter(present=True)}) > 1
    sessions.hold(session=session, held_on=council.today(), actor=cast.secretary)
    decide(cast, item, T.APPROVE_PROGRAMME)
    sign(cast, item)
    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, second.state, second.edition) == (ProgrammeState.SUPERSEDED, ProgrammeState.ACTIVE, 2)


def test_a_returned_programme_is_a_draft_again_with_the_remark(cast: Cast) -> None:
    case = ready_case(cast)
    (item,) = held(cast, case)
    decide(cast, item, T.RETURN_PROGRAMME, text="Добавить занятость матери")
    sign(cast, item)
    programme = SupportProgramme.objects.get(case=case)
    assert (programme.state, programme.return_remark) == (ProgrammeState.DRAFT, "Добавить занятость матери")
    assert SupportCase.objects.get(pk=case.pk).enrolled_on is None


def test_extension_pause_and_removal_take_effect(cast: Cast, at: Callable[..., SupportCase]) -> None:
    longer, resting, leaving = at(Stage.ACTIVE), at(Stage.ACTIVE), at(Stage.REFLECTION)
    items = held(cast, longer, resting, leaving)
    today = items[0].session.day
    until = add_months(longer.planned_end_on or today, 3)
    decide(cast, items[0], T.EXTEND, until=until)
    decide(cast, items[1], T.PAUSE, until=add_months(today, 4))
    decide(cast, items[2], T.REMOVE, removal_reason=RemovalReason.TERM_EXPIRED)
    row = sign(cast, items[0])
    longer.refresh_from_db()
    leaving.refresh_from_db()
    assert longer.planned_end_on == until
    pause = SupportPause.objects.get(case=resting)
    assert (pause.starts_on, pause.ends_on, pause.basis_number) == (today, add_months(today, 4), row.number)
    assert (leaving.removed_on, leaving.removal_reason, leaving.stage) == (
        today,
        RemovalReason.TERM_EXPIRED,
        Stage.REFLECTION,
    )
    assert CaseDecision.objects.filter(number=row.number, decided_on=today).count() == 2


def test_a_relapse_opens_a_new_case_enrolled_by_the_decision(cast: Cast, at: Callable[..., SupportCase]) -> None:
    case = at(Stage.POST_SUPPORT)
    (item,) = held(cast, case)
    decide(cast, item, T.ENROL)
    sign(cast, item)
    fresh = SupportCase.objects.get(family=case.family, closed_on=None)
    assert fresh.pk != case.pk
    assert (fresh.stage, fresh.enrolled_on) == (Stage.CONTRACTING, item.session.day)


REFUSED: dict[str, tuple[Stage, dict[str, Any]]] = {
    "removal without a reason": (Stage.REFLECTION, {"kind": T.REMOVE}),
    "improvement without a final assessment": (
        Stage.REFLECTION,
        {"kind": T.REMOVE, "removal_reason": RemovalReason.GOALS_ACHIEVED},
    ),
    "removal of a family not on support": (
        Stage.CONTRACTING,
        {"kind": T.REMOVE, "removal_reason": RemovalReason.TERM_EXPIRED},
    ),
    "removal without the words it needs": (
        Stage.REFLECTION,
        {"kind": T.REMOVE, "removal_reason": RemovalReason.OTHER},
    ),
    "extension to an earlier day": (Stage.ACTIVE, {"kind": T.EXTEND, "until_days": 1}),
    "extension without a day": (Stage.ACTIVE, {"kind": T.EXTEND}),
    "enrolment in diagnostics": (Stage.DIAGNOSTIC, {"kind": T.ENROL}),
    "refusal for a family on support": (Stage.ACTIVE, {"kind": T.REFUSE_ENROL}),
    "approval without a submitted programme": (Stage.CONTRACTING, {"kind": T.APPROVE_PROGRAMME}),
    "a task for nobody": (Stage.ACTIVE, {"kind": T.TASK, "due_days": 5}),
    "more votes than members": (Stage.ACTIVE, {"kind": T.TAKE_NOTE, "votes_for": 99}),
    "voted down": (Stage.ACTIVE, {"kind": T.TAKE_NOTE, "votes_for": 1, "votes_against": 2}),
    "before the session": (Stage.CONTRACTING, {"kind": T.ENROL, "effective_days": -1}),
    "after today": (Stage.CONTRACTING, {"kind": T.ENROL, "effective_days": 1}),
    "without words": (Stage.ACTIVE, {"kind": T.TAKE_NOTE, "text": "  "}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_be_refused_at_the_signing_is_refused_at_the_table(
    cast: Cast, at: Callable[..., SupportCase], name: str
) -> None:
    stage, asked = REFUSED[name]
    values = dict(asked)
    (item,) = held(cast, at(stage))
    today = item.session.day
    for key, field in (("until_days", "until"), ("due_days", "due_on"), ("effective_days", "effective_on")):
        if key in values:
            values[field] = today + timedelta(days=values.pop(key))
    with pytest.raises(ValidationError):
        decide(cast, item, values.pop("kind"), **values)
    item.refresh_from_db()
    assert (item.state, item.decisions.count()) == (ItemState.INCLUDED, 0)


def test_trying_a_decision_out_leaves_no_trace(cast: Cast) -> None:
    case = ready_case(cast)
    (item,) = held(cast, case)
    before = CaseEvent.objects.filter(case=case).count()
    decide(cast, item, T.ENROL)
    assert CaseEvent.objects.filter(case=case).count() == before
    assert not CaseDecision.objects.filter(case=case).exists()
    assert SupportCase.objects.get(pk=case.pk).enrolled_on is None


def test_two_decisions_on_one_case_that_contradict_are_refused(cast: Cast, at: Callable[..., SupportCase]) -> None:
    case = at(Stage.ACTIVE)
    (item,) = held(cast, case)
    decide(cast, item, T.EXTEND, until=add_months(case.planned_end_on or item.session.day, 2))
    with pytest.raises(ValidationError):
        decide(cast, item, T.EXTEND, until=add_months(case.planned_end_on or item.session.day, 1))


def test_minutes_wait_until_every_question_has_its_outcome(cast: Cast, at: Callable[..., SupportCase]) -> None:
    first, second = held(cast, at(Stage.ACTIVE), at(Stage.ACTIVE))
    session = CouncilSession.objects.with_page().get(pk=first.session_id)
    decision = decide(cast, first, T.TAKE_NOTE)
    with pytest.raises(ValidationError):
        minutes.draft_minutes(session=session, actor=cast.secretary)
    agenda.postpone(item=second, reason="Нет сведений", actor=cast.secretary)
    delete_decision(decision=decision, actor=cast.secretary)
    with pytest.raises(ValidationError):
        minutes.draft_minutes(session=session, actor=cast.secretary)
    decide(cast, first, T.TAKE_NOTE)
    minutes.draft_minutes(session=session, actor=cast.secretary)
    assert session.state == SessionState.MINUTES_DRAFTED


def test_minutes_are_numbered_at_the_signing_without_gaps_and_signed_once(cast: Cast) -> None:
    council = body(cast)
    rows = []
    for _time in range(2):
        session = session_at(SessionState.MINUTES_DRAFTED, cast, council=council)
        assert Minutes.objects.get(session=session).number == ""
        rows.append(minutes.sign_in_system(session=session, actor=cast.chair))
        with pytest.raises(ValidationError):
            minutes.sign_in_system(session=session, actor=cast.chair)
    year = rows[0].session.day.year
    assert [row.number for row in rows] == [f"1/{year}", f"2/{year}"]


def test_signing_on_paper_keeps_the_scan_and_its_date(cast: Cast) -> None:
    session = session_at(SessionState.MINUTES_DRAFTED, cast)
    for day in (session.day - ONE_DAY, session.day + ONE_DAY):
        with pytest.raises(ValidationError):
            minutes.sign_on_paper(
                session=session, signed_on=day, file=scan(), name="protokol.pdf", actor=cast.secretary
            )
    with pytest.raises(PermissionDenied):
        minutes.sign_on_paper(
            session=session, signed_on=session.day, file=scan(), name="protokol.pdf", actor=cast.chair
        )
    row = minutes.sign_on_paper(
        session=session, signed_on=session.day, file=scan(), name="protokol.pdf", actor=cast.secretary
    )
    assert (row.signing_way, row.signed_by) == (SigningWay.ON_PAPER, None)
    assert row.signatory == (session.chair.full_name if session.chair else "")
    assert Attachment.objects.get(pk=row.attachment_id).name == "protokol.pdf"
    assert IssuedDocument.objects.get(pk=row.issued_document_id).number == row.number


def test_a_deputy_does_not_sign_as_chair(cast: Cast) -> None:
    """Clarifications, Accounts; a deputy chair of the body does not either."""
    session = session_at(SessionState.MINUTES_DRAFTED, cast)
    today = session.council.today()
    post = cast.chair.appointments.get()
    deputy_of(post, user=cast.newcomer, starts_on=today, ends_on=today)
    with pytest.raises(PermissionDenied):
        minutes.sign_in_system(session=session, actor=cast.newcomer)
    assert session.chair
    session.chair.role = "DEPUTY"
    session.chair.save()
    with pytest.raises(PermissionDenied):
        minutes.sign_in_system(session=session, actor=cast.chair)


@pytest.mark.requirement("I14")
def test_a_correction_is_a_new_version_that_changes_no_case(cast: Cast) -> None:
    """I14."""
    session = session_at(SessionState.MINUTES_SIGNED, cast)
    first = Minutes.objects.get(session=session)
    events = CaseEvent.objects.count()
    with pytest.raises(ValidationError):
        minutes.correct_minutes(session=session, reason="", correction="Читать иначе", actor=cast.secretary)
    minutes.correct_minutes(session=session, reason="Опечатка", correction="Читать иначе", actor=cast.secretary)
    with pytest.raises(ValidationError):
        minutes.correct_minutes(session=session, reason="Ещё", correction="И так", actor=cast.secretary)
    second = minutes.sign_in_system(session=session, actor=cast.chair)
    assert (second.edition, second.number, second.correction) == (2, first.number, "Читать иначе")
    paper = IssuedDocument.objects.get(pk=second.issued_document_id)
    assert (paper.version, paper.supersedes_id) == (2, first.issued_document_id)
    assert CaseEvent.objects.count() == events


def test_a_task_is_followed_to_its_execution(cast: Cast, at: Callable[..., SupportCase]) -> None:
    (item,) = held(cast, at(Stage.ACTIVE))
    today = item.session.day
    seat = item.session.council.members.get(user=cast.member)
    task = decide(cast, item, T.TASK, executor_member=seat, due_on=today, text="Проверить занятость")
    with pytest.raises(ValidationError):
        execution.report_execution(decision=task, executed_on=today, report="Готово", actor=cast.member)
    sign(cast, item)
    assert not Decision.objects.overdue(today).exists()
    assert list(Decision.objects.overdue(today + ONE_DAY)) == [task]
    for person in (cast.head, cast.director, cast.specialist):
        with pytest.raises(PermissionDenied):
            execution.report_execution(decision=task, executed_on=today, report="Готово", actor=person)
    for day, report in ((today + ONE_DAY, "Готово"), (today, " ")):
        with pytest.raises(ValidationError):
            execution.report_execution(decision=task, executed_on=day, report=report, actor=cast.member)
    execution.report_execution(decision=task, executed_on=today, report="Готово", actor=cast.member)
    task.refresh_from_db()
    assert (task.state, task.executed_on, task.report) == (DecisionState.EXECUTED, today, "Готово")
    assert not Decision.objects.overdue(today + ONE_DAY).exists()
    with pytest.raises(ValidationError):
        execution.cancel_decision(decision=task, reason="Поздно", actor=cast.secretary)


@pytest.mark.requirement("D2")
def test_an_extract_is_numbered_and_names_the_family_only_by_consent(cast: Cast) -> None:
    session = session_at(SessionState.MINUTES_SIGNED, cast)
    decision = Decision.objects.with_page().filter(item__session=session)[0]
    with pytest.raises(ValidationError):
        execution.make_extract(decision=decision, addressee="КДН", names_family=True, actor=cast.secretary)
    with pytest.raises(PermissionDenied):
        execution.make_extract(decision=decision, addressee="КДН", names_family=False, actor=cast.member)
    row = execution.make_extract(decision=decision, addressee="КДН", names_family=False, actor=cast.secretary)
    assert row.number == f"1/{session.day.year}"
    assert IssuedDocument.objects.get(pk=row.issued_document_id).family_id is None
    contact = decision.item.family.memberships.get(is_head=True).person
    ConsentFactory.create(family=decision.item.family, subject=contact, given_by=contact, recipients=["КДН"])
    with pytest.raises(ValidationError):
        execution.make_extract(decision=decision, addressee="Школа № 5", names_family=True, actor=cast.secretary)
    named = execution.make_extract(decision=decision, addressee="КДН", names_family=True, actor=cast.secretary)
    assert IssuedDocument.objects.get(pk=named.issued_document_id).family_id == decision.item.family_id


def test_the_timeline_names_the_day_on_which_the_session_was_held(cast: Cast) -> None:
    case = ready_case(cast)
    session = planned(cast, days=3)
    on_agenda(cast, session, case)
    first = f"{session.planned_on:%d.%m.%Y}"
    assert any(first in entry.title for entry in timeline(case, cast.specialist).rows)
    sessions.change_session(session=session, values={"planned_at": moment(session.council)}, actor=cast.secretary)
    sessions.approve_agenda(session=session, actor=cast.chair)
    attend(cast, session)
    sessions.hold(session=session, held_on=session.council.today(), actor=cast.secretary)
    titles = [entry.title for entry in timeline(case, cast.specialist).rows]
    assert any(f"{session.held_on:%d.%m.%Y}" in title for title in titles)
    assert not any(first in title for title in titles)
