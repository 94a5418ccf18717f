"""The programme of support: its states, guards, versions, activities, pages, paper."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext

from accounts.models import AccessEvent
from casework import registry
from casework.access import may_approve_programme
from casework.enums import (
    ActivityState,
    BasisBody,
    ExecutorKind,
    Ground,
    GuardCode,
    ProgrammeKind,
    ProgrammeState,
    Stage,
)
from casework.models import (
    CaseEvent,
    CaseProblem,
    ProblemKind,
    ProgrammeActivity,
    SocialDiagnosis,
    SupportCase,
    SupportProgramme,
)
from casework.papers import programme_context
from casework.services import activities
from casework.services import programmes as services
from casework.services.diagnosis import save_diagnosis
from common.calendar import add_months
from common.pdf import render_html
from common.text import long_date
from councils.models import Council
from families.enums import RiskGroup, StatusKind
from partners.models import PartnerOrganisation
from records.models import Attachment, IssuedDocument
from tests.casework.conftest import CaseAt
from tests.casework.sending import new
from tests.cast import Cast, client_of
from tests.factories.accounts import RegionPolicyFactory
from tests.factories.casework import duty_of
from tests.factories.councils import body
from tests.factories.families import FamilyRiskGroupFactory, FamilyStatusFactory, household
from tests.factories.partners import PartnerFactory
from tests.factories.programmes import COUNCIL, activity_of, drafted, mother_of, programme_at, scan

DAY = timedelta(days=1)
State = ProgrammeState
At = Callable[..., SupportProgramme]


@pytest.fixture
def case(at: CaseAt) -> SupportCase:
    return at(Stage.CONTRACTING)


@pytest.fixture
def programme(cast: Cast) -> At:
    def build(state: ProgrammeState, case: SupportCase) -> SupportProgramme:
        return programme_at(state, case, author=cast.specialist, head=cast.head)

    return build


def trace(programme: SupportProgramme) -> tuple[Any, ...]:
    row = SupportProgramme.objects.filter(pk=programme.pk).values().get()
    return (*row.items(), programme.history.count(), CaseEvent.objects.filter(case=programme.case_id).count())


@pytest.mark.requirement("S0-63", "S4-16")
def test_what_a_programme_needs_before_it_is_submitted(cast: Cast, case: SupportCase) -> None:
    """An open problem without an activity, and a programme without the family, are refused; one agency is a warning."""
    problem = CaseProblem.objects.create(
        case=case, kind=ProblemKind.objects.get(code="parent-employment"), found_on=case.opened_on
    )
    row = drafted(case, cast.specialist)
    row.activities.all().delete()
    staff = {"executor_kind": ExecutorKind.STAFF, "executor_user": cast.specialist}
    activity = activity_of(row, **staff)
    state = services.readiness(row)
    assert (state.unanswered, state.lacks_family, state.one_agency) == ((problem,), True, True)
    head, warning = client_of(cast.head), "Все исполнители из одного ведомства"
    for tail in ("", "submit/"):
        assert warning in head.get(f"/programmes/{row.pk}/{tail}").content.decode(), tail
    today = case.institution.today()
    with pytest.raises(ValidationError) as refused:
        services.agree(programme=row, on=today, person=mother_of(case).person, actor=cast.specialist)
    assert len(refused.value.messages) == 2
    SupportProgramme.objects.filter(pk=row.pk).update(
        state=State.AGREED, agreed_on=today, agreed_with=mother_of(case).person
    )
    row.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        services.submit(programme=row, on=today, actor=cast.head)
    assert len(refused.value.messages) == 2
    activity_of(row)
    problem.not_addressed = "Решается службой занятости без нас"
    problem.save()
    partner = PartnerOrganisation.objects.create(region=case.region, title="Центр занятости", type="EMPLOYMENT")
    activity_of(row, executor_kind=ExecutorKind.PARTNER, executor_partner=partner, problem=problem)
    assert services.readiness(row) == services.Readiness((), lacks_family=False, one_agency=False)
    assert warning not in head.get(f"/programmes/{row.pk}/").content.decode()
    assert activity.executor_user == cast.specialist
    services.submit(programme=row, on=today, actor=cast.head)
    assert row.state == State.SUBMITTED


@pytest.mark.requirement("S4-23")
def test_approval_numbers_the_version_and_keeps_the_decision(cast: Cast, case: SupportCase, programme: At) -> None:
    """A council's approval also puts the family on support; the version is read-only from then on (I14)."""
    row = programme(State.APPROVED, case)
    today = case.institution.today()
    case.refresh_from_db()
    assert row.number == f"1/{today.year}"
    assert (row.basis_body, row.basis_title, row.basis_number, row.approved_on) == (*COUNCIL.values(), today)
    assert (case.enrolled_on, case.basis_number) == (today, "12")
    codes = [GuardCode.JOINT_PLAN, GuardCode.PROGRAMME_APPROVED, GuardCode.ENROLLED]
    assert all(registry.guard_answers(case, codes, today).values())
    row.goal = "Другая"
    with pytest.raises(ValidationError):
        services.change_programme(programme=row, actor=cast.specialist)


@pytest.mark.parametrize(
    ("ground", "has_contract", "accepted"),
    [
        (Ground.APPLICATION, True, False),
        (Ground.SOCIAL_CONTRACT, False, False),
        (Ground.SOCIAL_CONTRACT, True, True),
    ],
)
def test_the_team_approves_under_a_social_contract_only(
    cast: Cast, at: CaseAt, programme: At, ground: Ground, has_contract: bool, accepted: bool
) -> None:
    """Clarification 3: the ground alone is not enough, a contract bears it out."""
    row = programme(State.SUBMITTED, at(Stage.CONTRACTING, ground=ground))
    today = cast.institution.today()
    if has_contract:
        duty_of(row.case.family, starts_on=today + DAY)
    team = {"body": BasisBody.TEAM_DECISION, "title": "", "number": "3", "on": today, "actor": cast.head}
    if accepted:
        services.record_approval(programme=row, scans=[scan()], **team)
        assert row.state == State.APPROVED
    else:
        for approve in (partial(services.record_approval, scans=[scan()]), services.approve_programme):
            with pytest.raises(ValidationError) as refused:
                approve(programme=SupportProgramme.objects.get(pk=row.pk), **team)
            assert "body" in refused.value.message_dict
    row.case.refresh_from_db()
    assert row.case.enrolled_on is None


@pytest.mark.requirement("S4-23", "I4")
def test_the_head_enters_what_the_body_of_the_policy_decided_and_its_minutes(
    cast: Cast, case: SupportCase, programme: At
) -> None:
    """I4: any other body than the policy of the day names is refused, and so is an approval without its minutes."""
    row, today = programme(State.SUBMITTED, case), case.institution.today()
    RegionPolicyFactory.create(region=cast.region, valid_from=today, approving_body="WORKING_GROUP")
    decision = {"title": "", "number": "5", "on": today, "actor": cast.head}
    before = trace(row)
    for other in set(BasisBody) - {BasisBody.WORKING_GROUP}:
        with pytest.raises(ValidationError) as refused:
            services.record_approval(programme=row, body=other, scans=[scan()], **decision)
        assert set(refused.value.message_dict) == {"body"}
    with pytest.raises(ValidationError) as refused:
        services.record_approval(programme=row, body=BasisBody.WORKING_GROUP, scans=[], **decision)
    assert set(refused.value.message_dict) == {"scans"}
    assert trace(row) == before
    services.record_approval(programme=row, body=BasisBody.WORKING_GROUP, scans=[scan()], **decision)
    kept = Attachment.objects.of("casework.programme", row.pk).get()
    assert (kept.family_id, kept.description) == (case.family_id, f"Протокол № 5 от {today:%d.%m.%Y}")
    assert client_of(cast.specialist).get(f"/records/attachments/{kept.pk}/").status_code == 200
    assert client_of(cast.colleague).get(f"/records/attachments/{kept.pk}/").status_code == 404


@pytest.mark.requirement("S4-23", "I4")
def test_a_body_that_keeps_its_minutes_in_the_system_is_not_entered_by_hand(
    cast: Cast, case: SupportCase, programme: At
) -> None:
    """I4: what it decides follows from signed minutes. A body of another kind, institution or time changes nothing."""
    row, today = programme(State.SUBMITTED, case), case.institution.today()
    body(cast, kind=BasisBody.WORKING_GROUP)
    body(cast, institution=cast.other_institution)
    former = body(cast, active_to=today - DAY)
    head = client_of(cast.head)
    page, entry = f"/programmes/{row.pk}/", f"/programmes/{row.pk}/approve/"
    assert entry in head.get(page).content.decode()
    Council.objects.filter(pk=former.pk).update(active_to=None)
    shown = head.get(page).content.decode()
    assert entry not in shown
    assert "Орган ведёт протоколы в системе" in shown
    decision = {"body": "COORDINATION_COUNCIL", "number": "просто так", "on": f"{today:%d.%m.%Y}", "scans": scan()}
    answer = head.post(entry, decision)
    assert "Орган ведёт протоколы в системе" in answer.context["form"].errors["body"][0]
    row.refresh_from_db()
    case.refresh_from_db()
    assert (row.state, case.enrolled_on) == (State.SUBMITTED, None)


@pytest.mark.requirement("X3")
def test_a_curator_does_not_approve_own_support(cast: Cast, at: CaseAt) -> None:
    """Access rules 6.3, 3: whoever is the curator, in any post, leaves the approval to another."""
    case = at(Stage.CONTRACTING)
    assert may_approve_programme(cast.head, case)
    case.curator = cast.head
    assert not may_approve_programme(cast.head, case)


def test_a_returned_version_is_a_draft_with_the_remark(cast: Cast, case: SupportCase, programme: At) -> None:
    row = programme(State.SUBMITTED, case)
    today = case.institution.today()
    with pytest.raises(ValidationError):
        services.record_return(programme=row, remark=" ", on=today, actor=cast.head)
    services.record_return(programme=row, remark="Добавить врача", on=today, actor=cast.head)
    assert (row.state, row.return_remark, row.agreed_on) == (State.DRAFT, "Добавить врача", None)


def test_a_family_is_asked_for_what_can_be_sent_on_and_the_page_says_what_is_missing(
    cast: Cast, case: SupportCase
) -> None:
    """Before the consent and at it: what is missing is named, and the version stays the draft it is."""
    row = drafted(case, cast.specialist)
    row.activities.all().delete()
    activity_of(row, executor_kind=ExecutorKind.STAFF, executor_user=cast.specialist)
    client, url = client_of(cast.specialist), f"/programmes/{row.pk}/"
    shown = client.get(url).content.decode()
    assert "Дальше: специалист добавляет недостающие мероприятия" in shown
    assert f'href="{url}agree/"' not in shown
    form = {"on": f"{case.institution.today():%d.%m.%Y}", "person": mother_of(case).person_id}
    refused = client.post(f"{url}agree/", form)
    assert refused.status_code == 200
    assert "Хотя бы одно мероприятие выполняет сама семья." in refused.content.decode()
    row.refresh_from_db()
    assert (row.state, row.agreed_on) == (State.DRAFT, None)
    activity_of(row, position=2)
    assert f'href="{url}agree/"' in client.get(url).content.decode()
    assert client.post(f"{url}agree/", form).status_code == 302


def test_a_change_after_the_agreement_asks_the_family_anew_and_says_so(
    cast: Cast, case: SupportCase, programme: At
) -> None:
    """The form says it before, the next page after, the timeline for good."""
    row = programme(State.AGREED, case)
    client, url = client_of(cast.specialist), f"/programmes/{row.pk}/edit/"
    for path in (url, f"/programmes/{row.pk}/activities/"):
        assert "Семья согласилась с этой версией" in client.get(path).content.decode()
    form = {"kind": row.kind, "goal": "Новая цель", "version": row.version}
    term = {name: f"{getattr(row, name):%d.%m.%Y}" for name in ("starts_on", "ends_on")}
    answer = client.post(url, form | term, follow=True)
    assert "Версия снова черновик" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.agreed_on, row.agreed_with, row.goal) == (State.DRAFT, None, None, "Новая цель")
    assert CaseEvent.objects.filter(case=case, kind="programme_changed").count() == 1
    client.post(url, form | term | {"version": row.version, "goal": "Ещё одна цель"})
    assert CaseEvent.objects.filter(case=case, kind="programme_changed").count() == 1


def test_only_an_adult_of_the_family_agrees(cast: Cast, case: SupportCase) -> None:
    row = drafted(case, cast.specialist)
    child = case.family.memberships.get(role="CHILD").person
    stranger = household(department=cast.department).memberships.get(is_head=True).person
    for person in (child, stranger):
        with pytest.raises(ValidationError):
            services.agree(programme=row, on=row.drafted_on, person=person, actor=cast.specialist)


def test_the_term_is_three_to_twelve_months(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    for months in (2, 13):
        with pytest.raises(ValidationError):
            drafted(case, cast.specialist, starts_on=today, ends_on=add_months(today, months))
    assert drafted(case, cast.specialist, starts_on=today, ends_on=add_months(today, 4)).edition == 1


@pytest.mark.requirement("S0-50", "S4-15")
def test_a_new_version_goes_on_from_the_one_in_force(cast: Cast, at: CaseAt, programme: At) -> None:
    """It says why, copies what is not finished with a link, and supersedes the old version when it is approved."""
    case = at(Stage.ACTIVE)
    first = programme(State.ACTIVE, case)
    today = case.institution.today()
    done = first.activities.get()
    activities.set_progress(
        activity=done, state=ActivityState.DONE, on=today, actor=cast.specialist, result="Пособие назначено"
    )
    open_row = activity_of(first, title="Посетить психолога", position=2)
    with pytest.raises(ValidationError):
        drafted(case, cast.specialist)
    second = drafted(case, cast.specialist, change_reason="Изменилась ситуация")
    copied = second.activities.get()
    assert (copied.copied_from, copied.title, copied.state) == (open_row, "Посетить психолога", "PLANNED")
    first.refresh_from_db()
    assert (second.edition, first.state) == (2, State.ACTIVE)
    services.agree(programme=second, on=today, person=mother_of(case).person, actor=cast.specialist)
    services.submit(programme=second, on=today, actor=cast.head)
    services.record_approval(programme=second, on=today, actor=cast.head, scans=[scan()], **COUNCIL)
    first.refresh_from_db()
    assert (first.state, first.closed_on, second.state) == (State.SUPERSEDED, today, State.ACTIVE)
    assert first.activities.count() == 2


@pytest.mark.requirement("S4-27")
def test_an_intermediate_diagnosis_leads_to_a_new_version(cast: Cast, at: CaseAt, programme: At) -> None:
    """In stage 3 the diagnosis is written anew, and the programme is changed while the old version stays in force."""
    case = at(Stage.ACTIVE)
    first, today = programme(State.ACTIVE, case), case.institution.today()
    row = SocialDiagnosis(case=case, on=today, text="Мать потеряла работу")
    save_diagnosis(diagnosis=row, actor=cast.specialist)
    page = f"/cases/{case.pk}/programmes/new/"
    term = {name: f"{getattr(first, name):%d.%m.%Y}" for name in ("starts_on", "ends_on")}
    form = {"kind": "INDIVIDUAL", "goal": "Найти работу", "change_reason": row.text}
    assert client_of(cast.specialist).post(page, new(**form, **term)).status_code == 302
    assert list(case.programmes.order_by("edition").values_list("edition", "state", "change_reason")) == [
        (1, State.ACTIVE, ""),
        (2, State.DRAFT, "Мать потеряла работу"),
    ]


@pytest.mark.requirement("S0-14", "S4-3", "S3-3")
def test_other_units_and_other_agencies_take_part_in_a_programme(cast: Cast, case: SupportCase) -> None:
    clinic = PartnerFactory.create(institution=cast.institution)
    row = drafted(case, cast.specialist)
    row.activities.all().delete()
    page = f"/programmes/{row.pk}/activities/"
    offered = client_of(cast.specialist).get(page).context["rows"].forms[0].fields
    sections = {value for value, _title in offered["section"].choices}
    assert {"LEGAL", "PSYCHOLOGICAL", "PEDAGOGICAL", "LABOUR", "LEISURE"} <= sections
    executors = [f"STAFF:{cast.neighbour.pk}", f"STAFF:{cast.other_specialist.pk}", f"PARTNER:{clinic.pk}"]
    one = {"section": "LEGAL", "title": "Помощь", "due_on": f"{row.ends_on:%d.%m.%Y}", "planned_times": 1}
    rows = [one | {"executor": executor} for executor in executors]
    assert client_of(cast.specialist).post(page, rows_data(row, *rows)).status_code == 302
    assert list(row.activities.order_by("position").values_list("executor_user", "executor_partner")) == [
        (cast.neighbour.pk, None),
        (cast.other_specialist.pk, None),
        (None, clinic.pk),
    ]


@pytest.mark.requirement("S4-26")
def test_activities_wait_for_the_signed_agreement(cast: Cast, case: SupportCase, programme: At) -> None:
    row = programme(State.APPROVED, case)
    with pytest.raises(ValidationError):
        activities.set_progress(
            activity=row.activities.get(),
            state=ActivityState.IN_PROGRESS,
            on=case.institution.today(),
            actor=cast.specialist,
        )


MOVES = {
    ActivityState.PLANNED: set(ActivityState) - {ActivityState.PLANNED},
    ActivityState.IN_PROGRESS: set(ActivityState) - {ActivityState.PLANNED},
}


@pytest.mark.parametrize("source", list(ActivityState))
def test_every_move_of_an_activity(cast: Cast, case: SupportCase, programme: At, source: ActivityState) -> None:
    row = programme(State.ACTIVE, case)
    today = case.institution.today()
    for target in ActivityState:
        closed = {"done_on": today, "result": "Итог"}
        activity = activity_of(row, state=source, **closed)
        call = {"activity": activity, "state": target, "on": today, "result": "Итог"}
        for user in (cast.head, cast.director, cast.colleague):
            with pytest.raises((PermissionDenied, ValidationError)):
                activities.set_progress(actor=user, **call)
        if target in MOVES.get(source, set()):
            activities.set_progress(actor=cast.specialist, **call)
            assert ProgrammeActivity.objects.get(pk=activity.pk).state == target
        else:
            with pytest.raises(ValidationError):
                activities.set_progress(actor=cast.specialist, **call)
            assert ProgrammeActivity.objects.get(pk=activity.pk).state == source


def test_an_end_needs_its_words(cast: Cast, case: SupportCase, programme: At) -> None:
    activity = programme(State.ACTIVE, case).activities.get()
    for state in (ActivityState.DONE, ActivityState.NOT_DONE):
        with pytest.raises(ValidationError):
            activities.set_progress(activity=activity, state=state, on=case.institution.today(), actor=cast.specialist)


def test_goals_are_reached_when_every_activity_is_closed(cast: Cast, at: CaseAt, programme: At) -> None:
    case = at(Stage.ACTIVE)
    row = programme(State.ACTIVE, case)
    today = case.institution.today()
    assert registry.guard_answers(case, [GuardCode.GOALS_REACHED], today) == {GuardCode.GOALS_REACHED: False}
    activities.set_progress(
        activity=row.activities.get(), state=ActivityState.DONE, on=today, actor=cast.specialist, result="Готово"
    )
    assert registry.guard_answers(case, [GuardCode.GOALS_REACHED], today) == {GuardCode.GOALS_REACHED: True}


def test_a_page_without_any_activity_is_not_saved(cast: Cast, case: SupportCase) -> None:
    row, client = drafted(case, cast.specialist), client_of(cast.specialist)
    row.activities.all().delete()
    refused = client.post(f"/programmes/{row.pk}/activities/", rows_data(row, {"title": "", "planned_times": 1}))
    assert refused.content.decode().count("Внесите хотя бы одно мероприятие.") == 2


def test_an_activity_is_due_before_the_programme_ends(cast: Cast, case: SupportCase) -> None:
    """Refused beside the day of the row, beside an end that would be moved before it, and when a version is agreed."""
    row, client = drafted(case, cast.specialist), client_of(cast.specialist)
    late = row.ends_on + timedelta(days=1)
    one = {"section": "SOCIAL", "title": "Пособие", "executor": f"FAMILY:{mother_of(case).pk}", "planned_times": 1}
    sent = rows_data(row, one | {"due_on": f"{late:%d.%m.%Y}", "id": row.activities.get().pk})
    refused = client.post(f"/programmes/{row.pk}/activities/", sent)
    assert_one_summary(refused, "activities-0-due_on")
    assert f"Программа заканчивается {row.ends_on:%d.%m.%Y}" in refused.content.decode()
    row.activities.update(due_on=row.ends_on)
    row.ends_on -= timedelta(days=1)
    with pytest.raises(ValidationError) as shortened:
        services.change_programme(programme=row, actor=cast.specialist)
    assert list(shortened.value.message_dict) == ["ends_on"]
    row.refresh_from_db()
    row.activities.update(due_on=late)
    assert not services.readiness(row).is_ready
    assert "Срок позже окончания программы" in client.get(row.get_absolute_url()).content.decode()


def term_of(today: date) -> dict[str, str]:
    """Half a year from today, as it is typed."""
    return {"starts_on": f"{today:%d.%m.%Y}", "ends_on": f"{add_months(today, 6):%d.%m.%Y}"}


def rows_data(programme: SupportProgramme, *rows: dict[str, Any]) -> dict[str, Any]:
    programme.refresh_from_db()
    prefix = "activities"
    initial = sum("id" in row for row in rows)
    data: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for place, row in enumerate(rows):
        data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return data | {"version": programme.version}


def assert_one_summary(response: Any, field: str) -> None:
    """The form came back, and says once what is wrong, with a link to the field."""
    assert response.status_code == 200
    assert response.content.decode().count('class="error-summary"') == 1
    assert f'href="#id_{field}"' in response.content.decode()


@pytest.mark.requirement("S4-23", "S3-14", "S3-33", "S4-14")
def test_the_pages_from_the_draft_to_the_approval(cast: Cast, case: SupportCase) -> None:
    client, head = client_of(cast.specialist), client_of(cast.head)
    today = case.institution.today()
    day = f"{today:%d.%m.%Y}"
    goals = {"kind": "INTERAGENCY", "goal": "Цель", "family_goals": "Наши цели"} | term_of(today)
    assert client.post(f"/cases/{case.pk}/programmes/new/", new(**goals)).status_code == 302
    row = SupportProgramme.objects.get(case=case)
    mother = mother_of(case)
    one = {
        "section": "SOCIAL",
        "title": "Оформить пособие",
        "executor": f"FAMILY:{mother.pk}",
        "due_on": day,
        "planned_times": 1,
    }
    clinic = PartnerFactory.create(institution=cast.institution, title="Районная поликлиника")
    two = one | {
        "section": "PSYCHOLOGICAL",
        "title": "Беседа с психологом",
        "executor": f"STAFF:{cast.specialist.pk}",
        "due_on": "",
        "frequency": "2 раза в месяц",
        "planned_times": 12,
    }
    three = one | {"section": "MEDICAL", "title": "Осмотр врача", "executor": f"PARTNER:{clinic.pk}"}
    page = f"/programmes/{row.pk}/activities/"
    asked = client.get(page).content.decode()
    assert "data-rows-add" in asked
    assert re.search(r'for="id_activities-0-due_on">\s*Срок', asked)
    bad = client.post(page, rows_data(row, one | {"executor": ""}))
    assert_one_summary(bad, "activities-0-executor")
    assert not row.activities.exists()
    assert client.post(page, rows_data(row, one, two)).status_code == 302
    titles = list(row.activities.values_list("position", "title", "executor_kind", "planned_times"))
    assert titles == [(1, "Оформить пособие", "FAMILY", 1), (2, "Беседа с психологом", "STAFF", 12)]
    first, second = row.activities.all()
    kept = rows_data(row, one | {"id": first.pk, "DELETE": "on"}, two | {"id": second.pk, "title": "Занятие"})
    assert client.post(page, kept | {"version": 1}).status_code == 200
    assert client.post(page, kept).status_code == 302
    assert list(row.activities.values_list("position", "title")) == [(1, "Занятие")]
    assert client.post(page, rows_data(row, two | {"id": second.pk}, one, three)).status_code == 302
    assert "отказ от них не считается нарушением" in client.get(f"/programmes/{row.pk}/agree/").content.decode()
    assert client.post(f"/programmes/{row.pk}/agree/", {"on": day, "person": mother.person_id}).status_code == 302
    assert head.post(f"/programmes/{row.pk}/submit/", {"on": day}).status_code == 302
    decision = {"body": "COORDINATION_COUNCIL", "title": "Совет при главе", "chair": "О. П. Черных", "number": "5"}
    decision |= {"on": day, "scans": scan()}
    asked = head.get(f"/programmes/{row.pk}/approve/").content.decode()
    assert "Цель" in asked
    assert "утверждение нельзя отменить" in asked.casefold()
    assert head.post(f"/programmes/{row.pk}/approve/", decision).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.agreed_with, row.basis_number) == (State.APPROVED, mother.person, "5")
    assert row.basis_chair == "О. П. Черных"
    assert row.kind == ProgrammeKind.INTERAGENCY
    assert list(row.activities.values_list("executor_partner", flat=True)) == [None, None, clinic.pk]
    shown = client.get(f"/programmes/{row.pk}/").content.decode()
    texts = ("Наши цели", "Оформить пособие", "Беседа с психологом", "Совет при главе", "Протокол.pdf", clinic.title)
    assert all(text in shown for text in texts)


@pytest.mark.parametrize(
    ("name", "reads", "writes", "decides"),
    [
        ("specialist", 200, 200, 403),
        ("head", 200, 403, 200),
        ("director", 200, 403, 403),
        ("colleague", 404, 404, 404),
        ("second_head", 404, 404, 404),
        ("other_director", 404, 404, 404),
        ("member", 404, 404, 404),
        ("ministry", 404, 404, 404),
    ],
)
def test_who_reads_writes_and_decides(
    cast: Cast, case: SupportCase, programme: At, name: str, reads: int, writes: int, decides: int
) -> None:
    row = programme(State.SUBMITTED, case)
    client = client_of(cast.people[name])
    assert client.get(f"/cases/{case.pk}/programmes/").status_code == reads
    assert client.get(f"/programmes/{row.pk}/").status_code == reads
    assert client.get(f"/cases/{case.pk}/programmes/new/").status_code == writes
    for page in ("approve", "return"):
        assert client.get(f"/programmes/{row.pk}/{page}/").status_code == decides
    for page, allowed in (("edit", writes), ("agree", writes), ("submit", decides)):
        past = client.get(f"/programmes/{row.pk}/{page}/")
        assert past.status_code == (302 if allowed == 200 else allowed)
        assert allowed != 200 or past.headers["Location"] == f"/programmes/{row.pk}/"
    assert AccessEvent.objects.filter(user=cast.people[name], family_id=case.family_id).exists() == (reads == 200)


@pytest.mark.requirement("S4-14", "S1-101", "S0-63")
def test_the_paper(cast: Cast, case: SupportCase, programme: At) -> None:
    """Frozen as PDF under its number; it says what the family undertakes and that advice is advice."""
    FamilyStatusFactory.create(family=case.family, kind=StatusKind.HARDSHIP, starts_on=date(2025, 9, 1))
    FamilyRiskGroupFactory.create(family=case.family, group=RiskGroup.RISK_GROUP, starts_on=date(2025, 9, 1))
    row = programme(State.APPROVED, case)
    row.basis_chair = "О. П. Черных"
    text = render_html("print/casework/programme.html", programme_context(row), title="Программа")
    for part in (
        "Рекомендации специалистов для семьи не обязательны",
        "Оформить пособие",
        mother_of(case).person.full_name,
        "Координационный совет, №\xa012",
        "УТВЕРЖДЕНО",
        f"Координационный совет, протокол № 12 от {long_date(case.institution.today())}".replace("№ ", "№\xa0"),
        "О. П. Черных",
        "трудная жизненная ситуация (с 01.09.2025); семья группы риска (с 01.09.2025)",
        cast.specialist.get_full_name(),
        "Лист изменений",
    ):
        assert part in text
    assert re.search(r"<td>Представитель семьи</td><td class=\"line\"></td>", text), "the line for its signature"
    response = client_of(cast.specialist).post(f"/programmes/{row.pk}/print/")
    paper = IssuedDocument.objects.get(owner_kind="casework.programme", owner_id=row.pk)
    assert response.url == f"/records/documents/{paper.pk}/"
    assert (paper.number, paper.family_id, bytes(paper.pdf)[:4]) == (row.number, case.family_id, b"%PDF")


@pytest.mark.requirement("L20")
def test_the_page_judges_a_draft_once(cast: Cast, case: SupportCase) -> None:
    """What is missing and whose step is next are said of the same look."""
    drafted(case, cast.specialist)
    client = client_of(cast.specialist)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/cases/{case.pk}/programmes/")
    looks = [row["sql"] for row in queries if "\"not_addressed\" = ''" in row["sql"]]
    assert len(looks) == 1
    assert page.context["readiness"].is_ready
    assert page.context["next_step"] == gettext(
        "Next: the family agrees to the programme, and the specialist notes it."
    )
