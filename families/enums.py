"""Choices of the families room; the words are those of the glossary."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    FEMALE = "F", _("female")
    MALE = "M", _("male")


class DocumentKind(models.TextChoices):
    """What proves a person's identity."""

    PASSPORT = "PASSPORT", _("passport of a citizen of Russia")
    BIRTH_CERTIFICATE = "BIRTH_CERTIFICATE", _("birth certificate")
    FOREIGN_PASSPORT = "FOREIGN_PASSPORT", _("passport of a foreign citizen")
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT", _("residence permit")
    TEMPORARY_IDENTITY = "TEMPORARY_IDENTITY", _("temporary identity card")
    OTHER = "OTHER", _("other document")


class FamilyRole(models.TextChoices):
    """Who a person is in the family."""

    MOTHER = "MOTHER", _("mother")
    FATHER = "FATHER", _("father")
    CHILD = "CHILD", _("child")
    STEPMOTHER = "STEPMOTHER", _("stepmother")
    STEPFATHER = "STEPFATHER", _("stepfather")
    GUARDIAN = "GUARDIAN", _("guardian")
    FOSTER_PARENT = "FOSTER_PARENT", _("foster parent")
    GRANDMOTHER = "GRANDMOTHER", _("grandmother")
    GRANDFATHER = "GRANDFATHER", _("grandfather")
    SIBLING = "SIBLING", _("brother or sister of full age")
    OTHER = "OTHER", _("other relative")


class HousingKind(models.TextChoices):
    OWN = "OWN", _("own")
    SOCIAL_RENT = "SOCIAL_RENT", _("social rent")
    RENTED = "RENTED", _("rented")
    DORMITORY = "DORMITORY", _("dormitory")
    WITH_RELATIVES = "WITH_RELATIVES", _("with relatives")
    SERVICE = "SERVICE", _("service housing")
    NONE = "NONE", _("no housing")


class StatusKind(models.TextChoices):
    """The social status of a family, dated (S0-86, S1-35). A family without a status has no row."""

    EARLY_TROUBLE = "EARLY_TROUBLE", _("early family trouble")
    HARDSHIP = "HARDSHIP", _("difficult life situation")
    SOCIALLY_DANGEROUS = "SOCIALLY_DANGEROUS", _("socially dangerous situation")


class RiskGroup(models.TextChoices):
    """The ladder by which progress is measured (S1-86), from the mildest."""

    RISK_GROUP = "RISK_GROUP", _("family at risk")
    DYSFUNCTIONAL = "DYSFUNCTIONAL", _("dysfunctional family")
    ASOCIAL = "ASOCIAL", _("asocial family")


class FamilyFact(StrEnum):
    """What happens to a family that higher rooms are told of (`families.hooks`)."""

    CONSENT_GIVEN = "consent_given"
    CONSENT_REVOKED = "consent_revoked"
    STATEMENT_GIVEN = "statement_given"
    STATEMENT_WITHDRAWN = "statement_withdrawn"
    STATUS_SET = "status_set"
    STATUS_ENDED = "status_ended"
    RISK_GROUP_SET = "risk_group_set"
    RISK_GROUP_LEFT = "risk_group_left"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    REPRESENTATIVE_SET = "representative_set"
    CATEGORY_ENTERED = "category_entered"
    CATEGORY_CHANGED = "category_changed"
    INCOME_ENTERED = "income_entered"
    INCOME_CORRECTED = "income_corrected"
    INCOME_WITHDRAWN = "income_withdrawn"


class TraitKind(models.TextChoices):
    """What is true of a member for a time (S1-3, S1-4, S2-17, S4-6)."""

    DISABLED = "DISABLED", _("disabled")
    HEALTH_LIMITED = "HEALTH_LIMITED", _("limited health abilities")
    ORPHAN = "ORPHAN", _("orphan or without parental care")
    CARE_LEAVER = "CARE_LEAVER", _("left a children's institution")
    NEGLECTED = "NEGLECTED", _("neglected")
    HOMELESS = "HOMELESS", _("homeless")
    ABUSE_VICTIM = "ABUSE_VICTIM", _("victim of abuse or crime")
    ADAPTATION_TROUBLE = "ADAPTATION_TROUBLE", _("finds social adaptation hard")
    ABLE_TO_WORK = "ABLE_TO_WORK", _("able to work")
    EMPLOYED = "EMPLOYED", _("employed")
    UNEMPLOYED = "UNEMPLOYED", _("unemployed")
    PREGNANT = "PREGNANT", _("pregnant")
    REFUSAL_RISK = "REFUSAL_RISK", _("may refuse the newborn")


SENSITIVE_TRAITS = frozenset(
    {TraitKind.DISABLED, TraitKind.HEALTH_LIMITED, TraitKind.ABUSE_VICTIM, TraitKind.PREGNANT, TraitKind.REFUSAL_RISK}
)
"""Health and intimate life: written consent needed, never in lists, exports, e-mails or reminders (access 6.3, 5)."""


class PopulationGroup(models.TextChoices):
    """Whose subsistence minimum it is."""

    PER_CAPITA = "PER_CAPITA", _("per capita")
    ABLE_BODIED = "ABLE_BODIED", _("of working age")
    CHILD = "CHILD", _("children")
    PENSIONER = "PENSIONER", _("pensioners")


class IncomeSource(models.TextChoices):
    STATEMENT = "STATEMENT", _("the family's statement")
    CERTIFICATE = "CERTIFICATE", _("certificates")
    EXCHANGE = "EXCHANGE", _("interagency request")


class ExternalSystem(models.TextChoices):
    """Registers that know the person or the family under another number (S0-76, S3-24)."""

    TARGETED_AID = "TARGETED_AID", _("Targeted social aid system")
    RECIPIENT_REGISTER = "RECIPIENT_REGISTER", _("register of recipients of social services")
    ECP = "ECP", _("unified centralised platform")


class GrantReason(models.TextChoices):
    """Why a person beyond the organisation chart may open a family (design, 5)."""

    REGISTERED = "REGISTERED", _("registered the family")
    CASE_TEAM = "CASE_TEAM", _("is in the case team")
    AGENDA = "AGENDA", _("keeps the session that considers the family")
    HANDOVER = "HANDOVER", _("hands the family over")
    NAMED = "NAMED", _("named for the restricted family")
    HEAD = "HEAD", _("named by the head")
    AUDIT = "AUDIT", _("sample of an internal check")


class ConsentData(models.TextChoices):
    """Personal data that a consent may cover (152-FZ, article 9, part 4); data on health are named apart."""

    FULL_NAME = "FULL_NAME", _("last name, first name, patronymic")
    BIRTH = "BIRTH", _("date and place of birth, sex")
    CITIZENSHIP = "CITIZENSHIP", _("citizenship")
    IDENTITY_DOCUMENT = "IDENTITY_DOCUMENT", _("details of the identity document")
    ADDRESS = "ADDRESS", _("addresses of registration and of residence")
    CONTACTS = "CONTACTS", _("telephone and other contacts")
    SNILS = "SNILS", _("insurance number of the personal account (SNILS)")
    FAMILY = "FAMILY", _("composition of the family, relations")
    EDUCATION = "EDUCATION", _("education, place of study")
    EMPLOYMENT = "EMPLOYMENT", _("place of work, employment")
    INCOME = "INCOME", _("income and property of the family")
    HOUSING = "HOUSING", _("housing conditions")
    SOCIAL_STATUS = "SOCIAL_STATUS", _("category and status of the family")
    SUPPORT = "SUPPORT", _("services, measures of support and their results")


class ConsentAction(models.TextChoices):
    """What may be done with the data (152-FZ, article 3, item 3); making public needs a consent of its own."""

    COLLECTION = "COLLECTION", _("collection")
    RECORDING = "RECORDING", _("recording")
    SYSTEMATISATION = "SYSTEMATISATION", _("systematisation")
    ACCUMULATION = "ACCUMULATION", _("accumulation")
    STORAGE = "STORAGE", _("storage")
    CORRECTION = "CORRECTION", _("correction (update, change)")
    RETRIEVAL = "RETRIEVAL", _("retrieval")
    USE = "USE", _("use")
    TRANSFER = "TRANSFER", _("transfer (provision, access) to the recipients named")
    DEPERSONALISATION = "DEPERSONALISATION", _("depersonalisation")
    BLOCKING = "BLOCKING", _("blocking")
    DELETION = "DELETION", _("deletion")
    DESTRUCTION = "DESTRUCTION", _("destruction")
