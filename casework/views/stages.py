"""The stages of a case: where it stands, what is missing, moving on, taking a wrong move back; terms and pauses."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import NotNow, require, require_now, signed_in
from casework.access import may_assign, may_undo, may_write
from casework.enums import REASONS_WITHOUT_POST_SUPPORT, Stage
from casework.forms.cases import LastDayForm, MoveForm, PauseForm, ReasonForm
from casework.frame import frame, open_case_page, steps
from casework.models import SupportCase, SupportPause
from casework.services.cases import is_on_support
from casework.services.pauses import end_pause, pause
from casework.services.stages import Prospect, contract_duties, last_move, may_take_back, prospects, transition, undo
from casework.views.editing import answer


@require_GET
def stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the case stands, the moves that lead on with what each still lacks, and how it came here."""
    user = signed_in(request)
    case = open_case_page(request, pk)
    today = case.institution.today()
    wrong = last_move(case)
    context = frame(request, case, "stage") | {
        "steps": steps(case),
        "prospects": prospects(case, user, today),
        "moves": case.stage_changes.select_related("by").order_by("-pk"),
        "decisions": case.decisions.order_by("-effective_on", "-pk"),
        "pauses": case.pauses.select_related("approved_by"),
        "may_undo": wrong is not None and may_undo(user, case) and may_take_back(case, wrong, today),
        "may_pause": may_assign(user, case),
        "may_write": may_write(user, case),
        "may_plan": may_write(user, case) and is_on_support(case),
    }
    return render(request, "casework/stage.html", context)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int, target: str) -> HttpResponse:
    """The page before a move: its date, its basis, the reason where it ends support, and what will follow."""
    user = signed_in(request)
    case = open_case_page(request, pk)
    today = case.institution.today()
    prospect = _prospect(case, prospects(case, user, today), target)
    require(prospect.allowed)
    form = MoveForm(request.POST or None, today=today, reasons=prospect.reasons)

    def save() -> HttpResponse:
        transition(case=case, to=prospect.move.target, actor=user, **form.cleaned_data)
        return redirect("casework:case", case.pk)

    return answer(
        request,
        case,
        form,
        save,
        title=str(prospect.move.title),
        action=str(prospect.move.title),
        back_url=reverse("casework:stage", args=[case.pk]),
        template="casework/move.html",
        prospect=prospect,
        danger=prospect.move.ends_support,
        consequences=_consequences(case, prospect),
        saved=_("stage “%(stage)s”") % {"stage": prospect.move.target.label},
    )


def _prospect(case: SupportCase, found: list[Prospect], target: str) -> Prospect:
    prospect = next((row for row in found if row.move.target == target), None)
    back = reverse("casework:stage", args=[case.pk])
    told = _("The case is at the stage “%(stage)s” already.") % {"stage": case.get_stage_display()}
    require_now(case.stage != target, told, back=back)
    if prospect is None:
        raise NotNow(f"Case {case.pk} does not move to {target}.")
    return prospect


def _consequences(case: SupportCase, prospect: Prospect) -> list[str]:
    """What the move brings with it, in sentences."""
    target = prospect.move.target
    lines = []
    if target == Stage.CLOSED:
        lines.append(_("The case is closed: nothing can be entered in it any more."))
        lines.append(_("The curator can read it for ten days more, the team no longer."))
    if target == Stage.POST_SUPPORT:
        lines.append(_("The family is watched over for the time of post-support; services of the programme end."))
    if target == Stage.CLOSED and case.removed_on is None and case.enrolled_on is not None:
        lines.append(_("The family is removed from support; the council is told at its next session."))
    ends_follow_up = bool(set(prospect.reasons) & REASONS_WITHOUT_POST_SUPPORT)
    if target == Stage.CLOSED and case.enrolled_on is not None and ends_follow_up:
        duties = contract_duties(case, case.institution.today())
        lines += [_("The follow-up of social contract No. %s ends early.") % number for number in duties]
    return lines


@require_http_methods(["GET", "POST"])
def stage_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last move, with a reason; the head alone, while the reporting period is open."""
    user = signed_in(request)
    case = open_case_page(request, pk, allowed=may_undo)
    wrong = last_move(case)
    if wrong is None:
        raise NotNow(_("There is no move to take back."), back=reverse("casework:stage", args=[case.pk]))
    form = ReasonForm(request.POST or None)

    def save() -> HttpResponse:
        undo(case=case, actor=user, **form.cleaned_data)
        return redirect("casework:stage", case.pk)

    text = _("The case goes back from “%(to)s” to “%(source)s”.") % {
        "to": wrong.get_to_stage_display(),
        "source": wrong.get_from_stage_display(),
    }
    back = reverse("casework:stage", args=[case.pk])
    shown: dict[str, Any] = {
        "title": _("Take the move back?"),
        "action": _("Take the move back"),
        "saved": _("stage “%(stage)s”") % {"stage": wrong.get_from_stage_display()},
    }
    return answer(request, case, form, save, back_url=back, text=text, **shown)


@require_http_methods(["GET", "POST"])
def pause_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause the case for at most two months."""
    case = open_case_page(request, pk, allowed=may_assign)
    form = PauseForm(request.POST or None)

    def save() -> HttpResponse:
        pause(case=case, actor=signed_in(request), **form.cleaned_data)
        return redirect("casework:stage", case.pk)

    text = _("No contact is due in a pause. Longer than two months takes a decision of the council.")
    back = reverse("casework:stage", args=[case.pk])
    shown: dict[str, Any] = {"title": _("Pause support"), "action": _("Pause"), "saved": _("Support is paused.")}
    return answer(request, case, form, save, back_url=back, text=text, **shown)


@require_http_methods(["GET", "POST"])
def pause_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a pause earlier than granted."""
    user = signed_in(request)
    row = get_object_or_404(SupportPause.objects.visible_to(user), pk=pk)
    case = open_case_page(request, row.case_id, allowed=may_assign)
    form = LastDayForm(request.POST or None, today=case.institution.today())

    def save() -> HttpResponse:
        end_pause(row=row, last_day=form.cleaned_data["ends_on"], actor=user)
        return redirect("casework:stage", case.pk)

    context: dict[str, Any] = {
        "title": _("End the pause"),
        "action": _("End the pause"),
        "saved": _("The pause has ended: support goes on."),
    }
    return answer(request, case, form, save, back_url=reverse("casework:stage", args=[case.pk]), **context)
