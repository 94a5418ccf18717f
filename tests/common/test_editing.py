"""Two simultaneous edits: one is saved, the other keeps what was typed and sees the difference."""

import threading
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import connection, transaction
from django.http import QueryDict

from accounts.models import User
from common.editing import StaleVersion, VersionedModel
from common.forms import EditForm
from common.history import acting
from tests.common.samples import Note, Village


class NoteForm(EditForm[Note]):
    class Meta:
        model = Note
        fields = ["title", "due_on", "kind", "is_closed", "village"]


def make(**values: Any) -> Note:
    return Note.objects.create(**({"title": "Первая", "due_on": date(2024, 1, 31)} | values))


def sent(version: object, **values: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"title": "Моя", "due_on": "31.01.2024", "kind": "plain", "version": str(version)} | values)
    return data


class TestModel:
    def test_every_save_grows_the_version(self, notes: type[Note]) -> None:
        record = make()
        assert record.version == 1
        record.save()
        record.title = "Вторая"
        record.save(update_fields=["title"])
        assert record.version == 3
        record.refresh_from_db()
        assert (record.version, record.title) == (3, "Вторая")

    def test_a_save_of_an_old_copy_is_refused_and_changes_nothing(self, notes: type[Note]) -> None:
        record = make()
        copy = Note.objects.get(pk=record.pk)
        record.title = "Вторая"
        record.save()
        copy.title = "Старая"
        with pytest.raises(StaleVersion):
            copy.save()
        assert copy.version == 1
        assert Note.objects.get(pk=record.pk).title == "Вторая"

    def test_a_deleted_record_does_not_come_back(self, notes: type[Note]) -> None:
        record = make()
        Note.objects.filter(pk=record.pk).delete()
        with pytest.raises(StaleVersion):
            record.save()
        assert not Note.objects.exists()

    def test_a_save_that_fails_leaves_the_version_as_it_was(self, notes: type[Note]) -> None:
        record = make()
        record.title = "x" * 51
        with pytest.raises(Exception, match="too long"), transaction.atomic():
            record.save()
        assert record.version == 1
        record.title = "короче"
        record.save()
        assert record.version == 2

    def test_of_two_simultaneous_saves_one_wins(self, committed_notes: type[Note]) -> None:
        record = make()
        copies = [Note.objects.get(pk=record.pk) for _ in range(6)]
        barrier = threading.Barrier(len(copies))
        outcomes: list[str] = []

        def save(copy: Note, title: str) -> None:
            copy.title = title
            barrier.wait()
            try:
                copy.save()
                outcomes.append(title)
            except StaleVersion:
                outcomes.append("stale")
            finally:
                connection.close()

        threads = [threading.Thread(target=save, args=(copy, f"T{n}")) for n, copy in enumerate(copies)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes.count("stale") == len(copies) - 1
        (winner,) = set(outcomes) - {"stale"}
        record.refresh_from_db()
        assert (record.title, record.version) == (winner, 2)
        assert record.history.count() == 2


class TestForm:
    def test_a_new_record_has_no_version_to_send(self, notes: type[Note]) -> None:
        form = NoteForm(sent(""))
        assert "version" not in form.fields
        assert form.is_valid(), form.errors
        assert form.save().version == 1

    def test_the_version_travels_in_a_hidden_field(self, notes: type[Note]) -> None:
        record = make()
        record.save()
        assert '<input type="hidden" name="version" value="2"' in str(NoteForm(instance=record)["version"])

    def test_an_edit_of_the_current_version_is_saved(self, notes: type[Note]) -> None:
        record = make()
        form = NoteForm(sent(1), instance=record)
        assert form.is_valid(), form.errors
        form.save()
        record.refresh_from_db()
        assert (record.title, record.version) == ("Моя", 2)

    def test_the_loser_keeps_the_text_and_sees_the_difference(self, notes: type[Note]) -> None:
        mine, theirs = Village.objects.create(title="Моя"), Village.objects.create(title="Их")
        record = make()
        other = User.objects.create(username="head", last_name="Ким", first_name="Виктор")
        with acting(other):
            winner = Note.objects.get(pk=record.pk)
            winner.title, winner.kind, winner.village = "Их", Note.Kind.URGENT, theirs
            winner.save()
        form = NoteForm(sent(1, village=str(mine.pk), is_closed="on"), instance=record)
        assert not form.is_valid()
        assert form.has_error(NON_FIELD_ERRORS, "stale")
        assert form.conflict is not None
        assert form.conflict.changed_by == str(other)
        assert not form.conflict.own
        assert form.conflict.changed_at is not None
        assert [(c.name, c.yours, c.theirs) for c in form.conflict.fields] == [
            ("title", "Моя", "Их"),
            ("kind", "Обычная", "Срочная"),
            ("is_closed", "да", "нет"),
            ("village", "Моя", "Их"),
        ]
        assert form["title"].value() == "Моя"
        assert 'value="2"' in str(form["version"])
        assert Note.objects.get(pk=record.pk).title == "Их"

    def test_ones_own_second_window_is_not_called_another_person(self, notes: type[Note]) -> None:
        record = make()
        writer = User.objects.create(username="head", last_name="Ким", first_name="Виктор")
        with acting(writer):
            Note.objects.get(pk=record.pk).save()
            form = NoteForm(sent(1), instance=record)
            assert not form.is_valid()
        assert form.conflict is not None
        assert form.conflict.own
        shown = str(form)
        assert "Запись уже сохранили вы сами" in shown
        assert "В другом окне или на другом устройстве, " in shown
        assert "другой сотрудник" not in shown
        assert "другой человек" not in shown

    def test_sending_it_again_with_open_eyes_saves(self, notes: type[Note]) -> None:
        record = make()
        Note.objects.get(pk=record.pk).save()
        refused = NoteForm(sent(1), instance=record)
        assert not refused.is_valid()
        again = NoteForm(refused.data, instance=Note.objects.get(pk=record.pk))
        assert again.is_valid(), again.errors
        assert again.save().version == 3

    def test_a_difference_shows_even_when_another_field_is_wrong(self, notes: type[Note]) -> None:
        record = make()
        Note.objects.get(pk=record.pk).save()
        form = NoteForm(sent(1, due_on="31.02.2024"), instance=record)
        assert not form.is_valid()
        assert form.conflict is not None
        assert ("due_on", "31.02.2024", "31.01.2024") in [(c.name, c.yours, c.theirs) for c in form.conflict.fields]

    def test_a_record_deleted_meanwhile(self, notes: type[Note]) -> None:
        record = make()
        Note.objects.filter(pk=record.pk).delete()
        form = NoteForm(sent(1), instance=record)
        assert not form.is_valid()
        assert form.has_error(NON_FIELD_ERRORS, "deleted")

    @pytest.mark.parametrize("version", ["", "x", "-1", "1.5", "9" * 40, "\x00"])
    def test_a_damaged_version_is_a_form_error(self, notes: type[Note], version: str) -> None:
        form = NoteForm(sent(version), instance=make())
        assert not form.is_valid()

    def test_validation_outside_a_transaction_is_refused(self, committed_notes: type[Note]) -> None:
        record = make()
        with pytest.raises(transaction.TransactionManagementError):
            NoteForm(sent(1), instance=record).is_valid()

    def test_two_requests_at_once(self, committed_notes: type[Note]) -> None:
        """Both forms were filled from version 1; each request is a transaction, as in production."""
        record = make()
        barrier = threading.Barrier(2)
        results: list[tuple[bool, Any]] = []

        def post(title: str) -> None:
            try:
                with transaction.atomic():
                    form = NoteForm(sent(1, title=title), instance=Note.objects.get(pk=record.pk))
                    barrier.wait()
                    saved = form.is_valid()
                    if saved:
                        form.save()
                    results.append((saved, form.conflict))
            finally:
                connection.close()

        threads = [threading.Thread(target=post, args=(title,)) for title in ("Первый", "Второй")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(saved for saved, _ in results) == [False, True]
        (conflict,) = [conflict for saved, conflict in results if not saved]
        (difference,) = conflict.fields
        assert {difference.yours, difference.theirs} == {"Первый", "Второй"}
        record.refresh_from_db()
        assert (record.title, record.version) == (difference.theirs, 2)


def test_only_versioned_models(notes: type[Note]) -> None:
    class VillageForm(EditForm[Any]):
        class Meta:
            model = Village
            fields = ["title"]

    assert not issubclass(Village, VersionedModel)
    with pytest.raises(Exception, match="VersionedModel"):
        VillageForm()
