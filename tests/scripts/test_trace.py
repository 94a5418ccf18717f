"""`make trace`: what the marks say, and that a mark with a wrong id does not pass."""

import json
import os
import subprocess
import sys
from pathlib import Path

from scripts.trace import ROOT, Requirement, functions, read_catalogue, report

MARKED = """
import pytest

pytestmark = pytest.mark.requirement("{module}")

@pytest.mark.requirement("S2-26", "L19")
class TestMany:
    @pytest.mark.parametrize("number", [1, 2])
    def test_one(self, number): ...

@pytest.mark.parametrize("row", [pytest.param("R1", marks=pytest.mark.requirement("R1"))])
def test_row(row): ...
"""


def collect(folder: Path, module: str) -> tuple[subprocess.CompletedProcess[str], dict[str, list[str]]]:
    """Collect a module of marked tests with the suite's own plugin."""
    (folder / "test_marked.py").write_text(MARKED.format(module=module))
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = requirement\n")
    target = folder / "claims.json"
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "tests.plugins.requirements"]
    plain = ["-p", "no:django", "-p", "no:randomly", f"--requirements-to={target}", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [*command, *plain], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return result, json.loads(target.read_text()) if target.exists() else {}


def test_marks_of_functions_classes_modules_and_parameters_count(tmp_path: Path) -> None:
    result, claims = collect(tmp_path, "S0-1")
    assert result.returncode == 0, result.stdout + result.stderr
    assert {requirement: len(tests) for requirement, tests in claims.items()} == {
        "S0-1": 3,
        "S2-26": 2,
        "L19": 2,
        "R1": 1,
    }
    assert functions(claims["S2-26"]) == ["test_marked.py::TestMany::test_one"]


def test_an_unknown_id_stops_the_run(tmp_path: Path) -> None:
    result, claims = collect(tmp_path, "S99-99")
    assert result.returncode != 0
    assert "Unknown requirements S99-99 in test_marked.py::TestMany::test_one" in result.stderr
    assert claims == {}


def test_the_report_tells_the_proven_from_the_rest() -> None:
    requirements = [
        Requirement("S1", "M", "families", "A family has a number"),
        Requirement("S2", "M", "families, casework", "A case has a curator"),
        Requirement("S3", "S", "casework", "A visit has an act"),
    ]
    lines = list(report(requirements, {"S2": ["tests/a.py::test_x[1]", "tests/a.py::test_x[2]", "tests/b.py::test_y"]}))
    proven, rest = lines[: lines.index("\nNot proven")], lines[lines.index("\nNot proven") :]
    assert [line.split()[0] for line in proven[1:]] == ["S2", "tests/a.py::test_x", "tests/b.py::test_y"]
    assert [line.split()[0] for line in rest[1:3]] == ["S1", "S3"]
    text = "\n".join(line.replace(" ", "") for line in rest)
    assert "must1of2\nshould0of1" in text
    assert "families1of2\ncasework1of2" in text
    assert lines[-1] == "\n1 of 3 requirements are proven."


def test_ids_of_the_catalogue_are_unique() -> None:
    ids = [requirement.id for requirement in read_catalogue()]
    assert len(ids) == len(set(ids)) > 500
