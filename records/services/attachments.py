"""Attaching files to records and cancelling them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.access import working_appointment
from accounts.models import User
from records import doors
from records.files import clean_name, sniff
from records.models import Attachment
from records.services.documents import DamagedFile

FOLDER = "attachments"
# A request that is still running may have written its file and not yet its row.
ORPHAN_AFTER = timedelta(days=1)


@transaction.atomic
def attach_file(
    *, actor: User, file: File[Any], name: str, owner_kind: str, owner: Any, description: str = ""
) -> Attachment:
    """Attach `file` to the record; its kind is read from its content. Raises ValueError for a kind not allowed.

    Whether `actor` may attach to this record is asked before, of its door.
    """
    kind = sniff(file)
    if kind is None:
        raise ValueError("Files of this kind are not attached.")
    digest = checksum(file)
    file.seek(0)
    region = working_appointment(actor).region
    if region is None:
        raise PermissionDenied
    attachment = Attachment(
        region=region,
        owner_kind=owner_kind,
        owner_id=owner.pk,
        family_id=doors.door_of(owner_kind).family_of(owner),
        name=clean_name(name),
        content_type=kind,
        size=file.size or 0,
        sha256=digest,
        description=description.strip(),
        uploaded_by=actor,
    )
    attachment.file.save(name, file, save=False)
    attachment.save()
    return attachment


def cancel_attachment(*, attachment: Attachment, actor: User, reason: str) -> bool:
    """Withdraw a file that was attached by mistake; False when somebody has done so already.

    It stays stored, with who, when and why, and is served no more.
    """
    standing = Attachment.objects.not_cancelled().filter(pk=attachment.pk)
    values = {"cancelled_at": timezone.now(), "cancelled_by": actor, "cancel_reason": reason.strip()}
    return standing.update(**values) == 1


def checksum(file: File[Any]) -> str:
    """SHA-256 of the content, read in pieces."""
    digest = hashlib.sha256()
    file.seek(0)
    for piece in file.chunks():
        digest.update(piece)
    return digest.hexdigest()


def verified_content(attachment: Attachment) -> bytes:
    """The stored bytes; raises DamagedFile when they are missing or not what was attached."""
    try:
        with attachment.file.open("rb") as file:
            content: bytes = file.read()
    except OSError as error:
        raise DamagedFile(f"Attachment {attachment.pk}.") from error
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise DamagedFile(f"Attachment {attachment.pk}.")
    return content


def remove_orphans(now: datetime) -> int:
    """Delete stored files that no row names, left by requests that failed after writing; return how many."""
    removed = 0
    if not default_storage.exists(FOLDER):
        return 0
    for folder in default_storage.listdir(FOLDER)[0]:
        names = [f"{FOLDER}/{folder}/{name}" for name in default_storage.listdir(f"{FOLDER}/{folder}")[1]]
        known = set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < now - ORPHAN_AFTER:
                default_storage.delete(name)
                removed += 1
    return removed
