"""The check of pages finds what it is there for: a sound page with one planted defect must be refused."""

import pytest
from playwright.sync_api import Page, Route

from tests.browser.pages import LANGUAGES, Language, check_page

pytestmark = pytest.mark.django_db(transaction=True)

# What is planted at the end of the page's content, the language to look in, and what the refusal must say.
DEFECTS: list[tuple[str, Language, str]] = [
    ("<p>Forgotten words</p>", "ru", "not translated: 'Forgotten words'"),
    ("<p>Забытые слова</p>", "en", "not translated: 'Забытые слова'"),
    ('<p><span aria-label="Forgotten">1</span></p>', "ru", "not translated: 'Forgotten'"),
    (f'<p class="nowrap">{"слово " * 99}</p>', "ru", "390 px: scrolls sideways"),
    ('<p style="color: red">слово</p>', "ru", "Content Security Policy"),
    ("<script>alert(1)</script>", "ru", "Content Security Policy"),
    ('<p><img src="/static/none.png" alt=""></p>', "ru", "404 for"),
    ("<h1>Второй</h1>", "ru", "2 h1"),
    ("<p><input></p>", "ru", "label (critical)"),
    ('<p><font color="#dddddd">слово</font></p>', "ru", "light: color-contrast"),
    ('<p><font color="#333333">слово</font></p>', "ru", "dark: color-contrast"),
]


def test_every_planted_defect_is_found(page: Page) -> None:
    planted = ""

    def plant(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("</main>", f"{planted}</main>"))

    page.goto("/accounts/login/")
    page.route("**/accounts/login/", plant)
    missed = []
    for planted, language, refusal in DEFECTS:
        try:
            check_page(page, "planted", languages=(language,))
        except AssertionError as error:
            if refusal in str(error):
                continue
        missed.append(planted)
    assert not missed, f"{len(DEFECTS) - len(missed)} of {len(DEFECTS)} defects found; missed: {missed}"


EN = '<html lang="en"'
NAMELESS = '<p id="planted"><input></p>'


def test_a_defect_of_the_second_language_alone_is_found(page: Page) -> None:
    def plant(route: Route) -> None:
        response = route.fetch()
        text = response.text()
        route.fulfill(response=response, body=text.replace("</main>", f"{NAMELESS}</main>") if EN in text else text)

    page.goto("/accounts/login/")
    page.route("**/accounts/login/", plant)
    with pytest.raises(AssertionError, match=r"en, 390 px: light: label \(critical\)"):
        check_page(page, "planted")


def test_a_defect_of_the_dark_scheme_alone_is_found(page: Page) -> None:
    hidden = '<link rel="stylesheet" href="/static/planted.css" media="(prefers-color-scheme: light)">'

    def plant(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("</main>", f"{hidden}{NAMELESS}</main>"))

    page.goto("/accounts/login/")
    page.route("**/accounts/login/", plant)
    page.route(
        "**/static/planted.css", lambda route: route.fulfill(body="#planted { display: none }", content_type="text/css")
    )
    with pytest.raises(AssertionError, match=r"ru, 390 px: dark: label \(critical\)") as refused:
        check_page(page, "planted", languages=("ru",))
    assert "light: label" not in str(refused.value)


def test_the_wrong_lang_is_found(page: Page) -> None:
    page.goto("/accounts/login/")
    page.route(
        "**/accounts/login/",
        lambda route: route.fulfill(body='<!doctype html><html lang="de"><title>x</title><body><h1>слово</h1></body>'),
    )
    with pytest.raises(AssertionError, match="the wrong lang"):
        check_page(page, "planted", languages=LANGUAGES[:1])
