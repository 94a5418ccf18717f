"""The door to personal data: which families a person reaches, and through them everything that hangs on a family.

Two questions, two lists. *In charge*: the families a person answers for, one equality on a column. *Shared*: those
opened by a dated grant (a case team, a session's agenda, a handover, a named right). `visible` is either of them, for
opening one object, for search and for form choices; it fails closed. Lists of work ask only the first.

Whoever opens a family does not thereby read all of it (`Part`), nor write in it (`may_write`). Asked without the right,
a page outside the scope answers 404, one inside it 403.
"""

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.access import require, scope_in_charge, signed_in, works_as
from accounts.enums import Role
from accounts.models import User

if TYPE_CHECKING:
    from families.models import Family

__all__ = [
    "Part",
    "directory_q",
    "granted_family_ids",
    "in_charge_q",
    "listed_q",
    "may_end_restriction",
    "may_grant",
    "may_grant_samples",
    "may_print",
    "may_read",
    "may_read_grants",
    "may_read_restriction",
    "may_read_samples",
    "may_register",
    "may_restrict",
    "may_search",
    "may_see_directory",
    "may_write",
    "may_write_consent",
    "needs_reason",
    "nothing",
    "require",
    "require_part",
    "require_write",
    "sampled_q",
    "signed_in",
    "today_of",
    "visible_q",
    "writable_q",
]

READ_GRANT, WRITE_GRANT = "read_family", "write_family"
# A grant opens a family only to a person who works in one of these roles: the others never read families at all.
GRANT_ROLES = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.COUNCIL_SECRETARY, Role.AUDITOR)
WRITING_ROLES = (Role.SPECIALIST, Role.DEPARTMENT_HEAD)


class Part(Enum):
    """Parts of a family's record that are read by different rights (access rules 6.2 and 6.3, 5)."""

    CARD = "card"
    """Identity, members, categories, statuses: whoever opens the family."""
    DETAILS = "details"
    """Income, statements, consents, papers, history: not the secretary of a council."""
    HEALTH = "health"
    """Health and intimate life: neither the secretary nor the auditor."""


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


def granted_family_ids(user: User, permission: str = READ_GRANT) -> "QuerySet[Any, int]":
    """Ids of the families that a live grant opens to `user` today; rights are personal, whatever the unit.

    A deputy is granted what the person stood in for was granted: both look up the same principal. A grant never leads
    out of the region the person works in.
    """
    grants = apps.get_model("families", "FamilyUserObjectPermission").objects
    appointment = user.appointment
    if appointment is None or appointment.role not in GRANT_ROLES:
        return grants.none().values_list("content_object_id", flat=True)
    today = appointment.local_today()
    return grants.filter(
        Q(expires_on=None) | Q(expires_on__gte=today),
        user_id=appointment.principal_id,
        permission__codename=permission,
        content_object__region_id=appointment.region_id,
    ).values_list("content_object_id", flat=True)


def _granted_q(user: User, path: str, permission: str = READ_GRANT) -> Q:
    return Q(**{f"{path}_id__in" if path else "pk__in": granted_family_ids(user, permission)})


def listed_q(user: User, path: str = "") -> Q:
    """Families (or what `path` leads from) that lists, search and form choices may show: in charge, or by a grant.

    A restricted family stands only in the lists of those named on it: not in the director's, who opens it by its
    address.
    """
    if user.appointment is None:
        return nothing()
    return in_charge_q(user, path) | _granted_q(user, path)


def visible_q(user: User, path: str = "") -> Q:
    """Families (or what `path` leads from) that `user` may open at all: those listed, and for a director all."""
    seen = listed_q(user, path)
    if user.appointment is not None and works_as(user, Role.DIRECTOR):
        prefix = f"{path}__" if path else ""
        seen |= Q(**{f"{prefix}institution_id": user.appointment.institution_id})
    return seen


def writable_q(user: User, path: str = "") -> Q:
    """Families (or what `path` leads from) in which `user` may write: `may_write` for a set."""
    if not works_as(user, *WRITING_ROLES):
        return nothing()
    return in_charge_q(user, path) | _granted_q(user, path, WRITE_GRANT)


def may_write(user: User, family: "Family") -> bool:
    """The specialist in charge, the head of the department, and those granted the right to write; never a director.

    In a restricted family only those named on it.
    """
    if not works_as(user, *WRITING_ROLES):
        return False
    return _in_charge(user, family) or _has_grant(user, family, WRITE_GRANT)


def may_write_consent(user: User, family: "Family") -> bool:
    """Consents are kept by the specialist who answers for the family, or works in its team (access rules 6.2)."""
    return works_as(user, Role.SPECIALIST) and may_write(user, family)


def may_read(user: User, part: Part) -> bool:
    """Whether the role of `user` reads this part of the families it opens."""
    if part is Part.CARD:
        return True
    if part is Part.DETAILS:
        return not works_as(user, Role.COUNCIL_SECRETARY)
    return not works_as(user, Role.COUNCIL_SECRETARY, Role.AUDITOR)


def may_print(user: User, family: "Family") -> bool:
    """Issue the papers of a family: who writes in it, and the director; whoever only reads it issues none."""
    return works_as(user, Role.DIRECTOR) or may_write(user, family)


def may_read_restriction(user: User, family: "Family") -> bool:
    """Read why a family is, or was, restricted: head and director, who works with it, and specialists named on it."""
    if works_as(user, Role.DEPARTMENT_HEAD, Role.DIRECTOR):
        return True
    return works_as(user, Role.SPECIALIST) and (family.is_restricted or may_write(user, family))


def may_restrict(user: User, family: "Family") -> bool:
    """Mark a family as restricted, which only closes: the curator, the head, and whoever registered and keeps it."""
    if family.is_restricted or not may_write(user, family):
        return False
    if works_as(user, Role.DEPARTMENT_HEAD):
        return _in_charge(user, family)
    principal_id = user.appointment.principal_id if user.appointment else None
    keeper_id = family.curator_id or family.registered_by_id
    return keeper_id == principal_id


def may_end_restriction(user: User, family: "Family") -> bool:
    """Name people on a restricted family, and end the restriction: a head who is named on it, and the director."""
    if not family.is_restricted or user.appointment is None:
        return False
    if works_as(user, Role.DIRECTOR):
        return bool(family.institution_id == user.appointment.institution_id)
    return works_as(user, Role.DEPARTMENT_HEAD) and _has_grant(user, family, READ_GRANT)


def may_read_grants(user: User, family: "Family") -> bool:
    """Read why whom the family is open to: head and director, each of what they open."""
    return works_as(user, Role.DEPARTMENT_HEAD, Role.DIRECTOR)


def may_grant(user: User, family: "Family") -> bool:
    """Open a family that had a curator and has none any more to a person by name: the head (clarifications)."""
    if family.curator_id is not None or not (works_as(user, Role.DEPARTMENT_HEAD) and _in_charge(user, family)):
        return False
    kept: bool = family.history.exclude(curator=None).exists()
    return kept


def may_grant_samples(user: User) -> bool:
    """Open a sample of the institution's families to its auditor, and end one early: the director (clarifications)."""
    return works_as(user, Role.DIRECTOR)


def may_read_samples(user: User) -> bool:
    """See the samples: the director those of the institution, the auditor their own."""
    return works_as(user, Role.DIRECTOR, Role.AUDITOR)


def sampled_q(user: User) -> Q:
    """Lines of the ledger about samples that `user` may see (`may_read_samples`), by person and unit."""
    appointment = user.appointment
    if appointment is None or not may_read_samples(user):
        return nothing()
    here = Q(family__institution_id=appointment.institution_id)
    return here & Q(user_id=appointment.principal_id) if appointment.role == Role.AUDITOR else here


def may_register(user: User) -> bool:
    """Specialist, head and duty officer may register a family; it belongs to their department (clarifications)."""
    return works_as(user, Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DUTY_OFFICER)


def may_search(user: User) -> bool:
    """Search people and families: the roles that can open one at all."""
    return works_as(user, *GRANT_ROLES)


def may_see_directory(user: User) -> bool:
    """The name-only list of the institution (access rules 6.2; clarifications, duty officer)."""
    return works_as(user, Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.DUTY_OFFICER)


def directory_q(user: User) -> Q:
    """The families whose names `user` may see to avoid a duplicate: the institution's, restricted ones if named."""
    if user.appointment is None or not may_see_directory(user):
        return nothing()
    return Q(institution_id=user.appointment.institution_id) & (Q(is_restricted=False) | _granted_q(user, ""))


def needs_reason(user: User, family: "Family") -> bool:
    """Whether opening the family asks for a reason for the journal: a restricted one, any of an auditor's sample."""
    return family.is_restricted or works_as(user, Role.AUDITOR)


def require_write(user: User, family: "Family") -> None:
    """403 for a person who opens the family and may not write in it."""
    require(may_write(user, family))


def require_part(user: User, part: Part) -> None:
    """403 for a person whose role does not read this part of a family."""
    require(may_read(user, part))


def _in_charge(user: User, family: "Family") -> bool:
    """`in_charge_q` for one family at hand, without a query."""
    scope = scope_in_charge(user)
    return scope is not None and not family.is_restricted and getattr(family, scope.column) == scope.value


def _has_grant(user: User, family: "Family", permission: str) -> bool:
    return granted_family_ids(user, permission).filter(content_object_id=family.pk).exists()
