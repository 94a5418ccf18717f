"""Organisational scope: which column of a record must equal what, for a person in an appointment.

The door to families (`families.access`) and every list of cases read their one equality from here, so that a scope
stays flat in the size of the table (design, 5). Roles without a scope over families get None, and see nothing.
"""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.enums import Role
from accounts.models import Appointment, User


class Scope(NamedTuple):
    """One equality: the column that says who answers for a record, and the value it must have."""

    column: str
    value: int


def scope_in_charge(user: User) -> Scope | None:
    """The scope of the records `user` answers for: own, the department's, or the institution's; None for others."""
    appointment = user.appointment
    if appointment is None:
        return None
    match appointment.role:
        case Role.SPECIALIST:
            return Scope("curator_id", appointment.principal_id)
        case Role.DEPARTMENT_HEAD if appointment.department_id:
            return Scope("department_id", appointment.department_id)
        case Role.DIRECTOR if appointment.institution_id:
            return Scope("institution_id", appointment.institution_id)
    return None


def signed_in(request: HttpRequest) -> User:
    """The person who sent the request; raises PermissionDenied for a view that forgot to ask for a sign-in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def works_as(user: User, *roles: Role) -> bool:
    """Whether the appointment `user` works in now is one of `roles`."""
    return user.appointment is not None and user.appointment.role in roles


def working_appointment(user: User) -> Appointment:
    """The appointment `user` works in; raises PermissionDenied for a person without one in force."""
    if user.appointment is None:
        raise PermissionDenied
    return user.appointment
