"""Every page asks the database as often for many rows as for few: for each route of the table and each role."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse

from tests.access.domains import Role
from tests.access.growing import FAMILIES, SESSIONS, copy, grow
from tests.access.routes import Route, table
from tests.access.test_walk import subjects_of
from tests.access.tokenizing import records_of
from tests.access.walk import Walker, prepare
from tests.access.worlds import Subject, World

pytestmark = pytest.mark.django_db

# Everything stands there once, then twice, then fifty times: among families and units, and within each of them.
FEW, MANY = 2, 50
GROWN = frozenset({*FAMILIES, *SESSIONS})
WORKING = frozenset({"casework:planned", "casework:journal", "contracts:contracts"})
# The session is saved now and then, whatever the page.
BY_THE_CLOCK = re.compile(r'SAVEPOINT|RELEASE SAVEPOINT|UPDATE "(django_session|usersessions_usersession)"')
# Pages that end where the rows are too many, and why.
EDGES = {"casework:journal_pdf": "a longer journal asks for a shorter period (casework.views.journal)"}


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent meanwhile, those by the clock aside."""
    sent: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not BY_THE_CLOCK.match(str(sql)):
            sent.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def pages(world: World) -> Iterator[tuple[Walker, Route, Subject | None]]:
    """Every page of the table, opened once by each role that may, about one of the subjects that have grown."""
    for role in Role:
        walker = Walker(world, world.lead(role))
        for route in table():
            if "GET" not in route.methods or role is Role.ANONYMOUS:
                continue
            if route.is_list:
                if walker.has_list(route):
                    yield walker, route, None
                continue
            subjects = sorted(subjects_of(world, route), key=lambda row: row is not None and row.key not in GROWN)
            allowed = (row for row in subjects if (fact := walker.expected(route, row)) is not None and fact.shows)
            yield from ((walker, route, row) for row in list(allowed)[:1])


def statements(walker: Walker, route: Route, subject: Subject | None) -> list[str] | None:
    """What a page sends to the database; None where it leads elsewhere."""
    path = reverse(route.name, args=subject.ids[route.at] if subject and route.at else ())
    if route.every:
        path += f"?{route.every}={walker.world.subject('own').ids[route.every][0]}"
    with transaction.atomic():
        prepare(route, subject)
        with counted() as sent:
            response = walker.client.get(path)
        transaction.set_rollback(True)
    return sent if response.status_code == 200 else None


@pytest.mark.requirement("L20")
def test_pages_ask_as_often_for_many_rows_as_for_few(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    grow(world, FEW - 1, within=FEW - 1)
    asked = list(pages(world))
    before = [statements(*page) for page in asked]
    point = transaction.savepoint()
    grow(world, MANY - FEW, within=MANY // FEW - 1)
    after = [statements(*page) if few is not None else None for page, few in zip(asked, before, strict=True)]
    transaction.savepoint_rollback(point)
    growing = []
    for page, few, many in zip(asked, before, after, strict=True):
        # A page that is full may ask once less: what it had to look up for an older row stands on the next one.
        if few is None or page[1].name in EDGES or (many is not None and len(many) <= len(few)):
            continue
        again = statements(*page)  # what was asked only once is in the cache by now
        if again is None or many is None or len(many) > len(again):
            growing.append(f"{page[0].actor}: {page[1].name}: {len(again or ())} and {len(many or ())} statements")
    shown = sum(row is not None for row in before)
    with capsys.disabled():
        print(f"\npages with a constant number of queries: {shown - len(growing)} of {shown}")  # noqa: T201
    assert shown > 400
    assert not growing, "\n".join(growing)


def test_a_page_that_asks_once_more_for_each_row_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the joins of the querysets, working lists ask for what belongs to each row."""
    monkeypatch.setattr(QuerySet, "select_related", lambda rows, *_names: rows.all())
    asked = [page for page in pages(world) if page[0].actor.role is Role.DEPARTMENT_HEAD and page[1].name in WORKING]
    before = [statements(*page) for page in asked]
    family = world.subject("own").family
    copy([family, *(row for row in records_of(family) if row != family)], FEW)
    after = [statements(*page) for page in asked]
    more = {
        page[1].name for page, few, many in zip(asked, before, after, strict=True) if len(many or ()) > len(few or ())
    }
    assert more == WORKING
