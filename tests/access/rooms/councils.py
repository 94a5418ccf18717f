"""Routes of the councils room."""

from tests.access.domains import Role
from tests.access.routes import form, listing, page, post

READERS = (
    *(Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR),
    *(Role.COUNCIL_SECRETARY, Role.COUNCIL_MEMBER, Role.COUNCIL_CHAIR),
)
KEEPERS = (Role.COUNCIL_SECRETARY, Role.REGION_ADMIN)

BODIES = [
    listing("councils:bodies", "council_body.list", only=KEEPERS),
    page("councils:body", "council_body.read", at="body"),
    form("councils:body_new", "council_body.create"),
    form("councils:body_edit", "council_body.write", at="body"),
    form("councils:seat_new", "council_body.write", at="body"),
    form("councils:seat_edit", "council_body.write", at="seat"),
]
SESSIONS = [
    listing("councils:home", "council_session.list", only=READERS),
    form("councils:session_new", "council_session.create", at="body"),
    page("councils:session", "council_session.read", at="session"),
    form("councils:session_edit", "council_session.write", at="planned_session"),
    form("councils:approve", "council_session.approve", at="planned_session", state=True),
    form("councils:attendance", "council_session.write", at="called_session", state=True),
    form("councils:invitee_new", "council_session.write", at="session"),
    post("councils:invitee_remove", "council_session.write", at="invitee"),
    form("councils:hold", "council_session.write", at="called_session", state=True),
    form("councils:no_quorum", "council_session.write", at="called_session", state=True),
    form("councils:cancel", "council_session.write", at="planned_session", state=True),
    post("councils:agenda_print", "council_session.print", at="session"),
    page("councils:agenda_docx", "council_session.print", at="session"),
]
AGENDA = [
    form("councils:candidates", "council_session.write", at="planned_session", state=True),
    form("councils:matter_new", "council_session.write", at="planned_session"),
    form("councils:propose", "agenda_item.submit", also="case.read", at="case", state=True),
    page("councils:packet", "session_packet.read", at="session", state=True),
    form("councils:restricted_item", "session_packet.read", at="question", state=True),
    form("councils:item_edit", "session_packet.write", at="question"),
    post("councils:item_include", "council_session.write", at="proposed_question", state=True),
    form("councils:item_withdraw", "council_session.write", at="question"),
    form("councils:item_postpone", "council_session.write", at="question"),
    post("councils:item_move", "council_session.write", at="question_up", state=True),
]
DECISIONS = [
    listing("councils:decisions", "council_session.list", only=READERS),
    form("councils:decision_new", "decision.write", at="question", state=True),
    page("councils:decision", "decision.read", at="decision"),
    form("councils:decision_edit", "decision.write", at="decision", state=True),
    form("councils:decision_delete", "decision.write", at="decision"),
    form("councils:decision_report", "decision.submit", at="adopted_decision"),
    form("councils:decision_cancel", "minutes.write", at="adopted_decision"),
    form("councils:extract_new", "minutes.print", at="adopted_decision", state=True),
]
MINUTES = [
    post("councils:minutes_draft", "minutes.write", at="held_session", state=True),
    form("councils:minutes_sign", "minutes.sign", at="drafted_session", state=True),
    form("councils:minutes_upload", "minutes.upload", at="drafted_session", state=True),
    form("councils:minutes_correct", "minutes.write", at="signed_session", state=True),
    post("councils:minutes_print", "minutes.print", at="signed_session_full", state=True),
    page("councils:minutes_docx", "minutes.print", at="signed_session", state=True),
]
ROUTES = [*BODIES, *SESSIONS, *AGENDA, *DECISIONS, *MINUTES]
