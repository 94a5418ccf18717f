"""The mark `requirement`: which requirements a test proves. An id that tests/requirements.tsv lacks stops the run."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).resolve().parent.parent / "requirements.tsv"


def known_ids() -> set[str]:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return {row["id"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def claims(item: pytest.Item) -> Iterator[str]:
    """The ids that the test claims to prove, by marks of its own, of its class and of its module."""
    for mark in item.iter_markers("requirement"):
        yield from mark.args


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements-to", type=Path, help="write the ids and the tests that claim them to this file")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    proven: dict[str, list[str]] = {}
    for item in items:
        for requirement in claims(item):
            proven.setdefault(requirement, []).append(item.nodeid)
    if unknown := proven.keys() - known_ids():
        tests = {test for requirement in unknown for test in proven[requirement]}
        raise pytest.UsageError(f"Unknown requirements {', '.join(sorted(unknown))} in {', '.join(sorted(tests))}")
    if target := config.getoption("--requirements-to"):
        target.write_text(json.dumps(proven))
