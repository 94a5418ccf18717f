"""Routes of the councils room."""

from django.urls import path

from councils.views import agenda, bodies, decisions, home, minutes, sessions

app_name = "councils"

urlpatterns = [
    path("sessions/", home.home, name="home"),
    path("decisions/", home.decisions, name="decisions"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/new/", bodies.body_new, name="body_new"),
    path("bodies/<int:pk>/", bodies.body, name="body"),
    path("bodies/<int:pk>/edit/", bodies.body_edit, name="body_edit"),
    path("bodies/<int:pk>/members/new/", bodies.seat_new, name="seat_new"),
    path("members/<int:pk>/edit/", bodies.seat_edit, name="seat_edit"),
    path("bodies/<int:pk>/sessions/new/", sessions.session_new, name="session_new"),
    path("sessions/<int:pk>/", sessions.session, name="session"),
    path("sessions/<int:pk>/edit/", sessions.session_edit, name="session_edit"),
    path("sessions/<int:pk>/candidates/", agenda.candidates, name="candidates"),
    path("sessions/<int:pk>/matter/", agenda.matter_new, name="matter_new"),
    path("sessions/<int:pk>/approve/", sessions.approve, name="approve"),
    path("sessions/<int:pk>/packet/", agenda.packet, name="packet"),
    path("sessions/<int:pk>/attendance/", sessions.attendance, name="attendance"),
    path("sessions/<int:pk>/invitees/new/", sessions.invitee_new, name="invitee_new"),
    path("invitees/<int:pk>/remove/", sessions.invitee_remove, name="invitee_remove"),
    path("sessions/<int:pk>/hold/", sessions.hold, name="hold"),
    path("sessions/<int:pk>/no-quorum/", sessions.no_quorum, name="no_quorum"),
    path("sessions/<int:pk>/cancel/", sessions.cancel, name="cancel"),
    path("sessions/<int:pk>/minutes/draft/", minutes.draft, name="minutes_draft"),
    path("sessions/<int:pk>/minutes/sign/", minutes.sign, name="minutes_sign"),
    path("sessions/<int:pk>/minutes/upload/", minutes.upload, name="minutes_upload"),
    path("sessions/<int:pk>/minutes/correct/", minutes.correct, name="minutes_correct"),
    path("sessions/<int:pk>/minutes/docx/", minutes.minutes_word, name="minutes_docx"),
    path("sessions/<int:pk>/minutes/print/<str:variant>/", minutes.minutes_print, name="minutes_print"),
    path("sessions/<int:pk>/agenda/print/", minutes.agenda_print, name="agenda_print"),
    path("sessions/<int:pk>/agenda/docx/", minutes.agenda_word, name="agenda_docx"),
    path("questions/<int:pk>/edit/", agenda.item_edit, name="item_edit"),
    path("questions/<int:pk>/include/", agenda.item_include, name="item_include"),
    path("questions/<int:pk>/withdraw/", agenda.item_withdraw, name="item_withdraw"),
    path("questions/<int:pk>/postpone/", agenda.item_postpone, name="item_postpone"),
    path("questions/<int:pk>/move/<str:where>/", agenda.item_move, name="item_move"),
    path("questions/<int:pk>/restricted/", agenda.restricted_item, name="restricted_item"),
    path("questions/<int:pk>/decisions/new/", decisions.decision_new, name="decision_new"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("decisions/<int:pk>/edit/", decisions.decision_edit, name="decision_edit"),
    path("decisions/<int:pk>/delete/", decisions.decision_delete, name="decision_delete"),
    path("decisions/<int:pk>/report/", decisions.decision_report, name="decision_report"),
    path("decisions/<int:pk>/cancel/", decisions.decision_cancel, name="decision_cancel"),
    path("decisions/<int:pk>/extract/", decisions.extract_new, name="extract_new"),
    path("cases/<int:pk>/propose/", agenda.propose, name="propose"),
]
