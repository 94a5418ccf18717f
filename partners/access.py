"""Who sees the register of partners, and who may do what in it (access rules 6.2, "Partner, agreement").

Partners are organisations, not families: their scope is the unit that entered them. A row without an institution is
the region's own register, seen by every institution of the region and kept by none of them.
"""

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from accounts.access import works_as
from accounts.enums import Role
from accounts.models import User

if TYPE_CHECKING:
    from partners.models import CooperationAgreement

STAFF = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)
READERS = frozenset({*STAFF, Role.COUNCIL_SECRETARY, Role.PARTNER_USER})
FIGURE_READERS = frozenset({Role.MINISTRY, Role.RESOURCE_CENTRE})


def nothing() -> Q:
    """A condition that no row meets."""
    return Q(pk__in=())


def partners_q(user: User) -> Q:
    """Partners that `user` may open: the institution's and the region's own; the whole region for a council secretary.

    A partner's representative sees the card of the organisation where they are a contact person.
    """
    appointment = user.appointment
    if appointment is None:
        return nothing()
    if works_as(user, *STAFF):
        mine = Q(institution_id=appointment.institution_id) | Q(institution=None)
        return Q(region_id=appointment.region_id) & mine
    if works_as(user, Role.COUNCIL_SECRETARY):
        return Q(region_id=appointment.region_id)
    if works_as(user, Role.PARTNER_USER):
        return Q(region_id=appointment.region_id, pk__in=_represented(user))
    return nothing()


def agreements_q(user: User) -> Q:
    """Agreements that `user` may open: the institution's; the whole region's for a council secretary."""
    appointment = user.appointment
    if appointment is None:
        return nothing()
    if works_as(user, *STAFF):
        return Q(institution_id=appointment.institution_id)
    if works_as(user, Role.COUNCIL_SECRETARY):
        return Q(institution__region_id=appointment.region_id)
    return nothing()


def volunteers_q(user: User) -> Q:
    """Citizens who help, for the staff of the institution that involved them."""
    appointment = user.appointment
    if appointment is None or not works_as(user, *STAFF):
        return nothing()
    return Q(institution_id=appointment.institution_id)


def may_see_figures(user: User) -> bool:
    """Ministry and resource centre: how many partners of which type, no names."""
    return works_as(user, *FIGURE_READERS)


def may_enter(user: User) -> bool:
    """The head enters partners, contact persons, draft agreements and volunteers."""
    return works_as(user, Role.DEPARTMENT_HEAD)


def may_write(user: User, row: Any) -> bool:
    """The head changes what their institution has entered; the region's own register is not theirs to change."""
    appointment = user.appointment
    return may_enter(user) and appointment is not None and row.institution_id == appointment.institution_id


def may_approve(user: User, agreement: "CooperationAgreement") -> bool:
    """The director approves and ends the agreements of the institution."""
    appointment = user.appointment
    return (
        works_as(user, Role.DIRECTOR)
        and appointment is not None
        and agreement.institution_id == appointment.institution_id
    )


def may_print(user: User, _agreement: "CooperationAgreement") -> bool:
    """Those who keep or approve agreements take their papers; other readers see the register alone."""
    return works_as(user, *STAFF)


def _represented(user: User) -> Any:
    from partners.models import ContactPerson  # noqa: PLC0415 - models ask this module for their scope

    return ContactPerson.objects.filter(user_id=user.pk, left_on=None).values("partner_id")
