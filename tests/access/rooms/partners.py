"""Routes of the partners room: organisations and volunteers, by unit."""

import datetime
from typing import TYPE_CHECKING

from accounts.models import Institution
from partners.enums import AgreementState
from tests.access.domains import Relation, Role
from tests.access.routes import form, listing, page, post
from tests.factories.partners import (
    AgreementFactory,
    ContactPersonFactory,
    DraftAgreementFactory,
    PartnerFactory,
    VolunteerFactory,
)

if TYPE_CHECKING:
    from tests.access.worlds import Subject, World

OBJECTS = {
    "partners.PartnerOrganisation": "partner",
    "partners.ContactPerson": "partner",
    "partners.CooperationAgreement": "cooperation_agreement",
    "partners.Volunteer": "volunteer",
}

# A partner's own person finds there the card of the own organisation alone.
REGISTER_READERS = (
    *(Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.COUNCIL_SECRETARY),
    *(Role.PARTNER_USER, Role.MINISTRY, Role.RESOURCE_CENTRE),
)
STAFF = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)

ROUTES = [
    listing("partners:register", "partner.list", only=REGISTER_READERS),
    form("partners:partner_new", "partner.create"),
    page("partners:partner", "partner.read", at="partner"),
    form("partners:partner_edit", "partner.write", at="partner"),
    form("partners:contact_new", "partner.write", at="partner"),
    form("partners:contact_edit", "partner.write", at="contact"),
    form("partners:agreement_new", "cooperation_agreement.create"),
    page("partners:agreement", "cooperation_agreement.read", at="cooperation"),
    page("partners:agreement", "cooperation_agreement.read", at="ended_cooperation"),
    page("partners:agreement", "cooperation_agreement.read", at="draft_cooperation"),
    form("partners:agreement_edit", "cooperation_agreement.write", at="draft_cooperation"),
    form("partners:agreement_approve", "cooperation_agreement.approve", at="draft_cooperation"),
    form("partners:agreement_terminate", "cooperation_agreement.approve", at="cooperation"),
    post("partners:agreement_print", "cooperation_agreement.print", at="cooperation"),
    listing("partners:volunteers", "volunteer.list"),
    form("partners:volunteer_new", "volunteer.create"),
    form("partners:volunteer_edit", "volunteer.write", at="volunteer"),
]


def subjects(world: "World") -> list["Subject"]:
    """What the own institution, another one of the region and one of another region keep of their partners."""
    cast = world.cast
    return [
        _unit(world, "institution", cast.institution),
        _unit(world, "other", cast.other_institution),
        _unit(world, "foreign", cast.foreign_institution),
    ]


def _unit(world: "World", key: str, institution: Institution) -> "Subject":
    from tests.access.worlds import UNIT, Subject  # noqa: PLC0415 - the world asks this module for its subjects

    near, wide = {
        "institution": (Relation.INSTITUTION, Relation.REGION),
        "other": (Relation.OTHER_INSTITUTION, Relation.REGION),
        "foreign": (Relation.OTHER_REGION, Relation.OTHER_REGION),
    }[key]
    whole = {Role.SYSTEM_ADMIN, Role.ANONYMOUS}
    inside = {*STAFF, Role.AUDITOR}
    relations = {role: near if role in inside else Relation.ANYWHERE if role in whole else wide for role in Role}
    subject = Subject(UNIT, f"unit {key}", world.cast, relations)
    partner = PartnerFactory.create(institution=institution)
    subject.add("partner", partner)
    subject.add("contact", ContactPersonFactory.create(partner=partner))
    ended = {"state": AgreementState.TERMINATED, "terminated_on": institution.today(), "termination_reason": "-"}
    parties = {"institution": institution, "parties__partner": partner, "allows_data_exchange": True, "data_scope": "-"}
    subject.add("cooperation", AgreementFactory.create(**parties))
    subject.add("draft_cooperation", DraftAgreementFactory.create(**parties))
    subject.add("ended_cooperation", AgreementFactory.create(**parties, **ended))
    subject.add("volunteer", VolunteerFactory.create(institution=institution))
    if key == "institution":
        left = institution.today() - datetime.timedelta(days=1)
        ContactPersonFactory.create(partner=partner, user=world.cast.partner_user, left_on=left)
    world.tokenize(subject, list(subject.rows.values()))
    return subject
