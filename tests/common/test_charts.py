"""Charts: well-formed pictures whose bars stand where the values say, readable without colour or sight."""

import base64
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts import Chart, Series, bars, lines, scale

SVG = "{http://www.w3.org/2000/svg}"
LABELS = ["I кв.", "II кв.", "III кв."]


def parsed(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)


def texts(chart: Chart) -> list[str]:
    return [element.text or "" for element in parsed(chart).iter(f"{SVG}text")]


def test_bars_are_as_high_as_their_values() -> None:
    chart = bars("Семьи", LABELS, [Series("Принято", [10, 20, 0])])
    heights = [float(rect.attrib["height"]) for rect in parsed(chart).iter(f"{SVG}rect")]
    assert heights[0] * 2 == pytest.approx(heights[1])
    assert heights[2] == 0
    assert {"10", "20", "0", *LABELS} <= set(texts(chart))


def test_the_content_is_told_in_words_and_escaped() -> None:
    chart = bars('Семьи "A" & <b>', LABELS, [Series("<i>Принято</i>", [1, None, 3]), Series("Снято", [4, 5, 6])])
    root = parsed(chart)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == chart.description
    assert chart.description == (
        'Семьи "A" & <b>. <i>Принято</i>: I кв. — 1, II кв. — нет данных, III кв. — 3; '
        "Снято: I кв. — 4, II кв. — 5, III кв. — 6."
    )
    assert "<i>Принято</i>" in texts(chart)


def test_the_picture_travels_in_the_document_and_needs_no_stylesheet() -> None:
    chart = lines("Доля", LABELS, [Series("А", [1, 2, 3])])
    head, _, body = chart.data_uri.partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(body).decode() == chart.svg
    for element in parsed(chart).iter():
        assert "style" not in element.attrib
        if element.tag in {f"{SVG}rect", f"{SVG}text", f"{SVG}circle"}:
            assert "fill" in element.attrib


def test_a_line_breaks_where_a_value_is_missing() -> None:
    chart = lines("Доля", ["а", "б", "в", "г", "д"], [Series("А", [1, 2, None, 4, 5]), Series("Б", [5, 5, 5, 5, 5])])
    points = [line.attrib["points"].split() for line in parsed(chart).iter(f"{SVG}polyline")]
    assert [len(run) for run in points] == [2, 2, 5]


def test_lines_differ_in_shape_not_only_in_colour() -> None:
    chart = lines("Доля", LABELS, [Series("А", [1, 2, 3]), Series("Б", [3, 2, 1])])
    assert len(list(parsed(chart).iter(f"{SVG}circle"))) == 3 + 1
    assert len(list(parsed(chart).iter(f"{SVG}rect"))) == 3 + 1


def test_values_that_would_cover_one_another_are_left_to_the_table() -> None:
    labels = [str(number) for number in range(24)]
    crowded = bars("Услуги", labels, [Series("А", [100_000 + n for n in range(24)])])
    assert "100\xa0001" not in texts(crowded)


@given(st.floats(0, 1e9))
def test_the_axis_reaches_over_every_value_in_a_few_round_steps(largest: float) -> None:
    top, step = scale(largest)
    assert top >= largest
    assert top / step <= 5.001
    assert step in {factor * 10**power for factor in (1, 2, 5) for power in range(10)}


@given(st.lists(st.lists(st.one_of(st.none(), st.integers(0, 10**7)), min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_values_make_a_picture_within_its_frame(rows: list[list[int | None]]) -> None:
    series = [Series(f"Ряд {number}", row) for number, row in enumerate(rows)]
    for chart in (bars("x", LABELS, series), lines("x", LABELS, series)):
        root = parsed(chart)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for element in root.iter(f"{SVG}text"):
            assert 0 <= float(element.attrib["x"]) <= width
            assert 0 <= float(element.attrib["y"]) <= height


@pytest.mark.parametrize(
    ("labels", "series"),
    [
        ([], [Series("А", [])]),
        (LABELS, []),
        (LABELS, [Series("А", [1, 2])]),
        (LABELS, [Series("А", [1, 2, -3])]),
        (LABELS, [Series("А", [1, 2, 3])] * 5),
    ],
)
def test_data_that_no_chart_can_show_is_refused(labels: list[str], series: list[Series]) -> None:
    with pytest.raises(ValueError, match=r"chart|values"):
        bars("x", labels, series)
