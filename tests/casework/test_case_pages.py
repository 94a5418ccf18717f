"""The pages of a case: who opens which, what they show, what they cost, and what they leave in the journal."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from casework.enums import EventGroup, Ground, GuardCode, Stage
from casework.models import CaseEvent, IdentificationSource, SupportCase
from casework.services.cases import change_case
from casework.services.curators import assign_curator
from casework.services.events import record_events
from families.enums import GrantReason, StatusKind
from families.services import restrict, set_status
from tests.casework.conftest import CaseAt
from tests.casework.visiting import recorded
from tests.cast import Cast, client_of
from tests.factories.casework import IdentificationSourceFactory, opened_case
from tests.factories.families import granted, household

PAGES = ("case", "members", "documents", "stage", "curators", "changes", "readers")
DETAILS = ("documents", "changes")
FORMS = {"case_edit": "write", "term": "write", "interval": "assign", "assign": "assign", "team_add": "write"}


def page(name: str, case: SupportCase, *args: Any) -> str:
    return reverse(f"casework:{name}", args=[case.pk, *args])


def status(person: User, url: str) -> int:
    return client_of(person).get(url).status_code


@pytest.mark.parametrize("name", PAGES)
def test_who_opens_a_page(cast: Cast, at: CaseAt, name: str) -> None:
    url = page(name, at(Stage.ACTIVE))
    for person in (cast.specialist, cast.head, cast.director):
        assert status(person, url) == 200, person
    for person in (cast.colleague, cast.second_head, cast.duty_officer, cast.secretary, cast.ministry, cast.auditor):
        assert status(person, url) == 404, person
    for person in (cast.other_head, cast.foreign_director, cast.newcomer, cast.member, cast.region_admin):
        assert status(person, url) == 404, person
    assert Client().get(url).status_code == 302


def test_the_secretary_reads_the_case_on_the_agenda_but_not_its_details(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    granted(case.family, cast.secretary, GrantReason.AGENDA)
    answers = {name: status(cast.secretary, page(name, case)) for name in PAGES}
    assert answers == {name: 403 if name in (*DETAILS, "readers") else 200 for name in PAGES}
    overview = client_of(cast.secretary).get(page("case", case))
    assert overview.context["page"] is None
    assert not {tab["url"] for tab in overview.context["tabs"]} & {page(name, case) for name in DETAILS}


@pytest.mark.parametrize(("name", "right"), FORMS.items())
def test_who_opens_a_form(cast: Cast, at: CaseAt, name: str, right: str) -> None:
    case = at(Stage.ACTIVE)
    granted(case.family, cast.colleague)
    url = page(name, case)
    allowed = {cast.head} | ({cast.specialist} if right == "write" else {cast.director})
    for person in (cast.head, cast.specialist, cast.director, cast.colleague):
        assert status(person, url) == (200 if person in allowed else 403), person
    assert status(cast.neighbour, url) == 404


def test_a_closed_case_is_only_read(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CLOSED)
    for name in PAGES:
        assert status(cast.head, page(name, case)) == 200
    for name in FORMS:
        assert status(cast.head, page(name, case)) == 403


@pytest.mark.requirement("X8")
def test_every_opening_is_in_the_journal(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    for name in PAGES:
        before = AccessEvent.objects.filter(user=cast.specialist).count()
        client_of(cast.specialist).get(page(name, case))
        fresh = AccessEvent.objects.filter(user=cast.specialist).order_by("-pk")
        assert fresh.count() == before + 1
        assert (fresh[0].kind, fresh[0].object_id, fresh[0].family_id) == ("supportcase", case.pk, case.family_id)
        assert fresh[0].action == (AccessAction.HISTORY if name == "changes" else AccessAction.VIEW)


def test_a_restricted_family_asks_for_a_reason_first(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    restrict(actor=cast.head, family=case.family, reason="Жертва насилия")
    assert SupportCase.objects.get(pk=case.pk).is_restricted
    answer = client_of(cast.specialist).get(page("case", case))
    assert answer.status_code == 302
    assert reverse("families:reason", args=[case.family_id]) in answer.headers["Location"]
    assert list(SupportCase.objects.in_charge(cast.head).open()) == []


def cost(client: Client, url: str) -> int:
    """How many queries a page sends, the marks of the test's own transaction apart."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return sum("SAVEPOINT" not in query["sql"] for query in captured)


def test_the_overview_costs_the_same_however_much_has_happened(cast: Cast, at: CaseAt) -> None:
    small, large = at(Stage.ACTIVE), at(Stage.ACTIVE)
    assign_curator(
        case=large, curator=cast.colleague, starts_on=cast.institution.today(), actor=cast.head, reason="Отпуск"
    )
    for day in range(60):
        on = cast.institution.today() - timedelta(days=day)
        record_events([large], "curator_assigned", on=on, by=cast.head, params={"curator": cast.colleague})
    record_events([small], "curator_assigned", on=small.opened_on, by=cast.head, params={"curator": cast.specialist})
    client = client_of(cast.head)
    assert cost(client, page("case", small)) == cost(client, page("case", large)) <= 13


def test_the_timeline_is_paged_and_filtered_by_the_address(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    for day in range(60):
        on = cast.institution.today() - timedelta(days=day)
        record_events([case], "curator_assigned", on=on, by=cast.head, params={"curator": cast.colleague})
    client = client_of(cast.specialist)
    first = client.get(page("case", case)).context["page"]
    assert len(first.rows) == 50
    second = client.get(page("case", case), {"cursor": first.next_cursor}).context["page"]
    assert len(first.rows) + len(second.rows) == CaseEvent.objects.filter(case=case).count()
    assert cast.colleague.get_short_name() in first.rows[0].title
    stages = client.get(page("case", case), {"show": EventGroup.STAGES}).context["page"].rows
    assert [row.title for row in stages] == [f"Открыт случай №\u00a0{case.number}: обращение семьи"]


def test_the_next_step_is_a_checklist_with_the_page_that_mends_it(cast: Cast) -> None:
    case = opened_case(household(department=cast.department), actor=cast.specialist)
    shown = client_of(cast.head).get(page("case", case))
    (onward,) = shown.context["next_steps"]
    links = {row.checks[0].code: row.checks[0].url for row in onward.requirements}
    assert links[GuardCode.CURATOR_ASSIGNED] == page("curators", case)
    assert f'href="{page("assign", case)}"' in shown.content.decode()


@pytest.mark.requirement("S1-53", "S3-4")
def test_the_precincts_specialist_is_proposed_as_the_curator(cast: Cast) -> None:
    case = opened_case(household(department=cast.department, precinct=cast.precinct), actor=cast.colleague)
    form = client_of(cast.head).get(page("assign", case)).context["form"]
    assert form["curator"].value() == cast.specialist.pk
    elsewhere = opened_case(household(department=cast.department), actor=cast.colleague)
    assert client_of(cast.head).get(page("assign", elsewhere)).context["form"]["curator"].value() is None


@pytest.mark.requirement("S0-63", "L19")
def test_a_case_is_opened_from_the_family_card_once(cast: Cast) -> None:
    family = household(department=cast.department)
    client, url = client_of(cast.head), reverse("casework:case_open", args=[family.pk])
    assert url in client.get(reverse("families:card", args=[family.pk])).content.decode()
    form = client.get(url).context["form"]
    source = IdentificationSource.objects.get(code="self")
    data = {
        "submission": str(form["submission"].value()),
        "opened_on": f"{cast.institution.today():%d.%m.%Y}",
        "source": source.pk,
        "ground": "APPLICATION",
    }
    answers = [client.post(url, data) for _ in range(2)]
    case = SupportCase.objects.get(family=family)
    assert [answer.headers["Location"] for answer in answers] == [page("case", case)] * 2
    assert (case.source, case.ground) == (source, Ground.APPLICATION)
    assert url not in client.get(reverse("families:card", args=[family.pk])).content.decode()


def test_a_refused_opening_keeps_what_was_typed(cast: Cast) -> None:
    family = household(department=cast.department, children=0)
    client, url = client_of(cast.head), reverse("casework:case_open", args=[family.pk])
    answer = client.post(
        url,
        {
            "submission": "6f5a4a52-7fbb-4ea1-93f6-0dd7c1c5e0aa",
            "opened_on": f"{cast.institution.today():%d.%m.%Y}",
            "source": IdentificationSourceFactory.create().pk,
            "ground": "KDN",
            "measure_complex": "Первый",
        },
    )
    assert answer.status_code == 200
    assert "opened_on" in answer.context["form"].errors
    assert 'value="Первый"' in answer.content.decode()


def test_a_move_is_made_on_its_own_page(cast: Cast, at: CaseAt, guards: set[GuardCode]) -> None:
    case = at(Stage.ACTIVE)
    client, url = client_of(cast.head), page("move", case, Stage.CLOSED)
    shown = client.get(url)
    assert shown.context["consequences"]
    answer = client.post(url, {"on": f"{cast.institution.today():%d.%m.%Y}", "reason": "INSURMOUNTABLE", "note": ""})
    assert "note" in answer.context["form"].errors
    answer = client.post(url, {"on": f"{cast.institution.today():%d.%m.%Y}", "reason": "MOVED", "note": "Уехали"})
    assert answer.status_code == 302
    assert SupportCase.objects.get(pk=case.pk).stage == Stage.CLOSED
    assert status(cast.specialist, page("move", at(Stage.ACTIVE), Stage.CLOSED)) == 403
    assert status(cast.head, page("move", at(Stage.ACTIVE), Stage.POST_SUPPORT)) == 404


def test_readers_are_those_of_the_family_page_and_reasons_are_not_told_to_the_head(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    granted(case.family, cast.auditor, GrantReason.AUDIT)
    granted(case.family, cast.second_head)
    auditor = client_of(cast.auditor)
    auditor.post(reverse("families:reason", args=[case.family_id]), {"reason": "жалоба соседей на отчима"})
    for client in (auditor, *map(client_of, (cast.head, cast.specialist, cast.director, cast.second_head))):
        assert client.get(page("case", case)).status_code == 200

    def readers(person: User) -> set[tuple[User, str]]:
        rows = client_of(person).get(page("readers", case)).context["rows"]
        family = client_of(person).get(reverse("families:readers", args=[case.family_id])).context["rows"]
        assert {row["event"].pk for row in rows} <= {row["event"].pk for row in family}
        return {(row["event"].user, row["reason"]) for row in rows}

    def people(person: User) -> set[User]:
        return {user for user, _reason in readers(person)}

    assert people(cast.specialist) == {cast.specialist}
    assert people(cast.second_head) == {cast.second_head}
    assert {cast.head, cast.specialist} <= people(cast.head)
    assert cast.second_head not in people(cast.head)
    assert {cast.head, cast.specialist, cast.second_head} <= people(cast.director)
    assert (cast.auditor, "жалоба соседей на отчима") in readers(cast.director)
    assert not any("отчима" in reason for _user, reason in readers(cast.head))
    assert "отчима" not in client_of(cast.head).get(page("readers", case)).content.decode()


def test_changes_show_old_and_new_values(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.DIAGNOSTIC)
    client = client_of(cast.specialist)
    form = client.get(page("case_edit", case)).context["form"]
    data = {name: form[name].value() for name in form.fields} | {"ground": "KDN", "is_early_stage": ""}
    assert client.post(page("case_edit", case), data).status_code == 302
    newest = client.get(page("changes", case)).context["changes"][0]
    assert (newest.actor, [(row.old, row.new) for row in newest.fields]) == (
        str(cast.specialist),
        [("обращение семьи", "комиссия по делам несовершеннолетних")],
    )


def test_changes_ask_only_for_histories_that_there_are_and_for_each_kind_of_title_once(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    client = client_of(cast.specialist)
    url = page("changes", case)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    asked = [query["sql"] for query in captured]
    assert sum(' FROM "casework_supportcase" WHERE "casework_supportcase"."id" IN ' in sql for sql in asked) == 1
    assert sum(' FROM "accounts_user" WHERE "accounts_user"."id" IN ' in sql for sql in asked) == 1
    assert sum(sql.count("casework_historicalagencynotice") > 0 for sql in asked) == 1, "only whether there is any"
    assert cost(client, url) <= 30


def test_changes_of_the_family_stand_in_the_same_list(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    on = cast.institution.today()
    set_status(actor=cast.specialist, family=case.family, kind=StatusKind.HARDSHIP, on=on)
    newest = client_of(cast.head).get(page("changes", case)).context["changes"][0]
    assert (newest.record, newest.kind, newest.actor) == ("статус семьи", "+", str(cast.specialist))


@pytest.mark.parametrize("stage", [Stage.CONTRACTING, Stage.ACTIVE])
def test_the_ground_stands_once_the_diagnostics_are_over(cast: Cast, at: CaseAt, stage: Stage) -> None:
    """Clarification 3: the ground says whether a council is needed, so nobody chooses it afterwards."""
    case = at(stage)
    client = client_of(cast.specialist)
    form = client.get(page("case_edit", case)).context["form"]
    data = {name: form[name].value() for name in form.fields}
    sent = data | {"ground": "SOCIAL_CONTRACT", "measure_complex": "Комплекс 2"}
    assert client.post(page("case_edit", case), sent).status_code == 302
    case.refresh_from_db()
    assert (case.ground, case.measure_complex) == ("APPLICATION", "Комплекс 2")
    case.ground = Ground.SOCIAL_CONTRACT
    with pytest.raises(ValidationError) as refused:
        change_case(case=case, actor=cast.specialist)
    assert set(refused.value.message_dict) == {"ground"}


def test_two_editors_of_a_case_do_not_overwrite_each_other(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.DIAGNOSTIC)
    curator, head = client_of(cast.specialist), client_of(cast.head)
    form = curator.get(page("case_edit", case)).context["form"]
    data = {name: form[name].value() for name in form.fields}
    assert head.post(page("case_edit", case), data | {"ground": "KDN"}).status_code == 302
    late = curator.post(page("case_edit", case), data | {"ground": "SIGNAL"})
    assert late.status_code == 200
    assert SupportCase.objects.get(pk=case.pk).ground == "KDN"


def test_changes_of_health_are_shown_only_to_those_who_read_it(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    recorded(case, cast.specialist, health="Сахарный диабет")
    granted(case.family, cast.auditor, GrantReason.AUDIT)
    for user, reads in ((cast.specialist, True), (cast.director, True), (cast.auditor, False)):
        client = client_of(user)
        client.post(reverse("families:reason", args=[case.family_id]), {"reason": "проверка личных дел"})
        shown = client.get(page("changes", case)).content.decode()
        assert ("Сахарный диабет" in shown) is reads, user.username
