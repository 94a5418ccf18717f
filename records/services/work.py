"""Ordering background work, claiming it, and ending it exactly once (design, 7)."""

import os
import re
import socket
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone

from accounts.access import working_appointment
from accounts.models import User
from accounts.notifications import notify, settle
from records.enums import WORK_TRANSITIONS, WorkState
from records.models import WorkOrder
from records.services.workers import failure_code, worker_for

SWEEP_SECONDS = 60
SWEEP_LIMIT = 500
BACKOFF = timedelta(seconds=30)
LONGEST_BACKOFF = timedelta(hours=1)
WORKER_LOST = "the worker was lost"
CODE = re.compile(r"[\w.:+-]{0,64}", re.ASCII)


class LeaseLost(RuntimeError):
    """The order was claimed by another worker meanwhile: what was done here must not count."""


class RightsLost(PermissionDenied):
    """Who ordered the work may not have it done any more."""


def order_work(
    *,
    kind: str,
    key: str,
    params: dict[str, Any],
    actor: User | None,
    not_before: datetime | None = None,
    max_attempts: int = 5,
) -> WorkOrder:
    """Order background work in the transaction of the act that needs it; the same key again gives the first order.

    `params` may hold ids, dates and codes only: ValueError for anything that could be a name. `actor` None is the
    system; a person's order is done in the appointment they work in now. A worker is told after the commit; should the
    broker be down, the sweeper finds the order within a minute.
    """
    worker_for(kind)
    _refuse_personal_data(params)
    appointment = working_appointment(actor) if actor else None
    order, created = WorkOrder.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "params": params,
            "requested_by": actor,
            "appointment": appointment,
            "not_before": not_before or timezone.now(),
            "max_attempts": max_attempts,
        },
    )
    if created and order.not_before <= timezone.now():
        _hint(order.pk)
    return order


def order_all(*, kind: str, orders: dict[str, dict[str, Any]]) -> int:
    """Order the system's own work in bulk: parameters by key; return how many are new.

    Keys that were ordered before are left alone. Nobody is told: the sweeper finds the orders within a minute, and a
    broker that is down loses none.
    """
    worker_for(kind)
    for params in orders.values():
        _refuse_personal_data(params)
    known = set(WorkOrder.objects.filter(kind=kind, key__in=orders).values_list("key", flat=True))
    new = [WorkOrder(kind=kind, key=key, params=params) for key, params in orders.items() if key not in known]
    WorkOrder.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def retry_order(*, order: WorkOrder) -> WorkOrder:
    """Let failed work be tried anew, with all its attempts; a person asked for it. The notice of failure is settled."""
    with transaction.atomic():
        order = WorkOrder.objects.select_for_update().get(pk=order.pk)
        _move(order, WorkState.QUEUED, attempts=0, not_before=timezone.now())
        settle([failure_code(order.kind)], [order.pk])
        _hint(order.pk)
    return order


def claim(order_id: int, *, now: datetime | None = None) -> WorkOrder | None:
    """Take one order for this worker if it is due or lost, and nobody else holds it; None otherwise."""
    return _claim(now or timezone.now(), pk=order_id)


def claim_next(kind: str, *, now: datetime | None = None) -> WorkOrder | None:
    """Take the order of `kind` that has waited longest; two who ask at once get different ones."""
    return _claim(now or timezone.now(), kind=kind)


@transaction.atomic
def _claim(now: datetime, **which: Any) -> WorkOrder | None:
    rows = WorkOrder.objects.claimable(now).filter(**which).order_by("not_before", "pk")
    order = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if order is None:
        return None
    if order.state == WorkState.RUNNING:
        _move(order, WorkState.QUEUED, last_error=WORKER_LOST)
    _move(
        order,
        WorkState.RUNNING,
        attempts=order.attempts + 1,
        started_at=now,
        lease_until=now + worker_for(order.kind).lease,
        claimed_by=f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"[-100:],
    )
    return order


def run(order: WorkOrder) -> None:
    """Do claimed work: its effect and the mark that it is done are one transaction.

    The row stays locked meanwhile, so nobody else claims it, however long it takes; and a worker that was taken for
    lost finds its claim gone and leaves no trace. Errors are kept with the order, not raised.
    """
    try:
        with transaction.atomic():
            locked = _locked_claim(order)
            result_id = worker_for(order.kind).function(locked, _user_of(locked))
            _move(locked, WorkState.DONE, result_id=result_id, finished_at=timezone.now(), last_error="")
    except LeaseLost:
        return
    except (PermissionDenied, Http404) as refusal:
        _end(order, WorkState.CANCELLED, describe(refusal))
    except Exception as error:  # noqa: BLE001 - a worker never dies of the work: every error is kept with the order
        fail(order, describe(error))


def fail(order: WorkOrder, error: str) -> None:
    """Note a failed attempt: another one later, longer each time, or the visible end after the last."""
    if order.attempts >= order.max_attempts:
        _end(order, WorkState.FAILED, error)
        return
    pause = min(BACKOFF * 2 ** (order.attempts - 1), LONGEST_BACKOFF)
    with transaction.atomic():
        try:
            locked = _locked_claim(order)
        except LeaseLost:
            return
        _move(locked, WorkState.QUEUED, not_before=timezone.now() + pause, last_error=error)


@transaction.atomic
def requeue_due(now: datetime) -> list[int]:
    """What the sweeper does each minute: give up or re-queue lost work, and return the ids of what is due now.

    Rows that a worker holds locked are passed over: it is alive and at work.
    """
    lost = WorkOrder.objects.lost(now).select_for_update(skip_locked=True)
    spent = list(lost.filter(attempts__gte=F("max_attempts")))
    _free(lost.filter(attempts__lt=F("max_attempts")), WorkState.QUEUED, finished_at=None)
    _free(spent, WorkState.FAILED, finished_at=now)
    for order in spent:
        order.finished_at = now
        _tell_of_failure(order)
    due = WorkOrder.objects.due(now).order_by("not_before", "pk")
    return list(due.values_list("pk", flat=True)[:SWEEP_LIMIT])


def describe(error: BaseException) -> str:
    """The kind and the place of an error; never its message, which may hold personal data."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f" at {'/'.join(code.co_filename.split('/')[-2:])}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__module__}.{type(error).__qualname__}{place}"[:300]


def _free(orders: Iterable[WorkOrder], state: WorkState, **values: Any) -> None:
    WorkOrder.objects.filter(pk__in=[order.pk for order in orders]).update(
        state=state, lease_until=None, claimed_by="", last_error=WORKER_LOST, **values
    )


def _hint(order_id: int) -> None:
    """Tell a worker after the commit; the broker may be down, and the act that was committed must not fail for it."""
    from records.tasks import send_hint  # noqa: PLC0415 - tasks import these services

    transaction.on_commit(lambda: send_hint(order_id), robust=True)


def _move(order: WorkOrder, state: WorkState, **values: Any) -> None:
    """The only way an order changes its state."""
    if state not in WORK_TRANSITIONS[order.state]:
        raise ValueError(f"Work cannot go from {order.state} to {state}.")
    cleared: dict[str, Any] = {"lease_until": None, "claimed_by": "", "finished_at": None}
    for name, value in (cleared | values | {"state": state}).items():
        setattr(order, name, value)
    order.save()


def _locked_claim(order: WorkOrder) -> WorkOrder:
    """The order, locked, if it is still claimed as it was when `order` was read."""
    held = WorkOrder.objects.select_for_update(of=("self",)).select_related("requested_by", "appointment")
    locked = held.filter(pk=order.pk, state=WorkState.RUNNING, claimed_by=order.claimed_by).first()
    if locked is None:
        raise LeaseLost
    return locked


def _user_of(order: WorkOrder) -> User | None:
    """The person the work is done as, in the appointment they ordered it in; raises RightsLost when it has ended."""
    if order.requested_by is None:
        return None
    user = order.requested_by
    appointment = next((row for row in user.appointments_in_force if row.pk == order.appointment_id), None)
    if appointment is None:
        raise RightsLost
    user.work_as(appointment)
    return user


@transaction.atomic
def _end(order: WorkOrder, state: WorkState, error: str) -> None:
    try:
        locked = _locked_claim(order)
    except LeaseLost:
        return
    _move(locked, state, finished_at=timezone.now(), last_error=error)
    if state == WorkState.FAILED:
        _tell_of_failure(locked)


def _tell_of_failure(order: WorkOrder) -> None:
    if order.requested_by_id is not None:
        # After a retry a second failure is another fact.
        fact = f"work:{order.pk}:{order.finished_at:%Y%m%d%H%M%S}"
        notify([order.requested_by_id], failure_code(order.kind), fact=fact, target="records:work", target_id=order.pk)


def _refuse_personal_data(params: dict[str, Any]) -> None:
    for name, value in params.items():
        values = value if isinstance(value, list) else [value]
        if not all(_is_code(item) for item in values):
            raise ValueError(f"Parameter {name} is neither an id nor a code.")


def _is_code(value: object) -> bool:
    return value is None or isinstance(value, int) or (isinstance(value, str) and bool(CODE.fullmatch(value)))
