"""What the machine does by itself, as people see it: reminders in the inbox, the rules, and work that failed."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Notification
from accounts.notifications import notify
from monitoring import daily
from monitoring.digest import DIGEST
from records.enums import WorkState
from records.models import WorkOrder
from tests.browser.pages import check_page, signed_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def failed_letter(cast: Cast) -> WorkOrder:
    return WorkOrder.objects.create(
        kind=DIGEST,
        key="1",
        params={"region": cast.region.pk},
        requested_by=cast.specialist,
        appointment=cast.specialist.appointments.get(),
        state=WorkState.FAILED,
        attempts=5,
        finished_at=timezone.now(),
        last_error="smtplib.SMTPServerDisconnected at django/mail.py:1",
    )


@pytest.mark.requirement("L13")
def test_the_rules_are_sound_and_failed_work_is_tried_again(page: Page, cast: Cast) -> None:
    order = failed_letter(cast)
    daily.apply_everywhere(timezone.now())
    signed_in(page, cast.region_admin).goto("/rules/")
    check_page(page, "automatic rules")
    page.get_by_role("button", name=re.compile("Повторить|Try again")).click()
    page.wait_for_url("**/rules/")
    order.refresh_from_db()
    assert order.state == WorkState.QUEUED


def test_ones_own_failed_work_is_sound(page: Page, cast: Cast) -> None:
    signed_in(page, cast.specialist).goto(f"/records/work/{failed_letter(cast).pk}/")
    check_page(page, "failed work")


def test_reminders_in_the_inbox_are_sound(page: Page, cast: Cast) -> None:
    day = date(2026, 3, 2)
    for code in ("casework.contact_due", "casework.contact_overdue", "casework.contact_overdue_restricted"):
        notify([cast.specialist], code, fact="case:7:2026-03-02", number="7/2026", due=day)
    Notification.objects.filter(code="casework.contact_due").update(settled_at=timezone.now())
    signed_in(page, cast.specialist).goto("/inbox/?show=all")
    check_page(page, "reminders")
