from casework.models.cases import ContractDuty, IdentificationSource, StageChange, SupportCase, SupportPause
from casework.models.curators import CaseTeamMember, CuratorAssignment
from casework.models.events import CaseEvent
from casework.models.journal import FormOfWork, ServiceRecord, ServiceTitle
from casework.models.visits import Visit, VisitParticipant

__all__ = [
    "CaseEvent",
    "CaseTeamMember",
    "ContractDuty",
    "CuratorAssignment",
    "FormOfWork",
    "IdentificationSource",
    "ServiceRecord",
    "ServiceTitle",
    "StageChange",
    "SupportCase",
    "SupportPause",
    "Visit",
    "VisitParticipant",
]
