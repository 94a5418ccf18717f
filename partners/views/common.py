"""What the pages of the room share: who asks, and the page of a form."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import working_appointment
from accounts.models import Institution, User
from partners import access
from records.services.drafts import OpenDraft


def entering_institution(user: User) -> Institution:
    """The institution whose register `user` keeps; PermissionDenied for who keeps none."""
    institution = working_appointment(user).institution
    if not access.may_enter(user) or institution is None:
        raise PermissionDenied
    return institution


def form_page(request: HttpRequest, form: Any, draft: OpenDraft, **context: Any) -> HttpResponse:
    """The page of a form with its draft. Context: title, action (the button), back_url, crumbs; perhaps formset."""
    known = {"form": form, "draft": draft, "formset": None, "formset_title": ""}
    return render(request, "partners/form.html", known | context)
