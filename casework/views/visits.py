"""Visits of a case: list, page and act of one, recording, correcting, planning, cancelling; the plan of a person."""

from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import DateField, ExpressionWrapper, F
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require, scope_in_charge, signed_in
from accounts.enums import AccessAction
from accounts.journal import record
from casework import access
from casework.enums import VisitCheck
from casework.forms.services import ReasonForm
from casework.forms.visits import PlanForm
from casework.frame import frame, open_case_page
from casework.models import ServiceRecord, Visit
from casework.services.visits import FAILED, cancel_visit, plan_visit, replan_visit
from casework.views.editing import answer
from casework.views.visit_entry import VisitEntry
from casework.visit_papers import issue_visit_act
from common.forms import refuse, tell_saved
from common.paging import paginate
from common.text import numbered
from families.access import Part, may_read, require_part
from families.opening import note_opening
from records.services.papers import papers_of
from records.services.submissions import taken_once


def open_visit(request: HttpRequest, pk: int, action: AccessAction = AccessAction.VIEW) -> Visit:
    """The visit, if the signed-in person may read it, with the opening in the journal.

    Raises Http404 outside the scope, PermissionDenied inside it without the right, ReasonRequired.
    """
    user = signed_in(request)
    visit: Visit = get_object_or_404(Visit.objects.visible_to(user).with_page(), pk=pk)
    require_part(user, Part.DETAILS)
    note_opening(request, visit.case.family, "visit", visit.pk, action)
    return visit


@require_GET
def visits(request: HttpRequest, pk: int) -> HttpResponse:
    """The visits of a case, planned ones apart, newest first."""
    case = open_case_page(request, pk, part=Part.DETAILS)
    user = signed_in(request)
    rows = Visit.objects.visible_to(user).filter(case=case).select_related("specialist")
    done = rows.exclude(state="PLANNED").annotate(day=Coalesce("held_on", "planned_on", output_field=DateField()))
    context = {
        "plans": list(rows.planned().order_by("planned_on", "pk")),
        "page": paginate(done, "-day", "-id", cursor=request.GET.get("cursor", "")),
        "may_write": access.may_write(user, case),
    }
    return render(request, "casework/visits.html", frame(request, case, "visits") | context)


@require_GET
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: what was seen and done, who was there, its services and its act."""
    row = open_visit(request, pk)
    user = signed_in(request)
    services = ServiceRecord.objects.filter(visit=row).select_related("title", "partner").prefetch_related("recipients")
    context = {
        "visit": row,
        "seen": row.members_seen.select_related("person").order_by("person__birth_date", "pk"),
        "participants": row.participants.select_related("user"),
        "services": services.order_by("pk"),
        "steps_done": [step.label for step in VisitCheck if step in row.checks],
        "texts": _texts(row, may_read_health=may_read(user, Part.HEALTH)),
        "papers": papers_of(user, "casework.visit", row),
        "has_failed": row.state in FAILED,
        "may_change": access.may_change_visit(user, row),
        "may_cancel": access.may_cancel_visit(user, row),
    }
    return render(request, "casework/visit.html", frame(request, row.case, "visits") | context)


def _texts(visit: Visit, *, may_read_health: bool) -> list[tuple[str, str]]:
    """What was written down, with its labels, empty parts left out."""
    names = [
        "observations",
        "living_conditions",
        "children_care",
        *(["health"] if may_read_health else []),
        "relations",
        "employment_changes",
        "composition_changes",
        "recommendations",
        "agreements",
        "representative_remark",
        "late_reason",
        "cancel_reason",
    ]
    fields = [field for field in Visit._meta.concrete_fields if field.name in names]
    fields.sort(key=lambda field: names.index(field.name))
    return [(str(capfirst(field.verbose_name)), text) for field in fields if (text := getattr(visit, field.name))]


@require_http_methods(["GET", "POST"])
@taken_once("casework.visit")
def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a visit, with its services, in a few taps."""
    case = open_case_page(request, pk, part=Part.DETAILS, allowed=access.may_write)
    return _answer(request, VisitEntry(request, case), _("Record a visit"))


@require_http_methods(["GET", "POST"])
def visit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a recorded visit; two who do it at once see each other's text."""
    row = open_visit(request, pk)
    require(access.may_change_visit(signed_in(request), row))
    if row.held_on is None:
        return redirect("casework:visit_replan", row.pk)
    return _answer(request, VisitEntry(request, row.case, row), _("Correct the visit"))


def _answer(request: HttpRequest, entry: VisitEntry, title: str) -> HttpResponse:
    if request.method == "POST" and entry.is_valid():
        try:
            saved = entry.save()
        except ValidationError as error:
            refuse(entry.form, error)
        else:
            tell_saved(request, _("Visit"))
            return redirect("casework:visit", saved.pk)
    owner = entry.visit or entry.case
    back = reverse("casework:visit" if entry.visit else "casework:case", args=[owner.pk])
    context = {"case": entry.case, "visit": entry.visit, "title": title, "back_url": back}
    return render(request, "casework/visit_form.html", context | entry.context)


@require_POST
def visit_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the act of a visit, or find the one whose text has not changed, and hand it out."""
    row = open_visit(request, pk, AccessAction.PRINT)
    user = signed_in(request)
    require(access.may_print(user, row.case))
    paper = issue_visit_act(visit=row, actor=user)
    return redirect("records:document", paper.pk)


@require_http_methods(["GET", "POST"])
def visit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a visit."""
    case = open_case_page(request, pk, part=Part.DETAILS, allowed=access.may_write)
    form = PlanForm(request.POST or None, instance=Visit(case=case))

    def save() -> HttpResponse:
        plan_visit(case=case, actor=signed_in(request), **form.plan)
        return redirect("casework:visits", case.pk)

    back = reverse("casework:visits", args=[case.pk])
    shown: dict[str, Any] = {"title": _("Plan a visit"), "action": _("Save"), "saved": _("planned visit")}
    return answer(request, case, form, save, back_url=back, **shown)


@require_http_methods(["GET", "POST"])
def visit_replan(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a planned visit."""
    row = open_visit(request, pk)
    require(access.may_change_visit(signed_in(request), row) and row.held_on is None)
    form = PlanForm(request.POST or None, instance=row)

    def save() -> HttpResponse:
        replan_visit(visit=form.instance, actor=signed_in(request))
        return redirect("casework:visits", row.case_id)

    back = reverse("casework:visits", args=[row.case_id])
    shown: dict[str, Any] = {"title": _("Move the visit"), "action": _("Save"), "saved": _("planned visit")}
    return answer(request, row.case, form, save, back_url=back, **shown)


@require_http_methods(["GET", "POST"])
def visit_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a visit, with a reason."""
    row = open_visit(request, pk)
    require(access.may_cancel_visit(signed_in(request), row))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancel_visit(visit=row, reason=form.cleaned_data["reason"], actor=signed_in(request))
        tell_saved(request, _("The visit is cancelled.") if row.held_on else _("The planned visit is called off."))
        return redirect("casework:visits", row.case_id)
    services = ServiceRecord.objects.valid().filter(visit=row).count()
    consequences = [_("It counts neither as a contact nor in reports.")] if row.held_on else []
    if services:
        consequences.append(_("Services entered with it are cancelled too: %(count)d.") % {"count": services})
    context = {
        "title": _("Cancel the visit?") if row.held_on else _("Call off the planned visit?"),
        "subject": f"{row.case.family.title}, {numbered(row.case.number)}",
        "consequences": consequences,
        "form": form,
        "action": _("Cancel the visit") if row.held_on else _("Call off"),
        "danger": True,
        "back_url": reverse("casework:visit", args=[row.pk]),
    }
    return render(request, "ui/confirm.html", context)


@require_GET
def planned(request: HttpRequest) -> HttpResponse:
    """What is planned in the cases the person answers for, by day; what was due before today stands first."""
    user = signed_in(request)
    require(scope_in_charge(user) is not None and access.may_read_visits(user))
    rows = (
        Visit.objects.in_charge(user)
        .planned()
        .annotate(day=ExpressionWrapper(F("planned_on"), output_field=DateField()))
    )
    page = paginate(
        rows.select_related("case__family__settlement", "specialist"), "day", "id", cursor=request.GET.get("cursor", "")
    )
    record(request, AccessAction.LIST, "visit", object_ids=[row.pk for row in page.rows])
    today = user.appointment.local_today() if user.appointment else None
    days: list[dict[str, Any]] = [
        {"day": day, "is_late": today is not None and day is not None and day < today, "visits": list(group)}
        for day, group in groupby(page.rows, key=lambda row: row.planned_on)
    ]
    return render(request, "casework/planned.html", {"page": page, "days": days, "local_today": today})
