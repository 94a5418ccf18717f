"""gunicorn as in production, over the scale database, for as long as a measurement takes."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.processes import free_port, stop

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A running gunicorn: where it answers, and the process that has started the others."""

    address: str
    pid: int

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in children.split()]


@contextmanager
def served(**environment: str) -> Iterator[Server]:
    """A running server; it ends with the block."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn", "config.wsgi"],
            cwd=ROOT,
            env=os.environ | {"BIND": f"127.0.0.1:{port}", "PYTHONWARNINGS": "ignore"} | environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(address, process)
            yield Server(address, process.pid)
        except RuntimeError as error:
            log.seek(0)
            raise RuntimeError(f"{error}:\n{log.read()[-3000:].decode(errors='replace')}") from error
        finally:
            stop(process.pid)
            process.wait()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the server has ended by itself")
        try:
            with urllib.request.urlopen(f"{address}/healthz/", timeout=2):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")
