"""Background work: ordered once, claimed by one, done exactly once, and never lost in silence."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Notification, Region, User
from accounts.notifications import text_of
from records import tasks
from records.enums import WORK_TRANSITIONS, RunOutcome, WorkState
from records.models import JobRun, LegalAct, WorkOrder
from records.services import runs, work, workers
from tests.cast import Cast, client_of
from tests.factories.accounts import RegionFactory
from tests.factories.records import LegalActFactory
from tests.records.concurrency import at_once

KIND = "tests.act"


class Doer:
    """The function of the tests' kind of work: makes a legal act, or fails as it is told."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.users: list[User | None] = []
        self.hints: list[int] = []
        self.before_return: Callable[[WorkOrder], None] = lambda order: None

    def __call__(self, order: WorkOrder, user: User | None) -> int | None:
        self.users.append(user)
        act = LegalActFactory(number=order.key)
        if self.error is not None:
            raise self.error
        self.before_return(order)
        return int(act.pk)


@pytest.fixture
def doer(monkeypatch: pytest.MonkeyPatch) -> Doer:
    monkeypatch.setattr(workers, "_workers", {})
    doer = Doer()
    workers.register_worker(KIND, doer, title="Приказ", lease=timedelta(minutes=1))
    monkeypatch.setattr(tasks, "send_hint", doer.hints.append)
    return doer


def ordered(actor: User | None = None, key: str = "1", **values: Any) -> WorkOrder:
    return work.order_work(kind=KIND, key=key, params={}, actor=actor, **values)


def state(order: WorkOrder) -> tuple[str, int]:
    order.refresh_from_db()
    return order.state, order.attempts


def perform(order: WorkOrder, at: datetime | None = None) -> None:
    claimed = work.claim(order.pk, now=at)
    assert claimed is not None
    work.run(claimed)


@pytest.mark.django_db
@pytest.mark.usefixtures("doer")
def test_the_same_key_is_ordered_once() -> None:
    assert ordered() == ordered()
    assert ordered(key="2") != ordered()
    assert WorkOrder.objects.count() == 2


@pytest.mark.usefixtures("doer")
def test_an_order_that_is_rolled_back_was_never_given(cast: Cast) -> None:
    with transaction.atomic():
        ordered(cast.head)
        transaction.set_rollback(True)
    assert not WorkOrder.objects.exists()


@pytest.mark.parametrize("value", ["Черных Ольга", "Ольга", {"name": "x"}, ["a b"], 1.5])
@pytest.mark.django_db
@pytest.mark.usefixtures("doer")
def test_parameters_hold_no_personal_data(value: Any) -> None:
    with pytest.raises(ValueError, match="neither an id nor a code"):
        work.order_work(kind=KIND, key="1", params={"who": value}, actor=None)
    params = {"report": 5, "quarter": "2026-Q1", "on": "2026-03-31", "cases": [1, 2], "none": None}
    assert work.order_work(kind=KIND, key="1", params=params, actor=None).params == params


@pytest.mark.django_db
def test_work_that_nobody_does_is_not_ordered() -> None:
    with pytest.raises(KeyError):
        work.order_work(kind="tests.unknown", key="1", params={}, actor=None)


def test_someone_without_an_appointment_orders_nothing(cast: Cast, doer: Doer) -> None:
    with pytest.raises(PermissionDenied):
        ordered(cast.newcomer)


@pytest.mark.django_db
def test_done_with_its_result(doer: Doer) -> None:
    order = ordered()
    perform(order)
    assert state(order) == (WorkState.DONE, 1)
    assert order.result_id == LegalAct.objects.get().pk
    assert order.finished_at is not None
    assert work.claim(order.pk) is None


def test_done_as_the_person_who_asked_in_the_appointment_they_asked_in(cast: Cast, doer: Doer) -> None:
    order = ordered(cast.deputy)
    asked_in = cast.deputy.appointment
    perform(order)
    (user,) = doer.users
    assert user == cast.deputy
    assert user is not None
    assert user.appointment == asked_in


@pytest.mark.parametrize("how", ["appointment", "account"])
def test_a_right_removed_meanwhile_cancels_the_work(cast: Cast, doer: Doer, how: str) -> None:
    order = ordered(cast.specialist)
    assert order.appointment is not None
    if how == "appointment":
        order.appointment.ends_on = order.appointment.local_today() - timedelta(days=1)
        order.appointment.save()
    else:
        User.objects.filter(pk=cast.specialist.pk).update(is_active=False)
    perform(order)
    assert state(order) == (WorkState.CANCELLED, 1)
    assert "RightsLost" in order.last_error
    assert doer.users == []


@pytest.mark.django_db
def test_a_worker_that_refuses_cancels_the_work(doer: Doer) -> None:
    doer.error = PermissionDenied()
    order = ordered()
    perform(order)
    assert state(order) == (WorkState.CANCELLED, 1)
    assert not LegalAct.objects.exists()


def test_failed_attempts_wait_longer_and_end_where_people_see_it(cast: Cast, doer: Doer) -> None:
    doer.error = ZeroDivisionError("Черных Ольга, 12.03.1990")
    order = ordered(cast.head, max_attempts=3)
    pauses = []
    for _attempt in range(2):
        began = timezone.now()
        perform(order, at=max(order.not_before, began))
        assert state(order)[0] == WorkState.QUEUED
        pauses.append(order.not_before - began)
        assert work.claim(order.pk, now=began) is None
    assert work.BACKOFF <= pauses[0] < pauses[1]
    perform(order, at=order.not_before)
    assert state(order) == (WorkState.FAILED, 3)
    assert order.last_error.startswith("builtins.ZeroDivisionError at records/test_work.py:")
    assert "Черных" not in order.last_error
    assert not LegalAct.objects.exists()
    told = Notification.objects.get()
    assert told.recipient == cast.head
    assert "Приказ" in text_of(told)


@pytest.mark.django_db
def test_failed_work_is_tried_anew_when_a_person_asks(doer: Doer) -> None:
    doer.error = ZeroDivisionError()
    order = ordered(max_attempts=1)
    perform(order)
    assert state(order) == (WorkState.FAILED, 1)
    doer.error = None
    perform(work.retry_order(order=order))
    assert state(order) == (WorkState.DONE, 1)
    with pytest.raises(ValueError, match="cannot go"):
        work.retry_order(order=order)


@pytest.mark.django_db
@pytest.mark.usefixtures("doer")
def test_not_before_its_time() -> None:
    later = timezone.now() + timedelta(hours=1)
    order = ordered(not_before=later)
    assert work.claim(order.pk) is None
    assert work.requeue_due(timezone.now()) == []
    assert work.requeue_due(later) == [order.pk]
    assert work.claim(order.pk, now=later) is not None


@pytest.mark.django_db
def test_the_longest_waiting_is_claimed_first_and_each_once(doer: Doer) -> None:
    now = timezone.now()
    second = ordered(key="2", not_before=now - timedelta(minutes=1))
    first = ordered(key="1", not_before=now - timedelta(minutes=2))
    assert [work.claim_next(KIND), work.claim_next(KIND), work.claim_next(KIND)] == [first, second, None]


@pytest.mark.django_db
def test_a_lost_worker_is_replaced_when_its_lease_runs_out(doer: Doer) -> None:
    order = ordered()
    killed = work.claim(order.pk)
    assert killed is not None
    after = timezone.now() + timedelta(minutes=2)
    assert work.requeue_due(timezone.now()) == []
    assert work.requeue_due(after) == [order.pk]
    assert state(order) == (WorkState.QUEUED, 1)
    assert order.last_error == work.WORKER_LOST
    perform(order, at=after)
    assert state(order) == (WorkState.DONE, 2)
    # The first one was only slow: what it does now must not count.
    work.run(killed)
    assert LegalAct.objects.count() == 1
    work.fail(killed, "late")
    assert state(order) == (WorkState.DONE, 2)


@pytest.mark.django_db
def test_a_hint_may_claim_lost_work_before_the_sweeper(doer: Doer) -> None:
    order = ordered()
    work.claim(order.pk)
    assert work.claim(order.pk) is None
    assert work.claim(order.pk, now=timezone.now() + timedelta(minutes=2)) is not None
    assert state(order) == (WorkState.RUNNING, 2)


def test_work_that_kills_every_worker_fails_visibly(cast: Cast, doer: Doer) -> None:
    order, now = ordered(cast.head, max_attempts=2), timezone.now()
    for _attempt in range(2):
        assert work.claim(order.pk, now=now) is not None
        now += timedelta(minutes=2)
        work.requeue_due(now)
    assert state(order) == (WorkState.FAILED, 2)
    assert order.last_error == work.WORKER_LOST
    assert Notification.objects.get().recipient == cast.head
    assert work.claim(order.pk, now=now) is None


@pytest.mark.parametrize("before", WorkState.values)
@pytest.mark.parametrize("after", WorkState.values)
@pytest.mark.django_db
@pytest.mark.usefixtures("doer")
def test_every_move_is_in_the_table_or_refused(before: str, after: str) -> None:
    order = ordered()
    now = timezone.now()
    held = {"lease_until": now, "claimed_by": "x"} if before == WorkState.RUNNING else {}
    ended = {} if before in {WorkState.QUEUED, WorkState.RUNNING} else {"finished_at": now}
    WorkOrder.objects.filter(pk=order.pk).update(state=before, **held, **ended)
    order.refresh_from_db()
    values: dict[str, Any] = {"lease_until": now} if after == WorkState.RUNNING else {}
    if after not in {WorkState.QUEUED, WorkState.RUNNING}:
        values["finished_at"] = now
    if after in WORK_TRANSITIONS[before]:
        work._move(order, WorkState(after), **values)
        assert state(order)[0] == after
    else:
        with pytest.raises(ValueError, match="cannot go"):
            work._move(order, WorkState(after), **values)
        assert state(order)[0] == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": WorkState.RUNNING},
        {"state": WorkState.DONE},
        {"claimed_by": "x"},
        {"finished_at": datetime(2026, 1, 1, tzinfo=timezone.get_default_timezone())},
    ],
)
@pytest.mark.django_db
@pytest.mark.usefixtures("doer")
def test_the_database_refuses_impossible_states(wrong: dict[str, Any]) -> None:
    order = ordered()
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_two_claimers_get_different_orders(doer: Doer) -> None:
    orders = {ordered(key="1").pk, ordered(key="2").pk}
    claimed, done = Barrier(2), Barrier(2)

    def claimer() -> int | None:
        claimed.wait(timeout=10)
        with transaction.atomic():
            order = work.claim_next(KIND)
            # Both hold what they took before either commits.
            done.wait(timeout=10)
        return order.pk if order else None

    assert set(at_once(claimer, claimer)) == orders


@pytest.mark.django_db(transaction=True)
def test_a_slow_worker_keeps_its_order_past_its_lease(doer: Doer) -> None:
    order = ordered()
    long_after = timezone.now() + timedelta(hours=1)
    seen: list[Any] = []

    def meanwhile(_order: WorkOrder) -> None:
        seen.extend(at_once(lambda: work.requeue_due(long_after), lambda: work.claim(order.pk, now=long_after)))

    doer.before_return = meanwhile
    perform(order)
    assert seen == [[], None]
    assert state(order) == (WorkState.DONE, 1)
    assert LegalAct.objects.count() == 1


class Killed(BaseException):
    """What no code of ours may catch, as SIGKILL."""


@pytest.mark.django_db
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_work_is_done_once(doer: Doer) -> None:
    def kill(_order: WorkOrder) -> None:
        raise Killed

    order = ordered()
    doer.before_return = kill
    with pytest.raises(Killed):
        perform(order)
    assert not LegalAct.objects.exists()
    assert state(order) == (WorkState.RUNNING, 1)
    doer.before_return = lambda order: None
    after = timezone.now() + timedelta(minutes=2)
    assert work.requeue_due(after) == [order.pk]
    perform(order, at=after)
    assert state(order) == (WorkState.DONE, 2)
    assert LegalAct.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_cut_in_the_middle_leads_to_another_attempt(doer: Doer) -> None:
    order = ordered()

    def terminate(backend: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])

    def cut_the_connection(_order: WorkOrder) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (backend,) = cursor.fetchone()
        at_once(lambda: terminate(backend))

    doer.before_return = cut_the_connection
    at_once(lambda: perform(order))
    assert not LegalAct.objects.exists()
    assert state(order) == (WorkState.QUEUED, 1)
    assert "OperationalError" in order.last_error


@pytest.mark.usefixtures("doer")
def test_a_broker_that_is_down_does_not_undo_the_act(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(order_id: int) -> None:
        raise ConnectionError

    monkeypatch.setattr(tasks, "send_hint", refuse)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        order = ordered(cast.head)
    assert len(callbacks) == 1
    assert work.requeue_due(timezone.now()) == [order.pk]


@pytest.mark.django_db
def test_the_sweep_sends_out_what_is_due(doer: Doer) -> None:
    order = ordered()
    tasks.sweep()
    assert doer.hints == [order.pk]
    tasks.perform(order.pk)
    assert state(order) == (WorkState.DONE, 1)
    tasks.perform(order.pk)
    assert state(order) == (WorkState.DONE, 1)
    tasks.sweep()
    assert doer.hints == [order.pk]


def test_a_kind_has_one_worker(doer: Doer) -> None:
    with pytest.raises(ValueError, match="already"):
        workers.register_worker(KIND, doer, title="Приказ")


@pytest.mark.requirement("L13")
@pytest.mark.django_db
def test_a_run_is_accounted_for() -> None:
    region = RegionFactory()
    with runs.job_run("tests.job", region) as run:
        run.counts["reminded"] = 3
    seen = JobRun.objects.get()
    assert (seen.region, seen.outcome, seen.counts, seen.error) == (region, RunOutcome.DONE, {"reminded": 3}, "")
    assert seen.finished_at is not None


@pytest.mark.requirement("L13")
@pytest.mark.django_db
def test_a_failure_in_one_region_is_shown_and_does_not_stop_the_others() -> None:
    regions = RegionFactory.create_batch(3)
    done: list[tuple[Region, date]] = []

    def job(region: Region, today: date, run: JobRun) -> None:
        if region == regions[1]:
            raise ZeroDivisionError("Черных Ольга")
        done.append((region, today))

    with pytest.raises(runs.JobFailed, match=regions[1].code):
        runs.run_in_regions("tests.job", job)
    assert done == [(region, region.today()) for region in (regions[0], regions[2])]
    failed = JobRun.objects.get(outcome=RunOutcome.FAILED)
    assert failed.region == regions[1]
    assert "ZeroDivisionError" in failed.error
    assert "Черных" not in failed.error


@pytest.mark.django_db
def test_the_nightly_tidying_keeps_account_of_itself() -> None:
    tasks.tidy()
    run = JobRun.objects.get()
    assert (run.name, run.outcome) == ("records.tidy", RunOutcome.DONE)
    assert set(run.counts) == {"drafts", "submissions", "runs", "files"}
    JobRun.objects.update(started_at=timezone.now() - timedelta(days=91))
    tasks.tidy()
    assert JobRun.objects.count() == 1


def spent_order(cast: Cast, doer: Doer) -> WorkOrder:
    """Work that the specialist ordered and that failed for good."""
    doer.error = ZeroDivisionError("Черных Ольга")
    order = ordered(cast.specialist, max_attempts=1)
    perform(order)
    return order


@pytest.mark.django_db
def test_whoever_ordered_it_is_led_from_the_notice_of_failure_to_another_try(cast: Cast, doer: Doer) -> None:
    order = spent_order(cast, doer)
    client = client_of(cast.specialist)
    notice = cast.specialist.notifications.get()
    page = client.post(reverse("notification_open", args=[notice.pk]))
    assert page["Location"] == reverse("records:work", args=[order.pk])
    text = client.get(page["Location"]).content.decode()
    assert "Приказ" in text
    assert "Повторить" in text
    assert "ZeroDivisionError" not in text

    assert client.post(page["Location"]).status_code == 302
    assert state(order) == (WorkState.QUEUED, 0)
    notice.refresh_from_db()
    assert notice.settled_at is not None
    doer.error = None
    perform(order)
    assert "Повторить" not in client.get(page["Location"]).content.decode()
    assert client.post(page["Location"]).status_code == 302
    assert state(order) == (WorkState.DONE, 1), "what is done stays done"


@pytest.mark.django_db
def test_work_of_others_does_not_exist(cast: Cast, doer: Doer) -> None:
    order = spent_order(cast, doer)
    for name in ("colleague", "head", "region_admin"):
        client = client_of(cast.people[name])
        url = reverse("records:work", args=[order.pk])
        assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]
    assert state(order)[0] == WorkState.FAILED
