"""Signing in without typing, and the check that every kind of page must pass.

What an author does for it: text that people wrote (names, addresses, titles of units, dictionary rows) stands inside an
element with `data-user-content`, or with its own `lang`; everything else must be in the language of the page.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, Response

from accounts.models import User

Language = Literal["ru", "en"]

LANGUAGES: tuple[Language, ...] = ("ru", "en")
WIDTHS = (1280, 390)
# A desk at 400 per cent zoom is as narrow as this (WCAG 1.4.10).
NARROWEST = 320
HEIGHT = 900
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that look at colours, the slowest among them; the others never depend on the scheme."""
AXE = Axe().axe_script


class Look(NamedTuple):
    """A colour scheme that axe looks at: by `only` these rules or all, without those in `left`."""

    scheme: Literal["light", "dark"]
    only: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


# Each scheme with all rules at one width, with those of colours at both; the page is left in the light one.
LOOKS = {
    1280: (Look("dark", only=COLOURS), Look("light")),
    390: (Look("dark"), Look("light", only=COLOURS)),
}
# Another language changes words and their lengths, which are felt where the page is narrow, and no colours.
LOOKS_OF_ANOTHER_LANGUAGE = {390: (Look("light", left=COLOURS),)}

# Words in Latin letters that a Russian page may hold.
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED_LATIN = frozenset(
    {"PDF", "XLSX", "DOCX", "ODT", "JPEG", "PNG", "RU", "EN", "QR", "USB", "mail", "II", "III", "IV"}
)
CYRILLIC = re.compile(r"[А-Яа-яЁё]{2,}")

_TEXTS = """() => {
  const own = "[data-user-content], html [lang], script, style, template, noscript, svg, textarea";
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (text && !walker.currentNode.parentElement.closest(own)) found.push(text);
  }
  for (const name of ["aria-label", "title", "placeholder", "alt"]) {
    for (const node of document.querySelectorAll(`[${name}]`)) {
      if (!node.closest(own)) found.push(node.getAttribute(name));
    }
  }
  return found;
}"""
_WIDER = """() => [...document.body.querySelectorAll("*")]
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => `${node.tagName.toLowerCase()}.${node.className}`).slice(0, 5)"""
# Colours that change in a transition have their last value only when it is over.
_SETTLED = "Promise.all(document.getAnimations().map((animation) => animation.finished)).then(() => true)"
_AXE = """async ([rules, only, left]) => {
  const runOnly = only.length ? {type: "rule", values: only} : rules;
  const off = Object.fromEntries(left.map((rule) => [rule, {enabled: false}]));
  const options = {preload: false, resultTypes: ["violations"], runOnly, rules: off};
  const result = await axe.run(document, options);
  return result.violations.map((rule) => `${rule.id} (${rule.impact}): ` +
    rule.nodes.slice(0, 3).map((node) => `${node.target} ${node.any.map((check) => check.message)}`).join(" | "));
}"""


def signed_in(page: Page, user: User) -> Page:
    """The same page, with the session of `user` in its cookies."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "localhost", "path": "/"}]
    )
    return page


def use_language(page: Page, language: Language) -> None:
    """Show the following pages in `language`, for the person signed in or for anybody."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    user = SessionStore(cookies.get(settings.SESSION_COOKIE_NAME)).get("_auth_user_id")
    if user:
        User.objects.filter(pk=user).update(language=language)
    page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "domain": "localhost", "path": "/"}]
    )


@dataclass
class _Log:
    """What went wrong while a page loaded."""

    lines: list[str] = field(default_factory=list)
    status: int = 200

    def console(self, message: ConsoleMessage) -> None:
        failed_page = message.text.startswith("Failed to load resource") and self.status >= 400
        if message.type in {"error", "warning"} and not failed_page:
            self.lines.append(f"console: {message.text}")

    def response(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
        elif response.status >= 400:
            self.lines.append(f"{response.status} for {response.url}")


@contextmanager
def watched(page: Page) -> Iterator[list[str]]:
    """Collects errors of the console (broken security policy included), of scripts, and of what the page asks for."""
    log = _Log()

    def script_failed(error: Any) -> None:
        log.lines.append(f"script: {error}")

    page.on("response", log.response)
    page.on("console", log.console)
    page.on("pageerror", script_failed)
    yield log.lines
    page.remove_listener("response", log.response)
    page.remove_listener("console", log.console)
    page.remove_listener("pageerror", script_failed)


def check_page(page: Page, name: str, *, languages: tuple[Language, ...] = LANGUAGES) -> None:
    """Assert that the page that stands open is sound in every language, width and colour scheme.

    Sound is: nothing in the console, no axe violation (WCAG 2.2 AA, best practices), no sideways scroll, the right
    `lang`, one h1, a title, and no text left in the other language. `name` stands in the message of a failure. The page
    is reloaded for each language; a page that answers a form sends the form again.
    """
    problems: list[str] = []
    for language in languages:
        use_language(page, language)
        with watched(page) as errors:
            page.reload()
            page.evaluate("document.fonts.ready.then(() => true)")
            problems += [f"{language}: {error}" for error in errors]
        problems += [f"{language}: {problem}" for problem in _problems_of_text(page, language)]
        for width in (*WIDTHS, NARROWEST):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            if wider:
                problems.append(f"{language}, {width} px: scrolls sideways because of {page.evaluate(_WIDER)}")
            looks = LOOKS if language == languages[0] else LOOKS_OF_ANOTHER_LANGUAGE
            problems += [f"{language}, {width} px: {line}" for line in _problems_of_access(page, looks.get(width, ()))]
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    assert not problems, f"{name}:\n" + "\n".join(problems)


def _problems_of_text(page: Page, language: Language) -> Iterator[str]:
    if page.locator("html").get_attribute("lang") != language:
        yield "the wrong lang on html"
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} h1"
    if not page.title().split(" · ")[0].strip():
        yield "no title"
    for text in page.evaluate(_TEXTS):
        words = CYRILLIC.findall(text) if language == "en" else set(LATIN.findall(text)) - ALLOWED_LATIN
        if words:
            yield f"not translated: {text!r}"


def _problems_of_access(page: Page, looks: Iterable[Look]) -> Iterator[str]:
    for look in looks:
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(AXE)
        page.emulate_media(color_scheme=look.scheme)
        page.evaluate(_SETTLED)
        for violation in page.evaluate(_AXE, [RULES, look.only, look.left]):
            yield f"{look.scheme}: {violation}"
