"""Papers of diagnosis and programme: what the templates in `templates/print/casework/` are given."""

from datetime import date
from typing import Any

from django.utils import translation
from django.utils.text import capfirst

from accounts.models import User
from accounts.signatures import represented, signatory
from casework.enums import AssessmentMethod, BasisBody, ExecutorKind, ProgrammeKind
from casework.models import (
    AgencyNotice,
    Assessment,
    CaseProblem,
    FamilyResource,
    NeedAssessment,
    ProgrammeActivity,
    SocialDiagnosis,
    SupportAgreement,
    SupportCase,
    SupportProgramme,
)
from casework.models.diagnosis import SCALES
from common.calendar import add_months
from common.names import FEMALE, MALE, sex_by
from common.phones import display as phone_shown
from common.tables import Column, Kind, Table
from common.text import long_date, number_sign, short_date, signature_name, signed
from families.models import Consent, FamilyCategory, FamilyMembership, FamilyRiskGroup, FamilyStatus
from records.models import IssuedDocument
from records.services.documents import issue_document

PROGRAMME, AGREEMENT = "casework.programme", "casework.agreement"
ASSESSMENT = "casework.assessment"

PROGRAMME_HEADINGS: dict[str, str] = {
    ProgrammeKind.INDIVIDUAL: "ИНДИВИДУАЛЬНАЯ ПРОГРАММА",
    ProgrammeKind.INTERAGENCY: "МЕЖВЕДОМСТВЕННАЯ ИНДИВИДУАЛЬНАЯ ПРОГРАММА",
}
NAMED = {FEMALE: "именуемая далее", MALE: "именуемый далее"}
APPROVING: dict[str, str] = {
    BasisBody.COORDINATION_COUNCIL: "координационного совета",
    BasisBody.WORKING_GROUP: "межведомственной рабочей группы",
    BasisBody.PRECINCT_COMMISSION: "участковой социальной комиссии",
}
"""Of which body the chair approves a programme."""

REVIEW_MONTHS = 6


CaseRecord = SupportProgramme | SupportAgreement | AgencyNotice | Assessment | SocialDiagnosis | NeedAssessment


def issue_of_case(row: CaseRecord, kind: str, actor: User, **paper: Any) -> IssuedDocument:
    """Freeze a paper of a record of a case as PDF; `paper` is what else `issue_document` asks for."""
    case = row.case
    return issue_document(
        kind=kind,
        owner_kind=kind,
        owner_id=row.pk,
        actor=actor,
        region=case.region,
        institution=case.institution,
        family_id=case.family_id,
        **paper,
    )


def issue_programme(*, actor: User, programme: SupportProgramme) -> IssuedDocument:
    """A version of the programme as a frozen PDF (documents 5.4)."""
    case = programme.case
    with translation.override("ru"):
        context = programme_context(programme)
    return issue_of_case(
        programme,
        PROGRAMME,
        actor,
        title="Индивидуальная программа социального сопровождения",
        template="print/casework/programme.html",
        context=context,
        issued_on=programme.approved_on or case.institution.today(),
        number=programme.number,
    )


def programme_context(programme: SupportProgramme) -> dict[str, Any]:
    """Everything that the programme's paper shows, in Russian."""
    case = programme.case
    problems = CaseProblem.objects.filter(case=case, resolved_on=None).select_related("kind", "member__person")
    diagnosis = SocialDiagnosis.objects.filter(case=case).order_by("-on", "-pk").first()
    activities = list(
        programme.activities.select_related("executor_user", "executor_partner", "executor_member__person")
    )
    members = members_on(case, programme.drafted_on)
    agreed, reviews = programme.agreed_with, _reviews(programme)
    return {
        "programme": programme,
        "kind": PROGRAMME_HEADINGS[programme.kind],
        **_approval(programme),
        "facts": _facts(programme, members),
        "composition": composition(members),
        "problems": list(problems),
        "diagnosis": diagnosis,
        "resources": list(FamilyResource.objects.filter(case=case)),
        "activities": _activities(activities, case.institution.short_name),
        "commitments": [row.title for row in activities if row.executor_kind == ExecutorKind.FAMILY],
        "reviews": reviews or [programme.ends_on],
        "is_interim": bool(reviews),
        "versions": _versions(programme),
        "signatories": [
            {"post": "Представитель семьи", "name": agreed.short_name if agreed else ""},
            {"post": "Куратор", "name": case.curator.get_short_name() if case.curator else ""},
        ],
    }


def _approval(programme: SupportProgramme) -> dict[str, Any]:
    """Which body approved the version by which minutes, and who chaired it; lines to be filled while nobody did."""
    decision = ""
    if programme.approved_on:
        title = programme.basis_title or programme.get_basis_body_display()
        decision = f"{title}, протокол {number_sign(programme.basis_number)} от {long_date(programme.approved_on)}"
    leads = _who_approves(programme)
    approver = {"post": leads, "name": programme.basis_chair}
    return {"approved_by": decision, "approver": approver, "approved_on": None}


def _who_approves(programme: SupportProgramme) -> str:
    """Who signs the approval; of which body is said here only before its decision, which names the body itself."""
    if programme.basis_body == BasisBody.TEAM_DECISION:
        return "Руководитель команды"
    if programme.approved_on:
        return "Председатель"
    policy = programme.case.region.policy_on(programme.case.institution.today())
    return f"Председатель {APPROVING.get(policy.approving_body, '')}".strip()


def _facts(programme: SupportProgramme, members: list[FamilyMembership]) -> list[tuple[str, Any]]:
    case = programme.case
    day = programme.drafted_on
    categories = FamilyCategory.objects.filter(family=case.family).on(day).select_related("category")
    statuses: list[FamilyStatus | FamilyRiskGroup] = [
        *FamilyStatus.objects.filter(family=case.family).on(day),
        *FamilyRiskGroup.objects.filter(family=case.family).on(day),
    ]
    representatives = [row.person.full_name for row in members if row.is_representative]
    decision = ""
    if programme.approved_on:
        title = programme.basis_title or programme.get_basis_body_display()
        decision = f"{title}, № {programme.basis_number} от {short_date(programme.approved_on)}"
    return [
        ("Законный представитель", ", ".join(representatives)),
        ("Адрес", case.family.address),
        ("Категории", "; ".join(str(row.category) for row in categories)),
        ("Статус", "; ".join(_status(row) for row in statuses)),
        ("Куратор", case.curator.get_full_name() if case.curator else ""),
        ("Основание", decision),
        ("Срок", f"с {short_date(programme.starts_on)} по {short_date(programme.ends_on)}"),
    ]


def _status(row: FamilyStatus | FamilyRiskGroup) -> str:
    """The status, or the group, with the day since which it holds."""
    title = row.get_kind_display() if isinstance(row, FamilyStatus) else row.get_group_display()
    return f"{title} (с {short_date(row.starts_on)})"


def members_on(case: SupportCase, day: date) -> list[FamilyMembership]:
    """The members of the family on `day`, with the people."""
    return list(FamilyMembership.objects.filter(family=case.family).on(day).select_related("person"))


def composition(members: list[FamilyMembership]) -> Table:
    """Who is of the family, for the head of a paper."""
    columns = [
        Column("Фамилия, имя, отчество", 40),
        Column("Дата рождения", 15, Kind.DATE),
        Column("Кем приходится", 20),
    ]
    rows = [(row.person.full_name, row.person.birth_date, row.get_role_display()) for row in members]
    return Table("", columns, rows)


def _activities(rows: list[ProgrammeActivity], institution: str) -> Table:
    columns = [
        Column("№", 4, Kind.CENTRED),
        Column("Раздел", 13),
        Column("Мероприятие и его цель", 34),
        Column("Исполнитель", 24),
        Column("Срок, периодичность", 15),
        Column("Выполнение, результат", 18),
    ]
    cells = [
        (
            str(place),
            row.get_section_display(),
            "\n".join(part for part in (row.title, row.purpose) if part),
            _executor(row, institution),
            term_of(row),
            _fulfilment(row),
        )
        for place, row in enumerate(rows, start=1)
    ]
    return Table("", columns, cells)


def term_of(row: ProgrammeActivity) -> str:
    """By when an activity is done, and how often."""
    return "\n".join(part for part in (f"до {short_date(row.due_on)}" if row.due_on else "", row.frequency) if part)


def _executor(row: ProgrammeActivity, institution: str) -> str:
    if row.executor_user:
        return f"{institution}\n{row.executor_user.get_short_name()}"
    if row.executor_partner:
        return row.executor_partner.title
    return f"Семья: {row.executor_member.person.short_name}" if row.executor_member else ""


def _fulfilment(row: ProgrammeActivity) -> str:
    if row.state == "PLANNED":
        return ""
    times = f"{row.done_times} из {row.planned_times}" if row.planned_times > 1 else ""
    return "\n".join(part for part in (row.get_state_display(), times, row.result) if part)


def _reviews(programme: SupportProgramme) -> list[date]:
    """Days of the intermediate reviews: every half-year before the last day of the term."""
    days = [add_months(programme.starts_on, REVIEW_MONTHS * count) for count in (1, 2)]
    return [day for day in days if day < programme.ends_on]


def _versions(programme: SupportProgramme) -> Table:
    columns = [Column("Версия", 8, Kind.CENTRED), Column("Номер", 12), Column("Утверждена", 14, Kind.DATE)]
    earlier = SupportProgramme.objects.filter(case=programme.case, edition__lte=programme.edition).order_by("edition")
    rows = [(str(row.edition), row.number, row.approved_on, row.change_reason) for row in earlier]
    return Table("Лист изменений", [*columns, Column("Что изменено и почему", 50)], rows)


def issue_agreement(*, actor: User, agreement: SupportAgreement) -> IssuedDocument:
    """The support agreement as a frozen PDF (documents 5.5)."""
    case = agreement.case
    with translation.override("ru"):
        context = agreement_context(agreement)
    return issue_of_case(
        agreement,
        AGREEMENT,
        actor,
        title="Договор о социальном сопровождении",
        template="print/casework/agreement.html",
        context=context,
        issued_on=agreement.signed_on or case.institution.today(),
        number=agreement.number,
    )


def agreement_context(agreement: SupportAgreement) -> dict[str, Any]:
    """The parties, the term and what each undertakes; the programme, which is the annex."""
    case = agreement.case
    day = agreement.signed_on or case.institution.today()
    person = agreement.representative
    consents = Consent.objects.filter(family=case.family).in_force(day).filter(given_by=person)
    consent = consents.order_by("-given_on", "-pk").first()
    institution = case.institution
    address = case.family.address_for_papers
    phone = phone_shown(person.phone or case.family.phone)
    return programme_context(agreement.programme) | {
        "agreement": agreement,
        "institution": institution,
        "represented": represented(
            agreement.signatory_post, agreement.institution_signatory, agreement.signatory_ground
        ),
        "named": NAMED.get(person.sex or sex_by(person.patronymic), "далее"),
        "person": person,
        "address": address,
        "document": person.identity_document,
        "phone": phone,
        "curator": case.curator.get_full_name() if case.curator else "",
        "consent": consent,
        "parties": [
            {
                "title": "Учреждение",
                "lines": [institution.full_name, institution.address, institution.phone, institution.email],
                "post": capfirst(agreement.signatory_post),
                "name": signature_name(agreement.institution_signatory),
            },
            {
                "title": "Семья",
                "lines": [person.full_name, person.identity_document, address, phone],
                "post": "Представитель семьи",
                "name": person.short_name,
            },
        ],
    }


def issue_assessment(*, actor: User, assessment: Assessment) -> IssuedDocument:
    """The sheet of an assessment on the nine scales as a frozen PDF."""
    return issue_of_case(
        assessment,
        ASSESSMENT,
        actor,
        title="Лист оценки состояния семьи",
        template="print/casework/assessment.html",
        context=assessment_context(assessment),
        issued_on=assessment.on,
        number=assessment.number,
    )


def assessment_context(assessment: Assessment) -> dict[str, Any]:
    """The scores beside those of the assessment before."""
    earlier = Assessment.objects.filter(case=assessment.case, on__lt=assessment.on).order_by("-on", "-pk").first()
    columns = [
        Column("Показатель", 50),
        *(Column(title, 14, Kind.CENTRED) for title in ("Балл", "Прежде", "Изменение")),
    ]
    rows = []
    for scale in SCALES:
        score = getattr(assessment, scale)
        before = getattr(earlier, scale) if earlier else None
        title = str(Assessment._meta.get_field(scale).verbose_name).capitalize()  # type: ignore[union-attr]
        rows.append((title, str(score), str(before) if earlier else "", signed(score - before) if earlier else ""))
    total = [str(earlier.total), signed(assessment.total - earlier.total)] if earlier else ["", ""]
    return {
        "assessment": assessment,
        "facts": [
            ("Семья", assessment.case.family.title),
            ("Вид оценки", assessment.get_purpose_display()),
            ("Методы", ", ".join(str(AssessmentMethod(code).label) for code in assessment.methods)),
        ],
        "scores": Table("", columns, rows, ("Итого", str(assessment.total), *total)),
        "signatories": [signatory(assessment.by, assessment.by_for, title="Специалист")],
    }
