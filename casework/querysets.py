"""Reads of the casework room. Working lists ask `in_charge`; everything else goes through the family's door."""

from datetime import date
from typing import Any, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.access import scope_in_charge
from accounts.models import User
from families.access import visible_q
from families.querysets import FamilyPathQuerySet

ModelT = TypeVar("ModelT", bound=Model)


class SupportCaseQuerySet(FamilyPathQuerySet[Any]):
    """Cases by who may see them, by state and by due date."""

    def in_charge(self, user: User) -> Self:
        """The cases `user` answers for now: one equality on the case's own columns; restricted ones are left out."""
        scope = scope_in_charge(user)
        if scope is None:
            return self.none()
        return self.filter(**{scope.column: scope.value}, is_restricted=False)

    def open(self) -> Self:
        """Not closed, post-support included (clarification 10)."""
        return self.filter(closed_on=None)

    def on_support(self, day: date) -> Self:
        """I13: enrolled on or before `day` and not removed by its end; cases opened by mistake never count."""
        return self.exclude(removal_reason="ERROR").filter(
            Q(removed_on=None) | Q(removed_on__gt=day), enrolled_on__lte=day
        )


class CasePathQuerySet(QuerySet[ModelT]):
    """Rows that hang on a case, and through it on the family's door."""

    case_path = "case"

    def visible_to(self, user: User) -> Self:
        """Rows of the families `user` may open."""
        return self.filter(visible_q(user, f"{self.case_path}__family"))


class DutyQuerySet(FamilyPathQuerySet[ModelT]):
    """Monthly duties of families with a social contract."""

    def on(self, day: date) -> Self:
        """Duties that hold on `day`: the contract runs or is in follow-up."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
