"""Routes of quarterly reports."""

from django.urls import path

from monitoring.views import reports

app_name = "reports"

urlpatterns = [
    path("", reports.report_list, name="list"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/evidence/<slug:code>/", reports.evidence, name="evidence"),
    path("<int:pk>/analysis/", reports.analysis, name="analysis"),
    path("<int:pk>/author/", reports.author, name="author"),
    path("<int:pk>/recount/", reports.recount, name="recount"),
    path("<int:pk>/correct/", reports.correct, name="correct"),
    path("<int:pk>/files/", reports.files, name="files"),
    path("<int:pk>/submit/", reports.step, {"step": "SUBMIT"}, name="submit"),
    path("<int:pk>/accept/", reports.step, {"step": "ACCEPT"}, name="accept"),
    path("<int:pk>/return/", reports.step, {"step": "RETURN"}, name="return"),
    path("<int:pk>/publish/", reports.step, {"step": "PUBLISH"}, name="publish"),
    path("<int:pk>/receive/", reports.step, {"step": "RECEIVE"}, name="receive"),
]
