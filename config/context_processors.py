"""What the shell of every page shows: navigation of the role, notifications, the appointment."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.enums import ADMINISTRATOR_ROLES, JOURNAL_READERS, Role
from accounts.models import User
from common.paging import capped_counts
from contracts.access import LIST_READERS as CONTRACT_READERS
from councils.access import BODY_READERS, DECISION_READERS, SESSION_READERS
from families.access import may_search
from monitoring.access import CONTRACT_FIGURE_READERS, RULE_READERS
from monitoring.access import READERS as REPORT_READERS
from monitoring.views.home import FIRST_PAGES
from partners.access import FIGURE_READERS, READERS
from records.models import Draft


class NavItem(NamedTuple):
    """A link of the main navigation: a route, its title, a lucide icon, and the roles that see it."""

    route: str
    title: Promise
    icon: str
    roles: frozenset[str]


FAMILY_READERS = frozenset({Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.COUNCIL_SECRETARY, Role.AUDITOR})

NAVIGATION: tuple[NavItem, ...] = (
    NavItem("home", _("Home"), "house", frozenset(Role.values) - frozenset(FIRST_PAGES)),
    NavItem("families:samples", _("Sample for a check"), "clipboard-check", frozenset({Role.AUDITOR})),
    NavItem("casework:my_families", _("My families"), "heart-handshake", frozenset({Role.SPECIALIST})),
    NavItem("casework:caseload", _("Caseload"), "chart-bar", frozenset({Role.DEPARTMENT_HEAD, Role.DIRECTOR})),
    NavItem("casework:cases", _("Cases"), "folder-open", frozenset({Role.DEPARTMENT_HEAD, Role.DIRECTOR})),
    NavItem("casework:planned", _("Visit plan"), "calendar-days", frozenset({Role.SPECIALIST, Role.DEPARTMENT_HEAD})),
    NavItem(
        "casework:journal",
        _("Service journal"),
        "notebook-text",
        frozenset({Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR}),
    ),
    NavItem("reports:list", _("Reports"), "file-chart-column", REPORT_READERS),
    NavItem("contracts:contracts", _("Contracts"), "file-badge", CONTRACT_READERS),
    NavItem("contract_figures", _("Figures"), "chart-bar", CONTRACT_FIGURE_READERS),
    NavItem("councils:home", _("Council sessions"), "gavel", SESSION_READERS),
    NavItem("councils:decisions", _("Decisions"), "list-checks", DECISION_READERS),
    NavItem("councils:bodies", _("Bodies"), "landmark", BODY_READERS),
    NavItem("families:search", _("Families"), "users", FAMILY_READERS),
    NavItem("families:names", _("Names of families"), "book-user", frozenset({Role.DUTY_OFFICER})),
    NavItem("partners:register", _("Partners"), "handshake", READERS | FIGURE_READERS),
    NavItem("families:samples", _("Samples for checks"), "clipboard-check", frozenset({Role.DIRECTOR})),
    NavItem("journal", _("Access journal"), "scroll-text", frozenset(JOURNAL_READERS)),
    NavItem("automatic_rules", _("Automatic rules"), "cog", RULE_READERS),
    NavItem("admin:index", _("Administration"), "settings", ADMINISTRATOR_ROLES),
)


IN_HEADER = 6
"""So many sections stand in the header of a wide page, the first of the list; the others in the person's menu."""


def shell(request: HttpRequest) -> dict[str, Any]:
    """Variables of `base.html`; nothing is queried for people who are not signed in."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "demo": settings.DEMO,
        "nav": [],
        "appointment": None,
        "role_title": "",
        "appointments": [],
        "today": None,
        "may_search": False,
    }
    if not isinstance(user, User):
        return context
    appointment = user.appointment
    sections = navigation(request, user)
    unread, drafts = capped_counts(user.notifications.unread(), Draft.objects.of(user).current(timezone.now()))
    return context | {
        "nav": sections,
        "more_sections": len(sections) > IN_HEADER,
        "appointment": appointment,
        "role_title": capfirst(appointment.get_role_display()) if appointment else "",
        "appointments": user.appointments_in_force,
        "today": appointment.local_today() if appointment else None,
        "unread_count": unread.value,
        "draft_count": drafts.value,
        "may_search": may_search(user) and request.path != reverse("families:search"),
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
    }


def navigation(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """The links of the person's role; that with the longest address that begins the path is marked."""
    role = user.appointment.role if user.appointment else ""
    items: list[dict[str, Any]] = []
    for item in NAVIGATION:
        if role not in item.roles:
            continue
        try:
            url = reverse(item.route)
        except NoReverseMatch:
            continue
        in_header = len(items) < IN_HEADER
        items.append({"url": url, "title": item.title, "icon": item.icon, "current": False, "in_header": in_header})
    leading = [
        row for row in items if request.path.startswith(row["url"]) and (row["url"] != "/" or request.path == "/")
    ]
    if leading:
        max(leading, key=lambda row: len(row["url"]))["current"] = True
    return items
