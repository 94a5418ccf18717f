"""Which months of support were kept with a contact (rule R3), counted in the database for all cases at once.

A month counts when the case was under duty on every day of it and paused on none; it is kept when it holds a contact.
Under duty is a case in the stages from the agreement to its removal, and, whatever its stage, one whose family has a
social contract that runs or is in follow-up. `common.calendar.duty_months` says the same for one case and is what the
tests compare with. Source: Vladimir order 420/1, 4.6; domain rules 3.10; clarifications 5, 7, 9, 11 and 13.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from django.db import connection

from casework.contacts import CONTACT_DAYS
from common.calendar import DateRange, month_end, months_from

Unit = Literal["region_id", "institution_id", "department_id", "curator_id"]

# A case answers for a month to whoever was its curator on the month's last day, and to the department where that
# person worked then; on the day of removal it is off support (clarification 5), so that day is left out of the stages.
CASE_MONTHS = f"""
    SELECT c.id AS case_id, c.family_id, c.region_id, c.institution_id, months.first AS month, held.curator_id,
        COALESCE((
            SELECT post.department_id FROM accounts_appointment AS post
            WHERE post.user_id = held.curator_id AND post.role = 'SPECIALIST' AND post.deputy_for_id IS NULL
              AND post.institution_id = c.institution_id AND post.starts_on <= months.last
              AND (post.ends_on IS NULL OR post.ends_on >= months.last)
            ORDER BY post.starts_on, post.id LIMIT 1
        ), c.department_id) AS department_id,
        EXISTS (SELECT FROM ({CONTACT_DAYS}) AS contact
                WHERE contact.case_id = c.id AND contact.day BETWEEN months.first AND months.last) AS is_kept
    FROM (
        SELECT month::date AS first, (month + interval '1 month - 1 day')::date AS last
        FROM unnest(%(months)s::date[]) AS month
    ) AS months
    JOIN casework_supportcase AS c
      ON c.opened_on <= months.first AND (c.closed_on IS NULL OR c.closed_on > months.last)
     AND c.removal_reason <> 'ERROR'
    LEFT JOIN casework_curatorassignment AS held
      ON held.case_id = c.id AND held.starts_on <= months.last
     AND (held.ends_on IS NULL OR held.ends_on >= months.last)
    CROSS JOIN LATERAL (
        SELECT range_agg(stretch.days) AS days FROM (
            SELECT daterange(stage.since, LEAST(stage.until, c.removed_on)) AS days
            FROM (
                SELECT change.to_stage AS name, change.on AS since,
                    lead(change.on) OVER (ORDER BY change.on, change.id) AS until
                FROM casework_stagechange AS change WHERE change.case_id = c.id
            ) AS stage
            WHERE stage.name IN ('CONTRACTING', 'ACTIVE', 'REFLECTION')
              AND stage.since < COALESCE(LEAST(stage.until, c.removed_on), 'infinity')
            UNION ALL
            SELECT daterange(contract.starts_on, contract.ends_on, '[]')
            FROM casework_contractduty AS contract WHERE contract.family_id = c.family_id
        ) AS stretch
    ) AS duty
    WHERE duty.days @> daterange(months.first, months.last, '[]')
      AND NOT EXISTS (SELECT FROM casework_supportpause AS pause
                      WHERE pause.case_id = c.id AND pause.starts_on <= months.last AND pause.ends_on >= months.first)
"""  # noqa: S608 - constants only
"""Rows (case_id, family_id, units, month, is_kept): the due case-months among the months whose first days are given."""


class CaseMonth(NamedTuple):
    """A month in which a case had to be contacted, and whether it was; `month` is its first day."""

    case_id: int
    month: date
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Compliance:
    """How many case-months were due, and how many of them were kept (indicator Q11)."""

    due: int
    kept: int


def compliance(period: DateRange, unit: Unit, *, of_contracts: bool = False) -> dict[int | None, Compliance]:
    """Due and kept case-months of the whole months of `period`, by the key of each unit, in one query.

    `unit` is the column that tells units apart; the curator is the one on the last day of the month, None for a case
    without one. `of_contracts` counts only months in which the family was under contract duty on every day (J7).
    """
    sql = f"""
        SELECT due.{unit}, count(*), count(*) FILTER (WHERE due.is_kept) FROM ({CASE_MONTHS}) AS due
        WHERE {_CONTRACT_MONTHS if of_contracts else "true"} GROUP BY due.{unit}
    """  # noqa: S608 - the text is a constant, the column one of a closed list
    with connection.cursor() as cursor:
        cursor.execute(sql, {"months": _whole_months(period)})
        return {key: Compliance(due, kept) for key, due, kept in cursor.fetchall()}


def case_months(period: DateRange, unit: Unit, keys: Collection[int]) -> dict[int, list[CaseMonth]]:
    """The due case-months behind the figures of these units, for whoever may see evidence; by case and month."""
    sql = f"""
        SELECT due.{unit}, due.case_id, due.month, due.is_kept FROM ({CASE_MONTHS}) AS due
        WHERE due.{unit} = ANY(%(keys)s) ORDER BY due.case_id, due.month
    """  # noqa: S608 - the text is a constant, the column one of a closed list
    found: dict[int, list[CaseMonth]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"months": _whole_months(period), "keys": list(keys)})
        for key, *month in cursor.fetchall():
            found.setdefault(key, []).append(CaseMonth(*month))
    return found


_CONTRACT_MONTHS = """(
    SELECT range_agg(daterange(contract.starts_on, contract.ends_on, '[]')) FROM casework_contractduty AS contract
    WHERE contract.family_id = due.family_id
) @> daterange(due.month, (due.month + interval '1 month')::date)"""


def _whole_months(period: DateRange) -> list[date]:
    """First days of the months that lie in `period` as a whole."""
    months = months_from(period.starts_on, period.last_day)
    return [first for first in months if period.covers(DateRange(first, month_end(first)))]
