"""Choices of the partners room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerType(models.TextChoices):
    """What an organisation does (S0-44, S0-78 to S0-85, S1-69 to S1-71, S3-6, S3-7)."""

    HEALTH = "HEALTH", _("health care")
    EDUCATION = "EDUCATION", _("education")
    PPMS = "PPMS", _("psychological and pedagogical centre")
    POLICE = "POLICE", _("police")
    PDN = "PDN", _("juvenile unit of the police")
    GUARDIANSHIP = "GUARDIANSHIP", _("guardianship authority")
    KDN = "KDN", _("commission on minors")
    EMPLOYMENT = "EMPLOYMENT", _("employment centre")
    SOCIAL_SUPPORT = "SOCIAL_SUPPORT", _("social support authority")
    MUNICIPALITY = "MUNICIPALITY", _("municipal administration")
    YOUTH_SPORT = "YOUTH_SPORT", _("youth and sport")
    CULTURE = "CULTURE", _("culture")
    CIVIL_REGISTRY = "CIVIL_REGISTRY", _("civil registry")
    BAILIFFS = "BAILIFFS", _("bailiffs")
    MIGRATION = "MIGRATION", _("migration service")
    PENSION_FUND = "PENSION_FUND", _("pension fund")
    NGO = "NGO", _("non-profit organisation")
    ANO = "ANO", _("autonomous non-profit organisation")
    PUBLIC_ORG = "PUBLIC_ORG", _("public organisation")
    CHARITY_FUND = "CHARITY_FUND", _("charity fund")
    RELIGIOUS = "RELIGIOUS", _("religious organisation")
    BUSINESS = "BUSINESS", _("business")
    PARENT_COMMUNITY = "PARENT_COMMUNITY", _("parents' community")
    OTHER = "OTHER", _("other")


class Ownership(models.TextChoices):
    STATE = "STATE", _("state")
    MUNICIPAL = "MUNICIPAL", _("municipal")
    PUBLIC = "PUBLIC", _("public")
    PRIVATE = "PRIVATE", _("private")
    RELIGIOUS = "RELIGIOUS", _("religious")


class AgreementState(models.TextChoices):
    """Where a cooperation agreement stands in the register; whether it is in force, its dates say."""

    DRAFT = "DRAFT", _("draft")
    APPROVED = "APPROVED", _("approved")
    TERMINATED = "TERMINATED", _("terminated")


AGREEMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    AgreementState.DRAFT: frozenset({AgreementState.APPROVED}),
    AgreementState.APPROVED: frozenset({AgreementState.TERMINATED}),
    AgreementState.TERMINATED: frozenset(),
}


class AgreementTemplate(models.TextChoices):
    """The typical forms of agreements (S0-21): one for each kind of partner, and a general one."""

    EDUCATION = "EDUCATION", _("with an educational organisation")
    HEALTH = "HEALTH", _("with a health care organisation")
    NGO = "NGO", _("with a non-profit organisation")
    GENERAL = "GENERAL", _("with another organisation")


TEMPLATE_OF_TYPE: dict[str, AgreementTemplate] = {
    PartnerType.EDUCATION: AgreementTemplate.EDUCATION,
    PartnerType.PPMS: AgreementTemplate.EDUCATION,
    PartnerType.HEALTH: AgreementTemplate.HEALTH,
    PartnerType.NGO: AgreementTemplate.NGO,
    PartnerType.ANO: AgreementTemplate.NGO,
    PartnerType.PUBLIC_ORG: AgreementTemplate.NGO,
    PartnerType.CHARITY_FUND: AgreementTemplate.NGO,
    PartnerType.RELIGIOUS: AgreementTemplate.NGO,
    PartnerType.PARENT_COMMUNITY: AgreementTemplate.NGO,
}
"""The form proposed for a partner; for types not named here the general one."""
