"""Reads of the contracts room, through the family's door."""

from datetime import date
from typing import Self, TypeVar

from django.db.models import Model, Q

from families.querysets import FamilyPathQuerySet

ModelT = TypeVar("ModelT", bound=Model)


class ContractQuerySet(FamilyPathQuerySet[ModelT]):
    """Contracts by what holds on a day (clarification 5: a contract runs on the day it ends)."""

    def running(self, on: date) -> Self:
        """In force on `on`."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=on), starts_on__lte=on)

    def in_follow_up(self, on: date) -> Self:
        """Ended before `on`, and the months after not over nor stopped."""
        return self.filter(
            Q(follow_up_stopped_on=None) | Q(follow_up_stopped_on__gte=on), ended_on__lt=on, follow_up_ends_on__gte=on
        )


class SheetQuerySet(FamilyPathQuerySet[ModelT]):
    """Follow-up sheets hang on a contract."""

    family_path = "contract__family"

    def unfilled(self) -> Self:
        return self.filter(filled_on=None, is_void=False)

    def due(self, on: date) -> Self:
        """Of months that have begun, and not filled."""
        return self.unfilled().filter(period_from__lte=on)

    def overdue(self, on: date) -> Self:
        """Of months that are over, and not filled."""
        return self.unfilled().filter(period_to__lt=on)
