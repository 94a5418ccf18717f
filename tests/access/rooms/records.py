"""Routes of papers and drafts: a paper opens with the rights of the record it belongs to."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from tests import tokens
from tests.access.routes import form, page, post
from tests.factories.records import PDF, AttachmentFactory, IssuedDocumentFactory

if TYPE_CHECKING:
    from tests.access.worlds import Subject

OBJECTS = {"records.Attachment": "attachment", "records.IssuedDocument": "issued_document"}

ROUTES = [
    page("records:attachment", "attachment.read", at="attachment"),
    form("records:attachment_new", "attachment.write", at="attachment_owner"),
    form("records:attachment_cancel", "attachment.write", at="attachment"),
    page("records:document", "issued_document.read", at="document"),
    page("records:document", "special_category.read", at="visit_act"),
    page("records:attachment", "special_category.read", at="visit_scan"),
    post("records:draft", "profile.write", at="draft"),
    post("records:draft_discard", "profile.write", at="draft"),
]


def furnish(subject: "Subject") -> None:
    """A file attached to the case, or to a family without one, and a paper issued of it."""
    family = subject.family
    kind, record = ("casework.case", subject.rows["case"]) if "case" in subject.rows else ("families.family", family)
    owner = {"owner_kind": kind, "owner_id": record.pk, "family_id": family.pk}
    unit = {"institution": family.institution}
    subject.add("attachment", AttachmentFactory.create(**owner, **unit))
    wrong = {"cancelled_at": timezone.now(), "cancelled_by": subject.cast.colleague, "cancel_reason": "-"}
    AttachmentFactory.create(**owner, **unit, **wrong)
    subject.add("document", IssuedDocumentFactory.create(**owner, **unit))
    subject.ids["attachment_owner"] = (kind, record.pk)
    if "visit" in subject.rows:
        _papers_of_visit(subject, unit)


def _papers_of_visit(subject: "Subject", unit: dict[str, Any]) -> None:
    """The act of the visit and its scan, both with the words on health that the visit is given as a token."""
    visit = subject.rows["visit"]
    told = tokens.word(f"{subject.key}:casework.Visit.health:{visit.pk}")
    owner = {"owner_kind": "casework.visit", "owner_id": visit.pk, "family_id": subject.family.pk}
    content = PDF + told.encode()
    subject.add("visit_act", IssuedDocumentFactory.create(pdf=content, **owner, **unit))
    subject.add("visit_scan", AttachmentFactory.create(content=content, **owner, **unit))
