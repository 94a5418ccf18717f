"""The timeline of a case: everything that happened, written by the services of every room."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models.cases import NEVER_CHANGED, SupportCase
from casework.querysets import CasePathQuerySet


class CaseEvent(models.Model):
    """A fact about a case: history for people and an outbox for higher rooms (design, 3).

    `kind` is a code with a registered text; `params` fill it and hold dates, numbers and ids, never what only some
    readers of the case may see. `object_kind` and `object_id` lead to the record itself, through its own door.
    """

    case = models.ForeignKey(
        SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="events", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=40)
    on = models.DateField(_("on"))
    by = models.ForeignKey(
        User, verbose_name=_("by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    params = models.JSONField(_("parameters"), default=dict)
    object_kind = models.CharField(_("kind of object"), max_length=50, blank=True)
    object_id = models.BigIntegerField(_("object"), null=True, blank=True)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = CasePathQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a case")
        verbose_name_plural = _("events of a case")
        ordering = ["-on", "-id"]
        default_permissions = ()
        triggers = NEVER_CHANGED
        indexes = [models.Index(fields=["case", "-on", "-id"], name="timeline_newest_first")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.on:%d.%m.%Y}"
