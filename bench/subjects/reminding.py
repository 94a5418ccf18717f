"""The morning's reminders of overdue contacts, against one `INSERT ... SELECT`, and once more on the same day."""

from time import perf_counter

from django.db import transaction
from django.utils import timezone

from accounts.models import Notification, Region
from bench.floors import Floor, floor
from bench.measuring import Row, Timing, compared
from bench.run import Run
from monitoring.daily import LocalDay, local_days
from monitoring.reminders import Reminder, case_ids, contacts_overdue

CODE = "casework.contact_overdue"
FIRST_GOAL, AGAIN_GOAL = 1.5, 0.3


def measure(run: Run) -> list[Row]:
    """Of the first region; every turn is taken back, so that each begins with nothing told."""
    regions = Region.objects.order_by("pk")[:1]
    [(region, [day])] = local_days(timezone.now(), regions)
    raw = floor("reminders", {"region": region.pk, "today": day.today})
    reminder = Reminder(CODE, "casework:case", contacts_overdue, case_ids)
    turns = [_turn(reminder, day, raw) for _turn_number in range(run.few + 1)][1:]
    told = turns[0]["told"]
    taken = {name: Timing(tuple(turn[name] for turn in turns)) for name in ("first", "again", "floor", "floor again")}
    subject = f"reminders of {told:,.0f} overdue contacts"
    return [
        compared(subject, "SQL", taken, ("first", "floor"), FIRST_GOAL),
        compared(subject, "SQL", taken, ("again", "first"), AGAIN_GOAL, note="second run on the same day to the first"),
        compared(subject, "SQL", taken, ("floor again", "floor"), note="the floor's second run to its first"),
    ]


def _turn(reminder: Reminder, day: LocalDay, raw: Floor) -> dict[str, float]:
    """Both ways, each twice; raises ValueError when they do not tell as many."""
    times: dict[str, float] = {}
    counts = set()
    for names, work in ((("first", "again"), lambda: reminder.tell(day)), (("floor", "floor again"), raw)):
        with transaction.atomic():
            before = Notification.objects.filter(code=CODE).count()
            for name in names:
                began = perf_counter()
                work()
                times[name] = (perf_counter() - began) * 1000
            counts.add(Notification.objects.filter(code=CODE).count() - before)
            transaction.set_rollback(True)
    if len(counts) != 1:
        raise ValueError(f"the reminders and their floor tell of {sorted(counts)} contacts")
    return times | {"told": counts.pop()}
