"""The house rules find what they are for, and nothing else."""

import subprocess
from pathlib import Path

import pytest

from scripts.house_rules import main, problems

# Taken apart, for this file keeps the rules too.
LATER = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error"]


def found(tmp_path: Path, name: str, text: str) -> list[str]:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return list(problems(path, name))


def function(lines: int) -> str:
    return "def long():\n" + "    x = 1\n" * (lines - 1)


def test_good_code_passes(tmp_path: Path) -> None:
    assert found(tmp_path, "app/services.py", function(60) + "y = 1\n" * 540) == []
    assert found(tmp_path, "app/views.py", function(30)) == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("app/models.py", "x = 1\n" * 601, "app/models.py: 601 lines, at most 600"),
        ("app.css", "a{}\n" * 601, "app.css: 601 lines, at most 600"),
        ("app/services.py", function(61), "app/services.py:1: long has 61 lines, at most 60"),
        ("app/views.py", function(31), "app/views.py:1: long has 31 lines, at most 30"),
        ("app/views/cases.py", function(31), "app/views/cases.py:1: long has 31 lines, at most 30"),
        ("app/services.py", f"\nx = 1  # {LATER[0]}\n", "app/services.py:2: left for later"),
        ("page.html", f"<p>{LATER[1]}</p>", "page.html:1: left for later"),
        ("app/services.py", f"raise {LATER[2]}\n", "app/services.py:1: left for later"),
        ("lib.js", "x" * 501, "lib.js:1: a line of 501 characters"),
    ],
)
def test_a_defect_is_found(tmp_path: Path, name: str, text: str, problem: str) -> None:
    assert found(tmp_path, name, text) == [problem]


def test_methods_and_nested_functions_count(tmp_path: Path) -> None:
    method = "class A:\n" + "".join(f"    {line}\n" for line in function(61).splitlines())
    assert found(tmp_path, "app/models.py", method) == ["app/models.py:2: long has 61 lines, at most 60"]


def test_catching_what_a_library_does_not_implement_is_allowed(tmp_path: Path) -> None:
    text = f"try:\n    pass\nexcept {LATER[2]}:\n    pass\n"
    assert found(tmp_path, "app/files.py", text) == []


def test_generated_migrations_may_be_long(tmp_path: Path) -> None:
    assert found(tmp_path, "app/migrations/0001_initial.py", "x = 1\n" * 601) == []


def test_the_command_reads_what_git_tracks_or_would_add(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    (tmp_path / "ignored.py").write_text(f"# {LATER[0]}\n")
    assert main(tmp_path) == 0
    (tmp_path / "new.py").write_text(f"# {LATER[0]}\n")
    assert main(tmp_path) == 1
    assert capsys.readouterr().out == "new.py:1: left for later\n"
