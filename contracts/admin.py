"""The terms of contracts, for the region's administrator; contracts and families are never shown here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.access import signed_in
from accounts.enums import Role
from contracts.models import TermLimit


@admin.register(TermLimit)
class TermLimitAdmin(admin.ModelAdmin[TermLimit]):
    """The limits of the administrator's own region."""

    list_display = ["kind", "valid_from", "shortest_months", "longest_months", "act"]
    list_filter = ["kind"]
    exclude = ["region"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        appointment = signed_in(request).appointment
        return appointment is not None and appointment.role == Role.REGION_ADMIN

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def get_queryset(self, request: HttpRequest) -> QuerySet[TermLimit]:
        appointment = signed_in(request).appointment
        rows = super().get_queryset(request)
        return rows.filter(region=appointment.region_id) if appointment else rows.none()

    def save_model(self, request: HttpRequest, obj: TermLimit, form: Any, change: bool) -> None:
        appointment = signed_in(request).appointment
        if not change and appointment is not None and appointment.region is not None:
            obj.region = appointment.region
        super().save_model(request, obj, form, change)
