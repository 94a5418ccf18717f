"""Cooperation agreements: drafted by the head, approved and ended by the director, printed by typical form."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require, require_now, signed_in, working_appointment
from accounts.models import User
from common.forms import taken
from partners import access
from partners.enums import TEMPLATE_OF_TYPE, AgreementTemplate
from partners.forms import AgreementForm, ApprovalForm, TerminationForm, party_formset
from partners.models import CooperationAgreement, PartnerOrganisation
from partners.services import OWNER_KIND, approve_agreement, print_agreement, terminate_agreement
from partners.views.common import entering_institution, form_page
from records.services.drafts import OpenDraft, open_draft
from records.services.papers import papers_of
from records.services.submissions import taken_once


@require_safe
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """One agreement: its parties, what they do together, which data may go, its papers."""
    user = signed_in(request)
    row = _visible(user, pk)
    today = working_appointment(user).local_today()
    context = {
        "agreement": row,
        "parties": row.parties.select_related("partner"),
        "in_force": row.is_in_force(today),
        "expiring": row.is_expiring(today),
        "may_write": row.is_draft and access.may_write(user, row),
        "may_approve": row.is_draft and access.may_approve(user, row),
        "may_terminate": row.is_in_force(today) and access.may_approve(user, row),
        "may_print": access.may_print(user, row),
        "papers": papers_of(user, OWNER_KIND, row),
        "crumbs": _crumbs(),
    }
    return render(request, "partners/agreement.html", context)


@require_http_methods(["GET", "POST"])
@taken_once("cooperation_agreement")
def agreement_new(request: HttpRequest) -> HttpResponse:
    """Draft an agreement; `?partner=` proposes its first party and the typical form."""
    user = signed_in(request)
    institution = entering_institution(user)
    asked = request.GET.get("partner", "")
    first = PartnerOrganisation.objects.visible_to(user).filter(pk=asked).first() if asked.isdecimal() else None
    draft = open_draft(user, f"partners.agreement:new:partner={first.pk if first else 0}")
    form = AgreementForm(
        request.POST or None,
        given={"institution": institution, "entered_by": user},
        initial={"template": TEMPLATE_OF_TYPE.get(first.type if first else "", AgreementTemplate.GENERAL)},
    )
    return _edit(request, user, form, draft, first)


@require_http_methods(["GET", "POST"])
def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft; what is approved is read-only."""
    user = signed_in(request)
    row = _visible(user, pk)
    require(access.may_write(user, row))
    require_now(row.is_draft, _("The agreement is approved already."), back=row.get_absolute_url())
    form = AgreementForm(request.POST or None, instance=row)
    return _edit(request, user, form, open_draft(user, f"partners.agreement:edit:{row.pk}"), None)


def _edit(
    request: HttpRequest, user: User, form: AgreementForm, draft: OpenDraft, first: PartnerOrganisation | None
) -> HttpResponse:
    """The page of an agreement with its parties; saves both or neither."""
    parties = party_formset(user, form.instance, request.POST or None, first)
    draft.fill(form)
    draft.fill_formset(parties)
    if request.method == "POST" and all([form.is_valid(), parties.is_valid()]):
        row = form.save()
        parties.save()
        draft.discard()
        return redirect(row)
    back = form.instance.get_absolute_url() if form.instance.pk else reverse("partners:register")
    return form_page(
        request,
        form,
        draft,
        title=_("Agreement on cooperation"),
        action=_("Save the draft"),
        back_url=back,
        crumbs=_crumbs(),
        formset=parties,
        formset_title=_("Parties"),
    )


@require_http_methods(["GET", "POST"])
def agreement_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a signed agreement into the register: the director's."""
    user = signed_in(request)
    row = _visible(user, pk)
    require(access.may_approve(user, row))
    require_now(row.is_draft, _("The agreement is approved already."), back=row.get_absolute_url())
    today = working_appointment(user).local_today()
    form = ApprovalForm(request.POST or None, initial={"signed_on": today})

    def save() -> HttpResponse:
        approve_agreement(agreement=row, actor=user, on=today, **form.cleaned_data)
        return redirect(row)

    context = {
        "title": _("Approve the agreement?"),
        "subject": row.subject,
        "consequences": [_("It gets its number."), _("Nobody will be able to change it.")],
        "action": _("Approve"),
    }
    return taken(request, form, save) or _confirm(request, form, row, context)


@require_http_methods(["GET", "POST"])
def agreement_terminate(request: HttpRequest, pk: int) -> HttpResponse:
    """End an agreement before its term: the director's."""
    user = signed_in(request)
    row = _visible(user, pk)
    require(access.may_approve(user, row))
    require_now(row.terminated_on is None, _("The agreement is terminated already."), back=row.get_absolute_url())
    today = working_appointment(user).local_today()
    form = TerminationForm(request.POST or None, initial={"terminated_on": today})

    def save() -> HttpResponse:
        chosen = form.cleaned_data
        terminate_agreement(agreement=row, actor=user, on=chosen["terminated_on"], reason=chosen["reason"])
        return redirect(row)

    context = {
        "title": _("Terminate the agreement?"),
        "subject": str(row),
        "consequences": [_("No data may go to its parties under it any more.")],
        "action": _("Terminate"),
        "danger": True,
    }
    return taken(request, form, save) or _confirm(request, form, row, context)


@require_POST
def agreement_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the paper of the agreement and take it."""
    user = signed_in(request)
    row = _visible(user, pk)
    require(access.may_print(user, row))
    paper = print_agreement(agreement=row, actor=user, on=working_appointment(user).local_today())
    return redirect("records:document", paper.pk)


def _visible(user: User, pk: int) -> CooperationAgreement:
    agreements = CooperationAgreement.objects.visible_to(user)
    found: CooperationAgreement = get_object_or_404(
        agreements.select_related("institution__region", "approved_by"), pk=pk
    )
    return found


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Partners"), reverse("partners:register"))]


def _confirm(request: HttpRequest, form: Any, row: CooperationAgreement, context: dict[str, Any]) -> HttpResponse:
    known = {"form": form, "back_url": row.get_absolute_url(), "facts": None, "danger": False}
    return render(request, "ui/confirm.html", known | context)
