"""What all administration pages share: who may open them, and whose rows they show."""

from dataclasses import replace
from functools import cache
from typing import Any, NoReturn, TypeVar

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, DecimalField, ForeignKey, ManyToManyField, Model, QuerySet
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import floatformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import signed_in, works_as
from accounts.enums import Role
from accounts.models import Department, Institution, Precinct, Region, Territory, User
from common.editing import EditConflict, VersionedModel, VersionedModelForm
from common.text import readable

ModelT = TypeVar("ModelT", bound=Model)
RecordT = TypeVar("RecordT", bound=VersionedModel)

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


@cache
def in_words(model: type[Model], name: str) -> Any:
    """The column of a list, spelt out where its field is yes or no, a sum with its thousands apart."""
    field = next((field for field in model._meta.fields if field.name == name), None)
    if not isinstance(field, BooleanField | DecimalField):
        return name
    decimals = f"{field.decimal_places}g" if isinstance(field, DecimalField) else None

    @admin.display(description=field.verbose_name, ordering=name)
    def column(row: Model) -> str:
        value = getattr(row, name)
        return floatformat(value, decimals) if decimals else readable(value)

    column.__name__ = name
    return column


class PlainTitles:
    """Headings that put no name of a model into a sentence, where Russian asks for another case than the name has.

    A list is headed by what it lists, a form by what is added or changed.
    """

    opts: Any
    model: Any

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Sums as on pages; yes and no in words: the library calls its icons True and False in every language."""
        return [in_words(self.model, name) for name in super().get_list_display(request)]  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))  # type: ignore[misc]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        title = {
            "title": capfirst(self.opts.verbose_name) if object_id else _("New entry: %s") % self.opts.verbose_name
        }
        return super().changeform_view(request, object_id, form_url, title | (extra_context or {}))  # type: ignore[misc]

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        return self._told(request, obj, super().response_add(request, obj, post_url_continue))  # type: ignore[misc]

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        return self._told(request, obj, super().response_change(request, obj))  # type: ignore[misc]

    def _told(self, request: HttpRequest, obj: Model, answer: HttpResponse) -> HttpResponse:
        """Say what was saved as all other pages do: the library's sentence takes every record for a masculine one."""
        list(messages.get_messages(request))
        messages.success(request, _("Saved: %(what)s.") % {"what": obj})
        return answer


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


class RecordForm(VersionedModelForm[RecordT]):
    """A form that another administrator may have open too: the later one reads what the earlier one has stored."""

    def _find_conflict(self) -> EditConflict:
        """As elsewhere; who saved the record last is known from the log of the administration pages."""
        conflict = super()._find_conflict()
        kind = ContentType.objects.get_for_model(self.instance)
        last = (
            LogEntry.objects.filter(content_type=kind, object_id=str(self.instance.pk)).select_related("user").first()
        )
        if last is None:
            return conflict
        return replace(conflict, changed_by=last.user.get_full_name(), changed_at=last.action_time)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        conflict = self.conflict
        if conflict is None:
            return cleaned
        if conflict.changed_at is not None:
            saved = {"who": conflict.changed_by, "when": readable(conflict.changed_at)}
            self.add_error(None, _("Saved last by %(who)s, %(when)s.") % saved)
        for row in conflict.fields:
            stored = row.theirs or _("empty")
            self.add_error(row.name, _("Stored now: %(value)s") % {"value": stored})
        return cleaned


class Versioned:
    """Pages of records with a `version`: the later of two administrators is told, and loses nothing they typed."""

    form: Any = RecordForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The version is a field of the form alone: nobody writes the column by hand."""
        fields = kwargs["fields"] if "fields" in kwargs else flatten_fieldsets(self.get_fieldsets(request, obj))  # type: ignore[attr-defined]
        kwargs["fields"] = fields and [name for name in fields if name != "version"]
        return super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The version that was read goes with the form of a record that may be changed."""
        fields = [name for name in super().get_fields(request, obj) if name != "version"]  # type: ignore[misc]
        may_change = obj is not None and self.has_change_permission(request, obj)  # type: ignore[attr-defined]
        return [*fields, "version"] if may_change else fields


class ScopedAdmin(RolePermissions, PlainTitles, RegionChoices, admin.ModelAdmin[ModelT]):
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


class RecordAdmin(Versioned, ScopedAdmin[RecordT]):
    """A page of the region's administrator for records that are changed."""
