"""The page "Reports": for a quarter, who has reported to whom, who has not, and what waits for the reader."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.access import works_as
from accounts.enums import Role
from accounts.models import Department, Institution, User
from common.calendar import Quarter
from monitoring import access
from monitoring.chain import Move, moves_from
from monitoring.enums import LOWER_LEVEL, UNIT_OF_LEVEL, ReportLevel, ReportState
from monitoring.models import QuarterlyReport
from monitoring.papers import OWNER
from monitoring.services.deadlines import due_days, timeliness
from monitoring.services.figures import waiting_below
from monitoring.services.rendering import unfinished
from records.models import IssuedDocument

L, S = ReportLevel, ReportState
SECTION_TITLES: dict[str, Promise] = {
    L.REGION: _("The region"),
    L.INSTITUTION: _("Institutions"),
    L.DEPARTMENT: _("Departments"),
    L.SPECIALIST: _("Specialists"),
}
TONES: dict[str, str] = {
    ReportState.GENERATED: "neutral",
    ReportState.SUBMITTED: "info",
    ReportState.RETURNED: "warn",
    ReportState.ACCEPTED: "ok",
    ReportState.PUBLISHED: "ok",
    ReportState.RECEIVED: "ok",
    ReportState.SUPERSEDED: "neutral",
}
REPLACED = _("A later edition has taken its place.")
RETURNED = _("The author corrects the new edition and submits it again.")
NOTHING_ABOVE = _("The report is accepted; nothing more is to be done with it.")
ABOVE_IS_FIXED = _("The report is accepted; the report above it has been submitted already.")
UPPER_LEVEL: dict[str, ReportLevel] = {lower: ReportLevel(upper) for upper, lower in LOWER_LEVEL.items()}
TAKEN: dict[str, tuple[str, ...]] = {
    L.SPECIALIST: (S.ACCEPTED,),
    L.DEPARTMENT: (S.ACCEPTED,),
    L.INSTITUTION: (S.RECEIVED,),
}
"""The states in which the level above has taken a report."""

NEXT_STEPS: dict[tuple[str, str], Promise] = {
    (L.SPECIALIST, S.GENERATED): _("The specialist checks the figures and submits the report to the head."),
    (L.SPECIALIST, S.SUBMITTED): _("The head of the department accepts or returns the report."),
    (L.SPECIALIST, S.ACCEPTED): _("The figures go into the report of the department."),
    (L.DEPARTMENT, S.GENERATED): _("The head accepts the specialists' reports and submits this one to the director."),
    (L.DEPARTMENT, S.SUBMITTED): _("The director accepts or returns the report."),
    (L.DEPARTMENT, S.ACCEPTED): _("The figures go into the report of the institution."),
    (L.INSTITUTION, S.GENERATED): _(
        "Once the departments' reports are accepted, {author} submits the report to the director."
    ),
    (L.INSTITUTION, S.SUBMITTED): _("The director accepts or returns the report, then publishes it."),
    (L.INSTITUTION, S.ACCEPTED): _("The director publishes the report, and the ministry sees it."),
    (L.INSTITUTION, S.PUBLISHED): _("The ministry accepts or returns the report."),
    (L.INSTITUTION, S.RECEIVED): _("The report is accepted: its figures go into the report of the region."),
    (L.REGION, S.GENERATED): _(
        "The ministry publishes the report when the institutions have published theirs, or their day has passed."
    ),
    (L.REGION, S.PUBLISHED): _("The report is complete; what changes later takes a correction."),
    **{(level, S.RETURNED): RETURNED for level in (L.SPECIALIST, L.DEPARTMENT, L.INSTITUTION)},
    **{(level, S.SUPERSEDED): REPLACED for level in L},
}
"""What happens next to an edition, by its level and state: for people who see a chain of reports for the first time."""

FIRST_BELOW: dict[str, Promise] = {
    L.DEPARTMENT: _("The head of the department first accepts or returns the specialists' reports."),
    L.INSTITUTION: _("The director first accepts or returns the departments' reports."),
}
"""What happens first where a submitted report below holds a draft up."""

NAME_AUTHOR = _("Name the author")
MOST_QUARTERS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A unit's report on the quarter; without one the unit has not reported to the reader."""

    title: str
    due_on: date
    report: QuarterlyReport | None
    first: QuarterlyReport | None
    is_late: bool
    steps: list[Promise | str] = field(default_factory=list)
    """What the reader may do to it now, as the buttons of its page say."""
    files: list[IssuedDocument] = field(default_factory=list)
    """The files that the reader may take."""

    @property
    def tone(self) -> str:
        return TONES[self.report.state] if self.report else "bad"


@dataclass(frozen=True, slots=True)
class Section:
    """The reports of one level."""

    level: str
    title: Promise
    rows: list[Row]
    due: int
    in_time: int
    is_summed_up: bool = False
    """Whether the report above is published already: what could still be done to these keeps nobody waiting."""

    @property
    def waiting(self) -> int:
        """How many wait for the reader to do something."""
        return 0 if self.is_summed_up else sum(1 for row in self.rows if row.steps)

    @property
    def open(self) -> int:
        """How many have not come."""
        return sum(1 for row in self.rows if row.report is None or row.report.is_draft)


def quarters_for(user: User, today: date) -> list[Quarter]:
    """The quarters with reports that `user` sees, and the last finished one; newest first."""
    rows = QuarterlyReport.objects.visible_to(user).order_by("-year", "-quarter").values_list("year", "quarter")
    found = {Quarter.last_finished(today), *(Quarter(*row) for row in rows.distinct()[:MOST_QUARTERS])}
    return sorted(found, reverse=True)[:MOST_QUARTERS]


def sections_for(user: User, quarter: Quarter, today: date) -> list[Section]:
    """The reports on the quarter that `user` sees, the highest level first; a fixed number of queries."""
    reports = QuarterlyReport.objects.visible_to(user).of(quarter).with_units()
    found = list(reports.order_by("edition", "pk"))
    files = _files(user, found)
    sections = []
    for level in (L.REGION, L.INSTITUTION, L.DEPARTMENT, L.SPECIALIST):
        editions = [report for report in found if report.level == level]
        rows = _rows(user, editions, files, today)
        if level == L.INSTITUTION and works_as(user, Role.MINISTRY, Role.RESOURCE_CENTRE):
            rows = _with_silent(user, rows, quarter, today)
        if rows:
            is_summed_up = level == L.INSTITUTION and any(
                row.state == S.PUBLISHED for row in found if row.level == L.REGION
            )
            sections.append(_section(level, rows, editions, today, is_summed_up=is_summed_up))
    return sections


def _files(user: User, reports: list[QuarterlyReport]) -> dict[int, list[IssuedDocument]]:
    """The newest files of these reports, by report, for those who take them; one query."""
    taken = {report.pk for report in reports if access.may_export(user, report)}
    taken -= unfinished(taken)
    papers = IssuedDocument.objects.filter(owner_kind=OWNER, owner_id__in=taken).newest_versions().without_pdf()
    found: dict[int, list[IssuedDocument]] = {}
    for paper in papers.order_by("kind"):
        found.setdefault(paper.owner_id, []).append(paper)
    return found


def _rows(
    user: User, editions: list[QuarterlyReport], files: dict[int, list[IssuedDocument]], today: date
) -> list[Row]:
    """One row for each unit: its last edition, and the first one, by which its punctuality is judged."""
    last = {report.unit_id: report for report in editions}
    first = {report.unit_id: report for report in reversed(editions)}
    held = waiting_below([row for row in last.values() if row.is_draft])
    rows = [
        Row(
            title=report.unit_title,
            due_on=report.due_on,
            report=report,
            first=first[unit],
            is_late=first[unit].is_late(today),
            steps=[
                *([NAME_AUTHOR] if needs_author(user, report) else []),
                *(move.title for move in open_moves(user, report, is_held_up=report.pk in held)),
            ],
            files=files.get(report.pk, []),
        )
        for unit, report in last.items()
    ]
    return sorted(rows, key=lambda row: (not row.steps, row.title))


def _with_silent(user: User, rows: list[Row], quarter: Quarter, today: date) -> list[Row]:
    """With the institutions of the region that have published nothing on the quarter: those come first (S2-42)."""
    reported = [row.report.unit_id for row in rows if row.report]
    departments = Department.objects.filter(institution=OuterRef("pk")).exclude(closed_on__lt=quarter.starts_on)
    working = Institution.objects.visible_to(user).filter(Exists(departments))
    silent: QuerySet[Institution] = working.exclude(pk__in=reported)
    region = user.appointment.region if user.appointment else None
    if region is None:
        return rows
    due_on = due_days(region, quarter)[L.INSTITUTION]
    missing = [Row(row.short_name, due_on, None, None, is_late=today > due_on) for row in silent.order_by("short_name")]
    return [*missing, *rows]


def _section(
    level: ReportLevel, rows: list[Row], editions: list[QuarterlyReport], today: date, *, is_summed_up: bool
) -> Section:
    kept = timeliness(editions, today).get(level)
    silent = sum(1 for row in rows if row.report is None and row.is_late)
    due = (kept.due if kept else 0) + silent
    return Section(level, SECTION_TITLES[level], rows, due, kept.in_time if kept else 0, is_summed_up)


def open_moves(user: User, report: QuarterlyReport, *, is_held_up: bool) -> list[Move]:
    """The moves that `user` can make now: what waits for a report below is not offered."""
    return [
        move
        for move in moves_from(report.state, report.level)
        if access.may_move(user, report, move) and not (is_held_up and move.freezes)
    ]


def needs_author(user: User, report: QuarterlyReport) -> bool:
    """Whether the report waits for `user` to name who writes it: before that nobody can submit it."""
    return report.author_id is None and access.may_name_author(user, report)


def next_step(report: QuarterlyReport, *, is_held_up: bool = False) -> str:
    """Who does what with the edition next, or with the reports below that hold it up; a name is marked up as such."""
    if is_held_up:
        return str(FIRST_BELOW[report.level])
    if report.level == L.INSTITUTION and report.is_draft and report.author is None:
        return str(_("The director names who writes the report."))
    if report.state in TAKEN.get(report.level, ()):
        return str(_after_acceptance(report))
    author = format_html("<span data-user-content>{}</span>", report.author)
    return format_html(str(NEXT_STEPS[report.level, report.state]), author=author)


def _after_acceptance(report: QuarterlyReport) -> Promise:
    """Whether the figures still go into a report above: there may be none, or it was submitted before."""
    upper = UPPER_LEVEL[report.level]
    unit = UNIT_OF_LEVEL[upper]
    rows = QuarterlyReport.objects.of(report.period).filter(level=upper, **{unit: getattr(report, f"{unit}_id")})
    above = rows.newest().first()
    if above is None:
        return NOTHING_ABOVE
    return NEXT_STEPS[report.level, report.state] if above.is_draft else ABOVE_IS_FIXED
