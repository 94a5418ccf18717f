"""The family card, who opened it, and the history of its changes."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import signed_in
from accounts.enums import AccessAction
from accounts.models import User
from common.history import changes_in_all
from common.phones import display as phone_shown
from common.text import short_date
from families import hooks
from families.access import (
    Part,
    may_end_restriction,
    may_grant,
    may_read,
    may_read_grants,
    may_restrict,
    may_write,
    may_write_consent,
)
from families.enums import SENSITIVE_TRAITS
from families.history import histories_of, newest
from families.models import (
    Consent,
    ExternalId,
    Family,
    FamilyCategory,
    FamilyMembership,
    FamilyRiskGroup,
    FamilyStatement,
    FamilyStatus,
    IncomeRecord,
    MemberTrait,
)
from families.opening import open_family
from families.readers import readers_of


def pages_of(user: User, family: Family, current: str) -> dict[str, Any]:
    """What every page about a family shows around its content: the name, marks, tabs of the pages the user may open."""
    tabs = [("families:card", _("Card"), True)]
    tabs += [(tab.route, str(tab.title), True) for tab in hooks.tabs(user, family)]
    tabs += [
        ("families:history", _("Changes"), may_read(user, Part.DETAILS)),
        ("families:readers", _("Who opened it"), may_read(user, Part.DETAILS)),
        ("families:grants", _("Access"), may_read_grants(user, family)),
    ]
    return {
        "family": family,
        "tabs": [
            {"url": reverse(route, args=[family.pk]), "title": title, "current": route == current}
            for route, title, allowed in tabs
            if allowed
        ],
        "restricted_tags": [{"text": _("restricted"), "tone": "bad", "icon": "lock"}] if family.is_restricted else [],
    }


@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is known of a family, as far as the role reads it."""
    user = signed_in(request)
    family = open_family(request, pk)
    today = family.institution.today()
    writes = may_write(user, family)
    context = pages_of(user, family, "families:card") | {
        "today": today,
        "writes": writes,
        "writes_consent": writes and may_write_consent(user, family),
        "may_restrict": may_restrict(user, family),
        "may_end_restriction": may_end_restriction(user, family),
        "may_grant": may_grant(user, family),
        "reads_details": may_read(user, Part.DETAILS),
        "members": _members(user, family, today),
        "actions": hooks.actions(user, family),
        "panels": hooks.panels(request, family),
    }
    context |= _circumstances(user, family, today)
    context |= _details(family, today) if context["reads_details"] else {}
    context["tags"] = context["restricted_tags"] + _tags(context)
    context["identity_facts"] = _identity(family, context["members"])
    context |= {"home_facts": _home(family), "unit_facts": _unit(family)}
    return render(request, "families/card.html", context)


def _members(user: User, family: Family, today: date) -> list[dict[str, Any]]:
    """Members with age and traits of today; those who have left come last."""
    rows = FamilyMembership.objects.filter(family=family).select_related("person")
    traits = MemberTrait.objects.filter(membership__family=family).order_by("kind", "starts_on")
    if not may_read(user, Part.HEALTH):
        traits = traits.exclude(kind__in=SENSITIVE_TRAITS)
    by_member: dict[int, list[MemberTrait]] = {}
    for trait in traits:
        by_member.setdefault(trait.membership_id, []).append(trait)
    return [
        {
            "row": row,
            "person": row.person,
            "age": row.person.age_on(row.person.died_on or today),
            "phone": phone_shown(row.person.phone),
            "has_left": row.ends_on is not None and row.ends_on < today,
            "traits": [trait for trait in by_member.get(row.pk, []) if _holds(trait, today)],
            "has_tags": row.is_representative or row.is_head or row.pk in by_member,
        }
        for row in sorted(rows, key=lambda row: (row.ends_on is not None, not row.is_head, row.person.birth_date))
    ]


def _holds(row: Any, today: date) -> bool:
    return bool(row.starts_on <= today and (row.ends_on is None or row.ends_on >= today))


def _circumstances(user: User, family: Family, today: date) -> dict[str, Any]:
    categories = FamilyCategory.objects.filter(family=family).select_related("category", "member__person")
    if not may_read(user, Part.HEALTH):
        categories = categories.filter(category__is_confidential=False)
    statuses = list(FamilyStatus.objects.filter(family=family))
    groups = list(FamilyRiskGroup.objects.filter(family=family))
    return {
        "categories": [{"row": row, "holds": _holds(row, today)} for row in categories],
        "statuses": statuses,
        "status": next((row for row in statuses if _holds(row, today)), None),
        "risk_groups": groups,
        "risk_group": next((row for row in groups if _holds(row, today)), None),
    }


def _details(family: Family, today: date) -> dict[str, Any]:
    consents = Consent.objects.filter(family=family).select_related("subject", "given_by")
    return {
        "incomes": list(IncomeRecord.objects.filter(family=family).select_related("withdrawn_by")),
        "consents": [{"row": row, "in_force": row.is_in_force(today)} for row in consents],
        "statements": list(FamilyStatement.objects.filter(family=family).select_related("given_by")),
        "external_ids": list(ExternalId.objects.filter(family=family).select_related("person")),
    }


def _tags(context: dict[str, Any]) -> list[dict[str, Any]]:
    tags = []
    if context["status"]:
        tags.append({"text": capfirst(context["status"].get_kind_display()), "tone": "warn"})
    if context["risk_group"]:
        tags.append({"text": capfirst(context["risk_group"].get_group_display()), "tone": "neutral"})
    tags += [
        {"text": str(item["row"]), "tone": "neutral", "own_words": True}
        for item in context["categories"]
        if item["holds"]
    ]
    return tags


def _identity(family: Family, members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    representatives = [item["person"] for item in members if item["row"].is_representative and not item["has_left"]]
    facts = [
        (_("Representative"), ", ".join(person.full_name for person in representatives)),
        (_("Curator"), family.curator.get_short_name() if family.curator else _("not assigned")),
        (_("Phone"), phone_shown(family.phone)),
        (_("Address"), family.address),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _home(family: Family) -> list[dict[str, Any]]:
    facts = [
        (_("Address"), family.address),
        (_("How to find the home"), family.address_note),
        (_("Registered address"), family.registration_address),
        (_("Phone"), phone_shown(family.phone)),
        (_("Other phones"), family.phone_note),
        (_("Housing"), capfirst(family.get_housing_display())),
        (_("Housing conditions"), family.housing_note),
    ]
    if family.need_degree:
        facts.append((_("Degree of need"), str(family.need_degree)))
    return [{"label": label, "value": value} for label, value in facts]


def _unit(family: Family) -> list[dict[str, Any]]:
    facts = [
        (_("Curator"), family.curator.get_full_name() if family.curator else _("not assigned")),
        (_("Department"), family.department.title),
        (_("Precinct"), str(family.precinct or "")),
        (_("Registered"), f"{short_date(family.registered_on)}, {family.registered_by}"),
    ]
    return [{"label": label, "value": value} for label, value in facts]


@require_GET
def readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who opened the card, when and why: a specialist sees own openings, the others those of their unit's people."""
    user = signed_in(request)
    family = open_family(request, pk, part=Part.DETAILS, kind="accessevent")
    shown = readers_of(user, family, cursor=request.GET.get("cursor", ""))
    return render(request, "families/readers.html", pages_of(user, family, "families:readers") | shown)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was changed in the family's record: old and new value, by whom, when and why; newest first."""
    user = signed_in(request)
    family = open_family(request, pk, part=Part.DETAILS, action=AccessAction.HISTORY)
    context = pages_of(user, family, "families:history")
    context |= newest(changes_in_all(histories_of(user, family)), family.institution.time_zone)
    return render(request, "families/history.html", context)
