"""Reads of the partners room; every one for a request starts with `visible_to`."""

from datetime import date, timedelta
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from common.text import fold
from partners.access import agreements_q, may_see_figures, partners_q, volunteers_q
from partners.enums import AgreementState

EXPIRES_SOON = timedelta(days=30)


class AgreementQuerySet(QuerySet[Any]):
    """Cooperation agreements by who may see them and by what holds on a day."""

    def visible_to(self, user: User) -> Self:
        return self.filter(agreements_q(user))

    def in_force(self, on: date) -> Self:
        """Approved, signed, not over and not terminated: its last day and the day before its termination are inside."""
        return self.exclude(state=AgreementState.DRAFT).filter(
            Q(ends_on=None) | Q(ends_on__gte=on), Q(terminated_on=None) | Q(terminated_on__gt=on), signed_on__lte=on
        )

    def expiring(self, on: date) -> Self:
        """In force, and for no longer than a month."""
        return self.in_force(on).filter(terminated_on=None, ends_on__lte=on + EXPIRES_SOON)

    def allowing_exchange(self, on: date) -> Self:
        """In force and permitting the exchange of data (S0-22)."""
        return self.in_force(on).filter(allows_data_exchange=True)


class PartnerQuerySet(QuerySet[Any]):
    """Partner organisations."""

    def visible_to(self, user: User) -> Self:
        return self.filter(partners_q(user))

    def counted_for(self, user: User) -> Self:
        """The region's partners, behind the figures of the ministry and the resource centre; never shown by name."""
        if user.appointment is None or not may_see_figures(user):
            return self.none()
        return self.filter(region_id=user.appointment.region_id)

    def active(self, on: date) -> Self:
        """Not closed on `on`."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=on))

    def search(self, text: str) -> Self:
        """Every word somewhere in the title, ё and е alike."""
        found = self
        for word in fold(text).split():
            found = found.filter(title_key__contains=word)
        return found

    def with_agreement(self, agreements: AgreementQuerySet) -> Self:
        """Those that are a party to one of `agreements`."""
        return self.filter(Exists(agreements.filter(parties__partner=OuterRef("pk"))))

    def without_agreement(self, agreements: AgreementQuerySet) -> Self:
        return self.filter(~Exists(agreements.filter(parties__partner=OuterRef("pk"))))

    def numbers_by_type(self, agreements: AgreementQuerySet, on: date) -> list[dict[str, Any]]:
        """By type: partners, those with an agreement in force on `on`, those with one that allows exchange."""

        def among(chosen: AgreementQuerySet) -> Exists:
            return Exists(chosen.filter(parties__partner=OuterRef("pk")))

        marked = self.annotate(
            agreed=among(agreements.in_force(on)), exchanging=among(agreements.allowing_exchange(on))
        )
        counted = (
            marked.order_by()
            .values("type")
            .annotate(
                partners=Count("pk"),
                agreed=Count("pk", filter=Q(agreed=True)),
                exchanging=Count("pk", filter=Q(exchanging=True)),
            )
        )
        return sorted(counted, key=lambda row: str(row["type"]))


class ContactQuerySet(QuerySet[Any]):
    """Contact persons of partners."""

    def visible_to(self, user: User) -> Self:
        return self.filter(partners_q_of_contacts(user))

    def current(self) -> Self:
        return self.filter(left_on=None)


class VolunteerQuerySet(QuerySet[Any]):
    """Citizens who help."""

    def visible_to(self, user: User) -> Self:
        return self.filter(volunteers_q(user))

    def active(self, on: date) -> Self:
        return self.filter(Q(left_on=None) | Q(left_on__gt=on))


def partners_q_of_contacts(user: User) -> Q:
    """Contact persons of the partners that `user` may open."""
    from partners.models import PartnerOrganisation  # noqa: PLC0415 - models are built on these querysets

    return Q(partner__in=PartnerOrganisation.objects.visible_to(user).values("pk"))
