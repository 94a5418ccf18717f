"""The papers of a record, for the panels on its page (`records/_attachments.html`, `records/_documents.html`)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.urls import reverse

from accounts.journal import Named
from accounts.models import User
from common.text import number_sign
from records.doors import door_of, owners_to_read
from records.models import Attachment, IssuedDocument

Paper = TypeVar("Paper", Attachment, IssuedDocument)


@dataclass(frozen=True, slots=True)
class Papers:
    """What a page shows of a record's papers, and where more are attached ("" for who may not).

    Only files of the record itself, which is of `owner_kind`, are withdrawn from its page.
    """

    attachments: list[Attachment]
    documents: list[IssuedDocument]
    attach_url: str
    owner_kind: str


def papers_of(user: User, owner_kind: str, owner: Any) -> Papers:
    """The papers of a record that `user` has opened; none for a person who may not take them. Two queries.

    The page that shows them has journaled its own opening; taking a file is journaled when it is taken.
    """
    door = door_of(owner_kind)
    if not door.may_read(user, owner):
        return Papers([], [], "", owner_kind)
    attachments = Attachment.objects.of(owner_kind, owner.pk).not_cancelled().select_related("uploaded_by")
    documents = IssuedDocument.objects.of(owner_kind, owner.pk).without_pdf().newest_versions()
    attach_url = ""
    if door.may_write(user, owner):
        attach_url = reverse("records:attachment_new", args=[owner_kind, owner.pk])
    return Papers(
        list(attachments), list(documents.select_related("cancellation", "issued_by")), attach_url, owner_kind
    )


def through_doors(user: User, papers: Iterable[Paper]) -> list[tuple[Paper, Any]]:
    """Those of the papers of many records that `user` may take, each with its record; one lookup for each kind."""
    rows = list(papers)
    owners = owners_to_read(user, ((row.owner_kind, row.owner_id) for row in rows))
    found = ((row, owners.get((row.owner_kind, row.owner_id))) for row in rows)
    return [(row, owner) for row, owner in found if owner is not None]


def named(_reader: User, ids: Collection[int]) -> dict[int, Named]:
    """Issued papers for the journal: title, number and day, which tell nothing of anybody; opened from their record."""
    rows = IssuedDocument.objects.filter(pk__in=ids).only("title", "number", "issued_on")
    return {
        row.pk: Named(
            "", name=", ".join((f"{row.title} {number_sign(row.number)}".strip(), f"{row.issued_on:%d.%m.%Y}"))
        )
        for row in rows
    }
