"""Processes of this clone: free ports, and finding and stopping by identity what an earlier run left behind.

A number in a pid file proves nothing, for the kernel hands numbers out again. Each server of ours works in a folder of
its own, so a process is ours if, and only if, that folder is its current directory.
"""

import os
import signal
import socket
import time
from pathlib import Path


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_port_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback interface now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def read_pid(path: Path) -> int | None:
    """The process number on the first line of a pid file; None if there is no such file or it is damaged."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def works_in(pid: int | None, folder: Path) -> bool:
    """Whether the process is alive and has `folder` as its current directory."""
    if pid is None:
        return False
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        return False


def working_in(folder: Path) -> list[int]:
    """All processes whose current directory is `folder`: a server together with its children."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if works_in(pid, folder)]


def is_alive(pid: int) -> bool:
    """Whether a process of this number exists and is not merely waiting to be reaped."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def stop(pid: int, sig: signal.Signals = signal.SIGTERM, patience: float = 15) -> None:
    """Ask the process to end; kill it if it is still there after `patience` seconds."""
    for attempt in (sig, signal.SIGKILL):
        try:
            os.kill(pid, attempt)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if not is_alive(pid):
                return
            time.sleep(0.05)
