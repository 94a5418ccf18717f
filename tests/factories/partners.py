"""Factories of partners. Values are numbered, never random."""

import datetime

import factory
from factory.django import DjangoModelFactory

from partners.enums import AgreementState, AgreementTemplate, Ownership, PartnerType
from partners.models import AgreementParty, ContactPerson, CooperationAgreement, PartnerOrganisation, Volunteer
from tests.factories.accounts import InstitutionFactory, UserFactory


class PartnerFactory(DjangoModelFactory[PartnerOrganisation]):
    """A partner of an institution; `institution=None, region=...` makes one of the region's own register."""

    class Meta:
        model = PartnerOrganisation

    institution = factory.SubFactory(InstitutionFactory)
    region = factory.SelfAttribute("institution.region")
    title = factory.Sequence(lambda n: f"Районная больница № {n + 1}")
    type = PartnerType.HEALTH
    ownership = Ownership.STATE
    first_involved_on = datetime.date(2024, 5, 1)


class ContactPersonFactory(DjangoModelFactory[ContactPerson]):
    class Meta:
        model = ContactPerson

    partner = factory.SubFactory(PartnerFactory)
    last_name = factory.Sequence(lambda n: f"Представителева-{n}")
    first_name = "Анна"
    post = "заведующая"
    phone = "+79161234567"


class AgreementPartyFactory(DjangoModelFactory[AgreementParty]):
    class Meta:
        model = AgreementParty

    partner = factory.SubFactory(PartnerFactory)
    agreement = factory.SubFactory("tests.factories.partners.DraftAgreementFactory", parties=None)


class DraftAgreementFactory(DjangoModelFactory[CooperationAgreement]):
    """A draft with one party; `parties__partner=partner` chooses it, `parties=None` leaves the parties out."""

    class Meta:
        model = CooperationAgreement
        skip_postgeneration_save = True

    institution = factory.SubFactory(InstitutionFactory)
    template = AgreementTemplate.HEALTH
    subject = "Помощь семьям с детьми"
    entered_by = factory.SubFactory(UserFactory)
    parties = factory.RelatedFactory(
        AgreementPartyFactory,
        factory_related_name="agreement",
        partner=factory.SubFactory(PartnerFactory, institution=factory.SelfAttribute("..agreement.institution")),
    )


class AgreementFactory(DraftAgreementFactory):
    """An approved agreement, in force from 2026 without a term."""

    state = AgreementState.APPROVED
    number = factory.Sequence(lambda n: f"{n + 1}/2026")
    signed_on = datetime.date(2026, 1, 12)
    approved_on = datetime.date(2026, 1, 13)
    approved_by = factory.SubFactory(UserFactory)


class VolunteerFactory(DjangoModelFactory[Volunteer]):
    class Meta:
        model = Volunteer

    institution = factory.SubFactory(InstitutionFactory)
    last_name = factory.Sequence(lambda n: f"Добровольцева-{n:03}")
    first_name = "Вера"
    first_involved_on = datetime.date(2025, 2, 1)
