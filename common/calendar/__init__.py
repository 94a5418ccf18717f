"""All arithmetic of deadlines, terms, ages and working days (rules R2 to R13 of the domain), pure.

"Today" is always an argument: the institution's local date. Import from here; the modules only keep subjects apart.
"""

from common.calendar.ages import AGE_OF_MAJORITY, age_on, comes_of_age_on, is_minor, last_birth_of_adults
from common.calendar.consents import consent_in_force
from common.calendar.contacts import (
    ContactState,
    Escalation,
    contact_state,
    duty_months,
    escalation,
    first_contact_due,
    fulfilled_months,
    is_due_soon,
    joined_pauses,
    next_contact_due,
    overdue_days,
    pause_needs_decision,
)
from common.calendar.moments import day_ends_before, day_starts_at, is_late, local_date, local_today
from common.calendar.months import add_months, add_years, full_months_between, month_end, month_start, months_from
from common.calendar.quarters import Quarter
from common.calendar.ranges import DateRange, merged
from common.calendar.reports import DeadlineShift, report_due_on
from common.calendar.terms import (
    FollowUpSheet,
    TermState,
    contract_end_window,
    follow_up_period,
    follow_up_sheets,
    is_early_removal,
    is_late_entry,
    needs_two_assessments,
    next_assessment_due,
    reminder_from,
    service_programme_review_due,
    services_possible_until,
    support_end_window,
    term_state,
)
from common.calendar.workdays import FEDERAL, WorkingCalendar

__all__ = [
    "AGE_OF_MAJORITY",
    "FEDERAL",
    "ContactState",
    "DateRange",
    "DeadlineShift",
    "Escalation",
    "FollowUpSheet",
    "Quarter",
    "TermState",
    "WorkingCalendar",
    "add_months",
    "add_years",
    "age_on",
    "comes_of_age_on",
    "consent_in_force",
    "contact_state",
    "contract_end_window",
    "day_ends_before",
    "day_starts_at",
    "duty_months",
    "escalation",
    "first_contact_due",
    "follow_up_period",
    "follow_up_sheets",
    "fulfilled_months",
    "full_months_between",
    "is_due_soon",
    "is_early_removal",
    "is_late",
    "is_late_entry",
    "is_minor",
    "joined_pauses",
    "last_birth_of_adults",
    "local_date",
    "local_today",
    "merged",
    "month_end",
    "month_start",
    "months_from",
    "needs_two_assessments",
    "next_assessment_due",
    "next_contact_due",
    "overdue_days",
    "pause_needs_decision",
    "reminder_from",
    "report_due_on",
    "service_programme_review_due",
    "services_possible_until",
    "support_end_window",
    "term_state",
]
