"""The first page of each role: what its holder answers for, and nothing beyond."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from casework.enums import Stage
from casework.models import SupportCase
from contracts.models import SocialContract
from families.models import Family
from monitoring.enums import ReportLevel
from tests.cast import Cast, client_of
from tests.factories.casework import case_at
from tests.factories.contracts import authority_of, registered
from tests.factories.councils import body, planned
from tests.factories.families import household
from tests.factories.monitoring import draft_reports

pytestmark = pytest.mark.django_db


def first_page(user: User) -> Any:
    response = client_of(user).get(reverse("home"), follow=True)
    assert response.status_code == 200
    return response


def led_by(curator: User) -> SupportCase:
    post = curator.appointments.get()
    return case_at(Stage.ACTIVE, family=household(department=post.department), curator=curator, actor=curator)


@pytest.mark.requirement("L24")
def test_specialists_heads_and_directors_begin_with_the_cases_they_answer_for(cast: Cast) -> None:
    curators = (cast.specialist, cast.colleague, cast.neighbour, cast.other_specialist)
    own, *_others = [led_by(curator) for curator in curators]
    assert [row["pk"] for row in first_page(cast.specialist).context["rows"]] == [own.pk]
    for user, people in (
        (cast.head, curators[:2]),
        (cast.second_head, curators[2:3]),
        (cast.director, curators[:3]),
        (cast.other_director, curators[3:]),
    ):
        rows = first_page(user).context["rows"]
        assert {row["name"].split("\N{NO-BREAK SPACE}")[0] for row in rows} == {person.last_name for person in people}


@pytest.mark.requirement("L24")
def test_each_other_role_begins_with_its_own_work(cast: Cast) -> None:
    session = planned(cast, body(cast))
    assert session.get_absolute_url() in first_page(cast.secretary).content.decode()
    assert session.get_absolute_url() not in first_page(cast.other_secretary).content.decode()

    case = led_by(cast.specialist)
    family = Family.objects.get(pk=case.family_id)
    authority = authority_of(family, cast.contract_specialist)
    contract, _foreign = registered(family, cast.specialist, authority=authority), registered(family, cast.specialist)
    assert SocialContract.objects.count() == 2
    assert [row["contract"] for row in first_page(cast.contract_specialist).context["rows"]] == [contract]

    draft_reports(cast)
    institutions = {cast.institution.short_name, cast.other_institution.short_name}
    for user in (cast.ministry, cast.resource_centre):
        sections = {section.level: section.rows for section in first_page(user).context["sections"]}
        assert {row.title for row in sections[ReportLevel.INSTITUTION]} == institutions
        assert case.family.title not in first_page(user).content.decode()


@pytest.mark.requirement("L24")
def test_every_role_has_a_first_page(cast: Cast) -> None:
    for role, user in cast.by_role().items():
        page = first_page(user)
        leads_on = page.redirect_chain and page.redirect_chain[-1][0] != reverse("home")
        assert bool(leads_on) is (role != Role.PARTNER_USER), role
