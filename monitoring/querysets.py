"""Reads of the monitoring room: reports have their own scope, by unit and by what is published (design, 5)."""

from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from common.calendar import Quarter
from monitoring.access import visible_q
from monitoring.chain import COUNTING


class ReportQuerySet(QuerySet[Any]):
    """Reports by who may see them, by quarter and by edition."""

    def visible_to(self, user: User) -> Self:
        return self.filter(visible_q(user))

    def of(self, quarter: Quarter) -> Self:
        return self.filter(year=quarter.year, quarter=quarter.number)

    def counting(self) -> Self:
        """Editions that are the word of their unit: accepted, or published where that is the end of the chain."""
        words = [Q(level=level, state__in=sorted(states)) for level, states in COUNTING.items()]
        return self.filter(words[0] | words[1] | words[2] | words[3])

    def newest(self) -> Self:
        """The last edition of each report."""
        later: QuerySet[Any] = self.model._default_manager.filter(previous=OuterRef("pk"))
        return self.filter(~Exists(later))

    def with_units(self) -> Self:
        """With everything that names the report, in one query."""
        return self.select_related("region", "institution__region", "department", "specialist", "author")
