"""What every page about a case has around its content: opening it through the door, identity bar, tabs, the way here.

A view of a case's page opens the case with `open_case_page`, and renders a template that extends
`casework/case_base.html` with `frame(request, case, "code of its tab")` in its context.
"""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import require, signed_in
from accounts.enums import AccessAction
from casework import registry
from casework.enums import Stage
from casework.models import NO_CONTACT_DUE, SupportCase
from common.calendar import ContactState, TermState, overdue_days, term_state
from common.text import numbered, short_date
from families.access import Part, require_part
from families.opening import note_opening

TERM_TONES = {TermState.ENDS_IN_30_DAYS: "near", TermState.ENDS_IN_7_DAYS: "near", TermState.EXPIRED: "late"}


def open_case_page(
    request: HttpRequest,
    pk: int,
    *,
    part: Part = Part.CARD,
    action: AccessAction = AccessAction.VIEW,
    allowed: registry.Permission = registry.everybody,
) -> SupportCase:
    """The case, if the signed-in person may open it, with the opening in the journal.

    `allowed` is the right that the page asks for. Raises Http404 outside the scope, PermissionDenied inside it without
    the right, ReasonRequired where a reason is asked and none was given.
    """
    user = signed_in(request)
    case: SupportCase = get_object_or_404(SupportCase.objects.visible_to(user).with_page(), pk=pk)
    require_part(user, part)
    require(allowed(user, case))
    note_opening(request, case.family, "supportcase", case.pk, action)
    return case


def frame(request: HttpRequest, case: SupportCase, current: str) -> dict[str, Any]:
    """The context of `casework/case_base.html`; `current` is the code of the tab that is open."""
    user = signed_in(request)
    today = case.institution.today()
    tabs = registry.tabs_for(user, case)
    contact = _contact(case, today)
    return {
        "case": case,
        "today": today,
        "name": case.family.title,
        "number": numbered(case.number),
        "burning": contact["burning"],
        "tags": _tags(case, contact),
        "facts": _facts(case, contact, today),
        "actions": [_button(row, case) for row in registry.actions_for(user, case)],
        "tabs": [
            {"url": reverse(row.route, args=[case.pk]), "title": row.title, "current": row.code == current}
            for row in tabs
        ],
        "page_title": next((row.title for row in tabs if row.code == current), ""),
        "crumbs": [(_("Family card"), reverse("families:card", args=[case.family_id]))],
    }


def _button(action: registry.Action, case: SupportCase) -> dict[str, Any]:
    url = reverse(action.route, args=[case.pk])
    return {"url": url, "title": action.title, "icon": action.icon, "main": action.main}


def steps(case: SupportCase) -> list[dict[str, str]]:
    """The six stages as the stepper shows them; stages that a closed case never reached stay ahead."""
    order = list(Stage)
    reached = order.index(Stage(case.stage))
    return [
        {
            "title": str(stage.label).capitalize(),
            "state": "current" if place == reached else "done" if place < reached else "ahead",
        }
        for place, stage in enumerate(order)
    ]


def _contact(case: SupportCase, today: date) -> dict[str, Any]:
    """The state of the duty to contact the family, in words and tone; one query, of the policy and the pauses."""
    due_on = case.next_contact_due_on
    if due_on == NO_CONTACT_DUE:
        return {"text": "", "tone": "", "burning": False, "fact": _("nothing is due"), "fact_tone": ""}
    rows = SupportCase.objects.filter(pk=case.pk).with_contact_state(today)
    state = ContactState(rows.values_list("contact_state", flat=True).get())
    days = overdue_days(due_on, today)
    shown = {
        ContactState.PAUSED: (_("support is paused"), "neutral", ""),
        ContactState.OVERDUE: (
            ngettext("contact overdue by %(days)d day", "contact overdue by %(days)d days", days) % {"days": days},
            "burning",
            "late",
        ),
        ContactState.DUE_SOON: (_("contact due by %(day)s") % {"day": short_date(due_on)}, "warn", "near"),
        ContactState.NOT_DUE: ("", "", ""),
    }
    text, tone, fact_tone = shown[state]
    return {
        "text": text,
        "tone": tone,
        "burning": state is ContactState.OVERDUE,
        "fact": short_date(due_on),
        "fact_tone": fact_tone,
    }


def _tags(case: SupportCase, contact: dict[str, Any]) -> list[dict[str, Any]]:
    tags: list[dict[str, Any]] = []
    if contact["text"]:
        tags.append({"text": contact["text"], "tone": contact["tone"], "icon": "clock-alert"})
    tags.append({"text": case.get_stage_display(), "tone": "neutral" if case.closed_on else "info"})
    if case.is_early_stage:
        tags.append({"text": _("early stage of trouble"), "tone": "neutral"})
    if case.family.is_restricted:
        tags.append({"text": _("restricted"), "tone": "bad", "icon": "lock"})
    return tags


def _facts(case: SupportCase, contact: dict[str, Any], today: date) -> list[dict[str, Any]]:
    curator = case.curator.get_short_name() if case.curator else _("not assigned")
    facts: list[dict[str, Any]] = [{"label": _("Curator"), "value": curator}]
    if case.closed_on:
        return [*facts, {"label": _("Closed"), "value": short_date(case.closed_on)}]
    facts.append({"label": _("Next contact"), "value": contact["fact"], "tone": contact["fact_tone"]})
    if case.removed_on and case.post_support_until:
        facts.append({"label": _("Post-support until"), "value": short_date(case.post_support_until)})
    elif case.planned_end_on and not case.removed_on:
        tone = TERM_TONES.get(term_state(case.planned_end_on, today), "")
        facts.append({"label": _("Support until"), "value": short_date(case.planned_end_on), "tone": tone})
    if case.enrolled_on is None:
        facts.append({"label": _("Opened"), "value": short_date(case.opened_on)})
    return facts
