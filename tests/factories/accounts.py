"""Factories of units, people and appointments. Values are numbered, never random."""

import datetime

import factory
from factory.django import DjangoModelFactory

from accounts.enums import LEVEL_OF_ROLE, Role, SettlementKind, TerritoryKind, UnitLevel
from accounts.models import (
    Appointment,
    Department,
    Institution,
    Precinct,
    PrecinctAssignment,
    Region,
    RegionDayOff,
    RegionPolicy,
    Territory,
    User,
)

LONG_AGO = datetime.date(2020, 1, 1)


class RegionPolicyFactory(DjangoModelFactory[RegionPolicy]):
    class Meta:
        model = RegionPolicy

    region = factory.SubFactory("tests.factories.accounts.RegionFactory", policy=None)
    valid_from = LONG_AGO


class RegionFactory(DjangoModelFactory[Region]):
    """A region with one policy since 2020; `policy=None` makes one without, `policy__quorum_percent=60` changes it."""

    class Meta:
        model = Region
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"region-{n}")
    title = factory.Sequence(lambda n: f"Область № {n}")
    authority_title = factory.LazyAttribute(lambda region: f"Министерство, {region.title}")
    time_zone = "Europe/Moscow"
    policy = factory.RelatedFactory(RegionPolicyFactory, factory_related_name="region")


class RegionDayOffFactory(DjangoModelFactory[RegionDayOff]):
    class Meta:
        model = RegionDayOff

    region = factory.SubFactory(RegionFactory)
    day = datetime.date(2026, 6, 1)
    title = "День республики"


class MunicipalityFactory(DjangoModelFactory[Territory]):
    class Meta:
        model = Territory

    region = factory.SubFactory(RegionFactory)
    kind = TerritoryKind.MUNICIPALITY
    title = factory.Sequence(lambda n: f"Район № {n}")


class SettlementFactory(DjangoModelFactory[Territory]):
    class Meta:
        model = Territory

    parent = factory.SubFactory(MunicipalityFactory)
    region = factory.SelfAttribute("parent.region")
    kind = TerritoryKind.SETTLEMENT
    settlement_kind = SettlementKind.RURAL
    title = factory.Sequence(lambda n: f"Село № {n}")


class InstitutionFactory(DjangoModelFactory[Institution]):
    class Meta:
        model = Institution

    region = factory.SubFactory(RegionFactory)
    code = factory.Sequence(lambda n: f"institution-{n}")
    full_name = factory.LazyAttribute(lambda unit: f"Государственное учреждение «{unit.short_name}»")
    short_name = factory.Sequence(lambda n: f"Центр № {n}")


class DepartmentFactory(DjangoModelFactory[Department]):
    class Meta:
        model = Department

    institution = factory.SubFactory(InstitutionFactory)
    code = factory.Sequence(lambda n: f"department-{n}")
    title = factory.Sequence(lambda n: f"Отделение № {n}")


class PrecinctFactory(DjangoModelFactory[Precinct]):
    class Meta:
        model = Precinct

    department = factory.SubFactory(DepartmentFactory)
    title = factory.Sequence(lambda n: f"Участок № {n}")


class UserFactory(DjangoModelFactory[User]):
    """A person without a password and without an appointment: sees nothing."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user-{n}")
    last_name = factory.Sequence(lambda n: f"Фамилия{n}")
    first_name = "Анна"
    patronymic = "Петровна"
    password = "!"


class PrecinctAssignmentFactory(DjangoModelFactory[PrecinctAssignment]):
    class Meta:
        model = PrecinctAssignment

    precinct = factory.SubFactory(PrecinctFactory)
    specialist = factory.SubFactory(UserFactory)
    starts_on = LONG_AGO


class AppointmentFactory(DjangoModelFactory[Appointment]):
    """An appointment since 2020, by default a specialist's; the units above the one given are filled in.

    `AppointmentFactory(role=Role.DIRECTOR, institution=...)`; a role without a unit given gets a new one of its level.
    """

    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    role = Role.SPECIALIST
    starts_on = LONG_AGO
    department = factory.Maybe(
        factory.LazyAttribute(lambda row: LEVEL_OF_ROLE[row.role] == UnitLevel.DEPARTMENT),
        factory.SubFactory(DepartmentFactory),
    )
    institution = factory.LazyAttribute(
        lambda row: (
            row.department.institution
            if row.department
            else InstitutionFactory.create()
            if LEVEL_OF_ROLE[row.role] == UnitLevel.INSTITUTION
            else None
        )
    )
    region = factory.LazyAttribute(
        lambda row: (
            row.institution.region
            if row.institution
            else RegionFactory.create()
            if LEVEL_OF_ROLE[row.role] == UnitLevel.REGION
            else None
        )
    )


def deputy_of(principal: Appointment, *, user: User, starts_on: datetime.date, ends_on: datetime.date) -> Appointment:
    """`user` stands in for the holder of `principal` between the two dates."""
    row = Appointment(
        user=user,
        role=principal.role,
        region=principal.region,
        institution=principal.institution,
        department=principal.department,
        deputy_for=principal,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    row.full_clean()
    row.save()
    return row
