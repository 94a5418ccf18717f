"""Contact with a family: when the next one is due, when it is overdue, and whether a month was kept (R2, R3).

Source: Vladimir order 420/1, 4.6 (services and measures at least monthly), domain rules 3.10.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from enum import StrEnum
from operator import attrgetter

from common.calendar.months import DAY, add_months, month_end, months_from
from common.calendar.ranges import DateRange, merged

DUE_SOON_DAYS = 7
GRACE_AFTER_PAUSE_DAYS = 7
FIRST_CONTACT_DAYS = 10
HEAD_AFTER_DAYS = 7
DIRECTOR_AFTER_DAYS = 30
PAUSE_MONTHS_WITHOUT_DECISION = 2


class ContactState(StrEnum):
    """What a case's due date means today."""

    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"


class Escalation(StrEnum):
    """Who hears of an overdue contact."""

    NONE = "none"
    CURATOR = "curator"
    HEAD = "head"
    DIRECTOR = "director"


def next_contact_due(
    last_contact_on: date | None,
    start: date,
    interval_months: int = 1,
    *,
    pauses: Iterable[DateRange] = (),
    today: date | None = None,
) -> date:
    """The day by which the next contact is due (R2).

    `start` is the enrolment, before it the opening of the case; it counts only while there is no contact. A pause moves
    the date to seven days after its end, provided that it began before the case would have become overdue; a pause
    that began later counts from its first day on, which is why `today` is needed to judge such a case. Raises
    ValueError for an interval under one month or a pause without an end.
    """
    if interval_months < 1:
        raise ValueError(f"an interval of {interval_months} months")
    due = add_months(last_contact_on or start, interval_months)
    for pause in sorted(pauses, key=attrgetter("starts_on")):
        if pause.ends_on is None:
            raise ValueError("a pause of support has an end")
        began_in_time = pause.starts_on <= due + DAY
        if began_in_time or (today is not None and pause.starts_on <= today):
            due = max(due, pause.ends_on + timedelta(days=GRACE_AFTER_PAUSE_DAYS))
    return due


def first_contact_due(opened_on: date, days: int = FIRST_CONTACT_DAYS) -> date:
    """The day by which a case in diagnostics needs its first contact (R2)."""
    return opened_on + timedelta(days=days)


def overdue_days(due_on: date, today: date) -> int:
    """Days since the due date; 0 while it has not passed. The due day itself is not overdue."""
    return max((today - due_on).days, 0)


def is_due_soon(due_on: date, today: date, days: int = DUE_SOON_DAYS) -> bool:
    """Whether the due date is today or at most `days` ahead."""
    return 0 <= (due_on - today).days <= days


def contact_state(due_on: date, today: date, pauses: Iterable[DateRange] = ()) -> ContactState:
    """What to show for a due date: inside a pause nothing is soon or overdue (clarification 8).

    `casework.querysets` says the same for sets of cases; the tests compare the two.
    """
    if any(today in pause for pause in pauses):
        return ContactState.PAUSED
    if today > due_on:
        return ContactState.OVERDUE
    return ContactState.DUE_SOON if is_due_soon(due_on, today) else ContactState.NOT_DUE


def escalation(
    days_overdue: int, head_after: int = HEAD_AFTER_DAYS, director_after: int = DIRECTOR_AFTER_DAYS
) -> Escalation:
    """The highest level that is told of a contact overdue by so many days (R2)."""
    if days_overdue <= 0:
        return Escalation.NONE
    if days_overdue >= director_after:
        return Escalation.DIRECTOR
    return Escalation.HEAD if days_overdue >= head_after else Escalation.CURATOR


def pause_needs_decision(pause: DateRange, months: int = PAUSE_MONTHS_WITHOUT_DECISION) -> bool:
    """Whether a pause is longer than the head may grant without a council (R2)."""
    return pause.last_day >= add_months(pause.starts_on, months)


def joined_pauses(pause: DateRange, others: Iterable[DateRange]) -> list[DateRange]:
    """`pause` with those of `others` that make one time without contacts of it, in order.

    A pause goes on from the one before where it begins before the family would have had to be contacted: not later than
    the day after the grace that follows a pause (R2).
    """
    rest, joined, reach = list(others), [pause], timedelta(days=GRACE_AFTER_PAUSE_DAYS + 1)
    while near := [row for row in rest if any(_is_near(row, one, reach) for one in joined)]:
        joined += near
        rest = [row for row in rest if row not in near]
    return sorted(joined, key=attrgetter("starts_on"))


def _is_near(first: DateRange, second: DateRange, reach: timedelta) -> bool:
    return first.starts_on <= second.last_day + reach and second.starts_on <= first.last_day + reach


def duty_months(duty: Iterable[DateRange], pauses: Iterable[DateRange], period: DateRange) -> list[date]:
    """First days of the months of `period` that were under duty on every day and not paused on any (R3)."""
    under_duty, paused = merged(duty), list(pauses)
    result = []
    for first in months_from(period.starts_on, period.last_day):
        month = DateRange(first, month_end(first))
        if (
            period.covers(month)
            and any(stretch.covers(month) for stretch in under_duty)
            and not any(pause.overlaps(month) for pause in paused)
        ):
            result.append(first)
    return result


def fulfilled_months(months: Iterable[date], contacts: Collection[date]) -> list[date]:
    """Those of the `months` (first days) that hold at least one contact (R3)."""
    kept = {contact.replace(day=1) for contact in contacts}
    return [month for month in months if month in kept]
