"""Russian working days: weekends, holidays and the official transfers, with regional days off on top.

The transfers of a year are known once the Government has decreed them; for later years the general rule of the
Labour Code holds. A region's own days off (Radonitsa, Kurban Bayram) are not in the federal calendar and are given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from common.calendar.months import DAY

SATURDAY = 5


@lru_cache(maxsize=64)
def _federal_calendar(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off, and weekend days made working, of one year in the whole of Russia."""
    known = holidays.country_holidays("RU", years=year, observed=True, expand=False)
    return frozenset(known), frozenset(known.weekend_workdays)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days of a region: the federal ones without its own `days_off`."""

    days_off: frozenset[date] = frozenset()

    @classmethod
    def with_days_off(cls, days: Iterable[date]) -> "WorkingCalendar":
        """The calendar of a region that has these days off in addition to the federal ones."""
        return cls(frozenset(days))

    def is_working(self, day: date) -> bool:
        """Whether people are at work on `day`, transfers included."""
        if day in self.days_off:
            return False
        off, made_working = _federal_calendar(day.year)
        return day in made_working or (day.weekday() < SATURDAY and day not in off)

    def same_or_next(self, day: date) -> date:
        """`day` itself when it is a working day, else the first working day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def add(self, day: date, count: int) -> date:
        """The working day `count` working days after `day` (before it, when negative); `day` itself never counts.

        Ten working days from 28.04.2026 end on 14.05.2026. Raises ValueError for a count of zero, which names no day.
        """
        if count == 0:
            raise ValueError("zero working days name no day; use same_or_next()")
        step = DAY if count > 0 else -DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def between(self, first: date, last: date) -> Iterator[date]:
        """The working days from `first` to `last`, both included."""
        while first <= last:
            if self.is_working(first):
                yield first
            first += DAY

    def count(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included."""
        return sum(1 for _ in self.between(first, last))


FEDERAL = WorkingCalendar()
