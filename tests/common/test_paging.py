"""Keyset paging gives the rows of the whole order, each once, whatever the sizes, ties and directions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.paging import capped_count, paginate
from tests.common.samples import Note, Village

ORDERS = [("due_on", "id"), ("-due_on", "-id"), ("title", "due_on", "pk"), ("-title", "-pk"), ("id",)]


def fill(rows: list[tuple[int, str]]) -> None:
    Note.objects.bulk_create(
        Note(due_on=date(2024, 1, 1) + timedelta(days=offset), title=title) for offset, title in rows
    )


def walk(queryset: Any, order: tuple[str, ...], size: int) -> tuple[list[Any], list[Any]]:
    """All rows met going forwards to the end, and those met coming back from there."""
    page = paginate(queryset, *order, size=size)
    assert page.previous_cursor == ""
    forwards, pages = list(page.rows), [page.rows]
    while page.next_cursor:
        page = paginate(queryset, *order, cursor=page.next_cursor, size=size)
        assert page.rows
        forwards += page.rows
        pages.append(page.rows)
    backwards = [page.rows]
    while page.previous_cursor:
        page = paginate(queryset, *order, cursor=page.previous_cursor, size=size)
        backwards.insert(0, page.rows)
    assert backwards == pages
    return forwards, [row for rows in backwards for row in rows]


@pytest.mark.requirement("L20")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["Ёлкин", "Егоров", "егоров", "А"])), max_size=14),
    size=st.integers(1, 6),
    order=st.sampled_from(ORDERS),
)
def test_pages_are_the_whole_order(
    notes: type[Note], rows: list[tuple[int, str]], size: int, order: tuple[str, ...]
) -> None:
    Note.objects.all().delete()
    fill(rows)
    whole = list(Note.objects.order_by(*order))
    forwards, backwards = walk(Note.objects.all(), order, size)
    assert forwards == whole
    assert backwards == whole


@pytest.mark.requirement("L20")
def test_a_row_comparison_reaches_the_database(notes: type[Note]) -> None:
    fill([(n, "x") for n in range(4)])
    first = paginate(Note.objects.all(), "due_on", "id", size=2)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        paginate(Note.objects.all(), "due_on", "id", cursor=first.next_cursor, size=2)
    assert len(queries) == 1
    assert '("samples_note"."due_on", "samples_note"."id") > (' in queries[0]["sql"]
    assert "LIMIT 3" in queries[0]["sql"]


def test_relations_annotations_and_values_can_order(notes: type[Note]) -> None:
    villages = [Village.objects.create(title=title) for title in ("Ясная", "Малая")]
    fill([(n, f"T{n % 3}") for n in range(7)])
    for index, note in enumerate(Note.objects.order_by("id")):
        Note.objects.filter(pk=note.pk).update(village=villages[index % 2])
    related = Note.objects.filter(village__isnull=False).select_related("village")
    assert walk(related, ("village__title", "id"), 3)[0] == list(related.order_by("village__title", "id"))
    annotated = Note.objects.annotate(key=Lower("title"))
    assert walk(annotated, ("key", "id"), 3)[0] == list(annotated.order_by("key", "id"))
    values = Note.objects.values("id", "title", mark=Value(1))
    assert walk(values, ("-title", "-id"), 2)[0] == list(values.order_by("-title", "-id"))


def test_moments_keep_their_microseconds(notes: type[Note]) -> None:
    fill([(0, "x")] * 5)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    for number, note in enumerate(Note.objects.order_by("id")):
        Note.objects.filter(pk=note.pk).update(saved_at=start + timedelta(microseconds=number))
    forwards, _ = walk(Note.objects.all(), ("saved_at", "id"), 2)
    assert forwards == list(Note.objects.order_by("saved_at", "id"))


@pytest.mark.parametrize("cursor", ["garbage", "gAAAAA", "ё", "\x00", "=" * 50, "a" * 5000])
def test_garbage_leads_to_the_first_page(notes: type[Note], cursor: str) -> None:
    fill([(n, "x") for n in range(3)])
    assert paginate(Note.objects.all(), "due_on", "id", cursor=cursor, size=2).rows == list(
        Note.objects.order_by("due_on", "id")[:2]
    )


def test_a_cursor_is_opaque_and_belongs_to_its_order(notes: type[Note]) -> None:
    fill([(n, "Секретова") for n in range(4)])
    cursor = paginate(Note.objects.all(), "title", "id", size=2).next_cursor
    assert "Секретова" not in cursor
    assert cursor.replace("-", "").replace("_", "").isalnum()
    tampered = cursor[:20] + ("A" if cursor[20] != "A" else "B") + cursor[21:]
    first = list(Note.objects.order_by("title", "id")[:2])
    assert paginate(Note.objects.all(), "title", "id", cursor=cursor, size=2).rows != first
    assert paginate(Note.objects.all(), "title", "id", cursor=tampered, size=2).rows == first
    for order in (("due_on", "id"), ("-title", "-id")):
        assert paginate(Note.objects.all(), *order, cursor=cursor, size=2).previous_cursor == ""


@pytest.mark.parametrize(
    "order", [(), ("due_on", "-id"), ("id", "due_on"), ("noted_at", "id"), ("nothing", "id"), ("village__no", "id")]
)
def test_an_order_that_would_lose_rows_is_refused(notes: type[Note], order: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"order|column|unique"):
        paginate(Note.objects.all(), *order)


@pytest.mark.requirement("L20")
def test_counts_stop_at_the_cap(notes: type[Note]) -> None:
    fill([(n, "x") for n in range(5)])
    assert str(capped_count(Note.objects.all(), cap=5)) == "5"
    assert str(capped_count(Note.objects.all(), cap=4)) == "4+"
