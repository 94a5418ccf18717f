from partners.models.agreements import AgreementParty, CooperationAgreement
from partners.models.organisations import ContactPerson, PartnerOrganisation
from partners.models.volunteers import Volunteer

__all__ = ["AgreementParty", "ContactPerson", "CooperationAgreement", "PartnerOrganisation", "Volunteer"]
