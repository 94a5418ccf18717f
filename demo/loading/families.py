"""Forty families of a region, registered by their department's specialists, with consents and circumstances."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Department, User
from common.calendar import add_months, is_minor, month_start
from demo.loading.cases import load_case
from demo.loading.contracts import load_contracts
from demo.loading.plans import PLANS
from demo.loading.programmes import load_programmes
from demo.loading.staff import Staff
from demo.loading.units import Units
from demo.loading.visits import load_visits
from demo.names import FamilyData, FamilyKind, MemberData, People
from demo.structure import PrecinctData, RegionData, typeset
from families.enums import ConsentAction, ConsentData, HousingKind, IncomeSource, StatusKind
from families.models import Category, Consent, Family, FamilyCategory, FamilyMembership, Person
from families.services import (
    NewMember,
    add_category,
    give_consent,
    record_income,
    register_family,
    restrict,
    set_status,
)

KINDS = (
    FamilyKind.MOTHER,
    FamilyKind.TWO_PARENTS,
    FamilyKind.LARGE,
    FamilyKind.MOTHER,
    FamilyKind.THREE_GENERATIONS,
    FamilyKind.FATHER,
    FamilyKind.TWO_PARENTS,
    FamilyKind.GUARDIAN,
    FamilyKind.MOTHER,
    FamilyKind.GRANDMOTHER,
)
"""Families come in this order, over and over."""

CATEGORIES = {
    FamilyKind.LARGE: "LARGE_FAMILY",
    FamilyKind.MOTHER: "SINGLE_PARENT",
    FamilyKind.FATHER: "SINGLE_PARENT",
    FamilyKind.GUARDIAN: "SUBSTITUTE",
    FamilyKind.GRANDMOTHER: "SUBSTITUTE",
}
HOUSING = (
    (HousingKind.OWN, "Дом с печным отоплением, вода привозная"),
    (HousingKind.SOCIAL_RENT, "Двухкомнатная квартира, имеется задолженность за коммунальные услуги"),
    (HousingKind.RENTED, "Съёмная комната, отдельного места для занятий у детей нет"),
    (HousingKind.WITH_RELATIVES, "Живут с родственниками, нуждаются в отдельном жилье"),
    (HousingKind.OWN, "Квартира благоустроенная, требуется текущий ремонт"),
)
STATUSES = (StatusKind.HARDSHIP, StatusKind.HARDSHIP, StatusKind.EARLY_TROUBLE, StatusKind.SOCIALLY_DANGEROUS)
# The demo's own specialist answers for so many of every ten families of the region.
OWN_SHARE = 4
EXCHANGE = "социальное сопровождение семьи, электронный и бумажно-информационный обмен"


@dataclass(frozen=True)
class Placement:
    """Where a family lives and who works with it."""

    department: Department
    settlement: str
    municipality: str
    specialist: User
    head: User


def load_families(
    data: RegionData, *, units: Units, staff: Staff, people: People, chance: random.Random, today: date
) -> int:
    """Write the families of a region with their cases; return how many there are."""
    places = _placements(data, units, staff)
    recipients = [typeset(partner.title) for partner in data.partners if partner.is_prevention_body]
    cases = []
    for number, plan in enumerate(PLANS):
        place = next(places)
        registered_on = today - timedelta(days=plan.opened_days_ago + 5)
        family_data = _invent(data, people, KINDS[number % len(KINDS)], place, registered_on)
        family = _register(family_data, units, place, registered_on, chance)
        _describe(family, family_data, place.specialist, registered_on, chance)
        if plan.has_consent:
            _consent(family, place.specialist, registered_on, recipients)
        case = load_case(family, plan, curator=place.specialist, head=place.head, today=today)
        cases.append((case, plan))
        if plan.is_restricted:
            family.refresh_from_db()
            restrict(actor=place.specialist, family=family, reason="Ребёнок пострадал от преступления")
    load_visits(cases, chance, today)
    load_programmes(cases, chance, today)
    load_contracts(data, cases, chance, today)
    return len(cases)


def _placements(data: RegionData, units: Units, staff: Staff) -> Iterator[Placement]:
    """Where the families go: four of ten to the demo's own specialist, the others in turn to the colleagues."""
    departments = [
        (institution, department) for institution, department in data.departments() if institution.municipalities
    ]
    home = next(pair for pair in departments if pair[1].code == staff.home)
    number = 0
    while True:
        own = number % 10 < OWN_SHARE
        institution, department = home if own else departments[number % len(departments)]
        specialists = staff.specialists[department.code]
        colleagues = specialists[1:] if department.code == staff.home else specialists
        specialist = specialists[0] if own or not colleagues else colleagues[number % len(colleagues)]
        titles = _settlements(data, institution.municipalities, department.precincts)
        municipality, settlement = titles[number % len(titles)]
        yield Placement(
            units.departments[department.code], settlement, municipality, specialist, staff.heads[department.code]
        )
        number += 1


def _settlements(
    data: RegionData, municipalities: tuple[str, ...], precincts: tuple[PrecinctData, ...]
) -> list[tuple[str, str]]:
    """Pairs of municipality and settlement that a department serves: those of its precincts, else the institution's."""
    own = {title for precinct in precincts for title in precinct.settlements}
    pairs = [(title, place.title) for title in municipalities for place in data.municipality(title).settlements]
    return [pair for pair in pairs if pair[1] in own] or pairs


def _invent(data: RegionData, people: People, kind: FamilyKind, place: Placement, on: date) -> FamilyData:
    """A family that had a child under 18 when it was registered: others have no case (I1)."""
    municipality = data.municipality(place.municipality)
    settlement = next(row for row in municipality.settlements if row.title == place.settlement)
    while True:
        family = people.family(kind, settlement, municipality)
        if any(child.birth_date <= on and is_minor(child.birth_date, on) for child in family.children):
            return family


def _register(data: FamilyData, units: Units, place: Placement, registered_on: date, chance: random.Random) -> Family:
    housing, note = chance.choice(HOUSING)
    family = Family(
        registered_on=registered_on,
        settlement=units.territories[place.settlement],
        street=data.address.street,
        house=data.address.house,
        flat=data.address.flat,
        phone=data.head.phone,
        housing=housing,
        housing_note=note,
    )
    members = [_member(row, registered_on) for row in data.members]
    return register_family(actor=place.specialist, family=family, members=members)


def _member(data: MemberData, since: date) -> NewMember:
    person = data.person
    return NewMember(
        Person(
            last_name=person.last_name,
            first_name=person.first_name,
            patronymic=person.patronymic,
            sex=person.sex,
            birth_date=person.birth_date,
            snils=person.snils,
            phone=person.phone,
            document_kind=person.document.kind,
            document_series=person.document.series,
            document_number=person.document.number,
            document_issued_by=person.document.issued_by,
            document_issued_on=person.document.issued_on,
            citizenship="Российская Федерация",
        ),
        FamilyMembership(
            role=data.role,
            is_representative=data.is_representative,
            is_head=data.is_head,
            starts_on=max(since, person.birth_date),
        ),
    )


def _describe(family: Family, data: FamilyData, specialist: User, registered_on: date, chance: random.Random) -> None:
    """Categories, status and income, as the intake would have noted them."""
    code = CATEGORIES.get(data.kind)
    if code:
        category = Category.objects.get(code=code)
        add_category(
            actor=specialist,
            row=FamilyCategory(family=family, category=category, starts_on=registered_on, is_primary=True),
        )
    set_status(actor=specialist, family=family, kind=chance.choice(STATUSES), on=registered_on)
    first = add_months(month_start(registered_on), -3)
    record_income(
        actor=specialist,
        family=family,
        period_from=first,
        period_to=add_months(first, 3) - timedelta(days=1),
        total=Decimal(chance.randrange(24, 60) * 1_000 * len(data.members)),
        members_counted=len(data.members),
        source=IncomeSource.STATEMENT,
        mark_low_income=code is None,
    )


def _consent(family: Family, specialist: User, on: date, recipients: list[str]) -> None:
    """The main contact's consent for themselves and, as the representative, for each child."""
    memberships = list(family.memberships.select_related("person"))
    giver = next(row.person for row in memberships if row.is_head)
    for row in memberships:
        if row.person != giver and not row.person.is_minor_on(on):
            continue
        give_consent(
            actor=specialist,
            consent=Consent(
                family=family,
                subject=row.person,
                given_by=giver,
                authority_document="" if row.person == giver else "свидетельство о рождении ребёнка",
                purpose=EXCHANGE,
                data=list(ConsentData.values),
                actions=list(ConsentAction.values),
                recipients=recipients,
                given_on=on,
            ),
        )
