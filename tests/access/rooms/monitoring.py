"""Routes of the monitoring room.

A page of a report shows all levels; the questions are those of the specialist's report, and of the institution's where
only it has the step. What each level shows and refuses is in tests/monitoring/test_report_pages.py.
"""

from tests.access.domains import Role
from tests.access.routes import form, listing, page, post

REPORT_READERS = (
    *(Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR),
    *(Role.AUDITOR, Role.MINISTRY, Role.RESOURCE_CENTRE),
)
REPORTS = [
    listing("reports:list", "report_specialist.list", only=REPORT_READERS),
    page("reports:report", "report_specialist.read", at="report"),
    page("reports:evidence", "evidence_specialist.read", at="report_figure"),
    form("reports:analysis", "report_specialist.write", at="report"),
    post("reports:recount", "report_specialist.write", at="report"),
    form("reports:submit", "report_specialist.submit", at="report"),
    form("reports:accept", "report_specialist.approve", at="submitted_report"),
    form("reports:return", "report_specialist.approve", at="submitted_report"),
    form("reports:correct", "report_specialist.submit", at="accepted_report"),
    post("reports:files", "report_specialist.export", at="report"),
    form("reports:author", "report_institution_draft.publish", at="institution_report"),
    form("reports:publish", "report_institution_draft.publish", at="accepted_institution_report"),
    form("reports:receive", "report_institution_published.approve", at="published_report"),
]
ROUTES = [page("automatic_rules", "automatic_rules.read"), *REPORTS]
