"""Quarterly reports drafted by the system and brought along their chain by the cast."""

from django.utils import timezone

from common.calendar import Quarter
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.models import QuarterlyReport
from monitoring.services.drafts import draft_quarter
from monitoring.services.reports import name_author, take_step
from tests.cast import Cast

L, S = ReportLevel, ReportState


def last_quarter(cast: Cast) -> Quarter:
    return Quarter.last_finished(cast.region.today())


def draft_reports(cast: Cast, quarter: Quarter | None = None) -> list[QuarterlyReport]:
    """Drafts of every level for both institutions of the first region."""
    quarter = quarter or last_quarter(cast)
    draft_quarter(
        cast.region, quarter, [cast.institution, cast.other_institution], with_region=True, now=timezone.now()
    )
    return list(QuarterlyReport.objects.of(quarter).filter(region=cast.region))


def report_of(cast: Cast, level: ReportLevel, quarter: Quarter | None = None) -> QuarterlyReport:
    """The last edition of the report of the cast's unit of this level; drafted where there is none."""
    quarter = quarter or last_quarter(cast)
    unit = {
        L.SPECIALIST: {"specialist": cast.specialist},
        L.DEPARTMENT: {"department": cast.department},
        L.INSTITUTION: {"institution": cast.institution},
        L.REGION: {"region": cast.region},
    }[level]
    rows = QuarterlyReport.objects.of(quarter).filter(level=level, **unit).with_units().order_by("-edition")
    if not rows.exists():
        draft_reports(cast, quarter)
    return rows[0]


def report_at(cast: Cast, level: ReportLevel, state: ReportState, quarter: Quarter | None = None) -> QuarterlyReport:
    """The same, brought to `state` by those whose business it is; the head writes the institution's report."""
    report = report_of(cast, level, quarter)
    if level is L.INSTITUTION and report.author is None:
        name_author(report=report, author=cast.head, actor=cast.director)
    author = {L.SPECIALIST: cast.specialist, L.REGION: cast.ministry}.get(level, cast.head)
    taker = cast.head if level is L.SPECIALIST else cast.director
    way = {
        S.GENERATED: [],
        S.SUBMITTED: [(Step.SUBMIT, author)],
        S.RETURNED: [(Step.SUBMIT, author), (Step.RETURN, taker)],
        S.ACCEPTED: [(Step.SUBMIT, author), (Step.ACCEPT, taker)],
        S.PUBLISHED: [(Step.SUBMIT, author), (Step.ACCEPT, taker), (Step.PUBLISH, taker)],
    }
    way[S.RECEIVED] = [*way[S.PUBLISHED], (Step.RECEIVE, cast.ministry)]
    steps = [(Step.PUBLISH, cast.ministry)] if level is L.REGION and state is S.PUBLISHED else way[state]
    for step, actor in steps:
        reason = "Сверьте число посещений." if step is Step.RETURN else ""
        assert take_step(report=report, step=step, actor=actor, reason=reason)
    return report
