"""The reports of institutions for the quarters of four years; their figures are invented, for they are only read."""

from accounts.enums import Role
from bench.scale.filling import Filling
from bench.scale.plan import YEARS, Plan
from monitoring.enums import ReportLevel
from monitoring.indicators import CATALOGUE
from monitoring.models import QuarterlyReport, ReportValue

QUARTERS = 4 * YEARS
LARGEST = 900


def load_reports(filling: Filling) -> None:
    """One accepted edition for each institution and quarter."""
    plan = filling.plan
    filling.execute(f"CREATE TEMP TABLE scale_report AS {_reports(plan)}")
    filling.fill(QuarterlyReport, _report(), "scale_report")
    codes = ", ".join(f"({position}, '{row.code}')" for position, row in enumerate(CATALOGUE))
    filling.fill(
        ReportValue,
        {
            "id": f"{len(CATALOGUE)} * report + position",
            "report_id": "report",
            "position": "position",
            "code": "code",
            **{
                f"{span}_number": plan.dice(span, LARGEST, "report * 64 + position")
                for span in ("quarter", "year", "before")
            },
        },
        f"scale_report CROSS JOIN (VALUES {codes}) AS figure (position, code)",
    )
    filling.execute(
        "UPDATE monitoring_quarterlyreport SET state = 'SUBMITTED', submitted_by_id = director, submitted_on = due_on,"
        " submitted_at = due_on + time '12:00' FROM scale_report WHERE report = id"
    )


def _reports(plan: Plan) -> str:
    return f"""
        SELECT {QUARTERS} * unit.id + n AS report, unit.id AS institution_id, unit.region_id, first,
            staff.user_id AS director
        FROM accounts_institution AS unit
        JOIN scale_staff AS staff ON staff.institution_id = unit.id AND staff.role = '{Role.DIRECTOR}'
        CROSS JOIN LATERAL (
            SELECT n, (date_trunc('quarter', DATE '{plan.today}') - make_interval(months => 3 * (n + 1)))::date AS first
            FROM generate_series(0, {QUARTERS} - 1) AS n
        ) AS quarterly
    """


def _report() -> dict[str, str]:
    due = "(first + interval '3 months' + interval '4 days')::date"
    return {
        "id": "report",
        "level": f"'{ReportLevel.INSTITUTION}'",
        "region_id": "region_id",
        "institution_id": "institution_id",
        "year": "date_part('year', first)",
        "quarter": "date_part('quarter', first)",
        "due_on": due,
        "generated_at": f"{due} - 4 + time '03:00'",
    }
