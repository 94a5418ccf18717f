"""Visits, the services rendered at them, and the due dates that follow."""

from django.db import connection

from bench.scale.filling import Filling
from bench.scale.plan import Plan
from casework.contacts import CONTACTS
from casework.models import CaseEvent, ServiceRecord, SupportCase, Visit
from records.models import NumberSequence

OBSERVATIONS = (
    "Дети дома, ухожены, накормлены. Обсудили режим дня младшего ребёнка.",
    "В доме чисто, продукты есть. По математике старшему нужна помощь.",
    "Обстановка спокойная, два мероприятия программы выполнены в срок.",
    "Задолженность частично погашена, помогли заполнить заявление на субсидию.",
)
SERVED = 3
"""One visit held in so many brought a service."""


def load_visits(filling: Filling) -> None:
    """Visits evenly from the opening of a case to its last contact, each with an event; and those planned."""
    plan = filling.plan
    filling.fill(Visit, _held(plan), "(" + _visits() + ") AS visit")
    planned = f"scale_plan WHERE stage = 'ACTIVE' AND {plan.dice('planned', 3)} = 0"
    filling.fill(Visit, _planned(plan), planned)
    members_seen = Visit.members_seen.through
    filling.fill(
        members_seen,
        {"id": "id", "visit_id": "id", "familymembership_id": f"3 * (case_id - 1) + 1 + {plan.dice('seen', 3, 'id')}"},
        "casework_visit WHERE state = 'HELD'",
    )
    filling.fill(CaseEvent, _event(plan), "casework_visit WHERE held_on IS NOT NULL")


def _visits() -> str:
    return """
        SELECT scale_plan.*, visits_before + j AS id, j = visits AS is_last,
            opened_on + (last_on - opened_on) * j / visits AS held_on
        FROM scale_plan CROSS JOIN LATERAL generate_series(1, visits) AS j
    """


def _unit() -> dict[str, str]:
    return {
        "case_id": "i",
        "institution_id": "institution_id",
        "department_id": "department_id",
        "specialist_id": "curator_id",
        "created_by_id": "curator_id",
    }


def _held(plan: Plan) -> dict[str, str]:
    outcome = plan.dice("outcome", 100, "id")
    channel = plan.dice("channel", 100, "id")
    return _unit() | {
        "id": "id",
        "number": "id || '/' || date_part('year', held_on)",
        "state": f"CASE WHEN is_last OR {outcome} < 92 THEN 'HELD' WHEN {outcome} < 98 THEN 'NOT_AT_HOME'"
        " ELSE 'REFUSED' END",
        "held_on": "held_on",
        "channel": f"CASE WHEN is_last OR {channel} < 80 THEN 'HOME' WHEN {channel} < 95 THEN 'OFFICE'"
        " ELSE 'PHONE' END",
        "observations": plan.one_of("observations", *OBSERVATIONS, key="id"),
        "signature": "'SIGNED'",
        "created_at": "held_on + time '15:00'",
    }


def _planned(plan: Plan) -> dict[str, str]:
    number = "(SELECT max(visits_before + visits) FROM scale_plan)"
    return _unit() | {
        "id": f"{number} + i",
        "state": "'PLANNED'",
        "planned_on": f"DATE '{plan.today}' + 1 + {plan.dice('planned_on', 21)}",
        "created_at": "last_on + time '15:00'",
    }


def _event(plan: Plan) -> dict[str, str]:
    return {
        "id": f"{6 * plan.families} + id",
        "case_id": "case_id",
        "kind": "CASE WHEN state = 'HELD' THEN 'visit_held' ELSE 'visit_failed' END",
        "on": "held_on",
        "by_id": "specialist_id",
        "params": "CASE WHEN state = 'HELD' THEN jsonb_build_object('channel', channel, 'services', 0)"
        " ELSE jsonb_build_object('outcome', state) END",
        "object_kind": "'casework.visit'",
        "object_id": "id",
        "created_at": "created_at",
    }


def load_services(filling: Filling) -> None:
    """A service to the child of the family at each third visit held."""
    plan = filling.plan
    filling.execute(
        "CREATE TEMP TABLE scale_title AS SELECT row_number() OVER (ORDER BY code) - 1 AS n, id AS title_id,"
        " record_type, service_kind, measure_kind FROM casework_servicetitle WHERE record_type <> 'URGENT'"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM scale_title")
        (titles,) = cursor.fetchone()
    filling.fill(
        ServiceRecord,
        {
            "id": "visit.id",
            "family_id": "visit.case_id",
            "case_id": "visit.case_id",
            "visit_id": "visit.id",
            "institution_id": "visit.institution_id",
            "department_id": "visit.department_id",
            "number": "visit.number",
            "on": "visit.held_on",
            "record_type": "title.record_type",
            "service_kind": "title.service_kind",
            "measure_kind": "title.measure_kind",
            "title_id": "title.title_id",
            "channel": "visit.channel",
            "specialist_id": "visit.specialist_id",
            "created_by_id": "visit.specialist_id",
            "created_at": "visit.created_at",
        },
        f"casework_visit AS visit JOIN scale_title AS title ON title.n = {plan.dice('title', titles, 'visit.id')}"
        f" WHERE visit.state = 'HELD' AND visit.id % {SERVED} = 0",
    )
    filling.fill(
        ServiceRecord.recipients.through,
        {"id": "id", "servicerecord_id": "id", "person_id": "3 * case_id"},
        "casework_servicerecord",
    )
    _number_on(filling)


def _number_on(filling: Filling) -> None:
    """Acts and rows of the journal entered from now on are numbered after those of the plan."""
    filling.fill(
        NumberSequence,
        {"id": "row_number() OVER ()", "institution_id": "unit.id", "kind": "kind", "year": "year", "last": "last"},
        "accounts_institution AS unit CROSS JOIN unnest(ARRAY['visit', 'service']) AS kind CROSS JOIN ("
        "SELECT date_part('year', held_on)::int AS year, max(id) AS last FROM casework_visit"
        " WHERE held_on IS NOT NULL GROUP BY 1) AS yearly",
    )


def load_contacts(filling: Filling) -> None:
    """The last and the next contact of each case by the rule itself."""
    filling.take_down(SupportCase)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE casework_supportcase AS stored SET last_contact_on = fresh.last_on, next_contact_due_on = fresh.due
            FROM ({CONTACTS}) AS fresh WHERE stored.id = fresh.id
            """,
            {"on": filling.plan.today},
        )
