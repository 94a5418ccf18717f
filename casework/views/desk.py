"""The pages that people keep open all day: "My families" of a specialist, the caseload of a head, lists of cases."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import require, signed_in, working_appointment, works_as
from accounts.enums import AccessAction, Role
from accounts.journal import record
from accounts.models import User
from casework.models import SupportCase
from casework.narrowing import LOAD_TITLES, NOBODY, CaseloadFilters, ListFilters, address, narrowed
from casework.querysets import SupportCaseQuerySet
from casework.registry import main_action, row_notes
from casework.worklists import (
    ORDERS,
    CuratorLoad,
    ListState,
    case_rows,
    caseload,
    caseload_in_all,
    counted_for,
    in_state,
    rows_in_charge,
)
from common.paging import CappedCount, capped_counts, paginate
from families.models import Family

PRESETS = (ListState.OVERDUE, ListState.SOON, ListState.TERM_OVER)
"""The states that stand above a list with their numbers."""


@require_GET
def my_families(request: HttpRequest) -> HttpResponse:
    """The specialist's own cases, what burns first, with the button that logs a visit in each row."""
    user = signed_in(request)
    require(works_as(user, Role.SPECIALIST))
    return _list_page(request, user, "casework/my_families.html", registered=Family.objects.awaiting_curator(user))


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases of a department or an institution: where every number of the caseload leads."""
    user = signed_in(request)
    require(works_as(user, Role.DEPARTMENT_HEAD, Role.DIRECTOR))
    return _list_page(request, user, "casework/case_list.html")


@require_GET
def caseload_page(request: HttpRequest) -> HttpResponse:
    """What each curator of the department, or of the institution, answers for."""
    user = signed_in(request)
    require(works_as(user, Role.DEPARTMENT_HEAD, Role.DIRECTOR))
    today, soon_days = _day(user)
    filters = CaseloadFilters(request.GET, user=user)
    chosen = filters.chosen()
    order = chosen.pop("sort", "")
    cases = narrowed(counted_for(user), chosen, today, soon_days)
    loads, in_all = caseload(cases, today, soon_days, order), caseload_in_all(cases, today, soon_days)
    links = _Links(chosen, order)
    context = {
        "heads": _caseload_heads(),
        "rows": [_caseload_row(load, links) for load in loads],
        "sums": {"next_due": in_all.next_due, "cells": _caseload_cells(in_all, links)},
        "figures": _caseload_figures(in_all, links),
        "filters": filters,
        "chips": filters.chips(request),
        "sort": order,
    }
    return render(request, "casework/caseload.html", context)


def _list_page(request: HttpRequest, user: User, template: str, **counted: QuerySet[Any]) -> HttpResponse:
    """A page of cases in charge, narrowed by the filters of the address, in one order or the other.

    `counted` names what the template tells the number of besides.
    """
    today, soon_days = _day(user)
    filters = ListFilters(request.GET, user=user)
    chosen = filters.chosen()
    cases, order = SupportCase.objects.in_charge(user).open(), chosen.get("sort", "due")
    shown = narrowed(rows_in_charge(user, today, soon_days, order), chosen, today, soon_days)
    page = paginate(shown, *ORDERS[order], cursor=request.GET.get("cursor", ""))
    main = main_action() if works_as(user, Role.SPECIALIST) else None
    rows = case_rows(page.rows, today, row_notes(user, [values["id"] for values in page.rows], today), main)
    _note_shown(request, page.rows)
    others = [_hidden(user, chosen, today, soon_days), *_by_state(cases, chosen, today, soon_days)]
    total, hidden, *numbers = capped_counts(narrowed(cases, chosen, today, soon_days), *others, *counted.values())
    context = {
        "page": page,
        "rows": rows,
        "total": total,
        "sort": order,
        "filters": filters,
        "chips": filters.chips(request),
        "presets": _presets(request, chosen, numbers[: len(PRESETS)]),
        "hidden": hidden.value,
        "back": chosen.get("back", ""),
        "main": main,
    }
    context |= {name: count.value for name, count in zip(counted, numbers[len(PRESETS) :], strict=True)}
    return render(request, template, context)


def _note_shown(request: HttpRequest, rows: Sequence[dict[str, Any]]) -> None:
    """Write the cases of these rows into the journal, with the institutions that the rows themselves name."""
    answering = {values["id"]: values["institution_id"] for values in rows}
    record(request, AccessAction.LIST, "supportcase", object_ids=list(answering), answering=answering)


def _day(user: User) -> tuple[date, int]:
    """Today where the person works, and how many days before the due date a contact is called due soon."""
    appointment = working_appointment(user)
    today = appointment.local_today()
    policy = appointment.region.policy_on(today) if appointment.region else None
    return today, policy.due_soon_days if policy else 0


def _hidden(user: User, chosen: dict[str, Any], today: date, soon_days: int) -> SupportCaseQuerySet:
    """The restricted cases that the list leaves out."""
    return narrowed(counted_for(user).filter(is_restricted=True), chosen, today, soon_days)


def _by_state(
    cases: SupportCaseQuerySet, chosen: dict[str, Any], today: date, soon_days: int
) -> list[SupportCaseQuerySet]:
    """What each of PRESETS would show of the cases under the other filters."""
    others = {name: value for name, value in chosen.items() if name != "state"}
    everything = narrowed(cases, others, today, soon_days)
    return [in_state(everything, state, today, soon_days) for state in PRESETS]


def _presets(request: HttpRequest, chosen: dict[str, Any], counts: Sequence[CappedCount]) -> list[dict[str, Any]]:
    """The filters people use every day, with how many cases each holds under the other filters that are chosen."""
    everything = {"title": _("All"), "url": address(request, state=None), "current": "state" not in chosen}
    presets = [
        {
            "title": str(state.label).capitalize(),
            "url": address(request, state=state.value),
            "current": chosen.get("state") == state.value,
            "count": count,
        }
        for state, count in zip(PRESETS, counts, strict=True)
    ]
    return [everything, *presets]


def _caseload_heads() -> list[tuple[str, str]]:
    """The numbers of a caseload in their order: what they are sorted by, and the title."""
    return [(name, capfirst(str(title))) for name, title in LOAD_TITLES.items() if name not in {"name", "due"}]


class _Links:
    """Addresses of the lists that the numbers of a caseload open: narrowed as it is, with a way back to it."""

    def __init__(self, chosen: dict[str, Any], order: str) -> None:
        self.chosen = chosen
        here = chosen | ({"sort": order} if order else {})
        self.back = {"back": urlencode(here)} if here else {}

    def to(self, **query: str) -> str:
        params = self.chosen | query | self.back
        return f"{reverse('casework:cases')}?{urlencode(params)}" if params else reverse("casework:cases")


def _caseload_row(load: CuratorLoad, links: _Links) -> dict[str, Any]:
    """One curator's numbers, each with the list it opens: that of the children, with the families they live in."""
    own = {"curator": str(load.curator_id) if load.curator_id else NOBODY}
    return {
        "name": load.name,
        "url": links.to(**own),
        "nobody": load.curator_id is None,
        "burning": load.overdue > 0,
        "next_due": load.next_due,
        "cells": _caseload_cells(load, links, **own),
    }


def _caseload_cells(load: CuratorLoad, links: _Links, **own: str) -> list[tuple[str, int, str]]:
    """The numbers under their heads, each with the list that `own` narrows."""
    cells = [
        (load.overdue, links.to(**own, state=ListState.OVERDUE.value)),
        (load.due_soon, links.to(**own, state=ListState.SOON.value)),
        *((number, links.to(**own, stage=stage)) for stage, number in load.stages.items()),
        (load.children, links.to(**own, children="1")),
        (load.total, links.to(**own)),
    ]
    return [(title, *cell) for (_name, title), cell in zip(_caseload_heads(), cells, strict=True)]


def _caseload_figures(in_all: CuratorLoad, links: _Links) -> list[dict[str, Any]]:
    """The figures over the caseload, what burns first; each opens its list."""
    return [
        {
            "value": in_all.overdue,
            "label": ngettext("visit overdue", "visits overdue", in_all.overdue),
            "url": links.to(state=ListState.OVERDUE.value),
            "tone": "burning" if in_all.overdue else "",
        },
        {
            "value": in_all.unassigned,
            "label": ngettext("case without a curator", "cases without a curator", in_all.unassigned),
            "url": links.to(curator=NOBODY),
            "tone": "soon" if in_all.unassigned else "",
        },
        {
            "value": in_all.due_soon,
            "label": ngettext("contact due soon", "contacts due soon", in_all.due_soon),
            "url": links.to(state=ListState.SOON.value),
        },
        {"value": in_all.total, "label": ngettext("open case", "open cases", in_all.total), "url": links.to()},
        {
            "value": in_all.children,
            "label": ngettext("child in these families", "children in these families", in_all.children),
            "url": links.to(children="1"),
        },
    ]
