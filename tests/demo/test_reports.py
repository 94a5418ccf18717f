"""The demo's reports: a published quarter with files to come, and the last one awaiting acceptance."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, Region, User
from common.calendar import Quarter
from demo.loading import load_region
from demo.loading.reports import load_reports
from demo.regions import REGIONS
from monitoring.enums import ReportLevel, ReportState
from monitoring.models import QuarterlyReport, ReportEvent
from monitoring.overview import sections_for
from monitoring.services import rendering
from records.models import IssuedDocument, WorkOrder
from records.services import work
from tests.cast import client_of

pytestmark = pytest.mark.django_db

L, S = ReportLevel, ReportState


def test_reports_of_a_region_of_the_demo(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    data = next(region for region in REGIONS if region.code == "tatarstan")
    load_region(data)
    region = Region.objects.get()
    load_reports([region])
    last = Quarter.last_finished(region.today())

    before = QuarterlyReport.objects.of(last.previous)
    assert set(before.filter(level=L.INSTITUTION).values_list("state", flat=True)) == {S.PUBLISHED}
    assert before.get(level=L.REGION).state == S.PUBLISHED
    assert before.get(level=L.REGION).missing == []
    assert all(event.at.date() < region.today() for event in ReportEvent.objects.filter(report__in=before))

    today = region.today()
    people = {name: User.objects.get(username=f"{name}@tatarstan.demo") for name in ("head", "director", "ministry")}
    waiting = {
        name: {section.level: section.waiting for section in sections_for(user, last, today)}
        for name, user in people.items()
    }
    assert waiting["head"][L.SPECIALIST] == 1
    assert waiting["director"][L.DEPARTMENT] == 1
    assert waiting["ministry"][L.REGION] == 1
    for report in QuarterlyReport.objects.filter(state=S.SUBMITTED).with_units():
        taker = people["head" if report.level == L.SPECIALIST else "director"]
        told = Notification.objects.filter(code="report.submit", target_id=report.pk, read_at=None)
        assert told.exists(), report
        if taker.appointments.filter(institution=report.institution).exists() and report.level != L.SPECIALIST:
            assert told.filter(recipient=taker).exists(), report
    assert people["director"].notifications.unread().filter(code="report.submit").exists()
    assert people["head"].notifications.unread().filter(code="report.submit").count() == 1
    for user in people.values():
        assert client_of(user).get(reverse("reports:list")).status_code == 200
        for report in QuarterlyReport.objects.visible_to(user):
            assert client_of(user).get(report.get_absolute_url()).status_code == 200

    WorkOrder.objects.update(not_before=timezone.now())
    order = work.claim_next(rendering.KIND)
    assert order is not None
    work.run(order)
    assert IssuedDocument.objects.filter(owner_kind=rendering.PDF, owner_id=order.params["report"]).count() == 2
