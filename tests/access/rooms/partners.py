"""Routes of the partners room: organisations and volunteers, by unit."""

from tests.access.domains import Role
from tests.access.routes import form, listing, page, post

STAFF = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)

ROUTES = [
    listing("partners:register", "partner.list"),
    form("partners:partner_new", "partner.create"),
    page("partners:partner", "partner.read", at="partner"),
    form("partners:partner_edit", "partner.write", at="partner"),
    form("partners:contact_new", "partner.write", at="partner"),
    form("partners:contact_edit", "partner.write", at="contact"),
    form("partners:agreement_new", "cooperation_agreement.create"),
    page("partners:agreement", "cooperation_agreement.read", at="cooperation"),
    form("partners:agreement_edit", "cooperation_agreement.write", at="draft_cooperation"),
    form("partners:agreement_approve", "cooperation_agreement.approve", at="draft_cooperation"),
    form("partners:agreement_terminate", "cooperation_agreement.approve", at="cooperation"),
    post("partners:agreement_print", "cooperation_agreement.print", at="cooperation"),
    listing("partners:volunteers", "volunteer.list"),
    form("partners:volunteer_new", "volunteer.create"),
    form("partners:volunteer_edit", "volunteer.write", at="volunteer"),
]
