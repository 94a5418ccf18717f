"""Keyset paging: pages that cost the same however deep they lie, over an order of columns that are never null.

The next page is asked for by a row comparison, `(due, id) > (x, y)`, which PostgreSQL answers from the index of the
order; one row more than the page tells whether there is another. Counts stop at a cap for the same reason.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, ValidationError
from django.db import connection
from django.db.models import F, Field, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.crypto import salted_hmac

from common.text import grouped

PAGE_SIZE = 50
COUNT_CAP = 1000

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page; a cursor is "" where there is nothing to turn to."""

    rows: list[Row]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True, slots=True)
class CappedCount:
    """How many rows there are, or that there are more than the cap."""

    value: int
    exceeded: bool

    def __str__(self) -> str:
        return grouped(self.value) + ("+" if self.exceeded else "")


def capped_count(queryset: QuerySet[Any, Any], cap: int = COUNT_CAP) -> CappedCount:
    """The number of rows, counted to `cap` and no further."""
    return capped_counts(queryset, cap=cap)[0]


def capped_counts(*querysets: QuerySet[Any, Any], cap: int = COUNT_CAP) -> list[CappedCount]:
    """The number of rows of each queryset, counted to `cap` and no further, all of them in one query."""
    selects = [_capped(queryset, cap) for queryset in querysets]
    parts = ", ".join(f"(SELECT count(*) FROM ({sql}) AS counted)" for sql, _params in selects)  # noqa: S608 - compiled by Django
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [param for _sql, params in selects for param in params])
        return [CappedCount(min(found, cap), found > cap) for found in cursor.fetchone()]


def _capped(queryset: QuerySet[Any, Any], cap: int) -> tuple[str, tuple[Any, ...]]:
    """The statement that selects the rows, one more than the cap at most."""
    try:
        return queryset.order_by().values("pk")[: cap + 1].query.sql_with_params()
    except EmptyResultSet:
        return "SELECT WHERE false", ()


def counted_together(querysets: Iterable[QuerySet[Any, Any]], cap: int = COUNT_CAP) -> CappedCount:
    """The number of rows of querysets that share none, counted to `cap` and no further."""
    counts = capped_counts(*querysets, cap=cap)
    found = sum(count.value for count in counts)
    return CappedCount(min(found, cap), found > cap or any(count.exceeded for count in counts))


def paginate(queryset: QuerySet[Any, Row], *order: str, cursor: str = "", size: int = PAGE_SIZE) -> Page[Row]:
    """The page of `queryset` that `cursor` names, the first one when it is empty, damaged or of another order.

    `order` names columns as `order_by` does, all ascending or all descending, each of them NOT NULL, the last one
    unique (the primary key). Rows may be instances or `values()`; the order's columns must be among what is loaded.
    Raises ValueError for an order that cannot be paged this way.
    """
    return paginate_together([queryset], *order, cursor=cursor, size=size)


def paginate_together(
    querysets: Sequence[QuerySet[Any, Row]], *order: str, cursor: str = "", size: int = PAGE_SIZE
) -> Page[Row]:
    """A page of the rows of several querysets of one model that share none, as if they were one; a query for each.

    For what an `OR` would keep PostgreSQL from reading in the order of an index.
    """
    keysets = [_Keyset(queryset, order) for queryset in querysets]
    keyset = keysets[0]
    position = keyset.position(cursor)
    backwards = position is not None and position.backwards
    found = [row for each in keysets for row in each.slice(position)[: size + 1]]
    if len(keysets) > 1:
        found.sort(key=keyset.values, reverse=keyset.descending != backwards)
    rows = found[: size + 1]
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    has_next = bool(rows) and (backwards or more)
    has_previous = bool(rows) and (more if backwards else position is not None)
    return Page(
        rows,
        next_cursor=keyset.cursor(rows[-1], backwards=False) if has_next else "",
        previous_cursor=keyset.cursor(rows[0], backwards=True) if has_previous else "",
    )


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page starts: after these values of the order's columns, or before them."""

    values: tuple[Any, ...]
    backwards: bool


class _Keyset(Generic[Row]):
    """An order of a queryset, and the cursors of it."""

    def __init__(self, queryset: QuerySet[Any, Row], order: Sequence[str]) -> None:
        signs = {name.startswith("-") for name in order}
        if len(signs) != 1:
            raise ValueError(f"an order that runs one way is needed, not {order}")
        self.queryset = queryset
        self.descending = signs.pop()
        self.names = [name.removeprefix("-") for name in order]
        self.fields = [_field(queryset, name) for name in self.names]
        if not getattr(self.fields[-1], "unique", False):
            raise ValueError(f"the last column of an order must be unique, {self.names[-1]} is not")
        if any(field.null for field in self.fields):
            raise ValueError(f"a column of {order} may be null: a row comparison would lose rows")
        self.order = order

    def slice(self, position: _Position | None) -> QuerySet[Any, Row]:
        """The rows from a position on, in the direction in which they are to be read."""
        descending = self.descending != (position is not None and position.backwards)
        rows = self.queryset.order_by(*(F(name).desc() if descending else F(name).asc() for name in self.names))
        if position is None:
            return rows
        comparison = TupleLessThan if descending else TupleGreaterThan
        return rows.filter(comparison(Tuple(*map(F, self.names)), position.values))

    def cursor(self, row: Row, *, backwards: bool) -> str:
        """The opaque name of the place before or after `row`; encrypted, since an order may hold a surname."""
        text = json.dumps([self.order, backwards, self.values(row)], default=str)
        return _cipher().encrypt(text.encode()).decode().rstrip("=")

    def values(self, row: Row) -> tuple[Any, ...]:
        """Where the row stands in the order."""
        return tuple(_value(row, name) for name in self.names)

    def position(self, cursor: str) -> _Position | None:
        """The place that a cursor names; None for the first page."""
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            order, backwards, values = json.loads(_cipher().decrypt(padded))
            if order != list(self.order):
                return None
            known = tuple(field.to_python(value) for field, value in zip(self.fields, values, strict=True))
        except (InvalidToken, UnicodeEncodeError, ValidationError, ValueError):
            return None
        return _Position(known, backwards)


def _cipher() -> Fernet:
    key = salted_hmac("common.paging.cursor", "", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _field(queryset: QuerySet[Any, Any], name: str) -> Field[Any, Any]:
    """The field behind a name of the order: an annotation's, or a column's, relations followed."""
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        field: Field[Any, Any] = annotation.output_field
        return field
    model: type[Model] = queryset.model
    *relations, last = name.split("__")
    try:
        for relation in relations:
            model = model._meta.get_field(relation).related_model  # type: ignore[assignment]
        return model._meta.pk if last == "pk" else model._meta.get_field(last)  # type: ignore[return-value]
    except FieldDoesNotExist as error:
        raise ValueError(f"{name} is no column of {queryset.model.__name__}") from error


def _value(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else attrgetter(name.replace("__", "."))(row)
