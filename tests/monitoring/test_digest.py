"""The daily letter: one for a person and day, counts and links only, sent once, and a failure that people see."""

import smtplib
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from accounts.models import Notification, User
from accounts.notifications import notify
from monitoring import daily
from monitoring.digest import DIGEST
from records.enums import WorkState
from records.models import WorkOrder
from records.services import work
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
HOME = ZoneInfo("Asia/Vladivostok")


@pytest.fixture(autouse=True)
def _mail_is_configured(settings: Any) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.PUBLIC_URL = "https://opora.example.org"


def remind(*people: User, fact: str = "case:7:2026-03-01", code: str = "casework.contact_overdue") -> None:
    notify(people, code, fact=fact, number="7/2026", due=date(2026, 3, 1), target="casework:case", target_id=7)


def morning(day: date = MONDAY, hour: time = time(7)) -> None:
    """Apply the rules of the morning, then do the work they ordered, as worker and sweeper would."""
    with freeze_time(datetime.combine(day, hour, HOME)):
        daily.apply_due(timezone.now())
        do_orders()


def do_orders() -> None:
    while order := work.claim_next(DIGEST):
        work.run(order)


def letters() -> list[EmailMessage]:
    return list(mail.outbox)


@pytest.mark.requirement("L6", "X6")
def test_one_letter_counts_what_is_new_and_names_nobody(cast: Cast) -> None:
    remind(cast.specialist)
    remind(cast.specialist, fact="case:8:2026-03-01")
    remind(cast.specialist, code="casework.contact_due")
    morning()
    [letter] = letters()
    assert letter.to == [cast.specialist.email]
    assert "Просроченные контакты: 2" in letter.body
    assert "https://opora.example.org" + reverse("inbox") in letter.body
    assert "7/2026" not in letter.body
    known = {token for token in cast.tokens if token not in letter.to}
    assert not [token for token in known if token in letter.body + letter.subject]


def test_the_letter_is_in_the_language_of_its_reader(cast: Cast) -> None:
    User.objects.filter(pk=cast.specialist.pk).update(language="en")
    remind(cast.specialist, cast.colleague)
    morning()
    bodies = {letter.to[0]: letter.body for letter in letters()}
    assert "Overdue contacts: 1" in bodies[cast.specialist.email]
    assert "Просроченные контакты: 1" in bodies[cast.colleague.email]


@pytest.mark.requirement("L6")
def test_nothing_is_sent_or_counted_twice(cast: Cast) -> None:
    remind(cast.specialist)
    for hour in (7, 8, 12):
        morning(hour=time(hour))
    morning(date(2026, 3, 3))
    assert len(letters()) == 1
    remind(cast.specialist, fact="case:9:2026-03-03")
    morning(date(2026, 3, 4))
    assert [letter.body.count(": 1") for letter in letters()] == [1, 1]


def test_two_who_order_at_once_order_one_letter(cast: Cast) -> None:
    orders = {f"{cast.specialist.pk}:2026-03-02": {"user": cast.specialist.pk, "day": "2026-03-02"}}
    assert work.order_all(kind=DIGEST, orders=orders) == 1
    assert work.order_all(kind=DIGEST, orders=orders) == 0
    assert WorkOrder.objects.filter(kind=DIGEST).count() == 1


@pytest.mark.requirement("L6")
@pytest.mark.parametrize(
    "change",
    [{"daily_digest": False}, {"email": ""}, {"is_active": False}],
    ids=["switched off", "no address", "left"],
)
def test_who_gets_no_letter(cast: Cast, change: dict[str, Any]) -> None:
    remind(cast.specialist)
    User.objects.filter(pk=cast.specialist.pk).update(**change)
    morning()
    assert letters() == []
    assert not WorkOrder.objects.filter(kind=DIGEST).exists()


@pytest.mark.parametrize("change", [{"daily_digest": False}, {"email": ""}, {"is_active": False}])
def test_who_gives_the_letter_up_after_it_was_ordered_gets_none(cast: Cast, change: dict[str, Any]) -> None:
    remind(cast.specialist)
    order = work.order_work(kind=DIGEST, key="1", params={"user": cast.specialist.pk, "day": "2026-03-02"}, actor=None)
    User.objects.filter(pk=cast.specialist.pk).update(**change)
    do_orders()
    order.refresh_from_db()
    assert (order.state, letters()) == (WorkState.DONE, [])


def test_without_mail_nothing_is_ordered(cast: Cast, settings: Any) -> None:
    settings.EMAIL_CONFIGURED = False
    remind(cast.specialist)
    morning()
    assert not WorkOrder.objects.filter(kind=DIGEST).exists()


def test_what_was_read_or_settled_meanwhile_is_not_counted(cast: Cast) -> None:
    remind(cast.specialist, cast.colleague)
    remind(cast.colleague, fact="case:8:2026-03-01")
    Notification.objects.filter(recipient=cast.specialist).update(read_at=timezone.now())
    Notification.objects.filter(fact="case:8:2026-03-01").update(settled_at=timezone.now())
    morning()
    [letter] = letters()
    assert letter.to == [cast.colleague.email]
    assert "Просроченные контакты: 1" in letter.body


def test_on_a_day_off_no_letter_is_sent(cast: Cast) -> None:
    remind(cast.specialist)
    morning(date(2026, 3, 1))
    assert letters() == []
    morning()
    assert len(letters()) == 1


def test_a_letter_that_fails_is_tried_again_under_the_same_name_and_at_last_fails_visibly(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []

    def refuse(letter: EmailMessage, fail_silently: bool = False) -> int:
        names.append(letter.extra_headers["Message-ID"])
        raise smtplib.SMTPServerDisconnected(f"no server for {letter.to}")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    remind(cast.specialist)
    morning()
    order = WorkOrder.objects.get(kind=DIGEST)
    assert order.state == WorkState.QUEUED
    assert not Notification.objects.exclude(mailed_at=None).exists()
    WorkOrder.objects.update(attempts=order.max_attempts - 1, not_before=timezone.now())
    do_orders()
    order.refresh_from_db()
    assert order.state == WorkState.FAILED
    assert "SMTPServerDisconnected" in order.last_error
    assert cast.specialist.email not in order.last_error
    assert names == [f"<digest.{cast.specialist.pk}.2026-03-02@opora.example.org>"] * 2

    monkeypatch.undo()
    work.retry_order(order=order)
    do_orders()
    assert order.__class__.objects.get().state == WorkState.DONE
    assert Notification.objects.exclude(mailed_at=None).count() == 1


@pytest.mark.requirement("L6")
def test_people_switch_the_letter_off_in_their_profile(cast: Cast) -> None:
    client = client_of(cast.specialist)
    assert 'name="daily_digest"' in client.get(reverse("profile")).content.decode()
    client.post(reverse("profile"), {"phone": "", "language": "ru"})
    assert User.objects.get(pk=cast.specialist.pk).daily_digest is False
    client.post(reverse("profile"), {"phone": "", "language": "ru", "daily_digest": "on"})
    assert User.objects.get(pk=cast.specialist.pk).daily_digest is True
