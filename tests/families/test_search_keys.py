"""What search reads is what families, people and memberships say, however they were written."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat

from families.models import Family, FamilyMembership, Person, SearchKey
from families.services import restrict, set_responsibility
from tests.cast import Cast
from tests.factories.families import FamilyMembershipFactory, PersonFactory, household
from tests.families.search_keys import OUT_OF_STEP
from tests.records.concurrency import before_it_is_through

pytestmark = pytest.mark.django_db


def out_of_step() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(OUT_OF_STEP)
        return list(cursor.fetchall())


def renamed(cast: Cast, family: Family) -> None:
    person = family.memberships.get(is_head=True).person
    person.last_name, person.snils, person.phone = "Ёлкина", "11223344595", "+79161234567"
    person.save()


def renamed_together(cast: Cast, family: Family) -> None:
    Person.objects.update(last_name=Concat("last_name", Value("-Вторая")))


def titled_anew(cast: Cast, family: Family) -> None:
    family.title, family.phone = "Приёмная семья Ковалёвых", "2-12-34"
    family.save()


def numbered_anew(cast: Cast, family: Family) -> None:
    Family.objects.filter(pk=family.pk).update(registry_number="77/2026")


def handed_over(cast: Cast, family: Family) -> None:
    set_responsibility(
        families=[family],
        institution=cast.other_institution,
        department=cast.other_department,
        curator=None,
        actor=cast.head,
        reason="переезд",
    )


def without_curator(cast: Cast, family: Family) -> None:
    Family.objects.filter(pk=family.pk).update(curator=None)


def restricted(cast: Cast, family: Family) -> None:
    restrict(actor=cast.specialist, family=family, reason="тайна усыновления")


def joined(cast: Cast, family: Family) -> None:
    person = PersonFactory.create(region=family.region, last_name="Щукина")
    FamilyMembershipFactory.create(family=family, person=person)


def moved(cast: Cast, family: Family) -> None:
    other = household(department=cast.other_department, children=0)
    FamilyMembership.objects.filter(family=family, role="CHILD").update(family=other)


def merged(cast: Cast, family: Family) -> None:
    person = PersonFactory.create(region=family.region, last_name="Щукина")
    FamilyMembership.objects.filter(family=family, is_head=True).update(person=person)


def left_out(cast: Cast, family: Family) -> None:
    FamilyMembership.objects.filter(family=family, role="CHILD").delete()


def removed(cast: Cast, family: Family) -> None:
    FamilyMembership.objects.filter(family=family).delete()
    Family.objects.filter(pk=family.pk).delete()


@pytest.mark.parametrize(
    "change",
    [
        renamed,
        renamed_together,
        titled_anew,
        numbered_anew,
        handed_over,
        without_curator,
        restricted,
        joined,
        moved,
        merged,
        left_out,
        removed,
    ],
)
def test_the_keys_follow_whatever_is_written(cast: Cast, change: Callable[[Cast, Family], None]) -> None:
    family = household(department=cast.department, curator=cast.specialist, title="Фёдорова", phone="+74232123456")
    household(department=cast.other_department, title="Абрамова")
    assert out_of_step() == []
    before = set(SearchKey.objects.values_list())
    change(cast, family)
    assert set(SearchKey.objects.values_list()) != before, "a change that search should notice"
    assert out_of_step() == []


def test_what_search_does_not_read_leaves_the_keys_as_they_are(cast: Cast) -> None:
    family = household(department=cast.department, curator=cast.specialist)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(xmin::text::bigint), max(cmin::text::int) FROM families_searchkey")
        before = cursor.fetchone()
        family.address_note = "за магазином"
        family.save()
        person = family.memberships.get(is_head=True).person
        person.citizenship = "Россия"
        person.save()
        cursor.execute("SELECT sum(xmin::text::bigint), max(cmin::text::int) FROM families_searchkey")
        assert cursor.fetchone() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["person", "family"])
def test_who_joins_a_family_while_it_changes_is_found_by_what_it_is_now(cast: Cast, what: str) -> None:
    family = household(department=cast.department, curator=cast.specialist)
    person = PersonFactory.create(region=family.region, last_name="Щукина")
    membership = FamilyMembershipFactory.build(family=family, person=person, starts_on=family.registered_on)

    def change() -> int:
        if what == "person":
            return Person.objects.filter(pk=person.pk).update(last_name="Карпова")
        return Family.objects.filter(pk=family.pk).update(curator=None)

    before_it_is_through(change, membership.save)
    assert out_of_step() == []
    assert SearchKey.objects.filter(membership_id=membership.pk).exists()
