"""The secretary's right to open the families of an agenda: from their inclusion to 30 days after the signing.

Members of a body get no such right: they read the packet (clarifications).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import User
from councils.access import PACKET_DAYS_AFTER_SIGNING, secretariat
from councils.enums import ItemState
from councils.models import AgendaItem, CouncilSession
from families.enums import GrantReason
from families.grants import bulk_grant, bulk_revoke
from families.models import FamilyGrant

KEPT_STATES = (ItemState.INCLUDED, ItemState.CONSIDERED, ItemState.POSTPONED)


def source_of(session: CouncilSession) -> str:
    """What the grants of a session are known by in the ledger."""
    return f"councils.session:{session.pk}"


def keeper_of(session: CouncilSession, actor: User) -> User:
    """Whose right it is: the session's secretary, one who works in the secretariat, else who keeps its papers now.

    A member of another agency who keeps the minutes of a session opens no families by that.
    """
    seat = session.secretary
    if seat is not None and seat.user is not None and secretariat(session.council).filter(user=seat.user).exists():
        return seat.user
    return _principal(actor)


def _principal(actor: User) -> User:
    """Whose rights `actor` uses."""
    principal_id = actor.appointment.principal_id if actor.appointment else actor.pk
    return actor if principal_id == actor.pk else User.objects.get(pk=principal_id)


def open_families(*, session: CouncilSession, families: Iterable[int], actor: User) -> None:
    """Open the families of questions that enter the agenda."""
    keys = sorted(set(families) - families_of(session, granted=True))
    if keys:
        bulk_grant(
            families=keys,
            user=keeper_of(session, actor),
            reason=GrantReason.AGENDA,
            starts_on=session.council.today(),
            actor=actor,
            source=source_of(session),
        )


def families_of(session: CouncilSession, *, granted: bool = False) -> set[int]:
    """Families of the questions on the agenda; with `granted`, those whose grant of this session is alive."""
    if granted:
        return set(_alive(session).values_list("family_id", flat=True))
    items = AgendaItem.objects.filter(session=session, state__in=KEPT_STATES, family__isnull=False)
    return set(items.values_list("family_id", flat=True))


def close_families(*, session: CouncilSession, families: Iterable[int], actor: User) -> None:
    """Close at once the families that no other question of the agenda concerns."""
    keys = sorted(set(families) - families_of(session))
    if keys:
        bulk_revoke(families=keys, reason=GrantReason.AGENDA, source=source_of(session), actor=actor)


def hand_over(*, session: CouncilSession, actor: User) -> None:
    """Another secretary keeps the session: the families are open to that person, and no longer to the former one."""
    keys = sorted(families_of(session))
    if keys:
        bulk_revoke(families=keys, reason=GrantReason.AGENDA, source=source_of(session), actor=actor)
        open_families(session=session, families=keys, actor=actor)


def end_now(*, session: CouncilSession, actor: User) -> None:
    """Take the right back at once: the session does not take place."""
    keys = sorted(families_of(session, granted=True))
    if keys:
        bulk_revoke(families=keys, reason=GrantReason.AGENDA, source=source_of(session), actor=actor)


def end_after_signing(*, session: CouncilSession, signed_on: date, actor: User) -> None:
    """Let the right run out 30 days after the signing (access rules 6.1).

    Whoever has left the secretariat keeps it no longer: it goes to who signed for it, else to the session's secretary.
    """
    held = list(_alive(session).select_related("user"))
    if not held:
        return
    keys = sorted({row.family_id for row in held})
    bulk_revoke(families=keys, reason=GrantReason.AGENDA, source=source_of(session), actor=actor)
    staff = set(secretariat(session.council).values_list("user_id", flat=True))
    seated = session.secretary.user if session.secretary else None
    heir = next((user for user in (_principal(actor), seated) if user is not None and user.pk in staff), None)
    by_keeper: dict[User, set[int]] = defaultdict(set)
    for row in held:
        keeper = row.user if row.user_id in staff else heir
        if keeper is not None:
            by_keeper[keeper].add(row.family_id)
    for keeper, families in by_keeper.items():
        bulk_grant(
            families=sorted(families),
            user=keeper,
            reason=GrantReason.AGENDA,
            starts_on=signed_on,
            ends_on=signed_on + timedelta(days=PACKET_DAYS_AFTER_SIGNING),
            actor=actor,
            source=source_of(session),
        )


def _alive(session: CouncilSession) -> "QuerySet[FamilyGrant]":
    """The grants that the session has made and nobody has taken back."""
    rows: QuerySet[FamilyGrant] = FamilyGrant.objects.filter(source=source_of(session), reason=GrantReason.AGENDA)
    return rows.filter(revoked_at=None)
