"""Who reads what of the monitoring room that is no family's: the automatic rules and the work that failed."""

from django.db.models import Q, QuerySet

from accounts.access import works_as
from accounts.enums import ADMINISTRATOR_ROLES, Role
from accounts.models import Region, User
from records.enums import WorkState
from records.models import WorkOrder

RULE_READERS = ADMINISTRATOR_ROLES
"""Clarifications, role table: jobs and health are the system administrator's, the region's policy its administrator's.

Work orders and runs hold ids and codes only, so reading them leads to no family.
"""


def may_read_rules(user: User) -> bool:
    """The administrators; nobody else needs to know of a machine's failures, everybody is told of their own work."""
    return works_as(user, Role.REGION_ADMIN, Role.SYSTEM_ADMIN)


def regions_of(user: User) -> QuerySet[Region]:
    """The regions whose runs `user` reads: an administrator's own, all for the system administrator."""
    appointment = user.appointment
    if appointment is None or not may_read_rules(user):
        return Region.objects.none()
    if works_as(user, Role.SYSTEM_ADMIN):
        return Region.objects.all()
    return Region.objects.filter(appointments=appointment)


def failed_work(user: User) -> QuerySet[WorkOrder]:
    """The failed orders that `user` may have done anew: of people of the region or for it; or all."""
    failed = WorkOrder.objects.filter(state=WorkState.FAILED).select_related("appointment__region", "requested_by")
    appointment = user.appointment
    if appointment is None or not may_read_rules(user):
        return failed.none()
    if works_as(user, Role.SYSTEM_ADMIN):
        return failed
    region_id = appointment.region_id
    return failed.filter(Q(appointment__region_id=region_id) | Q(params__region=region_id))
