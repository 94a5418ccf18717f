"""The pages of visits and of the journal: what is typed is kept, taken once, journaled, and costs a constant."""

import re
import uuid
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import AccessEvent, User
from casework.enums import Channel, RecordType, VisitCheck, VisitState
from casework.models import CaseEvent, ServiceRecord, ServiceTitle, SupportCase, Visit
from casework.services.journal import ServiceEntry, render_urgent
from casework.services.visits import plan_visit
from common.text import long_date
from records.models import Draft, IssuedDocument
from tests.casework.visiting import active_case, entered, fill_dictionaries, members_of, people_of, recorded, title_of
from tests.cast import Cast, client_of
from tests.factories.families import household
from tests.factories.partners import PartnerFactory
from tests.records.concurrency import at_once

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def formset(prefix: str, rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The fields of a formset as a browser sends them."""
    rows = rows or []
    sent: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for place, row in enumerate(rows):
        sent |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return sent


def form_of_visit(case: SupportCase, **values: Any) -> dict[str, Any]:
    """A usual visit as the page sends it: today, at home, everybody seen."""
    known: dict[str, Any] = {
        "state": "HELD",
        "held_on": case.institution.today().isoformat(),
        "channel": "HOME",
        "purpose": "PLANNED",
        "all_seen": "on",
        "submission": str(uuid.uuid4()),
        **formset("services"),
        **formset("companions"),
    }
    return known | values


def service_row(code: str, *people: int, **values: Any) -> dict[str, Any]:
    return {"title": title_of(code).pk, "recipients": list(people), "quantity": 1} | values


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return active_case(cast)


@pytest.fixture(autouse=True)
def _dictionaries(db: None) -> None:
    fill_dictionaries()


@pytest.fixture
def web(cast: Cast) -> Client:
    return client_of(cast.specialist)


def new_url(case: SupportCase) -> str:
    return reverse("casework:visit_new", args=[case.pk])


# Recording


@pytest.mark.requirement("S3-20", "S2-33")
def test_a_usual_visit_is_saved_from_what_the_page_offers(case: SupportCase, web: Client, cast: Cast) -> None:
    page = web.get(new_url(case)).content.decode()
    offered = re.findall(r'name="services" value="(\d+)"', page)
    assert len(offered) == 8
    steps = re.findall(r'name="checks" value="(\w+)"', page)
    assert steps == VisitCheck.values
    sent = form_of_visit(case, services=offered[:2], observations="Всё хорошо", checks=steps[1:3])
    answer = web.post(new_url(case), sent)
    visit = Visit.objects.get(case=case, state=VisitState.HELD)
    assert visit.checks == steps[1:3]
    assert answer.headers["Location"] == reverse("casework:visit", args=[visit.pk])
    assert (visit.held_on, visit.specialist, visit.observations) == (
        case.institution.today(),
        cast.specialist,
        "Всё хорошо",
    )
    assert set(visit.members_seen.all()) == set(members_of(case))
    for row in ServiceRecord.objects.filter(visit=visit):
        assert set(row.recipients.all()) == set(people_of(case))
    assert ServiceRecord.objects.filter(visit=visit).count() == 2


def test_help_with_work_goes_to_the_adults_who_were_seen(case: SupportCase, web: Client) -> None:
    """Unless only children were seen; teenagers are guided to a profession like everybody."""
    day = case.institution.today()
    codes = ("labour-employment", "labour-guidance")
    chosen = {code: ServiceTitle.objects.get(code=code) for code in codes}
    adults = {person for person in people_of(case) if not person.is_minor_on(day)}
    children = [member for member in members_of(case) if member.person not in adults]
    young = {member.person for member in children}
    for seen, expected in (
        ({}, {"labour-employment": adults, "labour-guidance": set(people_of(case))}),
        ({"all_seen": "", "members_seen": [row.pk for row in children]}, dict.fromkeys(codes, young)),
    ):
        sent = form_of_visit(case, services=[row.pk for row in chosen.values()], **seen)
        visit = Visit.objects.get(pk=int(web.post(new_url(case), sent).headers["Location"].split("/")[-2]))
        rows = {row.title.code: set(row.recipients.all()) for row in ServiceRecord.objects.filter(visit=visit)}
        assert rows == expected


@pytest.mark.requirement("L20")
def test_a_usual_visit_is_saved_in_few_statements(case: SupportCase, web: Client, cast: Cast) -> None:
    offered = re.findall(r'name="services" value="(\d+)"', web.get(new_url(case)).content.decode())
    for _ in range(2):
        sent = form_of_visit(case, services=offered[:3])
        with CaptureQueriesContext(connection) as queries:
            web.post(new_url(case), sent)
    assert ServiceRecord.objects.filter(case=case).count() == 6
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 24


@pytest.mark.requirement("S3-20")
def test_a_service_that_is_usual_no_longer_is_taken_as_the_page_offered_it(case: SupportCase, web: Client) -> None:
    offered = re.findall(r'name="services" value="(\d+)"', web.get(new_url(case)).content.decode())
    other = ServiceTitle.objects.exclude(pk__in=offered).order_by("pk")[0]
    web.post(new_url(case), form_of_visit(case, services=[offered[0], other.pk]))
    assert {row.title_id for row in ServiceRecord.objects.filter(case=case)} == {int(offered[0]), other.pk}
    answer = web.post(new_url(case), form_of_visit(case, services=["0"]))
    assert "services" in answer.context["form"].errors


@pytest.mark.requirement("S2-33")
def test_rows_of_services_have_their_own_recipients_quantity_and_form(case: SupportCase, web: Client) -> None:
    child = people_of(case)[1]
    rows = [
        service_row("legal-services", child.pk, quantity=3, result="получен полис"),
        service_row("measure-social"),
    ]
    web.post(new_url(case), form_of_visit(case, **formset("services", rows)))
    first, second = ServiceRecord.objects.order_by("pk")
    assert (list(first.recipients.all()), first.quantity, first.result) == ([child], 3, "получен полис")
    assert set(second.recipients.all()) == set(people_of(case))


@pytest.mark.requirement("S1-55")
def test_what_a_partner_renders_is_told_apart_in_the_journal(case: SupportCase, web: Client, cast: Cast) -> None:
    clinic = PartnerFactory.create(institution=cast.institution)
    rows = [service_row("legal-services", partner=clinic.pk), service_row("measure-social")]
    web.post(new_url(case), form_of_visit(case, **formset("services", rows)))
    theirs, own = ServiceRecord.objects.order_by("pk")
    assert (theirs.partner, own.partner) == (clinic, None)
    for choice, row in (("partner", theirs), ("own", own)):
        shown = web.get(reverse("casework:journal"), {"own": choice}).context["page"].rows
        assert [found.pk for found in shown] == [row.pk]


def test_what_this_family_gets_most_is_offered_first(case: SupportCase, web: Client, cast: Cast) -> None:
    rare = title_of("labour-guidance")
    recorded(case, cast.specialist, "labour-guidance")
    recorded(case, cast.specialist, "labour-guidance", "urgent-food")
    page = web.get(new_url(case)).content.decode()
    offered = re.findall(r'name="services" value="(\d+)"', page)
    assert offered[0] == str(rare.pk)
    assert str(title_of("urgent-food").pk) not in offered


def test_the_next_visit_is_proposed_by_the_time_it_is_due(case: SupportCase, web: Client) -> None:
    page = web.get(new_url(case)).content.decode()
    [proposed] = re.findall(r'name="next_on"[^>]* value="([\d-]+)"', page)
    today = case.institution.today()
    assert today + 24 * DAY < date.fromisoformat(proposed) <= today + 31 * DAY
    assert date.fromisoformat(proposed).weekday() < 5


@pytest.mark.requirement("R1")
def test_a_failed_visit_is_a_short_form(case: SupportCase, web: Client) -> None:
    answer = web.post(new_url(case), form_of_visit(case, state="NOT_AT_HOME", all_seen=""))
    visit = Visit.objects.get(case=case)
    assert (visit.state, visit.members_seen.count()) == (VisitState.NOT_AT_HOME, 0)
    assert answer.status_code == 302
    assert SupportCase.objects.get(pk=case.pk).last_contact_on is None


def test_a_planned_visit_is_taken_for_the_one_recorded(case: SupportCase, web: Client, cast: Cast) -> None:
    plan = plan_visit(case=case, planned_on=case.institution.today() + 2 * DAY, actor=cast.specialist)
    far = plan_visit(case=case, planned_on=case.institution.today() + 20 * DAY, actor=cast.specialist)
    page = web.get(new_url(case)).content.decode()
    assert f'value="{plan.pk}" selected' in page
    assert f'value="{far.pk}" selected' in web.get(f"{new_url(case)}?plan={far.pk}").content.decode()
    web.post(new_url(case), form_of_visit(case, plan=plan.pk, observations="По плану"))
    visit = Visit.objects.get(pk=plan.pk)
    assert (visit.state, visit.observations, visit.planned_on) == (VisitState.HELD, "По плану", plan.planned_on)
    assert Visit.objects.count() == 2


@pytest.mark.requirement("L2")
def test_everything_typed_is_shown_again_beside_what_is_wrong(case: SupportCase, web: Client) -> None:
    child = members_of(case)[1]
    tomorrow = case.institution.today() + DAY
    rows = [service_row("legal-services", result="Набранный результат")]
    rows[0]["quantity"] = 0
    answer = web.post(
        new_url(case),
        form_of_visit(
            case,
            held_on=tomorrow.isoformat(),
            all_seen="",
            members_seen=[child.pk],
            observations="Набранное наблюдение",
            health="Набранное здоровье",
            danger_signs="Набранная опасность",
            **formset("services", rows),
        ),
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    for text in ("Набранное наблюдение", "Набранное здоровье", "Набранная опасность", "Набранный результат"):
        assert text in page
    assert f'value="{tomorrow.isoformat()}"' in page
    assert re.search(rf'name="members_seen" value="{child.pk}"[^>]*checked', page)
    assert not Visit.objects.exists()
    rows[0]["quantity"] = 1
    second = web.post(new_url(case), form_of_visit(case, held_on=tomorrow.isoformat(), **formset("services", rows)))
    assert "Этот день ещё не наступил" in second.content.decode()
    assert not ServiceRecord.objects.exists()


def test_what_the_service_refuses_is_said_beside_the_mistakes_of_single_fields(case: SupportCase, web: Client) -> None:
    today = case.institution.today()
    rows = formset("services", [service_row("legal-services") | {"quantity": 0}])
    typed = form_of_visit(case, all_seen="", started_at="99:99", next_on=(today - 20 * DAY).isoformat(), **rows)
    page = web.post(new_url(case), typed | {"held_on": (today + DAY).isoformat()}).content.decode()
    assert "Укажите, кого видели." in page
    assert "Этот день ещё не наступил." in page
    assert "Следующее посещение должно быть позже этого." in page
    assert page.count('aria-invalid="true"') >= 5
    without_day = web.post(new_url(case), typed | {"held_on": "31.02.2026"}).content.decode()
    assert "Такой даты нет" in without_day
    assert "Укажите день посещения." not in without_day


@pytest.mark.requirement("L19")
def test_a_form_sent_twice_makes_one_visit(case: SupportCase, web: Client) -> None:
    sent = form_of_visit(case)
    first, second = web.post(new_url(case), sent), web.post(new_url(case), sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Visit.objects.count() == 1


@pytest.mark.requirement("L19")
@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_visit(cast: Cast) -> None:
    case = active_case(cast)
    sent = form_of_visit(case, **formset("services", [service_row("legal-services"), service_row("labour-training")]))
    clients, start = [client_of(cast.specialist) for _ in range(2)], Barrier(2)

    def click(client: Client) -> str:
        start.wait(timeout=30)
        return client.post(new_url(case), sent).headers["Location"]

    assert len(set(at_once(*(partial(click, client) for client in clients)))) == 1
    assert Visit.objects.count() == 1
    assert ServiceRecord.objects.count() == 2
    assert CaseEvent.objects.filter(kind="visit_held").count() == 1


@pytest.mark.requirement("L1")
def test_a_draft_comes_back_after_the_session_has_ended(case: SupportCase, web: Client, cast: Cast) -> None:
    page = web.get(new_url(case)).content.decode()
    [url] = re.findall(r'data-draft-url="([^"]+)"', page)
    child = members_of(case)[1]
    typed = form_of_visit(
        case,
        all_seen="",
        members_seen=[child.pk],
        observations="Начато в дороге",
        **formset("services", [service_row("legal-services", result="справка")]),
    )
    assert web.post(url, typed).status_code == 200
    web.logout()
    again = client_of(cast.specialist)
    restored = again.get(new_url(case)).content.decode()
    assert "Начато в дороге" in restored
    assert "справка" in restored
    assert re.search(rf'name="members_seen" value="{child.pk}"[^>]*checked', restored)
    assert typed["submission"] not in restored
    [key] = re.findall(r'name="submission" value="([^"]+)"', restored)
    assert again.post(new_url(case), typed | {"submission": key}).status_code == 302
    assert not Draft.objects.exists()
    assert "Начато в дороге" not in client_of(cast.head).get(new_url(case)).content.decode()


def test_a_head_says_who_held_the_visit(case: SupportCase, cast: Cast) -> None:
    head = client_of(cast.head)
    assert 'name="specialist"' in head.get(new_url(case)).content.decode()
    head.post(new_url(case), form_of_visit(case, specialist=cast.colleague.pk))
    visit = Visit.objects.get(case=case)
    assert (visit.specialist, visit.created_by) == (cast.colleague, cast.head)
    head.post(new_url(case), form_of_visit(case, specialist=cast.other_specialist.pk))
    assert Visit.objects.count() == 1


@pytest.mark.requirement("S1-66")
def test_colleagues_and_people_of_other_agencies_come_along(case: SupportCase, web: Client, cast: Cast) -> None:
    rows: list[dict[str, Any]] = [
        {"user": cast.neighbour.pk, "name": "", "post": "", "role": "PSYCHOLOGIST"},
        {"user": "", "name": "Е. А. Ларина", "post": "инспектор ПДН", "role": "OTHER"},
    ]
    web.post(new_url(case), form_of_visit(case, **formset("companions", rows)))
    visit = Visit.objects.get(case=case)
    assert [(row.user, row.name, row.role) for row in visit.participants.order_by("pk")] == [
        (cast.neighbour, "", "PSYCHOLOGIST"),
        (None, "Е. А. Ларина", "OTHER"),
    ]
    nameless = [{"user": "", "name": "", "post": "врач", "role": "MEDIC"}]
    assert web.post(new_url(case), form_of_visit(case, **formset("companions", nameless))).status_code == 200


# Correcting


def edit_form(visit: Visit, **values: Any) -> dict[str, Any]:
    assert visit.held_on
    known: dict[str, Any] = {
        "version": visit.version,
        "state": visit.state,
        "held_on": visit.held_on.isoformat(),
        "channel": visit.channel,
        "purpose": visit.purpose,
        "members_seen": [row.pk for row in visit.members_seen.all()],
        **formset("companions"),
    }
    return known | values


@pytest.mark.requirement("L2")
def test_the_second_editor_keeps_the_text_and_sees_the_difference(case: SupportCase, cast: Cast) -> None:
    visit = recorded(case, cast.specialist)
    url = reverse("casework:visit_edit", args=[visit.pk])
    first, second = client_of(cast.specialist), client_of(cast.head)
    assert first.post(url, edit_form(visit, observations="Первая запись")).status_code == 302
    answer = second.post(url, edit_form(visit, observations="Вторая запись"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Первая запись" in page
    assert "Вторая запись" in page
    assert Visit.objects.get(pk=visit.pk).observations == "Первая запись"
    [version] = re.findall(r'name="version" value="(\d+)"', page)
    assert second.post(url, edit_form(visit, observations="Вторая запись", version=version)).status_code == 302
    assert Visit.objects.get(pk=visit.pk).observations == "Вторая запись"


# The page, the act, the list, the plan


@pytest.mark.requirement("S3-20")
def test_the_page_of_a_visit_warns_of_danger_and_is_journaled(case: SupportCase, web: Client, cast: Cast) -> None:
    visit = recorded(case, cast.specialist, "legal-services", danger_signs="Синяки", checks=["FOOD_SEEN"])
    page = web.get(reverse("casework:visit", args=[visit.pk])).content.decode()
    assert 'class="alarm"' in page
    assert "Синяки" in page
    assert str(VisitCheck.FOOD_SEEN.label) in page
    assert str(VisitCheck.HOME_SEEN.label) not in page
    event = AccessEvent.objects.latest("pk")
    assert (event.kind, event.object_id, event.family_id) == ("visit", visit.pk, case.family_id)


@pytest.mark.requirement("S3-20")
def test_the_act_is_numbered_frozen_and_replaced_when_the_visit_is_corrected(
    case: SupportCase, web: Client, cast: Cast
) -> None:
    visit = recorded(case, cast.specialist, "legal-services", observations="Дети здоровы")
    url = reverse("casework:visit_act", args=[visit.pk])
    for _ in range(2):
        answer = web.post(url)
    paper = IssuedDocument.objects.get()
    assert answer.headers["Location"] == reverse("records:document", args=[paper.pk])
    assert (paper.number, paper.issued_on, paper.family_id) == (visit.number, visit.held_on, case.family_id)
    taken = web.get(answer.headers["Location"])
    assert taken.content.startswith(b"%PDF")
    edit = reverse("casework:visit_edit", args=[visit.pk])
    ticked = [VisitCheck.FOOD_SEEN, VisitCheck.CHILDREN_SEEN]
    web.post(edit, edit_form(Visit.objects.get(pk=visit.pk), observations="Дети болеют", checks=ticked))
    assert set(Visit.objects.get(pk=visit.pk).checks) == set(ticked)
    page = web.get(reverse("casework:visit", args=[visit.pk])).content.decode()
    assert all(str(step.label) in page for step in ticked)
    web.post(url)
    assert list(IssuedDocument.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_the_list_of_visits_costs_the_same_for_two_and_for_ten(case: SupportCase, web: Client, cast: Cast) -> None:
    url = reverse("casework:visits", args=[case.pk])
    web.get(url)
    costs = []
    for more in (2, 8):
        for _ in range(more):
            recorded(case, cast.specialist, "legal-services")
        with CaptureQueriesContext(connection) as queries:
            page = web.get(url)
        assert page.status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.requirement("R2")
def test_what_is_planned_stands_by_day_with_the_overdue_first(case: SupportCase, web: Client, cast: Cast) -> None:
    today = case.institution.today()
    recorded(case, cast.specialist, on=today - DAY)
    ahead = plan_visit(case=case, planned_on=today + 3 * DAY, actor=cast.specialist)
    late = plan_visit(case=case, planned_on=today, actor=cast.specialist)
    Visit.objects.filter(pk=late.pk).update(planned_on=today - 2 * DAY)
    others = active_case(cast, curator=cast.colleague)
    plan_visit(case=others, planned_on=today, actor=cast.colleague)
    hidden = active_case(cast)
    SupportCase.objects.filter(pk=hidden.pk).update(is_restricted=True)
    Visit.objects.filter(pk=plan_visit_as(hidden, cast.head).pk).update(specialist=cast.specialist)
    page = web.get(reverse("casework:planned")).content.decode()
    found = re.findall(r"\?plan=(\d+)", page)
    assert found == [str(late.pk), str(ahead.pk)]
    assert page.count("tag burning") == 1
    assert AccessEvent.objects.latest("pk").object_ids == [late.pk, ahead.pk]
    cases = SupportCase.objects.filter(pk=case.pk)
    assert cases.get().next_contact_due_on > ahead.planned_on
    assert not cases.overdue(today, today=today).exists(), "a plan that has passed is not an overdue contact"


def plan_visit_as(case: SupportCase, user: User) -> Visit:
    """A plan in a family that is closed to its own specialist, written straight into the table."""
    return Visit.objects.create(
        case=case,
        institution=case.institution,
        department=case.department,
        specialist=user,
        created_by=user,
        planned_on=case.institution.today(),
    )


# The journal


@pytest.mark.requirement("S2-34", "S1-8")
def test_the_journal_shows_a_period_by_kind_and_sums_it(case: SupportCase, web: Client, cast: Cast) -> None:
    today = case.institution.today()
    recorded(case, cast.specialist, "legal-services", "labour-training", "measure-social", "urgent-food")
    entered(case, cast.specialist, "legal-services")
    row = entered(case, cast.specialist, "legal-protection")
    ServiceRecord.objects.filter(pk=row.pk).update(on=today - 200 * DAY, quantity=5)
    others = active_case(cast, curator=cast.colleague)
    entered(others, cast.colleague)
    url = reverse("casework:journal")
    span = f"since={(today - DAY).isoformat()}&until={today.isoformat()}"
    answer = web.get(f"{url}?{span}")
    sums = {(row["type"], row["kind"]): row["quantity"] for row in answer.context["totals"]}
    assert sums == {
        ("социальная услуга", "социально-правовые"): 2,
        ("социальная услуга", "социально-трудовые"): 1,
        ("мероприятие по сопровождению", "социальная помощь"): 1,
        ("срочная услуга", "социально-бытовые"): 1,
    }
    assert len(answer.context["page"].rows) == 5
    urgent = web.get(f"{url}?{span}&kind=URGENT")
    assert [row.record_type for row in urgent.context["page"].rows] == [RecordType.URGENT]
    legal = web.get(f"{url}?{span}&kind=SERVICE.LEGAL")
    assert {row.service_kind for row in legal.context["page"].rows} == {"LEGAL"}
    whole = client_of(cast.head).get(f"{url}?{span}&specialist={cast.colleague.pk}")
    assert {row.family_id for row in whole.context["page"].rows} == {others.family_id}
    old = web.get(f"{url}?since={(today - 300 * DAY).isoformat()}&until={(today - 100 * DAY).isoformat()}")
    assert [row["quantity"] for row in old.context["totals"]] == [5]
    printed = web.get(f"{reverse('casework:journal_pdf')}?{span}")
    assert printed.headers["Content-Type"] == "application/pdf"
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(printed.content)).pages)
    assert long_date(today).replace("\xa0", "").replace(" ", "") in text
    assert "Всего55" in text


def test_the_journal_costs_the_same_for_two_and_for_ten(case: SupportCase, web: Client, cast: Cast) -> None:
    url = reverse("casework:journal")
    web.get(url)
    costs = []
    for more in (2, 8):
        for _ in range(more):
            entered(case, cast.specialist)
        with CaptureQueriesContext(connection) as queries:
            web.get(url)
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.requirement("S2-34")
def test_the_journal_of_a_period_is_printed_and_journaled(case: SupportCase, web: Client, cast: Cast) -> None:
    row = entered(case, cast.specialist)
    answer = web.get(reverse("casework:journal_pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    event = AccessEvent.objects.latest("pk")
    assert (event.action, event.object_ids) == ("PRINT", [row.pk])


@pytest.mark.parametrize("name", ["secretary", "member", "ministry", "auditor", "region_admin", "resource_centre"])
@pytest.mark.parametrize("route", ["casework:journal", "casework:journal_pdf", "casework:planned"])
def test_working_lists_belong_to_those_who_answer_for_families(cast: Cast, name: str, route: str) -> None:
    assert client_of(cast.people[name]).get(reverse(route)).status_code == 403


# Urgent services


@pytest.mark.requirement("I6", "S1-10", "S3-17", "S1-109")
def test_an_urgent_service_needs_no_case_but_an_act(cast: Cast, web: Client) -> None:
    family = household(department=cast.department, curator=cast.specialist)
    url = reverse("casework:urgent_new", args=[family.pk])
    people = [row.person_id for row in family.memberships.order_by("pk")]
    sent = {
        "on": family.institution.today().isoformat(),
        "channel": "OFFICE",
        "submission": str(uuid.uuid4()),
        **formset("services", [service_row("urgent-food", *people, quantity=2, result="набор на неделю")]),
    }
    answer = web.post(url, sent)
    row = ServiceRecord.objects.get()
    assert answer.headers["Location"] == reverse("casework:service", args=[row.pk])
    assert (row.case, row.record_type, row.quantity, row.result) == (None, RecordType.URGENT, 2, "набор на неделю")
    assert (row.institution, row.department) == (cast.institution, cast.department)
    assert web.get(answer.headers["Location"]).status_code == 200
    act = web.post(reverse("casework:urgent_act", args=[row.pk]))
    assert web.get(act.headers["Location"]).content.startswith(b"%PDF")
    usual = sent | {"submission": str(uuid.uuid4()), "services-0-title": title_of("legal-services").pk}
    assert web.post(url, usual).status_code == 200
    assert ServiceRecord.objects.count() == 1


def test_an_urgent_service_joins_the_open_case(case: SupportCase, cast: Cast) -> None:
    entry = ServiceEntry(title_of("urgent-food"), people_of(case))
    today = case.institution.today()
    [row] = render_urgent(family=case.family, on=today, channel=Channel.OFFICE, entries=[entry], actor=cast.specialist)
    assert row.case == case
    assert CaseEvent.objects.get(case=case, kind="urgent_rendered").object_id == row.pk


# Rows


@pytest.mark.requirement("S2-33")
def test_a_row_is_corrected_by_the_specialist_and_cancelled_by_the_head(
    case: SupportCase, web: Client, cast: Cast
) -> None:
    row = entered(case, cast.specialist)
    sent = {
        "version": row.version,
        "on": row.on.isoformat(),
        "title": title_of("labour-training").pk,
        "recipients": [people_of(case)[0].pk],
        "quantity": 4,
        "channel": "OFFICE",
    }
    assert web.post(reverse("casework:service_edit", args=[row.pk]), sent).status_code == 302
    row = ServiceRecord.objects.get()
    assert (row.service_kind, row.quantity, list(row.recipients.all())) == ("LABOUR", 4, [people_of(case)[0]])
    newest, oldest = row.history.all()
    assert [newest.recipients.count(), oldest.recipients.count()] == [1, 3]
    cancel = reverse("casework:service_cancel", args=[row.pk])
    assert web.post(cancel, {"reason": "ошибка"}).status_code == 403
    assert client_of(cast.head).post(cancel, {"reason": "ошибка"}).status_code == 302
    row = ServiceRecord.objects.get()
    assert (row.cancelled_by, row.cancel_reason) == (cast.head, "ошибка")
    assert web.get(reverse("casework:service", args=[row.pk])).status_code == 200
    assert web.post(reverse("casework:service_edit", args=[row.pk]), sent).status_code == 403
