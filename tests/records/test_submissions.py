"""A creating form is taken once, also when two requests carry it at the same moment."""

import uuid
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from records.models import Attachment, FormSubmission, LegalAct
from records.services.submissions import SubmissionField, forget_old_submissions, once
from tests.cast import Cast, client_of
from tests.factories.accounts import UserFactory
from tests.factories.records import PDF
from tests.records.concurrency import at_once


def make(user: User, key: uuid.UUID) -> str:
    """What a creating view does with a valid form: the stand-in for the record is a legal act."""
    with transaction.atomic():
        sent = once(user=user, key=key, kind="legal_act")
        if not sent.is_repeat:
            act = LegalAct.objects.create(
                issuer="Министерство",
                kind="Приказ",
                number=str(LegalAct.objects.count() + 1),
                dated="2026-01-01",
                title="О сопровождении",
                in_force_from="2026-01-01",
            )
            sent.complete(f"/acts/{act.pk}/", act.pk)
        return sent.url


@pytest.mark.django_db
@pytest.mark.requirement("L19")
def test_a_second_sending_leads_to_the_first_result() -> None:
    user, key = UserFactory(), uuid.uuid4()
    assert make(user, key) == make(user, key) != ""
    assert LegalAct.objects.count() == 1
    assert make(user, uuid.uuid4()) != make(user, key)


@pytest.mark.django_db
def test_keys_of_two_people_do_not_meet() -> None:
    key = uuid.uuid4()
    assert make(UserFactory(), key) != make(UserFactory(), key)


@pytest.mark.django_db
def test_a_form_that_failed_may_be_sent_again() -> None:
    user, key = UserFactory(), uuid.uuid4()
    with transaction.atomic():
        once(user=user, key=key, kind="legal_act")
        transaction.set_rollback(True)
    assert make(user, key)
    assert LegalAct.objects.count() == 1


@pytest.mark.django_db
def test_a_key_serves_one_kind_of_form() -> None:
    user, key = UserFactory(), uuid.uuid4()
    make(user, key)
    with pytest.raises(SuspiciousOperation):
        once(user=user, key=key, kind="another")


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("L19")
def test_a_double_click_makes_one_record() -> None:
    user, key, start = UserFactory(), uuid.uuid4(), Barrier(3)

    def click() -> str:
        start.wait(timeout=10)
        return make(user, key)

    urls = at_once(click, click, click)
    assert len(set(urls)) == 1
    assert LegalAct.objects.count() == 1


@pytest.mark.requirement("L19")
def test_a_form_with_a_mistake_is_sent_again_under_its_key_and_taken_once(cast: Cast, unit_door: str) -> None:
    page = reverse("records:attachment_new", args=[unit_door, cast.institution.pk])
    client, sent = client_of(cast.specialist), {"submission": str(uuid.uuid4())}
    assert client.post(page, sent).status_code == 200
    assert not FormSubmission.objects.exists()
    for _click in range(2):
        file = SimpleUploadedFile("a.pdf", PDF)
        assert client.post(page, sent | {"file": file}).status_code == 302
    assert Attachment.objects.count() == 1
    for key in ("", "x", None):
        wrong = {"file": SimpleUploadedFile("a.pdf", PDF)} | ({} if key is None else {"submission": key})
        answer = client.post(page, wrong)
        assert answer.status_code == 200
        assert answer.context["form"].errors["submission"]
    assert Attachment.objects.count() == 1


@pytest.mark.django_db
def test_old_keys_are_forgotten() -> None:
    user = UserFactory()
    make(user, uuid.uuid4())
    make(user, old := uuid.uuid4())
    now = datetime(2026, 6, 1, tzinfo=UTC)
    FormSubmission.objects.update(sent_at=now)
    FormSubmission.objects.filter(key=old).update(sent_at=now - timedelta(days=61))
    assert forget_old_submissions(now) == 1
    assert not FormSubmission.objects.filter(key=old).exists()


def test_the_hidden_field_carries_a_new_key_each_time() -> None:
    field = SubmissionField()
    assert field.widget.is_hidden
    assert field.initial() != field.initial()
