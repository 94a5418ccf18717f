"""Long registers in PDF: laid out in parts that are written and let go one by one, so that memory stays bounded.

A part ends where a page ends: the rows of its last page, which may not be full, begin the next part. So the pages are
those of the document in one piece. A document in parts is not tagged and does not claim PDF/UA: pypdf, like qpdf,
leaves the structure tree behind when it merges files, and the tree has an element for every cell. With a screen reader
one asks for fewer rows, whose document is tagged, or reads the page that the register has in the application.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from common.pdf import Imprint, Letterhead, RenderedDocument, identifier, lay_out, render_html, render_pdf, rendering
from common.tables import Table

if TYPE_CHECKING:
    from pypdf import PdfWriter
    from pypdf.generic import StreamObject

ROWS_OF_PART = 150
MOST_IN_ONE_PIECE = 2 * ROWS_OF_PART
# A few rows more than a part has close the document: its last rows are kept together.
SPARE_ROWS = 10

# The number of a page is printed last, when it is known of how many.
UNNUMBERED = "@page { @bottom-right { content: none } }"
# The table goes on: no space above its head.
CONTINUED = "body > table:first-of-type { margin-top: 0 }"
# The last rows of a part are not the last of the table, and need not stay together.
UNFINISHED = "tbody tr:nth-last-child(n) { break-before: auto }"
ONE_PAGE_EACH = "div + div { break-before: page }"


def render_long_pdf(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    imprint: Imprint | None = None,
    letterhead: Letterhead | None = None,
    confidential: bool = True,
) -> RenderedDocument:
    """Like `render_pdf`, for a template that begins its content with `table`, however many rows it has.

    The template shows what follows the table only in the part that `closes` the paper. Up to MOST_IN_ONE_PIECE rows the
    document is the tagged one of `render_pdf`; a longer one is not tagged.
    """
    frame: dict[str, Any] = {"title": title, "letterhead": letterhead, "confidential": confidential}
    if len(context["table"].rows) <= MOST_IN_ONE_PIECE:
        return render_pdf(template, context, imprint=imprint, **frame)
    from pypdf import PdfWriter
    from pypdf.generic import BooleanObject, NameObject

    html = render_html(template, context, **frame)
    options = {"pdf_identifier": identifier(html, imprint)}
    whole, begin, size, rows = PdfWriter(), 0, ROWS_OF_PART, len(context["table"].rows)
    while begin < rows:
        end = begin + size if begin + size + SPARE_ROWS < rows else rows
        text = render_html(template, {**context, **_part(context["table"], begin, end)}, **frame)
        css = UNNUMBERED + (CONTINUED if begin else "") + (UNFINISHED if end < rows else "")
        taken, pdf = _write_part(text, imprint, css, options, rows=end - begin, closes=end == rows)
        if not taken:
            size *= 2
        elif begin:
            whole.append(BytesIO(pdf))
        else:
            whole = PdfWriter(clone_from=BytesIO(pdf))
        begin += taken
    whole.create_viewer_preferences()[NameObject("/DisplayDocTitle")] = BooleanObject(value=True)
    _number(whole)
    buffer = BytesIO()
    whole.write(buffer)
    return RenderedDocument(html, buffer.getvalue(), hashlib.sha256(buffer.getvalue()).hexdigest())


def _part(table: Table, begin: int, end: int) -> dict[str, Any]:
    """What the template is told of these rows: the table of them, and whether they open and close the paper."""
    closes = end == len(table.rows)
    rows = replace(
        table,
        caption="" if begin else table.caption,
        rows=table.rows[begin:end],
        total=table.total if closes else (),
        anchored=not closes,
    )
    return {"table": rows, "opens": begin == 0, "closes": closes}


def _write_part(
    html: str, imprint: Imprint | None, css: str, options: dict[str, Any], *, rows: int, closes: bool
) -> tuple[int, bytes]:
    """How many of the part's rows are on pages that are full, and these pages; all of them where the part closes."""
    with rendering():
        return _full_pages(lay_out(html, imprint, css=css, **options), options, rows, closes=closes)


def _full_pages(document: Any, options: dict[str, Any], rows: int, *, closes: bool) -> tuple[int, bytes]:
    pages = document.pages
    begun = [_rows_of(page) for page in pages]
    for page in pages:
        page.anchors.clear()
    if closes:
        return rows, document.write_pdf(**options)
    for count in range(len(pages) - 1, 0, -1):
        first = begun[count][0] if begun[count] else 0
        # A row that is higher than a page is on several: the part ends before a page that begins with a row.
        if first and first not in begun[count - 1]:
            return first, document.copy(pages[:count]).write_pdf(**options)
    return 0, b""


def _rows_of(page: Any) -> Sequence[int]:
    """Which rows of an anchored table are on the page."""
    return sorted(int(name.removeprefix("row-")) for name in page.anchors if name.startswith("row-"))


def _number(document: "PdfWriter") -> None:
    """Print on each page its number and of how many it is: the footers of as many empty pages in the same style."""
    from pypdf import PdfReader
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

    box = document.pages[0].mediabox
    orientation = "landscape" if box.width > box.height else "portrait"
    html = f'<html lang="ru"><body class="{orientation}">{"<div></div>" * len(document.pages)}</body></html>'
    with rendering():
        numbers: bytes = lay_out(html, css=ONE_PAGE_EACH).write_pdf()
    around = []
    for code in (b"q\n", b"\nQ /Number Do\n"):
        stream = DecodedStreamObject()
        stream.set_data(code)
        around.append(document._add_object(stream))
    before, after = around
    for page, empty in zip(document.pages, PdfReader(BytesIO(numbers)).pages, strict=True):
        footer = cast("StreamObject", empty["/Contents"].clone(document))
        footer[NameObject("/Type")] = NameObject("/XObject")
        footer[NameObject("/Subtype")] = NameObject("/Form")
        footer[NameObject("/BBox")] = box
        footer[NameObject("/Resources")] = empty.raw_get("/Resources").clone(document)
        # The pages of a part share their resources: each gets its own, with its number.
        resources = DictionaryObject(cast("DictionaryObject", page["/Resources"]))
        pictures = DictionaryObject(cast("DictionaryObject", resources["/XObject"]))
        pictures[NameObject("/Number")] = footer.indirect_reference
        resources[NameObject("/XObject")] = pictures
        page[NameObject("/Resources")] = resources
        page[NameObject("/Contents")] = ArrayObject([before, page.raw_get("/Contents"), after])
