"""The statements of a page, run again by themselves: the part of its time that the database takes."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

BEFORE_THE_VIEW = ("django_session", "accounts_appointment", "SAVEPOINT", "usersessions")
"""What the middleware asks for on every page."""


def statements(client: Client, path: str) -> list[str]:
    """The reading statements of the page itself, values put in; without those of the middleware and of the journal."""
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise ValueError(f"{path}: {answer.status_code}")
    found = [query["sql"] for query in captured]
    return [sql for sql in found if sql.startswith("SELECT") and not any(word in sql[:400] for word in BEFORE_THE_VIEW)]


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
