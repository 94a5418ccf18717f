"""The room's pages: the whole way of a session in the browser, who sees what of it, and what is journaled."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from casework.enums import Stage
from casework.models import SupportCase
from councils.enums import AttendanceMode, DecisionType, ItemKind, SeatRole, SessionMode, SessionState
from councils.models import (
    AgendaItem,
    Attendance,
    Council,
    CouncilPolicy,
    CouncilSession,
    Decision,
    Minutes,
)
from councils.readiness import first_day_allowed
from councils.services import agenda, attendance, execution, minutes, sessions
from families.services import restrict
from records.models import IssuedDocument
from tests.cast import PASSWORD, Cast, client_of
from tests.councils.pages import send, url
from tests.factories.accounts import MunicipalityFactory, SettlementFactory, deputy_of
from tests.factories.casework import case_at
from tests.factories.councils import (
    PDF,
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

pytestmark = pytest.mark.django_db

S = SessionState


@pytest.mark.requirement("S0-17")
def test_a_session_goes_its_whole_way_in_the_browser(cast: Cast) -> None:
    """From the plan to signed effects: the secretary's pages, the chair's two acts, and the family on support."""
    council, case = body(cast), ready_case(cast)
    secretary, chair = client_of(cast.secretary), client_of(cast.chair)
    when = moment(council).strftime("%Y-%m-%dT%H:%M")
    assert send(secretary, url("session_new", council.pk), {"planned_at": when, "place": "Зал"}).status_code == 302
    session = CouncilSession.objects.get(council=council)
    assert timedelta(0) <= session.planned_at - moment(council) < timedelta(minutes=1)
    assert secretary.get(reverse("home")).headers["Location"] == url("home")
    shown = secretary.get(url("candidates", session.pk))
    assertContains(shown, case.number)
    assertNotContains(shown, case.family.title)
    secretary.post(url("candidates", session.pk), {"proposal": [f"enrol:{case.pk}"]})
    assert send(chair, url("approve", session.pk)).status_code == 302
    rows = {f"member{row.member_id}-present": "on" for row in Attendance.objects.filter(session=session)}
    modes = {f"member{row.member_id}-mode": "IN_PERSON" for row in Attendance.objects.filter(session=session)}
    assertRedirects(secretary.post(url("attendance", session.pk), rows | modes), session.get_absolute_url())
    assertContains(secretary.get(session.get_absolute_url()), url("invitee_new", session.pk))
    assert send(secretary, url("hold", session.pk)).status_code == 302
    assertNotContains(secretary.get(session.get_absolute_url()), url("invitee_new", session.pk))
    assertRedirects(secretary.get(url("invitee_new", session.pk)), session.get_absolute_url())
    again = secretary.get(url("hold", session.pk), follow=True)
    assertRedirects(again, session.get_absolute_url())
    assertContains(again, "Этот шаг уже пройден или ещё не наступил. Состояние сейчас: «состоялось».")
    item = AgendaItem.objects.get(session=session)
    for kind in (DecisionType.ENROL, DecisionType.APPROVE_PROGRAMME):
        assert send(secretary, url("decision_new", item.pk), {"type": kind.value}).status_code == 302
    assertRedirects(secretary.post(url("minutes_draft", session.pk)), session.get_absolute_url())
    assertContains(chair.get(session.get_absolute_url()), url("minutes_sign", session.pk))
    sign(chair, session)
    back = chair.get(url("minutes_sign", session.pk), follow=True)
    assertRedirects(back, session.get_absolute_url())
    assertContains(back, "Протокол уже подписан.")
    case.refresh_from_db()
    assert (case.enrolled_on, case.basis_number) == (council.today(), Minutes.objects.get(session=session).number)


@pytest.mark.requirement("S0-77")
def test_a_session_is_held_by_video_link(cast: Cast) -> None:
    council = body(cast)
    link = "https://video.example.org/council"
    when = moment(council).strftime("%Y-%m-%dT%H:%M")
    typed = {"planned_at": when, "mode": SessionMode.VIDEO.value, "link": link}
    assert send(client_of(cast.secretary), url("session_new", council.pk), typed).status_code == 302
    session = CouncilSession.objects.get(council=council)
    on_agenda(cast, session, ready_case(cast))
    sessions.approve_agenda(session=session, actor=cast.chair)
    assertContains(client_of(cast.member).get(session.get_absolute_url()), link)
    attendance.enter_attendance(
        session=session,
        rows={row.pk: {"present": True, "mode": AttendanceMode.VIDEO} for row in council.members.all()},
        actor=cast.secretary,
    )
    sessions.hold(session=session, held_on=council.today(), actor=cast.secretary)
    assert (session.state, session.mode) == (S.HELD, SessionMode.VIDEO)
    assert set(Attendance.objects.filter(session=session).values_list("mode", flat=True)) == {AttendanceMode.VIDEO}


def sign(client: Client, session: CouncilSession) -> None:
    """Sign as the chair: the password is asked for first."""
    address = url("minutes_sign", session.pk)
    asked = client.get(address)
    assert asked.status_code == 302
    assert reverse("account_reauthenticate") in asked.headers["Location"]
    assert not Minutes.objects.filter(session=session).exclude(signed_on=None).exists()
    assert client.post(asked.headers["Location"], {"password": PASSWORD}).status_code == 302
    assert not Minutes.objects.filter(session=session).exclude(signed_on=None).exists()
    assert client.post(address).status_code == 302


def test_the_secretary_uploads_the_signed_paper(cast: Cast) -> None:
    session = session_at(S.MINUTES_DRAFTED, cast)
    client, address = client_of(cast.secretary), url("minutes_upload", session.pk)
    day = f"{session.day:%d.%m.%Y}"
    assertContains(client.post(address, {"signed_on": day}), "field-error")
    answer = client.post(address, {"signed_on": day, "file": scan()})
    assertRedirects(answer, session.get_absolute_url())
    row = Minutes.objects.get(session=session)
    assert row.attachment_id
    taken = client.get(reverse("records:attachment", args=[row.attachment_id]))
    assert taken.content == PDF
    for person in (cast.member, cast.chair):
        taken = client_of(person).get(reverse("records:attachment", args=[row.attachment_id]))
        assert taken.status_code == 403


ACTS: dict[str, tuple[S, str]] = {
    "session_edit": (S.PLANNED, "secretary"),
    "candidates": (S.PLANNED, "secretary"),
    "matter_new": (S.PLANNED, "secretary"),
    "cancel": (S.PLANNED, "secretary"),
    "invitee_new": (S.PLANNED, "secretary"),
    "approve": (S.PLANNED, "chair"),
    "attendance": (S.AGENDA_APPROVED, "secretary"),
    "hold": (S.AGENDA_APPROVED, "secretary"),
    "no_quorum": (S.AGENDA_APPROVED, "secretary"),
    "minutes_upload": (S.MINUTES_DRAFTED, "secretary"),
    "minutes_docx": (S.MINUTES_DRAFTED, "secretary director"),
    "agenda_docx": (S.PLANNED, "secretary director"),
    "minutes_correct": (S.MINUTES_SIGNED, "secretary"),
}
INSIDE = {"specialist", "head", "director", "secretary", "chair", "member"}


@pytest.mark.parametrize("state", sorted({state for state, _who in ACTS.values()}))
def test_each_page_answers_403_inside_the_session_and_404_outside(cast: Cast, state: S) -> None:
    session = session_at(state, cast)
    readers = INSIDE - ({"member"} if state == S.PLANNED else set())
    for name in [name for name, (at, _who) in ACTS.items() if at == state]:
        allowed = set(ACTS[name][1].split())
        for person in (*sorted(INSIDE), "ministry", "auditor", "region_admin", "other_secretary", "foreign_member"):
            expected = 200 if person in allowed else 403 if person in readers else 404
            got = client_of(cast.people[person]).get(url(name, session.pk)).status_code
            assert got == expected, f"{name} {person}: {got}"


@pytest.mark.parametrize("state", [S.PLANNED, S.AGENDA_APPROVED, S.HELD, S.MINUTES_SIGNED])
def test_the_pages_of_a_session_open_for_their_readers(cast: Cast, state: S) -> None:
    session = session_at(state, cast)
    item = AgendaItem.objects.get(session=session)
    for person, sees in (
        ("secretary", True),
        ("director", True),
        ("specialist", True),
        ("head", True),
        ("chair", True),
        ("member", state != S.PLANNED),
        ("neighbour", False),
        ("other_director", False),
        ("ministry", False),
        ("resource_centre", False),
    ):
        client = client_of(cast.people[person])
        answer = client.get(session.get_absolute_url())
        assert answer.status_code == (200 if sees else 404), person
        if sees:
            assertContains(answer, item.case.number if item.case else "?")
            assertNotContains(answer, item.family.title if item.family else "?")
        reads_packet = person in {"secretary", "director"} or (person in {"member", "chair"} and state != S.PLANNED)
        expected = 200 if reads_packet else 403 if person in {"specialist", "head"} else 404
        assert client.get(url("packet", session.pk)).status_code == expected, person


def test_the_packet_shows_initials_and_never_a_name(cast: Cast) -> None:
    case = ready_case(cast)
    mother = case.family.memberships.get(is_head=True).person
    ConsentFactory.create(family=case.family, subject=mother, actions=["TRANSFER"])
    session = session_at(S.AGENDA_APPROVED, cast, cases=[case])
    answer = client_of(cast.member).get(url("packet", session.pk))
    assertContains(answer, f"{mother.last_name[0]}.\N{NO-BREAK SPACE}{mother.first_name[0]}.")
    for name in (mother.last_name, mother.first_name, mother.patronymic, case.family.title):
        assertNotContains(answer, name)
    event = AccessEvent.objects.filter(user=cast.member, kind="councilsession").latest("pk")
    assert (event.action, event.object_id, event.family_ids) == (AccessAction.VIEW, session.pk, [case.family_id])


@pytest.mark.requirement("X8")
def test_readers_are_told_also_of_what_tells_of_several_families(cast: Cast) -> None:
    """The packet of a session and its papers, by the day of the session; not one that leaves the family out."""
    session = session_at(S.AGENDA_APPROVED, cast)
    family = AgendaItem.objects.get(session=session).family
    assert family is not None
    member, secretary = client_of(cast.member), client_of(cast.secretary)
    assert member.get(url("packet", session.pk)).status_code == 200
    assert secretary.post(url("agenda_print", session.pk)).status_code == 302
    paper = IssuedDocument.objects.get()
    assert member.get(reverse("records:document", args=[paper.pk])).status_code == 200

    def told() -> list[tuple[User, str, str]]:
        address = reverse("families:readers", args=[family.pk])
        director = client_of(cast.director)
        if family.is_restricted:
            director.post(reverse("families:reason", args=[family.pk]), {"reason": "Проверка"})
        others = [row for row in director.get(address).context["rows"] if row["event"].user != cast.director]
        others = [row for row in others if row["event"].action != AccessAction.SECURITY]
        return [(row["event"].user, row["event"].action, "".join(name.name for name in row["names"])) for row in others]

    named = f"{session.council}, {session.day:%d.%m.%Y}"
    assert told() == [
        (cast.member, "DOWNLOAD", f"Повестка заседания, {paper.issued_on:%d.%m.%Y}"),
        (cast.secretary, "PRINT", named),
        (cast.member, "VIEW", named),
    ]
    assertContains(client_of(cast.director).get(reverse("families:readers", args=[family.pk])), named)
    restrict(actor=cast.director, family=family, reason="Опасность")
    member.get(url("packet", session.pk))
    assert len(told()) == 3


def test_a_restricted_family_is_read_by_the_chair_alone_with_a_reason(cast: Cast) -> None:
    case = ready_case(cast)
    session = session_at(S.AGENDA_APPROVED, cast, cases=[case])
    restrict(actor=cast.specialist, family=case.family, reason="Опасность")
    item = AgendaItem.objects.get(session=session)
    for person in (cast.member, cast.chair):
        answer = client_of(person).get(url("packet", session.pk))
        assertNotContains(answer, case.number)
        assertNotContains(answer, item.materials)
    address = url("restricted_item", item.pk)
    assert client_of(cast.member).get(address).status_code == 404
    chair = client_of(cast.chair)
    assertNotContains(chair.get(address), case.number)
    assertContains(chair.post(address, {"reason": "Веду заседание"}), case.number)
    event = AccessEvent.objects.filter(user=cast.chair, kind="agendaitem").latest("pk")
    assert (event.object_id, event.family_id, event.reason) == (item.pk, case.family_id, "Веду заседание")


def test_a_specialist_reads_the_questions_of_own_cases_only(cast: Cast) -> None:
    own, other = ready_case(cast), case_at(Stage.ACTIVE, family=household(department=cast.second_department))
    session = planned(cast)
    on_agenda(cast, session, own)
    agenda.propose(session=session, case=other, kind=ItemKind.REVIEW, reason="", actor=cast.second_head)
    answer = client_of(cast.specialist).get(session.get_absolute_url())
    numbers = [row.number for row in answer.context["rows"]]
    assert numbers == [own.number]
    assertNotContains(answer, session.council.members.get(user=cast.member).last_name)


def test_the_head_proposes_a_question_from_the_page_of_the_case(cast: Cast) -> None:
    session, case = planned(cast), ready_case(cast)
    head, address = client_of(cast.head), url("propose", case.pk)
    assertContains(head.get(case.get_absolute_url()), address)
    assertNotContains(client_of(cast.specialist).get(case.get_absolute_url()), address)
    assert client_of(cast.specialist).get(address).status_code == 403
    assert client_of(cast.second_head).get(address).status_code == 404
    answer = head.post(address, {"session": session.pk, "kind": "ENROL", "reason": "Просьба"})
    assertRedirects(answer, case.get_absolute_url(), fetch_redirect_response=False)
    item = AgendaItem.objects.get(session=session)
    assert (item.case, item.proposed_by, item.reason) == (case, cast.head, "Просьба")
    assertContains(head.get(case.get_absolute_url()), session.get_absolute_url())
    secretary = client_of(cast.secretary)
    assertNotContains(secretary.get(session.get_absolute_url()), case.get_absolute_url())
    secretary.post(url("item_include", item.pk))
    assertContains(secretary.get(session.get_absolute_url()), case.get_absolute_url())


def test_a_member_reports_on_a_task_of_their_agency(cast: Cast) -> None:
    session = session_at(S.HELD, cast)
    item = AgendaItem.objects.get(session=session)
    seat = session.council.members.get(user=cast.member)
    task = decide(cast, item, DecisionType.TASK, executor_member=seat, due_on=session.day, text="Проверить жильё")
    Decision.objects.filter(pk=task.pk).update(state="ADOPTED")
    client = client_of(cast.member)
    assertContains(client.get(url("home")), "Проверить жильё")
    assertContains(client.get(url("decisions")), "Проверить жильё")
    address = url("decision_report", task.pk)
    assert client_of(cast.chair).get(address).status_code == 403
    answer = client.post(address, {"executed_on": f"{session.day:%d.%m.%Y}", "report": "Проверено"})
    assertRedirects(answer, url("decision", task.pk))
    assertContains(client.get(url("decision", task.pk)), "Проверено")
    assertContains(client.get(url("decisions") + "?show=done"), "Проверить жильё")


def test_a_deputy_of_the_chair_approves_the_agenda_and_signs_nothing(cast: Cast) -> None:
    session = session_at(S.PLANNED, cast)
    today = session.council.today()
    deputy_of(cast.chair.appointments.get(), user=cast.newcomer, starts_on=today, ends_on=today)
    client = client_of(cast.newcomer)
    assert send(client, url("approve", session.pk)).status_code == 302
    session.refresh_from_db()
    assert session.state == S.AGENDA_APPROVED
    drafted = session_at(S.MINUTES_DRAFTED, cast, council=session.council)
    assertNotContains(client.get(drafted.get_absolute_url()), url("minutes_sign", drafted.pk))


def test_words_of_a_question_are_changed_and_its_place_too(cast: Cast) -> None:
    session = planned(cast)
    first, second = (on_agenda(cast, session, ready_case(cast)) for _time in range(2))
    client = client_of(cast.secretary)
    assert send(client, url("item_edit", first.pk), {"materials": "Новая справка"}).status_code == 302
    client.post(url("item_move", second.pk, "up"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.materials == "Новая справка"
    assert second.position < first.position
    assert send(client, url("item_withdraw", first.pk), {"reason": "Выехали"}).status_code == 302
    first.refresh_from_db()
    assert (first.state, first.state_reason) == ("WITHDRAWN", "Выехали")


def test_a_stale_form_of_a_question_is_refused(cast: Cast) -> None:
    session = planned(cast)
    item = on_agenda(cast, session, ready_case(cast))
    client, address = client_of(cast.secretary), url("item_edit", item.pk)
    shown = client.get(address).context["form"]
    agenda.change_item(item=item, values={"materials": "Первый"}, actor=cast.secretary)
    old = {name: shown[name].value() or "" for name in shown.fields}
    assert client.post(address, old | {"materials": "Второй"}).status_code == 200
    assert AgendaItem.objects.get(pk=item.pk).materials == "Первый"


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("person", ["secretary", "director", "member", "specialist"])
def test_pages_ask_as_often_for_many_questions_as_for_few(cast: Cast, person: str) -> None:
    session = session_at(S.HELD, cast, cases=[ready_case(cast)])
    client = client_of(cast.people[person])
    addresses = [session.get_absolute_url(), url("home"), url("decisions")]
    if person != "specialist":
        addresses.append(url("packet", session.pk))
    item = AgendaItem.objects.get(session=session)
    decide(cast, item, DecisionType.TAKE_NOTE)
    few = [queries(client, address) for address in addresses]
    few = [queries(client, address) for address in addresses]
    for _time in range(3):
        case: SupportCase = ready_case(cast)
        another = AgendaItem.objects.create(
            session=session,
            position=AgendaItem.objects.filter(session=session).count() + 1,
            kind=ItemKind.ENROL,
            case=case,
            family=case.family,
            title="Вопрос",
            state="INCLUDED",
        )
        decide(cast, another, DecisionType.TAKE_NOTE)
        session_at(S.AGENDA_APPROVED, cast, council=session.council)
    assert [queries(client, address) for address in addresses] == few


def test_the_candidates_are_read_in_a_fixed_number_of_queries(cast: Cast) -> None:
    session = planned(cast)
    ready_case(cast)
    client, address = client_of(cast.secretary), url("candidates", session.pk)
    queries(client, address)
    few = queries(client, address)
    for _time in range(3):
        ready_case(cast)
    assert queries(client, address) == few


def test_a_second_click_plans_one_session(cast: Cast) -> None:
    council = body(cast)
    client, address = client_of(cast.secretary), url("session_new", council.pk)
    form = client.get(address).context["form"]
    typed = {
        "submission": str(form["submission"].value()),
        "kind": "REGULAR",
        "mode": "VIDEO",
        "planned_at": moment(council).strftime("%Y-%m-%dT%H:%M"),
    }
    for _click in range(2):
        assert client.post(address, typed).status_code == 302
    session = CouncilSession.objects.get(council=council)
    assert session.mode == "VIDEO"
    assert session.chair == council.members.get(role=SeatRole.CHAIR)


def test_a_refusal_of_a_service_stands_in_the_form(cast: Cast) -> None:
    session = planned(cast, body(cast))
    on_agenda(cast, session, ready_case(cast))
    CouncilPolicy.objects.filter(council=session.council_id).update(notice_days=5)
    answer = send(client_of(cast.chair), url("approve", session.pk))
    assertContains(answer, "error-summary")
    session.refresh_from_db()
    assert session.state == S.PLANNED


def test_a_day_without_notice_is_refused_beside_the_day(cast: Cast) -> None:
    council, secretary = body(cast, notice_days=5), client_of(cast.secretary)
    when = moment(council, 1).strftime("%Y-%m-%dT%H:%M")
    shown = secretary.get(url("session_new", council.pk))
    assertContains(shown, f"{first_day_allowed(council):%d.%m.%Y}")
    answer = send(secretary, url("session_new", council.pk), {"planned_at": when})
    assert list(answer.context["form"].errors) == ["planned_at"]
    assert send(secretary, url("session_new", council.pk), {"planned_at": when, "kind": "EXTRAORDINARY"}).url


def test_a_case_is_proposed_to_bodies_of_its_own_district(cast: Cast) -> None:
    """Those of the institution whose territory holds the family's home, and those of no territory."""
    home = SettlementFactory.create(parent=cast.municipality)
    case = ready_case(cast, family=household(department=cast.department, settlement=home))
    elsewhere = MunicipalityFactory.create(region=cast.region)
    whole, near, far = (planned(cast, body(cast, territory=row)) for row in (None, cast.municipality, elsewhere))
    form = client_of(cast.head).get(url("propose", case.pk)).context["form"]
    assert set(form.fields["session"].queryset) == {whole, near}
    with pytest.raises(ValidationError):
        agenda.propose(session=far, case=case, kind=ItemKind.ENROL, reason="Просьба", actor=cast.head)
    agenda.propose(session=near, case=case, kind=ItemKind.ENROL, reason="Просьба", actor=cast.head)


def test_a_month_after_the_signing_only_a_new_session_changes_anything(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the 30th day the secretary may still correct the minutes and take a task off; then the page says who may."""
    session = session_at(S.HELD, cast)
    item = AgendaItem.objects.get(session=session)
    task = {"executor_user": cast.specialist, "due_on": session.day}
    decision = decide(cast, item, DecisionType.TASK, **task)
    minutes.draft_minutes(session=session, actor=cast.secretary)
    minutes.sign_in_system(session=session, actor=cast.chair)
    pages = [url("minutes_correct", session.pk), url("decision_cancel", decision.pk)]
    shown_on = [session.get_absolute_url(), url("decision", decision.pk)]
    secretary = client_of(cast.secretary)
    for days, status in ((30, 200), (31, 403)):
        monkeypatch.setattr(Council, "today", lambda _council, days=days: session.day + timedelta(days=days))
        for address, page in zip(pages, shown_on, strict=True):
            answer = secretary.get(address)
            assert answer.status_code == status
            assert (address in secretary.get(page).content.decode()) == (status == 200)
    assertContains(answer, "30", status_code=403)
    assertContains(answer, "новое заседание", status_code=403)
    session.refresh_from_db()
    with pytest.raises(PermissionDenied):
        minutes.correct_minutes(session=session, reason="Опечатка", correction="Читать иначе", actor=cast.secretary)
    with pytest.raises(PermissionDenied):
        execution.cancel_decision(decision=decision, reason="Не нужно", actor=cast.secretary)


def test_no_page_of_a_signed_session_offers_to_change_it(cast: Cast) -> None:
    session = session_at(S.MINUTES_SIGNED, cast)
    answer = client_of(cast.secretary).get(session.get_absolute_url())
    for name in ("session_edit", "candidates", "attendance", "hold", "cancel", "minutes_upload"):
        assertNotContains(answer, url(name, session.pk))
    assertContains(answer, url("minutes_correct", session.pk))
    assertContains(answer, "(пройдено)", count=5)


def test_the_quorum_counts_who_votes_and_a_secretary_without_a_vote_is_marked(cast: Cast) -> None:
    """All came, the secretary too: the count names the members it is of."""
    session = session_at(S.HELD, cast)
    voting = session.council.members.filter(may_vote=True).count()
    page = client_of(cast.secretary).get(session.get_absolute_url())
    assertContains(page, f"присутствуют {voting} из {voting} с правом голоса, для кворума нужно")
    assertContains(page, "без права голоса", count=session.council.members.filter(may_vote=False).count())


def test_nobody_is_noted_as_present_before_the_day(cast: Cast) -> None:
    session = planned(cast, days=2)
    on_agenda(cast, session, ready_case(cast))
    sessions.approve_agenda(session=session, actor=cast.chair)
    client = client_of(cast.secretary)
    address = url("attendance", session.pk)
    page = client.get(session.get_absolute_url())
    assertNotContains(page, address)
    assertContains(page, f"{session.planned_on:%d.%m.%Y}. Если заседание проходит раньше")
    assertContains(client.get(address), f"{session.planned_on:%d.%m.%Y}. Если заседание проходит раньше")
    assert client.post(address, {}).status_code == 409
    with pytest.raises(ValidationError, match="со дня заседания"):
        attend(cast, session)
    CouncilSession.objects.filter(pk=session.pk).update(planned_at=moment(session.council))
    assertContains(client.get(session.get_absolute_url()), address)
    assertNotContains(client.get(address), "Если заседание проходит раньше")


def test_members_are_told_how_long_a_session_stands_in_their_list(cast: Cast) -> None:
    session = session_at(S.MINUTES_SIGNED, cast)
    for person, told in (("chair", True), ("member", True), ("secretary", False)):
        page = client_of(cast.people[person]).get(reverse("councils:home"))
        assertContains(page, session.get_absolute_url())
        assert ("ещё 30 дней после подписания" in page.content.decode()) is told
        assert ("со дня, когда они запланированы" in page.content.decode()) is (person == "chair")
