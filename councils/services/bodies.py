"""Bodies and who sits in them: kept by the region's administrator (S0-73)."""

from django.db import transaction

from accounts.access import require
from accounts.models import User
from common.history import acting
from councils import access
from councils.models import Council, CouncilMember


@transaction.atomic
def save_body(*, council: Council, actor: User) -> Council:
    """Enter or change a body of the administrator's region. Raises PermissionDenied, ValidationError."""
    require(access.may_manage_bodies(actor) and actor.appointment is not None)
    require(actor.appointment is not None and council.region_id == actor.appointment.region_id)
    with acting(actor):
        council.full_clean()
        council.save()
    return council


@transaction.atomic
def save_seat(*, seat: CouncilMember, actor: User) -> CouncilMember:
    """Seat a person in a body, or change the seat; a term that is over stays on record. As above."""
    require(access.may_manage_bodies(actor))
    require(actor.appointment is not None and seat.council.region_id == actor.appointment.region_id)
    with acting(actor):
        seat.full_clean()
        seat.save()
    return seat
