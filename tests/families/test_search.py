"""Finding people and families: order of words, ё and е, digits, numbers, scope, the page; what is not written down."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from families import hooks, search
from families.models import Family, Person
from families.search import Query, parse
from tests.cast import Cast, client_of
from tests.factories.families import FamilyMembershipFactory, PersonFactory, granted, household

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(cast: Cast) -> Family:
    """Фёдорова Ольга Павловна and Фёдоров Пётр; SNILS 112-233-445 95, two telephones."""
    family = household(department=cast.department, curator=cast.specialist, title="Фёдорова", phone="+74232123456")
    mother = family.memberships.get(is_head=True).person
    mother.snils, mother.phone = "11223344595", "+79161234567"
    mother.save()
    return family


def found(user: User, text: str) -> set[int]:
    return {hit.family.pk for hit in search.search(user, parse(text)).hits}


@pytest.mark.parametrize("text", ["2-12-34", "21234", "2 12 34", "212-34"])
def test_a_village_number_is_found_however_it_was_written(cast: Cast, family: Family, text: str) -> None:
    neighbour = household(department=cast.department, curator=cast.specialist, title="Абрамова", phone="2-12-34")
    mother = family.memberships.get(is_head=True).person
    mother.phone = "2-12-34"
    mother.save()
    assert found(cast.specialist, text) == {family.pk, neighbour.pk}


@pytest.mark.parametrize("text", ["Приёмная семья Ковалёвых", "ковалевых приемная", "ковалевых 21234"])
def test_a_family_is_found_by_its_own_title(cast: Cast, family: Family, text: str) -> None:
    foster = household(
        department=cast.department, curator=cast.specialist, title="Приёмная семья Ковалёвых", phone="2-12-34"
    )
    assert found(cast.specialist, text) == {foster.pk}


@pytest.mark.parametrize(
    "text",
    [
        "Фёдорова Ольга",
        "ольга федорова",
        "ПАВЛОВНА ФЕДОР",
        "едоро ольг",
        "фе",
        "ф",
        "оль фе",
        "фе ол",
        "112-233-445 95",
        "33445",
        "+7 (916) 123-45-67",
        "8 916 123-45-67",
        "4567",
        "ольга 4567",
        "232123",
        "па фе",
    ],
)
def test_a_family_is_found_by_what_people_remember(cast: Cast, family: Family, text: str) -> None:
    other = household(department=cast.department, curator=cast.specialist, title="Абрамова")
    assert found(cast.specialist, text) >= {family.pk}
    assert other.pk not in found(cast.specialist, text) or text == "4567"


@pytest.mark.parametrize("text", ["фёдорова ирина", "ве", "42", "99999", "%", "_", "\x00", "", "   "])
def test_nothing_is_found_by_what_does_not_match(cast: Cast, family: Family, text: str) -> None:
    assert found(cast.specialist, text) == set()


@pytest.mark.requirement("X1")
@pytest.mark.parametrize(
    "name",
    ["colleague", "neighbour", "second_head", "other_director", "foreign_specialist", "secretary", "auditor"],
)
def test_nobody_finds_beyond_their_scope(cast: Cast, family: Family, name: str) -> None:
    for text in ("федорова", "11223344595", "9161234567", family.registry_number):
        assert found(cast.people[name], text) == set()
        assert found(cast.specialist, text) == {family.pk}


def test_the_number_of_a_family_and_of_a_higher_rooms_paper_finds_it(
    cast: Cast, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = household(department=cast.other_department)

    def cases(_user: User, number: str) -> Any:
        keys = [family.pk, foreign.pk] if number == "77/2026" else []
        return Family.objects.filter(pk__in=keys).values_list("pk", flat=True)

    monkeypatch.setattr(hooks, "_number_sources", {"test": cases})
    assert found(cast.specialist, family.registry_number) == {family.pk}
    assert found(cast.specialist, "№ 77/2026") == {family.pk}
    assert found(cast.specialist, "78/2026") == set()


def names(user: User, text: str) -> list[str]:
    return [
        hit.membership.person.full_name if hit.membership else hit.family.title
        for hit in search.search(user, parse(text)).hits
    ]


def test_names_that_begin_so_come_first_then_others_then_titles(cast: Cast) -> None:
    for last_name in ("Ливанова", "Иванова", "Диванова"):
        household(department=cast.department, curator=cast.specialist, title=last_name, children=0)
    household(department=cast.department, curator=cast.specialist, title="Абрамова", phone="2-12-34", children=0)
    foster = household(department=cast.department, curator=cast.specialist, title="Борисова", children=0)
    foster.title = "Приёмная семья Ивановых"
    foster.save()
    found = names(cast.specialist, "иванов")
    assert [name.split()[0] for name in found] == ["Иванова", "Диванова", "Ливанова", "Приёмная"]


@pytest.mark.parametrize("text", ["иванова", "ванов", "семья"])
def test_a_page_is_shown_and_that_there_is_more(cast: Cast, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(search, "SHOWN", 3)
    for number in range(4):
        household(department=cast.department, curator=cast.specialist, title=f"Иванова семья {number}", children=0)
    result = search.search(cast.specialist, parse(text))
    assert (len(result.hits), result.exceeded) == (3, True)
    monkeypatch.setattr(search, "SHOWN", 4)
    result = search.search(cast.specialist, parse(text))
    assert (len(result.hits), result.exceeded) == (4, False)


def test_what_is_shared_stands_among_what_is_in_charge(cast: Cast) -> None:
    household(department=cast.department, curator=cast.specialist, title="Иванова", children=0)
    shared = household(department=cast.other_department, title="Ибрагимова", children=0)
    assert "Ибрагимова" not in "".join(names(cast.specialist, "и"))
    granted(shared, cast.specialist)
    assert [name.split()[0] for name in names(cast.specialist, "и")] == ["Ибрагимова", "Иванова"]


@pytest.mark.parametrize(("snils", "is_found"), [("11223344595", True), ("87654321644", False)])
def test_a_whole_snils_is_that_of_a_person(cast: Cast, family: Family, snils: str, is_found: bool) -> None:
    """Nobody else is asked for: not those whose telephone or number looks like it."""
    assert parse(snils).is_snils
    with CaptureQueriesContext(connection) as context:
        assert found(cast.specialist, snils) == ({family.pk} if is_found else set())
    scans = [row["sql"] for row in context if "families_searchkey" in row["sql"] and "LIKE" in row["sql"]]
    assert bool(scans) is not is_found


def test_a_former_member_still_leads_to_the_family(cast: Cast, family: Family) -> None:
    person = PersonFactory.create(region=family.region, last_name="Щукина")
    FamilyMembershipFactory.create(family=family, person=person, ends_on=datetime.date(2025, 12, 31))
    assert found(cast.specialist, "щукина") == {family.pk}


def test_a_search_costs_the_same_whatever_it_finds(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            result = search.search(cast.head, parse("иванова"))
            shown = [(hit.family.settlement, hit.family.curator, hit.membership) for hit in result.hits]
        assert shown
        return len(context)

    for _ in range(2):
        household(department=cast.department, curator=cast.specialist, title="Иванова")
    queries()
    few = queries()
    for _ in range(8):
        household(department=cast.department, curator=cast.specialist, title="Иванова")
    assert queries() == few


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("12 / 2026", Query(number="12/2026")),
        ("№ 12/2026", Query(number="12/2026")),
        ("12", Query()),
        ("8 (916) 123", Query(digits="8916123")),
        ("Ёлкина, О.", Query(words=("елкина", "о"))),
    ],
)
def test_what_is_typed_is_taken_apart(typed: str, query: Query) -> None:
    assert parse(typed) == query


@pytest.mark.requirement("X8", "L11")
def test_a_search_leaves_the_ids_shown_and_no_word_of_what_was_typed(
    cast: Cast, family: Family, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(cast.specialist)
    response = client.post(reverse("families:search"), {"q": "Фёдорова Ольга"})
    assert response.status_code == 302
    assert "%D0" not in response.url
    page = client.get(response.url)
    assert reverse("families:card", args=[family.pk]) in page.content.decode()
    event = AccessEvent.objects.get(action=AccessAction.SEARCH)
    assert (event.user, event.object_ids) == (cast.specialist, [family.pk])
    stored: list[Any] = [value for row in AccessEvent.objects.values_list() for value in row]
    assert not any("дорова" in str(value) for value in stored)
    assert "дорова" not in caplog.text


def test_another_person_does_not_see_a_search_by_its_address(cast: Cast, family: Family) -> None:
    response = client_of(cast.specialist).post(reverse("families:search"), {"q": "Фёдорова"})
    page = client_of(cast.head).get(response.url)
    assert "дорова" not in page.content.decode()


def test_names_are_folded_by_the_database_as_by_python(cast: Cast) -> None:
    person = PersonFactory.create(last_name="Ёжикова-ЩЁКИНА", first_name="Алёна", patronymic="")
    assert Person.objects.get(pk=person.pk).name_key == "ежикова-щекина алена "


@pytest.mark.parametrize("name", ["specialist", "head", "director", "secretary", "auditor"])
def test_whoever_may_search_finds_a_family_from_any_page(cast: Cast, family: Family, name: str) -> None:
    client = client_of(cast.people[name])
    assert 'id="top-search"' in client.get(reverse("inbox")).content.decode()
    assert 'id="top-search"' not in client.get(reverse("families:search")).content.decode(), "it has a field of its own"


@pytest.mark.parametrize("name", ["member", "ministry", "resource_centre", "region_admin", "duty_officer", "newcomer"])
def test_who_may_not_search_has_no_field_for_it(cast: Cast, name: str) -> None:
    assert 'id="top-search"' not in client_of(cast.people[name]).get(reverse("inbox")).content.decode()


@pytest.mark.parametrize(("text", "is_told"), [("Ю", True), ("Ю Я", True), ("Юлд", False), ("Ю 999", False)])
def test_who_searches_by_a_letter_is_told_that_three_are_needed(cast: Cast, text: str, is_told: bool) -> None:
    answer = client_of(cast.specialist).post(reverse("families:search"), {"q": text}, follow=True)
    assert answer.context["found"].hits == []
    assert ("введите три буквы или больше" in answer.content.decode()) is is_told
