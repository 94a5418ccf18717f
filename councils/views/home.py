"""The room's first page: the next session, the sessions before, and decisions that wait to be carried out."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from accounts.access import require, signed_in, working_appointment, works_as
from accounts.enums import AccessAction, Role
from accounts.journal import record
from accounts.models import User
from common.paging import paginate
from councils import access
from councils.enums import DecisionState, ItemState, SessionState
from councils.models import Council, CouncilSession, Decision
from councils.querysets import BEFORE_SESSION
from councils.readiness import approval_lacks
from councils.services.decisions import GIVEN_TO_SOMEBODY
from councils.views.rows import STATE_TONES, steps
from councils.waiting import to_do

SHOWN_TASKS = 5


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Sessions of the person: what they are to do, the next one, what is due, and the list of all."""
    user = signed_in(request)
    require(access.may_read_sessions(user))
    today = working_appointment(user).local_today()
    counted = Count("items", filter=~Q(items__state=ItemState.WITHDRAWN))
    sessions = CouncilSession.objects.visible_to(user).with_page().annotate(questions=counted)
    unfinished = list(sessions.unfinished().prefetch_related("items").order_by("planned_at", "pk"))
    page = paginate(sessions, "-planned_at", "-id", cursor=request.GET.get("cursor", ""))
    tasks = _tasks(user)
    if tasks:
        record(request, AccessAction.LIST, "decision", object_ids=[row.pk for row in tasks])
    context = {
        "steps_to_take": [{"session": row, "text": text} for row, text in to_do(user, unfinished)],
        "coming": _coming(user, unfinished),
        "page": page,
        "rows": [{"session": row, "tone": STATE_TONES[SessionState(row.state)]} for row in page.rows],
        "tasks": [{"decision": row, "late": row.is_overdue(today)} for row in tasks[:SHOWN_TASKS]],
        "window": access.PACKET_DAYS_AFTER_SIGNING if works_as(user, *access.SEATED) else None,
        "chairs": works_as(user, Role.COUNCIL_CHAIR),
        "more_tasks": len(tasks) > SHOWN_TASKS,
        "bodies": Council.objects.visible_to(user).active(today) if works_as(user, Role.COUNCIL_SECRETARY) else [],
    }
    return render(request, "councils/home.html", context)


def _coming(user: User, unfinished: Sequence[CouncilSession]) -> dict[str, Any] | None:
    """The next session, today's included: where it stands and, for its secretariat, what its agenda still lacks."""
    ahead = (row for row in unfinished if row.state in BEFORE_SESSION and row.planned_on >= row.council.today())
    session = next(ahead, None)
    if session is None:
        return None
    prepares = session.state == SessionState.PLANNED and access.keeps(user, session.council)
    return {"session": session, "steps": steps(session), "lacks": approval_lacks(session) if prepares else []}


def _tasks(user: User) -> list[Decision]:
    """Adopted decisions that wait for a report: of the bodies kept, or given to the person or their agency."""
    rows = Decision.objects.visible_to(user).adopted().with_page()
    if not works_as(user, Role.COUNCIL_SECRETARY, Role.DIRECTOR):
        rows = rows.filter(access.addressed_q(user))
    given = rows.filter(type__in=GIVEN_TO_SOMEBODY).order_by("due_on", "pk")
    return list(given[: SHOWN_TASKS + 1])


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """Decisions that somebody carries out, newest first; narrowed by the address."""
    user = signed_in(request)
    require(access.may_read_sessions(user))
    today = working_appointment(user).local_today()
    shown = request.GET.get("show", "")
    given = Decision.objects.visible_to(user).with_page().filter(type__in=GIVEN_TO_SOMEBODY)
    found = {
        "overdue": given.overdue(today),
        "done": given.filter(state=DecisionState.EXECUTED),
    }.get(shown, given.adopted())
    page = paginate(found, "-id", cursor=request.GET.get("cursor", ""))
    record(request, AccessAction.LIST, "decision", object_ids=[row.pk for row in page.rows])
    chips = [("", pgettext("decisions", "Open")), ("overdue", _("Overdue")), ("done", _("Carried out"))]
    context = {
        "page": page,
        "rows": [{"decision": row, "late": row.is_overdue(today)} for row in page.rows],
        "chips": [
            {"title": title, "url": f"?show={code}" if code else "?", "current": code == shown} for code, title in chips
        ],
    }
    return render(request, "councils/decisions.html", context)
