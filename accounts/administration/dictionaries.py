"""Pages of dictionaries: rows that people choose from, and reports know by their codes."""

from typing import Any, TypeVar

from django.contrib import admin
from django.http import HttpRequest

from accounts.administration.base import PlainTitles, RolePermissions, Versioned
from common.dictionaries import DictionaryRow

RowT = TypeVar("RowT", bound=DictionaryRow)


class DictionaryAdmin(Versioned, RolePermissions, PlainTitles, admin.ModelAdmin[RowT]):
    """Kept by the administrators of regions. A row that is no longer wanted ends; none is deleted.

    Deleting would also show, row by row, what hangs on it, and an administrator reads nothing of a family.
    """

    list_display = ["title", "code", "valid_from", "valid_to", "is_system"]
    search_fields = ["title", "code"]
    ordering = ["position", "title"]
    view_on_site = False
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The code of a row that reports use stays as it is."""
        return ["is_system", "code"] if obj is not None and obj.is_system else ["is_system"]
