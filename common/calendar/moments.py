"""Moments and local days: a date is always local to an institution, never to the server (clarification 42)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an aware `moment` in `zone`. Raises ValueError for a naive moment."""
    if timezone.is_naive(moment):
        raise ValueError("a moment without a time zone has no local day")
    return moment.astimezone(zone).date()


def local_today(zone: ZoneInfo, now: datetime | None = None) -> date:
    """Today in `zone`, at the moment `now` (the present one when not given)."""
    return local_date(timezone.now() if now is None else now, zone)


def day_starts_at(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of `day` in `zone`."""
    return datetime.combine(day, time.min, tzinfo=zone)


def day_ends_before(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after `day` in `zone`: whatever happened on the day is earlier than this."""
    return day_starts_at(day + timedelta(days=1), zone)


def is_late(moment: datetime, due_on: date, zone: ZoneInfo) -> bool:
    """Whether `moment` falls after 23:59:59 of the due day in `zone` (R9: "до 1 числа" includes the 1st)."""
    return moment >= day_ends_before(due_on, zone)
