"""The access journal on the screen: who reached personal data, when and how; never what they saw."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import require, signed_in, works_as
from accounts.enums import JOURNAL_READERS, AccessAction, Role
from accounts.forms import JournalFilterForm
from accounts.journal import Named, kind_title, names_of, reasons_of, record
from accounts.models import AccessEvent
from common.paging import counted_together, paginate_together

MOST_NAMES = 5
"""How many rows of a list that somebody looked through are named."""


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """The events the person may look through, newest first; looking is an event too, without the ids of the rows."""
    user = signed_in(request)
    require(works_as(user, *JOURNAL_READERS))
    visible = AccessEvent.objects.select_related("user", "acting_for").parts_visible_to(user)
    form = JournalFilterForm(request.GET, user=user)
    events = [form.filter(part) for part in visible]
    page = paginate_together(events, "-at", "-id", cursor=request.GET.get("cursor", ""))
    total = counted_together(events)
    record(request, AccessAction.LIST, "accessevent")
    names, reasons = names_of(user, page.rows), reasons_of(user, page.rows)
    context = {
        "rows": [_row(event, names.get(event.pk, []), reasons.get(event.pk, "")) for event in page.rows],
        "page": page,
        "total": total,
        "form": form,
        "chips": form.chips(request.GET),
        "clear_url": reverse("journal"),
    }
    return render(request, "accounts/journal.html", context)


def _row(event: AccessEvent, names: list[Named], reason: str) -> dict[str, object]:
    role = Role(event.role).label if event.role in Role.values else event.role
    return {
        "event": event,
        "kind": kind_title(event.kind),
        "role": role,
        "names": names[:MOST_NAMES],
        "is_cut": len(names) > MOST_NAMES,
        "total": len(event.object_ids),
        "families": len(event.family_ids or ()),
        "reason": reason,
    }
