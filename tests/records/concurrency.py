"""Two things at once, each on a database connection of its own."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

from django.db import connection, transaction
from django.db.models import Model

Result = TypeVar("Result")
PATIENCE: Final = 30
WAITING: Final = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def at_once(*works: Callable[[], Result]) -> list[Result]:
    """Run the functions in threads at the same time; their results in order. An exception of any is raised."""
    with ThreadPoolExecutor(len(works)) as pool:
        futures = [pool.submit(_alone, work) for work in works]
        return [future.result(timeout=PATIENCE) for future in futures]


def at_the_same_moment(row: Model, *works: Callable[[], Result]) -> list[Result]:
    """Like `at_once`, in the worst of all orders: none may change `row` before all of them have come to it.

    This thread holds the row until each of the others waits for it, or is done without it.
    """
    with ThreadPoolExecutor(len(works)) as pool:
        with transaction.atomic():
            type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
            futures = [pool.submit(_alone, work) for work in works]
            _until_all_wait(futures)
        return [future.result(timeout=PATIENCE) for future in futures]


def before_it_is_through(change: Callable[[], object], work: Callable[[], Result]) -> Result:
    """Run `work` in a thread after `change`, which is committed only when `work` waits for it, or is done without."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            change()
            future = pool.submit(_alone, work)
            _until_all_wait([future])
        return future.result(timeout=PATIENCE)


def _alone(work: Callable[[], Result]) -> Result:
    try:
        return work()
    finally:
        connection.close()


def _until_all_wait(futures: list[Future[Any]]) -> None:
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            # What a transaction has read of the server's activity stays as it was until this is asked.
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            (waiting,) = cursor.fetchone()
            if waiting + sum(future.done() for future in futures) >= len(futures):
                return
            assert time.monotonic() < deadline, "not all have come to the row"
            time.sleep(0.01)
