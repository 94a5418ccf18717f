"""What a person is told inside the system."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.users import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> Self:
        """Neither read, nor settled before they were."""
        return self.filter(read_at=None, settled_at=None)


class Notification(models.Model):
    """A fact a person is told once: a code and parameters, shown in the reader's language (clarifications, Accounts).

    Parameters hold ids, numbers of documents and dates, never names or addresses: the same rows feed the e-mail digest.
    A reminder is settled when what it asked for is done: it leaves the unread ones, and comes back should the fact.
    """

    recipient = models.ForeignKey(
        User, verbose_name=_("recipient"), on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    code = models.CharField(_("code"), max_length=50)
    fact = models.CharField(_("fact"), max_length=120, help_text=_("What it tells of; the same fact is told once."))
    params = models.JSONField(_("parameters"), default=dict)
    target = models.CharField(_("page"), max_length=100, blank=True)
    target_id = models.BigIntegerField(_("object of the page"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("sent in a digest"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "code", "fact"], name="one_notification_per_fact"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="inbox_newest_first"),
            models.Index(fields=["recipient"], condition=Q(read_at=None, settled_at=None), name="inbox_unread"),
            models.Index(
                fields=["target_id", "code"],
                condition=Q(settled_at=None, target_id__isnull=False),
                name="notices_of_an_object",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.fact}"
