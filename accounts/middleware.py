"""Session limits, the appointment a person works in, the second factor, and GET requests that never write."""

import re
import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]

STARTED_KEY = "session_started"
SEEN_KEY = "session_seen"
APPOINTMENT_KEY = "appointment"
SECOND_FACTOR_KEY = "second_factor_confirmed"
# A session row is written at most this often, so that reading a page stays free of writes.
SEEN_EVERY_SECONDS = 60


class SessionLimitMiddleware:
    """Ends a session after a time without requests, and after a working day in any case (access rules 6.3, 13)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_over(request):
            logout(request)
            messages.info(
                request, _("You were signed out after a time without work. Drafts are kept: sign in to go on.")
            )
            if request.method == "GET":
                return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?next={request.get_full_path()}")
            return redirect(settings.LOGIN_URL)
        return self.get_response(request)

    def _is_over(self, request: HttpRequest) -> bool:
        """Whether the session has run out; otherwise notes that it is in use, at most once a minute."""
        now = int(time.time())
        started = request.session.setdefault(STARTED_KEY, now)
        seen = request.session.get(SEEN_KEY, now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - started > settings.SESSION_ABSOLUTE_SECONDS:
            return True
        if SEEN_KEY not in request.session or now - seen >= SEEN_EVERY_SECONDS:
            request.session[SEEN_KEY] = now
        return False


class AppointmentMiddleware:
    """Sets the appointment and the language a signed-in person works in, and asks for the second factor where due."""

    # Pages a person may reach before the second factor is set up: setting it up, signing out, and the health checks.
    open_views = re.compile(r"^(mfa_|account_|language$|appointment_switch$)")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            chosen = request.session.get(APPOINTMENT_KEY)
            in_force = user.appointments_in_force
            user.work_as(next((row for row in in_force if row.pk == chosen), next(iter(in_force), None)))
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Send a person whose role needs a second factor, and who has none, to the page that sets it up."""
        user = request.user
        if not settings.SECOND_FACTOR_REQUIRED or not isinstance(user, User):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if user.appointment is None or not user.appointment.needs_second_factor or self.open_views.match(name):
            return None
        if has_second_factor(request, user):
            return None
        messages.warning(request, _("Your role needs a second factor. Set one up to go on."))
        return redirect("mfa_index")


def has_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether the person has a second factor; the answer is kept in the session once it is yes.

    Someone with a factor cannot get a session without passing it, so having one is enough.
    """
    if request.session.get(SECOND_FACTOR_KEY) == user.pk:
        return True
    if is_mfa_enabled(user):
        request.session[SECOND_FACTOR_KEY] = user.pk
        return True
    return False


class WriteInReadOnlyRequest(RuntimeError):
    """A page that only shows something tried to change data."""


class ReadOnlyGetMiddleware:
    """Refuses SQL that changes data while a view of ours answers GET or HEAD; only the journal may be written.

    A link prefetched by a browser or shown in a chat must never do anything. Views of the sign-in library are left
    alone: its one-time links work on GET.
    """

    writes = re.compile(
        r"^\s*(?:WITH\b.*?\)\s*)?(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+\"?(\w+)",
        re.IGNORECASE | re.DOTALL,
    )
    allowed_tables = frozenset({"accounts_accessevent", "django_session", "usersessions_usersession"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)

        def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            found = self.writes.match(str(sql))
            if found and found[1].lower() not in self.allowed_tables and not _is_library_view(request):
                raise WriteInReadOnlyRequest(f"A GET request tried to write to {found[1]}.")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(guard):
            return self.get_response(request)


def _is_library_view(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.func.__module__.startswith("allauth.")
