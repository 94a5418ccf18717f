"""Database constraints that many rooms use: dated periods that end after they start and do not overlap."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BaseConstraint, CheckConstraint, F, Func, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db.models.sql.compiler import SQLCompiler
    from django.utils.functional import _StrPromise


class DateSpan(Func):
    """`daterange` of two date columns, both days inside; an empty end means "until further notice".

    A form is checked against the constraint before it is refused for an end before its start, and PostgreSQL makes no
    range of such a pair: here it is the one day of the start.
    """

    function = "DATERANGE"

    @property
    def days(self) -> list[str]:
        """The columns of the first and the last day."""
        sources: list[Any] = self.get_source_expressions()
        first, last, _bounds = sources
        return [first.name, last.name]

    def as_sql(  # type: ignore[override]
        self, compiler: "SQLCompiler", connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, tuple[Any, ...]]:
        start, end, bounds = (compiler.compile(expression) for expression in self.get_source_expressions())
        sql = f"DATERANGE({start[0]}, CASE WHEN {end[0]} < {start[0]} THEN {start[0]} ELSE {end[0]} END, {bounds[0]})"
        return sql, (*start[1], *end[1], *start[1], *start[1], *end[1], *bounds[1])


def place_of_mending(constraint: BaseConstraint, offered: Sequence[str]) -> str | None:
    """Which of the fields `offered`, in the order of the form, is mended where a record breaks `constraint`.

    Of a condition between fields it is the one filled in last; of periods that overlap the first day; None where the
    constraint names none of them.
    """
    match constraint:
        case CheckConstraint(condition=Q() as condition):
            named = condition.referenced_base_fields
            return next((name for name in reversed(offered) if name in named), None)
        case ExclusionConstraint():
            spans = [expression for expression, _operator in constraint.expressions if isinstance(expression, DateSpan)]
            days = {day for span in spans for day in span.days}
            return next((name for name in offered if name in days), None)
        case UniqueConstraint():
            return next((name for name in reversed(offered) if name in constraint.fields), None)
    return None


def meets_conditions(instance: Any, exclude: set[str], using: str) -> bool:
    """Whether all conditions hold that name no field of `exclude`; one question for all of them."""
    for model, constraints in instance.get_constraints():
        known = instance._get_field_expression_map(model._meta, exclude)  # noqa: SLF001 - as CheckConstraint does
        conditions = [row.condition for row in constraints if isinstance(row, CheckConstraint)]
        asked = [row for row in conditions if isinstance(row, Q) and row.referenced_base_fields <= known.keys()]
        if asked and not Q(*asked).check(known, using=using):
            return False
    return True


def ends_after_start(name: str, start: str = "starts_on", end: str = "ends_on") -> CheckConstraint:
    """The period ends on the day it starts or later, or has no end."""
    return CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": F(start)}),
        name=name,
        violation_error_message=_("The end is before the start."),
    )


def no_overlap(
    name: str,
    *same: str,
    message: "_StrPromise | str",
    start: str = "starts_on",
    end: str = "ends_on",
    condition: Q | None = None,
) -> ExclusionConstraint:
    """Rows alike in the columns `same` do not share a day; `condition` limits the rows that count.

    The columns come first: nearly all periods of a table overlap, and an index that begins with them reads half of
    itself to find one family's.
    """
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((column, RangeOperators.EQUAL) for column in same),
            (DateSpan(start, end, RangeBoundary(inclusive_lower=True, inclusive_upper=True)), RangeOperators.OVERLAPS),
        ],
        condition=condition,
        violation_error_message=message,
    )
