"""Reads of the families room. Every one for a request starts with `visible_to` or `in_charge`."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from accounts.models import User
from common.calendar import last_birth_of_adults
from families.access import granted_family_ids, in_charge_q, listed_q, visible_q
from families.enums import ConsentAction

ModelT = TypeVar("ModelT", bound=Model)


class FamilyQuerySet(QuerySet[Any]):
    """Families by who may see them."""

    def in_charge(self, user: User) -> Self:
        """The families `user` answers for in the present appointment: one equality, for working lists."""
        return self.filter(in_charge_q(user))

    def shared_with(self, user: User) -> Self:
        """The families a live grant opens to `user`, restricted ones they are named on included."""
        return self.filter(pk__in=granted_family_ids(user))

    def listed_for(self, user: User) -> Self:
        """In charge or shared: for search, lists and form choices."""
        return self.filter(listed_q(user))

    def visible_to(self, user: User) -> Self:
        """Those that `user` may open. Fails closed."""
        return self.filter(visible_q(user))

    def awaiting_curator(self, user: User) -> Self:
        """Those that `user` has registered and may open, and that nobody keeps yet."""
        return self.visible_to(user).filter(registered_by=user, curator=None)


class SearchKeyQuerySet(QuerySet[Any]):
    """Keys of search. What they lead to is read through the door of its own model."""

    def within_charge(self, user: User) -> Self:
        """Those of the families `user` answers for: they bear its columns."""
        return self.filter(in_charge_q(user))

    def of_families(self, families: Iterable[int]) -> Self:
        """Those of the families with these ids, such as a grant opens."""
        return self.filter(family_id__in=families)


class FamilyPathQuerySet(QuerySet[ModelT]):
    """Rows that hang on a family: they name the path to it and inherit its door."""

    family_path = "family"

    def listed_for(self, user: User) -> Self:
        """Rows of the families that lists and search may show `user`."""
        return self.filter(listed_q(user, self.family_path))

    def visible_to(self, user: User) -> Self:
        """Rows of the families `user` may open."""
        return self.filter(visible_q(user, self.family_path))


class WithdrawableQuerySet(FamilyPathQuerySet[ModelT]):
    """Rows that may be withdrawn as wrong."""

    def valid(self) -> Self:
        """Not withdrawn: what is counted and compared."""
        return self.filter(withdrawn_on=None)


class DatedQuerySet(FamilyPathQuerySet[ModelT]):
    """Rows that hold between two dates, both inside."""

    def on(self, day: date) -> Self:
        """Rows in force on `day`."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class MembershipQuerySet(DatedQuerySet[ModelT]):
    """Members of a family on a day."""

    def living_together(self) -> Self:
        return self.filter(lives_together=True)

    def main_contacts(self) -> Self:
        """Who speaks for the family now: one member at most."""
        return self.filter(is_head=True, ends_on=None)


class TraitQuerySet(DatedQuerySet[ModelT]):
    """Traits hang on a member, and through it on the family."""

    family_path = "membership__family"


class ConsentQuerySet(FamilyPathQuerySet[ModelT]):
    """Consents by rule R13."""

    def in_force(self, day: date) -> Self:
        """Given on or before `day`, not revoked by then, not past the term."""
        return self.in_force_within(day, day)

    def in_force_within(self, first: date, last: date | None) -> Self:
        """In force on any day from `first` to `last`, both inside; None: without an end."""
        begun = Q() if last is None else Q(given_on__lte=last)
        standing = Q(revoked_on=None) | Q(revoked_on__gt=Greatest(F("given_on"), first))
        return self.filter(begun, standing, Q(valid_to=None) | Q(valid_to__gte=first))

    def for_transfer(self, day: date) -> Self:
        """By which data may leave on `day`: in force, allowing the transfer, and naming whom to (I7)."""
        return self.in_force(day).filter(actions__contains=[ConsentAction.TRANSFER]).exclude(recipients=[])

    def with_contact(self) -> Self:
        """With `of_contact`: whether the data are those of the family's main contact."""
        contacts = apps.get_model("families", "FamilyMembership").objects.main_contacts()
        return self.annotate(of_contact=Exists(contacts.filter(family=OuterRef("family"), person=OuterRef("subject"))))

    def speaking_for_family(self) -> Self:
        """Of the main contact, under whose name a family is spoken of: what is told of it rests on these (I7)."""
        return self.with_contact().filter(of_contact=True)


class PersonQuerySet(QuerySet[Any]):
    """People are reached through the families they belong, or belonged, to."""

    def listed_for(self, user: User) -> Self:
        """People of the families that lists and search may show `user`."""
        return self._of(listed_q(user, "family"))

    def visible_to(self, user: User) -> Self:
        """People of the families `user` may open; a person of two families is found once."""
        return self._of(visible_q(user, "family"))

    def adults(self, on: date) -> Self:
        """Those of full age on `on`: who may sign for themselves and for the family."""
        return self.filter(birth_date__lte=last_birth_of_adults(on))

    def _of(self, families: Q) -> Self:
        memberships = apps.get_model("families", "FamilyMembership").objects.filter(families)
        return self.filter(pk__in=memberships.values("person_id"))
