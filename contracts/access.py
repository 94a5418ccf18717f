"""Who sees social contracts, and who keeps them (access rules 6.1 and 6.2, "Social contract, follow-up").

A contract stands behind the door of its family. One more way leads to it: the contract specialist of the authority that
concluded it reads the contract and its follow-up, and nothing else of the family. Which authority that is, the contact
persons of the partner organisation say.
"""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.access import works_as
from accounts.enums import Role
from accounts.models import User
from families import access as families
from families.access import Part
from families.models import Family
from partners.models import ContactPerson

FAMILY_READERS = frozenset({Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR})
LIST_READERS = FAMILY_READERS | {Role.CONTRACT_SPECIALIST}


def contracts_q(user: User, path: str = "", *, listed: bool = False) -> Q:
    """Contracts (or what `path` leads from) that `user` may open, or with `listed` find in lists; fails closed."""
    prefix = f"{path}__" if path else ""
    if works_as(user, Role.CONTRACT_SPECIALIST):
        return _of_authority(user, prefix)
    family_path = f"{prefix}family"
    return families.listed_q(user, family_path) if listed else families.visible_q(user, family_path)


def _of_authority(user: User, prefix: str) -> Q:
    appointment = user.appointment
    if appointment is None:
        return families.nothing()
    return Q(
        **{
            f"{prefix}authority__in": authorities_of(appointment.principal_id),
            f"{prefix}family__region_id": appointment.region_id,
            f"{prefix}family__is_restricted": False,
        }
    )


def authorities_of(user_id: int) -> "QuerySet[Any, Any]":
    """Ids of the organisations for which a person is a contact now."""
    return ContactPerson.objects.current().filter(user_id=user_id).values("partner_id")


def may_read(user: User, _subject: object = None) -> bool:
    """Read contracts and follow-up: whoever opens the family, but the secretary of a council."""
    return families.may_read(user, Part.DETAILS)


def may_read_casework(user: User) -> bool:
    """What lies beside the contract, such as visits, health and children: not the authority's specialist."""
    return not works_as(user, Role.CONTRACT_SPECIALIST)


def may_list(user: User) -> bool:
    """Open the list of contracts."""
    return works_as(user, *LIST_READERS)


def may_register(user: User, family: Family) -> bool:
    """Register a contract of the family: the specialist in charge and the team (access rules 6.2)."""
    return works_as(user, Role.SPECIALIST) and families.may_write(user, family)


def may_keep(user: User, contract: Any) -> bool:
    """End a contract, fill its sheets, stop its follow-up: the same people; head and director only read."""
    return may_register(user, contract.family)


def may_print(user: User, contract: Any) -> bool:
    """Take its papers: those who keep it, the head and the director."""
    return works_as(user, Role.DEPARTMENT_HEAD, Role.DIRECTOR) or may_keep(user, contract)


def printable_q(user: User, path: str = "") -> Q:
    """Contracts (or what `path` leads from) whose papers `user` may take: `may_print` for a set."""
    if works_as(user, Role.DEPARTMENT_HEAD, Role.DIRECTOR):
        return Q(pk__isnull=False)
    if works_as(user, Role.SPECIALIST):
        return families.writable_q(user, f"{path}__family" if path else "family")
    return families.nothing()
