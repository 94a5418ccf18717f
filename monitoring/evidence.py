"""The objects behind a figure, as lines that people can open: what was counted, of which case and family."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from casework.compliance import CaseMonth
from casework.models import SupportCase, SupportProgramme, Visit
from common.paging import Page, paginate
from common.text import numbered
from contracts.models import SocialContract
from councils.models import AgendaItem, CouncilSession
from families.models import Family
from monitoring.enums import ReportLevel
from monitoring.indicators import Indicator, by_code, evidence
from monitoring.indicators.reading import period_until
from monitoring.models import QuarterlyReport, ReportValue
from monitoring.services.figures import source_of, unpacked


@dataclass(frozen=True, slots=True)
class Counted:
    """One object that a figure counted: its day, its words, and the family; both ids are empty for a session."""

    pk: int
    day: date | None
    text: str
    case_id: int | None = None
    family_id: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """What a reader sees of it; a family that the reader may not open is counted and not named."""

    counted: Counted
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A page of them. `family_ids` are those whose names are shown, for the journal."""

    lines: list[EvidenceLine]
    page: Page[Any]
    total: int
    family_ids: list[int]


Describe = Callable[[Any], Counted]


def _case(row: SupportCase) -> Counted:
    return Counted(row.pk, row.enrolled_on or row.opened_on, numbered(row.number), row.pk, row.family_id)


def _visit(row: Visit) -> Counted:
    return Counted(row.pk, row.held_on, row.get_channel_display(), row.case_id, row.case.family_id)


def _programme(row: SupportProgramme) -> Counted:
    return Counted(row.pk, row.approved_on, numbered(row.number), row.case_id, row.case.family_id)


def _contract(row: SocialContract) -> Counted:
    return Counted(row.pk, row.signed_on, numbered(row.number), row.case_id, row.family_id)


def _session(row: CouncilSession) -> Counted:
    return Counted(row.pk, row.held_on, str(row.council))


def _item(row: AgendaItem) -> Counted:
    return Counted(row.pk, row.session.held_on, str(row.session.council), row.case_id, row.family_id)


DESCRIBED: dict[type[Model], tuple[Describe, tuple[str, ...]]] = {
    SupportCase: (_case, ()),
    Visit: (_visit, ("case",)),
    SupportProgramme: (_programme, ("case",)),
    SocialContract: (_contract, ()),
    CouncilSession: (_session, ("council",)),
    AgendaItem: (_item, ("session__council",)),
}
"""How an object of each counted kind is told, and what must be read with it."""


def evidence_of(user: User, report: QuarterlyReport, code: str, cursor: str) -> Evidence | None:
    """The objects behind the figure with `code`, a page of them; None for a figure that counts no objects.

    Of a submitted report those that were counted then, of a draft those of now. Names are read through the family's
    door, so a restricted family is counted and not named.
    """
    indicator = source_of(by_code(code))
    if indicator.months is not None and report.level != ReportLevel.REGION:
        return _months_of(user, report, indicator, cursor)
    if indicator.facts is None or report.figure_level not in indicator.facts.units:
        return None
    rows = _objects(report, indicator)
    describe, related = DESCRIBED[rows.model]
    page = paginate(rows.select_related(*related).order_by(), "pk", cursor=cursor)
    return _shown(user, [describe(row) for row in page.rows], page, rows.order_by().count())


def has_evidence(indicator: Indicator, report: QuarterlyReport) -> bool:
    """Whether `evidence_of` has anything to show behind a figure of the report."""
    source = source_of(indicator)
    if source.months is not None:
        return report.level != ReportLevel.REGION
    return source.facts is not None and report.figure_level in source.facts.units


def _shown(user: User, counted: list[Counted], page: Page[Any], total: int) -> Evidence:
    families = {row.family_id for row in counted if row.family_id}
    titles = dict(Family.objects.visible_to(user).filter(pk__in=families).values_list("pk", "title"))
    lines = [_line(row, titles) for row in counted]
    return Evidence(lines, page, total, sorted(titles))


def _months_of(user: User, report: QuarterlyReport, indicator: Indicator, cursor: str) -> Evidence:
    """The cases whose months a ratio counted, each with its months and how they were kept."""
    months: dict[int, list[CaseMonth]] = {}
    for month in _months(report, indicator):
        months.setdefault(month.case_id, []).append(month)
    cases = SupportCase.objects.filter(pk__in=months)
    page = paginate(cases.order_by(), "pk", cursor=cursor)
    counted = [
        Counted(row.pk, None, f"{numbered(row.number)}: {_spelt(months[row.pk])}", row.pk, row.family_id)
        for row in page.rows
    ]
    return _shown(user, counted, page, len(months))


def _months(report: QuarterlyReport, indicator: Indicator) -> Sequence[CaseMonth]:
    """Of a submitted report the months counted then, of a draft those of now."""
    kept = ReportValue.objects.filter(report=report, code=indicator.code).values_list("evidence", flat=True).first()
    if indicator.months is None or not (report.is_draft or kept is None):
        return [unpacked(number) for number in kept or ()]
    period = period_until(report.period.period, report.local_today())
    return indicator.months(report.figure_level, [report.unit_id], period).get(report.unit_id, [])


def _spelt(months: Sequence[CaseMonth]) -> str:
    words = {True: _("there was a contact"), False: _("no contact")}
    return "; ".join(f"{row.month:%m.%Y}\N{NO-BREAK SPACE}— {words[row.is_kept]}" for row in months)


def _objects(report: QuarterlyReport, indicator: Indicator) -> QuerySet[Any]:
    live = evidence(indicator, report.figure_level, report.unit_id, report.period.period, today=report.local_today())
    kept = ReportValue.objects.filter(report=report, code=indicator.code).values_list("evidence", flat=True).first()
    ids = list(live.values_list("pk", flat=True)) if report.is_draft or kept is None else kept
    rows: QuerySet[Any] = live.model._default_manager.filter(pk__in=ids)
    return rows


def _line(row: Counted, titles: dict[int, str]) -> EvidenceLine:
    if row.family_id is None:
        return EvidenceLine(row, "", "")
    if row.family_id not in titles:
        return EvidenceLine(row, _("A family that is closed to you"), "")
    if row.case_id:
        return EvidenceLine(row, titles[row.family_id], reverse("casework:case", args=[row.case_id]))
    return EvidenceLine(row, titles[row.family_id], reverse("families:card", args=[row.family_id]))
