"""What may be chosen where services are entered: titles by kind, the usual ones first, forms of work, partners."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import TypeVar

from django.db.models import Count, Model, Q, QuerySet

from accounts.models import User
from accounts.policy import visit_interval_months
from casework.enums import RecordType
from casework.models import ContractDuty, FormOfWork, ServiceRecord, ServiceTitle, SupportCase, Visit
from casework.services.periods import working_calendar
from common.calendar import add_months
from families.models import Family
from partners.models import PartnerOrganisation

USUAL = 8
USUAL_OF_DAYS = 365
# What is offered first to a specialist who has entered nothing yet.
BEGINNERS = (
    "psychological-patronage",
    "psychological-talk",
    "pedagogical-advice",
    "legal-benefits",
    "legal-services",
    "medical-observation",
    "household-daily",
    "measure-social",
)
# What only adults of the family get at a visit at which children were seen too; guiding teenagers is no such service.
FOR_ADULTS = frozenset({"labour-potential", "labour-employment", "labour-training"})

Choice = tuple[int, str]
RowT = TypeVar("RowT", bound=Model)


@dataclass(frozen=True)
class Catalogue:
    """The dictionaries as they stand on `on`, each read once when it is first asked for."""

    family: Family
    user: User
    on: date
    record_types: frozenset[str] = field(default_factory=lambda: frozenset(RecordType.values))

    @cached_property
    def titles(self) -> dict[int, ServiceTitle]:
        """The services and measures, in the order of their types and kinds."""
        rows = ServiceTitle.objects.valid_on(self.on).filter(record_type__in=self.record_types)
        order = list(RecordType)
        found = sorted(rows, key=lambda row: (order.index(RecordType(row.record_type)), row.position))
        return {row.pk: row for row in found}

    @property
    def grouped_titles(self) -> list[tuple[str, list[Choice]]]:
        """The titles under the names of their kinds, for a select."""
        rows = groupby(self.titles.values(), key=lambda row: row.group_title)
        return [(str(kind), [(row.pk, row.title) for row in group]) for kind, group in rows]

    @cached_property
    def usual(self) -> list[ServiceTitle]:
        """What this family gets most, then what this specialist renders most, then what beginners are offered."""
        since = self.on - timedelta(days=USUAL_OF_DAYS)
        here = Count("pk", filter=Q(family=self.family))
        counted = ServiceRecord.objects.valid().filter(
            Q(family=self.family) | Q(specialist=self.user), on__gte=since, on__lte=self.on
        )
        ranked = counted.values("title").annotate(here=here, all=Count("pk")).order_by("-here", "-all", "title")
        keys = list(dict.fromkeys([*ranked.values_list("title", flat=True)[: 2 * USUAL], *self._beginners]))
        offered = [self.titles[key] for key in keys if key in self.titles]
        return [row for row in offered if row.record_type != RecordType.URGENT][:USUAL]

    @property
    def _beginners(self) -> list[int]:
        by_code = {row.code: row.pk for row in self.titles.values()}
        return [by_code[code] for code in BEGINNERS if code in by_code]

    @cached_property
    def forms_of_work(self) -> dict[int, FormOfWork]:
        return _by_key(FormOfWork.objects.valid_on(self.on))

    @cached_property
    def partners(self) -> dict[int, PartnerOrganisation]:
        """The partners on the day, out of the register that the person may open."""
        return _by_key(PartnerOrganisation.objects.visible_to(self.user).active(self.on).order_by("title"))


def proposed_next_visit(case: SupportCase, on: date) -> date:
    """The day proposed for the visit after one on `on`: the last working day by which the next contact is due (R2)."""
    if ContractDuty.objects.on(on).filter(family=case.family_id).exists():
        months = 1
    elif case.removed_on is not None:
        months = case.region.policy_on(on).post_support_interval_months
    else:
        months = visit_interval_months(case.region, on, own=case.own_interval(on))
    due = add_months(on, months)
    working = working_calendar(case.region)
    return due if working.is_working(due) else working.add(due, -1)


def plans_of(case: SupportCase) -> "QuerySet[Visit]":
    """The planned visits of a case, the nearest first."""
    return Visit.objects.planned().filter(case=case).order_by("planned_on", "pk")


def _by_key(rows: Iterable[RowT]) -> dict[int, RowT]:
    return {row.pk: row for row in rows}
