"""Issuing papers: rendered, numbered and frozen in the transaction of the act they witness."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeGuard
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Institution, Region, User
from common.pdf import Imprint, Letterhead, render_html, render_pdf
from common.xlsx import Sheet, render_xlsx
from records.models import DocumentCancellation, IssuedDocument
from records.models.documents import WORKBOOK

IssueListener = Callable[[IssuedDocument, User | None], None]

_listeners: dict[str, IssueListener] = {}


class DamagedFile(RuntimeError):
    """Stored bytes do not match their checksum; they are given to nobody."""


def register_issue_listener(name: str, listener: IssueListener) -> None:
    """Be told, in the same transaction, of each paper that was issued, or issued anew, and by whom."""
    if _listeners.get(name, listener) != listener:
        raise ValueError(f"{name} is registered twice.")
    _listeners[name] = listener


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
    paper = _Paper(kind, title, template, owner_kind, owner_id, region, institution)
    previous = paper.previous()
    frame = _frame(title, institution, confidential=confidential)
    text = render_html(template, context, **frame).encode()
    if _is_unchanged(previous, text):
        return previous
    rendered = render_pdf(template, context, imprint=_imprint(actor, institution, region), **frame)
    issued = paper.freeze(
        rendered.pdf, text, previous, number=number, family_id=family_id, issued_on=issued_on, issued_by=actor
    )
    for listener in _listeners.values():
        listener(issued, actor)
    return issued


def says_the_same(document: IssuedDocument, context: Mapping[str, Any], *, confidential: bool = True) -> bool:
    """Whether the paper, made anew from this context, would say what it says."""
    frame = _frame(document.title, document.institution, confidential=confidential)
    text = render_html(document.template, context, **frame).encode()
    return hashlib.sha256(text).hexdigest() == document.text_sha256


@transaction.atomic
def issue_workbook(
    *,
    kind: str,
    title: str,
    sheets: Sequence[Sheet],
    owner_kind: str,
    owner_id: int,
    issued_on: date,
    actor: User | None,
    region: Region,
    institution: Institution | None = None,
) -> IssuedDocument:
    """Freeze a workbook of these sheets, as `issue_document` does a paper; its kind is its own."""
    paper = _Paper(kind, title, f"{kind}{WORKBOOK}", owner_kind, owner_id, region, institution)
    previous = paper.previous()
    text = render_xlsx(sheets, title=title)
    if _is_unchanged(previous, text):
        return previous
    content = render_xlsx(sheets, title=title, imprint=_imprint(actor, institution, region))
    return paper.freeze(content, text, previous, issued_on=issued_on, issued_by=actor)


@dataclass(frozen=True)
class _Paper:
    """What is to be frozen, and for which record."""

    kind: str
    title: str
    template: str
    owner_kind: str
    owner_id: int
    region: Region
    institution: Institution | None

    def previous(self) -> IssuedDocument | None:
        """The version before, once nobody else issues this paper."""
        _wait_for_turn(f"{self.kind}:{self.owner_kind}:{self.owner_id}")
        papers = IssuedDocument.objects.of(self.owner_kind, self.owner_id).filter(kind=self.kind)
        return papers.without_pdf().order_by("-version").first()

    def freeze(self, content: bytes, text: bytes, previous: IssuedDocument | None, **values: Any) -> IssuedDocument:
        """Keep the bytes for good; `text` is what makes two versions the same."""
        return IssuedDocument.objects.create(
            **vars(self),
            version=previous.version + 1 if previous else 1,
            supersedes=previous,
            pdf=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            text_sha256=hashlib.sha256(text).hexdigest(),
            **values,
        )


def _is_unchanged(previous: IssuedDocument | None, text: bytes) -> TypeGuard[IssuedDocument]:
    return (
        previous is not None and previous.text_sha256 == hashlib.sha256(text).hexdigest() and not previous.is_cancelled
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


def _frame(title: str, institution: Institution | None, *, confidential: bool) -> dict[str, Any]:
    """What stands around the text of a paper."""
    return {"title": title, "letterhead": _letterhead(institution), "confidential": confidential}


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
