from councils.models.bodies import Council, CouncilMember, CouncilPolicy
from councils.models.decisions import Decision, MinutesExtract
from councils.models.sessions import AgendaItem, Attendance, CouncilSession, Invitee, Minutes

__all__ = [
    "AgendaItem",
    "Attendance",
    "Council",
    "CouncilMember",
    "CouncilPolicy",
    "CouncilSession",
    "Decision",
    "Invitee",
    "Minutes",
    "MinutesExtract",
]
