"""Routes of the casework room."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from casework.enums import (
    ActivitySection,
    AssessmentPurpose,
    Channel,
    ExecutorKind,
    LegalBasis,
    NeedConclusion,
    NoticeSubject,
    ProgrammeState,
    ResourceKind,
    Stage,
    TeamRole,
    VisitState,
)
from casework.models import (
    AgencyNotice,
    Assessment,
    CaseProblem,
    CaseTeamMember,
    ContractDuty,
    FamilyResource,
    NeedAssessment,
    ProblemKind,
    ProgrammeActivity,
    ServiceRecord,
    SocialDiagnosis,
    SupportAgreement,
    SupportCase,
    SupportPause,
    SupportProgramme,
    Visit,
    VisitParticipant,
)
from casework.models.diagnosis import SCALES
from tests.access.domains import Relation, Role
from tests.access.routes import form, listing, page, post
from tests.casework.visiting import title_of
from tests.factories.casework import case_at
from tests.factories.partners import PartnerFactory

if TYPE_CHECKING:
    from tests.access.worlds import Subject

OBJECTS = {
    **dict.fromkeys(
        (
            "casework.SupportCase",
            "casework.StageChange",
            "casework.CaseDecision",
            "casework.SupportPause",
            "casework.CuratorAssignment",
            "casework.CaseTeamMember",
            "casework.CaseEvent",
            "casework.ContractDuty",
        ),
        "case",
    ),
    "casework.CaseProblem": "case_problems",
    "casework.FamilyResource": "case_problems",
    "casework.SocialDiagnosis": "case_problems",
    "casework.NeedAssessment": "need_assessment",
    "casework.Assessment": "assessment_scores",
    "casework.Visit": "visit",
    "casework.Visit.health": "special_category",
    "casework.VisitParticipant": "visit",
    "casework.ServiceRecord": "service_record",
    "casework.SupportProgramme": "programme",
    "casework.ProgrammeActivity": "programme",
    "casework.SupportAgreement": "support_agreement",
    "casework.AgencyNotice": "agency_notice",
}

IN_CHARGE = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)
MANAGERS = (Role.DEPARTMENT_HEAD, Role.DIRECTOR)

SUBMITTED = {"programme": {"state": ProgrammeState.SUBMITTED}}

CASE = [
    form("casework:case_open", "family_card.write", also="case.create", at="family", state=True),
    page("casework:case", "case.read", at="case"),
    form("casework:case_edit", "case.write", at="case"),
    page("casework:members", "family_members.read", at="case"),
    page("casework:documents", "issued_document.read", at="case"),
    page("casework:changes", "change_history.read", at="case"),
    page("casework:readers", "card_readers.read", at="case"),
    form("casework:term", "case.write", at="case"),
    form("casework:interval", "case.pause", at="case"),
]
STAGES = [
    page("casework:stage", "case.read", at="case"),
    form("casework:stage_undo", "case.advance", at="case"),
    form("casework:move", "case.submit", at="to_reflection", state=True),
    form("casework:move", "case.close", at="to_closed", state=True),
    form("casework:pause_new", "case.pause", at="case"),
    form("casework:pause_end", "case.pause", at="pause"),
]
PEOPLE = [
    page("casework:curators", "case.read", at="case"),
    form("casework:assign", "case.assign", at="case"),
    form("casework:team_add", "case.write", at="case"),
    form("casework:team_end", "case.write", at="team_member"),
    listing("casework:reassign_choose", "case.list", only=MANAGERS),
    listing("casework:reassign", "case.list", only=MANAGERS, every="case"),
]
DESK = [
    listing("casework:my_families", "case.list", only=[Role.SPECIALIST], names=frozenset({Relation.REGISTERED})),
    listing("casework:caseload", "case.list", only=MANAGERS),
    listing("casework:cases", "case.list", only=MANAGERS),
]
DIAGNOSIS = [
    page("casework:diagnosis", "case_problems.read", at="case"),
    form("casework:problem_new", "case_problems.write", at="case"),
    form("casework:problem_edit", "case_problems.write", at="problem"),
    form("casework:problem_resolve", "case_problems.write", at="problem"),
    form("casework:resource_new", "case_problems.write", at="case"),
    form("casework:resource_edit", "case_problems.write", at="resource"),
    form("casework:diagnosis_new", "case_problems.write", at="case"),
    form("casework:diagnosis_edit", "case_problems.write", at="diagnosis"),
    form("casework:diagnosis_verify", "case_problems.write", at="diagnosis"),
    form("casework:need_new", "need_assessment.write", at="case"),
    page("casework:need", "need_assessment.read", at="need"),
    post("casework:need_print", "case.print", at="need"),
    post("casework:diagnosis_print", "case.print", at="diagnosis"),
    form("casework:assessment_new", "assessment_scores.write", at="case"),
    post("casework:assessment_print", "case.print", at="assessment"),
]
PROGRAMMES = [
    page("casework:programmes", "programme.read", at="case"),
    form("casework:programme_new", "programme.write", at="case", state=True),
    page("casework:programme", "programme.read", at="programme"),
    page("casework:programme", "programme.read", at="active_programme"),
    form("casework:programme_edit", "programme.write", at="programme"),
    form("casework:activities", "programme.write", at="programme"),
    form("casework:programme_agree", "programme.write", at="programme"),
    form("casework:programme_submit", "programme.submit", at="programme"),
    form("casework:programme_return", "programme.approve", at="programme", given=SUBMITTED),
    form("casework:programme_approve", "programme.approve", at="programme", given=SUBMITTED),
    post("casework:programme_print", "programme.print", at="programme"),
    form("casework:activity_progress", "programme.write", at="activity"),
]
COMMITMENTS = [
    page("casework:commitments", "support_agreement.read", at="case"),
    form("casework:agreement_new", "support_agreement.write", at="case", state=True),
    form("casework:agreement_edit", "support_agreement.write", at="agreement"),
    form("casework:agreement_sign", "support_agreement.sign", at="agreement"),
    form("casework:agreement_terminate", "support_agreement.sign", at="agreement", state=True),
    post("casework:agreement_print", "support_agreement.print", at="agreement"),
    form("casework:notice_new", "agency_notice.write", at="case"),
    form("casework:notice_edit", "agency_notice.write", at="notice"),
    form("casework:notice_send", "agency_notice.approve", at="notice"),
    form("casework:notice_delivered", "agency_notice.write", at="sent_notice"),
    form("casework:notice_answer", "agency_notice.write", at="sent_notice"),
    post("casework:notice_print", "agency_notice.print", at="notice"),
]
VISITS = [
    page("casework:visits", "visit.read", at="case"),
    form("casework:visit_new", "visit.write", at="case"),
    form("casework:visit_plan", "visit.write", at="case"),
    listing("casework:planned", "visit.list", only=IN_CHARGE),
    page("casework:visit", "visit.read", at="visit"),
    form("casework:visit_edit", "visit.write", at="visit"),
    form("casework:visit_replan", "visit.write", at="planned_visit"),
    form("casework:visit_cancel", "visit.cancel", at="visit"),
    post("casework:visit_act", "visit.print", at="visit"),
]
JOURNAL = [
    form("casework:service_new", "service_record.write", at="case"),
    # An urgent service needs no case (domain I6): it is entered by whoever writes in the family.
    form("casework:urgent_new", "family_card.write", at="family"),
    page("casework:service", "service_record.read", at="service"),
    page("casework:service", "service_record.read", at="cancelled_service"),
    form("casework:service_edit", "service_record.write", at="service"),
    form("casework:service_cancel", "service_record.cancel", at="service"),
    post("casework:urgent_act", "service_record.print", at="urgent_service"),
    listing("casework:journal", "service_record.list", only=IN_CHARGE),
    listing("casework:journal_pdf", "service_record.list", only=IN_CHARGE),
]
ROUTES = [*CASE, *STAGES, *PEOPLE, *DESK, *DIAGNOSIS, *PROGRAMMES, *COMMITMENTS, *VISITS, *JOURNAL]


def furnish(subject: "Subject") -> None:
    """A case in active support, or a closed one, with something of everything; none where the spec says so."""
    if not subject.spec.with_case:
        return
    spec, cast = subject.spec, subject.cast
    curator = cast.people[spec.curator or "colleague"]
    case = case_at(Stage.CLOSED if spec.closed else Stage.ACTIVE, family=subject.family, curator=curator, actor=curator)
    subject.add("case", case)
    subject.ids["to_reflection"] = (case.pk, Stage.REFLECTION.value)
    subject.ids["to_closed"] = (case.pk, Stage.CLOSED.value)
    _people(subject, case)
    _diagnosis(subject, case, curator)
    _programmes(subject, case, curator)
    _visits(subject, case, curator)
    _notices(subject, case, curator)


def _people(subject: "Subject", case: SupportCase) -> None:
    today, cast = subject.today, subject.cast
    pause = SupportPause.objects.create(case=case, starts_on=today, ends_on=today, reason="-", approved_by=cast.head)
    subject.add("pause", pause)
    member = CaseTeamMember.objects.create(
        case=case, user=cast.second_head, role=TeamRole.LAWYER, starts_on=case.opened_on
    )
    subject.add("team_member", member)
    ContractDuty.objects.create(family=case.family, contract_number="1/2026", starts_on=case.opened_on)


def _diagnosis(subject: "Subject", case: SupportCase, by: Any) -> None:
    today = subject.today
    kind = ProblemKind.objects.order_by("pk").first()
    subject.add("problem", CaseProblem.objects.create(case=case, kind=kind, found_on=case.opened_on))
    resource = FamilyResource.objects.create(case=case, kind=ResourceKind.OTHER, description="-", found_on=today)
    subject.add("resource", resource)
    subject.add("diagnosis", SocialDiagnosis.objects.create(case=case, on=case.opened_on, by=by, text="-"))
    needs = NeedAssessment.objects.create(case=case, on=today, by=by, conclusion=NeedConclusion.NEEDS)
    subject.add("need", needs)
    scores = dict.fromkeys(SCALES, 2)
    assessment = Assessment.objects.create(
        case=case, on=today, by=by, purpose=AssessmentPurpose.INTERIM, number=f"{case.pk}", methods=[], **scores
    )
    subject.add("assessment", assessment)


def _programmes(subject: "Subject", case: SupportCase, by: Any) -> None:
    today = subject.today
    mother = case.family.memberships.get(is_head=True)
    term = {"goal": "-", "starts_on": case.opened_on, "ends_on": today, "drafted_on": today, "drafted_by": by}
    basis = {"approved_on": today, "basis_body": "TEAM_DECISION", "basis_number": "1"}
    active = SupportProgramme.objects.create(
        case=case, edition=1, number=f"{case.pk}", state=ProgrammeState.ACTIVE, **term, **basis
    )
    draft = SupportProgramme.objects.create(case=case, edition=2, state=ProgrammeState.DRAFT, **term)
    for programme in (active, draft):
        activity = ProgrammeActivity.objects.create(
            programme=programme,
            section=ActivitySection.SOCIAL,
            title="-",
            executor_kind=ExecutorKind.FAMILY,
            executor_member=mother,
            due_on=today,
        )
        subject.add("activity" if programme is active else "draft_activity", activity)
    subject.add("active_programme", active)
    subject.add("programme", draft)
    signed = SupportAgreement(
        case=case,
        programme=active,
        representative=mother.person,
        institution_signatory="-",
        signatory_post="-",
        signatory_ground="-",
        starts_on=case.opened_on,
        ends_on=today,
        created_by=by,
    )
    signed.save()
    subject.add("agreement", signed)


def _visits(subject: "Subject", case: SupportCase, by: Any) -> None:
    today, mother = subject.today, case.family.memberships.get(is_head=True)
    unit = {"institution": case.institution, "department": case.department, "specialist": by, "created_by": by}
    held = Visit.objects.create(
        case=case, state=VisitState.HELD, number=f"{case.pk}", held_on=today, channel=Channel.HOME, **unit
    )
    held.members_seen.add(mother)
    VisitParticipant.objects.create(visit=held, name="-", role=TeamRole.PSYCHOLOGIST)
    subject.add("visit", held)
    planned = Visit.objects.create(case=case, state=VisitState.PLANNED, planned_on=today, channel=Channel.HOME, **unit)
    subject.add("planned_visit", planned)
    cancelled = {"cancelled_at": timezone.now(), "cancelled_by": subject.cast.head, "cancel_reason": "-"}
    services: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("service", "legal-services", {}),
        ("urgent_service", "urgent-clothes", {}),
        ("cancelled_service", "legal-services", cancelled),
    )
    for place, (name, code, state) in enumerate(services):
        title = title_of(code)
        row = ServiceRecord.objects.create(
            family=case.family,
            case=case,
            number=f"{case.pk}-{place}",
            on=today,
            title=title,
            record_type=title.record_type,
            service_kind=title.service_kind,
            **unit,
            **state,
        )
        row.recipients.add(mother.person)
        subject.add(name, row)


def _notices(subject: "Subject", case: SupportCase, by: Any) -> None:
    addressee = PartnerFactory.create(institution=case.institution)
    for name, sent in (
        ("notice", {}),
        ("sent_notice", {"sent_on": subject.today, "sent_by": by, "number": f"{case.pk}"}),
    ):
        row = AgencyNotice.objects.create(
            case=case,
            addressee=addressee,
            subject=NoticeSubject.ENROLLED,
            legal_basis=LegalBasis.CHILD_PROTECTION,
            text="-",
            created_by=by,
            **sent,
        )
        subject.add(name, row)
