"""The tab "Diagnosis": what stage 1 finds out, the guards that wait for it, and the nine scales."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AccessEvent, User
from casework import registry
from casework.assessments import measured, next_due
from casework.enums import AssessmentPurpose, GuardCode, NeedConclusion, Stage
from casework.models import (
    Assessment,
    CaseEvent,
    CaseProblem,
    FamilyResource,
    NeedAssessment,
    NeedCriterion,
    ProblemKind,
    SocialDiagnosis,
    SupportCase,
)
from casework.models.diagnosis import SCALES
from casework.services import diagnosis as services
from casework.services.stages import transition
from common.calendar import add_months, add_years
from families.models import Person
from records.models import IssuedDocument
from tests.casework.conftest import CaseAt
from tests.casework.sending import new
from tests.cast import Cast, client_of
from tests.factories.families import ConsentFactory, household

DAY = timedelta(days=1)
ASSESSMENT = dict.fromkeys(SCALES, "2") | {"purpose": "INITIAL", "methods": ["TALK", "OBSERVATION"]}


@pytest.fixture
def case(at: CaseAt) -> SupportCase:
    return at(Stage.DIAGNOSTIC)


def url(case: SupportCase, tail: str) -> str:
    return f"/cases/{case.pk}/{tail}/"


def day(case: SupportCase) -> str:
    return f"{case.institution.today():%d.%m.%Y}"


def problem_of(case: SupportCase, **values: Any) -> CaseProblem:
    known: dict[str, Any] = {"kind": ProblemKind.objects.get(code="family-housing"), "found_on": case.opened_on}
    return CaseProblem.objects.create(case=case, **(known | values))


def answers(case: SupportCase, *codes: GuardCode) -> list[bool]:
    found = registry.guard_answers(case, codes, case.institution.today())
    return [found[code] for code in codes]


@pytest.mark.requirement("S4-18", "S4-19", "S1-50", "S0-18", "S1-13")
def test_the_diagnostics_from_the_first_problem_to_the_next_stage(cast: Cast, case: SupportCase) -> None:
    """The specialist fills the tab page by page; each page opens one guard, and the head moves the case on."""
    client = client_of(cast.specialist)
    codes = (GuardCode.PROBLEM_RECORDED, GuardCode.INFORMATION_VERIFIED, GuardCode.NEED_ASSESSED)
    assert answers(case, *codes) == [False, False, False]
    kind = ProblemKind.objects.get(code="parent-low-income")
    data = new(kind=kind.pk, severity="HIGH", description="Доход ниже минимума", found_on=day(case))
    assert client.post(url(case, "problems/new"), data).status_code == 302
    assert answers(case, *codes) == [True, False, False]
    client.post(url(case, "resources/new"), new(kind="RELATIVES", description="Бабушка", found_on=day(case)))
    client.post(url(case, "diagnosis/new"), new(on=day(case), text="Семья в кризисе"))
    assert answers(case, *codes) == [True, False, False]
    written = SocialDiagnosis.objects.get(case=case)
    client.post(f"/diagnoses/{written.pk}/verify/", {"on": day(case), "how": "Справка из школы"})
    assert answers(case, *codes) == [True, True, False]
    criterion = NeedCriterion.objects.get(code="no-livelihood")
    client.post(url(case, "need"), new(on=day(case), criteria=[criterion.pk], conclusion="NEEDS"))
    assert answers(case, *codes) == [True, True, True]
    written.refresh_from_db()
    today = case.institution.today()
    assert (written.by, written.verified_by, written.verified_on) == (cast.specialist, cast.specialist, today)
    assert written.verified_how == "Справка из школы"
    assert FamilyResource.objects.get(case=case).description == "Бабушка"
    page = client.get(url(case, "diagnosis")).content.decode()
    for text in ("Низкий доход", "Доход ниже минимума", "Бабушка", "Семья в кризисе", criterion.title):
        assert text in page
    ConsentFactory.create(family=case.family)
    transition(case=case, to=Stage.CONTRACTING, actor=cast.head, on=case.institution.today())
    assert case.stage == Stage.CONTRACTING


@pytest.mark.parametrize("tail", ["problems/new", "resources/new", "diagnosis/new", "need", "assessments/new"])
def test_the_day_of_a_new_entry_is_today_until_another_is_typed(cast: Cast, case: SupportCase, tail: str) -> None:
    form = client_of(cast.specialist).get(url(case, tail)).context["form"]
    name = "found_on" if "found_on" in form.fields else "on"
    assert form[name].value() == case.institution.today()


def test_a_problem_keeps_the_day_it_was_found_on(cast: Cast, case: SupportCase) -> None:
    problem = problem_of(case, found_on=case.opened_on - DAY)
    page = client_of(cast.specialist).get(f"/problems/{problem.pk}/edit/")
    assert page.context["form"]["found_on"].value() == problem.found_on


def test_the_timeline_names_no_circumstance(cast: Cast, case: SupportCase) -> None:
    kind = ProblemKind.objects.get(code="parent-addiction")
    services.save_problem(problem=CaseProblem(case=case, kind=kind, found_on=case.opened_on), actor=cast.specialist)
    event = CaseEvent.objects.get(case=case, kind="problem_found")
    assert (event.params, event.on, event.by) == ({}, case.opened_on, cast.specialist)


@pytest.mark.requirement("S1-50")
def test_a_corrected_diagnosis_has_to_be_verified_anew(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    row = services.save_diagnosis(diagnosis=SocialDiagnosis(case=case, on=today, text="Первое"), actor=cast.specialist)
    services.verify_diagnosis(diagnosis=row, on=today, how="Выезд", actor=cast.head)
    assert row.verified_by == cast.head
    row.text = "Второе"
    services.save_diagnosis(diagnosis=row, actor=cast.specialist)
    assert answers(case, GuardCode.INFORMATION_VERIFIED) == [False]
    assert [past.text for past in row.history.order_by("history_id")] == ["Первое", "Первое", "Второе"]


@pytest.mark.requirement("S0-18")
def test_the_last_need_assessment_counts(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    criterion = NeedCriterion.objects.get(code="danger")

    def conclude(conclusion: NeedConclusion, days_ago: int) -> None:
        row = NeedAssessment(case=case, on=today - days_ago * DAY, conclusion=conclusion)
        services.assess_need(assessment=row, criteria=[criterion], actor=cast.specialist)

    codes = (GuardCode.NEED_ASSESSED, GuardCode.NEED_REFUTED)
    conclude(NeedConclusion.DOES_NOT_NEED, 2)
    assert answers(case, *codes) == [False, True]
    conclude(NeedConclusion.NEEDS, 1)
    assert answers(case, *codes) == [True, False]
    conclude(NeedConclusion.DOES_NOT_NEED, 3)
    assert answers(case, *codes) == [True, False]


@pytest.mark.requirement("S0-18")
def test_need_names_its_criteria(cast: Cast, case: SupportCase) -> None:
    response = client_of(cast.specialist).post(url(case, "need"), new(on=day(case), conclusion="NEEDS"))
    assert "criteria" in response.context["form"].errors
    assert not NeedAssessment.objects.filter(case=case).exists()


def test_days_outside_the_case_are_refused(cast: Cast, case: SupportCase) -> None:
    kind = ProblemKind.objects.get(code="family-housing")
    for found_on in (case.opened_on - DAY, case.institution.today() + DAY):
        with pytest.raises(ValidationError):
            services.save_problem(problem=CaseProblem(case=case, kind=kind, found_on=found_on), actor=cast.specialist)


def test_a_member_of_another_family_is_refused(cast: Cast, case: SupportCase) -> None:
    stranger = household(department=cast.department).memberships.get(is_head=True)
    kind = ProblemKind.objects.get(code="parent-employment")
    data = new(kind=kind.pk, member=stranger.pk, severity="LOW", found_on=day(case))
    response = client_of(cast.specialist).post(url(case, "problems/new"), data)
    assert "member" in response.context["form"].errors
    problem = CaseProblem(case=case, kind=kind, member=stranger, found_on=case.opened_on)
    with pytest.raises(ValidationError):
        services.save_problem(problem=problem, actor=cast.specialist)


@pytest.mark.parametrize(
    ("subject", "role", "taken"),
    [
        ("CHILD", "CHILD", True),
        ("CHILD", "MOTHER", False),
        ("PARENT", "MOTHER", True),
        ("PARENT", "CHILD", False),
        ("FAMILY", "MOTHER", True),
        ("FAMILY", "CHILD", True),
    ],
)
def test_a_problem_is_of_whom_its_kind_concerns(
    cast: Cast, case: SupportCase, subject: str, role: str, taken: bool
) -> None:
    kind = ProblemKind.objects.filter(subject=subject).order_by("pk").first()
    member = case.family.memberships.filter(role=role).first()
    assert kind is not None
    assert member is not None
    form = new(kind=kind.pk, member=member.pk, severity="MIDDLE", found_on=day(case))
    answer = client_of(cast.specialist).post(f"/cases/{case.pk}/problems/new/", form)
    assert (answer.status_code, case.problems.exists()) == ((302, True) if taken else (200, False))
    if not taken:
        assert list(answer.context["form"].errors) == ["member"]


def test_a_problem_is_resolved_once(cast: Cast, case: SupportCase) -> None:
    problem = problem_of(case)
    client = client_of(cast.specialist)
    assert client.post(f"/problems/{problem.pk}/resolve/", {"on": day(case)}).status_code == 302
    problem.refresh_from_db()
    assert problem.resolved_on == case.institution.today()
    again = client.post(f"/problems/{problem.pk}/resolve/", {"on": day(case)})
    assert again.context["form"].non_field_errors()


@pytest.mark.requirement("S0-8", "S1-76", "S1-96", "S1-98")
def test_the_dictionary_of_problems(db: None) -> None:
    """Six problems of a child and six of a parent as the practice lists them, housing, addiction, violence, crisis."""
    codes = set(ProblemKind.objects.values_list("code", flat=True))
    child = {"social-skills", "school-readiness", "development", "conflicts", "no-conditions", "health-awareness"}
    parent = {"problem-solving", "upbringing", "health-awareness", "low-income", "employment", "motivation"}
    other = {"family-crisis", "parent-competence", "family-violence", "child-rights", "family-housing"}
    assert {f"child-{code}" for code in child} | {f"parent-{code}" for code in parent} | other <= codes
    assert "parent-addiction" in codes


@pytest.mark.parametrize(
    ("name", "reads", "writes"),
    [
        ("specialist", 200, 200),
        ("head", 200, 200),
        ("director", 200, 403),
        ("colleague", 404, 404),
        ("neighbour", 404, 404),
        ("other_head", 404, 404),
        ("foreign_specialist", 404, 404),
        ("duty_officer", 404, 404),
        ("ministry", 404, 404),
    ],
)
def test_who_reads_and_who_writes(cast: Cast, case: SupportCase, name: str, reads: int, writes: int) -> None:
    client = client_of(cast.people[name])
    problem = problem_of(case)
    assert client.get(url(case, "diagnosis")).status_code == reads
    for page in ("problems/new", "resources/new", "diagnosis/new", "need", "assessments/new"):
        assert client.get(url(case, page)).status_code == writes
    assert client.get(f"/problems/{problem.pk}/edit/").status_code == writes


def test_services_refuse_those_who_may_not_write(cast: Cast, case: SupportCase) -> None:
    problem = problem_of(case)
    for user in (cast.director, cast.colleague, cast.other_head):
        with pytest.raises(PermissionDenied):
            services.resolve_problem(problem=problem, on=case.institution.today(), actor=user)


def test_reading_is_journaled(cast: Cast, case: SupportCase) -> None:
    client_of(cast.head).get(url(case, "diagnosis"))
    assert AccessEvent.objects.filter(user=cast.head, kind="supportcase", family_id=case.family_id).exists()


@pytest.mark.requirement("S1-105")
def test_the_nine_scales(cast: Cast, at: CaseAt) -> None:
    """Scored by nine radios and methods; the list shows the total with its change, the page a chart and a table."""
    case = at(Stage.ACTIVE)
    client = client_of(cast.specialist)
    named = "health basic_needs psychological social financial development addiction parenting climate"
    assert set(SCALES) == set(named.split())
    assert client.post(url(case, "assessments/new"), new(**ASSESSMENT, on=day(case))).status_code == 302
    row = Assessment.objects.get(case=case)
    assert (row.total, row.methods, row.by) == (18, ["TALK", "OBSERVATION"], cast.specialist)
    assert row.number.startswith("1/")
    missing = {key: value for key, value in ASSESSMENT.items() if key != "climate"}
    response = client.post(url(case, "assessments/new"), new(**missing, on=day(case)))
    assert "climate" in response.context["form"].errors
    again = client.post(url(case, "assessments/new"), new(**ASSESSMENT, on=day(case)))
    assert "on" in again.context["form"].errors
    assert Assessment.objects.filter(case=case).count() == 1


def scored(case: SupportCase, by: User, months_ago: int, score: int, purpose: str = "INTERIM") -> Assessment:
    on = add_months(case.institution.today(), -months_ago)
    values = dict.fromkeys(SCALES, score)
    row = Assessment(case=case, on=on, purpose=purpose, methods=["TALK"], **values)
    return services.assess(assessment=row, actor=by)


@pytest.mark.requirement("S1-105", "S1-106")
def test_change_and_the_next_due_day(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    assert next_due(case, []) == case.enrolled_on
    scored(case, cast.specialist, 6, 1, "INITIAL")
    scored(case, cast.specialist, 3, 3)
    scored(case, cast.specialist, 1, 2)
    rows = list(Assessment.objects.filter(case=case))
    assert [(item.since_previous, item.since_first) for item in measured(rows)] == [(-9, 9), (18, 18), (None, None)]
    assert next_due(case, rows) == add_months(rows[0].on, 6)
    page = client_of(cast.specialist).get(url(case, "diagnosis")).content.decode()
    assert "<svg" in page
    assert "1 → 3 → 2" in page


@pytest.mark.requirement("R10")
def test_a_child_who_came_of_age_is_named_at_the_next_review_and_the_case_goes_on(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    today = case.institution.today()
    child = case.family.memberships.get(role="CHILD")
    client, page = client_of(cast.specialist), url(case, "assessments/new")

    def told(first_adult_day: date) -> bool:
        Person.objects.filter(pk=child.person_id).update(birth_date=add_years(first_adult_day, -18))
        text = f"{child.person.short_name} ({first_adult_day:%d.%m.%Y}). Случай продолжается"
        return text in client.get(page).content.decode().replace("&nbsp;", "\xa0")

    assert [told(today + DAY), told(today), told(case.opened_on + DAY), told(case.opened_on)] == [
        False,
        True,
        True,
        False,
    ]
    scored(case, cast.specialist, 1, 2)
    reviewed_on = Assessment.objects.get(case=case).on
    assert [told(reviewed_on), told(reviewed_on + DAY)] == [False, True]
    child.lives_together = False
    child.save()
    assert not told(today)
    assert SupportCase.objects.get(pk=case.pk).stage == Stage.ACTIVE


@pytest.mark.requirement("S4-28")
def test_reflection_waits_for_a_final_assessment_of_its_own(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.REFLECTION)
    scored(case, cast.specialist, 3, 3, AssessmentPurpose.FINAL)
    assert answers(case, GuardCode.FINAL_ASSESSMENT) == [False]
    scored(case, cast.specialist, 0, 3, AssessmentPurpose.FINAL)
    assert answers(case, GuardCode.FINAL_ASSESSMENT) == [True]


@pytest.mark.requirement("S0-18", "S1-50")
def test_need_has_a_page_and_a_paper_and_the_diagnosis_its_card(cast: Cast, case: SupportCase) -> None:
    """Each paper is frozen and handed out with the checks of its case."""
    today = case.institution.today()
    need = NeedAssessment.objects.create(
        case=case, on=today, by=cast.specialist, conclusion=NeedConclusion.NEEDS, note="Доход ниже минимума"
    )
    need.criteria.set(criteria := list(NeedCriterion.objects.order_by("position")[:1]))
    diagnosed = SocialDiagnosis.objects.create(case=case, on=today, by=cast.specialist, text="Семье трудно")
    client = client_of(cast.specialist)
    tab = client.get(url(case, "diagnosis")).content.decode()
    assert f"/needs/{need.pk}/" in tab
    assert f"/diagnoses/{diagnosed.pk}/print/" in tab
    shown = client.get(f"/needs/{need.pk}/").content.decode()
    for part in ("Нуждается в сопровождении", criteria[0].title, "Доход ниже минимума"):
        assert part in shown, part
    for address, kind, row in (("needs", "need", need), ("diagnoses", "diagnosis", diagnosed)):
        answer = client.post(f"/{address}/{row.pk}/print/")
        paper = IssuedDocument.objects.get(owner_kind=f"casework.{kind}", owner_id=row.pk)
        assert answer.url == f"/records/documents/{paper.pk}/"
        assert (paper.family_id, bytes(paper.pdf)[:4]) == (case.family_id, b"%PDF")
        assert client.get(answer.url).status_code == 200
        assert client_of(cast.colleague).get(answer.url).status_code == 404
        assert client_of(cast.colleague).post(f"/{address}/{row.pk}/print/").status_code == 404
    paper = IssuedDocument.objects.get(owner_kind="casework.need")
    assert f"/records/documents/{paper.pk}/" in client.get(f"/needs/{need.pk}/").content.decode()
