"""Bodies, their own rules and who sits in them: kept by the region's administrator (S0-73)."""

from typing import TypeVar

from django.db import transaction

from accounts.access import require
from accounts.models import User
from common.editing import VersionedModel
from common.history import acting
from councils import access
from councils.models import Council, CouncilMember, CouncilPolicy

RecordT = TypeVar("RecordT", bound=VersionedModel)


def save_body(*, council: Council, actor: User) -> Council:
    """Enter or change a body of the administrator's region. Raises PermissionDenied, ValidationError."""
    return _save(council, council.region_id, actor)


def save_seat(*, seat: CouncilMember, actor: User) -> CouncilMember:
    """Seat a person in a body, or change the seat; a term that is over stays on record. As above."""
    return _save(seat, seat.council.region_id, actor)


def save_own_rules(*, policy: CouncilPolicy, actor: User) -> CouncilPolicy:
    """Enter or change what a body does otherwise than its region from a day on. As above."""
    return _save(policy, policy.council.region_id, actor)


@transaction.atomic
def _save(record: RecordT, region_id: int, actor: User) -> RecordT:
    require(access.may_manage_bodies(actor))
    require(actor.appointment is not None and region_id == actor.appointment.region_id)
    with acting(actor):
        record.full_clean()
        record.save()
    return record
