"""Where the time of a page goes: middleware, the statements of the page, templates, and what is left for Python."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.template.base import Template

from bench.measuring import Row
from bench.people import client_of, longest_case, people
from bench.run import Run


class _Clock:
    """Milliseconds spent within calls, the outermost only: a template that includes another counts once."""

    def __init__(self) -> None:
        self.ms, self.depth = 0.0, 0

    @contextmanager
    def ticking(self) -> Iterator[None]:
        began = perf_counter()
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
            if not self.depth:
                self.ms += (perf_counter() - began) * 1000

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function under the clock."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.ticking():
                return work(*args, **kwargs)

        return timed


def measure(run: Run) -> list[Row]:
    """Of the curator, within one process; the floor of each line is the whole page."""
    curator = people()[0]
    client = client_of(curator.user)
    pages = {"list page": curator.page, "case page": f"/cases/{longest_case().pk}/"}
    empty = [_parts(client.get, "/_signed_in/") for _turn in range(run.turns + 3)][3:]
    before_the_view = median(part["whole"] - part["statements"] for part in empty)
    rows = []
    for title, path in pages.items():
        parts = [_parts(client.get, path) for _turn in range(run.turns + 3)][3:]
        middle = {name: median(part[name] for part in parts) for name in parts[0]}
        middle["middleware, session and sign-in"] = before_the_view
        whole = middle.pop("whole")
        middle["view and the rest"] = max(0.0, whole - sum(middle.values()))
        rows += [Row(f"{title} of the curator: {name}", "part of the page", ms, whole) for name, ms in middle.items()]
    return rows


def _parts(get: Callable[[str], object], path: str) -> dict[str, float]:
    """How long the page takes, and of that its statements, and its templates without the statements within them."""
    sql, templates, within = _Clock(), _Clock(), _Clock()

    def statement(execute: Any, *args: Any) -> Any:
        clocks = [sql, within] if templates.depth else [sql]
        with ExitStack() as ticking:
            for clock in clocks:
                ticking.enter_context(clock.ticking())
            return execute(*args)

    began = perf_counter()
    with (
        patch.object(Template, "render", templates.around(Template.render)),
        connection.execute_wrapper(statement),
    ):
        get(path)
    whole = (perf_counter() - began) * 1000
    return {"whole": whole, "statements": sql.ms, "templates": templates.ms - within.ms}
