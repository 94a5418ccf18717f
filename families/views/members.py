"""Members of a family: joining, details of a person, the place in the family, leaving."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from common.forms import tell_saved
from families import services
from families.access import require_write
from families.forms.people import (
    EndMembershipForm,
    FamilyEditForm,
    MembershipEditForm,
    NewMemberForm,
    PersonEditForm,
)
from families.models import Family, FamilyMembership
from families.opening import open_family
from families.views.editing import form_page, sent


def _opened(request: HttpRequest, pk: int) -> tuple[Family, FamilyMembership]:
    """A membership of a family that may be written in, both journaled as an opening."""
    user = signed_in(request)
    membership = get_object_or_404(FamilyMembership.objects.visible_to(user).select_related("person"), pk=pk)
    family = open_family(request, membership.family_id, kind="familymembership", object_id=pk)
    require_write(user, family)
    membership.family = family
    return family, membership


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, address, contacts, housing."""
    user = signed_in(request)
    family = open_family(request, pk)
    require_write(user, family)
    form = FamilyEditForm(request.POST or None, instance=family, today=family.institution.today())
    return form_page(request, family, form, form.save, key=f"family:edit:{pk}", title=_("Family, address and contacts"))


@require_http_methods(["GET", "POST"])
def member_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody joins the family."""
    user = signed_in(request)
    family = open_family(request, pk)
    require_write(user, family)
    form = NewMemberForm(request.POST or None, today=family.institution.today())

    def save() -> None:
        membership = form.membership(form.cleaned_data["starts_on"])
        services.add_member(actor=user, family=family, member=services.NewMember(form.instance, membership))

    return form_page(request, family, form, save, key=f"member:new:{pk}", title=_("New member of the family"))


@require_http_methods(["GET", "POST"])
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Details of a person; reached through the place in a family that may be written in."""
    family, membership = _opened(request, pk)
    form = PersonEditForm(request.POST or None, instance=membership.person, today=family.institution.today())
    return form_page(
        request,
        family,
        form,
        lambda: services.change_person(actor=signed_in(request), person=form.instance),
        key=f"person:edit:{membership.person_id}",
        title=_("Person and documents"),
        about=membership.person.full_name,
    )


@require_http_methods(["GET", "POST"])
def membership_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The role of a person in the family, and whether they represent the children."""
    family, membership = _opened(request, pk)
    form = MembershipEditForm(request.POST or None, instance=membership)
    return form_page(
        request,
        family,
        form,
        lambda: services.change_member(actor=signed_in(request), membership=form.instance),
        key=f"membership:edit:{pk}",
        title=_("Role in the family"),
        about=membership.person.full_name,
    )


@require_http_methods(["GET", "POST"])
def membership_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A person leaves the family; what rests on the membership ends with it."""
    family, membership = _opened(request, pk)
    form = EndMembershipForm(request.POST or None, initial={"on": family.institution.today()})
    card = reverse("families:card", args=[family.pk])

    def save() -> None:
        services.end_membership(actor=signed_in(request), membership=membership, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and sent(request, form, save, kind="membership:end", url=card):
        tell_saved(request, _("The departure from the family is noted."))
        return redirect(card)
    context = {
        "title": _("Does the person leave the family?"),
        "facts": [{"label": _("Person"), "value": membership.person.full_name}],
        "consequences": [
            _("Traits of the person and categories that rest on them end on the same day."),
            _("The person stays on the card among the former members."),
        ],
        "form": form,
        "action": _("End the membership"),
        "back_url": card,
    }
    return render(request, "ui/confirm.html", context)
