"""Finding people: by surname, by digits, by a part of a name, in each person's scope."""

import gc
import random
import re
from collections.abc import Callable
from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.measuring import Row, in_turns
from bench.people import people
from bench.run import Run
from bench.subjects.capture import replay, replay_all
from families.models import Family, Person
from families.search import parse, search

SEED = 20_260
FRAGMENTS = 200
FINDING = re.compile(r'\(*SELECT "(families_searchkey|families_familyuserobjectpermission)"')
FIRST_STEP = 2
"""Statements before a page full of names that begin so ends the search."""
EXACT_GOAL, FRAGMENT_MEDIAN_MS, FRAGMENT_WORST_MS = 2.0, 15.0, 50.0


def measure(run: Run) -> list[Row]:
    """What a specialist types most: a surname, SNILS, the last digits of a telephone."""
    rows = []
    for person in people():
        known = Person.objects.filter(memberships__family__in=Family.objects.listed_for(person.user)).order_by("pk")
        one = known.exclude(phone="")[7]
        surname = _finding(person.user, one.last_name)
        found = {
            "names that begin with a surname": surname[:FIRST_STEP],
            "a surname, wherever it stands": surname,
            "SNILS": _finding(person.user, one.snils),
            "telephone's end": _finding(person.user, one.phone[-6:]),
        }
        works: dict[str, Callable[[], object]] = {
            "floor": replay("SELECT * FROM families_person WHERE id = %s", [one.pk]),
        }
        taken = in_turns(works | {name: replay_all(statements) for name, statements in found.items()}, run.turns)
        rows += [
            Row(f"search by {name}, {person.title}", "SQL", taken[name].median, taken["floor"].median, EXACT_GOAL)
            for name in found
        ]
        rows += _fragments(person.title, person.user)
    return rows


def _finding(user: User, text: str) -> list[str]:
    """The statements of a search that find whom to show: what is shared with the person, then keys of search."""
    with CaptureQueriesContext(connection) as captured:
        search(user, parse(text))
    return [row["sql"] for row in captured if FINDING.match(row["sql"])]


def _fragments(title: str, user: User) -> list[Row]:
    """Random parts of surnames of three to five letters, the whole search with its rows."""
    chance = random.Random(SEED)
    names = list(Person.objects.order_by("pk").values_list("last_name", flat=True)[:5000])
    taken = []
    # As the server does before it divides: a collection of all that Django has loaded takes a tenth of a second.
    gc.collect()
    gc.freeze()
    for _number in range(FRAGMENTS):
        name = chance.choice(names).lower()
        start = chance.randrange(max(1, len(name) - 3))
        text = name[start : start + chance.randrange(3, 6)]
        taken.append(in_turns({"search": partial(search, user, parse(text))}, 1, warm=0)["search"].median)
    gc.unfreeze()
    taken.sort()
    middle, worst = taken[len(taken) // 2], taken[-1]
    return [
        Row(f"search by a fragment, {title}", "whole search", middle, FRAGMENT_MEDIAN_MS, 1, note="median to 15 ms"),
        Row(
            f"search by a fragment, {title}", "whole search", worst, FRAGMENT_WORST_MS, 1, note="worst of 200 to 50 ms"
        ),
    ]
