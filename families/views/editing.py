"""The one way of a form page: the draft, the version, all input kept on an error, one sending taken once."""

from collections.abc import Callable, Iterable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import signed_in
from common.forms import refuse, taken, tell_saved
from families.forms.papers import WithdrawalForm
from families.models import Family
from records.services.drafts import open_draft
from records.services.submissions import once

Save = Callable[[], object]


def form_page(
    request: HttpRequest,
    family: Family,
    form: forms.BaseForm,
    save: Save,
    *,
    key: str,
    title: str,
    action: str = "",
    intro: str = "",
    about: str = "",
    warning: str = "",
    back: str = "",
) -> HttpResponse:
    """Show `form` for `family`, or save it by `save` and return to the card (or to `back`).

    `about` names the record in the words of those who entered it, `warning` says what is amiss. `key` names form and
    record, for the draft and for sending once. A ValidationError of the service comes back; all that was typed stays.
    """
    draft = open_draft(signed_in(request), f"families.{key}")
    draft.fill(form)
    target = back or reverse("families:card", args=[family.pk])
    kind = key.partition(":")[0]
    if request.method == "POST" and form.is_valid() and (made := sent(request, form, save, kind=kind, url=target)):
        draft.discard()
        tell_saved(request, title)
        return redirect(made)
    context = {"family": family, "form": form, "back_url": target, "draft": draft}
    context |= {"title": title, "action": action or _("Save"), "intro": intro, "about": about, "warning": warning}
    return render(request, "families/form.html", context)


def sent(request: HttpRequest, form: forms.BaseForm, save: Save, *, kind: str, url: str) -> str:
    """Save a valid form, a creating one once; where to go then, or "" when the service refused, its words on the form.

    `save` may return the address of what it made; else it is `url`.
    """
    try:
        with transaction.atomic():
            if "submission" not in form.fields:
                made = save()
                return made if isinstance(made, str) else url
            key = form.cleaned_data["submission"]
            submission = once(user=signed_in(request), key=key, kind=f"families.{kind}")
            if not submission.is_repeat:
                made = save()
                submission.complete(made if isinstance(made, str) else url)
            return submission.url
    except ValidationError as error:
        refuse(form, error)
        return ""


def withdrawal_page(
    request: HttpRequest,
    *,
    save: Callable[[str], object],
    title: str,
    facts: Iterable[tuple[str, str]],
    consequences: list[str],
    back: str,
) -> HttpResponse:
    """Ask why a record is withdrawn as wrong, and `save` that with the reason; both lead to `back`."""
    form = WithdrawalForm(request.POST or None)

    def withdrawn() -> HttpResponse:
        save(form.cleaned_data["reason"])
        messages.success(request, _("The record is withdrawn."))
        return redirect(back)

    if (answer := taken(request, form, withdrawn)) is not None:
        return answer
    context = {
        "title": title,
        "facts": [{"label": label, "value": value} for label, value in facts],
        "consequences": consequences,
        "form": form,
        "action": pgettext("a wrong record", "Withdraw"),
        "danger": True,
        "back_url": back,
    }
    return render(request, "ui/confirm.html", context)
