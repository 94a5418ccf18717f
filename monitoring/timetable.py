"""When automatic rules run, in words and as moments, read from the schedule itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from celery import current_app
from celery.schedules import crontab
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

EVERY_HOUR = set(range(24))
HALF_A_MINUTE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Beat:
    """When a task of the schedule runs: in words, and next."""

    when: str
    next_run: datetime


def scheduled_tasks() -> dict[str, Any]:
    """The schedule of each task of the installation, by the task's name."""
    return {entry["task"]: entry["schedule"] for entry in current_app.conf.beat_schedule.values()}


def beat(schedule: Any, now: datetime, zone: ZoneInfo) -> Beat:
    """A schedule as people of a time zone read it."""
    next_run = now + schedule.remaining_estimate(now)
    if isinstance(schedule, crontab):  # the estimate leaves out what is less than a second
        next_run = (next_run + HALF_A_MINUTE).replace(second=0, microsecond=0)
    return Beat(_words(schedule, next_run.astimezone(zone)), next_run)


def _words(schedule: Any, next_run: datetime) -> str:
    if not isinstance(schedule, crontab):
        return _every(int(schedule.run_every.total_seconds()))
    if schedule.hour != EVERY_HOUR:
        return _("daily at %(time)s") % {"time": f"{next_run:%H:%M}"}
    if len(schedule.minute) == 1:
        return _("hourly, %(minute)s minutes past") % {"minute": f"{next_run:%M}"}
    return _every(3600 // len(schedule.minute))


def _every(seconds: int) -> str:
    if seconds % 60:
        return ngettext("every %(number)d second", "every %(number)d seconds", seconds) % {"number": seconds}
    minutes = seconds // 60
    if minutes == 1:
        return _("every minute")
    return ngettext("every %(number)d minute", "every %(number)d minutes", minutes) % {"number": minutes}
