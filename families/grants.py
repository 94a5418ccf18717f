"""Grants on families: made and revoked when something happens, never by hand (access rules 6.3, 2).

The ledger (`FamilyGrant`) says why, from whom and until when; guardian's rows say what is open now. `_keep_in_step`
alone writes the latter, from the former, in one statement for any number of families. A grant ends on its day without
any job: every query compares the day.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import AccessAction
from accounts.journal import record_for
from accounts.models import User
from families.enums import GrantReason
from families.models import Family, FamilyGrant

# What is open now: for each person and family the latest end of the reasons that hold. In a restricted family only a
# name counts. Reasons that have ended give a row that has ended, so the statement needs no "today".
KEEP_IN_STEP = """
    WITH open AS (
        SELECT g.family_id, g.user_id, p.id AS permission_id,
            CASE WHEN bool_or(g.ends_on IS NULL) THEN NULL ELSE max(g.ends_on) END AS expires_on
        FROM families_familygrant g
        JOIN families_family f ON f.id = g.family_id
        JOIN auth_permission p ON p.codename = 'read_family' OR (p.codename = 'write_family' AND g.may_write)
        JOIN django_content_type t ON t.id = p.content_type_id AND t.app_label = 'families' AND t.model = 'family'
        WHERE g.family_id = ANY(%(families)s) AND g.revoked_at IS NULL
            AND (g.reason = %(named)s OR NOT f.is_restricted)
        GROUP BY g.family_id, g.user_id, p.id
    ), closed AS (
        DELETE FROM families_familyuserobjectpermission o
        WHERE o.content_object_id = ANY(%(families)s) AND NOT EXISTS (
            SELECT FROM open
            WHERE (open.family_id, open.user_id, open.permission_id) = (o.content_object_id, o.user_id, o.permission_id)
        )
    )
    INSERT INTO families_familyuserobjectpermission (content_object_id, user_id, permission_id, expires_on)
    SELECT family_id, user_id, permission_id, expires_on FROM open
    ON CONFLICT (user_id, permission_id, content_object_id) DO UPDATE SET expires_on = excluded.expires_on
"""

# "+AGENDA user:58 councils.session:3" of a grant, "-user:58 reason:AGENDA" of what was taken back; see `_journal`.
WRITTEN = re.compile(r"(?P<sign>[+-])(?P<granted>[A-Z_]*) ?(?:user:(?P<user>\d+))? ?(?:reason:(?P<reason>[A-Z_]+))?")

FamilyIds = Iterable["Family | int"]


def grant(
    *,
    family: Family,
    user: User,
    reason: GrantReason,
    starts_on: date,
    actor: User | None,
    ends_on: date | None = None,
    may_write: bool = False,
    source: str = "",
    note: str = "",
) -> FamilyGrant:
    """Open `family` to `user` from `starts_on` (today or earlier) to `ends_on`, both inside; None: until revoked.

    `source` names what made it ("casework.assignment:12"), so that it can be revoked by it. Raises ValueError for a
    grant that would begin in the future: it is made on its day.
    """
    (row,) = bulk_grant(
        families=[family],
        user=user,
        reason=reason,
        starts_on=starts_on,
        actor=actor,
        ends_on=ends_on,
        may_write=may_write,
        source=source,
        note=note,
    )
    return row


@transaction.atomic
def bulk_grant(
    *,
    families: FamilyIds,
    user: User,
    reason: GrantReason,
    starts_on: date,
    actor: User | None,
    ends_on: date | None = None,
    may_write: bool = False,
    source: str = "",
    note: str = "",
) -> list[FamilyGrant]:
    """The same for many families at once, as when a caseload is handed over."""
    keys = _locked(families)
    today = Family.objects.filter(pk__in=keys[:1]).select_related("institution__region").get().institution.today()
    if starts_on > today:
        raise ValueError("A grant begins today or has begun.")
    rows = FamilyGrant.objects.bulk_create(
        FamilyGrant(
            family_id=key,
            user=user,
            reason=reason,
            note=note,
            may_write=may_write,
            source=source,
            granted_by=actor,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        for key in keys
    )
    _keep_in_step(keys)
    _journal(actor, keys, f"+{reason.value} user:{user.pk} {source}")
    return rows


def revoke(
    *,
    family: Family,
    actor: User | None,
    user: User | None = None,
    reason: GrantReason | None = None,
    source: str | None = None,
) -> int:
    """Take back the grants on `family` that match; return how many."""
    return bulk_revoke(families=[family], actor=actor, user=user, reason=reason, source=source)


@transaction.atomic
def bulk_revoke(
    *,
    families: FamilyIds,
    actor: User | None,
    user: User | None = None,
    reason: GrantReason | None = None,
    source: str | None = None,
) -> int:
    """Take back, at once, the grants on these families that match all of what is given; return how many."""
    keys = _locked(families)
    wanted = {
        name: value for name, value in {"user": user, "reason": reason, "source": source}.items() if value is not None
    }
    rows = FamilyGrant.objects.filter(family_id__in=keys, revoked_at=None, **wanted)
    revoked = rows.update(revoked_at=timezone.now(), revoked_by=actor)
    if revoked:
        _keep_in_step(keys)
        parts = [f"{name}:{getattr(value, 'pk', value)}" for name, value in wanted.items()]
        _journal(actor, keys, f"-{' '.join(parts)}")
    return revoked


def restriction_changed(families: FamilyIds) -> None:
    """Close what a name alone keeps open, or open it again, after `is_restricted` of these families was changed."""
    _keep_in_step(_locked(families))


def live_grants(family: Family, on: date) -> "Any":
    """The reasons for which `family` is open to people on `on`, for the page that lists them."""
    live = FamilyGrant.objects.live(on).filter(family=family).select_related("user", "granted_by")
    return live.filter(reason=GrantReason.NAMED) if family.is_restricted else live


def worded(code: str, people: Mapping[int, User]) -> str:
    """What `_journal` wrote down, for people: to whom, out of `people`, the family was opened or closed, and why."""
    found = WRITTEN.match(code)
    if found is None:
        return code
    person = people.get(int(found["user"] or 0), _("another member of staff"))
    if found["sign"] == "+":
        text = _("opened to: %(person)s") % {"person": person}
    elif found["user"]:
        text = _("closed to: %(person)s") % {"person": person}
    else:
        text = _("closed to those it was opened to")
    reason = found["granted"] or found["reason"]
    return f"{text} ({GrantReason(reason).label})" if reason in GrantReason.values else text


def _locked(families: FamilyIds) -> list[int]:
    """The keys in order; the families stay locked, so that two changes of one family's grants follow each other."""
    keys = [row.pk if isinstance(row, Family) else row for row in families]
    locked = Family.objects.filter(Q(pk__in=keys)).order_by("pk").select_for_update()
    return list(locked.values_list("pk", flat=True))


def _keep_in_step(keys: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(KEEP_IN_STEP, {"families": keys, "named": GrantReason.NAMED.value})


def _journal(actor: User | None, keys: list[int], what: str) -> None:
    record_for(
        actor,
        AccessAction.SECURITY,
        "familygrant",
        family_id=keys[0] if len(keys) == 1 else None,
        family_ids=keys if len(keys) > 1 else (),
        reason=what.strip(),
    )
