"""How a contract is opened in a request, what stands around its pages, and how its forms are taken."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.access import require, signed_in
from accounts.enums import AccessAction
from accounts.models import User
from casework.frame import frame
from casework.models import SupportCase
from common.forms import taken, tell_saved
from common.text import numbered
from contracts import access
from contracts.enums import ContractState
from contracts.models import FollowUpSheet, SocialContract
from contracts.months import STATE_TONES
from families.opening import note_opening

Permission = Callable[[User, Any], bool]


def everybody(_user: User, _contract: SocialContract) -> bool:
    return True


def open_contract(
    request: HttpRequest,
    pk: int,
    *,
    action: AccessAction = AccessAction.VIEW,
    allowed: Permission = everybody,
) -> SocialContract:
    """The contract, if the signed-in person may open it, with the opening in the journal.

    Raises Http404 outside the scope, PermissionDenied inside it without the right, ReasonRequired where a reason is
    asked and none was given.
    """
    user = signed_in(request)
    contract: SocialContract = get_object_or_404(SocialContract.objects.visible_to(user).with_page(), pk=pk)
    _require(user, contract, allowed)
    note_opening(request, contract.family, "socialcontract", pk, action)
    return contract


def open_sheet(
    request: HttpRequest,
    pk: int,
    *,
    action: AccessAction = AccessAction.VIEW,
    allowed: Permission = everybody,
) -> FollowUpSheet:
    """The sheet of a month, with its contract, in the same way."""
    user = signed_in(request)
    sheet: FollowUpSheet = get_object_or_404(
        FollowUpSheet.objects.visible_to(user).select_related("contract", "filled_by"), pk=pk
    )
    sheet.contract = SocialContract.objects.with_page().get(pk=sheet.contract_id)
    _require(user, sheet.contract, allowed)
    note_opening(request, sheet.contract.family, "followupsheet", pk, action)
    return sheet


def _require(user: User, contract: SocialContract, allowed: Permission) -> None:
    require(access.may_read(user) and allowed(user, contract))


def surroundings(request: HttpRequest, contract: SocialContract, title: str) -> dict[str, Any]:
    """What stands around a page of a contract: the frame of the family's case for those who may open the case.

    The authority's specialist, and readers of a family without a case, get the contract's own identity bar.
    """
    cases = SupportCase.objects.visible_to(signed_in(request)).with_page().filter(family=contract.family_id)
    case = cases.order_by(F("closed_on").desc(nulls_first=True), "-pk").first()
    if case is not None:
        return frame(request, case, "contracts") | {"layout": "casework/case_base.html", "page_title": title}
    state = {"text": contract.get_state_display(), "tone": STATE_TONES[ContractState(contract.state)]}
    return {
        "layout": "contracts/base.html",
        "page_title": title,
        "name": contract.family.title,
        "number": numbered(contract.number),
        "tags": [state],
        "facts": [{"label": _("Authority"), "value": contract.authority.title}],
        "today": contract.family.institution.today(),
    }


def named(contract: SocialContract) -> list[dict[str, Any]]:
    """Which contract a page asks about before an act that cannot be undone."""
    return [
        {"label": _("Family"), "value": contract.family.title},
        {"label": _("Social contract"), "value": numbered(contract.number)},
    ]


def answer(
    request: HttpRequest,
    contract: SocialContract,
    form: forms.Form | forms.ModelForm[Any],
    save: Callable[[], HttpResponse],
    *,
    title: str,
    back_url: str,
    template: str = "contracts/form.html",
    saved: str = "",
    **context: Any,
) -> HttpResponse:
    """Show the form, or take it with `save`; what a service refuses stands in the form beside what was typed.

    `saved` says in a noun what the next page reports as saved, where the title does not.
    """
    shown = {"contract": contract, "family": contract.family, "form": form, "title": title, "back_url": back_url}
    made = taken(request, form, save)
    if made is None:
        return render(request, template, shown | context)
    tell_saved(request, saved or title)
    return made
