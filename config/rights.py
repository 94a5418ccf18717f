"""What the application may do in its own database: work with rows, never alter the schema or rewrite the journal.

The owner of the schema runs migrations and then grants these rights, all anew, so that a table which has become
append-only loses what it no longer needs. A new table gives no rights until then: a forgotten grant fails closed.
"""

import pgtrigger
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

APPLICATION_ROLE = "opora_app"
# Written by migrations only.
READ_ONLY = ["django_migrations"]


def append_only_tables() -> list[str]:
    """The tables where a trigger forbids both UPDATE and DELETE of every row; the rights then say the same."""
    return sorted(
        model._meta.db_table
        for model, trigger in pgtrigger.registered()
        if isinstance(trigger, pgtrigger.Protect)
        and trigger.condition is None
        and {"UPDATE", "DELETE"} <= set(str(trigger.operation).split(" OR "))
    )


def grant_rights(connection: BaseDatabaseWrapper, role: str = APPLICATION_ROLE) -> None:
    """Give the role exactly its rights on all tables there are; to be called as the owner, after migrations."""
    statements = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        *(f'REVOKE UPDATE, DELETE ON "{table}" FROM {{role}}' for table in append_only_tables()),
        *(f'REVOKE INSERT, UPDATE, DELETE ON "{table}" FROM {{role}}' for table in READ_ONLY),
    ]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
