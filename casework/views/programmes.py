"""The tab "Programme": versions, the version in work or in force with its activities, and its steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require_state, signed_in
from accounts.enums import AccessAction
from accounts.models import User
from casework.access import may_advance, may_approve_programme, may_draft, may_print
from casework.enums import ActivityState, ProgrammeState
from casework.forms.programmes import (
    ActivityFormSet,
    AgreeForm,
    ApprovalForm,
    ProgrammeForm,
    ProgressForm,
    ReturnForm,
    RowsForm,
    StepForm,
    executors_of,
)
from casework.frame import frame, open_case_page
from casework.models import CaseProblem, ProgrammeActivity, SupportCase, SupportProgramme
from casework.papers import issue_programme
from casework.registry import Permission, everybody
from casework.services import programmes as services
from casework.services.activities import TRANSITIONS, may_set, set_progress
from casework.views.editing import answer, draft_of
from casework.waiting import next_step
from common.calendar import add_months
from common.text import numbered, short_date
from families.access import Part
from records.doors import open_owner
from records.services.papers import Papers, papers_of

RELATED = ("drafted_by", "agreed_with")
EXECUTORS = ("problem__kind", "executor_user", "executor_partner", "executor_member__person", "copied_from")


@require_GET
def programmes(request: HttpRequest, pk: int) -> HttpResponse:
    """All versions, and the one that matters now."""
    case = open_case_page(request, pk)
    versions = _versions(request, case)
    return _page(request, case, versions, versions[0] if versions else None)


@require_GET
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """One version."""
    row = _programme(request, pk)
    return _page(request, row.case, _versions(request, row.case), row)


def _versions(request: HttpRequest, case: SupportCase) -> list[SupportProgramme]:
    return list(SupportProgramme.objects.visible_to(signed_in(request)).filter(case=case).select_related(*RELATED))


def _programme(request: HttpRequest, pk: int, allowed: Permission = everybody, **opening: Any) -> SupportProgramme:
    rows = SupportProgramme.objects.visible_to(signed_in(request)).select_related(*RELATED)
    row = get_object_or_404(rows, pk=pk)
    row.case = open_case_page(request, row.case_id, allowed=allowed, **opening)
    return row


def _page(
    request: HttpRequest, case: SupportCase, versions: list[SupportProgramme], shown: SupportProgramme | None
) -> HttpResponse:
    user = signed_in(request)
    being_prepared = any(row.state in {"DRAFT", "AGREED", "SUBMITTED"} for row in versions)
    writes = may_draft(user, case)
    context = frame(request, case, "programme") | {
        "versions": versions,
        "programme": shown,
        "may_begin": writes and not being_prepared and case.stage in services.STAGES_OF_WORK,
    }
    if shown is not None:
        shown.case = case
        activities = list(shown.activities.select_related(*EXECUTORS))
        state = services.readiness(shown) if shown.is_editable else None
        decides = may_approve_programme(user, case) and shown.state == ProgrammeState.SUBMITTED
        context |= {
            "may_print": may_print(user, case),
            "activities": activities,
            "readiness": state,
            "may_edit": writes and shown.is_editable,
            "may_agree": writes and shown.state == ProgrammeState.DRAFT and state is not None and state.is_ready,
            "may_submit": may_advance(user, case) and shown.state == ProgrammeState.AGREED,
            "may_decide": decides,
            "waits_for": _waits_for(case) if decides else "",
            "papers": _papers(user, shown),
            "next_step": next_step(shown, case, holds=_holds(shown, state)),
            "may_progress": writes and shown.state == ProgrammeState.ACTIVE,
        }
    return render(request, "casework/programme.html", context)


def _holds(row: SupportProgramme, state: services.Readiness | None) -> bool | None:
    """What the next step would ask of a draft, of which the page knows it already."""
    return state.is_ready if state is not None and row.state == ProgrammeState.DRAFT else None


def _papers(user: User, row: SupportProgramme) -> Papers:
    """The minutes attached to a version, for whoever its door lets take them."""
    kind = services.PROGRAMME_OWNER
    return papers_of(user, kind, open_owner(user, kind, row.pk))


EDITABLE = (ProgrammeState.DRAFT, ProgrammeState.AGREED)


@require_http_methods(["GET", "POST"])
def programme_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a version: the first one empty, the next one with what was not finished."""
    case = open_case_page(request, pk, allowed=may_draft)
    last = SupportProgramme.objects.filter(case=case).order_by("-edition").first()
    today = case.institution.today()
    ends_on = services.end_within_support(case, today, add_months(today, 6))
    initial: dict[str, Any] = {"starts_on": today, "ends_on": ends_on}
    if last is not None:
        kept = ("kind", "goal", "family_goals", "expected_results", "starts_on", "ends_on")
        initial = {name: getattr(last, name) for name in kept}
    row = SupportProgramme(case=case)
    form = ProgrammeForm(request.POST or None, instance=row, initial=initial, is_first=last is None)

    def save() -> HttpResponse:
        services.draft_programme(programme=form.instance, actor=signed_in(request))
        return redirect("casework:activities", form.instance.pk)

    title = _("New version of the programme") if last else _("Individual programme of support")
    back = reverse("casework:programmes", args=[case.pk])
    return answer(request, case, form, save, title=title, action=_("Save"), back_url=back, draft=draft_of(request))


@require_http_methods(["GET", "POST"])
def programme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change goals and term of a draft."""
    row = _programme(request, pk, may_draft)
    require_state(row, *EDITABLE)
    form = ProgrammeForm(request.POST or None, instance=row, is_first=row.edition == 1)

    def save() -> HttpResponse:
        _tell_change(request, services.change_programme(programme=form.instance, actor=signed_in(request)))
        return redirect(row)

    known: dict[str, Any] = {"title": _("Goals and term of the programme"), "draft": draft_of(request)}
    known["consequences"] = _takes_agreement(row)
    return answer(request, row.case, form, save, action=_("Save"), back_url=row.get_absolute_url(), **known)


@require_http_methods(["GET", "POST"])
def activities(request: HttpRequest, pk: int) -> HttpResponse:
    """The activities of a draft, one page with rows; two people cannot overwrite each other's rows."""
    user = signed_in(request)
    row = _programme(request, pk, may_draft)
    require_state(row, *EDITABLE)
    problems = CaseProblem.objects.visible_to(user).filter(case=row.case, resolved_on=None).select_related("kind")
    shared = {"executors": executors_of(row.case, user), "problems": problems, "ends_on": row.ends_on}
    form = RowsForm(request.POST or None, instance=row)
    draft = draft_of(request)
    rows = draft.fill_formset(ActivityFormSet(request.POST or None, instance=row, form_kwargs=shared))

    def save() -> HttpResponse:
        saved = services.change_programme(programme=row, actor=user, save_rows=lambda: services.save_rows(row, rows))
        _tell_change(request, saved)
        return redirect(row)

    if request.method == "POST" and not rows.is_valid():
        form.add_error(None, _("Check the rows."))
    known: dict[str, Any] = {"title": _("Activities of the programme"), "draft": draft}
    known |= {"rows": rows, "formsets": [rows], "consequences": _takes_agreement(row)}
    template = "casework/activities.html"
    return answer(
        request, row.case, form, save, action=_("Save"), back_url=row.get_absolute_url(), template=template, **known
    )


def _takes_agreement(row: SupportProgramme) -> list[str]:
    """What changing this version brings about, said before it is changed."""
    if row.state != ProgrammeState.AGREED or row.agreed_on is None:
        return []
    agreed = _("The family agreed to this version on %(day)s.") % {"day": short_date(row.agreed_on)}
    return [agreed, _("Changed, it is a draft again, and the family agrees to it anew.")]


def _tell_change(request: HttpRequest, agreement_fell_away: bool) -> None:
    if agreement_fell_away:
        messages.warning(request, _("The version is a draft again: the family agrees to what was changed."))


@require_http_methods(["GET", "POST"])
def programme_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the family agreed: when, and who."""
    row = _programme(request, pk, may_draft)
    require_state(row, ProgrammeState.DRAFT)
    form = AgreeForm(request.POST or None, case=row.case)

    def save() -> HttpResponse:
        services.agree(programme=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(row)

    title = _("Agreement of the family to the programme")
    text = _("Advice of specialists is a recommendation: turning it down is no violation.")
    return answer(
        request, row.case, form, save, title=title, action=_("Save"), back_url=row.get_absolute_url(), text=text
    )


@require_http_methods(["GET", "POST"])
def programme_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit the version for approval."""
    row = _programme(request, pk, may_advance)
    require_state(row, *EDITABLE)
    form = StepForm(request.POST or None, initial={"on": row.case.institution.today()})

    def save() -> HttpResponse:
        services.submit(programme=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(row)

    consequences = [_("The version is read-only until it is approved or returned for correction.")]
    if services.readiness(row).one_agency:
        consequences.append(_("All executors are of one agency: think of what other agencies could do."))
    page = {
        "title": _("Submit for approval"),
        "consequences": consequences,
        "saved": _("The programme is submitted for approval."),
    }
    return _confirm(request, row, form, save, **page)


@require_http_methods(["GET", "POST"])
def programme_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the body returned the version, with its remark."""
    row = _programme(request, pk, may_approve_programme)
    require_state(row, ProgrammeState.SUBMITTED)
    form = ReturnForm(request.POST or None, initial={"on": row.case.institution.today()})

    def save() -> HttpResponse:
        services.record_return(programme=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(row)

    title = _("Return for correction")
    shown: dict[str, Any] = {"title": title, "action": title, "saved": _("The programme is returned for correction.")}
    return answer(request, row.case, form, save, back_url=row.get_absolute_url(), **shown)


def _waits_for(case: SupportCase) -> str:
    """That the approval follows from a body's minutes in the system, in words; "" where paper is entered."""
    return "" if services.bodies_on_paper(case, case.institution.today()) else services.follows_from_minutes()


@require_http_methods(["GET", "POST"])
def programme_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the approval from minutes that a body, or the team, keeps on paper."""
    row = _programme(request, pk, may_approve_programme)
    require_state(row, ProgrammeState.SUBMITTED)
    today = row.case.institution.today()
    bodies = services.deciding_bodies(row.case, today)
    form = ApprovalForm(request.POST or None, request.FILES or None, initial={"on": today}, bodies=bodies)

    def save() -> HttpResponse:
        services.record_approval(programme=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(row)

    consequences = [
        _("The version gets its number and can no longer be changed: a change takes a new version."),
        _("The approval cannot be taken back."),
    ]
    if row.case.enrolled_on is None:
        consequences.append(_("If a council approved it, the family is on support from this day."))
    if row.edition > 1:
        consequences.append(_("The version that was in force before is replaced by this one."))
    page = {"title": _("Record the approval"), "saved": _("The approval of the programme is recorded.")}
    return _confirm(request, row, form, save, subject=_waits_for(row.case), consequences=consequences, **page)


def _confirm(
    request: HttpRequest,
    row: SupportProgramme,
    form: StepForm,
    save: Callable[[], HttpResponse],
    **shown: Any,
) -> HttpResponse:
    """The page before a step of a version that cannot be undone: what it is about, and what it brings about."""
    agreed = f"{short_date(row.agreed_on)}, {row.agreed_with}" if row.agreed_on else ""
    facts = [
        {"label": _("Family"), "value": f"{row.case.family.title}, {numbered(row.case.number)}"},
        {"label": _("Version"), "value": row.full_title},
        {"label": _("Goal"), "value": row.goal},
        {"label": _("Term"), "value": f"{short_date(row.starts_on)} – {short_date(row.ends_on)}"},
        {"label": _("Activities"), "value": row.activities.count()},
        {"label": _("Agreed with the family"), "value": agreed},
    ]
    known: dict[str, Any] = {"facts": facts, "action": shown["title"], "template": "ui/confirm.html"}
    return answer(request, row.case, form, save, back_url=row.get_absolute_url(), **known, **shown)


@require_http_methods(["GET", "POST"])
def activity_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Note how an activity goes, or how it ended."""
    user = signed_in(request)
    found = ProgrammeActivity.objects.visible_to(user).select_related("programme")
    activity = get_object_or_404(found, pk=pk)
    case = open_case_page(request, activity.programme.case_id, allowed=may_draft)
    activity.programme.case = case
    states = [state for state in ActivityState if state in TRANSITIONS[activity.state] and may_set(user, case, state)]
    initial = {"on": case.institution.today(), "done_times": activity.done_times, "result": activity.result}
    form = ProgressForm(request.POST or None, states=states, initial=initial)

    def save() -> HttpResponse:
        data = dict(form.cleaned_data)
        state = ActivityState(data.pop("state"))
        set_progress(activity=activity, state=state, actor=user, **data)
        return redirect(activity.programme)

    title = _("Progress of the activity")
    back = activity.programme.get_absolute_url()
    return answer(request, case, form, save, title=title, action=_("Save"), back_url=back, about=activity.title)


@require_POST
def programme_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the version as PDF and hand it out."""
    row = _programme(request, pk, may_print, part=Part.DETAILS, action=AccessAction.PRINT)
    return redirect("records:document", issue_programme(actor=signed_in(request), programme=row).pk)
