"""Values of indicators for many units at once, and the evidence behind one of them."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet

from common.calendar import DateRange
from monitoring.indicators.base import Facts, Indicator, Level, Value
from monitoring.indicators.catalogue import CATALOGUE

Values = dict[int, dict[str, Value]]
"""By the unit's id, then by the code of the indicator."""


def values(
    level: Level,
    units: Collection[int],
    period: DateRange,
    *,
    today: date,
    indicators: Collection[Indicator] = CATALOGUE,
) -> Values:
    """The figures of the units for a period: one query per indicator, however many units there are.

    A period that has not ended is read up to `today`, so that a preview counts nothing that has not happened yet.
    Indicators without a meaning at the level are left out.
    """
    period = period_until(period, today)
    asked = [indicator for indicator in indicators if level in indicator.levels]
    counted = {part.code: part for indicator in asked for part in indicator.counted()}
    counts = {code: _counts(part.facts, level, units, period) for code, part in counted.items() if part.facts}
    ratios = {item.code: item.ratio(level, units, period) for item in asked if item.ratio}
    result: Values = {}
    for unit in units:
        numbers = {code: found.get(unit, 0) for code, found in counts.items()}
        result[unit] = {
            item.code: Value.share(*ratios[item.code].get(unit, (0, 0))) if item.ratio else item.value(numbers)
            for item in asked
        }
    return result


def evidence(indicator: Indicator, level: Level, unit: int, period: DateRange, *, today: date) -> QuerySet[Any]:
    """The very objects that the figure of one unit counted. Raises ValueError for an indicator that counts none."""
    facts = indicator.facts or (indicator.part.facts if indicator.part else None)
    if facts is None or level not in facts.units:
        raise ValueError(f"{indicator.code} has no objects at the level {level}")
    return facts.of(level, [unit], period_until(period, today))


def period_until(period: DateRange, today: date) -> DateRange:
    """The part of the period that has passed by the end of `today`; its first day where none has."""
    return DateRange(period.starts_on, max(period.starts_on, min(period.last_day, today)))


def _counts(facts: Facts, level: Level, units: Collection[int], period: DateRange) -> dict[int, int]:
    """How many each unit has; units without any are left out."""
    column = facts.units[level]
    rows = facts.of(level, units, period)
    return dict(rows.values_list(column).annotate(number=facts.count()).values_list(column, "number"))
