from casework.contacts import NO_CONTACT_DUE
from casework.models.cases import (
    CaseDecision,
    ContactInterval,
    ContractDuty,
    IdentificationSource,
    StageChange,
    SupportCase,
    SupportPause,
)
from casework.models.curators import CaseTeamMember, CuratorAssignment
from casework.models.diagnosis import (
    Assessment,
    CaseProblem,
    FamilyResource,
    NeedAssessment,
    NeedCriterion,
    ProblemKind,
    SocialDiagnosis,
)
from casework.models.events import CaseEvent
from casework.models.journal import FormOfWork, ServiceRecord, ServiceTitle
from casework.models.programmes import AgencyNotice, ProgrammeActivity, SupportAgreement, SupportProgramme
from casework.models.visits import Visit, VisitParticipant

__all__ = [
    "NO_CONTACT_DUE",
    "AgencyNotice",
    "Assessment",
    "CaseDecision",
    "CaseEvent",
    "CaseProblem",
    "CaseTeamMember",
    "ContactInterval",
    "ContractDuty",
    "CuratorAssignment",
    "FamilyResource",
    "FormOfWork",
    "IdentificationSource",
    "NeedAssessment",
    "NeedCriterion",
    "ProblemKind",
    "ProgrammeActivity",
    "ServiceRecord",
    "ServiceTitle",
    "SocialDiagnosis",
    "StageChange",
    "SupportAgreement",
    "SupportCase",
    "SupportPause",
    "SupportProgramme",
    "Visit",
    "VisitParticipant",
]
