"""The demo as a whole: it starts, is stopped by a signal, breaks down visibly, and starts again after a crash."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.processes import free_port, stop, working_in
from tests.plugins.services import remove

ROOT = Path(__file__).resolve().parent.parent.parent


class Demo:
    """`python -m scripts.demo` with data of its own, on a free port."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BROKER_URL")}
        return subprocess.Popen(
            [sys.executable, "-m", "scripts.demo", *arguments],
            cwd=ROOT,
            env=inherited | {"OPORA_DEMO_HOME": str(self.home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self) -> str:
        """Run it until it says that it is ready; what it printed until then."""
        self.process = self.command("run", "--empty", "--port", str(self.port))
        assert self.process.stdout
        printed = ""
        for line in self.process.stdout:
            printed += line
            if "Ctrl-C" in line:
                return printed
        raise AssertionError(f"The demo did not get ready:\n{printed}")

    def wait(self) -> tuple[int, str]:
        """Its exit code and what it printed since it was ready."""
        assert self.process
        printed, _ = self.process.communicate(timeout=60)
        return self.process.returncode, printed

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    @property
    def children(self) -> list[int]:
        return working_in(self.home / "processes")

    @property
    def servers(self) -> list[int]:
        return working_in(self.home / "postgres") + working_in(self.home / "valkey")


@pytest.fixture
def demo() -> Iterator[Demo]:
    home = Path(tempfile.mkdtemp(prefix="opora-demo-"))
    home.chmod(0o755)
    demo = Demo(home)
    yield demo
    if demo.process and demo.process.poll() is None:
        stop(demo.process.pid, signal.SIGKILL)
        demo.wait()
    for pid in demo.children:
        stop(pid, signal.SIGKILL)
    remove(home)
    shutil.rmtree(home, ignore_errors=True)


def test_runs_breaks_down_recovers_and_stops(demo: Demo) -> None:
    """One after the other, for each start takes its seconds."""
    printed = demo.start()
    assert f"http://localhost:{demo.port}" in printed
    assert "ROLE@REGION.demo" in printed
    with urllib.request.urlopen(f"http://localhost:{demo.port}/readyz/") as response:
        assert response.read() == b'{"database": true, "broker": true, "worker": true}'
    second = demo.command("run", "--port", str(demo.port))
    assert "runs already" in second.communicate()[0]
    assert second.returncode == 1

    # One part breaks down: all stop, and the reason is shown.
    workers = [pid for pid in demo.children if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    stop(min(workers), signal.SIGKILL)
    code, printed = demo.wait()
    assert code == 1
    assert "worker has ended by itself" in printed
    assert demo.children + demo.servers == []

    # The supervisor is killed: its children live on, and the next start replaces them and keeps the data.
    demo.start()
    secret = (demo.home / "secret.key").read_text()
    stop(demo.pid, signal.SIGKILL)
    demo.wait()
    orphans = demo.children
    assert orphans
    demo.start()
    assert (demo.home / "secret.key").read_text() == secret
    assert not set(orphans) & set(demo.children)

    # Ctrl-C stops all of it.
    os.kill(demo.pid, signal.SIGINT)
    code, printed = demo.wait()
    assert (code, printed.strip()) == (0, "Stopped.")
    assert demo.children + demo.servers == []

    reset = demo.command("reset")
    assert "deleted" in reset.communicate()[0]
    assert not demo.home.exists()


def test_a_taken_port_is_named_with_the_way_out(demo: Demo) -> None:
    with socket.create_server(("127.0.0.1", demo.port)):
        refused = demo.command("run", "--port", str(demo.port))
        printed, _ = refused.communicate()
    assert refused.returncode == 1
    assert printed.strip() == f"Port {demo.port} is taken by another program. Run: make demo PORT={demo.port + 1}"
