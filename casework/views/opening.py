"""Opening a case for a family, from its card."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import require, signed_in
from casework.access import may_open_case
from casework.forms.cases import OpenCaseForm
from casework.services.cases import open_case
from common.forms import taken, tell_saved
from families.opening import open_family
from records.services.drafts import open_draft
from records.services.submissions import taken_once


@require_http_methods(["GET", "POST"])
@taken_once("casework.case_open")
def case_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for what a case is opened with, and open it once however often the form is sent."""
    user = signed_in(request)
    family = open_family(request, pk)
    require(may_open_case(user, family))
    draft = open_draft(user, f"casework.case_open:pk={pk}")
    form = draft.fill(OpenCaseForm(request.POST or None, today=family.institution.today()))

    def save() -> HttpResponse:
        data = {name: value for name, value in form.cleaned_data.items() if name != "submission"}
        case = open_case(family=family, actor=user, **data)
        draft.discard()
        tell_saved(request, _("The case is open."))
        return redirect(case)

    card = reverse("families:card", args=[family.pk])
    context = {
        "form": form,
        "draft": draft,
        "family": family,
        "crumbs": [(_("Family card"), card)],
        "title": _("Open a case"),
        "text": _("The case begins with diagnostics. The head of the department is asked to assign a curator."),
        "action": _("Open the case"),
        "back_url": card,
    }
    return taken(request, form, save) or render(request, "casework/case_open.html", context)
