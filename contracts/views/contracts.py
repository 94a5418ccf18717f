"""A contract from its registration to its conclusion, and the contracts of a case."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require, require_open, require_state, signed_in
from accounts.enums import AccessAction
from casework.frame import frame, open_case_page
from common.text import money, short_date
from contracts import access
from contracts.enums import BEFORE_END, ContractState, EndKind
from contracts.forms.contracts import ContractForm, EndForm
from contracts.forms.followup import ConclusionForm
from contracts.models import SocialContract
from contracts.months import contract_line, months_of, next_step
from contracts.papers import issue_summary
from contracts.services import contracts as services
from contracts.services.followup import conclude
from contracts.services.moves import open_case
from contracts.views.opening import answer, named, open_contract, surroundings
from families.access import Part
from families.models import Family, IncomeRecord
from families.opening import open_family
from records.services.papers import papers_of
from records.services.submissions import taken_once


@require_GET
def of_case(request: HttpRequest, pk: int) -> HttpResponse:
    """The contracts of the family, each with its months; the tab of the case."""
    case = open_case_page(request, pk, part=Part.DETAILS)
    user = signed_in(request)
    rows = SocialContract.objects.visible_to(user).filter(family=case.family_id)
    today, keeps = case.institution.today(), access.may_register(user, case.family)
    contracts = rows.select_related("authority", "applicant").prefetch_related("sheets")
    context = {
        "contracts": [contract_line(row, today, keeps=keeps) for row in contracts],
        "may_register": keeps,
    }
    return render(request, "contracts/of_case.html", frame(request, case, "contracts") | context)


@require_http_methods(["GET", "POST"])
@taken_once("contracts.contract")
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a contract that the authority has concluded with the family."""
    family = open_family(request, pk, part=Part.DETAILS)
    user = signed_in(request)
    require(access.may_register(user, family))
    contract = SocialContract(family=family, institution=family.institution, created_by=user)
    form = ContractForm(request.POST or None, instance=contract, initial=_known(family), family=family, user=user)

    def save() -> HttpResponse:
        services.register(contract=form.instance, actor=user)
        if open_case(family.pk) is None:
            messages.info(request, _("The family has no open case: open one on the ground of the social contract."))
        return redirect("contracts:contract", form.instance.pk)

    title = _("Register a social contract")
    shown = {"title": title, "action": _("Register"), "saved": _("Social contract")}
    return answer(request, contract, form, save, back_url=_back_of_family(family), **shown)


def _known(family: Family) -> dict[str, Any]:
    """What the family's card says already: its representative, and the income last computed."""
    income = IncomeRecord.objects.valid().filter(family=family).order_by("-period_to").first()
    head = family.memberships.on(family.institution.today()).filter(is_representative=True).order_by("-is_head").first()
    return {"per_capita": income.per_capita if income else None, "applicant": head.person_id if head else None}


def _back_of_family(family: Family) -> str:
    case = open_case(family.pk)
    return reverse("contracts:of_case", args=[case.pk]) if case else reverse("families:card", args=[family.pk])


@require_GET
def contract(request: HttpRequest, pk: int) -> HttpResponse:
    """One contract: its facts, the months after it, and what is to be done."""
    row = open_contract(request, pk)
    user = signed_in(request)
    today = row.family.institution.today()
    sheets = list(row.sheets.order_by("month"))
    keeps = access.may_keep(user, row)
    context = {
        "contract": row,
        "contract_facts": _facts(row),
        "follow_up": _follow_up_facts(row),
        "months": months_of(sheets, today),
        "step": next_step(row, sheets, today, keeps=keeps),
        "papers": papers_of(user, "contracts.contract", row),
        "may_print": access.may_print(user, row) and not row.is_running,
        "may_correct": keeps and row.is_running,
        "may_end": keeps and row.state == ContractState.RUNNING,
        "may_stop": keeps and row.state == ContractState.FOLLOW_UP and row.ended_on != today,
        "may_resume": keeps and row.state == ContractState.STOPPED,
        "may_conclude": keeps and not row.is_running,
    }
    title = _("Social contract No. %(number)s") % {"number": row.number}
    return render(request, "contracts/contract.html", surroundings(request, row, title) | context)


def _facts(row: SocialContract) -> list[dict[str, Any]]:
    income = money(row.per_capita) if row.per_capita is not None else ""
    return [
        {"label": _("State"), "value": capfirst(row.get_state_display())},
        {"label": _("Kind"), "value": capfirst(row.get_kind_display())},
        {"label": _("Applicant"), "value": row.applicant.full_name},
        {"label": _("Authority"), "value": row.authority.title},
        {"label": _("Specialist of the authority"), "value": row.authority_specialist},
        {"label": _("Signed on"), "value": short_date(row.signed_on)},
        {"label": _("Term"), "value": f"{short_date(row.starts_on)} – {short_date(row.planned_end_on)}"},
        {"label": _("Amount"), "value": money(row.amount)},
        {"label": _("Income per head at the start"), "value": income},
    ]


def _follow_up_facts(row: SocialContract) -> list[dict[str, Any]]:
    """How the contract ended and until when the monthly duty holds; nothing while it runs."""
    if row.ended_on is None or row.follow_up_ends_on is None:
        return []
    facts: list[dict[str, Any]] = [
        {"label": _("Last day in force"), "value": short_date(row.ended_on)},
        {"label": _("How it ended"), "value": capfirst(row.get_end_kind_display())},
        {"label": _("Follow-up until"), "value": short_date(row.follow_up_ends_on)},
    ]
    if row.end_note:
        facts.insert(2, {"label": _("Explanation"), "value": row.end_note})
    if row.follow_up_stopped_on:
        facts.append({"label": _("Stopped on"), "value": short_date(row.follow_up_stopped_on), "tone": "near"})
        facts.append({"label": _("Reason of the stop"), "value": capfirst(row.get_stop_reason_display())})
    if row.stop_note:
        facts.append({"label": _("Explanation of the stop"), "value": row.stop_note})
    return facts


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the facts of a contract that has not ended."""
    row = open_contract(request, pk, allowed=access.may_keep)
    require_state(row, *BEFORE_END)
    user = signed_in(request)
    form = ContractForm(request.POST or None, instance=row, family=row.family, user=user)

    def save() -> HttpResponse:
        services.correct(contract=form.instance, actor=user)
        return redirect("contracts:contract", row.pk)

    shown = {"title": _("Correct the contract"), "action": _("Save"), "saved": _("Social contract")}
    return answer(request, row, form, save, back_url=row.get_absolute_url(), **shown)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter how the contract ended; its months of follow-up begin."""
    row = open_contract(request, pk, allowed=access.may_keep)
    require_state(row, ContractState.RUNNING)
    today = row.family.institution.today()
    form = EndForm(request.POST or None, initial={"last_day": min(today, row.planned_end_on)})

    def save() -> HttpResponse:
        data = form.cleaned_data
        services.end(
            contract=row,
            last_day=data["last_day"],
            kind=EndKind(data["kind"]),
            explanation=data["explanation"],
            actor=signed_in(request),
        )
        return redirect("contracts:contract", row.pk)

    context: dict[str, Any] = {
        "facts": named(row),
        "action": _("End the contract"),
        "consequences": [
            _("The day after, twelve months of follow-up begin, each with its own sheet."),
            _("A contact with the family stays due each month to the end of the follow-up."),
            _("The facts of the contract can no longer be corrected."),
        ],
    }
    title = _("End of the contract")
    back = row.get_absolute_url()
    return answer(request, row, form, save, title=title, back_url=back, template="ui/confirm.html", **context)


@require_http_methods(["GET", "POST"])
def conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the contract has changed for the family."""
    row = open_contract(request, pk, allowed=lambda user, row: access.may_keep(user, row) and not row.is_running)
    form = ConclusionForm(request.POST or None, instance=row)

    def save() -> HttpResponse:
        conclude(contract=form.instance, actor=signed_in(request))
        return redirect("contracts:contract", row.pk)

    title = _("Conclusion on the contract")
    return answer(request, row, form, save, title=title, action=_("Save"), back_url=row.get_absolute_url())


@require_POST
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the summary of the follow-up as PDF and hand it out."""
    row = open_contract(request, pk, action=AccessAction.PRINT, allowed=access.may_print)
    require_open(not row.is_running)
    return redirect("records:document", issue_summary(contract=row, actor=signed_in(request)).pk)
