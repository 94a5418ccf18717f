"""Tasks of the monitoring room; their schedule is in config/celery.py."""

from celery import shared_task
from django.utils import timezone

from monitoring import daily

DAILY_RULES_SECONDS = 10 * 60


@shared_task(name="monitoring.apply_daily_rules", ignore_result=True, expires=DAILY_RULES_SECONDS)
def apply_daily_rules() -> None:
    """Every ten minutes: apply what is due where it is morning, and what was missed."""
    daily.apply_due(timezone.now())
