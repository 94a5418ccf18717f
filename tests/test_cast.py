"""The cast that tests are handed is the cast that `build_cast` builds, however it comes into the database."""

import json
from dataclasses import fields
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model

from tests.cast import Cast, build_cast
from tests.plugins.cast import rows_of

pytestmark = pytest.mark.django_db


def state(cast: Cast) -> dict[str, Any]:
    """How many rows each table holds, and what the cast's own objects say, without ids and moments."""
    counts = {table: len(json.loads(rows_of(table) or "[]")) for table in connection.introspection.table_names()}
    units = {field.name: getattr(cast, field.name) for field in fields(cast)}
    return counts | {name: values_of(unit) for name, unit in units.items() if isinstance(unit, Model)}


def values_of(row: Model) -> dict[str, Any]:
    """The plain values of an object's row as the database has them; of a hash of a password no two are the same."""
    stored = type(row)._base_manager.get(pk=row.pk)
    plain = [field.name for field in row._meta.concrete_fields if not (field.primary_key or field.is_relation)]
    return {
        name: getattr(stored, name) for name in plain if name != "password" and not name.endswith(("_at", "_joined"))
    }


def test_the_cast_is_handed_out_as_it_was_built(request: pytest.FixtureRequest) -> None:
    with transaction.atomic():
        built = state(build_cast())
        transaction.set_rollback(True)
    assert state(request.getfixturevalue("cast")) == built


def test_its_objects_know_each_other(cast: Cast) -> None:
    assert cast.people["specialist"] is cast.specialist
    assert cast.department.institution is cast.institution
