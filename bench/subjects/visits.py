"""Recording a visit with three services: what the database does, and the whole request."""

import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from time import perf_counter
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from bench.floors import Floor, floor
from bench.measuring import Row, Timing, compared, in_turns
from bench.people import Browser, client_of, longest_case, people
from bench.run import Run
from casework.catalogue import Catalogue
from casework.enums import Channel, Stage, VisitPurpose, VisitState
from casework.models import SupportCase
from families.models import FamilyMembership

SERVICES = 3
SQL_GOAL, REQUEST_GOAL = 3, 40
SUBJECT = f"recording a visit with {SERVICES} services"
TEXT = "Дети дома, ухожены. Обсудили режим дня младшего ребёнка."
WRITTEN = "SELECT relname, n_tup_ins FROM pg_stat_xact_user_tables WHERE n_tup_ins > 0 ORDER BY relname"


def measure(run: Run) -> list[Row]:
    """As the curator records it; each time another visit to the same family is written."""
    curator = people()[0].user
    case = _case(curator)
    path, form = f"/cases/{case.pk}/visits/new/", _Form(case, curator)
    client = client_of(curator)

    def post() -> None:
        answer = client.post(path, form.filled(), headers={"X-Forwarded-Proto": "https"})
        if answer.status_code != HTTPStatus.FOUND:
            raise ValueError(f"{path}: {answer.status_code}")

    raw = _floor(run, case, curator, form)
    _same_rows(raw, post)
    taken = {"floor": _sql_times(raw.rolled_back, run.turns), "post": _sql_times(post, run.turns)}
    browser = Browser(run.server.address, curator)
    whole = in_turns(
        {"hello": partial(browser.get, "/_hello/"), "visit": lambda: browser.post(path, form.filled())}, run.turns
    )
    browser.close()
    return [
        compared(
            SUBJECT, "SQL", taken, ("post", "floor"), SQL_GOAL, note="all statements of the request, without COMMIT"
        ),
        compared(SUBJECT, "request", whole, ("visit", "hello"), REQUEST_GOAL, note="to a bare view"),
    ]


def _case(curator: User) -> SupportCase:
    """A case whose page is not measured, for it grows with each turn."""
    others = SupportCase.objects.in_charge(curator).filter(stage=Stage.ACTIVE).exclude(pk=longest_case().pk)
    case: SupportCase = others.select_related("family").order_by("pk")[0]
    return case


class _Form:
    """What the browser sends."""

    def __init__(self, case: SupportCase, curator: User) -> None:
        self.titles = [row.pk for row in Catalogue(case.family, curator, case.institution.today()).usual[:SERVICES]]
        members = FamilyMembership.objects.filter(family=case.family_id).on(case.institution.today())
        self.members = list(members.order_by("pk"))
        self.data: dict[str, Any] = {
            "state": VisitState.HELD.value,
            "held_on": case.institution.today().isoformat(),
            "channel": Channel.HOME.value,
            "purpose": VisitPurpose.PLANNED.value,
            "observations": TEXT,
            "members_seen": [row.pk for row in self.members],
            "services": self.titles,
            **{f"{name}-{part}_FORMS": 0 for name in ("services", "companions") for part in ("TOTAL", "INITIAL")},
        }

    def filled(self) -> dict[str, Any]:
        """The form with a key of its own, so that each sending is taken."""
        return self.data | {"submission": str(uuid.uuid4())}


def _floor(run: Run, case: SupportCase, curator: User, form: _Form) -> Floor:
    params = {
        "case": case.pk,
        "family": case.family_id,
        "region": case.region_id,
        "institution": case.institution_id,
        "department": case.department_id,
        "actor": curator.pk,
        "today": run.today,
        "text": TEXT,
        "titles": form.titles,
        "memberships": [row.pk for row in form.members],
        "people": [row.person_id for row in form.members],
    }
    return floor("visit", params)


def _same_rows(raw: Floor, post: Callable[[], None]) -> None:
    """Raises ValueError when the floor does not write as many rows into each table as the request does."""
    ours, floors = _rows_written(post), _rows_written(raw)
    if ours != floors:
        raise ValueError(f"the request and its floor write other rows: {ours - floors}, {floors - ours}")


def _rows_written(work: Callable[[], object]) -> "Counter[str]":
    """By table; what the same connection wrote just before is counted by the server as well, so it is taken off."""
    with transaction.atomic():
        before = _counted()
        work()
        written = _counted() - before
        transaction.set_rollback(True)
    return written


def _counted() -> "Counter[str]":
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return Counter(dict(cursor.fetchall()))


def _sql_times(work: Callable[[], object], turns: int, *, warm: int = 3) -> Timing:
    """How long the statements of `work` take each time, all together."""
    taken = []
    for turn in range(warm + turns):
        with _clock() as clock:
            work()
        if turn >= warm:
            taken.append(clock.ms)
    return Timing(tuple(taken))


class _Clock:
    ms = 0.0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.ms += (perf_counter() - began) * 1000


@contextmanager
def _clock() -> Any:
    clock = _Clock()
    with connection.execute_wrapper(clock):
        yield clock
