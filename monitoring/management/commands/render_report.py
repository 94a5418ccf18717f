"""A report's PDF or workbook as a file, for scripts and integrators."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.calendar import Quarter
from monitoring.enums import UNIT_OF_LEVEL
from monitoring.models import QuarterlyReport
from monitoring.papers import issue_report, issue_workbook_of
from monitoring.units import UnknownUnit, unit_with_code
from records.services.documents import verified_pdf

ISSUERS = {".pdf": issue_report, ".xlsx": issue_workbook_of}


class Command(BaseCommand):
    """Writes the last edition of a unit's report; what was issued before is written as it was issued."""

    help = "Write the last edition of a quarterly report to a file, PDF or XLSX by its name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE", help="a region, an institution or a department")
        parser.add_argument("--quarter", required=True, metavar="QUARTER", help="such as 2026Q3")
        parser.add_argument("--out", required=True, metavar="FILE", type=Path, help="ends with .pdf or .xlsx")

    def handle(self, *_args: Any, unit: str, quarter: str, out: Path, **_options: Any) -> None:
        issue = ISSUERS.get(out.suffix.lower())
        if issue is None:
            raise CommandError(f"{out} ends neither with .pdf nor with .xlsx.")
        document = issue(report=_last_edition(unit, quarter), actor=None)
        out.write_bytes(verified_pdf(document))
        self.stdout.write(f"{out}: {document.size} bytes, sha256 {document.sha256}")


def _last_edition(code: str, quarter: str) -> QuarterlyReport:
    try:
        level, unit, _today = unit_with_code(code)
        period = Quarter.parse(quarter)
    except (UnknownUnit, ValueError) as error:
        raise CommandError(str(error)) from None
    rows = QuarterlyReport.objects.of(period).filter(level=level, **{UNIT_OF_LEVEL[level]: unit.pk})
    report: QuarterlyReport | None = rows.with_units().order_by("-edition").first()
    if report is None:
        raise CommandError(f"{code} has no report on {period}.")
    return report
