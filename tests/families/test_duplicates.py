"""The check for duplicates: every member, one wrong letter, twins, telephones, addresses, and who may know what."""

import datetime

import pytest

from families.duplicates import Home, Known, Likeness, Match, Reach, differ_by_one, find
from families.models import Family, Person
from families.services import restrict
from tests.cast import Cast
from tests.factories.families import FamilyMembershipFactory, PersonFactory, household

pytestmark = pytest.mark.django_db
BORN = datetime.date(2019, 5, 6)


@pytest.fixture
def child(cast: Cast) -> Person:
    """Сорокин Тимур Олегович, born on 6 May 2019, in a family of the other institution."""
    family = household(department=cast.other_department, children=0, title="Сорокина", phone="+79161112233")
    name = {"last_name": "Сорокин", "first_name": "Тимур", "patronymic": "Олегович"}
    person = PersonFactory.create(child=True, region=family.region, birth_date=BORN, **name)
    FamilyMembershipFactory.create(family=family, person=person, role="CHILD")
    return person


def known(**values: object) -> Known:
    base = {"last_name": "Сорокин", "first_name": "Тимур", "patronymic": "Олегович", "birth_date": BORN}
    return Known(**(base | values))  # type: ignore[arg-type]


def matches(cast: Cast, *people: Known, home: Home | None = None) -> list[Match]:
    return find(cast.specialist, cast.region, people, home or Home())


@pytest.mark.requirement("S3-12", "L14")
@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ({}, Likeness.NAME),
        ({"last_name": "СОРОКИН"}, Likeness.NAME),
        ({"patronymic": ""}, Likeness.NAME),
        ({"last_name": "Сарокин"}, Likeness.SIMILAR_NAME),
        ({"first_name": "Тиму"}, Likeness.SIMILAR_NAME),
        ({"first_name": "Тимрур"}, Likeness.SIMILAR_NAME),
        ({"first_name": "Тмиур"}, Likeness.SIMILAR_NAME),
    ],
)
def test_a_child_is_recognised_among_other_members(
    cast: Cast, child: Person, typed: dict[str, object], kind: Likeness
) -> None:
    stranger = known(last_name="Ветрова", first_name="Инна", patronymic="", birth_date=datetime.date(1990, 1, 1))
    (match,) = matches(cast, stranger, known(**typed))
    assert (match.kinds, match.reach) == ([kind], Reach.REGION)
    assert list(match.people) == [child.pk]


@pytest.mark.parametrize(
    "typed",
    [
        {"birth_date": datetime.date(2019, 5, 7)},
        {"last_name": "Сараев"},
        {"first_name": "Руслан"},  # a twin
        {"last_name": "Сарокен"},
    ],
)
def test_another_person_is_not_taken_for_the_same(cast: Cast, child: Person, typed: dict[str, object]) -> None:
    assert matches(cast, known(**typed)) == []


@pytest.mark.requirement("L14")
def test_twins_with_their_own_snils_are_two_people_however_alike_their_names(cast: Cast, child: Person) -> None:
    child.snils = "11223344595"
    child.save()
    assert matches(cast, known(first_name="Тимура", snils="08765430200")) == []
    (match,) = matches(cast, known(first_name="Руслан", snils="11223344595", birth_date=datetime.date(2000, 1, 1)))
    assert match.kinds == [Likeness.SNILS]


@pytest.mark.requirement("L14")
def test_telephones_and_addresses_count(cast: Cast, child: Person) -> None:
    family = child.memberships.get().family
    Family.objects.filter(pk=family.pk).update(settlement=cast.settlement, street="ул. Лесная", house="4", flat="")
    stranger = known(last_name="Ветрова", birth_date=datetime.date(1990, 1, 1), phone="+79161112233")
    home = Home(settlement_id=cast.settlement.pk, street="Лесная улица", house="4")
    (match,) = matches(cast, stranger, home=home)
    assert match.kinds == [Likeness.PHONE, Likeness.ADDRESS]
    assert matches(cast, known(last_name="Ветрова", first_name="Инна"), home=Home(cast.settlement.pk)) == []


@pytest.mark.requirement("L14")
def test_the_likeliest_five_are_shown_first(cast: Cast, child: Person) -> None:
    for _ in range(6):
        household(department=cast.other_department, children=0, phone="+79161112233")
    found = matches(cast, known(phone="+79161112233"))
    assert len(found) == 5
    assert found[0].family == child.memberships.get().family
    assert [match.weight for match in found] == sorted((match.weight for match in found), reverse=True)


def test_what_is_told_depends_on_where_the_family_is(cast: Cast, child: Person) -> None:
    family = child.memberships.get().family
    for department, curator, reach in (
        (cast.department, cast.specialist, Reach.OWN),
        (cast.second_department, None, Reach.INSTITUTION),
        (cast.other_department, None, Reach.REGION),
    ):
        Family.objects.filter(pk=family.pk).update(
            department=department, institution=department.institution, curator=curator
        )
        assert [match.reach for match in matches(cast, known())] == [reach]


@pytest.mark.requirement("S3-9")
def test_a_restricted_family_is_not_told_of(cast: Cast, child: Person) -> None:
    restrict(actor=cast.other_director, family=child.memberships.get().family, reason="усыновление")
    assert matches(cast, known()) == []


def test_other_regions_are_not_searched(cast: Cast, child: Person) -> None:
    assert find(cast.foreign_specialist, cast.foreign_region, [known()], Home()) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("анна", "анна", False),
        ("анна", "анка", True),
        ("анна", "ана", True),
        ("ана", "анна", True),
        ("анна", "нана", True),
        ("анна", "инга", False),
        ("", "а", True),
        ("анна", "аннаии", False),
    ],
)
def test_one_wrong_letter(one: str, other: str, *, same: bool) -> None:
    assert differ_by_one(one, other) is same
