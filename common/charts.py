"""Charts as SVG, the same on screen and in print: bars, horizontal bars and lines.

Everything that shapes a chart is an attribute, because WeasyPrint applies no stylesheet of the page to a picture; on
screen the classes let a dark theme repaint it. A chart never stands alone: the numbers are in its description for
screen readers, and the page shows them in a table.
"""

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import escape

import fontpkg
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from fontTools.ttLib import TTFont

from common.text import DASH, grouped

Value = int | Decimal | None

WIDTH = 700
FONT = "PT Sans"
FONT_SIZE = 13
INK, GRID = "#1f2933", "#d5dbe1"
# Each colour stands out from white by 3:1 at least, and from its neighbour in lightness.
COLOURS = ("#1d5fa8", "#c2571a", "#2f6f4f", "#7a4fa3")
MARKERS = ("circle", "square", "diamond", "triangle")
LARGEST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Series:
    """Values under one name, one for each label of the chart; None where a value is unknown or withheld."""

    title: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished chart: `description` is its content in words, `svg` the picture."""

    title: str
    description: str
    svg: SafeString

    @property
    def data_uri(self) -> str:
        """The picture as the source of an `<img>`, whose alternative text is `description`."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()


def bars(title: str, labels: Sequence[str], series: Sequence[Series], *, height: int = 300) -> Chart:
    """Groups of upright bars, one group for each label, above a base line at `height`.

    Raises ValueError for data that no such chart can show.
    """
    _check(labels, series)
    plot = _Plot(labels, series, height=height, markers=("square",) * len(COLOURS))
    group = plot.width / len(labels)
    bar = min(40.0, group * 0.8 / len(series))
    widest = max(text_width(_number(value), bold=True) for one in series for value in one.values)
    parts = list(plot.frame())
    for index, label in enumerate(labels):
        middle = plot.left + group * (index + 0.5)
        parts.extend(_label(label, middle, plot.bottom + 18, group - 6))
        for number, one in enumerate(series):
            x, y = middle + (number - len(series) / 2) * bar, plot.y(one.values[index])
            parts.append(
                f'<rect class="chart-bar-{number + 1}" fill="{COLOURS[number]}" x="{x + 1:.1f}" y="{y:.1f}" '
                f'width="{bar - 2:.1f}" height="{plot.bottom - y:.1f}"/>'
            )
            if widest <= bar + 4:
                parts.append(_text(x + bar / 2, y - 5, _number(one.values[index]), "middle", bold=True))
    parts.extend(plot.legend())
    return _chart(title, labels, series, parts, plot.total_height)


def lines(title: str, labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """A line for each series, broken where a value is missing. Raises ValueError for data that it cannot show."""
    _check(labels, series)
    plot = _Plot(labels, series, height=280, markers=MARKERS)
    step = plot.width / len(labels)
    places = [plot.left + step * (index + 0.5) for index in range(len(labels))]
    parts = list(plot.frame())
    for number, one in enumerate(series):
        points = [
            (x, plot.y(value)) if value is not None else None for x, value in zip(places, one.values, strict=True)
        ]
        for run in _runs(points):
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            parts.append(
                f'<polyline class="chart-line-{number + 1}" fill="none" stroke="{COLOURS[number]}" '
                f'stroke-width="2.5" points="{path}"/>'
            )
            parts.extend(_marker(MARKERS[number], number, x, y) for x, y in run)
    for index, (place, label) in enumerate(zip(places, labels, strict=True)):
        parts.extend(_label(label, place, plot.bottom + 18, step - 6))
        parts.extend(_values_over(plot, index, place))
    parts.extend(plot.legend())
    return _chart(title, labels, series, parts, plot.total_height)


def _values_over(plot: "_Plot", index: int, x: float) -> Iterator[str]:
    """The values of all lines at one label: the highest above its point, the others below theirs, none on another."""
    known = [(number, one.values[index]) for number, one in enumerate(plot.series) if one.values[index] is not None]
    taken: list[float] = []
    for number, value in sorted(known, key=lambda item: plot.y(item[1])):
        y = plot.y(value) + (20 if taken else -10)
        if all(abs(y - other) >= FONT_SIZE for other in taken) and y < plot.bottom:
            taken.append(y)
            yield _text(x, y, _number(value), "middle", bold=True, colour=COLOURS[number])


@lru_cache(maxsize=2)
def _advances(*, bold: bool) -> tuple[dict[int, int], int]:
    """Widths of the font's signs, and how many of those units make one em."""
    with TTFont(fontpkg.path(FONT, weight=700 if bold else 400), lazy=True) as font:
        widths = font["hmtx"]
        return {code: widths[name][0] for code, name in font.getBestCmap().items()}, font["head"].unitsPerEm


def text_width(text: str, size: float = FONT_SIZE, *, bold: bool = False) -> float:
    """How wide `text` is in PT Sans, in the unit of `size`; a sign that the font lacks counts as wide as an em."""
    advances, em = _advances(bold=bold)
    return sum(advances.get(ord(sign), em) for sign in text) * size / em


def scale(largest: float) -> tuple[float, float]:
    """The top of an axis and the step of its lines, round numbers, for values up to `largest`."""
    step, power = 1.0, 1.0
    while True:
        for factor in (1, 2, 5):
            step = factor * power
            if largest / step <= LARGEST_STEPS:
                return max(step * -(-largest // step), step), step
        power *= 10


class _Plot:
    """The frame that bars and lines share: the axis with its lines, the legend, and where a value stands."""

    def __init__(self, labels: Sequence[str], series: Sequence[Series], *, height: int, markers: Sequence[str]) -> None:
        self.series, self.markers = series, markers
        known = [float(value) for one in series for value in one.values if value is not None]
        self.top_value, self.step = scale(max(known, default=0.0))
        self.left = text_width(_number(int(self.top_value))) + 14
        self.width = WIDTH - self.left - 8
        self.top, self.bottom = 20.0, float(height)
        lines_of_labels = max(len(_wrap(label, self.width / len(labels) - 6)) for label in labels)
        self.legend_top = self.bottom + 12 + 16 * lines_of_labels
        self.rows = list(self._legend_rows()) if len(series) > 1 else []
        self.total_height = self.legend_top + 20 * len(self.rows) + 4

    def y(self, value: Value) -> float:
        """The height on the picture of a value; an unknown one stands on the axis."""
        return self.bottom - (self.bottom - self.top) * float(value or 0) / self.top_value

    def frame(self) -> Iterator[str]:
        """The lines of the axis with their numbers."""
        value = 0.0
        while value <= self.top_value:
            y = self.y(Decimal(value))
            yield (
                f'<line class="chart-grid" stroke="{GRID}" x1="{self.left:.1f}" x2="{WIDTH - 8}" '
                f'y1="{y:.1f}" y2="{y:.1f}"/>'
            )
            yield _text(self.left - 6, y + 4, _number(int(value)), "end")
            value += self.step

    def legend(self) -> Iterator[str]:
        """Names of the series with their marks, as many to a row as fit."""
        for row, entries in enumerate(self.rows):
            y = self.legend_top + 20 * row + 8
            for number, x in entries:
                yield _marker(self.markers[number], number, x + 6, y - 1)
                yield _text(x + 18, y + 4, self.series[number].title, "start")

    def _legend_rows(self) -> Iterator[list[tuple[int, float]]]:
        row: list[tuple[int, float]] = []
        x = self.left
        for number, one in enumerate(self.series):
            width = 18 + text_width(one.title) + 24
            if row and x + width > WIDTH:
                yield row
                row, x = [], self.left
            row.append((number, x))
            x += width
        yield row


def _check(labels: Sequence[str], series: Sequence[Series]) -> None:
    if not labels or not 1 <= len(series) <= len(COLOURS):
        raise ValueError(f"a chart of {len(labels)} labels and {len(series)} series")
    for one in series:
        if len(one.values) != len(labels):
            raise ValueError(f"{one.title}: {len(one.values)} values for {len(labels)} labels")
        if any(value is not None and value < 0 for value in one.values):
            raise ValueError(f"{one.title}: a chart shows no negative values")


def _chart(title: str, labels: Sequence[str], series: Sequence[Series], parts: Sequence[str], height: float) -> Chart:
    described = "; ".join(
        f"{one.title}: "
        + ", ".join(f"{label} {DASH} {_spoken(value)}" for label, value in zip(labels, one.values, strict=True))
        for one in series
    )
    description = f"{title}. {described}."
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(description)}" font-family="{FONT}" font-size="{FONT_SIZE}">'
    )
    return Chart(title, description, mark_safe(head + "".join(parts) + "</svg>"))  # noqa: S308 - every text is escaped


def _marker(shape: str, number: int, x: float, y: float) -> str:
    """The sign of a series; lines have a shape each, so that colour is not needed to tell them."""
    paint = f'class="chart-bar-{number + 1}" fill="{COLOURS[number]}"'
    if shape == "circle":
        return f'<circle {paint} cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    if shape == "square":
        return f'<rect {paint} x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>'
    if shape == "diamond":
        return f'<path {paint} d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z"/>'
    return f'<path {paint} d="M{x:.1f} {y - 6:.1f}l6 11h-12z"/>'


def _label(label: str, x: float, y: float, width: float) -> Iterator[str]:
    for number, line in enumerate(_wrap(label, width)):
        yield _text(x, y + 16 * number, line, "middle")


def _wrap(text: str, width: float) -> list[str]:
    """The text in lines no wider than `width`, broken between words."""
    rows: list[str] = []
    for word in text.split():
        if rows and text_width(f"{rows[-1]} {word}") <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows or [""]


def _text(x: float, y: float, content: str, anchor: str, *, bold: bool = False, colour: str = INK) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text class="chart-text" fill="{colour}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>'
        f"{escape(content)}</text>"
    )


def _number(value: Value) -> str:
    if value is None:
        return DASH
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return grouped(value, max(-exponent, 0) if isinstance(exponent, int) else 0)


def _spoken(value: Value) -> str:
    return gettext("no data") if value is None else _number(value)


def _runs(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Stretches of neighbouring points without a gap."""
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []
