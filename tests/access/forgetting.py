"""Defects generated from the doors themselves: each condition of each of them, forgotten.

A condition that is forgotten widens the door; where it speaks of a date, what has ended stays open. Which conditions a
door has is not listed but seen: the doors are opened once for every role, and what each asks is noted with the role.
"""

import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

from django.db.models import Exists, Q, QuerySet, Value

from contracts import access as contracts
from councils import access as councils
from families import access as families
from partners import access as partners
from tests.access.defects import ROOMS, SCOPES, Defect, owners
from tests.access.domains import Role

ALWAYS: Final = ("pk__isnull", False)
LOOKUPS: Final = frozenset({"in", "gte", "lte", "gt", "lt", "isnull", "exact"})
# Doors that give rows instead of a condition.
OF_ROWS: Final[tuple[tuple[Any, str], ...]] = (
    (families, "granted_family_ids"),
    (contracts, "authorities_of"),
    (councils, "_seat_rows"),
    (councils, "_seat_at_session"),
    (partners, "_represented"),
)


def conditions_of_rooms() -> list[tuple[ModuleType, str]]:
    """Every function of a room's rules that gives a condition: by its name, `..._q`."""
    rules = [import_module(f"{room}.access") for room in ROOMS if find_spec(f"{room}.access")]
    return [
        (module, name)
        for module in rules
        for name, value in vars(module).items()
        if name.endswith("_q") and inspect.isfunction(value) and value.__module__ == module.__name__
    ]


def doors() -> list[tuple[Any, str]]:
    """All doors: conditions, rows, and the scopes of the querysets."""
    scopes = [(owner, scope) for owner in owners() for scope in SCOPES if scope in vars(owner)]
    return [*conditions_of_rooms(), *OF_ROWS, *scopes]


def name_of(owner: Any, attribute: str) -> str:
    return f"{owner.__name__}.{attribute}"


def told_of(condition: Any) -> str:
    """What a condition speaks of, whatever the path to it: "curator", "not state", "exists AgendaItem"."""
    if hasattr(condition, "children"):
        return f"not {' '.join(sorted({told_of(child) for child in condition.children}))}"
    if isinstance(condition, tuple):
        name = [part for part in condition[0].split("__") if part not in LOOKUPS][-1]
        return str(name).removesuffix("_id")
    if isinstance(condition, Exists):
        return f"exists {condition.query.model.__name__}"
    column = getattr(getattr(condition, "lhs", None), "target", None)
    if column is None:
        return type(condition).__name__
    return "pk" if column.primary_key else str(column.attname).removesuffix("_id")


def _is_branch(child: Any) -> bool:
    """A negated branch is one condition."""
    return hasattr(child, "children") and not child.negated


def told_in(tree: Any) -> Iterator[str]:
    """What the conditions of a tree speak of."""
    for child in tree.children:
        if _is_branch(child):
            yield from told_in(child)
        else:
            yield told_of(child)


def without(tree: Any, told: str, always: Any) -> Any:
    """The tree with `always` in the place of the conditions that speak of this."""
    children = [
        without(child, told, always) if _is_branch(child) else always if told_of(child) == told else child
        for child in tree.children
    ]
    return tree.create(children, tree.connector, tree.negated)


def told_by(result: Any) -> set[str]:
    """What a door's answer speaks of."""
    return set(told_in(result if isinstance(result, Q) else result.query.where))


def _asked_before(args: tuple[Any, ...]) -> set[str]:
    """What the rows that a scope is given were narrowed by already."""
    return told_by(args[0]) if args and isinstance(args[0], QuerySet) else set()


def forgotten(result: Any, told: str) -> Any:
    """A door's answer without its conditions on this."""
    if isinstance(result, Q):
        return without(result, told, ALWAYS)
    rows: QuerySet[Any] = result.all()
    rows.query.where = without(rows.query.where, told, Value(True))
    return rows


def forgetting(right: Callable[..., Any], told: str) -> Callable[..., Any]:
    @wraps(right)
    def wrong(*args: Any, **options: Any) -> Any:
        return forgotten(right(*args, **options), told)

    return wrong


class Met:
    """The conditions met in each door, with the roles to whom they were put, in the order of meeting.

    A door that asks another one is not charged with the other's conditions.
    """

    def __init__(self) -> None:
        self.roles: dict[tuple[str, str], dict[Role, None]] = {}
        self.opened: set[str] = set()
        self._inner: list[set[str]] = [set()]

    @contextmanager
    def watching(self, role: Role) -> Iterator[None]:
        """Note the conditions of every door that is opened meanwhile, as this role's."""
        with ExitStack() as stack:
            for owner, attribute in doors():
                watched = self._noting(getattr(owner, attribute), name_of(owner, attribute), role)
                stack.enter_context(Defect("watched", owner, attribute, watched, role).planted())
            yield

    def _noting(self, right: Callable[..., Any], name: str, role: Role) -> Callable[..., Any]:
        @wraps(right)
        def watched(*args: Any, **options: Any) -> Any:
            self._inner.append(set())
            result = right(*args, **options)
            told = told_by(result) - _asked_before(args)
            self.opened.add(name)
            for one in sorted(told - self._inner.pop()):
                self.roles.setdefault((name, one), {})[role] = None
            self._inner[-1] |= told
            return result

        return watched

    def defects(self) -> Iterator[tuple[Defect, list[Role]]]:
        """Each condition forgotten, and the roles that it was put to."""
        places = {name_of(*door): door for door in doors()}
        for (name, told), roles in self.roles.items():
            owner, attribute = places[name]
            wrong = forgetting(getattr(owner, attribute), told)
            yield Defect(f"{name} forgets {told}", owner, attribute, wrong, next(iter(roles))), list(roles)
