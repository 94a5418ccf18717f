"""The embedded servers: they keep their data, survive a crash and stale pid files, and never touch a stranger."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from scripts import embedded
from scripts.embedded import Postgres, Valkey
from scripts.processes import is_alive, read_pid, stop, working_in
from tests.plugins.services import sweep

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that every user can reach, as a clone outside a home folder is; its servers are stopped at the end.

    Where the suite itself runs from a closed folder, the clusters lie elsewhere: each that is started is remembered.
    """
    folder = Path(tempfile.mkdtemp(prefix="opora-embedded-"))
    folder.chmod(0o755)
    begun: list[Postgres] = []
    start = Postgres.start

    def remembered(postgres: Postgres) -> None:
        begun.append(postgres)
        start(postgres)

    monkeypatch.setattr(Postgres, "start", remembered)
    yield folder
    places = [postgres.data for postgres in begun] + [part.parent for part in folder.rglob("valkey.pid")]
    for pid in [pid for place in places for pid in working_in(place)]:
        stop(pid, signal.SIGKILL)
    for postgres in begun:
        postgres.remove()
    shutil.rmtree(folder)


@pytest.fixture
def stranger() -> Iterator[int]:
    """A process of the database's own user that has nothing to do with us."""
    user = "nobody" if os.geteuid() == 0 else None
    process = subprocess.Popen(["sleep", "600"], user=user, cwd="/")
    yield process.pid
    process.kill()
    process.wait()


def started(home: Path, *, throwaway: bool = True) -> Postgres:
    postgres = Postgres(home, throwaway=throwaway)
    postgres.start()
    return postgres


def remember(postgres: Postgres) -> None:
    with psycopg.connect(postgres.url("opora_owner")) as connection:
        connection.execute("CREATE TABLE fact AS SELECT 42 AS value")


def remembers(postgres: Postgres) -> bool:
    with psycopg.connect(postgres.url("opora_owner")) as connection:
        return connection.execute("SELECT value FROM fact").fetchone() == (42,)


def kill(folder: Path, pid_file: str) -> None:
    """What the kernel does when memory runs out: the server has no time to tidy up."""
    pid = read_pid(folder / pid_file)
    assert pid in working_in(folder)
    stop(pid, signal.SIGKILL)


def test_data_survives_a_restart(home: Path) -> None:
    first = started(home)
    remember(first)
    first.stop()
    assert not first.is_running()
    assert working_in(first.data) == []
    assert remembers(started(home))


def test_starting_twice_is_starting_once(home: Path) -> None:
    first = started(home)
    pid = read_pid(first.data / "postmaster.pid")
    assert read_pid(started(home).data / "postmaster.pid") == pid


def test_starts_after_a_crash(home: Path) -> None:
    crashed = started(home, throwaway=False)
    remember(crashed)
    kill(crashed.data, "postmaster.pid")
    assert (crashed.data / "postmaster.pid").exists()
    assert not crashed.is_running()
    assert remembers(started(home))


def test_starts_when_the_stale_number_belongs_to_a_stranger(home: Path, stranger: int) -> None:
    crashed = started(home, throwaway=False)
    remember(crashed)
    kill(crashed.data, "postmaster.pid")
    lines = (crashed.data / "postmaster.pid").read_text().splitlines()
    (crashed.data / "postmaster.pid").write_text("\n".join([str(stranger), *lines[1:]]) + "\n")
    assert not crashed.is_running()
    assert remembers(started(home))
    assert is_alive(stranger)


def test_stop_does_not_touch_a_stranger(home: Path, stranger: int) -> None:
    postgres, valkey = Postgres(home), Valkey(home)
    postgres.data.mkdir()
    (postgres.data / "postmaster.pid").write_text(f"{stranger}\n")
    (valkey.folder / "valkey.pid").write_text(f"{stranger}\n")
    postgres.stop()
    valkey.stop()
    assert is_alive(stranger)


def test_an_interrupted_initialisation_is_begun_again(home: Path) -> None:
    (home / "postgres.new").mkdir()
    (home / "postgres.new" / "PG_VERSION").write_text("18\n")
    assert started(home).is_running()


def test_the_roles_and_the_letters(home: Path) -> None:
    with psycopg.connect(started(home).url("opora_app")) as connection:
        assert connection.execute("SELECT lower('ЁЛКИН')").fetchone() == ("ёлкин",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE own (id int)")


def test_two_clones_do_not_meet(home: Path) -> None:
    one, other = started(home / "one"), started(home / "other")
    assert one.port != other.port
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(one.url("opora_owner"), port=other.port)
    one.stop()
    assert other.is_running()


@needs_root
def test_root_moves_out_of_a_closed_folder_and_leaves_it_closed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "OPEN_HOME", home / "open")
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    postgres = started(closed / "clone" / "var")
    remember(postgres)
    assert postgres.data.is_relative_to(home / "open")
    assert closed.stat().st_mode & 0o777 == 0o700
    postgres.stop()
    assert remembers(started(closed / "clone" / "var"))
    postgres.remove()
    assert not postgres.data.exists()


@needs_root
def test_root_does_not_run_the_server_as_root(home: Path) -> None:
    data = started(home).data
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in working_in(data)}
    assert owners
    assert 0 not in owners


def test_a_failed_start_shows_the_end_of_the_log(home: Path) -> None:
    postgres = started(home)
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(embedded.ServiceError, match=r"pg_ctl failed(.|\n)*incompatible"):
        postgres.start()


def test_valkey_answers_who_knows_the_password(home: Path) -> None:
    valkey = Valkey(home)
    valkey.start()
    assert redis.Redis.from_url(valkey.url()).ping()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port).ping()
    valkey.stop()
    assert not valkey.is_running()
    assert working_in(valkey.folder) == []


def test_valkey_starts_after_a_crash(home: Path, stranger: int) -> None:
    valkey = Valkey(home)
    valkey.start()
    kill(valkey.folder, "valkey.pid")
    (valkey.folder / "valkey.pid").write_text(f"{stranger}\n")
    assert not valkey.is_running()
    valkey.start()
    assert redis.Redis.from_url(valkey.url()).ping()
    assert is_alive(stranger)


def test_what_a_killed_run_of_the_suite_left_is_swept(home: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    # A worker of pytest-xdist does not carry the name of pytest; the run is the controller's.
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    dead, alive = home / str(gone.pid), home / str(run)
    left = started(dead)
    broker = Valkey(dead / "broker-main")
    broker.start()
    alive.mkdir()
    sweep(home)
    assert working_in(left.data) == []
    assert working_in(broker.folder) == []
    assert not dead.exists()
    assert alive.exists()
