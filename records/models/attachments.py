"""Files that people attach to records."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Region, User
from records.enums import FileType

CANCEL_FIELDS = ("cancelled_at", "cancelled_by", "cancel_reason")


def storage_name(_attachment: "Attachment", _name: str) -> str:
    """Where a file is kept: a random name that tells nothing, spread over folders."""
    name = uuid.uuid4().hex
    return f"attachments/{name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, owner_kind: str, owner_id: int) -> Self:
        return self.filter(owner_kind=owner_kind, owner_id=owner_id)

    def not_cancelled(self) -> Self:
        return self.filter(cancelled_at=None)


class Attachment(models.Model):
    """A file of a record, served through that record's door only (access rules 6.3, 12).

    Nothing of it ever changes but its cancelling, and that only once: the database refuses the rest.
    """

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="+")
    owner_kind = models.CharField(_("kind of record"), max_length=50)
    owner_id = models.BigIntegerField(_("record"))
    family_id = models.BigIntegerField(_("family"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to=storage_name, max_length=100)
    name = models.CharField(_("name of the file"), max_length=150)
    content_type = models.CharField(_("kind of file"), max_length=100, choices=FileType.choices)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    description = models.CharField(_("what it is"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey(User, verbose_name=_("attached by"), on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("attached"), default=timezone.now)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, verbose_name=_("cancelled by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancel_reason = models.CharField(_("reason for cancelling"), max_length=500, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["-uploaded_at", "-pk"]
        triggers = [
            pgtrigger.ReadOnly(name="file_is_fixed", exclude=[*CANCEL_FIELDS, "id"]),
            pgtrigger.Protect(
                name="cancelled_once", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__cancelled_at=None)
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason="")),
                name="attachment_cancelled_with_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
        ]
        indexes = [
            models.Index(fields=["owner_kind", "owner_id"], name="attachment_by_owner"),
            models.Index(fields=["family_id"], name="attachment_by_family", condition=Q(family_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None
