"""Reporting periods: until when what happened in a quarter may still be set right (R8, R9)."""

from datetime import date

from accounts.models import Region
from casework import registry
from casework.models import SupportCase
from common.calendar import DeadlineShift, Quarter, WorkingCalendar, report_due_on


def working_calendar(region: Region) -> WorkingCalendar:
    """The working days of a region, its own days off included."""
    return WorkingCalendar.with_days_off(region.days_off.order_by("day").values_list("day", flat=True))


def period_closes_on(region: Region, day: date) -> date:
    """The last day on which the quarter of `day` is open: the department's report on it is due then (R9)."""
    quarter = Quarter.containing(day)
    policy = region.policy_on(quarter.ends_on)
    shift = DeadlineShift(policy.report_deadline_shift)
    working = working_calendar(region) if shift is DeadlineShift.NEXT_WORKING_DAY else WorkingCalendar()
    return report_due_on(quarter, policy.department_report_day, shift, working)


def is_period_open(case: SupportCase, day: date, today: date) -> bool:
    """Whether facts of `day` may still be changed: the report is neither due and gone nor accepted before."""
    # No report is due before its quarter has ended: then the policy need not be asked.
    is_due = today > Quarter.containing(day).ends_on and today > period_closes_on(case.region, day)
    return not is_due and not registry.is_period_locked(case, day)
