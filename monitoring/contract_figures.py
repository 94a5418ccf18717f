"""Figures of the social contracts of one authority for a quarter: those of the monitoring, narrowed to its contracts.

An authority is no unit of a report, so nothing is kept or submitted: the figures are counted when they are read. They
count every contract of the authority; a list of them names none of a restricted family.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import working_appointment
from accounts.models import User
from casework.models import SupportCase
from common.calendar import DateRange, Quarter
from contracts.access import authorities_of
from contracts.enums import ContractState
from contracts.models import SocialContract
from contracts.querysets import NOTHING_DUE, ContractQuerySet
from monitoring.indicators import Level, by_code
from monitoring.indicators.reading import period_until
from partners.models import PartnerOrganisation


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, and the contracts that it counted."""

    code: str
    title: Promise | str
    number: int
    contracts: ContractQuerySet[Any]


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of one kind under their title."""

    title: Promise | str
    figures: list[Figure]


def authorities(user: User) -> list[PartnerOrganisation]:
    """The authorities for which the person works now."""
    appointment = working_appointment(user)
    keys = authorities_of(appointment.principal_id)
    return list(
        PartnerOrganisation.objects.filter(pk__in=keys, region_id=appointment.region_id).order_by("title", "pk")
    )


def sections_for(user: User, quarter: Quarter, today: date) -> list[Section]:
    """The figures of the person's authorities for a quarter; a quarter that runs is counted up to `today`."""
    region = working_appointment(user).region_id or 0
    period = period_until(quarter.period, today)
    keys = [row.pk for row in authorities(user)]
    own = SocialContract.objects.filter(authority__in=keys, family__region_id=region)
    return [
        Section(_("Families on support"), list(_monitored(own, region, period))),
        Section(_("In the quarter"), list(_moved(own, period))),
        Section(_("At the end of the quarter"), list(_standing(own, period.last_day or today))),
    ]


def _monitored(own: ContractQuerySet[Any], region: int, period: DateRange) -> Iterator[Figure]:
    """Q6 and Q6b of the monitoring. A case of Q6 is the authority's by the contract in force when it was enrolled."""
    cause, later = by_code("Q6"), by_code("Q6b")
    if cause.facts is None or later.facts is None:
        raise ValueError("Q6 and Q6b count objects.")
    cases = SupportCase.objects.filter(pk__in=cause.facts.of(Level.REGION, [region], period).values("pk"))
    dated = own.annotate(last_on=Coalesce("ended_on", NOTHING_DUE))
    contracts = dated.filter(
        family=OuterRef("family"), signed_on__lte=OuterRef("enrolled_on"), last_on__gte=OuterRef("enrolled_on")
    )
    enrolled = cases.filter(
        family=OuterRef("family"), enrolled_on__gte=OuterRef("signed_on"), enrolled_on__lte=OuterRef("last_on")
    )
    yield Figure(cause.code, cause.title, cases.filter(Exists(contracts)).count(), dated.filter(Exists(enrolled)))
    signed = later.facts.of(Level.REGION, [region], period).filter(pk__in=own.values("pk"))
    yield Figure(
        later.code,
        later.title,
        signed.aggregate(number=later.facts.count())["number"],
        own.filter(pk__in=signed.values("pk")),
    )


def _moved(own: ContractQuerySet[Any], period: DateRange) -> Iterator[Figure]:
    """What happened in the period, by its own dates (indicators 4.4, J14)."""
    days = (period.starts_on, period.last_day)
    yield _figure("concluded", _("Contracts concluded"), own.filter(signed_on__range=days))
    yield _figure("ended", _("Contracts ended"), own.filter(ended_on__range=days))
    yield _figure("stopped", _("Follow-up stopped early"), own.filter(follow_up_stopped_on__range=days))


def _standing(own: ContractQuerySet[Any], on: date) -> Iterator[Figure]:
    """How the contracts signed by `on` stand on that day: each in one state (clarification 5)."""
    known = own.filter(signed_on__lte=on)
    over = known.filter(ended_on__lt=on)
    stopped = Q(follow_up_stopped_on__isnull=False, follow_up_stopped_on__lt=on)
    found: dict[ContractState, ContractQuerySet[Any]] = {
        ContractState.SIGNED: known.filter(Q(ended_on=None) | Q(ended_on__gte=on), starts_on__gt=on),
        ContractState.RUNNING: known.running(on),
        ContractState.FOLLOW_UP: known.in_follow_up(on),
        ContractState.COMPLETED: over.exclude(stopped).filter(Q(follow_up_ends_on=None) | Q(follow_up_ends_on__lt=on)),
        ContractState.STOPPED: over.filter(stopped),
    }
    for state, rows in found.items():
        yield _figure(state.value.lower(), state.label, rows)


def _figure(code: str, title: Promise | str, rows: ContractQuerySet[Any]) -> Figure:
    return Figure(code, title, rows.count(), rows)
