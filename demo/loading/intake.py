"""Families as their registration left them: people, places, consents and circumstances, written in bulk."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model

from accounts.models import Precinct, User
from common.calendar import add_months, add_years, comes_of_age_on, is_minor, month_start
from common.history import bulk_create_with_history
from common.text import typeset
from demo.loading.numbers import Numbers
from demo.loading.units import Units
from demo.names import MemberData, PersonData
from demo.structure import InstitutionData, RegionData
from families.enums import ConsentAction, ConsentData, GrantReason, HousingKind, IncomeSource, PopulationGroup
from families.models import (
    Category,
    Consent,
    Family,
    FamilyCategory,
    FamilyMembership,
    FamilyStatus,
    IncomeRecord,
    Person,
    SubsistenceMinimum,
)
from families.services import bulk_grant

if TYPE_CHECKING:
    from demo.loading.families import Household

RowT = TypeVar("RowT", bound=Model)

HOUSES = (
    (HousingKind.OWN, "Дом с печным отоплением, вода привозная"),
    (HousingKind.WITH_RELATIVES, "Живут в доме родственников, печное отопление"),
    (HousingKind.OWN, "Дом с печным отоплением, требуется ремонт печи и проводки"),
)
FLATS = (
    (HousingKind.SOCIAL_RENT, "Двухкомнатная квартира, имеется задолженность за коммунальные услуги"),
    (HousingKind.RENTED, "Съёмная квартира, отдельной комнаты {children:у ребёнка|у детей} нет"),
    (HousingKind.WITH_RELATIVES, "Живут с родственниками, нуждаются в отдельном жилье"),
    (HousingKind.OWN, "Квартира благоустроенная, требуется текущий ремонт"),
)
EXCHANGE = "социальное сопровождение семьи, электронный и бумажно-информационный обмен"
LOW_INCOME = "LOW_INCOME"
MONTHS_OF_INCOME = 3
INCOME_SHARES = ((55, 90), (75, 160))
"""Income per head in per cent of the minimum, from and to: of families with a low income, and of the others."""
REGISTERED_DAYS = 30
DAY = timedelta(days=1)


def load_intake(
    data: RegionData, units: Units, households: Sequence["Household"], chance: random.Random, today: date
) -> list[Family]:
    """Write these families; return them in the same order."""
    writer = _Intake(data, units, chance)
    for household in households:
        writer.add(household)
    writer.save()
    for family, household in zip(writer.families, households, strict=True):
        if not household.plan.has_curator:
            # Whoever registered a family works with it until somebody is assigned.
            bulk_grant(
                families=[family],
                user=household.place.specialist,
                reason=GrantReason.REGISTERED,
                starts_on=today,
                ends_on=today + REGISTERED_DAYS * DAY,
                may_write=True,
                actor=household.place.specialist,
                source="families.registration",
            )
    return writer.families


class _Intake:
    """Gathers the rows of many families, and writes them model by model."""

    def __init__(self, data: RegionData, units: Units, chance: random.Random) -> None:
        self.recipients = {row.code: _recipients(data, row) for row in data.institutions}
        self.units, self.chance, self.numbers = units, chance, Numbers()
        self.categories = {row.code: row for row in Category.objects.all()}
        minimums = SubsistenceMinimum.objects.filter(region=units.region, group=PopulationGroup.PER_CAPITA)
        self.minimums = list(minimums.order_by("-valid_from").values_list("valid_from", "amount"))
        self.precincts = _precincts(units)
        self.people: list[Person] = []
        self.families: list[Family] = []
        self.memberships: list[FamilyMembership] = []
        self.consents: list[Consent] = []
        self.in_categories: list[FamilyCategory] = []
        self.statuses: list[FamilyStatus] = []
        self.incomes: list[IncomeRecord] = []

    def add(self, household: "Household") -> None:
        """Gather everything of one family."""
        data, place, on = household.data, household.place, household.registered_on
        housing, note = self.chance.choice(HOUSES if household.circumstances.in_house else FLATS)
        settlement = self.units.territories[place.settlement]
        family = Family(
            region=self.units.region,
            institution=place.institution,
            department=place.department,
            curator=place.specialist if household.plan.has_curator and not household.has_closed_case else None,
            precinct=self.precincts.get((place.institution.pk, settlement.pk)),
            registry_number=self.numbers.next("family", place.institution.pk, on),
            registered_on=on,
            registered_by=place.specialist,
            title=data.title,
            settlement=settlement,
            street=data.address.street,
            house=data.address.house,
            flat=data.address.flat,
            phone=data.head.phone,
            housing=housing,
            housing_note=household.circumstances.words(note),
        )
        self.families.append(_by(place.specialist, family))
        members = [self._member(family, row, place.specialist, on) for row in data.members]
        if household.plan.has_consent:
            self._consent(household, family, members)
        self._describe(household, family, members)

    def _member(self, family: Family, data: MemberData, specialist: User, on: date) -> FamilyMembership:
        person = _by(specialist, _person(data.person))
        person.region = self.units.region
        self.people.append(person)
        member = FamilyMembership(
            family=family,
            person=person,
            role=data.role,
            is_representative=data.is_representative,
            is_head=data.is_head,
            starts_on=max(on, data.person.birth_date),
        )
        self.memberships.append(_by(specialist, member))
        return member

    def _consent(self, household: "Household", family: Family, members: Sequence[FamilyMembership]) -> None:
        """The main contact's consent for themselves and, as the representative, for each child."""
        on, institution = household.registered_on, household.place.institution
        giver = next(row.person for row in members if row.is_head)
        for row in members:
            child = is_minor(row.person.birth_date, on)
            if row.person is not giver and not child:
                continue
            consent = Consent(
                family=family,
                number=self.numbers.next("consent", institution.pk, on),
                subject=row.person,
                given_by=giver,
                authority_document="" if row.person is giver else "свидетельство о рождении ребёнка",
                operator_name=institution.full_name,
                operator_address=institution.address or institution.full_name,
                purpose=EXCHANGE,
                data=list(ConsentData.values),
                actions=list(ConsentAction.values),
                recipients=self.recipients[institution.code],
                given_on=on,
                valid_to=comes_of_age_on(row.person.birth_date) - DAY if child else None,
                created_by=household.place.specialist,
            )
            self.consents.append(_by(household.place.specialist, consent))

    def _describe(self, household: "Household", family: Family, members: Sequence[FamilyMembership]) -> None:
        """Categories, status and income, as the intake would have noted them."""
        group, on, specialist = household.group, household.registered_on, household.place.specialist
        codes = [*group.categories, *([LOW_INCOME] if group.low_income else [])]
        for place, code in enumerate(dict.fromkeys(codes)):
            row = FamilyCategory(family=family, category=self.categories[code], starts_on=on, is_primary=place == 0)
            if self._binds(row, members):
                self.in_categories.append(_by(specialist, row))
        if group.status is not None:
            status = FamilyStatus(family=family, kind=group.status, starts_on=on)
            self.statuses.append(_by(specialist, status))
        self._income(household, family, len(members))

    @staticmethod
    def _binds(row: FamilyCategory, members: Sequence[FamilyMembership]) -> bool:
        """Bind a category that an age ends to the youngest child; False where that child is too old for it."""
        age = row.category.ends_at_age
        if age is None:
            return True
        row.member = max(members, key=lambda member: member.person.birth_date)
        row.ends_on = add_years(row.member.person.birth_date, age) - DAY
        return row.ends_on >= row.starts_on

    def _income(self, household: "Household", family: Family, count: int) -> None:
        first = add_months(month_start(household.registered_on), -MONTHS_OF_INCOME)
        last = add_months(first, MONTHS_OF_INCOME) - DAY
        minimum = next((amount for since, amount in self.minimums if since <= last), None)
        share = self.chance.randrange(*INCOME_SHARES[0 if household.group.low_income else 1])
        head = (minimum or self.minimums[-1][1]) * share / 100
        record = IncomeRecord(
            family=family,
            period_from=first,
            period_to=last,
            total=Decimal(round(head * MONTHS_OF_INCOME * count, -2)),
            months=MONTHS_OF_INCOME,
            members_counted=count,
            source=IncomeSource.STATEMENT,
            minimum_used=minimum,
        )
        self.incomes.append(_by(household.place.specialist, record))

    def save(self) -> None:
        """Write everything, and let the services number what comes after."""
        for rows in (
            *(self.people, self.families, self.memberships, self.consents),
            *(self.in_categories, self.statuses, self.incomes),
        ):
            bulk_create_with_history(rows, actor=None)
        self.numbers.save()


def _by(actor: User, row: RowT) -> RowT:
    """Let the history of a row that is written in bulk name who entered it."""
    row._history_user = actor  # type: ignore[attr-defined]  # noqa: SLF001 - as simple-history is told
    return row


def _person(data: PersonData) -> Person:
    return Person(
        last_name=data.last_name,
        first_name=data.first_name,
        patronymic=data.patronymic,
        sex=data.sex,
        birth_date=data.birth_date,
        snils=data.snils,
        phone=data.phone,
        document_kind=data.document.kind,
        document_series=data.document.series,
        document_number=data.document.number,
        document_issued_by=data.document.issued_by,
        document_issued_on=data.document.issued_on,
        citizenship="Российская Федерация",
    )


def _recipients(data: RegionData, institution: InstitutionData) -> list[str]:
    """The bodies of the prevention system where the institution works, by their titles."""
    near = {"", *institution.municipalities}
    return [typeset(row.title) for row in data.partners if row.is_prevention_body and row.municipality in near]


def _precincts(units: Units) -> dict[tuple[int, int], Precinct]:
    """The precinct of each settlement within an institution."""
    links = Precinct.settlements.through.objects.filter(precinct__in=[row.pk for row in units.precincts])
    known = {row.pk: row for row in units.precincts}
    found = {}
    for precinct_id, territory_id in links.order_by("pk").values_list("precinct_id", "territory_id"):
        precinct = known[precinct_id]
        found[precinct.department.institution_id, territory_id] = precinct
    return found
