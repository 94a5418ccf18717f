"""The chain of seals over the access journal: made by a job, checked by `manage.py verify_journal`.

A hash per row would make all readers queue behind one another, so batches are hashed afterwards (design, 11). The
digest of the newest seal, kept outside the database, shows even a rewriting of the whole chain; so each digest goes
into the log as it is made, where the owner of the database has no hand.
"""

import hashlib
import json
from dataclasses import dataclass

import structlog
from django.db import connection, transaction
from django.db.models import Max

from accounts.models import AccessEvent, AccessSeal
from accounts.models.journal import INSERT_LOCK

logger = structlog.get_logger(__name__)

GENESIS = "0" * 64
# Below every id a bigint can hold, so that no forged row stands before the first batch.
BEFORE_ALL = -(2**63)
BATCH = 5_000
# Two jobs at once would seal the same rows twice; the second waits for this lock and then finds nothing.
SEAL_LOCK = INSERT_LOCK + 1

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
    "family_ids",
    "object_institution_id",
    "reason",
    "route",
    "address",
    "request_id",
)


@dataclass(frozen=True)
class ChainState:
    """What a check of the chain found: the first broken seal if any, and how far the chain reaches.

    `has_expected` tells whether the digest that was asked for, kept outside the database, is one of the whole seals.
    """

    seals: int
    events: int
    unsealed: int
    digest: str
    broken_seal: AccessSeal | None
    has_expected: bool

    @property
    def is_whole(self) -> bool:
        return self.broken_seal is None and self.has_expected


def seal_journal() -> int:
    """Seal all events written so far; return how many. Does nothing, and returns 0, when there is nothing new."""
    horizon = _settled_event_id()
    sealed = 0
    while seal := _seal_batch(horizon):
        sealed += seal.event_count
        logger.info("journal_sealed", last_event=seal.last_event_id, digest=seal.digest)
    return sealed


def verify_chain(expected: str = "") -> ChainState:
    """Recompute every seal from the rows and compare; `expected` is a digest that the chain must contain."""
    previous, digest, events, count = BEFORE_ALL, GENESIS, 0, 0
    found = not expected
    broken = None
    for seal in AccessSeal.objects.order_by("last_event_id").iterator():
        digest, size = _digest(digest, previous, seal.last_event_id)
        if digest != seal.digest or size != seal.event_count:
            broken = seal
            break
        found = found or digest == expected
        previous, events, count = seal.last_event_id, events + size, count + 1
    unsealed = AccessEvent.objects.filter(id__gt=previous).count()
    return ChainState(count, events, unsealed, digest, broken, found)


def _settled_event_id() -> int:
    """The newest id below which no transaction can still add a row.

    A trigger takes the lock of an insert before the row gets its number from the sequence; so while we hold the lock
    alone, every number handed out belongs to a finished transaction. It is held for one look-up only; when a slow
    writer is in the way we give up after two seconds (`lock_timeout`, an OperationalError) and the next run seals. An
    advisory lock, because the application's database role may not lock the journal itself.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [INSERT_LOCK])
        newest: int | None = AccessEvent.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


@transaction.atomic
def _seal_batch(horizon: int) -> AccessSeal | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
    last = AccessSeal.objects.order_by("-last_event_id").first()
    previous, digest = (last.last_event_id, last.digest) if last else (BEFORE_ALL, GENESIS)
    ids = AccessEvent.objects.filter(id__gt=previous, id__lte=horizon).order_by("id").values_list("id", flat=True)
    batch = list(ids[:BATCH])
    if not batch:
        return None
    digest, size = _digest(digest, previous, batch[-1])
    return AccessSeal.objects.create(last_event_id=batch[-1], event_count=size, digest=digest)


def _digest(previous_digest: str, after_id: int, up_to_id: int) -> tuple[str, int]:
    """The seal over rows (`after_id`, `up_to_id`] on top of `previous_digest`, and the number of rows."""
    hasher = hashlib.sha256(previous_digest.encode())
    size = 0
    rows = AccessEvent.objects.filter(id__gt=after_id, id__lte=up_to_id).order_by("id")
    for row in rows.values_list(*COLUMNS).iterator(chunk_size=BATCH):
        hasher.update(json.dumps(row, default=str, ensure_ascii=False).encode())
        size += 1
    return hasher.hexdigest(), size
