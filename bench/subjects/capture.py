"""The statements of a page, run again by themselves: the part of its time that the database takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BEGIN = "BEGIN"
"""ATOMIC_REQUESTS: what middleware asks for stands before it, what the view and its templates ask for after it."""


@dataclass(frozen=True, slots=True)
class Queries:
    """The statements of one page, values put in."""

    middleware: list[str]
    page: list[str]

    @property
    def reading(self) -> list[str]:
        """What the page reads; without the row that it leaves in the journal."""
        return [sql for sql in self.page if sql.startswith("SELECT")]

    @property
    def number(self) -> int:
        """All of them, the middleware's and the journal's too."""
        return len(self.middleware) + len(self.page)


def queries_of(client: Client, path: str) -> Queries:
    """The statements of a page that was opened before. Raises ValueError for any answer but 200."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != HTTPStatus.OK:
        raise ValueError(f"{path}: {answer.status_code}")
    found = [query["sql"] for query in captured]
    start = found.index(BEGIN)
    # The last is the COMMIT.
    return Queries(found[:start], found[start + 1 : -1])


def replay(sql: str, params: Any = None) -> Callable[[], object]:
    """Run the statement through psycopg and fetch everything."""

    def run() -> object:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    return run


def replay_all(queries: Sequence[str]) -> Callable[[], object]:
    """Run the statements one after the other."""
    runs = [replay(sql) for sql in queries]
    return lambda: [run() for run in runs]
