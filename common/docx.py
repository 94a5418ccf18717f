"""Documents that an office goes on editing in its word processor: a blank built here, then filled by docxtpl.

A `Blank` lays out a document in the spirit of GOST R 7.0.97: A4, margins 20-10-20-20 mm, PT Serif 13, page numbers
from the second page in the middle of the top margin. Its text may hold template marks, `{{ name }}` and
`{%p for … %}`, which `fill` replaces; an office may upload a blank of its own instead. Templates run in a sandbox.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from common.pdf import Imprint
from common.tables import Kind, Table
from common.text import NBSP

FONT, STANDBY_FONT = "PT Serif", "Times New Roman"
SIZE, SMALL_SIZE, TABLE_SIZE = Pt(13), Pt(9), Pt(11)
INDENT = Mm(12.5)
PAGE_WIDTH, PAGE_HEIGHT = Mm(210), Mm(297)
LARGEST_UNPACKED = 50 * 1024 * 1024
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


class BrokenTemplate(ValueError):
    """An office's own blank cannot be filled: it is no document, asks for what it may not, or for what is not there."""


class Blank:
    """A document under construction; every method adds at its end. `title` names it in lists of files."""

    def __init__(
        self, title: str, *, landscape: bool = False, author: str = "", imprint: Imprint | None = None
    ) -> None:
        self.document: DocumentType = Document()
        self.width = (PAGE_HEIGHT if landscape else PAGE_WIDTH) - Mm(30)
        self._lay_out(landscape=landscape)
        self._number_pages()
        if imprint:
            self._footer(imprint.line)
        properties = self.document.core_properties
        properties.title, properties.author, properties.language = title, author, "ru-RU"
        properties.comments = ""
        made_at = (imprint.made_at if imprint else EPOCH).astimezone(UTC).replace(tzinfo=None)
        properties.created = properties.modified = made_at

    def paragraph(
        self,
        text: str = "",
        *,
        align: WD_ALIGN_PARAGRAPH = JUSTIFIED,
        bold: bool = False,
        indent: bool = False,
        keep_with_next: bool = False,
    ) -> Paragraph:
        """A paragraph; `indent` is the red line of 1.25 cm, `keep_with_next` keeps a heading with its text."""
        added = self.document.add_paragraph()
        run = added.add_run(text)
        run.bold = bold
        added.alignment = align
        added.paragraph_format.keep_with_next = keep_with_next
        if indent:
            added.paragraph_format.first_line_indent = INDENT
        return added

    def heading(self, text: str, *, level: int = 1) -> Paragraph:
        """A centred title (level 1) or a heading at the margin (2 and more), listed by the word processor's outline."""
        added = self.document.add_paragraph(style=f"Heading {level}")
        added.add_run(text)
        added.alignment = CENTRE if level == 1 else LEFT
        return added

    def mark(self, statement: str) -> None:
        """A template statement on a line of its own, `for item in items`, which leaves no empty paragraph behind."""
        self.paragraph(f"{{%p {statement} %}}")

    def between(self, left: str, right: str) -> None:
        """Two texts at the margins of one line: the date and the number of a paper."""
        table = self._grid([1, 1])
        _write(table.rows[0].cells[0], left, LEFT)
        _write(table.rows[0].cells[1], right, RIGHT)

    def signatures(self, signatories: Sequence[tuple[str, str]]) -> None:
        """Lines to sign on: post, line, name; each line stays whole on its page."""
        self.paragraph(keep_with_next=True)
        table = self._grid([9, 4, 6], rows=2 * len(signatories))
        for number, (post, name) in enumerate(signatories):
            line, under = table.rows[2 * number], table.rows[2 * number + 1]
            _write(line.cells[0], post, LEFT, keep=True)
            _write(line.cells[1], "_" * 14, CENTRE, keep=True)
            _write(line.cells[2], name, LEFT, keep=True)
            _write(under.cells[1], "(подпись)", CENTRE, size=SMALL_SIZE, keep=number < len(signatories) - 1)

    def table(self, table: Table) -> None:
        """A ruled table with its caption; the head repeats on every page, no row is torn."""
        if table.caption:
            self.paragraph(table.caption, align=LEFT, bold=True, keep_with_next=True)
        rows = [*table.spelt_rows, *([table.spelt_total] if table.total else [])]
        grid = self._grid([column.width for column in table.columns], rows=len(rows) + 1, ruled=True)
        repeat_head(grid)
        for cell, column in zip(grid.rows[0].cells, table.columns, strict=True):
            _write(cell, column.title, CENTRE, size=TABLE_SIZE, bold=True)
        for row, spelt in zip(grid.rows[1:], rows, strict=True):
            for cell, (kind, text) in zip(row.cells, spelt, strict=True):
                _write(cell, text, _ALIGNMENTS[Kind(kind)], size=TABLE_SIZE)

    def loop_table(self, heads: Sequence[tuple[str, int]], statement: str, cells: Sequence[str]) -> None:
        """A ruled table whose one row repeats for `statement`, "for row in rows"; `heads` are titles with widths."""
        grid = self._grid([width for _, width in heads], rows=4, ruled=True)
        repeat_head(grid)
        for cell, (title, _) in zip(grid.rows[0].cells, heads, strict=True):
            _write(cell, title, CENTRE, size=TABLE_SIZE, bold=True)
        _write(grid.rows[1].cells[0], f"{{%tr {statement} %}}", LEFT)
        for cell, text in zip(grid.rows[2].cells, cells, strict=True):
            _write(cell, text, LEFT, size=TABLE_SIZE)
        _write(grid.rows[3].cells[0], "{%tr endfor %}", LEFT)

    def build(self) -> bytes:
        """The finished file; the same calls give the same bytes."""
        buffer = BytesIO()
        self.document.save(buffer)
        return _repacked(buffer.getvalue())

    def _lay_out(self, *, landscape: bool) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
        if landscape:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = PAGE_HEIGHT, PAGE_WIDTH
        section.left_margin, section.right_margin = Mm(20), Mm(10)
        section.top_margin, section.bottom_margin = Mm(20), Mm(20)
        section.header_distance = section.footer_distance = Mm(10)
        styles: Any = self.document.styles
        for name, size in (("Normal", SIZE), ("Heading 1", Pt(14)), ("Heading 2", SIZE), ("Heading 3", SIZE)):
            _set_font(styles[name], size)
        styles["Normal"].paragraph_format.space_after = Pt(0)
        styles["Normal"].paragraph_format.line_spacing = 1.15
        for name in ("Heading 1", "Heading 2", "Heading 3"):
            styles[name].font.bold = True
            styles[name].font.color.rgb = None
            styles[name].paragraph_format.space_before = Pt(6)
            styles[name].paragraph_format.space_after = Pt(6)
            styles[name].paragraph_format.keep_with_next = True
        self._name_standby_font()

    def _name_standby_font(self) -> None:
        """Tell a machine without PT Serif which font to take: the letters would otherwise be of any shape."""
        entry = f'<w:font w:name="{FONT}"><w:altName w:val="{STANDBY_FONT}"/><w:family w:val="roman"/></w:font>'
        for relation in self.document.part.rels.values():
            if relation.reltype.endswith("/fontTable"):
                part: Any = relation.target_part
                part._blob = part.blob.replace(b"</w:fonts>", f"{entry}</w:fonts>".encode())

    def _number_pages(self) -> None:
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        paragraph = section.header.paragraphs[0]
        paragraph.alignment = CENTRE
        _add_field(paragraph, "PAGE")

    def _footer(self, line: str) -> None:
        section = self.document.sections[0]
        for footer in (section.first_page_footer, section.footer):
            run = footer.paragraphs[0].add_run(line)
            run.font.size = Pt(8)

    def _grid(self, widths: Sequence[int], *, rows: int = 1, ruled: bool = False) -> DocxTable:
        """A table of the page's width with columns in these proportions, fixed so that no processor moves them."""
        grid: DocxTable = self.document.add_table(rows=rows, cols=len(widths))
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        grid.autofit = False
        if ruled:
            grid.style = "Table Grid"
        for column, width in zip(grid.columns, widths, strict=True):
            share = int(self.width * width / sum(widths))
            column.width = share
            for cell in column.cells:
                cell.width = share
        for row in grid.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        return grid


_ALIGNMENTS = {
    Kind.TEXT: LEFT,
    Kind.CENTRED: CENTRE,
    Kind.DATE: CENTRE,
    Kind.NUMBER: RIGHT,
    Kind.MONEY: RIGHT,
}


def repeat_head(table: DocxTable) -> None:
    """Repeat the first row of a table on every page that it reaches."""
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def fill(blank: bytes, context: Mapping[str, Any]) -> bytes:
    """The document that a blank becomes with these values; signs such as `<` and `&` in them are text.

    Raises BrokenTemplate for a blank that is no template, reaches for Python's insides, or names a value that is not
    there. The same input gives the same bytes.
    """
    template = _opened(blank)
    try:
        template.render(dict(context), jinja_env=_Sandbox(undefined=StrictUndefined), autoescape=True)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, SyntaxError) as error:
        raise BrokenTemplate(str(error)) from error
    buffer = BytesIO()
    template.save(buffer)
    return _repacked(buffer.getvalue())


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without access to Python's insides, and without `'x' * 10 ** 9`."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        operands = (left, right)
        if operator == "**" or any(isinstance(one, str | list | tuple) for one in operands):
            raise SecurityError(f"the operator {operator} is not for templates")
        return super().call_binop(context, operator, left, right)


def _opened(blank: bytes) -> DocxTemplate:
    template = DocxTemplate(BytesIO(blank))
    try:
        template.init_docx()
    except Exception as error:
        raise BrokenTemplate("This is not a DOCX document.") from error
    return template


def _repacked(content: bytes) -> bytes:
    """The same archive without the time of packing, which would make every file different."""
    buffer = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for item in source.infolist():
            entry = ZipInfo(item.filename)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(item))
    return buffer.getvalue()


def _write(
    cell: _Cell,
    text: str,
    align: WD_ALIGN_PARAGRAPH,
    *,
    size: Pt | None = None,
    bold: bool = False,
    keep: bool = False,
) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.keep_with_next = keep
    run = paragraph.add_run(text or NBSP)
    run.bold = bold
    if size is not None:
        run.font.size = size


def _set_font(style: Any, size: Pt) -> None:
    """The project's serif for every script, with the language Russian for hyphenation and spelling."""
    style.font.name, style.font.size = FONT, size
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if attribute.endswith("Theme"):
            del fonts.attrib[attribute]
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ru-RU")
    style.element.rPr.append(language)


def _add_field(paragraph: Paragraph, instruction: str) -> None:
    """A field that the word processor computes, such as PAGE."""
    for kind, content in (("begin", ""), ("", instruction), ("end", "")):
        run: Any = paragraph.add_run()
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = content
        run._r.append(element)
