"""A creating form is taken once, however often it is sent (lessons 19)."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_in
from accounts.models import User
from records.models import FormSubmission

P = ParamSpec("P")

KEPT_FOR = timedelta(days=60)
SUBMISSION = "submission"
STALE = _("The page is out of date: open it again.")

# A second sending waits here until the first is decided: it finds the row that was kept, or goes on after a rollback.
TAKE = """
    INSERT INTO records_formsubmission (user_id, key, kind, url, sent_at)
    VALUES (%s, %s, %s, '', %s)
    ON CONFLICT (user_id, key) DO NOTHING
    RETURNING *
"""


class SubmissionField(forms.UUIDField):
    """The hidden key of a creating form, made anew each time the page is shown; name it `submission` (SUBMISSION)."""

    widget: Any = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("initial", uuid.uuid4)
        kwargs.setdefault("label", _("Key of the form"))
        kwargs.setdefault("error_messages", {"required": STALE, "invalid": STALE})
        super().__init__(**kwargs)


def once(*, user: User, key: UUID, kind: str) -> FormSubmission:
    """Take the form with this key, or find what it made before.

    Call it in the transaction that makes the record, after the form was found valid. When `.is_repeat`, redirect to
    `.url` and make nothing; else make the record and call `.complete(url, object_id)`. Two requests at once are put in
    order by the unique key. Raises SuspiciousOperation for a key that belongs to a form of another kind.
    """
    for taken in FormSubmission.objects.raw(TAKE, [user.pk, key, kind, timezone.now()]):
        return taken
    submission = FormSubmission.objects.get(user=user, key=key)
    if submission.kind != kind:
        raise SuspiciousOperation("The key of a form was used for a form of another kind.")
    submission.is_repeat = True
    return submission


def taken_once(kind: str) -> Callable[[Callable[Concatenate[HttpRequest, P], HttpResponse]], Any]:
    """Decorate a view whose form has a SubmissionField named `submission`: the form is taken once.

    A repeat is led where the first sending led, before the view runs. An answer that is no redirect made nothing, so
    the corrected form may be sent under the same key. A form without a key is left to its own validation.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Any:
        @wraps(view)
        def taking(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            key = _key_of(request)
            if key is None:
                return view(request, *args, **kwargs)
            sent = once(user=signed_in(request), key=key, kind=kind)
            if sent.is_repeat:
                return redirect(sent.url)
            response = view(request, *args, **kwargs)
            if 300 <= response.status_code < 400:
                sent.complete(response.headers["Location"])
            else:
                sent.delete()
            return response

        return taking

    return decorate


def _key_of(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get(SUBMISSION, "")) if request.method == "POST" else None
    except ValueError:
        return None


def forget_old_submissions(now: datetime) -> int:
    """Drop the keys of forms sent so long ago that no browser sends them again; return how many."""
    return FormSubmission.objects.filter(sent_at__lt=now - KEPT_FOR).delete()[0]
