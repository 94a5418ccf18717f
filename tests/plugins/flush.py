"""Emptying the tables after a test with real transactions, although the journals refuse TRUNCATE.

Only the owner of a table may switch its triggers off, and only these lines of the suite do: the application has no way.
"""

import pytest
from django.db import OperationalError, connection
from django.db.backends.postgresql.operations import DatabaseOperations

PROTECTED = """
    SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 <> 0
"""
"""Tables with a trigger of ours on TRUNCATE (bit 5 of tgtype)."""

ATTEMPTS = 5


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that empty the tables, dictionaries included, after those that read them.

    Of both, those come first that stand in the access table's world: it is built anew after every break between them,
    and what takes longest had better not be left to the end, when the other processes have nothing to do.
    """
    items.sort(key=lambda item: (_empties_tables(item), not _stands_in_the_world(item)))


def _stands_in_the_world(item: pytest.Item) -> bool:
    return bool({"world", "walkers"} & set(getattr(item, "fixturenames", ())))


def _empties_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(
        (marker and marker.kwargs.get("transaction"))
        or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    )


def protected_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(PROTECTED)
        return [name for (name,) in cursor.fetchall()]


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_triggers() -> None:
    execute = DatabaseOperations.execute_sql_flush

    def past_the_triggers(operations: DatabaseOperations, statements: list[str]) -> None:
        tables = protected_tables()
        off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
        on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        for attempt in range(ATTEMPTS):
            try:
                execute(operations, [*off, *statements, *on])
            except OperationalError:
                # A page that closes while it asks for something leaves the live server at work for a moment.
                if attempt + 1 == ATTEMPTS:
                    raise
            else:
                return

    DatabaseOperations.execute_sql_flush = past_the_triggers
