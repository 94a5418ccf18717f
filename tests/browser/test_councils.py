"""Pages of the councils room in the browser: every kind of page, at both widths, in both languages."""

import pytest
from playwright.sync_api import Page

from councils.enums import DecisionType, ItemKind, SessionState
from councils.models import AgendaItem, Decision
from councils.services import agenda
from tests.browser.pages import check_page, signed_in
from tests.cast import PASSWORD, Cast
from tests.factories.councils import attend, body, decide, planned, ready_case, session_at

pytestmark = pytest.mark.django_db(transaction=True)

S = SessionState


def check(page: Page, *paths: str) -> None:
    for path in paths:
        page.goto(path)
        check_page(page, path)


def test_pages_before_a_session_are_sound(page: Page, cast: Cast) -> None:
    session = session_at(S.PLANNED, cast)
    ready_case(cast)
    item = AgendaItem.objects.get(session=session)
    own, ask = f"/councils/sessions/{session.pk}/", f"/councils/questions/{item.pk}/"
    signed_in(page, cast.secretary)
    check(page, "/councils/sessions/", own, f"{own}candidates/", f"{own}matter/", f"{ask}edit/", f"{ask}withdraw/")
    check(page, f"/councils/bodies/{session.council_id}/sessions/new/", f"{own}edit/", f"{own}cancel/")
    signed_in(page, cast.chair)
    check(page, own, f"{own}approve/")


def test_pages_of_a_session_are_sound(page: Page, cast: Cast) -> None:
    session = session_at(S.AGENDA_APPROVED, cast)
    own = f"/councils/sessions/{session.pk}/"
    signed_in(page, cast.secretary)
    check(page, own, f"{own}attendance/", f"{own}packet/")
    attend(cast, session)
    check(page, f"{own}hold/")
    held = session_at(S.HELD, cast, council=session.council)
    item = AgendaItem.objects.get(session=held)
    member = held.council.members.get(user=cast.member)
    task = decide(cast, item, DecisionType.TASK, executor_member=member, due_on=held.day, text="Проверить жильё")
    check(page, f"/councils/sessions/{held.pk}/", f"/councils/questions/{item.pk}/decisions/new/")
    Decision.objects.filter(pk=task.pk).update(state="ADOPTED")
    check(page, "/councils/decisions/", f"/councils/decisions/{task.pk}/")
    signed_in(page, cast.member)
    check(page, "/councils/sessions/", own, f"{own}packet/", f"/councils/decisions/{task.pk}/report/")


def test_pages_after_a_session_are_sound(page: Page, cast: Cast) -> None:
    session = session_at(S.MINUTES_SIGNED, cast)
    own = f"/councils/sessions/{session.pk}/"
    decision = Decision.objects.filter(item__session=session)[0]
    drafted = session_at(S.MINUTES_DRAFTED, cast, council=session.council)
    signed_in(page, cast.secretary)
    check(page, own, f"{own}minutes/correct/", f"/councils/decisions/{decision.pk}/extract/")
    check(page, f"/councils/sessions/{drafted.pk}/minutes/upload/")
    signed_in(page, cast.chair)
    sign = f"/councils/sessions/{drafted.pk}/minutes/sign/"
    page.goto(sign)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    check(page, sign)


def test_pages_of_bodies_are_sound(page: Page, cast: Cast) -> None:
    council = body(cast)
    signed_in(page, cast.region_admin)
    check(page, "/councils/bodies/", f"/councils/bodies/{council.pk}/", f"/councils/bodies/{council.pk}/edit/")
    check(page, f"/councils/bodies/{council.pk}/members/new/")


def test_the_case_shows_its_questions(page: Page, cast: Cast) -> None:
    session = planned(cast)
    case = ready_case(cast)
    agenda.propose(session=session, case=case, kind=ItemKind.ENROL, reason="Просьба", actor=cast.head)
    signed_in(page, cast.head)
    check(page, f"/cases/{case.pk}/", f"/councils/cases/{case.pk}/propose/", "/councils/sessions/")
