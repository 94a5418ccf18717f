"""Tasks of the records room; their schedule is in config/celery.py."""

from celery import shared_task
from django.utils import timezone

from accounts.seals import seal_journal
from records.services import attachments, drafts, marks, runs, submissions, work


@shared_task(name="records.perform", ignore_result=True)
def perform(order_id: int) -> None:
    """Do one order, if it still waits: a second hint for the same order finds nothing to claim."""
    order = work.claim(order_id)
    if order is not None:
        work.run(order)


@shared_task(name="records.sweep", ignore_result=True, expires=work.SWEEP_SECONDS)
def sweep() -> None:
    """Each minute: free what lost workers held, and send out what is due and nobody was told of."""
    for order_id in work.requeue_due(timezone.now()):
        send_hint(order_id)
    marks.note_run("records.sweep")


@shared_task(name="records.tidy", ignore_result=True)
def tidy() -> None:
    """Each night: drop expired drafts, keys of forms sent long ago, old accounts of runs, files without a row."""
    now = timezone.now()
    with runs.job_run("records.tidy") as run:
        run.counts = {
            "drafts": drafts.drop_expired_drafts(now),
            "submissions": submissions.forget_old_submissions(now),
            "runs": runs.forget_old_runs(now),
            "files": attachments.remove_orphans(now),
        }


@shared_task(name="records.seal", ignore_result=True)
def seal() -> None:
    """Each hour: put a seal over the newest rows of the access journal."""
    with runs.job_run("records.seal") as run:
        run.counts = {"events": seal_journal()}


def send_hint(order_id: int) -> None:
    """Put the order's id before the workers. A hint not taken by the next sweep is worthless: the sweep repeats it."""
    perform.apply_async((order_id,), expires=work.SWEEP_SECONDS, retry=False)
