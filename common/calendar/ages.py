"""Ages (R10). A child born on 29 February comes of age on 28 February (clarification 36)."""

from datetime import date, timedelta

from common.calendar.months import add_years

AGE_OF_MAJORITY = 18


def age_on(birth: date, day: date) -> int:
    """Full years of age on `day`. Raises ValueError for a day before the birth."""
    if day < birth:
        raise ValueError(f"{day} is before the birth on {birth}")
    years = day.year - birth.year
    return years if add_years(birth, years) <= day else years - 1


def comes_of_age_on(birth: date) -> date:
    """The first day on which the person is an adult."""
    return add_years(birth, AGE_OF_MAJORITY)


def last_birth_of_adults(day: date) -> date:
    """Whoever was born on this day or before is an adult on `day`."""
    birth = add_years(day, -AGE_OF_MAJORITY)
    after = birth + timedelta(days=1)
    return birth if is_minor(after, day) else after


def is_minor(birth: date, day: date) -> bool:
    """Whether the person is under 18 on `day`: `add_years(birth, 18) > day` (R10)."""
    return comes_of_age_on(birth) > day
