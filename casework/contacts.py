"""When the next contact with a family is due (rules R1 and R2), computed in the database for one case or for a million.

`CONTACTS` is the only place where the rule is spelled out for sets; lists, reminders and reports use it, or the columns
that `refresh_contacts` fills from it. `common.calendar.next_contact_due` says the same for one case and is what the
tests compare with. Source: Vladimir order 420/1, 4.6; domain rules 3.10; clarifications 5 to 9.
"""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models.expressions import RawSQL

from accounts.notifications import settle_former
from common.calendar import DateRange

NO_CONTACT_DUE = date(9999, 12, 31)
"""Stands for "nothing is due", so that "most overdue first" is plain ascending order."""

CONTACT_REMINDERS = (
    "casework.contact_due",
    "casework.contact_overdue",
    "casework.contact_overdue_head",
    "casework.contact_overdue_director",
    "casework.contact_overdue_restricted",
)
"""Codes of the reminders of contacts: they are settled as soon as the due date moves."""

# Whether only visits at home and on trips are contacts on a day: the institution's rule of that day, else the region's.
_HOME_VISITS_ONLY = """COALESCE(
        (SELECT own.contact_requires_home_visit FROM accounts_institutionpolicy AS own
         WHERE own.institution_id = {row}.institution_id AND own.valid_from <= {row}.{day}
         ORDER BY own.valid_from DESC LIMIT 1),
        (SELECT common.contact_requires_home_visit FROM accounts_regionpolicy AS common
         JOIN accounts_institution AS unit ON unit.region_id = common.region_id
         WHERE unit.id = {row}.institution_id AND common.valid_from <= {row}.{day}
         ORDER BY common.valid_from DESC LIMIT 1),
        FALSE)"""

_VISIT_DAYS = f"""
    SELECT visit.case_id, visit.held_on AS day FROM casework_visit AS visit
    WHERE visit.state = 'HELD' AND visit.channel <> 'PHONE'
      AND (visit.channel IN ('HOME', 'TRIP') OR NOT {_HOME_VISITS_ONLY.format(row="visit", day="held_on")})
"""  # noqa: S608 - constants only

_SERVICE_DAYS = f"""
    SELECT service.case_id, service.on AS day FROM casework_servicerecord AS service
    WHERE service.cancelled_at IS NULL AND service.record_type <> 'URGENT'
      AND NOT {_HOME_VISITS_ONLY.format(row="service", day="on")}
"""  # noqa: S608 - constants only

CONTACT_DAYS = f"{_VISIT_DAYS} UNION ALL {_SERVICE_DAYS}"
"""R1: rows (case_id, day) of everything that is a contact: held visits but not telephone calls, rows of the journal but
not urgent ones; where the policy of the day asks for home visits, only those at home and on trips.
"""

# OFFSET 0 keeps the planner from copying a step into each use of its result: without it planning takes 40 ms a query.
# A pause moves the date past its end; one that begins before that new date moves it again. Three in a row is plenty.
_AFTER_PAUSES = """
    CROSS JOIN LATERAL (
        SELECT CASE WHEN {before}.due = DATE '9999-12-31' THEN {before}.due ELSE GREATEST({before}.due, (
            SELECT max(pause.ends_on) + 7 FROM casework_supportpause AS pause
            WHERE pause.case_id = c.id AND pause.starts_on <= GREATEST({before}.due + 1, %(on)s)
        )) END AS due
        OFFSET 0
    ) AS {after}
"""

# The latest of each by itself, so that an index gives it: over both together every day of a case would be read.
_LAST_DAY = (
    "(SELECT met.day FROM ({days}) AS met WHERE met.case_id = c.id AND met.day <= %(on)s ORDER BY met.day DESC LIMIT 1)"
)

CONTACTS = f"""
    SELECT c.id, contact.last_on, paused_thrice.due, EXISTS (
        SELECT FROM casework_supportpause AS pause
        WHERE pause.case_id = c.id AND %(on)s BETWEEN pause.starts_on AND pause.ends_on
    ) AS is_paused
    FROM casework_supportcase AS c
    CROSS JOIN LATERAL (
        SELECT GREATEST({_LAST_DAY.format(days=_VISIT_DAYS)}, {_LAST_DAY.format(days=_SERVICE_DAYS)}) AS last_on
        OFFSET 0
    ) AS contact
    CROSS JOIN LATERAL (
        SELECT (
            SELECT change.to_stage FROM casework_stagechange AS change
            WHERE change.case_id = c.id AND change.on <= %(on)s ORDER BY change.on DESC, change.id DESC LIMIT 1
        ) AS stage, EXISTS (
            SELECT FROM casework_contractduty AS duty
            WHERE duty.family_id = c.family_id AND duty.starts_on <= %(on)s
              AND (duty.ends_on IS NULL OR duty.ends_on >= %(on)s)
        ) AS has_duty
        OFFSET 0
    ) AS past
    JOIN LATERAL (
        SELECT * FROM accounts_regionpolicy AS dated
        WHERE dated.region_id = c.region_id AND dated.valid_from <= %(on)s ORDER BY dated.valid_from DESC LIMIT 1
    ) AS policy ON true
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN past.stage IS NULL OR past.stage = 'CLOSED' THEN DATE '9999-12-31'
            -- After the first contact nothing is due in diagnostics, unless a contract asks for a contact each month.
            WHEN past.stage = 'DIAGNOSTIC' AND NOT past.has_duty THEN
                CASE WHEN contact.last_on IS NULL THEN c.opened_on + policy.first_contact_days
                     ELSE DATE '9999-12-31' END
            ELSE (
                COALESCE(contact.last_on, CASE WHEN c.enrolled_on <= %(on)s THEN c.enrolled_on END, c.opened_on)
                + make_interval(months => CASE
                    WHEN past.has_duty THEN 1
                    WHEN past.stage = 'POST_SUPPORT' THEN policy.post_support_interval_months
                    ELSE COALESCE((
                        SELECT own.months FROM casework_contactinterval AS own
                        WHERE own.case_id = c.id AND own.valid_from <= %(on)s ORDER BY own.valid_from DESC LIMIT 1
                    ), policy.visit_interval_months)
                END::int)
            )::date
        END AS due
        OFFSET 0
    ) AS plain
    {_AFTER_PAUSES.format(before="plain", after="paused_once")}
    {_AFTER_PAUSES.format(before="paused_once", after="paused_twice")}
    {_AFTER_PAUSES.format(before="paused_twice", after="paused_thrice")}
"""  # noqa: S608 - constants only
"""Rows (id, last_on, due, is_paused) of all cases as the facts stood at the end of %(on)s.

`last_on`: the last contact on or before that day, or null. `due`: the day by which the next one is due, or
NO_CONTACT_DUE. `is_paused`: whether the day lies in a pause, when nothing is soon or overdue (clarification 8).
"""

_OPEN = "c.opened_on <= %(on)s AND (c.closed_on IS NULL OR c.closed_on > %(on)s)"
"""Nothing is due of any other case: asked first, it spares working out the rule for all that were closed before."""


def overdue_case_ids(on: date) -> RawSQL:
    """Ids of the cases that were overdue at the end of `on`, for a filter on a set of cases."""
    sql = f"""
        SELECT then_due.id FROM ({CONTACTS} WHERE {_OPEN}) AS then_due
        WHERE then_due.due < %(on)s AND NOT then_due.is_paused
    """  # noqa: S608 - constants only
    return _positional(sql, on)


def due_dates(case_ids: Iterable[int], on: date) -> dict[int, date]:
    """The day by which the next contact of each case is due, as the facts stood at the end of `on`."""
    with connection.cursor() as cursor:
        cursor.execute(f"{CONTACTS} WHERE c.id = ANY(%(ids)s)", {"on": on, "ids": list(case_ids)})
        return {row[0]: row[2] for row in cursor.fetchall()}


def contact_fact(case_id: int, due_on: date) -> str:
    """What a reminder of a contact tells of: this case, and the day by which the contact was due."""
    return f"case:{case_id}:{due_on}"


def contact_days(family_id: int, period: DateRange) -> list[date]:
    """The days of `period` on which the family was met or served, by R1, whatever case it had then."""
    sql = f"""
        SELECT DISTINCT contact.day FROM ({CONTACT_DAYS}) AS contact
        JOIN casework_supportcase AS c ON c.id = contact.case_id
        WHERE c.family_id = %s AND contact.day BETWEEN %s AND %s ORDER BY contact.day
    """  # noqa: S608 - constants only
    with connection.cursor() as cursor:
        cursor.execute(sql, [family_id, period.starts_on, period.last_day])
        return [row[0] for row in cursor.fetchall()]


def refresh_contacts(case_ids: Iterable[int], today: date) -> int:
    """Bring `last_contact_on` and `next_contact_due_on` of the cases up to date; return how many changed.

    Every service that writes a contact, a stage, a pause, an interval or a contract duty calls it for its cases, and a
    nightly job for all open ones, since a pause or a duty may begin or end. The two columns are derived, so they leave
    no history. Reminders of a contact that is due no longer on that day are settled.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE casework_supportcase AS stored
            SET last_contact_on = fresh.last_on, next_contact_due_on = fresh.due
            FROM ({CONTACTS} WHERE c.id = ANY(%(ids)s)) AS fresh
            WHERE stored.id = fresh.id
              AND (stored.last_contact_on, stored.next_contact_due_on) IS DISTINCT FROM (fresh.last_on, fresh.due)
            RETURNING stored.id, stored.next_contact_due_on
            """,  # noqa: S608 - the text is a constant
            {"on": today, "ids": list(case_ids)},
        )
        changed = {case_id: contact_fact(case_id, due_on) for case_id, due_on in cursor.fetchall()}
    settle_former(CONTACT_REMINDERS, changed)
    return len(changed)


def _positional(sql: str, on: date) -> RawSQL:
    """Django's RawSQL takes parameters by position only."""
    places = sql.count("%(on)s")
    return RawSQL(sql.replace("%(on)s", "%s"), [on] * places)  # noqa: S611 - the text is a constant
