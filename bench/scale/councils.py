"""A council at each institution, its session of each month, and the families that it put on support there."""

from accounts.enums import Role
from bench.scale.filling import Filling
from bench.scale.plan import YEARS, Plan
from councils.models import AgendaItem, Council, CouncilMember, CouncilSession, Decision, Minutes

EACH = 10
"""One enrolment in so many stands on the agenda of a session kept here; the others came on paper."""
SEATS = ("CHAIR", "SECRETARY", "MEMBER", "MEMBER", "MEMBER")


def load_councils(filling: Filling) -> None:
    """Sessions with signed minutes; ids follow from the institution's and the month's."""
    plan = filling.plan
    filling.fill(
        Council,
        {
            "id": "id",
            "region_id": "region_id",
            "institution_id": "id",
            "kind": "'COORDINATION_COUNCIL'",
            "title": "'Координационный совет при ' || short_name",
            "title_genitive": "'Координационного совета при ' || short_name",
            "active_from": f"DATE '{plan.today}' - {(YEARS + 1) * 365}",
        },
        "accounts_institution",
    )
    seats = ", ".join(f"({place}, '{role}')" for place, role in enumerate(SEATS))
    filling.fill(
        CouncilMember,
        _member(plan),
        f"accounts_institution AS unit JOIN scale_staff AS staff"
        f" ON staff.institution_id = unit.id AND staff.role = '{Role.COUNCIL_SECRETARY}'"
        f" JOIN accounts_user AS person ON person.id = staff.user_id"
        f" CROSS JOIN (VALUES {seats}) AS seat (place, seat_role)",
    )
    filling.execute(f"CREATE TEMP TABLE scale_session AS {_sessions(plan)}")
    filling.fill(CouncilSession, _session(), "scale_session")
    filling.fill(Minutes, _minutes(), "scale_session")
    items = (
        "scale_plan JOIN scale_session AS held ON held.institution_id = scale_plan.institution_id"
        f" AND date_trunc('month', enrolled_on) = held.month WHERE i % {EACH} = 0 AND enrolled_on IS NOT NULL"
    )
    filling.fill(AgendaItem, _item(), items)
    filling.fill(Decision, _decision(), items)


def _member(plan: Plan) -> dict[str, str]:
    return {
        "id": f"{len(SEATS)} * unit.id + seat.place",
        "council_id": "unit.id",
        "user_id": "CASE WHEN seat_role = 'SECRETARY' THEN staff.user_id END",
        "last_name": "person.last_name",
        "first_name": "person.first_name",
        "patronymic": "person.patronymic",
        "sex": "'F'",
        "post": "'член совета'",
        "role": "seat_role",
        "starts_on": f"DATE '{plan.today}' - {(YEARS + 1) * 365}",
    }


def _sessions(plan: Plan) -> str:
    """The last weekday of each month's third week is near enough: the 20th."""
    return f"""
        SELECT unit.id AS institution_id, {YEARS * 12} * unit.id + n AS session, month, month::date + 19 AS held_on,
            n + 1 AS number, staff.user_id AS secretary_user
        FROM accounts_institution AS unit
        JOIN scale_staff AS staff ON staff.institution_id = unit.id AND staff.role = '{Role.COUNCIL_SECRETARY}'
        CROSS JOIN LATERAL (
            SELECT n, date_trunc('month', DATE '{plan.today}') - make_interval(months => {YEARS * 12} - n) AS month
            FROM generate_series(0, {YEARS * 12} - 1) AS n
        ) AS monthly
    """


def _session() -> dict[str, str]:
    return {
        "id": "session",
        "council_id": "institution_id",
        "number": "number::text",
        "state": "'MINUTES_SIGNED'",
        "planned_at": "held_on + time '10:00'",
        "agenda_approved_on": "held_on - 5",
        "agenda_approved_by": "'председатель'",
        "chair_id": f"{len(SEATS)} * institution_id",
        "secretary_id": f"{len(SEATS)} * institution_id + 1",
        "held_on": "held_on",
        "members_total": str(len(SEATS)),
        "members_present": str(len(SEATS) - 1),
        "quorum_percent": "50",
        "signed_on": "held_on + 1",
        "created_by_id": "secretary_user",
        "created_at": "held_on - 10 + time '09:00'",
    }


def _minutes() -> dict[str, str]:
    return {
        "id": "session",
        "session_id": "session",
        "edition": "1",
        "number": "number::text",
        "drafted_on": "held_on",
        "drafted_by_id": "secretary_user",
        "signed_on": "held_on + 1",
        "signing_way": "'ON_PAPER'",
        "signatory": "'председатель'",
    }


def _item() -> dict[str, str]:
    return {
        "id": "i",
        "session_id": "session",
        "position": "row_number() OVER (PARTITION BY session ORDER BY i)",
        "kind": "'ENROL'",
        "family_id": "i",
        "case_id": "i",
        "title": "'О постановке на социальное сопровождение'",
        "state": "'CONSIDERED'",
    }


def _decision() -> dict[str, str]:
    return {
        "id": "i",
        "item_id": "i",
        "ordinal": "1",
        "type": "'ENROL'",
        "text": "'Поставить семью на социальное сопровождение.'",
        "effective_on": "enrolled_on",
        "votes_for": str(len(SEATS) - 1),
        "state": "'ADOPTED'",
    }
