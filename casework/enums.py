"""Choices of the casework room; the words are those of the glossary."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """The six stages of a case (domain 3.4; S4-18 to S4-29). CONTRACTING is about the support agreement."""

    DIAGNOSTIC = "DIAGNOSTIC", _("diagnostics")
    CONTRACTING = "CONTRACTING", _("agreement")
    ACTIVE = "ACTIVE", _("active support")
    REFLECTION = "REFLECTION", _("reflection")
    POST_SUPPORT = "POST_SUPPORT", _("post-support")
    CLOSED = "CLOSED", _("closed")


class Ground(models.TextChoices):
    """Why the case was opened."""

    APPLICATION = "APPLICATION", _("application of the family")
    COUNCIL = "COUNCIL", _("decision of a council")
    SIGNAL = "SIGNAL", _("signal")
    SOCIAL_CONTRACT = "SOCIAL_CONTRACT", _("social contract")
    KDN = "KDN", _("commission on minors")
    REFERRAL = "REFERRAL", _("referral of an agency")


class RemovalReason(models.TextChoices):
    """Why a family left support (domain 3.4). The first three are improvement."""

    SITUATION_IMPROVED = "SITUATION_IMPROVED", _("the situation improved")
    EXITED_HARDSHIP = "EXITED_HARDSHIP", _("overcame the difficult life situation")
    GOALS_ACHIEVED = "GOALS_ACHIEVED", _("goals of support achieved")
    REFUSAL = "REFUSAL", _("the family refused")
    INSURMOUNTABLE = "INSURMOUNTABLE", _("insurmountable obstacles")
    MOVED = "MOVED", _("moved away")
    TERM_EXPIRED = "TERM_EXPIRED", _("the term expired")
    CHILD_OF_AGE = "CHILD_OF_AGE", _("the child came of age")
    TRANSFERRED = "TRANSFERRED", _("transferred to another institution")
    STATUS_WORSENED = "STATUS_WORSENED", _("the status worsened")
    CHILD_PLACED = "CHILD_PLACED", _("the child was placed in an institution")
    DEATH = "DEATH", _("death")
    NOT_NEEDED = "NOT_NEEDED", _("does not need support")
    ERROR = "ERROR", _("opened by mistake")
    OTHER = "OTHER", _("other")


IMPROVEMENT = frozenset({RemovalReason.SITUATION_IMPROVED, RemovalReason.EXITED_HARDSHIP, RemovalReason.GOALS_ACHIEVED})
"""Removal with improvement: Q5 counts it (indicators 4.1 d), and a final assessment is required (I11)."""

REASONS_WITH_TEXT = frozenset({RemovalReason.INSURMOUNTABLE, RemovalReason.OTHER})
"""Reasons that must be explained in words (I11; Vladimir order 420/1, 4.8)."""

REASONS_OF_CONTRACT_FAMILIES = frozenset(
    {RemovalReason.REFUSAL, RemovalReason.GOALS_ACHIEVED, RemovalReason.INSURMOUNTABLE}
)
"""The only reasons for which a family under contract duty may leave support (I12; Vladimir order 420/1, 4.8)."""


class BasisBody(models.TextChoices):
    """Who decided; a lower room remembers of a decision only this, a number and a date."""

    COORDINATION_COUNCIL = "COORDINATION_COUNCIL", _("coordination council")
    WORKING_GROUP = "WORKING_GROUP", _("interagency working group")
    PRECINCT_COMMISSION = "PRECINCT_COMMISSION", _("precinct social commission")
    TEAM_DECISION = "TEAM_DECISION", _("decision of the team")
    OTHER = "OTHER", _("other body")


class TeamRole(models.TextChoices):
    """The profession a team member brings to the case (S1-15, S1-66)."""

    SPECIALIST = "SPECIALIST", _("social work specialist")
    PSYCHOLOGIST = "PSYCHOLOGIST", _("psychologist")
    PEDAGOGUE = "PEDAGOGUE", _("social pedagogue")
    LAWYER = "LAWYER", _("lawyer")
    MEDIC = "MEDIC", _("medical worker")
    OTHER = "OTHER", _("other")


class ContractDutyKind(models.TextChoices):
    """Kinds of social contracts whose families have the monthly duty (domain 3.2, contracts)."""

    JOB_SEARCH = "JOB_SEARCH", _("job search")
    BUSINESS = "BUSINESS", _("own business")
    SMALLHOLDING = "SMALLHOLDING", _("smallholding")
    OTHER_HARDSHIP = "OTHER_HARDSHIP", _("overcoming hardship")
