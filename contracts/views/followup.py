"""The months after a contract: the page of a sheet, filling it, stopping early, taking a stop back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require_open, require_state, signed_in
from accounts.enums import AccessAction
from casework.access import may_write
from common.text import money, short_date
from contracts import access
from contracts.enums import ContractState, SheetState, StopReason
from contracts.forms.followup import ResumeForm, SheetForm, StopForm
from contracts.models import FollowUpSheet, SocialContract
from contracts.months import TONES
from contracts.papers import issue_sheet, work_of_month
from contracts.services import followup as services
from contracts.services.moves import open_case
from contracts.views.opening import answer, named, open_contract, open_sheet, surroundings
from families.access import Part, may_read
from records.services.papers import papers_of


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One month: how the family lives, and what was done for it."""
    row = open_sheet(request, pk)
    user = signed_in(request)
    state = row.state_on(row.contract.family.institution.today())
    open_now = state not in {SheetState.TO_COME, SheetState.VOID}
    context = {
        "contract": row.contract,
        "sheet": row,
        "state": {"text": capfirst(str(state.label)), "tone": TONES[state]},
        "sheet_facts": _facts(row) if row.filled_on else [],
        "texts": _texts(row, reads_health=may_read(user, Part.HEALTH) and access.may_read_casework(user)),
        "work": work_of_month(row) if access.may_read_casework(user) else None,
        "papers": papers_of(user, "contracts.sheet", row),
        "may_fill": access.may_keep(user, row.contract) and open_now,
        "may_print": access.may_print(user, row.contract) and row.filled_on is not None,
    }
    title = _("Month %(month)s of the follow-up") % {"month": row.month}
    return render(request, "contracts/sheet.html", surroundings(request, row.contract, title) | context)


def _facts(row: FollowUpSheet) -> list[dict[str, Any]]:
    contact = short_date(row.contacted_on) if row.contacted_on else _("none: %s") % row.no_contact_reason
    facts: list[dict[str, Any]] = [{"label": _("Contact with the family"), "value": contact}]
    if row.contacted_on:
        facts.append({"label": _("Work"), "value": capfirst(row.get_employment_display())})
    if row.per_capita is not None:
        facts.append({"label": _("Income per head a month"), "value": money(row.per_capita)})
    if row.minimum_used is not None:
        facts.append({"label": _("Subsistence minimum"), "value": money(row.minimum_used)})
    if row.is_self_sufficient is not None:
        reached = _("reached") if row.is_self_sufficient else _("not reached")
        facts.append(
            {"label": _("Self-sufficiency"), "value": reached, "tone": "" if row.is_self_sufficient else "near"}
        )
    if row.mentor:
        facts.append({"label": _("Mentor of the family"), "value": row.mentor})
    filled = f"{short_date(row.filled_on)}, {row.filled_by}" if row.filled_on else ""
    return [*facts, {"label": _("Filled"), "value": filled}]


def _texts(row: FollowUpSheet, *, reads_health: bool) -> list[tuple[str, str]]:
    names = [*(["circumstances"] if reads_health else []), "recommendations_kept", "needs"]
    fields = [FollowUpSheet._meta.get_field(name) for name in names]
    return [(str(capfirst(field.verbose_name)), text) for field in fields if (text := getattr(row, field.name))]  # type: ignore[union-attr]


@require_http_methods(["GET", "POST"])
def sheet_fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill the sheet of a month, or correct it; two who do it at once see each other's text."""
    row = open_sheet(request, pk, allowed=access.may_keep)
    state = row.state_on(row.contract.family.institution.today())
    require_open(state not in {SheetState.TO_COME, SheetState.VOID})
    contacts = services.possible_contacts(row)
    form = SheetForm(request.POST or None, instance=row, contacts=contacts)

    def save() -> HttpResponse:
        services.fill_sheet(sheet=form.instance, actor=signed_in(request))
        return redirect("contracts:sheet", row.pk)

    context: dict[str, Any] = {
        "period": f"{short_date(row.period_from)} – {short_date(row.period_to)}",
        "visit_url": _visit_url(request, row.contract),
        "has_contacts": bool(contacts),
        "sheet": row,
    }
    title = _("Sheet of month %(month)s") % {"month": row.month}
    back = row.contract.get_absolute_url()
    return answer(
        request, row.contract, form, save, title=title, back_url=back, template="contracts/fill.html", **context
    )


def _visit_url(request: HttpRequest, contract: SocialContract) -> str:
    """Where a visit to the family is recorded; "" for a family without an open case."""
    case = open_case(contract.family_id)
    if case is None:
        return ""
    case.family = contract.family
    return reverse("casework:visit_new", args=[case.pk]) if may_write(signed_in(request), case) else ""


@require_POST
def sheet_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the sheet as PDF and hand it out."""
    row = open_sheet(request, pk, action=AccessAction.PRINT, allowed=access.may_print)
    require_open(row.filled_on is not None)
    return redirect("records:document", issue_sheet(sheet=row, actor=signed_in(request)).pk)


@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """End the follow-up early, for one of the three reasons of the order."""
    row = open_contract(request, pk, allowed=access.may_keep)
    require_state(row, ContractState.FOLLOW_UP)
    form = StopForm(request.POST or None, initial={"on": row.family.institution.today()})

    def save() -> HttpResponse:
        data = form.cleaned_data
        services.stop(
            contract=row,
            on=data["on"],
            reason=StopReason(data["reason"]),
            explanation=data["explanation"],
            actor=signed_in(request),
        )
        return redirect("contracts:contract", row.pk)

    context: dict[str, Any] = {
        "facts": named(row),
        "action": _("Stop the follow-up"),
        "consequences": [
            _("Sheets of months that have not ended are no longer due; those of past months stay due."),
            _("The monthly contact is no longer due for this contract."),
        ],
        "danger": True,
        "saved": _("The follow-up is stopped."),
    }
    title, back = _("Stop the follow-up early?"), row.get_absolute_url()
    return answer(request, row, form, save, title=title, back_url=back, template="ui/confirm.html", **context)


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a stop that was entered by mistake."""
    row = open_contract(request, pk, allowed=access.may_keep)
    require_state(row, ContractState.STOPPED)
    form = ResumeForm(request.POST or None)

    def save() -> HttpResponse:
        services.resume(contract=row, actor=signed_in(request), **form.cleaned_data)
        return redirect("contracts:contract", row.pk)

    shown = {
        "title": _("Go on with the follow-up"),
        "text": _("The sheets of the months after the stop are due again, and so is the monthly contact."),
        "action": _("Go on"),
        "saved": _("The follow-up goes on."),
    }
    return answer(request, row, form, save, back_url=row.get_absolute_url(), **shown)
