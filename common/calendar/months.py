"""Months and years on the calendar: adding, counting, and cutting a stretch of time into whole months.

Every function is pure: dates in, dates out, nothing read from the clock.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """`day` moved by `months` (may be negative), clipped to the last day of the month it lands in.

    31.01.2024 + 1 is 29.02.2024; 29.02.2024 + 12 is 28.02.2025 (domain rules, 3.10).
    Raises ValueError when the result leaves the years 1 to 9999.
    """
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"{day} and {months} months: the year {year} is out of range")
    month = month_index + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_years(day: date, years: int) -> date:
    """`day` moved by `years`; 29 February becomes 28 February in a common year (clarification 36)."""
    return add_months(day, 12 * years)


def full_months_between(start: date, end: date) -> int:
    """The greatest number of months that can be added to `start` without passing `end`; negative never.

    Raises ValueError when `end` is before `start`.
    """
    if end < start:
        raise ValueError(f"{end} is before {start}")
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1


def month_start(day: date) -> date:
    """The first day of the month that holds `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the month that holds `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_from(first: date, last: date) -> Iterator[date]:
    """The first days of all calendar months that touch the stretch `first` to `last`, both included."""
    month = month_start(first)
    while month <= last:
        yield month
        month = add_months(month, 1)
