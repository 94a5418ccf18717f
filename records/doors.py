"""Whose paper is it: the way from an attachment or a document to the record that guards it.

Papers lie below the rooms that own them and cannot import their doors. So each room names its kinds of records when it
starts, with the way to reach one as a given user. A kind that nobody named opens for nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse

from accounts.access import require
from accounts.models import User

Loader = Callable[[User, int], Model | None]
Permission = Callable[[User, Any], bool]
Reason = Callable[[HttpRequest, Any], str | HttpResponse]


def nobody(_user: User, _owner: Any) -> bool:
    return False


def everybody(_user: User, _owner: Any) -> bool:
    return True


def no_reason(_request: HttpRequest, _owner: Any) -> str:
    return ""


def _family_of(owner: Any) -> int | None:
    family_id: int | None = getattr(owner, "family_id", None)
    return family_id


@dataclass(frozen=True, slots=True)
class Door:
    """How records of one kind are reached, and who may attach papers to one that they reach."""

    kind: str
    load: Loader
    may_read: Permission = everybody
    may_write: Permission = nobody
    family_of: Callable[[Any], int | None] = _family_of
    reason_for: Reason = no_reason


_doors: dict[str, Door] = {}


def register_owner(
    kind: str,
    loader: Loader,
    *,
    may_read: Permission = everybody,
    may_write: Permission = nobody,
    family_of: Callable[[Any], int | None] = _family_of,
    reason_for: Reason = no_reason,
) -> None:
    """Let papers belong to records of `kind` ("casework.case").

    `loader(user, id)` returns the record if the user may know of it now (`.visible_to(user)`), else None. Among those,
    `may_read` says who takes its papers, `may_write` who attaches and cancels. `family_of` gives the family for the
    journal, by default the record's `family_id`. `reason_for(request, record)` gives the reason for the journal where
    the record asks for one, or the page to answer with while none is given. Raises ValueError when the kind is taken.
    """
    if kind in _doors:
        raise ValueError(f"Records of the kind {kind} have a door already.")
    _doors[kind] = Door(kind, loader, may_read, may_write, family_of, reason_for)


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


def owner_to_read(user: User, kind: str, owner_id: int) -> Any:
    """The record whose papers `user` may take; Http404 where it is unknown to them, else PermissionDenied."""
    owner = open_owner(user, kind, owner_id)
    require(door_of(kind).may_read(user, owner))
    return owner


def owner_to_write(user: User, kind: str, owner_id: int) -> Any:
    """The record that `user` may attach papers to; Http404 where it is unknown to them, else PermissionDenied."""
    owner = open_owner(user, kind, owner_id)
    require(door_of(kind).may_write(user, owner))
    return owner


def page_of(owner: Any) -> str:
    """The address of the record's own page; the home page for records without one."""
    return str(owner.get_absolute_url()) if hasattr(owner, "get_absolute_url") else "/"
