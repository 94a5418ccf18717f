"""Keeping account of periodic jobs, for the page "Automatic rules" (lessons 13)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import Region
from records.enums import RunOutcome
from records.models import JobRun
from records.services.work import describe

KEPT_FOR = timedelta(days=90)


class JobFailed(RuntimeError):
    """A periodic job failed for some regions; the others were done."""


@contextmanager
def job_run(name: str, region: Region | None = None) -> Iterator[JobRun]:
    """Write down one run of a job: when, how it ended, and what it counted (`run.counts["reminded"] = 3`).

    Use it outside the job's own transaction, or a failure takes its trace away. Errors are noted and raised again.
    """
    run = JobRun.objects.create(name=name, region=region)
    try:
        yield run
    except Exception as error:
        _close(run, RunOutcome.FAILED, describe(error))
        raise
    _close(run, RunOutcome.DONE, "")


def run_in_regions(name: str, job: Callable[[Region, date, JobRun], None]) -> None:
    """Run a job for each region with its local date; a failure in one does not stop the rest.

    Raises JobFailed after the last region when any of them failed, so that the worker's log shows it too.
    """
    failed = []
    for region in Region.objects.order_by("pk"):
        try:
            with job_run(name, region) as run:
                job(region, region.today(), run)
        except Exception as error:  # noqa: BLE001 - kept in the run; the other regions must not wait
            failed.append(f"{region.code}: {describe(error)}")
    if failed:
        raise JobFailed(f"{name}: {'; '.join(failed)}")


def forget_old_runs(now: datetime) -> int:
    """Drop the account of runs older than a quarter; return how many."""
    return JobRun.objects.filter(started_at__lt=now - KEPT_FOR).delete()[0]


def _close(run: JobRun, outcome: RunOutcome, error: str) -> None:
    run.outcome, run.error, run.finished_at = outcome, error, timezone.now()
    run.save(update_fields=["outcome", "error", "finished_at", "counts"])
