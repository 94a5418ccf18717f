"""What was changed in a family's records, as far as a person may read it."""

from datetime import tzinfo
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from common.history import Change, History
from families.access import Part, may_read, may_read_restriction
from families.enums import SENSITIVE_TRAITS
from families.models import (
    Consent,
    ExternalId,
    Family,
    FamilyCategory,
    FamilyMembership,
    FamilyRiskGroup,
    FamilyStatement,
    FamilyStatus,
    IncomeRecord,
    MemberTrait,
    Person,
)

SHOWN = 200
# The same in every row, or lists that a consent never changes and its page shows in words.
NOT_SHOWN = ("version", "family", "region", "created_at", "created_by", "data", "actions")


def histories_of(user: User, family: Family) -> list[History]:
    """The histories of everything `user` reads of `family`."""
    hidden = NOT_SHOWN if may_read_restriction(user, family) else (*NOT_SHOWN, "is_restricted", "restriction_reason")
    return [History(source, exclude=hidden) for source in _tracked(user, family)]


def newest(found: list[Change], zone: tzinfo) -> dict[str, Any]:
    """What `ui/changes.html` shows of these changes: the latest, newest first, at the local time of `zone`."""
    latest = sorted(found, key=lambda change: change.at, reverse=True)
    return {"changes": latest[:SHOWN], "more": len(latest) > SHOWN, "shown": SHOWN, "zone": zone}


def _tracked(user: User, family: Family) -> list[QuerySet[Any]]:
    """The records of a family whose history the user may read."""
    traits = MemberTrait.objects.filter(membership__family=family)
    categories = FamilyCategory.objects.filter(family=family)
    if not may_read(user, Part.HEALTH):
        traits = traits.exclude(kind__in=SENSITIVE_TRAITS)
        categories = categories.filter(category__is_confidential=False)
    own = (FamilyMembership, FamilyStatus, FamilyRiskGroup, IncomeRecord, ExternalId, Consent, FamilyStatement)
    members = FamilyMembership.objects.filter(family=family).values("person")
    return [
        Family.objects.filter(pk=family.pk),
        Person.objects.filter(Q(pk__in=members)),
        traits,
        categories,
        *(model._base_manager.filter(family=family) for model in own),
    ]
