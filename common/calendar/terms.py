"""Terms of support, contracts, follow-up, assessments and programmes (R4 to R7, R11); entering facts late (R8)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from common.calendar.months import DAY, add_months, add_years, full_months_between
from common.calendar.ranges import DateRange

SUPPORT_MONTHS = (3, 12)
SERVICES_AFTER_TERM_DAYS = 30
FOLLOW_UP_MONTHS = 12
ASSESSMENT_MONTHS = 6
SERVICE_PROGRAMME_YEARS = 3
REMINDER_DAYS = 30
LATE_ENTRY_DAYS = 10


class TermState(StrEnum):
    """How near the end of a term is (R4)."""

    RUNNING = "running"
    ENDS_IN_30_DAYS = "ends_in_30_days"
    ENDS_IN_7_DAYS = "ends_in_7_days"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class FollowUpSheet:
    """One month of a contract's follow-up; `number` starts at 1."""

    number: int
    period: DateRange


def support_end_window(enrolled_on: date, months: tuple[int, int] = SUPPORT_MONTHS) -> DateRange:
    """The days on which support may be planned to end, 3 to 12 months after enrolment (R4)."""
    return DateRange(add_months(enrolled_on, months[0]), add_months(enrolled_on, months[1]))


def term_state(ends_on: date, today: date) -> TermState:
    """The warning a term deserves today: 30 and 7 days before its last day, and after it (R4)."""
    left = (ends_on - today).days
    if left < 0:
        return TermState.EXPIRED
    if left <= 7:
        return TermState.ENDS_IN_7_DAYS
    return TermState.ENDS_IN_30_DAYS if left <= 30 else TermState.RUNNING


def services_possible_until(planned_end_on: date) -> date:
    """The last day on which services may still be entered for a case whose term ended without a decision (R4)."""
    return planned_end_on + timedelta(days=SERVICES_AFTER_TERM_DAYS)


def is_early_removal(enrolled_on: date, removed_on: date, months: int = SUPPORT_MONTHS[0]) -> bool:
    """Whether support ended before its shortest term, which is allowed with a reason and marked (R4)."""
    return removed_on < add_months(enrolled_on, months)


def follow_up_period(ended_on: date, months: int = FOLLOW_UP_MONTHS) -> DateRange:
    """The months of follow-up after a contract whose last day is `ended_on` (R5; Vladimir order 420/1)."""
    return DateRange(ended_on + DAY, add_months(ended_on, months))


def follow_up_sheets(ended_on: date, months: int = FOLLOW_UP_MONTHS) -> list[FollowUpSheet]:
    """The sheets of the follow-up, counted from the contract's last day so that clipping never accumulates (R5)."""
    return [
        FollowUpSheet(number, DateRange(add_months(ended_on, number - 1) + DAY, add_months(ended_on, number)))
        for number in range(1, months + 1)
    ]


def contract_end_window(starts_on: date, longest_months: int, shortest_months: int = 3) -> DateRange:
    """The days on which a contract that starts on `starts_on` may end (R6).

    Twelve months from 1 January end on 31 December at the latest (clarification 37). Raises ValueError when the
    longest term is shorter than the shortest.
    """
    return DateRange(add_months(starts_on, shortest_months) - DAY, add_months(starts_on, longest_months) - DAY)


def next_assessment_due(last_assessment_on: date, months: int = ASSESSMENT_MONTHS) -> date:
    """The day by which the next assessment is due (R7)."""
    return add_months(last_assessment_on, months)


def needs_two_assessments(support: DateRange, year: int, months: int = ASSESSMENT_MONTHS) -> bool:
    """Whether a case was on support for six months or more within `year`, and so needs two assessments in it (R7)."""
    within = support.intersection(DateRange(date(year, 1, 1), date(year, 12, 31)))
    return within is not None and full_months_between(within.starts_on, within.last_day + DAY) >= months


def service_programme_review_due(drawn_on: date, years: int = SERVICE_PROGRAMME_YEARS) -> date:
    """The day by which an individual programme of social services (ИППСУ) is reviewed (R11; 442-FZ, article 16)."""
    return add_years(drawn_on, years)


def reminder_from(due_on: date, days: int = REMINDER_DAYS) -> date:
    """The first day on which a deadline is announced (R11)."""
    return due_on - timedelta(days=days)


def is_late_entry(happened_on: date, entered_on: date, days: int = LATE_ENTRY_DAYS) -> bool:
    """Whether a fact is entered so long after it happened that a reason is asked for (R8)."""
    return (entered_on - happened_on).days > days
