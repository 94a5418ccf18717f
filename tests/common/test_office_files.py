"""Workbooks and word-processor documents: repeatable, safe to open, laid out for print."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from common.docx import LARGEST_UNPACKED, Blank, BrokenTemplate, fill
from common.pdf import Imprint
from common.tables import Column, Kind, Table
from common.xlsx import Sheet, render_xlsx, sheet_name

IMPRINT = Imprint(datetime(2026, 11, 20, 14, 5, tzinfo=ZoneInfo("Asia/Vladivostok")), "О. П. Черных & Ко")
COLUMNS = [
    Column("№", 5, Kind.NUMBER),
    Column("Семья", 30),
    Column("Сумма", 14, Kind.MONEY),
    Column("Дата", 11, Kind.DATE),
]
TABLE = Table(
    "Журнал",
    COLUMNS,
    [[1, "=HYPERLINK(1)", Decimal("1671472.5"), date(2026, 1, 2)], [2, "Иванов", None]],
    ["", "Итого", Decimal("1671472.5")],
)


def workbook(*sheets: Sheet) -> Any:
    return load_workbook(BytesIO(render_xlsx(sheets, title="Журнал", imprint=IMPRINT, author="Центр")))


class TestWorkbook:
    def test_values_keep_their_kinds(self) -> None:
        page = workbook(Sheet("Журнал", TABLE, notes=["За I квартал"])).active
        rows = list(page.iter_rows(values_only=True))
        assert rows[0][0] == "Журнал"
        assert rows[1][0] == "За I квартал"
        assert rows[2] == ("№", "Семья", "Сумма", "Дата")
        assert rows[3] == (1, "=HYPERLINK(1)", 1671472.5, datetime(2026, 1, 2))  # noqa: DTZ001 - a cell has no zone
        assert rows[4] == (2, "Иванов", None, None)
        assert rows[5][1:3] == ("Итого", 1671472.5)
        assert page["C4"].number_format == "#,##0.00"
        assert page["D4"].number_format == "dd.mm.yyyy"

    @pytest.mark.requirement("L22")
    def test_what_begins_like_a_formula_is_text(self) -> None:
        cells = ["=1+1", "+7 916", "-1", "@x", "|x", "%x", "\t=1", " =1", "＝1", "Иванов"]
        page = workbook(Sheet("x", Table("", [Column("Семья")], [[cell] for cell in cells]))).active
        for (cell,), text in zip(page.iter_rows(min_row=2), cells, strict=True):
            assert cell.value == text
            assert cell.data_type == "s"
            assert bool(cell.quotePrefix) == (text != "Иванов")

    def test_ready_to_filter_and_to_print(self) -> None:
        page = workbook(Sheet("Журнал", TABLE)).active
        assert page.freeze_panes == "A3"
        assert page.auto_filter.ref == "A2:D4"
        assert page.print_title_rows == "$2:$2"
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToHeight == 0
        assert "Стр. &P из &N" in page.oddFooter.right.text.replace("&[Page]", "&P")
        assert "О. П. Черных" in page.oddFooter.left.text

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        sheets = [Sheet("Журнал", TABLE)]
        first = render_xlsx(sheets, title="x", imprint=IMPRINT)
        assert first == render_xlsx(sheets, title="x", imprint=IMPRINT)
        assert first != render_xlsx([Sheet("Иной", TABLE)], title="x", imprint=IMPRINT)

    def test_a_giant_cell_is_cut_where_spreadsheets_end(self) -> None:
        page = workbook(Sheet("x", Table("", [Column("Семья")], [["я" * 40_000]]))).active
        assert len(page["A2"].value) == 32_767

    def test_a_moment_and_an_empty_workbook_are_refused(self) -> None:
        table = Table("", [Column("x")], [[datetime(2026, 1, 1, tzinfo=UTC)]])
        with pytest.raises(TypeError):
            workbook(Sheet("x", table))
        with pytest.raises(ValueError, match="sheet"):
            render_xlsx([], title="x")

    @settings(max_examples=50)
    @given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
    def test_any_titles_make_a_workbook(self, titles: list[str]) -> None:
        taken: set[str] = set()
        for title in titles:
            name = sheet_name(title, taken)
            assert 1 <= len(name) <= 31
            assert name.casefold() not in taken
            assert not set("[]:*?/\\") & set(name)
            taken.add(name.casefold())


def opened(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def text_of(content: bytes) -> str:
    document = opened(content)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def minutes() -> bytes:
    blank = Blank("Протокол № 7", imprint=IMPRINT, author="Центр")
    blank.heading("ПРОТОКОЛ")
    blank.between("{{ date }}", "№ {{ number }}")
    blank.mark("for item in items")
    blank.heading("{{ loop.index }}. СЛУШАЛИ:", level=2)
    blank.paragraph("{{ item.text }}", indent=True)
    blank.mark("endfor")
    blank.loop_table([("№", 1), ("Решение", 6)], "for item in items", ["{{ loop.index }}", "{{ item.text }}"])
    blank.table(TABLE)
    blank.signatures([("Председатель", "{{ chair }}"), ("Секретарь", "М. С. Петрова")])
    return blank.build()


CONTEXT = {
    "date": "12\xa0ноября 2026\xa0г.",
    "number": "7",
    "chair": "И. И. Иванов",
    "items": [{"text": "О семье <b>Ивановых</b> & детях"}, {"text": "О плане"}],
}


class TestDocument:
    def test_the_blank_is_laid_out_as_offices_expect(self) -> None:
        document = opened(minutes())
        (section,) = document.sections
        sides = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
        assert [round(side.mm) for side in sides if side is not None] == [20, 10, 20, 20]
        assert section.page_width is not None
        assert section.page_height is not None
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        normal: Any = document.styles["Normal"]
        assert (normal.font.name, normal.font.size) == ("PT Serif", Pt(13))
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header.paragraphs[0]._p.xml
        assert section.header.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER
        assert section.first_page_header.paragraphs[0].text == ""
        assert "Сформировано в" in section.first_page_footer.paragraphs[0].text

    def test_headings_stay_with_their_text_and_heads_repeat(self) -> None:
        document = opened(minutes())
        heading: Any = document.styles["Heading 2"]
        assert heading.paragraph_format.keep_with_next
        ruled = document.tables[2]
        assert "w:tblHeader" in ruled.rows[0]._tr.xml
        assert all("w:cantSplit" in row._tr.xml for row in ruled.rows)

    def test_filling_repeats_loops_and_keeps_signs_as_text(self) -> None:
        text = text_of(fill(minutes(), CONTEXT))
        assert "1. СЛУШАЛИ:" in text
        assert "2. СЛУШАЛИ:" in text
        assert text.count("О семье <b>Ивановых</b> & детях") == 2
        assert "12\xa0ноября 2026\xa0г." in text
        assert "{" not in text

    def test_the_same_input_gives_the_same_bytes(self) -> None:
        assert minutes() == minutes()
        assert fill(minutes(), CONTEXT) == fill(minutes(), CONTEXT)
        assert fill(minutes(), CONTEXT) != fill(minutes(), CONTEXT | {"number": "8"})

    @pytest.mark.parametrize(
        "trick",
        [
            "{{ ''.__class__.__mro__ }}",
            "{{ date.__init__.__globals__ }}",
            "{{ items.append(1) }}",
            "{{ 'x' * 1000000000 }}",
            "{{ 9 ** 9 ** 9 }}",
            "{% for i in range(100000000) %}x{% endfor %}",
            "{{ missing }}",
            "{{ items.x.y }}",
            "{{ 1 / 0 }}",
            "{% if %}",
            "{% include 'secret' %}",
        ],
    )
    def test_an_uploaded_blank_reaches_nothing_but_its_values(self, trick: str) -> None:
        blank = Blank("x")
        blank.paragraph(trick)
        with pytest.raises(BrokenTemplate):
            fill(blank.build(), CONTEXT)

    def test_harmless_arithmetic_works(self) -> None:
        blank = Blank("x", landscape=True)
        blank.paragraph("{{ 2 * 3 }}")
        content = fill(blank.build(), {})
        assert "6" in text_of(content)
        width = opened(content).sections[0].page_width
        assert width is not None
        assert round(width.mm) == 297

    def test_what_is_no_document_is_refused(self) -> None:
        other = BytesIO()
        with ZipFile(other, "w") as archive:
            archive.writestr("x", "y")
        bomb = BytesIO()
        with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b"0" * (LARGEST_UNPACKED + 1))
        for content in (b"", b"PK", other.getvalue(), bomb.getvalue()):
            with pytest.raises(BrokenTemplate):
                fill(content, {})
