"""Pages of the account itself: the appointment switch, the language, the inbox."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from accounts.access import signed_in
from accounts.middleware import APPOINTMENT_KEY
from accounts.models import User
from accounts.notifications import text_of

INBOX_ROWS = 50


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


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The person's own notifications, newest first."""
    user = signed_in(request)
    rows = list(user.notifications.all()[:INBOX_ROWS])
    return render(request, "accounts/inbox.html", {"rows": [(row, text_of(row)) for row in rows]})


@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark all of the person's own notifications as read."""
    user = signed_in(request)
    user.notifications.unread().update(read_at=timezone.now())
    return redirect("inbox")
