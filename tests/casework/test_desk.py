"""The working lists: what stands in them, in which order, and that every number opens a list of just so many rows."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from casework.contacts import refresh_contacts
from casework.enums import Ground, Stage
from casework.models import SupportCase, SupportPause, Visit
from casework.views import desk
from casework.worklists import caseload, counted_for
from common.paging import paginate
from families.enums import GrantReason, RiskGroup
from families.models import Family
from families.services import restrict, set_risk_group
from tests.cast import Cast, client_of
from tests.factories.accounts import PrecinctFactory
from tests.factories.casework import case_at
from tests.factories.families import granted, household

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


def test_the_term_of_a_family_removed_is_that_of_post_support(cast: Cast) -> None:
    case = make(cast, Stage.POST_SUPPORT)
    SupportCase.objects.filter(pk=case.pk).update(planned_end_on=today_of(cast) - timedelta(days=90))
    case.refresh_from_db()
    assert case.post_support_until is not None
    (row,) = client_of(cast.specialist).get(reverse("casework:my_families")).context["rows"]
    assert (row["term"], row["term_over"]) == (f"{case.post_support_until:%d.%m.%Y}", False)


def listed(response: object) -> list[int]:
    return [row["pk"] for row in response.context["rows"]]  # type: ignore[attr-defined]


def test_my_families_put_the_longest_overdue_first(cast: Cast) -> None:
    fresh = make(cast, met_days_ago=1)
    late = make(cast, met_days_ago=50)
    soon = make(cast, met_days_ago=27)
    make(cast, met_days_ago=50, curator=cast.colleague)
    client = client_of(cast.specialist)

    response = client.get(reverse("casework:my_families"))

    assert listed(response) == [late.pk, soon.pk, fresh.pk]
    alarms = [row["tone"] for row in response.context["rows"]]
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


def check_numbers(client: Client, rows: list[dict[str, Any]]) -> None:
    """Each number of a caseload opens a list of just so many cases; that of the children, of families with so many."""
    cells = [cell for row in rows for cell in row["cells"]]
    assert any(number for _title, number, _url in cells)
    for title, number, url in cells:
        shown = client.get(url).context["rows"]
        counted = sum(int(row["children"]) for row in shown) if title == "Дети" else len(shown)
        assert counted == number, url
        assert title != "Дети" or all(int(row["children"]) for row in shown)


@pytest.mark.requirement("S1-64", "I20", "L3")
def test_every_number_of_the_caseload_opens_just_so_many_cases(cast: Cast) -> None:
    make(cast, met_days_ago=50)
    make(cast, met_days_ago=27)
    make(cast, Stage.REFLECTION, met_days_ago=1)
    make(cast, Stage.POST_SUPPORT)
    make(cast, Stage.CLOSED)
    make(cast, met_days_ago=40, curator=cast.colleague)
    alone = make(cast, met_days_ago=40, curator=cast.colleague)
    alone.family.memberships.filter(is_representative=False).update(lives_together=False)
    orphan = make(cast, met_days_ago=50)
    SupportCase.objects.filter(pk=orphan.pk).update(curator=None)
    client = client_of(cast.head)

    rows = client.get(reverse("casework:caseload")).context["rows"]

    assert len(rows) == 3
    check_numbers(client, rows)


def test_the_caseload_is_narrowed_by_the_address_and_so_are_the_lists_it_opens(cast: Cast) -> None:
    here = PrecinctFactory.create(department=cast.department)
    kdn, plain = make(cast, met_days_ago=50), make(cast, met_days_ago=1)
    elsewhere = make(cast, met_days_ago=50, curator=cast.colleague)
    SupportCase.objects.filter(pk=kdn.pk).update(ground=Ground.KDN)
    Family.objects.filter(pk__in=[kdn.family_id, plain.family_id]).update(precinct=here)
    set_risk_group(actor=cast.head, family=plain.family, group=RiskGroup.values[0], on=today_of(cast))
    client, url = client_of(cast.head), reverse("casework:caseload")
    found: dict[str, set[int]] = {
        "ground=KDN": {kdn.pk},
        f"risk={RiskGroup.values[0]}": {plain.pk},
        f"precinct={here.pk}": {kdn.pk, plain.pk},
        "state=overdue": {kdn.pk, elsewhere.pk},
        f"state=overdue&precinct={here.pk}&sort=-children": {kdn.pk},
        "stage=DIAGNOSTIC": set(),
    }
    for query, cases in found.items():
        answer = client.get(f"{url}?{query}")
        rows = answer.context["rows"]
        listed_cases = [pk for row in rows for pk in listed(client.get(row["url"]))]
        assert sorted(listed_cases) == sorted(cases), query
        if rows:
            check_numbers(client, rows)
            page = client.get(rows[0]["url"]).content.decode()
            assert f'href="{url}?{query.replace("&", "&amp;")}"' in page
        for figure in answer.context["figures"]:
            assert figure["url"].startswith(reverse("casework:cases"))


def test_the_director_narrows_the_caseload_to_a_department(cast: Cast) -> None:
    own = make(cast, met_days_ago=50)
    other = case_at(Stage.ACTIVE, family=household(department=cast.second_department))
    client, url = client_of(cast.director), reverse("casework:caseload")
    assert len(client.get(url).context["rows"]) == 2
    for case in (own, other):
        [row] = client.get(url, {"department": case.department_id}).context["rows"]
        assert listed(client.get(row["url"])) == [case.pk]
    assert "department" not in client_of(cast.head).get(url).context["filters"].fields
    assert len(client_of(cast.head).get(url, {"department": other.department_id}).context["rows"]) == 1


def test_the_caseload_is_sorted_by_any_column(cast: Cast) -> None:
    for curator, days in ((cast.specialist, (50, 1)), (cast.colleague, (50, 50, 1)), (cast.specialist, (1, 1))):
        for ago in days:
            make(cast, met_days_ago=ago, curator=curator)
    client, url = client_of(cast.head), reverse("casework:caseload")

    def column(sort: str, title: str) -> list[int]:
        rows = client.get(url, {"sort": sort}).context["rows"]
        return [number for row in rows for name, number, _url in row["cells"] if name == title]

    assert (column("overdue", "Просрочено"), column("-overdue", "Просрочено")) == ([1, 2], [2, 1])
    assert (column("total", "Всего"), column("-total", "Всего")) == ([3, 4], [4, 3])
    names = [row["name"] for row in client.get(url, {"sort": "-name"}).context["rows"]]
    assert names == sorted(names, reverse=True)
    page = client.get(url, {"sort": "-total", "state": "overdue"}).content.decode()
    assert page.count('aria-sort="descending"') == 1
    assert '<option value="-total" selected>Всего, по убыванию</option>' in page
    assert 'href="?sort=total&amp;state=overdue"' in page
    untouched = client.get(url).content.decode()
    assert 'href="?sort=-total"' in untouched
    assert 'href="?sort=name"' in untouched


def test_the_figures_over_the_caseload_agree_with_their_numbers(cast: Cast) -> None:
    make(cast, met_days_ago=50)
    client, url = client_of(cast.head), reverse("casework:caseload")

    def labels() -> list[str]:
        return [figure["label"] for figure in client.get(url).context["figures"]]

    assert labels()[0] == "просроченное посещение"
    assert labels()[3] == "открытый случай"
    make(cast, met_days_ago=50)
    assert labels()[0] == "просроченных посещения"
    assert labels()[3] == "открытых случая"


def test_the_caseload_has_a_row_of_sums_that_opens_all_the_cases(cast: Cast) -> None:
    """Each number is the sum of its column, also of the cases without a curator, and opens just so many cases."""
    for curator, ago in ((cast.specialist, 50), (cast.specialist, 1), (cast.colleague, 50)):
        make(cast, met_days_ago=ago, curator=curator)
    SupportCase.objects.filter(pk=make(cast).pk).update(curator=None)
    client, url = client_of(cast.head), reverse("casework:caseload")
    shown = client.get(url).context
    columns = [[number for _title, number, _url in row["cells"]] for row in shown["rows"]]
    assert len(columns) == 3
    assert [number for _title, number, _url in shown["sums"]["cells"]] == [
        sum(row) for row in zip(*columns, strict=True)
    ]
    days = [row["next_due"] for row in shown["rows"]]
    assert shown["sums"]["next_due"] == min(days, key=lambda day: day.split(".")[::-1])
    check_numbers(client, [shown["sums"]])
    assert client.get(url, {"stage": "POST_SUPPORT"}).context["sums"]["cells"][-1][1] == 0


@pytest.mark.parametrize("order", ["family", "number", "stage", "curator", "due", "opened"])
def test_the_list_is_sorted_by_every_column_over_all_pages(
    cast: Cast, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "paginate", partial(paginate, size=2))
    today = today_of(cast)
    cases = [make(cast, stage) for stage in (Stage.ACTIVE, Stage.REFLECTION, Stage.DIAGNOSTIC, Stage.ACTIVE)]
    numbers = ["10/2025", "9/2025", "2/2026", "1/2024"]
    curators = [cast.specialist, cast.colleague, None, cast.colleague]
    for place, (case, number, curator) in enumerate(zip(cases, numbers, curators, strict=True)):
        SupportCase.objects.filter(pk=case.pk).update(
            number=number, curator=curator, next_contact_due_on=today + timedelta(days=(7 * place) % 4)
        )
        Family.objects.filter(pk=case.family_id).update(title=["Ёлкин", "Жуков", "Ежов", "Ёлкин"][place])

    def pages(sort: str) -> list[int]:
        client, url, cursor, seen = client_of(cast.head), reverse("casework:cases"), "", []
        while True:
            answer = client.get(url, {"sort": sort, "cursor": cursor})
            seen += listed(answer)
            cursor = answer.context["page"].next_cursor
            if not cursor:
                return seen

    by_name = {None: "", **{user: user.get_full_name().lower() for user in (cast.specialist, cast.colleague)}}
    fresh = {case.pk: SupportCase.objects.select_related("family").get(pk=case.pk) for case in cases}
    keys: dict[str, Callable[[SupportCase], Any]] = {
        "family": lambda case: case.family.title.lower().replace("ё", "е"),
        "number": lambda case: numbers_in_order.index(case.number),
        "stage": lambda case: list(Stage).index(Stage(case.stage)),
        "curator": lambda case: by_name[case.curator].replace("ё", "е"),
        "due": lambda case: case.next_contact_due_on,
        "opened": lambda case: case.opened_on,
    }
    numbers_in_order = ["1/2024", "9/2025", "10/2025", "2/2026"]
    wanted = sorted(fresh, key=lambda pk: (keys[order](fresh[pk]), pk))
    assert pages(order) == wanted
    assert pages(f"-{order}") == wanted[::-1]


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
    loads = caseload(counted_for(cast.head), today_of(cast), 7)
    assert [(load.total, load.overdue) for load in loads] == [(1, 1)]
    assert case.family.title not in response.content.decode()


def test_children_are_minors_who_live_with_the_family(cast: Cast) -> None:
    case = make(cast)
    loads = caseload(counted_for(cast.head), today_of(cast), 7)
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
def test_lists_cost_the_same_for_two_and_for_thirty_cases(cast: Cast, person: str, name: str) -> None:
    client = client_of(getattr(cast, person))
    address = reverse(f"casework:{name}") + "?sort=-due&children=1&risk=x"
    PrecinctFactory.create(department=cast.department)

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
    for number in range(28):
        make(cast, met_days_ago=40, curator=cast.colleague if number % 2 and person != "specialist" else None)
    PrecinctFactory.create_batch(3, department=cast.department)
    assert cost() == few


def test_ready_filters_keep_the_others_and_count_within_them(cast: Cast) -> None:
    here = PrecinctFactory.create(department=cast.department)
    late = make(cast, met_days_ago=50)
    Family.objects.filter(pk=late.family_id).update(precinct=here)
    make(cast, met_days_ago=50)
    make(cast, met_days_ago=50, curator=cast.colleague)
    query = {"curator": str(cast.specialist.pk), "precinct": str(here.pk), "state": "soon"}
    client, url = client_of(cast.head), reverse("casework:cases")

    presets = client.get(url, query).context["presets"]

    overdue = next(preset for preset in presets if preset["url"].endswith("state=overdue"))
    assert overdue["count"].value == 1
    assert listed(client.get(overdue["url"])) == [late.pk]
    for preset in presets:
        assert f"curator={cast.specialist.pk}&precinct={here.pk}" in preset["url"]


def test_my_families_say_where_those_stand_that_one_has_registered_until_they_have_a_curator(cast: Cast) -> None:
    own = household(department=cast.department, registered_by=cast.specialist, curator=None)
    granted(own, cast.specialist, GrantReason.REGISTERED)
    shared = household(department=cast.department, registered_by=cast.colleague, curator=cast.colleague)
    granted(shared, cast.specialist)
    household(department=cast.department, registered_by=cast.specialist, curator=None)  # no longer open to them
    client, url = client_of(cast.specialist), reverse("casework:my_families")

    page = client.get(url)
    assert "Зарегистрированы вами, куратор ещё не назначен: 1" in page.content.decode()
    assert own.title not in page.content.decode()
    assert f'href="{reverse("families:search")}#registered"' in page.content.decode()
    found = client.get(reverse("families:search"))
    assert (found.context["registered"], found.context["shared"]) == ([own], [shared])
    assert 'id="registered"' in found.content.decode()
    assert AccessEvent.objects.latest("pk").object_ids == [own.pk, shared.pk]

    Family.objects.filter(pk=own.pk).update(curator=cast.specialist)
    assert "Зарегистрированы вами" not in client.get(url).content.decode()
    assert client.get(reverse("families:search")).context["registered"] == []
