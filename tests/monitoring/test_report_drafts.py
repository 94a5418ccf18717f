"""Drafts of the quarter that has ended: made once, in each institution's own time, for every level."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import DeadlineShift, Role
from accounts.models import Institution, RegionPolicy
from casework.enums import Stage
from common.calendar import Quarter
from config.celery import app
from monitoring import tasks
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.models import QuarterlyReport, ReportEvent, ReportValue
from monitoring.services.deadlines import due_days
from monitoring.services.drafts import draft_finished_quarter, draft_quarter
from records.models import JobRun
from tests.casework.rows import make_case
from tests.cast import Cast
from tests.factories.accounts import AppointmentFactory
from tests.factories.monitoring import draft_reports, last_quarter, report_of

pytestmark = pytest.mark.django_db

L = ReportLevel
Q3 = Quarter(2026, 3)


def units(level: ReportLevel) -> set[Any]:
    return {report.unit for report in QuarterlyReport.objects.filter(level=level).with_units()}


@pytest.mark.requirement("S0-55", "S2-38", "S2-39")
def test_every_unit_and_every_specialist_gets_a_draft_with_figures(cast: Cast) -> None:
    draft_reports(cast)
    own = {cast.specialist, cast.colleague, cast.neighbour, cast.deputy}
    assert units(L.SPECIALIST) == {*own, cast.other_specialist}
    assert units(L.DEPARTMENT) == {cast.department, cast.second_department, cast.other_department}
    assert units(L.INSTITUTION) == {cast.institution, cast.other_institution}
    assert units(L.REGION) == {cast.region}
    for report in QuarterlyReport.objects.all():
        assert report.state == ReportState.GENERATED
        assert report.figures_at is not None
        codes = set(report.values.values_list("code", flat=True))
        assert {"Q3", "Q10", "Q13"} <= codes
        assert ("Q1" in codes) == (report.level in {L.INSTITUTION, L.REGION})
        assert [event.step for event in report.events.all()] == [Step.GENERATE]


def test_a_head_who_leads_families_reports_as_a_specialist_too(cast: Cast) -> None:
    post = cast.head.appointments.get()
    make_case(post, opened_on=date(2026, 7, 1), stages=[(Stage.CONTRACTING, date(2026, 7, 1))])
    draft_reports(cast, Q3)
    own = QuarterlyReport.objects.get(specialist=cast.head)
    assert (own.level, own.department) == (L.SPECIALIST, cast.department)
    assert not QuarterlyReport.objects.filter(specialist=cast.second_head).exists()


def test_a_second_run_changes_nothing(cast: Cast) -> None:
    draft_reports(cast)
    before = list(QuarterlyReport.objects.order_by("pk").values())
    institutions = [cast.institution, cast.other_institution]
    assert draft_quarter(cast.region, last_quarter(cast), institutions, with_region=True, now=timezone.now()) == 0
    assert list(QuarterlyReport.objects.order_by("pk").values()) == before
    assert ReportEvent.objects.count() == len(before)


@pytest.mark.requirement("S0-55")
def test_the_quarter_ends_by_the_clock_of_each_institution(cast: Cast) -> None:
    Institution.objects.filter(pk=cast.other_institution.pk).update(own_time_zone="Europe/Moscow")
    # 30 September, 23:00 in Vladivostok; then half past midnight there, and 17:30 in Moscow.
    assert draft_finished_quarter(cast.region, datetime(2026, 9, 30, 13, 0, tzinfo=UTC)) > 0
    assert set(QuarterlyReport.objects.values_list("quarter", flat=True)) == {2}
    draft_finished_quarter(cast.region, datetime(2026, 9, 30, 14, 30, tzinfo=UTC))
    third = QuarterlyReport.objects.of(Q3)
    assert set(third.filter(level=L.INSTITUTION).values_list("institution", flat=True)) == {cast.institution.pk}
    assert third.filter(level=L.REGION).count() == 1
    draft_finished_quarter(cast.region, datetime(2026, 9, 30, 21, 15, tzinfo=UTC))
    assert third.filter(level=L.INSTITUTION).count() == 2
    assert third.filter(level=L.REGION).count() == 1


def test_the_hourly_task_drafts_in_every_region_and_keeps_account(cast: Cast) -> None:
    assert app.conf.beat_schedule["reports-draft"]["task"] == tasks.draft_reports.name
    tasks.draft_reports()
    assert {report.region for report in QuarterlyReport.objects.all()} == {cast.region, cast.foreign_region}
    runs = {run.region: run for run in JobRun.objects.filter(name="monitoring.draft_reports")}
    assert runs[cast.region].counts["drafted"] == QuarterlyReport.objects.filter(region=cast.region).count()


def test_a_region_that_fails_does_not_stop_the_others(cast: Cast) -> None:
    RegionPolicy.objects.filter(region=cast.region).delete()
    with pytest.raises(RuntimeError, match="north"):
        tasks.draft_reports()
    assert {report.region for report in QuarterlyReport.objects.all()} == {cast.foreign_region}
    failed = JobRun.objects.get(name="monitoring.draft_reports", region=cast.region)
    assert "NoPolicy" in failed.error


def test_drafting_costs_the_same_for_any_number_of_units(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        draft_quarter(cast.region, Quarter(2026, 1), [cast.institution], with_region=True, now=timezone.now())
    for _number in range(8):
        AppointmentFactory.create(role=Role.SPECIALIST, department=cast.department)
    with CaptureQueriesContext(connection) as many:
        draft_quarter(cast.region, Quarter(2025, 1), [cast.institution], with_region=True, now=timezone.now())
    assert len(many) == len(few)


@pytest.mark.requirement("R9")
@pytest.mark.parametrize(
    ("shift", "days"),
    [
        (DeadlineShift.NONE, {L.SPECIALIST: date(2022, 1, 1), L.DEPARTMENT: date(2022, 1, 3)}),
        (DeadlineShift.NEXT_WORKING_DAY, {L.SPECIALIST: date(2022, 1, 10), L.DEPARTMENT: date(2022, 1, 10)}),
    ],
)
def test_due_days_follow_the_policy_of_the_region(cast: Cast, shift: str, days: dict[ReportLevel, date]) -> None:
    RegionPolicy.objects.filter(region=cast.region).update(report_deadline_shift=shift)
    found = due_days(cast.region, Quarter(2021, 4))
    assert {level: found[level] for level in days} == days
    draft_reports(cast, Quarter(2021, 4))
    assert report_of(cast, L.DEPARTMENT, Quarter(2021, 4)).due_on == days[L.DEPARTMENT]


@pytest.mark.requirement("R9", "J16")
def test_the_due_day_counts_whole(cast: Cast) -> None:
    report = report_of(cast, L.SPECIALIST)
    assert not report.is_late(report.due_on)
    assert report.is_late(report.due_on + timedelta(days=1))


def test_figures_stand_beside_the_year_so_far_and_the_year_before(cast: Cast) -> None:
    post = cast.specialist.appointments.get()
    for enrolled_on in (date(2025, 8, 1), date(2026, 2, 1), date(2026, 7, 1), date(2026, 9, 30)):
        make_case(post, opened_on=enrolled_on, stages=[(Stage.ACTIVE, enrolled_on)], enrolled_on=enrolled_on)
    draft_reports(cast, Q3)
    for level in ReportLevel:
        line = ReportValue.objects.get(report=report_of(cast, level, Q3), code="Q3")
        assert (line.quarter.number, line.year.number, line.before.number) == (2, 3, 1)


def test_a_script_reads_the_same_figures(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    post = cast.specialist.appointments.get()
    make_case(post, opened_on=date(2026, 7, 1), stages=[(Stage.ACTIVE, date(2026, 7, 1))], enrolled_on=date(2026, 7, 1))
    call_command("indicators", "--unit", "department", "--from", "2026-07-01", "--to", "2026-09-30")
    assert '"Q3": {\n    "value": 1\n  }' in capsys.readouterr().out
