"""Routes of the casework room."""

from tests.access.domains import Role
from tests.access.routes import form, listing, page, post

IN_CHARGE = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)
MANAGERS = (Role.DEPARTMENT_HEAD, Role.DIRECTOR)

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
    form("casework:move", "case.submit", at="to_reflection"),
    form("casework:move", "case.advance", at="to_closed"),
    form("casework:pause_new", "case.pause", at="case"),
    form("casework:pause_end", "case.pause", at="pause"),
]
PEOPLE = [
    page("casework:curators", "case.read", at="case"),
    form("casework:assign", "case.assign", at="case"),
    form("casework:team_add", "case.write", at="case"),
    form("casework:team_end", "case.write", at="team_member"),
    listing("casework:reassign_choose", "case.list", only=MANAGERS),
    listing("casework:reassign", "case.list", only=MANAGERS),
]
DESK = [
    listing("casework:my_families", "case.list", only=[Role.SPECIALIST]),
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
    form("casework:assessment_new", "assessment_scores.write", at="case"),
    post("casework:assessment_print", "case.print", at="assessment"),
]
PROGRAMMES = [
    page("casework:programmes", "programme.read", at="case"),
    form("casework:programme_new", "programme.write", at="case", state=True),
    page("casework:programme", "programme.read", at="programme"),
    form("casework:programme_edit", "programme.write", at="programme"),
    form("casework:activities", "programme.write", at="programme"),
    form("casework:programme_agree", "programme.write", at="programme"),
    form("casework:programme_submit", "programme.submit", at="programme"),
    form("casework:programme_return", "programme.approve", at="programme"),
    form("casework:programme_approve", "programme.approve", at="programme"),
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
    form("casework:urgent_new", "service_record.write", at="family"),
    page("casework:service", "service_record.read", at="service"),
    form("casework:service_edit", "service_record.write", at="service"),
    form("casework:service_cancel", "service_record.cancel", at="service"),
    post("casework:urgent_act", "service_record.print", at="urgent_service"),
    listing("casework:journal", "service_record.list", only=IN_CHARGE),
    listing("casework:journal_pdf", "service_record.list", only=IN_CHARGE),
]
ROUTES = [*CASE, *STAGES, *PEOPLE, *DESK, *DIAGNOSIS, *PROGRAMMES, *COMMITMENTS, *VISITS, *JOURNAL]
