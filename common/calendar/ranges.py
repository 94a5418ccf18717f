"""Stretches of days with both ends included; an end of None means "until further notice"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days from `starts_on` to `ends_on`, both included. Raises ValueError when it would be empty."""

    starts_on: date
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError(f"{self.ends_on} is before {self.starts_on}")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.last_day

    @property
    def last_day(self) -> date:
        """The last day; the far end of the calendar for an open range."""
        return self.ends_on or date.max

    @property
    def days(self) -> int:
        """How many days the range has. Raises ValueError for an open one."""
        if self.ends_on is None:
            raise ValueError("an open range has no length")
        return (self.ends_on - self.starts_on).days + 1

    def overlaps(self, other: Self) -> bool:
        """Whether the two have at least one day in common."""
        return self.starts_on <= other.last_day and other.starts_on <= self.last_day

    def covers(self, other: Self) -> bool:
        """Whether every day of `other` lies in this range."""
        return self.starts_on <= other.starts_on and other.last_day <= self.last_day

    def intersection(self, other: Self) -> Self | None:
        """The common days, or None."""
        if not self.overlaps(other):
            return None
        end = min(self.last_day, other.last_day)
        return type(self)(max(self.starts_on, other.starts_on), None if end == date.max else end)


def merged(ranges: Iterable[DateRange]) -> list[DateRange]:
    """The same days as few ranges as possible, in order: overlapping and adjoining ranges become one."""
    result: list[DateRange] = []
    for current in sorted(ranges, key=lambda item: item.starts_on):
        last = result[-1] if result else None
        if last is None or (last.ends_on is not None and current.starts_on > last.ends_on + DAY):
            result.append(current)
            continue
        end = None if last.ends_on is None or current.ends_on is None else max(last.ends_on, current.ends_on)
        result[-1] = DateRange(last.starts_on, end)
    return result
