"""Regions, territories, institutions, departments, precincts: what they hold and what the database refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.enums import InstitutionStatus, Role, TerritoryKind
from accounts.models import Department, Institution, PrecinctAssignment, Region, Territory, User
from tests.cast import LEAD, Cast
from tests.factories.accounts import (
    DepartmentFactory,
    InstitutionFactory,
    MunicipalityFactory,
    PrecinctAssignmentFactory,
    PrecinctFactory,
    RegionFactory,
    SettlementFactory,
)


@pytest.mark.requirement("S0-1", "S0-2", "S1-2")
def test_an_institution_keeps_its_particulars_and_is_called_by_its_short_name(db: None) -> None:
    particulars = {
        "full_name": "Краевое государственное автономное учреждение «Центр содействия семьям»",
        "short_name": "КГАУ ЦСС",
        "legal_form": "автономное учреждение",
        "founder": "Министерство труда и социальной политики",
        "director_name": "Черных О. П.",
        "director_ground": "устава",
        "address": "г. Находка, ул. Школьная, 1",
        "phone": "8 (4236) 11-22-33",
        "email": "css@example.org",
        "site": "https://css.example.org",
    }
    unit = InstitutionFactory.create(**particulars)
    unit.full_clean()
    stored = Institution.objects.get(pk=unit.pk)
    assert {name: getattr(stored, name) for name in particulars} == particulars
    assert str(stored) == "КГАУ ЦСС"


@pytest.mark.requirement("S0-3")
@pytest.mark.parametrize("kind", ["CITY", "TOWN", "URBAN", "RURAL"])
def test_territories_form_a_tree_of_region_municipality_and_settlement(db: None, kind: str) -> None:
    settlement = SettlementFactory.create(settlement_kind=kind)
    settlement.full_clean()
    assert settlement.parent.kind == TerritoryKind.MUNICIPALITY
    assert settlement.parent.parent is None
    assert list(settlement.parent.parts.all()) == [settlement]
    assert settlement.region == settlement.parent.region


@pytest.mark.requirement("S0-3")
@pytest.mark.parametrize(
    "change",
    [
        {"parent": None},
        {"settlement_kind": ""},
        {"kind": TerritoryKind.MUNICIPALITY},
    ],
)
def test_the_database_refuses_a_tree_that_makes_no_sense(db: None, change: dict[str, object]) -> None:
    settlement = SettlementFactory.create()
    with pytest.raises(IntegrityError, match="settlement_lies_in_a_municipality"), transaction.atomic():
        Territory.objects.filter(pk=settlement.pk).update(**change)


@pytest.mark.requirement("S1-9")
def test_one_institution_serves_several_municipalities(db: None) -> None:
    unit = InstitutionFactory.create()
    districts = [MunicipalityFactory.create(region=unit.region) for _ in range(4)]
    unit.municipalities.set(districts)
    assert list(unit.municipalities.order_by("pk")) == districts
    assert [list(district.institutions.all()) for district in districts] == [[unit]] * 4


def test_departments_belong_to_an_institution_and_have_titles_of_their_own(db: None) -> None:
    department = DepartmentFactory.create(title="Отделение помощи семье")
    assert list(department.institution.departments.all()) == [department]
    DepartmentFactory.create(title=department.title)
    with pytest.raises(IntegrityError, match="department_title_once_per_institution"), transaction.atomic():
        DepartmentFactory.create(institution=department.institution, title=department.title)


@pytest.mark.requirement("S1-49")
def test_a_precinct_has_one_specialist_at_a_time_by_order(db: None) -> None:
    precinct = PrecinctFactory.create(order_number="15-од", order_date=date(2025, 12, 30))
    first = PrecinctAssignmentFactory.create(precinct=precinct, starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))
    with pytest.raises(IntegrityError, match="one_specialist_per_precinct_at_a_time"), transaction.atomic():
        PrecinctAssignmentFactory.create(precinct=precinct, starts_on=first.ends_on)
    second = PrecinctAssignmentFactory.create(precinct=precinct, starts_on=first.ends_on + timedelta(days=1))
    PrecinctAssignmentFactory.create(starts_on=date(2026, 1, 1))
    assert list(precinct.assignments.order_by("starts_on")) == [first, second]
    with pytest.raises(IntegrityError, match="ends_after_start"), transaction.atomic():
        PrecinctAssignment.objects.filter(pk=first.pk).update(ends_on=date(2025, 1, 1))


def test_a_period_that_ends_before_it_starts_is_a_form_error(db: None) -> None:
    kept = PrecinctAssignmentFactory.create(starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30))
    wrong = PrecinctAssignment(
        precinct=kept.precinct, specialist=kept.specialist, starts_on=date(2026, 7, 1), ends_on=date(2025, 1, 1)
    )
    with pytest.raises(ValidationError) as error:
        wrong.full_clean()
    assert len(error.value.messages) == 1
    wrong.ends_on = None
    wrong.full_clean()


@pytest.mark.requirement("S4-33")
def test_a_resource_centre_has_its_speciality(db: None) -> None:
    unit = InstitutionFactory.create(
        statuses=[InstitutionStatus.RESOURCE_CENTRE], speciality="Сопровождение семей с детьми-инвалидами"
    )
    unit.full_clean()
    found = Institution.objects.filter(statuses__contains=[InstitutionStatus.RESOURCE_CENTRE])
    assert [(row.pk, row.speciality) for row in found] == [(unit.pk, "Сопровождение семей с детьми-инвалидами")]
    unit.statuses = ["HONOURED"]
    with pytest.raises(ValidationError):
        unit.full_clean()


@pytest.mark.requirement("S1-1")
@pytest.mark.parametrize("name", ["director", "secretary", "auditor", "specialist", "head", "duty_officer"])
def test_people_of_an_institution_see_it_alone(cast: Cast, name: str) -> None:
    assert list(Institution.objects.visible_to(cast.people[name])) == [cast.institution]


@pytest.mark.requirement("S1-2")
@pytest.mark.parametrize("name", ["ministry", "resource_centre", "region_admin"])
def test_people_of_the_region_see_its_institutions(cast: Cast, name: str) -> None:
    user = cast.people[name]
    assert set(Institution.objects.visible_to(user)) == {cast.institution, cast.other_institution}
    assert set(Department.objects.visible_to(user)) == {
        cast.department,
        cast.second_department,
        cast.other_department,
    }


@pytest.mark.parametrize(
    "name", ["member", "chair", "contract_specialist", "partner_user", "system_admin", "newcomer", "expired_deputy"]
)
def test_nobody_else_sees_units(cast: Cast, name: str) -> None:
    assert not Institution.objects.visible_to(cast.people[name]).exists()
    assert not Department.objects.visible_to(cast.people[name]).exists()


def test_departments_are_those_of_ones_own_unit(cast: Cast) -> None:
    assert list(Department.objects.visible_to(cast.head)) == [cast.department]
    assert set(Department.objects.visible_to(cast.director)) == {cast.department, cast.second_department}


def test_every_role_has_its_scope_of_units(cast: Cast) -> None:
    seen = {
        role: Institution.objects.visible_to(User.objects.get(username=name)).count() for name, role in LEAD.items()
    }
    assert set(seen) == set(Role)
    assert set(seen.values()) == {0, 1, 2}


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 20, 13, 59, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 14, 0, tzinfo=UTC), date(2026, 11, 21)),
    ],
)
def test_a_moment_falls_on_the_day_of_the_place(cast: Cast, moment: datetime, day: date) -> None:
    assert cast.institution.local_date(moment) == day
    assert cast.foreign_institution.local_date(moment) == date(2026, 11, 20)


def test_a_time_zone_must_exist() -> None:
    with pytest.raises(ValidationError, match="Asia/Nowhere"):
        RegionFactory.build(time_zone="Asia/Nowhere").clean_fields()


def test_regions_are_told_apart_by_code(db: None) -> None:
    RegionFactory.create(code="north")
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionFactory.create(code="north")
    assert Region.objects.count() == 1
