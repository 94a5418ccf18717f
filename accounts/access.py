"""Organisational scope: which column of a record must equal what, for a person in an appointment.

The door to families (`families.access`) and every list of cases read their one equality from here, so that a scope
stays flat in the size of the table (design, 5). Roles without a scope over families get None, and see nothing.
"""

from typing import NamedTuple, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.enums import ADMINISTRATOR_ROLES, Role
from accounts.models import Appointment, User


class NotNow(Http404):
    """An object has no such page, or none in the state it is in: nobody is refused, and the journal stays silent.

    Raised where the person has been let in to the object already. With `back`, the address of the object, the person is
    led there and told why: a button pressed in another tab, or the browser's "Back" after an act that is done.
    """

    def __init__(self, told: Promise | str = "", *, back: str = "") -> None:
        super().__init__(told)
        self.told = told
        self.back = back


def require_now(is_open: bool, told: Promise | str, *, back: str) -> None:
    """Lead back to the object (`NotNow`) unless the act is `is_open`; for its own page, after the right was checked."""
    if not is_open:
        raise NotNow(told, back=back)


class WithState(Protocol):
    """A record that moves from state to state, and has a page."""

    @property
    def state(self) -> str: ...

    def get_state_display(self) -> str: ...

    def get_absolute_url(self) -> str: ...


def require_state(row: WithState, *states: str) -> None:
    """Lead back to the record from the page of a step that is past, or has not come yet."""
    told = _("This step is past, or has not come yet. The state is now “%(state)s”.")
    require_now(row.state in states, told % {"state": row.get_state_display()}, back=row.get_absolute_url())


class ClosedNow(PermissionDenied):
    """What the person may do at another state of the object: a 403, but nobody is refused, and the journal is silent.

    Raised where the person has been let in to the object already; the page says why, by `told`.
    """

    def __init__(self, told: Promise | str = "") -> None:
        super().__init__(told or _("The record is not in a state that allows it."))


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


def require(allowed: bool) -> None:
    """Raise PermissionDenied (403) unless `allowed`: for what lies inside the scope, but not within the right."""
    if not allowed:
        raise PermissionDenied


def require_open(open_now: bool) -> None:
    """The same for what only the state of the object forbids the person, who has the right (`ClosedNow`)."""
    if not open_now:
        raise ClosedNow


def works_as(user: User, *roles: Role) -> bool:
    """Whether the appointment `user` works in now is one of `roles`."""
    return user.appointment is not None and user.appointment.role in roles


def working_appointment(user: User) -> Appointment:
    """The appointment `user` works in; raises PermissionDenied for a person without one in force."""
    if user.appointment is None:
        raise PermissionDenied
    return user.appointment


def accounts_administered_by(administrator: User) -> QuerySet[User]:
    """The accounts an administrator sees: those with a post in the region; for the system, those of administrators."""
    appointment = administrator.appointment
    if appointment is None:
        return User.objects.none()
    posts = Appointment.objects.filter(user=OuterRef("pk"))
    match appointment.role:
        case Role.REGION_ADMIN if appointment.region_id:
            return User.objects.filter(Exists(posts.filter(region_id=appointment.region_id)))
        case Role.SYSTEM_ADMIN:
            return User.objects.filter(Exists(posts.filter(role__in=ADMINISTRATOR_ROLES)))
    return User.objects.none()


def may_change_account(administrator: User, user: User) -> bool:
    """Whether `administrator` may edit, switch off or let in again the account of `user`.

    Never their own. A region's administrator: only while all posts of the person lie in the region and none is an
    administrator's, so that nobody gets at a stronger account. The system administrator: accounts of administrators.
    """
    appointment = administrator.appointment
    if appointment is None or user.pk == administrator.pk:
        return False
    if not accounts_administered_by(administrator).filter(pk=user.pk).exists():
        return False
    if appointment.role == Role.SYSTEM_ADMIN:
        return True
    stronger = ~Q(region_id=appointment.region_id) | Q(role__in=ADMINISTRATOR_ROLES)
    return not user.appointments.not_ended(appointment.local_today()).filter(stronger).exists()


def may_appoint(administrator: User, user: User, role: str, region_id: int | None) -> bool:
    """Whether `administrator` may give `user` a post in `role`, or change such a post.

    The system administrator appoints administrators; a region's administrator everybody else of the region; nobody
    themselves.
    """
    appointment = administrator.appointment
    if appointment is None or user.pk == administrator.pk:
        return False
    if appointment.role == Role.SYSTEM_ADMIN:
        return role in ADMINISTRATOR_ROLES
    return (
        appointment.role == Role.REGION_ADMIN
        and role not in ADMINISTRATOR_ROLES
        and region_id is not None
        and region_id == appointment.region_id
    )


def may_reset_second_factor(administrator: User, user: User) -> bool:
    """Whether `administrator` may ask for, or confirm, taking off the second factor of `user`; never their own.

    It takes two, and gives nobody a session: so a region's administrator may for everybody with a post in the region
    but system administrators, and the system administrator for anybody, also where a region has one administrator.
    """
    appointment = administrator.appointment
    if appointment is None or user.pk == administrator.pk:
        return False
    if appointment.role == Role.SYSTEM_ADMIN:
        return True
    stronger = user.appointments.not_ended(appointment.local_today()).filter(role=Role.SYSTEM_ADMIN)
    return accounts_administered_by(administrator).filter(pk=user.pk).exists() and not stronger.exists()


def may_read_reasons(reader: User, actor_id: int | None) -> bool:
    """Whether the reason typed by `actor_id` may be shown: a reason can name what made a family restricted.

    The auditor and the director read all reasons of the institution, everybody their own.
    """
    return reader.pk == actor_id or works_as(reader, Role.AUDITOR, Role.DIRECTOR)


def colleagues_of(user: User) -> QuerySet[User]:
    """The people whose events `user` may look through: of the institution, of the department, or only themselves."""
    appointment = user.appointment
    if appointment is None:
        return User.objects.none()
    posts = Appointment.objects.filter(user=OuterRef("pk"))
    match appointment.role:
        case Role.AUDITOR | Role.DIRECTOR if appointment.institution_id:
            return User.objects.filter(Exists(posts.filter(institution_id=appointment.institution_id)))
        case Role.DEPARTMENT_HEAD if appointment.department_id:
            return User.objects.filter(Exists(posts.filter(department_id=appointment.department_id)))
    return User.objects.filter(pk=user.pk)
