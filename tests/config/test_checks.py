"""The check of the database server, against the suite's own and against one that cannot tell Cyrillic letters."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.checks import Tags, run_checks
from django.db import connection
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from config import checks


@pytest.fixture
def letterless(db: None) -> Iterator[psycopg.Connection]:
    """A database with the locale `C`, where lower('Ё') is 'Ё'."""
    here = connection.get_connection_params()
    name = f"{connection.settings_dict['NAME']}_letterless"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
    with psycopg.connect(**here, autocommit=True) as server:
        server.execute(create.format(sql.Identifier(name)))
        with psycopg.connect(**here | {"dbname": name}) as other:
            yield other
        server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


@pytest.mark.django_db
def test_the_suites_database_passes_and_is_really_asked() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert run_checks(tags=[Tags.database], databases=["default"]) == []
    assert any("getdatabaseencoding" in query["sql"] for query in queries)


def test_a_database_without_cyrillic_letters_is_refused(letterless: psycopg.Connection) -> None:
    assert [error.id for error in checks.check_server(letterless)] == ["opora.E002"]


@pytest.mark.django_db
def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        ((version,),) = cursor.fetchall()
    monkeypatch.setattr(checks, "OLDEST_SERVER", version + 1)
    assert [error.id for error in checks.check_server(connection)] == ["opora.E001"]
