"""Routes of the contracts room."""

from tests.access.domains import Role
from tests.access.routes import form, listing, page, post

LISTED = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.CONTRACT_SPECIALIST)

ROUTES = [
    listing("contracts:contracts", "social_contract.list", only=LISTED),
    page("contracts:of_case", "social_contract.read", also="case.read", at="case"),
    form("contracts:register", "social_contract.write", also="family_card.read", at="family"),
    page("contracts:contract", "social_contract.read", at="contract"),
    form("contracts:edit", "social_contract.write", at="contract"),
    form("contracts:end", "social_contract.write", at="contract"),
    form("contracts:stop", "social_contract.write", at="ended_contract"),
    form("contracts:resume", "social_contract.write", at="stopped_contract"),
    form("contracts:conclusion", "social_contract.write", at="ended_contract"),
    post("contracts:summary", "social_contract.print", at="ended_contract"),
    page("contracts:sheet", "follow_up_sheet.read", at="sheet"),
    form("contracts:sheet_fill", "follow_up_sheet.write", at="sheet"),
    post("contracts:sheet_print", "social_contract.print", at="filled_sheet"),
]
