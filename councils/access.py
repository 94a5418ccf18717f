"""Who reaches bodies and sessions: by unit for those who run them, by seat for those who sit in them.

Families are not reached through a session: members read the packet composed for it, and the secretary opens cards by
grants made when a family enters the agenda (clarifications; access rules 6.2).
"""

from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.access import works_as
from accounts.enums import Role
from accounts.models import User

PACKET_DAYS_AFTER_SIGNING = 30
"""Members read the materials until so many days after the minutes were signed (access rules 6.1)."""


def bodies_q(user: User, path: str = "") -> Q:
    """Bodies (or what `path` leads from) that `user` works with.

    The secretary and the people in charge see the bodies of their institution, the ministry, the resource centre and
    the region's administrator the bodies of the region; members those they sit in today.
    """
    appointment = user.appointment
    prefix = f"{path}__" if path else ""
    if appointment is None:
        return Q(pk__in=())
    if works_as(user, Role.COUNCIL_SECRETARY, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.SPECIALIST, Role.AUDITOR):
        return Q(**{f"{prefix}institution_id": appointment.institution_id})
    if works_as(user, Role.REGION_ADMIN, Role.RESOURCE_CENTRE, Role.MINISTRY):
        return Q(**{f"{prefix}region_id": appointment.region_id})
    if works_as(user, Role.COUNCIL_MEMBER, Role.COUNCIL_CHAIR):
        return Q(**{f"{prefix}pk__in": _seats(appointment.principal_id, appointment.local_today())})
    return Q(pk__in=())


def _seats(principal_id: int, on: date) -> "QuerySet[Any, int]":
    """Ids of the bodies in which the person whose rights are used holds a seat on `on`."""
    seats = apps.get_model("councils", "CouncilMember").objects
    return seats.filter(Q(ends_on=None) | Q(ends_on__gte=on), user_id=principal_id, starts_on__lte=on).values_list(
        "council_id", flat=True
    )
