"""What higher rooms tell this one when they start: the families room shows and calls it, and imports none of them.

Every registration is made in an AppConfig.ready; the same thing registered twice is a mistake.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template import Template
from django.utils.functional import Promise

from accounts.models import User
from families.enums import FamilyFact
from families.models import Family

Title = Promise | str
NumberSource = Callable[[User, str], QuerySet[Any, int]]
SupportSource = Callable[[Iterable[int], date], set[int]]
Listener = Callable[[User, Family], None]
Detail = str | int | date


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the family card that a higher room fills: a template, which is given `panel`, and what that holds.

    `context(request, family)` reads through `.visible_to(request.user)` and is None to show nothing; panels stand in
    the order of `position`.
    """

    name: str
    template: str | Template
    context: Callable[[HttpRequest, Family], dict[str, Any] | None]
    position: int = 100


@dataclass(frozen=True, slots=True)
class Tab:
    """A page about a family in a higher room, linked from the tabs of the card; `route` takes the family's id."""

    route: str
    title: Title
    allowed: Callable[[User, Family], bool]
    position: int = 100


@dataclass(frozen=True, slots=True)
class Action:
    """A button in the header of the card; `url(user, family)` is None for those who may not do it now."""

    name: str
    title: Title
    icon: str
    url: Callable[[User, Family], str | None]
    main: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened to a family on a day, and to which of its records.

    `details` are codes, numbers and days that everybody who reads the card may know, for others keep them.
    """

    family: Family
    fact: FamilyFact
    on: date
    actor: User
    object_id: int | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)


FactListener = Callable[[Happening], None]

_panels: dict[str, Panel] = {}
_tabs: dict[str, Tab] = {}
_actions: dict[str, Action] = {}
_number_sources: dict[str, NumberSource] = {}
_support_sources: dict[str, SupportSource] = {}
_restriction_listeners: dict[str, Listener] = {}
_fact_listeners: dict[str, FactListener] = {}


def _add(registry: dict[str, Any], name: str, item: Any) -> None:
    if registry.get(name, item) != item:
        raise ValueError(f"{name} is registered twice.")
    registry[name] = item


def register_panel(panel: Panel) -> None:
    """Add a panel to the family card."""
    _add(_panels, panel.name, panel)


def register_tab(tab: Tab) -> None:
    """Add a tab to the pages of a family."""
    _add(_tabs, tab.route, tab)


def register_action(action: Action) -> None:
    """Add a button to the header of the family card."""
    _add(_actions, action.name, action)


def register_number_source(name: str, source: NumberSource) -> None:
    """Let the search find families by a number of another paper: `source(user, number)` gives ids of families.

    The search looks only among families that the user may open, whatever the source returns.
    """
    _add(_number_sources, name, source)


def register_support_source(name: str, source: SupportSource) -> None:
    """Say which families are on support on a day: `source(family_ids, day)` gives those that are."""
    _add(_support_sources, name, source)


def register_restriction_listener(name: str, listener: Listener) -> None:
    """Be called, in the same transaction, after a family was restricted or opened again."""
    _add(_restriction_listeners, name, listener)


def register_fact_listener(name: str, listener: FactListener) -> None:
    """Be told, in the same transaction, what happened to a family."""
    _add(_fact_listeners, name, listener)


def panels(request: HttpRequest, family: Family) -> list[dict[str, Any]]:
    """The panels to show on the card of `family`: the template and its context."""
    shown = []
    for panel in sorted(_panels.values(), key=lambda row: (row.position, row.name)):
        context = panel.context(request, family)
        if context is not None:
            shown.append({"template": panel.template, "context": context})
    return shown


def tabs(user: User, family: Family) -> list[Tab]:
    """The tabs of higher rooms that `user` may open for `family`."""
    rows = sorted(_tabs.values(), key=lambda row: (row.position, row.route))
    return [tab for tab in rows if tab.allowed(user, family)]


def actions(user: User, family: Family) -> list[dict[str, Any]]:
    """The buttons of higher rooms on the card, as the identity bar takes them."""
    found = [(action, action.url(user, family)) for action in _actions.values()]
    return [
        {"url": url, "title": action.title, "icon": action.icon, "main": action.main} for action, url in found if url
    ]


def families_by_number(user: User, number: str) -> set[int]:
    """Ids of families that higher rooms know under this number."""
    return {key for source in _number_sources.values() for key in source(user, number)}


def on_support(family_ids: Iterable[int], day: date) -> set[int]:
    """Which of these families are on support on `day`."""
    keys = list(family_ids)
    return {key for source in _support_sources.values() for key in source(keys, day)}


def restriction_changed(actor: User, family: Family) -> None:
    """Tell the higher rooms that the family was restricted, or opened again."""
    for listener in _restriction_listeners.values():
        listener(actor, family)


def happened(happening: Happening) -> None:
    """Tell the higher rooms what happened to a family."""
    for listener in _fact_listeners.values():
        listener(happening)
