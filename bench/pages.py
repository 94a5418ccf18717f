"""Two views that do nothing, and what Django's admin would give for free: for measurements only."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from casework.models import SupportCase

HELLO = b"<!doctype html><title>hello</title>hello"


@login_not_required
def hello(request: HttpRequest) -> HttpResponse:
    """A bare view behind all middleware: the floor of any page."""
    return HttpResponse(HELLO)


def signed_in_hello(request: HttpRequest) -> HttpResponse:
    """A view that knows who is asking and does nothing for them."""
    return HttpResponse(str(request.user.pk).encode())


def slow(_request: HttpRequest) -> HttpResponse:
    """A view that waits for the database half a second."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")
    return HttpResponse(HELLO)


class OpenAdmin(AdminSite):
    """An admin for whoever is signed in; it exists in measurements only."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated


class CaseAdmin(ModelAdmin[SupportCase]):
    """The working list as the admin would show it."""

    list_display = ["family", "number", "stage", "next_contact_due_on", "curator"]
    list_filter = ["stage"]
    ordering = ["next_contact_due_on"]
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: SupportCase | None = None) -> bool:
        return True


admin = OpenAdmin(name="bench")
admin.register(SupportCase, CaseAdmin)

urlpatterns = [
    path("_hello/", hello, name="bench_hello"),
    path("_signed_in/", signed_in_hello, name="bench_signed_in"),
    path("_slow/", slow, name="bench_slow"),
    path("_admin/", admin.urls),
]
