"""Dictionaries of the room, for administrators; families and people are never shown here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.access import signed_in
from accounts.enums import Role
from families.models import Category, NeedDegree, SubsistenceMinimum


class DictionaryAdmin(admin.ModelAdmin[Any]):
    """Region administrators keep dictionaries; rows that reports use are renamed, never deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        appointment = signed_in(request).appointment
        return appointment is not None and appointment.role == Role.REGION_ADMIN

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and self.has_view_permission(request) and not getattr(obj, "is_system", False)


@admin.register(Category)
class CategoryAdmin(DictionaryAdmin):
    list_display = ["title", "code", "ends_at_age", "is_confidential", "valid_from", "valid_to", "is_system"]
    readonly_fields = ["is_system"]
    ordering = ["position", "title"]

    def get_readonly_fields(self, request: HttpRequest, obj: Category | None = None) -> list[str]:
        """The code of a row that reports use stays as it is."""
        return ["is_system", "code"] if obj is not None and obj.is_system else ["is_system"]


@admin.register(NeedDegree)
class NeedDegreeAdmin(DictionaryAdmin):
    list_display = ["title", "code", "valid_from", "valid_to"]
    ordering = ["position", "title"]


@admin.register(SubsistenceMinimum)
class SubsistenceMinimumAdmin(DictionaryAdmin):
    """The minimums of the administrator's own region."""

    list_display = ["group", "valid_from", "amount", "act"]
    list_filter = ["group"]
    exclude = ["region"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SubsistenceMinimum]:
        appointment = signed_in(request).appointment
        rows: QuerySet[SubsistenceMinimum] = super().get_queryset(request)
        return rows.filter(region=appointment.region_id) if appointment else rows.none()

    def save_model(self, request: HttpRequest, obj: SubsistenceMinimum, form: Any, change: bool) -> None:
        appointment = signed_in(request).appointment
        if not change and appointment is not None and appointment.region is not None:
            obj.region = appointment.region
        super().save_model(request, obj, form, change)
