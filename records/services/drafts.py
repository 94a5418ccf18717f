"""Drafts of forms, kept on the server for the person who types.

A form view needs three lines:

    draft = drafts.open_draft(user, f"casework.visit:new:case={case.pk}")
    form = draft.fill(VisitForm(request.POST or None, case=case))
    ...
    draft.discard()  # after a successful save

and passes `draft` to the template: `<form data-draft-url="{{ draft.url }}">`, `saved_at=draft.saved_at`.
"""

import json
import re
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from records.models import Draft, FormSubmission
from records.services.submissions import SUBMISSION

KEPT_FOR = timedelta(days=30)
LARGEST = 200_000
MOST_PER_PERSON = 100
MOST_ROWS = 100
KEY = re.compile(r"[a-z][\w.:=-]{2,149}", re.ASCII)
# Names the draft inside the form itself, for a form that arrives after its session has run out.
KEY_FIELD = "_draft"
NOT_KEPT = frozenset({"csrfmiddlewaretoken", KEY_FIELD})

FormT = TypeVar("FormT", bound=forms.BaseForm)
FormSetT = TypeVar("FormSetT", bound=forms.BaseFormSet[Any])


class DraftRefused(ValueError):
    """The draft cannot be kept: its key or its size is out of bounds."""


class OpenDraft:
    """The draft of one person's one form, there or not; the view fills its form from it and discards it."""

    def __init__(self, user: User, key: str) -> None:
        self.user = user
        self.key = key

    @cached_property
    def draft(self) -> Draft | None:
        """What is kept, read when it is first asked for: a form that is taken asks for nothing."""
        return draft_for(self.user, self.key)

    @property
    def url(self) -> str:
        """Where the page sends what is typed."""
        return reverse("records:draft", args=[self.key])

    @property
    def saved_at(self) -> datetime | None:
        """When the draft that the form was filled from was kept; None for a form without one."""
        return self.draft.saved_at if self.draft else None

    def fill(self, form: FormT) -> FormT:
        """Put what was typed before into a form that is being shown; a form that was sent stays as it is.

        The version of the record that the draft was begun from comes back too, so that an edit made meanwhile by
        someone else is noticed when the restored form is sent.
        """
        if not form.is_bound and self.draft is not None:
            form.initial = {**form.initial, **form_initial(form, self.draft.data)}
        return form

    def fill_formset(self, formset: FormSetT) -> FormSetT:
        """The same for the rows of a formset, those that were added in the browser included."""
        if formset.is_bound or self.draft is None:
            return formset
        total = self.draft.data.get(f"{formset.prefix}-TOTAL_FORMS", "")
        typed = min(int(total), MOST_ROWS) if total.isascii() and total.isdecimal() else 0
        shown = max(formset.initial_form_count(), formset.min_num)
        formset.extra = max(formset.extra, typed - shown)
        for form in formset.forms:
            self.fill(form)
        return formset

    def discard(self) -> None:
        """Delete it; belongs into the transaction that saves the record."""
        discard_draft(self.user, self.key)


def form_initial(form: forms.BaseForm, data: QueryDict) -> dict[str, Any]:
    """Initial values that show again what was typed, as it was typed, mistakes included.

    The key of the sending is not among them: a restored form gets a new one, for the old one may have been used.
    """
    initial = {}
    for name, field in form.fields.items():
        prefixed = form.add_prefix(name)
        widget = field.widget
        if name == SUBMISSION or field.disabled or isinstance(field, forms.FileField):
            continue
        if not widget.value_omitted_from_data(data, {}, prefixed):
            initial[name] = widget.value_from_datadict(data, {}, prefixed)
    return initial


def draft_for(user: User, key: str) -> Draft | None:
    """The person's own current draft under `key`.

    A draft of a form that was sent meanwhile is none: a page may save it late, just after the sending.
    """
    draft = Draft.objects.of(user).current(timezone.now()).filter(key=key).first()
    return None if draft is None or _was_sent(user, draft.payload) else draft


def open_draft(user: User, key: str) -> OpenDraft:
    """The draft of this form for its view; `key` names the form and the record."""
    return OpenDraft(user, key)


@transaction.atomic
def save_draft(*, user: User, key: str, data: QueryDict) -> Draft | None:
    """Keep what the person has typed so far; None when this very form has been sent already.

    Raises DraftRefused for a key that names no form, and for more than a form can hold.
    """
    # PostgreSQL's text holds everything but NUL.
    payload = {
        name.replace("\0", ""): [str(value).replace("\0", "") for value in values]
        for name, values in data.lists()
        if name not in NOT_KEPT
    }
    if not KEY.fullmatch(key) or len(json.dumps(payload, ensure_ascii=False)) > LARGEST:
        raise DraftRefused
    if _was_sent(user, payload):
        return None
    now = timezone.now()
    draft, _created = Draft.objects.update_or_create(
        user=user, key=key, defaults={"payload": payload, "saved_at": now, "expires_at": now + KEPT_FOR}
    )
    oldest = Draft.objects.of(user).order_by("-saved_at", "-pk").values("pk")[MOST_PER_PERSON:]
    Draft.objects.filter(pk__in=oldest).delete()
    return draft


def keep_expired(request: HttpRequest) -> None:
    """Keep a form, or a last saving of its draft, that came after its session had run out (accounts.middleware)."""
    match = request.resolver_match
    key = match.kwargs["key"] if match and match.view_name == "records:draft" else request.POST.get(KEY_FIELD, "")
    if key and isinstance(request.user, User):
        with suppress(DraftRefused):
            save_draft(user=request.user, key=key, data=request.POST)


def discard_draft(user: User, key: str) -> None:
    """Delete the person's own draft, if there is one."""
    Draft.objects.of(user).filter(key=key).delete()


def drop_expired_drafts(now: datetime) -> int:
    """Delete drafts kept too long; return how many."""
    return Draft.objects.filter(expires_at__lte=now).delete()[0]


def _was_sent(user: User, payload: dict[str, Any]) -> bool:
    """Whether the form that carried this key has made its record."""
    values = payload.get(SUBMISSION) or [""]
    try:
        key = UUID(str(values[0]))
    except ValueError:
        return False
    return FormSubmission.objects.filter(user=user, key=key).exists()
