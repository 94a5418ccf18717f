"""House rules that no other tool checks: lengths of files and functions, and nothing left for later.

python -m scripts.house_rules
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES = 600
FUNCTION_LINES = 60
VIEW_LINES = 30
SOURCE = {".py", ".html", ".js", ".css"}
# A line of hand-written code is never this long: it was made by a tool and belongs in a package.
CODE_WIDTH = 500
LEFT_FOR_LATER = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|raise NotImplemented[E]rror)\b")


def problems(path: Path, name: str) -> Iterator[str]:
    """What is wrong with one file; `name` is how the messages call it."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    if len(lines) > FILE_LINES and "migrations" not in path.parts:
        yield f"{name}: {len(lines)} lines, at most {FILE_LINES}"
    for number, line in enumerate(lines, 1):
        if LEFT_FOR_LATER.search(line):
            yield f"{name}:{number}: left for later"
        if len(line) > CODE_WIDTH and path.suffix in {".js", ".css"}:
            yield f"{name}:{number}: a line of {len(line)} characters"
    if path.suffix == ".py":
        yield from long_functions(ast.parse(text), name, VIEW_LINES if is_view(path) else FUNCTION_LINES)


def is_view(path: Path) -> bool:
    """Whether the file holds views: `views.py`, or a module of a package `views`."""
    return "tests" not in path.parts and "views" in (path.stem, path.parent.name)


def long_functions(tree: ast.Module, name: str, limit: int) -> Iterator[str]:
    """Functions longer than the limit, decorators not counted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > limit:
                yield f"{name}:{node.lineno}: {node.name} has {length} lines, at most {limit}"


def tracked_files(root: Path) -> list[Path]:
    """The source files that git knows or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True).stdout
    paths = (root / name for name in output.split("\0") if name)
    return sorted(path for path in paths if path.suffix in SOURCE and path.is_file())


def main(root: Path = ROOT) -> int:
    found = [problem for path in tracked_files(root) for problem in problems(path, str(path.relative_to(root)))]
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
