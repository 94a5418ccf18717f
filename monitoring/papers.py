"""The report on paper: what `templates/print/monitoring/report.html` and the workbook are given (documents 5.10).

Printed in Russian only, without a single personal field: units, figures, and who signs.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.text import capfirst

from accounts.models import Department, Institution, User
from accounts.signatures import signatory
from common import charts, text
from common.calendar import local_date
from common.tables import Cell, Column, Kind, Table
from common.xlsx import Sheet
from monitoring import breakdowns
from monitoring.enums import LOWER_LEVEL, UNIT_OF_LEVEL, ReportLevel, ReportState
from monitoring.indicators import Value, by_code
from monitoring.lines import ChangedLine, ReportLine, changed_lines, lines_of, sections_of
from monitoring.models import QuarterlyReport, ReportValue, quarter_title
from monitoring.services.deadlines import timeliness
from monitoring.services.figures import missing_below
from records.models import IssuedDocument
from records.services.documents import issue_document, issue_workbook

OWNER = "monitoring.report"
WORKBOOK_KIND = "monitoring.report.xlsx"
TITLE = "Отчёт о социальном сопровождении семей"
CHART_HEIGHT = 100
"""Low enough on paper that it leaves no half-empty page before it."""

CHARTED = ("Q3", "Q4", "Q5", "Q10")
HIDDEN = "…"
HIDDEN_NOTE = "Знаком «…» скрыты малые числа и те, из которых их можно вывести."
BY_UNIT = ("Q3", "Q4", "Q5", "Q10", "Q12", "Q13")
NOTED_UNITS: dict[str, type[Department] | type[Institution]] = {
    ReportLevel.DEPARTMENT: Department,
    ReportLevel.INSTITUTION: Institution,
}
"""Units that the paper names; specialists are only counted in it."""
LEVEL_TITLES = {
    ReportLevel.SPECIALIST: "специалист",
    ReportLevel.DEPARTMENT: "структурное подразделение",
    ReportLevel.INSTITUTION: "учреждение",
    ReportLevel.REGION: "регион",
}
STATE_TITLES = {
    ReportState.GENERATED: "проект",
    ReportState.SUBMITTED: "представлен, не принят",
    ReportState.RETURNED: "возвращён на доработку",
    ReportState.ACCEPTED: "принят",
    ReportState.PUBLISHED: "опубликован",
    ReportState.RECEIVED: "принят министерством",
    ReportState.SUPERSEDED: "заменён уточнённым",
}
BELOW_TITLES = {
    ReportLevel.DEPARTMENT: "специалистов",
    ReportLevel.INSTITUTION: "структурных подразделений",
    ReportLevel.REGION: "учреждений",
}


def issue_report(*, report: QuarterlyReport, actor: User | None) -> IssuedDocument:
    """The edition as a frozen PDF; the same text is issued once."""
    with translation.override("ru"):
        return issue_document(
            kind=OWNER,
            title=paper_title(report),
            template="print/monitoring/report.html",
            context=report_context(report),
            confidential=False,
            **_issue(report, actor),
        )


def issue_workbook_of(*, report: QuarterlyReport, actor: User | None) -> IssuedDocument:
    """The edition as a frozen workbook."""
    with translation.override("ru"):
        return issue_workbook(
            kind=WORKBOOK_KIND, title=paper_title(report), sheets=report_sheets(report), **_issue(report, actor)
        )


def paper_title(report: QuarterlyReport) -> str:
    """«Отчёт о социальном сопровождении семей, МЦСП, III квартал 2026 года», the title of the files and their name."""
    edition = f", уточнённый {report.edition}" if report.is_correction else ""
    return f"{TITLE}, {_unit_title(report)}, {report.period.title}{edition}"


def _issue(report: QuarterlyReport, actor: User | None) -> dict[str, Any]:
    return {
        "owner_kind": OWNER,
        "owner_id": report.pk,
        "issued_on": report.submitted_on or report.local_today(),
        "actor": actor,
        "region": report.region,
        "institution": report.institution,
    }


def report_context(report: QuarterlyReport) -> dict[str, Any]:
    """Everything that the paper shows; call it in Russian."""
    lines = lines_of(report)
    changed = changed_lines(report)
    taken = breakdowns.taken_of(report)
    reasons = _by_reason(report, taken)
    return {
        "report": report,
        "authority": report.region.authority_title,
        "unit": _unit_title(report),
        "facts": _facts(report),
        "sections": [(title, _figures_table(rows)) for title, rows in sections_of(lines)],
        "chart": chart_of(report, lines, "Семьи на сопровождении", height=CHART_HEIGHT),
        "reasons": reasons,
        "reasons_note": _note_on(reasons),
        "breakdowns": [(row, _breakdown_table(row)) for row in breakdowns.breakdowns_of(report, taken)],
        "hidden_note": HIDDEN_NOTE,
        "below": _below(report, taken),
        "changed": _changes_table(changed) if changed else None,
        "notes": _notes(report, lines),
        "signatories": _signatories(report),
    }


def report_sheets(report: QuarterlyReport) -> list[Sheet]:
    """The workbook: the figures as numbers, the units below, and what a correction changed."""
    notes = [f"{_unit_title(report)}, {report.period.title}", f"Состояние: {STATE_TITLES[ReportState(report.state)]}"]
    sheets = [Sheet("Показатели", workbook_table(lines_of(report)), notes)]
    taken = breakdowns.taken_of(report)
    below = _by_unit(report, taken)
    if below is not None and below.rows:
        sheets.append(Sheet("Подразделения", below, notes))
    reasons = _by_reason(report, taken)
    if reasons is not None:
        sheets.append(Sheet("Причины снятия", reasons, [*notes, *filter(None, [_note_on(reasons)])]))
    sheets += [
        Sheet(str(row.title), _breakdown_table(row), [*notes, HIDDEN_NOTE])
        for row in breakdowns.breakdowns_of(report, taken)
    ]
    changed = changed_lines(report)
    if changed:
        sheets.append(Sheet("Изменения", _changes_table(changed), notes))
    return sheets


def _unit_title(report: QuarterlyReport) -> str:
    if report.level == ReportLevel.REGION:
        return report.region.title
    if report.level == ReportLevel.INSTITUTION and report.institution:
        return report.institution.short_name
    department = report.department.title if report.department else ""
    if report.level == ReportLevel.SPECIALIST and report.specialist:
        return f"{department}, {report.specialist.get_full_name()}"
    return department


def _facts(report: QuarterlyReport) -> list[tuple[str, str]]:
    edition = f"уточнённый, {report.edition}-я редакция" if report.is_correction else "первичный"
    submitted = text.short_date(report.submitted_on) if report.submitted_on else ""
    if submitted and report.is_late(report.submitted_on or report.due_on):
        submitted += " (с опозданием)"
    facts = [
        ("Уровень отчёта", LEVEL_TITLES[ReportLevel(report.level)]),
        ("Отчётный период", report.period.title),
        ("Отчёт", edition),
        ("Состояние", STATE_TITLES[ReportState(report.state)]),
        ("Срок представления", text.short_date(report.due_on)),
        ("Представлен", submitted),
        ("Принят", _accepted_on(report)),
    ]
    if report.is_correction:
        facts.append(("Причина уточнения", report.correction_reason))
    return facts


def _accepted_on(report: QuarterlyReport) -> str:
    """The local day on which the level above took the report; the region's is taken by nobody."""
    moment = report.accepted_at
    zone = report.institution.time_zone if report.institution else ZoneInfo(report.region.time_zone)
    return text.short_date(local_date(moment, zone)) if moment else ""


def _figures_table(lines: list[ReportLine]) -> Table:
    columns = [
        Column("Код", 7, Kind.CENTRED),
        Column("Показатель", 38),
        Column("За квартал", 13, Kind.CENTRED),
        Column("С начала года", 13, Kind.CENTRED),
        Column("Тот же квартал прошлого года", 15, Kind.CENTRED),
        Column("Изменение", 13, Kind.CENTRED),
    ]
    rows = [
        (
            line.indicator.code,
            str(line.indicator.title),
            _spelt(line.values.quarter),
            _spelt(line.values.year),
            _spelt(line.values.before),
            spelt_change(line),
        )
        for line in lines
    ]
    return Table("", columns, rows)


def _spelt(value: Value) -> str:
    """A figure for print; a share with its two numbers under it."""
    if value.whole is not None:
        return f"{text.percent(value.part or 0, value.whole)}\n{value.part} из {value.whole}"
    return text.DASH if value.number is None else text.grouped(value.number)


def spelt_change(line: ReportLine) -> str:
    """The change for people: «+12 %», of a share «−3 п. п.», a star for a small base."""
    if line.change is None:
        return text.DASH
    star = "*" if line.has_small_base else ""
    return f"{text.signed(line.change)}\N{NO-BREAK SPACE}{_unit_of_change(line)}{star}"


def _unit_of_change(line: ReportLine) -> str:
    """A share changes by percentage points, a number by per cent."""
    return "п.\N{NO-BREAK SPACE}п." if line.is_share else "%"


def workbook_table(lines: list[ReportLine]) -> Table:
    """The figures as numbers to count on with, each with its unit."""
    columns = [
        Column("Код", 8),
        Column("Показатель", 60),
        Column("Единица", 10),
        *(Column(title, 14, Kind.NUMBER) for title in ("За квартал", "С начала года", "Тот же квартал прошлого года")),
        *(Column(title, 12, Kind.NUMBER) for title in ("Числитель", "Знаменатель", "Изменение")),
        Column("Единица изменения", 12),
    ]
    rows: list[tuple[Cell, ...]] = [
        (
            line.indicator.code,
            str(line.indicator.title),
            "%" if line.is_share else "ед.",
            *(value.number for value in line.values),
            line.values.quarter.part,
            line.values.quarter.whole,
            line.change,
            "" if line.change is None else _unit_of_change(line),
        )
        for line in lines
    ]
    return Table(TITLE, columns, rows)


def chart_of(report: QuarterlyReport, lines: list[ReportLine], title: str, height: int = 300) -> charts.Chart:
    """The families' figures beside those of the year before."""
    shown = [line for line in lines if line.indicator.code in CHARTED]
    labels = [str(line.indicator.title) for line in shown]
    series = [
        charts.Series(quarter_title(report.period.year_before), [line.values.before.number for line in shown]),
        charts.Series(report.period_title, [line.values.quarter.number for line in shown]),
    ]
    return charts.bars(title, labels, series, height=height)


def _below(report: QuarterlyReport, taken: list[QuarterlyReport]) -> dict[str, Any] | None:
    """Who has reported to this report, in time or not, and who has not."""
    if report.level not in LOWER_LEVEL:
        return None
    lower = LOWER_LEVEL[report.level]
    parents = {UNIT_OF_LEVEL[report.level]: report.unit_id}
    first = list(QuarterlyReport.objects.of(report.period).filter(level=lower, edition=1, **parents))
    asked = report.submitted_on or report.local_today()
    kept = timeliness(first, asked).get(lower)
    named = NOTED_UNITS.get(lower)
    absent = missing_below(report)
    missing: list[Any] = list(named.objects.filter(pk__in=absent).order_by("pk")) if named else []
    return {
        "title": BELOW_TITLES[ReportLevel(report.level)],
        "total": len(first),
        "taken": "не опубликовано" if lower == ReportLevel.INSTITUTION else "не принято",
        "missing": len(absent),
        "in_time": kept.in_time if kept else 0,
        "due": kept.due if kept else 0,
        "names": [row.short_name if isinstance(row, Institution) else row.title for row in missing],
        "table": _by_unit(report, taken),
    }


def _by_unit(report: QuarterlyReport, taken: list[QuarterlyReport]) -> Table | None:
    """The main figures of the accepted reports below, as they were when this one was fixed."""
    if LOWER_LEVEL.get(report.level) not in NOTED_UNITS:
        return None
    found = ReportValue.objects.filter(report__in=taken, code__in=BY_UNIT).defer("evidence")
    numbers = {(row.report_id, row.code): row.quarter_number for row in found.order_by("position")}
    columns = [Column("Наименование", 34), *_columns_of(BY_UNIT)]
    shown = sorted(taken, key=_unit_title)
    cells = [(_unit_title(row), *(numbers.get((row.pk, code)) for code in BY_UNIT)) for row in shown]
    return Table("", columns, cells)


def _columns_of(codes: Iterable[str], width: int = 12) -> list[Column]:
    return [Column(str(by_code(code).title), width, Kind.NUMBER) for code in codes]


def _breakdown_table(row: breakdowns.Breakdown) -> Table:
    """The main figures by a trait of the families, with the exact numbers of all."""
    columns = [Column(str(row.column), 30), *_columns_of(breakdowns.CODES, width=15)]
    cells = [
        (capfirst(str(title)), *(HIDDEN if number is None else number for number in found)) for title, found in row.rows
    ]
    return Table("", columns, cells, total=("Всего", *row.total))


def _by_reason(report: QuarterlyReport, taken: list[QuarterlyReport]) -> Table | None:
    """Why families were removed from support, each reason by itself (indicators, ambiguity d); None without removals.

    Counted from the cases fixed with the figures, of the region from the reports of its institutions.
    """
    counted = breakdowns.by_reason(taken if report.level == ReportLevel.REGION else [report])
    if not counted:
        return None
    found = breakdowns.told_reasons(report, counted)
    columns = [Column("Причина снятия с сопровождения", 60), Column("Снято", 14, Kind.NUMBER)]
    rows = [
        (f"{title} (улучшение)" if improves else title, HIDDEN if number is None else number)
        for title, improves, number in found
    ]
    return Table("", columns, [*rows, ("Всего", counted.total())])


def _note_on(table: Table | None) -> str:
    """What the sign for a hidden number means, where the table has one."""
    return HIDDEN_NOTE if table is not None and any(HIDDEN in row for row in table.rows) else ""


def _changes_table(changed: list[ChangedLine]) -> Table:
    columns = [
        Column("Код", 7, Kind.CENTRED),
        Column("Показатель", 50),
        Column("Было", 14, Kind.CENTRED),
        Column("Стало", 14, Kind.CENTRED),
    ]
    rows = [(row.indicator.code, str(row.indicator.title), _spelt(row.was), _spelt(row.now)) for row in changed]
    return Table("", columns, rows)


def _notes(report: QuarterlyReport, lines: list[ReportLine]) -> list[str]:
    """How the figures were counted, and what does not add up."""
    notes = [f"{line.indicator.code}: {line.indicator.note}" for line in lines if line.indicator.note]
    notes += _both_denominators(lines)
    accepted = "сумма принятых отчётов" if report.is_draft else "сумма отчётов, принятых к моменту представления"
    notes += [
        f"{line.indicator.code}: {accepted}\N{NO-BREAK SPACE}— {text.grouped(line.lower or 0)}, "
        f"по данным учёта — {text.grouped(line.values.quarter.number or 0)}."
        for line in lines
        if line.differs_from_below
    ]
    if any(line.has_small_base for line in lines):
        notes.append("* Малая база: в прошлом году меньше 10, изменение в процентах мало о чём говорит.")
    return notes


def _both_denominators(lines: list[ReportLine]) -> list[str]:
    """The share with a contract of all who were removed as well (indicators, ambiguity c).

    Where all were removed with improvement it is the share of the line itself, and where nobody was, of nobody.
    """
    quarter = {line.indicator.code: line.values.quarter for line in lines}
    part, whole, improved = (quarter.get(code) for code in ("Q8n", "Q4", "Q5"))
    if part is None or whole is None or improved is None or whole == improved:
        return []
    if not whole.number or not improved.number:
        return []
    share = text.percent(part.number or 0, whole.number)
    return [f"Q8: от всех снятых с сопровождения\N{NO-BREAK SPACE}— {share} ({part.number} из {whole.number})."]


def _signatories(report: QuarterlyReport) -> list[dict[str, str]]:
    """Who wrote the report and who answers for it; a line without a name waits for its hand."""
    people = [_author(report), _taker(report)]
    known = Counter(person.pk for person, _principal in people if person)
    defaults = ["Составитель", "Принял"]
    rows = []
    for (person, principal), post in zip(people, defaults, strict=True):
        if person is None and post == "Принял" and report.level == ReportLevel.REGION and known:
            continue
        if person is not None and known[person.pk] > 1 and post == "Принял":
            continue
        rows.append(signatory(person, principal, default=post) if person else {"post": post, "name": ""})
    return rows


def _author(report: QuarterlyReport) -> tuple[User | None, User | None]:
    """Who handed the report in, and for whom."""
    return (report.submitted_by, report.submitted_for) if report.submitted_by else (report.author, None)


def _taker(report: QuarterlyReport) -> tuple[User | None, User | None]:
    """Who answers for the report, and for whom."""
    if report.published_by:
        return report.published_by, report.published_for
    return report.accepted_by, report.accepted_for
