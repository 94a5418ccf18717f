"""The part of requirements.lock that production needs: `project.dependencies` and what they need in turn.

python -m scripts.runtime_lock > runtime.lock

The lock file says of each package who asked for it (`# via`); what demo or dev alone asked for is left out.
Standard library only, for it runs before anything is installed.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def blocks(lock: str) -> dict[str, str]:
    """The lines of each pinned package, by its name."""
    parts = re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE)
    return {normalise(part.partition("==")[0]): part for part in parts if "==" in part}


def asked_by(block: str) -> set[str]:
    """Who asked for the package, from its `# via` comment, on one line or on several."""
    comment = block[block.index("# via") + len("# via") :]
    return {normalise(word.split()[0]) for line in comment.splitlines() if (word := line.strip(" #"))}


def runtime_names(pinned: dict[str, str], dependencies: list[str]) -> set[str]:
    """The packages named in `dependencies` and, again and again, those that a chosen one asked for."""
    chosen = {normalise(re.split(r"[\[<>=!~; ]", dependency)[0]) for dependency in dependencies}
    while more := {name for name, block in pinned.items() if name not in chosen and asked_by(block) & chosen}:
        chosen |= more
    return chosen


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = blocks((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    names = runtime_names(pinned, project["dependencies"])
    if missing := names - pinned.keys():
        sys.exit(f"requirements.lock lacks {', '.join(sorted(missing))}: run make lock")
    sys.stdout.writelines(block for name, block in pinned.items() if name in names)


if __name__ == "__main__":
    main()
