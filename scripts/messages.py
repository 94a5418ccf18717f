"""The Russian message catalogue: complete, and nothing in it that the code no longer says.

python -m scripts.messages check | update
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/ru/LC_MESSAGES/django.po")
# Printed documents are Russian only; tests and scripts speak to developers.
SHOWN = 40
IGNORED = [".venv", "build", "var", "tests", "scripts", "templates/print", "__pycache__", ".git"]


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def collect(root: Path) -> None:
    """Let Django read the code below `root` and bring the catalogue there up to date."""
    command = [sys.executable, "-W", "ignore", "manage.py", "makemessages", "--locale", "ru", "--verbosity", "0"]
    layout = ["--no-location", "--no-obsolete", "--no-wrap"]
    ignored = [word for pattern in IGNORED for word in ("--ignore", pattern)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    subprocess.run([*command, *layout, *ignored], cwd=root, env=environment, check=True)


def problems(catalogue: polib.POFile, in_code: set[tuple[str, str, str]]) -> Iterator[str]:
    """What is wrong with the catalogue, given what the code says."""
    present = {key(entry) for entry in catalogue if not entry.obsolete}
    yield from (f"not in the catalogue: {text!r}" for _, text, _ in sorted(in_code - present))
    yield from (f"no longer in the code: {text!r}" for _, text, _ in sorted(present - in_code))
    for entry in catalogue:
        if entry.obsolete:
            yield f"obsolete: {entry.msgid!r}"
        elif entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        elif not entry.translated():
            yield f"not translated: {entry.msgid!r}"


def check() -> int:
    """Compare the catalogue with one collected in a copy of the code; the working tree is left as it is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "code"
        shutil.copytree(ROOT, copy, symlinks=True, ignore=shutil.ignore_patterns(*(f for f in IGNORED if "/" not in f)))
        collect(copy)
        in_code = {key(entry) for entry in polib.pofile(str(copy / CATALOGUE)) if not entry.obsolete}
    found = list(problems(polib.pofile(str(ROOT / CATALOGUE)), in_code))
    for problem in found[:SHOWN]:
        print(problem)
    if len(found) > SHOWN:
        print(f"and {len(found) - SHOWN} more")
    return 1 if found else 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the message catalogue, or collect new messages into it.")
    parser.add_argument("action", choices=["check", "update"])
    if parser.parse_args().action == "check":
        return check()
    collect(ROOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
