"""Whose paper is it: the way from an attachment or a document to the record that guards it.

Papers lie below the rooms that own them and cannot import their doors. So each room names its kinds of records when it
starts, with the way to reach one as a given user. A kind that nobody named opens for nobody.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from accounts.access import require
from accounts.models import User

Finder = Callable[[User, Collection[int]], Iterable[Any]]
Permission = Callable[[User, Any], bool]
Reason = Callable[[HttpRequest, Any], str | HttpResponse]
Refusal = Callable[[User, Any, Any], str]
Families = Callable[[Any, Any], list[int]]


def nobody(_user: User, _owner: Any) -> bool:
    return False


def everybody(_user: User, _owner: Any) -> bool:
    return True


def no_reason(_request: HttpRequest, _owner: Any) -> str:
    return ""


def no_refusal(_user: User, _owner: Any, _paper: Any) -> str:
    return ""


def no_families(_owner: Any, _paper: Any) -> list[int]:
    return []


def _family_of(owner: Any) -> int | None:
    family_id: int | None = getattr(owner, "family_id", None)
    return family_id


@dataclass(frozen=True, slots=True)
class Door:
    """How records of one kind are reached, and who may attach papers to one that they reach."""

    kind: str
    find: Finder
    may_read: Permission = everybody
    may_write: Permission = nobody
    family_of: Callable[[Any], int | None] = _family_of
    families_of: Families = no_families
    reason_for: Reason = no_reason
    refusal_of: Refusal = no_refusal


_doors: dict[str, Door] = {}


def register_owner(
    kind: str,
    finder: Finder,
    *,
    may_read: Permission = everybody,
    may_write: Permission = nobody,
    family_of: Callable[[Any], int | None] = _family_of,
    families_of: Families = no_families,
    reason_for: Reason = no_reason,
    refusal_of: Refusal = no_refusal,
) -> None:
    """Let papers belong to records of `kind` ("casework.case").

    `finder(user, ids)` returns those of the records that the user may know of now (`.visible_to(user)`), with all that
    `may_read` looks at, in a fixed number of queries. Among those, `may_read` says who takes its papers, without
    queries, and `may_write` who attaches and cancels. `family_of` gives the family for the journal, by default the
    record's `family_id`; `families_of(record, paper)` those that a paper tells of where it tells of several.
    `reason_for(request, record)` gives the reason for the journal where the record asks for one, or the page to answer
    with while none is given. `refusal_of(user, record, paper)` says why one of the papers is no longer handed to this
    user, "" for one that is. Raises ValueError when the kind is taken.
    """
    if kind in _doors:
        raise ValueError(f"Records of the kind {kind} have a door already.")
    _doors[kind] = Door(kind, finder, may_read, may_write, family_of, families_of, reason_for, refusal_of)


def door_of(kind: str) -> Door:
    """The door of a kind; Http404 for a kind that nobody named."""
    try:
        return _doors[kind]
    except KeyError:
        raise Http404 from None


def open_owner(user: User, kind: str, owner_id: int) -> Any:
    """The record, if `user` may read it now; Http404 otherwise, as if it did not exist."""
    for owner in door_of(kind).find(user, [owner_id]):
        return owner
    raise Http404


def owners_to_read(user: User, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """Those of the records, named by kind and id, whose papers `user` may take; one lookup for each kind."""
    wanted: dict[str, set[int]] = {}
    for kind, owner_id in keys:
        wanted.setdefault(kind, set()).add(owner_id)
    doors = [(_doors[kind], ids) for kind, ids in wanted.items() if kind in _doors]
    return {
        (door.kind, owner.pk): owner
        for door, ids in doors
        for owner in door.find(user, ids)
        if door.may_read(user, owner)
    }


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
