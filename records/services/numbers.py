"""Numbering papers without gaps, doubles or deadlocks."""

from datetime import date
from typing import NamedTuple

from django.db import connection

from accounts.models import Institution

# One statement: wait for the institution's turn, then count. The turn ends with the transaction.
TAKE = """
    INSERT INTO records_numbersequence (institution_id, kind, year, last)
    SELECT %s, %s, %s, %s FROM pg_advisory_xact_lock(hashtextextended('records.numbers', %s))
    ON CONFLICT (institution_id, kind, year) DO UPDATE SET last = records_numbersequence.last + EXCLUDED.last
    RETURNING last
"""


class DocumentNumber(NamedTuple):
    """A number within a year; its text is what is printed and stored."""

    ordinal: int
    year: int

    @property
    def text(self) -> str:
        return f"{self.ordinal}/{self.year}"


def next_number(*, institution: Institution, kind: str, on: date) -> DocumentNumber:
    """The next number of papers of `kind` at `institution` in the year of `on`, the date of the event.

    Call it in the transaction that makes the paper: a rollback gives the number back, so there are no gaps. Numbers of
    one institution are given one transaction at a time, whatever their kinds, so two transactions that number several
    kinds in different orders cannot block each other for ever; take the number late, after slow work.
    """
    [number] = next_numbers(1, institution=institution, kind=kind, on=on)
    return number


def next_numbers(count: int, *, institution: Institution, kind: str, on: date) -> list[DocumentNumber]:
    """The next `count` numbers in a row, at least one, taken as `next_number` takes one."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [institution.pk, kind, on.year, count, institution.pk])
        (last,) = cursor.fetchone()
    return [DocumentNumber(ordinal, on.year) for ordinal in range(last - count + 1, last + 1)]
