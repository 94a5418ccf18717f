"""The cases of demo families, brought to their stages as the services would have left them; written in bulk."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from accounts.models import User
from accounts.notifications import notify
from casework.enums import DecisionKind, Ground, Stage
from casework.models import (
    CaseDecision,
    CaseEvent,
    CuratorAssignment,
    IdentificationSource,
    StageChange,
    SupportCase,
    SupportPause,
)
from casework.services.cases import NUMBER_KIND
from common.calendar import add_months, is_early_removal
from common.history import bulk_create_with_history
from demo.loading.courses import POST_SUPPORT_MONTHS, Course
from demo.loading.numbers import Numbers
from demo.loading.sittings import Sitting
from demo.structure import RegionData
from families.models import Family

if TYPE_CHECKING:
    from demo.loading.families import Household

EARLY_ONE_IN = 5
PAUSE_FROM, PAUSE_TO = timedelta(days=-10), timedelta(days=11)


def load_cases(data: RegionData, families: Sequence[tuple[Family, "Household"]], today: date) -> None:
    """Write the case of each family, and hand it to the family's course."""
    writer = _Cases(data, today)
    for place, (family, household) in enumerate(families):
        writer.add(place, family, household)
    writer.save()


class _Cases:
    """Gathers the rows of many cases, and writes them model by model."""

    def __init__(self, data: RegionData, today: date) -> None:
        self.data, self.today, self.numbers = data, today, Numbers()
        self.sources = list(IdentificationSource.objects.order_by("position", "code"))
        self.cases: list[SupportCase] = []
        self.changes: list[StageChange] = []
        self.curators: list[CuratorAssignment] = []
        self.decisions: list[CaseDecision] = []
        self.pauses: list[SupportPause] = []
        self.events: list[CaseEvent] = []
        self.unassigned: list[tuple[SupportCase, User]] = []

    def add(self, place: int, family: Family, household: "Household") -> None:
        """Gather everything of one case."""
        course, who = household.course, household.place
        plan, on = course.plan, course.opened_on
        ground = Ground.SIGNAL if plan.is_restricted else self.data.grounds[place % len(self.data.grounds)]
        if plan.contract is not None and self.data.with_contracts:
            ground = Ground.SOCIAL_CONTRACT
        case = SupportCase(
            family=family,
            region=family.region,
            institution=family.institution,
            department=family.department,
            curator=who.specialist if plan.has_curator else None,
            number=self.numbers.next(NUMBER_KIND, family.institution_id, on),
            opened_on=on,
            opened_by=who.specialist,
            source=self.sources[place % len(self.sources)],
            ground=ground,
            is_early_stage=place % EARLY_ONE_IN == 0,
            stage_since=on,
        )
        course.written = case
        self.cases.append(case)
        self._note(case, "case_opened", on, who.specialist, number=case.number, ground=ground.value)
        self.changes.append(StageChange(case=case, from_stage="", to_stage=case.stage, on=on, by=who.specialist))
        self._assign(course, who.head)
        self._support(course, who.head)
        for stage, day in course.stages:
            self._enter(case, stage, day, who.head)

    def _assign(self, course: Course, head: User) -> None:
        case = course.case
        if case.curator is None:
            self.unassigned.append((case, head))
            return
        ends_on = next((on for stage, on in course.stages if stage is Stage.CLOSED), None)
        row = CuratorAssignment(
            case=case, curator=case.curator, starts_on=case.opened_on, ends_on=ends_on, assigned_by=head
        )
        self.curators.append(row)
        self._note(case, "curator_assigned", case.opened_on, head, curator=case.curator.pk)
        if course.plan.is_paused:
            pause = SupportPause(
                case=case,
                starts_on=self.today + PAUSE_FROM,
                ends_on=self.today + PAUSE_TO,
                reason="Ребёнок на лечении в стационаре вместе со взрослым",
                approved_by=head,
            )
            self.pauses.append(pause)

    def _support(self, course: Course, head: User) -> None:
        """From the decision that put the family on support to the one that took it off."""
        case, found = course.case, course.enrolment
        if found is None:
            return
        case.enrolled_on, case.planned_end_on = found.on, course.planned_end_on
        case.basis_body, case.basis_number, case.basis_date = found.basis, found.number, found.on
        self._decide(case, DecisionKind.ENROL, found, "enrolled", head)
        for sitting, until in course.extensions:
            self._decide(case, DecisionKind.EXTEND, sitting, "term_extended", head, until=until)
        if course.removed_on is None:
            return
        case.removed_on, case.removal_reason = course.removed_on, course.plan.reason
        shortest = self.data.policy.term_min_months
        case.removed_early = is_early_removal(found.on, course.removed_on, shortest)
        if any(stage is Stage.POST_SUPPORT for stage, _on in course.stages):
            case.post_support_until = add_months(course.removed_on, POST_SUPPORT_MONTHS)
        if course.removal is not None:
            self._decide(case, DecisionKind.REMOVE, course.removal, "removed", head)

    def _decide(
        self,
        case: SupportCase,
        kind: DecisionKind,
        sitting: Sitting,
        event: str,
        head: User,
        *,
        until: date | None = None,
    ) -> None:
        decision = CaseDecision(
            case=case,
            kind=kind,
            effective_on=sitting.on,
            decided_on=sitting.on,
            body=sitting.basis,
            number=sitting.number,
            until=until,
            entered_by=head,
        )
        self.decisions.append(decision)
        known: dict[str, str | int] = {
            "body": sitting.basis.value,
            "number": sitting.number,
            "date": sitting.on.isoformat(),
        }
        if until is not None:
            known["until"] = until.isoformat()
        if kind is DecisionKind.REMOVE:
            known["reason"] = case.removal_reason
        self._note(case, event, sitting.on, head, **known)

    def _enter(self, case: SupportCase, stage: Stage, on: date, head: User) -> None:
        self.changes.append(StageChange(case=case, from_stage=case.stage, to_stage=stage, on=on, by=head))
        case.stage, case.stage_since = stage, on
        if stage is Stage.CLOSED:
            case.closed_on = on
            self._note(case, "case_closed", on, head, reason=case.removal_reason)
        else:
            self._note(case, "stage_changed", on, head, stage=stage.value)

    def _note(self, case: SupportCase, kind: str, on: date, by: User, **params: str | int) -> None:
        self.events.append(CaseEvent(case=case, kind=kind, on=on, by=by, params=params))

    def save(self) -> None:
        """Write everything, and let the services number what comes after."""
        for rows in (self.cases, self.curators, self.pauses):
            bulk_create_with_history(rows, actor=None)
        StageChange.objects.bulk_create(self.changes)
        CaseDecision.objects.bulk_create(self.decisions)
        CaseEvent.objects.bulk_create(sorted(self.events, key=lambda event: event.on))
        self.numbers.save()
        for case, head in self.unassigned:
            notify(
                [head],
                "casework.case_opened",
                fact=f"case:{case.pk}:opened",
                target="casework:curators",
                target_id=case.pk,
                number=case.number,
            )
