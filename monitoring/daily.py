"""Rules that a machine applies each day at a local hour, region by region (design, 7; domain 3.11).

A rule is due for the institutions whose clocks agree once their clock has passed its hour, and is done when a run that
began after that hour has ended well. So a server that was off at seven makes up for it when it is back, a second run
on the same day finds nothing to do, and what failed is tried again within the hour.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, Q
from django.utils.functional import Promise

from accounts.models import Institution, Region, RegionDayOff, RegionPolicy
from common.calendar import WorkingCalendar
from records.enums import RunOutcome
from records.models import JobRun
from records.services.runs import JobFailed, job_run
from records.services.work import describe

RETRY_AFTER = timedelta(hours=1)
LOOK_AHEAD_DAYS = 15
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LocalDay:
    """Where and on which day a rule is applied: the institutions of a region that share a time zone.

    `is_regional` is said of the zone of the region itself, in which lies what belongs to no institution.
    """

    region: Region
    zone: ZoneInfo
    today: date
    institutions: tuple[int, ...]
    is_regional: bool
    working: WorkingCalendar = field(repr=False)

    @property
    def policy(self) -> RegionPolicy:
        """The region's policy of the day; raises NoPolicy where there is none."""
        return self.region.policy_on(self.today)

    def at(self, hour: time) -> datetime:
        """The moment of a local hour on this day."""
        return datetime.combine(self.today, hour, self.zone)


Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class DailyRule:
    """A rule with its job, which returns what it counted. `does` and `source` are plain words for the people.

    `by_policy`: the policy of the region sets it, and the page names the act of that policy beside it.
    """

    name: str
    title: Promise
    does: Promise
    source: Promise | str
    hour: time
    job: Callable[[LocalDay], Counts]
    working_days_only: bool = True
    by_policy: bool = False

    def is_due(self, day: LocalDay, now: datetime, last_done: datetime | None) -> bool:
        """Whether the hour has come on a day on which the rule works, and it has not been done since."""
        if now < day.at(self.hour) or (self.working_days_only and not day.working.is_working(day.today)):
            return False
        return last_done is None or last_done < day.at(self.hour)

    def next_run(self, day: LocalDay, now: datetime, last_done: datetime | None) -> datetime:
        """The moment from which the rule is due next: in the past where it waits for its run."""
        first = day.today
        if last_done is not None and last_done >= day.at(self.hour):
            first += DAY
        ahead = (first + DAY * number for number in range(LOOK_AHEAD_DAYS))
        suits = day.working.is_working if self.working_days_only else lambda _day: True
        return datetime.combine(next(filter(suits, ahead), first), self.hour, day.zone)


_rules: dict[str, DailyRule] = {}


def register_daily(rule: DailyRule) -> None:
    """Make a rule part of the day. Raises ValueError when its name is taken."""
    if rule.name in _rules:
        raise ValueError(f"There is a daily rule {rule.name} already.")
    _rules[rule.name] = rule


def daily_rules() -> tuple[DailyRule, ...]:
    """All daily rules, in the order in which they are applied: by hour, then as they were registered."""
    return tuple(sorted(_rules.values(), key=lambda rule: rule.hour))


@dataclass(frozen=True, slots=True)
class LastRuns:
    """When a rule was last done in a region, and when it was last begun there and not done."""

    done: datetime | None = None
    undone: datetime | None = None


def apply_due(now: datetime) -> None:
    """Apply every rule that is due somewhere; a failure in one region or rule does not stop the others.

    Raises JobFailed at the end when any of them failed, so that the worker's log shows it too.
    """
    last = last_runs(now)
    failed = []
    for region, days in local_days(now):
        for rule in daily_rules():
            runs = last.get((rule.name, region.pk), LastRuns())
            due = [day for day in days if rule.is_due(day, now, runs.done)]
            if not due or (runs.undone and runs.undone > now - RETRY_AFTER):
                continue
            if error := _apply(rule, region, due):
                failed.append(f"{rule.name} {region.code}: {error}")
    if failed:
        raise JobFailed("; ".join(failed))


def apply_everywhere(now: datetime) -> None:
    """Apply every rule in every region whatever the hour and the day: for an installation that was just filled.

    Raises JobFailed at the end when any of them failed.
    """
    failed = [
        f"{rule.name} {region.code}: {error}"
        for region, days in local_days(now)
        for rule in daily_rules()
        if (error := _apply(rule, region, days))
    ]
    if failed:
        raise JobFailed("; ".join(failed))


def last_runs(now: datetime) -> dict[tuple[str, int | None], LastRuns]:
    """The last runs of the last days by rule and region, in one query; what failed before it was done is past."""
    done = Max("started_at", filter=Q(outcome=RunOutcome.DONE))
    undone = Max("started_at", filter=~Q(outcome=RunOutcome.DONE))
    rows = JobRun.objects.filter(started_at__gt=now - LOOK_AHEAD_DAYS * DAY, started_at__lte=now).order_by()
    found: dict[tuple[str, int | None], LastRuns] = {}
    for row in rows.values("name", "region_id").annotate(done=done, undone=undone):
        is_past = row["done"] and row["undone"] and row["undone"] < row["done"]
        found[row["name"], row["region_id"]] = LastRuns(row["done"], None if is_past else row["undone"])
    return found


def local_days(now: datetime, regions: Iterable[Region] | None = None) -> Iterator[tuple[Region, list[LocalDay]]]:
    """Each region with its local days at the moment `now`, the region's own zone first; three queries for all."""
    places: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for pk, region_id, zone in Institution.objects.order_by("pk").values_list("pk", "region_id", "own_time_zone"):
        places[region_id][zone].append(pk)
    around = (now.date() - DAY, now.date() + LOOK_AHEAD_DAYS * DAY)
    days_off: dict[int, list[date]] = defaultdict(list)
    for region_id, day in RegionDayOff.objects.filter(day__range=around).values_list("region_id", "day"):
        days_off[region_id].append(day)
    for region in Region.objects.order_by("pk") if regions is None else regions:
        working = WorkingCalendar.with_days_off(days_off[region.pk])
        by_zone = {region.time_zone: places[region.pk].pop("", [])}
        for zone, ids in places[region.pk].items():
            by_zone.setdefault(zone, []).extend(ids)
        yield region, [_local_day(region, zone, ids, now, working) for zone, ids in by_zone.items()]


def _local_day(region: Region, zone: str, ids: list[int], now: datetime, working: WorkingCalendar) -> LocalDay:
    place = ZoneInfo(zone)
    return LocalDay(
        region=region,
        zone=place,
        today=now.astimezone(place).date(),
        institutions=tuple(ids),
        is_regional=zone == region.time_zone,
        working=working,
    )


def _apply(rule: DailyRule, region: Region, days: Iterable[LocalDay]) -> str:
    """Apply one rule in one region and keep account of it; return what went wrong."""
    try:
        with job_run(rule.name, region) as run, transaction.atomic():
            counts: Counts = defaultdict(int)
            for day in days:
                for name, number in rule.job(day).items():
                    counts[name] += number
            run.counts = dict(counts)
    except Exception as error:  # noqa: BLE001 - kept with the run; the other regions and rules must not wait
        return describe(error)
    return ""
