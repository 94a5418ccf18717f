"""The guards of moves between stages that the core of the room answers itself; `casework.apps` imports this module."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casework.enums import BasisBody, DecisionKind, GuardCode
from casework.models import CaseDecision, ContractDuty, CuratorAssignment
from casework.registry import Guard, register_guard
from families.models import Consent

TERM_ENDS_WITHIN_DAYS = 30
"""A term that ends within so many days is a reason to reflect (domain 3.4)."""


def consent_on_file(on: date) -> Exists:
    """A consent of the family is in force (R13)."""
    return Exists(Consent.objects.in_force(on).filter(family=OuterRef("family")))


def curator_assigned(on: date) -> Exists:
    """Somebody answers for the case on the day (I3)."""
    held = CuratorAssignment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)
    return Exists(held.filter(case=OuterRef("pk")))


def enrolled(on: date) -> Q:
    """The family was put on support on or before the day: by a body, or under a social contract on record."""
    contracts = ContractDuty.objects.not_over(OuterRef("enrolled_on")).filter(family=OuterRef("family"))
    by_council = ~Q(basis_body=BasisBody.TEAM_DECISION)
    return Q(enrolled_on__isnull=False, enrolled_on__lte=on) & (by_council | Q(Exists(contracts)))


def term_ending(on: date) -> Q:
    """The planned end is at most thirty days ahead, or behind."""
    return Q(planned_end_on__isnull=False, planned_end_on__lte=on + timedelta(days=TERM_ENDS_WITHIN_DAYS))


def extended(on: date) -> Exists:
    """A body extended the term since the present stage began, and the new term has not passed."""
    decided = CaseDecision.objects.filter(
        kind=DecisionKind.EXTEND,
        case=OuterRef("pk"),
        effective_on__gte=OuterRef("stage_since"),
        effective_on__lte=on,
        until__gte=on,
    )
    return Exists(decided)


def removal_decided(on: date) -> Exists:
    """A body removed the family from support, and the day has come."""
    decided = CaseDecision.objects.filter(
        kind=DecisionKind.REMOVE,
        case=OuterRef("pk"),
        effective_on=OuterRef("removed_on"),
        effective_on__lte=on,
    )
    return Exists(decided)


def post_support_over(on: date) -> Q:
    """The last day of post-support has passed."""
    return Q(post_support_until__isnull=False, post_support_until__lt=on)


def no_contract_duty(on: date) -> Q:
    """No social contract of the family runs or is in follow-up (clarification 9)."""
    return ~Q(Exists(ContractDuty.objects.on(on).filter(family=OuterRef("family"))))


GUARDS = (
    Guard(
        GuardCode.CONSENT_ON_FILE,
        _("The family's consent to the processing of personal data is in force"),
        _("Enter the family's consent to the processing of personal data"),
        consent_on_file,
        "families:card",
        of_family=True,
    ),
    Guard(
        GuardCode.CURATOR_ASSIGNED,
        _("A curator is assigned"),
        _("Assign a curator to the case"),
        curator_assigned,
        "casework:curators",
    ),
    Guard(
        GuardCode.ENROLLED,
        _("The family has been put on support"),
        _("The family is put on support by a decision, or by the support agreement under a social contract"),
        enrolled,
    ),
    Guard(
        GuardCode.TERM_ENDING,
        _("The term ends within 30 days"),
        _("The term ends within 30 days"),
        term_ending,
    ),
    Guard(
        GuardCode.EXTENDED,
        _("The term has been extended by a decision"),
        _("A decision extends the term"),
        extended,
    ),
    Guard(
        GuardCode.REMOVAL_DECIDED,
        _("The family has been removed from support by a decision"),
        _("A decision removes the family from support"),
        removal_decided,
    ),
    Guard(
        GuardCode.POST_SUPPORT_OVER,
        _("The time of post-support has passed"),
        _("The time of post-support has not passed yet"),
        post_support_over,
    ),
    Guard(
        GuardCode.NO_CONTRACT_DUTY,
        _("No social contract of the family runs or is in follow-up"),
        _("A social contract of the family runs or is in follow-up"),
        no_contract_duty,
    ),
)

for row in GUARDS:
    register_guard(row)
