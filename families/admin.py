"""Dictionaries of the room, for administrators; families and people are never shown here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.administration.base import RecordAdmin
from accounts.administration.dictionaries import DictionaryAdmin
from families.models import Category, NeedDegree, SubsistenceMinimum


@admin.register(Category)
class CategoryAdmin(DictionaryAdmin[Category]):
    list_display = ["title", "code", "ends_at_age", "is_confidential", "valid_from", "valid_to", "is_system"]


@admin.register(NeedDegree)
class NeedDegreeAdmin(DictionaryAdmin[NeedDegree]):
    """Degrees of need, by which types of families are told apart."""


@admin.register(SubsistenceMinimum)
class SubsistenceMinimumAdmin(RecordAdmin[SubsistenceMinimum]):
    """The minimums of the administrator's own region."""

    list_display = ["group", "valid_from", "amount", "act"]
    list_filter = ["group"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)
