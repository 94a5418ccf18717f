"""Factories of papers and orders. Values are numbered, never random."""

import datetime
import hashlib

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from records.enums import FileType
from records.models import Attachment, IssuedDocument, LegalAct
from tests.factories.accounts import InstitutionFactory, UserFactory

PDF = b"%PDF-1.7\n% a paper of the tests\n%%EOF\n"


class LegalActFactory(DjangoModelFactory[LegalAct]):
    class Meta:
        model = LegalAct

    issuer = "Министерство труда и социальной защиты"
    kind = "Приказ"
    number = factory.Sequence(lambda n: f"{n + 1}-п")
    dated = datetime.date(2025, 3, 3)
    title = "О социальном сопровождении семей"
    in_force_from = datetime.date(2025, 4, 1)


class IssuedDocumentFactory(DjangoModelFactory[IssuedDocument]):
    """A paper of `owner_kind`, `owner_id`; its bytes are `pdf`."""

    class Meta:
        model = IssuedDocument

    institution = factory.SubFactory(InstitutionFactory)
    region = factory.SelfAttribute("institution.region")
    kind = "agreement"
    number = factory.Sequence(lambda n: f"{n + 1}/2026")
    title = "Договор о социальном сопровождении"
    owner_kind = "tests.unit"
    owner_id = factory.SelfAttribute("institution.pk")
    issued_on = datetime.date(2026, 2, 2)
    issued_by = factory.SubFactory(UserFactory)
    template = "print/agreement.html"
    pdf = PDF
    size = factory.LazyAttribute(lambda paper: len(paper.pdf))
    sha256 = factory.LazyAttribute(lambda paper: hashlib.sha256(paper.pdf).hexdigest())
    text_sha256 = factory.LazyAttribute(lambda paper: hashlib.sha256(paper.title.encode()).hexdigest())


class AttachmentFactory(DjangoModelFactory[Attachment]):
    """A PDF attached to `owner_kind`, `owner_id`; its bytes are `content`."""

    class Meta:
        model = Attachment
        exclude = ["content", "institution"]

    content = PDF
    institution = factory.SubFactory(InstitutionFactory)
    region = factory.SelfAttribute("institution.region")
    owner_kind = "tests.unit"
    owner_id = factory.SelfAttribute("institution.pk")
    file = factory.LazyAttribute(lambda paper: ContentFile(paper.content, "paper.pdf"))
    name = "свидетельство.pdf"
    content_type = FileType.PDF
    size = factory.LazyAttribute(lambda paper: len(paper.content))
    sha256 = factory.LazyAttribute(lambda paper: hashlib.sha256(paper.content).hexdigest())
    uploaded_by = factory.SubFactory(UserFactory)
