"""When reports are due, and who has kept to it (R9, J16)."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from accounts.models import Region
from casework.services.periods import working_calendar
from common.calendar import DeadlineShift, Quarter, WorkingCalendar, report_due_on
from monitoring.enums import ReportLevel
from monitoring.models import QuarterlyReport

POLICY_DAYS: dict[str, str] = {
    ReportLevel.SPECIALIST: "specialist_report_day",
    ReportLevel.DEPARTMENT: "department_report_day",
    ReportLevel.INSTITUTION: "institution_report_day",
    ReportLevel.REGION: "region_report_day",
}


def due_days(region: Region, quarter: Quarter) -> dict[str, date]:
    """The due day of each level's report on the quarter, by the policy in force when the quarter ended (R9)."""
    policy = region.policy_on(quarter.ends_on)
    shift = DeadlineShift(policy.report_deadline_shift)
    working = working_calendar(region) if shift is DeadlineShift.NEXT_WORKING_DAY else WorkingCalendar()
    return {level: report_due_on(quarter, getattr(policy, name), shift, working) for level, name in POLICY_DAYS.items()}


class Timeliness(NamedTuple):
    """Reports due by a day, and how many of them came in time (indicator J16)."""

    due: int
    in_time: int


def timeliness(reports: Iterable[QuarterlyReport], today: date) -> dict[str, Timeliness]:
    """By level, of these reports: those due before `today` or already submitted, and those submitted in time.

    The first of these editions of a unit is judged: what was returned came when it first came (clarification 38).
    """
    first: dict[tuple[str, int], QuarterlyReport] = {}
    for report in sorted(reports, key=lambda row: row.edition):
        first.setdefault((report.level, report.unit_id), report)
    counts: dict[str, list[int]] = {}
    for report in first.values():
        if report.submitted_on is None and today <= report.due_on:
            continue
        row = counts.setdefault(report.level, [0, 0])
        row[0] += 1
        row[1] += not report.is_late(today)
    return {level: Timeliness(*row) for level, row in counts.items()}
