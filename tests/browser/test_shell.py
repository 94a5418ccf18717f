"""The shell of every page, the pages of one's own account, and the gallery of components."""

import pytest
from playwright.sync_api import Page

from tests.browser.pages import check_page, signed_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.urls("config.urls_dev")
@pytest.mark.parametrize("query", ["", "?errors"])
def test_every_component_is_sound(page: Page, query: str) -> None:
    page.goto(f"/_components/{query}")
    check_page(page, f"components {query}", languages=("ru",))


def test_sign_in_is_sound(page: Page) -> None:
    page.goto("/accounts/login/")
    check_page(page, "sign-in")
    page.get_by_label("Login").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    check_page(page, "sign-in refused")


@pytest.mark.parametrize(
    "path",
    [
        "/inbox/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/sessions/",
        "/accounts/logout/",
        "/accounts/password/reset/",
        "/profile/",
        "/no-such-page/",
    ],
)
def test_pages_of_the_account_are_sound(page: Page, cast: Cast, path: str) -> None:
    signed_in(page, cast.specialist).goto(path)
    check_page(page, path)
