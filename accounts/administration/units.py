"""Regions, for the system administrator; units, policy and days off, for the region's."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, ManyToManyField, QuerySet
from django.forms import ModelChoiceField, ModelMultipleChoiceField, model_to_dict
from django.http import HttpRequest
from django.utils.text import capfirst

from accounts.administration.base import RecordAdmin, RecordForm, RegionChoices, RolePermissions, ScopedAdmin, region_of
from accounts.enums import InstitutionStatus, Role, TerritoryKind
from accounts.models import (
    AccessSeal,
    Department,
    Institution,
    InstitutionPolicy,
    Precinct,
    PrecinctAssignment,
    Region,
    RegionDayOff,
    RegionPolicy,
    Territory,
    User,
)
from common.ordering import natural


@admin.register(Region)
class RegionAdmin(RecordAdmin[Region]):
    roles = frozenset({Role.SYSTEM_ADMIN})
    list_display = ("title", "code", "authority_title", "time_zone")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Region]:
        return Region.objects.all()


@admin.register(AccessSeal)
class AccessSealAdmin(ScopedAdmin[AccessSeal]):
    """The chain of seals, to be compared with a digest kept outside."""

    roles = frozenset({Role.SYSTEM_ADMIN})
    list_display = ("sealed_at", "last_event_id", "event_count", "digest")
    ordering = ("-last_event_id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccessSeal]:
        return AccessSeal.objects.all()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(RegionPolicy)
class RegionPolicyAdmin(RecordAdmin[RegionPolicy]):
    """A policy in force is never edited: a new one starts on a later day, so that past rules stay readable."""

    list_display = ("valid_from", "visit_interval_months", "quorum_percent", "approving_body", "basis")
    ordering = ("-valid_from",)

    def has_change_permission(self, request: HttpRequest, obj: RegionPolicy | None = None) -> bool:
        return self._is_open(request) and (obj is None or obj.valid_from > obj.region.today())

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new policy starts as a copy of the newest one."""
        newest = self.get_queryset(request).order_by("-valid_from").first()
        copied = model_to_dict(newest, exclude=["id", "valid_from", "basis"]) if newest else {}
        return {**copied, **super().get_changeform_initial_data(request)}


@admin.register(RegionDayOff)
class RegionDayOffAdmin(RecordAdmin[RegionDayOff]):
    list_display = ("day", "title")

    def has_delete_permission(self, request: HttpRequest, obj: RegionDayOff | None = None) -> bool:
        """A day that has passed has moved deadlines already, and stays."""
        return self._is_open(request) and (obj is None or obj.day > obj.region.today())


@admin.register(Territory)
class TerritoryAdmin(RecordAdmin[Territory]):
    list_display = ("title", "kind", "settlement_kind", "parent", "is_rural", "is_remote")
    list_select_related = ("parent",)
    list_filter = ("kind",)
    search_fields = ("title", "oktmo")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "parent":
            municipalities = Territory.objects.filter(region=region_of(request), kind=TerritoryKind.MUNICIPALITY)
            kwargs["queryset"] = municipalities
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class InstitutionForm(RecordForm[Institution]):
    statuses = forms.MultipleChoiceField(
        label=capfirst(Institution._meta.get_field("statuses").verbose_name),
        choices=InstitutionStatus.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    site = forms.URLField(
        label=capfirst(Institution._meta.get_field("site").verbose_name), required=False, assume_scheme="https"
    )


class InstitutionPolicyInline(RolePermissions, admin.TabularInline[InstitutionPolicy, Institution]):
    """Rows are added, never changed: what held on a past day stays readable."""

    model = InstitutionPolicy
    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Institution)
class InstitutionAdmin(RecordAdmin[Institution]):
    form = InstitutionForm
    list_display = ("short_name", "code", "director_name", "phone")
    search_fields = ("short_name", "full_name", "code")
    filter_horizontal = ("municipalities",)
    inlines = (InstitutionPolicyInline,)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        kwargs["queryset"] = Territory.objects.filter(region=region_of(request), kind=TerritoryKind.MUNICIPALITY)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Department)
class DepartmentAdmin(RecordAdmin[Department]):
    region_path = "institution__region"
    list_display = ("title", "institution", "code", "phone", "closed_on")
    list_select_related = ("institution",)
    search_fields = ("title", "code")


class PrecinctAssignmentInline(RolePermissions, RegionChoices, admin.TabularInline[PrecinctAssignment, Precinct]):
    model = PrecinctAssignment
    extra = 0

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "specialist":
            kwargs["queryset"] = User.objects.filter(
                appointments__region=region_of(request), appointments__role=Role.SPECIALIST
            ).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Precinct)
class PrecinctAdmin(RecordAdmin[Precinct]):
    region_path = "department__institution__region"
    list_display = ("title", "department", "order_number", "order_date")
    list_select_related = ("department",)
    search_fields = ("title",)
    ordering = ("department", natural("title"))
    filter_horizontal = ("settlements",)
    inlines = (PrecinctAssignmentInline,)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        kwargs["queryset"] = Territory.objects.filter(region=region_of(request), kind=TerritoryKind.SETTLEMENT)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
