"""The page "Automatic rules": every rule in words, its last and next run, and failed work that can be tried again."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext
from freezegun import freeze_time

from accounts.models import Region, RegionPolicy, User
from config.celery import heartbeat
from monitoring import daily
from monitoring import tasks as monitoring_tasks
from monitoring.digest import DIGEST
from monitoring.rules import STANDING_RULES
from monitoring.timetable import scheduled_tasks
from records import tasks as records_tasks
from records.enums import RunOutcome, WorkState
from records.models import JobRun, WorkOrder
from tests.cast import Cast, client_of
from tests.factories.accounts import RegionFactory

pytestmark = pytest.mark.django_db

URL = "automatic_rules"
TUESDAY = date(2026, 3, 3)


def home_time(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo("Asia/Vladivostok"))


def failed_order(region: Region | None = None, *, by: User | None = None, key: str = "1") -> WorkOrder:
    return WorkOrder.objects.create(
        kind=DIGEST,
        key=key,
        params={"region": region.pk} if region else {},
        requested_by=by,
        appointment=by.appointments.get() if by else None,
        state=WorkState.FAILED,
        attempts=5,
        finished_at=timezone.now(),
        last_error="smtplib.SMTPServerDisconnected at django/mail.py:1",
    )


def page_of(user: User, **query: str) -> str:
    response = client_of(user).get(reverse(URL), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.requirement("L13")
def test_every_task_of_the_schedule_and_every_daily_rule_is_on_the_page(cast: Cast) -> None:
    page = page_of(cast.region_admin)
    assert {rule.task for rule in STANDING_RULES} == set(scheduled_tasks())
    assert scheduled_tasks().keys() == {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    rows = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if 'scope="row"' in row]
    rules = (*daily.daily_rules(), *STANDING_RULES)
    assert len(rules) > 12
    assert len(rows) == len(rules)
    for rule, row in zip(rules, rows, strict=True):
        assert str(rule.title) in row
        assert str(rule.does) in row
        assert cell(row, "When"), rule.title
        assert cell(row, "Next run"), rule.title


def cell(row: str, label: str) -> str:
    """The words of a rule's row under a heading, as the page has them."""
    found = re.search(rf'data-label="{gettext(label)}">(.*?)</td>', row, re.DOTALL)
    assert found, label
    return strip_tags(found[1].replace("<br>", " ")).strip()


@pytest.mark.requirement("L13")
def test_a_rule_shows_its_hour_its_last_run_with_its_counts_and_the_next(cast: Cast) -> None:
    with freeze_time(home_time(TUESDAY, 7)):
        daily.apply_due(timezone.now())
    with freeze_time(home_time(TUESDAY, 9)):
        page = page_of(cast.region_admin)
    title = next(str(rule.title) for rule in daily.daily_rules() if rule.name == "casework.contact_due")
    row = next(row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if title in row)
    assert "07:00" in cell(row, "When")
    assert cell(row, "Last run").startswith("03.03.2026 07:00")
    assert cell(row, "Result").count("0") == 2
    assert cell(row, "Next run") == "04.03.2026 07:00"


def test_a_rule_that_waits_for_its_run_says_so_and_days_off_are_passed_over(cast: Cast) -> None:
    def next_run(now: datetime) -> str:
        with freeze_time(now):
            response = client_of(cast.region_admin).get(reverse(URL))
        return str(response.context["daily"][-1].next_run)

    saturday = date(2026, 3, 7)
    assert next_run(home_time(saturday, 12)) == "10.03.2026 07:00"
    assert next_run(home_time(TUESDAY, 6, 59)) == "03.03.2026 07:00"
    assert "2026" not in next_run(home_time(TUESDAY, 7, 1))


@pytest.mark.requirement("L13")
def test_a_failure_is_shown_without_its_message(cast: Cast) -> None:
    JobRun.objects.create(
        name="casework.contact_due",
        region=cast.region,
        outcome=RunOutcome.FAILED,
        error="builtins.ZeroDivisionError at monitoring/daily.py:7",
        finished_at=timezone.now(),
    )
    assert "builtins.ZeroDivisionError at monitoring/daily.py:7" in page_of(cast.region_admin)
    assert "ZeroDivisionError" not in page_of(cast.foreign_region_admin), "another region's runs are its own"


def test_the_system_administrator_chooses_among_the_regions(cast: Cast) -> None:
    JobRun.objects.create(
        name="casework.contact_due", region=cast.foreign_region, outcome=RunOutcome.DONE, counts={"told": 4711}
    )
    assert "4711" in page_of(cast.system_admin, region=cast.foreign_region.code)
    assert "4711" not in page_of(cast.system_admin, region=cast.region.code)
    assert "4711" not in page_of(cast.region_admin, region=cast.foreign_region.code)


@pytest.mark.parametrize(
    "name", ["specialist", "head", "director", "secretary", "auditor", "ministry", "resource_centre", "member"]
)
def test_the_page_is_the_administrators(cast: Cast, name: str) -> None:
    order = failed_order(cast.region)
    client = client_of(cast.people[name])
    assert client.get(reverse(URL)).status_code == 403
    assert client.post(reverse("work_retry", args=[order.pk])).status_code == 403
    order.refresh_from_db()
    assert order.state == WorkState.FAILED


def test_failed_work_is_tried_again_by_whom_it_concerns(cast: Cast) -> None:
    own, foreign, of_a_person, of_nobody = (
        failed_order(cast.region, key="1"),
        failed_order(cast.foreign_region, key="2"),
        failed_order(by=cast.specialist, key="3"),
        failed_order(key="4"),
    )
    client = client_of(cast.region_admin)
    page = page_of(cast.region_admin)
    for order, shown in ((own, True), (foreign, False), (of_a_person, True), (of_nobody, False)):
        url = reverse("work_retry", args=[order.pk])
        assert (url in page) == shown
        assert client.get(url).status_code == 405
        assert client.post(url).status_code == (302 if shown else 404)
        order.refresh_from_db()
        assert (order.state, order.attempts) == ((WorkState.QUEUED, 0) if shown else (WorkState.FAILED, 5))
    assert client.post(reverse("work_retry", args=[own.pk])).status_code == 404, "it is on its way already"
    assert client_of(cast.system_admin).post(reverse("work_retry", args=[of_nobody.pk])).status_code == 302


@pytest.mark.requirement("L20")
def test_the_page_costs_the_same_however_many_runs_there_are(cast: Cast) -> None:
    costs = []
    for start in (0, 10):
        for number in range(start, start + 10):
            RegionFactory.create()
            failed_order(cast.region, by=cast.specialist, key=f"{number}")
            for rule in daily.daily_rules():
                at = timezone.now() - timedelta(hours=number + 1)
                JobRun.objects.create(name=rule.name, region=cast.region, outcome=RunOutcome.DONE, started_at=at)
        for user in (cast.region_admin, cast.system_admin):
            client = client_of(user)
            client.get(reverse(URL))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(URL))
            costs.append(len(queries))
    assert costs[:2] == costs[2:]


def test_the_page_names_the_act_of_the_regions_own_policy(cast: Cast) -> None:
    RegionPolicy.objects.filter(region=cast.region).update(basis="Приказ 17-п")
    page = page_of(cast.region_admin)
    rows = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if 'scope="row"' in row]
    rules = (*daily.daily_rules(), *STANDING_RULES)
    assert {rule.by_policy for rule in rules} == {True, False}
    for rule, row in zip(rules, rows, strict=True):
        assert ("Приказ 17-п" in row) is rule.by_policy, rule.title
    assert "420/1" not in page
    assert "Приказ 17-п" not in page_of(cast.foreign_region_admin)


@pytest.mark.parametrize(
    ("task", "run"),
    [
        ("records.sweep", records_tasks.sweep),
        ("monitoring.apply_daily_rules", monitoring_tasks.apply_daily_rules),
        ("config.heartbeat", heartbeat),
    ],
)
def test_a_job_that_runs_every_minute_shows_when_it_last_ran(cast: Cast, task: str, run: Callable[[], None]) -> None:
    title = next(str(rule.title) for rule in STANDING_RULES if rule.task == task)

    def row() -> str:
        rows = re.findall(r"<tr.*?</tr>", page_of(cast.region_admin), re.DOTALL)
        return next(found for found in rows if f'scope="row">{title}' in found)

    cache.clear()
    assert cell(row(), "Last run") == "—"
    with freeze_time(home_time(TUESDAY, 9, 5)):
        run()
        assert cell(row(), "Last run").startswith("03.03.2026 09:05")


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Moscow", "Время московское"),
        ("Asia/Vladivostok", "Время местное: московское +7\N{NO-BREAK SPACE}ч"),
        ("Europe/Kaliningrad", "Время местное: московское \N{MINUS SIGN}1\N{NO-BREAK SPACE}ч"),
    ],
)
def test_the_time_of_the_page_is_told_in_words(cast: Cast, zone: str, words: str) -> None:
    Region.objects.filter(pk=cast.region.pk).update(time_zone=zone)
    page = client_of(cast.region_admin).get("/rules/").content.decode()
    assert words in page
    assert zone not in page
