"""Papers of the intake: the card of the primary diagnosis, and the conclusion on need (documents 5.13)."""

from typing import Any

from django.utils import translation
from django.utils.text import capfirst

from accounts.models import User
from accounts.signatures import signatory
from casework.enums import NeedConclusion
from casework.models import CaseProblem, FamilyResource, NeedAssessment, SocialDiagnosis, SupportCase
from casework.papers import composition, issue_of_case, members_on
from common.tables import Column, Kind, Table
from common.text import long_date, number_sign
from families.models import FamilyMembership
from records.models import IssuedDocument

DIAGNOSIS, NEED = "casework.diagnosis", "casework.need"
CONCLUSIONS = {
    NeedConclusion.NEEDS: "Семья нуждается в социальном сопровождении.",
    NeedConclusion.DOES_NOT_NEED: "Семья не нуждается в социальном сопровождении.",
}


def issue_diagnosis(*, actor: User, diagnosis: SocialDiagnosis) -> IssuedDocument:
    """The card of the primary diagnosis as a frozen PDF (S1-50)."""
    with translation.override("ru"):
        context = diagnosis_context(diagnosis)
    return issue_of_case(
        diagnosis,
        DIAGNOSIS,
        actor,
        title="Карта первичной диагностики",
        template="print/casework/diagnosis.html",
        context=context,
        issued_on=diagnosis.on,
    )


def diagnosis_context(diagnosis: SocialDiagnosis) -> dict[str, Any]:
    """The family, what was found out about it, how that was verified, the diagnosis and the conclusion on need."""
    case = diagnosis.case
    members = members_on(case, diagnosis.on)
    problems = CaseProblem.objects.filter(case=case).select_related("kind", "member__person")
    need = NeedAssessment.objects.filter(case=case).prefetch_related("criteria").order_by("-on", "-pk").first()
    signers = [(diagnosis.by, diagnosis.by_for), (diagnosis.verified_by, diagnosis.verified_for)]
    return {
        "diagnosis": diagnosis,
        "facts": _facts(case, members),
        "composition": composition(members),
        "problems": _problems(list(problems)),
        "resources": _resources(list(FamilyResource.objects.filter(case=case))),
        "verified": _verified(diagnosis),
        "need": _conclusion(need) if need else None,
        "signatories": [_signatory(user, principal) for user, principal in dict.fromkeys(signers) if user],
    }


def issue_need(*, actor: User, assessment: NeedAssessment) -> IssuedDocument:
    """The conclusion on the family's need as a frozen PDF (S0-18)."""
    with translation.override("ru"):
        context = need_context(assessment)
    return issue_of_case(
        assessment,
        NEED,
        actor,
        title="Заключение о нуждаемости в социальном сопровождении",
        template="print/casework/need.html",
        context=context,
        issued_on=assessment.on,
    )


def need_context(assessment: NeedAssessment) -> dict[str, Any]:
    """The family, the criteria it meets, the conclusion with its reasons; signed by who assessed it and the family."""
    case = assessment.case
    members = members_on(case, assessment.on)
    family = next((row.person.short_name for row in members if row.is_representative), "")
    return {
        "assessment": assessment,
        "facts": _facts(case, members),
        "composition": composition(members),
        "need": _conclusion(assessment),
        "signatories": [
            _signatory(assessment.by, assessment.by_for),
            {"post": "С заключением ознакомлен представитель семьи", "name": family},
        ],
    }


def _facts(case: SupportCase, members: list[FamilyMembership]) -> list[tuple[str, str]]:
    representatives = [row.person.full_name for row in members if row.is_representative]
    return [
        ("Семья", case.family.title),
        ("Дело", f"{number_sign(case.number)}, открыто {long_date(case.opened_on)}"),
        ("Законный представитель", ", ".join(representatives)),
        ("Адрес", case.family.address),
    ]


def _problems(rows: list[CaseProblem]) -> Table:
    columns = [
        Column("Проблема", 40),
        Column("Кого касается", 22),
        Column("Выраженность", 14),
        Column("Выявлена", 12, Kind.DATE),
        Column("Решена", 12, Kind.DATE),
    ]
    cells = [
        (
            "\n".join(part for part in (str(row.kind), row.description) if part),
            row.member.person.short_name if row.member else "семья",
            row.get_severity_display(),
            row.found_on,
            row.resolved_on,
        )
        for row in rows
    ]
    return Table("", columns, cells)


def _resources(rows: list[FamilyResource]) -> Table:
    cells = [(capfirst(row.get_kind_display()), row.description) for row in rows]
    return Table("", [Column("Вид ресурса", 30), Column("Описание", 70)], cells)


def _verified(diagnosis: SocialDiagnosis) -> str:
    """Who verified the information, when and how; that nobody did."""
    if diagnosis.verified_on is None or diagnosis.verified_by is None:
        return "Сведения не проверены."
    how = f": {diagnosis.verified_how}" if diagnosis.verified_how else ""
    return f"Сведения проверены {long_date(diagnosis.verified_on)}, {diagnosis.verified_by.get_short_name()}{how}."


def _conclusion(assessment: NeedAssessment) -> dict[str, Any]:
    return {
        "on": assessment.on,
        "text": CONCLUSIONS[NeedConclusion(assessment.conclusion)],
        "criteria": [str(row) for row in assessment.criteria.all()],
        "note": assessment.note,
    }


def _signatory(user: User, principal: User | None) -> dict[str, str]:
    return signatory(user, principal, default="специалист")
