"""Choices of the records room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkState(models.TextChoices):
    """Where an order of background work stands."""

    QUEUED = "QUEUED", _("waits")
    RUNNING = "RUNNING", _("is being done")
    DONE = "DONE", pgettext_lazy("work", "done")
    FAILED = "FAILED", _("failed")
    CANCELLED = "CANCELLED", _("cancelled")


WORK_TRANSITIONS: dict[str, frozenset[str]] = {
    WorkState.QUEUED: frozenset({WorkState.RUNNING, WorkState.CANCELLED}),
    WorkState.RUNNING: frozenset({WorkState.DONE, WorkState.QUEUED, WorkState.FAILED, WorkState.CANCELLED}),
    WorkState.FAILED: frozenset({WorkState.QUEUED}),
    WorkState.DONE: frozenset(),
    WorkState.CANCELLED: frozenset(),
}
"""RUNNING returns to QUEUED for another attempt; FAILED does when a person asks for one."""


class RunOutcome(models.TextChoices):
    """How one run of a periodic job ended."""

    RUNNING = "RUNNING", pgettext_lazy("run", "is running")
    DONE = "DONE", pgettext_lazy("run", "done")
    FAILED = "FAILED", pgettext_lazy("run", "failed")


class FileType(models.TextChoices):
    """The kinds of files that may be attached; what a file is, its content says and not its name."""

    PDF = "application/pdf", "PDF"
    JPEG = "image/jpeg", "JPEG"
    PNG = "image/png", "PNG"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"
    ODT = "application/vnd.oasis.opendocument.text", "ODT"


EXTENSIONS: dict[str, tuple[str, ...]] = {
    FileType.PDF: ("pdf",),
    FileType.JPEG: ("jpg", "jpeg"),
    FileType.PNG: ("png",),
    FileType.DOCX: ("docx",),
    FileType.XLSX: ("xlsx",),
    FileType.ODT: ("odt",),
}
