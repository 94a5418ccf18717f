"""Routes of the casework room: one block per subject."""

from django.urls import path

from casework.views import case, desk, opening, people, stages

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

urlpatterns = [*desk_routes, *case_routes, *stage_routes, *people_routes]
