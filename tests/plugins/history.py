"""Every change of a tracked record leaves a row in its history: counted by triggers in the database, after each test.

django-simple-history misses what does not go through `save()`. So triggers on each tracked table note every row that a
statement inserted, changed or deleted, and those on its history every row written there; what a test changed more often
than the history tells is a fault of the code that wrote it. What a test itself writes past the services, to put records
in a state, is not counted.
"""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any, Final

import django
import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet
from psycopg.pq import TransactionStatus
from pytest_django import DjangoDbBlocker
from simple_history.models import HistoricalChanges
from simple_history.utils import get_history_model_for_model

TESTS: Final = Path(__file__).resolve().parent.parent
DJANGO: Final = Path(django.__file__).parent
COUNTED: Final = {"INSERT": "+", "UPDATE": "~", "DELETE": "-"}
PAST_SAVE: Final = ("update", "bulk_create", "bulk_update")
FIXTURES: Final = frozenset({"db", "transactional_db", "live_server", "cast", "world"})

TALLY: Final = """
    CREATE SCHEMA IF NOT EXISTS suite;
    CREATE UNLOGGED TABLE IF NOT EXISTS suite.tally (record text, key text, kind text, weight int);
    CREATE OR REPLACE FUNCTION suite.count_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            INSERT INTO suite.tally
            SELECT TG_ARGV[0], to_jsonb(n) ->> TG_ARGV[1], '~', 1
            FROM fresh n JOIN stale o ON to_jsonb(n) -> TG_ARGV[1] = to_jsonb(o) -> TG_ARGV[1]
            WHERE to_jsonb(n) - TG_ARGV[2]::text[] IS DISTINCT FROM to_jsonb(o) - TG_ARGV[2]::text[];
        ELSIF TG_OP = 'INSERT' THEN
            INSERT INTO suite.tally SELECT TG_ARGV[0], to_jsonb(n) ->> TG_ARGV[1], '+', 1 FROM fresh n;
        ELSE
            INSERT INTO suite.tally SELECT TG_ARGV[0], to_jsonb(o) ->> TG_ARGV[1], '-', 1 FROM stale o;
        END IF;
        RETURN NULL;
    END $$;
    CREATE OR REPLACE FUNCTION suite.count_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        INSERT INTO suite.tally
        SELECT TG_ARGV[0], to_jsonb(n) ->> TG_ARGV[1], to_jsonb(n) ->> 'history_type', -1 FROM fresh n;
        RETURN NULL;
    END $$;
"""
TRIGGER: Final = """
    CREATE OR REPLACE TRIGGER {name} AFTER {operation} ON {table} REFERENCING {rows} FOR EACH STATEMENT
    WHEN (current_setting('suite.aside', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION suite.{function}({arguments});
"""
ROWS: Final = {
    "INSERT": "NEW TABLE AS fresh",
    "UPDATE": "OLD TABLE AS stale NEW TABLE AS fresh",
    "DELETE": "OLD TABLE AS stale",
}
UNWRITTEN: Final = """
    WITH taken AS (DELETE FROM suite.tally RETURNING *)
    SELECT record, kind, count(*) FROM (
        SELECT record, kind FROM taken GROUP BY record, kind, key HAVING sum(weight) > 0
    ) AS missing GROUP BY record, kind ORDER BY record, kind
"""
NAMES: Final = {"+": "inserted", "~": "changed", "-": "deleted"}


def tracked_models() -> list[type[Model]]:
    """The models of the project whose changes are kept."""
    return [
        model
        for model in apps.get_models()
        if hasattr(model._meta, "simple_history_manager_attribute") and not issubclass(model, HistoricalChanges)
    ]


def untracked_columns(model: type[Any]) -> list[str]:
    """The columns whose changes the history leaves out: excluded by the model, or computed by the database."""
    kept = {field.column for field in get_history_model_for_model(model).tracked_fields if not field.generated}
    return [field.column for field in model._meta.concrete_fields if field.column not in kept]


def triggers_of(model: type[Any]) -> Iterator[str]:
    """The statements that make the triggers of a tracked table and of its history."""
    key = model._meta.pk.column
    about = f"'{model._meta.label}', '{key}'"
    aside = f"'{{{','.join(untracked_columns(model))}}}'"
    for operation in COUNTED:
        yield TRIGGER.format(
            name=f"suite_counts_{operation.lower()}",
            operation=operation,
            table=f'"{model._meta.db_table}"',
            rows=ROWS[operation],
            function="count_changes",
            arguments=f"{about}, {aside}",
        )
    yield TRIGGER.format(
        name="suite_counts_history",
        operation="INSERT",
        table=f'"{get_history_model_for_model(model)._meta.db_table}"',
        rows=ROWS["INSERT"],
        function="count_history",
        arguments=about,
    )


def unwritten() -> list[str]:
    """What was changed since the last call without a row of history: "casework.Visit: 2 changed"."""
    with connection.cursor() as cursor:
        cursor.execute(UNWRITTEN)
        return [f"{record}: {count} {NAMES[kind]}" for record, kind, count in cursor.fetchall()]


@contextmanager
def aside() -> Iterator[None]:
    """Within the block nothing is counted. Asked of the driver, so that no count of queries notices."""
    connection.ensure_connection()
    connection.connection.execute("SET suite.aside = 'on'")
    try:
        yield
    finally:
        if not _is_broken():
            connection.connection.execute("SET suite.aside = 'off'")


def _is_broken() -> bool:
    """Whether the connection takes no more statements: closed, or in a transaction that has failed."""
    driver = connection.connection
    return driver is None or driver.closed or driver.info.transaction_status is TransactionStatus.INERROR


def _is_called_by_a_test() -> bool:
    """Whether the first caller outside Django is a file of the suite."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and Path(frame.f_code.co_filename).is_relative_to(DJANGO):
        frame = frame.f_back
    return frame is not None and Path(frame.f_code.co_filename).is_relative_to(TESTS)


def _aside_for_tests(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def written(rows: QuerySet[Any], *args: Any, **values: Any) -> Any:
        if rows.model in TRACKED and _is_called_by_a_test():
            with aside():
                return method(rows, *args, **values)
        return method(rows, *args, **values)

    return written


TRACKED: Final[set[type[Model]]] = set()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The test database, with the triggers that count."""
    models = tracked_models()
    TRACKED.update(models)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(TALLY + "".join(line for model in models for line in triggers_of(model)))
    for name in PAST_SAVE:
        setattr(QuerySet, name, _aside_for_tests(getattr(QuerySet, name)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that changed tracked records without history."""
    result = yield
    if _has_a_database(item) and not connection.needs_rollback and not _is_broken():
        assert not (missing := unwritten()), f"changed without history: {'; '.join(missing)}"
    return result


def _has_a_database(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not FIXTURES.isdisjoint(names)
