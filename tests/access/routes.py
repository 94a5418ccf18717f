"""The table of routes: every URL name of the application, what it asks of the access table, and where it leads.

To add a route, write one line in `ROUTES` of your room's file in `tests/access/rooms/`:

    page("contracts:contract", "social_contract.read", at="contract"),     shown with GET
    form("contracts:edit", "social_contract.write", at="contract"),        shown with GET, sent with POST
    post("contracts:stop", "social_contract.write", at="contract"),        POST alone
    listing("contracts:contracts", "social_contract.list", only=STAFF),    many objects on one page

The question is `object.action` of `tests/access/domains.py`; a new object gets its line there and its rows in
`tests/access_oracle.csv`. `at` names the ids that fill the address: `subject.ids["contract"]`, which your room's
`furnish(subject)` sets (one id, or a tuple for several arguments). `furnish` is called for every family of the world
(`tests/access/worlds.py`) and creates what hangs on it; all its texts are turned into tokens afterwards.

What a form sends is read off the page itself, filled in by `tests/access/filling.py`; where a value cannot be guessed,
give it with `data={"name": "value"}`. `only` names the roles a list is made for where the question alone would give it
to more. `also` names a second question that must be answered with yes as well; `state=True` says that the page refuses
(403 or 404) an object in the wrong state also to those who have the right; `given={"agreement": {"signed_on": DAY}}`
puts records of the subject into the state that the page needs. `public` routes are answered to
visitors who have not signed in. A list that shows only what is looked for is asked for
every family in turn with `search=True`; one that needs ids in its address gets all of them with `every="case"`; one
that names families beside its rows, which the actor may know of, says in which relations with `names`.
"""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import rooms
from tests.access.domains import OBJECTS, Action, Relation, Role

# Routes judged elsewhere, or by nobody: the beginning of their names, and why.
GROUPS: dict[str, str] = {
    "account_": "sign-in and password of the library: about the visitor alone (tests/accounts/test_sign_in.py)",
    "mfa_": "one's own second factor (tests/accounts/test_sign_in.py)",
    "usersessions_": "one's own sessions (tests/accounts/test_sessions.py)",
    "admin:": "units and people: walked by the models registered there (tests/access/test_admin_site.py)",
    "records:work": "work that a person has ordered themselves, named by its kind (tests/records/test_work.py)",
    "work_retry": "failed work, which names no family, for administrators (tests/monitoring/test_rules_page.py)",
    "healthz": "public, says that the process lives (tests/config/test_health.py)",
    "readyz": "public, says which service is missing (tests/config/test_health.py)",
    "metrics": "counts for the operator's monitoring (tests/config/test_health.py)",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What a route asks of the access table."""

    object: str
    action: Action

    @classmethod
    def parse(cls, text: str) -> "Question":
        name, action = text.split(".")
        if action not in OBJECTS[name][1]:
            raise ValueError(f"{name} has no action {action}: see tests/access/domains.py.")
        return cls(name, Action(action))

    def __str__(self) -> str:
        return f"{self.object}.{self.action}"


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One line of the table; see the docstring of this module."""

    name: str
    asks: Question
    methods: tuple[str, ...]
    at: str = ""
    also: Question | None = None
    only: frozenset[Role] | None = None
    state: bool = False
    public: bool = False
    search: bool = False
    every: str = ""
    names: frozenset[Relation] = frozenset()
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_list(self) -> bool:
        """Whether the page shows many objects, each by its own right."""
        return self.asks.action is Action.LIST

    def __str__(self) -> str:
        return f"{self.name} ({'/'.join(self.methods)})"


def _route(name: str, asks: str, methods: tuple[str, ...], **more: Any) -> Route:
    also = more.pop("also", None)
    return Route(name, Question.parse(asks), methods, also=Question.parse(also) if also else None, **more)


def page(name: str, asks: str, **more: Any) -> Route:
    """A page that is only read."""
    return _route(name, asks, ("GET",), **more)


def form(name: str, asks: str, **more: Any) -> Route:
    """A page with a form that is sent to the same address."""
    return _route(name, asks, ("GET", "POST"), **more)


def post(name: str, asks: str, **more: Any) -> Route:
    """An address that only takes."""
    return _route(name, asks, ("POST",), **more)


def listing(name: str, asks: str, *, only: Iterable[Role] = (), **more: Any) -> Route:
    """A page with many objects; `only` are the roles it is made for."""
    return _route(name, asks, ("GET",), only=frozenset(only) or None, **more)


@cache
def room_files() -> tuple[ModuleType, ...]:
    """The modules of `tests/access/rooms`, in the order of their names."""
    found = sorted(module.name for module in pkgutil.iter_modules(rooms.__path__))
    return tuple(importlib.import_module(f"{rooms.__name__}.{name}") for name in found)


@cache
def table() -> tuple[Route, ...]:
    """All routes of all rooms. A route may stand twice, with different questions or arguments."""
    return tuple(route for room in room_files() for route in room.ROUTES)


def names_in_use(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The name of every route the application answers; Django's own nameless catch-alls of the administration aside."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names_in_use(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}"


def group_of(name: str) -> str | None:
    """The group that answers for a route which is not in the table."""
    return next((group for group in GROUPS if name.startswith(group)), None)
