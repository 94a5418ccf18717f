"""The one way a social contract moves along its states."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from casework.models import SupportCase
from casework.services.events import Params, record_event
from common.history import acting
from contracts import access
from contracts.enums import ContractState
from contracts.models import SocialContract
from contracts.states import move_between

EVENTS = {
    (ContractState.SIGNED, ContractState.RUNNING): "contract_in_force",
    (ContractState.RUNNING, ContractState.FOLLOW_UP): "contract_ended",
    (ContractState.FOLLOW_UP, ContractState.COMPLETED): "follow_up_completed",
    (ContractState.FOLLOW_UP, ContractState.STOPPED): "follow_up_stopped",
    (ContractState.STOPPED, ContractState.FOLLOW_UP): "follow_up_resumed",
}
"""What each move writes into the timeline of the case."""


def lock(contract: SocialContract) -> SocialContract:
    """`contract` itself, filled anew and locked to the end of the transaction."""
    rows: Any = SocialContract.objects.with_page().select_for_update(of=("self",))
    contract.refresh_from_db(from_queryset=rows)
    return contract


def transition(
    *,
    contract: SocialContract,
    to: ContractState,
    actor: User | None,
    on: date,
    params: Params | None = None,
    reason: str = "",
) -> None:
    """Save `contract` in its new state, with its event; the caller has set what else changes with it.

    `actor` None is the system itself, for moves that follow from dates and events. Raises ValidationError for a move
    that the table does not have, PermissionDenied for a person who does not keep the contract; then nothing is written.
    """
    move = move_between(contract.state, to)
    if move is None:
        raise ValidationError(_("A contract does not move between these states."), code="no_move")
    if (actor is None and not move.by_itself) or (actor is not None and not access.may_keep(actor, contract)):
        raise PermissionDenied
    contract.state = to
    with acting(actor, reason):
        contract.full_clean()
        contract.save()
    note(contract, EVENTS[move.source, move.target], on=on, by=actor, params=params)


def note(contract: SocialContract, kind: str, *, on: date, by: User | None, params: Params | None = None) -> None:
    """Write the event into the timeline of the family's case; a family without one has no timeline."""
    case = open_case(contract.family_id) or contract.case
    if case is not None:
        record_event(
            case,
            kind,
            on=on,
            by=by,
            params={"number": contract.number[:50], **(params or {})},
            object_kind="contracts.contract",
            object_id=contract.pk,
        )


def open_case(family_id: int) -> SupportCase | None:
    """The case under which the family is worked with now."""
    return SupportCase.objects.filter(family=family_id).open().first()
