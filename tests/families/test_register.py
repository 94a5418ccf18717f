"""The page that registers a family: duplicates first, nothing lost, nothing made twice, rows without scripts."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import AccessAction
from accounts.models import AccessEvent, Notification
from families.models import Family, Person
from families.services import restrict
from records.models import Draft
from records.services.drafts import save_draft
from tests.cast import Cast, client_of
from tests.factories.accounts import PrecinctFactory
from tests.factories.families import household

pytestmark = pytest.mark.django_db
URL = "/families/new/"


def row(number: int, **values: str) -> dict[str, str]:
    base = {"last_name": "Орлова", "first_name": "Инна", "patronymic": "", "sex": "F", "birth_date": "02.01.1990"}
    base |= {"role": "MOTHER", "lives_together": "on"}
    return {f"members-{number}-{name}": value for name, value in (base | values).items()}


def child(number: int, **values: str) -> dict[str, str]:
    return row(number, **({"first_name": "Лев", "sex": "M", "birth_date": "03.04.2019", "role": "CHILD"} | values))


def filled(*rows: dict[str, str], **values: str) -> dict[str, str]:
    data = {
        "submission": str(uuid.uuid4()),
        "registered_on": "01.11.2026",
        "members-TOTAL_FORMS": str(max(len(rows), 2)),
        "members-INITIAL_FORMS": "0",
    }
    for part in rows:
        data |= part
    return data | values


def answer(response: Any) -> str:
    """The value by which the page lets one say that it is another family."""
    return str(response.context["answer"])


@pytest.fixture
def client(cast: Cast) -> Client:
    return client_of(cast.specialist)


@pytest.mark.requirement("S3-12")
def test_a_family_is_entered_with_its_members(cast: Cast, client: Client) -> None:
    response = client.post(URL, filled(row(0, phone="8 916 123-45-67"), child(1), street="ул. Лесная"))
    family = Family.objects.get()
    assert response.url == reverse("families:card", args=[family.pk])
    members = {member.role: member for member in family.memberships.all()}
    assert set(members) == {"MOTHER", "CHILD"}
    assert members["MOTHER"].is_head
    assert members["MOTHER"].person.phone == "+79161234567"
    assert (family.title, family.street, family.department) == ("Орлова", "ул. Лесная", cast.department)
    assert family.history.get().history_user == cast.specialist
    told = "Пока куратор не назначен, вы найдёте её на странице «Семьи»"
    assert told in client.get(response.url).content.decode()
    assert client.get(reverse("families:search")).context["registered"] == [family]


@pytest.mark.requirement("L19")
def test_the_same_form_sent_twice_makes_one_family(client: Client) -> None:
    data = filled(row(0))
    assert client.post(URL, data).url == client.post(URL, data).url
    assert Family.objects.count() == 1


@pytest.mark.requirement("L2")
def test_after_an_error_everything_typed_is_there(client: Client) -> None:
    data = filled(row(0, birth_date="31.02.1990", first_name="Инна-Мария"), child(1), street="ул. Лесная", house="4а")
    text = client.post(URL, data).content.decode()
    for typed in ("31.02.1990", "Инна-Мария", "Лев", "ул. Лесная", "4а"):
        assert f'value="{typed}"' in text
    assert not Family.objects.exists()


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row(0), row(1)],
        [row(0, is_head="on"), child(1, is_head="on")],
        [row(0, snils="112-233-445 95"), child(1, snils="11223344595")],
        [row(0, snils="112-233-445 96")],
        [row(0, birth_date="01.01.2100")],
        [row(0), child(1, is_representative="on")],
        [row(0, role="")],
        [row(0, last_name="\x00")],
        [row(0, last_name="Ы" * 101)],
    ],
)
def test_what_cannot_be_a_family_is_refused(client: Client, rows: list[dict[str, str]]) -> None:
    response = client.post(URL, filled(*rows))
    assert response.status_code == 200
    assert "data-error-summary" in response.content.decode()
    assert not Family.objects.exists()


def test_precincts_stand_in_the_order_of_their_numbers(cast: Cast, client: Client) -> None:
    for number in (10, 2, 1):
        PrecinctFactory.create(department=cast.department, title=f"Округ № {number}")
    offered = [str(row) for row in client.get(URL).context["form"].fields["precinct"].queryset]
    assert [title for title in offered if title.startswith("Округ")] == ["Округ № 1", "Округ № 2", "Округ № 10"]


def test_words_are_no_telephone(client: Client) -> None:
    """Neither the family's nor a member's: what else is to be said of it has a field of its own."""
    text = client.post(URL, filled(row(0, phone="нет"), phone="абв")).content.decode()
    assert 'id="id_phone_error"' in text
    assert 'id="id_members-0-phone_error"' in text
    assert not Family.objects.exists()


@pytest.mark.parametrize("born", ["05.06.1970", "02.01.1990"])
def test_a_child_is_younger_than_its_parent(client: Client, born: str) -> None:
    """Told of beside the child's date of birth, with the parent it is compared with."""
    text = client.post(URL, filled(row(0), child(1, birth_date=born))).content.decode()
    assert 'id="id_members-1-birth_date_error"' in text
    assert (
        "Орлова Лев не может быть ребёнком в этой семье: не младше, чем Орлова Инна (дата рождения 02.01.1990)." in text
    )
    assert not Family.objects.exists()


def test_a_brother_of_a_young_mother_may_be_the_elder_child(client: Client) -> None:
    """Of a family with a mother of fifteen the representative is the grandmother, older than both."""
    grandmother = row(0, role="GRANDMOTHER", is_representative="on", birth_date="02.01.1970")
    mother = row(1, first_name="Ольга", birth_date="02.01.2011")
    client.post(URL, filled(grandmother, mother, child(2, birth_date="03.04.2010")))
    assert Family.objects.get().memberships.count() == 3


def test_all_that_is_wrong_with_the_members_is_said_at_once(client: Client) -> None:
    twice = [row(0, is_head="on"), row(1, is_head="on"), child(2, birth_date="31.02.2019")]
    text = client.post(URL, filled(*twice, registered_on="01.12.2099")).content.decode()
    for told in (
        "Один и тот же человек внесён дважды.",
        "Основной контакт у семьи один.",
        "Такой даты нет: в этом месяце 28 дней.",
        "Этот день ещё не наступил.",
    ):
        assert told in text


@pytest.mark.requirement("S3-12", "L14")
def test_likely_duplicates_come_before_anything_is_saved(cast: Cast, client: Client) -> None:
    known = household(department=cast.other_department, title="Орлова")
    mother = known.memberships.get(is_head=True).person
    Person.objects.filter(pk=mother.pk).update(first_name="Инна", patronymic="", birth_date="1990-01-02")
    data = filled(row(0, first_name="Инга"), child(1))
    response = client.post(URL, data)
    text = response.content.decode()
    assert Family.objects.count() == 1
    assert "Орлова Инна" in text
    assert "1990" in text
    assert cast.other_institution.short_name in text
    assert known.registry_number not in text
    event = AccessEvent.objects.get(action=AccessAction.DUPLICATE_CHECK)
    assert event.object_ids == [known.pk]
    client.post(URL, data | {"another": "yes"})
    assert Family.objects.count() == 1
    client.post(URL, data | {"another": answer(response)})
    assert Family.objects.count() == 2


def test_of_a_namesake_it_is_said_that_the_date_of_birth_is_another(cast: Cast, client: Client) -> None:
    known = household(department=cast.department, curator=cast.specialist, children=0, phone="+79161234567")
    mother = known.memberships.get().person
    name = {"last_name": "Орлова", "first_name": "Инна", "patronymic": "Павловна"}
    Person.objects.filter(pk=mother.pk).update(**name, birth_date="1971-01-02")
    told = "Имя совпадает, а дата рождения другая: возможно, это другой человек."
    data = filled(row(0, phone="+79161234567"))
    assert told in client.post(URL, data).content.decode()
    assert told not in client.post(URL, filled(row(0, phone="+79161234567", first_name="Нина"))).content.decode()
    Person.objects.filter(pk=mother.pk).update(birth_date="1990-01-02")
    assert told not in client.post(URL, data).content.decode()


def test_a_likely_duplicate_opens_beside_the_form_that_is_not_saved_yet(cast: Cast, client: Client) -> None:
    known = household(department=cast.department, curator=cast.specialist, phone="+79161234567")
    text = client.post(URL, filled(row(0, phone="+79161234567"))).content.decode()
    (link,) = re.findall(rf'<a [^>]*href="{reverse("families:card", args=[known.pk])}"[^>]*>.*?</a>', text)
    assert 'target="_blank" rel="noopener"' in link
    assert '<span class="hidden-visually"> (откроется в новой вкладке)</span>' in link


def test_an_answer_holds_only_for_the_families_that_were_shown(cast: Cast, client: Client) -> None:
    household(department=cast.department, curator=cast.specialist, phone="+79161234567")
    data = filled(row(0, phone="+79161234567"))
    first = answer(client.post(URL, data))
    household(department=cast.department, curator=cast.specialist, phone="+79161234567")
    client.post(URL, data | {"another": first})
    assert Family.objects.count() == 2


def test_twins_of_one_form_are_no_duplicates_of_each_other(client: Client) -> None:
    client.post(URL, filled(row(0), child(1, first_name="Дана"), child(2, first_name="Диана")))
    assert Person.objects.count() == 3


def test_a_person_of_ones_own_families_joins_as_they_are(cast: Cast, client: Client) -> None:
    known = household(department=cast.department, curator=cast.specialist, children=0)
    mother = known.memberships.get().person
    Person.objects.filter(pk=mother.pk).update(snils="11223344595")
    data = filled(row(0, snils="11223344595"), child(1))
    client.post(URL, data | {"another": answer(client.post(URL, data))})
    assert mother.memberships.count() == 2
    assert Person.objects.count() == 2


def test_a_person_known_elsewhere_is_asked_for_and_not_entered_again(cast: Cast, client: Client) -> None:
    known = household(department=cast.other_department, children=0)
    Person.objects.filter(memberships__family=known).update(snils="11223344595")
    data = filled(row(0, snils="11223344595"))
    response = client.post(URL, data)
    client.post(URL, data | {"another": answer(response)})
    assert Family.objects.count() == 1
    (match,) = response.context["matches"]
    assert client.post(reverse("families:transfer"), {"family": match["transfer"]}).status_code == 302
    assert Notification.objects.get().recipient == cast.other_head
    colleague = client_of(cast.colleague)
    assert colleague.post(reverse("families:transfer"), {"family": match["transfer"]}).status_code == 404
    assert client.post(reverse("families:transfer"), {"family": str(known.pk)}).status_code == 404


@pytest.mark.requirement("S3-9")
def test_of_a_restricted_family_not_a_word_is_told(cast: Cast, client: Client) -> None:
    known = household(department=cast.department, title="Орлова", children=0)
    Person.objects.filter(memberships__family=known).update(first_name="Инна", birth_date="1990-01-02")
    restrict(actor=cast.director, family=known, reason="усыновление")
    client.post(URL, filled(row(0)))
    assert Family.objects.count() == 2


def test_rows_are_added_without_scripts(client: Client) -> None:
    data = filled(row(0), child(1)) | {"add_row": "1"}
    response = client.post(URL, data)
    assert response.context["formset"].total_form_count() == 3
    assert 'value="Лев"' in response.content.decode()
    assert not Family.objects.exists()


@pytest.mark.requirement("L1")
def test_a_draft_brings_everything_back_and_goes_with_the_save(cast: Cast, client: Client) -> None:
    typed = client.post(URL, filled()).wsgi_request.POST.copy()
    typed.update(filled(row(0), child(1), child(2, first_name="Аким"), street="ул. Лесная"))
    save_draft(user=cast.specialist, key="families.family:new", data=typed)
    text = client.get(URL).content.decode()
    for value in ("Аким", "ул. Лесная", "02.01.1990"):
        assert f'value="{value}"' in text
    assert "Аким" not in client_of(cast.colleague).get(URL).content.decode()
    client.post(URL, filled(row(0)))
    assert not Draft.objects.exists()


def test_a_duty_officer_registers_and_does_not_open(cast: Cast) -> None:
    client = client_of(cast.duty_officer)
    response = client.post(URL, filled(row(0)))
    assert response.url == reverse("families:names")
    assert "Орлова" in client.get(response.url).content.decode()
    family = Family.objects.get()
    assert client.get(reverse("families:card", args=[family.pk])).status_code == 404
