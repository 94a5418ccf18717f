"""The lines of a report as page, PDF and workbook show them alike."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from common.calendar import Quarter
from monitoring.indicators import CATALOGUE, SECTIONS, FigureKind, Indicator, Level, Value, by_code
from monitoring.models import QuarterlyReport
from monitoring.services.figures import Line, count_lines, stored

SMALL_BASE = 10
"""A change against fewer than so many is marked (indicators 4.0, 5)."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One figure with its title, and what is to be said of it."""

    indicator: Indicator
    values: Line
    lower: int | None

    @property
    def is_share(self) -> bool:
        return self.indicator.kind is FigureKind.SHARE

    @property
    def change(self) -> int | None:
        """The change against the year before in whole per cent, of shares in points; None where it says nothing."""
        now, before = self.values.quarter.number, self.values.before.number
        if now is None or before is None:
            return None
        if self.is_share:
            return now - before
        if before == 0:
            return None
        return int((Decimal(100) * (now - before) / before).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    @property
    def has_small_base(self) -> bool:
        before = self.values.before.whole if self.is_share else self.values.before.number
        return self.change is not None and before is not None and before < SMALL_BASE

    @property
    def differs_from_below(self) -> bool:
        """Whether the accepted reports below add up to another number; the difference is shown, never hidden."""
        return self.lower is not None and self.lower != self.values.quarter.number


def lines_of(report: QuarterlyReport) -> list[ReportLine]:
    """The lines of the edition in the order of the catalogue; one query."""
    return [ReportLine(by_code(code), line, lower) for code, (line, lower) in stored(report).items()]


def running_lines(level: Level, unit: int, quarter: Quarter, today: date) -> list[ReportLine]:
    """The lines of a quarter that still runs, as counted now and kept nowhere (domain 3.9, OPEN)."""
    counted = count_lines(level, [unit], quarter, today)[unit]
    return [ReportLine(by_code(code), line, None) for code, line in counted.items()]


def sections_of(lines: list[ReportLine]) -> list[tuple[str, list[ReportLine]]]:
    """The lines under the titles of their sections."""
    return [
        (str(SECTIONS[code]), list(found)) for code, found in groupby(lines, key=lambda line: line.indicator.section)
    ]


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A figure that a correction changes: what was reported, and what is true."""

    indicator: Indicator
    was: Value
    now: Value


def corrected_edition(report: QuarterlyReport) -> QuarterlyReport | None:
    """The edition that this correction replaces: the last one before it that was taken and not sent back."""
    before = report.previous
    while before is not None and before.accepted_at is None and before.published_at is None:
        before = before.previous
    return before


def changed_lines(report: QuarterlyReport) -> list[ChangedLine]:
    """What the correction changes in the column of the quarter (R8); nothing for a first report."""
    before = corrected_edition(report) if report.is_correction else None
    if before is None:
        return []
    old, new = stored(before), stored(report)
    return [
        ChangedLine(indicator, old[indicator.code][0].quarter, new[indicator.code][0].quarter)
        for indicator in CATALOGUE
        if indicator.code in old
        and indicator.code in new
        and old[indicator.code][0].quarter != new[indicator.code][0].quarter
    ]
