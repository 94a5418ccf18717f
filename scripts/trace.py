"""Which requirements are proven, by which tests, and which are not; totals by priority and by area.

python -m scripts.trace

A requirement counts as proven when a test carries its mark. Whether the tests pass is the suite's business.
"""

import csv
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "tests" / "requirements.tsv"
PRIORITIES = {"M": "must", "S": "should", "R": "reference data", "I": "context only"}
TEXT_WIDTH = 90


@dataclass(frozen=True)
class Requirement:
    id: str
    priority: str
    area: str
    text: str


def read_catalogue(path: Path = CATALOGUE) -> list[Requirement]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Requirement(row["id"], row["priority"], row["area"], row["requirement"]) for row in rows]


def collect_claims() -> dict[str, list[str]]:
    """Requirement ids with the tests that are marked with them, as pytest collects them."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:randomly"]
        result = subprocess.run(
            [*command, f"--requirements-to={file.name}"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        if result.returncode:
            sys.exit(result.stdout[-3000:] + result.stderr[-3000:])
        claims: dict[str, list[str]] = json.loads(Path(file.name).read_text())
        return claims


def functions(tests: list[str]) -> list[str]:
    """The tests' names without the parameters of each run, in order, once each."""
    return list(dict.fromkeys(test.partition("[")[0] for test in tests))


def shorten(text: str) -> str:
    return text if len(text) <= TEXT_WIDTH else text[: TEXT_WIDTH - 1] + "…"


def totals(
    title: str,
    requirements: list[Requirement],
    claims: dict[str, list[str]],
    groups: Callable[[Requirement], list[str]],
) -> Iterator[str]:
    """One line a group: how many of its requirements are proven. One requirement may count in several groups."""
    every = Counter(group for requirement in requirements for group in groups(requirement))
    proven = Counter(group for requirement in requirements if requirement.id in claims for group in groups(requirement))
    yield f"\nBy {title}"
    for group, count in sorted(every.items(), key=lambda item: -item[1]):
        yield f"  {group:<16} {proven[group]:>4} of {count:>4}"


def report(requirements: list[Requirement], claims: dict[str, list[str]]) -> Iterator[str]:
    """The lines of the whole report."""
    yield "Proven"
    for requirement in requirements:
        if requirement.id in claims:
            yield f"  {requirement.id:<8} {requirement.priority}  {shorten(requirement.text)}"
            yield from (f"             {test}" for test in functions(claims[requirement.id]))
    yield "\nNot proven"
    for requirement in requirements:
        if requirement.id not in claims:
            yield f"  {requirement.id:<8} {requirement.priority}  {requirement.area}: {shorten(requirement.text)}"
    yield from totals("priority", requirements, claims, lambda row: [PRIORITIES.get(row.priority, row.priority)])
    yield from totals("area", requirements, claims, lambda row: row.area.split(", "))
    proven = sum(requirement.id in claims for requirement in requirements)
    yield f"\n{proven} of {len(requirements)} requirements are proven."


def main() -> int:
    requirements = read_catalogue()
    claims = collect_claims()
    for line in report(requirements, claims):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
