"""What the demo tells of a family agrees with it: ages, who carries out the programme, notes of what was done."""

import re

import pytest
from django.db.models import Model

from accounts.models import Region
from casework.enums import ActivityState, ExecutorKind, LegalBasis, Stage
from casework.models import (
    AgencyNotice,
    CaseProblem,
    FamilyResource,
    ProgrammeActivity,
    ServiceRecord,
    SocialDiagnosis,
    SupportCase,
    SupportProgramme,
    Visit,
)
from common.calendar import age_on
from demo.loading import load_region
from demo.regions import REGIONS
from demo.structure import RegionData
from families.enums import FamilyRole, StatusKind
from families.models import FamilyMembership, FamilyStatus
from partners.enums import PartnerType

pytestmark = pytest.mark.django_db

P = PartnerType
GIVERS = {P.MUNICIPALITY, P.SOCIAL_SUPPORT, P.CHARITY_FUND, P.RELIGIOUS}
ABLE = {
    "MEDICAL": {P.HEALTH},
    "PSYCHOLOGICAL": {P.PPMS},
    "PEDAGOGICAL": {P.EDUCATION},
    "LEGAL": {P.SOCIAL_SUPPORT, P.PENSION_FUND},
    "SOCIAL": {P.KDN, P.PDN, P.POLICE},
    "LABOUR": {P.EMPLOYMENT},
    "LEISURE": {P.CULTURE, P.YOUTH_SPORT},
    "MATERIAL": GIVERS,
}
"""Kinds of partners that can do what a section of a programme is about."""
PROTECTORS = {P.KDN, P.PDN, P.POLICE, P.GUARDIANSHIP}
OF_PUPILS = re.compile(r"школ[уаеы]\b|школьны|уч[её]б|учител|подрост|занятий", re.IGNORECASE)
OF_SEVERAL = re.compile(r"\bдет(и|ей|ям|ьми|ях)\b", re.IGNORECASE)
OF_FATHER = re.compile(r"\bотец (?!участвует)|\bпапа\b", re.IGNORECASE)
GENERAL = (
    "Совместные занятия родителей с детьми",
    "Сообщество замещающих семей",
    "Общественная организация",
    "Школа замещающих родителей",
    "Группа поддержки",
    "Рекомендовано посещать занятия родительского клуба",
)
"""Names of clubs and kinds of work, whoever the family is."""


def written(model: type[Model], *fields: str) -> list[tuple[int, str]]:
    """Texts of a model by family; those of a programme and its activities through the case."""
    path = "programme__case__family" if model is ProgrammeActivity else "case__family"
    rows = model._default_manager.values_list(path, *fields)
    return [(family, str(text)) for family, *texts in rows for text in texts]


def texts() -> list[tuple[int, str]]:
    return [
        *written(SocialDiagnosis, "text", "verified_how"),
        *written(FamilyResource, "description"),
        *written(CaseProblem, "kind__title"),
        *written(SupportProgramme, "goal", "family_goals"),
        *written(ProgrammeActivity, "title"),
        *written(Visit, "observations", "recommendations"),
    ]


@pytest.mark.parametrize("data", REGIONS, ids=lambda region: region.code)
def test_the_lives_of_a_region(data: RegionData) -> None:
    load_region(data)
    _check_words()
    _check_children()
    _check_executors()
    _check_results()
    _check_notices()
    _check_services()


def district_of(case: SupportCase) -> int | None:
    settlement = case.family.settlement
    return settlement.parent_id if settlement else None


def _check_words() -> None:
    """School is for pupils, «дети» for several children, and a father is spoken of where there is one."""
    opened = dict(SupportCase.objects.values_list("family", "opened_on"))
    births: dict[int, list[int]] = {family: [] for family in opened}
    roles: dict[int, set[str]] = {family: set() for family in opened}
    for row in FamilyMembership.objects.select_related("person"):
        roles[row.family_id].add(row.role)
        if row.role == FamilyRole.CHILD:
            births[row.family_id].append(age_on(row.person.birth_date, opened[row.family_id]))
    known = texts()
    assert len(known) > 5 * len(opened)
    for family, text in known:
        ages = births[family]
        assert "{" not in text
        assert "|" not in text
        if text.startswith(GENERAL):
            continue
        assert not OF_PUPILS.search(text) or max(ages) >= 7, (ages, text)
        assert not OF_FATHER.search(text) or FamilyRole.FATHER in roles[family], text
        assert not OF_SEVERAL.search(text) or len(ages) > 1, (ages, text)


def _check_children() -> None:
    """A family has all its children when its case begins, and each is a minor then."""
    members = FamilyMembership.objects.filter(role=FamilyRole.CHILD).select_related("person", "family")
    assert all(row.person.birth_date <= row.family.registered_on for row in members)
    opened = dict(SupportCase.objects.values_list("family", "opened_on"))
    assert all(age_on(row.person.birth_date, opened[row.family_id]) < 18 for row in members)


def _check_executors() -> None:
    rows = ProgrammeActivity.objects.select_related("executor_partner", "programme__case__family__settlement")
    by_partners = [row for row in rows if row.executor_partner]
    assert by_partners
    for row in by_partners:
        partner, district = row.executor_partner, district_of(row.programme.case)
        assert row.executor_kind == ExecutorKind.PARTNER
        assert partner is not None
        assert partner.type in ABLE[row.section], (row, partner)
        assert partner.territory_id in {None, district}, (row, partner)
        assert partner.institution_id in {None, row.programme.case.institution_id}, (row, partner)
    fathers = FamilyMembership.objects.filter(role=FamilyRole.FATHER).values("family")
    treated = rows.filter(title="Группа взаимопомощи", programme__case__family__in=fathers)
    assert set(treated.values_list("executor_member__role", flat=True)) <= {FamilyRole.FATHER}


def _check_results() -> None:
    """A figure, a state and a note say the same."""
    done = ProgrammeActivity.objects.exclude(result="")
    assert set(done.values_list("state", flat=True)) >= {ActivityState.DONE, ActivityState.PARTLY_DONE}
    for row in done:
        told = re.findall(r"Проведено (\d+) из (\d+)", row.result)
        if row.state == ActivityState.PARTLY_DONE:
            assert told == [(str(row.done_times), str(row.planned_times))], row.result
            assert 0 < row.done_times < row.planned_times
        elif row.state == ActivityState.DONE:
            assert (told, row.done_times) == ([], row.planned_times)
        else:
            assert (row.state, row.done_times) == (ActivityState.NOT_DONE, 0)


def _check_notices() -> None:
    """By the law on children the protectors of children are told, and only of families in danger."""
    in_danger = set(FamilyStatus.objects.filter(kind=StatusKind.SOCIALLY_DANGEROUS).values_list("family", flat=True))
    notices = AgencyNotice.objects.select_related("addressee", "consent", "case__family__settlement")
    region = Region.objects.get()
    assert notices.exclude(addressee__region=region).count() == 0
    for row in notices:
        assert row.addressee.territory_id in {None, district_of(row.case)}
        if row.legal_basis == LegalBasis.CHILD_PROTECTION:
            assert row.case.family_id in in_danger
            assert row.addressee.type in PROTECTORS
        elif row.legal_basis == LegalBasis.CONSENT:
            assert row.consent is not None
            assert row.consent.names_recipient(row.addressee.title)
        else:
            assert ProgrammeActivity.objects.filter(programme__case=row.case, executor_partner=row.addressee).exists()


def _check_services() -> None:
    """Lessons are a pupil's, papers and work a grown-up's, and a partner serves the families of its own district."""
    rows = ServiceRecord.objects.select_related("title", "case__family__settlement", "partner")
    addicted = set(SupportCase.objects.filter(problems__kind__code="parent-addiction").values_list("pk", flat=True))
    for row in rows.prefetch_related("recipients"):
        ages = [age_on(person.birth_date, row.on) for person in row.recipients.all()]
        if row.title.code == "pedagogical-school":
            assert all(7 <= age < 18 for age in ages), (ages, row)
        if row.title.code.startswith(("labour-employment", "legal-")):
            assert min(ages) >= 18, (ages, row)
        if row.title.code == "medical-addiction" and row.case is not None and row.case.stage != Stage.DIAGNOSTIC:
            assert row.case_id in addicted
        if row.partner is not None and row.case is not None:
            assert row.partner.territory_id in {None, district_of(row.case)}, (row, row.partner)
    assert rows.filter(partner__isnull=False).exists()
