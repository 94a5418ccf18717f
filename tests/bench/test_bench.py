"""`manage.py bench` runs over a small database. Its times say nothing here; that each floor finds and writes the same
as the product does, the command checks by itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench.scale import manage, server

FAMILIES, VISITS = 1000, 2
SUBJECTS = ("case", "visit", "figures", "reminders", "queries")
LITTLE = ("--turns", "2", "--seconds", "1", "--requests", "4", "--papers", "1")


@pytest.fixture(scope="module")
def lines(database: str, broker_url: str, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The rows of one run over everything that needs no minutes."""
    loaded = manage(database, "load_scale", "--families", str(FAMILIES), "--visits-per-family", str(VISITS))
    assert loaded.returncode == 0, loaded.stderr[-2000:]
    numbers: Path = tmp_path_factory.mktemp("bench") / "bench.json"
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.bench", "BROKER_URL": broker_url, "DEBUG": "true"}
    done = manage(database, "bench", *SUBJECTS, *LITTLE, "--json", str(numbers), **settings)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(numbers.read_text(encoding="utf-8"))
    return found


def test_every_line_says_what_was_measured_and_against_what(lines: list[dict[str, Any]]) -> None:
    assert {line["part"] for line in lines} == {"SQL", "SQL with the reading of it", "request", "queries"}
    assert [line["subject"] for line in lines if line["value"] <= 0 or line["floor"] <= 0] == []


def test_queries_of_a_case_do_not_grow_with_its_timeline(lines: list[dict[str, Any]]) -> None:
    grown = [line["note"] for line in lines if "visits:" in line["note"] and line["value"] != line["floor"]]
    assert grown == []


def test_another_database_is_not_measured() -> None:
    refused = manage(server("opora"), "bench")
    assert refused.returncode == 1
    assert "its name has to end in _scale" in refused.stderr
