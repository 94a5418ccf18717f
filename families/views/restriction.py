"""Closing a family to all but those named, and the page that tells whom a family is open to."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require, signed_in
from accounts.models import User
from common.forms import tell_saved
from common.text import numbered
from families import services
from families.access import may_end_restriction, may_grant, may_read_grants, may_restrict
from families.enums import GrantReason
from families.forms.access import EndRestrictionForm, NameForm, RestrictForm
from families.grants import grant, live_grants
from families.models import Family
from families.opening import open_family
from families.services.restriction import BY_HAND_SOURCE
from families.views.card import pages_of
from families.views.editing import sent

BY_NAME_SOURCE = "families.by_name"


@require_http_methods(["GET", "POST"])
def restrict(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the family to all but those named."""
    user = signed_in(request)
    family = open_family(request, pk)
    require(may_restrict(user, family))
    form = RestrictForm(request.POST or None, family=family)
    card = reverse("families:card", args=[pk])

    def save() -> None:
        services.restrict(actor=user, family=family, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and sent(request, form, save, kind="restrict", url=card):
        messages.success(request, _("The family is restricted."))
        return redirect(card)
    context = {
        "title": _("Restrict the family?"),
        "facts": [{"label": _("Family"), "value": f"{family.title}, {numbered(family.registry_number)}"}],
        "consequences": [
            _("Only the people named and the director open the card; each opening asks for a reason."),
            _("The family leaves the working lists; it is still counted in every figure."),
            _("Only the head of the department or the director can open it again."),
        ],
        "form": form,
        "action": _("Restrict"),
        "danger": True,
        "back_url": card,
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "POST"])
def unrestrict(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a restricted family as any other."""
    user = signed_in(request)
    family = open_family(request, pk)
    require(may_end_restriction(user, family))
    form = EndRestrictionForm(request.POST or None)
    card = reverse("families:card", args=[pk])

    def save() -> None:
        services.end_restriction(actor=user, family=family, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and sent(request, form, save, kind="unrestrict", url=card):
        messages.success(request, _("The family is no longer restricted."))
        return redirect(card)
    context = {
        "title": _("End the restriction?"),
        "facts": [{"label": _("Family"), "value": f"{family.title}, {numbered(family.registry_number)}"}],
        "consequences": [_("The family opens again to its curator, the head and everybody with a grant.")],
        "form": form,
        "action": _("End the restriction"),
        "danger": True,
        "back_url": card,
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "POST"])
def grants(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the family is open to, why and until when; a person is named here where that may be done by hand."""
    user = signed_in(request)
    family = open_family(request, pk, kind="familygrant")
    if not may_read_grants(user, family):
        raise Http404
    names = may_end_restriction(user, family) or may_grant(user, family)
    form = NameForm(request.POST or None, family=family) if names else None
    if request.method == "POST":
        require(names)
        if form is not None and form.is_valid():
            _open_to(user, family, form.cleaned_data["person"])
            tell_saved(request, _("access to the family"))
            return redirect("families:grants", pk)
    context: dict[str, Any] = pages_of(user, family, "families:grants") | {
        "rows": live_grants(family, family.institution.today()),
        "form": form,
        "by_hand": {BY_HAND_SOURCE, BY_NAME_SOURCE} if names else set(),
    }
    return render(request, "families/grants.html", context)


def _open_to(actor: User, family: Family, person: User) -> None:
    """By name on a restricted family; for reading, on one that nobody keeps any more."""
    if family.is_restricted:
        services.name_people(actor=actor, family=family, people=[person])
        return
    known = live_grants(family, family.institution.today()).filter(user=person, reason=GrantReason.HEAD)
    if not known.exists():
        grant(
            family=family,
            user=person,
            reason=GrantReason.HEAD,
            starts_on=family.institution.today(),
            actor=actor,
            source=BY_NAME_SOURCE,
        )


@require_POST
def grant_revoke(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    """Take back what was granted by hand."""
    user = signed_in(request)
    family = open_family(request, pk, kind="familygrant")
    require(may_end_restriction(user, family) or may_grant(user, family))
    row = get_object_or_404(live_grants(family, family.institution.today()), pk=grant_pk)
    if row.source not in {BY_HAND_SOURCE, BY_NAME_SOURCE}:
        raise Http404
    services.revoke(family=family, user=row.user, reason=GrantReason(row.reason), source=row.source, actor=user)
    tell_saved(request, _("access to the family"))
    return redirect("families:grants", pk) if row.user_id != user.pk else redirect("home")
