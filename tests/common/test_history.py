"""Every way of writing leaves as many history rows as it changed records, with the actor and the reason."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.history import CHANGED, CREATED, DELETED, acting, bulk_create_with_history, changes, update_with_history
from tests.common.samples import HISTORY, Note, Village


@pytest.fixture
def actor(db: None) -> User:
    return User.objects.create(username="curator", last_name="Черных", first_name="Ольга", patronymic="Павловна")


def note(**values: Any) -> Note:
    return Note.objects.create(**({"title": "Первая", "due_on": date(2024, 1, 31)} | values))


def test_saves_name_the_actor_and_the_reason(notes: type[Note], actor: User) -> None:
    with acting(actor, reason="по заявлению"):
        record = note()
    with acting(None):
        record.title = "Вторая"
        record.save()
    rows = list(
        HISTORY.objects.order_by("history_id").values_list("history_type", "history_user", "history_change_reason")
    )
    assert rows == [(CREATED, actor.pk, "по заявлению"), (CHANGED, None, "")]


def test_acting_is_undone_when_the_block_fails(notes: type[Note], actor: User) -> None:
    with pytest.raises(RuntimeError), acting(actor, reason="x"):
        raise RuntimeError
    note()
    assert HISTORY.objects.get().history_user is None


def test_bulk_create_writes_one_row_for_each(notes: type[Note], actor: User) -> None:
    created = bulk_create_with_history(
        [Note(title=f"{n}", due_on=date(2024, 1, n + 1)) for n in range(3)], actor=actor, reason="перенос"
    )
    rows = HISTORY.objects.values_list("id", "title", "history_type", "history_user", "history_change_reason")
    assert set(rows) == {(one.pk, one.title, CREATED, actor.pk, "перенос") for one in created}
    assert bulk_create_with_history([], actor=actor) == []


def test_a_set_update_writes_the_new_state_of_exactly_the_changed_rows(notes: type[Note], actor: User) -> None:
    village = Village.objects.create(title="Ясная")
    records = [note(title=f"T{n}", village=village if n else None) for n in range(4)]
    HISTORY.objects.all().delete()
    before = records[1].saved_at
    changed = update_with_history(
        Note.objects.filter(village__title="Ясная").exclude(title="T3"),
        actor=actor,
        reason="передача участка",
        is_closed=True,
        title=Concat(F("title"), F("title")),
    )
    assert changed == 2
    rows = HISTORY.objects.order_by("id")
    assert [(row.id, row.title, row.is_closed, row.version) for row in rows] == [
        (records[1].pk, "T1T1", True, 2),
        (records[2].pk, "T2T2", True, 2),
    ]
    assert {(row.history_type, row.history_user_id, row.history_change_reason) for row in rows} == {
        (CHANGED, actor.pk, "передача участка")
    }
    records[1].refresh_from_db()
    assert (records[1].title, records[1].version) == ("T1T1", 2)
    assert records[1].saved_at > before
    assert rows[0].saved_at == records[1].saved_at


@pytest.mark.parametrize("size", [0, 2, 10])
def test_a_set_update_costs_the_same_for_any_number_of_rows(notes: type[Note], size: int) -> None:
    for _ in range(size):
        note()
    with CaptureQueriesContext(connection) as queries:
        assert update_with_history(Note.objects.all(), actor=None, is_closed=True) == size
    statements = [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert statements in (["SELECT", "UPDATE", "INSERT"], ["SELECT", "INSERT"])
    assert HISTORY.objects.filter(history_type=CHANGED).count() == size


def test_changes_show_what_a_person_would_read(notes: type[Note], actor: User) -> None:
    old, new = Village.objects.create(title="Ясная"), Village.objects.create(title="Малая")
    with acting(actor):
        record = note(village=old)
    with acting(actor, reason="ошибка при вводе"):
        record.kind, record.village, record.due_on = Note.Kind.URGENT, new, date(2024, 2, 29)
        record.save()
    record.save()
    edited, created = changes(record)
    assert (edited.kind, edited.actor, edited.reason) == (CHANGED, str(actor), "ошибка при вводе")
    assert [(field.label, field.old, field.new) for field in edited.fields] == [
        ("due", "31.01.2024", "29.02.2024"),
        ("kind", "Обычная", "Срочная"),
        ("village", "Ясная", "Малая"),
    ]
    assert created.kind == CREATED
    assert {field.name: field.new for field in created.fields} == {
        "title": "Первая",
        "due_on": "31.01.2024",
        "kind": "Обычная",
        "is_closed": "нет",
        "village": "Ясная",
    }


def test_changes_of_many_records_cost_a_constant_number_of_queries(notes: type[Note], actor: User) -> None:
    villages = [Village.objects.create(title=f"В{n}") for n in range(6)]
    for village in villages:
        record = note(village=village)
        record.village = villages[0]
        record.save()
    outsider = note(title="Чужая")
    with CaptureQueriesContext(connection) as queries:
        found = changes(Note.objects.exclude(pk=outsider.pk))
    assert len(queries) == 2
    assert len(found) == 6 + 5
    assert "Чужая" not in {field.new for change in found for field in change.fields}
    assert [change.at for change in found] == sorted((change.at for change in found), reverse=True)


def test_a_deleted_record_and_a_vanished_relation_stay_readable(notes: type[Note], actor: User) -> None:
    village = Village.objects.create(title="Ясная")
    record = note(village=village)
    record.history.update(village_id=village.pk + 1)
    key = record.pk
    record.delete()
    record.pk = key
    deleted, created = changes(record)
    assert (deleted.kind, deleted.fields) == (DELETED, ())
    assert f"#{village.pk + 1}" in {field.new for field in created.fields}
