"""Bodies, their own rules and who sits in them: read by the secretariat, kept by the region's administrator."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import require, signed_in, working_appointment, works_as
from accounts.models import User
from councils import access
from councils.forms.bodies import BodyForm, OwnRulesForm, SeatForm
from councils.models import Council, CouncilMember, CouncilPolicy
from councils.services.bodies import save_body, save_own_rules, save_seat
from councils.views.common import answer


@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies the person works with."""
    user = _reader(request)
    rows = Council.objects.visible_to(user).select_related("institution", "territory").order_by("kind", "title")
    context = {"bodies": rows, "may_manage": access.may_manage_bodies(user)}
    return render(request, "councils/bodies.html", context)


@require_GET
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body and its members, those whose term is over last."""
    user = _reader(request)
    council = _body(user, pk)
    today = council.today()
    seats = council.members.select_related("organisation", "user").order_by("role", "last_name", "pk")
    members = [{"seat": row, "is_over": row.ends_on is not None and row.ends_on < today} for row in seats]
    members.sort(key=lambda member: bool(member["is_over"]))
    context = {
        "council": council,
        "members": members,
        "facts": _facts(council, today),
        "own_rules": council.policies.all(),
        "may_manage": access.may_manage_bodies(user),
        "may_plan": access.keeps(user, council),
        "crumbs": [(_("Bodies"), reverse("councils:bodies"))],
    }
    return render(request, "councils/body.html", context)


def _facts(council: Council, today: date) -> list[dict[str, object]]:
    facts = [
        (_("Kind"), council.get_kind_display()),
        (_("Keeps the secretariat"), str(council.institution or "")),
        (_("Territory"), str(council.territory or "")),
        (_("Established by"), council.established_by),
        (_("Quorum, per cent of members"), council.quorum_percent_on(today)),
        (_("Notice of a session, working days"), council.notice_days_on(today)),
        (_("Active from"), f"{council.active_from:%d.%m.%Y}"),
    ]
    return [{"label": label, "value": value} for label, value in facts if value not in {None, ""}]


def _reader(request: HttpRequest) -> User:
    user = signed_in(request)
    require(works_as(user, *access.BODY_READERS))
    return user


def _body(user: User, pk: int) -> Council:
    rows = Council.objects.visible_to(user).select_related("region", "institution__region", "territory")
    found: Council = get_object_or_404(rows, pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def body_new(request: HttpRequest) -> HttpResponse:
    """Enter a body of the region."""
    user = _reader(request)
    require(access.may_manage_bodies(user))
    region = working_appointment(user).region
    if region is None:
        raise Http404
    form = BodyForm(request.POST or None, region=region)

    def save() -> HttpResponse:
        return redirect(save_body(council=form.save(commit=False), actor=user))

    page = {"title": _("New body"), "action": _("Save"), "back_url": reverse("councils:bodies")}
    return answer(request, form, save, saved=_("body"), **page)


@require_http_methods(["GET", "POST"])
def body_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a body."""
    user, council = _manager(request, pk)
    form = BodyForm(request.POST or None, instance=council, region=council.region)

    def save() -> HttpResponse:
        return redirect(save_body(council=form.save(commit=False), actor=user))

    page = {"title": council.title, "action": _("Save"), "back_url": council.get_absolute_url()}
    return answer(request, form, save, saved=_("body"), **page)


@require_http_methods(["GET", "POST"])
def seat_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Seat a person in the body."""
    user, council = _manager(request, pk)
    return _seat_form(request, user, CouncilMember(council=council), council, _("New member"))


@require_http_methods(["GET", "POST"])
def seat_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a seat, or end its term."""
    seat = get_object_or_404(CouncilMember.objects.visible_to(_reader(request)), pk=pk)
    user, council = _manager(request, seat.council_id)
    return _seat_form(request, user, seat, council, seat.full_name)


def _seat_form(request: HttpRequest, user: User, seat: CouncilMember, council: Council, title: str) -> HttpResponse:
    form = SeatForm(request.POST or None, instance=seat, council=council)

    def save() -> HttpResponse:
        save_seat(seat=form.save(commit=False), actor=user)
        return redirect(council)

    return answer(request, form, save, saved=_("member of the body"), title=title, **_part_of(council))


@require_http_methods(["GET", "POST"])
def rules_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter what the body does otherwise than its region from a day on."""
    user, council = _manager(request, pk)
    return _rules_form(request, user, CouncilPolicy(council=council), council)


@require_http_methods(["GET", "POST"])
def rules_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct rules that were entered."""
    policy = get_object_or_404(CouncilPolicy.objects.visible_to(_reader(request)), pk=pk)
    user, council = _manager(request, policy.council_id)
    return _rules_form(request, user, policy, council)


def _rules_form(request: HttpRequest, user: User, policy: CouncilPolicy, council: Council) -> HttpResponse:
    form = OwnRulesForm(request.POST or None, instance=policy, council=council)

    def save() -> HttpResponse:
        save_own_rules(policy=form.save(commit=False), actor=user)
        return redirect(council)

    return answer(request, form, save, saved=_("rules of the body"), title=_("Own rules"), **_part_of(council))


def _part_of(council: Council) -> dict[str, str]:
    """What the form of a part of the body says of the body itself."""
    return {"action": _("Save"), "back_url": council.get_absolute_url(), "about": council.title}


def _manager(request: HttpRequest, pk: int) -> tuple[User, Council]:
    """The signed-in person and the body, which is theirs to change."""
    user = _reader(request)
    council = _body(user, pk)
    require(access.may_manage_bodies(user))
    return user, council
