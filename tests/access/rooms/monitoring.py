"""Routes of the monitoring room, and reports of every level, as drafts and as the chain has taken them."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pgtrigger
from django.utils import timezone

from accounts.models import Department, Institution, User
from common.calendar import Quarter
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.indicators import CATALOGUE
from monitoring.models import QuarterlyReport, ReportEvent, ReportValue
from tests.access.domains import OBJECTS as QUESTIONS
from tests.access.domains import Relation, Role
from tests.access.routes import Route, form, listing, page, post
from tests.factories.monitoring import last_quarter

if TYPE_CHECKING:
    from tests.access.worlds import Subject, World

N, L, S = Relation, ReportLevel, ReportState
FIGURE = "Q9"
REPORT_READERS = (
    *(Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR),
    *(Role.AUDITOR, Role.MINISTRY, Role.RESOURCE_CENTRE),
)


def _level(name: str) -> list[Route]:
    """What every level has: its place in the list, its page, its files."""
    return [
        listing("reports:list", f"{name}.list", only=REPORT_READERS),
        page("reports:report", f"{name}.read", at=name),
        post("reports:files", f"{name}.export", at=name),
    ]


def _inside(name: str) -> list[Route]:
    """What is done to the reports of specialists and departments."""
    return [
        *_level(name),
        page("reports:report", f"{name}.read", at=f"submitted_{name}"),
        page("reports:report", f"{name}.read", at=f"accepted_{name}"),
        page("reports:report", f"{name}.read", at=f"returned_{name}"),
        page("reports:report", f"{name}.read", at=f"corrected_{name}"),
        form("reports:analysis", f"{name}.write", at=name),
        post("reports:recount", f"{name}.write", at=name),
        form("reports:submit", f"{name}.submit", at=name),
        form("reports:accept", f"{name}.approve", at=f"submitted_{name}"),
        form("reports:return", f"{name}.approve", at=f"submitted_{name}"),
        form("reports:correct", f"{name}.submit", at=f"accepted_{name}"),
        page("reports:evidence", f"{name.replace('report', 'evidence')}.read", at=f"figure_of_{name}"),
    ]


DRAFT, PUBLISHED = "report_institution_draft", "report_institution_published"
ROUTES = [
    page("automatic_rules", "automatic_rules.read"),
    listing("contract_figures", "contract_figures.list", only=(Role.CONTRACT_SPECIALIST,)),
    *_inside("report_specialist"),
    *_inside("report_department"),
    *_level(DRAFT),
    form("reports:analysis", f"{DRAFT}.write", at=DRAFT),
    page("reports:report", f"{DRAFT}.read", at=f"accepted_{DRAFT}"),
    form("reports:submit", f"{DRAFT}.submit", at=DRAFT),
    form("reports:author", f"{DRAFT}.publish", at=DRAFT),
    form("reports:publish", f"{DRAFT}.publish", at=f"accepted_{DRAFT}"),
    page("reports:evidence", "evidence_institution.read", at=f"figure_of_{DRAFT}"),
    *_level(PUBLISHED),
    form("reports:receive", f"{PUBLISHED}.approve", at=PUBLISHED),
    page("reports:evidence", "evidence_institution.read", at=f"figure_of_{PUBLISHED}"),
    *_level("report_region_draft"),
    form("reports:analysis", "report_region_draft.write", at="report_region_draft"),
    form("reports:publish", "report_region_draft.publish", at="report_region_draft"),
    *_level("report_region_published"),
]


def _before(quarter: Quarter) -> Quarter:
    return Quarter.containing(quarter.starts_on - timedelta(days=1))


def subjects(world: "World") -> list["Subject"]:
    """Reports of the people and units of the cast on the last quarter, and on the one before it what was taken."""
    return _Reports(world).subjects


class _Reports:
    """Writes editions straight into their state: what leads there is proven in tests/monitoring."""

    def __init__(self, world: "World") -> None:
        self.world, self.cast = world, world.cast
        self.quarter = last_quarter(world.cast)
        self.subjects: list[Subject] = []
        cast = world.cast
        for person, department in (
            ("specialist", cast.department),
            ("colleague", cast.department),
            ("head", cast.department),
            ("neighbour", cast.second_department),
            ("other_specialist", cast.other_department),
            ("foreign_specialist", cast.foreign_department),
        ):
            self._inside("report_specialist", L.SPECIALIST, department, cast.people[person])
        for department in (*(cast.department, cast.second_department, cast.other_department, cast.foreign_department),):
            self._inside("report_department", L.DEPARTMENT, department, None)
        for institution in (cast.institution, cast.other_institution, cast.foreign_institution):
            self._institution(institution)
        for region in (cast.region, cast.foreign_region):
            self._add("report_region_draft", self.quarter, S.GENERATED, level=L.REGION, region=region)
            self._add("report_region_published", _before(self.quarter), S.PUBLISHED, level=L.REGION, region=region)

    def _inside(self, kind: str, level: ReportLevel, department: Department, person: User | None) -> None:
        unit: dict[str, Any] = {"level": level, "department": department, "specialist": person}
        key, before = "own" if not self._has(kind) else "", _before(self.quarter)
        self._add(kind, self.quarter, S.GENERATED, key=key, **unit)
        self._add(kind, before, S.SUBMITTED, name=f"submitted_{kind}", **unit)
        self._add(kind, _before(before), S.ACCEPTED, name=f"accepted_{kind}", **unit)
        if key:
            self._editions(kind, _before(_before(before)), **unit)

    def _editions(self, kind: str, quarter: Quarter, **unit: Any) -> None:
        """An edition that was returned with a remark, and the next one, which says why it corrects."""
        returned = self._add(kind, quarter, S.RETURNED, name=f"returned_{kind}", return_reason="-", **unit)
        more: dict[str, Any] = {"edition": 2, "previous": returned, "correction_reason": "-"}
        self._add(kind, quarter, S.ACCEPTED, name=f"corrected_{kind}", **more, **unit)

    def _institution(self, institution: Institution) -> None:
        unit: dict[str, Any] = {"level": L.INSTITUTION, "institution": institution}
        own = "own" if not self._has(DRAFT) else ""
        author = self.cast.colleague if own else None
        self._add(DRAFT, self.quarter, S.GENERATED, key=own, author=author, **unit)
        before = _before(self.quarter)
        self._add(DRAFT, before, S.ACCEPTED, name=f"accepted_{DRAFT}", author=author, **unit)
        self._add(PUBLISHED, _before(before), S.PUBLISHED, author=author, **unit)
        if own:
            earlier = _before(_before(before))
            self._add(DRAFT, earlier, S.GENERATED, author=self.cast.specialist, **unit)

    def _has(self, kind: str) -> bool:
        return any(subject.kind == kind for subject in self.subjects)

    def _add(
        self, kind: str, quarter: Quarter, state: ReportState, *, name: str = "", key: str = "", **unit: Any
    ) -> QuarterlyReport:
        """A report as a subject of its own; `name` is what addresses ask for, by default the kind."""
        from tests.access.worlds import Subject  # noqa: PLC0415 - the world asks this module for its subjects

        report = self._report(quarter, state, **unit)
        subject = Subject(kind, f"{kind} {key or report.pk}", self.cast, self._relations(kind, report))
        subject.add(name or kind, report)
        subject.add(f"figure_of_{kind}", report, FIGURE)
        event = ReportEvent.objects.create(report=report, step=Step.GENERATE, note="замечание")
        texts = dict.fromkeys(("monitoring.QuarterlyReport", "monitoring.ReportEvent"), kind)
        self.world.tokenize(subject, [report, event], texts)
        self.subjects.append(subject)
        return report

    def _report(self, quarter: Quarter, state: ReportState, **unit: Any) -> QuarterlyReport:
        department, institution = unit.get("department"), unit.get("institution")
        if department is not None:
            unit["institution"] = institution = department.institution
        if institution is not None:
            unit["region"] = institution.region
        moved: dict[str, Any] = {}
        now = timezone.now()
        if state != S.GENERATED:
            by = unit.get("specialist") or self.cast.second_head
            moved = {"submitted_at": now, "submitted_on": now.date(), "submitted_by": by}
        if state == S.PUBLISHED:
            moved["published_at"] = now
        moved["figures_at"] = now
        report = QuarterlyReport.objects.create(
            year=quarter.year, quarter=quarter.number, state=state, due_on=now.date(), **(unit | moved)
        )
        with pgtrigger.ignore():
            ReportValue.objects.bulk_create(
                ReportValue(report=report, position=position, code=row.code, quarter_number=1, year_number=1)
                for position, row in enumerate(CATALOGUE)
            )
        return report

    def _relations(self, kind: str, report: QuarterlyReport) -> dict[Role, Relation]:
        domain = QUESTIONS[kind][0]
        return {role: self._relation(role, domain[role], report) for role in Role}

    def _relation(self, role: Role, domain: tuple[Relation, ...], report: QuarterlyReport) -> Relation:
        """The nearest relation of the role's domain in which the report stands to the role's person."""
        user = self.world.leads[role]
        cast = self.cast
        known = {
            N.ANYWHERE: True,
            N.AUTHOR: report.author is not None and report.author == user,
            N.OWN: report.specialist is not None and report.specialist == user,
            N.DEPARTMENT: report.department == cast.department,
            N.INSTITUTION: report.institution == cast.institution,
            N.OTHER_INSTITUTION: report.region == cast.region,
            N.REGION: report.region == cast.region,
            N.OTHER_REGION: True,
        }
        return next(relation for relation, holds in known.items() if relation in domain and holds)
