"""Forms of a case: a creating one is taken once, and what is typed into a long one is kept until it is sent."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from casework.enums import ProgrammeState, Stage
from casework.models import (
    AgencyNotice,
    Assessment,
    CaseProblem,
    FamilyResource,
    NeedAssessment,
    NeedCriterion,
    ProblemKind,
    SocialDiagnosis,
    SupportAgreement,
    SupportCase,
    SupportProgramme,
)
from casework.models.diagnosis import SCALES
from common.calendar import add_months
from records.models import Draft
from tests.casework.conftest import CaseAt
from tests.cast import Cast, client_of
from tests.factories.partners import PartnerFactory
from tests.factories.programmes import drafted, mother_of, programme_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(cast: Cast) -> Client:
    return client_of(cast.specialist)


def day(case: SupportCase, months: int = 0) -> str:
    return f"{add_months(case.institution.today(), months):%d.%m.%Y}"


def term(case: SupportCase) -> dict[str, Any]:
    return {"starts_on": day(case), "ends_on": day(case, 6)}


def problem(case: SupportCase) -> dict[str, Any]:
    kind = ProblemKind.objects.get(code="family-housing")
    return {"kind": kind.pk, "severity": "LOW", "description": "Ветхий дом", "found_on": day(case)}


def resource(case: SupportCase) -> dict[str, Any]:
    return {"kind": "RELATIVES", "description": "Бабушка", "found_on": day(case)}


def diagnosis(case: SupportCase) -> dict[str, Any]:
    return {"on": day(case), "text": "Семья в кризисе"}


def need(case: SupportCase) -> dict[str, Any]:
    return {"on": day(case), "criteria": [NeedCriterion.objects.all()[0].pk], "conclusion": "NEEDS"}


def assessment(case: SupportCase) -> dict[str, Any]:
    return {"on": day(case), "purpose": "INITIAL", "methods": ["TALK"], **dict.fromkeys(SCALES, 2)}


def programme(case: SupportCase) -> dict[str, Any]:
    return {"kind": "INDIVIDUAL", "goal": "Цель", **term(case)}


def notice(case: SupportCase) -> dict[str, Any]:
    addressee = PartnerFactory.create(institution=case.institution)
    known = {"subject": "ENROLLED", "legal_basis": "NO_PERSONAL_DATA", "text": "О постановке"}
    return {"addressee": addressee.pk, **known}


@pytest.mark.requirement("L19")
@pytest.mark.parametrize(
    ("form", "model", "typed"),
    [
        ("problems/new", CaseProblem, problem),
        ("resources/new", FamilyResource, resource),
        ("diagnosis/new", SocialDiagnosis, diagnosis),
        ("need", NeedAssessment, need),
        ("assessments/new", Assessment, assessment),
        ("programmes/new", SupportProgramme, programme),
        ("notices/new", AgencyNotice, notice),
    ],
)
def test_a_form_sent_twice_makes_one_record(
    at: CaseAt, web: Client, form: str, model: type[Model], typed: Callable[[SupportCase], dict[str, Any]]
) -> None:
    case = at(Stage.CONTRACTING)
    url, data = f"/cases/{case.pk}/{form}/", typed(case)
    before = model._base_manager.count()
    refused = web.post(url, data)
    assert "submission" in refused.context["form"].errors
    data["submission"] = str(web.get(url).context["form"]["submission"].value())
    answers = [web.post(url, data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert model._base_manager.count() == before + 1


@pytest.mark.requirement("L19")
def test_an_agreement_sent_twice_is_one(cast: Cast, at: CaseAt, web: Client) -> None:
    case = at(Stage.CONTRACTING)
    programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    url = f"/cases/{case.pk}/agreement/new/"
    data = {
        "representative": mother_of(case).person_id,
        "institution_signatory": "И. И. Иванов",
        "signatory_post": "директор",
        "signatory_ground": "устав",
        "starts_on": f"{programme.starts_on:%d.%m.%Y}",
        "ends_on": f"{programme.ends_on:%d.%m.%Y}",
        "submission": str(web.get(url).context["form"]["submission"].value()),
    }
    assert [web.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert SupportAgreement.objects.filter(case=case).count() == 1


@pytest.mark.requirement("L1")
@pytest.mark.parametrize(
    ("form", "field", "typed"),
    [
        ("problems/new", "description", problem),
        ("diagnosis/new", "text", diagnosis),
        ("need", "note", need),
        ("programmes/new", "goal", programme),
        ("notices/new", "text", notice),
    ],
)
def test_what_is_typed_is_kept_until_it_is_sent(
    at: CaseAt, web: Client, form: str, field: str, typed: Callable[[SupportCase], dict[str, Any]]
) -> None:
    case = at(Stage.CONTRACTING)
    url = f"/cases/{case.pk}/{form}/"
    shown = web.get(url)
    [keep] = re.findall(r'data-draft-url="([^"]+)"', shown.content.decode())
    key = str(shown.context["form"]["submission"].value())
    data = typed(case) | {"submission": key}
    assert web.post(keep, data | {field: "Начато и не закончено"}).status_code == 200
    assert "Начато и не закончено" in web.get(url).content.decode()
    assert web.post(url, data).status_code == 302
    assert not Draft.objects.exists()


def test_a_form_with_errors_shows_what_was_typed_now_and_speaks_of_no_draft(at: CaseAt, web: Client) -> None:
    case = at(Stage.CONTRACTING)
    url = f"/cases/{case.pk}/diagnosis/new/"
    [keep] = re.findall(r'data-draft-url="([^"]+)"', web.get(url).content.decode())
    web.post(keep, {"on": day(case), "text": "Начато вчера"})
    assert "Восстановлено из черновика" in web.get(url).content.decode()
    refused = web.post(url, {"on": "31.02.2026", "text": "Написано сейчас"})
    told = refused.content.decode()
    assert refused.status_code == 200
    assert "Написано сейчас" in told
    assert "Восстановлено из черновика" not in told
    assert "Удалить черновик" not in told


@pytest.mark.requirement("L1")
def test_rows_of_activities_are_kept_as_well(cast: Cast, at: CaseAt, web: Client) -> None:
    case = at(Stage.CONTRACTING)
    row = drafted(case, cast.specialist)
    url = f"/programmes/{row.pk}/activities/"
    shown = web.get(url)
    [keep] = re.findall(r'data-draft-url="([^"]+)"', shown.content.decode())
    typed = {"activities-TOTAL_FORMS": 3, "activities-INITIAL_FORMS": 1, "activities-2-title": "Кружок для детей"}
    assert web.post(keep, typed | {"version": row.version}).status_code == 200
    assert "Кружок для детей" in web.get(url).content.decode()


@pytest.mark.requirement("L1")
def test_the_draft_of_one_case_is_not_shown_in_another(at: CaseAt, web: Client) -> None:
    first, second = at(Stage.CONTRACTING), at(Stage.CONTRACTING)
    [keep] = re.findall(r'data-draft-url="([^"]+)"', web.get(f"/cases/{first.pk}/diagnosis/new/").content.decode())
    web.post(keep, {"on": day(first), "text": "Только об этой семье"})
    assert "Только об этой семье" in web.get(f"/cases/{first.pk}/diagnosis/new/").content.decode()
    assert "Только об этой семье" not in web.get(f"/cases/{second.pk}/diagnosis/new/").content.decode()
