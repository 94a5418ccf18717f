"""What administrators have changed, who and when: the log that the administration pages write by themselves."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_in
from accounts.administration.base import PlainTitles, RolePermissions
from accounts.enums import ADMINISTRATOR_ROLES


@admin.register(LogEntry)
class LogEntryAdmin(RolePermissions, PlainTitles, admin.ModelAdmin[LogEntry]):
    """The changes of what the administrator sees on the other pages, and their own; nobody can add or change a row."""

    roles = ADMINISTRATOR_ROLES
    list_display = ("action_time", "user", "action", "kind", "object_repr", "message")
    list_display_links = None
    list_filter = ("action_flag",)
    search_fields = ("object_repr", "user__last_name")
    search_help_text = _("The record, or the last name of who changed it")
    date_hierarchy = None
    actions = None
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        seen = Q(user=signed_in(request))
        for app in self.admin_site.get_app_list(request):
            for model in (row["model"] for row in app["models"]):
                if model is not LogEntry:
                    rows = self.admin_site.get_model_admin(model).get_queryset(request).order_by()
                    keys = rows.annotate(key=Cast("pk", CharField())).values("key")
                    seen |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
        return LogEntry.objects.filter(seen).select_related("user", "content_type")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("action"), ordering="action_flag")
    def action(self, obj: LogEntry) -> str:
        return obj.get_action_flag_display()

    @admin.display(description=_("kind of object"))
    def kind(self, obj: LogEntry) -> str:
        return capfirst(obj.content_type.name) if obj.content_type else ""

    @admin.display(description=_("what was changed"))
    def message(self, obj: LogEntry) -> str:
        return obj.get_change_message()
