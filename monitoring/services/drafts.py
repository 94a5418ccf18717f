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
        made += draft_quarter(region, quarter, ended, with_region=quarter == _finished_in(region, now))
    return made


@transaction.atomic
def draft_quarter(region: Region, quarter: Quarter, institutions: Sequence[Institution], *, with_region: bool) -> int:
    """Draft the reports on one quarter for these institutions, their departments and specialists."""
    due = due_days(region, quarter)
    wanted = [*_specialists(institutions, quarter), *_departments(institutions, quarter), *_institutions(institutions)]
    if with_region:
        wanted.append(QuarterlyReport(level=ReportLevel.REGION, region=region))
    authors = _former_authors(region, quarter)
    for report in wanted:
        report.region, report.year, report.quarter = region, quarter.year, quarter.number
        report.due_on = due[report.level]
        if report.level == ReportLevel.INSTITUTION:
            report.author_id = authors.get(report.unit_id)
    QuarterlyReport.objects.bulk_create(wanted, ignore_conflicts=True)
    made = list(QuarterlyReport.objects.of(quarter).filter(region=region, figures_at=None).with_units())
    for level in ReportLevel:
        store_figures([report for report in made if report.level == level])
    ReportEvent.objects.bulk_create(ReportEvent(report=report, step=Step.GENERATE) for report in made)
    return len(made)


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


def _institutions(institutions: Iterable[Institution]) -> list[QuarterlyReport]:
    return [QuarterlyReport(level=ReportLevel.INSTITUTION, institution=row) for row in institutions]


def _former_authors(region: Region, quarter: Quarter) -> dict[int, int]:
    """Who wrote each institution's report last time, while they still work there: the director may name another."""
    before = QuarterlyReport.objects.of(quarter.previous).filter(
        region=region, level=ReportLevel.INSTITUTION, author__isnull=False
    )
    posts = Appointment.objects.in_force(quarter.next.starts_on).filter(institution__region=region)
    employed = set(posts.values_list("institution_id", "user_id"))
    rows = before.order_by("edition").values_list("institution_id", "author_id")
    return {institution: author for institution, author in rows if author and (institution, author) in employed}
