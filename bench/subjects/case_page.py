"""The page of a case with a timeline of 200 entries: its queries, its SQL, and the whole of it."""

from functools import partial

from bench.floors import floor
from bench.measuring import Row, compared, in_turns, limit
from bench.people import Browser, client_of, longest_case, people
from bench.run import Run
from bench.subjects.capture import queries_of, replay_all

MOST_QUERIES, SQL_GOAL, PAGE_GOAL = 12, 3, 30
SUBJECT = "case page, 200 timeline entries"


def measure(run: Run) -> list[Row]:
    """As its curator reads it."""
    curator, case = people()[0].user, longest_case()
    path = f"/cases/{case.pk}/"
    found = queries_of(client_of(curator), path)
    raw = floor("case_page", {"case": case.pk, "family": case.family_id, "reader": curator.pk, "today": run.today})
    sql = in_turns({"floor": raw, "page": replay_all(found.reading)}, run.turns)
    browser = Browser(run.server.address, curator)
    whole = in_turns({"hello": partial(browser.get, "/_hello/"), "page": partial(browser.get, path)}, run.turns)
    browser.close()
    return [
        limit(SUBJECT, "queries", found.number, MOST_QUERIES, unit="queries"),
        compared(f"{SUBJECT}, its {len(found.reading)} reading queries", "SQL", sql, ("page", "floor"), SQL_GOAL),
        compared(SUBJECT, "request", whole, ("page", "hello"), PAGE_GOAL, note="to a bare view"),
    ]
