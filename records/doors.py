"""Whose paper is it: the way from an attachment or a document to the record that guards it.

Papers lie below the rooms that own them and cannot import their doors. So each room names its kinds of records when it
starts, with the way to reach one as a given user. A kind that nobody named opens for nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404

from accounts.models import User

Loader = Callable[[User, int], Model | None]
Permission = Callable[[User, Any], bool]


def nobody(_user: User, _owner: Any) -> bool:
    return False


def _family_of(owner: Any) -> int | None:
    family_id: int | None = getattr(owner, "family_id", None)
    return family_id


@dataclass(frozen=True, slots=True)
class Door:
    """How records of one kind are reached, and who may attach papers to one that they reach."""

    kind: str
    load: Loader
    may_write: Permission = nobody
    family_of: Callable[[Any], int | None] = _family_of


_doors: dict[str, Door] = {}


def register_owner(
    kind: str,
    loader: Loader,
    *,
    may_write: Permission = nobody,
    family_of: Callable[[Any], int | None] = _family_of,
) -> None:
    """Let papers belong to records of `kind` ("casework.case").

    `loader(user, id)` returns the record if the user may read it now (`.visible_to(user)`), else None. `may_write`
    says who, among those, may attach and cancel. `family_of` gives the family for the journal, by default the record's
    `family_id`. Raises ValueError when the kind is taken.
    """
    if kind in _doors:
        raise ValueError(f"Records of the kind {kind} have a door already.")
    _doors[kind] = Door(kind, loader, may_write, family_of)


def door_of(kind: str) -> Door:
    """The door of a kind; Http404 for a kind that nobody named."""
    try:
        return _doors[kind]
    except KeyError:
        raise Http404 from None


def open_owner(user: User, kind: str, owner_id: int) -> Any:
    """The record, if `user` may read it now; Http404 otherwise, as if it did not exist."""
    owner = door_of(kind).load(user, owner_id)
    if owner is None:
        raise Http404
    return owner


def may_write(user: User, kind: str, owner: Any) -> bool:
    """Whether `user`, who reads the record, may attach papers to it and cancel them."""
    return door_of(kind).may_write(user, owner)
