"""A real Celery worker on a real broker, killed in the middle of its work: nothing is lost, nothing is done twice."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import current_app
from django.db import connection

from records import tasks
from records.enums import WorkState
from records.models import LegalAct, WorkOrder
from records.services import work, workers

KIND = "tests.waits"
ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 120


def wait_until(happened: Callable[[], bool], worker: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert worker.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


@contextmanager
def running_worker(broker_url: str, marks: Path, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker process on the test database; killed with SIGKILL at the end of the block, wherever it is."""
    database = connection.settings_dict
    server = f"{database['USER']}:{quote(database['PASSWORD'])}@{database['HOST']}:{database['PORT']}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": f"postgres://{server}/{database['NAME']}",
        "BROKER_URL": broker_url,
        "OPORA_TEST_MARKS": str(marks),
    }
    command = [sys.executable, "-m", "celery", "-A", "tests.records.worker_app", "worker", "--pool", "solo"]
    options = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with log.open("wb") as output:
        process = subprocess.Popen([*command, *options], cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_with_sigkill_loses_and_doubles_nothing(
    broker_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_workers", {})
    workers.register_worker(KIND, lambda order, user: None, title="Работа", lease=timedelta(seconds=1))
    broker = current_app.connection_for_write(broker_url)
    monkeypatch.setattr(tasks, "send_hint", lambda pk: tasks.perform.apply_async((pk,), connection=broker))
    order = work.order_work(kind=KIND, key="1", params={}, actor=None)

    def is_done() -> bool:
        # The sweep of each minute, without the minute.
        tasks.sweep()
        order.refresh_from_db()
        return order.state == WorkState.DONE

    log = tmp_path / "worker.log"
    with running_worker(broker_url, tmp_path, log) as worker:
        wait_until((tmp_path / "begun-1").exists, worker, log)
    assert not LegalAct.objects.exists()
    assert WorkOrder.objects.get().state == WorkState.RUNNING
    (tmp_path / "go").touch()
    with running_worker(broker_url, tmp_path, log) as worker:
        wait_until(is_done, worker, log)
    broker.release()
    act = LegalAct.objects.get()
    assert (order.attempts, order.result_id, order.last_error) == (2, act.pk, "")
