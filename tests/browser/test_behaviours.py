"""The behaviours of static/js, each on the gallery of components, and that pages work without them."""

import re
from typing import Any

import pytest
from django.http import QueryDict
from playwright.sync_api import Browser, Page, Route, expect

from records.services.drafts import save_draft
from tests.browser.pages import signed_in
from tests.cast import Cast
from tests.factories.families import household

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("config.urls_dev")]

DRAFT = "**/_components/draft/"


@pytest.fixture
def gallery(page: Page) -> Page:
    page.goto("/_components/")
    return page


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(page: Page) -> None:
    page.goto("/_components/?errors")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile(r"^Ошибка: "))
    page.get_by_role("link", name=re.compile("^Дата посещения:")).click()
    field = page.get_by_label("Дата посещения")
    expect(field).to_be_focused()
    expect(field).to_have_value("35.11.2026")
    expect(field).to_have_attribute("aria-invalid", "true")
    page.get_by_role("link", name=re.compile("^Как прошла встреча:")).click()
    expect(page.get_by_label("Дома у семьи")).to_be_focused()


def test_a_field_is_described_by_its_hint_and_its_error(page: Page) -> None:
    page.goto("/_components/?errors")
    described = page.locator(".form").get_by_label("СНИЛС").get_attribute("aria-describedby") or ""
    texts = [page.locator(f"#{name}").inner_text() for name in described.split()]
    assert len(texts) == 2
    assert "112-233-445 95" in texts[0]
    assert texts[1].strip()


TYPED_AND_SHOWN = [
    ("СНИЛС", "11223344595", "112-233-445 95"),
    ("СНИЛС", "112233", "112233"),
    ("Дата посещения", "05112026", "05.11.2026"),
    ("Дата посещения", "5.1.2026", "05.01.2026"),
    ("Дата посещения", "вчера", "вчера"),
    ("Телефон", "8 (916) 123-45-67", "+7 916 123-45-67"),
    ("Телефон", "9161234567", "+7 916 123-45-67"),
    ("Телефон", "2-12-34", "2-12-34"),
]


def test_typed_values_get_their_usual_form(gallery: Page) -> None:
    for label, typed, shown in TYPED_AND_SHOWN:
        field = gallery.locator(".form").get_by_role("textbox", name=label)
        field.fill(typed)
        field.blur()
        expect(field).to_have_value(shown)


def test_a_draft_is_kept_while_typing_and_says_so(gallery: Page) -> None:
    sent: list[str] = []

    def keep(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=204)

    gallery.route(DRAFT, keep)
    gallery.get_by_label("Наблюдения").type("Мать на работе")
    expect(gallery.get_by_text(re.compile(r"Черновик сохранён в \d\d:\d\d"))).to_be_visible()
    assert len(sent) == 1
    assert "notes=" in sent[0]
    assert "csrfmiddlewaretoken" not in sent[0]


def test_a_draft_that_is_not_kept_says_so(gallery: Page) -> None:
    gallery.route(DRAFT, lambda route: route.fulfill(status=401))
    gallery.get_by_label("Наблюдения").type("Мать на работе")
    expect(gallery.get_by_text("Черновик не сохранён")).to_be_visible()


def test_a_form_is_sent_once(gallery: Page) -> None:
    sent: list[str] = []

    def hold(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        sent.append(route.request.url)
        gallery.wait_for_timeout(300)
        route.fulfill(status=204)

    gallery.route("**/_components/", hold)
    gallery.get_by_role("button", name="Сохранить посещение").dblclick()
    gallery.wait_for_timeout(500)
    assert len(sent) == 1


def test_rows_are_added_and_counted(gallery: Page) -> None:
    names = gallery.locator(".form").get_by_label("Имя и отчество", exact=True)
    expect(names).to_have_count(1)
    gallery.get_by_role("button", name="Добавить ещё").click()
    expect(names).to_have_count(2)
    expect(gallery.locator("#id_children-1-name")).to_be_focused()
    expect(gallery.locator("#id_children-TOTAL_FORMS")).to_have_value("2")
    for _ in range(4):
        gallery.get_by_role("button", name="Добавить ещё").click()
    expect(gallery.get_by_role("button", name="Добавить ещё")).to_be_hidden()


def test_empty_filters_stay_out_of_the_address(gallery: Page) -> None:
    gallery.get_by_label("Этап").select_option("a")
    gallery.get_by_label("Куратор").select_option("")
    gallery.get_by_role("button", name="Показать").click()
    expect(gallery).to_have_url(re.compile(r"/_components/\?stage=a$"))


def test_the_session_warns_before_its_end_and_can_go_on(page: Page, cast: Cast) -> None:
    page.clock.install()
    signed_in(page, cast.specialist).goto("/_components/")
    page.clock.fast_forward("27:00")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    page.clock.fast_forward("01:30")
    warning = page.get_by_role("alertdialog")
    expect(warning).to_be_visible()
    button = warning.get_by_role("button")
    expect(button).to_be_focused()
    with page.expect_response("**/inbox/"):
        button.click()
    expect(warning).to_have_count(0)


def test_the_menu_closes_on_escape_and_outside(page: Page, cast: Cast) -> None:
    signed_in(page, cast.specialist).goto("/_components/")
    summary = page.locator(".top .menu:has(.who) > summary")
    panel = page.locator(".top .menu:has(.who) .menu-panel")
    summary.click()
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(summary).to_be_focused()
    summary.click()
    page.locator("h1").click()
    expect(panel).to_be_hidden()


def test_language_and_sign_out_are_in_reach(page: Page, cast: Cast) -> None:
    signed_in(page, cast.specialist).goto("/inbox/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Notifications")
    page.locator(".top .menu:has(.who) > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/inbox/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_signing_out_asks_while_drafts_wait(page: Page, cast: Cast) -> None:
    save_draft(user=cast.specialist, key="casework.visit:new:case=1", data=QueryDict("notes=Мать на работе"))
    signed_in(page, cast.specialist).goto("/inbox/")
    page.locator(".top .menu:has(.who) > summary").click()
    page.get_by_role("link", name="Выйти").click()
    expect(page.get_by_text("Остался 1 неотправленный черновик")).to_be_visible()
    page.get_by_role("link", name="Остаться").click()
    expect(page.locator(".top .menu:has(.who) > summary")).to_be_visible()


def test_pages_work_without_scripts(browser: Browser, browser_context_args: dict[str, Any], cast: Cast) -> None:
    context = browser.new_context(**(browser_context_args | {"java_script_enabled": False}))
    page = signed_in(context.new_page(), cast.specialist)
    page.goto("/_components/?errors")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.get_by_label("Наблюдения")).to_have_value("Набранное остаётся")
    page.locator(".top .menu:has(.who) > summary").click()
    page.get_by_role("link", name="Второй фактор").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Второй фактор")
    context.close()


def test_touch_targets_are_large_enough(
    browser: Browser, browser_context_args: dict[str, Any], base_url: str, cast: Cast
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**(browser_context_args | phone))
    page = signed_in(context.new_page(), cast.specialist)
    page.goto("/_components/")
    page.locator(".top .menu:has(.who) > summary").tap()
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden]), textarea")]
          .map((node) => node.closest("label") || node)
          .filter((node) => node.offsetParent && !node.closest("p, dd, thead, .timeline, .skip"))
          .map((node) => [node.textContent.trim().slice(0, 40), node.getBoundingClientRect()])
          .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
          .map(([text, box]) => `${text}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""
    )
    assert not small, "\n".join(small)
    context.close()


def test_paper_shows_the_content_only(gallery: Page) -> None:
    gallery.emulate_media(media="print")
    for part in (".top", ".foot", ".tabs", ".form-actions", ".filters"):
        expect(gallery.locator(part).first).to_be_hidden()
    expect(gallery.locator("h1")).to_be_visible()
    expect(gallery.get_by_role("table").first).to_be_visible()


def test_the_search_in_the_header_takes_what_is_typed_at_once(page: Page, cast: Cast) -> None:
    family = household(department=cast.department, curator=cast.specialist, title="Фёдорова")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        signed_in(page, cast.specialist).goto("/inbox/")
        page.locator("summary", has_text="Найти семью").click()
        expect(page.locator("#top-search")).to_be_focused()
        page.keyboard.type("Фёдорова")
        page.keyboard.press("Enter")
        page.wait_for_url("**/families/?s=*")
        assert page.locator(f"a[href='/families/{family.pk}/']").count() > 0
        assert "Фёдорова" not in page.url
