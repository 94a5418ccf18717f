"""The case of each family with its curators, stages and decisions, as the services would have left them."""

from bench.scale.filling import Filling
from bench.scale.plan import Plan
from casework.models import CaseDecision, CaseEvent, CuratorAssignment, StageChange, SupportCase

STAGES = ("DIAGNOSTIC", "CONTRACTING", "ACTIVE", "REFLECTION", "POST_SUPPORT", "CLOSED")
FIRST_STAGES_DAYS = (0, 12, 30, 300)
"""Days after the opening on which a case goes on to diagnostics, agreement, active support and reflection."""


def load_cases(filling: Filling) -> None:
    """Cases bear the ids of their families. `next_contact_due_on` is put right when the contacts are known."""
    plan = filling.plan
    source = "(SELECT id AS source_id FROM casework_identificationsource ORDER BY code LIMIT 1) AS source"
    filling.fill(SupportCase, _case(), f"scale_plan CROSS JOIN {source}")
    filling.fill(
        CuratorAssignment,
        {
            "id": "i",
            "case_id": "i",
            "curator_id": "curator_id",
            "starts_on": "opened_on",
            "ends_on": "closed_on",
            "assigned_by_id": "curator_id",
            "created_at": "opened_on + time '09:30'",
        },
        "scale_plan",
    )
    filling.execute(f"CREATE TEMP TABLE scale_stage AS {_stages(plan)}")
    filling.fill(StageChange, _stage_change(), "scale_stage")
    filling.fill(CaseEvent, _stage_event(), "scale_stage")
    filling.execute("DROP TABLE scale_stage")
    filling.fill(CaseDecision, _decision("ENROL", "enrolled_on"), "scale_plan WHERE enrolled_on IS NOT NULL")
    filling.fill(CaseDecision, _decision("REMOVE", "removed_on"), "scale_plan WHERE removed_on IS NOT NULL")


def _case() -> dict[str, str]:
    enrolled = "enrolled_on IS NOT NULL"
    return {
        "id": "i",
        "family_id": "i",
        "region_id": "region_id",
        "institution_id": "institution_id",
        "department_id": "department_id",
        "curator_id": "CASE WHEN stage <> 'CLOSED' THEN curator_id END",
        "is_restricted": "(SELECT is_restricted FROM families_family WHERE id = i)",
        "number": "i || '/' || date_part('year', opened_on)",
        "opened_on": "opened_on",
        "opened_by_id": "curator_id",
        "source_id": "source_id",
        "ground": "'APPLICATION'",
        "stage": "stage",
        "stage_since": "GREATEST(opened_on, COALESCE(closed_on, removed_on, enrolled_on, opened_on))",
        "enrolled_on": "enrolled_on",
        "basis_body": f"CASE WHEN {enrolled} THEN 'COORDINATION_COUNCIL' ELSE '' END",
        "basis_number": f"CASE WHEN {enrolled} THEN (i % 90 + 1)::text ELSE '' END",
        "basis_date": "enrolled_on",
        "planned_end_on": "(enrolled_on + interval '9 months')::date",
        "removed_on": "removed_on",
        "removal_reason": "CASE WHEN removed_on IS NOT NULL THEN (ARRAY['SITUATION_IMPROVED', 'GOALS_ACHIEVED',"
        " 'EXITED_HARDSHIP', 'MOVED'])[1 + i % 4] WHEN closed_on IS NOT NULL THEN 'NOT_NEEDED' ELSE '' END",
        "post_support_until": "(removed_on + interval '6 months')::date",
        "closed_on": "closed_on",
        "next_contact_due_on": "DATE '9999-12-31'",
        "created_at": "opened_on + time '09:00'",
    }


def _stages(plan: Plan) -> str:
    """The way of each case up to the stage it is in; early closures go from diagnostics to the end at once."""
    ranks = ", ".join(f"('{stage}', {rank})" for rank, stage in enumerate(STAGES))
    first = ", ".join(str(days) for days in FIRST_STAGES_DAYS)
    return f"""
        SELECT i, curator_id, row_number() OVER () AS n, step.stage AS to_stage,
            LAG(step.stage, 1, '') OVER (PARTITION BY i ORDER BY rank) AS from_stage,
            LEAST(DATE '{plan.today}', CASE step.stage
                WHEN 'POST_SUPPORT' THEN removed_on
                WHEN 'CLOSED' THEN closed_on
                WHEN 'ACTIVE' THEN enrolled_on
                WHEN 'REFLECTION' THEN COALESCE(removed_on - 20, opened_on + (ARRAY[{first}])[4])
                ELSE opened_on + LEAST((ARRAY[{first}])[rank + 1], last_on - opened_on)
            END) AS on_day
        FROM scale_plan
        JOIN (VALUES {ranks}) AS own (stage, own_rank) USING (stage)
        JOIN (VALUES {ranks}) AS step (stage, rank) ON rank <= own_rank
            AND (scale_plan.stage <> 'CLOSED' OR removed_on IS NOT NULL OR step.stage IN ('DIAGNOSTIC', 'CLOSED'))
    """


def _stage_change() -> dict[str, str]:
    return {
        "id": "n",
        "case_id": "i",
        "from_stage": "from_stage",
        "to_stage": "to_stage",
        "on": "on_day",
        "by_id": "curator_id",
        "created_at": "on_day + time '10:00'",
    }


def _stage_event() -> dict[str, str]:
    return {
        "id": "n",
        "case_id": "i",
        "kind": "CASE WHEN from_stage = '' THEN 'case_opened' WHEN to_stage = 'CLOSED' THEN 'case_closed'"
        " ELSE 'stage_changed' END",
        "on": "on_day",
        "by_id": "curator_id",
        "params": "CASE WHEN from_stage = '' THEN jsonb_build_object('number', i::text, 'ground', 'APPLICATION')"
        " WHEN to_stage = 'CLOSED' THEN jsonb_build_object('reason', 'OTHER')"
        " ELSE jsonb_build_object('stage', to_stage) END",
        "created_at": "on_day + time '10:00'",
    }


def _decision(kind: str, column: str) -> dict[str, str]:
    return {
        "id": f"2 * i + {int(kind == 'REMOVE')}",
        "case_id": "i",
        "kind": f"'{kind}'",
        "effective_on": column,
        "body": "'COORDINATION_COUNCIL'",
        "number": "(i % 90 + 1)::text",
        "decided_on": column,
        "entered_by_id": "curator_id",
        "created_at": f"{column} + time '11:00'",
    }
