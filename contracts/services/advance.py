"""What happens to contracts by itself: the daily course, and what the room below has announced (domain 3.11)."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.fields.json import KT

from accounts.models import Region
from accounts.notifications import notify
from casework.models import CaseEvent, SupportCase
from common.history import update_with_history
from contracts.enums import ContractState, StopReason
from contracts.models import FollowUpSheet, SocialContract
from contracts.querysets import ContractQuerySet
from contracts.services.contracts import put_in_force
from contracts.services.followup import complete, stop
from records.models import JobRun

logger = structlog.get_logger(__name__)
OPEN_CASES = SupportCase.objects.open().filter(family=OuterRef("family"))
# A case opened by mistake is closed for a reason of its own, which ends no follow-up.
ANNOUNCED = CaseEvent.objects.filter(kind="follow_up_ends_early", case__removal_reason__in=StopReason.values).annotate(
    number=KT("params__number")
)


def advance(region: Region, today: date, run: JobRun) -> None:
    """Bring the contracts of a region to where they stand today; a second run on the same day changes nothing."""
    ours: ContractQuerySet[Any] = SocialContract.objects.filter(family__region=region).order_by("pk")
    run.counts = {
        "adopted": _adopt(ours),
        "in_force": _begin(ours, today),
        "stopped": _stop_announced(ours),
        "completed": _complete(ours, today),
        "reminded": _remind(ours, today),
    }


def _adopt(ours: ContractQuerySet[Any]) -> int:
    """Let contracts registered before the family had a case belong to it: figures ask for the ground of that case."""
    adopted = 0
    for contract in ours.filter(Exists(OPEN_CASES), case=None):
        case = SupportCase.objects.open().get(family=contract.family_id)
        adopted += update_with_history(ours.filter(pk=contract.pk), actor=None, case=case)
    return adopted


def _begin(ours: ContractQuerySet[Any], today: date) -> int:
    begun = ours.filter(state=ContractState.SIGNED, starts_on__lte=today)
    return _each(begun, lambda contract: put_in_force(contract=contract, actor=None))


def _complete(ours: ContractQuerySet[Any], today: date) -> int:
    unfilled = FollowUpSheet.objects.unfilled().filter(contract=OuterRef("pk"))
    over = ours.filter(~Exists(unfilled), state=ContractState.FOLLOW_UP, follow_up_ends_on__lt=today)
    return _each(over, lambda contract: complete(contract=contract, actor=None))


def _stop_announced(ours: ContractQuerySet[Any]) -> int:
    """Stop the follow-ups of families whose support was ended for a reason of 4.8: casework has announced it (I12)."""
    announced = ANNOUNCED.filter(case__family=OuterRef("family"), number=OuterRef("number"))
    waiting = ours.filter(Exists(announced), ~Exists(OPEN_CASES), state=ContractState.FOLLOW_UP)
    return _each(waiting, _stop_as_announced)


def _stop_as_announced(contract: SocialContract) -> None:
    announced = ANNOUNCED.filter(case__family=contract.family_id, number=contract.number)
    event = announced.select_related("case").latest("pk")
    first_day = (contract.ended_on or event.on) + timedelta(days=1)
    stop(
        contract=contract,
        on=max(event.on, first_day),
        reason=StopReason(event.case.removal_reason),
        explanation=event.case.removal_note,
        actor=None,
    )


def _remind(ours: ContractQuerySet[Any], today: date) -> int:
    """Tell curators, once each, of contracts whose planned end has passed and which nobody has ended."""
    over = ours.filter(state=ContractState.RUNNING, planned_end_on__lt=today, family__curator__isnull=False)
    return sum(
        notify(
            [curator],
            "contracts.end_due",
            fact=f"contract:{pk}:end_due",
            target="contracts:contract",
            target_id=pk,
            number=number,
            day=day,
        )
        for pk, number, day, curator in over.values_list("pk", "number", "planned_end_on", "family__curator")
    )


def _each(contracts: Iterable[SocialContract], act: Callable[[SocialContract], None]) -> int:
    """Do it for each contract in a transaction of its own; one that refuses is logged and does not stop the rest."""
    done = 0
    for contract in contracts:
        try:
            with transaction.atomic():
                act(contract)
        except ValidationError as refusal:
            logger.warning("contract_not_advanced", contract=contract.pk, errors=len(refusal.messages))
        else:
            done += 1
    return done
