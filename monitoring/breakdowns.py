"""Figures by municipality, of institutions and of the region (indicators 4.0, 7; documents 5.10).

They are counted from the objects that were fixed with the figures, by where the families live. Papers with them leave
the institution, so small numbers are hidden as the region's policy says (clarifications, Work); totals are exact.
"""

from collections.abc import Collection, Sequence

from django.db.models import Count
from django.db.models.functions import Coalesce

from casework.enums import IMPROVEMENT, RemovalReason
from casework.models import SupportCase
from monitoring.enums import ReportLevel
from monitoring.indicators import by_code, evidence
from monitoring.models import QuarterlyReport, ReportValue

CODES = ("Q3", "Q4", "Q5", "Q10")
"""The figures whose objects are cases: put on support, removed, improved, on support at the end."""

STOCK, REMOVED = "Q10", "Q4"
LEVELS = (ReportLevel.INSTITUTION, ReportLevel.REGION)

Row = tuple[str, tuple[int | None, ...]]


def by_municipality(reports: Collection[QuarterlyReport], least: int) -> list[Row]:
    """For each municipality the figures `CODES` of these reports of institutions, None where hidden.

    Nothing where all live in one: that says no more than the totals. Families whose home is unknown
    stand last, under "".
    """
    counted = [_counted(code, reports) for code in CODES]
    titles = sorted({title for numbers in counted for title in numbers}, key=lambda title: (not title, title))
    if len(titles) <= 1:
        return []
    columns = [hidden([numbers.get(title, 0) for title in titles], least) for numbers in counted]
    return list(zip(titles, zip(*columns, strict=True), strict=True))


def _counted(code: str, reports: Collection[QuarterlyReport]) -> dict[str, int]:
    """The figure by the title of the municipality; a stock counts families, as its total does."""
    ids = _fixed(code, reports)
    place = Coalesce("family__settlement__parent__title", "family__settlement__title")
    number = Count("family", distinct=True) if code == STOCK else Count("pk")
    rows = SupportCase.objects.filter(pk__in=ids).order_by().values(place=place).annotate(number=number)
    return {row["place"] or "": row["number"] for row in rows}


def _fixed(code: str, reports: Collection[QuarterlyReport]) -> set[int]:
    """The objects that were fixed with the figure."""
    values = ReportValue.objects.filter(report__in=reports, code=code, evidence__isnull=False)
    return {key for keys in values.values_list("evidence", flat=True) for key in keys or ()}


def hidden(numbers: Sequence[int], least: int) -> list[int | None]:
    """The numbers with None for those from one to `least` - 1; one alone would follow from the total, so two go."""
    small = {place for place, number in enumerate(numbers) if 0 < number < least}
    others = [place for place, number in enumerate(numbers) if number >= least]
    if len(small) == 1 and others:
        small.add(min(others, key=lambda place: numbers[place]))
    return [None if place in small else number for place, number in enumerate(numbers)]


def by_reason(reports: Collection[QuarterlyReport]) -> list[tuple[str, bool, int]]:
    """The reasons of the removals that these reports count: title, whether it is an improvement, how many."""
    ids = _fixed(REMOVED, reports) or {key for report in reports if report.is_draft for key in _removed_now(report)}
    rows = SupportCase.objects.filter(pk__in=ids).order_by().values_list("removal_reason").annotate(Count("pk"))
    found = dict(rows.values_list("removal_reason", "pk__count"))
    return [(str(reason.label), reason in IMPROVEMENT, found[reason]) for reason in RemovalReason if reason in found]


def _removed_now(report: QuarterlyReport) -> list[int]:
    period, today = report.period.period, report.local_today()
    rows = evidence(by_code(REMOVED), report.figure_level, report.unit_id, period, today=today)
    return list(rows.values_list("pk", flat=True))
