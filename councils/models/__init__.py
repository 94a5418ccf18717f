from councils.models.bodies import Council, CouncilMember
from councils.models.decisions import Decision, MinutesExtract
from councils.models.sessions import AgendaItem, Attendance, CouncilSession, Invitee, Minutes

__all__ = [
    "AgendaItem",
    "Attendance",
    "Council",
    "CouncilMember",
    "CouncilSession",
    "Decision",
    "Invitee",
    "Minutes",
    "MinutesExtract",
]
