"""Prepare this clone: system packages, virtual environment, pinned packages. Standard library only.

    python3 scripts/bootstrap.py demo | test

What is missing is installed where that is possible (root on a system with apt); otherwise one line says what to run.
A virtual environment is believed complete only after its stamp is written, so an interrupted run is simply begun again.
A `.venv` that is a symbolic link is the developer's own and is left alone.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "opora.stamp"
SUPPORTED = [(3, 11), (3, 12), (3, 13)]
BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
# What WeasyPrint loads, and the Debian packages that bring it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# What the driver of the browser tests loads.
TEST_LIBRARIES = {"libatomic.so.1": "libatomic1"}


def check_python() -> None:
    """Stop with one line unless this Python is one that the lock file serves."""
    if sys.version_info[:2] not in SUPPORTED:
        running = "{}.{}".format(*sys.version_info)
        sys.exit(f"Opora needs Python 3.11, 3.12 or 3.13, this is {running}. Run: make PYTHON=python3.13 ...")


def is_loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_packages(purpose: str) -> list[str]:
    """The Debian packages that this machine still lacks for `purpose`."""
    libraries = LIBRARIES | (TEST_LIBRARIES if purpose == "test" else {})
    missing = [package for library, package in libraries.items() if not is_loadable(library)]
    if importlib.util.find_spec("ensurepip") is None and not STAMP.exists():
        missing.append("python{}.{}-venv".format(*sys.version_info))
    if not shutil.which("msgfmt"):
        missing.append("gettext")
    if purpose == "test" and not any(map(shutil.which, BROWSERS)):
        missing.append("chromium")
    return missing


def install_packages(purpose: str) -> None:
    """Install what is missing with apt as root; otherwise stop and name the command."""
    missing = missing_packages(purpose)
    if not missing:
        return
    names = " ".join(missing)
    if not shutil.which("apt-get"):
        sys.exit(f"Install what these Debian packages hold, then run make again: {names}")
    if os.geteuid() != 0:
        sys.exit(f"System packages are missing. Run: sudo apt-get update && sudo apt-get install -y {names}")
    say(f"Installing system packages: {names}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        result = subprocess.run(
            ["apt-get", "-qq", *command], env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if result.returncode:
            sys.exit(f"apt-get {' '.join(command)} failed:\n{result.stdout.decode(errors='replace')}")
    importlib.invalidate_caches()
    if still := missing_packages(purpose):
        sys.exit(f"apt-get installed the packages, but these are still not found: {' '.join(still)}")


def wanted_stamp() -> str:
    """What a complete environment was made from: the pins and the interpreter."""
    return "{} {}.{}\n".format(hashlib.sha256(LOCK.read_bytes()).hexdigest(), *sys.version_info)


def install_environment() -> None:
    """Make or renew `.venv` from the lock file, unless its stamp says that it is up to date."""
    if VENV.is_symlink():
        say(f"Using the virtual environment {VENV.resolve()} as it is.")
        return
    stamp = STAMP.read_text() if STAMP.exists() else ""
    if stamp == wanted_stamp():
        return
    say("Installing Python packages (a minute or two)")
    if stamp.split()[1:] != wanted_stamp().split()[1:]:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    STAMP.unlink(missing_ok=True)
    python = VENV / "bin" / "python"
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    subprocess.run(
        [python, "-m", "pip", "install", *quiet, "--no-deps", "--require-hashes", "-r", LOCK], cwd=ROOT, check=True
    )
    STAMP.write_text(wanted_stamp())


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    check_python()
    install_packages(sys.argv[1] if len(sys.argv) > 1 else "demo")
    try:
        install_environment()
    except subprocess.CalledProcessError as error:
        sys.exit(f"Failed with exit code {error.returncode}: {' '.join(map(str, error.cmd[:5]))} ...")


if __name__ == "__main__":
    main()
