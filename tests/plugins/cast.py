"""The cast as a fixture; see tests/cast.py.

Most tests begin with it, and building it takes some sixty statements. So each test process builds it once, notes the
rows, and hands every test the same rows in one statement, with objects of the test's own.
"""

import datetime
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql
from pytest_django import DjangoDbBlocker

from tests.cast import Cast, build_cast

INSERTS = re.compile(r"(?i)\s*INSERT\s+INTO\s+\"?(\w+)")
WRITTEN_BY_HAND = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
"""The columns of a table that a statement may fill."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The cast as it was built: the statement that writes its rows anew, its objects, and the day by its own clock."""

    statement: str
    objects: bytes
    clock: ZoneInfo
    day: datetime.date

    @property
    def is_of_today(self) -> bool:
        return timezone.localdate(timezone=self.clock) == self.day

    def play(self) -> Cast:
        with connection.cursor() as cursor:
            cursor.execute(self.statement)
        cast: Cast = pickle.loads(self.objects)
        return cast


@pytest.fixture(scope="session")
def _recording(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Recording:
    with django_db_blocker.unblock():
        return record()


@pytest.fixture
def cast(_recording: Recording, db: None) -> Cast:
    # Deputies are appointed from yesterday to tomorrow: past midnight, or with another clock, they are others.
    return _recording.play() if _recording.is_of_today else build_cast()


def record() -> Recording:
    """Build the cast, note what it is made of, and take it back. Its ids stay its own: sequences only go on."""
    with transaction.atomic():
        with tables_filled() as tables:
            cast = build_cast()
        statement = "".join(statement_for(table) for table in tables)
        transaction.set_rollback(True)
    for table in tables:
        assert not rows_of(table), f"{table} held rows before the cast, which would be taken for the cast's own."
    return Recording(statement, pickle.dumps(cast), ZoneInfo(cast.region.time_zone), cast.institution.today())


@contextmanager
def tables_filled() -> Iterator[dict[str, None]]:
    """The tables that rows are inserted into, in the order of the first insert."""
    tables: dict[str, None] = {}

    def note(execute: Callable[..., Any], statement: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if target := INSERTS.match(str(statement)):
            tables.setdefault(target[1])
        return execute(statement, params, many, context)

    with connection.execute_wrapper(note):
        yield tables


def rows_of(table: str) -> str | None:
    """All rows as JSON; None for an empty table."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT json_agg(t)::text FROM {} t").format(sql.Identifier(table)))
        rows: str | None = cursor.fetchone()[0]
        return rows


def statement_for(table: str) -> str:
    """An INSERT of the rows that the table holds now."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN_BY_HAND, [table])
        columns = sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())
    form = "INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, {rows});\n"
    statement = sql.SQL(form).format(table=sql.Identifier(table), columns=columns, rows=sql.Literal(rows_of(table)))
    return statement.as_string(connection.connection)
