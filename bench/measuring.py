"""Timing: the same things in turns, so that a slow moment of the machine falls on all of them alike."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from statistics import median, quantiles
from typing import Any

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


Timings = Mapping[str, Timing]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what was measured, against which floor, and the ratio to reach.

    `part` says whether it is the SQL part, the whole request or something else. `goal` is the largest ratio that is
    well enough, None where the line only informs. `value` and `floor` are milliseconds unless `unit` says otherwise;
    where a figure itself has a limit, the limit is the floor and the goal is 1.
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
        """Nothing is no more than nothing: a floor of 0 is kept by 0 only."""
        if self.floor:
            return self.value / self.floor
        return float("inf") if self.value else 0.0

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


def compared(
    subject: str, part: str, taken: Timings, names: tuple[str, str], goal: float | None = None, *, note: str = ""
) -> Row:
    """A line for the median of one thing against the median of another that was done in the same turns."""
    what, floor = (taken[name].median for name in names)
    return Row(subject, part, what, floor, goal, note=note)


def limit(subject: str, part: str, value: float, most: float, *, unit: str, note: str = "") -> Row:
    """A line for a figure that has a limit of its own."""
    return Row(subject, part, value, most, 1, unit, note)


def as_json(row: Row) -> dict[str, Any]:
    """A line for the file of numbers; JSON knows no infinity."""
    return asdict(row) | {"ratio": row.ratio if isfinite(row.ratio) else None, "reached": row.reached}


def slope(points: Sequence[tuple[float, float]]) -> float:
    """How much the second number grows with the first, by least squares."""
    middle_x = sum(x for x, _y in points) / len(points)
    middle_y = sum(y for _x, y in points) / len(points)
    spread = sum((x - middle_x) ** 2 for x, _y in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | part | value | floor | ratio | goal | |", "|---|---|---:|---:|---:|---:|---|"]
    for row in rows:
        goal = "" if row.goal is None else f"{row.goal:g}"
        verdict = {None: "", True: "reached", False: "**missed**"}[row.reached]
        lines.append(
            f"| {row.subject}{f' ({row.note})' if row.note else ''} | {row.part} | {row.value:.2f} {row.unit} "
            f"| {row.floor:.2f} {row.unit} | {row.ratio:.3g} | {goal} | {verdict} |"
        )
    return "\n".join(lines)
