"""Whether memory grows with requests and papers: its slope over the second half, when everything has been loaded."""

from itertools import cycle, islice

from django.db import connection

from bench.measuring import Row, slope
from bench.people import Browser, longest_case, people
from bench.run import Run
from bench.subjects.papers import report_keys
from bench.workers import alone, memory_of, memory_over

LOOKS = 50
"""How often the memory is looked at in the course of the requests."""
PAPERS_EACH = 5
"""So many papers to watch memory over for each one that is made to be timed."""


def measure(run: Run) -> list[Row]:
    """No goal: the floor is the memory held at the end."""
    return [_over_requests(run), _over_papers(run)]


def _over_requests(run: Run) -> Row:
    curator = people()[0]
    browser = Browser(run.server.address, curator.user)
    pages = cycle((curator.page, f"/cases/{longest_case().pk}/", "/visits/planned/", "/services/journal/"))
    points = []
    each = max(1, run.requests // LOOKS)
    for asked, page in enumerate(islice(pages, run.requests), 1):
        browser.get(page)
        if asked > run.requests // 2 and asked % each == 0:
            points.append((asked / 1000, sum(memory_of(pid) for pid in run.server.workers())))
    browser.close()
    held = points[-1][1]
    subject = "growth of all web processes per 1,000 requests"
    return Row(subject, "memory", slope(points), held, unit="MB", note=f"over {run.requests:,} requests")


def _over_papers(run: Run) -> Row:
    keys, papers = report_keys(run.papers), PAPERS_EACH * run.papers
    connection.close()
    points = alone(memory_over, keys, papers)
    grown, held = slope(points) * 100, points[-1][1]
    subject = "growth of a process that makes PDFs per 100 of them"
    return Row(subject, "memory", grown, held, unit="MB", note=f"over {papers} PDFs")
