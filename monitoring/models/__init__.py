"""Reports and their figures."""

from monitoring.models.reports import QuarterlyReport, ReportEvent, ReportValue

__all__ = ["QuarterlyReport", "ReportEvent", "ReportValue"]
