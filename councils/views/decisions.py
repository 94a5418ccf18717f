"""Decisions: entered on a question, read, reported on, and given out as extracts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require, require_open, require_state, signed_in, works_as
from accounts.enums import AccessAction
from accounts.journal import record
from accounts.models import User
from common.text import numbered
from councils import access
from councils.enums import DecisionState, SessionState
from councils.forms.decisions import DecisionForm, ExtractForm, ReportForm, first_decision, programme_waits, retyped
from councils.forms.sessions import ConfirmForm, ReasonForm
from councils.models import AgendaItem, CouncilSession, Decision
from councils.services import decisions, execution
from councils.views.common import (
    about,
    answer,
    confirm,
    journal,
    open_decision,
    open_item,
    require_correct,
    session_crumbs,
)
from records.services.papers import papers_of
from records.services.submissions import taken_once


@require_GET
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: what was decided, who carries it out, how it was."""
    user = signed_in(request)
    row = open_decision(request, pk)
    session = row.item.session
    family_id = row.item.family_id
    if row.item.family and row.item.family.is_restricted and works_as(user, *access.SEATED):
        raise Http404
    record(request, AccessAction.VIEW, "decision", object_id=row.pk, family_id=family_id)
    keeps = access.keeps(user, session.council)
    context = {
        "decision": row,
        "session": session,
        "facts": _facts(row),
        "late": row.is_overdue(session.council.today()),
        "opens_session": CouncilSession.objects.visible_to(user).filter(pk=session.pk).exists(),
        "may_report": access.may_report(user, row),
        "keeps": keeps,
        "may_cancel": row.state == DecisionState.ADOPTED and access.may_correct(user, session),
        "extracts": _extracts(user, row) if keeps else [],
        "crumbs": [(_("Decisions"), reverse("councils:decisions"))],
    }
    return render(request, "councils/decision.html", context)


def _facts(row: Decision) -> list[dict[str, object]]:
    number = numbered(row.item.case.number) if row.item.case else ""
    facts: list[tuple[str, object]] = [
        (_("Case"), number),
        (_("Question"), row.item.title),
        (_("Type"), row.effect),
        (_("In effect from"), f"{row.effective_on:%d.%m.%Y}"),
        (_("Until"), f"{row.until:%d.%m.%Y}" if row.until else ""),
        (_("Programme"), row.programme.full_title if row.programme else ""),
        (_("Reason of the removal"), row.get_removal_reason_display()),
        (_("Explanation"), row.removal_note),
        (_("Carries it out"), row.executor),
        (_("By"), f"{row.due_on:%d.%m.%Y}" if row.due_on else ""),
        (_("Votes"), _votes(row)),
        (_("Carried out on"), f"{row.executed_on:%d.%m.%Y}" if row.executed_on else ""),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _votes(row: Decision) -> str:
    if not (row.votes_for or row.votes_against or row.votes_abstained):
        return ""
    text = _("for %(yes)d, against %(no)d, abstained %(none)d")
    return text % {"yes": row.votes_for, "no": row.votes_against, "none": row.votes_abstained}


def _extracts(user: User, row: Decision) -> list[dict[str, object]]:
    return [
        {"extract": extract, "documents": papers_of(user, "councils.extract", extract).documents}
        for extract in row.extracts.select_related(
            "issued_by", "decision__item__session__council__institution", "decision__item__session__chair"
        )
    ]


@require_http_methods(["GET", "POST"])
@taken_once("council_decision")
def decision_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what was decided on a question."""
    item, session = open_item(request, pk, access.may_write)
    return _decision_form(request, item, session, None)


@require_http_methods(["GET", "POST"])
def decision_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a decision before the minutes are signed."""
    row = open_decision(request, pk)
    item, session = open_item(request, row.item_id, access.may_write)
    return _decision_form(request, item, session, row)


def _decision_form(
    request: HttpRequest, item: AgendaItem, session: CouncilSession, row: Decision | None
) -> HttpResponse:
    require_state(session, *decisions.OPEN_STATES)
    journal(request, session, [item])
    user = signed_in(request)
    initial = first_decision(item, session) if row is None else None
    form = DecisionForm(request.POST or None, initial=initial, instance=row, item=item, session=session, user=user)
    if form.was_retyped:
        initial = retyped(item, request.POST)
        form = DecisionForm(initial=initial, instance=row, item=item, session=session, user=user)
        form.fields["type"].widget.attrs["autofocus"] = True

    def save() -> HttpResponse:
        entered = form.save(commit=False)
        entered.item = item
        decisions.save_decision(decision=entered, actor=user)
        if row is None and programme_waits(item):
            messages.info(
                request, _("The programme of the family waits for a decision of its own: here it is prepared.")
            )
            return redirect("councils:decision_new", item.pk)
        return redirect(session)

    number = f"{numbered(item.case.number)}, " if item.case else ""
    page = {"title": _("Decision"), "action": _("Save"), "back_url": session.get_absolute_url()}
    return answer(request, form, save, **page, saved=_("The decision is saved."), about=f"{number}{item.title}")


@require_http_methods(["GET", "POST"])
def decision_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike out a decision that was entered by mistake."""
    row = open_decision(request, pk)
    _item, session = open_item(request, row.item_id, access.may_write)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        decisions.delete_decision(decision=row, actor=signed_in(request))
        return redirect(session)

    return confirm(
        request,
        session,
        form,
        save,
        saved=_("The decision is struck out."),
        title=_("Strike the decision out?"),
        facts=about(session, **{_("Decision"): row.text}),
        action=_("Strike out"),
        danger=True,
    )


@require_http_methods(["GET", "POST"])
def decision_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a decision was carried out."""
    user = signed_in(request)
    row = open_decision(request, pk)
    require(access.answers_for(user, row))
    require_open(access.may_report(user, row))
    record(request, AccessAction.VIEW, "decision", object_id=row.pk, family_id=row.item.family_id)
    form = ReportForm(request.POST or None, initial={"executed_on": row.item.session.council.today()})

    def save() -> HttpResponse:
        execution.report_execution(decision=row, actor=user, **form.cleaned_data)
        return redirect("councils:decision", row.pk)

    back = reverse("councils:decision", args=[row.pk])
    page = {"title": _("Report on a decision"), "action": _("Save"), "back_url": back, "about": row.text}
    return answer(request, form, save, saved=_("The report on the decision is saved."), **page)


@require_http_methods(["GET", "POST"])
def decision_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an open decision off the list, with a reason."""
    row = open_decision(request, pk)
    require_correct(request, row.item.session)
    form = ReasonForm(request.POST or None)

    def save() -> HttpResponse:
        execution.cancel_decision(decision=row, actor=signed_in(request), **form.cleaned_data)
        return redirect("councils:decision", row.pk)

    return confirm(
        request,
        row.item.session,
        form,
        save,
        saved=_("The decision is cancelled."),
        title=_("Cancel the decision?"),
        facts=about(row.item.session, **{_("Decision"): row.text}),
        action=_("Cancel the decision"),
        back_url=reverse("councils:decision", args=[row.pk]),
        danger=True,
    )


@require_http_methods(["GET", "POST"])
@taken_once("council_extract")
def extract_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an extract with one decision."""
    row = open_decision(request, pk)
    session = row.item.session
    require(access.keeps(signed_in(request), session.council))
    require_state(session, SessionState.MINUTES_SIGNED)
    record(request, AccessAction.PRINT, "decision", object_id=row.pk, family_id=row.item.family_id)
    form = ExtractForm(request.POST or None)

    def save() -> HttpResponse:
        execution.make_extract(
            decision=row,
            addressee=form.cleaned_data["addressee"],
            names_family=form.cleaned_data["names_family"],
            actor=signed_in(request),
        )
        return redirect("councils:decision", row.pk)

    return answer(
        request,
        form,
        save,
        saved=_("The extract is ready."),
        title=_("Extract from the minutes"),
        action=_("Make"),
        back_url=reverse("councils:decision", args=[row.pk]),
        crumbs=session_crumbs(session),
    )
