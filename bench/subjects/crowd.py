"""Many at once: a page while slow requests run, and fifty people who work for a while."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from threading import Event
from time import monotonic, perf_counter

from django.db import connection

from accounts.enums import Role
from bench.measuring import Row, Timing, in_turns
from bench.people import Browser, people, working
from bench.run import Run

SLOW_REQUESTS, SLOW_GOAL = 4, 2.5
PEOPLE = 50
PAGES = ("/my-families/", "/visits/planned/", "/services/journal/", "/_signed_in/")


def measure(run: Run) -> list[Row]:
    """As the curator beside slow requests; then as the first curator of each of fifty departments."""
    return [*_beside_slow_requests(run), *_fifty_people(run)]


def _beside_slow_requests(run: Run) -> list[Row]:
    curator = people()[0]
    browser = Browser(run.server.address, curator.user)
    works = {"list": partial(browser.get, curator.page)}
    alone = in_turns(works, run.turns)["list"]
    others = [Browser(run.server.address, curator.user) for _number in range(SLOW_REQUESTS)]
    with _slow_requests(others):
        beside = in_turns(works, run.turns)["list"]
    for each in (browser, *others):
        each.close()
    note = f"p95 while {SLOW_REQUESTS} slow requests run, to p95 without"
    return [Row("list page of the curator", "request", beside.p95, alone.p95, SLOW_GOAL, note=note)]


@contextmanager
def _slow_requests(browsers: list[Browser]) -> Iterator[None]:
    """All the time of the block, each of the browsers waits for an answer of the slow view."""
    over = Event()

    def ask(browser: Browser) -> None:
        while not over.is_set():
            browser.get("/_slow/")

    with ThreadPoolExecutor(len(browsers)) as pool:
        asking = [pool.submit(ask, browser) for browser in browsers]
        try:
            yield
        finally:
            over.set()
    for done in asking:
        done.result()


def _fifty_people(run: Run) -> list[Row]:
    users = [working(Role.SPECIALIST, number) for number in range(1, PEOPLE + 1)]
    browsers = [Browser(run.server.address, user) for user in users]
    connection.close()
    until = monotonic() + run.seconds
    with ThreadPoolExecutor(PEOPLE) as pool:
        taken = [pool.submit(_work, browser, number, until) for number, browser in enumerate(browsers)]
    times = [ms for work in taken for ms in work.result()[0]]
    errors = sum(work.result()[1] for work in taken)
    shown = Timing(tuple(times))
    rate = len(times) / run.seconds
    note = f"{run.seconds} s, {rate:.0f} pages a second, median {shown.median:.0f} ms, p95 {shown.p95:.0f} ms"
    return [Row(f"{PEOPLE} people at once", "errors", errors, 0, 1, "errors", note)]


def _work(browser: Browser, number: int, until: float) -> tuple[list[float], int]:
    """Open page after page, each person beginning at another; how long each took in milliseconds, and errors."""
    times, errors = [], 0
    pages = cycle((*PAGES[number % len(PAGES) :], *PAGES[: number % len(PAGES)]))
    while monotonic() < until:
        began = perf_counter()
        try:
            browser.get(next(pages))
        except (ValueError, OSError):
            errors += 1
            browser.close()
        times.append((perf_counter() - began) * 1000)
    browser.close()
    return times, errors
