"""Opening a case for a family, from its card."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from casework.access import may_open_case
from casework.forms.cases import OpenCaseForm
from casework.services.cases import open_case
from common.forms import refuse
from families.access import require
from families.opening import open_family
from records.services.submissions import taken_once


@require_http_methods(["GET", "POST"])
@taken_once("casework.case_open")
def case_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for what a case is opened with, and open it once however often the form is sent."""
    user = signed_in(request)
    family = open_family(request, pk)
    require(may_open_case(user, family))
    form = OpenCaseForm(request.POST or None, today=family.institution.today())
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "submission"}
        try:
            with transaction.atomic():
                return redirect(open_case(family=family, actor=user, **data))
        except ValidationError as error:
            refuse(form, error)
    crumbs = [(_("Family card"), reverse("families:card", args=[family.pk]))]
    return render(request, "casework/case_open.html", {"form": form, "family": family, "crumbs": crumbs})
