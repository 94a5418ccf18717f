"""Pages of the contracts room in the browser: the list, a contract, its months, the forms, and a sheet on a phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from casework.enums import Stage
from casework.models import SupportCase
from contracts.enums import ContractState
from contracts.models import FollowUpSheet, SocialContract
from tests.browser.pages import check_page, signed_in
from tests.cast import Cast
from tests.factories.casework import case_at
from tests.factories.contracts import authority_of, contract_in, filled, met, registered
from tests.factories.families import household

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    family = household(department=cast.department)
    return case_at(Stage.ACTIVE, family=family, curator=cast.specialist, actor=cast.specialist)


@pytest.fixture
def contract(cast: Cast, case: SupportCase) -> SocialContract:
    """In follow-up since two months; the first sheet is filled late, the second is due."""
    case.family.refresh_from_db()
    authority = authority_of(case.family, cast.contract_specialist)
    row = contract_in(ContractState.FOLLOW_UP, case.family, cast.specialist, authority=authority)
    first = row.sheets.get(month=1)
    met(case, first.period_to)
    filled(first, cast.specialist, contacted_on=first.period_to, needs="Место в детском саду")
    return row


@pytest.mark.parametrize("page_name", ["", "stop/", "conclusion/"])
def test_pages_of_a_contract_are_sound(page: Page, cast: Cast, contract: SocialContract, page_name: str) -> None:
    signed_in(page, cast.specialist).goto(f"/contracts/{contract.pk}/{page_name}")
    check_page(page, f"contract {page_name}")


@pytest.mark.parametrize("page_name", ["", "edit/", "end/"])
def test_pages_of_a_running_contract_are_sound(page: Page, cast: Cast, case: SupportCase, page_name: str) -> None:
    case.family.refresh_from_db()
    row = registered(case.family, cast.specialist)
    signed_in(page, cast.specialist).goto(f"/contracts/{row.pk}/{page_name}")
    check_page(page, f"running contract {page_name}")


def test_lists_and_sheets_are_sound(page: Page, cast: Cast, contract: SocialContract) -> None:
    signed_in(page, cast.specialist)
    first, second = contract.sheets.order_by("month")[:2]
    for path in (
        "/contracts/",
        "/contracts/?state=over",
        f"/cases/{contract.case_id}/contracts/",
        f"/families/{contract.family_id}/contracts/new/",
        f"/sheets/{first.pk}/",
        f"/sheets/{second.pk}/fill/",
    ):
        page.goto(path)
        check_page(page, path)


def test_the_authority_reads_a_contract(page: Page, cast: Cast, contract: SocialContract) -> None:
    signed_in(page, cast.contract_specialist).goto(f"/contracts/{contract.pk}/")
    check_page(page, "contract of the authority")


@pytest.mark.requirement("S2-27")
def test_a_sheet_is_filled_on_a_phone(page: Page, cast: Cast, case: SupportCase, contract: SocialContract) -> None:
    """From the case to the saved sheet of the month: open it, choose the work, save."""
    met(case, case.institution.today() - timedelta(days=1))
    page.set_viewport_size({"width": 390, "height": 844})
    signed_in(page, cast.specialist).goto(f"/cases/{case.pk}/")
    page.get_by_role("link", name="Заполнить лист").click()
    page.get_by_label("Занятость", exact=False).select_option("EMPLOYED")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Сохранено: лист за 2-й месяц.")).to_be_visible()
    assert FollowUpSheet.objects.get(contract=contract, month=2).employment == "EMPLOYED"
