"""The terms of contracts, for the region's administrator; contracts and families are never shown here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.administration.base import RecordAdmin
from contracts.models import TermLimit


@admin.register(TermLimit)
class TermLimitAdmin(RecordAdmin[TermLimit]):
    """The limits of the administrator's own region."""

    list_display = ["kind", "valid_from", "shortest_months", "longest_months", "act"]
    list_filter = ["kind"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)
