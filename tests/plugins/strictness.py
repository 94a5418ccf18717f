"""What the suite does not forgive: undefined variables in our templates, and trust in the order of unordered rows."""

import sys
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.template.base import Node


class UndefinedVariableError(Exception):
    """A template of this project used a variable that its view did not give it."""


class UndefinedVariable:
    """Stands in for `string_if_invalid`: raises for a template below `root`, is empty for those of packages."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        origin = self._origin()
        if origin is not None and origin.is_relative_to(self.root) and "site-packages" not in origin.parts:
            self._fail(variable, origin)
        return ""

    def _fail(self, variable: object, origin: Path) -> NoReturn:
        raise UndefinedVariableError(f"{origin.relative_to(self.root)}: {variable} is not defined")

    @staticmethod
    def _origin() -> Path | None:
        """The file of the template node that is being rendered, found on the stack."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            node = frame.f_locals.get("self")
            if isinstance(node, Node) and hasattr(node, "origin"):
                return Path(node.origin.name)
            frame = frame.f_back
        return None


ordered_by = SQLCompiler.get_order_by


def random_unless_ordered(compiler: SQLCompiler) -> list[Any]:
    """The query's own order, or a random one: PostgreSQL promises none, and a small table hides that for years.

    Left alone is what cannot take `ORDER BY random()`: grouped, distinct and combined queries.
    """
    order: list[Any] = ordered_by(compiler)
    query = compiler.query
    if order or query.group_by is not None or query.distinct or query.combinator or query.subquery:
        return order
    expression = Random().asc().resolve_expression(query, allow_joins=False)
    return [(expression, (*compiler.compile(expression), False))]


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    SQLCompiler.get_order_by = random_unless_ordered  # type: ignore[method-assign]
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable(settings.BASE_DIR)
