"""The papers of a record, for the panels on its page (`records/_attachments.html`, `records/_documents.html`)."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import User
from records.doors import door_of
from records.models import Attachment, IssuedDocument


@dataclass(frozen=True, slots=True)
class Papers:
    """What a page shows of a record's papers, and where more are attached ("" for who may not)."""

    attachments: list[Attachment]
    documents: list[IssuedDocument]
    attach_url: str


def papers_of(user: User, owner_kind: str, owner: Any) -> Papers:
    """The papers of a record that `user` has opened; none for a person who may not take them. Two queries.

    The page that shows them has journaled its own opening; taking a file is journaled when it is taken.
    """
    door = door_of(owner_kind)
    if not door.may_read(user, owner):
        return Papers([], [], "")
    attachments = Attachment.objects.of(owner_kind, owner.pk).not_cancelled().select_related("uploaded_by")
    documents = IssuedDocument.objects.of(owner_kind, owner.pk).without_pdf().newest_versions()
    attach_url = ""
    if door.may_write(user, owner):
        attach_url = reverse("records:attachment_new", args=[owner_kind, owner.pk])
    return Papers(list(attachments), list(documents.select_related("cancellation", "issued_by")), attach_url)
