"""Long registers: the pages of the document in one piece, laid out in parts."""

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from common import long_pdf
from common.long_pdf import render_long_pdf
from common.pdf import Imprint, Letterhead, RenderedDocument, render_pdf
from common.tables import Column, Kind, Table

IMPRINT = Imprint(datetime(2026, 11, 20, 14, 5, tzinfo=ZoneInfo("Asia/Vladivostok")), "О. П. Черных")
PART = 20
Render = Callable[..., RenderedDocument]


@pytest.fixture(autouse=True)
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_pdf, "ROWS_OF_PART", PART)
    monkeypatch.setattr(long_pdf, "MOST_IN_ONE_PIECE", 2 * PART)


def register(count: int, *, words: int = 12) -> dict[str, Any]:
    """The context of a journal whose rows differ in height; `words` make the highest."""
    columns = [Column("№", 10), Column("Дата", 12, Kind.DATE), Column("Услуга", 30)]
    rows = [(f"ряд{number:03}", date(2026, 11, 20), "беседа " * (number % words + 1)) for number in range(count)]
    return {
        "kind": "ЖУРНАЛ",
        "subject": "учёта услуг",
        "unit": "",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "as_of": None,
        "table": Table("Перечень", columns, rows, ("Всего", None, "столько")),
        "totals": Table("Итого по видам", [Column("Вид"), Column("Записей")], [("беседа", count)]),
    }


def render(context: dict[str, Any], by: Render = render_long_pdf, imprint: Imprint = IMPRINT) -> RenderedDocument:
    return by(
        "print/casework/journal.html", context, title="Журнал услуг", imprint=imprint, letterhead=Letterhead("Центр")
    )


def pages(document: RenderedDocument) -> list[str]:
    found = [page.extract_text() for page in PdfReader(BytesIO(document.pdf)).pages]
    return [" ".join(text.replace("Стр.", " Стр.").split()) for text in found]


def rows_of(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"ряд(\d{3})", text)]


@pytest.mark.parametrize("count", [41, 50, 51, 52, 75, 110])
def test_the_pages_are_those_of_the_document_in_one_piece(count: int) -> None:
    """Wherever the last row falls: the same rows on each page, and the same words around them."""
    context = register(count)
    parted, whole = render(context), render(context, render_pdf)
    assert [rows_of(page) for page in pages(parted)] == [rows_of(page) for page in pages(whole)]
    assert [sorted(page.split()) for page in pages(parted)] == [sorted(page.split()) for page in pages(whole)]
    assert parted.html == whole.html


def test_each_row_stands_once_and_each_page_has_its_number_head_and_mark() -> None:
    paper = pages(render(register(110)))
    assert [number for page in paper for number in rows_of(page)] == list(range(110))
    for number, page in enumerate(paper, 1):
        assert page.count(f"Стр. {number} из {len(paper)}") == page.count("Стр.") == 1
        assert "№ Дата Услуга" in page or not rows_of(page)
        assert "Конфиденциально. Содержит персональные данные" in page
        assert "Сформировано в системе «Опора» 20.11.2026 в 14:05, О. П. Черных" in page
    text = " ".join(paper)
    for once in ("ЖУРНАЛ", "Центр", "Перечень", "Всего", "Итого по видам"):
        assert text.count(once) == 1, once


def test_what_is_laid_out_at_once_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many rows there are: parts of them, and the empty pages of the numbers, which are light."""
    monkeypatch.setattr(long_pdf, "ROWS_OF_PART", 45)
    laid_out: list[int] = []
    lay_out = long_pdf.lay_out

    def counted(html: str, *rest: Any, **options: Any) -> Any:
        laid_out.append(html.count("ряд"))
        return lay_out(html, *rest, **options)

    monkeypatch.setattr(long_pdf, "lay_out", counted)
    render(register(200))
    assert max(laid_out) <= 45 + long_pdf.SPARE_ROWS
    assert len(laid_out) > 200 // 45
    assert laid_out[-1] == 0


def test_rows_higher_than_a_page_stay_whole_and_single(monkeypatch: pytest.MonkeyPatch) -> None:
    """The part grows until one of its pages begins with a row."""
    monkeypatch.setattr(long_pdf, "ROWS_OF_PART", 2)
    monkeypatch.setattr(long_pdf, "MOST_IN_ONE_PIECE", 2)
    monkeypatch.setattr(long_pdf, "SPARE_ROWS", 0)
    context = register(9, words=1)
    high = [(number, day, "беседа " * 1200) for number, day, _words in context["table"].rows]
    context["table"] = Table("", context["table"].columns, high)
    parted, whole = pages(render(context)), pages(render(context, render_pdf))
    assert [rows_of(page) for page in parted] == [rows_of(page) for page in whole]
    assert " ".join(parted).count("беседа") == " ".join(whole).count("беседа")


def test_the_same_input_gives_the_same_bytes() -> None:
    later = Imprint(IMPRINT.made_at.replace(hour=16), "Ким")
    first, second, other, another = (
        render(register(45)),
        render(register(45)),
        render(register(46)),
        render(register(45), imprint=later),
    )
    assert first.pdf == second.pdf
    assert len({first.sha256, second.sha256, other.sha256, another.sha256}) == 3
    names = [PdfReader(BytesIO(document.pdf)).trailer["/ID"][0] for document in (first, second, other, another)]  # type: ignore[index]
    assert names[0] == names[1]
    assert len(set(names)) == 3


def test_a_document_in_parts_is_titled_dated_and_bookmarked_and_does_not_claim_to_be_tagged() -> None:
    reader = PdfReader(BytesIO(render(register(45)).pdf))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/Lang"] == "ru"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - a PDF object, not a Python one
    assert not {"/StructTreeRoot", "/MarkInfo", "/Metadata", "/Names"} & set(catalog)
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Журнал услуг", "Центр")
    assert reader.metadata.creation_date == IMPRINT.made_at
    assert [item.title for item in reader.outline] == ["ЖУРНАЛ"]  # type: ignore[union-attr]


def test_a_short_register_is_tagged_in_one_piece() -> None:
    context = register(2 * PART)
    short = render(context)
    assert short.pdf == render(context, render_pdf).pdf
    catalog: Any = PdfReader(BytesIO(short.pdf)).trailer["/Root"]
    assert b"pdfuaid:part" in catalog["/Metadata"].get_data()
