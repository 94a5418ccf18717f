"""The servers of a test run: an embedded PostgreSQL before Django's settings are read, a Valkey for those who ask.

Loaded early (`-p`, see pyproject.toml), for pytest-django reads the settings before any conftest. The workers of
pytest-xdist inherit the addresses from the controller's environment, so only the controller starts anything. Where
DATABASE_URL or BROKER_URL is set, that server is used instead.
"""

import atexit
import os
import shutil
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from types import FrameType

import pytest

from scripts.embedded import Postgres, Valkey
from scripts.processes import is_alive
from tests.plugins import schema

RUNS = Path(__file__).resolve().parent.parent.parent / "var" / "tests"
RUN_FOLDER = "OPORA_TEST_RUN"
GIVEN_BROKER = "OPORA_TEST_BROKER"


def sweep(runs: Path) -> None:
    """Stop and delete what killed runs left behind: a folder is named after the process that made it."""
    for folder in runs.glob("*"):
        pid = int(folder.name) if folder.name.isdigit() else None
        if pid is None or (is_alive(pid) and "pytest" in _command_line(pid)):
            continue
        remove(folder)


def remove(folder: Path) -> None:
    """Stop all servers of one run and delete its folder."""
    for home in (path.parent for path in folder.glob("*/valkey")):
        Valkey(home).stop()
    Postgres(folder, throwaway=True).remove()
    shutil.rmtree(folder, ignore_errors=True)


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Let a request to end be what Ctrl-C is: pytest tidies up and says how far it came."""
    raise KeyboardInterrupt


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    options = early_config.known_args_namespace
    if RUN_FOLDER not in os.environ and not (options.help or options.version or options.collectonly):
        sweep(RUNS)
        folder = RUNS / str(os.getpid())
        os.environ[RUN_FOLDER] = str(folder)
        os.environ[GIVEN_BROKER] = os.environ.get("BROKER_URL", "")
        atexit.register(remove, folder)
        signal.signal(signal.SIGTERM, _interrupt)
        if "DATABASE_URL" not in os.environ:
            postgres = Postgres(folder, throwaway=True)
            postgres.start()
            os.environ["DATABASE_URL"] = postgres.url("opora_owner")
            os.environ["OPORA_TEST_TEMPLATE"] = schema.prepare(postgres)
    return (yield)


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """The address of a Valkey of this worker's own, started at first use."""
    if given := os.environ[GIVEN_BROKER]:
        yield given
        return
    valkey = Valkey(Path(os.environ[RUN_FOLDER]) / f"broker-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    valkey.start()
    yield valkey.url()
    valkey.stop()
