"""Pages of the families room in the browser: card, registration, search, forms, papers."""

import pytest
from playwright.sync_api import Page, expect

from families.models import Category, Family
from tests.browser.pages import check_page, signed_in
from tests.cast import Cast
from tests.families.scenes import filled_family, opened_by

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def family(cast: Cast) -> Family:
    family = filled_family(department=cast.department, curator=cast.specialist, settlement=cast.settlement)
    opened_by(family, cast.specialist)
    return family


@pytest.mark.parametrize("page_name", ["", "history/", "readers/", "edit/", "status/", "income/new/", "consents/new/"])
def test_pages_of_a_family_are_sound(page: Page, cast: Cast, family: Family, page_name: str) -> None:
    signed_in(page, cast.specialist).goto(f"/families/{family.pk}/{page_name}")
    check_page(page, f"family {page_name}")


def test_the_access_page_is_sound(page: Page, cast: Cast, family: Family) -> None:
    signed_in(page, cast.head).goto(f"/families/{family.pk}/grants/")
    check_page(page, "grants")


def test_papers_are_sound(page: Page, cast: Cast, family: Family) -> None:
    signed_in(page, cast.specialist)
    for path in (f"consents/{family.consents.all()[0].pk}/", f"statements/{family.statements.get().pk}/"):
        page.goto(f"/families/{path}")
        check_page(page, path)


def test_search_is_sound_and_keeps_names_out_of_the_address(page: Page, cast: Cast, family: Family) -> None:
    signed_in(page, cast.specialist).goto("/families/")
    check_page(page, "search, empty")
    page.get_by_role("searchbox").fill("ольга хабибуллина")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name="Хабибуллина Ольга Павловна")).to_be_visible()
    assert "%D0" not in page.url
    check_page(page, "search, found")
    page.goto("/families/names/")
    check_page(page, "names")


def test_a_family_is_registered_in_the_browser(page: Page, cast: Cast, family: Family) -> None:
    signed_in(page, cast.colleague).goto("/families/new/")
    check_page(page, "new family")
    page.get_by_role("button", name="Register the family").click()
    check_page(page, "new family, refused")
    for row, (name, born, role) in enumerate([("Дарья", "01.02.1990", "MOTHER"), ("Тимур", "03.04.2019", "CHILD")]):
        page.locator(f"#id_members-{row}-last_name").fill("Хабибуллина")
        page.locator(f"#id_members-{row}-first_name").fill(name)
        page.locator(f"#id_members-{row}-birth_date").fill(born)
        page.locator(f"#id_members-{row}-role").select_option(role)
        page.locator(f"input[name=members-{row}-sex][value=F], select[name=members-{row}-sex]").first.select_option("F")
    page.get_by_role("button", name="Register the family").click()
    expect(page.get_by_role("heading", level=1, name="Хабибуллина")).to_be_visible()
    check_page(page, "card of a new family")
    assert Family.objects.count() == 2
    assert Category.objects.exists()
