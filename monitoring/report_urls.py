"""Routes of quarterly reports."""

from django.urls import path

from monitoring.views import report_steps, reports

app_name = "reports"

urlpatterns = [
    path("", reports.report_list, name="list"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/evidence/<slug:code>/", reports.evidence, name="evidence"),
    path("<int:pk>/analysis/", report_steps.analysis, name="analysis"),
    path("<int:pk>/author/", report_steps.author, name="author"),
    path("<int:pk>/recount/", report_steps.recount, name="recount"),
    path("<int:pk>/correct/", report_steps.correct, name="correct"),
    path("<int:pk>/files/", report_steps.files, name="files"),
    path("<int:pk>/submit/", report_steps.step, {"step": "SUBMIT"}, name="submit"),
    path("<int:pk>/accept/", report_steps.step, {"step": "ACCEPT"}, name="accept"),
    path("<int:pk>/return/", report_steps.step, {"step": "RETURN"}, name="return"),
    path("<int:pk>/publish/", report_steps.step, {"step": "PUBLISH"}, name="publish"),
    path("<int:pk>/receive/", report_steps.step, {"step": "RECEIVE"}, name="receive"),
]
