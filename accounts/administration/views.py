"""Acts on an account that are more than a change of a field; they look like the application's confirm pages."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import (
    accounts_administered_by,
    may_change_account,
    may_reset_second_factor,
    require,
    signed_in,
    works_as,
)
from accounts.administration.forms import FactorResetForm
from accounts.enums import Role
from accounts.models import SecondFactorReset, User
from accounts.services import confirm_factor_reset, issue_password_link, request_factor_reset


def _account(actor: User, pk: int) -> User:
    """The account, as far as the administrator sees it; the system administrator may reach any to reset a factor."""
    return get_object_or_404(accounts_administered_by(actor), pk=pk)


def password_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a one-time link for setting a password; it is shown once, on the answer."""
    actor = signed_in(request)
    user = _account(actor, pk)
    if not user.is_active or not may_change_account(actor, user):
        raise PermissionDenied
    back_url = reverse("admin:accounts_user_change", args=[pk])
    if request.method == "POST":
        link = issue_password_link(actor=actor, user=user)
        return render(request, "accounts/password_link.html", {"person": user, "link": link, "back_url": back_url})
    context = {
        "title": _("Issue a one-time link?"),
        "text": _(
            "With the link the person sets a password of their own. It works once, for a day, and is shown once."
        ),
        "facts": [{"label": _("Person"), "value": user.get_full_name()}],
        "action": _("Issue the link"),
        "back_url": back_url,
    }
    return render(request, "ui/confirm.html", context)


def factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask that a lost second factor be taken off; another administrator confirms."""
    actor = signed_in(request)
    user = _account(actor, pk)
    require(may_reset_second_factor(actor, user))
    form = FactorResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            request_factor_reset(actor=actor, user=user, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Asked for. Another administrator has to confirm it."))
            return redirect("admin:accounts_secondfactorreset_changelist")
    context = {
        "title": _("Reset the second factor?"),
        "facts": [{"label": _("Person"), "value": user.get_full_name()}],
        "consequences": [
            _("Another administrator confirms the reset."),
            _("The person is told, is signed out everywhere, and sets up a new second factor at the next sign-in."),
        ],
        "form": form,
        "action": _("Ask for the reset"),
        "back_url": reverse("admin:accounts_user_change", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


def confirm_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a reset that another administrator asked for."""
    actor = signed_in(request)
    resets = SecondFactorReset.objects.filter(confirmed_at=None).select_related("user", "requested_by")
    if not works_as(actor, Role.SYSTEM_ADMIN):
        resets = resets.filter(user__in=accounts_administered_by(actor))
    reset = get_object_or_404(resets, pk=pk)
    if reset.requested_by_id == actor.pk or not may_reset_second_factor(actor, reset.user):
        raise PermissionDenied
    if request.method == "POST":
        confirm_factor_reset(actor=actor, reset=reset)
        messages.success(request, _("The second factor is taken off; the person has been told."))
        return redirect("admin:accounts_secondfactorreset_changelist")
    context = {
        "title": _("Confirm the reset of the second factor?"),
        "facts": [
            {"label": _("Person"), "value": reset.user.get_full_name()},
            {"label": _("Asked for by"), "value": reset.requested_by.get_full_name()},
            {"label": _("Reason"), "value": reset.reason},
        ],
        "consequences": [_("Make sure, by telephone or in person, that the person really asked for this.")],
        "action": _("Confirm"),
        "danger": True,
        "back_url": reverse("admin:accounts_secondfactorreset_changelist"),
    }
    return render(request, "ui/confirm.html", context)
