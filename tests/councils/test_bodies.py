"""The pages of bodies: who keeps them, their members and their own rules."""

from datetime import date

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from councils.enums import SeatRole, SessionState
from councils.models import Council, CouncilMember
from councils.services import sessions
from tests.cast import Cast, client_of
from tests.councils.pages import send, url
from tests.factories.councils import body, session_at

pytestmark = pytest.mark.django_db

S = SessionState

DEPUTY_HEAD = {
    "last_name": "Петрова",
    "first_name": "Анна",
    "sex": "F",
    "post": "Заместитель главы",
    "is_deputy_head": "on",
    "organisation_title": "Администрация",
    "role": "CHAIR",
    "may_vote": "on",
    "starts_on": "01.01.2026",
}
"""The chair of a body as the form has it."""


@pytest.mark.requirement("S0-73")
def test_the_regions_administrator_keeps_bodies_and_members(cast: Cast) -> None:
    council, admin = body(cast), client_of(cast.region_admin)
    address = url("seat_new", council.pk)
    for person in (cast.secretary, cast.director, cast.member):
        assert client_of(person).get(address).status_code == 403
    assert client_of(cast.foreign_region_admin).get(address).status_code == 404
    assertContains(admin.post(address, DEPUTY_HEAD), "error-summary")
    former = council.members.get(role=SeatRole.CHAIR)
    ended = {"ends_on": "31.12.2025"}
    assert send(admin, url("seat_edit", former.pk), ended).status_code == 302
    assertRedirects(admin.post(address, DEPUTY_HEAD), council.get_absolute_url())
    seat = CouncilMember.objects.get(council=council, role=SeatRole.CHAIR, ends_on=None)
    assert (seat.post, seat.is_deputy_head, seat.organisation_title) == ("Заместитель главы", True, "Администрация")
    assertContains(client_of(cast.secretary).get(council.get_absolute_url()), "Петрова")
    former.refresh_from_db()
    assert former.ends_on == date(2025, 12, 31)
    session = session_at(S.PLANNED, cast, council=council)
    assert session.chair == seat
    sessions.approve_agenda(session=session, actor=cast.secretary)
    called = set(session.attendance.values_list("member", flat=True))
    assert seat.pk in called
    assert former.pk not in called, "whose term is over is not called"
    assert client_of(cast.chair).get(session.get_absolute_url()).status_code == 404
    assert client_of(cast.member).get(session.get_absolute_url()).status_code == 200


def test_the_regions_administrator_enters_the_own_rules_of_a_body(cast: Cast) -> None:
    council, admin = body(cast, notice_days=2), client_of(cast.region_admin)
    assertContains(admin.get(council.get_absolute_url()), "как в регионе")
    typed = {"valid_from": "01.03.2026", "quorum_percent": "101", "notice_days": "", "basis": "Положение, п. 4"}
    refused = admin.post(url("rules_new", council.pk), typed)
    assert list(refused.context["form"].errors) == ["quorum_percent"]
    assertRedirects(
        admin.post(url("rules_new", council.pk), typed | {"quorum_percent": "60"}), council.get_absolute_url()
    )
    entered = council.policies.get(valid_from=date(2026, 3, 1))
    assert (entered.quorum_percent, entered.notice_days) == (60, None)
    twice = admin.post(url("rules_new", council.pk), typed | {"quorum_percent": "70"})
    assertContains(twice, "С этого дня у органа уже есть свои правила.")
    assert send(admin, url("rules_edit", entered.pk), {"quorum_percent": "55"}).status_code == 302
    assert council.quorum_percent_on(date(2026, 3, 1)) == 55
    secretary = client_of(cast.secretary)
    assertContains(secretary.get(council.get_absolute_url()), "Положение, п. 4")
    assert secretary.get(url("rules_edit", entered.pk)).status_code == 403


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("WORKING_GROUP", marks=pytest.mark.requirement("S4-31")),
        pytest.param("PRECINCT_COMMISSION", marks=pytest.mark.requirement("S4-32")),
        pytest.param("COORDINATION_COUNCIL", marks=pytest.mark.requirement("S0-17")),
    ],
)
def test_a_body_of_each_kind_is_entered_for_a_territory_with_its_chair(cast: Cast, kind: str) -> None:
    admin = client_of(cast.region_admin)
    typed = {
        "kind": kind,
        "title": "Новый орган",
        "title_genitive": "Нового органа",
        "institution": cast.institution.pk,
        "territory": cast.municipality.pk,
        "active_from": "01.01.2026",
    }
    assert admin.post(url("body_new"), typed).status_code == 302
    row = Council.objects.get(title="Новый орган")
    assert (row.kind, row.territory, row.region) == (kind, cast.municipality, cast.region)
    assert row.institution == cast.institution
    assertRedirects(admin.post(url("seat_new", row.pk), DEPUTY_HEAD), row.get_absolute_url())
    assert row.members.get(role=SeatRole.CHAIR).is_deputy_head
    assertContains(client_of(cast.secretary).get(url("bodies")), "Новый орган")
    assert client_of(cast.ministry).get(url("bodies")).status_code == 403
