"""Reports on a quarter: the list for each role, a report with its figures, the objects behind one of them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import NotNow, require, signed_in, working_appointment, works_as
from accounts.enums import REGION_WIDE_ROLES, AccessAction, Role
from accounts.journal import record
from accounts.models import Department, Institution, User
from common.calendar import Quarter
from monitoring import access
from monitoring.breakdowns import breakdowns_of
from monitoring.chain import COUNTING, Move
from monitoring.enums import LOWER_LEVEL, ReportLevel, ReportState, Step
from monitoring.evidence import evidence_of, has_evidence
from monitoring.indicators import Level, by_code
from monitoring.lines import ReportLine, changed_lines, lines_of, running_lines, sections_of
from monitoring.models import QuarterlyReport, ReportEvent, quarter_title
from monitoring.overview import TONES, Section, needs_author, next_step, open_moves, quarters_for, sections_for
from monitoring.papers import chart_of
from monitoring.services.figures import missing_below, source_of, waiting_titles
from monitoring.services.rendering import files_of, orders_of
from records.enums import WorkState

ICONS = {Step.SUBMIT: "send", Step.ACCEPT: "check", Step.RETURN: "undo-2", Step.PUBLISH: "megaphone"}


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    """Who has reported on the quarter, who has not, and what waits for the reader."""
    user = signed_in(request)
    require(access.may_list(user))
    today = working_appointment(user).local_today()
    quarters = quarters_for(user, today)
    quarter = _chosen(request, quarters)
    running, unit = Quarter.containing(today), access.running_unit(user)
    chips = [running, *quarters] if unit and running not in quarters else quarters
    choice = [
        {"title": quarter_title(row), "url": f"?quarter={row}", "current": row == quarter, "runs": row == running}
        for row in chips
    ]
    if unit and quarter == running and running not in quarters:
        return _running(request, unit, running, choice)
    sections = sections_for(user, quarter, today)
    context = {
        "sections": sections,
        "quarter": quarter_title(quarter),
        "quarters": choice,
        "figures": [_section_figure(section) for section in sections if section.level != ReportLevel.REGION],
        "today": today,
        "inside": not works_as(user, *(Role(role) for role in REGION_WIDE_ROLES)),
    }
    return render(request, "monitoring/reports.html", context)


def _running(request: HttpRequest, unit: tuple[Level, int], quarter: Quarter, choice: list[Any]) -> HttpResponse:
    """The quarter that runs, as counted now: nothing is kept, and nothing of it can be submitted (domain 3.9, OPEN)."""
    today = working_appointment(signed_in(request)).local_today()
    lines = running_lines(*unit, quarter, today)
    context = {
        "quarter": quarter_title(quarter),
        "quarters": choice,
        "today": today,
        "sections": [(title, [{"line": line, "url": ""} for line in found]) for title, found in sections_of(lines)],
    }
    return render(request, "monitoring/running.html", context)


@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """An edition: its figures, what may be done to it, its files and its history."""
    user = signed_in(request)
    row = open_report(request, pk)
    lines = lines_of(row)
    waiting = waiting_titles(row) if row.is_draft else []
    opens = access.may_read_evidence(user, row)
    context = page_frame(row) | {
        "sections": [(title, [_line(row, line, opens=opens) for line in found]) for title, found in sections_of(lines)],
        "next_step": next_step(row, is_held_up=bool(waiting)),
        "waiting": waiting,
        "chart": chart_of(row, lines, _("Families on support")),
        "facts": _facts(row, user),
        "buttons": _buttons(row, open_moves(user, row, is_held_up=bool(waiting))),
        "may_write": access.may_write(user, row),
        "needs_author": needs_author(user, row),
        "may_name_author": access.may_name_author(user, row),
        "may_correct": access.may_correct(user, row),
        "changed": changed_lines(row),
        "breakdowns": breakdowns_of(row),
        "missing": [title for title in missing_titles(row) if title not in waiting],
        "history": _history(row, user),
        "files": _files(row, user),
    }
    return render(request, "monitoring/report.html", context)


@require_GET
def evidence(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The objects behind a figure, for those whom the families are open to; never outside the institution."""
    user = signed_in(request)
    row = open_report(request, pk)
    if not access.may_read_evidence(user, row):
        raise Http404
    try:
        indicator = by_code(code)
    except KeyError:
        raise NotNow from None
    found = evidence_of(user, row, code, request.GET.get("cursor", ""))
    if found is None:
        raise NotNow
    record(request, AccessAction.LIST, "family", object_ids=found.family_ids)
    context = page_frame(row) | {"indicator": indicator, "source": source_of(indicator), "found": found}
    context["crumbs"] = [*context["crumbs"], (row.period_title, row.get_absolute_url())]
    return render(request, "monitoring/evidence.html", context | {"page": found.page})


def open_report(request: HttpRequest, pk: int) -> QuarterlyReport:
    """The edition, if the reader may know of it; 404 otherwise."""
    rows = QuarterlyReport.objects.visible_to(signed_in(request)).with_units()
    row: QuarterlyReport = get_object_or_404(rows, pk=pk)
    return row


def page_frame(row: QuarterlyReport) -> dict[str, Any]:
    """What every page about a report shows of it."""
    return {
        "report": row,
        "unit": row.unit_title,
        "tone": TONES[row.state],
        "crumbs": [(_("Reports"), f"{reverse('reports:list')}?quarter={row.period}")],
    }


def _chosen(request: HttpRequest, quarters: list[Quarter]) -> Quarter:
    """The quarter of the address, else the last finished one."""
    try:
        return Quarter.parse(request.GET.get("quarter", ""))
    except ValueError:
        return quarters[0]


def _section_figure(section: Section) -> dict[str, Any]:
    """How many of a level have reported in time, of those that had to."""
    return {
        "value": _("%(part)s of %(whole)s") % {"part": section.in_time, "whole": section.due},
        "label": _("%(units)s: reported in time") % {"units": section.title},
        "tone": "burning" if any(row.is_late and row.report is None for row in section.rows) else "",
    }


def _line(row: QuarterlyReport, line: ReportLine, *, opens: bool) -> dict[str, Any]:
    counted = has_evidence(line.indicator, row)
    quarter = line.values.quarter
    number = quarter.whole if line.indicator.ratio else quarter.part if line.is_share else quarter.number
    url = reverse("reports:evidence", args=[row.pk, line.indicator.code]) if opens and counted and number else ""
    return {"line": line, "url": url}


def _facts(row: QuarterlyReport, user: User) -> list[dict[str, Any]]:
    """What stands beside the figures; names of staff are for people of the institution."""
    late = row.is_late(row.local_today())
    facts: list[dict[str, Any]] = [
        {"label": _("Due"), "value": row.due_on, "tone": "late" if late and row.is_draft else ""},
        {"label": _("Submitted"), "value": row.submitted_on or _("not yet"), "tone": "late" if late else ""},
    ]
    if _sees_names(user, row):
        facts.append({"label": _("Author"), "value": row.author or row.submitted_by or _("not named yet")})
    return facts


def _sees_names(user: User, row: QuarterlyReport) -> bool:
    """Names and remarks stay with those who report, the region's with the ministry; the resource centre sees none."""
    if row.level == ReportLevel.REGION:
        return works_as(user, Role.MINISTRY)
    return not works_as(user, *(Role(role) for role in REGION_WIDE_ROLES))


def _buttons(row: QuarterlyReport, moves: list[Move]) -> list[dict[str, Any]]:
    """The moves that the reader can make, as links to their confirm pages."""
    return [
        {
            "url": reverse(f"reports:{move.step.value.lower()}", args=[row.pk]),
            "title": move.title,
            "icon": ICONS.get(move.step, "check"),
            "quiet": move.needs_reason,
        }
        for move in moves
    ]


def missing_titles(row: QuarterlyReport) -> list[str]:
    """The units below that had not reported when the figures were fixed."""
    lower = LOWER_LEVEL.get(row.level)
    absent = missing_below(row) if lower else []
    if lower is None or not absent:
        return []
    if lower == ReportLevel.SPECIALIST:
        return [person.get_full_name() for person in User.objects.filter(pk__in=absent)]
    units: type[Department | Institution] = Department if lower == ReportLevel.DEPARTMENT else Institution
    return [str(unit) for unit in units.objects.filter(pk__in=absent)]


def _history(row: QuarterlyReport, user: User) -> list[dict[str, Any]]:
    """All editions that the reader sees, the newest first, with what was done to each."""
    units = {name: getattr(row, f"{name}_id") for name in ("region", "institution", "department", "specialist")}
    editions = QuarterlyReport.objects.visible_to(user).of(row.period).filter(level=row.level, **units)
    found = list(editions.order_by("-edition"))
    events: dict[int, list[ReportEvent]] = {edition.pk: [] for edition in found}
    for event in ReportEvent.objects.filter(report__in=found).select_related("by"):
        events[event.report_id].append(event)
    names = _sees_names(user, row)
    return [
        {"edition": edition, "tone": TONES[edition.state], "events": events[edition.pk], "names": names}
        for edition in found
    ]


def _files(row: QuarterlyReport, user: User) -> dict[str, Any] | None:
    """The files to take, none of an earlier state among them, and how their making stands; None for who takes none."""
    if not access.may_export(user, row):
        return None
    order = orders_of(row).first()
    state = WorkState(order.state) if order else None
    files = [
        {
            "url": reverse("records:document", args=[file.pk]),
            "title": file.title,
            "kind": file.file_type.label,
            "size": file.size,
            "made_at": file.created_at,
        }
        for file in (files_of(row) if state in {None, WorkState.DONE} else [])
    ]
    return {
        "files": files,
        "working": state in {WorkState.QUEUED, WorkState.RUNNING},
        "failed": state is WorkState.FAILED,
        "cancelled": state is WorkState.CANCELLED,
        "attempts": order.attempts if order else 0,
        "is_final": row.state in COUNTING[row.level] or row.state == ReportState.SUPERSEDED,
    }
