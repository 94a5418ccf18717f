"""Reads of the casework room. Working lists ask `in_charge`; everything else goes through the family's door."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from accounts.access import scope_in_charge
from accounts.models import RegionPolicy, User
from casework.contacts import overdue_case_ids
from casework.enums import ActivityState, VisitState
from common.calendar import ContactState
from families.access import in_charge_q, visible_q
from families.querysets import FamilyPathQuerySet

ModelT = TypeVar("ModelT", bound=Model)


@lru_cache(maxsize=8)
def is_paused(day: date) -> Q:
    """The case lies in a pause on `day` (clarification 8). A page asks it for half of its numbers: kept for the day."""
    pauses = apps.get_model("casework", "SupportPause").objects.filter(case=OuterRef("pk"))
    return Q(Exists(pauses.filter(starts_on__lte=day, ends_on__gte=day)))


def is_overdue(day: date) -> Q:
    """R2 on the stored due date: the next contact was due before `day`, which lies in no pause."""
    return _due_before(day) & ~is_paused(day)


def is_due_soon(day: date, days: int | Subquery) -> Q:
    """R2 on the stored due date: the next contact is due on `day` or within `days`, and it lies in no pause."""
    return _due_within(day, days) & ~is_paused(day)


def _due_before(day: date) -> Q:
    return Q(next_contact_due_on__lt=day)


def _due_within(day: date, days: int | Subquery) -> Q:
    last: Any = (
        day + timedelta(days=days)
        if isinstance(days, int)
        else ExpressionWrapper(Value(day, DateField()) + days, output_field=DateField())
    )
    return Q(next_contact_due_on__range=(day, last))


def _soon_days(day: date) -> Subquery:
    """How many days before the due date a contact is due soon, by the policy of the case's region on `day`."""
    policies = RegionPolicy.objects.filter(region=OuterRef("region"), valid_from__lte=day).order_by("-valid_from")
    return Subquery(policies.values("due_soon_days")[:1])


class SupportCaseQuerySet(FamilyPathQuerySet[Any]):
    """Cases by who may see them, by state and by due date."""

    def in_charge(self, user: User) -> Self:
        """The cases `user` answers for now: one equality on the case's own columns; restricted ones are left out.

        A closed case stays in the lists of the head and the director; its last curator's right ended with it.
        """
        scope = scope_in_charge(user)
        if scope is None:
            return self.none()
        cases = self.filter(**{scope.column: scope.value}, is_restricted=False)
        return cases.open() if scope.column == "curator_id" else cases

    def open(self) -> Self:
        """Not closed, post-support included (clarification 10)."""
        return self.filter(closed_on=None)

    def overdue(self, on: date, *, today: date) -> Self:
        """R2: the next contact was due before `on`, and `on` lies in no pause. The one meaning of "overdue".

        From `today` (the institution's local date) on, the stored due date answers; for a day in the past the facts
        are read as they stood at its end.
        """
        if on < today:
            return self.filter(pk__in=overdue_case_ids(on))
        return self.filter(is_overdue(on))

    def due_soon(self, today: date, days: int) -> Self:
        """R2: the next contact is due today or within `days`, and today lies in no pause."""
        return self.filter(is_due_soon(today, days))

    def paused(self, day: date) -> Self:
        """Cases that lie in a pause on `day` (clarification 8)."""
        return self.filter(is_paused(day))

    def with_contact_state(self, today: date, soon_days: int | None = None) -> Self:
        """With `contact_state`, what the due date means today (ContactState), by the very conditions of the filters.

        `soon_days` None asks the policy of each case's region; a long list gives them. A pause comes first, so that the
        others need not ask for it again.
        """
        days = _soon_days(today) if soon_days is None else soon_days
        state = Case(
            When(is_paused(today), then=Value(ContactState.PAUSED.value)),
            When(_due_before(today), then=Value(ContactState.OVERDUE.value)),
            When(_due_within(today, days), then=Value(ContactState.DUE_SOON.value)),
            default=Value(ContactState.NOT_DUE.value),
            output_field=CharField(),
        )
        return self.annotate(contact_state=state)

    def with_page(self) -> Self:
        """With everything that the pages of one case show of it, in one query."""
        return self.select_related(
            "family__settlement",
            "family__precinct",
            "family__institution__region",
            "region",
            "institution__region",
            "department",
            "curator",
            "source",
        )

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


class VisitQuerySet(CasePathQuerySet[ModelT]):
    """Visits by state, and those that count as a contact."""

    def held(self) -> Self:
        return self.filter(state=VisitState.HELD)

    def in_charge(self, user: User) -> Self:
        """Visits of the cases `user` answers for now; restricted families are left out.

        As with the cases themselves, a curator's right ends when the case is closed.
        """
        scope = scope_in_charge(user)
        if scope is None:
            return self.none()
        visits = self.filter(**{f"case__{scope.column}": scope.value}, case__is_restricted=False)
        return visits.filter(case__closed_on=None) if scope.column == "curator_id" else visits

    def with_page(self) -> Self:
        """With everything that the page of one visit shows of it, in one query.

        `tells_of_health` also says it of a frozen act whose words on health a correction took out of the visit.
        """
        told = apps.get_model("casework", "HistoricalVisit").objects.filter(id=OuterRef("pk")).exclude(health="")
        return self.annotate(tells_of_health=Exists(told)).select_related(
            "specialist",
            "created_by",
            "institution__region",
            "department",
            "case__region",
            "case__department",
            "case__institution__region",
            "case__curator",
            "case__family__institution__region",
            "case__family__settlement",
        )

    def planned(self) -> Self:
        return self.filter(state=VisitState.PLANNED)


class ParticipantQuerySet(CasePathQuerySet[ModelT]):
    """Participants hang on a visit."""

    case_path = "visit__case"


class ActivityQuerySet(CasePathQuerySet[ModelT]):
    """Activities hang on a programme."""

    case_path = "programme__case"

    def unfinished(self) -> Self:
        """Still to be done, wholly or in part."""
        return self.filter(state__in=[ActivityState.PLANNED, ActivityState.IN_PROGRESS])

    def overdue(self, today: date) -> Self:
        """Unfinished after their day."""
        return self.unfinished().filter(due_on__lt=today)


class ServiceRecordQuerySet(FamilyPathQuerySet[ModelT]):
    """Rows of the service journal."""

    def valid(self) -> Self:
        """Not cancelled: what journals, figures and contacts count."""
        return self.filter(cancelled_at=None)

    def in_charge(self, user: User) -> Self:
        """Rows of the families `user` answers for now; restricted ones are left out."""
        return self.filter(in_charge_q(user, self.family_path))

    def with_page(self) -> Self:
        """With everything that the page of one row shows of it, in one query."""
        return self.select_related(
            "title",
            "form_of_work",
            "partner",
            "specialist",
            "created_by",
            "cancelled_by",
            "department",
            "institution__region",
            "visit",
            "case__region",
            "case__institution__region",
            "case__family",
            "family__institution__region",
            "family__settlement",
        )


class DutyQuerySet(FamilyPathQuerySet[ModelT]):
    """Monthly duties of families with a social contract."""

    def not_over(self, day: date | OuterRef) -> Self:
        """Duties that hold on `day` or begin after it: a contract is signed some days before it runs."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day))

    def on(self, day: date) -> Self:
        """Duties that hold on `day`: the contract runs or is in follow-up."""
        return self.not_over(day).filter(starts_on__lte=day)
