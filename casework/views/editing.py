"""The one way a form of a case is shown, taken, and shown again with what was wrong."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from casework.models import SupportCase
from common.forms import refuse


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
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                return save()
        except ValidationError as error:
            refuse(form, error)
    shown = {
        "case": case,
        "form": form,
        "title": title,
        "action": action,
        "back_url": back_url or reverse("casework:case", args=[case.pk]),
    }
    return render(request, template, shown | context)
