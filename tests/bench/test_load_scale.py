"""`manage.py load_scale` fills a database of its own, breaks no constraint of it and follows the rules."""

import subprocess

import pytest

from bench.scale.plan import LONGEST_CASE_VISITS
from tests.bench.scale import manage, rows, server
from tests.families.search_keys import OUT_OF_STEP

FAMILIES, VISITS = 400, 5
SCHEMA = """
    SELECT conrelid::regclass::text, conname, regexp_replace(pg_get_constraintdef(oid), ' WHERE .*', ''), convalidated
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT indrelid::regclass::text, indexrelid::regclass::text,
        regexp_replace(pg_get_indexdef(indexrelid), ' WHERE .*', ''), indisvalid
    FROM pg_index WHERE indrelid::regclass::text NOT LIKE 'pg\\_%'
    UNION ALL
    SELECT tgrelid::regclass::text, tgname, '', tgenabled = 'O' FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2, 3
"""
"""Conditions are left out: PostgreSQL words them anew when it reads its own definition."""


def load(database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return manage(database, "load_scale", "--today", "2026-11-20", *arguments)


@pytest.fixture(scope="module")
def before(database: str) -> list[tuple[object, ...]]:
    return rows(database, SCHEMA)


@pytest.fixture(scope="module")
def loaded(database: str, before: list[tuple[object, ...]]) -> str:
    done = load(database, "--families", str(FAMILIES), "--visits-per-family", str(VISITS))
    assert done.returncode == 0, done.stderr[-2000:]
    return database


def test_as_many_rows_as_were_asked_for(loaded: str) -> None:
    counted = rows(
        loaded,
        """SELECT (SELECT count(*) FROM families_family), (SELECT count(*) FROM families_person),
        (SELECT count(*) FROM casework_visit WHERE held_on IS NOT NULL)""",
    )
    ((families, people, visits),) = counted
    assert (families, people) == (FAMILIES, 3 * FAMILIES)
    assert isinstance(visits, int)
    assert 0.9 * FAMILIES * VISITS < visits - LONGEST_CASE_VISITS < 1.1 * FAMILIES * VISITS


def test_every_constraint_index_and_trigger_stands_again(loaded: str, before: list[tuple[object, ...]]) -> None:
    assert rows(loaded, SCHEMA) == before


def test_a_case_is_where_its_last_change_of_stage_left_it(loaded: str) -> None:
    wrong = rows(
        loaded,
        """SELECT c.id FROM casework_supportcase AS c WHERE c.stage <> (
            SELECT to_stage FROM casework_stagechange AS change WHERE change.case_id = c.id
            ORDER BY change.on DESC, change.id DESC LIMIT 1)""",
    )
    assert wrong == []


def test_contacts_are_those_of_the_visits(loaded: str) -> None:
    wrong = rows(
        loaded,
        """SELECT c.id FROM casework_supportcase AS c WHERE c.last_contact_on IS DISTINCT FROM (
            SELECT max(held_on) FROM casework_visit AS visit
            WHERE visit.case_id = c.id AND state = 'HELD' AND channel <> 'PHONE')""",
    )
    assert wrong == []
    ((overdue,),) = rows(
        loaded, "SELECT count(*) FROM casework_supportcase WHERE next_contact_due_on < DATE '2026-11-20'"
    )
    assert isinstance(overdue, int)
    assert 0 < overdue < FAMILIES


def test_search_finds_what_was_loaded(loaded: str) -> None:
    assert rows(loaded, OUT_OF_STEP) == []
    assert rows(loaded, "SELECT count(*) FROM families_searchkey") == [(4 * FAMILIES,)]


def test_a_new_record_gets_the_next_number(loaded: str) -> None:
    ((last, following),) = rows(
        loaded, "SELECT max(id), nextval(pg_get_serial_sequence('families_family', 'id')) FROM families_family"
    )
    assert isinstance(last, int)
    assert following == last + 1


def test_a_database_that_is_not_empty_is_left_alone(loaded: str) -> None:
    again = load(loaded, "--families", "10")
    assert again.returncode == 1
    assert "is not empty" in again.stderr
    assert rows(loaded, "SELECT count(*) FROM families_family") == [(FAMILIES,)]


def test_a_database_of_another_name_is_left_alone() -> None:
    refused = load(server("opora"), "--families", "10")
    assert refused.returncode == 1
    assert "its name has to end in _scale" in refused.stderr
