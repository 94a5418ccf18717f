"""Reports and their figures."""

from monitoring.models.reports import QuarterlyReport, ReportEvent, ReportValue, quarter_title

__all__ = ["QuarterlyReport", "ReportEvent", "ReportValue", "quarter_title"]
