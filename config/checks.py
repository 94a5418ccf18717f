"""What the database server must be; `migrate` asks before it changes anything, `check --database default` any time."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

OLDEST_SERVER = 150000


def check_server(connection: BaseDatabaseWrapper) -> list[Error]:
    """Version, encoding and letters of one database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, getdatabaseencoding(), lower('ЁЛКИН')")
        version, encoding, lowered = cursor.fetchone()
    errors = []
    if version < OLDEST_SERVER:
        errors.append(Error("Opora needs PostgreSQL 15 or newer.", id="opora.E001"))
    if encoding != "UTF8" or lowered != "ёлкин":
        errors.append(
            Error(
                "The database does not know Cyrillic letters: searching by name would find nothing, without an error.",
                hint="Create it with ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0, as deploy/roles.sql does.",
                id="opora.E002",
            )
        )
    return errors


@register(Tags.database)
def check_databases(databases: Sequence[str] | None = None, **_options: Any) -> list[Error]:
    return [error for alias in databases or () for error in check_server(connections[alias])]
