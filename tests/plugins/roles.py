"""A connection with the rights of the application's own database role; the suite itself works as the schema's owner."""

import contextlib
from collections.abc import Iterator

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from config.rights import APPLICATION_ROLE, grant_rights


@pytest.fixture(scope="session")
def _application_rights(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The rights of a deployment, in this worker's test database; on a server of one's own the role may be missing."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [APPLICATION_ROLE])
        if cursor.fetchone() is None:
            # Another worker may be faster.
            with contextlib.suppress(ProgrammingError, IntegrityError):
                cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(APPLICATION_ROLE)))
        grant_rights(connection)


@pytest.fixture
def app_connection(db: None, _application_rights: None) -> Iterator[psycopg.Connection]:
    """What the application could do at worst: a connection of its own, in autocommit, as its database role."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        own.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(APPLICATION_ROLE)))
        yield own
