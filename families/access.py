"""The door to personal data: which families a person reaches, and through them everything that hangs on a family.

Two questions, two lists. *In charge*: the families a person answers for, one equality on a column. *Shared*: those
opened by a dated grant (a case team, a session's agenda, a handover, a named right). `visible` is either of them, for
opening one object, for search and for form choices; it fails closed. Lists of work ask only the first.
"""

from datetime import date

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.access import scope_in_charge, signed_in, works_as
from accounts.enums import Role
from accounts.models import User

__all__ = ["granted_family_ids", "in_charge_q", "may_register", "nothing", "signed_in", "today_of", "visible_q"]

READ_GRANT = "read_family"


def nothing() -> Q:
    """A condition that no row meets."""
    return Q(pk__in=())


def today_of(user: User) -> date | None:
    """The local date of the unit `user` works at; None for a person without an appointment."""
    return user.appointment.local_today() if user.appointment else None


def in_charge_q(user: User, path: str = "") -> Q:
    """Families (or what `path` leads from) that `user` answers for: own, the department's, the institution's.

    A restricted family is not part of anybody's working list: those named on it find it among the shared ones, and the
    director, who reads all of the institution, opens it by its address.
    """
    scope = scope_in_charge(user)
    if scope is None:
        return nothing()
    prefix = f"{path}__" if path else ""
    return Q(**{f"{prefix}{scope.column}": scope.value, f"{prefix}is_restricted": False})


def granted_family_ids(user: User) -> "QuerySet[FamilyUserObjectPermission, int]":  # type: ignore[name-defined]  # noqa: F821
    """Ids of the families that a live grant opens to `user` today; rights are personal, whatever the appointment.

    A deputy is granted what the person stood in for was granted: both look up the same principal.
    """
    grants = apps.get_model("families", "FamilyUserObjectPermission").objects
    appointment = user.appointment
    if appointment is None:
        return grants.none().values_list("content_object_id", flat=True)
    today = appointment.local_today()
    return grants.filter(
        Q(expires_on=None) | Q(expires_on__gte=today),
        user_id=appointment.principal_id,
        permission__codename=READ_GRANT,
    ).values_list("content_object_id", flat=True)


def visible_q(user: User, path: str = "") -> Q:
    """Families (or what `path` leads from) that `user` may open at all: in charge, or by a live grant."""
    if user.appointment is None:
        return nothing()
    key = f"{path}_id__in" if path else "pk__in"
    seen = in_charge_q(user, path) | Q(**{key: granted_family_ids(user)})
    if works_as(user, Role.DIRECTOR):
        prefix = f"{path}__" if path else ""
        seen |= Q(**{f"{prefix}institution_id": user.appointment.institution_id})
    return seen


def may_register(user: User) -> bool:
    """Specialist, head and duty officer may register a family; it belongs to their department (clarifications)."""
    return works_as(user, Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DUTY_OFFICER)
