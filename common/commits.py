"""Jobs for when a transaction is through."""

from collections.abc import Callable, Iterable

from django.db import connection, transaction

Job = Callable[[set[int]], object]


class _Gathered:
    """A job with all the ids that one transaction has named."""

    def __init__(self, job: Job, keys: Iterable[int]) -> None:
        self.job, self.keys = job, set(keys)

    def __call__(self) -> None:
        self.job(self.keys)


def once_committed(job: Job, keys: Iterable[int]) -> None:
    """Call `job` with these ids when the transaction is through; however often it is said, once, with all of them.

    What was said within a savepoint that is rolled back is forgotten. A job that fails stops no other.
    """
    here = set(connection.savepoint_ids)
    for entry in connection.run_on_commit:
        savepoints, waiting = entry[:2]
        if isinstance(waiting, _Gathered) and waiting.job is job and savepoints <= here:
            waiting.keys.update(keys)
            return
    transaction.on_commit(_Gathered(job, keys), robust=True)
