"""Tasks of the monitoring room; their schedule is in config/celery.py."""

from datetime import date

from celery import shared_task
from django.utils import timezone

from accounts.models import Region
from monitoring import daily
from monitoring.services.drafts import draft_finished_quarter
from records.models import JobRun
from records.services.marks import note_run
from records.services.runs import run_in_regions

DAILY_RULES_SECONDS = 10 * 60


@shared_task(name="monitoring.apply_daily_rules", ignore_result=True, expires=DAILY_RULES_SECONDS)
def apply_daily_rules() -> None:
    """Every ten minutes: apply what is due where it is morning, and what was missed."""
    daily.apply_due(timezone.now())
    note_run("monitoring.apply_daily_rules")


@shared_task(name="monitoring.draft_reports", ignore_result=True)
def draft_reports() -> None:
    """Each hour: draft the reports where a quarter has ended by the institution's own clock."""
    run_in_regions("monitoring.draft_reports", _draft)


def _draft(region: Region, _today: date, run: JobRun) -> None:
    run.counts = {"drafted": draft_finished_quarter(region, timezone.now())}
