"""The register of partners, its figures, the card of a partner and what is entered on it."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import require, signed_in, working_appointment
from accounts.enums import AccessAction
from accounts.journal import record
from accounts.models import User
from common.paging import capped_count, paginate
from partners import access
from partners.enums import PartnerType
from partners.forms import ContactForm, PartnerForm, RegisterFilter
from partners.models import AgreementParty, ContactPerson, CooperationAgreement, PartnerOrganisation
from partners.views.common import entering_institution, form_page
from records.services.drafts import open_draft
from records.services.submissions import taken_once


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Partners by title, with their agreements; for the ministry and the resource centre, their numbers."""
    user = signed_in(request)
    appointment = working_appointment(user)
    if access.may_see_figures(user):
        return _figures(request, user)
    require(appointment.role in access.READERS)
    today = appointment.local_today()
    form = RegisterFilter(request.GET, appointment=appointment)
    agreements = CooperationAgreement.objects.visible_to(user)
    partners = form.filter(PartnerOrganisation.objects.visible_to(user), agreements, today)
    page = paginate(partners.select_related("territory"), "title_key", "id", cursor=request.GET.get("cursor", ""))
    context = {
        "rows": _with_agreements(page.rows, user, today),
        "page": page,
        "total": capped_count(partners),
        "form": form,
        "chips": form.chips(),
        "clear_url": reverse("partners:register"),
        "may_enter": access.may_enter(user),
        "sees_volunteers": appointment.role in access.STAFF,
        "exchanges": appointment.role in access.STAFF,
    }
    return render(request, "partners/register.html", context)


def _with_agreements(partners: list[Any], user: User, today: date) -> list[dict[str, Any]]:
    """The rows of the page, each with the agreement that holds longest; one query for all."""
    agreements = CooperationAgreement.objects.visible_to(user).in_force(today)
    parties = AgreementParty.objects.filter(partner__in=partners, agreement__in=agreements).select_related("agreement")
    longest: dict[int, CooperationAgreement] = {}
    for party in parties.order_by("pk"):
        known = longest.get(party.partner_id)
        if known is None or (party.agreement.ends_on or date.max) > (known.ends_on or date.max):
            longest[party.partner_id] = party.agreement
    return [
        {"partner": partner, "agreement": agreement, "expiring": bool(agreement and agreement.is_expiring(today))}
        for partner in partners
        for agreement in [longest.get(partner.pk)]
    ]


def _figures(request: HttpRequest, user: User) -> HttpResponse:
    """How many partners of each type, with an agreement in force, with an exchange of data: numbers alone."""
    appointment = working_appointment(user)
    today = appointment.local_today()
    agreements = CooperationAgreement.objects.filter(institution__region=appointment.region)
    numbers = PartnerOrganisation.objects.counted_for(user).active(today).numbers_by_type(agreements, today)
    rows = [row | {"title": PartnerType(row["type"]).label} for row in numbers]
    total = {name: sum(row[name] for row in rows) for name in ("partners", "agreed", "exchanging")}
    return render(request, "partners/figures.html", {"rows": rows, "total": total, "today": today})


@require_safe
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    """The card of a partner: what it is, whom to ask, which agreements hold."""
    user = signed_in(request)
    row = _visible(user, pk)
    today = working_appointment(user).local_today()
    agreements = CooperationAgreement.objects.visible_to(user).filter(parties__partner=row)
    record(request, AccessAction.VIEW, "partnerorganisation", object_id=row.pk)
    context = {
        "partner": row,
        "contacts": row.contacts.current(),
        "agreements": [
            {"row": agreement, "in_force": agreement.is_in_force(today), "expiring": agreement.is_expiring(today)}
            for agreement in agreements
        ],
        "may_write": access.may_write(user, row),
        "may_enter": access.may_enter(user),
        "crumbs": [(_("Partners"), reverse("partners:register"))],
    }
    return render(request, "partners/partner.html", context)


@require_http_methods(["GET", "POST"])
@taken_once("partner")
def partner_new(request: HttpRequest) -> HttpResponse:
    """Enter a partner into the institution's register."""
    user = signed_in(request)
    institution = entering_institution(user)
    draft = open_draft(user, "partners.partner:new")
    form = draft.fill(PartnerForm(request.POST or None, institution=institution))
    if request.method == "POST" and form.is_valid():
        row = form.save()
        draft.discard()
        return redirect(row)
    back = reverse("partners:register")
    title, crumbs = _("New partner"), [(_("Partners"), back)]
    return form_page(request, form, draft, title=title, action=_("Save"), back_url=back, crumbs=crumbs)


@require_http_methods(["GET", "POST"])
def partner_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the register says of a partner."""
    user = signed_in(request)
    row = _visible(user, pk)
    require(access.may_write(user, row))
    draft = open_draft(user, f"partners.partner:edit:{row.pk}")
    form = draft.fill(PartnerForm(request.POST or None, instance=row, institution=entering_institution(user)))
    if request.method == "POST" and form.is_valid():
        form.save()
        draft.discard()
        return redirect(row)
    return _on_card(request, form, draft, pk, _("Change the partner"))


@require_http_methods(["GET", "POST"])
@taken_once("partner_contact")
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a contact person of a partner."""
    user = signed_in(request)
    row = _visible(user, pk)
    require(access.may_write(user, row))
    draft = open_draft(user, f"partners.contact:new:partner={row.pk}")
    form = draft.fill(ContactForm(request.POST or None, partner=row))
    if request.method == "POST" and form.is_valid():
        form.save()
        draft.discard()
        return redirect(row)
    return _on_card(request, form, draft, row.pk, _("New contact person"))


@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact person, or note that they are one no longer."""
    user = signed_in(request)
    person = get_object_or_404(ContactPerson.objects.visible_to(user).select_related("partner"), pk=pk)
    require(access.may_write(user, person.partner))
    draft = open_draft(user, f"partners.contact:edit:{person.pk}")
    form = draft.fill(ContactForm(request.POST or None, instance=person, partner=person.partner))
    if request.method == "POST" and form.is_valid():
        form.save()
        draft.discard()
        return redirect(person.partner)
    record(request, AccessAction.VIEW, "contactperson", object_id=person.pk)
    return _on_card(request, form, draft, person.partner_id, _("Change the contact person"))


def _visible(user: User, pk: int) -> PartnerOrganisation:
    partners = PartnerOrganisation.objects.visible_to(user).select_related("territory", "institution")
    found: PartnerOrganisation = get_object_or_404(partners, pk=pk)
    return found


def _on_card(request: HttpRequest, form: Any, draft: Any, partner_id: int, title: str) -> HttpResponse:
    back = reverse("partners:partner", args=[partner_id])
    crumbs = [(_("Partners"), reverse("partners:register")), (_("Card of the partner"), back)]
    return form_page(request, form, draft, title=title, action=_("Save"), back_url=back, crumbs=crumbs)
