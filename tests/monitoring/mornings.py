"""Mornings on which the rules of the day are applied, and what people are told on them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone
from freezegun import freeze_time

from accounts.models import User
from monitoring import daily

VLADIVOSTOK = "Asia/Vladivostok"
"""Where the cast works."""


def morning(day: date, zone: str = VLADIVOSTOK, hour: time = time(7)) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone))


def apply(now: datetime) -> None:
    with freeze_time(now):
        daily.apply_due(timezone.now())


def told(user: User, code: str) -> list[str]:
    """Facts of the reminders that wait for the person."""
    return sorted(user.notifications.unread().filter(code=code).values_list("fact", flat=True))
