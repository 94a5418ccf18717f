"""The check of the message catalogue finds each kind of gap."""

import polib
import pytest

from scripts.messages import problems

IN_CODE = {("", "Save", ""), ("menu", "Home", ""), ("", "%(n)s day", "%(n)s days")}


def catalogue() -> polib.POFile:
    file = polib.POFile()
    file.append(polib.POEntry(msgid="Save", msgstr="Сохранить"))
    file.append(polib.POEntry(msgctxt="menu", msgid="Home", msgstr="Главная"))
    days = {0: "%(n)s день", 1: "%(n)s дня", 2: "%(n)s дней"}
    file.append(polib.POEntry(msgid="%(n)s day", msgid_plural="%(n)s days", msgstr_plural=days))
    return file


def test_a_complete_catalogue_passes() -> None:
    assert list(problems(catalogue(), IN_CODE)) == []


def test_a_message_of_the_code_that_is_not_in_the_catalogue() -> None:
    assert list(problems(catalogue(), IN_CODE | {("", "Print", "")})) == ["not in the catalogue: 'Print'"]


def test_a_message_that_the_code_no_longer_has() -> None:
    assert list(problems(catalogue(), IN_CODE - {("", "Save", "")})) == ["no longer in the code: 'Save'"]


def test_the_same_words_in_another_context_are_another_message() -> None:
    changed = (IN_CODE - {("menu", "Home", "")}) | {("", "Home", "")}
    assert len(list(problems(catalogue(), changed))) == 2


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("msgstr", "", "not translated: 'Save'"),
        ("flags", ["fuzzy"], "fuzzy: 'Save'"),
    ],
)
def test_a_gap_in_an_entry(field: str, value: object, problem: str) -> None:
    file = catalogue()
    setattr(file.find("Save"), field, value)
    assert list(problems(file, IN_CODE)) == [problem]


def test_a_missing_plural_form() -> None:
    file = catalogue()
    entry = file.find("%(n)s day")
    assert entry is not None
    entry.msgstr_plural[2] = ""
    assert list(problems(file, IN_CODE)) == ["not translated: '%(n)s day'"]


def test_an_obsolete_entry() -> None:
    file = catalogue()
    file.append(polib.POEntry(msgid="Old", msgstr="Старое", obsolete=True))
    assert list(problems(file, IN_CODE)) == ["obsolete: 'Old'"]
