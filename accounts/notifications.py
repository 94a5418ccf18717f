"""Telling people of facts: one notification per fact and person, shown in the reader's language."""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Notification, User

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

INSERT = """
    INSERT INTO accounts_notification (recipient_id, code, fact, params, target, target_id, created_at)
    SELECT DISTINCT person, %s, %s, %s::jsonb, %s, %s::bigint, %s::timestamptz FROM unnest(%s::bigint[]) AS person
    ON CONFLICT (recipient_id, code, fact) DO NOTHING
"""
"""One statement for any number of people; whoever has been told already is left alone, also by two jobs at once."""

_texts: dict[str, Promise | str] = {}


def register(code: str, text: Promise | str) -> None:
    """Name the text of notifications with `code`: a translatable string with %(name)s for its parameters.

    Rooms register their codes when they start. Raises ValueError when the code is taken by another text.
    """
    if _texts.get(code, text) != text:
        raise ValueError(f"The notification code {code} is registered twice.")
    _texts[code] = text


def notify(
    recipients: Iterable[User | int],
    code: str,
    *,
    fact: str,
    target: str = "",
    target_id: int | None = None,
    **params: Any,
) -> int:
    """Tell each recipient of a fact, once; return how many were told now.

    `fact` identifies what happened ("case:12:overdue:7"); telling the same fact again changes nothing. `target` is the
    route of the page to open and `target_id` its object. `params` fill the text (days as dates) and must hold no
    personal data.
    """
    if code not in _texts:
        raise ValueError(f"There is no text for the notification code {code}.")
    people = [recipient.pk if isinstance(recipient, User) else recipient for recipient in recipients]
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT, [code, fact, json.dumps(params, cls=DjangoJSONEncoder), target, target_id, timezone.now(), people]
        )
        told: int = cursor.rowcount
    return told


def text_of(notification: Notification) -> str:
    """The sentence to show, in the language now active."""
    text = _texts.get(notification.code)
    if text is None:
        return _("Notification %(code)s") % {"code": notification.code}
    return str(text) % {name: _readable(value) for name, value in notification.params.items()}


def _readable(value: object) -> object:
    """A parameter as a person reads it: days, which are stored as 2026-11-05, in the reader's format."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return value
