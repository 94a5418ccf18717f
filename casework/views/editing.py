"""The one way a form of a case is shown, taken, and shown again with what was wrong."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import signed_in
from casework.models import SupportCase
from common.forms import taken, tell_saved
from records.services.drafts import OpenDraft, open_draft
from records.services.submissions import SUBMISSION, taken_once


def answer(
    request: HttpRequest,
    case: SupportCase,
    form: forms.Form | forms.ModelForm[Any],
    save: Callable[[], HttpResponse],
    *,
    title: str,
    action: str,
    back_url: str = "",
    template: str = "casework/form.html",
    draft: OpenDraft | None = None,
    saved: str = "",
    **context: Any,
) -> HttpResponse:
    """Show the form, or take it with `save`, once if it has a key; a refusal stands in it beside what was typed.

    With `draft` (`draft_of`) what is typed is kept. `saved`, or the title, is what the next page reports as saved.
    """
    back = back_url or reverse("casework:case", args=[case.pk])
    shown = {"case": case, "form": form, "title": title, "action": action, "back_url": back, "draft": draft}
    keep = _and_tell(request, saved or title, draft, save)
    if draft is not None:
        draft.fill(form)

    def take(_request: HttpRequest) -> HttpResponse:
        return taken(request, form, keep) or render(request, template, shown | context)

    once = taken_once(_name(request)) if SUBMISSION in form.fields else lambda view: view
    response: HttpResponse = once(take)(request)
    return response


def _and_tell(
    request: HttpRequest, what: str, draft: OpenDraft | None, save: Callable[[], HttpResponse]
) -> Callable[[], HttpResponse]:
    """`save`, after which the draft is not needed any more and the next page says what was saved."""

    def keep() -> HttpResponse:
        response = save()
        if draft is not None:
            draft.discard()
        tell_saved(request, what)
        return response

    return keep


def draft_of(request: HttpRequest) -> OpenDraft:
    """The draft that the signed-in person keeps of the form at this address."""
    places = request.resolver_match.kwargs if request.resolver_match else {}
    return open_draft(signed_in(request), ":".join([_name(request), *(f"{name}={places[name]}" for name in places)]))


def _name(request: HttpRequest) -> str:
    """The name of the form: that of its route, as in «casework.problem_new»."""
    return request.resolver_match.view_name.replace(":", ".") if request.resolver_match else ""
