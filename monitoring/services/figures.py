"""The figures of reports: counted for many units at once, compared, and put into editions that are still drafts."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Sum
from django.utils import timezone

from casework.compliance import CaseMonth
from common.calendar import DateRange, Quarter
from monitoring.enums import LOWER_LEVEL, UNIT_OF_LEVEL, ReportLevel, ReportState
from monitoring.indicators import CATALOGUE, FigureKind, Indicator, Level, Value, values
from monitoring.indicators.reading import period_until
from monitoring.models import QuarterlyReport, ReportValue

L = ReportLevel
HELD_UP = frozenset({L.DEPARTMENT, L.INSTITUTION})
"""The levels that wait for what was submitted to them; what an institution keeps to itself holds no region up."""
POSITIONS = {indicator.code: place for place, indicator in enumerate(CATALOGUE)}
ADDITIVE = frozenset(indicator.code for indicator in CATALOGUE if indicator.kind is FigureKind.FLOW)
"""Figures of a higher level that must equal the sum of the lower ones; the others are counted anew (domain 3.9)."""

BATCH_SIZE = 500
"""Figures written by one statement: composing it takes longer per row the more there are."""


class Line(NamedTuple):
    """A figure as the report's columns show it."""

    quarter: Value
    year: Value
    before: Value


def store_figures(
    reports: Sequence[QuarterlyReport], *, with_evidence: bool = False, now: datetime | None = None
) -> None:
    """Count the figures of these drafts anew and keep them; all are of one level and one quarter.

    The number of queries does not depend on the number of reports. `with_evidence` also keeps the objects counted,
    which is what a submitted report needs.
    """
    if not reports:
        return
    level, quarter = reports[0].figure_level, reports[0].period
    today = max(report.local_today() for report in reports)
    units = [report.unit_id for report in reports]
    lines = count_lines(level, units, quarter, today)
    counted = evidence_ids(level, units, quarter.period, today) if with_evidence else {}
    ReportValue.objects.filter(report__in=reports).delete()
    rows = (
        _row(report, code, line, counted.get(report.unit_id))
        for report in reports
        for code, line in lines[report.unit_id].items()
    )
    ReportValue.objects.bulk_create(rows, batch_size=BATCH_SIZE)
    counted_at = now or timezone.now()
    for report in reports:
        report.figures_at = counted_at
    QuarterlyReport.objects.filter(pk__in=[report.pk for report in reports]).update(figures_at=counted_at)


def fix_below(reports: Sequence[QuarterlyReport]) -> None:
    """Keep what these drafts, of one level and quarter, show of the reports below: their sums, and who is missing."""
    if not reports or reports[0].level not in LOWER_LEVEL:
        return
    sums, missing = lower_sums(reports), missing_units(reports)
    units = {report.pk: report.unit_id for report in reports}
    rows = list(ReportValue.objects.filter(report__in=reports, code__in=sorted(ADDITIVE)).defer("evidence"))
    for row in rows:
        row.lower = sums.get(units[row.report_id], {}).get(row.code)
    ReportValue.objects.bulk_update(rows, ["lower"])
    for report in reports:
        report.missing = missing.get(report.unit_id, [])
    QuarterlyReport.objects.bulk_update(reports, ["missing"])


def stored(report: QuarterlyReport) -> dict[str, tuple[Line, int | None]]:
    """What the edition says, by code: the figures, and the sum of the reports below, of a draft as it is now."""
    rows = ReportValue.objects.filter(report=report).defer("evidence").order_by("position")
    sums = lower_sums([report]).get(report.unit_id, {}) if report.is_draft else None
    return {
        row.code: (Line(row.quarter, row.year, row.before), row.lower if sums is None else sums.get(row.code))
        for row in rows
    }


def missing_below(report: QuarterlyReport) -> list[int]:
    """The units below without an accepted report: when the edition was submitted, of a draft now."""
    return missing_units([report]).get(report.unit_id, []) if report.is_draft else report.missing


def evidence_ids(
    level: Level, units: Collection[int], period: DateRange, today: date
) -> dict[int, dict[str, list[int]]]:
    """The ids of the objects counted, by unit and code: one query for each indicator; none for the region (6.2)."""
    found: dict[int, dict[str, list[int]]] = {unit: defaultdict(list) for unit in units}
    if level is Level.REGION:
        return found
    for indicator in CATALOGUE:
        if level not in indicator.levels:
            continue
        if indicator.months is not None:
            for unit, months in indicator.months(level, units, period_until(period, today)).items():
                found[unit][indicator.code] = [packed(month) for month in months]
        if indicator.facts is None:
            continue
        column = indicator.facts.units[level]
        rows = indicator.facts.of(level, units, period_until(period, today))
        for unit, key in rows.order_by("pk").values_list(column, "pk"):
            found[unit][indicator.code].append(key)
    return found


def packed(month: CaseMonth) -> int:
    """A month of a case, and whether it was kept, as one number, for the list of what a figure counted."""
    return (month.case_id * 10_000 + month.month.year) * 1_000 + month.month.month * 10 + month.is_kept


def unpacked(number: int) -> CaseMonth:
    """The month of a case that `packed` made the number of."""
    rest, month = divmod(number, 1_000)
    case_id, year = divmod(rest, 10_000)
    return CaseMonth(case_id, date(year, month // 10, 1), bool(month % 10))


def source_of(indicator: Indicator) -> Indicator:
    """The indicator whose objects stand behind a figure: a share shows those of its part."""
    return indicator.part or indicator


def lower_sums(reports: Sequence[QuarterlyReport]) -> dict[int, dict[str, int]]:
    """The sums of the accepted reports below each of these, for the figures that add up."""
    below = accepted_below(reports)
    if below is None:
        return {}
    unit = f"report__{UNIT_OF_LEVEL[reports[0].level]}_id"
    rows = ReportValue.objects.filter(report__in=below, code__in=sorted(ADDITIVE)).order_by()
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for parent, code, total in (
        rows.values_list(unit, "code").annotate(total=Sum("quarter_number")).values_list(unit, "code", "total")
    ):
        found[parent][code] = total
    return found


def accepted_below(reports: Sequence[QuarterlyReport]) -> Any:
    """The editions below these that count; None where nothing lies below."""
    lower = _below(reports)
    return None if lower is None else lower.counting()


def missing_units(reports: Sequence[QuarterlyReport]) -> dict[int, list[int]]:
    """The units below each of these whose report is not accepted: they do not hold it up, and are named."""
    lower = _below(reports)
    if lower is None:
        return {}
    parent, unit = f"{UNIT_OF_LEVEL[reports[0].level]}_id", f"{UNIT_OF_LEVEL[LOWER_LEVEL[reports[0].level]]}_id"
    there = {row[1] for row in lower.counting().order_by().values_list(parent, unit)}
    found: dict[int, list[int]] = defaultdict(list)
    for upper, below in lower.filter(edition=1).order_by(unit).values_list(parent, unit):
        if below not in there:
            found[upper].append(below)
    return found


def waiting_below(reports: Collection[QuarterlyReport]) -> dict[int, list[str]]:
    """By edition, the units below whose report was submitted and is neither accepted nor returned yet.

    The editions are of one quarter, one for each unit; at most one query. Nothing is held up at the region: what an
    institution has not published has not been sent to the ministry.
    """
    uppers = {(row.level, row.unit_id): row for row in reports if row.level in HELD_UP}
    if not uppers:
        return {}
    one = next(iter(uppers.values()))
    institutions = {row.institution_id for row in uppers.values()}
    lower = QuarterlyReport.objects.of(one.period).filter(state=ReportState.SUBMITTED, institution__in=institutions)
    found: dict[int, list[str]] = defaultdict(list)
    for row in lower.exclude(level=L.INSTITUTION).with_units():
        of_head = row.level == L.SPECIALIST
        unit = (L.DEPARTMENT, row.department_id) if of_head else (L.INSTITUTION, row.institution_id)
        if unit in uppers:
            found[uppers[unit].pk].append(row.unit_title)
    return {edition: sorted(titles) for edition, titles in found.items()}


def waiting_titles(report: QuarterlyReport) -> list[str]:
    """The units below one edition, as `waiting_below` finds them."""
    return waiting_below([report]).get(report.pk, [])


def _below(reports: Sequence[QuarterlyReport]) -> Any:
    first = reports[0]
    if first.level not in LOWER_LEVEL:
        return None
    parents = {f"{UNIT_OF_LEVEL[first.level]}__in": [report.unit_id for report in reports]}
    return QuarterlyReport.objects.of(first.period).filter(level=LOWER_LEVEL[first.level], **parents)


def count_lines(level: Level, units: list[int], quarter: Quarter, today: date) -> dict[int, dict[str, Line]]:
    """What a report of each of these units on the quarter would say by the end of `today`; nothing is kept."""
    now = values(level, units, quarter.period, today=today)
    year = now if quarter.number == 1 else values(level, units, quarter.year_to_date, today=today)
    before = values(level, units, quarter.year_before.period, today=today)
    return {
        unit: {code: Line(value, year[unit][code], before[unit][code]) for code, value in now[unit].items()}
        for unit in units
    }


def _row(report: QuarterlyReport, code: str, line: Line, counted: Mapping[str, list[int]] | None) -> ReportValue:
    columns: dict[str, Any] = {}
    for name, value in line._asdict().items():
        columns |= {f"{name}_number": value.number, f"{name}_part": value.part, f"{name}_whole": value.whole}
    evidence = list(counted.get(code, [])) if counted is not None else None
    return ReportValue(report=report, position=POSITIONS[code], code=code, evidence=evidence, **columns)
