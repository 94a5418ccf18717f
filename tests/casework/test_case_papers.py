"""Every part that the documents of a case ask for, in its order: road map, agreement, sheet of an assessment."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from accounts.models import RegionPolicy, User
from accounts.signatures import signatory
from casework.diagnosis_papers import diagnosis_context, need_context
from casework.enums import ActivityState, ExecutorKind, NeedConclusion, ProgrammeKind, ProgrammeState, Stage
from casework.models import (
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
from casework.papers import agreement_context, assessment_context, programme_context
from casework.services import activities, agreements, diagnosis
from casework.services import programmes as services
from common.calendar import add_months
from common.pdf import render_html
from common.text import long_date, short_date
from families.enums import StatusKind
from families.models import Family, Person
from tests.casework.conftest import CaseAt
from tests.cast import Cast, client_of
from tests.factories.families import ConsentFactory, FamilyCategoryFactory, FamilyStatusFactory
from tests.factories.partners import PartnerFactory
from tests.factories.programmes import activity_of, draft_agreement, drafted, mother_of, programme_at


def spaced(text: str) -> str:
    return " ".join(text.split())


def words_of(name: str, context: dict[str, Any]) -> str:
    """The text of a paper without its markup."""
    html = render_html(f"print/casework/{name}.html", context, title="Документ")
    return spaced(unescape(re.sub(r"<[^>]+>", " ", html.split("<body")[1])))


def check_order(text: str, parts: list[str]) -> None:
    """The parts stand in the text one after another."""
    place = 0
    for part in parts:
        found = text.find(spaced(part), place)
        assert found >= 0, part
        place = found


@pytest.mark.requirement("D4")
def test_the_paper_has_every_part_of_a_road_map(cast: Cast, at: CaseAt) -> None:
    """Parts in their order: the family, what was found out, goals, activities, commitments, reviews, signatures."""
    case = at(Stage.ACTIVE)
    today = case.institution.today()
    Family.objects.filter(pk=case.family_id).update(street="ул. Лесная", house="4")
    FamilyStatusFactory.create(family=case.family, kind=StatusKind.HARDSHIP, starts_on=date(2025, 9, 1))
    category = FamilyCategoryFactory.create(family=case.family).category
    kind = ProblemKind.objects.get(code="family-housing")
    CaseProblem.objects.create(case=case, kind=kind, found_on=case.opened_on, not_addressed="решает администрация")
    written = SocialDiagnosis(case=case, on=today, text="Семья в кризисе.")
    diagnosis.save_diagnosis(diagnosis=written, actor=cast.specialist)
    FamilyResource.objects.create(case=case, kind="RELATIVES", description="Бабушка помогает", found_on=today)
    first = programme_at(ProgrammeState.ACTIVE, case, author=cast.specialist, head=cast.head)
    staff = {"executor_kind": ExecutorKind.STAFF, "executor_user": cast.specialist, "executor_member": None}
    clinic = PartnerFactory.create(institution=cast.institution, title="Районная поликлиника")
    helped = {"executor_kind": ExecutorKind.PARTNER, "executor_partner": clinic}
    plan = {"frequency": "2 раза в месяц", "planned_times": 12, "position": 2}
    talk = activity_of(first, title="Беседа", purpose="снизить тревогу", section="PSYCHOLOGICAL", **staff, **plan)
    activity_of(first, title="Осмотр", section="MEDICAL", position=3, **helped)
    activities.set_progress(
        activity=talk, state=ActivityState.DONE, on=today, actor=cast.specialist, result="Мать спокойнее"
    )
    goals = {"family_goals": "Найти работу", "expected_results": "Доход выше минимума"}
    row = drafted(case, cast.specialist, change_reason="Ребёнок пошёл в школу", **goals)
    services.agree(programme=row, on=today, person=mother_of(case).person, actor=cast.specialist)
    newer = SupportProgramme.objects.select_related("case__family", "case__institution").get(pk=row.pk)
    mother, child = (membership.person for membership in case.family.memberships.order_by("pk"))
    parts = [
        f"Версия 2 от {long_date(today)}",
        *("Законный представитель", mother.full_name, "ул. Лесная", str(category), "трудная жизненная ситуация"),
        *(cast.specialist.get_full_name(), short_date(newer.starts_on), short_date(newer.ends_on)),
        *(child.full_name, short_date(child.birth_date), "Проблемы семьи", str(kind), "решает администрация"),
        *("Социальный диагноз", "Семья в кризисе.", "Бабушка помогает"),
        *("Цель и ожидаемые результаты", newer.goal, "Найти работу", "Доход выше минимума"),
        *("Мероприятия", "Оформить пособие", "Обязательства семьи", f"Итоговая оценка {long_date(newer.ends_on)}"),
        *("Рекомендации специалистов для семьи не обязательны", f"согласована с семьёй {long_date(today)}"),
        *("Представитель семьи", mother.short_name, "Лист изменений", "Ребёнок пошёл в школу"),
    ]
    check_order(words_of("programme", programme_context(newer)), parts)
    former = SupportProgramme.objects.select_related("case__family", "case__institution").get(pk=first.pk)
    text = words_of("programme", programme_context(former))
    for part in (
        *(
            former.number,
            "УТВЕРЖДЕНО",
            "протокол № 12",
            "психологический",
            "снизить тревогу",
            "2 раза в месяц",
        ),
        *(cast.specialist.get_short_name(), "Мать спокойнее", clinic.title, f"Семья: {mother.short_name}"),
    ):
        assert spaced(part) in text, part


@pytest.mark.requirement("S3-33")
def test_the_kind_of_a_programme_is_named_on_page_list_and_paper(cast: Cast, at: CaseAt) -> None:
    row = drafted(at(Stage.CONTRACTING), cast.specialist, kind=ProgrammeKind.INTERAGENCY)
    label = str(ProgrammeKind.INTERAGENCY.label)
    page = client_of(cast.specialist).get(f"/programmes/{row.pk}/").content.decode()
    assert f"<dd>{label}</dd>" in page
    assert f'<div class="sub">{label.capitalize()}, ' in page
    assert "МЕЖВЕДОМСТВЕННАЯ ИНДИВИДУАЛЬНАЯ ПРОГРАММА" in words_of("programme", programme_context(row))


@pytest.mark.requirement("D4")
def test_an_assessment_before_the_last_day_is_interim(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    today = case.institution.today()
    review = add_months(today, 6)
    row = drafted(case, cast.specialist, starts_on=today, ends_on=review + timedelta(days=1))
    assert spaced(f"Промежуточная оценка {long_date(review)}") in words_of("programme", programme_context(row))
    row.ends_on = review
    assert spaced(f"Итоговая оценка {long_date(review)}") in words_of("programme", programme_context(row))


@pytest.mark.requirement("D4")
def test_a_programme_that_waits_says_the_chair_of_which_body_approves_it(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    row = drafted(case, cast.specialist)
    RegionPolicy.objects.filter(region=case.region).update(approving_body="WORKING_GROUP")
    assert "УТВЕРЖДАЮ Председатель межведомственной рабочей группы" in words_of("programme", programme_context(row))


@pytest.mark.requirement("D5")
def test_the_agreement_has_what_both_parties_undertake(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    today = case.institution.today()
    Family.objects.filter(pk=case.family_id).update(street="ул. Лесная", house="4", phone="+79161234567")
    mother = mother_of(case).person
    Person.objects.filter(pk=mother.pk).update(document_kind="PASSPORT", document_number="123456")
    consent = ConsentFactory.create(family=case.family, subject=mother)
    programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    agreement = draft_agreement(programme, author=cast.specialist)
    agreements.sign(agreement=agreement, on=today, actor=cast.director)
    stored = SupportAgreement.objects.select_related("representative", "programme", "case__family").get(pk=agreement.pk)
    parts = [
        *("ДОГОВОР", long_date(today), f"№ {stored.number}"),
        *(cast.institution.full_name, "действует директор И. И. Иванов (основание полномочий: устав)"),
        *(mother.full_name, long_date(mother.birth_date), "123456", "ул. Лесная", "+7 916 123-45-67"),
        *("1. Предмет договора", f"по индивидуальной программе № {programme.number}"),
        *("2. Срок", long_date(stored.starts_on), long_date(stored.ends_on)),
        *("3. Учреждение", f"назначает куратора ({cast.specialist.get_full_name()})", "не реже одного раза в месяц"),
        *("сохраняет в тайне", "рекомендации специалистов для Семьи не обязательны"),
        *("4. Семья", "выполняет мероприятия", "принимает куратора", "отвечает за полноту и достоверность"),
        *("5. Прекращение", "при отказе Семьи, при достижении целей", "непреодолимых препятствиях"),
        *("6. Персональные данные", f"согласия от {long_date(consent.given_on)} № {consent.number}"),
        *(
            "7. Заключительные положения",
            "в двух экземплярах",
            "8. Адреса, реквизиты и подписи сторон",
            "Директор",
            "И. И. Иванов",
        ),
        *(
            "Представитель семьи",
            mother.short_name,
            "Приложение к договору",
            "ИНДИВИДУАЛЬНАЯ ПРОГРАММА",
            programme.goal,
        ),
    ]
    check_order(words_of("agreement", agreement_context(stored)), parts)


@pytest.mark.requirement("D17")
def test_the_sheet_of_an_assessment_shows_scores_and_their_change(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    today = case.institution.today()
    for days_ago, score, words in ((10, 1, {}), (0, 3, {"conclusion": "Положение улучшилось."})):
        row = Assessment(case=case, on=today - timedelta(days=days_ago), purpose="INTERIM", methods=["TALK"], **words)
        for scale in SCALES:
            setattr(row, scale, score)
        diagnosis.assess(assessment=row, actor=cast.specialist)
    text = words_of("assessment", assessment_context(row))
    parts = ["ЛИСТ ОЦЕНКИ", long_date(today), case.family.title, "беседа", "3 1 +2", "Итого 27 9 +18"]
    check_order(text, [*parts, "Положение улучшилось.", cast.specialist.get_short_name()])
    assert text.count("3 1 +2") == len(SCALES) == 9


def needing(cast: Cast, case: SupportCase, **values: Any) -> NeedAssessment:
    known = {"on": case.institution.today(), "by": cast.specialist, "conclusion": NeedConclusion.NEEDS}
    row = NeedAssessment.objects.create(case=case, **(known | values))
    if row.conclusion == NeedConclusion.NEEDS:
        row.criteria.set(NeedCriterion.objects.order_by("position")[:2])
    return row


@pytest.mark.requirement("S0-18")
def test_the_conclusion_on_need_names_criteria_reasons_and_who_signs(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.DIAGNOSTIC)
    mother = mother_of(case).person
    row = needing(cast, case, note="Доход ниже прожиточного минимума")
    first, second = row.criteria.order_by("position")
    check_order(
        words_of("need", need_context(row)),
        [
            *("ЗАКЛЮЧЕНИЕ", "о нуждаемости семьи", long_date(row.on), "1. Семья", case.family.title, case.number),
            *(mother.full_name, "2. Критерии", first.title, second.title, "3. Обоснование", row.note),
            *("4. Заключение", "Семья нуждается в социальном сопровождении", cast.specialist.get_short_name()),
            *("ознакомлен представитель семьи", mother.short_name),
        ],
    )
    refuted = needing(cast, case, conclusion=NeedConclusion.DOES_NOT_NEED)
    text = words_of("need", need_context(refuted))
    check_order(text, ["Не выявлены", "3. Заключение", "Семья не нуждается в социальном сопровождении"])
    assert "Обоснование" not in text


def test_the_papers_of_the_intake_name_whom_a_deputy_stands_in_for(cast: Cast, at: CaseAt) -> None:
    """Clarifications, Accounts: both names stand in print, of the diagnosis, its verification and the need."""
    case, deputy = at(Stage.DIAGNOSTIC), User.objects.get(pk=cast.deputy.pk)
    deputy.work_as(next(row for row in deputy.appointments_in_force if row.is_deputy))
    on = case.institution.today()
    row = diagnosis.save_diagnosis(diagnosis=SocialDiagnosis(case=case, on=on, text="Семье трудно"), actor=deputy)
    need = NeedAssessment(case=case, on=on, conclusion=NeedConclusion.DOES_NOT_NEED)
    need = diagnosis.assess_need(assessment=need, criteria=[], actor=deputy)
    line = signatory(deputy, cast.head, default="специалист")
    assert line in need_context(need)["signatories"]
    assert diagnosis_context(row)["signatories"] == [line]
    row.by_for = None
    diagnosis.verify_diagnosis(diagnosis=row, on=on, how="посещение", actor=deputy)
    assert diagnosis_context(row)["signatories"] == [signatory(deputy, default="специалист"), line]


@pytest.mark.requirement("S1-50")
def test_the_card_of_diagnosis_has_all_that_the_intake_found_out(cast: Cast, at: CaseAt) -> None:
    """Family, problems, resources, diagnosis with the mark of verification, the last conclusion on need."""
    case = at(Stage.DIAGNOSTIC)
    today = case.institution.today()
    mother = mother_of(case)
    kind = ProblemKind.objects.get(code="parent-employment")
    CaseProblem.objects.create(case=case, kind=kind, member=mother, found_on=today, description="Нет работы с весны")
    FamilyResource.objects.create(case=case, kind="RELATIVES", description="Бабушка рядом", found_on=today)
    row = SocialDiagnosis.objects.create(case=case, on=today, by=cast.specialist, text="Семье трудно")
    unverified = words_of("diagnosis", diagnosis_context(row))
    check_order(unverified, ["Сведения не проверены", "Нуждаемость не оценена"])
    row.verified_on, row.verified_by, row.verified_how = today, cast.head, "посещение"
    row.save()
    needing(cast, case, conclusion=NeedConclusion.DOES_NOT_NEED, on=today - timedelta(days=1))
    needing(cast, case)
    check_order(
        words_of("diagnosis", diagnosis_context(row)),
        [
            *("КАРТА ПЕРВИЧНОЙ ДИАГНОСТИКИ", "1. Семья", mother.person.full_name, "2. Проблемы", kind.title),
            *("Нет работы с весны", mother.person.short_name, short_date(today), "3. Ресурсы", "Бабушка рядом"),
            *("4. Социальный диагноз", "Семье трудно", "Сведения проверены", cast.head.get_short_name(), "посещение"),
            *("5. Заключение", "Семья нуждается", cast.specialist.get_short_name(), cast.head.get_short_name()),
        ],
    )
