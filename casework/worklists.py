"""The working lists: what one row of "My families" shows, and what the head's caseload adds up.

Rows are read as plain values and turned into finished strings in one pass: these are the pages that people keep open
all day. Numbers count restricted families too; lists leave them out and say how many they leave out (clarifications).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import get_ident
from typing import Any, TypedDict

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, LPad
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import scope_in_charge
from accounts.models import User
from casework.contacts import NO_CONTACT_DUE
from casework.enums import Stage, VisitState
from casework.models import SupportCase, Visit
from casework.querysets import SupportCaseQuerySet
from casework.registry import Action, RowNote
from common.calendar import ContactState, add_years, overdue_days
from common.text import fold, initials_last, short_date
from families.models import FamilyMembership
from families.models.folding import Joined, folded

OPEN_STAGES = tuple(stage for stage in Stage if stage is not Stage.CLOSED)


class CaseRow(TypedDict):
    """A row of a working list, ready to be shown: a template asks a dictionary sooner than an object."""

    pk: int
    url: str
    action_url: str
    name: str
    number: str
    place: str
    stage: str
    opened: str
    curator: str
    due: str
    tone: str
    alarm: str
    last_contact: str
    next_visit: str
    children: str
    term: str
    term_over: bool
    notes: tuple[RowNote, ...]


ORDER_COLUMNS = {
    "family": "family__title_key",
    "number": "number_key",
    "due": "next_contact_due_on",
    "stage": "stage_rank",
    "curator": "curator_key",
    "opened": "opened_on",
}
"""What a list is sorted by, and the column for it: none of them is ever null, so that the pages are cut by keyset."""

ORDERS = {
    f"{sign}{name}": (f"{sign}{column}", f"{sign}id") for name, column in ORDER_COLUMNS.items() for sign in ("", "-")
}


def minors_on(today: date) -> Any:
    """Who is under 18 and lives with the family on `today`: the one meaning of the children of a working list."""
    return FamilyMembership.objects.on(today).living_together().filter(person__birth_date__gt=add_years(today, -18))


def minors_of_case(today: date) -> Exists:
    """Whether children live in the family of a case."""
    return Exists(minors_on(today).filter(family=OuterRef("family")))


def _sort_keys() -> dict[str, Any]:
    """Keys of the orders that no column holds: numbers "7/2026" by year, stages as they follow, curators by name."""
    year, place = (_part("number", index) for index in (2, 1))
    name = Joined(F("curator__last_name"), Value(" "), F("curator__first_name"), Value(" "), F("curator__patronymic"))
    return {
        "number_key": Joined(year, Value("/"), LPad(place, 10, Value("0")), output_field=TextField()),
        "stage_rank": Case(
            *(When(stage=stage, then=Value(rank)) for rank, stage in enumerate(OPEN_STAGES)),
            default=Value(len(OPEN_STAGES)),
            output_field=IntegerField(),
        ),
        "curator_key": Coalesce(folded(name), Value(""), output_field=TextField()),
    }


def _part(column: str, index: int) -> Func:
    return Func(F(column), Value("/"), Value(index), function="split_part", output_field=TextField())


ROW_COLUMNS = (
    *("id", "institution_id", "number", "stage", "opened_on", "planned_end_on", "removed_on", "post_support_until"),
    *("last_contact_on", "next_contact_due_on"),
    *("family__title", "family__settlement__title"),
    *("curator__last_name", "curator__first_name", "curator__patronymic"),
    *("children", "planned_visit", "contact_state"),
)


def rows_in_charge(user: User, today: date, soon_days: int, order: str) -> SupportCaseQuerySet:
    """The open cases `user` answers for, in one query: the columns of a row, and that which `order` of ORDERS sorts by.

    Counts are made for the rows of the page only. `soon_days` is the region's warning before the due date.
    """
    column = ORDER_COLUMNS[order.removeprefix("-")]
    return _with_row(today, soon_days, column, get_ident()).in_charge(user).open()


@lru_cache(maxsize=64)
def _with_row(today: date, soon_days: int, column: str, _thread: int) -> SupportCaseQuerySet:
    """All cases with the columns of a row; kept for the day, for it takes as long to put together as to answer.

    A thread has its own: narrowed querysets share the subqueries, and Django counts in them while it writes them down.
    """
    minors = minors_on(today).filter(family=OuterRef("family"))
    planned = Visit.objects.filter(case=OuterRef("pk"), state=VisitState.PLANNED)
    stated: SupportCaseQuerySet = SupportCase.objects.with_contact_state(today, soon_days)
    rows = stated.annotate(
        children=Coalesce(
            Subquery(minors.order_by().values("family").annotate(number=Count("pk")).values("number")),
            0,
            output_field=IntegerField(),
        ),
        planned_visit=Subquery(planned.order_by("planned_on").values("planned_on")[:1], output_field=DateField()),
    )
    keys = _sort_keys()
    if column in keys:
        rows = rows.annotate(**{column: keys[column]})
    found: SupportCaseQuerySet = rows.values(*dict.fromkeys([*ROW_COLUMNS, column]))
    return found


def addresses(route: str) -> Callable[[int], str]:
    """The addresses of a route that takes an id alone; it is looked up once, not for each row."""
    before, _id, after = reverse(route, args=[0]).partition("/0/")
    return lambda pk: f"{before}/{pk}/{after}"


def case_rows(
    found: Iterable[dict[str, Any]], today: date, notes: Mapping[int, tuple[RowNote, ...]], main: Action | None
) -> list[CaseRow]:
    """Rows of `rows_in_charge` as shown on `today`, each with what `main` opens, where there is such an action."""
    to_case, to_action = addresses("casework:case"), addresses(main.route) if main else (lambda _pk: "")
    return [
        _case_row(values, today, notes.get(values["id"], ()), to_case(values["id"]), to_action(values["id"]))
        for values in found
    ]


def _case_row(values: dict[str, Any], today: date, notes: tuple[RowNote, ...], url: str, action_url: str) -> CaseRow:
    due_on: date = values["next_contact_due_on"]
    alarm, tone = _alarm(values["contact_state"], due_on, today)
    # Once the family is removed, the term that runs is that of post-support.
    is_removed = values["removed_on"] is not None
    end_on = values["post_support_until"] if is_removed else values["planned_end_on"]
    term_over = bool(end_on and end_on < today and not is_removed)
    curator = initials_last(
        values["curator__last_name"] or "", values["curator__first_name"] or "", values["curator__patronymic"] or ""
    )
    return CaseRow(
        pk=values["id"],
        url=url,
        action_url=action_url,
        name=values["family__title"],
        number=values["number"],
        place=values["family__settlement__title"] or "",
        stage=str(Stage(values["stage"]).label),
        opened=short_date(values["opened_on"]),
        curator=curator if values["curator__last_name"] else "",
        due="" if due_on == NO_CONTACT_DUE else short_date(due_on),
        tone=tone,
        alarm=alarm,
        last_contact=_short(values["last_contact_on"]),
        next_visit=_short(values["planned_visit"]),
        children=str(values["children"]),
        term=_short(end_on),
        term_over=term_over,
        notes=notes,
    )


def _alarm(state: str, due_on: date, today: date) -> tuple[str, str]:
    """What the due date calls for, in a word, and its tone."""
    match state:
        case ContactState.OVERDUE:
            days = overdue_days(due_on, today)
            return ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days}, "burning"
        case ContactState.DUE_SOON:
            return _("due soon"), "warn"
        case ContactState.PAUSED:
            return _("paused"), "neutral"
    return "", ""


class ListState(TextChoices):
    """What a working list can be narrowed to, apart from the stage."""

    OVERDUE = "overdue", gettext_lazy("overdue")
    SOON = "soon", gettext_lazy("due soon")
    PAUSED = "paused", gettext_lazy("paused")
    TERM_OVER = "term", gettext_lazy("term over")


def in_state(cases: SupportCaseQuerySet, state: str, today: date, soon_days: int) -> SupportCaseQuerySet:
    """Those of the cases that are in `state` today; all of them for an empty one."""
    match state:
        case ListState.OVERDUE:
            return cases.overdue(today, today=today)
        case ListState.SOON:
            return cases.due_soon(today, soon_days)
        case ListState.PAUSED:
            return cases.paused(today)
        case ListState.TERM_OVER:
            return cases.filter(planned_end_on__lt=today, removed_on=None)
    return cases


def counted_for(user: User) -> SupportCaseQuerySet:
    """The open cases that the numbers of `user` count: the scope with restricted families in it."""
    scope = scope_in_charge(user)
    cases: SupportCaseQuerySet = SupportCase.objects.open().order_by()
    return cases.filter(**{scope.column: scope.value}) if scope else cases.none()


CURATOR_NAME = ("curator__last_name", "curator__first_name", "curator__patronymic")
LOAD_NUMBERS: dict[str, Any] = {
    "total": Count("pk"),
    "overdue": Count("pk", filter=Q(contact_state=ContactState.OVERDUE)),
    "due_soon": Count("pk", filter=Q(contact_state=ContactState.DUE_SOON)),
    "unassigned": Count("pk", filter=Q(curator=None)),
    "next_due": Min("next_contact_due_on"),
    **{f"stage_{stage.value}": Count("pk", filter=Q(stage=stage)) for stage in OPEN_STAGES},
}
"""What is counted of a caseload."""


@dataclass(frozen=True, slots=True)
class CuratorLoad:
    """What one curator answers for; `curator_id` None stands for the cases that nobody has been assigned to."""

    curator_id: int | None
    name: str
    total: int
    stages: dict[str, int]
    overdue: int
    due_soon: int
    unassigned: int
    children: int
    next_due_on: date

    @property
    def next_due(self) -> str:
        return "" if self.next_due_on == NO_CONTACT_DUE else short_date(self.next_due_on)


def _in_stage(stage: Stage) -> Callable[[CuratorLoad], int]:
    return lambda load: load.stages[stage.value]


LOAD_ORDERS: dict[str, Callable[[CuratorLoad], Any]] = {
    "name": lambda load: fold(load.name),
    "due": lambda load: load.next_due_on,
    "overdue": lambda load: load.overdue,
    "soon": lambda load: load.due_soon,
    **{stage.value: _in_stage(stage) for stage in OPEN_STAGES},
    "children": lambda load: load.children,
    "total": lambda load: load.total,
}
"""What the caseload is sorted by."""


def caseload(cases: SupportCaseQuerySet, today: date, soon_days: int, order: str = "") -> list[CuratorLoad]:
    """Per curator: cases by stage, overdue, due soon, children, the next due date.

    In the order of LOAD_ORDERS, descending after a minus; else the unassigned first, then who has most overdue. Two
    queries, whatever the number of cases: one over the cases, one over the children who live in their families.
    """
    people = cases.with_contact_state(today, soon_days).values("curator_id", *CURATOR_NAME)
    children = _children_by_curator(cases, today)
    loads = [
        _load(row, _curator_name(row), children.get(row["curator_id"], 0)) for row in people.annotate(**LOAD_NUMBERS)
    ]
    loads.sort(key=lambda load: (load.curator_id is not None, -load.overdue, load.name))
    if key := LOAD_ORDERS.get(order.removeprefix("-")):
        loads.sort(key=key, reverse=order.startswith("-"))
    return loads


def caseload_in_all(cases: SupportCaseQuerySet, today: date, soon_days: int) -> CuratorLoad:
    """The same numbers of all the cases, whoever their curators are; two queries."""
    numbers = cases.with_contact_state(today, soon_days).aggregate(**LOAD_NUMBERS)
    numbers["next_due"] = numbers["next_due"] or NO_CONTACT_DUE
    return _load(numbers, _("In all"), _children(cases, today).count())


def _children(cases: SupportCaseQuerySet, today: date) -> "QuerySet[Any]":
    """Children under 18 living in the families of these cases."""
    minors: QuerySet[Any] = minors_on(today).filter(family__cases__in=cases).order_by()
    return minors


def _children_by_curator(cases: SupportCaseQuerySet, today: date) -> dict[int | None, int]:
    rows = _children(cases, today).values("family__cases__curator_id").annotate(number=Count("pk"))
    return {row["family__cases__curator_id"]: row["number"] for row in rows}


def _curator_name(row: Any) -> str:
    if row["curator_id"] is None:
        return _("without a curator")
    last, first, patronymic = (row[column] for column in CURATOR_NAME)
    return initials_last(last, first, patronymic)


def _load(row: Any, name: str, children: int) -> CuratorLoad:
    return CuratorLoad(
        curator_id=row.get("curator_id"),
        name=name,
        total=row["total"],
        stages={stage.value: row[f"stage_{stage.value}"] for stage in OPEN_STAGES},
        overdue=row["overdue"],
        due_soon=row["due_soon"],
        unassigned=row["unassigned"],
        children=children,
        next_due_on=row["next_due"],
    )


def _short(day: date | None) -> str:
    return short_date(day) if day else ""
