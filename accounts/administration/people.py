"""Accounts, posts, one-time links and lost second factors."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from accounts.access import accounts_administered_by, may_appoint, may_change_account, signed_in
from accounts.administration import views
from accounts.administration.base import RecordAdmin, RolePermissions, ScopedAdmin, region_of
from accounts.administration.forms import AccountForm, AppointmentForm, post_fields
from accounts.enums import ADMINISTRATOR_ROLES, AccessAction, Role
from accounts.journal import record
from accounts.models import Appointment, SecondFactorReset, User
from accounts.models.appointments import AppointmentQuerySet
from accounts.services import save_appointment

GIVEN = ("user", "deputy_for", "role", "region", "institution", "department", "starts_on")
"""What stays as it was once a post is given."""


def appointments_administered_by(request: HttpRequest) -> AppointmentQuerySet:
    """The posts an administrator sees: of the region, or for the system administrator those of administrators."""
    region = region_of(request)
    return Appointment.objects.filter(Q(region=region) if region else Q(role__in=ADMINISTRATOR_ROLES))


class FirstPostInline(RolePermissions, admin.StackedInline[Appointment, User]):
    """An account is made together with its first post, so that it never lies outside every region."""

    roles = ADMINISTRATOR_ROLES
    model = Appointment
    form = AppointmentForm
    fk_name = "user"
    min_num = max_num = 1
    validate_min = True
    verbose_name = _("first post")
    verbose_name_plural = _("first post")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return post_fields(signed_in(request), first=True)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        own = type("FirstPostForm", (AppointmentForm,), {"administrator": signed_in(request)})
        return super().get_formset(request, obj, form=own, validate_min=True, **kwargs)


class PostsInline(RolePermissions, admin.TabularInline[Appointment, User]):
    """The posts of an account, those of the administrator's region only."""

    roles = ADMINISTRATOR_ROLES
    model = Appointment
    fk_name = "user"
    fields = ("role", "institution", "department", "starts_on", "ends_on", "deputy_for")
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return appointments_administered_by(request).with_units()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(ScopedAdmin[User]):
    roles = ADMINISTRATOR_ROLES
    form = AccountForm
    list_display = ("person", "username", "post", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("last_name", "first_name", "username")
    readonly_fields = ("last_login", "created_at")
    change_form_template = "admin/accounts/user/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return accounts_administered_by(signed_in(request))

    @admin.display(description=_("Person"), ordering="last_name")
    def person(self, obj: User) -> str:
        return obj.get_full_name()

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self._is_open(request) and (obj is None or may_change_account(signed_in(request), obj))

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        return [FirstPostInline] if obj is None else [PostsInline]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/link/", wrap(views.password_link), name="accounts_user_link"),
            path("<int:pk>/reset/", wrap(views.factor_reset), name="accounts_user_reset"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            obj.end_sessions()
        record(request, AccessAction.SECURITY, "user", object_id=obj.pk)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for appointment in formset.save(commit=False):
            save_appointment(actor=signed_in(request), appointment=appointment)


@admin.register(Appointment)
class AppointmentAdmin(RecordAdmin[Appointment]):
    """Posts and deputies. A post once given is only ended: another role is another post."""

    roles = ADMINISTRATOR_ROLES
    form = AppointmentForm
    list_display = ("user", "role", "institution", "department", "starts_on", "ends_on", "deputy_for")
    list_filter = ("role",)
    list_select_related = ("user", "institution", "department", "deputy_for__user")
    search_fields = ("user__last_name", "user__username")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        return appointments_administered_by(request)

    def has_change_permission(self, request: HttpRequest, obj: Appointment | None = None) -> bool:
        actor = signed_in(request)
        return self._is_open(request) and (obj is None or may_appoint(actor, obj.user, obj.role, obj.region_id))

    def get_fields(self, request: HttpRequest, obj: Appointment | None = None) -> Any:
        if obj is None:
            return post_fields(signed_in(request))
        return [*GIVEN, "ends_on", "order", *(["version"] if self.has_change_permission(request, obj) else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Appointment | None = None) -> tuple[str, ...]:
        return GIVEN if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.administrator = signed_in(request)
        return form

    def save_model(self, request: HttpRequest, obj: Appointment, form: Any, change: bool) -> None:
        save_appointment(actor=signed_in(request), appointment=obj)


@admin.register(SecondFactorReset)
class SecondFactorResetAdmin(ScopedAdmin[SecondFactorReset]):
    """Requests to take off a lost second factor, each to be confirmed by another administrator."""

    roles = ADMINISTRATOR_ROLES
    list_display = ("user", "requested_by", "requested_at", "reason", "confirmed_by", "confirmed_at")
    list_select_related = ("user", "requested_by", "confirmed_by")
    change_form_template = "admin/accounts/secondfactorreset/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SecondFactorReset]:
        actor = signed_in(request)
        everything = SecondFactorReset.objects.all()
        if actor.appointment and actor.appointment.role == Role.SYSTEM_ADMIN:
            return everything
        return everything.filter(user__in=accounts_administered_by(actor))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        confirm = path("<int:pk>/confirm/", wrap(views.confirm_reset), name="accounts_secondfactorreset_confirm")
        return [confirm, *super().get_urls()]
