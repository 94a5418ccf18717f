"""Opening a case for a family, from its card."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from families.opening import open_family

from accounts.access import signed_in
from casework.access import may_open_case
from casework.forms.cases import OpenCaseForm
from casework.services.cases import open_case
from casework.views.editing import refuse
from families.access import require
from families.models import Family
from records.services.submissions import once


@require_http_methods(["GET", "POST"])
def case_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for what a case is opened with, and open it once however often the form is sent."""
    user = signed_in(request)
    family = open_family(request, pk)
    require(may_open_case(user, family))
    form = OpenCaseForm(request.POST or None, today=family.institution.today())
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_open(request, family, form))
        except ValidationError as error:
            refuse(form, error)
    context = {
        "form": form,
        "family": family,
        "crumbs": [(_("Family card"), reverse("families:card", args=[family.pk]))],
    }
    return render(request, "casework/case_open.html", context)


@transaction.atomic
def _open(request: HttpRequest, family: Family, form: OpenCaseForm) -> str:
    """The address of the case that the form has opened, now or when it was first sent."""
    user = signed_in(request)
    data = dict(form.cleaned_data)
    sent = once(user=user, key=data.pop("submission"), kind="casework.case")
    if not sent.is_repeat:
        case = open_case(family=family, actor=user, **data)
        sent.complete(case.get_absolute_url(), case.pk)
    return sent.url
