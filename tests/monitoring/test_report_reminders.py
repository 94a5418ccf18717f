"""Reminders of reports: the quarter ends, a report is due, one is overdue; who is told of which."""

from datetime import date, time
from typing import Any

import pytest
from django.utils import timezone
from freezegun import freeze_time

from accounts.models import Notification
from accounts.notifications import text_of
from common.calendar import Quarter
from monitoring.enums import ReportLevel, ReportState
from monitoring.models import QuarterlyReport
from tests.cast import Cast
from tests.factories.monitoring import draft_reports
from tests.monitoring.mornings import apply, morning, told

pytestmark = pytest.mark.django_db


def draft(cast: Cast, level: ReportLevel, due_on: date, **unit: Any) -> QuarterlyReport:
    report: QuarterlyReport = QuarterlyReport.objects.create(
        level=level, region=cast.region, year=2026, quarter=1, due_on=due_on, **unit
    )
    return report


@pytest.mark.requirement("R9", "S2-38", "S2-39")
def test_a_report_is_asked_for_until_its_day_and_missed_above_after_it(cast: Cast) -> None:
    """The specialist by the 1st, the head by the 3rd: the days that the system itself gives the drafts."""
    with freeze_time(morning(date(2026, 4, 1), hour=time(0, 15))):
        draft_reports(cast, Quarter(2026, 1))
    rows = QuarterlyReport.objects.filter(year=2026, quarter=1, region=cast.region)
    own, of_department = rows.get(specialist=cast.specialist), rows.get(level="DEPARTMENT", department=cast.department)
    of_region = rows.get(level="REGION")
    below = sorted(f"report:{row.pk}" for row in rows.filter(level="SPECIALIST", department=cast.department))
    apply(morning(date(2026, 4, 1)))
    code, late = "monitoring.report_due", "monitoring.report_overdue"
    assert told(cast.specialist, code) == [f"report:{own.pk}"]
    assert told(cast.head, code) == [f"report:{of_department.pk}"]
    assert told(cast.ministry, code) == [f"report:{of_region.pk}"]
    for reader, report in ((cast.specialist, own), (cast.head, of_department), (cast.ministry, of_region)):
        params = reader.notifications.get(code=code).params
        assert (params["unit"], params["quarter"]) == (report.unit_title, "I")
    assert not Notification.objects.filter(code=late).exists()

    apply(morning(date(2026, 4, 2)))
    assert told(cast.specialist, late) == [f"report:{own.pk}"]
    assert told(cast.head, late) == below
    assert not told(cast.specialist, code), "one reminder, not two"
    assert not told(cast.director, late)
    apply(morning(date(2026, 4, 3)))
    assert told(cast.head, code) == [f"report:{of_department.pk}"]
    assert not told(cast.director, late)
    apply(morning(date(2026, 4, 6)))
    assert f"report:{of_department.pk}" in told(cast.director, late)
    assert f"report:{of_department.pk}" in told(cast.head, late)

    QuarterlyReport.objects.filter(pk=own.pk).update(
        state=ReportState.SUBMITTED,
        submitted_at=timezone.now(),
        submitted_on=date(2026, 4, 6),
        submitted_by=cast.specialist,
    )
    apply(morning(date(2026, 4, 7)))
    assert not told(cast.specialist, late)
    assert f"report:{own.pk}" not in told(cast.head, late)


@pytest.mark.requirement("S2-38", "S2-39")
@pytest.mark.parametrize(
    ("day", "is_told"),
    [
        (date(2026, 9, 24), False),
        (date(2026, 9, 25), True),
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 8, 25), False),
    ],
)
def test_before_the_quarter_ends_people_are_told_when_they_report(cast: Cast, day: date, is_told: bool) -> None:
    """Domain 3.11: from the 25th of the quarter's last month, each with the due day of their own report."""
    apply(morning(day))
    code = "monitoring.quarter_ending"
    for person, due in (
        (cast.specialist, "2026-10-01"),
        (cast.head, "2026-10-03"),
        (cast.director, "2026-10-05"),
    ):
        found = person.notifications.unread().filter(code=code)
        assert [(row.params["due"], row.params["quarter"], row.params["year"]) for row in found] == (
            [(due, "III", 2026)] if is_told else []
        )
    assert not cast.secretary.notifications.filter(code=code).exists()


def test_the_word_on_the_end_of_the_quarter_is_said_once_and_goes_away(cast: Cast) -> None:
    for day in (date(2026, 9, 25), date(2026, 9, 28), date(2026, 9, 30)):
        apply(morning(day))
    rows = cast.specialist.notifications.filter(code="monitoring.quarter_ending")
    assert rows.count() == 1
    assert "01.10.2026" in text_of(rows.get())
    apply(morning(date(2026, 10, 1)))
    assert not rows.filter(settled_at=None).exists()


def test_the_director_is_asked_for_the_institutions_report_until_an_author_is_named(cast: Cast) -> None:
    report = draft(cast, ReportLevel.INSTITUTION, date(2026, 4, 6), institution=cast.institution)
    code = "monitoring.report_due"
    apply(morning(date(2026, 4, 2)))
    assert told(cast.director, code) == [f"report:{report.pk}"]
    report.author = cast.colleague
    report.save()
    apply(morning(date(2026, 4, 3)))
    assert told(cast.colleague, code) == [f"report:{report.pk}"]
    assert not told(cast.director, code)
