"""The pages that a head keeps open, and the pages of a case that gather much: sound, and usable without JavaScript."""

from datetime import timedelta

import pytest
from django.db.models import F
from playwright.sync_api import Page, expect

from casework.enums import Stage
from casework.models import SupportCase
from families.enums import StatusKind
from families.services import set_status
from tests.browser.pages import check_page, signed_in
from tests.casework.visiting import recorded
from tests.cast import Cast, client_of
from tests.factories.casework import case_at
from tests.factories.families import household

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case with a visit whose act was printed and corrected, a status, and a neighbour that is overdue."""
    family = household(department=cast.department, children=2)
    case = case_at(Stage.ACTIVE, family=family, curator=cast.specialist, actor=cast.specialist)
    visit = recorded(case, cast.specialist, observations="В доме порядок")
    client_of(cast.specialist).post(f"/visits/{visit.pk}/act/")
    set_status(actor=cast.specialist, family=case.family, kind=StatusKind.HARDSHIP, on=cast.institution.today())
    for curator in (cast.specialist, cast.colleague, cast.colleague):
        late = case_at(Stage.ACTIVE, family=household(department=cast.department), curator=curator)
        SupportCase.objects.filter(pk=late.pk).update(next_contact_due_on=F("opened_on") + timedelta(days=31))
    return case


@pytest.mark.parametrize("path", ["/caseload/", "/caseload/?state=overdue&sort=-children", "/cases/?sort=-number"])
def test_desks_are_sound(page: Page, cast: Cast, case: SupportCase, path: str) -> None:
    signed_in(page, cast.head).goto(path)
    check_page(page, path)


@pytest.mark.parametrize("tab", ["", "documents/", "changes/", "readers/"])
def test_pages_of_a_case_are_sound(page: Page, cast: Cast, case: SupportCase, tab: str) -> None:
    signed_in(page, cast.head).goto(f"/cases/{case.pk}/{tab}")
    check_page(page, f"case {tab}")


def test_a_number_opens_its_list_and_the_way_back_keeps_filters_and_order(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    signed_in(page, cast.head).goto("/caseload/?state=overdue")
    page.get_by_role("link", name="Дети", exact=True).click()
    expect(page.get_by_role("columnheader", name="Дети")).to_have_attribute("aria-sort", "descending")
    row = page.get_by_role("row").filter(has_text=cast.colleague.last_name)
    row.get_by_role("cell").last.get_by_role("link").click()
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("main").get_by_role("link", name="Нагрузка").click()
    expect(page.get_by_role("columnheader", name="Дети")).to_have_attribute("aria-sort", "descending")
    assert "state=overdue" in page.url


def test_cases_that_change_hands_are_chosen_all_at_once(page: Page, cast: Cast, case: SupportCase) -> None:
    """One box ticks them all and none, and shows when some are ticked; it is no case itself."""
    signed_in(page, cast.head).goto("/reassign/")
    everything = page.get_by_label("Выбрать все")
    boxes = page.locator("input[name=case]")
    everything.check()
    assert [box.is_checked() for box in boxes.all()] == [True] * 4
    boxes.first.uncheck()
    assert everything.evaluate("box => box.indeterminate && !box.checked")
    everything.check()
    page.get_by_role("button", name="Выбрать куратора").click()
    expect(page.locator("input[name=seen]")).to_have_count(4)
