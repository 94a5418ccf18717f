"""Due days of quarterly reports (R9; Vladimir order 420/1: the specialist by the 1st, the head by the 3rd)."""

from datetime import date
from enum import StrEnum

from common.calendar.months import DAY
from common.calendar.quarters import Quarter
from common.calendar.workdays import FEDERAL, WorkingCalendar


class DeadlineShift(StrEnum):
    """What a region does with a due day on which nobody works."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


def report_due_on(
    quarter: Quarter,
    day: int,
    shift: DeadlineShift = DeadlineShift.NONE,
    working: WorkingCalendar = FEDERAL,
) -> date:
    """The due day of a report on `quarter`: the given day of the month after it, shifted as the region decided (R9).

    The day is inclusive: see `moments.is_late`. Raises ValueError for a day that not every month has.
    """
    if not 1 <= day <= 28:
        raise ValueError(f"day {day} of the month as a deadline")
    due_on = (quarter.ends_on + DAY).replace(day=day)
    return working.same_or_next(due_on) if shift == DeadlineShift.NEXT_WORKING_DAY else due_on
