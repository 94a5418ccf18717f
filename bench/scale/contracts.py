"""Social contracts of some families, their duty, and the sheets of those that have ended."""

from bench.scale.filling import Filling
from bench.scale.plan import Plan
from casework.models import ContractDuty
from contracts.models import FollowUpSheet, SocialContract
from partners.enums import PartnerType
from partners.models import PartnerOrganisation

EACH = 33
MONTHS = 12


def load_contracts(filling: Filling) -> None:
    """A contract of nine months for each so many supported families; once it has ended, twelve sheets."""
    plan = filling.plan
    filling.fill(
        PartnerOrganisation,
        {
            "id": "id",
            "region_id": "id",
            "title": "'Управление социальной защиты населения'",
            "type": f"'{PartnerType.SOCIAL_SUPPORT}'",
        },
        "accounts_region",
    )
    filling.execute(f"CREATE TEMP TABLE scale_contract AS {_contracts(plan)}")
    filling.fill(SocialContract, _contract(plan), "scale_contract")
    filling.fill(ContractDuty, _duty(), "scale_contract")
    filling.fill(
        FollowUpSheet,
        _sheet(plan),
        f"scale_contract CROSS JOIN generate_series(1, {MONTHS}) AS month WHERE ended_on IS NOT NULL",
    )


def _contracts(plan: Plan) -> str:
    today = f"DATE '{plan.today}'"
    return f"""
        SELECT *, CASE WHEN until < {today} THEN until END AS ended_on,
            CASE WHEN until < {today} THEN (until + interval '{MONTHS} months')::date END AS follow_up_ends_on
        FROM (
            SELECT *, enrolled_on + 10 AS starts_on, (enrolled_on + 9 + interval '9 months')::date AS until
            FROM scale_plan WHERE i % {EACH} = 0 AND enrolled_on < {today} - 10
        ) AS dated
    """


def _contract(plan: Plan) -> dict[str, str]:
    return {
        "id": "i",
        "family_id": "i",
        "case_id": "i",
        "institution_id": "institution_id",
        "number": "'СК-' || i",
        "applicant_id": "3 * i - 2",
        "kind": "'BUSINESS'",
        "authority_id": "region_id",
        "signed_on": "starts_on",
        "starts_on": "starts_on",
        "planned_end_on": "until",
        "amount": "350000",
        "state": f"CASE WHEN ended_on IS NULL THEN 'RUNNING' WHEN follow_up_ends_on < DATE '{plan.today}'"
        " THEN 'COMPLETED' ELSE 'FOLLOW_UP' END",
        "ended_on": "ended_on",
        "end_kind": "CASE WHEN ended_on IS NULL THEN '' ELSE 'FULFILLED' END",
        "follow_up_ends_on": "follow_up_ends_on",
        "created_by_id": "curator_id",
        "created_at": "starts_on + time '12:00'",
    }


def _duty() -> dict[str, str]:
    return {
        "id": "i",
        "family_id": "i",
        "contract_number": "'СК-' || i",
        "kind": "'BUSINESS'",
        "starts_on": "starts_on",
        "runs_until": "ended_on",
        "ends_on": "follow_up_ends_on",
    }


def _sheet(plan: Plan) -> dict[str, str]:
    first = "(ended_on + 1 + make_interval(months => month - 1))::date"
    last = "(ended_on + make_interval(months => month))::date"
    filled = f"{last} < DATE '{plan.today}'"
    return {
        "id": f"{MONTHS} * i + month",
        "contract_id": "i",
        "month": "month",
        "period_from": first,
        "period_to": f"GREATEST({first}, {last})",
        "filled_on": f"CASE WHEN {filled} THEN {last} END",
        "filled_by_id": f"CASE WHEN {filled} THEN curator_id END",
        "no_contact_reason": f"CASE WHEN {filled} THEN 'Семья в отъезде' ELSE '' END",
    }
