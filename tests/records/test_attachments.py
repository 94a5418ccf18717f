"""Files of a record: only what is allowed comes in, and it goes out through the record's own door."""

import io
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from records import doors
from records.enums import FileType
from records.files import clean_name, sniff
from records.forms import AttachmentForm
from records.models import Attachment
from records.services.attachments import remove_orphans
from records.services.papers import papers_of
from tests.cast import Cast, client_of
from tests.factories.records import PDF, AttachmentFactory

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def office(*names: str, mimetype: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<xml/>")
    return buffer.getvalue()


DOCX = office("[Content_Types].xml", "word/document.xml")
XLSX = office("[Content_Types].xml", "xl/workbook.xml")
ODT = office("content.xml", mimetype=FileType.ODT.value.encode())


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    # What the browser claims about the kind plays no part.
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def filled(*files: SimpleUploadedFile) -> AttachmentForm:
    return AttachmentForm({"submission": str(uuid.uuid4())}, MultiValueDict({"file": list(files)}))


def take(user: User, row: Attachment) -> HttpResponse:
    return client_of(user).get(reverse("records:attachment", args=[row.pk]))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, FileType.PDF),
        ("a.JPG", JPEG, FileType.JPEG),
        ("a.jpeg", JPEG, FileType.JPEG),
        ("a.png", PNG, FileType.PNG),
        ("a.docx", DOCX, FileType.DOCX),
        ("a.xlsx", XLSX, FileType.XLSX),
        ("a.odt", ODT, FileType.ODT),
    ],
    ids=["pdf", "jpg", "jpeg", "png", "docx", "xlsx", "odt"],
)
def test_the_content_says_what_a_file_is(name: str, content: bytes, kind: FileType) -> None:
    file = upload(name, content)
    assert sniff(file) == kind
    assert filled(file).is_valid()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("program.pdf", b"MZ\x90\0"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("photo.pdf", JPEG),
        ("paper.pdf.exe", PDF),
        ("macros.docx", office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("archive.docx", office("secret.txt")),
        ("broken.docx", DOCX[:60]),
        ("other.odt", office("content.xml", mimetype=b"application/vnd.oasis.opendocument.spreadsheet")),
        ("empty.pdf", b""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_files_are_refused(name: str, content: bytes) -> None:
    form = filled(upload(name, content))
    assert not form.is_valid()
    assert form.errors["file"]


def test_a_file_over_the_limit_is_refused(settings: object) -> None:
    settings.ATTACHMENT_MAX_BYTES = len(PDF)  # type: ignore[attr-defined]
    assert filled(upload("a.pdf", PDF)).is_valid()
    assert not filled(upload("a.pdf", PDF + b" ")).is_valid()


def test_no_file_and_too_many_files_are_refused() -> None:
    assert not filled().is_valid()
    assert not filled(*(upload(f"{n}.pdf", PDF) for n in range(11))).is_valid()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\docs\\Справка  о доходах.pdf", "Справка о доходах.pdf"),
        ("invoice\u202efdp.exe.pdf", "invoice fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("ж" * 300 + ".docx", "ж" * 145 + ".docx"),
        ("..", "file"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert clean_name(given) == kept


@pytest.mark.requirement("X12")
def test_attached_through_the_page_and_taken_by_who_may(cast: Cast, unit_door: str) -> None:
    page = reverse("records:attachment_new", args=[unit_door, cast.institution.pk])
    client = client_of(cast.specialist)
    assert client.get(page).status_code == 200
    key = str(uuid.uuid4())
    sent = {"submission": key, "description": "Паспорт"}
    for _click in range(2):
        files = [upload("Паспорт.pdf", PDF), upload("2.png", PNG)]
        answer = client.post(page, sent | {"file": files})
        assert answer.url == f"/units/{cast.institution.pk}/"
        assert [str(text) for text in get_messages(answer.wsgi_request)] == ["Файлы сохранены."]
    rows = Attachment.objects.order_by("pk")
    assert [(row.name, row.family_id, row.uploaded_by, row.region) for row in rows] == [
        ("Паспорт.pdf", 77, cast.specialist, cast.region),
        ("2.png", 77, cast.specialist, cast.region),
    ]
    answer = take(cast.head, rows[0])
    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    event = AccessEvent.objects.get(action=AccessAction.DOWNLOAD)
    assert (event.user, event.kind, event.object_id, event.family_id) == (cast.head, "attachment", rows[0].pk, 77)


@pytest.mark.requirement("X12", "L21")
def test_nobody_else_takes_it(cast: Cast, unit_door: str) -> None:
    row = AttachmentFactory(institution=cast.institution)
    refusals = {
        404: [cast.other_director, cast.foreign_head, cast.ministry, cast.region_admin, cast.newcomer],
        403: [cast.secretary, cast.duty_officer],
    }
    for status, people in refusals.items():
        for user in people:
            assert take(user, row).status_code == status, user.username
    assert not AccessEvent.objects.filter(action=AccessAction.DOWNLOAD).exists()


@pytest.mark.django_db
def test_a_kind_without_a_door_opens_for_nobody(cast: Cast) -> None:
    row = AttachmentFactory(institution=cast.institution, owner_kind="tests.unnamed")
    assert take(cast.specialist, row).status_code == 404
    assert (
        client_of(cast.specialist).get(reverse("records:attachment_new", args=["tests.unnamed", 1])).status_code == 404
    )


def test_attaching_and_withdrawing_ask_for_the_right_to_write(cast: Cast, unit_door: str) -> None:
    row = AttachmentFactory(institution=cast.institution)
    pages = [
        reverse("records:attachment_new", args=[unit_door, cast.institution.pk]),
        reverse("records:attachment_cancel", args=[row.pk]),
    ]
    for page in pages:
        for user, status in [(cast.specialist, 200), (cast.head, 403), (cast.other_specialist, 404)]:
            assert client_of(user).get(page).status_code == status
            if status != 200:
                assert client_of(user).post(page, {"reason": "Ошибка"}).status_code == status
    row.refresh_from_db()
    assert not row.is_cancelled


def test_a_record_may_ask_for_a_reason(cast: Cast, unit_door: str) -> None:
    door = doors._doors.pop(unit_door)
    doors.register_owner(
        unit_door,
        door.find,
        reason_for=lambda request, _owner: request.GET.get("why") or HttpResponse("Why?", status=409),
    )
    row = AttachmentFactory(institution=cast.institution)
    client, page = client_of(cast.head), reverse("records:attachment", args=[row.pk])
    assert client.get(page).content == b"Why?"
    assert not AccessEvent.objects.filter(action=AccessAction.DOWNLOAD).exists()
    assert client.get(page, {"why": "Проверка"}).status_code == 200
    assert AccessEvent.objects.get(action=AccessAction.DOWNLOAD).reason == "Проверка"


@pytest.mark.django_db
def test_a_damaged_file_is_not_given_out(cast: Cast, unit_door: str) -> None:
    row = AttachmentFactory(institution=cast.institution)
    Path(row.file.path).write_bytes(PDF + b"!")
    answer = take(cast.head, row)
    assert answer.status_code == 500
    assert PDF not in answer.content
    Path(row.file.path).unlink()
    assert take(cast.head, row).status_code == 500


def test_withdrawn_with_a_reason_and_never_served_again(cast: Cast, unit_door: str) -> None:
    row = AttachmentFactory(institution=cast.institution)
    client, page = client_of(cast.specialist), reverse("records:attachment_cancel", args=[row.pk])
    assert client.post(page, {"reason": " "}).status_code == 200
    assert client.post(page, {"reason": "Не тот документ"}).url == f"/units/{cast.institution.pk}/"
    row.refresh_from_db()
    assert (row.cancelled_by, row.cancel_reason) == (cast.specialist, "Не тот документ")
    assert take(cast.head, row).status_code == 404
    assert client.post(page, {"reason": "Ещё раз"}).status_code == 404
    assert Path(row.file.path).exists()


@pytest.mark.django_db
def test_the_database_keeps_a_file_as_it_was_attached(unit_door: str) -> None:
    row = AttachmentFactory()
    for change in [{"sha256": "0" * 64}, {"owner_id": 1}, {"file": "attachments/00/x"}]:
        with pytest.raises(ProgrammingError), transaction.atomic():
            Attachment.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(ProgrammingError), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=row.pk).update(cancelled_at=timezone.now(), cancelled_by=row.uploaded_by)
    values = {"cancelled_at": timezone.now(), "cancelled_by": row.uploaded_by, "cancel_reason": "Ошибка"}
    Attachment.objects.filter(pk=row.pk).update(**values)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Attachment.objects.filter(pk=row.pk).update(cancel_reason="Другое")


def test_the_panel_shows_what_the_person_may_do(cast: Cast, unit_door: str) -> None:
    kept, withdrawn = AttachmentFactory.create_batch(2, institution=cast.institution)
    values = {"cancelled_at": timezone.now(), "cancelled_by": cast.head, "cancel_reason": "Ошибка"}
    Attachment.objects.filter(pk=withdrawn.pk).update(**values)
    owner = doors.owner_to_write(cast.specialist, unit_door, cast.institution.pk)
    seen = papers_of(cast.specialist, unit_door, owner)
    assert seen.attachments == [kept]
    assert seen.attach_url
    assert papers_of(cast.head, unit_door, owner).attach_url == ""
    assert papers_of(cast.secretary, unit_door, owner).attachments == []


@pytest.mark.django_db
def test_files_that_no_row_names_are_removed_a_day_later(media: Path) -> None:
    kept = AttachmentFactory()
    orphan = media / "attachments" / "00" / "orphan"
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(PDF)
    assert remove_orphans(timezone.now()) == 0
    assert remove_orphans(timezone.now() + timedelta(days=2)) == 1
    assert not orphan.exists()
    assert Path(kept.file.path).exists()
