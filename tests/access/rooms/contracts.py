"""Routes of the contracts room."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework.enums import ContractDutyKind
from common.calendar import add_months
from contracts.enums import ContractState, EndKind, StopReason
from contracts.models import FollowUpSheet, SocialContract
from partners.models import ContactPerson, PartnerOrganisation
from tests.access.domains import Role
from tests.access.routes import form, listing, page, post
from tests.factories.contracts import DAY, authority_of

if TYPE_CHECKING:
    from tests.access.worlds import Subject

OBJECTS = {"contracts.SocialContract": "social_contract", "contracts.FollowUpSheet": "follow_up_sheet"}

LISTED = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.CONTRACT_SPECIALIST)

ROUTES = [
    listing("contracts:contracts", "social_contract.list", only=LISTED),
    page("contracts:of_case", "social_contract.read", also="case.read", at="case"),
    form("contracts:register", "social_contract.write", also="family_card.read", at="family"),
    page("contracts:contract", "social_contract.read", at="contract"),
    page("contracts:contract", "social_contract.read", at="ended_contract"),
    page("contracts:contract", "social_contract.read", at="stopped_contract"),
    form("contracts:edit", "social_contract.write", at="contract"),
    form("contracts:end", "social_contract.write", at="contract"),
    form("contracts:stop", "social_contract.write", at="ended_contract"),
    form("contracts:resume", "social_contract.write", at="stopped_contract"),
    form("contracts:conclusion", "social_contract.write", at="ended_contract"),
    post("contracts:summary", "social_contract.print", at="ended_contract"),
    page("contracts:sheet", "follow_up_sheet.read", at="sheet"),
    page("contracts:sheet", "follow_up_sheet.read", at="filled_sheet"),
    page("contracts:sheet", "follow_up_sheet.read", at="sheet_without_contact"),
    form("contracts:sheet_fill", "follow_up_sheet.write", at="sheet"),
    post("contracts:sheet_print", "social_contract.print", at="filled_sheet"),
]


def furnish(subject: "Subject") -> None:
    """A contract in force, one in follow-up with filled sheets and an open one, and one whose follow-up was stopped.

    The authority of the family "own", and of a restricted one, is the one that the contract specialist of the cast
    works for.
    """
    if "case" not in subject.rows:
        return
    authority = _authority(subject)
    today = subject.today
    ended = add_months(today, -3)
    ending = {"ended_on": ended, "end_kind": EndKind.FULFILLED, "follow_up_ends_on": add_months(ended, 12)}
    stopped = {"follow_up_stopped_on": today, "stop_reason": StopReason.REFUSAL}
    subject.add("contract", _contract(subject, authority, ContractState.RUNNING))
    subject.add("ended_contract", _contract(subject, authority, ContractState.FOLLOW_UP, **ending))
    subject.add("stopped_contract", _contract(subject, authority, ContractState.STOPPED, **ending, **stopped))
    for month, name in enumerate(("filled_sheet", "sheet", "sheet_without_contact"), start=1):
        begins = add_months(ended, month - 1) + DAY
        sheet = FollowUpSheet(
            contract=subject.rows["ended_contract"],
            month=month,
            period_from=begins,
            period_to=add_months(ended, month),
        )
        if name != "sheet":
            sheet.filled_on, sheet.filled_by = today, subject.cast.colleague
        if name == "filled_sheet":
            sheet.contacted_on = begins
        elif name == "sheet_without_contact":
            sheet.no_contact_reason = "-"
        sheet.save()
        subject.add(name, sheet)


def _authority(subject: "Subject") -> PartnerOrganisation:
    specialist = subject.cast.contract_specialist
    if subject.key == "restricted_unnamed":
        return ContactPerson.objects.current().get(user=specialist).partner
    return authority_of(subject.family, specialist if subject.key == "own" else None)


def _contract(subject: "Subject", authority: Any, state: ContractState, **values: Any) -> SocialContract:
    case = subject.rows["case"]
    begins = add_months(subject.today, -8)
    return SocialContract.objects.create(
        family=subject.family,
        case=case,
        institution=case.institution,
        number=f"{case.pk}-{state}",
        applicant=subject.family.memberships.get(is_head=True).person,
        kind=ContractDutyKind.JOB_SEARCH,
        authority=authority,
        signed_on=begins,
        starts_on=begins,
        planned_end_on=add_months(begins, 12),
        amount=Decimal(1),
        state=state,
        created_by=subject.cast.colleague,
        **values,
    )
