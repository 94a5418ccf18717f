"""Samples for internal checks: the director opens families to the auditor, who finds them here."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require, signed_in, working_appointment
from accounts.enums import AccessAction
from accounts.journal import record
from common.text import short_date
from families.access import may_grant_samples, may_read_samples
from families.forms.samples import DepartmentFilter, SampleForm
from families.models import Family
from families.services.samples import Sample, end_sample, grant_sample, present_sample, present_samples
from families.views.editing import sent

SHOWN = 200


@require_GET
def samples(request: HttpRequest) -> HttpResponse:
    """The director: who checks what, and until when. The auditor: the families open to them, with the days."""
    user = signed_in(request)
    require(may_read_samples(user))
    found = present_samples(user, working_appointment(user).local_today())
    grants = may_grant_samples(user)
    if not grants:
        _record(request, [family for sample in found for family in sample.families])
    return render(request, "families/samples.html", {"samples": found, "may_grant": grants})


@require_GET
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """One sample: to whom it is open, why, until when, and its families."""
    found = _open(request, pk)
    _record(request, found.families)
    context = {"sample": found, "may_end": may_grant_samples(signed_in(request))}
    return render(request, "families/sample.html", context)


@require_http_methods(["GET", "POST"])
def sample_new(request: HttpRequest) -> HttpResponse:
    """Choose families of the institution for an auditor, until a day."""
    user = signed_in(request)
    require(may_grant_samples(user))
    form = SampleForm(request.POST or None, user=user)
    filters = DepartmentFilter(request.GET, user=user)
    department = filters.chosen()

    def save() -> str:
        values = {name: value for name, value in form.cleaned_data.items() if name != "submission"}
        return reverse("families:sample", args=[grant_sample(actor=user, department=department, **values)])

    if request.method == "POST" and form.is_valid() and (made := sent(request, form, save, kind="sample", url="")):
        messages.success(request, _("The sample is open to the auditor."))
        return redirect(made)
    families = Family.objects.in_charge(user)
    if department:
        families = families.filter(department=department)
    shown = list(families.select_related("department", "curator").order_by("title_key", "pk")[:SHOWN])
    _record(request, shown)
    context = {"form": form, "filters": filters, "families": shown, "most": SHOWN, "is_cut": len(shown) == SHOWN}
    return render(request, "families/sample_new.html", context | {"ticked": set(request.POST.getlist("families"))})


@require_http_methods(["GET", "POST"])
def sample_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the families of a sample to its auditor before its day."""
    user = signed_in(request)
    found = _open(request, pk)
    require(may_grant_samples(user))
    if request.method == "POST":
        end_sample(actor=user, sample=found)
        messages.success(request, _("The sample is closed."))
        return redirect("families:samples")
    number = len(found.families)
    context = {
        "title": _("End the check early?"),
        "facts": [
            {"label": _("Auditor"), "value": found.auditor.get_full_name()},
            {"label": _("What is checked"), "value": found.note},
            {"label": _("Open until"), "value": short_date(found.ends_on) if found.ends_on else ""},
        ],
        "consequences": [
            ngettext(
                "%(n)s family closes to the auditor at once.", "%(n)s families close to the auditor at once.", number
            )
            % {"n": number},
            _("What the auditor has read stays in the access journal."),
        ],
        "action": _("End the check"),
        "danger": True,
        "back_url": reverse("families:sample", args=[pk]),
    }
    return render(request, "ui/confirm.html", context)


def _open(request: HttpRequest, pk: int) -> Sample:
    """The present sample, if the person may know of it; 404 otherwise."""
    user = signed_in(request)
    today = working_appointment(user).local_today()
    found = present_sample(user, pk, today)
    if found is None:
        raise Http404
    return found


def _record(request: HttpRequest, families: list[Family]) -> None:
    if families:
        record(request, AccessAction.LIST, "family", object_ids=[row.pk for row in families])
