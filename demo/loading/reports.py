"""Quarterly reports of the demo: two years taken to the end of the chain, the last quarter on its way through it.

Drafts come from the service that makes them every quarter; who sent and took them when is written in bulk, as the steps
of the chain would have left it. The files that one opens first are ordered, and made by the worker when the demo
starts; those of the other reports are made when somebody asks for them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Appointment, Institution, Region, User
from common.calendar import Quarter
from demo.loading.references import check_references
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.models import QuarterlyReport, ReportEvent, ReportValue
from monitoring.services.drafts import count_drafts, open_drafts
from monitoring.services.figures import fix_below
from monitoring.services.rendering import order_rendering
from monitoring.services.reports import STAMPS as AFTER_SUBMISSION
from monitoring.services.reports import tell

L, S = ReportLevel, ReportState
QUARTERS = 8
"""Finished quarters with reports: two years."""
DRAFTED_AT = time(0, 15)
SENT_AT = {L.SPECIALIST: time(9, 20), L.DEPARTMENT: time(11, 40), L.INSTITUTION: time(14, 10), L.REGION: time(16, 40)}
STEP_TAKES = timedelta(minutes=30)
STAMPS = {Step.SUBMIT: "submitted"} | AFTER_SUBMISSION
"""The steps in their order, and the columns that say when and by whom each was made."""
LATE_ONE_IN = 6
"""Every so many reports came a day late, each quarter those of other units."""
FILES_WAIT = timedelta(seconds=5)
BALANCE = (
    "Поставлено на сопровождение семей: {Q3}, снято с сопровождения: {Q4}, на конец квартала сопровождается: {Q10}."
)
GROWN = "Число семей на сопровождении выросло: школы и поликлиники чаще сообщают о трудностях семей."
SHRUNK = "Число семей на сопровождении сократилось: у части семей сопровождение завершено."
SAME = "Число семей на сопровождении за квартал не изменилось."
SEASONS = {
    1: "В домах семей проверены отопление и электропроводка, с родителями проведены беседы о пожарной безопасности.",
    2: "Составлены планы летней занятости детей; из-за распутицы часть посещений перенесена, график пересмотрен.",
    3: "Дети отдыхали в лагерях и на школьных площадках, к сентябрю семьям помогли собрать их в школу.",
    4: "Уточнены списки детей, пропускающих занятия, семьям помогли оформить выплаты на следующий год.",
}
"""What a quarter of each number was busy with."""


def load_reports(regions: Sequence[Region]) -> None:
    """Write the reports of two years of loaded regions; the figures of all are counted at once, quarter by quarter."""
    staffs = {region.pk: _Staff(region) for region in regions}
    last = max(Quarter.last_finished(region.today()) for region in regions)
    for quarter in _until(last):
        _draft(staffs, quarter)
        chain = _Chain(staffs, quarter, with_files=quarter in {last.previous, last})
        if quarter == last:
            chain.leave_on_desks()
        else:
            chain.bring_to_the_end()
        check_references()


def _until(last: Quarter) -> Iterator[Quarter]:
    """The quarters with reports, the oldest first."""
    quarters = [last]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].previous)
    return reversed(quarters)


class _Staff:
    """Who writes and takes the reports of which unit of a region."""

    def __init__(self, region: Region) -> None:
        posts = Appointment.objects.filter(region=region, deputy_for=None).select_related("user", "department")
        rows = list(posts.order_by("pk"))
        self.region, self.zone = region, ZoneInfo(region.time_zone)
        self.institutions = list(Institution.objects.filter(region=region).select_related("region").order_by("pk"))
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


def _draft(staffs: Mapping[int, _Staff], quarter: Quarter) -> None:
    """Drafts as the system made them in the first night after the quarter, of each region's own time."""
    drafts: list[QuarterlyReport] = []
    for staff in staffs.values():
        drafted = datetime.combine(quarter.next.starts_on, DRAFTED_AT, tzinfo=staff.zone)
        drafts += open_drafts(staff.region, quarter, staff.institutions, with_region=True, now=drafted)
    count_drafts(drafts, now=drafts[0].generated_at, with_evidence=True)
    QuarterlyReport.objects.filter(pk__in=[draft.pk for draft in drafts]).update(figures_at=F("generated_at"))


class _Chain:
    """Writes who sent and took what of the reports of all regions on a quarter."""

    def __init__(self, staffs: Mapping[int, _Staff], quarter: Quarter, *, with_files: bool) -> None:
        self.staffs, self.quarter, self.with_files, self.now = staffs, quarter, with_files, timezone.now()
        rows = QuarterlyReport.objects.of(quarter).filter(region__in=staffs).with_units()
        self.reports = list(rows.order_by("pk"))
        institutions = self._of(L.INSTITUTION)
        for report in institutions:
            report.author = self._staff(report).author_of(report)
        QuarterlyReport.objects.bulk_update(institutions, ["author"])

    def bring_to_the_end(self) -> None:
        """Everything was accepted, and the ministry has summed up what it took from the institutions."""
        self._take(self._of(L.SPECIALIST))
        self._take(self._of(L.DEPARTMENT))
        published = self._publish(self._of(L.INSTITUTION))
        self._step(Step.RECEIVE, S.RECEIVED, published, lambda report: self._staff(report).ministry)
        self._publish_of_regions(self._of(L.REGION))

    def leave_on_desks(self) -> None:
        """Somebody has not reported yet, and something waits for the head, the director and the ministry."""
        departments, silent = self._of(L.DEPARTMENT), self._silent()
        sent = [report for report in self._of(L.SPECIALIST) if report not in silent]
        waiting = list({report.region_id: report for report in reversed(sent) if self._is_at_home(report)}.values())
        self._take([report for report in sent if report not in waiting])
        self._take([report for report in departments if not self._is_at_home(report)])
        at_home = self._submit([report for report in departments if self._is_at_home(report)])
        # Had they come before the department's report went, that would have been held up until they were accepted.
        self._submit(waiting, after=max(report.submitted_on or report.due_on for report in at_home))
        self._publish([report for report in self._of(L.INSTITUTION) if report not in silent])
        self._tell()

    def _silent(self) -> list[QuarterlyReport]:
        """Who has not reported in each region: somebody of the home department, its institution, one more."""
        found = []
        for staff in self.staffs.values():
            here = [report for report in self.reports if report.region_id == staff.region.pk]
            of_home = [row for row in here if row.level == L.SPECIALIST and row.department_id == staff.home]
            institutions = [row for row in here if row.level == L.INSTITUTION]
            own = [row for row in institutions if row.institution_id == staff.home_institution]
            found += [*of_home[-1:], *own, *[row for row in institutions if row not in own][-1:]]
        return found

    def _tell(self) -> None:
        """Whoever a report waits for has been told of it, as by the services."""
        for report in self.reports:
            if report.state == S.SUBMITTED:
                tell(report, Step.SUBMIT)
            elif report.state == S.PUBLISHED and report.level == L.INSTITUTION:
                tell(report, Step.PUBLISH)

    def _of(self, level: ReportLevel) -> list[QuarterlyReport]:
        return [report for report in self.reports if report.level == level]

    def _staff(self, report: QuarterlyReport) -> _Staff:
        return self.staffs[report.region_id]

    def _is_at_home(self, report: QuarterlyReport) -> bool:
        return report.department_id == self._staff(report).home

    def _settle(self, reports: Sequence[QuarterlyReport], after: date | None = None) -> None:
        """Fix the figures of these drafts of one level, with what is said beside them and the day they go.

        They go on the day they are due or a day later, those with `after` on the day after that one; never after today.
        """
        fix_below(reports)
        shift = 4 * self.quarter.year + self.quarter.number
        for place, report in enumerate(reports, start=shift):
            late = timedelta(days=1 if place % LATE_ONE_IN == 0 else 0)
            day = report.due_on + late if after is None else after + timedelta(days=1)
            report.submitted_on = min(day, report.local_today())
        if reports and reports[0].level in {L.INSTITUTION, L.REGION}:
            self._analyse(reports)

    def _analyse(self, reports: Sequence[QuarterlyReport]) -> None:
        """What the authors make of their figures."""
        found: dict[int, dict[str, int]] = {report.pk: {} for report in reports}
        rows = ReportValue.objects.filter(report__in=reports, code__in=["Q3", "Q4", "Q9", "Q10"])
        for report_id, code, number in rows.values_list("report_id", "code", "quarter_number"):
            found[report_id][code] = number or 0
        for report in reports:
            figures = found[report.pk]
            change = figures["Q10"] - figures["Q9"]
            trend = GROWN if change > 0 else SHRUNK if change < 0 else SAME
            report.analysis = " ".join((BALANCE.format(**figures), trend, SEASONS[self.quarter.number]))

    def _submit(self, reports: Sequence[QuarterlyReport], after: date | None = None) -> Sequence[QuarterlyReport]:
        self._settle(reports, after)
        self._step(Step.SUBMIT, S.SUBMITTED, reports, self._author, "submitted_on", "analysis")
        return reports

    def _take(self, reports: Sequence[QuarterlyReport]) -> list[QuarterlyReport]:
        # A head's own report waits for somebody else.
        taken = [row for row in self._submit(reports) if row.submitted_by != self._staff(row).taker_of(row)]
        self._step(Step.ACCEPT, S.ACCEPTED, taken, lambda report: self._staff(report).taker_of(report))
        return taken

    def _publish(self, reports: Sequence[QuarterlyReport]) -> list[QuarterlyReport]:
        """Taken and published by the directors, with the files of the home institution ordered."""
        published = self._take(reports)
        self._step(Step.PUBLISH, S.PUBLISHED, published, lambda report: self._staff(report).taker_of(report))
        self._order([row for row in published if row.institution_id == self._staff(row).home_institution])
        return published

    def _publish_of_regions(self, reports: Sequence[QuarterlyReport]) -> None:
        """Published by the ministry, which needs nobody's acceptance, with the files ordered."""
        self._settle(reports)
        for report in reports:
            report.submitted_at, report.submitted_by = self._moment(report, Step.PUBLISH), self._author(report)
        columns = ("submitted_on", "submitted_at", "submitted_by", "analysis")
        self._step(Step.PUBLISH, S.PUBLISHED, reports, self._author, *columns)
        self._order(reports)

    def _order(self, reports: Iterable[QuarterlyReport]) -> None:
        if self.with_files:
            for report in reports:
                order_rendering(report=report, actor=None, not_before=self.now + FILES_WAIT)

    def _author(self, report: QuarterlyReport) -> User:
        return self._staff(report).author_of(report)

    def _moment(self, report: QuarterlyReport, step: Step) -> datetime:
        """Each level has its hour of the day of submission, and half an hour between the steps; never after now."""
        level = ReportLevel(report.level)
        sent = datetime.combine(report.submitted_on or report.due_on, SENT_AT[level], tzinfo=self._staff(report).zone)
        return min(sent + list(STAMPS).index(step) * STEP_TAKES, self.now)

    def _step(
        self,
        step: Step,
        state: ReportState,
        reports: Sequence[QuarterlyReport],
        by: Callable[[QuarterlyReport], User],
        *columns: str,
    ) -> None:
        """Write a step of these reports, and with it what else has changed in `columns`."""
        stamp = STAMPS[step]
        for report in reports:
            report.state = state
            setattr(report, f"{stamp}_at", self._moment(report, step))
            setattr(report, f"{stamp}_by", by(report))
        QuarterlyReport.objects.bulk_update(reports, ["state", f"{stamp}_at", f"{stamp}_by", *columns])
        ReportEvent.objects.bulk_create(
            ReportEvent(report=report, step=step, at=self._moment(report, step), by=by(report)) for report in reports
        )
