"""What is measured, one subject a file; each gives rows for the table."""

from collections.abc import Callable

from bench.measuring import Row
from bench.run import Run
from bench.subjects import (
    case_page,
    constancy,
    crowd,
    figures,
    lists,
    memory,
    papers,
    profile,
    reminding,
    searching,
    visits,
    weight,
)

SUBJECTS: dict[str, Callable[[Run], list[Row]]] = {
    "lists": lists.measure,
    "search": searching.measure,
    "case": case_page.measure,
    "visit": visits.measure,
    "figures": figures.measure,
    "reminders": reminding.measure,
    "papers": papers.measure,
    "queries": constancy.measure,
    "profile": profile.measure,
    "weight": weight.measure,
    "crowd": crowd.measure,
    "memory": memory.measure,
}
"""In the order of the table."""
