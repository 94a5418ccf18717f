"""Foreign keys of rows written in bulk, checked on the way."""

from django.db import connection


def check_references() -> None:
    """Have the foreign keys of what was written so far checked now instead of at the end of the transaction.

    While checks of thousands of rows wait for the end, PostgreSQL takes twenty times as long for each call of a trigger
    function, and figures of reports have one on each row.
    """
    connection.check_constraints()
