"""Opening a family in a request: the door, the part of it that is read, the reason where one is asked, the journal.

A view of any room that shows something of a family begins with `open_family`. A reason once given holds for that
family for half an hour, in this session.
"""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode

from accounts.access import signed_in
from accounts.enums import AccessAction
from accounts.journal import record
from families.access import Part, needs_reason, require_part
from families.models import Family

SESSION_KEY = "family_reasons"
HOLDS_SECONDS = 30 * 60
RELATED = (
    "need_degree",
    "region",
    "institution__region",
    "department",
    "curator",
    "precinct",
    "settlement",
    "registered_by",
)


class ReasonRequired(Exception):
    """The family opens only to those who say why; the middleware leads to the page that asks."""

    def __init__(self, family: Family) -> None:
        super().__init__(f"family {family.pk}")
        self.family = family


def open_family(
    request: HttpRequest,
    pk: int,
    *,
    part: Part = Part.CARD,
    kind: str = "family",
    action: AccessAction = AccessAction.VIEW,
    object_id: int | None = None,
) -> Family:
    """The family, if the signed-in person may open it, with the opening in the journal.

    `kind` and `object_id` name what of the family is shown, by default the card. Raises Http404 outside the scope,
    PermissionDenied for a part that the role does not read, ReasonRequired where a reason is asked and none was given.
    """
    user = signed_in(request)
    family: Family = get_object_or_404(Family.objects.visible_to(user).select_related(*RELATED), pk=pk)
    require_part(user, part)
    note_opening(request, family, kind, object_id or family.pk, action)
    return family


def note_opening(
    request: HttpRequest, family: Family, kind: str, object_id: int, action: AccessAction = AccessAction.VIEW
) -> None:
    """Leave in the journal that something of this family was opened, with the reason. Raises ReasonRequired."""
    record(
        request,
        action,
        kind,
        object_id=object_id,
        family_id=family.pk,
        institution_id=family.institution_id,
        reason=given_reason(request, family),
    )


def given_reason(request: HttpRequest, family: Family) -> str:
    """The reason given for opening this family, "" where none is asked. Raises ReasonRequired."""
    if not needs_reason(signed_in(request), family):
        return ""
    reason, until = request.session.get(SESSION_KEY, {}).get(str(family.pk), ("", 0))
    if not reason or until < time.time():
        raise ReasonRequired(family)
    return str(reason)


def keep_reason(request: HttpRequest, family: Family, reason: str) -> None:
    """Remember why the person opens this family; reasons that have run out are forgotten."""
    now = int(time.time())
    kept: dict[str, Any] = request.session.get(SESSION_KEY, {})
    kept = {key: (text, until) for key, (text, until) in kept.items() if until >= now}
    request.session[SESSION_KEY] = kept | {str(family.pk): (reason, now + HOLDS_SECONDS)}


def ask_reason(request: HttpRequest, family: Family) -> HttpResponseRedirect:
    """To the page that asks, and from there back to where the person wanted to go."""
    target = request.get_full_path() if request.method == "GET" else reverse("families:card", args=[family.pk])
    return HttpResponseRedirect(f"{reverse('families:reason', args=[family.pk])}?{urlencode({'next': target})}")


def reason_or_page(request: HttpRequest, owner: Any) -> str | HttpResponse:
    """For `records.doors`: the reason given for the family of a paper's record, or the page that asks for it."""
    family: Family = owner if isinstance(owner, Family) else owner.family
    try:
        return given_reason(request, family)
    except ReasonRequired:
        return ask_reason(request, family)
