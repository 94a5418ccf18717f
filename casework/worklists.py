"""The working lists: what one row of "My families" shows, and what the head's caseload adds up.

Rows are read as plain values and turned into finished strings in one pass: these are the pages that people keep open
all day. Numbers count restricted families too; lists leave them out and say how many they leave out (clarifications).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Count,
    DateField,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import scope_in_charge
from accounts.models import User
from casework.contacts import NO_CONTACT_DUE
from casework.enums import Stage, VisitState
from casework.models import SupportCase, SupportPause, Visit
from casework.querysets import SupportCaseQuerySet
from casework.registry import RowNote
from common.calendar import ContactState, add_years, contact_state, overdue_days
from common.text import initials_last, short_date
from families.models import FamilyMembership

OPEN_STAGES = tuple(stage for stage in Stage if stage is not Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A row of a working list, ready to be shown; `pk` and `next_contact_due_on` are what the keyset pages by."""

    pk: int
    next_contact_due_on: date
    opened_on: date
    name: str
    number: str
    place: str
    stage: str
    curator: str
    due: str
    tone: str
    alarm: str
    last_contact: str
    next_visit: str
    children: int
    term: str
    term_over: bool
    notes: tuple[RowNote, ...] = ()


def with_row(cases: SupportCaseQuerySet, today: date) -> QuerySet[Any, Any]:
    """The columns of a row in one query; counts are made for the rows of the page only."""
    minors = (
        FamilyMembership.objects.on(today)
        .living_together()
        .filter(family=OuterRef("family"), person__birth_date__gt=add_years(today, -18))
    )
    planned = Visit.objects.filter(case=OuterRef("pk"), state=VisitState.PLANNED)
    pauses = SupportPause.objects.filter(case=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today)
    rows: QuerySet[Any, Any] = cases.annotate(
        children=Coalesce(
            Subquery(minors.order_by().values("family").annotate(number=Count("pk")).values("number")),
            0,
            output_field=IntegerField(),
        ),
        planned_visit=Subquery(planned.order_by("planned_on").values("planned_on")[:1], output_field=DateField()),
        is_paused=Exists(pauses),
    ).values(
        "id",
        "number",
        "stage",
        "opened_on",
        "planned_end_on",
        "removed_on",
        "last_contact_on",
        "next_contact_due_on",
        "family__title",
        "family__settlement__title",
        "curator__last_name",
        "curator__first_name",
        "curator__patronymic",
        "children",
        "planned_visit",
        "is_paused",
    )
    return rows


def case_row(values: dict[str, Any], today: date, soon_days: int, notes: tuple[RowNote, ...] = ()) -> CaseRow:
    """One row of `with_row` as it is shown on `today`; `soon_days` is the region's warning before the due date."""
    due_on: date = values["next_contact_due_on"]
    state = ContactState.PAUSED if values["is_paused"] else contact_state(due_on, today)
    if state is ContactState.DUE_SOON and (due_on - today).days > soon_days:
        state = ContactState.NOT_DUE
    days = overdue_days(due_on, today)
    alarm, tone = {
        ContactState.OVERDUE: (
            ngettext("%(days)d day overdue", "%(days)d days overdue", days) % {"days": days},
            "burning",
        ),
        ContactState.DUE_SOON: (_("due soon"), "warn"),
        ContactState.PAUSED: (_("paused"), "neutral"),
    }.get(state, ("", ""))
    end_on = values["planned_end_on"]
    term_over = bool(end_on and end_on < today and values["removed_on"] is None)
    curator = initials_last(
        values["curator__last_name"] or "", values["curator__first_name"] or "", values["curator__patronymic"] or ""
    )
    return CaseRow(
        pk=values["id"],
        next_contact_due_on=due_on,
        opened_on=values["opened_on"],
        name=values["family__title"],
        number=values["number"],
        place=values["family__settlement__title"] or "",
        stage=str(Stage(values["stage"]).label),
        curator=curator if values["curator__last_name"] else "",
        due="" if due_on == NO_CONTACT_DUE else short_date(due_on),
        tone=tone,
        alarm=alarm,
        last_contact=_short(values["last_contact_on"]),
        next_visit=_short(values["planned_visit"]),
        children=values["children"],
        term=_short(end_on),
        term_over=term_over,
        notes=notes,
    )


class ListState(TextChoices):
    """What a working list can be narrowed to, apart from the stage."""

    OVERDUE = "overdue", gettext_lazy("overdue")
    SOON = "soon", gettext_lazy("due soon")
    PAUSED = "paused", gettext_lazy("paused")
    TERM_OVER = "term", gettext_lazy("term over")
    NO_CURATOR = "nobody", gettext_lazy("without a curator")


def in_state(cases: SupportCaseQuerySet, state: str, today: date, soon_days: int) -> SupportCaseQuerySet:
    """Those of the cases that are in `state` today; all of them for an empty one."""
    match state:
        case ListState.OVERDUE:
            return cases.overdue(today, today=today)
        case ListState.SOON:
            return cases.due_soon(today, soon_days)
        case ListState.PAUSED:
            return cases.filter(pauses__starts_on__lte=today, pauses__ends_on__gte=today)
        case ListState.TERM_OVER:
            return cases.filter(planned_end_on__lt=today, removed_on=None)
        case ListState.NO_CURATOR:
            return cases.filter(curator=None)
    return cases


def counted_for(user: User) -> SupportCaseQuerySet:
    """The open cases that the numbers of `user` count: the scope with restricted families in it."""
    scope = scope_in_charge(user)
    cases: SupportCaseQuerySet = SupportCase.objects.open().order_by()
    return cases.filter(**{scope.column: scope.value}) if scope else cases.none()


@dataclass(frozen=True, slots=True)
class CuratorLoad:
    """What one curator answers for; `curator_id` None stands for the cases that nobody has been assigned to."""

    curator_id: int | None
    name: str
    total: int
    stages: dict[str, int]
    overdue: int
    due_soon: int
    children: int
    next_due: str


def caseload(user: User, today: date, soon_days: int) -> list[CuratorLoad]:
    """Per curator: cases by stage, overdue, due soon, children, the next due date; the unassigned first.

    Two queries, whatever the number of cases: one over the cases, one over the children who live in their families.
    """
    cases = counted_for(user)
    pauses = SupportPause.objects.filter(case=OuterRef("pk"), starts_on__lte=today, ends_on__gte=today)
    due_now = Q(next_contact_due_on__lt=today, quiet=False)
    rows = (
        cases.annotate(quiet=Exists(pauses))
        .values("curator_id", "curator__last_name", "curator__first_name", "curator__patronymic")
        .annotate(
            total=Count("pk"),
            overdue=Count("pk", filter=due_now),
            due_soon=Count(
                "pk", filter=Q(next_contact_due_on__range=(today, _days_later(today, soon_days)), quiet=False)
            ),
            next_due=Min("next_contact_due_on"),
            **{f"stage_{stage.value}": Count("pk", filter=Q(stage=stage)) for stage in OPEN_STAGES},
        )
    )
    children = _children_by_curator(cases, today)
    loads = [_load(row, children.get(row["curator_id"], 0)) for row in rows]
    return sorted(loads, key=lambda load: (load.curator_id is not None, -load.overdue, load.name))


def _children_by_curator(cases: SupportCaseQuerySet, today: date) -> dict[int | None, int]:
    """Children under 18 living in the families of each curator's cases."""
    minors = (
        FamilyMembership.objects.on(today)
        .living_together()
        .filter(person__birth_date__gt=add_years(today, -18), family__cases__in=cases)
    )
    open_case = Q(family__cases__closed_on=None)
    rows = minors.filter(open_case).order_by().values("family__cases__curator_id").annotate(number=Count("pk"))
    return {row["family__cases__curator_id"]: row["number"] for row in rows}


def _load(row: Any, children: int) -> CuratorLoad:
    known = row["curator_id"] is not None
    return CuratorLoad(
        curator_id=row["curator_id"],
        name=initials_last(row["curator__last_name"], row["curator__first_name"], row["curator__patronymic"])
        if known
        else _("without a curator"),
        total=row["total"],
        stages={stage.value: row[f"stage_{stage.value}"] for stage in OPEN_STAGES},
        overdue=row["overdue"],
        due_soon=row["due_soon"],
        children=children,
        next_due="" if row["next_due"] == NO_CONTACT_DUE else short_date(row["next_due"]),
    )


def totals(loads: Iterable[CuratorLoad]) -> dict[str, int]:
    """The sums under the table of a caseload."""
    loads = list(loads)
    return {
        "total": sum(load.total for load in loads),
        "overdue": sum(load.overdue for load in loads),
        "due_soon": sum(load.due_soon for load in loads),
        "children": sum(load.children for load in loads),
        "unassigned": sum(load.total for load in loads if load.curator_id is None),
        **{stage.value: sum(load.stages[stage.value] for load in loads) for stage in OPEN_STAGES},
    }


def _days_later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _short(day: date | None) -> str:
    return short_date(day) if day else ""
