"""Issued papers: frozen bytes with a checksum."""

import re
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Region, User
from records.enums import EXTENSIONS, FileType

NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
WORKBOOK = ".xlsx"
"""How the form of a document ends that is a workbook and not a PDF."""


def frozen(what: str) -> list[pgtrigger.Trigger]:
    """Triggers of a table whose rows are only ever added; `what` names it in the database's refusal."""
    return [
        pgtrigger.Protect(name="no_change", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="no_truncate",
            operation=pgtrigger.Truncate,
            when=pgtrigger.Before,
            level=pgtrigger.Statement,
            func=f"RAISE EXCEPTION '{what} are never deleted.';",
        ),
    ]


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    """Papers without their bytes: those are loaded only to be served (`with_pdf`)."""

    def of(self, owner_kind: str, owner_id: int) -> Self:
        return self.filter(owner_kind=owner_kind, owner_id=owner_id)

    def without_pdf(self) -> Self:
        """For lists: a page of papers does not carry megabytes."""
        return self.defer("pdf")

    def not_cancelled(self) -> Self:
        return self.filter(cancellation=None)

    def newest_versions(self) -> Self:
        """Papers that no later version supersedes."""
        return self.filter(~Exists(IssuedDocument.objects.filter(supersedes=OuterRef("pk"))))


class IssuedDocument(models.Model):
    """A paper as it went out: numbered, dated, frozen (lessons 17). A correction is a new version that supersedes it.

    The PDF, or the workbook, is kept in the row, not in a file: it comes and goes with the transaction that gives the
    number, one backup holds all, and PostgreSQL itself refuses bytes that do not match the checksum. Papers are small
    (tens of kilobytes) and lie out of line, so lists that do not ask for them do not pay.

    `owner_kind` and `owner_id` name the record it belongs to; it is served through that record's door only
    (`records.doors`). Rows never change; cancelling writes a DocumentCancellation.
    """

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind of document"), max_length=50)
    number = models.CharField(_("number"), max_length=30, blank=True)
    title = models.CharField(_("title"), max_length=300)
    owner_kind = models.CharField(_("kind of record"), max_length=50)
    owner_id = models.BigIntegerField(_("record"))
    family_id = models.BigIntegerField(_("family"), null=True, blank=True)
    issued_on = models.DateField(_("date of the document"))
    issued_by = models.ForeignKey(
        User, verbose_name=_("issued by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now)
    template = models.CharField(_("form of the document"), max_length=100)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    supersedes = models.OneToOneField(
        "self",
        verbose_name=_("supersedes"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    pdf = models.BinaryField("PDF")
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    text_sha256 = models.CharField(_("checksum of the text"), max_length=64)

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        ordering = ["-issued_on", "-pk"]
        triggers = frozen("Issued documents")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id", "kind", "version"], name="one_document_per_version"
            ),
            models.UniqueConstraint(
                fields=["institution", "kind", "number", "version"],
                condition=~Q(number=""),
                name="document_number_once",
                violation_error_message=_("The institution has issued a document of this kind with this number."),
            ),
            models.CheckConstraint(
                condition=Q(version=1, supersedes=None) | Q(version__gt=1, supersedes__isnull=False),
                name="later_version_supersedes",
            ),
            models.CheckConstraint(
                condition=Q(size=Length("pdf"))
                & Q(
                    sha256=Func(
                        Func(F("pdf"), function="sha256", output_field=models.BinaryField()),
                        Value("hex"),
                        function="encode",
                        output_field=models.CharField(),
                    )
                ),
                name="document_matches_its_checksum",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_kind", "owner_id"], name="document_by_owner"),
            models.Index(fields=["family_id"], name="document_by_family", condition=Q(family_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def filename(self) -> str:
        """The name a download gets: «Договор № 12-2026.pdf»; what no file system takes becomes a hyphen."""
        number = f" № {self.number}" if self.number else ""
        return f"{NOT_IN_FILE_NAMES.sub('-', self.title + number)}.{EXTENSIONS[self.file_type][0]}"

    @property
    def file_type(self) -> FileType:
        """What the bytes are: a workbook where the form of the document says so, else a PDF."""
        return FileType.XLSX if self.template.endswith(WORKBOOK) else FileType.PDF

    @property
    def is_cancelled(self) -> bool:
        return hasattr(self, "cancellation")


class DocumentCancellation(models.Model):
    """That an issued paper no longer counts: by whom, since when, why. Nothing that was printed is deleted."""

    document = models.OneToOneField(
        IssuedDocument, verbose_name=_("document"), on_delete=models.PROTECT, related_name="cancellation"
    )
    cancelled_on = models.DateField(_("cancelled on"))
    cancelled_by = models.ForeignKey(User, verbose_name=_("cancelled by"), on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("cancellation of a document")
        verbose_name_plural = _("cancellations of documents")
        triggers = frozen("Cancellations of documents")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="document_cancelled_with_reason",
                violation_error_message=_("Give the reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.reason}"
