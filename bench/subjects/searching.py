"""Finding people: by surname, by digits, by a part of a name, in each person's scope."""

import random
from collections.abc import Callable
from functools import partial

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.measuring import Row, in_turns
from bench.people import people
from bench.run import Run
from bench.subjects.capture import replay
from families.models import Family, Person
from families.search import parse, search

SEED = 20_260
FRAGMENTS = 200
EXACT_GOAL, FRAGMENT_MEDIAN_MS, FRAGMENT_WORST_MS = 2.0, 15.0, 50.0


def measure(run: Run) -> list[Row]:
    """What a specialist types most: a surname's beginning, SNILS, the last digits of a telephone."""
    rows = []
    for person in people():
        known = Person.objects.filter(memberships__family__in=Family.objects.listed_for(person.user)).order_by("pk")
        one = known.exclude(phone="")[7]
        typed = {"surname": one.last_name, "SNILS": one.snils, "telephone's end": one.phone[-6:]}
        works: dict[str, Callable[[], object]] = {
            "floor": replay("SELECT * FROM families_person WHERE id = %s", [one.pk]),
        }
        works |= {name: _statement(person.user, text) for name, text in typed.items()}
        taken = in_turns(works, run.turns)
        rows += [
            Row(f"search by {name}, {person.title}", "SQL", taken[name].median, taken["floor"].median, EXACT_GOAL)
            for name in typed
        ]
        rows += _fragments(person.title, person.user)
    return rows


def _statement(user: User, text: str) -> Callable[[], object]:
    """The first statement of a search, the one that finds the people, by itself."""
    with CaptureQueriesContext(connection) as captured:
        search(user, parse(text))
    sql = next(query["sql"] for query in captured if "search_text" in query["sql"])
    return replay(sql)


def _fragments(title: str, user: User) -> list[Row]:
    """Random parts of surnames of three to five letters, the whole search with its rows."""
    chance = random.Random(SEED)
    names = list(Person.objects.order_by("pk").values_list("last_name", flat=True)[:5000])
    taken = []
    for _number in range(FRAGMENTS):
        name = chance.choice(names).lower()
        start = chance.randrange(max(1, len(name) - 3))
        text = name[start : start + chance.randrange(3, 6)]
        taken.append(in_turns({"search": partial(search, user, parse(text))}, 1, warm=0)["search"].median)
    taken.sort()
    middle, worst = taken[len(taken) // 2], taken[-1]
    return [
        Row(f"search by a fragment, {title}", "whole search", middle, FRAGMENT_MEDIAN_MS, 1, note="median to 15 ms"),
        Row(
            f"search by a fragment, {title}", "whole search", worst, FRAGMENT_WORST_MS, 1, note="worst of 200 to 50 ms"
        ),
    ]
