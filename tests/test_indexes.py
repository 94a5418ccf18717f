"""What is written with each row of the large tables: no index twice, and no index on history but the object's own."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey
from simple_history.models import HistoricalChanges

LARGE = (
    "accounts.AccessEvent",
    "accounts.Notification",
    "casework.CaseEvent",
    "casework.CuratorAssignment",
    "casework.ServiceRecord",
    "casework.StageChange",
    "casework.SupportCase",
    "casework.Visit",
    "contracts.FollowUpSheet",
    "contracts.SocialContract",
    "families.Family",
    "families.FamilyGrant",
    "families.SearchKey",
    "families.Person",
    "monitoring.ReportValue",
)

PREFIXES = """
    SELECT shorter.indexrelid::regclass::text, longer.indexrelid::regclass::text
    FROM pg_index shorter
    JOIN pg_index longer ON shorter.indrelid = longer.indrelid AND shorter.indexrelid <> longer.indexrelid
    JOIN pg_class one ON one.oid = shorter.indexrelid
    JOIN pg_class other ON other.oid = longer.indexrelid AND other.relam = one.relam
    JOIN pg_am ON pg_am.oid = one.relam AND pg_am.amname = 'btree'
    WHERE shorter.indrelid = %s::regclass AND NOT shorter.indisunique
      AND shorter.indpred IS NULL AND longer.indpred IS NULL AND shorter.indexprs IS NULL AND longer.indexprs IS NULL
      AND longer.indkey::text LIKE shorter.indkey::text || ' %%' AND shorter.indclass[0] = longer.indclass[0]
"""
"""Indexes of a table that are the beginning of another of its indexes: each write pays for both, one would do."""

pytestmark = pytest.mark.django_db


def rows(sql: str, table: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [table])
        return list(cursor.fetchall())


@pytest.mark.parametrize("label", LARGE)
def test_a_large_table_has_no_index_twice(label: str) -> None:
    assert rows(PREFIXES, apps.get_model(label)._meta.db_table) == []


def test_an_index_that_is_there_twice_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX twice ON casework_visit (case_id)")
    assert rows(PREFIXES, "casework_visit") == [("twice", "visits_of_a_case")]


def test_history_is_found_by_its_object_only() -> None:
    """What the object pointed to has no index in its history; the author of a change has, and the row a link is of."""
    histories = [model for model in apps.get_models() if issubclass(model, HistoricalChanges)]
    assert len(histories) > len(LARGE)
    keys = [field for model in histories for field in model._meta.fields if isinstance(field, ForeignKey)]
    assert {field.name for field in keys if field.db_index} == {"history", "history_user"}  # type: ignore[attr-defined]
