"""All checks of the code, one after the other; what a check prints is shown only if it fails.

python -m scripts.check
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = [
    *("common", "accounts", "records", "partners", "families", "casework", "contracts", "councils", "monitoring"),
    *("demo", "config", "bench"),
]
PYTHON = [sys.executable, "-m"]
CHECKS = {
    "style": [*PYTHON, "ruff", "check", "--quiet", "."],
    "format": [*PYTHON, "ruff", "format", "--check", "--quiet", "."],
    "house rules": [*PYTHON, "scripts.house_rules"],
    "types": [*PYTHON, "mypy", *ROOMS, "scripts"],
    "layers": [str(Path(sys.executable).parent / "lint-imports")],
    "templates": [*PYTHON, "djlint", "--lint", "--quiet", "templates"],
    # The database is not asked: whether models and migrations agree is a question to the code alone.
    "migrations": [sys.executable, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"],
    "messages": [*PYTHON, "scripts.messages", "check"],
}


def passes(name: str) -> bool:
    """Run one check and say how it went."""
    begun = time.monotonic()
    result = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "failed" if result.returncode else "ok"
    print(f"{name:<12} {verdict} ({time.monotonic() - begun:.0f} s)", flush=True)
    if result.returncode:
        print(result.stdout, flush=True)
    return not result.returncode


def main() -> int:
    results = [passes(name) for name in CHECKS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
