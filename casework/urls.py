"""Routes of the casework room: one block per subject."""

from django.urls import path

from casework.views import case, commitments, desk, diagnosis, journal, opening, people, programmes, stages, visits

app_name = "casework"

case_routes = [
    path("families/<int:pk>/case/new/", opening.case_open, name="case_open"),
    path("cases/<int:pk>/", case.case, name="case"),
    path("cases/<int:pk>/edit/", case.case_edit, name="case_edit"),
    path("cases/<int:pk>/members/", case.members, name="members"),
    path("cases/<int:pk>/documents/", case.documents, name="documents"),
    path("cases/<int:pk>/changes/", case.case_changes, name="changes"),
    path("cases/<int:pk>/readers/", case.readers, name="readers"),
    path("cases/<int:pk>/term/", case.term, name="term"),
    path("cases/<int:pk>/interval/", case.interval, name="interval"),
]

stage_routes = [
    path("cases/<int:pk>/stage/", stages.stage, name="stage"),
    path("cases/<int:pk>/stage/undo/", stages.stage_undo, name="stage_undo"),
    path("cases/<int:pk>/stage/<str:target>/", stages.move, name="move"),
    path("cases/<int:pk>/pause/", stages.pause_new, name="pause_new"),
    path("pauses/<int:pk>/end/", stages.pause_end, name="pause_end"),
]

people_routes = [
    path("cases/<int:pk>/people/", people.curators, name="curators"),
    path("cases/<int:pk>/people/assign/", people.assign, name="assign"),
    path("cases/<int:pk>/people/team/", people.team_add, name="team_add"),
    path("team/<int:pk>/end/", people.team_end, name="team_end"),
    path("reassign/", people.reassign_choose, name="reassign_choose"),
    path("reassign/cases/", people.reassign_many, name="reassign"),
]

desk_routes = [
    path("my-families/", desk.my_families, name="my_families"),
    path("caseload/", desk.caseload_page, name="caseload"),
    path("cases/", desk.case_list, name="cases"),
]

diagnosis_routes = [
    path("cases/<int:pk>/diagnosis/", diagnosis.diagnosis, name="diagnosis"),
    path("cases/<int:pk>/problems/new/", diagnosis.problem_new, name="problem_new"),
    path("problems/<int:pk>/edit/", diagnosis.problem_edit, name="problem_edit"),
    path("problems/<int:pk>/resolve/", diagnosis.problem_resolve, name="problem_resolve"),
    path("cases/<int:pk>/resources/new/", diagnosis.resource_new, name="resource_new"),
    path("resources/<int:pk>/edit/", diagnosis.resource_edit, name="resource_edit"),
    path("cases/<int:pk>/diagnosis/new/", diagnosis.diagnosis_new, name="diagnosis_new"),
    path("diagnoses/<int:pk>/edit/", diagnosis.diagnosis_edit, name="diagnosis_edit"),
    path("diagnoses/<int:pk>/verify/", diagnosis.diagnosis_verify, name="diagnosis_verify"),
    path("diagnoses/<int:pk>/print/", diagnosis.diagnosis_print, name="diagnosis_print"),
    path("cases/<int:pk>/need/", diagnosis.need_new, name="need_new"),
    path("needs/<int:pk>/", diagnosis.need, name="need"),
    path("needs/<int:pk>/print/", diagnosis.need_print, name="need_print"),
    path("cases/<int:pk>/assessments/new/", diagnosis.assessment_new, name="assessment_new"),
    path("assessments/<int:pk>/print/", diagnosis.assessment_print, name="assessment_print"),
]

programme_routes = [
    path("cases/<int:pk>/programmes/", programmes.programmes, name="programmes"),
    path("cases/<int:pk>/programmes/new/", programmes.programme_new, name="programme_new"),
    path("programmes/<int:pk>/", programmes.programme, name="programme"),
    path("programmes/<int:pk>/edit/", programmes.programme_edit, name="programme_edit"),
    path("programmes/<int:pk>/activities/", programmes.activities, name="activities"),
    path("programmes/<int:pk>/agree/", programmes.programme_agree, name="programme_agree"),
    path("programmes/<int:pk>/submit/", programmes.programme_submit, name="programme_submit"),
    path("programmes/<int:pk>/return/", programmes.programme_return, name="programme_return"),
    path("programmes/<int:pk>/approve/", programmes.programme_approve, name="programme_approve"),
    path("programmes/<int:pk>/print/", programmes.programme_print, name="programme_print"),
    path("activities/<int:pk>/", programmes.activity_progress, name="activity_progress"),
]

commitment_routes = [
    path("cases/<int:pk>/agreement/", commitments.commitments, name="commitments"),
    path("cases/<int:pk>/agreement/new/", commitments.agreement_new, name="agreement_new"),
    path("agreements/<int:pk>/edit/", commitments.agreement_edit, name="agreement_edit"),
    path("agreements/<int:pk>/sign/", commitments.agreement_sign, name="agreement_sign"),
    path("agreements/<int:pk>/terminate/", commitments.agreement_terminate, name="agreement_terminate"),
    path("agreements/<int:pk>/print/", commitments.agreement_print, name="agreement_print"),
    path("cases/<int:pk>/notices/new/", commitments.notice_new, name="notice_new"),
    path("notices/<int:pk>/edit/", commitments.notice_edit, name="notice_edit"),
    path("notices/<int:pk>/send/", commitments.notice_send, name="notice_send"),
    path("notices/<int:pk>/delivered/", commitments.notice_delivered, name="notice_delivered"),
    path("notices/<int:pk>/answer/", commitments.notice_answer, name="notice_answer"),
    path("notices/<int:pk>/print/", commitments.notice_print, name="notice_print"),
]

visit_routes = [
    path("cases/<int:pk>/visits/", visits.visits, name="visits"),
    path("cases/<int:pk>/visits/new/", visits.visit_new, name="visit_new"),
    path("cases/<int:pk>/visits/plan/", visits.visit_plan, name="visit_plan"),
    path("visits/planned/", visits.planned, name="planned"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/edit/", visits.visit_edit, name="visit_edit"),
    path("visits/<int:pk>/move/", visits.visit_replan, name="visit_replan"),
    path("visits/<int:pk>/cancel/", visits.visit_cancel, name="visit_cancel"),
    path("visits/<int:pk>/act/", visits.visit_act, name="visit_act"),
]

journal_routes = [
    path("cases/<int:pk>/services/new/", journal.service_new, name="service_new"),
    path("families/<int:pk>/urgent/new/", journal.urgent_new, name="urgent_new"),
    path("services/<int:pk>/", journal.service, name="service"),
    path("services/<int:pk>/edit/", journal.service_edit, name="service_edit"),
    path("services/<int:pk>/cancel/", journal.service_cancel, name="service_cancel"),
    path("services/<int:pk>/act/", journal.urgent_act, name="urgent_act"),
    path("services/journal/", journal.journal, name="journal"),
    path("services/journal/print/", journal.journal_pdf, name="journal_pdf"),
]

urlpatterns = [
    *desk_routes,
    *case_routes,
    *stage_routes,
    *people_routes,
    *visit_routes,
    *journal_routes,
    *diagnosis_routes,
    *programme_routes,
    *commitment_routes,
]
