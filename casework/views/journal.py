"""The service journal: entering, correcting and cancelling rows, urgent services, a period on a page and in print."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require, require_open, scope_in_charge, signed_in, working_appointment
from accounts.enums import AccessAction
from accounts.journal import record
from accounts.models import User
from casework import access
from casework.catalogue import Catalogue
from casework.enums import MeasureKind, RecordType, ServiceKind
from casework.forms.journal import JournalFilters
from casework.forms.services import ReasonForm, ServiceRecordForm
from casework.frame import open_case_page
from casework.models import ServiceRecord
from casework.services.journal import cancel_service, change_service
from casework.views.service_entry import ServiceEntryPage
from casework.visit_papers import MOST_PRINTED_ROWS, JournalPaper, issue_urgent_act, render_journal
from common.forms import taken, tell_saved
from common.paging import capped_count, paginate
from families.access import Part, may_print, require_part
from families.models import FamilyMembership
from families.opening import note_opening, open_family
from records.services.papers import papers_of
from records.services.submissions import taken_once


def open_service(request: HttpRequest, pk: int, action: AccessAction = AccessAction.VIEW) -> ServiceRecord:
    """The row of the journal, if the signed-in person may read it, with the opening in the journal of access.

    Raises Http404 outside the scope, PermissionDenied inside it without the right, ReasonRequired.
    """
    user = signed_in(request)
    row: ServiceRecord = get_object_or_404(ServiceRecord.objects.visible_to(user).with_page(), pk=pk)
    require_part(user, Part.DETAILS)
    note_opening(request, row.family, "servicerecord", row.pk, action)
    return row


@require_GET
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """One row of the journal, its recipients and its act."""
    row = open_service(request, pk)
    user = signed_in(request)
    context: dict[str, Any] = {
        "row": row,
        "recipients": row.recipients.order_by("birth_date", "pk"),
        "is_urgent": row.record_type == RecordType.URGENT,
        "papers": papers_of(user, "casework.service", row),
        "may_change": access.may_change_service(user, row),
        "may_cancel": access.may_cancel_service(user, row),
    }
    return render(request, "casework/service.html", context)


@require_http_methods(["GET", "POST"])
@taken_once("casework.services")
def service_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter services rendered to the family of a case without a visit."""
    case = open_case_page(request, pk, part=Part.DETAILS, allowed=access.may_write)
    page = ServiceEntryPage(request, case.family, case)
    if page.taken():
        tell_saved(request, _("services in the journal"))
        return redirect("casework:visits", case.pk)
    return _entry_page(request, page, _("Enter services"), reverse("casework:case", args=[case.pk]))


@require_http_methods(["GET", "POST"])
@taken_once("casework.urgent")
def urgent_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter urgent services, for which the family needs no case (I6)."""
    family = open_family(request, pk)
    require(access.may_render_urgent(signed_in(request), family))
    page = ServiceEntryPage(request, family, None)
    if page.taken():
        messages.success(request, _("The urgent service is in the journal: print the act."))
        return redirect("casework:service", page.rows[0].pk)
    return _entry_page(request, page, _("Urgent service"), reverse("families:card", args=[family.pk]))


def _entry_page(request: HttpRequest, page: ServiceEntryPage, title: str, back_url: str) -> HttpResponse:
    context = {"family": page.family, "title": title, "back_url": back_url, "urgent": page.case is None}
    return render(request, "casework/service_form.html", context | page.context)


@require_http_methods(["GET", "POST"])
def service_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a row of the journal."""
    row = open_service(request, pk)
    user = signed_in(request)
    require(access.may_change_service(user, row))
    catalogue = Catalogue(row.family, user, row.on)
    people = FamilyMembership.objects.filter(family=row.family).values_list("person_id", flat=True)
    form = ServiceRecordForm(request.POST or None, instance=row, catalogue=catalogue, people=people)

    def save() -> HttpResponse:
        change_service(row=form.instance, recipients=list(form.cleaned_data["recipients"]), actor=user)
        tell_saved(request, _("row of the journal"))
        return redirect("casework:service", row.pk)

    context = {
        "form": form,
        "title": _("Correct the row"),
        "row": row,
        "back_url": reverse("casework:service", args=[row.pk]),
    }
    return taken(request, form, save) or render(request, "casework/service_edit.html", context)


@require_http_methods(["GET", "POST"])
def service_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a row of the journal, with a reason."""
    row = open_service(request, pk)
    require(access.may_cancel_service(signed_in(request), row))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        cancel_service(row=row, reason=form.cleaned_data["reason"], actor=signed_in(request))
        tell_saved(request, _("The row is cancelled."))
        return redirect("casework:service", row.pk)
    context = {
        "title": _("Cancel the row?"),
        "subject": str(row),
        "consequences": [_("It counts neither as a contact nor in reports.")],
        "form": form,
        "action": _("Cancel the row"),
        "danger": True,
        "back_url": reverse("casework:service", args=[row.pk]),
    }
    return render(request, "ui/confirm.html", context)


@require_POST
def urgent_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the act on an urgent service, or find the one whose text has not changed, and hand it out."""
    row = open_service(request, pk, AccessAction.PRINT)
    user = signed_in(request)
    require(may_print(user, row.family))
    require_open(row.record_type == RecordType.URGENT and row.cancelled_at is None)
    return redirect("records:document", issue_urgent_act(row=row, actor=user).pk)


@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """The journal of the families the person answers for: rows of a period, and totals by kind."""
    user = signed_in(request)
    filters = _filters(request, user)
    rows = filters.narrow(ServiceRecord.objects.in_charge(user))
    shown = rows.select_related("title", "family", "specialist", "partner").prefetch_related("recipients")
    page = paginate(shown, "-on", "-id", cursor=request.GET.get("cursor", ""))
    record(request, AccessAction.LIST, "servicerecord", object_ids=[row.pk for row in page.rows])
    context = {
        "filters": filters,
        "period": filters.period,
        "page": page,
        "total": capped_count(rows),
        "totals": totals(rows.valid()),  # type: ignore[attr-defined]
        "chips": _chips(request, filters),
    }
    return render(request, "casework/journal.html", context)


@require_GET
def journal_pdf(request: HttpRequest) -> HttpResponse:
    """The journal of the same period as PDF; a longer one than can be printed asks for a shorter period."""
    user = signed_in(request)
    filters = _filters(request, user)
    rows = filters.narrow(ServiceRecord.objects.in_charge(user))
    appointment = working_appointment(user)
    if appointment.institution is None or rows.count() > MOST_PRINTED_ROWS:
        messages.warning(
            request, _("Choose a shorter period: at most %(most)d rows are printed.") % {"most": MOST_PRINTED_ROWS}
        )
        return redirect(f"{reverse('casework:journal')}?{request.GET.urlencode()}")
    keys = list(rows.values_list("pk", flat=True))
    record(request, AccessAction.PRINT, "servicerecord", object_ids=keys)
    period = filters.period
    paper = JournalPaper(appointment.institution, appointment.department, period.starts_on, period.last_day, user)
    response = HttpResponse(render_journal(rows, paper).pdf, content_type="application/pdf")
    name = f"Журнал {period.starts_on:%d.%m.%Y}-{period.last_day:%d.%m.%Y}.pdf"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _filters(request: HttpRequest, user: User) -> JournalFilters:
    require(scope_in_charge(user) is not None and access.may_read_visits(user))
    appointment = working_appointment(user)
    rows = ServiceRecord.objects.in_charge(user)
    people = User.objects.filter(pk__in=rows.values("specialist")).order_by("last_name", "first_name", "pk")
    return JournalFilters(request.GET, specialists=people, today=appointment.local_today())


def totals(rows: "QuerySet[ServiceRecord]") -> list[dict[str, Any]]:
    """How many rows and services of each kind, in the order of types and kinds; one query."""
    counted = rows.order_by().values("record_type", "service_kind", "measure_kind")
    found = list(counted.annotate(rows=Count("pk"), quantity=Sum("quantity")))
    order = list(RecordType)
    found.sort(key=lambda row: (order.index(RecordType(row["record_type"])), row["service_kind"], row["measure_kind"]))
    return [
        {
            "type": RecordType(row["record_type"]).label,
            "kind": _kind_title(row["service_kind"], row["measure_kind"]),
            "filter": f"{row['record_type']}.{row['measure_kind'] or row['service_kind']}",
            "rows": row["rows"],
            "quantity": row["quantity"],
        }
        for row in found
    ]


def _kind_title(service_kind: str, measure_kind: str) -> str:
    return str(MeasureKind(measure_kind).label if measure_kind else ServiceKind(service_kind).label)


def _chips(request: HttpRequest, filters: JournalFilters) -> list[dict[str, str]]:
    """The chosen filters, each with the address without it."""
    chips = []
    for name in ("kind", "specialist", "own"):
        value = filters.data.get(name)
        if not value or name in filters.errors:
            continue
        rest = request.GET.copy()
        rest.pop(name, None)
        rest.pop("cursor", None)
        title = filters[name].label
        chosen = dict(_flat(filters.fields[name].choices)).get(str(value), value)  # type: ignore[attr-defined]
        chips.append({"title": f"{title}: {chosen}", "url": f"?{rest.urlencode()}"})
    return chips


def _flat(choices: Any) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for key, title in choices:
        flat += [(str(k), str(t)) for k, t in title] if isinstance(title, list | tuple) else [(str(key), str(title))]
    return flat
