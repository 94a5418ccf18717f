"""The administration site: for administrators by appointment, never by a flag on the account."""

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AdminSite(admin.AdminSite):
    """Users, units, appointments, policy. Signing in happens on the common page, with its second factor."""

    site_header = _("Opora: administration")
    site_title = _("Opora")
    index_title = _("Administration")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, User) and user.is_active and user.is_staff

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        return redirect(f"/accounts/login/?{REDIRECT_FIELD_NAME}={request.get_full_path()}")
