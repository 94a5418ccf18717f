"""Drafts of the quarter that has ended, made by the system for every level (domain 3.9, 3.11)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from accounts.enums import Role
from accounts.models import Appointment, Department, Institution, Region
from casework.models import SupportCase
from common.calendar import Quarter, local_date
from monitoring.enums import ReportLevel, Step
from monitoring.models import QuarterlyReport, ReportEvent
from monitoring.services.deadlines import due_days
from monitoring.services.figures import store_figures

POST = ("user", "institution", "department")


def draft_finished_quarter(region: Region, now: datetime) -> int:
    """Draft the reports on the last finished quarter of each institution's local date; return how many were made.

    Whoever has a draft already keeps it: a second run changes nothing, and a run missed while the server was off is
    made up for by the next one. The region's own report is drafted by the region's date.
    """
    made = 0
    institutions = list(Institution.objects.filter(region=region).select_related("region").order_by("pk"))
    finished: dict[Quarter, list[Institution]] = {}
    for institution in institutions:
        quarter = Quarter.last_finished(institution.local_date(now))
        finished.setdefault(quarter, []).append(institution)
    for quarter, ended in finished.items():
        made += draft_quarter(region, quarter, ended, with_region=quarter == _finished_in(region, now), now=now)
    return made


@transaction.atomic
def draft_quarter(
    region: Region, quarter: Quarter, institutions: Sequence[Institution], *, with_region: bool, now: datetime
) -> int:
    """Draft the reports on one quarter for these institutions, their departments and specialists, as of `now`."""
    made = open_drafts(region, quarter, institutions, with_region=with_region, now=now)
    count_drafts(made, now=now)
    return len(made)


def open_drafts(
    region: Region, quarter: Quarter, institutions: Sequence[Institution], *, with_region: bool, now: datetime
) -> list[QuarterlyReport]:
    """Drafts without figures, for those who have none yet; `count_drafts` fills them, of many regions at once."""
    due = due_days(region, quarter)
    departments = _departments(institutions, quarter)
    wanted = [*_specialists(institutions, quarter), *departments, *_institutions(departments)]
    if with_region:
        wanted.append(QuarterlyReport(level=ReportLevel.REGION, region=region))
    authors = _former_authors(region, quarter)
    for report in wanted:
        report.region, report.year, report.quarter = region, quarter.year, quarter.number
        report.due_on, report.generated_at = due[report.level], now
        if report.level == ReportLevel.INSTITUTION:
            report.author_id = authors.get(report.unit_id)
    QuarterlyReport.objects.bulk_create(wanted, ignore_conflicts=True)
    made = list(QuarterlyReport.objects.of(quarter).filter(region=region, figures_at=None).with_units())
    ReportEvent.objects.bulk_create(ReportEvent(report=report, step=Step.GENERATE, at=now) for report in made)
    return made


def count_drafts(made: Sequence[QuarterlyReport], *, now: datetime, with_evidence: bool = False) -> None:
    """Fill new drafts on one quarter with their figures; `with_evidence` with the objects counted as well."""
    for level in ReportLevel:
        of_level = [report for report in made if report.level == level]
        store_figures(of_level, with_evidence=with_evidence, now=now)


def _finished_in(region: Region, now: datetime) -> Quarter:
    return Quarter.last_finished(local_date(now, ZoneInfo(region.time_zone)))


def _specialists(institutions: Iterable[Institution], quarter: Quarter) -> list[QuarterlyReport]:
    """Who held a specialist's post on the last day, and heads who lead families themselves."""
    day = quarter.ends_on
    posts = Appointment.objects.in_force(day).filter(
        institution__in=institutions, user__is_active=True, deputy_for=None, department__isnull=False
    )
    curators = SupportCase.objects.filter(
        Q(closed_on=None) | Q(closed_on__gte=quarter.starts_on), institution__in=institutions, opened_on__lte=day
    )
    leading = Q(role=Role.DEPARTMENT_HEAD, user__in=curators.values("curator"))
    rows = posts.filter(Q(role=Role.SPECIALIST) | leading).order_by("-starts_on", "-pk")
    # Of two posts the first one held: a person's figures are the person's and stand in one report.
    homes = {user: (institution, department) for user, institution, department in rows.values_list(*POST)}
    return [
        QuarterlyReport(
            level=ReportLevel.SPECIALIST,
            institution_id=institution,
            department_id=department,
            specialist_id=user,
            author_id=user,
        )
        for user, (institution, department) in sorted(homes.items())
    ]


def _departments(institutions: Iterable[Institution], quarter: Quarter) -> list[QuarterlyReport]:
    rows = Department.objects.filter(
        Q(closed_on=None) | Q(closed_on__gte=quarter.starts_on), institution__in=institutions
    ).order_by("pk")
    return [
        QuarterlyReport(level=ReportLevel.DEPARTMENT, institution_id=row.institution_id, department=row) for row in rows
    ]


def _institutions(departments: Iterable[QuarterlyReport]) -> list[QuarterlyReport]:
    """Institutions with a department: a methodical centre without one works with no family."""
    working = sorted({row.institution_id for row in departments if row.institution_id})
    return [QuarterlyReport(level=ReportLevel.INSTITUTION, institution_id=key) for key in working]


def _former_authors(region: Region, quarter: Quarter) -> dict[int, int]:
    """Who wrote each institution's report last time, while they still work there: the director may name another."""
    before = QuarterlyReport.objects.of(quarter.previous).filter(
        region=region, level=ReportLevel.INSTITUTION, author__isnull=False
    )
    posts = Appointment.objects.in_force(quarter.next.starts_on).filter(institution__region=region)
    employed = set(posts.values_list("institution_id", "user_id"))
    rows = before.order_by("edition").values_list("institution_id", "author_id")
    return {institution: author for institution, author in rows if author and (institution, author) in employed}
