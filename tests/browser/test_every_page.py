"""Every page of the application, filled with records and, where it is a form, sent with its required fields empty.

The pages are those of the access table (`tests/access/routes.py`), opened by somebody who may, about a record in the
state that the page needs; so a new page is looked at as soon as it stands in the table, and one that nobody could open
is a failure here.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from allauth.account.internal.flows import reauthentication
from django.conf import settings as django_settings
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page

from tests.access.oracle import Outcome
from tests.access.routes import Route, table
from tests.access.walk import Walker, prepare
from tests.access.worlds import FAMILY, Subject, World, build_world
from tests.browser.pages import check_page
from tests.casework.visiting import fill_dictionaries

pytestmark = pytest.mark.django_db(transaction=True)

# Files to print or to keep, not pages.
FILES = frozenset(
    {
        "casework:journal_pdf",
        "councils:agenda_docx",
        "councils:minutes_docx",
        "records:attachment",
        "records:document",
    }
)
# Each share builds the world anew.
SHARES = 3
OPEN = frozenset({Outcome.ALLOW, Outcome.FIELDS, Outcome.ALLOW_WITH_REASON})
REQUIRED = "form[data-once] :is(input, select, textarea)[required]"


class Opened(NamedTuple):
    """A page that opens: who opens it, about what, where."""

    walker: Walker
    subject: Subject | None
    path: str


@pytest.fixture
def walkers(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[Walker]:
    """Everybody of the world of the access table, signed in."""
    settings.SECOND_FACTOR_REQUIRED = False
    monkeypatch.setattr(reauthentication, "is_reauthentication_required", lambda *_args, **_options: False)
    fill_dictionaries()
    with transaction.atomic():
        world = build_world()
    return [Walker(world, world.lead(role)) for role in world.leads]


def paths(world: World, route: Route) -> Iterator[tuple[Subject | None, str]]:
    """What a page can be asked about, and its addresses."""
    if route.is_list:
        found = [row for row in world.subjects if route.every in row.ids]
        chosen = "&".join(f"{route.every}={row.ids[route.every][0]}" for row in found)
        yield None, reverse(route.name) + (f"?{chosen}" if route.every else "")
        return
    for subject in [row for row in world.subjects if route.at in row.ids] if route.at else [None]:
        yield subject, reverse(route.name, args=subject.ids[route.at] if subject else ())


def opened(walkers: list[Walker], route: Route) -> Opened | None:
    """The first person and record for whom the page opens, the record in the state that the page needs."""
    for walker in walkers:
        for subject, path in paths(walker.world, route):
            fact = walker.expected(route, subject)
            if not route.is_list and (fact is None or fact.outcome not in OPEN):
                continue
            if subject is not None and subject.kind == FAMILY and subject.family.is_restricted:
                walker.give_reason(subject)
            prepare(route, subject)
            if walker.client.get(path).status_code == 200:
                return Opened(walker, subject, path)
    return None


def sign_in(page: Page, walker: Walker) -> None:
    name = django_settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    if name in walker.client.cookies:
        session = walker.client.cookies[name].value
        page.context.add_cookies([{"name": name, "value": session, "domain": "localhost", "path": "/"}])


def send_empty(page: Page) -> bool:
    """Send the form of the page with nothing in its required fields; False where nothing is required."""
    if not page.locator(REQUIRED).count():
        return False
    page.locator(REQUIRED).evaluate_all(
        "fields => fields.forEach((field) => { field.value = ''; field.checked = false; })"
    )
    with page.expect_navigation():
        page.locator(REQUIRED).first.evaluate("field => field.form.requestSubmit()")
    return True


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_is_sound_filled_and_refused(page: Page, walkers: list[Walker], share: int) -> None:
    routes = [route for route in table() if "GET" in route.methods and route.name not in FILES]
    problems = []
    for route in routes[share::SHARES]:
        found = opened(walkers, route)
        if found is None:
            problems.append(f"{route.name}: nobody can open it")
            continue
        sign_in(page, found.walker)
        page.goto(found.path)
        try:
            check_page(page, f"{route.name} {found.path}")
            page.goto(found.path)
            if send_empty(page):
                assert page.locator(".error-summary").count(), f"{route.name}: an empty form says nothing of it"
                check_page(page, f"{route.name} {found.path}, sent empty")
        except AssertionError as problem:
            problems.append(str(problem))
    assert not problems, "\n\n".join(problems)
