"""What the pages of the room share: opening a session, a question or a decision, and the page of a form."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import ClosedNow, NotNow, require, signed_in
from accounts.enums import AccessAction
from accounts.journal import record
from accounts.models import User
from common.forms import taken, tell_saved
from councils import access
from councils.models import AgendaItem, CouncilSession, Decision

SessionRight = Callable[[User, CouncilSession], bool]


def anybody(_user: User, _session: CouncilSession) -> bool:
    """For pages that everybody reads who opens the session."""
    return True


def open_session(request: HttpRequest, pk: int, allowed: SessionRight = anybody) -> CouncilSession:
    """The session, if the signed-in person may open it; 403 without the right that the page asks for.

    Who is called to a session whose agenda is not approved yet, or writes in one that is not over, is refused nothing:
    `NotNow`, `ClosedNow`.
    """
    user = signed_in(request)
    session: CouncilSession | None = CouncilSession.objects.visible_to(user).with_page().filter(pk=pk).first()
    if session is None:
        called = CouncilSession.objects.filter(access.called_later_q(user), pk=pk).exists()
        raise NotNow if called else Http404
    if not allowed(user, session):
        require(access.may_at_another_state(user, session, allowed))
        told = _("Nothing is changed in this session any more. The state is now “%(state)s”.")
        raise ClosedNow(told % {"state": session.get_state_display()})
    return session


def require_correct(request: HttpRequest, session: CouncilSession) -> None:
    """403 for who may not correct the minutes; the secretary, whose days for it are over, reads why."""
    user = signed_in(request)
    if access.may_correct(user, session):
        return
    require(access.keeps(user, session.council))
    told = _("The minutes were signed more than %(days)s days ago: what is to be changed, a new session decides.")
    raise ClosedNow(told % {"days": access.PACKET_DAYS_AFTER_SIGNING})


def open_item(request: HttpRequest, pk: int, allowed: SessionRight = anybody) -> tuple[AgendaItem, CouncilSession]:
    """A question with its session. As above."""
    item: AgendaItem = get_object_or_404(AgendaItem.objects.visible_to(signed_in(request)).with_page(), pk=pk)
    session = open_session(request, item.session_id, allowed)
    item.session = session
    return item, session


def open_decision(request: HttpRequest, pk: int) -> Decision:
    """A decision, if the signed-in person reads its question or carries it out."""
    rows = Decision.objects.visible_to(signed_in(request)).with_page().with_enrolment()
    decision: Decision = get_object_or_404(rows, pk=pk)
    return decision


def journal(
    request: HttpRequest,
    session: CouncilSession,
    items: Iterable[AgendaItem],
    action: AccessAction = AccessAction.VIEW,
) -> None:
    """Write down that the person read these questions of the session, with the families they are on."""
    families = sorted({item.family_id for item in items if item.family_id})
    record(request, action, "councilsession", object_id=session.pk, family_ids=families)


def about(session: CouncilSession, **more: str) -> list[dict[str, str]]:
    """What a page that asks for a confirmation is about: the session, and by label what else is given."""
    facts = [{"label": _("Session"), "value": f"{session.council}, {session.day:%d.%m.%Y}"}]
    return facts + [{"label": label, "value": value} for label, value in more.items() if value]


def session_crumbs(session: CouncilSession) -> list[tuple[str, str]]:
    own = _("Session of %(day)s") % {"day": f"{session.day:%d.%m.%Y}"}
    return [(_("Council sessions"), reverse("councils:home")), (own, session.get_absolute_url())]


def act(request: HttpRequest, session: CouncilSession, do: Callable[[], object], *, saved: str) -> HttpResponse:
    """Do at once what a button asks for and go back to the session, which says what was saved, or why it was not."""
    try:
        with transaction.atomic():
            do()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        tell_saved(request, saved)
    return redirect(session)


def answer(
    request: HttpRequest,
    form: forms.Form | forms.ModelForm[Any],
    save: Callable[[], HttpResponse],
    *,
    saved: str | Callable[[], str],
    template: str = "councils/form.html",
    **context: Any,
) -> HttpResponse:
    """Show the form, or take it with `save`; what a service refuses stands in the form beside what was typed.

    `saved` is what the next page reports (`tell_saved`), or tells it from what was typed. Context: title, action,
    back_url; optional: about, text, consequences.
    """
    made = taken(request, form, save)
    if made is None:
        return render(request, template, {"form": form} | context)
    tell_saved(request, saved if isinstance(saved, str) else saved())
    return made


def confirm(
    request: HttpRequest,
    session: CouncilSession,
    form: forms.Form,
    save: Callable[[], HttpResponse],
    **context: Any,
) -> HttpResponse:
    """The page before an act of a session that cannot be undone, taken as `answer` takes a form.

    Context: saved, title, action; optional: consequences, danger, template, and facts and back_url instead of the
    session's own.
    """
    page: dict[str, Any] = {"session": session, "facts": about(session), "back_url": session.get_absolute_url()}
    page["template"] = "ui/confirm.html"
    return answer(request, form, save, **page | context)
