"""Reads of the contracts room, through the family's door and that of the authority (`contracts.access`)."""

from datetime import date, timedelta
from typing import Any, Self, TypeVar

from django.db.models import Case, DateField, Exists, Min, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from casework.contacts import NO_CONTACT_DUE
from contracts.enums import BEFORE_END, ContractState

ModelT = TypeVar("ModelT", bound=Model)

ENDS_SOON = timedelta(days=30)
NOTHING_DUE = NO_CONTACT_DUE
"""Stands for "nothing is to be done any more", so that "what comes first" is plain ascending order."""


class ContractPathQuerySet(QuerySet[ModelT]):
    """Rows that are a contract, or hang on one."""

    contract_path = ""

    def visible_to(self, user: User) -> Self:
        """Rows of the contracts `user` may open."""
        from contracts.access import contracts_q  # noqa: PLC0415 - the rules speak of the models built on this module

        return self.filter(contracts_q(user, self.contract_path))

    def listed_for(self, user: User) -> Self:
        """Rows of the contracts that lists may show `user`."""
        from contracts.access import contracts_q  # noqa: PLC0415 - as above

        return self.filter(contracts_q(user, self.contract_path, listed=True))


class ContractQuerySet(ContractPathQuerySet[ModelT]):
    """Contracts by what holds on a day (clarification 5: a contract runs on the day it ends)."""

    def running(self, on: date) -> Self:
        """In force on `on`."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=on), starts_on__lte=on)

    def ending_soon(self, on: date) -> Self:
        """Not ended, and planned to end within thirty days, or already past that day."""
        return self.filter(state__in=BEFORE_END, planned_end_on__lte=on + ENDS_SOON)

    def in_follow_up(self, on: date) -> Self:
        """Ended before `on`, and the months after not over nor stopped."""
        return self.filter(
            Q(follow_up_stopped_on=None) | Q(follow_up_stopped_on__gte=on), ended_on__lt=on, follow_up_ends_on__gte=on
        )

    def with_sheets_due(self, on: date) -> Self:
        """Those that wait for the sheet of a month that has begun."""
        return self._with_sheets(period_from__lte=on)

    def with_sheets_overdue(self, on: date) -> Self:
        """Those that lack the sheet of a month that is over."""
        return self._with_sheets(period_to__lt=on)

    def _with_sheets(self, **months: date) -> Self:
        sheets: Any = self.model._meta.get_field("sheets").related_model
        return self.filter(Exists(sheets.objects.unfilled().filter(contract=OuterRef("pk"), **months)))

    def with_next_step(self) -> Self:
        """With `next_on`: the planned end of a contract in force, the last day of the first month without its sheet."""
        sheets: Any = self.model._meta.get_field("sheets").related_model
        unfilled = sheets.objects.unfilled().filter(contract=OuterRef("pk")).order_by().values("contract")
        first = Subquery(unfilled.annotate(first=Min("period_to")).values("first"))
        return self.annotate(
            next_on=Case(
                When(state__in=BEFORE_END, then="planned_end_on"),
                When(state__in=[ContractState.FOLLOW_UP, ContractState.STOPPED], then=Coalesce(first, NOTHING_DUE)),
                default=Value(NOTHING_DUE),
                output_field=DateField(),
            )
        )

    def with_page(self) -> Self:
        """With everything that the page of one contract shows of it, in one query."""
        return self.select_related(
            "family__institution__region",
            "family__region",
            "family__curator",
            "family__settlement",
            "institution__region",
            "case__institution__region",
            "applicant",
            "authority",
            "created_by",
        )


class SheetQuerySet(ContractPathQuerySet[ModelT]):
    """Follow-up sheets hang on a contract."""

    contract_path = "contract"

    def unfilled(self) -> Self:
        return self.filter(filled_on=None, is_void=False)

    def due(self, on: date) -> Self:
        """Of months that have begun, and not filled."""
        return self.unfilled().filter(period_from__lte=on)

    def overdue(self, on: date) -> Self:
        """Of months that are over, and not filled."""
        return self.unfilled().filter(period_to__lt=on)
