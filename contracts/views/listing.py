"""The list of contracts: what ends soon, what is in follow-up, which sheets wait."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import require, signed_in, working_appointment
from accounts.enums import AccessAction
from accounts.journal import record
from casework.enums import ContractDutyKind
from common.paging import CappedCount, capped_counts, paginate
from common.text import short_date
from contracts import access
from contracts.enums import BEFORE_END, ContractState
from contracts.models import SocialContract
from contracts.months import STATE_TONES
from contracts.querysets import ENDS_SOON, NOTHING_DUE, ContractQuerySet


class ListState(TextChoices):
    """What the list can be narrowed to."""

    RUNNING = "running", gettext_lazy("in force")
    ENDING = "ending", gettext_lazy("ending soon")
    FOLLOW_UP = "follow-up", gettext_lazy("in follow-up")
    DUE = "due", gettext_lazy("sheets due")
    OVERDUE = "overdue", gettext_lazy("sheets overdue")
    OVER = "over", gettext_lazy("completed and stopped")


PRESETS = (ListState.OVERDUE, ListState.DUE, ListState.ENDING, ListState.RUNNING, ListState.FOLLOW_UP)
"""The states that stand above the list with their numbers."""


class ListFilters(forms.Form):
    """The filters of the list; they stay in the address of the page."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("any")), *ListState.choices]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("any")), *ContractDutyKind.choices]
    )

    def chosen(self) -> dict[str, str]:
        """The valid choices; a value that was tampered with counts as none."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@require_GET
def contracts(request: HttpRequest) -> HttpResponse:
    """The contracts of the families the person answers for, or of the authority they work at; what burns first."""
    user = signed_in(request)
    require(access.may_list(user))
    today = working_appointment(user).local_today()
    filters = ListFilters(request.GET)
    chosen = filters.chosen()
    scope = SocialContract.objects.listed_for(user)
    rows = _narrowed(scope, chosen, today)
    shown = rows.with_next_step().select_related("family", "authority")
    page = paginate(shown, "next_on", "id", cursor=request.GET.get("cursor", ""))
    record(request, AccessAction.LIST, "socialcontract", object_ids=[row.pk for row in page.rows])
    total, *by_state = capped_counts(rows, *(in_state(scope, state, today) for state in PRESETS))
    context = {
        "page": page,
        "rows": [_row(row, today) for row in page.rows],
        "total": total,
        "filters": filters,
        "chips": _chips(request, filters, chosen),
        "presets": _presets(request, chosen, by_state),
    }
    return render(request, "contracts/contracts.html", context)


def _narrowed(rows: ContractQuerySet[Any], chosen: dict[str, str], today: date) -> ContractQuerySet[Any]:
    if "kind" in chosen:
        rows = rows.filter(kind=chosen["kind"])
    return in_state(rows, chosen.get("state", ""), today)


def in_state(rows: ContractQuerySet[Any], state: str, today: date) -> ContractQuerySet[Any]:
    """Those of the contracts that are in `state` today; all of them for an empty one."""
    narrowings: dict[str, Callable[[], ContractQuerySet[Any]]] = {
        ListState.RUNNING: lambda: rows.running(today),
        ListState.ENDING: lambda: rows.ending_soon(today),
        ListState.FOLLOW_UP: lambda: rows.in_follow_up(today),
        ListState.DUE: lambda: rows.with_sheets_due(today),
        ListState.OVERDUE: lambda: rows.with_sheets_overdue(today),
        ListState.OVER: lambda: rows.filter(state__in=[ContractState.COMPLETED, ContractState.STOPPED]),
    }
    return narrowings[state]() if state in narrowings else rows


def _row(contract: Any, today: date) -> dict[str, Any]:
    """One row as it is shown: what is to be done, and by when."""
    next_on: date = contract.next_on
    row = {
        "contract": contract,
        "tone": STATE_TONES[ContractState(contract.state)],
        "next": "",
        "alarm": "",
        "burning": False,
    }
    if next_on == NOTHING_DUE:
        return row
    if contract.state in BEFORE_END:
        title = _("ends on %(day)s") if next_on >= today else _("was to end on %(day)s")
        row["alarm"] = _("ends soon") if today <= next_on <= today + ENDS_SOON else ""
    else:
        title = _("sheet due by %(day)s") if next_on >= today else _("sheet was due by %(day)s")
    row["next"] = title % {"day": short_date(next_on)}
    if next_on < today:
        row |= {"alarm": _("overdue"), "burning": True}
    return row


def _chips(request: HttpRequest, filters: ListFilters, chosen: dict[str, str]) -> list[dict[str, str]]:
    """The chosen filters in words, each with the address without it."""
    return [
        {"title": str(dict(filters.fields[name].choices)[value]), "url": _address(request, name, "")}  # type: ignore[attr-defined]
        for name, value in chosen.items()
    ]


def _presets(request: HttpRequest, chosen: dict[str, str], counts: Sequence[CappedCount]) -> list[dict[str, Any]]:
    """The filters people use every day, with how many contracts each holds."""
    everything = {"title": _("All"), "url": _address(request, "state", ""), "current": "state" not in chosen}
    presets = [
        {
            "title": str(state.label).capitalize(),
            "url": _address(request, "state", state.value),
            "current": chosen.get("state") == state.value,
            "count": count,
        }
        for state, count in zip(PRESETS, counts, strict=True)
    ]
    return [everything, *presets]


def _address(request: HttpRequest, name: str, value: str) -> str:
    """This page with another value of one filter, from its first rows on."""
    params = {key: kept for key, kept in request.GET.items() if kept and key not in {"cursor", name}}
    if value:
        params[name] = value
    return f"{request.path}?{urlencode(params)}" if params else request.path
