"""Timing: the same things in turns, so that a slow moment of the machine falls on all of them alike."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median, quantiles

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one thing took, in milliseconds, over all turns."""

    all_ms: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.all_ms)

    @property
    def p95(self) -> float:
        return quantiles(self.all_ms, n=20)[-1] if len(self.all_ms) > 1 else self.all_ms[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was measured, against which floor, and the ratio to reach.

    `part` says whether it is the SQL part or the whole request. `goal` is the largest ratio that is well enough, None
    where the line only informs. `value` and `floor` are milliseconds unless `unit` says otherwise.
    """

    subject: str
    part: str
    value: float
    floor: float
    goal: float | None = None
    unit: str = "ms"
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.floor if self.floor else float("inf")

    @property
    def reached(self) -> bool | None:
        return None if self.goal is None else self.ratio <= self.goal


def in_turns(works: Mapping[str, Work], turns: int, *, warm: int = 3) -> dict[str, Timing]:
    """Do each of the works `turns` times, one after the other; the first `warm` turns are not counted."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(warm + turns):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            if turn >= warm:
                taken[name].append((time.perf_counter() - began) * 1000)
    return {name: Timing(tuple(numbers)) for name, numbers in taken.items()}


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | part | value | floor | ratio | goal | |", "|---|---|---:|---:|---:|---:|---|"]
    for row in rows:
        goal = "" if row.goal is None else f"{row.goal:g}"
        verdict = {None: "", True: "reached", False: "**missed**"}[row.reached]
        lines.append(
            f"| {row.subject}{f' ({row.note})' if row.note else ''} | {row.part} | {row.value:.2f} {row.unit} "
            f"| {row.floor:.2f} {row.unit} | {row.ratio:.2f} | {goal} | {verdict} |"
        )
    return "\n".join(lines)
