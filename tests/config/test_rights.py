"""The application's database role: rows yes, schema and journal no."""

import psycopg
import pytest
from django.db import connection
from psycopg import errors

from config.rights import append_only_tables


def test_works_with_rows(app_connection: psycopg.Connection) -> None:
    with app_connection.transaction(force_rollback=True):
        inserted = app_connection.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('k', '', now()) RETURNING 1"
        ).fetchall()
        updated = app_connection.execute("UPDATE django_session SET session_data = 'x' RETURNING 1").fetchall()
        deleted = app_connection.execute("DELETE FROM django_session RETURNING 1").fetchall()
    assert [len(rows) for rows in (inserted, updated, deleted)] == [1, 1, 1]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE accounts_user ADD COLUMN backdoor text",
        "DROP TABLE accounts_user",
        "CREATE TABLE own (id int)",
        "TRUNCATE accounts_user CASCADE",
        "ALTER TABLE accounts_accessevent DISABLE TRIGGER ALL",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('accounts', '9999', now())",
    ],
)
def test_does_not_alter_the_schema(app_connection: psycopg.Connection, statement: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app_connection.execute(statement)


@pytest.mark.parametrize("table", append_only_tables())
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_does_not_rewrite_what_is_append_only(app_connection: psycopg.Connection, table: str, verb: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app_connection.execute(verb.format(table).encode())


def test_the_journal_is_append_only() -> None:
    assert {"accounts_accessevent", "accounts_accessseal"} <= set(append_only_tables())


@pytest.mark.django_db
def test_the_owner_is_somebody_else(app_connection: psycopg.Connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'accounts_accessevent'")
        owner = cursor.fetchone()
    assert owner != app_connection.execute("SELECT current_user").fetchone()
