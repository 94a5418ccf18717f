"""Writing rows by the million: `INSERT ... SELECT` with the blank values that the models know, indexes made afterwards.

Secondary indexes and constraints of the tables that are filled are taken down first and put up again at the end, by
their own definitions: building an index once is several times faster than keeping it, and putting up a constraint
checks every row. Triggers sleep meanwhile: what they keep is filled as any other table.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import DateTimeField, Field, Model
from django.db.models.fields import NOT_PROVIDED
from psycopg.sql import Literal

from bench.scale.plan import Plan

Say = Callable[[str], None]

SETTINGS = {"maintenance_work_mem": "1GB", "work_mem": "512MB", "max_parallel_maintenance_workers": "2"}

_CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype IN ('f', 'u', 'x') ORDER BY contype <> 'f', conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = %s::regclass AND NOT indisprimary
"""


class Filling:
    """One load: its plan, the statements it runs, and the indexes it has taken down."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._indexes: dict[str, list[str]] = {}
        self._constraints: dict[str, list[tuple[str, str]]] = {}

    @contextmanager
    def loading(self) -> Iterator[None]:
        """All or nothing; at the end every index and constraint stands again and the planner knows the tables."""
        with transaction.atomic():
            for name, value in SETTINGS.items():
                self.execute(f"SET LOCAL {name} = '{value}'")
            # A check that waits for the end of the transaction would keep its table from being altered.
            self.execute("SET CONSTRAINTS ALL IMMEDIATE")
            yield
        self.execute("VACUUM ANALYZE")

    @contextmanager
    def step(self, title: str, say: Say) -> Iterator[None]:
        """Say how long a step took. What it filled gets its indexes back at its end, for the next ones read it."""
        began = time.monotonic()
        yield
        self._restore()
        say(f"{title}: {time.monotonic() - began:.0f} s")

    def execute(self, sql: str) -> int:
        """Run a statement; how many rows it wrote."""
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.rowcount)

    def fill(self, model: type[Model], columns: Mapping[str, str], source: str) -> int:
        """`INSERT INTO model SELECT ...`: `columns` says by an SQL expression what each column is, the rest is blank.

        `source` is what follows FROM. Raises ValueError for a column that has no blank value and is not named.
        """
        table = model._meta.db_table
        self.take_down(model)
        found: dict[str, str] = {}
        for field in model._meta.local_concrete_fields:
            if field.generated:
                continue
            name = str(field.column)
            found[name] = columns[name] if name in columns else _blank(field)
        if unknown := columns.keys() - found.keys():
            raise ValueError(f"{table} has no columns {sorted(unknown)}")
        names = ", ".join(f'"{name}"' for name in found)
        return self.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(found.values())} FROM {source}")

    def take_down(self, model: type[Model]) -> None:
        """Take down what slows writing into the model's table; the end of the step puts it up again."""
        table = model._meta.db_table
        if table in self._indexes:
            return
        with connection.cursor() as cursor:
            cursor.execute(_CONSTRAINTS, [table])
            self._constraints[table] = cursor.fetchall()
            for name, _definition in self._constraints[table]:
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            cursor.execute(_INDEXES, [table])
            indexes = cursor.fetchall()
            self._indexes[table] = [definition for _name, definition in indexes]
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for name, _definition in indexes:
                cursor.execute(f"DROP INDEX {name}")

    def _restore(self) -> None:
        """Put up indexes before constraints, and those of the filled tables' own before the references to others."""
        for table, definitions in self._indexes.items():
            for definition in definitions:
                self.execute(definition)
            self.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE((SELECT max(id) FROM {table}), 1))"
            )
        for table, constraints in self._constraints.items():
            for name, definition in reversed(constraints):
                self.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
            self.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            self.execute(f"ANALYZE {table}")
        self._indexes.clear()
        self._constraints.clear()


def _blank(field: "Field[Any, Any]") -> str:
    """What a column holds in which nothing was entered, as SQL."""
    if field.null:
        return "NULL"
    if field.default is NOT_PROVIDED and field.blank and field.empty_strings_allowed:
        return "''"
    if field.default is NOT_PROVIDED or isinstance(field, DateTimeField):
        raise ValueError(f"{field.model.__name__}.{field.name} has no blank value: say what it is")
    value = field.default() if callable(field.default) else field.default
    return Literal(field.get_db_prep_save(value, connection)).as_string(connection.connection)
