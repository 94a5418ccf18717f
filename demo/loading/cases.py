"""The case of a demo family: opened by the service, then brought to its stage as the services would have left it."""

from datetime import date, timedelta

from accounts.models import User
from casework.contacts import refresh_contacts
from casework.enums import BasisBody, DecisionKind, Ground, Stage
from casework.models import (
    CaseDecision,
    CuratorAssignment,
    IdentificationSource,
    StageChange,
    SupportCase,
    SupportPause,
)
from casework.services.cases import open_case
from casework.services.curators import settle_openings
from casework.services.events import record_event
from common.calendar import add_months
from common.history import acting
from demo.loading.plans import CasePlan
from families.models import Family
from families.services import set_responsibility

REMOVED_DAYS_BEFORE_LAST_VISIT = 5
POST_SUPPORT_MONTHS = 6
ORDER = (Stage.DIAGNOSTIC, Stage.CONTRACTING, Stage.ACTIVE, Stage.REFLECTION, Stage.POST_SUPPORT, Stage.CLOSED)


def load_case(family: Family, plan: CasePlan, *, curator: User, head: User, today: date) -> SupportCase:
    """Open the family's case and bring it to the stage of its plan; `curator` answers for it from the first day."""
    opened_on = today - timedelta(days=plan.opened_days_ago)
    sources = list(IdentificationSource.objects.order_by("position", "code"))
    case = open_case(
        family=family,
        source=sources[family.pk % len(sources)],
        ground=_ground(plan),
        opened_on=opened_on,
        actor=curator,
        is_early_stage=family.pk % 5 == 0,
    )
    _Course(case, plan, curator, head, today).follow()
    brought: SupportCase = SupportCase.objects.with_page().get(pk=case.pk)
    return brought


def _ground(plan: CasePlan) -> Ground:
    if plan.by_contract:
        return Ground.SOCIAL_CONTRACT
    return Ground.SIGNAL if plan.is_restricted else Ground.APPLICATION


def minutes_number(on: date) -> str:
    """The number of the minutes of a session held on a day: the day of the year, so that no two share it."""
    return f"{on.timetuple().tm_yday}/{on.year}"


class _Course:
    """Writes the way of one case."""

    def __init__(self, case: SupportCase, plan: CasePlan, curator: User, head: User, today: date) -> None:
        self.case, self.plan, self.curator, self.head, self.today = case, plan, curator, head, today
        self.body = BasisBody(case.region.policy_on(today).approving_body)

    def follow(self) -> None:
        plan, case = self.plan, self.case
        if plan.has_curator:
            with acting(self.head):
                CuratorAssignment.objects.create(
                    case=case, curator=self.curator, starts_on=case.opened_on, assigned_by=self.head
                )
            case.curator = self.curator
            record_event(case, "curator_assigned", on=case.opened_on, by=self.head, params={"curator": self.curator})
            settle_openings([case.pk])
        for stage in ORDER[1 : ORDER.index(plan.stage) + 1]:
            if stage is Stage.POST_SUPPORT or stage is Stage.CLOSED:
                self._remove()
            if stage is Stage.POST_SUPPORT and plan.stage is Stage.CLOSED:
                continue
            self._enter(stage)
        with acting(self.head):
            case.save()
        if plan.has_curator:
            self._answer()
        if plan.is_paused:
            self._pause()
        refresh_contacts([case.pk], self.today)

    def _enter(self, stage: Stage) -> None:
        case, on = self.case, self._day_of(stage)
        if stage is Stage.ACTIVE:
            self._enrol()
        if stage is Stage.CLOSED:
            case.closed_on = on
            CuratorAssignment.objects.filter(case=case).update(ends_on=on)
        StageChange.objects.create(case=case, from_stage=case.stage, to_stage=stage, on=on, by=self.head)
        record_event(case, "stage_changed", on=on, by=self.head, params={"stage": stage})
        case.stage, case.stage_since = stage, on

    def _day_of(self, stage: Stage) -> date:
        plan = self.plan
        days = {
            Stage.CONTRACTING: plan.contracting_days_ago,
            Stage.ACTIVE: plan.active_days_ago,
            Stage.REFLECTION: max(plan.silent_days - REMOVED_DAYS_BEFORE_LAST_VISIT + 20, 20),
            Stage.POST_SUPPORT: plan.silent_days + 40 if plan.stage is Stage.POST_SUPPORT else plan.silent_days - 3,
            Stage.CLOSED: plan.silent_days - 3,
        }[stage]
        return max(self.today - timedelta(days=days), self.case.stage_since)

    def _enrol(self) -> None:
        case, on = self.case, self.today - timedelta(days=self.plan.enrolled_days_ago)
        case.enrolled_on, case.planned_end_on = on, add_months(on, 12) - timedelta(days=1)
        case.basis_body, case.basis_number, case.basis_date = self.body, minutes_number(on), on
        self._decide(DecisionKind.ENROL, on, "enrolled")

    def _remove(self) -> None:
        case = self.case
        if case.removed_on is not None:
            return
        on = self._day_of(Stage.POST_SUPPORT)
        case.removed_on, case.removal_reason = on, self.plan.reason
        if self.plan.stage is Stage.POST_SUPPORT:
            case.post_support_until = add_months(on, POST_SUPPORT_MONTHS)
        self._decide(DecisionKind.REMOVE, on, "removed")

    def _decide(self, kind: DecisionKind, on: date, event: str) -> None:
        number = minutes_number(on)
        CaseDecision.objects.create(
            case=self.case,
            kind=kind,
            effective_on=on,
            decided_on=on,
            body=self.body,
            number=number,
            entered_by=self.head,
        )
        params: dict[str, str | int | date | User | None] = {"body": self.body, "number": number, "date": on}
        if kind is DecisionKind.REMOVE:
            params["reason"] = self.plan.reason
        record_event(self.case, event, on=on, by=self.head, params=params)

    def _answer(self) -> None:
        set_responsibility(
            families=[self.case.family_id],
            institution=self.case.institution,
            department=self.case.department,
            curator=None if self.case.closed_on else self.curator,
            actor=self.head,
            reason="",
        )

    def _pause(self) -> None:
        with acting(self.head):
            SupportPause.objects.create(
                case=self.case,
                starts_on=self.today - timedelta(days=10),
                ends_on=self.today + timedelta(days=11),
                reason="Мать с ребёнком на лечении в стационаре",
                approved_by=self.head,
            )
