"""What is to be loaded, and the course of each case: one row of `scale_plan` a family, made before anything else.

All chance comes from a hash of the seed, a word and the row's number, so that rows may be written in any order.
"""

import zlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from accounts.enums import Role

if TYPE_CHECKING:
    from bench.scale.filling import Filling

YEARS = 4
INSTITUTIONS, DEPARTMENTS, CURATORS = 100, 400, 4
DIRECTORS_FAMILIES, HEADS_FAMILIES, CURATORS_FAMILIES = 10_000, 1_000, 40
"""What the first director, the first head and the first curator answer for, whatever the number of all families."""
LONGEST_CASE, LONGEST_CASE_VISITS = DIRECTORS_FAMILIES // CURATORS_FAMILIES, 200
"""One case of the first curator (k of the plan) has a timeline as long as they come, and is in active support."""
IN_ACTIVE_SUPPORT = 15
"""The throw out of a hundred from which on a case is in active support."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is loaded; the same plan gives the same rows."""

    families: int
    visits_per_family: int
    seed: int
    today: date

    @property
    def stride(self) -> int:
        """Each how many-th family belongs to the first institution."""
        return max(1, self.families // DIRECTORS_FAMILIES)

    def dice(self, word: str, sides: int, key: str = "i") -> str:
        """SQL: a number from 0 to `sides` - 1 for the row that `key` numbers; another word, another throw."""
        salt = zlib.crc32(f"{self.seed}:{word}".encode())
        return f"((hashint8extended(({key})::bigint, {salt}) & 9223372036854775807) % ({sides}))::int"

    def one_of(self, word: str, *values: str, key: str = "i") -> str:
        """SQL: one of the texts."""
        listed = ", ".join(f"'{value}'" for value in values)
        return f"(ARRAY[{listed}])[1 + {self.dice(word, len(values), key)}]"


def plan_cases(filling: "Filling") -> None:
    """Unit, curator, stage and dates of each family's case, and how many visits it has."""
    plan = filling.plan
    filling.execute(f"CREATE TEMP TABLE scale_place AS {_places(plan)}")
    filling.execute(f"CREATE TEMP TABLE scale_course AS {_courses(plan)}")
    filling.execute(_plan_of_visits(plan))
    for table in ("scale_place", "scale_course"):
        filling.execute(f"DROP TABLE {table}")
    filling.execute("CREATE UNIQUE INDEX ON scale_plan (i)")
    filling.execute("ANALYZE scale_plan")


def _places(plan: Plan) -> str:
    """The department of each family and its curator's place there; k numbers the families of the first institution."""
    others = DEPARTMENTS - CURATORS
    return f"""
        SELECT i, k, department, CASE
            WHEN k % {DIRECTORS_FAMILIES // CURATORS_FAMILIES} = 0 THEN 0
            WHEN department = 1 THEN 1 + {plan.dice("curator", CURATORS - 1)}
            ELSE {plan.dice("curator", CURATORS)}
        END AS place
        FROM (
            SELECT i, k, CASE
                WHEN k % {DIRECTORS_FAMILIES // HEADS_FAMILIES} = 0 THEN 1
                WHEN k IS NOT NULL THEN 2 + {plan.dice("department", CURATORS - 1)}
                ELSE {CURATORS + 1} + {plan.dice("department", others)}
            END AS department
            FROM (
                SELECT i, CASE
                    WHEN i % {plan.stride} = 0 AND i / {plan.stride} <= {DIRECTORS_FAMILIES} THEN i / {plan.stride}
                END AS k
                FROM generate_series(1, {plan.families}) AS i
            ) AS numbered
        ) AS housed
    """


def _courses(plan: Plan) -> str:
    """Stage and dates: of the first institution nearly all cases are open, elsewhere three in ten."""
    today = f"DATE '{plan.today}'"
    return f"""
        SELECT i, k, department, place, stage, opened_on,
            CASE WHEN stage IN ('DIAGNOSTIC', 'CONTRACTING') OR is_early THEN NULL
                ELSE LEAST(opened_on + 15 + {plan.dice("enrolment", 25)}, {today}) END AS enrolled_on,
            CASE WHEN stage = 'POST_SUPPORT' OR (stage = 'CLOSED' AND NOT is_early)
                THEN LEAST(opened_on + 200 + {plan.dice("removal", 160)}, {today}) END AS removed_on,
            CASE WHEN stage = 'CLOSED' THEN LEAST(opened_on + CASE WHEN is_early THEN 20 ELSE 365 END
                + {plan.dice("closing", 90)}, {today}) END AS closed_on
        FROM (
            SELECT i, k, department, place, stage, stage = 'CLOSED' AND {plan.dice("early", 100)} < 15 AS is_early,
                {today} - CASE stage
                    WHEN 'DIAGNOSTIC' THEN 1 + {plan.dice("age", 20)}
                    WHEN 'CONTRACTING' THEN 15 + {plan.dice("age", 45)}
                    WHEN 'ACTIVE' THEN 60 + {plan.dice("age", 270)}
                    WHEN 'REFLECTION' THEN 300 + {plan.dice("age", 90)}
                    WHEN 'POST_SUPPORT' THEN 400 + {plan.dice("age", 300)}
                    ELSE 460 + {plan.dice("age", YEARS * 365 - 460)}
                END AS opened_on
            FROM (
                SELECT *, CASE
                    WHEN chance < 8 THEN 'DIAGNOSTIC'
                    WHEN chance < {IN_ACTIVE_SUPPORT} THEN 'CONTRACTING'
                    WHEN chance < 70 THEN 'ACTIVE'
                    WHEN chance < 80 THEN 'REFLECTION'
                    WHEN chance < 95 THEN 'POST_SUPPORT'
                    ELSE 'CLOSED'
                END AS stage
                FROM (
                    SELECT *, CASE
                        WHEN k = {LONGEST_CASE} THEN {IN_ACTIVE_SUPPORT}
                        WHEN k % {DIRECTORS_FAMILIES // CURATORS_FAMILIES} = 0 THEN {plan.dice("stage", 95)}
                        WHEN k IS NOT NULL OR {plan.dice("open", 100)} < 30 THEN {plan.dice("stage", 100)}
                        ELSE 99
                    END AS chance
                    FROM scale_place
                ) AS thrown
            ) AS staged
        ) AS opened
    """


def _plan_of_visits(plan: Plan) -> str:
    """How many visits each case has had, in proportion to its length, and the number of the first of them."""
    total = plan.families * plan.visits_per_family
    return f"""
        CREATE TEMP TABLE scale_plan AS
        SELECT *, COALESCE(sum(visits) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint
            AS visits_before
        FROM (
            SELECT course.*, staff.institution_id, staff.department_id, staff.region_id, staff.user_id AS curator_id,
                CASE WHEN k = {LONGEST_CASE} THEN {LONGEST_CASE_VISITS} ELSE GREATEST(1, round(
                    {total} * (last_on - opened_on)::numeric / sum(last_on - opened_on) OVER ()
                ))::int END AS visits
            FROM (
                SELECT *, GREATEST(opened_on, COALESCE(closed_on, DATE '{plan.today}' - {plan.dice("silence", 50)}))
                    AS last_on
                FROM scale_course
            ) AS course
            JOIN scale_staff AS staff ON staff.department = course.department AND staff.place = course.place
                AND staff.role = '{Role.SPECIALIST}'
        ) AS counted
    """
