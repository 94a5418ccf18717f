"""Invented people: deterministic, all different, with papers that are right in form and nobody's."""

import itertools
from collections import Counter
from datetime import date, timedelta

import pytest

from common import snils
from common.calendar import add_years
from common.phones import link
from demo.name_stock import RUSSIAN, STREETS, TATAR, NameStock
from demo.names import CHILDREN, FamilyData, People, PersonData
from demo.regions import REGIONS
from demo.regions.primorye import PRIMORYE
from demo.regions.tatarstan import TATARSTAN
from demo.structure import FamilyKind
from families.enums import DocumentKind, FamilyRole, Sex

TODAY = date(2026, 2, 28)
FAMILIES = 60


def families_of(people: People) -> list[FamilyData]:
    """As many families as a region of the demo has, and half as many again."""
    municipality = PRIMORYE.municipalities[1]
    kinds = list(FamilyKind)
    return [
        people.family(
            kinds[number % len(kinds)], municipality.settlements[number % len(municipality.settlements)], municipality
        )
        for number in range(FAMILIES)
    ]


@pytest.fixture(scope="module")
def families() -> list[FamilyData]:
    """Families of one region."""
    return families_of(People(PRIMORYE, seed=1, today=TODAY))


@pytest.fixture(scope="module")
def everybody() -> list[PersonData]:
    """All people of all regions, colleagues included."""
    made: list[PersonData] = []
    for region in REGIONS:
        people = People(region, seed=1, today=TODAY)
        made += [member.person for family in families_of(people) for member in family.members]
        made += [people.colleague() for _ in range(90)]
    return made


def test_the_same_seed_makes_the_same_people() -> None:
    first, second, other = (families_of(People(PRIMORYE, seed=seed, today=TODAY)) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_the_day_moves_ages_and_nothing_else() -> None:
    (now,), (later,) = (
        families_of(People(PRIMORYE, seed=1, today=day))[:1] for day in (TODAY, TODAY + timedelta(days=7))
    )
    assert [str(member.person) for member in now.members] == [str(member.person) for member in later.members]
    assert later.head.birth_date - now.head.birth_date == timedelta(days=7)


def test_nobody_is_made_twice(everybody: list[PersonData]) -> None:
    assert len(everybody) > 1000
    for numbers in (
        [person.snils for person in everybody],
        [person.phone for person in everybody if person.phone],
        [(person.document.kind, person.document.series, person.document.number, str(person)) for person in everybody],
    ):
        assert [number for number, times in Counter(numbers).items() if times > 1] == []


def test_no_namesakes_in_a_region() -> None:
    people = People(TATARSTAN, seed=3, today=TODAY)
    made = [member.person for family in families_of(people) for member in family.members]
    made += [people.colleague() for _ in range(90)]
    assert [name for name, times in Counter(map(str, made)).items() if times > 1] == []


def test_papers_are_right_in_form_and_nobody_s(everybody: list[PersonData]) -> None:
    for person in everybody:
        assert snils.is_valid(person.snils)
        assert person.snils.startswith("99")
        assert not person.phone or (person.phone.startswith("+7947") and link(person.phone))
        assert person.document.series.startswith(("00 ", "XX-"))


def test_children_are_minors_and_grown_ups_are_not(families: list[FamilyData]) -> None:
    for family in families:
        for member in family.members:
            of_age = add_years(member.person.birth_date, 18)
            assert (of_age > TODAY) == (member.role == FamilyRole.CHILD)
            assert member.person.birth_date < TODAY


def test_the_number_of_children_fits_the_kind(families: list[FamilyData]) -> None:
    for family in families:
        least, most = CHILDREN[family.kind]
        assert least <= len(family.children) <= most
    assert max(len(family.children) for family in families) >= 4


def test_parents_are_of_an_age_to_be_parents(families: list[FamilyData]) -> None:
    mothers = 0
    for family in families:
        births = [child.birth_date for child in family.children]
        for member in family.members:
            if member.role == FamilyRole.MOTHER:
                mothers += 1
                assert add_years(member.person.birth_date, 18) < min(births)
                assert max(births) < add_years(member.person.birth_date, 47)
            if member.role == FamilyRole.GRANDMOTHER:
                assert add_years(member.person.birth_date, 36) < min(births)
    assert mothers > FAMILIES / 3


def test_brothers_and_sisters_are_twins_or_a_year_apart(families: list[FamilyData]) -> None:
    twins = 0
    for family in families:
        births = sorted(child.birth_date for child in family.children)
        for elder, younger in itertools.pairwise(births):
            twins += younger == elder
            assert younger == elder or younger - elder >= timedelta(days=400)
    assert twins < FAMILIES / 5


def test_each_family_has_one_main_contact_who_represents(families: list[FamilyData]) -> None:
    for family in families:
        (head,) = [member for member in family.members if member.is_head]
        assert head.is_representative
        assert head.person == family.head
        assert family.title == head.person.last_name
        assert all(not member.is_representative for member in family.members if member.role == FamilyRole.CHILD)


def test_names_agree_in_sex_and_descent(families: list[FamilyData]) -> None:
    his = {surname for surname, _ in RUSSIAN.surnames}
    hers = {surname for _, surname in RUSSIAN.surnames}
    for family in families:
        fathers = [member.person for member in family.members if member.role == FamilyRole.FATHER]
        for member in family.members:
            person = member.person
            assert person.last_name in (his if person.sex is Sex.MALE else hers)
            assert person.patronymic.endswith(("ич",) if person.sex is Sex.MALE else ("на",))
            if fathers and member.role == FamilyRole.CHILD:
                place = 0 if person.sex is Sex.MALE else 1
                assert person.patronymic == RUSSIAN.patronymics[fathers[0].first_name][place]
        surnames = {child.last_name for child in family.children}
        assert len(surnames) <= 2


def test_passports_from_fourteen_and_renewed_in_time(everybody: list[PersonData]) -> None:
    kinds = Counter(person.document.kind for person in everybody)
    assert set(kinds) == {DocumentKind.PASSPORT, DocumentKind.BIRTH_CERTIFICATE}
    for person in everybody:
        issued_on = person.document.issued_on
        assert person.birth_date < issued_on <= TODAY
        if person.document.kind is DocumentKind.BIRTH_CERTIFICATE:
            assert add_years(person.birth_date, 14) + timedelta(days=30) > TODAY
            continue
        assert issued_on >= add_years(person.birth_date, 14)
        for age in (20, 45):
            renewal = add_years(person.birth_date, age)
            assert issued_on >= renewal or renewal + timedelta(days=30) > TODAY


def test_homes_stand_on_invented_streets(families: list[FamilyData]) -> None:
    kinds = {place.title: place for place in PRIMORYE.municipalities[1].settlements}
    for family in families:
        assert family.address.street in STREETS
        assert (family.address.flat == "") == kinds[family.address.settlement].is_rural


def test_colleagues_are_of_working_age() -> None:
    people = People(PRIMORYE, seed=1, today=TODAY)
    made = [people.colleague() for _ in range(80)]
    assert all(add_years(person.birth_date, 23) < TODAY < add_years(person.birth_date, 62) for person in made)
    women = sum(person.sex is Sex.FEMALE for person in made)
    assert 40 <= women < 80
    assert people.colleague(sex=Sex.MALE).sex is Sex.MALE


def test_sarmanovo_speaks_two_tongues() -> None:
    families = families_of(People(TATARSTAN, seed=1, today=TODAY))
    tatar = {surname for pair in TATAR.surnames for surname in pair}
    share = sum(family.title in tatar for family in families) / len(families)
    assert 0.6 < share < 0.95


@pytest.mark.parametrize("stock", [RUSSIAN, TATAR], ids=["russian", "tatar"])
def test_every_father_gives_a_patronymic(stock: NameStock) -> None:
    assert {*stock.men, *stock.elder_men} <= set(stock.patronymics)
    for names in (stock.women, stock.elder_women, stock.girls, stock.men, stock.elder_men, stock.boys):
        assert len(set(names)) == len(names)
    assert len({his for his, _ in stock.surnames}) == len(stock.surnames)


@pytest.mark.parametrize(
    ("his", "hers"),
    [
        ("Берёзкин", "Берёзкина"),
        ("Кузовлёв", "Кузовлёва"),
        ("Дроздецкий", "Дроздецкая"),
        ("Луговой", "Луговая"),
        ("Студёный", "Студёная"),
        ("Черных", "Черных"),
        ("Коваленко", "Коваленко"),
        ("Мельничук", "Мельничук"),
    ],
)
def test_surnames_of_women(his: str, hers: str) -> None:
    assert (his, hers) in RUSSIAN.surnames
