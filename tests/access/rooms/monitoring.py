"""Routes of the monitoring room.

A page of a report shows all levels; the questions are those of the specialist's report, and of the institution's where
only it has the step. What the other levels show and refuse is in tests/monitoring/test_report_pages.py.
"""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from accounts.models import User
from common.calendar import Quarter
from monitoring.enums import ReportLevel, ReportState
from monitoring.models import QuarterlyReport
from monitoring.services.drafts import draft_quarter
from tests.access.domains import Relation, Role
from tests.access.routes import form, listing, page, post
from tests.cast import Cast
from tests.factories.monitoring import draft_reports, last_quarter

if TYPE_CHECKING:
    from tests.access.worlds import Subject, World

N, R, S = Relation, Role, ReportState
REPORT_READERS = (R.SPECIALIST, R.DEPARTMENT_HEAD, R.DIRECTOR, R.AUDITOR, R.MINISTRY, R.RESOURCE_CENTRE)
REPORTS = [
    listing("reports:list", "report_specialist.list", only=REPORT_READERS),
    page("reports:report", "report_specialist.read", at="report"),
    page("reports:evidence", "evidence_specialist.read", at="report_figure"),
    form("reports:analysis", "report_specialist.write", at="report"),
    post("reports:recount", "report_specialist.write", at="report"),
    form("reports:submit", "report_specialist.submit", at="report"),
    form("reports:accept", "report_specialist.approve", at="submitted_report"),
    form("reports:return", "report_specialist.approve", at="submitted_report"),
    form("reports:correct", "report_specialist.submit", at="accepted_report"),
    post("reports:files", "report_specialist.export", at="report"),
    form("reports:author", "report_institution_draft.publish", at="institution_report"),
    form("reports:publish", "report_institution_draft.publish", at="accepted_institution_report"),
    form("reports:receive", "report_institution_published.approve", at="published_report"),
]
ROUTES = [page("automatic_rules", "automatic_rules.read"), *REPORTS]

# How the report of a specialist stands to those who work in an institution of the region.
NEAR: dict[str, dict[Role, Relation]] = {
    "specialist": {R.SPECIALIST: N.OWN, R.DEPARTMENT_HEAD: N.DEPARTMENT, R.DIRECTOR: N.INSTITUTION},
    "colleague": {R.SPECIALIST: N.DEPARTMENT, R.DEPARTMENT_HEAD: N.DEPARTMENT, R.DIRECTOR: N.INSTITUTION},
    "neighbour": {R.SPECIALIST: N.INSTITUTION, R.DEPARTMENT_HEAD: N.INSTITUTION, R.DIRECTOR: N.INSTITUTION},
    "other_specialist": dict.fromkeys((R.SPECIALIST, R.DEPARTMENT_HEAD, R.DIRECTOR), N.OTHER_INSTITUTION),
    "foreign_specialist": dict.fromkeys((R.SPECIALIST, R.DEPARTMENT_HEAD, R.DIRECTOR), N.OTHER_REGION),
}


def subjects(world: "World") -> list["Subject"]:
    """The reports of five specialists, near and far, and of the institution, in the states that steps begin with."""
    cast = world.cast
    last = last_quarter(cast)
    quarters = [last, last.previous, last.previous.previous]
    for quarter in quarters:
        draft_reports(cast, quarter)
        foreign = [cast.foreign_institution]
        draft_quarter(cast.foreign_region, quarter, foreign, with_region=True, now=timezone.now())
    return [*(_of_specialist(cast, name, quarters) for name in NEAR), _of_institution(cast, quarters)]


def _of_specialist(cast: Cast, name: str, quarters: list[Quarter]) -> "Subject":
    near = NEAR[name]
    subject = _subject(cast, f"report {name}", near | {R.AUDITOR: near[R.DIRECTOR]}, foreign=name.startswith("foreign"))
    person = cast.people[name]
    draft, submitted, accepted = (
        _report(quarter, level=ReportLevel.SPECIALIST, specialist=person) for quarter in quarters
    )
    _submit(submitted, person)
    _submit(accepted, person)
    _move(accepted, S.ACCEPTED, accepted_at=timezone.now())
    subject.add("report", draft)
    subject.add("report_figure", draft, "Q3")
    subject.add("submitted_report", submitted)
    subject.add("accepted_report", accepted)
    return subject


def _of_institution(cast: Cast, quarters: list[Quarter]) -> "Subject":
    inside = {R.SPECIALIST: N.INSTITUTION, R.DEPARTMENT_HEAD: N.AUTHOR, R.DIRECTOR: N.INSTITUTION}
    subject = _subject(cast, "report of the institution", inside | {R.AUDITOR: N.INSTITUTION}, foreign=False)
    unit = {"level": ReportLevel.INSTITUTION, "institution": cast.institution}
    draft, accepted, published = (_report(quarter, **unit) for quarter in quarters)
    for row in (draft, accepted, published):
        _move(row, S.GENERATED, author=cast.head)
    for row in (accepted, published):
        _submit(row, cast.head)
        _move(row, S.ACCEPTED, accepted_at=timezone.now(), accepted_by=cast.director)
    _move(published, S.PUBLISHED, published_at=timezone.now(), published_by=cast.director)
    subject.add("institution_report", draft)
    subject.add("accepted_institution_report", accepted)
    subject.add("published_report", published)
    return subject


def _subject(cast: Cast, key: str, near: dict[Role, Relation], *, foreign: bool) -> "Subject":
    from tests.access.worlds import Subject  # noqa: PLC0415 - the world asks this module for its subjects

    wide = N.OTHER_REGION if foreign else N.REGION
    nowhere = {R.SYSTEM_ADMIN, R.ANONYMOUS}
    relations = {role: near.get(role, N.ANYWHERE if role in nowhere else wide) for role in Role}
    return Subject("report", key, cast, relations)


def _report(quarter: Quarter, **unit: Any) -> QuarterlyReport:
    found: QuarterlyReport = QuarterlyReport.objects.of(quarter).get(**unit)
    return found


def _submit(report: QuarterlyReport, person: User) -> None:
    _move(report, S.SUBMITTED, submitted_at=timezone.now(), submitted_on=report.due_on, submitted_by=person)


def _move(report: QuarterlyReport, state: ReportState, **values: Any) -> None:
    QuarterlyReport.objects.filter(pk=report.pk).update(state=state, **values)
    report.refresh_from_db()
