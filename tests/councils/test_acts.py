"""Acts of a session: what the next page reports as done, and what the chair is shown before signing."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from casework.services.programmes import approve_programme
from councils.enums import DecisionType, SessionState
from councils.models import AgendaItem, Attendance, CouncilSession
from councils.services import attendance, minutes, sessions
from families.services import restrict
from tests.cast import PASSWORD, Cast, client_of
from tests.councils.pages import send, url
from tests.factories.councils import attend, body, decide, moment, on_agenda, planned, ready_case, scan, session_at
from tests.factories.programmes import COUNCIL

pytestmark = pytest.mark.django_db

S = SessionState


def told(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def russian(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    return client


def test_each_act_on_the_way_of_a_session_is_reported(cast: Cast) -> None:
    council, case = body(cast), ready_case(cast)
    secretary, chair = russian(client_of(cast.secretary)), russian(client_of(cast.chair))
    when = moment(council).strftime("%Y-%m-%dT%H:%M")
    assert told(send(secretary, url("session_new", council.pk), {"planned_at": when})) == [
        f"Заседание назначено на {moment(council):%d.%m.%Y}."
    ]
    session = CouncilSession.objects.get(council=council)
    said = [
        secretary.post(url("candidates", session.pk), {"proposal": [f"enrol:{case.pk}"]}),
        send(secretary, url("matter_new", session.pk), {"title": "План работы"}),
        send(secretary, url("invitee_new", session.pk), {"name": "Смирнова А. А."}),
        send(chair, url("approve", session.pk)),
        secretary.post(url("attendance", session.pk), _everybody(session)),
        send(secretary, url("hold", session.pk)),
        *(send(secretary, url("decision_new", row.pk), _noted()) for row in AgendaItem.objects.filter(session=session)),
        secretary.post(url("minutes_draft", session.pk)),
        send(secretary, url("minutes_upload", session.pk), {"file": scan()}),
    ]
    assert [told(answer)[-1] for answer in said] == [
        "Вопросы включены в повестку.",
        "Вопрос включён в повестку.",
        "Приглашённый внесён в список.",
        "Повестка утверждена, члены приглашены.",
        "Явка сохранена.",
        "Отмечено, что заседание состоялось.",
        "Решение сохранено.",
        "Решение сохранено.",
        "Протокол составлен.",
        "Протокол подписан.",
    ]


def _everybody(session: CouncilSession) -> dict[str, str]:
    seats = [row.member_id for row in Attendance.objects.filter(session=session)]
    return {f"member{pk}-present": "on" for pk in seats} | {f"member{pk}-mode": "IN_PERSON" for pk in seats}


def test_attendance_that_is_refused_keeps_what_was_typed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_at(S.AGENDA_APPROVED, cast)
    secretary, address = russian(client_of(cast.secretary)), url("attendance", session.pk)
    seats = [row.member_id for row in Attendance.objects.filter(session=session)]
    typed = _everybody(session) | {f"member{seats[-1]}-absence_reason": "Опоздает"}
    enter = attendance.enter_attendance

    def late(**values: Any) -> None:
        """Somebody notes that the session was held between the opening of the page and its sending."""
        CouncilSession.objects.filter(pk=session.pk).update(state=S.HELD, held_on=session.day)
        enter(**values)

    monkeypatch.setattr(attendance, "enter_attendance", late)
    page = secretary.post(address, typed)
    assert told(page) == []
    assertContains(page, "Ничего не сохранено")
    assertContains(page, "data-error-summary")
    assertContains(page, 'value="Опоздает"')
    assert page.content.decode().count(" checked") >= len(seats)
    assert not Attendance.objects.filter(session=session, present=True).exists()


def _noted() -> dict[str, str]:
    return {"type": DecisionType.TAKE_NOTE.value, "shown_for": DecisionType.TAKE_NOTE.value, "text": "К сведению"}


def test_a_refused_form_reports_nothing(cast: Cast) -> None:
    session = session_at(S.PLANNED, cast)
    assert told(send(client_of(cast.secretary), url("cancel", session.pk), {"reason": ""})) == []


def test_choosing_none_of_the_proposals_leads_back_to_them(cast: Cast) -> None:
    session, address = planned(cast), "candidates"
    ready_case(cast)
    answer = client_of(cast.secretary).post(url(address, session.pk), {})
    assert answer.headers["Location"] == url(address, session.pk)
    assert len(told(answer)) == 1
    assert not session.items.exists()


def signing(client: Client, session: CouncilSession) -> Any:
    """The page before the chair's signature; the password is asked for first."""
    asked = client.get(url("minutes_sign", session.pk))
    client.post(asked.headers["Location"], {"password": PASSWORD})
    return client.get(url("minutes_sign", session.pk))


def test_the_chair_sees_what_is_signed_before_signing(cast: Cast) -> None:
    session = planned(cast)
    for _number in range(2):
        on_agenda(cast, session, ready_case(cast))
    sessions.approve_agenda(session=session, actor=cast.chair)
    attend(cast, session)
    sessions.hold(session=session, held_on=session.day, actor=cast.secretary)
    first, second = AgendaItem.objects.filter(session=session).order_by("position")
    decide(cast, first, DecisionType.ENROL)
    decide(cast, first, DecisionType.APPROVE_PROGRAMME)
    decide(cast, second, DecisionType.APPROVE_PROGRAMME)
    minutes.draft_minutes(session=session, actor=cast.secretary)
    chair = russian(client_of(cast.chair))
    page = signing(chair, session)
    shown = {row["label"]: row["value"] for row in page.context["facts"]}
    assert shown.pop("Заседание")
    assert shown == {
        "Всего решений": "3",
        "Поставить на сопровождение": "1",
        "Утвердить программу": "1",
        "Утвердить программу и поставить семью на сопровождение": "1",
    }
    to_read = url("minutes_print", session.pk, "public")
    assertContains(page, f'action="{to_read}"')
    assert chair.post(to_read, follow=True).headers["Content-Type"] == "application/pdf"
    assert told(chair.post(url("minutes_sign", session.pk))) == ["Протокол подписан."]


def test_before_signing_the_chair_is_led_to_the_questions_that_the_paper_leaves_out(cast: Cast) -> None:
    hidden, open_case = ready_case(cast), ready_case(cast)
    session = session_at(S.MINUTES_DRAFTED, cast, cases=[hidden, open_case])
    left_out, read = (AgendaItem.objects.get(session=session, case=case) for case in (hidden, open_case))
    chair = russian(client_of(cast.chair))
    assertNotContains(signing(chair, session), "с ограниченным доступом")
    restrict(actor=cast.specialist, family=hidden.family, reason="Опасность")
    page = chair.get(url("minutes_sign", session.pk))
    address = url("restricted_item", left_out.pk)
    assertContains(page, f'<a href="{address}">Вопрос {left_out.position}</a>')
    assertContains(page, "нет решений по семьям с ограниченным доступом")
    assertNotContains(page, url("restricted_item", read.pk))
    assertNotContains(page, hidden.number)
    assertContains(chair.post(address, {"reason": "Подписываю протокол"}), hidden.number)


def test_before_a_correction_is_signed_it_is_shown(cast: Cast) -> None:
    session = session_at(S.MINUTES_SIGNED, cast)
    minutes.correct_minutes(session=session, reason="Описка", correction="Читать «3»", actor=cast.secretary)
    page = signing(russian(client_of(cast.chair)), session)
    assertContains(page, "Читать «3»")
    assert "Всего решений" not in {row["label"] for row in page.context["facts"]}


def test_minutes_that_cannot_be_drafted_say_why(cast: Cast) -> None:
    """A decision was possible at the table; meanwhile the programme was approved elsewhere."""
    case = ready_case(cast)
    session = session_at(S.HELD, cast, cases=[case])
    decide(cast, AgendaItem.objects.get(session=session), DecisionType.APPROVE_PROGRAMME)
    programme = case.programmes.get()
    approve_programme(programme=programme, on=session.day, actor=cast.head, **COUNCIL)
    answer = client_of(cast.secretary).post(url("minutes_draft", session.pk), follow=True)
    [message] = [message for message in answer.context["messages"] if message.level_tag == "error"]
    assert str(message)
    session.refresh_from_db()
    assert session.state == S.HELD
