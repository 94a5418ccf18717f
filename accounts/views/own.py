"""What a signed-in person sets for themselves: the post they work in, the language, their own data."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in
from accounts.forms import ProfileForm
from accounts.middleware import APPOINTMENT_KEY
from accounts.models import User


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the form was sent from, if it is one of ours."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    return HttpResponseRedirect(target)


@require_POST
def appointment_switch(request: HttpRequest) -> HttpResponse:
    """Work in another of one's own appointments from now on, starting from the home page."""
    user = signed_in(request)
    chosen = next((row for row in user.appointments_in_force if str(row.pk) == request.POST.get("appointment")), None)
    if chosen is None:
        raise Http404
    request.session[APPOINTMENT_KEY] = chosen.pk
    return redirect("home")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Change the language of the pages; for a signed-in person it is kept with the account."""
    chosen = request.POST.get("language")
    if chosen not in dict(settings.LANGUAGES):
        raise Http404
    if isinstance(request.user, User):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    response = _back(request)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own data, posts and sign-in; the telephone and the language are one's own to change."""
    user = signed_in(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("profile")
    in_force = {row.pk for row in user.appointments_in_force}
    posts = [(row, row.pk in in_force) for row in user.appointments.with_units().order_by("-starts_on", "-pk")]
    facts = [
        {"label": pgettext("person", "Name"), "value": user.get_full_name()},
        {"label": _("Login"), "value": user.username},
        {"label": _("Post"), "value": user.post},
        {"label": _("E-mail"), "value": user.email},
    ]
    return render(request, "accounts/profile.html", {"form": form, "posts": posts, "facts": facts, "person": user})
