"""Reminders: what people are told each working morning, from the very querysets that the lists and reports use.

Every reminder is a set of facts (who is told, what happened, of which object), told and settled in two statements. They
hold the number of a case or a contract, the unit of a report, and dates: of a family no name, no address (access rules
6.3, 6).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, DateField, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Trim

from accounts.enums import Role
from accounts.models import Appointment
from accounts.notifications import remind, told_to
from casework.models import SupportCase
from casework.querysets import SupportCaseQuerySet
from common.calendar import Quarter
from common.calendar.quarters import ROMAN
from contracts.models import FollowUpSheet, SocialContract
from councils.models import Decision
from monitoring.daily import Counts, LocalDay
from monitoring.enums import ReportLevel, ReportState
from monitoring.models import QuarterlyReport
from monitoring.services.deadlines import due_days

Rows = QuerySet[Any, Any]

FIRST_WARNING_DAYS, LAST_WARNING_DAYS = 30, 7
"""R4: how long before the planned end of support people are warned."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One code of notifications, the page it opens, what is true on a day, and the objects it could be true of."""

    code: str
    target: str
    facts: Callable[[LocalDay], Iterable[Rows]]
    objects: Callable[[LocalDay], Rows]

    def tell(self, day: LocalDay) -> Counts:
        """Bring the notifications in step with the day; the job of a daily rule."""
        told, settled = remind(self.code, facts=self.facts(day), objects=self.objects(day), target=self.target)
        return {"told": told, "settled": settled}


def _holders(role: Role, day: LocalDay) -> QuerySet[Appointment]:
    """Appointments to a role that are in force, deputies included (lessons, 7), of people who may sign in."""
    return Appointment.objects.in_force(day.today).filter(role=role, user__is_active=True)


def _cases_of(day: LocalDay) -> SupportCaseQuerySet:
    cases: SupportCaseQuerySet = SupportCase.objects.filter(institution__in=day.institutions)
    return cases


def case_ids(day: LocalDay) -> Rows:
    """The cases that a reminder of a case could be about."""
    return _cases_of(day).values_list("pk")


def _of_contact(cases: Rows, recipient: str, **params: str) -> Rows:
    """The fact is the one that `casework.contacts.contact_fact` names, so that a moved due date settles it at once."""
    return told_to(cases, recipient, "case", "pk", "next_contact_due_on", due="next_contact_due_on", **params)


def _to_curator(cases: SupportCaseQuerySet, day: LocalDay) -> list[Rows]:
    """The curator, and whoever stands in for them."""
    deputies = cases.filter(curator__appointments__deputies__in=_holders(Role.SPECIALIST, day))
    return [
        _of_contact(cases.filter(curator__is_active=True), "curator", number="number"),
        _of_contact(deputies, "curator__appointments__deputies__user", number="number"),
    ]


def contacts_due(day: LocalDay) -> list[Rows]:
    """R2: due today or within the days of the policy."""
    return _to_curator(_cases_of(day).open().due_soon(day.today, day.policy.due_soon_days), day)


def contacts_overdue(day: LocalDay) -> list[Rows]:
    """R2: overdue since yesterday or longer."""
    return _to_curator(_overdue(day), day)


def _overdue(day: LocalDay, days: int = 1) -> SupportCaseQuerySet:
    """Open cases overdue for at least so many days; `SupportCase.objects.overdue` says what overdue is."""
    late = _cases_of(day).open().overdue(day.today, today=day.today)
    return late.filter(next_contact_due_on__lte=day.today - timedelta(days=days))


def _late_for_head(day: LocalDay) -> SupportCaseQuerySet:
    return _overdue(day, day.policy.head_escalation_days).filter(
        department__appointments__in=_holders(Role.DEPARTMENT_HEAD, day)
    )


def _late_for_director(day: LocalDay) -> SupportCaseQuerySet:
    return _overdue(day, day.policy.director_escalation_days).filter(
        institution__appointments__in=_holders(Role.DIRECTOR, day)
    )


def late_contacts_of_department(day: LocalDay) -> list[Rows]:
    """R2: overdue so long that the head of the department is told."""
    cases = _late_for_head(day).filter(is_restricted=False)
    return [_of_contact(cases, "department__appointments__user", number="number")]


def late_contacts_of_institution(day: LocalDay) -> list[Rows]:
    """R2: overdue so long that the director is told."""
    cases = _late_for_director(day).filter(is_restricted=False)
    return [_of_contact(cases, "institution__appointments__user", number="number")]


def late_contacts_of_restricted(day: LocalDay) -> list[Rows]:
    """R2 for restricted families: head and director are told that there is one, not which; they are not named on it."""
    return [
        _of_contact(_late_for_head(day).filter(is_restricted=True), "department__appointments__user"),
        _of_contact(_late_for_director(day).filter(is_restricted=True), "institution__appointments__user"),
    ]


def _on_support(day: LocalDay) -> SupportCaseQuerySet:
    """Open cases whose support has a planned end and was not ended by a decision."""
    return _cases_of(day).open().filter(planned_end_on__isnull=False, enrolled_on__isnull=False, removed_on=None)


def _of_term(cases: Rows, day: LocalDay) -> list[Rows]:
    heads = cases.filter(is_restricted=False, department__appointments__in=_holders(Role.DEPARTMENT_HEAD, day))
    return [
        told_to(rows, recipient, "term", "pk", "planned_end_on", number="number", until="planned_end_on")
        for rows, recipient in (
            (cases.filter(curator__is_active=True), "curator"),
            (heads, "department__appointments__user"),
        )
    ]


def _ending_between(day: LocalDay, first: int, last: int) -> list[Rows]:
    window = (day.today + timedelta(days=first), day.today + timedelta(days=last))
    return _of_term(_on_support(day).filter(planned_end_on__range=window), day)


def terms_ending(day: LocalDay) -> list[Rows]:
    """R4: 30 days before the planned end of support."""
    return _ending_between(day, LAST_WARNING_DAYS + 1, FIRST_WARNING_DAYS)


def terms_ending_soon(day: LocalDay) -> list[Rows]:
    """R4: 7 days before the planned end of support."""
    return _ending_between(day, 0, LAST_WARNING_DAYS)


def terms_over(day: LocalDay) -> list[Rows]:
    """R4: the planned end has passed without a decision."""
    return _of_term(_on_support(day).filter(planned_end_on__lt=day.today), day)


def contract_ids(day: LocalDay) -> Rows:
    """The contracts that a reminder of a sheet could be about: those of the families, whoever entered them."""
    return SocialContract.objects.filter(family__institution__in=day.institutions).values_list("pk")


def _of_sheet(sheets: Rows, recipient: str) -> Rows:
    return told_to(
        sheets,
        recipient,
        "sheet",
        "pk",
        about="contract_id",
        number="contract__number",
        month="month",
        until="period_to",
    )


def _sheets_to_curator(sheets: Rows, day: LocalDay) -> list[Rows]:
    mine = sheets.filter(contract__family__institution__in=day.institutions)
    curator = "contract__family__curator"
    deputies = mine.filter(**{f"{curator}__appointments__deputies__in": _holders(Role.SPECIALIST, day)})
    return [
        _of_sheet(mine.filter(**{f"{curator}__is_active": True}), curator),
        _of_sheet(deputies, f"{curator}__appointments__deputies__user"),
    ]


def sheets_due(day: LocalDay) -> list[Rows]:
    """R5: the month of the sheet has begun; one that is over is told as overdue."""
    return _sheets_to_curator(FollowUpSheet.objects.due(day.today).filter(period_to__gte=day.today), day)


def sheets_overdue(day: LocalDay) -> list[Rows]:
    """R5: the month is over and the sheet is not filled."""
    return _sheets_to_curator(FollowUpSheet.objects.overdue(day.today), day)


def _decisions_of(day: LocalDay) -> Rows:
    """Decisions of the bodies whose secretariat works in this zone; the region's own bodies follow the region."""
    here = Decision.objects.filter(item__session__council__institution__in=day.institutions)
    if not day.is_regional:
        return here
    regional = Decision.objects.filter(
        item__session__council__institution=None, item__session__council__region=day.region
    )
    return here | regional


def decision_ids(day: LocalDay) -> Rows:
    """The decisions that a reminder could be about."""
    return _decisions_of(day).values_list("pk")


def decisions_overdue(day: LocalDay) -> list[Rows]:
    """Domain 3.6: not carried out by its day; the executor and the secretary are told."""
    late = Decision.objects.overdue(day.today).filter(pk__in=decision_ids(day))
    holders = _holders(Role.COUNCIL_SECRETARY, day)
    institution = "item__session__council__institution__appointments"

    def of(rows: Rows, recipient: str) -> Rows:
        return told_to(rows, recipient, "decision", "pk", session="item__session__number", due="due_on")

    return [
        of(late.filter(executor_user__is_active=True), "executor_user"),
        of(late.filter(executor_member__user__is_active=True), "executor_member__user"),
        of(late.filter(**{f"{institution}__in": holders}), f"{institution}__user"),
    ]


def _reports_of(day: LocalDay) -> Rows:
    """Reports of the units whose day it is; the region's own follows the region."""
    here = Q(institution__in=day.institutions)
    return QuarterlyReport.objects.filter(here | Q(institution=None, region=day.region) if day.is_regional else here)


def report_ids(day: LocalDay) -> Rows:
    """The reports that a reminder could be about."""
    return _reports_of(day).values_list("pk")


def _to_holders(reports: Rows, level: ReportLevel, unit: str, role: Role, day: LocalDay) -> Rows:
    """To whoever holds this post at the unit of the report."""
    rows = reports.filter(level=level, **{f"{unit}__appointments__in": _holders(role, day)})
    return _of_report(rows, f"{unit}__appointments__user")


QUARTER = Case(*(When(quarter=number, then=Value(title)) for number, title in enumerate(ROMAN, start=1)))
"""The number of the quarter as it is written everywhere: «III»."""

UNIT = Case(
    When(
        level=ReportLevel.SPECIALIST,
        then=Trim(
            Concat(
                "specialist__last_name",
                Value(" "),
                "specialist__first_name",
                Value(" "),
                "specialist__patronymic",
            )
        ),
    ),
    When(level=ReportLevel.DEPARTMENT, then="department__title"),
    When(level=ReportLevel.INSTITUTION, then="institution__short_name"),
    default="region__title",
)
"""Whose report it is: `QuarterlyReport.unit_title` for the database."""


def _of_report(reports: Rows, recipient: str) -> Rows:
    return told_to(reports, recipient, "report", "pk", quarter=QUARTER, year="year", unit=UNIT, due="due_on")


def _to_authors(reports: Rows, day: LocalDay) -> list[Rows]:
    """Who submits a report: its author, the head, the director who has named no author yet, the ministry."""
    return [
        _of_report(reports.filter(author__is_active=True), "author"),
        _to_holders(reports, ReportLevel.DEPARTMENT, "department", Role.DEPARTMENT_HEAD, day),
        _to_holders(reports.filter(author=None), ReportLevel.INSTITUTION, "institution", Role.DIRECTOR, day),
        _to_holders(reports, ReportLevel.REGION, "region", Role.MINISTRY, day),
    ]


def reports_due(day: LocalDay) -> list[Rows]:
    """R9: drafted, not submitted, and the due day has not passed."""
    return _to_authors(_reports_of(day).filter(state=ReportState.GENERATED, due_on__gte=day.today), day)


QUARTER_ENDING_DAY = 25
"""Domain 3.11: from this day of the quarter's last month people are told that they are to report."""

REPORTERS = {
    ReportLevel.SPECIALIST: Role.SPECIALIST,
    ReportLevel.DEPARTMENT: Role.DEPARTMENT_HEAD,
    ReportLevel.INSTITUTION: Role.DIRECTOR,
}
"""Who answers for the report of each level within an institution."""


def reporters(day: LocalDay) -> Rows:
    """The appointments that the word on the end of the quarter could be about."""
    return Appointment.objects.filter(institution__in=day.institutions, role__in=REPORTERS.values()).values_list("pk")


def quarter_ending(day: LocalDay) -> list[Rows]:
    """Domain 3.11: the quarter ends in these days, and its reports are due soon after; each reads the own due day."""
    quarter = Quarter.containing(day.today)
    is_near = day.today >= quarter.ends_on.replace(day=QUARTER_ENDING_DAY)
    due = due_days(day.region, quarter)
    return [
        told_to(
            _holders(role, day)
            .filter(institution__in=day.institutions if is_near else (), deputy_for=None)
            .annotate(
                of_quarter=Value(str(quarter)),
                quarter_number=Value(ROMAN[quarter.number - 1]),
                quarter_year=Value(quarter.year),
                due_on=Value(due[level], output_field=DateField()),
            ),
            "user",
            "post",
            "pk",
            "of_quarter",
            quarter="quarter_number",
            year="quarter_year",
            due="due_on",
        )
        for level, role in REPORTERS.items()
    ]


def reports_overdue(day: LocalDay) -> list[Rows]:
    """R9: not submitted although the due day has passed; the level above is told too."""
    late = _reports_of(day).filter(state=ReportState.GENERATED, due_on__lt=day.today)
    return [
        *_to_authors(late, day),
        _to_holders(late, ReportLevel.SPECIALIST, "department", Role.DEPARTMENT_HEAD, day),
        _to_holders(late, ReportLevel.DEPARTMENT, "institution", Role.DIRECTOR, day),
    ]
