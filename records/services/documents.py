"""Issuing papers: rendered, numbered and frozen in the transaction of the act they witness."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Institution, Region, User
from common.pdf import Imprint, Letterhead, render_html, render_pdf
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
    confidential: bool = True,
) -> IssuedDocument:
    """Render `template` under the institution's letterhead and freeze the paper; `actor` None is the system itself.

    `issued_on` is the date the paper bears. A paper of the same kind of the same record is superseded by this one, as
    the next version; where the text has not changed since, and the paper is not cancelled, it is returned as it is.
    """
    _wait_for_turn(f"{kind}:{owner_kind}:{owner_id}")
    papers = IssuedDocument.objects.of(owner_kind, owner_id).filter(kind=kind).without_pdf()
    previous = papers.order_by("-version").first()
    frame: dict[str, Any] = {
        "title": title,
        "letterhead": _letterhead(institution),
        "confidential": confidential,
    }
    text = render_html(template, context, **frame)
    text_sha256 = hashlib.sha256(text.encode()).hexdigest()
    if previous and previous.text_sha256 == text_sha256 and not previous.is_cancelled:
        return previous
    rendered = render_pdf(template, context, imprint=_imprint(actor, institution, region), **frame)
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


def _letterhead(institution: Institution | None) -> Letterhead | None:
    if institution is None:
        return None
    return Letterhead(
        full_name=institution.full_name,
        short_name=institution.short_name,
        address=institution.address,
        phone=institution.phone,
        email=institution.email,
    )


def _imprint(actor: User | None, institution: Institution | None, region: Region) -> Imprint:
    zone = institution.time_zone if institution else ZoneInfo(region.time_zone)
    return Imprint(timezone.localtime(timezone=zone), actor.get_short_name() if actor else "")


def _wait_for_turn(paper: str) -> None:
    """Let two who issue the same paper at once do it one after the other.

    An advisory lock, for the application's database role may not lock rows of a table it may not change.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('records.issue:' || %s, 0))", [paper])
