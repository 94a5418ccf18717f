"""Citizens who help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import require, signed_in, working_appointment
from accounts.enums import AccessAction
from accounts.journal import record
from common.paging import capped_count, paginate
from partners import access
from partners.forms import VolunteerForm
from partners.models import Volunteer
from partners.views.common import entering_institution, form_page
from records.services.drafts import open_draft
from records.services.submissions import taken_once


@require_safe
def volunteers(request: HttpRequest) -> HttpResponse:
    """Volunteers of the institution, by name."""
    user = signed_in(request)
    appointment = working_appointment(user)
    require(appointment.role in access.STAFF)
    rows = Volunteer.objects.visible_to(user).active(appointment.local_today())
    page = paginate(
        rows.select_related("territory"), "last_name", "first_name", "id", cursor=request.GET.get("cursor", "")
    )
    record(request, AccessAction.LIST, "volunteer", object_ids=[row.pk for row in page.rows])
    context = {
        "page": page,
        "total": capped_count(rows),
        "may_enter": access.may_enter(user),
        "crumbs": [(_("Partners"), reverse("partners:register"))],
    }
    return render(request, "partners/volunteers.html", context)


@require_http_methods(["GET", "POST"])
@taken_once("volunteer")
def volunteer_new(request: HttpRequest) -> HttpResponse:
    """Enter a volunteer."""
    user = signed_in(request)
    institution = entering_institution(user)
    draft = open_draft(user, "partners.volunteer:new")
    form = draft.fill(VolunteerForm(request.POST or None, institution=institution))
    if request.method == "POST" and form.is_valid():
        form.save()
        draft.discard()
        return redirect("partners:volunteers")
    back = reverse("partners:volunteers")
    crumbs = [(_("Volunteers"), back)]
    return form_page(request, form, draft, title=_("New volunteer"), action=_("Save"), back_url=back, crumbs=crumbs)


@require_http_methods(["GET", "POST"])
def volunteer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a volunteer, or note that they help no longer."""
    user = signed_in(request)
    row = get_object_or_404(Volunteer.objects.visible_to(user), pk=pk)
    require(access.may_write(user, row))
    draft = open_draft(user, f"partners.volunteer:edit:{row.pk}")
    form = draft.fill(VolunteerForm(request.POST or None, instance=row, institution=entering_institution(user)))
    if request.method == "POST" and form.is_valid():
        form.save()
        draft.discard()
        return redirect("partners:volunteers")
    record(request, AccessAction.VIEW, "volunteer", object_id=row.pk)
    back = reverse("partners:volunteers")
    crumbs = [(_("Volunteers"), back)]
    title = _("Change the volunteer")
    return form_page(request, form, draft, title=title, action=_("Save"), back_url=back, crumbs=crumbs)
