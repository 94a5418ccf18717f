"""Issuing papers: rendered, numbered and frozen in the transaction of the act they witness."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction

from accounts.models import Institution, Region, User
from records.models import DocumentCancellation, IssuedDocument


class DamagedFile(RuntimeError):
    """Stored bytes do not match their checksum; they are given to nobody."""


@transaction.atomic
def issue_document(
    *,
    kind: str,
    title: str,
    template: str,
    context: Mapping[str, Any],
    owner_kind: str,
    owner_id: int,
    issued_on: date,
    actor: User | None,
    region: Region,
    institution: Institution | None = None,
    number: str = "",
    family_id: int | None = None,
) -> IssuedDocument:
    """Render `template` and freeze the paper; `actor` None is the system itself.

    `issued_on` is the date the paper bears. A paper of the same kind of the same record is superseded by this one, as
    the next version; where the text has not changed since, and the paper is not cancelled, it is returned as it is.
    """
    from common.pdf import render_pdf  # noqa: PLC0415

    _wait_for_turn(f"{kind}:{owner_kind}:{owner_id}")
    papers = IssuedDocument.objects.of(owner_kind, owner_id).filter(kind=kind).without_pdf()
    previous = papers.order_by("-version").first()
    rendered = render_pdf(template, dict(context), title=title)
    text_sha256 = hashlib.sha256(rendered.html.encode()).hexdigest()
    if previous and previous.text_sha256 == text_sha256 and not previous.is_cancelled:
        return previous
    return IssuedDocument.objects.create(
        region=region,
        institution=institution,
        kind=kind,
        number=number,
        title=title,
        owner_kind=owner_kind,
        owner_id=owner_id,
        family_id=family_id,
        issued_on=issued_on,
        issued_by=actor,
        template=template,
        version=previous.version + 1 if previous else 1,
        supersedes=previous,
        pdf=rendered.pdf,
        size=len(rendered.pdf),
        sha256=rendered.sha256,
        text_sha256=text_sha256,
    )


def cancel_document(*, document: IssuedDocument, actor: User, on: date, reason: str) -> DocumentCancellation:
    """Note that the paper no longer counts from `on`; it stays as it was issued, with the note beside it."""
    return DocumentCancellation.objects.create(
        document=document, cancelled_on=on, cancelled_by=actor, reason=reason.strip()
    )


def verified_pdf(document: IssuedDocument) -> bytes:
    """The paper's bytes; raises DamagedFile when they are not the ones that were issued."""
    content = bytes(document.pdf)
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise DamagedFile(f"Issued document {document.pk}.")
    return content


def _wait_for_turn(paper: str) -> None:
    """Let two who issue the same paper at once do it one after the other.

    An advisory lock, for the application's database role may not lock rows of a table it may not change.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('records.issue:' || %s, 0))", [paper])
