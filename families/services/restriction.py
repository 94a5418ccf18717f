"""Restricted families: victims of abuse, a refusal of a newborn, adoption. Open by name only (access rules 6.2)."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.access import works_as
from accounts.enums import Role
from accounts.models import User
from common.history import acting
from families import hooks
from families.enums import GrantReason
from families.grants import bulk_revoke, grant, restriction_changed, revoke
from families.models import Family, FamilyGrant
from families.services.responsibility import CURATOR_SOURCE

BY_HAND_SOURCE = "families.restriction"


@transaction.atomic
def restrict(*, actor: User, family: Family, reason: str, people: Iterable[User] = ()) -> None:
    """Close the family to all but those named on it and the director; other grants sleep until it is opened again.

    Named are `people`, the curator, and whoever closes it, unless that is the director, who reads it anyway.
    """
    if family.is_restricted:
        raise ValidationError(_("The family is restricted already."))
    family.is_restricted, family.restriction_reason = True, reason
    with acting(actor, reason):
        family.full_clean()
        family.save()
    restriction_changed([family])
    if family.curator is not None:
        _name(actor, family, family.curator, CURATOR_SOURCE)
    name_people(actor=actor, family=family, people=[*people, *([] if works_as(actor, Role.DIRECTOR) else [actor])])
    hooks.restriction_changed(actor, family)


@transaction.atomic
def name_people(*, actor: User, family: Family, people: Iterable[User]) -> int:
    """Open a restricted family to these people by name; return how many were named now."""
    named = set(_names(family).values_list("user_id", flat=True))
    fresh = {user.pk: user for user in people if user.pk not in named}
    for user in fresh.values():
        _name(actor, family, user, BY_HAND_SOURCE)
    return len(fresh)


def unname(*, actor: User, family: Family, user: User) -> int:
    """Close a restricted family to a person named by hand; its curator stays named."""
    return revoke(family=family, user=user, reason=GrantReason.NAMED, source=BY_HAND_SOURCE, actor=actor)


@transaction.atomic
def end_restriction(*, actor: User, family: Family, reason: str) -> None:
    """Open the family as any other; the names fall away and the grants that slept hold again."""
    if not family.is_restricted:
        raise ValidationError(_("The family is not restricted."))
    family.is_restricted, family.restriction_reason = False, ""
    with acting(actor, reason):
        family.full_clean()
        family.save()
    bulk_revoke(families=[family], reason=GrantReason.NAMED, actor=actor)
    restriction_changed([family])
    hooks.restriction_changed(actor, family)


def _names(family: Family) -> QuerySet[FamilyGrant]:
    today = family.institution.today()
    return FamilyGrant.objects.live(today).filter(family=family, reason=GrantReason.NAMED)


def _name(actor: User, family: Family, user: User, source: str) -> None:
    grant(
        family=family,
        user=user,
        reason=GrantReason.NAMED,
        may_write=True,
        starts_on=family.institution.today(),
        actor=actor,
        source=source,
    )
