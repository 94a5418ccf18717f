"""Preparing a machine: when packages are installed anew, when not, and what an ordinary user is told."""

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scripts import bootstrap


class Version(NamedTuple):
    major: int
    minor: int
    micro: int


class Commands:
    """Stands in for `subprocess.run`: remembers what was to be run, and fails where it is told to."""

    def __init__(self) -> None:
        self.run: list[str] = []
        self.fail_on = ""

    def __call__(self, command: list[Any], **_options: Any) -> subprocess.CompletedProcess[bytes]:
        line = " ".join(map(str, command))
        self.run.append(line)
        if "-m venv" in line:
            bootstrap.VENV.mkdir(exist_ok=True)
            bootstrap.STAMP.unlink(missing_ok=True)
        if self.fail_on and self.fail_on in line:
            raise subprocess.CalledProcessError(1, command)
        return subprocess.CompletedProcess(command, 0, b"")

    def made(self) -> list[str]:
        """The kinds of commands run since the last question."""
        kinds = ["environment" if "-m venv" in line else "packages" for line in self.run]
        self.run.clear()
        return kinds


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    (tmp_path / "requirements.lock").write_text("django==5.2.19\n")
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "opora.stamp")
    commands = Commands()
    monkeypatch.setattr(bootstrap.subprocess, "run", commands)
    return commands


def test_installs_once_and_again_when_the_lock_changes(commands: Commands) -> None:
    bootstrap.install_environment()
    assert commands.made() == ["environment", "packages"]
    bootstrap.install_environment()
    assert commands.made() == []
    bootstrap.LOCK.write_text("django==5.2.20\n")
    bootstrap.install_environment()
    assert commands.made() == ["packages"]


@pytest.mark.parametrize("fail_on", ["-m venv", "pip install"])
def test_an_interrupted_installation_is_begun_again(commands: Commands, fail_on: str) -> None:
    commands.fail_on = fail_on
    with pytest.raises(subprocess.CalledProcessError):
        bootstrap.install_environment()
    commands.made()
    commands.fail_on = ""
    bootstrap.install_environment()
    assert commands.made() == ["environment", "packages"]


def test_an_interrupted_renewal_is_begun_again(commands: Commands) -> None:
    bootstrap.install_environment()
    bootstrap.LOCK.write_text("django==5.2.20\n")
    commands.fail_on = "pip install"
    with pytest.raises(subprocess.CalledProcessError):
        bootstrap.install_environment()
    commands.made()
    commands.fail_on = ""
    bootstrap.install_environment()
    assert commands.made() == ["environment", "packages"]


def test_another_interpreter_gets_another_environment(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.install_environment()
    commands.made()
    other = 12 if sys.version_info.minor != 12 else 13
    monkeypatch.setattr(bootstrap.sys, "version_info", Version(3, other, 0))
    bootstrap.install_environment()
    assert commands.made() == ["environment", "packages"]


def test_a_linked_environment_is_left_alone(commands: Commands, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    bootstrap.VENV.symlink_to(tmp_path / "own")
    bootstrap.install_environment()
    assert commands.made() == []


@pytest.mark.parametrize("version", [Version(3, 10, 1), Version(3, 14, 0)])
def test_another_python_is_refused_with_one_line(monkeypatch: pytest.MonkeyPatch, version: Version) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", version)
    with pytest.raises(
        SystemExit, match=rf"^Opora needs Python .* this is 3\.{version.minor}\. Run: make PYTHON=[^\n]+$"
    ):
        bootstrap.check_python()


def test_an_ordinary_user_is_told_the_one_command(commands: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "missing_packages", lambda _purpose: ["gettext", "chromium"])
    monkeypatch.setattr(bootstrap.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as stopped:
        bootstrap.install_packages("test")
    assert str(stopped.value) == (
        "System packages are missing. Run: sudo apt-get update && sudo apt-get install -y gettext chromium"
    )
    assert commands.made() == []


def test_the_demo_needs_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "is_loadable", lambda _library: False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _program: None)
    demo, test = bootstrap.missing_packages("demo"), bootstrap.missing_packages("test")
    assert "gettext" in demo
    assert set(test) - set(demo) == {"chromium", "libatomic1"}
