from casework.models.cases import ContractDuty, IdentificationSource, StageChange, SupportCase, SupportPause
from casework.models.curators import CaseTeamMember, CuratorAssignment
from casework.models.events import CaseEvent

__all__ = [
    "CaseEvent",
    "CaseTeamMember",
    "ContractDuty",
    "CuratorAssignment",
    "IdentificationSource",
    "StageChange",
    "SupportCase",
    "SupportPause",
]
