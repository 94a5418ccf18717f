from partners.models.organisations import PartnerOrganisation

__all__ = ["PartnerOrganisation"]
