"""Documents in PDF: one way from a template in `templates/print/` to a tagged, frozen file.

The same input gives the same bytes, so a checksum tells whether a paper is the one that was issued. Nothing is
fetched: a document may contain pictures as `data:` addresses only, whatever its text says.
"""

import atexit
import gc
import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import fontpkg
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import is_naive

from common.text import short_date, typeset

STYLESHEET = Path(__file__).with_name("print.css")
FACES = (
    ("PT Serif", 400, "normal"),
    ("PT Serif", 700, "normal"),
    ("PT Serif", 400, "italic"),
    ("PT Sans", 400, "normal"),
    ("PT Sans", 700, "normal"),
)
_rendering = Lock()


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues the paper: the institution or body whose details stand at its top. Empty details are left out."""

    full_name: str
    short_name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""

    @property
    def contacts(self) -> str:
        """Address, telephone and mail in one line."""
        phone = f"тел. {self.phone}" if self.phone else ""
        return ", ".join(part for part in (self.address, phone, self.email) if part)


@dataclass(frozen=True, slots=True)
class Imprint:
    """When and by whom the paper was made, for its footer. `made_at` is local to the institution.

    Raises ValueError for a moment without a time zone.
    """

    made_at: datetime
    made_by: str

    def __post_init__(self) -> None:
        if is_naive(self.made_at):
            raise ValueError("the moment of an imprint needs a time zone")

    @property
    def line(self) -> str:
        """«Сформировано в системе «Опора» 23.09.2021 в 14:05, О. П. Черных»."""
        moment = f"{short_date(self.made_at.date())} в\xa0{self.made_at:%H:%M}"
        return f"Сформировано в\xa0системе «Опора» {moment}" + (f", {self.made_by}" if self.made_by else "")


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """A rendered paper: the HTML that it was made from, the PDF, and the PDF's SHA-256 in hexadecimal digits."""

    html: str
    pdf: bytes
    sha256: str


def render_html(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    letterhead: Letterhead | None = None,
    confidential: bool = True,
) -> str:
    """The HTML of a paper, always in Russian, abbreviations tied to their words. Arguments: see `render_pdf`.

    A part of a paper says in its context whether it `opens` and whether it `closes` the whole.
    """
    frame = {"title": title, "letterhead": letterhead, "confidential": confidential, "opens": True, "closes": True}
    with translation.override("ru"):
        return typeset(render_to_string(template, {**frame, **context}))


def render_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    imprint: Imprint | None = None,
    letterhead: Letterhead | None = None,
    confidential: bool = True,
) -> RenderedDocument:
    """Render a template that extends `print/base.html` to a tagged PDF (PDF/UA-1) with bookmarks.

    `title` names the document for screen readers and file lists. `imprint` is the line of the footer; it is in the PDF
    only, so that the HTML of two prints of an unchanged paper is the same. `confidential` prints «Конфиденциально.
    Содержит персональные данные» on every page: leave it off only for papers without a single personal field. One
    rendering runs at a time in a process; a page of text takes about a tenth of a second and 4 MB: see `long_pdf` for
    registers.
    """
    html = render_html(template, context, title=title, letterhead=letterhead, confidential=confidential)
    pdf = _write(html, imprint)
    return RenderedDocument(html, pdf, hashlib.sha256(pdf).hexdigest())


def _write(html: str, imprint: Imprint | None) -> bytes:
    options: dict[str, Any] = {"pdf_variant": "pdf/ua-1", "pdf_identifier": identifier(html, imprint)}
    with rendering():
        pdf: bytes = lay_out(html, imprint, **options).write_pdf(**options)
    return pdf


def identifier(html: str, imprint: Imprint | None) -> bytes:
    """What tells the file from others; the same for the same input."""
    line = imprint.line if imprint else ""
    return hashlib.sha256(f"{html}{line}".encode()).digest()[:16]


@contextmanager
def rendering() -> Iterator[None]:
    """The turn of one rendering in this process; the document that is laid out within must be let go by its end."""
    with _rendering, _collector_paused():
        yield


def lay_out(html: str, imprint: Imprint | None = None, *, css: str = "", **options: Any) -> Any:
    """WeasyPrint's document of this HTML, within `rendering`; `css` is added to the print stylesheet."""
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    stylesheet, fonts = _stylesheet()
    line = imprint.line if imprint else ""
    # What it may not open, a picture from a server or a file of this machine, WeasyPrint leaves out of the document.
    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    footer = CSS(string=f"@page {{ @bottom-left {{ content: {_css_string(line)} }} }}{css}")
    document = HTML(string=html, url_fetcher=fetcher).render(
        stylesheets=[stylesheet, footer], font_config=fonts, **options
    )
    document.metadata.created = imprint.made_at.isoformat(timespec="seconds") if imprint else None
    return document


def _css_string(text: str) -> str:
    """`text` as a string of CSS, whatever signs it holds."""
    return '"' + "".join(sign if sign.isalnum() or sign in " .,:" else f"\\{ord(sign):x} " for sign in text) + '"'


@lru_cache(maxsize=1)
def _stylesheet() -> tuple[Any, Any]:
    """The print stylesheet with the project's fonts, parsed once in a process."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    # Freed while modules still live: at the very end of the process its own clean-up no longer works.
    atexit.register(_stylesheet.cache_clear)
    fonts = FontConfiguration()
    faces = [
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{fontpkg.path(family, weight=weight, style=style).as_uri()}") }}'
        for family, weight, style in FACES
    ]
    return CSS(string="\n".join([*faces, STYLESHEET.read_text(encoding="utf-8")]), font_config=fonts), fonts


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No cyclic garbage collection within the block: laying out makes so many objects that it costs a third of it.

    What was made in the block is young by its end, and is all that is looked through then: a full collection over
    everything that is loaded would take as long as the document itself.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.collect(0)
            gc.enable()
