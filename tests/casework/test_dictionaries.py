"""The dictionaries of the room: the rows that the sources name are offered, and administrators keep them."""

from typing import Any

import pytest
from django.urls import reverse

from casework.catalogue import Catalogue
from casework.enums import AssessmentMethod, MeasureKind, RecordType, ServiceKind, Stage
from casework.models import FormOfWork, IdentificationSource, NeedCriterion, ProblemKind, ServiceTitle, SupportCase
from tests.casework.conftest import CaseAt
from tests.cast import Cast, client_of
from tests.factories.families import household

pytestmark = pytest.mark.django_db

WORKSHOPS = {"workshop-carpentry", "workshop-animation", "workshop-publishing", "workshop-cooking"}
EXPEDITION = {
    *("family-club", "parents-school-online", "consulting-point-online", "neighbours-support", "social-contract"),
    *("psychological-salon", "action", "play-club", "psychological-first-aid-kit", "marathon-workshop", "online-camp"),
    *("master-class", "family-cinema", "tent-camp-together", "tent-camp-commonwealth", "yard-playground"),
    *("field-rehabilitation", "hike", "charity-shop", "charity-bazaar", "professional-community"),
}
"""The twenty-one forms of the Tula expedition."""

CHILD = {"social-skills", "school-readiness", "development", "conflicts", "no-conditions", "health-awareness"}
PARENT = {"problem-solving", "upbringing", "health-awareness", "low-income", "employment", "motivation"}


@pytest.fixture
def case(at: CaseAt) -> SupportCase:
    return at(Stage.ACTIVE)


@pytest.fixture
def catalogue(cast: Cast, case: SupportCase) -> Catalogue:
    return Catalogue(case.family, cast.specialist, case.institution.today())


@pytest.mark.parametrize(
    "codes",
    [
        pytest.param(EXPEDITION, marks=pytest.mark.requirement("S1-17")),
        pytest.param({"career-centre", *WORKSHOPS}, marks=pytest.mark.requirement("S0-28")),
        pytest.param({"family-weekend"}, marks=pytest.mark.requirement("S0-33")),
        pytest.param({"field-rehabilitation"}, marks=pytest.mark.requirement("S1-22")),
        pytest.param({"individual-lesson"}, marks=pytest.mark.requirement("S3-22")),
        pytest.param({"social-contract"}, marks=pytest.mark.requirement("S1-19")),
        pytest.param({"consulting-point"}, marks=pytest.mark.requirement("S2-48")),
        pytest.param({"weekend-programme"}, marks=pytest.mark.requirement("S2-49")),
        pytest.param({"short-stay-group"}, marks=pytest.mark.requirement("S2-50")),
        pytest.param({"career-guidance"}, marks=pytest.mark.requirement("S2-52")),
        pytest.param({"financial-literacy"}, marks=pytest.mark.requirement("S2-53")),
    ],
)
def test_forms_of_work_are_offered_with_a_service(catalogue: Catalogue, codes: set[str]) -> None:
    assert codes <= {row.code for row in catalogue.forms_of_work.values()}


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        pytest.param(ServiceKind.LEGAL, {"legal-services", "legal-protection"}, marks=pytest.mark.requirement("S2-24")),
        pytest.param(
            ServiceKind.LABOUR,
            {"labour-potential", "labour-employment", "labour-training"},
            marks=pytest.mark.requirement("S2-25"),
        ),
    ],
)
def test_services_of_a_kind_are_offered(catalogue: Catalogue, kind: ServiceKind, codes: set[str]) -> None:
    assert codes <= {row.code for row in catalogue.titles.values() if row.service_kind == kind}


@pytest.mark.requirement("S1-7")
def test_each_of_the_seven_kinds_of_services_is_offered(catalogue: Catalogue) -> None:
    kinds = "HOUSEHOLD MEDICAL PSYCHOLOGICAL PEDAGOGICAL LABOUR LEGAL COMMUNICATION"
    titles = [row for row in catalogue.titles.values() if row.record_type == RecordType.SERVICE]
    assert {row.service_kind for row in titles} == set(kinds.split()) == set(ServiceKind.values)
    assert not any(row.measure_kind for row in titles)


@pytest.mark.requirement("S2-13")
def test_each_of_the_five_kinds_of_measures_is_offered_apart_from_services(catalogue: Catalogue) -> None:
    kinds = "MEDICAL PSYCHOLOGICAL PEDAGOGICAL LEGAL SOCIAL"
    titles = [row for row in catalogue.titles.values() if row.record_type == RecordType.SUPPORT_MEASURE]
    assert {row.measure_kind for row in titles} == set(kinds.split()) == set(MeasureKind.values)
    assert not any(row.service_kind for row in titles)


@pytest.mark.parametrize(
    ("subject", "codes"),
    [
        pytest.param("CHILD", CHILD, marks=pytest.mark.requirement("S1-96")),
        pytest.param("PARENT", PARENT, marks=pytest.mark.requirement("S1-98")),
        pytest.param("FAMILY", {"crisis"}, marks=pytest.mark.requirement("S0-8")),
    ],
)
def test_problems_are_offered(cast: Cast, case: SupportCase, subject: str, codes: set[str]) -> None:
    answer = client_of(cast.specialist).get(reverse("casework:problem_new", args=[case.pk]))
    rows = answer.context["form"].fields["kind"].queryset.filter(subject=subject)
    assert {f"{subject.lower()}-{code}" for code in codes} <= set(rows.values_list("code", flat=True))


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param("PERSONAL FINANCIAL ORGANISATIONAL", marks=pytest.mark.requirement("S1-57")),
        pytest.param(
            "RELATIVES NEIGHBOURS SERVICES CHARITIES VOLUNTEERS CHURCH OTHER", marks=pytest.mark.requirement("S1-13")
        ),
    ],
)
def test_kinds_of_resources_are_offered(cast: Cast, case: SupportCase, kinds: str) -> None:
    answer = client_of(cast.specialist).get(reverse("casework:resource_new", args=[case.pk]))
    offered = {value for value, _title in answer.context["form"].fields["kind"].choices}
    assert set(kinds.split()) <= offered


@pytest.mark.requirement("S1-81")
def test_seven_methods_of_assessment(cast: Cast, case: SupportCase) -> None:
    answer = client_of(cast.specialist).get(reverse("casework:assessment_new", args=[case.pk]))
    offered = [value for value, _title in answer.context["form"].fields["methods"].choices]
    assert offered == list(AssessmentMethod.values)
    assert len(offered) == 7


@pytest.mark.requirement("S1-65")
def test_sources_of_identification_are_offered(cast: Cast) -> None:
    family = household(department=cast.department, curator=cast.specialist)
    answer = client_of(cast.specialist).get(reverse("casework:case_open", args=[family.pk]))
    offered = set(answer.context["form"].fields["source"].queryset.values_list("code", flat=True))
    named = {"police", "school", "kindergarten", "paediatrician", "feldsher-point", "house-elder", "village-elder"}
    assert named | {"self"} <= offered


DICTIONARIES = (FormOfWork, IdentificationSource, NeedCriterion, ProblemKind, ServiceTitle)


def page(model: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:casework_{model._meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", DICTIONARIES)
def test_the_regions_administrator_keeps_dictionaries(cast: Cast, model: Any) -> None:
    """Rows are renamed and ended; the code of a row that reports use stays, and none is deleted."""
    client, row = client_of(cast.region_admin), model.objects.filter(is_system=True).first()
    assert client.get(page(model, "changelist")).status_code == 200
    form = client.get(page(model, "change", row.pk)).context["adminform"].form
    assert "code" not in form.fields
    data = {name: form[name].value() or "" for name in form.fields} | {"title": "Новое название", "code": "other"}
    assert client.post(page(model, "change", row.pk), data).status_code == 302
    code = row.code
    row.refresh_from_db()
    assert (row.title, row.code) == ("Новое название", code)
    assert client.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("name", ["specialist", "head", "director", "ministry", "system_admin"])
def test_nobody_else_keeps_dictionaries(cast: Cast, name: str) -> None:
    client = client_of(cast.people[name])
    assert {client.get(page(model, "changelist")).status_code for model in DICTIONARIES} == {403}


def test_a_row_that_has_ended_is_no_longer_offered(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    FormOfWork.objects.filter(code="hike").update(valid_to=today)
    offered = {row.code for row in Catalogue(case.family, cast.specialist, today).forms_of_work.values()}
    assert "hike" in offered
    FormOfWork.objects.filter(code="hike").update(valid_from=None, valid_to=today.replace(year=today.year - 1))
    offered = {row.code for row in Catalogue(case.family, cast.specialist, today).forms_of_work.values()}
    assert "hike" not in offered
