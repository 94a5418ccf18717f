"""The reporting quarter (R8: a fact belongs to the quarter of its event date, whenever it was entered)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from common.calendar.months import DAY, add_months
from common.calendar.ranges import DateRange

ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A calendar quarter, written "2026Q3". Raises ValueError unless the number is 1 to 4 and the year 1900 to 2100."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in {1, 2, 3, 4} or not 1900 <= self.year <= 2100:
            raise ValueError(f"no such quarter: {self.year}, {self.number}")

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The quarter written as "2026Q3" (the letter in either case). Raises ValueError for anything else."""
        match = re.fullmatch(r"(\d{4})[Qq]([1-4])", text, flags=re.ASCII)
        if match is None:
            raise ValueError(f"not a quarter: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, day: date) -> Self:
        """The quarter of an event date."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def last_finished(cls, today: date) -> Self:
        """The latest quarter that ended before `today`."""
        return cls.containing(today).previous

    @property
    def title(self) -> str:
        """The name as it stands in Russian documents: «III квартал 2026 года», with non-breaking spaces."""
        return f"{ROMAN[self.number - 1]}\N{NO-BREAK SPACE}квартал {self.year}\N{NO-BREAK SPACE}года"

    @property
    def starts_on(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        return add_months(self.starts_on, 3) - DAY

    @property
    def period(self) -> DateRange:
        return DateRange(self.starts_on, self.ends_on)

    @property
    def year_to_date(self) -> DateRange:
        """From 1 January to the end of the quarter, the column "нарастающим итогом"."""
        return DateRange(date(self.year, 1, 1), self.ends_on)

    @property
    def previous(self) -> Self:
        return type(self)(self.year, self.number - 1) if self.number > 1 else type(self)(self.year - 1, 4)

    @property
    def next(self) -> Self:
        return type(self)(self.year, self.number + 1) if self.number < 4 else type(self)(self.year + 1, 1)

    @property
    def year_before(self) -> Self:
        """The same quarter of the previous year."""
        return type(self)(self.year - 1, self.number)
