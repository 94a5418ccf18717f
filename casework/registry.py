"""What other subjects and higher rooms tell the core of this room when they start.

The pages of a case show tabs, panels and buttons, and the moves between stages wait for guards; those who own the
matter register them in their AppConfig.ready, so that the core imports none of them. The same code registered twice is
a mistake.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import BooleanField, Exists, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User
from casework.enums import BasisBody, GuardCode
from casework.models import SupportCase

Title = Promise | str
Permission = Callable[[User, SupportCase], bool]
Condition = Callable[[date], Q | Exists]
PeriodLock = Callable[[SupportCase, date], bool]
BodySource = Callable[[SupportCase, BasisBody, date], str]
HistorySource = Callable[[SupportCase], QuerySet[Any, Any]]
PaperSource = Callable[[SupportCase], Q]


def everybody(_user: User, _case: SupportCase) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Tab:
    """A page about a case; `route` takes the case's id, `allowed` is asked without queries."""

    code: str
    title: Title
    route: str
    position: int
    allowed: Permission = everybody


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the overview: a template and what it is given; a context of None shows nothing.

    `context(request, case)` reads through `.visible_to(request.user)` in a fixed number of queries. `aside` panels
    stand in the narrow column.
    """

    code: str
    template: str
    context: Callable[[HttpRequest, SupportCase], dict[str, Any] | None]
    position: int = 100
    aside: bool = True


@dataclass(frozen=True, slots=True)
class Action:
    """A button in the identity bar of a case, for those to whom `allowed` says yes, without queries."""

    code: str
    title: Title
    route: str
    icon: str
    allowed: Permission
    main: bool = False
    position: int = 100


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition of moves between stages.

    `met` states it as done ("A problem is recorded"), `missing` says what to do. `condition(on)` is an expression over
    SupportCase, so that any number of conditions of any number of cases cost one query. `route` is the page that mends
    it; it takes the case's id, or the family's where `of_family` says so.
    """

    code: GuardCode
    met: Title
    missing: Title
    condition: Condition
    route: str = ""
    of_family: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """How a guard stands for one case; `url` is the page that mends it."""

    code: GuardCode
    passed: bool
    text: Title
    url: str


@dataclass(frozen=True, slots=True)
class RowNote:
    """What waits to be done for a case, in the rows of working lists: a tag that leads there."""

    text: str
    tone: str
    url: str


RowNotes = Callable[[User, Collection[int], date], dict[int, RowNote]]

Item = TypeVar("Item", Tab, Panel, Action, Guard)

_tabs: dict[str, Tab] = {}
_panels: dict[str, Panel] = {}
_actions: dict[str, Action] = {}
_guards: dict[str, Guard] = {}
_period_locks: list[PeriodLock] = []
_histories: list[HistorySource] = []
_papers: list[PaperSource] = []
_bodies: list[BodySource] = []
_row_notes: list[RowNotes] = []


def _add(items: dict[str, Item], item: Item) -> None:
    if items.get(item.code, item) != item:
        raise ValueError(f"{item.code} is registered twice.")
    items[item.code] = item


def register_tab(tab: Tab) -> None:
    """Add a tab to the pages of a case."""
    _add(_tabs, tab)


def register_panel(panel: Panel) -> None:
    """Add a panel to the overview of a case."""
    _add(_panels, panel)


def register_action(action: Action) -> None:
    """Add a button to the identity bar of a case."""
    _add(_actions, action)


def main_action() -> Action | None:
    """The button that is pressed most, for the rows of the specialist's own list."""
    return min((row for row in _actions.values() if row.main), key=lambda row: row.position, default=None)


def register_guard(guard: Guard) -> None:
    """Give a guard its condition; moves that need a guard which nobody registered stay closed."""
    _add(_guards, guard)


def register_period_lock(lock: PeriodLock) -> None:
    """Let a higher room close reporting periods: `lock(case, day)` is True where the report on that day is accepted."""
    if lock not in _period_locks:
        _period_locks.append(lock)


def register_history(source: HistorySource) -> None:
    """Show the changes of more records on the case's page of changes: `source(case)` gives rows of a tracked model."""
    if source not in _histories:
        _histories.append(source)


def register_papers(source: PaperSource) -> None:
    """Add papers to those of a case that do not name its family: `source(case)` tells them by their owners."""
    if source not in _papers:
        _papers.append(source)


def register_bodies(source: BodySource) -> None:
    """Let a higher room name the bodies that keep their minutes in it: `source(case, kind, day)` is a title, or ""."""
    if source not in _bodies:
        _bodies.append(source)


def body_with_minutes(case: SupportCase, kind: BasisBody, day: date) -> str:
    """The title of the body of this kind that decides on `case` in the system on `day`; "" where none does."""
    return next((title for source in _bodies if (title := source(case, kind, day))), "")


def register_row_notes(source: RowNotes) -> None:
    """Note in working lists what waits: `source(user, cases, today)` answers by case for a whole page, in one query."""
    if source not in _row_notes:
        _row_notes.append(source)


def row_notes(user: User, cases: Collection[int], today: date) -> dict[int, tuple[RowNote, ...]]:
    """The notes on these cases that have any."""
    found: dict[int, tuple[RowNote, ...]] = {}
    for source in _row_notes:
        for case, note in source(user, cases, today).items():
            found[case] = (*found.get(case, ()), note)
    return found


def histories(case: SupportCase) -> list[QuerySet[Any, Any]]:
    """The tracked records whose changes the case's page of changes shows."""
    return [source(case) for source in _histories]


def papers_q(case: SupportCase) -> Q:
    """The issued papers of the case and its family, and those that rooms have added."""
    found = Q(family_id=case.family_id)
    for source in _papers:
        found |= source(case)
    return found


def tabs_for(user: User, case: SupportCase) -> list[Tab]:
    """The tabs `user` may open, in their order."""
    return [tab for tab in sorted(_tabs.values(), key=lambda row: row.position) if tab.allowed(user, case)]


def actions_for(user: User, case: SupportCase) -> list[Action]:
    """The buttons `user` is offered, in their order."""
    return [row for row in sorted(_actions.values(), key=lambda row: row.position) if row.allowed(user, case)]


def panels_for(request: HttpRequest, case: SupportCase, *, aside: bool) -> list[dict[str, Any]]:
    """The panels of one column of the overview: template and context."""
    wanted = sorted((row for row in _panels.values() if row.aside == aside), key=lambda row: row.position)
    filled = [(panel.template, panel.context(request, case)) for panel in wanted]
    return [{"template": template, "context": context} for template, context in filled if context is not None]


def guard(code: GuardCode) -> Guard | None:
    """The guard with this code; None while nobody has registered it."""
    return _guards.get(code)


def guard_answers(case: SupportCase, codes: Iterable[GuardCode], on: date) -> dict[GuardCode, bool]:
    """Which of these guards `case` meets on `on`, in one query; a guard that nobody registered is not met."""
    wanted = set(codes)
    known = {code: _guards[code].condition(on) for code in wanted if code in _guards}
    answers = dict.fromkeys(wanted, False)
    if known:
        columns = {
            f"guard_{code}": ExpressionWrapper(condition, output_field=BooleanField())
            for code, condition in known.items()
        }
        row = SupportCase.objects.filter(pk=case.pk).annotate(**columns).values(*columns).get()
        answers |= {code: bool(row[f"guard_{code}"]) for code in known}
    return answers


def check(case: SupportCase, code: GuardCode, *, passed: bool) -> Check:
    """A line of the checklist: what is done, or what to do and where."""
    found = _guards.get(code)
    if found is None:
        return Check(code, passed=False, text=code.value, url="")
    if passed or not found.route:
        return Check(code, passed, found.met if passed else found.missing, url="")
    url = reverse(found.route, args=[case.family_id if found.of_family else case.pk])
    return Check(code, passed, found.missing, url)


def is_period_locked(case: SupportCase, day: date) -> bool:
    """Whether a higher room has closed the reporting period of `day` for this case."""
    return any(lock(case, day) for lock in _period_locks)
