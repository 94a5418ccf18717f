"""The working lists: by SQL and over HTTP, a deep page, and Django's admin over the same table."""

import html
import re
from functools import partial

from bench.floors import floor
from bench.measuring import Row, in_turns, limit
from bench.people import Browser, client_of, people
from bench.run import Run
from bench.subjects.capture import queries_of, replay, replay_all
from common.paging import PAGE_SIZE

SQL_GOAL, CURATORS_PAGE, DIRECTORS_PAGE, DEEP_GOAL, P95_GOAL = 1.5, 30, 40, 1.2, 1.3
CURATORS_QUERIES, MIDDLEWARE_QUERIES = 8, 3
DEEP_ROW = 9_000
NEXT = re.compile(rb'rel="next" href="(\?[^"]+)"')
ADMIN_GOAL = 1 / 20


def measure(run: Run) -> list[Row]:
    """The lists of the three people, by themselves and as pages."""
    return sql_part(run) + pages(run)


def sql_part(run: Run) -> list[Row]:
    """The statement of the list against the floor, and all statements of the page beside it."""
    rows = []
    for person in people():
        found = queries_of(client_of(person.user), person.page)
        queries = found.reading
        main = next(sql for sql in queries if "contact_state" in sql and "LIMIT 51" in sql)
        taken = in_turns(
            {
                "floor": floor("list", {"today": run.today, "scope": person.scope}, column=person.column),
                "list": replay(main),
                "page": replay_all(queries),
            },
            run.turns,
        )
        low = taken["floor"].median
        rows.append(Row(f"list of the {person.title}", "SQL", taken["list"].median, low, SQL_GOAL))
        rows.append(
            Row(f"all {len(queries)} queries of the {person.title}'s list page", "SQL", taken["page"].median, low)
        )
        if person.title == "curator":
            rows.append(limit("list page of the curator", "queries", found.number, CURATORS_QUERIES, unit="queries"))
        rows.append(
            limit(
                f"middleware of the {person.title}'s list page",
                "queries",
                len(found.middleware),
                MIDDLEWARE_QUERIES,
                unit="queries",
            )
        )
    return rows


def pages(run: Run) -> list[Row]:
    """Whole pages over HTTP, each request after one to the bare view."""
    rows = []
    for person in people():
        browser = Browser(run.server.address, person.user)
        deep = _deep(browser, person.page) if person.title == "director" else person.page
        taken = in_turns(
            {
                "hello": partial(browser.get, "/_hello/"),
                "list": partial(browser.get, person.page),
                "deep": partial(browser.get, deep),
                "checked": partial(browser.get, "/_signed_in/"),
            },
            run.turns,
        )
        goal = CURATORS_PAGE if person.title == "curator" else DIRECTORS_PAGE
        subject = f"list page of the {person.title}"
        rows.append(Row(subject, "request", taken["list"].median, taken["hello"].median, goal, note="to a bare view"))
        rows.append(
            Row(subject, "request", taken["list"].p95, taken["list"].median, P95_GOAL, note="p95 to its median")
        )
        rows.append(
            Row(subject, "request", taken["list"].median, taken["checked"].median, 3, note="to a view behind sign-in")
        )
        if deep != person.page:
            rows.append(
                Row(f"page at row {DEEP_ROW:,}", "request", taken["deep"].median, taken["list"].median, DEEP_GOAL)
            )
        if person.title == "director":
            admin = in_turns({"admin": partial(browser.get, "/_admin/casework/supportcase/")}, 3, warm=1)
            rows.append(
                Row("list against Django's admin", "request", taken["list"].median, admin["admin"].median, ADMIN_GOAL)
            )
        browser.close()
    return rows


def _deep(browser: Browser, path: str) -> str:
    """The address of the page that begins after so many rows, reached by turning pages."""
    address = path
    for _page in range(DEEP_ROW // PAGE_SIZE):
        found = NEXT.search(browser.get(address))
        if found is None:
            return address
        address = path + html.unescape(found[1].decode())
    return address
