"""The access journal is append-only for everybody, shells included."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.enums import AccessAction
from accounts.journal import record_for
from accounts.models import AccessEvent, AccessSeal
from accounts.seals import seal_journal
from tests.cast import Cast

CHANGES = [
    "UPDATE {table} SET id = id",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
]


@pytest.mark.requirement("X8", "L11")
@pytest.mark.parametrize("table", [AccessEvent._meta.db_table, AccessSeal._meta.db_table])
@pytest.mark.parametrize("statement", CHANGES)
def test_rows_cannot_be_changed_or_removed_in_sql(cast: Cast, table: str, statement: str) -> None:
    record_for(cast.specialist, AccessAction.VIEW, "family", object_id=1)
    seal_journal()
    # Foreign keys still to be checked would refuse the TRUNCATE before the trigger does.
    connection.check_constraints()
    with pytest.raises(DatabaseError, match=r"Cannot update or delete|append-only"), transaction.atomic():
        connection.cursor().execute(statement.format(table=table))
    assert AccessEvent.objects.count() == 1


@pytest.mark.requirement("X8")
def test_rows_cannot_be_changed_or_removed_through_the_models(cast: Cast) -> None:
    event = record_for(cast.specialist, AccessAction.VIEW, "family", object_id=1)
    for change in (
        lambda: AccessEvent.objects.update(reason="other"),
        lambda: AccessEvent.objects.all().delete(),
        event.save,
        event.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", [1, 2])
def test_the_suite_itself_starts_with_an_empty_journal(attempt: int) -> None:
    assert not AccessEvent.objects.exists()
    record_for(None, AccessAction.SECURITY, "family")
