"""Who does which kind of background work. Rooms name their workers when they start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import notifications
from accounts.models import User
from records.models import WorkOrder

WorkFunction = Callable[[WorkOrder, User | None], int | None]


@dataclass(frozen=True, slots=True)
class Worker:
    """How one kind of work is done, and how long one attempt may take before it counts as lost."""

    kind: str
    function: WorkFunction
    title: Promise | str
    lease: timedelta


_workers: dict[str, Worker] = {}


def failure_code(kind: str) -> str:
    """The code of the notification that work of this kind has failed."""
    return f"work.failed.{kind}"


def register_worker(
    kind: str, function: WorkFunction, *, title: Promise | str, lease: timedelta = timedelta(minutes=5)
) -> None:
    """Name the function that does work of `kind` ("reports.render"); `title` is what people call it.

    `function(order, user)` runs in one transaction with the mark that the work is done, as the person who ordered it
    (None: the system) in the appointment they ordered it in, and returns the id of what it made. It checks that
    person's rights anew: PermissionDenied and Http404 cancel the order, any other error leads to another attempt.
    What it does outside the database must bear a repeat. Raises ValueError when the kind is taken.
    """
    if kind in _workers:
        raise ValueError(f"Work of the kind {kind} has a worker already.")
    _workers[kind] = Worker(kind, function, title, lease)
    notifications.register(
        failure_code(kind), format_lazy(_("Could not be done: {title}. The administrator sees the error."), title=title)
    )


def worker_for(kind: str) -> Worker:
    """The worker of a kind; raises KeyError for a kind that nobody does."""
    return _workers[kind]


def title_of(kind: str) -> str:
    """What people call work of a kind; the kind itself where nobody does it any more."""
    return str(_workers[kind].title) if kind in _workers else kind
