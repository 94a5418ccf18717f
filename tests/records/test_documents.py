"""Issued papers: frozen, versioned, never deleted, served through the door of their record."""

from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.http import HttpResponse
from django.urls import reverse
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from records import doors
from records.models import DocumentCancellation, IssuedDocument
from records.services.documents import cancel_document, issue_document
from records.services.papers import papers_of
from tests.cast import Cast, client_of
from tests.factories.records import PDF, IssuedDocumentFactory
from tests.records.concurrency import at_once


@pytest.fixture
def paper_template(settings: Settings) -> None:
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], Path(__file__).parent / "templates"]}]


def take(user: User, paper: IssuedDocument) -> HttpResponse:
    return client_of(user).get(reverse("records:document", args=[paper.pk]))  # type: ignore[return-value]


@pytest.mark.requirement("L17")
@pytest.mark.django_db
def test_the_database_refuses_to_change_or_delete_a_paper() -> None:
    paper = IssuedDocumentFactory()
    for change in [{"title": "Другое"}, {"pdf": b"%PDF-x"}, {"number": ""}]:
        with pytest.raises(ProgrammingError), transaction.atomic():
            IssuedDocument.objects.filter(pk=paper.pk).update(**change)
    with pytest.raises(ProgrammingError), transaction.atomic():
        paper.delete()


def test_the_application_has_no_right_to_either(app_connection: psycopg.Connection) -> None:
    for statement in ("UPDATE records_issueddocument SET title = ''", "DELETE FROM records_issueddocument"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_connection.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"size": 3}, {"version": 2}])
def test_the_database_checks_what_is_issued(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocumentFactory(**wrong)


@pytest.mark.django_db
def test_a_number_is_issued_once() -> None:
    paper = IssuedDocumentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocumentFactory(institution=paper.institution, number=paper.number, owner_id=paper.owner_id + 1)
    IssuedDocumentFactory(number=paper.number)


@pytest.mark.requirement("X12", "X8")
def test_taken_by_who_may_and_journaled(cast: Cast, unit_door: str) -> None:
    paper = IssuedDocumentFactory(institution=cast.institution, number="12/2026")
    answer = take(cast.head, paper)
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    # A server by the letter of WSGI takes plain strings only, no members of an enumeration.
    assert {type(value) for value in answer.headers.values()} == {str}
    assert "12-2026.pdf" in answer.headers["Content-Disposition"]
    event = AccessEvent.objects.get(action=AccessAction.DOWNLOAD)
    assert (event.user, event.kind, event.object_id, event.family_id) == (cast.head, "issueddocument", paper.pk, 77)
    for user, status in [(cast.secretary, 403), (cast.other_head, 404), (cast.ministry, 404), (cast.newcomer, 404)]:
        assert take(user, paper).status_code == status
    assert AccessEvent.objects.filter(action=AccessAction.DOWNLOAD).count() == 1


@pytest.mark.django_db
def test_a_cancelled_paper_stays_with_the_reason_beside_it(cast: Cast, unit_door: str) -> None:
    paper = IssuedDocumentFactory(institution=cast.institution)
    cancel_document(document=paper, actor=cast.head, on=date(2026, 3, 1), reason=" Ошибка в дате ")
    assert not IssuedDocument.objects.not_cancelled().exists()
    assert take(cast.head, paper).status_code == 200
    (seen,) = papers_of(cast.head, unit_door, doors.open_owner(cast.head, unit_door, cast.institution.pk)).documents
    assert seen.is_cancelled
    assert seen.cancellation.reason == "Ошибка в дате"
    with pytest.raises(IntegrityError), transaction.atomic():
        cancel_document(document=paper, actor=cast.head, on=date(2026, 3, 2), reason="Ещё раз")
    with pytest.raises(ProgrammingError), transaction.atomic():
        DocumentCancellation.objects.all().delete()


@pytest.mark.django_db
def test_lists_do_not_load_the_papers_themselves() -> None:
    IssuedDocumentFactory()
    assert "pdf" in IssuedDocument.objects.without_pdf().get().get_deferred_fields()


def issue(cast: Cast, text: str, **changes: Any) -> IssuedDocument:
    values: dict[str, Any] = {
        "kind": "act",
        "title": "Акт посещения",
        "template": "records_tests/paper.html",
        "context": {"text": text},
        "owner_kind": "tests.unit",
        "owner_id": cast.institution.pk,
        "issued_on": date(2026, 2, 2),
        "actor": cast.head,
        "region": cast.region,
        "institution": cast.institution,
        "number": "1/2026",
    }
    return issue_document(**(values | changes))


@pytest.mark.requirement("L17", "S0-2")
@pytest.mark.usefixtures("paper_template")
def test_an_issued_paper_is_rendered_numbered_and_frozen(cast: Cast) -> None:
    paper = issue(cast, "Семья посещена.", family_id=77)
    text = PdfReader(BytesIO(bytes(paper.pdf))).pages[0].extract_text()
    assert "Семья посещена." in text
    assert f"{cast.institution.full_name} ({cast.institution.short_name})" in " ".join(text.split())
    assert paper.size == len(paper.pdf)
    assert (paper.version, paper.supersedes, paper.issued_by, paper.family_id) == (1, None, cast.head, 77)
    assert paper.filename == "Акт посещения № 1-2026.pdf"
    assert IssuedDocument(title='Отчёт, ГБУ "Центр": 1/2').filename == "Отчёт, ГБУ -Центр-- 1-2.pdf"


@pytest.mark.requirement("L17")
@pytest.mark.usefixtures("paper_template")
def test_a_correction_supersedes_and_an_unchanged_paper_is_not_issued_twice(cast: Cast) -> None:
    first = issue(cast, "Семья посещена.")
    assert issue(cast, "Семья посещена.") == first
    second = issue(cast, "Семья посещена дважды.")
    assert (second.version, second.supersedes) == (2, first)
    assert list(IssuedDocument.objects.newest_versions()) == [second]
    cancel_document(document=second, actor=cast.head, on=date(2026, 2, 3), reason="Ошибка")
    third = issue(cast, "Семья посещена дважды.")
    assert (third.version, third.supersedes) == (3, second)
    assert issue(cast, "Семья посещена.", kind="notice", number="1/2026").version == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("paper_template")
def test_two_who_issue_the_same_paper_at_once_get_two_versions(cast: Cast) -> None:
    start = Barrier(2)

    def one(text: str) -> int:
        start.wait(timeout=10)
        return issue(cast, text).version

    assert sorted(at_once(lambda: one("Первый"), lambda: one("Второй"))) == [1, 2]
