"""Whose step is next with a session: told to who takes it, settled once it is taken, and named on the room's page."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import User
from accounts.notifications import text_of
from councils import waiting
from councils.enums import DecisionType, SessionState
from councils.models import AgendaItem, CouncilPolicy, CouncilSession
from councils.readiness import late_notice
from councils.services import agenda, minutes, sessions
from councils.waiting import tell_of_all
from monitoring.daily import apply_everywhere
from tests.cast import Cast, client_of
from tests.factories.accounts import deputy_of
from tests.factories.councils import body, decide, on_agenda, planned, ready_case, session_at

pytestmark = pytest.mark.django_db

S = SessionState
Through = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def through(django_capture_on_commit_callbacks: Any) -> Through:
    """A transaction that goes through, with what follows its end; the scene before it was one of its own."""

    @contextmanager
    def transaction_of_its_own() -> Iterator[None]:
        connection.run_on_commit = []
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return transaction_of_its_own


def told(user: User, code: str) -> list[int | None]:
    """The sessions of which `user` is told with this code, not read and not settled."""
    return list(user.notifications.unread().filter(code=code).values_list("target_id", flat=True))


def waits(user: User) -> list[int | None]:
    return told(user, "councils.agenda_to_approve")


def test_a_complete_agenda_waits_for_the_chair_until_it_is_approved(cast: Cast, through: Through) -> None:
    session = planned(cast)
    today = session.council.today()
    deputy_of(cast.chair.appointments.get(), user=cast.newcomer, starts_on=today, ends_on=today)
    with through():
        item = agenda.propose(session=session, case=ready_case(cast), kind="ENROL", reason="Просьба", actor=cast.head)
    assert waits(cast.chair) == []
    with through():
        agenda.include(session=session, items=[item], actor=cast.secretary)
    assert waits(cast.chair) == waits(cast.newcomer) == [session.pk]
    assert waits(cast.secretary) == waits(cast.member) == waits(cast.director) == []
    assert f"{today:%d.%m.%Y}" in text_of(cast.chair.notifications.get())
    with through():
        agenda.change_item(item=item, values={"materials": ""}, actor=cast.secretary)
    assert waits(cast.chair) == waits(cast.newcomer) == []
    with through():
        agenda.change_item(item=item, values={"materials": "Справка"}, actor=cast.secretary)
    assert waits(cast.chair) == [session.pk]
    with through():
        sessions.approve_agenda(session=session, actor=cast.chair)
    assert waits(cast.chair) == waits(cast.newcomer) == []
    assert told(cast.secretary, "councils.agenda_is_approved") == [session.pk]
    assert told(cast.chair, "councils.agenda_is_approved") == told(cast.member, "councils.agenda_is_approved") == []


def test_an_agenda_that_moves_is_told_of_with_its_new_day(cast: Cast, through: Through) -> None:
    session = planned(cast)
    with through():
        on_agenda(cast, session, ready_case(cast))
    later = {"planned_at": session.planned_at + timedelta(days=1)}
    with through():
        sessions.change_session(session=session, values=later, actor=cast.secretary)
    assert waits(cast.chair) == [session.pk]
    [row] = cast.chair.notifications.unread()
    assert f"{session.planned_on:%d.%m.%Y}" in text_of(row)
    with through():
        sessions.cancel_session(session=session, reason="Нет зала", actor=cast.secretary)
    assert waits(cast.chair) == []


@pytest.mark.parametrize("way", ["one question", "all questions"])
def test_what_is_postponed_to_a_complete_agenda_makes_it_wait_no_longer(cast: Cast, through: Through, way: str) -> None:
    council = body(cast)
    session = session_at(S.HELD if way == "one question" else S.AGENDA_APPROVED, cast, council=council)
    following = planned(cast, council, days=3)
    with through():
        proposed = on_agenda(cast, following, ready_case(cast))
    assert waits(cast.chair) == [following.pk]
    with through():
        if way == "one question":
            agenda.postpone(item=AgendaItem.objects.get(session=session), reason="Нет сведений", actor=cast.secretary)
        else:
            sessions.cancel_session(session=session, reason="Нет зала", actor=cast.secretary)
    postponed = AgendaItem.objects.get(session=following, postponed_from__session=session)
    assert postponed.position == proposed.position + 1
    assert waits(cast.chair) == []


def test_what_is_postponed_passes_over_an_agenda_that_is_approved_meanwhile(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = body(cast)
    session = session_at(S.HELD, cast, council=council)
    following, later = planned(cast, council, days=3), planned(cast, council, days=9)
    lock = agenda.lock

    def late(row: CouncilSession) -> CouncilSession:
        if row.pk == following.pk:
            CouncilSession.objects.filter(pk=row.pk).update(state=S.AGENDA_APPROVED)
        return lock(row)

    monkeypatch.setattr(agenda, "lock", late)
    agenda.postpone(item=AgendaItem.objects.get(session=session), reason="Нет сведений", actor=cast.secretary)
    assert AgendaItem.objects.get(postponed_from__session=session).session == later


def test_without_an_account_of_the_chair_the_secretariat_notes_the_approval(cast: Cast, through: Through) -> None:
    session = planned(cast)
    session.council.members.filter(user=cast.chair).update(user=None)
    with through():
        on_agenda(cast, session, ready_case(cast))
    assert waits(cast.secretary) == [session.pk]
    assert waits(cast.chair) == waits(cast.other_secretary) == []
    with through():
        sessions.approve_agenda(session=session, actor=cast.secretary)
    assert waits(cast.secretary) == told(cast.secretary, "councils.agenda_is_approved") == []


def test_minutes_wait_for_the_chair_until_they_are_signed(cast: Cast) -> None:
    session = session_at(S.HELD, cast)
    decide(cast, AgendaItem.objects.get(session=session), DecisionType.TAKE_NOTE)
    minutes.draft_minutes(session=session, actor=cast.secretary)
    assert told(cast.chair, "councils.minutes_to_sign") == [session.pk]
    minutes.sign_in_system(session=session, actor=cast.chair)
    assert told(cast.chair, "councils.minutes_to_sign") == []
    assert told(cast.secretary, "councils.minutes_signed") == [session.pk]


def test_the_secretariat_is_told_in_the_morning_of_a_session_whose_day_has_passed(cast: Cast, through: Through) -> None:
    session = moved_back(session_at(S.AGENDA_APPROVED, cast))
    assert tell_of_all([cast.other_institution.pk]) == 0
    assert tell_of_all([cast.institution.pk]) == 1
    assert tell_of_all([cast.institution.pk]) == 0
    assert told(cast.secretary, "councils.session_missed") == [session.pk]
    session.refresh_from_db()
    with through():
        sessions.cancel_session(session=session, reason="Нет зала", actor=cast.secretary)
    assert told(cast.secretary, "councils.session_missed") == []


def test_the_rule_of_the_morning_tells_it(cast: Cast) -> None:
    session = moved_back(planned(cast))
    apply_everywhere(timezone.now())
    assert told(cast.secretary, "councils.session_missed") == [session.pk]
    assert told(cast.other_secretary, "councils.session_missed") == []


def test_a_session_that_fails_keeps_no_other_from_being_told_of(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    council = body(cast)
    broken, *others = (moved_back(planned(cast, council), days) for days in (2, 3, 4))
    tell = waiting.tell

    def failing(pk: int) -> int:
        if pk == broken.pk:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return tell(pk)

    monkeypatch.setattr(waiting, "tell", failing)
    assert tell_of_all([cast.institution.pk]) == len(others)
    assert set(told(cast.secretary, "councils.session_missed")) == {row.pk for row in others}
    [record] = [record for record in caplog.records if record.name == "councils.waiting"]
    assert record.levelname == "ERROR"
    assert isinstance(record.msg, dict)
    assert (record.msg["event"], record.msg["session"]) == ("session_not_told_of", broken.pk)


def test_what_is_told_of_a_missed_session_is_true_of_one_that_cannot_be_held(cast: Cast) -> None:
    moved_back(planned(cast))
    tell_of_all([cast.institution.pk])
    with override("ru"):
        said = text_of(cast.secretary.notifications.unread().get(code="councils.session_missed"))
    assert "отметьте проведение" not in said
    assert "что сделать, сказано на странице заседания" in said


def test_a_deputy_of_the_chair_is_told_in_the_morning_of_what_waited_before(cast: Cast, through: Through) -> None:
    session = session_at(S.PLANNED, cast)
    assert tell_of_all([cast.institution.pk]) == 1
    today = session.council.today()
    deputy_of(cast.chair.appointments.get(), user=cast.newcomer, starts_on=today, ends_on=today)
    assert tell_of_all([cast.institution.pk]) == 1
    assert waits(cast.newcomer) == [session.pk]


def steps(user: User) -> dict[int, str]:
    """The sessions that the room's page names as the person's to act on, with the step."""
    page = client_of(user).get(reverse("councils:home"))
    return {row["session"].pk: row["text"] for row in page.context["steps_to_take"]}


def coming(user: User) -> CouncilSession | None:
    page = client_of(user).get(reverse("councils:home"))
    return page.context["coming"] and page.context["coming"]["session"]


def moved_back(session: CouncilSession, days: int = 2) -> CouncilSession:
    """The same session as if its day had passed."""
    before = session.planned_at - timedelta(days=days)
    CouncilSession.objects.filter(pk=session.pk).update(planned_at=before)
    return session


def test_the_next_session_is_one_from_today_on(cast: Cast) -> None:
    council = body(cast)
    past = moved_back(planned(cast, council))
    called = moved_back(session_at(S.AGENDA_APPROVED, cast, council=council), 3)
    later, today = planned(cast, council, days=9), planned(cast, council)
    for person in (cast.secretary, cast.chair, cast.director):
        assert coming(person) == today
    CouncilSession.objects.filter(pk=today.pk).update(state=S.CANCELLED, cancel_reason="Нет зала")
    assert coming(cast.secretary) == later
    assert set(steps(cast.secretary)) == {past.pk, called.pk}
    assert steps(cast.chair) == steps(cast.director) == steps(cast.member) == {}
    for session in (past, called):
        page = client_of(cast.secretary).get(session.get_absolute_url())
        assertContains(page, steps(cast.secretary)[session.pk])
        assertNotContains(client_of(cast.chair).get(session.get_absolute_url()), steps(cast.secretary)[session.pk])


@pytest.mark.parametrize(
    ("state", "who"),
    [(S.PLANNED, {"chair"}), (S.AGENDA_APPROVED, set()), (S.HELD, {"secretary"}), (S.MINUTES_SIGNED, set())],
)
def test_the_page_names_the_step_to_who_takes_it(cast: Cast, state: SessionState, who: set[str]) -> None:
    session = session_at(state, cast)
    people = ("secretary", "chair", "member", "director", "specialist")
    assert {name for name in people if session.pk in steps(cast.people[name])} == who


def test_drafted_minutes_are_a_step_of_the_chair_and_of_the_secretariat(cast: Cast) -> None:
    session = session_at(S.MINUTES_DRAFTED, cast)
    assert set(steps(cast.chair)) == set(steps(cast.secretary)) == {session.pk}
    assert steps(cast.chair) != steps(cast.secretary)
    assert steps(cast.member) == {}


def test_the_chair_is_offered_the_approval_of_a_complete_agenda_only(cast: Cast) -> None:
    session = planned(cast)
    chair, approve = client_of(cast.chair), reverse("councils:approve", args=[session.pk])
    assertNotContains(chair.get(session.get_absolute_url()), approve)
    on_agenda(cast, session, ready_case(cast))
    assertContains(chair.get(session.get_absolute_url()), approve)
    moved_back(session)
    assertNotContains(chair.get(session.get_absolute_url()), approve)


def test_who_approves_reads_that_the_day_of_a_complete_agenda_is_too_near(cast: Cast) -> None:
    session = planned(cast)
    chair = client_of(cast.chair)
    chair.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    preparing = "Секретарь готовит повестку."
    assertContains(chair.get(session.get_absolute_url()), preparing)
    on_agenda(cast, session, ready_case(cast))
    CouncilPolicy.objects.filter(council=session.council).update(notice_days=5)
    page = chair.get(session.get_absolute_url())
    assertNotContains(page, preparing)
    assertContains(page, late_notice(session))
    assertNotContains(page, reverse("councils:approve", args=[session.pk]))


def test_a_correction_that_waits_for_its_signature_is_a_step(cast: Cast) -> None:
    session = session_at(S.MINUTES_SIGNED, cast)
    minutes.correct_minutes(session=session, reason="Описка", correction="Читать «3»", actor=cast.secretary)
    assert set(steps(cast.chair)) == set(steps(cast.secretary)) == {session.pk}
    assert steps(cast.chair) != steps(cast.secretary)
    assert steps(cast.member) == steps(cast.director) == {}
    minutes.sign_in_system(session=session, actor=cast.chair)
    assert steps(cast.chair) == steps(cast.secretary) == {}


def test_the_page_asks_as_often_for_many_sessions_as_for_few(cast: Cast) -> None:
    council = body(cast)
    chair = client_of(cast.chair)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert chair.get(reverse("councils:home")).status_code == 200
        return len(asked)

    for _number in range(2):
        on_agenda(cast, planned(cast, council), ready_case(cast))
    queries()
    few = queries()
    for _number in range(5):
        on_agenda(cast, planned(cast, council), ready_case(cast))
    assert len(steps(cast.chair)) == 7
    assert queries() == few
