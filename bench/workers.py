"""What processes of their own do for a measurement; nothing of Django is imported before they have set it up."""

import multiprocessing
import re
import resource
from collections.abc import Sequence
from io import BytesIO
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

SPAWN = multiprocessing.get_context("spawn")
KB = 1024
READY_WITHIN = 120
TEMPLATE, TITLE = "print/monitoring/report.html", "Отчёт"


def together(keys: Sequence[int], workers: int) -> float:
    """Milliseconds in which so many processes, warm already, make the papers of these reports."""
    barrier = SPAWN.Barrier(workers + 1)
    with SPAWN.Pool(workers, initializer=_warm, initargs=(barrier, keys[0])) as pool:
        barrier.wait(READY_WITHIN)
        began = perf_counter()
        pool.map(render, keys, chunksize=1)
        return (perf_counter() - began) * 1000


def alone(work: Any, *arguments: Any) -> Any:
    """What one of the functions below gives in a new process."""
    with SPAWN.Pool(1, initializer=set_up) as pool:
        return pool.apply(work, arguments)


def set_up() -> None:
    """Make Django work in this process."""
    import django

    django.setup()


def _warm(barrier: Barrier, key: int) -> None:
    set_up()
    render(key)
    barrier.wait(READY_WITHIN)


def contents(key: int) -> dict[str, Any]:
    """What the paper of a report shows."""
    from django.utils import translation

    from monitoring.models import QuarterlyReport
    from monitoring.papers import report_context

    with translation.override("ru"):
        return report_context(QuarterlyReport.objects.with_units().get(pk=key))


def render(key: int) -> int:
    """Make the paper of a report; how many bytes it has."""
    from common.pdf import render_pdf

    return len(render_pdf(TEMPLATE, contents(key), title=TITLE, confidential=False).pdf)


def memory_over(keys: Sequence[int], papers: int) -> list[tuple[float, float]]:
    """The memory in MB after each paper of a row of them, from the second half on: by then everything is loaded."""
    points = []
    for number in range(papers):
        render(keys[number % len(keys)])
        if number >= papers // 2:
            points.append((float(number), memory_of("self")))
    return points


def long_journal(director: int, rows: int) -> tuple[int, float, float, float]:
    """The journal of services with so many rows, or all that are printed at once: pages, MB before and at most, CPU."""
    from pypdf import PdfReader

    from accounts.models import Appointment, User
    from casework.models import ServiceRecord
    from casework.visit_papers import MOST_PRINTED_ROWS, JournalPaper, render_journal

    user = User.objects.get(pk=director)
    appointment = Appointment.objects.with_units().get(user=user)
    user.work_as(appointment)
    if appointment.institution is None:
        raise ValueError("a director works at an institution")
    today = appointment.institution.today()
    paper = JournalPaper(appointment.institution, None, today, today, user)
    latest = ServiceRecord.objects.in_charge(user).order_by("-on", "-pk")
    keys = list(latest.values_list("pk", flat=True)[: min(rows, MOST_PRINTED_ROWS)])
    render_journal(ServiceRecord.objects.filter(pk__in=keys[:3]), paper)
    before, began = _peak(), process_time()
    pdf = render_journal(ServiceRecord.objects.filter(pk__in=keys), paper).pdf
    return len(PdfReader(BytesIO(pdf)).pages), before, _peak(), process_time() - began


def memory_of(process: int | str) -> float:
    """The memory in MB that a process holds now."""
    resident = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return resident * resource.getpagesize() / KB / KB


def _peak() -> float:
    """The most memory in MB that this process has held so far.

    Not `ru_maxrss`, which begins with what the process that started this one held.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / KB  # type: ignore[index]  # Linux always tells it
