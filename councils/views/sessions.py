"""One session: its page, planning and changing it, calling its members, who came, and how it ended."""

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require, require_state, signed_in
from accounts.models import User
from common.forms import tell_saved
from councils import access
from councils.enums import SessionState
from councils.forms.sessions import ConfirmForm, HeldForm, InviteeForm, ReasonForm, SessionForm, attendance_forms
from councils.models import Attendance, Council, CouncilSession, Invitee, Minutes
from councils.papers import MINUTES, SESSION_OWNER
from councils.querysets import BEFORE_SESSION
from councils.readiness import agenda_lacks, late_notice, minutes_lack
from councils.services import attendance as came
from councils.services import sessions
from councils.services.minutes import unsigned
from councils.views.common import act, answer, confirm, journal, open_session, session_crumbs
from councils.views.rows import STATE_TONES, item_rows, packet_is_open, session_facts, steps
from councils.waiting import missed
from records.services.papers import papers_of
from records.services.submissions import taken_once


@require_GET
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """The session as the person reads it: steps, what is missing, questions with decisions, who came, papers."""
    user = signed_in(request)
    row = open_session(request, pk)
    rows = item_rows(user, row)
    journal(request, row, [question.item for question in rows if not question.hidden])
    context = {
        "session": row,
        "tone": STATE_TONES[SessionState(row.state)],
        "steps": steps(row),
        "facts": session_facts(row),
        "rows": rows,
        "reads_whole": access.reads_whole(user),
        "packet_url": packet_is_open(user, row) and bool(rows),
        "crumbs": session_crumbs(row)[:1],
        "is_planned": row.state == SessionState.PLANNED,
    }
    if access.reads_whole(user):
        context |= _whole(user, row)
    return render(request, "councils/session.html", context)


def _whole(user: User, row: CouncilSession) -> dict[str, Any]:
    """What only those see who read the session whole."""
    keeps = access.keeps(user, row.council)
    papers = [*papers_of(user, SESSION_OWNER, row).documents, *papers_of(user, MINUTES, row).documents]
    return {
        "keeps": keeps,
        "may_write": access.may_write(user, row),
        "may_invite": access.may_write(user, row) and row.state in BEFORE_SESSION,
        "waits_for_signature": unsigned(row) if row.state in _WITH_MINUTES else None,
        "may_correct": row.state == SessionState.MINUTES_SIGNED and access.may_correct(user, row),
        "may_sign": access.may_sign(user, row),
        "may_print": access.may_print(user, row),
        "may_read_minutes": access.may_read_minutes(user, row),
        "missed": missed(row),
        "too_early": came.too_early(row),
        "attendance": Attendance.objects.filter(session=row).select_related("member__organisation"),
        "quorum": came.count_quorum(row) if row.state != SessionState.PLANNED else None,
        "invitees": row.invitees.all(),
        "versions": Minutes.objects.filter(session=row).select_related("drafted_by", "signed_by"),
        "documents": papers,
        "scans": papers_of(user, MINUTES, row).attachments,
    } | _lacks(user, row)


def _lacks(user: User, row: CouncilSession) -> dict[str, Any]:
    """What keeps the session from its next step, for who prepares or approves it; the notice apart from the agenda."""
    keeps = access.keeps(user, row.council)
    may_approve = row.state == SessionState.PLANNED and access.may_approve_agenda(user, row)
    found: dict[str, Any] = {"may_approve": may_approve, "unready": [], "late": ""}
    if may_approve or (keeps and row.state == SessionState.PLANNED):
        found |= {"unready": agenda_lacks(row), "late": late_notice(row)}
    elif keeps and row.state == SessionState.HELD:
        found["unready"] = minutes_lack(row)
    return found | {"lacks": [line for line in (*found["unready"], found["late"]) if line]}


_WITH_MINUTES = (SessionState.MINUTES_DRAFTED, SessionState.MINUTES_SIGNED)


@require_http_methods(["GET", "POST"])
@taken_once("council_session")
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a session of a body."""
    user = signed_in(request)
    bodies = Council.objects.visible_to(user).select_related("region", "institution__region")
    council = get_object_or_404(bodies, pk=pk)
    require(access.keeps(user, council))
    form = SessionForm(request.POST or None, council=council, day=council.today())

    def save() -> HttpResponse:
        planned_at = form.cleaned_data["planned_at"]
        return redirect(
            sessions.plan_session(council=council, planned_at=planned_at, actor=user, **_filled(form.chosen()))
        )

    return answer(
        request,
        form,
        save,
        saved=lambda: _("The session is planned for %(day)s.") % {"day": f"{form.cleaned_data['planned_at']:%d.%m.%Y}"},
        title=_("Plan a session"),
        action=_("Plan"),
        back_url=council.get_absolute_url(),
        about=council.title,
    )


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@require_http_methods(["GET", "POST"])
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the day, the place or the presidium."""
    row = open_session(request, pk, access.may_write)
    form = SessionForm(request.POST or None, instance=row, council=row.council, day=row.planned_on)

    def save() -> HttpResponse:
        values = form.chosen() | {"planned_at": form.cleaned_data["planned_at"]}
        return redirect(sessions.change_session(session=row, values=values, actor=signed_in(request)))

    return answer(
        request,
        form,
        save,
        saved=_("The plan of the session is saved."),
        title=_("Change the session"),
        action=_("Save"),
        back_url=row.get_absolute_url(),
        about=f"{row.council}, {row.planned_on:%d.%m.%Y}",
    )


@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the agenda and call the members."""
    row = open_session(request, pk, access.may_approve_agenda)
    require_state(row, SessionState.PLANNED)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        return redirect(sessions.approve_agenda(session=row, actor=signed_in(request)))

    return confirm(
        request,
        row,
        form,
        save,
        saved=_("The agenda is approved: the members are called."),
        title=_("Approve the agenda?"),
        action=_("Approve"),
        consequences=[
            _("The members who have an account are called to the session and may read its materials."),
            _("Questions can no longer be added: they wait for the next session."),
        ],
    )


@require_http_methods(["GET", "POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who came, how, from when to when."""
    row = open_session(request, pk, access.may_write)
    require_state(row, SessionState.AGENDA_APPROVED)
    if too_early := came.too_early(row):
        page = {"title": _("Attendance"), "session": row, "text": too_early, "crumbs": session_crumbs(row)}
        return render(request, "councils/too_early.html", page, status=409 if request.method == "POST" else 200)
    rows = list(Attendance.objects.filter(session=row).select_related("member__organisation"))
    lines = attendance_forms(rows, request.POST or None)
    refused: list[str] = []
    if request.method == "POST" and not [form for _line, form in lines if not form.is_valid()]:
        values = {line.member_id: form.cleaned_data for line, form in lines}
        try:
            came.enter_attendance(session=row, rows=values, actor=signed_in(request))
        except ValidationError as error:
            refused = error.messages
        else:
            tell_saved(request, _("The attendance is saved."))
            return redirect(row)
    context = {"session": row, "lines": lines, "crumbs": session_crumbs(row), "quorum": came.count_quorum(row)}
    return render(request, "councils/attendance.html", context | {"refused": refused})


@require_http_methods(["GET", "POST"])
@taken_once("council_invitee")
def invitee_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite a person who does not sit in the body; nobody is invited to a session that is over."""
    row = open_session(request, pk, access.may_write)
    require_state(row, *BEFORE_SESSION)
    form = InviteeForm(request.POST or None)

    def save() -> HttpResponse:
        came.invite(
            session=row, name=form.cleaned_data["name"], post=form.cleaned_data["post"], actor=signed_in(request)
        )
        return redirect(row)

    return answer(
        request,
        form,
        save,
        saved=_("The person is invited."),
        title=_("Invite"),
        action=_("Save"),
        back_url=row.get_absolute_url(),
        about=str(row),
    )


@require_POST
def invitee_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invited person off the list."""
    invitee = get_object_or_404(Invitee.objects.visible_to(signed_in(request)), pk=pk)
    row = open_session(request, invitee.session_id, access.may_write)
    invitee.session = row
    remove = partial(came.remove_invitee, invitee=invitee, actor=signed_in(request))
    return act(request, row, remove, saved=_("The person is no longer invited."))


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the session was held."""
    row = open_session(request, pk, access.may_write)
    require_state(row, SessionState.AGENDA_APPROVED)
    held_on = min(row.planned_on, row.council.today())
    form = HeldForm(request.POST or None, session=row, initial={"held_on": held_on})

    def save() -> HttpResponse:
        return redirect(sessions.hold(session=row, actor=signed_in(request), **form.cleaned_data))

    page = {
        "saved": _("It is noted that the session was held."),
        "title": _("The session was held"),
        "action": _("Save"),
    }
    return confirm(request, row, form, save, **page)


@require_http_methods(["GET", "POST"])
def no_quorum(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that there was no quorum."""
    row = open_session(request, pk, access.may_write)
    require_state(row, SessionState.AGENDA_APPROVED)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        return redirect(sessions.note_no_quorum(session=row, actor=signed_in(request)))

    return confirm(
        request,
        row,
        form,
        save,
        saved=_("It is noted that there was no quorum: the questions are postponed."),
        title=_("There was no quorum?"),
        action=_("No quorum"),
        danger=True,
        consequences=[_("All questions are postponed to the next session.")],
    )


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel the session."""
    row = open_session(request, pk, access.may_write)
    require_state(row, *BEFORE_SESSION)
    form = ReasonForm(request.POST or None)

    def save() -> HttpResponse:
        return redirect(sessions.cancel_session(session=row, actor=signed_in(request), **form.cleaned_data))

    return confirm(
        request,
        row,
        form,
        save,
        saved=_("The session is cancelled."),
        title=_("Cancel the session?"),
        action=_("Cancel the session"),
        danger=True,
        consequences=[_("Its questions go to the next session."), _("Members who were called are told.")],
    )
