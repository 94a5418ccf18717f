"""The working lists: what stands in them, in which order, and that every number opens a list of just so many rows."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from casework.contacts import refresh_contacts
from casework.enums import Stage
from casework.models import SupportCase, SupportPause, Visit
from casework.worklists import caseload, counted_for
from families.services import restrict
from tests.cast import Cast, client_of
from tests.factories.casework import case_at
from tests.factories.families import household

pytestmark = pytest.mark.django_db

CaseAt = Callable[..., SupportCase]


def make(
    cast: Cast, stage: Stage = Stage.ACTIVE, *, met_days_ago: int | None = None, curator: User | None = None
) -> SupportCase:
    """A case of the cast's department, met for the last time so many days ago."""
    case = case_at(stage, family=household(department=cast.department), curator=curator or cast.specialist)
    if met_days_ago is not None:
        today = case.institution.today()
        Visit.objects.create(
            case=case,
            institution=case.institution,
            department=case.department,
            specialist=cast.specialist,
            created_by=cast.specialist,
            state="HELD",
            held_on=today - timedelta(days=met_days_ago),
        )
        refresh_contacts([case.pk], today)
        case.refresh_from_db()
    return case


def today_of(cast: Cast) -> date:
    return cast.institution.today()


def listed(response: object) -> list[int]:
    return [row.pk for row in response.context["rows"]]  # type: ignore[attr-defined]


def test_my_families_put_the_longest_overdue_first(cast: Cast) -> None:
    fresh = make(cast, met_days_ago=1)
    late = make(cast, met_days_ago=50)
    soon = make(cast, met_days_ago=27)
    make(cast, met_days_ago=50, curator=cast.colleague)
    client = client_of(cast.specialist)

    response = client.get(reverse("casework:my_families"))

    assert listed(response) == [late.pk, soon.pk, fresh.pk]
    alarms = [row.tone for row in response.context["rows"]]
    assert alarms == ["burning", "warn", ""]
    event = AccessEvent.objects.latest("id")
    assert (event.action, event.kind, event.object_ids) == (
        AccessAction.LIST,
        "supportcase",
        [late.pk, soon.pk, fresh.pk],
    )


def test_filters_stay_in_the_address_and_narrow_the_list(cast: Cast) -> None:
    late = make(cast, met_days_ago=50)
    paused = make(cast, met_days_ago=50)
    today = today_of(cast)
    SupportPause.objects.create(
        case=paused, starts_on=today, ends_on=today + timedelta(days=5), reason="больница", approved_by=cast.head
    )
    over = make(cast, met_days_ago=1)
    SupportCase.objects.filter(pk=over.pk).update(planned_end_on=today - timedelta(days=1))
    client = client_of(cast.specialist)
    address = reverse("casework:my_families")

    assert listed(client.get(address, {"state": "overdue"})) == [late.pk]
    assert listed(client.get(address, {"state": "paused"})) == [paused.pk]
    assert listed(client.get(address, {"state": "term"})) == [over.pk]
    assert listed(client.get(address, {"stage": "REFLECTION"})) == []
    assert listed(client.get(address, {"state": "nonsense", "stage": "x'", "cursor": "broken", "sort": "-pk"})) != []
    response = client.get(address, {"state": "overdue", "stage": "ACTIVE"})
    assert [chip["url"] for chip in response.context["chips"]] == [
        f"{address}?stage=ACTIVE",
        f"{address}?state=overdue",
    ]


@pytest.mark.requirement("S1-64", "I20")
def test_every_number_of_the_caseload_opens_just_so_many_cases(cast: Cast) -> None:
    make(cast, met_days_ago=50)
    make(cast, met_days_ago=27)
    make(cast, Stage.REFLECTION, met_days_ago=1)
    make(cast, Stage.POST_SUPPORT)
    make(cast, Stage.CLOSED)
    make(cast, met_days_ago=40, curator=cast.colleague)
    client = client_of(cast.head)

    rows = client.get(reverse("casework:caseload")).context["rows"]

    assert len(rows) == 2
    links = [(number, url) for row in rows for _head, (number, url) in row["cells"] if url]
    assert any(number for number, _url in links)
    for number, url in links:
        assert len(listed(client.get(url))) == number, url


def test_the_caseload_names_cases_without_a_curator_first(cast: Cast) -> None:
    make(cast, met_days_ago=1)
    orphan = make(cast)
    SupportCase.objects.filter(pk=orphan.pk).update(curator=None)
    client = client_of(cast.head)

    response = client.get(reverse("casework:caseload"))

    assert [row["nobody"] for row in response.context["rows"]] == [True, False]
    assert listed(client.get(response.context["rows"][0]["url"])) == [orphan.pk]


def test_restricted_families_are_counted_and_not_listed(cast: Cast) -> None:
    case = make(cast, met_days_ago=50)
    restrict(actor=cast.specialist, family=case.family, reason="пострадавший ребёнок")
    client = client_of(cast.head)

    response = client.get(reverse("casework:cases"))

    assert listed(response) == []
    assert response.context["hidden"] == 1
    loads = caseload(cast.head, today_of(cast), 7)
    assert [(load.total, load.overdue) for load in loads] == [(1, 1)]
    assert case.family.title not in response.content.decode()


def test_children_are_minors_who_live_with_the_family(cast: Cast) -> None:
    case = make(cast)
    loads = caseload(cast.head, today_of(cast), 7)
    children = sum(
        member.person.is_minor_on(today_of(cast)) for member in case.family.memberships.all() if member.lives_together
    )
    assert children > 0
    assert [load.children for load in loads] == [children]


@pytest.mark.parametrize("role", ["secretary", "member", "ministry", "resource_centre", "auditor", "region_admin"])
def test_other_roles_have_no_working_list(cast: Cast, role: str) -> None:
    make(cast)
    client = client_of(getattr(cast, role))
    for name in ("casework:my_families", "casework:caseload", "casework:cases"):
        assert client.get(reverse(name)).status_code == 403
    assert not counted_for(getattr(cast, role)).exists()


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("specialist", "my_families"),
        ("head", "cases"),
        ("head", "caseload"),
        ("director", "cases"),
        ("director", "caseload"),
    ],
)
def test_lists_cost_the_same_for_two_and_for_ten_cases(cast: Cast, person: str, name: str) -> None:
    client = client_of(getattr(cast, person))
    address = reverse(f"casework:{name}")

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        return len(queries)

    for _number in range(2):
        make(cast, met_days_ago=40)
    few = cost()
    for _number in range(8):
        make(cast, met_days_ago=40)
    assert cost() == few
