"""The cast itself: everybody is who the other tests take them for."""

import pytest
from django.urls import reverse

from accounts.enums import SECOND_FACTOR_ROLES, Role
from common.text import fold
from tests.cast import LEAD, Cast, client_of


def test_there_is_one_person_for_each_role(cast: Cast) -> None:
    posts = {name: [row.role for row in cast.people[name].appointments_in_force] for name in LEAD}
    assert posts == {name: [role] for name, role in LEAD.items()}
    assert set(cast.by_role()) == set(Role)


def test_tokens_are_unique_and_survive_folding(cast: Cast) -> None:
    assert len(cast.tokens) == 6 * len(cast.people)
    assert len({fold(token) for token in cast.tokens}) == len(cast.tokens)


@pytest.mark.parametrize("name", ["deputy", "expired_deputy", "newcomer", "dismissed"])
def test_people_at_the_edges(cast: Cast, name: str) -> None:
    posts = [(row.role, row.principal_id) for row in cast.people[name].appointments_in_force]
    deputy = [(Role.SPECIALIST, cast.deputy.pk), (Role.DEPARTMENT_HEAD, cast.head.pk)]
    assert posts == (deputy if name == "deputy" else [])


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR_ROLES))
def test_whoever_needs_a_second_factor_has_one(cast: Cast, role: Role) -> None:
    assert client_of(cast.by_role()[role]).get(reverse("inbox")).status_code == 200
