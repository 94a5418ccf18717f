"""Social contracts of a region, running and followed up, written in bulk as the services would have left them."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Region, User
from casework.contacts import refresh_contacts
from casework.enums import ContractDutyKind, VisitState
from casework.models import CaseEvent, ContractDuty, SupportCase, Visit
from common.calendar import add_months, follow_up_period, follow_up_sheets
from common.history import bulk_create_with_history
from common.text import typeset
from contracts.enums import ContractState, Employment, EndKind, StopReason
from contracts.models import FollowUpSheet, SocialContract
from demo.loading.courses import Course
from demo.loading.plans import ContractPlan
from demo.structure import RegionData
from families.enums import PopulationGroup
from families.models import FamilyMembership, SubsistenceMinimum
from partners.models import PartnerOrganisation

DAY = timedelta(days=1)


K = ContractDutyKind
WORK = {
    K.JOB_SEARCH: (Employment.EMPLOYED, Employment.EMPLOYED, Employment.SELF_EMPLOYED, Employment.EMPLOYED),
    K.BUSINESS: (Employment.BUSINESS, Employment.SELF_EMPLOYED),
    K.SMALLHOLDING: (Employment.SMALLHOLDING,),
    K.OTHER_HARDSHIP: (Employment.UNEMPLOYED, Employment.CARE, Employment.EMPLOYED),
}
AMOUNTS = {K.JOB_SEARCH: 98_000, K.BUSINESS: 350_000, K.SMALLHOLDING: 200_000, K.OTHER_HARDSHIP: 84_000}
CIRCUMSTANCES = (
    "Жильё тёплое, продукты есть, на здоровье никто не жалуется.",
    "Закончили ремонт в комнате. Отношения в семье ровные.",
    "Долг за коммунальные услуги погашен наполовину, новых долгов нет.",
    "В семье спокойно, все здоровы, родственники помогают по хозяйству.",
)
NEEDS = (
    "Нужна зимняя обувь; в следующем месяце помочь с заявлением на субсидию.",
    "Проверить, все ли положенные пособия оформлены, помочь с заявлениями.",
    "Узнать в центре занятости о наборе на курсы.",
    "Дополнительной помощи семья не просит, встречу назначили на конец месяца.",
)
KEPT = ("Рекомендации выполняет.", "Выполнена часть: документы поданы, ответ ожидается.")
CONCLUSION = (
    "Доход семьи вырос и держится выше прожиточного минимума, заявитель работает постоянно. "
    "Цель контракта достигнута, семья обеспечена необходимым."
)


def load_contracts(data: RegionData, courses: Sequence[Course], chance: random.Random, today: date) -> None:
    """Write the contracts of these cases with sheets, duties and events, and bring the due dates up to date."""
    writer = _Writer(data, courses[0].case.region, chance, today)
    chosen = [(course.case, course.plan.contract) for course in courses if course.plan.contract is not None]
    writer.write(chosen)
    refresh_contacts([case.pk for case, _plan in chosen], today)


class _Writer:
    """What the contracts of one region have in common."""

    def __init__(self, data: RegionData, region: Region, chance: random.Random, today: date) -> None:
        self.chance, self.today = chance, today
        title = data.partner(data.contract_authority).title
        self.authority = PartnerOrganisation.objects.get(region=region, title=typeset(title))
        self.specialist = str(self.authority.contacts.get(user__isnull=False))
        amounts = SubsistenceMinimum.objects.filter(region=region, group=PopulationGroup.PER_CAPITA)
        self.minimums = list(amounts.order_by("-valid_from").values_list("valid_from", "amount"))
        self.events: list[tuple[SocialContract, CaseEvent]] = []

    def write(self, chosen: Sequence[tuple[SupportCase, ContractPlan]]) -> None:
        families = [case.family_id for case, _plan in chosen]
        heads = FamilyMembership.objects.filter(family__in=families, is_representative=True).order_by("-is_head", "pk")
        applicants = {row.family_id: row.person_id for row in reversed(heads)}
        contracts = [
            self._contract(case, plan, applicants[case.family_id], number)
            for number, (case, plan) in enumerate(chosen, start=1)
        ]
        created = bulk_create_with_history(contracts, actor=None)
        visits = Visit.objects.filter(case__family__in=families, state=VisitState.HELD)
        contacts: dict[int, list[date]] = {key: [] for key in families}
        for family_id, day in visits.order_by("held_on").values_list("case__family", "held_on"):
            if day is not None:
                contacts[family_id].append(day)
        sheets = [
            sheet
            for contract, (case, plan) in zip(created, chosen, strict=True)
            for sheet in self._sheets(contract, case, plan, contacts[case.family_id])
        ]
        bulk_create_with_history(sheets, actor=None)
        bulk_create_with_history([_duty(contract) for contract in created], actor=None)
        for contract, event in self.events:
            event.object_kind, event.object_id = "contracts.contract", contract.pk
        CaseEvent.objects.bulk_create(event for _contract, event in self.events)

    def _contract(self, case: SupportCase, plan: ContractPlan, applicant_id: int, number: int) -> SocialContract:
        ended_on = None if plan.ended_days_ago is None else self.today - timedelta(days=plan.ended_days_ago)
        planned_end_on = ended_on or self.today + timedelta(days=plan.planned_end_in)
        if plan.end_kind == EndKind.WITHDRAWN:
            planned_end_on += timedelta(days=40)
        starts_on = add_months(planned_end_on + DAY, -plan.months)
        contract = SocialContract(
            family=case.family,
            case=case,
            institution=case.institution,
            number=f"СК-{100 + 7 * number}/{starts_on.year}",
            applicant_id=applicant_id,
            kind=plan.kind,
            authority=self.authority,
            authority_specialist=self.specialist,
            signed_on=starts_on,
            starts_on=starts_on,
            planned_end_on=add_months(starts_on, plan.months) - DAY,
            amount=Decimal(AMOUNTS[plan.kind]),
            per_capita=self._minimum(starts_on) * Decimal("0.62"),
            state=ContractState.RUNNING,
            created_by=case.curator or case.opened_by,
        )
        self._note(contract, case, "contract_registered", starts_on, kind=plan.kind)
        until = contract.planned_end_on.isoformat()
        self._note(contract, case, "contract_in_force", starts_on, until=until)
        if ended_on is not None:
            self._end(contract, case, plan, ended_on)
        return contract

    def _end(self, contract: SocialContract, case: SupportCase, plan: ContractPlan, ended_on: date) -> None:
        contract.ended_on, contract.end_kind = ended_on, plan.end_kind
        contract.follow_up_ends_on = follow_up_period(ended_on).last_day
        contract.state = ContractState.FOLLOW_UP
        until = contract.follow_up_ends_on.isoformat()
        self._note(contract, case, "contract_ended", ended_on, kind=plan.end_kind, until=until)
        if plan.is_stopped and case.closed_on is not None:
            contract.state, contract.follow_up_stopped_on = ContractState.STOPPED, case.closed_on
            contract.stop_reason = StopReason.REFUSAL
            self._note(contract, case, "follow_up_stopped", case.closed_on, why=StopReason.REFUSAL)
        elif contract.follow_up_ends_on < self.today:
            contract.state = ContractState.COMPLETED
            contract.conclusion, contract.is_new_advised = CONCLUSION, False
            self._note(contract, case, "follow_up_completed", contract.follow_up_ends_on + DAY)

    def _sheets(
        self, contract: SocialContract, case: SupportCase, plan: ContractPlan, contacts: list[date]
    ) -> Iterator[FollowUpSheet]:
        if contract.ended_on is None:
            return
        stopped_on = contract.follow_up_stopped_on
        for row in follow_up_sheets(contract.ended_on):
            first, last = row.period.starts_on, row.period.last_day
            sheet = FollowUpSheet(contract=contract, month=row.number, period_from=first, period_to=last)
            sheet.is_void = stopped_on is not None and last >= stopped_on
            if last < self.today and not sheet.is_void and row.number not in plan.unfilled:
                self._fill(sheet, case, [day for day in contacts if day in row.period], is_late=row.number in plan.late)
            yield sheet

    def _fill(self, sheet: FollowUpSheet, case: SupportCase, contacts: list[date], *, is_late: bool) -> None:
        specialist: User = case.curator or case.opened_by
        sheet.filled_on, sheet.filled_by = sheet.period_to + (6 * DAY if is_late else -DAY), specialist
        contacts = [day for day in contacts if day <= sheet.filled_on]
        kind = "sheet_filled_late" if is_late else "sheet_filled"
        self._note(sheet.contract, case, kind, sheet.filled_on, month=sheet.month)
        if not contacts:
            sheet.no_contact_reason = "Семья была в отъезде, по телефону сообщили, что всё благополучно"
            return
        work = WORK[K(sheet.contract.kind)]
        sheet.contacted_on, sheet.employment = contacts[-1], work[sheet.month % len(work)]
        sheet.minimum_used = self._minimum(sheet.period_to)
        share = Decimal(86 + 2 * sheet.month + self.chance.randrange(0, 6)) / 100
        sheet.per_capita = (sheet.minimum_used * share).quantize(Decimal("0.01"))
        sheet.circumstances, sheet.needs = self.chance.choice(CIRCUMSTANCES), self.chance.choice(NEEDS)
        sheet.recommendations_kept = self.chance.choice(KEPT)

    def _minimum(self, day: date) -> Decimal:
        return next((amount for since, amount in self.minimums if since <= day), self.minimums[-1][1])

    def _note(
        self, contract: SocialContract, case: SupportCase, event_kind: str, on: date, **params: str | int
    ) -> None:
        specialist = case.curator or case.opened_by
        known = {"number": contract.number, **params}
        if on >= case.opened_on:
            event = CaseEvent(case=case, kind=event_kind, on=on, by=specialist, params=known)
            self.events.append((contract, event))


def _duty(contract: SocialContract) -> ContractDuty:
    return ContractDuty(
        family=contract.family,
        contract_number=contract.number,
        kind=contract.kind,
        starts_on=contract.starts_on,
        runs_until=contract.ended_on,
        ends_on=contract.follow_up_stopped_on or contract.follow_up_ends_on,
    )
