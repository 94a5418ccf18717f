"""The categories that the sources name are offered, with the age that ends them and their secrecy."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from common.calendar import add_years
from families.models import Category, MemberTrait
from tests.cast import Cast, client_of
from tests.factories.families import household

pytestmark = pytest.mark.django_db

ONE_DAY = timedelta(days=1)


def offered(cast: Cast) -> dict[str, Category]:
    family = household(department=cast.department, curator=cast.specialist)
    answer = client_of(cast.specialist).get(reverse("families:category_new", args=[family.pk]))
    return {row.code: row for row in answer.context["form"].fields["category"].queryset}


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("SUBSTITUTE", marks=pytest.mark.requirement("S4-5", "S1-35", "S0-11")),
        pytest.param("LARGE_FAMILY", marks=pytest.mark.requirement("S4-7")),
        pytest.param("SINGLE_PARENT", marks=pytest.mark.requirement("S4-9")),
    ],
)
def test_categories_are_offered(cast: Cast, code: str) -> None:
    row = offered(cast)[code]
    assert (row.is_confidential, row.ends_at_age) == (False, None)


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("REFUSAL_RISK", marks=pytest.mark.requirement("S4-8")),
        pytest.param("ABUSE_VICTIM_CHILD", marks=pytest.mark.requirement("S3-9")),
    ],
)
def test_categories_that_are_confidential(cast: Cast, code: str) -> None:
    assert offered(cast)[code].is_confidential


@pytest.mark.requirement("S4-6")
def test_categories_of_children_end_with_age(cast: Cast) -> None:
    rows = offered(cast)
    ages = {code: rows[code].ends_at_age for code in ("DISABLED_CHILD", "BLIND_CHILD", "HEALTH_LIMITED_UNDER_3")}
    assert ages == {"DISABLED_CHILD": 18, "BLIND_CHILD": 18, "HEALTH_LIMITED_UNDER_3": 3}


@pytest.mark.requirement("S1-3")
def test_care_leavers_belong_here_until_twenty_three(cast: Cast) -> None:
    """The category and the trait of a member end on the eve of the birthday, and neither is given after it."""
    assert offered(cast)["CARE_LEAVER"].ends_at_age == 23
    family = household(department=cast.department, curator=cast.specialist)
    membership = family.memberships.get(is_head=True)
    today = family.institution.today()
    url, client = reverse("families:trait_new", args=[family.pk]), client_of(cast.specialist)
    data = {"membership": membership.pk, "kind": "CARE_LEAVER", "starts_on": f"{today:%d.%m.%Y}"}
    for birth, taken in ((add_years(today, -23), False), (add_years(today, -23) + ONE_DAY, True)):
        membership.person.birth_date = birth
        membership.person.save()
        answer = client.post(url, data | {"submission": str(uuid.uuid4())})
        assert (answer.status_code == 302) is taken
    [trait] = MemberTrait.objects.filter(membership=membership)
    assert trait.ends_on == today


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("ORPHAN", marks=pytest.mark.requirement("S0-11")),
        pytest.param("ABLE_TO_WORK", marks=pytest.mark.requirement("S2-17")),
        pytest.param("EMPLOYED", marks=pytest.mark.requirement("S2-17")),
        pytest.param("UNEMPLOYED", marks=pytest.mark.requirement("S2-17")),
    ],
)
def test_what_is_true_of_a_member_holds_between_two_days(cast: Cast, kind: str) -> None:
    family = household(department=cast.department, curator=cast.specialist)
    client, member = client_of(cast.specialist), family.memberships.get(role="CHILD" if kind == "ORPHAN" else "MOTHER")
    data = {"membership": member.pk, "kind": kind, "starts_on": "01.02.2026", "submission": str(uuid.uuid4())}
    assert client.post(reverse("families:trait_new", args=[family.pk]), data).status_code == 302
    trait = MemberTrait.objects.get(membership=member)
    assert (trait.kind, trait.starts_on, trait.ends_on) == (kind, date(2026, 2, 1), None)
    card = reverse("families:card", args=[family.pk])
    assert str(trait.get_kind_display()) in client.get(card).content.decode()
    MemberTrait.objects.filter(pk=trait.pk).update(ends_on=date(2026, 3, 1))
    assert str(trait.get_kind_display()) not in client.get(card).content.decode()


@pytest.mark.requirement("S4-10")
def test_another_category_is_told_in_words(cast: Cast) -> None:
    family = household(department=cast.department, curator=cast.specialist)
    client, url = client_of(cast.specialist), reverse("families:category_new", args=[family.pk])
    other = Category.objects.get(code="OTHER")
    data = {"category": other.pk, "starts_on": family.institution.today().strftime("%d.%m.%Y"), "note": ""}
    assert "note" in client.post(url, data).context["form"].errors
    assert client.post(url, data | {"note": "Погорельцы"}).status_code == 302
    assert family.categories.get().note == "Погорельцы"
