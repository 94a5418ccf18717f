"""The pages that people keep open all day: "My families" of a specialist, the caseload of a head, lists of cases."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import require, signed_in, working_appointment, works_as
from accounts.enums import AccessAction, Role
from accounts.journal import record
from accounts.models import User
from casework.models import SupportCase
from casework.querysets import SupportCaseQuerySet
from casework.registry import main_action, row_notes
from casework.worklists import (
    OPEN_STAGES,
    CuratorLoad,
    ListState,
    case_row,
    caseload,
    counted_for,
    in_state,
    totals,
    with_row,
)
from common.paging import capped_count, paginate

ORDERS = {
    "due": ("next_contact_due_on", "id"),
    "-due": ("-next_contact_due_on", "-id"),
    "opened": ("opened_on", "id"),
    "-opened": ("-opened_on", "-id"),
}


class ListFilters(forms.Form):
    """What a list of cases is narrowed to; it stays in the address of the page."""

    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        required=False,
        choices=[("", gettext_lazy("any")), *((stage.value, stage.label) for stage in OPEN_STAGES)],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("any")), *ListState.choices]
    )
    curator = forms.TypedChoiceField(label=gettext_lazy("Curator"), required=False, coerce=int, empty_value=None)
    sort = forms.ChoiceField(required=False, choices=[(order, order) for order in ORDERS], widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if works_as(user, Role.SPECIALIST):
            del self.fields["curator"]
        else:
            self.fields["curator"].choices = [("", _("any")), *_curators(user)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The valid choices; a value that was tampered with counts as none."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@require_GET
def my_families(request: HttpRequest) -> HttpResponse:
    """The specialist's own cases, what burns first, with the button that logs a visit in each row."""
    user = signed_in(request)
    require(works_as(user, Role.SPECIALIST))
    return _list_page(request, user, "casework/my_families.html")


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
    loads = caseload(user, today, soon_days)
    sums = totals(loads)
    context = {
        "heads": _caseload_heads(),
        "rows": [_caseload_row(load) for load in loads],
        "figures": _caseload_figures(sums),
    }
    return render(request, "casework/caseload.html", context)


def _list_page(request: HttpRequest, user: User, template: str) -> HttpResponse:
    """A page of cases in charge, narrowed by the filters of the address, in one order or the other."""
    today, soon_days = _day(user)
    filters = ListFilters(request.GET, user=user)
    chosen = filters.chosen()
    cases = _narrowed(SupportCase.objects.in_charge(user).open(), chosen, today, soon_days)
    order = chosen.get("sort", "due")
    page = paginate(with_row(cases, today), *ORDERS[order], cursor=request.GET.get("cursor", ""))
    notes = row_notes(user, [values["id"] for values in page.rows], today)
    rows = [case_row(values, today, soon_days, notes.get(values["id"], ())) for values in page.rows]
    record(request, AccessAction.LIST, "supportcase", object_ids=[row.pk for row in rows])
    hidden = _narrowed(counted_for(user).filter(is_restricted=True), chosen, today, soon_days).count()
    context = {
        "page": page,
        "rows": rows,
        "total": capped_count(cases),
        "sort": order,
        "filters": filters,
        "chips": _chips(request, filters, chosen),
        "presets": _presets(request, chosen, user, today, soon_days),
        "hidden": hidden,
        "main": main_action() if works_as(user, Role.SPECIALIST) else None,
    }
    return render(request, template, context)


def _narrowed(cases: SupportCaseQuerySet, chosen: dict[str, Any], today: date, soon_days: int) -> SupportCaseQuerySet:
    cases = in_state(cases, chosen.get("state", ""), today, soon_days)
    if "stage" in chosen:
        cases = cases.filter(stage=chosen["stage"])
    if "curator" in chosen:
        cases = cases.filter(curator_id=chosen["curator"])
    return cases


def _day(user: User) -> tuple[date, int]:
    """Today where the person works, and how many days before the due date a contact is called due soon."""
    appointment = working_appointment(user)
    today = appointment.local_today()
    policy = appointment.region.policy_on(today) if appointment.region else None
    return today, policy.due_soon_days if policy else 0


def _curators(user: User) -> list[tuple[int, str]]:
    """The curators of the cases in the scope, by name."""
    ids = counted_for(user).values("curator_id")
    return [(row.pk, row.get_short_name()) for row in User.objects.filter(pk__in=ids)]


def _chips(request: HttpRequest, filters: ListFilters, chosen: dict[str, Any]) -> list[dict[str, str]]:
    """The chosen filters in words, each with the address without it."""
    chips = []
    for name in ("state", "stage", "curator"):
        if name in chosen:
            title = dict(filters.fields[name].choices)[chosen[name]]  # type: ignore[attr-defined]
            chips.append({"title": str(title), "url": _address(request, **{name: None})})
    return chips


def _presets(
    request: HttpRequest, chosen: dict[str, Any], user: User, today: date, soon_days: int
) -> list[dict[str, Any]]:
    """The filters people use every day, with how many cases each holds."""
    cases = SupportCase.objects.in_charge(user).open()
    everything = {"title": _("All"), "url": _address(request, state=None), "current": "state" not in chosen}
    presets = [
        {
            "title": str(state.label).capitalize(),
            "url": _address(request, state=state.value),
            "current": chosen.get("state") == state.value,
            "count": capped_count(in_state(cases, state, today, soon_days)),
        }
        for state in (ListState.OVERDUE, ListState.SOON, ListState.TERM_OVER)
    ]
    return [everything, *presets]


def _address(request: HttpRequest, **changes: str | None) -> str:
    """This page with other filters, from its first rows on."""
    params = {name: value for name, value in request.GET.items() if value and name != "cursor"}
    params.update({name: value for name, value in changes.items() if value is not None})
    for name, value in changes.items():
        if value is None:
            params.pop(name, None)
    return f"{request.path}?{urlencode(params)}" if params else request.path


def _caseload_heads() -> list[str]:
    """Titles of the numbers of a caseload, in the order of `_caseload_row`."""
    return [
        _("Overdue"),
        _("Due soon"),
        *(str(stage.label).capitalize() for stage in OPEN_STAGES),
        _("Children"),
        _("In all"),
    ]


def _caseload_row(load: CuratorLoad) -> dict[str, Any]:
    """One curator's numbers, each with the list it opens; children are not a list of cases."""
    address = reverse("casework:cases")
    own = {"curator": load.curator_id} if load.curator_id else {"state": ListState.NO_CURATOR.value}
    narrowed = [
        (load.overdue, {"state": ListState.OVERDUE.value}),
        (load.due_soon, {"state": ListState.SOON.value}),
        *((number, {"stage": stage}) for stage, number in load.stages.items()),
    ]
    cells = [(number, f"{address}?{urlencode(own | query)}") for number, query in narrowed]
    url = f"{address}?{urlencode(own)}"
    cells += [(load.children, ""), (load.total, url)]
    return {
        "name": load.name,
        "url": url,
        "nobody": load.curator_id is None,
        "burning": load.overdue > 0,
        "next_due": load.next_due,
        "cells": list(zip(_caseload_heads(), cells, strict=True)),
    }


def _caseload_figures(sums: dict[str, int]) -> list[dict[str, Any]]:
    """The figures over the caseload, what burns first; each opens its list."""
    address = reverse("casework:cases")
    return [
        {
            "value": sums["overdue"],
            "label": _("visits overdue"),
            "url": f"{address}?state={ListState.OVERDUE}",
            "tone": "burning" if sums["overdue"] else "",
        },
        {
            "value": sums["unassigned"],
            "label": _("cases without a curator"),
            "url": f"{address}?state={ListState.NO_CURATOR}",
            "tone": "soon" if sums["unassigned"] else "",
        },
        {
            "value": sums["due_soon"],
            "label": _("contacts due soon"),
            "url": f"{address}?state={ListState.SOON}",
        },
        {"value": sums["total"], "label": _("open cases"), "url": address},
        {"value": sums["children"], "label": _("children in these families")},
    ]
