"""What the suite does not forgive: a template of ours that names a variable which does not exist."""

import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest
from django.conf import settings
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


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable(settings.BASE_DIR)
