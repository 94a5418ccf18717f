"""The floors: what the same work costs by hand-written SQL. Whoever can write a better floor is welcome to.

`NAME.sql` holds the statements of a floor, each ended by a semicolon at the end of a line; `NAME.plan.txt` how
PostgreSQL carries them out on the data that the file's first line names (`manage.py bench --plans` writes it).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

_FOLDER = Path(__file__).parent
_EXPLAIN = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY ON) "
_used: "dict[str, Floor]" = {}


@dataclass(frozen=True, slots=True)
class Floor:
    """The statements of a floor with their parameters; calling it runs them one after the other."""

    name: str
    statements: tuple[str, ...]
    params: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self) -> list[Any]:
        """The rows of the last statement."""
        rows: list[Any] = []
        with connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement, self.params)
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def rolled_back(self) -> None:
        """Run the statements and take back what they wrote."""
        undone(self)()

    def plan(self) -> str:
        """How PostgreSQL carries the statements out; what they write is taken back."""
        lines: list[str] = []

        def explain() -> None:
            with connection.cursor() as cursor:
                for statement in self.statements:
                    cursor.execute(_EXPLAIN + statement, self.params)
                    lines.extend(line for (line,) in cursor.fetchall())
                    lines.append("")

        undone(explain)()
        return "\n".join(lines)


def undone(work: Callable[[], object]) -> Callable[[], None]:
    """The same work in a transaction that is rolled back."""

    def run() -> None:
        with transaction.atomic():
            work()
            transaction.set_rollback(True)

    return run


def floor(name: str, params: Mapping[str, Any] | None = None, **parts: str) -> Floor:
    """The floor `name`.sql; `parts` are put in for {names}, `params` stay for psycopg."""
    text = (_FOLDER / f"{name}.sql").read_text(encoding="utf-8").format(**parts)
    statements = tuple(part.strip() for part in text.split(";\n") if part.strip())
    found = Floor(name, statements, params or {})
    _used[name] = found
    return found


def write_plans(data: str) -> list[str]:
    """Write down the plans of the floors that were used, on the data that `data` names; their names."""
    for name, used in sorted(_used.items()):
        (_FOLDER / f"{name}.plan.txt").write_text(f"{data}\n\n{used.plan()}", encoding="utf-8")
    return sorted(_used)
