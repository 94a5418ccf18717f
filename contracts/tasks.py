"""Tasks of the contracts room; their schedule is in config/celery.py."""

from celery import shared_task

from contracts.services.advance import advance as advance_region
from records.services.runs import run_in_regions


@shared_task(name="contracts.advance", ignore_result=True)
def advance() -> None:
    """Each hour: begin and complete what is due in every region's local time, and follow what casework announced."""
    run_in_regions("contracts.advance", advance_region)
