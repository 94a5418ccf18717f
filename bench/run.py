"""One run of the measurements: how much is done, and the server that its subjects share."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import TracebackType
from typing import Self

from django.utils import timezone

from bench.server import Server, served


@dataclass
class Run:
    """How often each thing is done; the server starts with the first subject that asks for it."""

    turns: int = 50
    seconds: int = 30
    requests: int = 500
    papers: int = 20
    _open: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def server(self) -> Server:
        return self._open.enter_context(served())

    @cached_property
    def today(self) -> date:
        """The day of all measurements, also where a run goes on past midnight."""
        return timezone.localdate()

    @property
    def few(self) -> int:
        """How often something is done that takes seconds."""
        return max(1, min(self.turns, 5))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
