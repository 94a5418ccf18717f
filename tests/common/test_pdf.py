"""Papers: tagged, repeatable, laid out as offices expect, and deaf to every address but `data:`."""

import base64
import gc
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import TemplateDoesNotExist
from django.utils import translation
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from common.pdf import STYLESHEET, Imprint, Letterhead, RenderedDocument, render_pdf
from common.tables import Column, Kind, Table
from common.text import MONTHS

IMPRINT = Imprint(datetime(2026, 11, 20, 14, 5, tzinfo=ZoneInfo("Asia/Vladivostok")), "О. П. Черных")
PIXEL = base64.b64encode(
    b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
).decode()


@dataclass(frozen=True)
class Signatory:
    post: str
    name: str


@pytest.fixture(autouse=True)
def paper_template(settings: Settings) -> None:
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}]


def render(
    *,
    confidential: bool = True,
    letterhead: Letterhead | None = None,
    imprint: Imprint | None = IMPRINT,
    **context: Any,
) -> RenderedDocument:
    columns = [Column("Услуга", 40), Column("Количество", 10, Kind.NUMBER), Column("Сумма", 12, Kind.MONEY)]
    known: dict[str, Any] = {
        "orientation": "portrait",
        "addressee": ["Директору", "И. И. Иванову"],
        "approver": Signatory("Директор", "И. И. Иванов"),
        "approved_on": None,
        "subject": "посещения семьи",
        "day": date(2026, 11, 20),
        "number": "12/2026",
        "place": "пгт Терней",
        "facts": [("Семья", "Ивановы"), ("Замечания", "")],
        "story": "Рассказ <b>&</b>",
        "table": Table("Перечень", columns, [["Консультация", 2, Decimal("1671.5")]], ["Итого", 2, None]),
        "amount": Decimal(1671472),
        "raw": "",
        "signatories": [Signatory("Специалист", "О. П. Черных")],
    }
    return render_pdf(
        "paper.html",
        known | context,
        title="Акт № 12/2026",
        imprint=imprint,
        letterhead=letterhead,
        confidential=confidential,
    )


def pages(document: RenderedDocument) -> list[str]:
    return [page.extract_text().replace("\xa0", " ") for page in PdfReader(BytesIO(document.pdf)).pages]


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second, other = render(), render(), render(number="13/2026")
    assert first.pdf == second.pdf
    assert first.sha256 == second.sha256 != other.sha256


def test_the_file_is_tagged_titled_in_russian_and_bookmarked() -> None:
    reader = PdfReader(BytesIO(render().pdf))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF object, not a Python one
    assert catalog["/Lang"] == "ru"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"pdfuaid:part" in catalog["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Акт №\xa012/2026"
    outline: Any = reader.outline
    assert outline[0].title == "АКТ"
    assert [item.title for item in outline[1]] == ["Ход посещения", "Услуги"]


def test_a_page_carries_its_number_imprint_and_mark() -> None:
    """One number on a page, which says of how many it is: documents, 5."""
    first, second, *rest = pages(render(story="Семья проживает в своём доме. " * 130, letterhead=Letterhead("Центр")))
    assert not rest
    assert first.startswith("Центр")
    for number, page in enumerate((first, second), 1):
        assert "Сформировано в системе «Опора» 20.11.2026 в 14:05, О. П. Черных" in page
        assert "Конфиденциально. Содержит персональные данные" in " ".join(page.split())
        assert page.count(f"Стр. {number} из 2") == 1
    (bare,) = PdfReader(BytesIO(render().pdf)).pages
    assert not any(text.strip().isdigit() for text, _left, top in _words(bare) if top > 297 - 20)


def test_a_line_ends_neither_within_an_abbreviation_nor_between_one_and_its_word() -> None:
    """Whatever the width before them: a word is broken from nine letters on, «ул.» stays with the street."""
    stories = [f"{'и' * count} " + "КЦСОН ГКУСЗН ул. Советская, д. 11 " * 12 for count in range(1, 40, 3)]
    paper = pages(render(raw="".join(f"<p>{story}</p>" for story in stories)))
    lines = [line.strip() for page in paper for line in page.splitlines()]
    assert any(re.search(r"[а-я]\N{HYPHEN}$", line) for line in lines)
    assert [line for line in lines if re.search(r"(\bул\.|\bд\.|[А-Я]\N{HYPHEN})$", line)] == []


def test_a_date_in_words_is_never_divided() -> None:
    """Typed with plain spaces or not, and whatever the month: none has the nine letters of a word that is broken."""
    days = [f"9 {month} 2026 г." for month in MONTHS]
    stories = [f"{'и' * count} слово " + ", ".join(days * 2) for count in range(1, 40, 3)]
    paper = pages(render(raw="".join(f"<p>{story}</p>" for story in stories)))
    lines = [" ".join(line.split()) for page in paper for line in page.splitlines()]
    assert [sum(line.count(day) for line in lines) for day in days] == [2 * len(stories)] * len(days)


def test_day_place_and_number_never_touch() -> None:
    """A place that almost fills the line is wrapped as a longer one is, with the same gap after the day."""
    lefts = []
    for house in ("1", "12", "123", "123, к. 4", "123, большой зал заседаний на втором этаже"):
        place = f"690024, Приморский край, г. Владивосток, ул. Маковского, д. {house}"
        (page, *_) = PdfReader(BytesIO(render(place=place, day=date(2026, 11, 9)).pdf)).pages
        lefts.append(next(left for text, left, _top in _words(page) if text.startswith("690024")))
    assert min(lefts) >= lefts[-1]


@pytest.mark.requirement("L17")
def test_signatures_never_stand_alone_on_a_page() -> None:
    """However long the text is, its last paragraphs go over with the signatures."""
    papers = [
        (count, pages(render(raw="<p>Абзац</p>" * count, letterhead=Letterhead("Центр")))) for count in range(1, 14)
    ]
    assert {len(paper) for _count, paper in papers} == {1, 2}
    assert all("(подпись)" in paper[-1] and paper[-1].count("Абзац") >= min(count, 2) for count, paper in papers)


def test_what_fits_stays_though_the_signatures_go_over() -> None:
    """Only the last paragraph goes with them, as «Следующее посещение» of an act does, and not the table before it."""
    table = Table("Перечень", [Column("Услуга")], [["Консультация"]] * 3)
    signatories = [Signatory("Специалист", "О. П. Черных")] * 6
    for lines in range(1, 9):
        paper = pages(render(story="Рекомендации. " * 6 * lines, table=table, raw="", signatories=signatories))
        assert len(paper) == 2
        assert paper[0].count("Консультация") == 3
        assert "1 671 472,00" in paper[1]


def test_the_last_rows_of_a_table_go_over_together() -> None:
    """Neither a sum nor one row stands alone on the page that a table ends on."""
    columns = [Column("Категория"), Column("Семей", kind=Kind.NUMBER)]
    for count in range(20, 45, 2):
        table = Table("Перечень", columns, [["Многодетная", 1]] * count, ["Всего", count])
        last = next(text for text in reversed(pages(render(table=table, amount=0, raw=""))) if "Всего" in text)
        assert last.count("Многодетная") >= 2


def test_an_unchanged_paper_printed_later_by_another_has_the_same_text() -> None:
    later = Imprint(IMPRINT.made_at.replace(hour=16), 'В. "С"; } \\ <Ким>\n')
    first, second, bare = render(), render(imprint=later), render(imprint=None)
    assert first.html == second.html == bare.html
    assert first.sha256 != second.sha256
    assert 'в 16:05, В. "С"; } \\ <Ким>' in pages(second)[0]
    assert "Сформировано" not in pages(bare)[0]


def _words(page: Any) -> list[tuple[str, float, float]]:
    """Pieces of a page's text with their distance from its left edge and from its foot in millimetres."""
    found: list[tuple[str, float, float]] = []

    def visit(text: str, matrix: list[float], text_matrix: list[float], _font: Any, _size: Any) -> None:
        left, top = (matrix[4 + axis] + matrix[3 * axis] * text_matrix[4 + axis] for axis in (0, 1))
        found.append((text, left / 72 * 25.4, top / 72 * 25.4))

    page.extract_text(visitor_text=visit)
    return found


def test_values_are_written_as_offices_write_them_in_any_interface_language() -> None:
    with translation.override("en"):
        text = " ".join(pages(render())[0].split())
    assert "да; 20 ноября 2026 г.; 20.11.2026; 1 671 472,00 руб." in text
    assert "Консультация 2 1 671,50" in text
    assert "Рассказ <b>&</b>" in text


@pytest.mark.requirement("L17")
def test_a_paper_renders_with_every_optional_field_empty() -> None:
    empty = Table("", [Column("Услуга")], [])
    document = render(
        addressee=[],
        subject="",
        day=None,
        number="",
        place="",
        facts=[],
        story="",
        table=empty,
        amount=None,
        signatories=[],
        confidential=False,
    )
    (page,) = pages(document)
    assert "Записей нет" in page
    assert "Конфиденциально" not in page
    assert "None" not in page


def test_a_landscape_paper_lies_on_its_side() -> None:
    (page,) = PdfReader(BytesIO(render(orientation="landscape", story="").pdf)).pages
    assert page.mediabox.width > page.mediabox.height


class _Listener(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("Listener", (_Listener,), {"asked": asked})
    with HTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}", asked
        http.shutdown()
        thread.join()


def test_nothing_is_fetched(server: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = server
    secret = tmp_path / "secret.txt"
    secret.write_text("тайна")
    inner = base64.b64encode(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{address}/inner"/></svg>'.encode()
    ).decode()
    document = render(
        raw=f'<img src="{address}/img"><link rel="stylesheet" href="{address}/css">'
        f'<link rel="attachment" href="{secret.as_uri()}"><a rel="attachment" href="{secret.as_uri()}">x</a>'
        f'<style>@import "{address}/import"; p {{ background: url({address}/background) }}</style>'
        f'<object data="{address}/object"></object><img src="data:image/svg+xml;base64,{inner}">'
    )
    assert asked == []
    assert not PdfReader(BytesIO(document.pdf)).attachments


def test_a_picture_in_the_document_itself_is_shown_with_its_description() -> None:
    plain = render()
    pictured = render(raw=f'<img alt="Чёрный квадрат" src="data:image/svg+xml;base64,{PIXEL}">')
    figures = [node for node in _structure(PdfReader(BytesIO(pictured.pdf))) if node.get("/S") == "/Figure"]
    assert [figure["/Alt"] for figure in figures] == ["Чёрный квадрат"]
    assert not [node for node in _structure(PdfReader(BytesIO(plain.pdf))) if node.get("/S") == "/Figure"]


def _structure(reader: PdfReader) -> list[Any]:
    """All elements of the document's structure tree."""
    catalog: Any = reader.trailer["/Root"]
    left, found = [catalog["/StructTreeRoot"]], []
    while left:
        node = left.pop().get_object()
        if isinstance(node, list):
            left.extend(node)
        elif isinstance(node, dict):
            found.append(node)
            if "/K" in node and not isinstance(node["/K"], int):
                left.append(node["/K"])
    return found


def test_the_collector_works_again_after_a_failure() -> None:
    with pytest.raises(TemplateDoesNotExist):
        render_pdf("nothing.html", {}, title="x", imprint=IMPRINT)
    render()
    assert gc.isenabled()


def test_after_a_paper_only_what_it_made_is_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    render()
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda generation=2: collected.append(generation))
    render()
    assert collected == [0]


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Imprint(datetime(2026, 11, 20, 14, 5), "")  # noqa: DTZ001


def test_the_stylesheet_stays_small() -> None:
    assert STYLESHEET.read_text(encoding="utf-8").count("{") < 50


class TestTables:
    def test_shares_fill_the_page(self) -> None:
        table = Table("", [Column("А", 5), Column("Б", 10)], [])
        assert table.shares == ["33.33%", "66.67%"]

    def test_spelling(self) -> None:
        assert Column("x").spell(None) == "—"
        assert Column("x").spell(0) == "0"
        assert Column("x", kind=Kind.NUMBER).spell(Decimal("1234.50")) == "1\xa0234,50"
        assert Column("x", kind=Kind.DATE).spell(date(2026, 1, 2)) == "02.01.2026"
        with pytest.raises(TypeError):
            Column("x").spell(datetime(2026, 1, 2, tzinfo=ZoneInfo("UTC")))

    def test_a_row_longer_than_the_head_is_refused(self) -> None:
        with pytest.raises(ValueError, match="columns"):
            Table("x", [Column("А")], [["1", "2"]])
