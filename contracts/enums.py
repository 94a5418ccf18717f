"""Choices of the contracts room. Kinds of contracts are casework's, which keeps the duty they bring."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContractState(models.TextChoices):
    """States of a social contract from its signing (domain 3.8)."""

    SIGNED = "SIGNED", _("signed")
    RUNNING = "RUNNING", _("in force")
    FOLLOW_UP = "FOLLOW_UP", _("follow-up")
    COMPLETED = "COMPLETED", _("follow-up completed")
    STOPPED = "STOPPED", _("follow-up stopped")


BEFORE_END = (ContractState.SIGNED, ContractState.RUNNING)
"""States in which the contract has not ended."""


class EndKind(models.TextChoices):
    """How a contract ended (domain 3.8)."""

    FULFILLED = "FULFILLED", _("fulfilled")
    EXPIRED_UNFULFILLED = "EXPIRED_UNFULFILLED", _("expired unfulfilled")
    TERMINATED_BY_AUTHORITY = "TERMINATED_BY_AUTHORITY", _("terminated by the authority for a breach")
    TERMINATED_GOOD_REASON = "TERMINATED_GOOD_REASON", _("terminated for a good reason")
    WITHDRAWN = "WITHDRAWN", _("withdrawn by the family")


EXPLAINED_ENDS = frozenset({EndKind.TERMINATED_BY_AUTHORITY, EndKind.TERMINATED_GOOD_REASON})
"""Ends that must be explained in words."""


class StopReason(models.TextChoices):
    """The only reasons that end a follow-up early (Vladimir order 420/1, 4.8; I12)."""

    REFUSAL = "REFUSAL", _("the family refused")
    GOALS_ACHIEVED = "GOALS_ACHIEVED", _("goals of support achieved")
    INSURMOUNTABLE = "INSURMOUNTABLE", _("insurmountable obstacles")


class Employment(models.TextChoices):
    """What became of the applicant's work (documents 5.9)."""

    EMPLOYED = "EMPLOYED", _("employed")
    SELF_EMPLOYED = "SELF_EMPLOYED", _("self-employed")
    BUSINESS = "BUSINESS", _("runs a business")
    SMALLHOLDING = "SMALLHOLDING", _("runs a smallholding")
    STUDYING = "STUDYING", _("studies")
    UNEMPLOYED = "UNEMPLOYED", _("without work")
    CARE = "CARE", _("cares for a child or a relative")


class SheetState(models.TextChoices):
    """How a month of the follow-up stands on a day; derived, never stored."""

    FILLED = "FILLED", _("filled")
    FILLED_LATE = "FILLED_LATE", _("filled late")
    DUE = "DUE", _("due")
    OVERDUE = "OVERDUE", _("overdue")
    TO_COME = "TO_COME", _("to come")
    VOID = "VOID", _("not due")
