"""The social contract: concluded by the social support authority, kept here as a copy (S0-23, S0-26)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, User
from casework.enums import ContractDutyKind
from casework.models import SupportCase
from common.editing import VersionedModel
from common.history import tracked
from contracts.enums import BEFORE_END, ContractState, EndKind, StopReason
from contracts.querysets import ContractQuerySet
from families.models import Family, Person
from partners.models import PartnerOrganisation


class SocialContract(VersionedModel):
    """A social contract of a family, from its signing to the end of the months that follow it (domain 3.8; R5, R6).

    `ended_on` is the last day in force; the follow-up begins the day after. `institution` entered the contract; the
    follow-up belongs to the institution of the case (clarification 39).
    """

    family = models.ForeignKey(
        Family, verbose_name=_("family"), on_delete=models.PROTECT, related_name="contracts", db_index=False
    )
    case = models.ForeignKey(
        SupportCase, verbose_name=_("case"), null=True, blank=True, on_delete=models.PROTECT, related_name="contracts"
    )
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField(_("number"), max_length=50)
    applicant = models.ForeignKey(
        Person, verbose_name=_("applicant"), on_delete=models.PROTECT, related_name="contracts"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=ContractDutyKind.choices)
    authority = models.ForeignKey(
        PartnerOrganisation,
        verbose_name=_("authority"),
        on_delete=models.PROTECT,
        related_name="contracts",
        db_index=False,
    )
    authority_specialist = models.CharField(_("specialist of the authority"), max_length=200, blank=True)
    signed_on = models.DateField(_("signed on"))
    starts_on = models.DateField(_("from"))
    planned_end_on = models.DateField(_("to"))
    amount = models.DecimalField(_("amount, roubles"), max_digits=12, decimal_places=2)
    per_capita = models.DecimalField(
        _("income per head at the start, roubles"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    state = models.CharField(_("state"), max_length=10, choices=ContractState.choices, default=ContractState.SIGNED)
    ended_on = models.DateField(_("last day in force"), null=True, blank=True)
    end_kind = models.CharField(_("how it ended"), max_length=24, choices=EndKind.choices, blank=True)
    end_note = models.CharField(_("explanation"), max_length=1000, blank=True)
    follow_up_ends_on = models.DateField(_("follow-up until"), null=True, blank=True)
    follow_up_stopped_on = models.DateField(_("follow-up stopped on"), null=True, blank=True)
    stop_reason = models.CharField(_("why it was stopped"), max_length=16, choices=StopReason.choices, blank=True)
    stop_note = models.CharField(_("explanation of the stop"), max_length=1000, blank=True)
    conclusion = models.TextField(_("what the contract has changed for the family"), max_length=4000, blank=True)
    is_new_advised = models.BooleanField(_("a new contract is advisable"), null=True, blank=True)
    created_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = ContractQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("social contract")
        verbose_name_plural = _("social contracts")
        ordering = ["-signed_on", "-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "number"],
                name="contract_number_once_per_authority",
                violation_error_message=_("The authority already has a contract with this number."),
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on__gte=F("starts_on")) & Q(starts_on__gte=F("signed_on")),
                name="contract_dates_in_order",
                violation_error_message=_("A contract is signed, then begins, then ends."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_kind="", follow_up_ends_on=None)
                | (Q(ended_on__gte=F("starts_on"), follow_up_ends_on__gt=F("ended_on")) & ~Q(end_kind="")),
                name="ended_contract_says_how",
                violation_error_message=_("An ended contract has its last day, and says how it ended."),
            ),
            models.CheckConstraint(
                condition=Q(follow_up_stopped_on=None, stop_reason="")
                | (Q(follow_up_stopped_on__gt=F("ended_on"), ended_on__isnull=False) & ~Q(stop_reason="")),
                name="stopped_follow_up_says_why",
                violation_error_message=_("A follow-up is stopped after the end of the contract, for a reason."),
            ),
            models.CheckConstraint(
                condition=~Q(stop_reason=StopReason.INSURMOUNTABLE) | ~Q(stop_note=""),
                name="obstacles_are_explained",
                violation_error_message=_("Say what makes it impossible to go on."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_END, ended_on=None)
                | (Q(ended_on__isnull=False) & ~Q(state__in=BEFORE_END)),
                name="contract_state_fits_its_end",
                violation_error_message=_("A contract in force has not ended, one in follow-up has."),
            ),
            models.CheckConstraint(
                condition=Q(state=ContractState.STOPPED, follow_up_stopped_on__isnull=False)
                | (~Q(state=ContractState.STOPPED) & Q(follow_up_stopped_on=None)),
                name="contract_state_fits_its_stop",
                violation_error_message=_("A stopped follow-up has the day on which it was stopped."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="contract_amount_is_not_negative",
                violation_error_message=_("The amount is not negative."),
            ),
        ]
        indexes = [
            models.Index(fields=["family", "-signed_on"], name="contracts_of_a_family"),
            models.Index(fields=["signed_on", "institution"], name="contracts_by_signing"),
            models.Index(fields=["state", "planned_end_on"], name="contracts_by_state"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("contracts:contract", args=[self.pk])

    @property
    def is_running(self) -> bool:
        """Whether its facts may still be corrected, and it may be ended: it has not ended yet."""
        return self.state in BEFORE_END
