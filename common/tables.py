"""A table of a document, described once and laid out by `pdf`, `docx` and `xlsx` alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import zip_longest

from common import text

Cell = str | int | Decimal | date | None


class Kind(StrEnum):
    """What a column holds; decides alignment and the spelling of its cells."""

    TEXT = "text"
    CENTRED = "centred"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `width` is its share of the table in the unit of one character, so 5 is narrow and 40 is wide."""

    title: str
    width: int = 12
    kind: Kind = Kind.TEXT

    def spell(self, value: Cell) -> str:
        """A cell's value as print writes it; a dash where there is none."""
        if value is None or value == "":
            return text.DASH
        if isinstance(value, datetime):
            raise TypeError("a table shows local days, not moments")
        if isinstance(value, date):
            return text.short_date(value)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            if self.kind == Kind.MONEY:
                return text.grouped(value, 2)
            return text.grouped(value, max(-_exponent(value), 0))
        return str(value)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; rows may be shorter than the columns, never longer. `total` is a last row set apart.

    `anchored` names the rows row-0, row-1 ... in print, for one who must know which page each is on.
    Raises ValueError for a table without columns or with a row that is too long.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = field(default=())
    anchored: bool = False

    def __post_init__(self) -> None:
        longest = max((len(row) for row in [*self.rows, self.total]), default=0)
        if not self.columns or longest > len(self.columns):
            raise ValueError(f"{self.caption}: {len(self.columns)} columns for rows of {longest}")

    @property
    def shares(self) -> list[str]:
        """The widths of the columns as CSS percentages; written with a point whatever the language."""
        whole = sum(column.width for column in self.columns)
        return [f"{100 * column.width / whole:.2f}%" for column in self.columns]

    @property
    def spelt_rows(self) -> list[list[tuple[str, str]]]:
        """The rows for print: kind and text of every cell."""
        return [self._spelt(row) for row in self.rows]

    @property
    def spelt_total(self) -> list[tuple[str, str]]:
        """The total for print; its empty cells stay empty."""
        return [(kind, "" if spelt == text.DASH else spelt) for kind, spelt in self._spelt(self.total)]

    def _spelt(self, row: Sequence[Cell]) -> list[tuple[str, str]]:
        return [(column.kind.value, column.spell(value)) for column, value in zip_longest(self.columns, row) if column]


def _exponent(value: int | Decimal) -> int:
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return exponent if isinstance(exponent, int) else 0
