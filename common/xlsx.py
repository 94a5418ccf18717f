"""Workbooks: a table to a sheet, ready to filter and to print, with no cell that a spreadsheet could run.

Numbers are numbers and days are days, so that people can go on calculating; text is always text, even where it begins
like a formula. The same input gives the same bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from common.pdf import Imprint
from common.tables import Cell, Column, Kind, Table
from common.text import is_formula

LONGEST_CELL = 32_767
LONGEST_SHEET_TITLE = 31
FONT = "PT Sans"
NUMBER_FORMATS = {Kind.MONEY: "#,##0.00", Kind.DATE: "dd.mm.yyyy"}
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `title` is its tab, the table's caption its heading, `notes` the lines under the heading."""

    title: str
    table: Table
    notes: Sequence[str] = ()
    landscape: bool = True


def render_xlsx(sheets: Sequence[Sheet], *, title: str, imprint: Imprint | None = None, author: str = "") -> bytes:
    """A workbook of these sheets. Raises ValueError when there are none."""
    if not sheets:
        raise ValueError("a workbook has at least one sheet")
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        made_at = imprint.made_at if imprint else EPOCH
        book.set_properties({"title": title, "author": author, "created": made_at.astimezone(UTC).replace(tzinfo=None)})
        styles = _Styles(book)
        taken: set[str] = set()
        for sheet in sheets:
            name = sheet_name(sheet.title, taken)
            taken.add(name.casefold())
            _write_sheet(book.add_worksheet(name), sheet, styles, imprint.line if imprint else "")
    return buffer.getvalue()


def sheet_name(title: str, taken: set[str]) -> str:
    """A tab's name that spreadsheets accept and that is not among the folded names `taken` already."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title)
    base = " ".join(clean.split()).strip("'")[:LONGEST_SHEET_TITLE].strip(" '") or "Лист"
    name, number = base, 2
    while name.casefold() in taken:
        suffix = f" ({number})"
        name, number = base[: LONGEST_SHEET_TITLE - len(suffix)] + suffix, number + 1
    return name


class _Styles:
    """The cell formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[Kind, bool, bool], Any] = {}
        self.heading = book.add_format({"font_name": FONT, "bold": True, "font_size": 14})
        self.note = book.add_format({"font_name": FONT, "italic": True})
        self.head = book.add_format(
            {
                "font_name": FONT,
                "bold": True,
                "border": 1,
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "bg_color": "#E7ECF1",
            }
        )

    def cell(self, kind: Kind, *, total: bool, quoted: bool = False) -> Any:
        """The format of a cell; `quoted` marks text that a spreadsheet must never take for a formula."""
        key = (kind, total, quoted)
        if key not in self.made:
            options: dict[str, Any] = {"font_name": FONT, "border": 1, "valign": "top", "bold": total}
            options["align"] = {Kind.NUMBER: "right", Kind.MONEY: "right", Kind.TEXT: "left"}.get(kind, "center")
            options["text_wrap"] = kind == Kind.TEXT
            if kind in NUMBER_FORMATS:
                options["num_format"] = NUMBER_FORMATS[kind]
            if quoted:
                options["quote_prefix"] = True
            self.made[key] = self.book.add_format(options)
        return self.made[key]


def _write_sheet(page: Any, sheet: Sheet, styles: _Styles, footer: str) -> None:
    table = sheet.table
    row = 0
    for line, style in [(table.caption, styles.heading), *((note, styles.note) for note in sheet.notes)]:
        if line:
            page.write_string(row, 0, line, style)
            row += 1
    head = row
    for index, column in enumerate(table.columns):
        page.set_column(index, index, min(max(column.width, 6) * 1.1, 80))
        page.write_string(head, index, column.title, styles.head)
    for row, cells in enumerate(table.rows, head + 1):
        _write_row(page, row, table.columns, cells, styles, total=False)
    last = head + len(table.rows)
    if table.total:
        _write_row(page, last + 1, table.columns, table.total, styles, total=True)
    page.freeze_panes(head + 1, 0)
    page.autofilter(head, 0, max(last, head + 1), len(table.columns) - 1)
    _prepare_print(page, sheet, head, footer)


def _write_row(
    page: Any, row: int, columns: Sequence[Column], cells: Sequence[Cell], styles: _Styles, *, total: bool
) -> None:
    for index, column in enumerate(columns):
        value = cells[index] if index < len(cells) else None
        style = styles.cell(column.kind, total=total)
        if value is None or value == "":
            page.write_blank(row, index, None, style)
        elif isinstance(value, datetime):
            raise TypeError("a table shows local days, not moments")
        elif isinstance(value, date):
            page.write_datetime(row, index, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            page.write_number(row, index, value, style)
        else:
            text = str(value)[:LONGEST_CELL]
            page.write_string(row, index, text, styles.cell(column.kind, total=total, quoted=is_formula(text)))


def _prepare_print(page: Any, sheet: Sheet, head: int, footer: str) -> None:
    """A4, all columns on one page, the head repeated, the imprint and page numbers below."""
    page.set_paper(9)
    if sheet.landscape:
        page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(head)
    page.set_margins(left=0.79, right=0.39, top=0.79, bottom=0.79)
    left = footer.replace("&", "&&")[:200]
    page.set_footer(f"&L&8{left}&R&8Стр. &P из &N")
