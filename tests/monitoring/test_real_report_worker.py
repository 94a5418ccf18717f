"""A real worker that makes real reports, killed with SIGKILL at twenty random moments, the broker flushed meanwhile.

The moments are spread over the time that a job takes on this machine, measured anew each time. Another worker then
finishes what was left.

Nothing is lost and nothing is doubled: each order ends done, each report has one PDF and one workbook, and their bytes
are whole. Lost claims are freed as the sweep of each minute does it; the test lets the lease run out at once.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from monitoring.models import QuarterlyReport
from monitoring.services import rendering
from records import tasks
from records.enums import WorkState
from records.models import IssuedDocument, WorkOrder
from records.services import work
from records.services.documents import verified_pdf
from tests.cast import Cast
from tests.factories.monitoring import draft_reports, last_quarter

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 20
PATIENCE = 60
SEED = 20_201
LEASE_IS_OVER = """
    UPDATE records_workorder SET lease_until = %s
    WHERE id IN (SELECT id FROM records_workorder WHERE state = 'RUNNING' FOR UPDATE SKIP LOCKED)
"""


class Workers:
    """Real workers on the test database and the test's broker, one at a time."""

    def __init__(self, broker_url: str, log: Path) -> None:
        database = connection.settings_dict
        server = f"{database['USER']}:{quote(database['PASSWORD'])}@{database['HOST']}:{database['PORT']}"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": f"postgres://{server}/{database['NAME']}",
            "BROKER_URL": broker_url,
        }
        self.log = log
        with log.open("wb") as errors:
            self.parent = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.monitoring.report_workers"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                text=True,
            )
        assert self.parent.stdout
        assert self.parent.stdin
        self.answers, self.asks = self.parent.stdout, self.parent.stdin
        assert self._answer() == "ready"

    def _answer(self) -> str:
        line = self.answers.readline().strip()
        assert line, self.log.read_text()
        return line

    def start(self) -> int:
        """Start a worker; its process id."""
        self.asks.write("start\n")
        self.asks.flush()
        return int(self._answer())

    def end(self) -> None:
        """Kill whatever still runs."""
        os.killpg(self.parent.pid, signal.SIGKILL)
        self.parent.wait()
        self.answers.close()
        self.asks.close()


@pytest.fixture
def workers(transactional_db: None, broker_url: str, tmp_path: Path) -> Iterator[Workers]:
    started = Workers(broker_url, tmp_path / "worker.log")
    yield started
    started.end()


class Orders:
    """Report jobs, ordered one after the other, and what a minute's sweep does to them."""

    def __init__(self, reports: list[QuarterlyReport], log: Path) -> None:
        self.reports, self.log = reports, log
        self.rows = WorkOrder.objects.filter(kind=rendering.KIND)

    def running(self) -> bool:
        return self.rows.filter(state=WorkState.RUNNING).exists()

    def order_next(self) -> None:
        """Order the next report, whatever number of workers it will cost."""
        rendering.order_rendering(report=self.reports[self.rows.count()], actor=None)
        self.rows.filter(state=WorkState.QUEUED).update(max_attempts=100)

    def finish(self) -> float:
        """Wait until nothing is left to do; how long the worker was at it, once it had begun."""
        self.wait_until(lambda: self.running() or self.all_done())
        began = time.monotonic()
        self.wait_until(self.all_done)
        return time.monotonic() - began

    def all_done(self) -> bool:
        return not self.rows.exclude(state=WorkState.DONE).exists()

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Wait with a sweep now and then: the sweep of each minute, without the minute."""
        deadline = time.monotonic() + PATIENCE
        swept = 0.0
        while not happened():
            now = time.monotonic()
            assert now < deadline, self.log.read_text()
            if now - swept > 0.5:
                tasks.sweep()
                swept = now
            time.sleep(0.01)

    def settled(self) -> bool:
        """Whether PostgreSQL has noticed the end of whoever held a row: none is locked any more."""
        with transaction.atomic():
            return len(self.rows.all()) == len(self.rows.select_for_update(skip_locked=True))

    def free_the_lost(self) -> bool:
        """Let the lease of what nobody works at any more run out, and take it back; whether nothing is claimed now.

        A row that a worker holds locked is passed over: PostgreSQL may not know yet that it was killed.
        """
        with connection.cursor() as cursor:
            cursor.execute(LEASE_IS_OVER, [timezone.now() - timedelta(seconds=1)])
        work.requeue_due(timezone.now())
        return not self.running()


@pytest.mark.django_db(transaction=True)
def test_workers_killed_twenty_times_in_report_jobs_lose_and_double_nothing(
    cast: Cast, broker_url: str, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(SEED)
    broker = current_app.connection_for_write(broker_url)
    monkeypatch.setattr(tasks, "send_hint", lambda pk: tasks.perform.apply_async((pk,), connection=broker))
    quarter = last_quarter(cast)
    quarters = [quarter, quarter.previous, quarter.previous.previous, quarter.previous.previous.previous]
    orders = Orders([report for each in quarters for report in draft_reports(cast, each)], workers.log)
    worker = workers.start()
    orders.order_next()
    whole_job = orders.finish()
    interrupted = 0
    for number in range(KILLS):
        orders.order_next()
        orders.wait_until(lambda: orders.running() or orders.all_done())
        time.sleep(chance.uniform(0, whole_job))
        os.kill(worker, signal.SIGKILL)
        orders.wait_until(orders.settled)
        was_at_work = orders.running()
        interrupted += was_at_work
        if number % 4 == 0:
            broker.default_channel.client.flushall()
        orders.wait_until(orders.free_the_lost)
        worker = workers.start()
        took = orders.finish()
        whole_job = took if was_at_work else whole_job / 2
    broker.release()

    done = list(orders.rows.order_by("pk"))
    assert interrupted >= KILLS // 4, "the kills fell beside the jobs"
    assert len(done) == KILLS + 1
    assert sum(order.attempts for order in done) == len(done) + interrupted
    papers = IssuedDocument.objects.filter(owner_kind=rendering.PDF).order_by("kind")
    for order in done:
        mine = list(papers.filter(owner_id=order.params["report"]))
        assert [(paper.kind, paper.version) for paper in mine] == [(rendering.PDF, 1), (rendering.XLSX, 1)]
        assert order.result_id == mine[0].pk
        assert all(verified_pdf(paper) for paper in mine)
    assert papers.count() == 2 * len(done)
