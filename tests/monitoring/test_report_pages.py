"""The pages of reports: what each role sees, what each number opens, what each button does."""

from typing import Any

import pgtrigger
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from casework.enums import Stage
from casework.models import CuratorAssignment, SupportCase
from common.calendar import Quarter, months_from
from families.models import Family
from families.services import restrict
from monitoring.chain import MOVES
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.models import QuarterlyReport
from monitoring.overview import ABOVE_IS_FIXED, NEXT_STEPS, NOTHING_ABOVE, next_step
from monitoring.services import rendering
from monitoring.services.reports import name_author, take_step
from records.enums import WorkState
from records.models import IssuedDocument, WorkOrder
from records.services import work
from tests.casework.rows import hold_visit, make_case
from tests.cast import Cast, client_of
from tests.factories.accounts import AppointmentFactory, DepartmentFactory, InstitutionFactory
from tests.factories.monitoring import draft_reports, last_quarter, report_at, report_of

pytestmark = pytest.mark.django_db

L, S = ReportLevel, ReportState
LIST = reverse("reports:list")


def get(user: User, url: str) -> Any:
    return client_of(user).get(url)


def enrol(cast: Cast, user: User | None = None) -> SupportCase:
    on = last_quarter(cast).starts_on
    post = (user or cast.specialist).appointments.get()
    case = make_case(post, opened_on=on, stages=[(Stage.ACTIVE, on)], enrolled_on=on)
    Family.objects.filter(pk=case.family_id).update(curator=post.user)
    return case


def do_work() -> None:
    while (order := work.claim_next(rendering.KIND)) is not None:
        work.run(order)


def levels_and_titles(response: Any) -> dict[str, set[str]]:
    return {section.level: {row.title for row in section.rows} for section in response.context["sections"]}


@pytest.mark.requirement("S2-38", "S2-39")
def test_each_role_finds_the_reports_of_its_own_unit(cast: Cast) -> None:
    draft_reports(cast)
    name = User.get_full_name
    own = {name(cast.specialist), name(cast.colleague)}
    institution = {cast.institution.short_name}
    readers = ("specialist", "head", "director", "auditor")
    seen = {who: levels_and_titles(get(getattr(cast, who), LIST)) for who in readers}
    assert seen["specialist"] == {L.SPECIALIST: {name(cast.specialist)}}
    assert seen["head"] == {L.INSTITUTION: institution, L.DEPARTMENT: {cast.department.title}, L.SPECIALIST: own}
    everyone = {*own, name(cast.neighbour), name(cast.deputy)}
    departments = {cast.department.title, cast.second_department.title}
    assert seen["director"] == {L.INSTITUTION: institution, L.DEPARTMENT: departments, L.SPECIALIST: everyone}
    assert seen["auditor"] == seen["director"]


@pytest.mark.parametrize("who", ["secretary", "member", "duty_officer", "contract_specialist", "region_admin"])
def test_other_roles_have_no_reports(cast: Cast, who: str) -> None:
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    user = getattr(cast, who)
    assert get(user, LIST).status_code == 403
    assert get(user, report.get_absolute_url()).status_code == 404


@pytest.mark.requirement("S2-42", "S2-41", "S0-70", "X4")
@pytest.mark.parametrize("who", ["ministry", "resource_centre"])
def test_the_region_sees_who_has_published_and_who_has_not(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    draft_reports(cast)
    report = report_at(cast, L.INSTITUTION, S.ACCEPTED)
    silent = next(row for row in get(user, LIST).context["sections"] if row.level == L.INSTITUTION)
    assert [row.report for row in silent.rows] == [None, None]
    assert get(user, report.get_absolute_url()).status_code == 404
    client_of(cast.director).post(reverse("reports:publish", args=[report.pk]))
    rows = next(row for row in get(user, LIST).context["sections"] if row.level == L.INSTITUTION).rows
    assert {row.title: row.report for row in rows} == {
        cast.institution.short_name: report,
        cast.other_institution.short_name: None,
    }
    page = get(user, report.get_absolute_url())
    assert page.status_code == 200
    text = page.content.decode()
    assert "/evidence/" not in text
    assert not {token for token, place in cast.tokens.items() if place.startswith("user:") and token in text} - {
        token for token, place in cast.tokens.items() if place.startswith(f"user:{who}.")
    }
    for code in ("Q3", "Q10"):
        assert get(user, reverse("reports:evidence", args=[report.pk, code])).status_code == 404


def test_who_sends_a_report_reads_before_whose_reports_it_lacks(cast: Cast) -> None:
    """What is missing holds nothing up (domain 3.9), but nobody publishes without knowing it."""
    draft_reports(cast)
    report = QuarterlyReport.objects.get(level=L.REGION, region=cast.region)
    page = get(cast.ministry, reverse("reports:publish", args=[report.pk]))
    assertContains(page, "Нет отчётов")
    assertContains(page, cast.institution.short_name)


@pytest.mark.requirement("S2-41", "S0-70")
def test_the_resource_centre_reads_the_figures_of_all_institutions_together(cast: Cast) -> None:
    enrol(cast)
    enrol(cast, cast.other_specialist)
    report_at(cast, L.INSTITUTION, S.RECEIVED)
    report = report_at(cast, L.REGION, S.PUBLISHED)
    page = get(cast.resource_centre, report.get_absolute_url())
    lines = {row["line"].indicator.code: row for _title, rows in page.context["sections"] for row in rows}
    enrolled = lines["Q3"]["line"]
    assert (enrolled.values.quarter.number, enrolled.lower) == (2, 1), "one institution has sent its report so far"
    assert not [row["url"] for row in lines.values() if row["url"]], "and no figure opens the families"
    assertContains(page, cast.other_institution.short_name)


def test_what_the_report_of_the_region_has_taken_in_waits_for_nobody(cast: Cast) -> None:
    report_at(cast, L.INSTITUTION, S.PUBLISHED)
    assert "1 ждёт вас" in get(cast.ministry, LIST).content.decode()
    report_at(cast, L.REGION, S.PUBLISHED)
    page = get(cast.ministry, LIST)
    assert "ждёт вас" not in page.content.decode()
    institutions = next(row for row in page.context["sections"] if row.level == L.INSTITUTION)
    assert [bool(row.steps) for row in institutions.rows if row.report] == [True], "they may still be taken"


@pytest.mark.parametrize(("who", "route"), [("ministry", "reports:list"), ("resource_centre", "reports:list")])
def test_the_first_page_of_the_region(cast: Cast, who: str, route: str) -> None:
    assert get(getattr(cast, who), reverse("home")).url == reverse(route)


def test_files_are_for_who_takes_them(cast: Cast) -> None:
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    do_work()
    urls = [reverse("records:document", args=[paper.pk]) for paper in IssuedDocument.objects.filter(owner_id=report.pk)]
    takers = {"ministry": 200, "director": 200, "head": 200, "resource_centre": 403, "auditor": 403}
    for who, status in takers.items():
        assert get(getattr(cast, who), urls[0]).status_code == status, who
    for who in ("specialist", "other_director", "foreign_ministry"):
        assert get(getattr(cast, who), urls[0]).status_code == 404, who
    newest = get(cast.ministry, report.get_absolute_url()).context["files"]["files"]
    types = {row["kind"]: get(cast.ministry, row["url"]).headers["Content-Type"] for row in newest}
    assert types["PDF"] == "application/pdf"
    assert types["XLSX"].endswith("spreadsheetml.sheet")
    assert AccessEvent.objects.filter(user=cast.ministry, action=AccessAction.DOWNLOAD).count() == 3
    assert get(cast.resource_centre, report.get_absolute_url()).context["files"] is None


def test_every_number_opens_the_families_it_counted(cast: Cast) -> None:
    case = enrol(cast)
    enrol(cast, cast.neighbour)
    report = report_at(cast, L.SPECIALIST, S.SUBMITTED)
    page = get(cast.specialist, report.get_absolute_url())
    urls = {
        row["line"].indicator.code: row["url"]
        for _title, rows in page.context["sections"]
        for row in rows
        if row["url"]
    }
    assert {"Q3", "Q10"} <= set(urls)
    assert "Q4" not in urls
    for user in (cast.specialist, cast.head, cast.director):
        listed = get(user, urls["Q3"])
        assert [line.counted.case_id for line in listed.context["found"].lines] == [case.pk]
        assert reverse("casework:case", args=[case.pk]) in listed.content.decode()
        event = AccessEvent.objects.get(user=user, route="reports:evidence")
        assert (event.action, event.object_ids) == (AccessAction.LIST, [case.family_id])
    assert get(cast.colleague, urls["Q3"]).status_code == 404
    assert get(cast.auditor, urls["Q3"]).status_code == 404


def test_evidence_of_the_institution_is_the_directors(cast: Cast) -> None:
    enrol(cast)
    report = report_at(cast, L.INSTITUTION, S.SUBMITTED)
    url = reverse("reports:evidence", args=[report.pk, "Q3"])
    assert get(cast.director, url).status_code == 200
    assert get(cast.head, url).status_code == 404
    assert get(cast.director, reverse("reports:evidence", args=[report.pk, "Q99"])).status_code == 404


def test_a_restricted_family_is_counted_and_not_named(cast: Cast) -> None:
    case = enrol(cast)
    case.family.title = "Незабудкина"
    case.family.save()
    restrict(family=case.family, reason="Угроза", actor=cast.director)
    report = report_of(cast, L.DEPARTMENT)
    page = get(cast.head, reverse("reports:evidence", args=[report.pk, "Q3"]))
    assert page.context["found"].total == 1
    assert "Незабудкина" not in page.content.decode()


@pytest.mark.parametrize("code", ["Q3", "Q13", "Q14", "Q6b", "Q1", "Q2", "Q7", "Q12"])
def test_evidence_of_every_kind_of_object_is_shown(cast: Cast, code: str) -> None:
    report = report_of(cast, L.INSTITUTION)
    assert get(cast.director, reverse("reports:evidence", args=[report.pk, code])).status_code == 200


def test_the_chain_by_its_pages(cast: Cast) -> None:
    report = report_of(cast, L.SPECIALIST)
    specialist, head = client_of(cast.specialist), client_of(cast.head)
    submit, back, accept = (reverse(f"reports:{name}", args=[report.pk]) for name in ("submit", "return", "accept"))
    assert submit in specialist.get(report.get_absolute_url()).content.decode()
    assert specialist.get(submit).status_code == 200
    assert head.post(submit).status_code == 403
    assert specialist.post(submit).url == report.get_absolute_url()
    assert specialist.post(accept).status_code == 403
    assert "reason" in head.post(back, {"reason": ""}).context["form"].errors
    head.post(back, {"reason": "Нет посещений сентября"})
    assert "Нет посещений сентября" in specialist.get(report.get_absolute_url()).content.decode()
    following = QuarterlyReport.objects.get(previous=report)
    assert "Нет посещений сентября" in specialist.get(following.get_absolute_url()).content.decode()
    # A page left open since then does no harm.
    assert head.post(accept, follow=True).status_code == 200
    report.refresh_from_db()
    assert report.state == S.RETURNED
    specialist.post(reverse("reports:submit", args=[following.pk]))
    head.post(reverse("reports:accept", args=[following.pk]))
    following.refresh_from_db()
    assert following.state == S.ACCEPTED


def test_a_fall_is_written_with_a_real_minus(cast: Cast) -> None:
    report = report_at(cast, L.DEPARTMENT, S.GENERATED)
    report.values.filter(code="Q13").update(quarter_number=87, before_number=100)
    assertContains(get(cast.head, report.get_absolute_url()), "\N{MINUS SIGN}13&nbsp;%")


def test_what_waits_for_the_director_is_not_offered_to_the_author_to_send(cast: Cast) -> None:
    """The author reads who is next and what for, is offered no button that would be refused, and told the same."""
    report_at(cast, L.DEPARTMENT, S.SUBMITTED)
    report = report_of(cast, L.INSTITUTION)
    name_author(report=report, author=cast.head, actor=cast.director)
    url, words = report.get_absolute_url(), "Сначала директор принимает или возвращает эти отчёты: "
    first = f"{words}{cast.department.title}."

    def to_do() -> list[str]:
        sections = get(cast.head, LIST).context["sections"]
        [row] = next(section.rows for section in sections if section.level == L.INSTITUTION)
        return [str(step) for step in row.steps]

    shown = get(cast.head, url)
    assertContains(shown, "Директор сначала принимает или возвращает отчёты отделений.")
    assertContains(shown, f"<p data-user-content>{cast.department.title}</p>", html=True)
    assertNotContains(shown, f"{url}submit/")
    assert to_do() == []
    for send in (client_of(cast.head).get, client_of(cast.head).post):
        refused = send(f"{url}submit/", follow=True)
        assert refused.redirect_chain == [(url, 302)]
        assert [str(message) for message in refused.context["messages"]] == [first]
    take_step(report=report_of(cast, L.DEPARTMENT), step=Step.ACCEPT, actor=cast.director)
    assertContains(get(cast.head, url), f"{url}submit/")
    assert to_do() == ["Представить"]


def test_the_director_finds_among_the_steps_that_an_author_is_to_be_named(cast: Cast) -> None:
    """The list and the head of the page name the step while nobody is named, to the director alone."""
    report = report_of(cast, L.INSTITUTION)
    button = f'<a class="button" href="{report.get_absolute_url()}author/">'

    def named_to(user: User) -> tuple[bool, bool]:
        sections = get(user, LIST).context["sections"]
        [row] = next(section.rows for section in sections if section.level == L.INSTITUTION)
        return "Назначить составителя" in map(str, row.steps), button in get(
            user, row.report.get_absolute_url()
        ).content.decode()

    assert named_to(cast.director) == (True, True)
    assert named_to(cast.head) == (False, False)
    name_author(report=report, author=cast.head, actor=cast.director)
    assert named_to(cast.director) == (False, False)
    assertContains(get(cast.director, report.get_absolute_url()), f"{report.get_absolute_url()}author/")


@pytest.mark.parametrize(
    ("level", "who", "words"),
    [
        (L.SPECIALIST, "head", "Записи за квартал закрываются"),
        (L.DEPARTMENT, "director", "Его показатели войдут в отчёт учреждения"),
        (L.INSTITUTION, "director", "когда вы его опубликуете"),
    ],
)
def test_who_accepts_reads_what_it_brings_about(cast: Cast, level: ReportLevel, who: str, words: str) -> None:
    report = report_at(cast, level, S.SUBMITTED)
    assertContains(get(cast.people[who], f"{report.get_absolute_url()}accept/"), words)


def test_the_head_takes_the_specialists_reports_before_the_department_sends_its_own(cast: Cast) -> None:
    report_at(cast, L.SPECIALIST, S.SUBMITTED)
    report = report_of(cast, L.DEPARTMENT)
    shown = get(cast.head, report.get_absolute_url())
    assertContains(shown, "Заведующий отделением сначала принимает или возвращает отчёты специалистов.")
    assertNotContains(shown, f"{report.get_absolute_url()}submit/")


def test_changed_figures_stop_the_sending_once(cast: Cast) -> None:
    report = report_of(cast, L.SPECIALIST)
    enrol(cast)
    client = client_of(cast.specialist)
    answer = client.post(reverse("reports:submit", args=[report.pk]), follow=True)
    report.refresh_from_db()
    assert report.state == S.GENERATED
    assert len(list(answer.context["messages"])) == 1
    client.post(reverse("reports:submit", args=[report.pk]))
    report.refresh_from_db()
    assert report.state == S.SUBMITTED


def test_the_director_names_the_author_who_then_finds_it(cast: Cast) -> None:
    report = report_of(cast, L.INSTITUTION)
    url = reverse("reports:author", args=[report.pk])
    assert get(cast.specialist, report.get_absolute_url()).status_code == 404
    client = client_of(cast.director)
    offered = {user.pk for user in client.get(url).context["form"].fields["author"].queryset}
    assert cast.specialist.pk in offered
    assert cast.other_specialist.pk not in offered
    client.post(url, {"author": cast.specialist.pk})
    page = get(cast.specialist, report.get_absolute_url())
    assert page.status_code == 200
    named = f"<span data-user-content>{cast.specialist}</span>"
    assert f"отчёт директору представляет {named}" in page.context["next_step"]
    assert get(cast.head, url).status_code == 403


@pytest.mark.requirement("S1-62")
def test_the_analysis_is_written_until_the_report_is_sent(cast: Cast) -> None:
    report = report_of(cast, L.DEPARTMENT)
    client, url = client_of(cast.head), reverse("reports:analysis", args=[report.pk])
    client.post(url, {"analysis": "Посещений больше, чем год назад.", "version": report.version})
    assert "Посещений больше" in client.get(report.get_absolute_url()).content.decode()
    client.post(reverse("reports:submit", args=[report.pk]))
    assert client.get(url).status_code == 403


def test_a_correction_is_begun_with_a_reason(cast: Cast) -> None:
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    enrol(cast)
    client, url = client_of(cast.director), reverse("reports:correct", args=[report.pk])
    assert get(cast.head, url).status_code == 403
    answer = client.post(url, {"reason": "Опоздавшая запись"})
    edition = QuarterlyReport.objects.get(previous=report)
    assert answer.url == edition.get_absolute_url()
    page = client.get(edition.get_absolute_url())
    assert page.context["changed"][0].indicator.code == "Q3"
    assert "Опоздавшая запись" in page.content.decode()
    assert "reason" not in client.post(url, {"reason": "Снова"}).context["form"].errors.get("reason", "")


def test_the_making_of_files_is_shown_and_tried_again(cast: Cast) -> None:
    report = report_at(cast, L.SPECIALIST, S.SUBMITTED)
    client, files = client_of(cast.specialist), reverse("reports:files", args=[report.pk])
    assert 'hx-trigger="every 3s"' in client.get(report.get_absolute_url()).content.decode()
    WorkOrder.objects.update(state=WorkState.FAILED, attempts=5, finished_at="2026-10-01T00:00:00Z")
    page = client.get(report.get_absolute_url()).content.decode()
    assert files in page
    assert "every 3s" not in page
    client.post(files)
    assert WorkOrder.objects.get().state == WorkState.QUEUED
    do_work()
    assert len(client.get(report.get_absolute_url()).context["files"]["files"]) == 2
    assert get(cast.auditor, report.get_absolute_url()).context["files"] is None
    assert client_of(cast.auditor).post(files).status_code == 403


def test_files_of_an_earlier_state_are_not_offered(cast: Cast) -> None:
    """Between the publishing and the making of its files, neither page leads to the file made before it."""
    report = report_at(cast, L.INSTITUTION, S.ACCEPTED)
    do_work()
    former = reverse("records:document", args=[rendering.files_of(report)[0].pk])
    client = client_of(cast.director)
    assert all(former in client.get(url).content.decode() for url in (LIST, report.get_absolute_url()))
    take_step(report=report, step=Step.PUBLISH, actor=cast.director)
    for url in (LIST, report.get_absolute_url()):
        assert former not in client.get(url).content.decode()
    do_work()
    newest = reverse("records:document", args=[rendering.files_of(report)[0].pk])
    assert newest != former
    assert all(newest in client.get(url).content.decode() for url in (LIST, report.get_absolute_url()))


def test_the_pages_say_what_happens_next(cast: Cast) -> None:
    """To every edition of every level somebody does something, or it is said that nothing is left to do."""
    moves = {(level, state) for move in MOVES for level in move.levels for state in (move.source, move.target)}
    assert moves == set(NEXT_STEPS)
    report = report_at(cast, L.DEPARTMENT, S.SUBMITTED)
    assert str(NEXT_STEPS[L.DEPARTMENT, S.SUBMITTED]) in get(cast.head, report.get_absolute_url()).content.decode()
    institution = report_of(cast, L.INSTITUTION)
    unnamed = get(cast.director, institution.get_absolute_url())
    assert unnamed.context["next_step"] != NEXT_STEPS[L.INSTITUTION, S.GENERATED]
    assert f"<p data-user-content>{cast.department.title}</p>" in unnamed.content.decode()
    assert unnamed.context["missing"] == [cast.second_department.title]
    assert "inside" in get(cast.specialist, LIST).context


def test_an_accepted_report_goes_into_the_one_above_while_that_is_a_draft(cast: Cast) -> None:
    report = report_at(cast, L.SPECIALIST, S.ACCEPTED)
    assert next_step(report) == str(NEXT_STEPS[L.SPECIALIST, S.ACCEPTED])
    above = report_of(cast, L.DEPARTMENT)
    take_step(report=above, step=Step.SUBMIT, actor=cast.head)
    assert next_step(report) == str(ABOVE_IS_FIXED)
    assert str(ABOVE_IS_FIXED) in get(cast.specialist, report.get_absolute_url()).content.decode()
    with pgtrigger.ignore():
        QuarterlyReport.objects.filter(pk=report.pk).update(year=report.year - 1)
    report.refresh_from_db()
    assert next_step(report) == str(NOTHING_ABOVE)


def queries(user: User, url: str) -> int:
    client = client_of(user)
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


@pytest.mark.parametrize("who", ["head", "director", "ministry", "resource_centre"])
def test_the_list_costs_the_same_for_any_number_of_units(cast: Cast, who: str) -> None:
    user = getattr(cast, who)
    report_at(cast, L.INSTITUTION, S.PUBLISHED)
    before = queries(user, LIST)
    for _number in range(4):
        InstitutionFactory.create(region=cast.region)
        AppointmentFactory.create(department=DepartmentFactory.create(institution=cast.institution))
        AppointmentFactory.create(department=cast.department)
    draft_reports(cast)
    assert queries(user, LIST) == before


def test_evidence_costs_the_same_for_any_number_of_families(cast: Cast) -> None:
    enrol(cast)
    report = report_of(cast, L.DEPARTMENT)
    url = reverse("reports:evidence", args=[report.pk, "Q3"])
    before = queries(cast.director, url)
    for _number in range(8):
        enrol(cast)
    assert queries(cast.director, url) == before


@pytest.mark.requirement("Q11")
def test_the_months_behind_the_monthly_contacts_are_shown_with_how_they_were_kept(cast: Cast) -> None:
    quarter = last_quarter(cast)
    case = make_case(
        cast.specialist.appointments.get(),
        opened_on=quarter.starts_on,
        stages=[(Stage.ACTIVE, quarter.starts_on)],
        enrolled_on=quarter.starts_on,
    )
    CuratorAssignment.objects.create(
        case=case, curator=cast.specialist, starts_on=quarter.starts_on, assigned_by=cast.head
    )
    hold_visit(case, quarter.starts_on)
    months = list(months_from(quarter.starts_on, quarter.ends_on))
    report = report_of(cast, L.SPECIALIST)
    url = reverse("reports:evidence", args=[report.pk, "Q11"])
    assertContains(get(cast.specialist, report.get_absolute_url()), url)
    draft = get(cast.specialist, url)
    report = report_at(cast, L.SPECIALIST, S.SUBMITTED)
    hold_visit(case, months[1])
    submitted = get(cast.specialist, url)
    for page in (draft, submitted):
        text = page.content.decode().replace("\N{NO-BREAK SPACE}", " ")
        assert f"№ {case.number}" in text
        for month, words in zip(months, ("контакт был", "контакта не было", "контакта не было"), strict=True):
            assert f"{month:%m.%Y} — {words}" in text


def test_the_running_quarter_is_shown_as_counted_now_and_kept_nowhere(cast: Cast) -> None:
    """Domain 3.9, OPEN: a preview for those in the chain, each of the own unit."""
    today = cast.institution.today()
    running = Quarter.containing(today)
    address = reverse("reports:list") + f"?quarter={running}"
    for person, number in (("specialist", 1), ("colleague", 0), ("head", 1), ("second_head", 0), ("director", 1)):
        user = getattr(cast, person)
        if person == "specialist":
            make_case(user.appointments.get(), opened_on=today, stages=[(Stage.ACTIVE, today)], enrolled_on=today)
        page = get(user, address)
        assertContains(page, "предварительно")
        lines = {row["line"].indicator.code: row["line"] for _title, rows in page.context["sections"] for row in rows}
        assert lines["Q3"].values.quarter.number == number, person
        assertContains(get(user, reverse("reports:list")), f"?quarter={running}")
    assert not QuarterlyReport.objects.filter(year=running.year, quarter=running.number).exists()
    for user in (cast.ministry, cast.resource_centre, cast.auditor):
        assertNotContains(get(user, address), "предварительно")
