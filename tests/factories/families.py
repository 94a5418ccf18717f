"""Factories of families and people. Values are numbered, never random; ages are as of 2026."""

import datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from families.enums import (
    ConsentAction,
    ConsentData,
    FamilyRole,
    GrantReason,
    IncomeSource,
    PopulationGroup,
    Sex,
    StatusKind,
    TraitKind,
)
from families.grants import grant
from families.models import (
    Category,
    Consent,
    ExternalId,
    Family,
    FamilyCategory,
    FamilyGrant,
    FamilyMembership,
    FamilyRiskGroup,
    FamilyStatement,
    FamilyStatus,
    IncomeRecord,
    MemberTrait,
    Person,
    SubsistenceMinimum,
)
from tests.factories.accounts import LONG_AGO, DepartmentFactory, UserFactory

SURNAMES = (
    "Абрамова",
    "Беляева",
    "Громова",
    "Давыдова",
    "Ефимова",
    "Жданова",
    "Зайцева",
    "Ильина",
    "Крылова",
    "Ларина",
)


class PersonFactory(DjangoModelFactory[Person]):
    """A woman of full age without papers; `PersonFactory(child=True)` is a boy of about ten."""

    class Meta:
        model = Person

    class Params:
        child = factory.Trait(
            first_name=factory.Sequence(lambda n: ("Артём", "Пётр", "Семён", "Лев")[n % 4]),
            patronymic="Сергеевич",
            sex=Sex.MALE,
            birth_date=factory.Sequence(lambda n: datetime.date(2016, 1 + n % 12, 1 + n % 28)),
        )

    region = factory.SubFactory("tests.factories.accounts.RegionFactory")
    last_name = factory.Sequence(lambda n: SURNAMES[n % len(SURNAMES)])
    first_name = "Ольга"
    patronymic = "Павловна"
    sex = Sex.FEMALE
    birth_date = factory.Sequence(lambda n: datetime.date(1985 + n % 10, 1 + n % 12, 1 + n % 28))


class FamilyFactory(DjangoModelFactory[Family]):
    """A family of a department, without members and without a curator."""

    class Meta:
        model = Family

    department = factory.SubFactory(DepartmentFactory)
    institution = factory.SelfAttribute("department.institution")
    region = factory.SelfAttribute("institution.region")
    registry_number = factory.Sequence(lambda n: f"{n + 1}/2025")
    registered_on = datetime.date(2025, 9, 1)
    registered_by = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"{SURNAMES[n % len(SURNAMES)]}")


class FamilyMembershipFactory(DjangoModelFactory[FamilyMembership]):
    class Meta:
        model = FamilyMembership

    family = factory.SubFactory(FamilyFactory)
    person = factory.SubFactory(PersonFactory, region=factory.SelfAttribute("..family.region"))
    role = FamilyRole.MOTHER
    starts_on = datetime.date(2025, 9, 1)


class CategoryFactory(DjangoModelFactory[Category]):
    class Meta:
        model = Category
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"CATEGORY_{n}")
    title = factory.Sequence(lambda n: f"Категория № {n}")


class FamilyCategoryFactory(DjangoModelFactory[FamilyCategory]):
    class Meta:
        model = FamilyCategory

    family = factory.SubFactory(FamilyFactory)
    category = factory.SubFactory(CategoryFactory)
    starts_on = datetime.date(2025, 9, 1)


class FamilyStatusFactory(DjangoModelFactory[FamilyStatus]):
    class Meta:
        model = FamilyStatus

    family = factory.SubFactory(FamilyFactory)
    kind = StatusKind.HARDSHIP
    starts_on = datetime.date(2025, 9, 1)


class FamilyRiskGroupFactory(DjangoModelFactory[FamilyRiskGroup]):
    class Meta:
        model = FamilyRiskGroup

    family = factory.SubFactory(FamilyFactory)
    group = "RISK_GROUP"
    starts_on = datetime.date(2025, 9, 1)


class MemberTraitFactory(DjangoModelFactory[MemberTrait]):
    class Meta:
        model = MemberTrait

    membership = factory.SubFactory(FamilyMembershipFactory)
    kind = TraitKind.UNEMPLOYED
    starts_on = datetime.date(2025, 9, 1)


class SubsistenceMinimumFactory(DjangoModelFactory[SubsistenceMinimum]):
    class Meta:
        model = SubsistenceMinimum

    region = factory.SubFactory("tests.factories.accounts.RegionFactory")
    valid_from = LONG_AGO
    group = PopulationGroup.PER_CAPITA
    amount = "17733.00"


class IncomeRecordFactory(DjangoModelFactory[IncomeRecord]):
    class Meta:
        model = IncomeRecord

    family = factory.SubFactory(FamilyFactory)
    period_from = datetime.date(2025, 7, 1)
    period_to = datetime.date(2025, 9, 30)
    total = "90000.00"
    members_counted = 3
    source = IncomeSource.CERTIFICATE


class ConsentFactory(DjangoModelFactory[Consent]):
    """An adult's own consent to everything, without an end."""

    class Meta:
        model = Consent

    family = factory.SubFactory(FamilyFactory)
    number = factory.Sequence(lambda n: f"{n + 1}/2025")
    subject = factory.SubFactory(PersonFactory, region=factory.SelfAttribute("..family.region"))
    given_by = factory.SelfAttribute("subject")
    operator_name = "Государственное учреждение"
    operator_address = "г. Владивосток, ул. Светланская, д. 1"
    purpose = "социальное сопровождение семьи, электронный и бумажный информационный обмен"
    data = factory.LazyFunction(lambda: list(ConsentData.values))
    actions = factory.LazyFunction(lambda: list(ConsentAction.values))
    recipients = factory.LazyFunction(lambda: ["КДН"])
    given_on = datetime.date(2025, 9, 1)
    created_by = factory.SubFactory(UserFactory)


class FamilyStatementFactory(DjangoModelFactory[FamilyStatement]):
    class Meta:
        model = FamilyStatement

    family = factory.SubFactory(FamilyFactory)
    number = factory.Sequence(lambda n: f"{n + 1}/2025")
    given_by = factory.SubFactory(PersonFactory, region=factory.SelfAttribute("..family.region"))
    given_on = datetime.date(2025, 9, 1)
    text = "Прошу принять семью на социальное сопровождение."
    responsibility_confirmed = True
    created_by = factory.SubFactory(UserFactory)


class ExternalIdFactory(DjangoModelFactory[ExternalId]):
    class Meta:
        model = ExternalId

    family = factory.SubFactory(FamilyFactory)
    system = "ECP"
    value = factory.Sequence(lambda n: f"ЕЦП-{n}")


def household(*, children: int = 1, **family: Any) -> Family:
    """A family with a mother, who represents it and is its main contact, and some children of hers."""
    row = FamilyFactory.create(**family)
    mother = PersonFactory.create(region=row.region, last_name=row.title)
    FamilyMembershipFactory.create(family=row, person=mother, is_head=True, is_representative=True)
    for _ in range(children):
        child = PersonFactory.create(child=True, region=row.region, last_name=row.title)
        FamilyMembershipFactory.create(family=row, person=child, role=FamilyRole.CHILD)
    return row


def granted(family: Family, user: User, reason: GrantReason = GrantReason.CASE_TEAM, **values: Any) -> FamilyGrant:
    """Open `family` to `user`, by default from today on as a member of the case team."""
    values = {"starts_on": family.institution.today(), "actor": None} | values
    return grant(family=family, user=user, reason=reason, **values)
