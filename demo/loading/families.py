"""The families of a region: who they are, where they live, who works with them, and the course of their cases."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Department, Institution, User
from casework.enums import Stage
from demo.loading.cases import load_cases
from demo.loading.circumstances import Circumstances, ages_of
from demo.loading.contracts import load_contracts
from demo.loading.courses import Chart, Course
from demo.loading.intake import load_intake
from demo.loading.plans import CasePlan, plans_of
from demo.loading.programmes import load_programmes
from demo.loading.sittings import Sittings
from demo.loading.staff import Staff
from demo.loading.themes import THEMES
from demo.loading.units import Units
from demo.loading.visits import load_visits
from demo.names import FamilyData, People
from demo.structure import FamilyGroupData, PrecinctData, RegionData
from families.services import restrict

# The demo's own specialist answers for so many of every ten families of the region.
OWN_SHARE = 4
REGISTERED_BEFORE = timedelta(days=5)
YOUNG = 3
"""A category for families with a child of less than so many years is given a year ahead of its end."""


@dataclass(frozen=True)
class Placement:
    """Where a family lives and who works with it."""

    institution: Institution
    department: Department
    settlement: str
    municipality: str
    specialist: User
    head: User


@dataclass(eq=False)
class Household:
    """A family with everything that is settled before it is written."""

    data: FamilyData
    group: FamilyGroupData
    place: Placement
    course: Course
    registered_on: date
    circumstances: Circumstances

    @property
    def plan(self) -> CasePlan:
        return self.course.plan

    @property
    def has_closed_case(self) -> bool:
        return self.plan.stage is Stage.CLOSED


def load_families(
    data: RegionData,
    *,
    units: Units,
    staff: Staff,
    people: People,
    sittings: Sittings,
    chance: random.Random,
    today: date,
) -> int:
    """Write the families of a region with their cases; return how many there are."""
    households = list(_households(data, units, staff, people, Chart(sittings, today)))
    # The oldest first, so that numbers follow the days.
    households.sort(key=lambda household: household.registered_on)
    sittings.number()
    families = load_intake(data, units, households, chance, today)
    load_cases(data, list(zip(families, households, strict=True)), today)
    courses = [household.course for household in households]
    load_visits([(household.course, household.circumstances) for household in households], chance, today)
    supported = [
        (household.course, household.circumstances, THEMES[household.group.theme].of(household.circumstances))
        for household in households
    ]
    load_programmes(units, supported, chance, today)
    load_contracts(data, courses, chance, today)
    for family, household in zip(families, households, strict=True):
        if household.plan.is_restricted:
            family.refresh_from_db()
            restrict(actor=household.place.specialist, family=family, reason="Ребёнок пострадал от преступления")
    return len(families)


def _households(data: RegionData, units: Units, staff: Staff, people: People, chart: Chart) -> Iterator[Household]:
    turns: Counter[str] = Counter()
    for number, plan in enumerate(plans_of(data)):
        place = _placement(data, units, staff, number, plan)
        groups = data.groups_of(place.department.code)
        group = groups[turns[place.department.code] % len(groups)]
        turns[place.department.code] += 1
        body = chart.sittings.body_for(place.institution.pk, units.territories[place.municipality].pk)
        course = chart.course(plan, body)
        registered_on = course.opened_on - REGISTERED_BEFORE
        family = _invent(data, people, group, place, registered_on)
        circumstances = Circumstances.of(family, group, registered_on)
        yield Household(family, group, place, course, registered_on, circumstances)


def _placement(data: RegionData, units: Units, staff: Staff, number: int, plan: CasePlan) -> Placement:
    """Four of ten go to the demo's own specialist, with all that wait for the demo's body; others to colleagues.

    Half of an institution's families live in the first of its municipalities.
    """
    departments = [pair for pair in data.departments() if pair[0].municipalities]
    home = next(pair for pair in departments if pair[1].code == staff.home)
    own = plan.for_council or number % 10 < OWN_SHARE
    institution, department = home if own else departments[number % len(departments)]
    specialists = staff.specialists[department.code]
    colleagues = specialists[1:] if department.code == staff.home else specialists
    specialist = specialists[0] if own or not colleagues else colleagues[number % len(colleagues)]
    titles = _settlements(data, institution.municipalities, department.precincts)
    if plan.for_council or number % 2 == 0:
        titles = [pair for pair in titles if pair[0] == institution.municipalities[0]] or titles
    municipality, settlement = titles[number % len(titles)]
    return Placement(
        units.institutions[institution.code],
        units.departments[department.code],
        settlement,
        municipality,
        specialist,
        staff.heads[department.code],
    )


def _settlements(
    data: RegionData, municipalities: tuple[str, ...], precincts: tuple[PrecinctData, ...]
) -> list[tuple[str, str]]:
    """Pairs of municipality and settlement that a department serves: those of its precincts, else the institution's."""
    own = {title for precinct in precincts for title in precinct.settlements}
    pairs = [(title, place.title) for title in municipalities for place in data.municipality(title).settlements]
    return [pair for pair in pairs if pair[1] in own] or pairs


def _invent(data: RegionData, people: People, group: FamilyGroupData, place: Placement, on: date) -> FamilyData:
    """A family whose children were, when it was registered (I1), of the ages that its trouble and category ask for."""
    municipality = data.municipality(place.municipality)
    settlement = next(row for row in municipality.settlements if row.title == place.settlement)
    theme = THEMES[group.theme]

    def suits(births: tuple[date, ...]) -> bool:
        young = "HEALTH_LIMITED_UNDER_3" not in group.categories or min(ages_of(births, on), default=YOUNG) < YOUNG - 1
        return young and theme.suits(births, on)

    return people.family(group.kind, settlement, municipality, suits=suits)
