"""The objects that the indicators of the quarterly monitoring count (indicators 4.1, with the clarifications)."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery

from accounts.models import RegionPolicy
from casework.compliance import CaseMonth, Unit, case_months, compliance
from casework.contacts import overdue_case_ids
from casework.enums import HOME_CHANNELS, IMPROVEMENT, BasisBody, Ground, ProgrammeState, RemovalReason
from casework.models import SupportCase, SupportProgramme, Visit
from casework.querysets import SupportCaseQuerySet
from common.calendar import DateRange
from contracts.models import SocialContract
from councils.models import AgendaItem, CouncilSession
from monitoring.indicators.answering import cases_of_curators, institutions_of, with_units
from monitoring.indicators.base import Facts, Level

CASE_UNITS = {
    Level.SPECIALIST: "unit_curator",
    Level.DEPARTMENT: "unit_department",
    Level.INSTITUTION: "institution_id",
    Level.REGION: "region_id",
}
"""Of cases: the curator and the department are those of the day of the event (`with_units`)."""
UNDER_CASE_UNITS = CASE_UNITS | {Level.INSTITUTION: "case__institution_id", Level.REGION: "case__region_id"}
NEAR_CASES = {
    Level.SPECIALIST: lambda units: Q(pk__in=cases_of_curators(units)),
    Level.DEPARTMENT: lambda units: Q(institution__in=institutions_of(units)),
}
NEAR_UNDER_CASES = {
    Level.SPECIALIST: lambda units: Q(case__in=cases_of_curators(units)),
    Level.DEPARTMENT: lambda units: Q(case__institution__in=institutions_of(units)),
}
COMPLIANCE_UNITS: dict[Level, Unit] = {
    Level.SPECIALIST: "curator_id",
    Level.DEPARTMENT: "department_id",
    Level.INSTITUTION: "institution_id",
    Level.REGION: "region_id",
}
VISIT_UNITS = {
    Level.SPECIALIST: "specialist_id",
    Level.DEPARTMENT: "department_id",
    Level.INSTITUTION: "institution_id",
    Level.REGION: "institution__region_id",
}
SESSION_UNITS = {Level.INSTITUTION: "council__institution_id", Level.REGION: "council__region_id"}
ITEM_UNITS = {Level.INSTITUTION: "session__council__institution_id", Level.REGION: "session__council__region_id"}


class YearBefore(Func):
    """The day twelve months earlier, clipped to the month's last as `common.calendar.add_months`."""

    template = "(%(expressions)s - interval '12 months')::date"
    output_field = DateField()


def _cases() -> SupportCaseQuerySet:
    """Cases that figures know: those opened by mistake are none (indicators 4.0, 8)."""
    cases: SupportCaseQuerySet = SupportCase.objects.exclude(removal_reason=RemovalReason.ERROR).order_by()
    return cases


def _of_counted_cases(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows of cases that figures know (clarification 13)."""
    return rows.exclude(case__removal_reason=RemovalReason.ERROR).order_by()


def _held(period: DateRange) -> QuerySet[CouncilSession]:
    return CouncilSession.objects.held().filter(held_on__range=(period.starts_on, period.last_day)).order_by()


def _approving(sessions: QuerySet[CouncilSession], period: DateRange) -> QuerySet[CouncilSession]:
    """Sessions of the body that approves in the region at the end of the period (clarification 1)."""
    policy = RegionPolicy.objects.filter(region=OuterRef("council__region"), valid_from__lte=period.last_day).order_by(
        "-valid_from"
    )
    return sessions.filter(council__kind=Subquery(policy.values("approving_body")[:1]))


def _sessions(kind: BasisBody | None) -> Facts:
    def rows(period: DateRange) -> QuerySet[Any]:
        held = _held(period)
        return _approving(held, period) if kind is None else held.filter(council__kind=kind)

    return Facts(rows, SESSION_UNITS)


def _sessions_without_cases(period: DateRange) -> QuerySet[Any]:
    """Sessions of the approving body at which no family was considered (indicators 4.1, ambiguity i)."""
    items = AgendaItem.objects.considered().filter(session=OuterRef("pk"), family__isnull=False)
    return _approving(_held(period), period).filter(~Exists(items))


def _considered(kind: BasisBody | None, *counted: str) -> Facts:
    """Items on families considered at sessions of a kind, None being the approving body."""

    def rows(period: DateRange) -> QuerySet[Any]:
        held = _held(period)
        sessions = _approving(held, period) if kind is None else held.filter(council__kind=kind)
        items = AgendaItem.objects.considered().filter(family__isnull=False, session__in=sessions)
        return items.exclude(case__removal_reason=RemovalReason.ERROR).order_by()

    return Facts(rows, ITEM_UNITS, counted)


def _enrolled(period: DateRange) -> QuerySet[SupportCase]:
    rows = _cases().filter(enrolled_on__range=(period.starts_on, period.last_day))
    return with_units(rows, OuterRef("enrolled_on"))


def _removed(period: DateRange) -> QuerySet[SupportCase]:
    rows = _cases().filter(removed_on__range=(period.starts_on, period.last_day))
    return with_units(rows, OuterRef("removed_on"))


def _improved(period: DateRange) -> QuerySet[SupportCase]:
    return _removed(period).filter(removal_reason__in=sorted(IMPROVEMENT))


def _improved_with_contract(period: DateRange) -> QuerySet[SupportCase]:
    """A contract signed strictly before the removal, strictly after a year before the opening (clarification 14)."""
    contracts = SocialContract.objects.filter(
        family=OuterRef("family"),
        signed_on__lt=OuterRef("removed_on"),
        signed_on__gt=YearBefore(OuterRef("opened_on")),
    )
    return _improved(period).filter(Exists(contracts))


def _stock_before(period: DateRange) -> QuerySet[SupportCase]:
    day = period.starts_on - timedelta(days=1)
    return with_units(_cases().on_support(day), day)


def _stock(period: DateRange) -> QuerySet[SupportCase]:
    return with_units(_cases().on_support(period.last_day), period.last_day)


def _post_support(period: DateRange) -> QuerySet[SupportCase]:
    """Removed by the end of the period, and not closed by then."""
    day = period.last_day
    rows = _cases().filter(Q(closed_on=None) | Q(closed_on__gt=day), removed_on__lte=day)
    return with_units(rows, day)


def _signed_on_support(period: DateRange) -> QuerySet[SocialContract]:
    """Contracts signed while the family was already on support; a contract that was the ground is none (Q6 has it)."""
    case = with_units(
        _cases().filter(
            Q(removed_on=None) | Q(removed_on__gt=OuterRef("signed_on")),
            family=OuterRef("family"),
            enrolled_on__lte=OuterRef("signed_on"),
        ),
        OuterRef(OuterRef("signed_on")),
    )
    contracts = SocialContract.objects.filter(signed_on__range=(period.starts_on, period.last_day)).order_by()
    cause = Q(case__ground=Ground.SOCIAL_CONTRACT, case__enrolled_on__gte=F("signed_on"))
    return (
        contracts.exclude(cause)
        .annotate(
            unit_curator=Subquery(case.values("unit_curator")[:1]),
            unit_department=Subquery(case.values("unit_department")[:1]),
            unit_institution=Subquery(case.values("institution_id")[:1]),
            unit_region=Subquery(case.values("region_id")[:1]),
        )
        .filter(unit_institution__isnull=False)
    )


def _overdue(period: DateRange) -> QuerySet[SupportCase]:
    """Overdue by R2 at the end of the period, as the facts of that day stood."""
    return with_units(_cases().filter(pk__in=overdue_case_ids(period.last_day)), period.last_day)


def _visits(period: DateRange) -> QuerySet[Visit]:
    held = Visit.objects.held().filter(held_on__range=(period.starts_on, period.last_day))
    return _of_counted_cases(held)


def _home_visits(period: DateRange) -> QuerySet[Visit]:
    return _visits(period).filter(channel__in=sorted(HOME_CHANNELS))


def _approved(period: DateRange) -> QuerySet[SupportProgramme]:
    programmes = SupportProgramme.objects.filter(approved_on__range=(period.starts_on, period.last_day))
    return with_units(_of_counted_cases(programmes), OuterRef("approved_on"), "case")


def _completed(period: DateRange) -> QuerySet[SupportProgramme]:
    ended = SupportProgramme.objects.filter(
        state=ProgrammeState.COMPLETED, closed_on__range=(period.starts_on, period.last_day)
    )
    return with_units(_of_counted_cases(ended), OuterRef("closed_on"), "case")


SESSIONS = _sessions(None)
SESSIONS_WITHOUT_CASES = Facts(_sessions_without_cases, SESSION_UNITS)
SESSIONS_WORKING_GROUP = _sessions(BasisBody.WORKING_GROUP)
SESSIONS_PRECINCT = _sessions(BasisBody.PRECINCT_COMMISSION)
CONSIDERED = _considered(None, "session_id", "family_id")
CONSIDERED_WORKING_GROUP = _considered(BasisBody.WORKING_GROUP, "session_id", "family_id")
CONSIDERED_PRECINCT = _considered(BasisBody.PRECINCT_COMMISSION, "session_id", "family_id")
CONSIDERED_FAMILIES = _considered(None, "family_id")
ENROLLED = Facts(_enrolled, CASE_UNITS, near=NEAR_CASES)
ENROLLED_FAMILIES = Facts(_enrolled, CASE_UNITS, ("family_id",), NEAR_CASES)
REMOVED = Facts(_removed, CASE_UNITS, near=NEAR_CASES)
REMOVED_FAMILIES = Facts(_removed, CASE_UNITS, ("family_id",), NEAR_CASES)
IMPROVED = Facts(_improved, CASE_UNITS, near=NEAR_CASES)
IMPROVED_WITH_CONTRACT = Facts(_improved_with_contract, CASE_UNITS, near=NEAR_CASES)
ENROLLED_BY_CONTRACT = Facts(
    lambda period: _enrolled(period).filter(ground=Ground.SOCIAL_CONTRACT), CASE_UNITS, near=NEAR_CASES
)
SIGNED_ON_SUPPORT = Facts(
    _signed_on_support,
    {
        Level.SPECIALIST: "unit_curator",
        Level.DEPARTMENT: "unit_department",
        Level.INSTITUTION: "unit_institution",
        Level.REGION: "unit_region",
    },
    ("family_id",),
)
STOCK_BEFORE = Facts(_stock_before, CASE_UNITS, ("family_id",), NEAR_CASES)
STOCK = Facts(_stock, CASE_UNITS, ("family_id",), NEAR_CASES)
POST_SUPPORT = Facts(_post_support, CASE_UNITS, ("family_id",), NEAR_CASES)
OVERDUE = Facts(_overdue, CASE_UNITS, near=NEAR_CASES)
VISITS = Facts(_visits, VISIT_UNITS)
HOME_VISITS = Facts(_home_visits, VISIT_UNITS)
PROGRAMMES_APPROVED = Facts(lambda period: _approved(period).filter(edition=1), UNDER_CASE_UNITS, near=NEAR_UNDER_CASES)
PROGRAMMES_CHANGED = Facts(
    lambda period: _approved(period).filter(edition__gt=1), UNDER_CASE_UNITS, near=NEAR_UNDER_CASES
)
PROGRAMMES_COMPLETED = Facts(_completed, UNDER_CASE_UNITS, near=NEAR_UNDER_CASES)


def kept_months(level: Level, units: Collection[int], period: DateRange) -> dict[int, tuple[int, int]]:
    """Kept and due case-months of each unit (R3)."""
    found = compliance(period, COMPLIANCE_UNITS[level])
    return {unit: (found[unit].kept, found[unit].due) for unit in units if unit in found}


def due_months(level: Level, units: Collection[int], period: DateRange) -> dict[int, list[CaseMonth]]:
    """The case-months that `kept_months` counts."""
    return case_months(period, COMPLIANCE_UNITS[level], units)
