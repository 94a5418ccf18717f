"""Marks of jobs that run every minute: when each last ended well. Rows of the database for these would only pile up."""

from collections.abc import Collection
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

KEPT_SECONDS = 90 * 24 * 60 * 60


def note_run(name: str) -> None:
    """Leave the moment at which the job has ended well."""
    cache.set(_mark(name), timezone.now(), timeout=KEPT_SECONDS)


def noted_runs(names: Collection[str]) -> dict[str, datetime]:
    """When jobs last left their mark; those that left none are missing."""
    found: dict[str, datetime] = cache.get_many([_mark(name) for name in names])
    return {name: found[_mark(name)] for name in names if _mark(name) in found}


def _mark(name: str) -> str:
    return f"last-run:{name}"
