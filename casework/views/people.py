"""Who works on a case: the curator and the curators before, the team, and handing over many cases at once."""

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require, signed_in, working_appointment, works_as
from accounts.enums import AccessAction, Role
from accounts.journal import record
from accounts.models import User
from casework.access import may_assign, may_write
from casework.forms.cases import AssignForm, LastDayForm, TeamForm, VersionedAssignForm, with_load
from casework.frame import frame, open_case_page
from casework.models import CaseTeamMember, SupportCase
from casework.services.curators import assign_curator, reassign
from casework.services.people import possible_curators, possible_team, precinct_specialist
from casework.services.team import add_member, end_membership
from casework.views.editing import answer
from common.forms import refuse

MOST_AT_ONCE = 200
PAIR = re.compile(r"\d{1,18}:\d{1,9}")


@require_GET
def curators(request: HttpRequest, pk: int) -> HttpResponse:
    """The curator, those before, and the team."""
    user = signed_in(request)
    case = open_case_page(request, pk)
    today = case.institution.today()
    context = frame(request, case, "people") | {
        "assignments": case.curator_assignments.select_related("curator", "assigned_by"),
        "team": [
            {"row": row, "has_left": row.ends_on is not None and row.ends_on <= today}
            for row in case.team.select_related("user")
        ],
        "may_assign": may_assign(user, case),
        "may_write": may_write(user, case),
    }
    return render(request, "casework/curators.html", context)


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign a curator, or hand the case over to another; the precinct's specialist is proposed first (S1-53)."""
    user = signed_in(request)
    case = open_case_page(request, pk, allowed=may_assign)
    today = case.institution.today()
    proposed = None if case.curator_id else precinct_specialist(case.family, today)
    people = _choices(user, case)
    initial = {"version": case.version, "curator": proposed.pk if proposed else None}
    form = VersionedAssignForm(request.POST or None, people=people, today=today, initial=initial)

    def save() -> HttpResponse:
        data = dict(form.cleaned_data)
        assign_curator(case=case, actor=user, seen={case.pk: data.pop("version")}, **data)
        return redirect("casework:curators", case.pk)

    text = _("The specialist of the family's precinct is chosen.") if proposed else ""
    title = _("Hand the case over") if case.curator_id else _("Assign a curator")
    back = reverse("casework:curators", args=[case.pk])
    shown: dict[str, Any] = {"title": title, "action": _("Assign"), "text": text, "saved": _("curator of the case")}
    return answer(request, case, form, save, back_url=back, **shown)


def _choices(user: User, case: SupportCase) -> QuerySet[User]:
    """The curators to choose from: the head's department, the director's institution."""
    department = None if works_as(user, Role.DIRECTOR) else case.department
    return possible_curators(case.institution_id, department, case.institution.today())


@require_http_methods(["GET", "POST"])
def team_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a specialist of another profile or service into the team."""
    case = open_case_page(request, pk, allowed=may_write)
    today = case.institution.today()
    form = TeamForm(request.POST or None, people=possible_team(case, today), today=today)

    def save() -> HttpResponse:
        add_member(case=case, actor=signed_in(request), **form.cleaned_data)
        return redirect("casework:curators", case.pk)

    back = reverse("casework:curators", args=[case.pk])
    shown: dict[str, Any] = {
        "title": _("Take a specialist into the team"),
        "action": _("Add"),
        "saved": _("team of the case"),
    }
    return answer(request, case, form, save, back_url=back, **shown)


@require_http_methods(["GET", "POST"])
def team_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a specialist leave the team."""
    user = signed_in(request)
    member = get_object_or_404(CaseTeamMember.objects.visible_to(user).select_related("user"), pk=pk)
    case = open_case_page(request, member.case_id, allowed=may_write)
    member.case = case
    form = LastDayForm(request.POST or None, today=case.institution.today())

    def save() -> HttpResponse:
        end_membership(member=member, actor=user, **form.cleaned_data)
        return redirect("casework:curators", case.pk)

    title = _("Leave the team")
    shown: dict[str, Any] = {
        "title": title,
        "action": title,
        "text": _("The specialist will no longer open the family."),
        "about": str(member.user),
        "saved": _("team of the case"),
    }
    return answer(request, case, form, save, back_url=reverse("casework:curators", args=[case.pk]), **shown)


@require_GET
def reassign_choose(request: HttpRequest) -> HttpResponse:
    """The open cases of the unit, or of one curator, to choose those that change hands."""
    user = signed_in(request)
    cases = _cases_of_unit(user)
    chosen = request.GET.get("curator", "")
    if chosen.isdecimal():
        cases = cases.filter(curator_id=int(chosen))
    elif chosen == "none":
        cases = cases.filter(curator=None)
    rows = list(cases.order_by("family__title", "pk")[: MOST_AT_ONCE + 1])
    shown = rows[:MOST_AT_ONCE]
    context = {
        "cases": shown,
        "is_cut": len(rows) > MOST_AT_ONCE,
        "most": MOST_AT_ONCE,
        "people": with_load(_curators_of_unit(user)),
        "chosen": chosen,
    }
    record(request, AccessAction.LIST, "supportcase", object_ids=[case.pk for case in shown])
    return render(request, "casework/reassign_choose.html", context)


@require_http_methods(["GET", "POST"])
def reassign_many(request: HttpRequest) -> HttpResponse:
    """Hand the chosen cases over: name the curator, see what will happen, confirm."""
    user = signed_in(request)
    keys = [int(key) for key in (request.POST or request.GET).getlist("case")[:MOST_AT_ONCE] if key.isdecimal()]
    cases = list(_cases_of_unit(user).filter(pk__in=keys).order_by("family__title", "pk"))
    record(request, AccessAction.LIST, "supportcase", object_ids=[case.pk for case in cases])
    if not cases:
        messages.warning(request, _("Choose the cases that change hands."))
        return redirect("casework:reassign_choose")
    form = AssignForm(request.POST or None, people=_curators_of_unit(user), today=cases[0].institution.today())
    context = {"form": form, "cases": cases}
    if request.method == "POST" and form.is_valid():
        if "confirmed" not in request.POST:
            return render(request, "casework/reassign_confirm.html", context | _summary(cases, form))
        try:
            return _reassign(request, cases, form)
        except ValidationError as error:
            refuse(form, error)
    return render(request, "casework/reassign.html", context)


def _cases_of_unit(user: User) -> QuerySet[SupportCase]:
    """The open cases whose curators `user` decides on: the head's department, the director's institution."""
    require(works_as(user, Role.DEPARTMENT_HEAD, Role.DIRECTOR))
    related = ("family", "curator", "department", "institution__region")
    cases: QuerySet[SupportCase] = SupportCase.objects.in_charge(user).open().select_related(*related)
    return cases


def _curators_of_unit(user: User) -> QuerySet[User]:
    appointment = working_appointment(user)
    require(appointment.institution is not None)
    department = appointment.department if works_as(user, Role.DEPARTMENT_HEAD) else None
    return possible_curators(appointment.institution_id, department, appointment.local_today())


def _summary(cases: list[SupportCase], form: AssignForm) -> dict[str, Any]:
    """What will happen, before it happens."""
    curator = form.cleaned_data["curator"]
    staying = sum(case.curator_id == curator.pk for case in cases)
    return {"curator": curator, "moving": len(cases) - staying, "staying": staying}


def _reassign(request: HttpRequest, cases: list[SupportCase], form: AssignForm) -> HttpResponse:
    seen = dict(pair.split(":", 1) for pair in request.POST.getlist("seen") if PAIR.fullmatch(pair))
    count = reassign(
        cases=cases,
        actor=signed_in(request),
        seen={int(key): int(version) for key, version in seen.items()},
        **form.cleaned_data,
    )
    text = ngettext("%(count)d case has changed hands.", "%(count)d cases have changed hands.", count)
    messages.success(request, text % {"count": count})
    return redirect("casework:reassign_choose")
