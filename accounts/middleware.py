"""Session limits, the appointment a person works in, the second factor, refusals, GET requests that never write."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import ClosedNow, NotNow
from accounts.journal import record_refusal
from accounts.models import NoPolicy, User

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]

STARTED_KEY = "session_started"
SEEN_KEY = "session_seen"
APPOINTMENT_KEY = "appointment"
# A session row is written at most this often, so that reading a page stays free of writes.
SEEN_EVERY_SECONDS = 60

# Called with a form that arrived after its session had run out, before the person is signed out; `records` keeps what
# was typed as a draft.
keep_typed: list[Callable[[HttpRequest], None]] = []


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the browser to the sign-in page, and after it back to the page the person was on.

    htmx would put the sign-in form into the middle of the page, so the whole browser is told to go there.
    """
    shown = request.headers.get("HX-Current-URL") if _is_htmx(request) else None
    if shown is None and request.method not in {"GET", "HEAD"}:
        shown = request.headers.get("Referer", "")
    answer = redirect_to_login(_own_path(request, shown), settings.LOGIN_URL)
    return HttpResponseClientRedirect(answer.url) if _is_htmx(request) else answer


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _own_path(request: HttpRequest, shown: str | None) -> str:
    """The path of the page the browser shows, if it is one of ours; the home page for any other."""
    if shown is None:
        return request.get_full_path()
    if not url_has_allowed_host_and_scheme(shown, {request.get_host()}):
        return "/"
    parts = urlsplit(shown)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's, with an answer that htmx understands as well."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: View
    ) -> HttpResponseBase:
        return to_sign_in(request)


class SessionLimitMiddleware:
    """Ends a session after a time without requests, and after a working day in any case (access rules 6.3, 13)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """After the check of the CSRF token, so that nobody else can make us keep a form."""
        if not request.user.is_authenticated or not self._is_over(request):
            return None
        if request.method == "POST":
            for keep in keep_typed:
                keep(request)
        logout(request)
        messages.info(request, _("You were signed out after a time without work. Drafts are kept: sign in to go on."))
        return to_sign_in(request)

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
    """Sets the appointment, the language and the local time a person works in; asks for the second factor where due."""

    # Pages a person may reach before the second factor is set up: setting it up, signing out, working as someone else.
    open_views = re.compile(r"^(mfa_\w+|account_\w+|language|appointment_switch|healthz|readyz)$")

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
            with timezone.override(user.appointment.time_zone if user.appointment else None):
                return self.get_response(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Send a person whose role needs a second factor, and who has none, to the page that sets it up."""
        user = request.user
        if not settings.SECOND_FACTOR_REQUIRED or not isinstance(user, User):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if user.appointment is None or not user.appointment.needs_second_factor or self.open_views.match(name):
            return None
        # Asked anew each time: one taken off in another session must tell in this one. Recovery codes alone are none.
        if is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]):
            return None
        messages.warning(request, _("Your role needs a second factor. Set one up to go on."))
        return redirect("mfa_index")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A rule asked for the policy of a region on a day that has none: say what is missing and who enters it."""
        if not isinstance(exception, NoPolicy):
            return None
        context = {"region": exception.region, "day": exception.day}
        return render(request, "accounts/no_policy.html", context, status=409)


class RefusalMiddleware:
    """Leaves in the journal whoever is refused a personal object, be it outside their scope or beyond their right.

    Django has rolled the request's own transaction back by then. An address that leads nowhere reaches no view, and is
    nobody's object; what the state of the object alone forbids (`NotNow`, `ClosedNow`) is refused to nobody: `NotNow`
    leads back to the object, where it names one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotNow):
            if not exception.back:
                return None
            messages.info(request, str(exception.told))
            return redirect(exception.back)
        if isinstance(exception, Http404 | PermissionDenied) and not isinstance(exception, ClosedNow):
            record_refusal(request)
        return None


class WriteInReadOnlyRequest(RuntimeError):
    """A page that only shows something tried to change data."""


class ReadOnlyGetMiddleware:
    """Refuses SQL that changes data while a view of ours answers GET or HEAD; only the journal may be written.

    A link prefetched by a browser or shown in a chat must never do anything. What does not clearly read is taken for a
    write. Views of the sign-in library are left alone: its one-time links work on GET.
    """

    reads = re.compile(
        r"(?i)[\s(]*(SELECT|VALUES|SHOW|SET|RESET|EXPLAIN|SAVEPOINT|RELEASE|ROLLBACK|DECLARE|FETCH|CLOSE)\b"
    )
    query = re.compile(r"(?is)\s*WITH\b(?!.*\b(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO)\b)")
    into = re.compile(r"(?i)\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)")
    allowed_tables = frozenset({"accounts_accessevent", "django_session", "usersessions_usersession"})

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)

        def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            if not self.is_harmless(str(sql)) and not _is_library_view(request):
                raise WriteInReadOnlyRequest(f"A GET request tried to write: {str(sql)[:60]}")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(guard):
            return self.get_response(request)

    def is_harmless(self, sql: str) -> bool:
        """Whether the statement only reads, or writes to the journal or the session."""
        if self.reads.match(sql) or self.query.match(sql):
            return True
        target = self.into.match(sql)
        return target is not None and target[1].lower() in self.allowed_tables


def _is_library_view(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.func.__module__.startswith("allauth.")
