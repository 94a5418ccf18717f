"""Quarterly reports as PDF: against WeasyPrint left as it is, by two processes, and the memory of a long paper."""

import gc
import logging
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

from django.db import connection
from weasyprint import CSS, HTML

from bench.measuring import Row, Timing, compared, limit
from bench.people import people
from bench.run import Run
from bench.workers import TEMPLATE, TITLE, alone, contents, long_journal, together
from common.pdf import render_html, render_pdf
from monitoring.enums import ReportLevel
from monitoring.models import QuarterlyReport

CPU_GOAL, TWO_WORKERS_GOAL, PAGES, MOST_MB, PAGE_MS = 0.55, 1 / 1.7, 100, 150, 120
ROWS_EACH = 50
"""Rows of the long paper for each paper of a run: twenty papers make it as long as it may be."""
PLAIN = "table { border-collapse: collapse; width: 100% } th, td { border: 1px solid; padding: 4px }"


def measure(run: Run) -> list[Row]:
    """Of institutions, for the last quarter; as the workers make them, without keeping them."""
    keys = report_keys(run.papers)
    return [*_against_defaults(keys), *_two_workers(keys), *_long_paper(ROWS_EACH * run.papers)]


def report_keys(papers: int) -> list[int]:
    """So many reports of institutions."""
    reports = QuarterlyReport.objects.filter(level=ReportLevel.INSTITUTION).order_by("-year", "-quarter", "pk")
    return list(reports.values_list("pk", flat=True)[:papers])


def _against_defaults(keys: Sequence[int]) -> list[Row]:
    """CPU of the whole way from the template to the file, document by document in turns."""
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

    def plain(context: dict[str, Any]) -> object:
        html = render_html(TEMPLATE, context, title=TITLE, confidential=False)
        return HTML(string=html).write_pdf(stylesheets=[CSS(string=PLAIN)])

    def ours(context: dict[str, Any]) -> object:
        return render_pdf(TEMPLATE, context, title=TITLE, confidential=False)

    ways: dict[str, Callable[[dict[str, Any]], object]] = {"plain": plain, "ours": ours, "spared": ours}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number, key in enumerate([keys[0], *keys]):
        context = contents(key)
        for name, way in ways.items():
            if name == "spared":
                gc.freeze()
            began = process_time()
            way(context)
            if number:
                taken[name].append((process_time() - began) * 1000)
            gc.unfreeze()
    timings = {name: Timing(tuple(numbers)) for name, numbers in taken.items()}
    subject = f"quarterly report as PDF, median of {len(keys)}"
    note = "to WeasyPrint's defaults with a plain stylesheet"
    spared = f"{note}, what is loaded spared from garbage collection"
    return [
        compared(subject, "CPU of a document", timings, ("ours", "plain"), CPU_GOAL, note=note),
        compared(subject, "CPU of a document", timings, ("spared", "plain"), note=spared),
    ]


def _two_workers(keys: Sequence[int]) -> list[Row]:
    connection.close()
    one, two = (together(keys, workers) for workers in (1, 2))
    subject = f"{len(keys)} quarterly reports by 2 processes"
    return [Row(subject, "wall clock", two, one, TWO_WORKERS_GOAL, note="to one process")]


def _long_paper(rows: int) -> list[Row]:
    """The longest paper: the journal of services of a director, whose sum of rows has a limit of its own."""
    director = people()[2].user.pk
    connection.close()
    pages, before, peak, cpu = alone(long_journal, director, rows)
    subject = f"journal of services as PDF, {pages} pages"
    reckoned = before + (peak - before) * PAGES / pages
    return [
        limit(subject, "memory of the process", peak, MOST_MB, unit="MB", note=f"{before:.0f} MB before it"),
        limit(f"{subject}, reckoned for {PAGES}", "memory of the process", reckoned, MOST_MB, unit="MB"),
        limit(subject, "CPU of a page", cpu * 1000 / pages, PAGE_MS, unit="ms"),
    ]
