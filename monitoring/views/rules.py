"""The page "Automatic rules": what the machine does by itself, when, how it went, and what failed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require, signed_in
from accounts.models import NoPolicy, Region
from common.paging import paginate
from common.text import signed
from monitoring.access import failed_work, may_read_rules, regions_of
from monitoring.daily import DailyRule, LastRuns, LocalDay, daily_rules, last_runs, local_days
from monitoring.rules import STANDING_RULES, StandingRule
from monitoring.timetable import beat, scheduled_tasks
from records.enums import RunOutcome
from records.models import JobRun, WorkOrder
from records.services.marks import noted_runs
from records.services.work import retry_order
from records.services.workers import title_of

MOSCOW, ZERO = ZoneInfo("Europe/Moscow"), timedelta()
COUNTS: dict[str, Promise] = {
    "told": gettext_lazy("told"),
    "settled": gettext_lazy("settled"),
    "drafted": gettext_lazy("drafted"),
    "changed": gettext_lazy("changed"),
    "in_force": gettext_lazy("contracts put in force"),
    "stopped": gettext_lazy("follow-ups stopped"),
    "completed": gettext_lazy("follow-ups completed"),
    "reminded": gettext_lazy("reminded"),
    "ordered": gettext_lazy("letters ordered"),
    "events": gettext_lazy("events sealed"),
    "drafts": gettext_lazy("drafts dropped"),
    "submissions": gettext_lazy("keys of forms dropped"),
    "runs": gettext_lazy("old runs dropped"),
    "files": gettext_lazy("files removed"),
}
TONES = {RunOutcome.DONE: "ok", RunOutcome.FAILED: "bad", RunOutcome.RUNNING: "info"}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the page shows it; moments are written in the zone of the region."""

    title: Promise
    does: Promise
    source: str
    when: str
    next_run: str
    last_run: str
    outcome: str
    tone: str
    counts: str
    error: str


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rules of one region with their last runs, and the work that failed; the system administrator chooses."""
    user = signed_in(request)
    require(may_read_rules(user))
    regions = list(regions_of(user).order_by("title"))
    region = next((row for row in regions if row.code == request.GET.get("region")), next(iter(regions), None))
    now = timezone.now()
    zone = ZoneInfo(region.time_zone if region else settings.TIME_ZONE)
    basis = _basis(region) if region else ""
    page = paginate(failed_work(user), "-created_at", "-id", cursor=request.GET.get("cursor", ""))
    context = {
        "tabs": _tabs(regions, region) if len(regions) > 1 else [],
        "zone": zone_in_words(zone, now),
        "daily": _daily_rows(region, now, basis) if region else [],
        "standing": _standing_rows(STANDING_RULES, region, now, zone, basis),
        "failed": [(order, title_of(order.kind), _moment(order.finished_at, zone)) for order in page.rows],
        "page": page,
    }
    return render(request, "monitoring/rules.html", context)


@require_POST
def work_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have failed work done anew, with all its attempts."""
    user = signed_in(request)
    require(may_read_rules(user))
    order: WorkOrder = get_object_or_404(failed_work(user), pk=pk)
    retry_order(order=order)
    messages.success(request, _("The work is tried again: %(title)s.") % {"title": title_of(order.kind)})
    return redirect("automatic_rules")


def _tabs(regions: Iterable[Region], chosen: Region | None) -> list[dict[str, Any]]:
    address = reverse("automatic_rules")
    return [
        {"title": region.title, "url": f"{address}?region={region.code}", "current": region == chosen}
        for region in regions
    ]


def _daily_rows(region: Region, now: datetime, basis: str) -> list[RuleRow]:
    [(_region, days)] = local_days(now, [region])
    last = last_runs(now)
    newest = _newest_runs([rule.name for rule in daily_rules()], region)
    return [
        _daily_row(rule, days, now, last.get((rule.name, region.pk), LastRuns()), newest.get(rule.name), basis=basis)
        for rule in daily_rules()
    ]


def _basis(region: Region) -> str:
    """The act that sets the region's policy of today; "" where none is named."""
    try:
        return region.policy_on(region.today()).basis
    except NoPolicy:
        return ""


@dataclass(slots=True)
class _Moments:
    """When a rule ran last and runs next, in the zone in which the page writes it."""

    zone: ZoneInfo
    last_run: datetime | None
    next_run: datetime | None = None


def _daily_row(
    rule: DailyRule, days: list[LocalDay], now: datetime, last: LastRuns, run: JobRun | None, *, basis: str
) -> RuleRow:
    moments = _Moments(days[0].zone, run.started_at if run else None)
    hour = f"{rule.hour:%H:%M}"
    when = _("each working day at %(time)s") if rule.working_days_only else _("daily at %(time)s")
    next_run = min(rule.next_run(day, now, last.done) for day in days)
    moments.next_run = next_run if next_run > now else None
    return _row(rule, when % {"time": hour}, moments, run, basis)


def _standing_rows(
    standing: Iterable[StandingRule], region: Region | None, now: datetime, zone: ZoneInfo, basis: str
) -> list[RuleRow]:
    names = [rule.task for rule in standing]
    newest, noted = _newest_runs(names, region), noted_runs(names)
    schedules = scheduled_tasks()
    rows = []
    for rule in standing:
        times, run = beat(schedules[rule.task], now, zone), newest.get(rule.task)
        moments = _Moments(zone, run.started_at if run else noted.get(rule.task), times.next_run)
        rows.append(_row(rule, times.when, moments, run, basis))
    return rows


def _row(rule: DailyRule | StandingRule, when: str, moments: _Moments, run: JobRun | None, basis: str) -> RuleRow:
    """A rule that leaves only a mark of its last run has ended well: else it would have left none."""
    outcome = RunOutcome(run.outcome) if run else RunOutcome.DONE if moments.last_run else None
    policy = _("the region's policy (%(act)s)") % {"act": basis} if basis else _("the region's policy")
    return RuleRow(
        title=rule.title,
        does=rule.does,
        source=f"{rule.source}; {policy}" if rule.by_policy else str(rule.source),
        when=when,
        next_run=_moment(moments.next_run, moments.zone) or _("as soon as possible"),
        last_run=_moment(moments.last_run, moments.zone),
        outcome=str(outcome.label) if outcome else "",
        tone=TONES[outcome] if outcome else "",
        error=run.error if run else "",
        counts=", ".join(f"{COUNTS.get(name, name)}: {number}" for name, number in run.counts.items()) if run else "",
    )


def _newest_runs(names: Iterable[str], region: Region | None) -> dict[str, JobRun]:
    """The newest run of each rule: in the region, or for the whole installation."""
    where = Q(region=None) | Q(region=region) if region else Q(region=None)
    rows = JobRun.objects.filter(where, name__in=list(names)).order_by("name", "-started_at", "-pk").distinct("name")
    return {row.name: row for row in rows}


def zone_in_words(zone: ZoneInfo, now: datetime) -> str:
    """In which time the page is written: that of Moscow, or as far from it as people of the region count."""
    ahead = (now.astimezone(zone).utcoffset() or ZERO) - (now.astimezone(MOSCOW).utcoffset() or ZERO)
    hours = round(ahead.total_seconds() / 3600)
    if not hours:
        return _("Times are those of Moscow")
    return _("Times are local: Moscow %(hours)s h") % {"hours": signed(hours)}


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d.%m.%Y %H:%M}" if moment else ""
