"""Reads of the councils room: by body, never by family."""

from datetime import date
from typing import Any, Self, TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.models import User
from councils.access import bodies_q
from councils.enums import HELD_STATES, DecisionState, ItemState

ModelT = TypeVar("ModelT", bound=Model)


class CouncilQuerySet(QuerySet[Any]):
    """Bodies by who works with them."""

    def visible_to(self, user: User) -> Self:
        return self.filter(bodies_q(user))

    def active(self, on: date) -> Self:
        """Bodies that exist on `on`."""
        return self.filter(Q(active_to=None) | Q(active_to__gte=on), active_from__lte=on)


class BodyPathQuerySet(QuerySet[ModelT]):
    """Rows that hang on a body."""

    body_path = "council"

    def visible_to(self, user: User) -> Self:
        """Rows of the bodies `user` works with."""
        return self.filter(bodies_q(user, self.body_path))


class SessionQuerySet(BodyPathQuerySet[ModelT]):
    """Sessions by state."""

    def held(self) -> Self:
        """Sessions that took place with a quorum (I15)."""
        return self.filter(state__in=HELD_STATES)


class SessionPathQuerySet(BodyPathQuerySet[ModelT]):
    """Rows that hang on a session."""

    body_path = "session__council"


class ItemQuerySet(SessionPathQuerySet[ModelT]):
    """Agenda items by state."""

    def considered(self) -> Self:
        return self.filter(state=ItemState.CONSIDERED)


class DecisionQuerySet(BodyPathQuerySet[ModelT]):
    """Decisions by state and due date."""

    body_path = "item__session__council"

    def adopted(self) -> Self:
        return self.filter(state=DecisionState.ADOPTED)

    def overdue(self, today: date) -> Self:
        """Adopted, to be carried out by a day that has passed (domain 3.6)."""
        return self.adopted().filter(due_on__lt=today)


class ExtractQuerySet(BodyPathQuerySet[ModelT]):
    """Extracts hang on a decision."""

    body_path = "decision__item__session__council"
