"""The agenda: what the system proposes, what is added, ordered, withdrawn; the packet; a head's request."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import NotNow, require, require_state, signed_in
from accounts.enums import AccessAction
from accounts.journal import record
from casework.models import SupportCase
from common.forms import tell_saved
from common.text import numbered
from councils import access
from councils.enums import HELD_STATES, ItemState, SessionState
from councils.forms.sessions import ItemForm, MatterForm, ProposeForm, ReasonForm
from councils.materials import recomposed, shown_to_chair
from councils.models import AgendaItem, Council, CouncilSession
from councils.proposals import proposals
from councils.services import agenda
from councils.views.common import (
    about,
    act,
    answer,
    confirm,
    journal,
    open_item,
    open_session,
    session_crumbs,
)
from councils.views.rows import is_hidden, item_rows, packet_is_open
from families.opening import note_opening
from records.services.submissions import taken_once


@require_http_methods(["GET", "POST"])
def candidates(request: HttpRequest, pk: int) -> HttpResponse:
    """What the system proposes: number, category, reason and department; the chosen go on the agenda."""
    user = signed_in(request)
    session = open_session(request, pk, access.may_write)
    require_state(session, SessionState.PLANNED)
    if request.method == "POST":
        taken = agenda.take_proposals(session=session, keys=request.POST.getlist("proposal"), actor=user)
        if not taken:
            messages.warning(request, _("Choose the questions for the agenda."))
            return redirect("councils:candidates", session.pk)
        tell_saved(request, _("The questions are on the agenda."))
        return redirect(session)
    rows = proposals(session)
    record(request, AccessAction.LIST, "supportcase", object_ids=[row.case_id for row in rows])
    context = {"session": session, "proposals": rows, "crumbs": session_crumbs(session)}
    return render(request, "councils/candidates.html", context)


@require_http_methods(["GET", "POST"])
@taken_once("agenda_matter")
def matter_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an organisational matter on the agenda."""
    session = open_session(request, pk, access.may_write)
    form = MatterForm(request.POST or None)

    def save() -> HttpResponse:
        values = {name: form.cleaned_data[name] for name in ("title", "speaker_name", "draft_decision")}
        agenda.add_organisational(session=session, actor=signed_in(request), **values)
        return redirect(session)

    return answer(
        request,
        form,
        save,
        saved=_("The matter is on the agenda."),
        title=_("Organisational matter"),
        action=_("Add"),
        back_url=session.get_absolute_url(),
        about=str(session),
    )


@require_http_methods(["GET", "POST"])
def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a question, its part of the packet, what was heard and said."""
    item, session = open_item(request, pk, access.may_write)
    journal(request, session, [item])
    held = session.state in HELD_STATES
    initial = {"materials": recomposed(item, session.council.today())}
    form = ItemForm(request.POST or None, instance=item, initial=initial, council=session.council, held=held)

    def save() -> HttpResponse:
        agenda.change_item(item=form.save(commit=False), values=form.cleaned_data, actor=signed_in(request))
        return redirect(session)

    return answer(
        request,
        form,
        save,
        saved=_("The question is saved."),
        title=item.title,
        action=_("Save"),
        back_url=session.get_absolute_url(),
        about=numbered(item.case.number) if item.case else "",
    )


@require_POST
def item_include(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a proposed question on the agenda."""
    item, session = open_item(request, pk, access.may_write)
    require_state(session, SessionState.PLANNED)
    if item.state != ItemState.PROPOSED:
        raise NotNow
    user = signed_in(request)
    include = partial(agenda.include, session=session, items=[item], actor=user)
    return act(request, session, include, saved=_("The question is on the agenda."))


@require_POST
def item_move(request: HttpRequest, pk: int, where: str) -> HttpResponse:
    """Move a question one place up or down."""
    item, session = open_item(request, pk, access.may_write)
    require_state(session, SessionState.PLANNED)
    if item.state == ItemState.WITHDRAWN:
        raise NotNow
    move = partial(agenda.move, item=item, up=where == "up", actor=signed_in(request))
    return act(request, session, move, saved=_("The order of the questions is changed."))


@require_http_methods(["GET", "POST"])
def item_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question off the agenda."""
    item, session = open_item(request, pk, access.may_write)
    form = ReasonForm(request.POST or None)

    def save() -> HttpResponse:
        agenda.withdraw(item=item, actor=signed_in(request), **form.cleaned_data)
        return redirect(session)

    page = {"title": _("Withdraw the question?"), "action": _("Withdraw"), "facts": _question(item, session)}
    return confirm(
        request, session, form, save, **page, saved=_("The question is withdrawn from the agenda."), danger=True
    )


@require_http_methods(["GET", "POST"])
def item_postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a question for the next session."""
    item, session = open_item(request, pk, access.may_write)
    form = ReasonForm(request.POST or None)

    def save() -> HttpResponse:
        agenda.postpone(item=item, actor=signed_in(request), **form.cleaned_data)
        return redirect(session)

    page = {"title": _("Postpone the question?"), "action": _("Postpone"), "facts": _question(item, session)}
    return confirm(
        request, session, form, save, **page, saved=_("The question is postponed to the next session."), danger=True
    )


def _question(item: AgendaItem, session: CouncilSession) -> list[dict[str, str]]:
    number = f"{numbered(item.case.number)}: " if item.case else ""
    return about(session, **{_("Question"): f"{number}{item.title}"})


@require_GET
def packet(request: HttpRequest, pk: int) -> HttpResponse:
    """The materials of the session, as members read them: initials, and what a consent allows."""
    user = signed_in(request)
    session = open_session(request, pk)
    require(access.reads_whole(user))
    if not packet_is_open(user, session):
        raise NotNow
    rows = [row for row in item_rows(user, session) if row.item.state != ItemState.WITHDRAWN]
    journal(request, session, [row.item for row in rows if not row.hidden])
    context = {
        "session": session,
        "rows": rows,
        "chairs": access.reads_restricted(user, session),
        "crumbs": session_crumbs(session),
    }
    return render(request, "councils/packet.html", context)


@require_http_methods(["GET", "POST"])
def restricted_item(request: HttpRequest, pk: int) -> HttpResponse:
    """A question on a restricted family: the chair alone, who says why; shown on the answer to that."""
    user = signed_in(request)
    item, session = open_item(request, pk)
    if not access.reads_restricted(user, session):
        raise Http404
    if not (is_hidden(user, item) and packet_is_open(user, session)):
        raise NotNow
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        record(request, AccessAction.VIEW, "agendaitem", object_id=item.pk, family_id=item.family_id, reason=reason)
        context = {
            "session": session,
            "item": item,
            "materials": shown_to_chair(item, session.council.today()),
            "decisions": item.decisions.with_enrolment().order_by("ordinal"),
            "crumbs": session_crumbs(session),
        }
        return render(request, "councils/restricted_item.html", context)
    page = {
        "form": form,
        "title": _("Question on a restricted family"),
        "action": _("Open"),
        "back_url": session.get_absolute_url(),
        "text": _("Say why you open it: the reason is kept in the access journal."),
    }
    return render(request, "councils/form.html", page)


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a question on a case: the head of its department."""
    user = signed_in(request)
    case = get_object_or_404(SupportCase.objects.visible_to(user).with_page(), pk=pk)
    require(access.may_propose(user, case))
    note_opening(request, case.family, "supportcase", case.pk)
    councils = Council.objects.visible_to(user).covering(case.family).values("pk")
    planned = CouncilSession.objects.filter(council__in=councils, state=SessionState.PLANNED).with_page()
    form = ProposeForm(request.POST or None, sessions=planned.order_by("planned_at"))

    def save() -> HttpResponse:
        agenda.propose(case=case, actor=user, **form.cleaned_data)
        return redirect(case)

    return answer(
        request,
        form,
        save,
        saved=_("The question is proposed for the agenda."),
        title=_("Propose for the agenda"),
        action=_("Propose"),
        back_url=case.get_absolute_url(),
        about=f"{numbered(case.number)}, {case.family.title}",
        text="" if planned else _("No session is planned whose agenda is still open."),
    )
