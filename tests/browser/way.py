"""The story's people and their hands: each in a browser of their own, going by what the pages show and offer."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.pages import signed_in
from tests.cast import Cast

Words = str | re.Pattern[str]

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# The first paper of a process takes its time, on a busy machine more than Playwright's half a minute.
PATIENCE = 60_000


class Clock:
    """The application's clock, which the story puts forward; a browser and its cookies keep to the real one."""

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.real = timezone.now
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return self.real() + self.ahead

    def put(self, day: str, hour: int = 10) -> None:
        """Make it `hour` o'clock of `day` (ДД.ММ.ГГГГ) where the story plays."""
        moment = datetime.strptime(f"{day} {hour}", "%d.%m.%Y %H").replace(tzinfo=self.zone)
        self.ahead = moment - self.real()


class People:
    """Everybody of the story; who comes to work signs in anew and stands on their home page."""

    def __init__(self, browser: Browser, options: Mapping[str, Any], cast: Cast) -> None:
        self.browser, self.options, self.cast = browser, dict(options), cast

    @contextmanager
    def at_work(self, name: str, **device: Any) -> Iterator[Page]:
        """A browser of this person of the cast, on their home page; `device` changes the window's options."""
        context = self.browser.new_context(**self.options | device)
        context.set_default_timeout(PATIENCE)
        page = signed_in(context.new_page(), self.cast.people[name])
        page.goto("/")
        yield page
        context.close()


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def _opened(page: Page, what: Locator) -> None:
    """Click, or tap on a phone, and see the page that it leads to; nothing that is offered may be refused."""
    touch = bool(page.evaluate("navigator.maxTouchPoints > 0"))
    with page.expect_navigation() as navigation:
        what.tap() if touch else what.click()
    answer = navigation.value
    assert answer is not None
    assert answer.ok, f"{answer.status} for {answer.url}"
    expect(page.locator(".error-summary")).to_have_count(0)


def open_menu(page: Page, name: str) -> None:
    """Go to a section by the entry of the menu that stands open on a wide page."""
    _opened(page, page.get_by_role("banner").get_by_role("link", name=name, exact=True))


def follow(page: Page, name: Words, *, within: Locator | None = None) -> None:
    _opened(page, (within or main(page)).get_by_role("link", name=name).first)


def press(page: Page, name: Words, *, within: Locator | None = None) -> None:
    _opened(page, (within or main(page)).get_by_role("button", name=name).first)


def labelled(where: Locator, label: str) -> Locator:
    """The field with this label, whether it may be left empty or not."""
    return where.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\(необязательно\))?\s*$"))


def fill(where: Locator, **values: str) -> None:
    """Type or choose what the fields hold, by their labels."""
    for label, value in values.items():
        field = labelled(where, label.replace("_", " "))
        if field.evaluate("field => field.localName") == "select":
            field.select_option(label=value)
        else:
            field.fill(value)


def told(page: Page, text: Words) -> None:
    """The person finds the news among their notifications, and it opens what it is about."""
    page.goto("/")
    _opened(page, page.get_by_role("banner").get_by_role("link", name=re.compile("^Уведомления")))
    press(page, text)


def offers_no_dead_end(page: Page) -> None:
    """Every link of the page's content opens for whom it is shown to."""
    links = main(page).locator("a[href^='/']:not([download])")
    for address in sorted(set(links.evaluate_all("links => links.map((link) => link.href)"))):
        answer = page.request.get(address)
        assert answer.ok, f"{page.url} leads to {answer.status} for {address}"
