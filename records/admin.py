"""Administration pages of the room: the register of legal acts. Papers and drafts are no business of administrators."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from accounts.access import signed_in
from accounts.administration.base import RecordAdmin, region_of
from accounts.models import Region
from records.models import LegalAct


@admin.register(LegalAct)
class LegalActAdmin(RecordAdmin[LegalAct]):
    """Acts of the region, kept by its administrator; federal ones are shown beside them and cannot be changed here."""

    list_display = ("kind", "issuer", "number", "dated", "title", "in_force_from", "in_force_to", "region")
    search_fields = ("number", "title")
    ordering = ("-dated",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalAct]:
        return LegalAct.objects.visible_to(signed_in(request)).select_related("region")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_federal = isinstance(obj, LegalAct) and obj.region_id is None
        return super().has_change_permission(request, obj) and not is_federal

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "region" and field is not None:
            field.queryset = Region.objects.filter(pk__in=[region_of(request)])
            field.required = True
        return field
