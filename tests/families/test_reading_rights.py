"""Who reads why a family is restricted, who issues its papers, and what happens to a SNILS that is known already."""

import pytest
from django.urls import reverse

from accounts.models import User
from families.enums import GrantReason
from families.models import Family
from families.services import end_restriction, restrict
from tests.cast import Cast, client_of
from tests.factories.families import ConsentFactory, granted, household

pytestmark = pytest.mark.django_db
REASON = "усыновление"


@pytest.fixture
def family(cast: Cast) -> Family:
    """A family that was restricted for a time, and is kept by the cast's specialist again."""
    family = household(department=cast.department, curator=cast.specialist)
    restrict(actor=cast.director, family=family, reason=REASON, people=[])
    end_restriction(actor=cast.director, family=family, reason="снято")
    granted(family, cast.colleague, GrantReason.HANDOVER)
    granted(family, cast.auditor, GrantReason.AUDIT)
    return family


def history(user: User, family: Family) -> str:
    client = client_of(user)
    client.post(reverse("families:reason", args=[family.pk]), {"reason": "проверка личных дел"})
    response = client.get(reverse("families:history", args=[family.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize(
    ("person", "reads"),
    [("specialist", True), ("head", True), ("director", True), ("colleague", False), ("auditor", False)],
)
def test_why_a_family_was_restricted_is_not_told_to_every_reader(
    cast: Cast, family: Family, person: str, reads: bool
) -> None:
    assert (REASON in history(cast.people[person], family)) is reads


@pytest.mark.parametrize(
    ("person", "status"), [("specialist", 302), ("head", 302), ("director", 302), ("colleague", 403), ("auditor", 403)]
)
def test_papers_are_issued_by_those_who_work_with_the_family(
    cast: Cast, family: Family, person: str, status: int
) -> None:
    mother = family.memberships.get(is_head=True).person
    consent = ConsentFactory.create(family=family, subject=mother)
    client = client_of(cast.people[person])
    client.post(reverse("families:reason", args=[family.pk]), {"reason": "проверка личных дел"})
    offered = reverse("families:consent_print", args=[consent.pk])
    page = client.get(reverse("families:consent", args=[consent.pk]))
    assert (offered in page.content.decode()) is (status == 302)
    assert client.post(offered).status_code == status


def test_a_snils_of_somebody_else_is_refused_by_the_form(cast: Cast, family: Family) -> None:
    other = household(department=cast.second_department).memberships.get(is_head=True).person
    other.snils = "11223344595"
    other.save()
    membership = family.memberships.get(is_head=True)
    person = membership.person
    response = client_of(cast.specialist).post(
        reverse("families:person_edit", args=[membership.pk]),
        {
            "version": person.version,
            "last_name": person.last_name,
            "first_name": person.first_name,
            "sex": person.sex,
            "birth_date": person.birth_date.isoformat(),
            "snils": "112-233-445 95",
        },
    )
    assert response.status_code == 200
    assert response.context["form"].errors
    person.refresh_from_db()
    assert person.snils == ""
