"""Quarterly reports of a demo region: the quarter before last published, the last one on its way through the chain.

Drafts come from the service that makes them every quarter; who sent and took them when is written in bulk, as the steps
of the chain would have left it. The files are ordered, and made by the worker when the demo starts.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.enums import Role
from accounts.models import Appointment, Institution, Region, User
from common.calendar import Quarter
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.models import QuarterlyReport, ReportEvent
from monitoring.services.drafts import count_drafts, open_drafts
from monitoring.services.figures import fix_below
from monitoring.services.rendering import order_rendering
from monitoring.services.reports import tell

L, S = ReportLevel, ReportState
DRAFTED_AT = time(0, 15)
SENT_AT = time(16, 40)
LATE_ONE_IN = 6
"""Every so many reports came a day late."""
FILES_WAIT = timedelta(seconds=5)
ANALYSIS = (
    "Число семей на сопровождении выросло за счёт раннего выявления: школы и поликлиники чаще сообщают о трудностях. "
    "Просроченные посещения связаны с распутицей в отдалённых сёлах, график выездов пересмотрен."
)


def load_reports(regions: Sequence[Region]) -> None:
    """Write the reports of two quarters of loaded regions; the figures of all are counted at once."""
    courses = [_Course(region) for region in regions]
    last = max(Quarter.last_finished(region.today()) for region in regions)
    for quarter, is_over in ((last.previous, True), (last, False)):
        drafts = [report for course in courses for report in course.open(quarter)]
        count_drafts(drafts, now=drafts[0].generated_at, with_evidence=True)
        for course in courses:
            course.run(quarter, published=is_over)


class _Staff:
    """Who writes and takes the reports of which unit."""

    def __init__(self, region: Region) -> None:
        posts = Appointment.objects.filter(region=region, deputy_for=None).select_related("user", "department")
        rows = list(posts.order_by("pk"))
        self.zone = ZoneInfo(region.time_zone)
        self.heads = {row.department_id: row.user for row in reversed(rows) if row.role == Role.DEPARTMENT_HEAD}
        self.directors = {row.institution_id: row.user for row in rows if row.role == Role.DIRECTOR}
        self.ministry = next(row.user for row in rows if row.role == Role.MINISTRY)
        found = next(row for row in rows if row.user.username == f"specialist@{region.code}.demo")
        self.home, self.home_institution = found.department_id, found.institution_id
        # The head of a first department writes for the whole institution.
        self.authors = {row.institution_id: row.user for row in reversed(rows) if row.role == Role.DEPARTMENT_HEAD} | {
            self.home_institution: self.heads[self.home]
        }

    def author_of(self, report: QuarterlyReport) -> User:
        match report.level:
            case L.SPECIALIST if report.specialist:
                return report.specialist
            case L.DEPARTMENT:
                return self.heads[report.department_id]
            case L.INSTITUTION:
                return self.authors[report.institution_id]
        return self.ministry

    def taker_of(self, report: QuarterlyReport) -> User:
        if report.level == L.SPECIALIST:
            return self.heads[report.department_id]
        return self.directors[report.institution_id]


class _Course:
    """Brings the reports of a region to where they stand."""

    def __init__(self, region: Region) -> None:
        self.region, self.staff = region, _Staff(region)
        self.institutions = list(Institution.objects.filter(region=region).select_related("region").order_by("pk"))
        self.reports: list[QuarterlyReport] = []

    def open(self, quarter: Quarter) -> list[QuarterlyReport]:
        """Drafts as the system made them in the first night after the quarter."""
        drafted = datetime.combine(quarter.next.starts_on, DRAFTED_AT, tzinfo=self.staff.zone)
        return open_drafts(self.region, quarter, self.institutions, with_region=True, now=drafted)

    def run(self, quarter: Quarter, *, published: bool) -> None:
        """Write who sent and took what of the quarter; `published` brings everything to the end of the chain."""
        rows = QuarterlyReport.objects.of(quarter).filter(region=self.region).with_units()
        self.reports = list(rows.order_by("pk"))
        specialists, departments = self._of(L.SPECIALIST), self._of(L.DEPARTMENT)
        institutions, regions = self._of(L.INSTITUTION), self._of(L.REGION)
        for report in institutions:
            report.author = self.staff.author_of(report)
        QuarterlyReport.objects.bulk_update(institutions, ["author"])
        if published:
            self._take(specialists)
            self._take(departments)
            self._publish(institutions)
            self._publish(regions)
            self._tell()
            return
        silent = self._silent(specialists, institutions)
        sent = [report for report in specialists if report not in silent]
        waiting = next((report for report in sent if report.department_id == self.staff.home), None)
        self._take(report for report in sent if report != waiting)
        self._take(report for report in departments if report.department_id != self.staff.home)
        at_home = self._submit(report for report in departments if report.department_id == self.staff.home)
        if waiting is not None:
            # Had it come before the department's report went, that would have been held up until it was accepted.
            self._submit(
                [waiting], on=max(report.submitted_on or report.due_on for report in at_home) + timedelta(days=1)
            )
        self._publish(report for report in institutions if report not in silent)
        self._tell()

    def _tell(self) -> None:
        """Whoever a report waits for has been told of it, as by the services."""
        for report in self.reports:
            if report.state == S.SUBMITTED:
                tell(report, Step.SUBMIT)
            elif report.state == S.PUBLISHED and report.level == L.INSTITUTION:
                tell(report, Step.PUBLISH)

    def _of(self, level: ReportLevel) -> list[QuarterlyReport]:
        return [report for report in self.reports if report.level == level]

    def _silent(self, specialists: list[QuarterlyReport], institutions: list[QuarterlyReport]) -> list[QuarterlyReport]:
        """Who has not reported on the last quarter: somebody of the home department, its institution, one more."""
        at_home = [report for report in specialists if report.department_id == self.staff.home]
        elsewhere = [report for report in institutions if report.institution_id != self.staff.home_institution]
        own = [report for report in institutions if report.institution_id == self.staff.home_institution]
        return [*at_home[-1:], *own, *elsewhere[-1:]]

    def _submit(self, reports: Iterable[QuarterlyReport], on: date | None = None) -> list[QuarterlyReport]:
        """Sent `on` this day, else on the day they are due or a day later."""
        sent = list(reports)
        fix_below(sent)
        for place, report in enumerate(sent, start=1):
            report.state = S.PUBLISHED if report.level == L.REGION else S.SUBMITTED
            report.submitted_on = on or report.due_on + timedelta(days=1 if place % LATE_ONE_IN == 0 else 0)
            report.submitted_at = self._moment(report, 0)
            report.submitted_by = self.staff.author_of(report)
            report.analysis = ANALYSIS if report.level in {L.INSTITUTION, L.REGION} else ""
            if report.level == L.REGION:
                report.published_at, report.published_by = report.submitted_at, report.submitted_by
        columns = ["state", "submitted_on", "submitted_at", "submitted_by", "analysis", "published_at", "published_by"]
        self._write(sent, columns, Step.SUBMIT, 0)
        return sent

    def _take(self, reports: Iterable[QuarterlyReport]) -> list[QuarterlyReport]:
        sent = self._submit(reports)
        # A head's own report waits for somebody else.
        taken = [report for report in sent if report.submitted_by != self.staff.taker_of(report)]
        for report in taken:
            report.state, report.accepted_at = S.ACCEPTED, self._moment(report, 1)
            report.accepted_by = self.staff.taker_of(report)
        self._write(taken, ["state", "accepted_at", "accepted_by"], Step.ACCEPT, 1)
        return taken

    def _publish(self, reports: Iterable[QuarterlyReport]) -> None:
        """Published, with the files ordered; the region's needs nobody's acceptance."""
        found = list(reports)
        if found and found[0].level == L.REGION:
            self._submit(found)
        else:
            for report in self._take(found):
                report.state, report.published_at = S.PUBLISHED, self._moment(report, 2)
                report.published_by = report.accepted_by
            self._write(found, ["state", "published_at", "published_by"], Step.PUBLISH, 2)
        for report in found:
            order_rendering(report=report, actor=None, not_before=timezone.now() + FILES_WAIT)

    def _moment(self, report: QuarterlyReport, step: int) -> datetime:
        """Half an hour between the steps, on the day of submission."""
        sent = datetime.combine(report.submitted_on or report.due_on, SENT_AT, tzinfo=self.staff.zone)
        return sent + step * timedelta(minutes=30)

    def _write(self, reports: list[QuarterlyReport], columns: list[str], step: Step, place: int) -> None:
        QuarterlyReport.objects.bulk_update(reports, columns)
        people = {Step.SUBMIT: "submitted_by", Step.ACCEPT: "accepted_by", Step.PUBLISH: "published_by"}
        ReportEvent.objects.bulk_create(
            ReportEvent(
                report=report,
                step=Step.PUBLISH if report.level == L.REGION else step,
                at=self._moment(report, place),
                by=getattr(report, people[step]),
            )
            for report in reports
        )
