"""What all administration pages share: who may open them, and whose rows they show."""

from typing import Any, NoReturn, TypeVar

from django.contrib import admin
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.http import Http404, HttpRequest

from accounts.access import signed_in, works_as
from accounts.enums import Role
from accounts.models import Department, Institution, Precinct, Region, Territory, User

ModelT = TypeVar("ModelT", bound=Model)

# How each kind of unit names its region.
REGION_OF: dict[type[Model], str] = {
    Region: "pk",
    Territory: "region",
    Institution: "region",
    Department: "institution__region",
    Precinct: "department__institution__region",
}


def region_of(request: HttpRequest) -> int | None:
    """The region of the administrator; None for the system's."""
    appointment = signed_in(request).appointment
    return appointment.region_id if appointment else None


class RolePermissions:
    """Rights from the role of the appointment. Rows outside the scope do not exist; nothing is ever deleted."""

    roles: frozenset[Role] = frozenset({Role.REGION_ADMIN})

    def _is_open(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and works_as(request.user, *self.roles)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_open(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_open(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_open(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_open(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RegionChoices:
    """Choices of units end at the border of the region."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        model = db_field.remote_field.model
        if model in REGION_OF and "queryset" not in kwargs:
            kwargs["queryset"] = model._default_manager.filter(**{REGION_OF[model]: region_of(request)})
        if model is Region:
            kwargs |= {"initial": region_of(request), "empty_label": None}
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        return field

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        model = db_field.remote_field.model
        if model in REGION_OF and "queryset" not in kwargs:
            kwargs["queryset"] = model._default_manager.filter(**{REGION_OF[model]: region_of(request)})
        field: ModelMultipleChoiceField[Any] | None = super().formfield_for_manytomany(  # type: ignore[misc]
            db_field, request, **kwargs
        )
        return field


class ScopedAdmin(RolePermissions, RegionChoices, admin.ModelAdmin[ModelT]):
    """A page of the region's administrator: `region_path` leads from a row to its region."""

    region_path = "region"
    view_on_site = False
    actions = None
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelT]:
        return super().get_queryset(request).filter(**{self.region_path: region_of(request)})

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> NoReturn:
        """A row of another region does not exist: 404, where Django would lead to the index with a message."""
        raise Http404
