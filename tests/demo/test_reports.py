"""The demo's reports: two years at the end of the chain, and the last quarter awaiting acceptance."""

from typing import Any
from zoneinfo import ZoneInfo

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
    for data in REGIONS:
        if data.code in ("primorye", "tatarstan"):
            load_region(data)
    load_reports(Region.objects.order_by("code"))
    region = Region.objects.get(code="tatarstan")
    last = Quarter.last_finished(region.today())

    for report in QuarterlyReport.objects.of(last).with_units():
        zone = ZoneInfo(report.region.time_zone)
        assert report.figures_at.astimezone(zone).date() == last.next.starts_on, report

    _check_two_years(region, last)
    _check_files(last)
    today = region.today()
    people = {name: User.objects.get(username=f"{name}@tatarstan.demo") for name in ("head", "director", "ministry")}
    waiting = {
        name: {section.level: section.waiting for section in sections_for(user, last, today)}
        for name, user in people.items()
    }
    assert waiting["head"][L.SPECIALIST] == 1
    assert waiting["director"][L.DEPARTMENT] == 1
    assert waiting["ministry"][L.REGION] == 1
    for report in QuarterlyReport.objects.filter(region=region, state=S.SUBMITTED).with_units():
        taker = people["head" if report.level == L.SPECIALIST else "director"]
        told = Notification.objects.filter(code="report.submit", target_id=report.pk, read_at=None)
        assert told.exists(), report
        if taker.appointments.filter(institution=report.institution).exists() and report.level != L.SPECIALIST:
            assert told.filter(recipient=taker).exists(), report
    assert people["director"].notifications.unread().filter(code="report.submit").exists()
    assert people["head"].notifications.unread().filter(code="report.submit").count() == 1
    for user in people.values():
        assert client_of(user).get(reverse("reports:list")).status_code == 200
        for report in QuarterlyReport.objects.visible_to(user).of(last):
            assert client_of(user).get(report.get_absolute_url()).status_code == 200
    _make_older_files(people["ministry"], last)


def _check_two_years(region: Region, last: Quarter) -> None:
    """Every quarter was reported on in full and at every level, and the reports agree with one another."""
    quarters = [last]
    while len(quarters) < 8:
        quarters.insert(0, quarters[0].previous)
    rows = QuarterlyReport.objects.filter(region=region)
    assert {report.period for report in rows} == set(quarters)
    for quarter in quarters[:-1]:
        found = rows.of(quarter)
        assert {level: set(found.filter(level=level).values_list("state", flat=True)) for level in L} == {
            L.SPECIALIST: {S.ACCEPTED},
            L.DEPARTMENT: {S.ACCEPTED},
            L.INSTITUTION: {S.RECEIVED},
            L.REGION: {S.PUBLISHED},
        }
        assert [report for report in found if report.missing] == []
        assert found.get(level=L.REGION).analysis
        steps = ReportEvent.objects.filter(report=found.get(level=L.INSTITUTION)).values_list("step", flat=True)
        assert list(steps) == ["GENERATE", "SUBMIT", "ACCEPT", "PUBLISH", "RECEIVE"]
    moments = ReportEvent.objects.filter(report__region=region).values_list("at", flat=True)
    assert max(moments) <= timezone.now()
    late = [report for report in rows if report.submitted_on and report.is_late(report.submitted_on)]
    assert len({report.period for report in late}) > 3
    assert len({(report.level, report.unit_id) for report in late}) > 2

    figures = {
        report.period: {value.code: value for value in report.values.all()}
        for report in rows.filter(level=L.REGION).prefetch_related("values")
    }
    for quarter in quarters[1:]:
        assert figures[quarter]["Q9"].quarter_number == figures[quarter.previous]["Q10"].quarter_number
    for quarter in quarters[4:]:
        a_year_ago = figures[quarter.year_before]
        assert {code: value.before for code, value in figures[quarter].items()} == {
            code: value.quarter for code, value in a_year_ago.items()
        }
    visits = [figures[quarter]["Q13"].quarter_number for quarter in quarters]
    assert visits[0] > 0
    assert len(set(visits)) > 4
    assert figures[last]["Q10"].quarter_number > figures[last]["Q10"].before_number > 0


def _check_files(last: Quarter) -> None:
    """Files are ordered for what one opens first, so that a start of the demo does not keep the worker busy."""
    ordered = [order.params["report"] for order in WorkOrder.objects.filter(kind=rendering.KIND)]
    found = QuarterlyReport.objects.filter(pk__in=ordered)
    assert {report.period for report in found} == {last.previous}
    regions = Region.objects.count()
    assert sorted(report.level for report in found) == [L.INSTITUTION] * regions + [L.REGION] * regions


def _make_older_files(ministry: User, last: Quarter) -> None:
    """The files of an older report are made when the ministry asks for them, and handed out."""
    appointment = ministry.appointment
    assert appointment is not None
    for level in (L.INSTITUTION, L.REGION):
        report = QuarterlyReport.objects.get(
            region=appointment.region, level=level, year=last.year - 1, quarter=last.number
        )
        client = client_of(ministry)
        assert reverse("reports:files", args=[report.pk]) in client.get(report.get_absolute_url()).content.decode()
        client.post(reverse("reports:files", args=[report.pk]))
        WorkOrder.objects.exclude(params={"report": report.pk}).delete()
        order = work.claim_next(rendering.KIND)
        assert order is not None
        work.run(order)
        papers = IssuedDocument.objects.filter(owner_kind=rendering.PDF, owner_id=report.pk)
        assert papers.count() == 2
        for paper in papers:
            assert client.get(reverse("records:document", args=[paper.pk])).status_code == 200
