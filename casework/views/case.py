"""The case itself: overview with the timeline, members, papers, history of changes, who has read it, and its fields."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import signed_in
from accounts.enums import AccessAction
from casework import registry
from casework.access import may_assign, may_read_details, may_read_journal, may_write
from casework.documents import papers_of_case, shown
from casework.enums import EventGroup, Stage
from casework.forms.cases import CaseForm, IntervalForm, TermForm
from casework.frame import frame, open_case_page, steps
from casework.models import SupportCase
from casework.services.cases import change_case, set_interval, set_term
from casework.services.events import timeline
from casework.services.stages import Prospect, prospects
from casework.views.editing import answer
from common.history import History, changes_in_all
from common.text import numbered, readable
from families.access import Part, may_read, may_read_restriction
from families.history import histories_of, newest
from families.models import FamilyMembership
from families.readers import readers_of


@require_GET
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """The overview: where the case stands, what is missing for the next step, and everything that happened."""
    user = signed_in(request)
    row = open_case_page(request, pk)
    group, cursor = request.GET.get("show", ""), request.GET.get("cursor", "")
    context = frame(request, row, "overview") | {
        "steps": steps(row),
        "next_steps": _next_steps(prospects(row, user, row.institution.today())),
        "case_facts": _case_facts(row),
        "panels": registry.panels_for(request, row, aside=False),
        "aside_panels": registry.panels_for(request, row, aside=True),
        "groups": _groups(group),
        "page": timeline(row, user, group=group, cursor=cursor) if may_read_details(user) else None,
        "may_write": may_write(user, row),
        "may_assign": may_assign(user, row),
    }
    return render(request, "casework/case.html", context)


def _next_steps(moves: list[Prospect]) -> list[Prospect]:
    """The ways on that wait for something to be done; a closing only once nothing stands in its way."""
    return [row for row in moves if row.requirements and (row.move.target != Stage.CLOSED or row.ready)]


def _groups(current: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"title": _("Everything"), "query": "?", "current": current not in EventGroup.values}]
    return rows + [
        {"title": group.label, "query": f"?show={group.value}", "current": current == group.value}
        for group in EventGroup
    ]


def _case_facts(row: SupportCase) -> list[dict[str, Any]]:
    facts = [
        (_("Opened"), readable(row.opened_on)),
        (_("Ground"), row.get_ground_display()),
        (_("Source of identification"), str(row.source)),
        (_("Put on support"), readable(row.enrolled_on)),
        (_("Decided by"), row.get_basis_body_display()),
        (_("Decision"), f"{numbered(row.basis_number)}, {readable(row.basis_date)}" if row.basis_number else ""),
        (_("Set of measures"), row.measure_complex),
        (_("Why a family without minor children is supported"), row.eligibility_note),
        (_("Own visit interval, months"), readable(row.own_interval(row.institution.today()))),
        (_("Removed from support"), readable(row.removed_on)),
        (_("Reason of the end"), row.get_removal_reason_display()),
        (_("Explanation"), row.removal_note),
        (_("Department"), str(row.department)),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


@require_GET
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Who belongs to the family, with ages; the rest stands on the family card."""
    row = open_case_page(request, pk)
    today = row.institution.today()
    memberships = FamilyMembership.objects.visible_to(signed_in(request)).filter(family=row.family)
    people = [
        {
            "row": member,
            "age": member.person.age_on(member.person.died_on or today),
            "has_left": member.ends_on is not None and member.ends_on < today,
        }
        for member in memberships.select_related("person").order_by("-is_head", "person__birth_date", "pk")
    ]
    people.sort(key=lambda item: bool(item["has_left"]))
    return render(request, "casework/members.html", frame(request, row, "members") | {"people": people})


@require_GET
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Papers issued for the case and its family, and the files attached to its records."""
    row = open_case_page(request, pk, part=Part.DETAILS)
    papers = papers_of_case(signed_in(request), row)
    context = frame(request, row, "documents") | shown(papers, request.GET.get("kind", ""))
    return render(request, "casework/documents.html", context)


@require_GET
def case_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what in the case and in the family's records, when and why: old and new values, newest first."""
    user = signed_in(request)
    row = open_case_page(request, pk, part=Part.DETAILS, action=AccessAction.HISTORY)
    hidden = {
        "version": True,
        "health": not may_read(user, Part.HEALTH),
        "is_restricted": not may_read_restriction(user, row.family),
    }
    unread = [name for name, is_hidden in hidden.items() if is_hidden]
    histories = [History(rows, exclude=unread) for rows in registry.histories(row)]
    found = changes_in_all([*histories, *histories_of(user, row.family)])
    context = frame(request, row, "changes") | newest(found, row.institution.time_zone)
    return render(request, "casework/changes.html", context)


@require_GET
def readers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has opened the family or its case, when and how: the same rows as on the family's card."""
    user = signed_in(request)
    row = open_case_page(request, pk, allowed=lambda person, _case: may_read_journal(person))
    context = frame(request, row, "readers") | readers_of(user, row.family, cursor=request.GET.get("cursor", ""))
    return render(request, "casework/readers.html", context)


@require_http_methods(["GET", "POST"])
def case_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what was entered when the case was opened."""
    row = open_case_page(request, pk, allowed=may_write)
    form = CaseForm(request.POST or None, instance=row)

    def save() -> HttpResponse:
        change_case(case=form.save(commit=False), actor=signed_in(request))
        return redirect("casework:case", row.pk)

    saved = _("details of the case")
    return answer(request, row, form, save, title=_("Correct the case"), action=_("Save"), saved=saved)


@require_http_methods(["GET", "POST"])
def term(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan the end of support within the term that the policy allows."""
    row = open_case_page(request, pk, allowed=may_write)
    form = TermForm(request.POST or None, initial={"planned_end_on": row.planned_end_on})

    def save() -> HttpResponse:
        set_term(case=row, actor=signed_in(request), **form.cleaned_data)
        return redirect("casework:stage", row.pk)

    back = reverse("casework:stage", args=[row.pk])
    shown: dict[str, Any] = {
        "title": _("Plan the end of support"),
        "action": _("Save"),
        "saved": _("planned end of support"),
    }
    return answer(request, row, form, save, back_url=back, **shown)


@require_http_methods(["GET", "POST"])
def interval(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the case an interval of contacts of its own, or the region's again."""
    row = open_case_page(request, pk, allowed=may_assign)
    form = IntervalForm(request.POST or None, initial={"months": row.own_interval(row.institution.today())})

    def save() -> HttpResponse:
        set_interval(case=row, actor=signed_in(request), **form.cleaned_data)
        return redirect("casework:stage", row.pk)

    back = reverse("casework:stage", args=[row.pk])
    return answer(request, row, form, save, title=_("Interval of contacts"), action=_("Save"), back_url=back)
