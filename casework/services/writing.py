"""Inserting tracked records together with a relation of theirs, in a fixed number of statements."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from accounts.models import User
from common.history import CHANGED, CREATED

ModelT = TypeVar("ModelT", bound=Model)


def insert_with_relation(
    objects: Sequence[ModelT], relation: str, related: Sequence[Iterable[Model]], *, actor: User
) -> list[ModelT]:
    """Insert objects of one tracked model, the rows of their many-to-many `relation`, and the history of both.

    `related` holds what belongs to each object. Four statements, whatever the number of objects; one history row for
    each object, which knows the relation from the start.
    """
    if not objects:
        return []
    created = type(objects[0])._default_manager.bulk_create(list(objects))
    _write_history(created, _relate(created, relation, related), relation, CREATED, actor)
    return created


def save_with_relation(instance: Any, relation: str, related: Iterable[Model], *, actor: User) -> None:
    """Save a stored object and set its many-to-many `relation`, with one history row for both."""
    instance.skip_history_when_saving = True
    try:
        instance.save()
    finally:
        del instance.skip_history_when_saving
    field: Any = type(instance)._meta.get_field(relation)
    through = field.remote_field.through
    through._base_manager.filter(**{field.m2m_column_name(): instance.pk}).delete()
    _write_history([instance], _relate([instance], relation, [related]), relation, CHANGED, actor)


def _relate(objects: Sequence[Model], relation: str, related: Sequence[Iterable[Model]]) -> list[Any]:
    """Insert the rows of the relation."""
    field: Any = type(objects[0])._meta.get_field(relation)
    own, other = field.m2m_column_name(), field.m2m_reverse_name()
    through = field.remote_field.through
    rows = [
        through(**{own: instance.pk, other: item.pk})
        for instance, items in zip(objects, related, strict=True)
        for item in items
    ]
    created: list[Any] = through._base_manager.bulk_create(rows)
    return created


def _write_history(objects: Sequence[Any], links: Sequence[Any], relation: str, kind: str, actor: User) -> None:
    """History rows of the objects as they stand, and copies of the rows of their relation that point to them."""
    field: Any = type(objects[0])._meta.get_field(relation)
    own = field.m2m_column_name()
    history = type(objects[0]).history
    rows = {row.id: row for row in history.bulk_history_create(objects, update=kind == CHANGED, default_user=actor)}
    linked = getattr(history.model, relation).model
    columns = [column.attname for column in field.remote_field.through._meta.concrete_fields]
    linked._base_manager.bulk_create(
        linked(history=rows[getattr(link, own)], **{column: getattr(link, column) for column in columns})
        for link in links
    )
