"""The chain of seals over the access journal: made by a job, checked by `manage.py verify_journal`.

A hash per row would make all readers queue behind one another, so batches are hashed afterwards (design, 11). The
digest of the newest seal, kept outside the database, shows even a rewriting of the whole chain.
"""

import hashlib
import json
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Max

from accounts.models import AccessEvent, AccessSeal

GENESIS = "0" * 64
BATCH = 5_000

COLUMNS = (
    "id",
    "at",
    "user_id",
    "acting_for_id",
    "role",
    "region_id",
    "institution_id",
    "department_id",
    "action",
    "kind",
    "object_id",
    "object_ids",
    "family_id",
    "reason",
    "route",
    "address",
    "request_id",
)


@dataclass(frozen=True)
class ChainState:
    """What a check of the chain found: the first broken seal if any, and how far the chain reaches."""

    seals: int
    events: int
    unsealed: int
    digest: str
    broken_seal: AccessSeal | None

    @property
    def is_whole(self) -> bool:
        return self.broken_seal is None


def seal_journal() -> int:
    """Seal all events written so far; return how many. Does nothing, and returns 0, when there is nothing new."""
    horizon = _settled_event_id()
    sealed = 0
    while batch := _seal_batch(horizon):
        sealed += batch
    return sealed


def verify_chain() -> ChainState:
    """Recompute every seal from the rows and compare."""
    previous, digest, events, count = 0, GENESIS, 0, 0
    for seal in AccessSeal.objects.order_by("last_event_id").iterator():
        digest, size = _digest(digest, previous, seal.last_event_id)
        if digest != seal.digest or size != seal.event_count:
            return ChainState(count, events, 0, seal.digest, seal)
        previous, events, count = seal.last_event_id, events + size, count + 1
    unsealed = AccessEvent.objects.filter(id__gt=previous).count()
    return ChainState(count, events, unsealed, digest, None)


def _settled_event_id() -> int:
    """The newest id below which no transaction can still add a row.

    An insert takes its lock before its number from the sequence; so while we hold a lock that waits for all inserts,
    every number handed out belongs to a finished transaction. The lock is held for one look-up only; when a slow writer
    is in the way we give up after two seconds and the next run seals.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        cursor.execute("LOCK TABLE accounts_accessevent IN SHARE MODE")
        newest: int | None = AccessEvent.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


@transaction.atomic
def _seal_batch(horizon: int) -> int:
    with connection.cursor() as cursor:
        # Two jobs at once would seal the same rows twice; the second waits and then finds nothing.
        cursor.execute("LOCK TABLE accounts_accessseal IN SHARE ROW EXCLUSIVE MODE")
    last = AccessSeal.objects.order_by("-last_event_id").first()
    previous, digest = (last.last_event_id, last.digest) if last else (0, GENESIS)
    ids = AccessEvent.objects.filter(id__gt=previous, id__lte=horizon).order_by("id").values_list("id", flat=True)
    batch = list(ids[:BATCH])
    if not batch:
        return 0
    digest, size = _digest(digest, previous, batch[-1])
    AccessSeal.objects.create(last_event_id=batch[-1], event_count=size, digest=digest)
    return size


def _digest(previous_digest: str, after_id: int, up_to_id: int) -> tuple[str, int]:
    """The seal over rows (`after_id`, `up_to_id`] on top of `previous_digest`, and the number of rows."""
    hasher = hashlib.sha256(previous_digest.encode())
    size = 0
    rows = AccessEvent.objects.filter(id__gt=after_id, id__lte=up_to_id).order_by("id")
    for row in rows.values_list(*COLUMNS).iterator(chunk_size=BATCH):
        hasher.update(json.dumps(row, default=str, ensure_ascii=False).encode())
        size += 1
    return hasher.hexdigest(), size
