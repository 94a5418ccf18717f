"""What is done to a report: its moves along the chain, its author, its analysis, its files."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require, signed_in
from common.forms import taken
from monitoring import access
from monitoring.chain import MOVES, move_for
from monitoring.enums import ReportLevel, Step
from monitoring.forms import AnalysisForm, AuthorForm, CorrectionForm, ReturnForm
from monitoring.models import QuarterlyReport
from monitoring.services import reports as services
from monitoring.services.figures import waiting_titles
from monitoring.services.rendering import retry_rendering
from monitoring.views.reports import missing_titles, open_report, page_frame


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Submit, accept, return or publish, after a page that says what will happen."""
    user = signed_in(request)
    report = open_report(request, pk)
    known = [row for row in MOVES if row.step == step and report.level in row.levels]
    require(any(access.may_move(user, report, row) for row in known))
    move = move_for(step, report.state, report.level)
    if move is None:
        messages.info(request, _("The report has been moved on meanwhile: open it again."))
        return redirect(report)
    require(access.may_move(user, report, move))
    if move.freezes and (waiting := waiting_titles(report)):
        messages.error(request, services.first_taken(report, waiting))
        return redirect(report)
    form = ReturnForm(request.POST or None) if move.needs_reason else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        return _take(request, report, Step(step), reason)
    missing = missing_titles(report) if move.freezes else []
    texts = _texts(report, Step(step))
    return _confirm(request, report, form, missing, action=str(move.title), danger=move.needs_reason, **texts)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a correction of a report that counts."""
    report = open_report(request, pk)
    require(access.may_correct(signed_in(request), report))
    form = CorrectionForm(request.POST or None)

    def save() -> HttpResponse:
        return redirect(services.begin_correction(report=report, actor=signed_in(request), **form.cleaned_data))

    consequences = [
        _("A new edition is drafted with the figures of now."),
        _("This edition counts until the new one gets as far; the new one lists what has changed."),
    ]
    page = {"title": _("Correct the report?"), "action": _("Begin"), "consequences": consequences}
    return taken(request, form, save) or _confirm(request, report, form, **page)


@require_http_methods(["GET", "POST"])
def author(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who writes the institution's report."""
    report = open_report(request, pk)
    require(access.may_name_author(signed_in(request), report))
    form = AuthorForm(request.POST or None, report=report, initial={"author": report.author_id})
    if request.method == "POST" and form.is_valid():
        services.name_author(report=report, author=form.cleaned_data["author"], actor=signed_in(request))
        messages.success(request, _("The author is named and has been told."))
        return redirect(report)
    return _form(request, report, form, title=_("Author of the report"))


@require_http_methods(["GET", "POST"])
def analysis(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what the figures mean."""
    report = open_report(request, pk)
    require(access.may_write(signed_in(request), report))
    form = AnalysisForm(request.POST or None, instance=report)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(report)
    return _form(request, report, form, title=_("Analysis"))


@require_POST
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the figures of a draft anew."""
    report = open_report(request, pk)
    require(access.may_write(signed_in(request), report))
    services.recount(report=report, actor=signed_in(request))
    messages.success(request, _("The figures have been counted anew."))
    return redirect(report)


@require_POST
def files(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the files made, or tried again."""
    report = open_report(request, pk)
    require(access.may_export(signed_in(request), report))
    retry_rendering(report=report, actor=signed_in(request))
    return redirect(report)


def _take(request: HttpRequest, report: QuarterlyReport, step: Step, reason: str) -> HttpResponse:
    """Make the move; figures that have changed since the author saw them are shown first."""
    try:
        with transaction.atomic():
            moved = services.take_step(report=report, step=step, actor=signed_in(request), reason=reason)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(report)
    if moved:
        messages.success(request, _("Done: the report is now “%(state)s”.") % {"state": report.get_state_display()})
    else:
        messages.warning(request, _("Facts entered meanwhile have changed the figures: look at them and send again."))
    return redirect(report)


def _texts(report: QuarterlyReport, step: Step) -> dict[str, Any]:
    """The question of the confirm page, and what will happen."""
    fixed = _("The figures are fixed as they are now, with the families counted; later changes take a correction.")
    published = {
        ReportLevel.INSTITUTION: _("The ministry and the resource centre see the figures; no family is ever shown."),
        ReportLevel.REGION: _("The resource centre sees the figures of the region."),
    }
    accepted = {
        ReportLevel.SPECIALIST: _("The facts of its quarter are closed: only the head changes them."),
        ReportLevel.DEPARTMENT: _(
            "Its figures go into the report of the institution; later changes take a correction."
        ),
        ReportLevel.INSTITUTION: _("Nothing is sent yet: the ministry sees the report once you publish it."),
        ReportLevel.REGION: "",
    }
    questions = {
        Step.SUBMIT: (_("Submit the report?"), [fixed, _("Who accepts it is told.")]),
        Step.ACCEPT: (_("Accept the report?"), [accepted[ReportLevel(report.level)]]),
        Step.RETURN: (_("Return the report?"), [_("It is drafted anew for its author, who is told of your remark.")]),
        Step.PUBLISH: (_("Publish the report?"), [published.get(ReportLevel(report.level), "")]),
        Step.RECEIVE: (_("Accept the report?"), [_("The institution is told.")]),
    }
    title, consequences = questions[step]
    if step is Step.PUBLISH and report.is_draft:
        consequences = [fixed, *consequences]
    return {"title": title, "consequences": consequences}


def _confirm(
    request: HttpRequest, report: QuarterlyReport, form: forms.Form | None, missing: Sequence[str] = (), **texts: Any
) -> HttpResponse:
    """The page before a step; `missing` names the units whose reports this one goes without."""
    frame = page_frame(report)
    facts = [
        {"label": _("Report"), "value": frame["unit"]},
        {"label": _("Period"), "value": report.period_title},
    ]
    if missing:
        facts.append({"label": _("Goes without the reports of"), "value": ", ".join(missing)})
    context = {"form": form, "facts": facts, "back_url": report.get_absolute_url()}
    return render(request, "ui/confirm.html", context | texts)


def _form(request: HttpRequest, report: QuarterlyReport, form: forms.BaseForm, *, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "back_url": report.get_absolute_url()}
    return render(request, "monitoring/report_form.html", page_frame(report) | context)
