"""Scale data: as many invented families as asked for, written by the database itself, the same for the same seed.

Three families have a size of their own whatever the number of all: the first curator answers for 40 families, the head
of the first department for 1,000, the director of the first institution for 10,000, scattered over the tables. So a
page of theirs can be compared between a small database and a large one.
"""

from collections.abc import Callable
from datetime import date

from bench.scale.cases import load_cases
from bench.scale.contracts import load_contracts
from bench.scale.councils import load_councils
from bench.scale.families import load_families
from bench.scale.filling import Filling
from bench.scale.journal import load_grants, load_journal
from bench.scale.plan import Plan, plan_cases
from bench.scale.reports import load_reports
from bench.scale.units import load_units
from bench.scale.visits import load_contacts, load_services, load_visits

STEPS: list[tuple[str, Callable[[Filling], None]]] = [
    ("units and people who work", load_units),
    ("plan", plan_cases),
    ("families", load_families),
    ("cases", load_cases),
    ("visits", load_visits),
    ("services", load_services),
    ("contracts", load_contracts),
    ("contacts", load_contacts),
    ("sessions", load_councils),
    ("reports", load_reports),
    ("grants", load_grants),
    ("journal of access", load_journal),
]


def load(*, families: int, visits_per_family: int, seed: int, today: date, say: Callable[[str], None]) -> None:
    """Fill an empty database; all of it or nothing. `today` is the day at which the histories stop."""
    filling = Filling(Plan(families, visits_per_family, seed, today))
    with filling.loading():
        for title, step in STEPS:
            with filling.step(title, say):
                step(filling)
