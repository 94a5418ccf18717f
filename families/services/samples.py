"""The sample of an internal check: families that the director opens to the auditor, to read, until a day.

A sample is the lines of the ledger that were made together: they share a source. It has no right of its own, so it ends
with them, and a family that is restricted meanwhile falls out of it.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.access import working_appointment
from accounts.models import Department, User
from accounts.notifications import notify
from families.enums import GrantReason
from families.grants import bulk_grant, bulk_revoke
from families.models import Family, FamilyGrant

SOURCE = "families.sample:"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample as people see it: the lines of the ledger, which are alike but for the family."""

    pk: int
    """The id of its first line, by which addresses name it."""
    auditor: User
    granted_by: User | None
    note: str
    starts_on: date
    ends_on: date | None
    source: str
    families: list[Family]


@transaction.atomic
def grant_sample(
    *,
    actor: User,
    auditor: User,
    families: Collection[Family],
    ends_on: date,
    note: str,
    at_random: int = 0,
    department: Department | None = None,
) -> int:
    """Open these families to `auditor` for reading from today to `ends_on`; return the id of the sample.

    `at_random` more are drawn from those of the institution, or of `department`, that stand in no present sample of
    the auditor.
    Raises ValidationError for an empty sample, a day that is past, and a family `actor` does not answer for: so a
    restricted one is never in a sample, it is opened by name alone.
    """
    chosen = {family.pk for family in families}
    allowed = Family.objects.in_charge(actor)
    if allowed.filter(pk__in=chosen).count() != len(chosen):
        raise ValidationError(_("One of the families can no longer be chosen: open the page again."))
    today = working_appointment(actor).local_today()
    if ends_on < today:
        raise ValidationError({"ends_on": _("The day is past.")})
    known = _present(today).filter(user=auditor).values("family_id")
    others = allowed.exclude(pk__in=chosen).exclude(pk__in=known)
    drawn = others.filter(department=department) if department else others
    chosen |= set(drawn.order_by("?").values_list("pk", flat=True)[:at_random])
    if not chosen:
        raise ValidationError(_("Choose the families, or say how many are drawn at random."))
    source = f"{SOURCE}{uuid.uuid4().hex[:12]}"
    rows = bulk_grant(
        families=sorted(chosen),
        user=auditor,
        reason=GrantReason.AUDIT,
        starts_on=today,
        ends_on=ends_on,
        actor=actor,
        source=source,
        note=note,
    )
    first = min(row.pk for row in rows)
    notify(
        [auditor.pk],
        "families.sample_granted",
        fact=source,
        target="families:sample",
        target_id=first,
        until=ends_on,
        number=len(rows),
    )
    return first


def end_sample(*, actor: User, sample: Sample) -> int:
    """Close the families of the sample to its auditor at once; return how many were open."""
    keys = FamilyGrant.objects.filter(source=sample.source).values_list("family_id", flat=True)
    return bulk_revoke(
        families=list(keys), user=sample.auditor, reason=GrantReason.AUDIT, source=sample.source, actor=actor
    )


def present_samples(user: User, on: date) -> list[Sample]:
    """The samples in force on `on` that `user` may see, those that end first before others; two queries at most."""
    rows = FamilyGrant.objects.sampled_for(user).live(on).order_by("ends_on", "source", "family__title_key", "pk")
    found: dict[str, list[FamilyGrant]] = {}
    for row in rows.select_related("user", "granted_by", "family__department", "family__curator", "family__settlement"):
        found.setdefault(row.source, []).append(row)
    return [_sample(lines) for lines in found.values()]


def present_sample(user: User, pk: int, on: date) -> Sample | None:
    """The one of `present_samples` that a line of the ledger belongs to; None where there is none."""
    source = FamilyGrant.objects.filter(pk=pk, reason=GrantReason.AUDIT).values_list("source", flat=True).first()
    return next((sample for sample in present_samples(user, on) if sample.source == source), None)


def _sample(lines: list[FamilyGrant]) -> Sample:
    first = lines[0]
    return Sample(
        pk=min(line.pk for line in lines),
        auditor=first.user,
        granted_by=first.granted_by,
        note=first.note,
        starts_on=first.starts_on,
        ends_on=first.ends_on,
        source=first.source,
        families=[line.family for line in lines],
    )


def _present(on: date) -> QuerySet[FamilyGrant]:
    return FamilyGrant.objects.live(on).filter(reason=GrantReason.AUDIT)
