"""What an indicator is: a code, titles, and a queryset of the objects it counts."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Expression, Func, Q, QuerySet

from casework.compliance import CaseMonth
from common.calendar import DateRange

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Level(StrEnum):
    """For whom a figure is counted (domain 3.9)."""

    SPECIALIST = "SPECIALIST"
    DEPARTMENT = "DEPARTMENT"
    INSTITUTION = "INSTITUTION"
    REGION = "REGION"


class FigureKind(StrEnum):
    """How figures of one indicator add up (indicators 4.0)."""

    FLOW = "FLOW"
    """Events: additive over quarters and units."""
    STOCK = "STOCK"
    """The state at the end of the period; the year to date is the same state."""
    COVERAGE = "COVERAGE"
    """Distinct families or persons: recomputed, never summed."""
    SHARE = "SHARE"
    """A part of a whole, both printed; an empty whole gives a dash."""


class Pair(Func):
    """A pair of columns, counted as one thing."""

    template = "(%(expressions)s)"


@dataclass(frozen=True)
class Facts:
    """The objects of an indicator: their rows in a period, the columns of their units, and what of them is counted.

    A unit column missing for a level means the objects do not belong to units of that level: there is no figure.
    """

    rows: Callable[[DateRange], QuerySet[Any]]
    units: Mapping[Level, str]
    counted: tuple[str, ...] = ()
    """Columns whose distinct combinations are counted; empty: rows."""
    near: Mapping[Level, Callable[[Collection[int]], Q]] = field(default_factory=dict)
    """By level what all rows of some units have in common: an index finds it before the unit of each is worked out."""

    def of(self, level: Level, units: Collection[int], period: DateRange) -> QuerySet[Any]:
        """The objects of these units in the period."""
        rows = self.rows(period)
        if level in self.near:
            rows = rows.filter(self.near[level](units))
        return rows.filter(**{f"{self.units[level]}__in": list(units)})

    def count(self) -> Expression:
        """The aggregate that counts them within a group of rows."""
        if not self.counted:
            return Count("pk")
        if len(self.counted) == 1:
            return Count(self.counted[0], distinct=True)
        return Count(Pair(*self.counted), distinct=True)


@dataclass(frozen=True)
class Value:
    """A figure: a number, or for a share its two numbers. `number` is None where there is nothing to say."""

    number: int | None
    part: int | None = None
    whole: int | None = None

    @classmethod
    def share(cls, part: int, whole: int) -> "Value":
        """Whole per cent, half up; nothing to say where the whole is empty (indicators 4.0, 4)."""
        if not whole:
            return cls(None, part, whole)
        percent = Decimal(100) * part / whole
        return cls(int(percent.quantize(Decimal(1), rounding=ROUND_HALF_UP)), part, whole)


Ratio = Callable[[Level, Collection[int], DateRange], Mapping[int, tuple[int, int]]]
"""Part and whole of each unit in a period, for shares that are counted in months and not in objects."""


Months = Callable[[Level, Collection[int], DateRange], Mapping[int, Sequence[CaseMonth]]]
"""The months behind a ratio, of each unit."""


@dataclass(frozen=True)
class Indicator:
    """One line of the monitoring: it counts objects, or is the share of one indicator in another, or a ratio."""

    code: str
    title: "_StrPromise"
    kind: FigureKind
    section: str
    facts: Facts | None = None
    part: "Indicator | None" = None
    whole: "Indicator | None" = None
    ratio: Ratio | None = None
    months: Months | None = None
    note: "_StrPromise | None" = None
    levels: frozenset[Level] = frozenset(Level)

    def counted(self) -> "list[Indicator]":
        """The indicators whose objects must be counted for this one."""
        if self.part and self.whole:
            return [self.part, self.whole]
        return [self] if self.facts else []

    def value(self, numbers: Mapping[str, int]) -> Value:
        """The figure, given how many objects each counted indicator has."""
        if self.part and self.whole:
            return Value.share(numbers[self.part.code], numbers[self.whole.code])
        return Value(numbers[self.code])
