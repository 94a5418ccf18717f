"""The demo: embedded servers, database, invented data, web, worker and beat, all started and stopped together.

python -m scripts.demo run [--port 8000] [--empty] | reset

The data stays in var/demo, or where OPORA_DEMO_HOME says. A file lock, which the kernel drops however its holder dies,
says whether a demo runs there; what a killed demo left running is found by its working folder and stopped before the
next start.
"""

import argparse
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from scripts.embedded import Postgres, ServiceError, Valkey
from scripts.processes import is_port_free, stop, working_in

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("OPORA_DEMO_HOME", ROOT / "var" / "demo"))
# The working folder of web, worker and beat, and of nobody else: by it they are known.
PROCESSES = HOME / "processes"
MEDIA = HOME / "media"
READY_WITHIN = 90
INTERRUPTS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


class DemoError(Exception):
    """The demo cannot start or has broken down; the message is for the person at the terminal."""


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the lock of this clone's demo."""
    PROCESSES.mkdir(parents=True, exist_ok=True)
    MEDIA.mkdir(exist_ok=True)
    with (HOME / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError("The demo of this folder runs already; stop it first (Ctrl-C where it runs).") from None
        yield


def stop_leftovers() -> None:
    """End what works in the processes' folder: after a crash of this supervisor its children live on."""
    for pid in working_in(PROCESSES):
        stop(pid)


def secret_key() -> str:
    path = HOME / "secret.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def environment(port: int, database_url: str, broker_url: str) -> dict[str, str]:
    """The settings of the demo's processes, as environment variables."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "DEMO": "true",
        "DEBUG": "false",
        "SECRET_KEY": secret_key(),
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "PUBLIC_URL": f"http://localhost:{port}",
        "BIND": f"127.0.0.1:{port}",
        "MEDIA_ROOT": str(MEDIA),
        "DATABASE_URL": database_url,
        "BROKER_URL": broker_url,
    }


class Servers:
    """PostgreSQL and Valkey: those named in the environment, otherwise embedded ones."""

    def __init__(self) -> None:
        self.postgres = None if "DATABASE_URL" in os.environ else Postgres(HOME)
        self.valkey = None if "BROKER_URL" in os.environ else Valkey(HOME)

    def start(self) -> None:
        for server in (self.postgres, self.valkey):
            if server:
                server.start()

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()

    def database_url(self, role: str) -> str:
        return self.postgres.url(role) if self.postgres else os.environ["DATABASE_URL"]

    @property
    def broker_url(self) -> str:
        return self.valkey.url() if self.valkey else os.environ["BROKER_URL"]


def manage(env: dict[str, str], *arguments: str) -> None:
    """Run a management command; what it prints is shown only if it fails."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    result = subprocess.run(
        command, env=env, cwd=PROCESSES, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if result.returncode:
        raise DemoError(f"manage.py {' '.join(arguments)} failed:\n{result.stdout}")


class Processes:
    """Web, worker and beat, each in a session of its own: Ctrl-C reaches this supervisor, which stops them in order."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "config"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self._start("web", [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"])
        self._start("worker", [*celery, "worker", "--concurrency", str(os.cpu_count() or 2), *quiet])
        self._start("beat", [*celery, "beat", "--schedule", str(PROCESSES / "beat.schedule"), "--pidfile="])

    def _start(self, name: str, command: list[str]) -> None:
        with self.log(name).open("wb") as log:
            self.running[name] = subprocess.Popen(
                command, env=self.env, cwd=PROCESSES, start_new_session=True, stdout=log, stderr=subprocess.STDOUT
            )

    @staticmethod
    def log(name: str) -> Path:
        return HOME / f"{name}.log"

    def check(self) -> None:
        """Raise if one of them has ended."""
        for name, process in self.running.items():
            if process.poll() is not None:
                log = self.log(name)
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
                raise DemoError(f"{name} has ended by itself ({process.returncode}); {log} ends with:\n{tail}")

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        stop_leftovers()


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz/", timeout=5) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait_until_ready(processes: Processes, port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not is_ready(port):
        processes.check()
        if time.monotonic() > deadline:
            raise DemoError(f"The demo did not get ready within {READY_WITHIN} seconds; see {HOME}/*.log")
        time.sleep(0.5)


def run(port: int, *, empty: bool) -> None:
    stop_leftovers()
    if not is_port_free(port):
        raise DemoError(f"Port {port} is taken by another program. Run: make demo PORT={port + 1}")
    servers = Servers()
    try:
        say("Starting PostgreSQL and Valkey")
        servers.start()
        env = environment(port, servers.database_url("opora_app"), servers.broker_url)
        prepare(env | {"DATABASE_URL": servers.database_url("opora_owner")})
        if not empty:
            say("Loading the invented data (about a minute the first time)")
            manage(env, "load_demo")
        processes = Processes(env)
        try:
            say("Starting web, worker and beat")
            processes.start()
            wait_until_ready(processes, port)
            announce(port)
            while True:
                processes.check()
                time.sleep(1)
        finally:
            ignore_interrupts()
            processes.stop()
    finally:
        ignore_interrupts()
        servers.stop()


def prepare(owner: dict[str, str]) -> None:
    """Bring database and static files up to date, as the owner of the schema."""
    say("Preparing the database")
    manage(owner, "migrate", "--verbosity", "0")
    manage(owner, "grant_rights")
    manage(owner, "collectstatic", "--no-input", "--verbosity", "0")


def announce(port: int) -> None:
    print(
        f"\nOpora is ready: http://localhost:{port}\n\n"
        "Sign in as ROLE@REGION.demo with the password opora-demo\n"
        "  roles    specialist, head, director, secretary, chair, member, contracts,\n"
        "           ministry, resource, auditor, admin\n"
        "  regions  primorye, tula, vladimir, tatarstan, novgorod\n\n"
        "Ctrl-C stops everything; the data stays in var/demo (make demo-reset starts over).",
        flush=True,
    )


def reset() -> None:
    """Stop what still runs and delete all data of the demo."""
    stop_leftovers()
    Valkey(HOME).stop()
    Postgres(HOME).remove()
    shutil.rmtree(HOME)
    say("The data of the demo is deleted.")


def say(text: str) -> None:
    print(text, flush=True)


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def ignore_interrupts() -> None:
    """From here on everything is being stopped; an impatient second Ctrl-C must not leave half of it running."""
    for number in INTERRUPTS:
        signal.signal(number, signal.SIG_IGN)


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the demo, or delete its data.")
    parser.add_argument("action", choices=["run", "reset"])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--empty", action="store_true", help="load no invented data")
    options = parser.parse_args()
    for number in INTERRUPTS:
        signal.signal(number, interrupt)
    try:
        with only_one():
            reset() if options.action == "reset" else run(options.port, empty=options.empty)
    except KeyboardInterrupt:
        say("\nStopped.")
    except (DemoError, ServiceError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
