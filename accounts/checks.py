"""System checks of what the rest relies on."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

POWERS = ("is_superuser", "is_staff", "groups", "user_permissions")


@register(Tags.security)
def no_superusers(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Superusers do not exist (clarifications): no column of the account may grant anything."""
    columns = {field.name for field in get_user_model()._meta.get_fields()}
    return [
        Error(
            f"The account has a field {name}.",
            hint="Rights come from dated appointments only.",
            id="accounts.E001",
        )
        for name in POWERS
        if name in columns
    ]


@register(Tags.database)
def database_reads_cyrillic(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Name search needs trigrams of Cyrillic letters, which a database with the C locale does not make."""
    return [
        Error(
            f"The database {alias} does not split Russian words: search by name would find nothing.",
            hint="Create it with ENCODING 'UTF8' and LC_CTYPE 'C.UTF-8' (README.md, Deploy).",
            id="accounts.E002",
        )
        for alias in databases or ()
        if not _splits_cyrillic(alias)
    ]


def _splits_cyrillic(alias: str) -> bool:
    """Whether words of Cyrillic letters are words to this database; true before the extension is installed."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
        (installed,) = cursor.fetchone()
        if not installed:
            return True
        cursor.execute("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()")
        (encoding,) = cursor.fetchone()
        cursor.execute("SELECT cardinality(show_trgm('иванов')) > 0")
        (splits,) = cursor.fetchone()
    return bool(splits) and encoding == "UTF8"
