"""Every page that a person can reach by links from their home page is sound, whatever room it belongs to."""

from collections import deque
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from tests.browser.pages import check_page, signed_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

# Django's own administration pages, files, and what ends the session.
SKIPPED = ("admin:", "account_logout", "records:document", "records:attachment")


def view_of(path: str) -> str:
    """The name of the view behind a path; "" for none of ours, and for those that are not pages."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return ""
    return "" if name.startswith(SKIPPED) else name


def crawl(page: Page, seen: set[str]) -> None:
    """Check one page for each view not yet seen, following links from the home page."""
    paths = deque(["/"])
    while paths:
        path = paths.popleft()
        response = page.goto(path)
        assert response is not None
        assert response.status == 200, f"{path}: a link leads to {response.status}"
        if (view := view_of(path)) not in seen or path == "/":
            check_page(page, f"{view} {path}", languages=("ru",))
        seen.add(view)
        for address in page.locator("a[href]:not([download])").evaluate_all("links => links.map((link) => link.href)"):
            parts = urlsplit(address)
            found = view_of(parts.path)
            if parts.hostname == "localhost" and found and found not in seen:
                seen.add(found)
                paths.append(parts.path)


def test_every_page_in_reach_of_a_role_is_sound(page: Page, cast: Cast) -> None:
    seen: set[str] = set()
    for name, user in cast.by_role().items():
        signed_in(page, user)
        crawl(page, seen)
        assert "inbox" in seen, name
