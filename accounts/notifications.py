"""Telling people of facts: one notification per fact and person, shown in the reader's language."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Notification, User

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
    route of the page to open and `target_id` its object. `params` fill the text and must hold no personal data.
    """
    if code not in _texts:
        raise ValueError(f"There is no text for the notification code {code}.")
    rows = [
        Notification(
            recipient_id=recipient.pk if isinstance(recipient, User) else recipient,
            code=code,
            fact=fact,
            params=params,
            target=target,
            target_id=target_id,
        )
        for recipient in recipients
    ]
    known = set(
        Notification.objects.filter(
            code=code, fact=fact, recipient_id__in=[row.recipient_id for row in rows]
        ).values_list("recipient_id", flat=True)
    )
    fresh = [row for row in rows if row.recipient_id not in known]
    Notification.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def text_of(notification: Notification) -> str:
    """The sentence to show, in the language now active."""
    text = _texts.get(notification.code)
    if text is None:
        return _("Notification %(code)s") % {"code": notification.code}
    return str(text) % dict(notification.params)
