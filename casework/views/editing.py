"""The one way a form of a case is shown, taken, and shown again with what was wrong."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from casework.models import SupportCase
from common.forms import taken


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
    **context: Any,
) -> HttpResponse:
    """Show the form, or take it with `save`; what a service refuses stands in the form beside what was typed."""
    shown = {
        "case": case,
        "form": form,
        "title": title,
        "action": action,
        "back_url": back_url or reverse("casework:case", args=[case.pk]),
    }
    return taken(request, form, save) or render(request, template, shown | context)
