"""Finding families: the search, the name-only list of the institution, the reason for opening a restricted family."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from accounts.access import require, signed_in, working_appointment
from accounts.enums import AccessAction
from accounts.journal import record
from common.paging import paginate
from common.text import fold
from families import hooks
from families.access import directory_q, may_register, may_search, may_see_directory
from families.forms.access import NamesForm, ReasonForm, SearchForm
from families.models import Family
from families.opening import keep_reason
from families.search import parse, search

SESSION_KEY = "searches"
KEPT_SEARCHES = 10
SHARED_SHOWN = 50


def _keep(request: HttpRequest, text: str) -> str:
    """Keep what was typed in the session under a key: an address, and so a log, never holds a name."""
    key = uuid4().hex[:12]
    kept: dict[str, str] = request.session.get(SESSION_KEY, {})
    request.session[SESSION_KEY] = dict([*kept.items(), (key, text)][-KEPT_SEARCHES:])
    return key


def _kept(request: HttpRequest) -> str:
    return str(request.session.get(SESSION_KEY, {}).get(request.GET.get("s", ""), ""))


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Search families and people of one's scope; without a search, the families shared with the person."""
    user = signed_in(request)
    require(may_search(user))
    form = SearchForm(request.POST) if request.method == "POST" else SearchForm(initial={"q": _kept(request)})
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('families:search')}?s={_keep(request, form.cleaned_data['q'])}")
    context: dict[str, Any] = {"form": form, "may_register": may_register(user), "found": None, "too_short": False}
    if text := _kept(request):
        query = parse(text)
        context |= {"found": search(user, query), "too_short": query.is_empty, "is_short": query.is_short}
        record(request, AccessAction.SEARCH, "family", object_ids=context["found"].family_ids)
    else:
        context |= _starting_lists(request)
    return render(request, "families/search.html", context)


def _starting_lists(request: HttpRequest) -> dict[str, Any]:
    """What stands below an empty search: what the person registered and nobody keeps yet, what is shared with them,
    and what nobody keeps in their unit."""
    user = signed_in(request)
    families = Family.objects.select_related("department", "curator", "settlement")
    registered = list(families.awaiting_curator(user).order_by("-registered_on", "-pk")[:SHARED_SHOWN])
    others = families.exclude(pk__in=[row.pk for row in registered])
    shared = list(others.shared_with(user).order_by("title_key", "pk")[:SHARED_SHOWN])
    without = others.in_charge(user).filter(curator=None).exclude(pk__in=[row.pk for row in shared])
    unkept = list(without.order_by("-pk")[:SHARED_SHOWN])
    if shown := [*registered, *shared, *unkept]:
        record(request, AccessAction.LIST, "family", object_ids=[row.pk for row in shown])
    return {"registered": registered, "shared": shared, "unkept": unkept}


@require_http_methods(["GET", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    """Names, precincts and "on support" of the institution's families, to see whether one is known already."""
    user = signed_in(request)
    require(may_see_directory(user))
    form = NamesForm(request.POST) if request.method == "POST" else NamesForm(initial={"q": _kept(request)})
    if request.method == "POST" and form.is_valid():
        return redirect(f"{reverse('families:names')}?s={_keep(request, form.cleaned_data['q'])}")
    families = Family.objects.filter(directory_q(user)).select_related("precinct", "department")
    if text := fold(_kept(request)):
        families = families.filter(title_key__contains=text)
    page = paginate(families, "title_key", "pk", cursor=request.GET.get("cursor", ""))
    record(request, AccessAction.LIST, "family_name", object_ids=[row.pk for row in page.rows])
    today = working_appointment(user).local_today()
    supported = hooks.on_support([row.pk for row in page.rows], today)
    rows = [(row, row.pk in supported) for row in page.rows]
    context = {"form": form, "page": page, "rows": rows, "asked": bool(text), "may_register": may_register(user)}
    return render(request, "families/names.html", context)


@require_http_methods(["GET", "POST"])
def reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why a restricted family is opened; then on to where the person wanted to go."""
    family = get_object_or_404(Family.objects.visible_to(signed_in(request)), pk=pk)
    form = ReasonForm(request.POST or None)
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("families:card", args=[family.pk])
    if request.method == "POST" and form.is_valid():
        keep_reason(request, family, form.cleaned_data["reason"])
        return redirect(target)
    return render(request, "families/reason.html", {"form": form, "family": family})
