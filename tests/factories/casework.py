"""Builders of cases: one in any stage, as the services leave it, with its history, on days counted back from today."""

from datetime import date, timedelta
from typing import Any

from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import Department, User
from casework.contacts import refresh_contacts
from casework.enums import BasisBody, ContractDutyKind, DecisionKind, Ground, RemovalReason, Stage
from casework.models import (
    CaseDecision,
    ContractDuty,
    CuratorAssignment,
    IdentificationSource,
    StageChange,
    SupportCase,
)
from casework.services.cases import open_case
from common.calendar import add_months
from families.models import Family
from families.services import set_responsibility
from tests.factories.accounts import AppointmentFactory
from tests.factories.families import household

DAYS_AGO = {
    Stage.DIAGNOSTIC: 240,
    Stage.CONTRACTING: 220,
    Stage.ACTIVE: 190,
    Stage.REFLECTION: 30,
    Stage.POST_SUPPORT: 20,
    Stage.CLOSED: 5,
}
"""When a case that has come so far entered each stage."""

ENROLLED_DAYS_AGO = 200
BASIS = {"body": BasisBody.COORDINATION_COUNCIL, "number": "7/2026"}


class IdentificationSourceFactory(DjangoModelFactory[IdentificationSource]):
    class Meta:
        model = IdentificationSource
        django_get_or_create = ("code",)

    code = "police"
    title = "Участковый уполномоченный полиции"


def specialist_of(department: Department, **values: Any) -> User:
    """A person in a specialist's post of the department."""
    user: User = AppointmentFactory.create(role=Role.SPECIALIST, department=department, **values).user
    return user


def opened_case(family: Family | None = None, *, actor: User | None = None, **values: Any) -> SupportCase:
    """A case opened by the service, without a curator yet."""
    family = family or household()
    today = family.institution.today()
    known: dict[str, Any] = {
        "source": IdentificationSourceFactory.create(),
        "ground": Ground.APPLICATION,
        "opened_on": today - timedelta(days=DAYS_AGO[Stage.DIAGNOSTIC]),
        "actor": actor or specialist_of(family.department),
    }
    return open_case(family=family, **(known | values))


def duty_of(family: Family, **values: Any) -> ContractDuty:
    """A social contract of the family as this room knows it: it runs, and began with the case."""
    today = family.institution.today()
    known = {"contract_number": "К-1", "kind": ContractDutyKind.JOB_SEARCH, "starts_on": add_months(today, -2)}
    return ContractDuty.objects.create(family=family, **(known | values))


def case_at(
    stage: Stage,
    *,
    family: Family | None = None,
    curator: User | None = None,
    reason: RemovalReason = RemovalReason.SITUATION_IMPROVED,
    **values: Any,
) -> SupportCase:
    """A case that has come to `stage`: enrolled by a council, removed by one, as far as the stage goes.

    `curator` answers for it from its opening (by default a new specialist of the family's department); `values` are
    those of `open_case`. A case in diagnostics has its curator too.
    """
    case = opened_case(family, **values)
    curator = curator or specialist_of(case.department)
    CuratorAssignment.objects.create(case=case, curator=curator, starts_on=case.opened_on, assigned_by=case.opened_by)
    _Builder(case, curator, reason).bring_to(stage)
    found: SupportCase = SupportCase.objects.with_page().get(pk=case.pk)
    return found


class _Builder:
    """Writes what the services would have written had the case gone its way."""

    def __init__(self, case: SupportCase, curator: User, reason: RemovalReason) -> None:
        self.case, self.curator, self.reason = case, curator, reason
        self.today = case.institution.today()

    def bring_to(self, stage: Stage) -> None:
        case = self.case
        case.curator = self.curator
        order = list(Stage)
        for reached in order[1 : order.index(stage) + 1]:
            if reached == Stage.CLOSED:
                self._close()
            self._enter(reached)
        case.save()
        set_responsibility(
            families=[case.family_id],
            institution=case.institution,
            department=case.department,
            curator=None if case.closed_on else self.curator,
            actor=None,
            reason="",
        )
        refresh_contacts([case.pk], self.today)

    def _enter(self, stage: Stage) -> None:
        case, on = self.case, self.on(DAYS_AGO[stage])
        if stage == Stage.ACTIVE:
            self._enrol()
        if stage == Stage.POST_SUPPORT:
            self._remove(on)
        StageChange.objects.create(case=case, from_stage=case.stage, to_stage=stage, on=on, by=self.curator)
        case.stage, case.stage_since = stage, on

    def _enrol(self) -> None:
        case, on = self.case, self.on(ENROLLED_DAYS_AGO)
        case.enrolled_on, case.planned_end_on = on, add_months(on, 12)
        case.basis_body, case.basis_number, case.basis_date = BASIS["body"], BASIS["number"], on
        self._decide(DecisionKind.ENROL, on)

    def _remove(self, on: date) -> None:
        case = self.case
        case.removed_on, case.removal_reason, case.post_support_until = on, self.reason, add_months(on, 6)
        self._decide(DecisionKind.REMOVE, on)

    def _close(self) -> None:
        self.case.closed_on = self.on(DAYS_AGO[Stage.CLOSED])
        CuratorAssignment.objects.filter(case=self.case).update(ends_on=self.case.closed_on)

    def _decide(self, kind: DecisionKind, on: date) -> None:
        CaseDecision.objects.create(
            case=self.case, kind=kind, effective_on=on, decided_on=on, entered_by=self.curator, **BASIS
        )

    def on(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)
