"""The page of figures for the social contract specialist of an authority."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from accounts.access import require, signed_in, working_appointment
from accounts.enums import AccessAction
from accounts.journal import record
from accounts.models import User
from common.calendar import Quarter
from common.paging import paginate
from contracts.models import SocialContract
from monitoring import access
from monitoring.contract_figures import Figure, Section, authorities, sections_for
from monitoring.models import quarter_title

QUARTERS = 8


@require_GET
def contract_figures(request: HttpRequest) -> HttpResponse:
    """The authority's figures for a quarter; with `show`, the contracts behind one of them."""
    user = signed_in(request)
    require(access.may_read_contract_figures(user))
    today = working_appointment(user).local_today()
    quarters = _quarters(Quarter.containing(today))
    quarter = next((row for row in quarters if str(row) == request.GET.get("quarter", "")), quarters[1])
    sections = sections_for(user, quarter, today)
    context = {
        "authorities": authorities(user),
        "sections": [(section.title, _rows(section, quarter)) for section in sections],
        "quarter": quarter_title(quarter),
        "quarters": [
            {"title": quarter_title(row), "url": _address(row), "current": row == quarter, "runs": row == quarters[0]}
            for row in quarters
        ],
        "runs": quarter == quarters[0],
        "today": today,
        "shown": None,
    }
    figures = {figure.code: figure for section in sections for figure in section.figures}
    if figure := figures.get(request.GET.get("show", "")):
        context |= _shown(request, user, figure)
    return render(request, "monitoring/contract_figures.html", context)


def _shown(request: HttpRequest, user: User, figure: Figure) -> dict[str, Any]:
    """A page of the contracts behind a figure; those of restricted families are counted and not named."""
    rows = SocialContract.objects.visible_to(user).filter(pk__in=figure.contracts.values("pk"))
    page = paginate(rows.select_related("family"), "signed_on", "id", cursor=request.GET.get("cursor", ""))
    record(request, AccessAction.LIST, "socialcontract", object_ids=[row.pk for row in page.rows])
    total = rows.count()
    return {"shown": figure, "page": page, "total": total, "hidden": figure.contracts.count() - total}


def _rows(section: Section, quarter: Quarter) -> list[dict[str, Any]]:
    return [
        {"figure": figure, "url": _address(quarter, figure.code) if figure.number else ""} for figure in section.figures
    ]


def _address(quarter: Quarter, show: str = "") -> str:
    asked = {"quarter": str(quarter)} | ({"show": show} if show else {})
    return f"{reverse('contract_figures')}?{urlencode(asked)}"


def _quarters(running: Quarter) -> list[Quarter]:
    """The quarter that runs and those before it."""
    found = [running]
    while len(found) < QUARTERS:
        found.append(found[-1].previous)
    return found
