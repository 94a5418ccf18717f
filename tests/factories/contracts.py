"""Builders of social contracts: one in any state, as the services leave it."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from casework.enums import Channel, ContractDutyKind, VisitState
from casework.models import SupportCase, Visit
from common.calendar import add_months
from contracts.enums import ContractState, Employment, EndKind, StopReason
from contracts.models import FollowUpSheet, SocialContract
from contracts.services import contracts as services
from contracts.services.followup import fill_sheet, stop
from families.models import Family
from partners.enums import PartnerType
from partners.models import ContactPerson, PartnerOrganisation
from tests.factories.partners import ContactPersonFactory, PartnerFactory

DAY = timedelta(days=1)
_numbers = itertools.count(1)


def authority_of(family: Family, user: User | None = None, **values: Any) -> PartnerOrganisation:
    """The authority of the family's region, kept in the region's own register; `user` is its contract specialist."""
    known: dict[str, Any] = {"region": family.region, "institution": None, "type": PartnerType.SOCIAL_SUPPORT}
    authority: PartnerOrganisation = PartnerFactory.create(**(known | values))
    if user is not None:
        ContactPerson.objects.filter(user=user).delete()
        ContactPersonFactory.create(partner=authority, user=user)
    return authority


def facts(family: Family, **values: Any) -> dict[str, Any]:
    """What a contract is registered with: of six months, in force since two months ago."""
    today = family.institution.today()
    starts_on = values.pop("starts_on", None) or add_months(today, -2)
    known: dict[str, Any] = {
        "family": family,
        "number": f"К-{next(_numbers)}",
        "kind": ContractDutyKind.JOB_SEARCH,
        "applicant": family.memberships.get(is_head=True).person,
        "signed_on": starts_on,
        "starts_on": starts_on,
        "planned_end_on": add_months(starts_on, 6) - DAY,
        "amount": Decimal("120000.00"),
    }
    known |= values
    known.setdefault("authority", None)
    known["authority"] = known["authority"] or authority_of(family)
    return known


def registered(family: Family, actor: User, **values: Any) -> SocialContract:
    """A contract registered by the service: in force, unless it begins later."""
    contract = services.register(contract=SocialContract(**facts(family, **values)), actor=actor)
    found: SocialContract = SocialContract.objects.with_page().get(pk=contract.pk)
    return found


def ended(family: Family, actor: User, last_day: date, **values: Any) -> SocialContract:
    """A contract whose planned end was `last_day`, ended on it, with its sheets."""
    starts_on = add_months(last_day, -6) + DAY
    contract = registered(family, actor, **({"starts_on": starts_on, "planned_end_on": last_day} | values))
    services.end(contract=contract, last_day=last_day, kind=EndKind.FULFILLED, explanation="", actor=actor)
    return contract


def met(case: SupportCase, *days: date, channel: Channel = Channel.HOME) -> None:
    """Visits held on these days."""
    Visit.objects.bulk_create(
        Visit(
            case=case,
            institution=case.institution,
            department=case.department,
            specialist=case.opened_by,
            created_by=case.opened_by,
            state=VisitState.HELD,
            channel=channel,
            held_on=day,
        )
        for day in days
    )


def filled(sheet: FollowUpSheet, actor: User, **values: Any) -> FollowUpSheet:
    """The sheet filled by the service; without a day of contact, the family was not met."""
    known: dict[str, Any] = {}
    if values.get("contacted_on"):
        known = {"employment": Employment.EMPLOYED, "per_capita": Decimal("18000.00")}
    else:
        known = {"no_contact_reason": "Семья уехала к родственникам"}
    for name, value in (known | values).items():
        setattr(sheet, name, value)
    return fill_sheet(sheet=sheet, actor=actor)


def contract_in(state: ContractState, family: Family, actor: User, **values: Any) -> SocialContract:
    """A contract that the services have brought to `state`."""
    today = family.institution.today()
    if state == ContractState.SIGNED:
        later = {"signed_on": today, "starts_on": today + DAY, "planned_end_on": add_months(today, 6)}
        return registered(family, actor, **(later | values))
    if state == ContractState.RUNNING:
        return registered(family, actor, **values)
    if state == ContractState.FOLLOW_UP:
        return ended(family, actor, add_months(today, -2), **values)
    contract = ended(family, actor, add_months(today, -12) - DAY, **values)
    if state == ContractState.STOPPED:
        on = add_months(today, -6)
        stop(contract=contract, on=on, reason=StopReason.REFUSAL, explanation="", actor=actor)
        return contract
    for sheet in contract.sheets.order_by("month"):
        filled(sheet, actor)
    contract.refresh_from_db()
    return contract
