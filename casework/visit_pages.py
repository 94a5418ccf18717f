"""Events, notifications, tabs, buttons, papers and history of visits and the journal; `casework.apps` imports it."""

from collections.abc import Collection, Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notifications import register
from casework import access
from casework.enums import Channel, EventGroup, VisitState
from casework.models import ServiceRecord, Visit
from casework.registry import Action, Tab, register_action, register_history, register_tab
from casework.services.events import register_event
from families import hooks
from families.models import Family
from families.opening import reason_or_page
from records.doors import register_owner

VISITS = EventGroup.VISITS
VISIT, SERVICE = "casework:visit", "casework:service"


def _reads_visits(user: User, _owner: object) -> bool:
    return access.may_read_visits(user)


def find_visits(user: User, ids: Collection[int]) -> Iterable[Visit]:
    """Those of the visits whose family `user` may open now: the door of their papers."""
    rows: Iterable[Visit] = Visit.objects.visible_to(user).with_page().filter(pk__in=ids)
    return rows


def find_services(user: User, ids: Collection[int]) -> Iterable[ServiceRecord]:
    """Those of the rows of the journal whose family `user` may open now."""
    rows: Iterable[ServiceRecord] = ServiceRecord.objects.visible_to(user).with_page().filter(pk__in=ids)
    return rows


def urgent_url(user: User, family: Family) -> str | None:
    """Where an urgent service to the family is entered; None for those who may not."""
    return reverse("casework:urgent_new", args=[family.pk]) if access.may_render_urgent(user, family) else None


register_event(
    "visit_held",
    _("Visit %(channel)s, services: %(services)s"),
    group=VISITS,
    icon="house",
    route=VISIT,
    values={"channel": Channel},
)
register_event(
    "visit_failed",
    _("The visit failed: %(outcome)s"),
    group=VISITS,
    icon="door-closed",
    tone="warn",
    route=VISIT,
    values={"outcome": VisitState},
)
register_event(
    "danger_noted",
    _("Signs of danger were noted at the visit"),
    group=VISITS,
    icon="triangle-alert",
    tone="bad",
    route=VISIT,
)
register_event(
    "visit_corrected",
    _("The visit of %(day)s was corrected"),
    group=VISITS,
    icon="pencil",
    route=VISIT,
    values={"day": date},
)
register_event(
    "visit_cancelled",
    _("The visit of %(day)s was cancelled"),
    group=VISITS,
    icon="ban",
    tone="warn",
    route=VISIT,
    values={"day": date},
)
register_event(
    "plan_cancelled",
    _("The visit planned for %(day)s was called off"),
    group=VISITS,
    icon="calendar-x",
    route=VISIT,
    values={"day": date},
)
register_event("services_rendered", _("Services rendered: %(count)s"), group=VISITS, icon="hand-helping", route=SERVICE)
register_event(
    "urgent_rendered",
    _("Urgent services rendered: %(count)s"),
    group=VISITS,
    icon="siren",
    tone="warn",
    route=SERVICE,
)
register_event(
    "service_corrected",
    _("Row No. %(number)s of the journal was corrected"),
    group=VISITS,
    icon="pencil",
    route=SERVICE,
)
register_event(
    "service_cancelled",
    _("Row No. %(number)s of the journal was cancelled"),
    group=VISITS,
    icon="ban",
    tone="warn",
    route=SERVICE,
)

register("casework.danger_noted", _("Signs of danger were noted in case No. %(number)s: read the visit today"))

register_tab(Tab("visits", _("Visits"), "casework:visits", 30, _reads_visits))
register_action(
    Action("visit", _("Record a visit"), "casework:visit_new", "notebook-pen", access.may_write, main=True, position=10)
)
register_history(lambda case: Visit.objects.filter(case=case))
register_history(lambda case: ServiceRecord.objects.filter(case=case))

register_owner(
    "casework.visit",
    find_visits,
    may_read=lambda user, visit: access.may_read_papers(user, tells_of_health=visit.tells_of_health),
    may_write=lambda user, visit: access.may_write(user, visit.case),
    family_of=lambda visit: visit.case.family_id,
    reason_for=lambda request, visit: reason_or_page(request, visit.case),
)
register_owner(
    "casework.service",
    find_services,
    may_read=_reads_visits,
    may_write=access.may_change_service,
    reason_for=reason_or_page,
)
hooks.register_action(hooks.Action("urgent", _("Urgent service"), "siren", urgent_url))
