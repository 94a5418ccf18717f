"""Every page that a person can reach by links from their home page is sound, whatever room it belongs to."""

import re
from collections import deque
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from accounts.models import User
from common.editing import only_database_checks
from demo.loading import load_region
from demo.loading.staff import SIGN_INS
from demo.regions import REGIONS
from scripts.demo import announce
from tests.browser.pages import check_page, signed_in
from tests.casework.visiting import fill_dictionaries
from tests.cast import Cast

# Who signs in to the demo, in groups that several processes can look at side by side.
GROUPS = (
    ("specialist",),
    ("head", "director", "auditor"),
    ("secretary", "chair", "member", "ministry", "resource", "admin", "contracts"),
)
MANY = 20
pytestmark = pytest.mark.django_db(transaction=True)

# Django's own administration pages, files, and what ends the session.
SKIPPED = (
    "admin:",
    "account_logout",
    "records:document",
    "records:attachment",
    "councils:agenda_docx",
    "councils:minutes_docx",
)


def view_of(path: str) -> str:
    """The name of the view behind a path; "" for none of ours, and for those that are not pages."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return ""
    return "" if name.startswith(SKIPPED) else name


def crawl(page: Page, seen: set[str]) -> None:
    """Check one page for each view not yet in `seen`, following links from the home page."""
    paths = deque(["/"])
    while paths:
        path = paths.popleft()
        response = page.goto(path)
        assert response is not None
        assert response.status == 200, f"{path}: a link leads to {response.status}"
        check_page(page, f"{view_of(path)} {path}", languages=("ru",))
        seen.add(view_of(path))
        for address in page.locator("a[href]:not([download])").evaluate_all("links => links.map((link) => link.href)"):
            parts = urlsplit(address)
            found = view_of(parts.path)
            if parts.hostname == "localhost" and found and found not in seen:
                seen.add(found)
                paths.append(parts.path)


@pytest.mark.parametrize("names", GROUPS, ids=[names[0] for names in GROUPS])
def test_every_page_of_a_region_at_work_is_sound(page: Page, settings: Any, names: tuple[str, ...]) -> None:
    """The smallest region of the demo: pages filled with two years of work, for everybody who signs in there."""
    settings.SECOND_FACTOR_REQUIRED = False
    fill_dictionaries()
    data = next(region for region in REGIONS if region.code == "tatarstan")
    with transaction.atomic(), only_database_checks():
        load_region(data)
    seen: set[str] = set()
    for name in names:
        signed_in(page, User.objects.get(username=f"{name}@{data.code}.demo"))
        crawl(page, seen)
    assert len(seen) > MANY


def test_everybody_of_the_demo_is_looked_at() -> None:
    assert {name for names in GROUPS for name in names} == {*SIGN_INS, "chair", "contracts"}


def test_everybody_of_the_demo_is_named_when_it_is_ready(capsys: pytest.CaptureFixture[str]) -> None:
    announce(8000)
    roles = re.search(r"roles +(.+?)\s+regions", capsys.readouterr().out, re.DOTALL)
    assert roles is not None
    assert set(re.split(r",\s+", roles[1])) == {*SIGN_INS, "chair", "contracts"}


def test_every_page_in_reach_of_a_role_is_sound(page: Page, cast: Cast) -> None:
    seen: set[str] = set()
    for name, user in cast.by_role().items():
        signed_in(page, user)
        crawl(page, seen)
        assert "inbox" in seen, name
