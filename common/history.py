"""Who changed what, when and why: the project's way of using django-simple-history.

A model that holds case data declares `history = tracked()`. Its saves write history by themselves; bulk writes go
through `bulk_create_with_history` and `update_with_history`, because Django's own leave no trace. Services that work
outside a request say who acts, and any service may say why: `with acting(actor, reason="…")`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import connections, models, router, transaction
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from simple_history import utils
from simple_history.models import HistoricalRecords

from common.editing import VersionedModel
from common.paging import capped_counts
from common.text import readable

ModelT = TypeVar("ModelT", bound=Model)

CREATED, CHANGED, DELETED = "+", "~", "-"
BATCH_SIZE = 1000


@dataclass(frozen=True, slots=True)
class _Act:
    actor: AbstractBaseUser | None
    reason: str


_act: ContextVar[_Act | None] = ContextVar("history_act", default=None)


@contextmanager
def acting(actor: AbstractBaseUser | None, reason: str = "") -> Iterator[None]:
    """Within the block, history rows name this actor (None: the system) and this reason for the change."""
    token = _act.set(_Act(actor, reason))
    try:
        yield
    finally:
        _act.reset(token)


def _actor_of(
    instance: Model | None = None, request: HttpRequest | None = None, **_kwargs: Any
) -> AbstractBaseUser | None:
    act = _act.get()
    if act is not None:
        return act.actor
    user = getattr(request, "user", None)
    return user if isinstance(user, AbstractBaseUser) and user.is_authenticated else None


class _Records(HistoricalRecords):  # type: ignore[misc]
    """simple-history's records with the reason taken from `acting`, and found by their object only.

    Nobody asks for the history rows of a unit or a person: an index on each foreign key would only slow every write.
    """

    def copy_fields(self, model: type[Model]) -> dict[str, models.Field[Any, Any]]:
        fields: dict[str, models.Field[Any, Any]] = super().copy_fields(model)
        for field in fields.values():
            if isinstance(field, models.ForeignKey):
                field.db_index = False  # type: ignore[attr-defined]  # the stubs do not know it
        return fields

    def get_change_reason_for_object(self, instance: Model, history_type: str, using: str | None) -> str:
        act = _act.get()
        return act.reason if act else (utils.get_change_reason_from_object(instance) or "")


def tracked(**options: Any) -> HistoricalRecords:
    """The history of a model. `options` are those of HistoricalRecords (excluded_fields, m2m_fields, bases...).

    A history row outlives the user it names; the reason may be of any length.
    """
    defaults: dict[str, Any] = {
        "get_user": _actor_of,
        "history_change_reason_field": models.TextField(default=""),
    }
    return _Records(**(defaults | options))


def bulk_create_with_history(
    objects: Sequence[ModelT], *, actor: AbstractBaseUser | None, reason: str = ""
) -> list[ModelT]:
    """Insert the objects of one tracked model, and a history row for each, in one transaction."""
    if not objects:
        return []
    created: list[ModelT] = utils.bulk_create_with_history(
        list(objects),
        type(objects[0]),
        batch_size=BATCH_SIZE,
        default_user=actor,
        default_change_reason=reason,
    )
    return created


def update_with_history(
    queryset: QuerySet[Any, Any], *, actor: AbstractBaseUser | None, reason: str = "", **values: Any
) -> int:
    """`queryset.update(**values)` that also writes history, set by set; returns how many rows changed.

    Two statements whatever the number of rows: the update, and an INSERT ... SELECT of the new state into the history
    table, with one more for each many-to-many relation that the history keeps. The version of a VersionedModel grows,
    so that a form opened before is refused. Raises NotHistoricalModelError for a model without history.
    """
    model = queryset.model
    historical = utils.get_history_model_for_model(model)
    using = router.db_for_write(model)
    if issubclass(model, VersionedModel):
        values["version"] = F("version") + 1
    for field in model._meta.concrete_fields:
        if getattr(field, "auto_now", False):
            values.setdefault(field.name, timezone.now())
    with transaction.atomic(using=using):
        locked = queryset.using(using).order_by("pk").select_for_update(of=("self",))
        keys = list(locked.values_list("pk", flat=True))
        changed: int = model._base_manager.using(using).filter(pk__in=keys).update(**values)
        _copy_to_history(model, historical, keys, using, actor=actor, reason=reason)
    return changed


def _copy_to_history(
    model: type[Any],
    historical: Any,
    keys: list[Any],
    using: str,
    *,
    actor: AbstractBaseUser | None,
    reason: str,
) -> None:
    """Write the present state of the rows with these keys into the history table as changed."""
    connection = connections[using]
    quote = connection.ops.quote_name
    own = {
        "history_date": timezone.now(),
        "history_type": CHANGED,
        "history_change_reason": reason,
        "history_user_id": actor.pk if actor else None,
    }
    tracked_columns = [field.column for field in historical.tracked_fields if not field.generated]
    columns = ", ".join(quote(column) for column in [*tracked_columns, *own])
    selected = ", ".join([*(quote(column) for column in tracked_columns), *["%s"] * len(own)])
    key = quote(model._meta.pk.column)
    sql = (
        f"INSERT INTO {quote(historical._meta.db_table)} ({columns}) "  # noqa: S608 - names come from models
        f"SELECT {selected} FROM {quote(model._meta.db_table)} WHERE {key} = ANY(%s) ORDER BY {key} "
        f"RETURNING {key}, {quote(historical._meta.pk.column)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*own.values(), keys])
        written = cursor.fetchall()
        for relation in kept_relations(historical):
            _copy_links(cursor, quote, relation, historical, written)


def kept_relations(historical: Any) -> list[Any]:
    """The many-to-many relations whose state each row of a history keeps."""
    return [relation for relation in historical.instance_type._meta.many_to_many if hasattr(historical, relation.name)]


def _copy_links(
    cursor: Any, quote: Callable[[str], str], relation: Any, historical: Any, written: list[tuple[Any, Any]]
) -> None:
    """Copy the present rows of one relation to the history rows just written; `written` holds (key, history key)."""
    through = relation.remote_field.through
    linked = getattr(historical, relation.name).model
    names = [quote(column.column) for column in through._meta.concrete_fields]
    table, owner = quote(through._meta.db_table), quote(relation.m2m_column_name())
    cursor.execute(
        f"INSERT INTO {quote(linked._meta.db_table)} ({', '.join(names)}, history_id) "  # noqa: S608 - names of models
        f"SELECT {', '.join(f'{table}.{name}' for name in names)}, written.history_id FROM {table} "
        f"JOIN unnest(%s::bigint[], %s::bigint[]) AS written (key, history_id) ON {table}.{owner} = written.key",
        [[key for key, _history in written], [history for _key, history in written]],
    )


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one change; values as a person reads them, "" for none."""

    name: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the history: a record created, changed or deleted by somebody at some moment."""

    record: str
    kind: str
    at: datetime
    actor: str
    reason: str
    fields: tuple[FieldChange, ...]


class History:
    """The history of the records of one tracked model, and the names of the fields that are not shown of it."""

    def __init__(self, source: Model | QuerySet[Any, Any], *, exclude: Iterable[str] = ("version",)) -> None:
        model = source.model if isinstance(source, QuerySet) else type(source)
        historical = utils.get_history_model_for_model(model)
        self.key: str = model._meta.pk.attname
        wanted: Any = source.values("pk") if isinstance(source, QuerySet) else [source.pk]
        self.rows: QuerySet[Any, Any] = historical._base_manager.filter(**{f"{self.key}__in": wanted})
        self.relations = kept_relations(historical)
        columns = [field for field in historical.tracked_fields if not _is_automatic(field)]
        self.shown = [field for field in (*columns, *self.relations) if field.name not in set(exclude)]
        self.historical = historical

    def read(self) -> list[Any]:
        """The rows, each after the former one of its record, with who made the change."""
        return list(self.rows.select_related("history_user").order_by(self.key, "history_date", "history_id"))


def changes(source: Model | QuerySet[Any, Any], *, exclude: Iterable[str] = ("version",)) -> list[Change]:
    """The history of a tracked instance, or of the records that a queryset of a tracked model holds; newest first.

    Fields that did not change are left out, so are those that the program fills by itself, and changes in which nothing
    else changed. Related objects and choices are shown by their titles; one query for all, one per many-to-many
    relation, one per related model.
    """
    return _changes([History(source, exclude=exclude)])


def changes_in_all(histories: Sequence[History]) -> list[Change]:
    """The same of several models together: one query more finds which of them have any history, the others are not
    asked, and a related model is asked once, whichever of them name it."""
    counts = capped_counts(*(history.rows for history in histories), cap=1)
    return _changes([history for history, count in zip(histories, counts, strict=True) if count.value])


def _changes(histories: Iterable[History]) -> list[Change]:
    titles = _Titles()
    pairs = []
    for history in histories:
        rows = history.read()
        for relation in history.relations:
            titles.links[relation] = _links(relation, history.historical, rows)
        for previous, row in zip([None, *rows], rows, strict=False):
            is_same = previous is not None and getattr(previous, history.key) == getattr(row, history.key)
            base = previous if is_same else None
            differing = [] if row.history_type == DELETED else titles.differing(history.shown, base, row)
            if differing or row.history_type != CHANGED:
                pairs.append((base, row, differing))
                titles.want(differing, base, row)
    found = [_change(base, row, differing, titles) for base, row, differing in pairs]
    return sorted(found, key=lambda change: change.at, reverse=True)


def _is_automatic(field: models.Field[Any, Any]) -> bool:
    """Whether nobody types this field: a key, a time stamp, a column that the database computes."""
    stamped = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return bool(field.primary_key or field.generated or stamped)


def _links(relation: Any, historical: Any, rows: Iterable[Any]) -> dict[Any, list[Any]]:
    """The keys that each of these history rows keeps of one many-to-many relation."""
    linked = getattr(historical, relation.name).model
    found: dict[Any, list[Any]] = defaultdict(list)
    keys = linked._base_manager.filter(history__in=[row.pk for row in rows])
    for row, key in keys.order_by(relation.m2m_reverse_name()).values_list("history_id", relation.m2m_reverse_name()):
        found[row].append(key)
    return found


def _change(base: Model | None, row: Any, differing: list[models.Field[Any, Any]], titles: "_Titles") -> Change:
    return Change(
        record=row.instance_type._meta.verbose_name,
        kind=row.history_type,
        at=row.history_date,
        actor=str(row.history_user or ""),
        reason=row.history_change_reason or "",
        fields=tuple(
            FieldChange(
                field.name,
                str(field.verbose_name),
                titles.shown(field, base) if base is not None else "",
                titles.shown(field, row),
            )
            for field in differing
        ),
    )


class _Titles:
    """The values of a history as people read them; related objects are fetched once per model, on first use."""

    def __init__(self) -> None:
        self.links: dict[Any, dict[Any, list[Any]]] = {}
        self.wanted: dict[type[Model], set[Any]] = defaultdict(set)
        self.known: dict[type[Model], dict[Any, str]] = {}

    def value(self, field: models.Field[Any, Any], row: Model) -> Any:
        """What a history row keeps of a field; of a many-to-many relation the keys."""
        return self.links[field].get(row.pk, []) if field in self.links else getattr(row, field.attname)

    def differing(self, fields: Iterable[Any], base: Model | None, row: Model) -> list[Any]:
        """Which of the fields changed from one history row to the next; in the first, which were filled in."""
        return [field for field in fields if self._differs(field, base, row)]

    def _differs(self, field: models.Field[Any, Any], base: Model | None, row: Model) -> bool:
        new = self.value(field, row)
        if base is None:
            return new not in field.empty_values
        return bool(self.value(field, base) != new)

    def want(self, fields: Iterable[models.Field[Any, Any]], *rows: Model | None) -> None:
        """Announce the related objects that these fields of these rows name, so that they come in one query."""
        for field in fields:
            values = [self.value(field, row) for row in rows if row is not None]
            if field in self.links:
                self.wanted[field.related_model].update(key for keys in values for key in keys)  # type: ignore[index]
            elif isinstance(field, models.ForeignKey):
                self.wanted[field.related_model].update(key for key in values if key is not None)

    def shown(self, field: models.Field[Any, Any], row: Model) -> str:
        """The value of a field in a history row."""
        value = self.value(field, row)
        if value in field.empty_values:
            return ""
        if field in self.links:
            related: Any = field.related_model
            return ", ".join(self._related(related).get(key, f"#{key}") for key in value)
        if isinstance(field, models.ForeignKey):
            return self._related(field.related_model).get(value, f"#{value}")
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return readable(value)

    def _related(self, model: type[Model]) -> dict[Any, str]:
        if model not in self.known:
            found = model._base_manager.in_bulk(self.wanted[model])
            self.known[model] = {key: str(instance) for key, instance in found.items()}
        return self.known[model]
