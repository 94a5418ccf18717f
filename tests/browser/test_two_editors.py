"""One record open in two browsers: the later save is refused with both versions shown, and loses nothing typed."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from casework.enums import Stage
from tests.browser.pages import signed_in
from tests.casework.visiting import active_case, fill_dictionaries, recorded
from tests.cast import Cast
from tests.factories.casework import case_at
from tests.factories.families import household
from tests.factories.programmes import drafted

pytestmark = pytest.mark.django_db(transaction=True)

CONFLICT = "Запись уже сохранил другой человек"
OWN_CONFLICT = "Запись уже сохранили вы сами"
THEIRS, OURS, LEFT_ALONE = "Набрано раньше", "Набрано позже", "Набрано там, где другой ничего не менял"


@pytest.fixture
def second_page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(**browser_context_args)
    yield context.new_page()
    context.close()


def a_visit(cast: Cast) -> Model:
    return recorded(active_case(cast), cast.specialist)


def a_programme(cast: Cast) -> Model:
    unit = household(department=cast.department)
    case = case_at(Stage.CONTRACTING, family=unit, curator=cast.specialist, actor=cast.specialist)
    return drafted(case, cast.specialist)


def a_family(cast: Cast) -> Model:
    return household(department=cast.department, curator=cast.specialist)


@pytest.mark.parametrize(
    ("route", "make", "winner", "contested", "own"),
    [
        ("casework:visit_edit", a_visit, "head", "observations", "recommendations"),
        ("casework:programme_edit", a_programme, "specialist", "goal", "family_goals"),
        ("families:edit", a_family, "head", "title", "address_note"),
    ],
)
def test_the_later_of_two_sees_both_versions_and_keeps_the_text(
    page: Page, second_page: Page, cast: Cast, route: str, make: Any, winner: str, contested: str, own: str
) -> None:
    fill_dictionaries()
    record = make(cast)
    path = reverse(route, args=[record.pk])
    first, second = signed_in(page, cast.people[winner]), signed_in(second_page, cast.specialist)
    for editor in (first, second):
        editor.goto(path)
    first.locator(f"[name={contested}]").fill(THEIRS)
    send(first)
    expect(first.get_by_text("Запись уже сохранил")).to_have_count(0)

    second.locator(f"[name={contested}]").fill(OURS)
    folded = second.locator(f"details:not([open]):has([name={own}]) > summary")
    if folded.count():
        folded.click()
    second.locator(f"[name={own}]").fill(LEFT_ALONE)
    send(second)
    is_own = winner == "specialist"
    expect(second.get_by_role("heading", name=OWN_CONFLICT if is_own else CONFLICT)).to_be_visible()
    versions = second.get_by_role("table", name="Различия").get_by_role("row").filter(has_text=OURS)
    expect(versions).to_contain_text(THEIRS)
    if not is_own:
        expect(second.locator(".notice").filter(has_text=CONFLICT)).to_contain_text(str(cast.people[winner]))
    expect(second.locator(f"[name={contested}]")).to_have_value(OURS)
    expect(second.locator(f"[name={own}]")).to_have_value(LEFT_ALONE)
    record.refresh_from_db()
    assert (getattr(record, contested), getattr(record, own)) == (THEIRS, "")

    send(second)
    expect(second.get_by_role("heading", name=CONFLICT)).to_have_count(0)
    record.refresh_from_db()
    assert (getattr(record, contested), getattr(record, own)) == (OURS, LEFT_ALONE)


def send(editor: Page) -> None:
    """Send the form as its main button does, and wait for the answer."""
    with editor.expect_navigation():
        editor.get_by_role("button", name="Сохранить").click()
