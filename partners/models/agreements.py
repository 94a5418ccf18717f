"""Agreements on cooperation between the institution and its partners."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, User
from common.editing import VersionedModel
from common.history import tracked
from common.text import numbered
from partners.enums import AgreementState, AgreementTemplate
from partners.models.organisations import PartnerOrganisation
from partners.querysets import EXPIRES_SOON, AgreementQuerySet

HAS_A_PARTY = """
    IF NOT EXISTS (SELECT FROM partners_agreementparty WHERE agreement_id = NEW.id) THEN
        RAISE EXCEPTION 'An agreement needs a party.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class CooperationAgreement(VersionedModel):
    """An agreement of the institution with one or more partners (S0-19, S0-21, S0-22, S3-21).

    A draft has no number; the director's approval gives it one of the institution's, unless the partner's office has
    numbered the paper. `allows_data_exchange` with `data_scope` says which data may go to its parties.
    """

    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="cooperation_agreements"
    )
    template = models.CharField(_("typical form"), max_length=12, choices=AgreementTemplate.choices)
    number = models.CharField(
        _("number"), max_length=30, blank=True, help_text=_("Leave empty: the number is given on approval.")
    )
    subject = models.CharField(_("subject"), max_length=500)
    fields_of_work = models.TextField(_("fields of common work"), max_length=4000, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    ends_on = models.DateField(_("in force until"), null=True, blank=True, help_text=_("Empty: until terminated."))
    allows_data_exchange = models.BooleanField(_("permits the exchange of data on families"), default=False)
    data_scope = models.TextField(_("which data, for what purpose"), max_length=2000, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=AgreementState.choices, default=AgreementState.DRAFT)
    approved_by = models.ForeignKey(
        User, verbose_name=_("approved by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    terminated_on = models.DateField(_("terminated on"), null=True, blank=True)
    termination_reason = models.CharField(_("reason for termination"), max_length=500, blank=True)
    entered_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = AgreementQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("cooperation agreement")
        verbose_name_plural = _("cooperation agreements")
        ordering = ["-signed_on", "-pk"]
        default_permissions = ()
        triggers = [
            pgtrigger.Trigger(
                name="approved_with_a_party",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                condition=~pgtrigger.Q(new__state=AgreementState.DRAFT.value),
                func=HAS_A_PARTY,
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "number"],
                condition=~Q(number=""),
                name="agreement_number_once",
                violation_error_message=_("The institution already has an agreement with this number."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(signed_on=None) | Q(ends_on__gte=F("signed_on")),
                name="agreement_ends_after_signing",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(allows_data_exchange=False) | ~Q(data_scope=""),
                name="data_exchange_names_the_data",
                violation_error_message=_("Name the data that may be exchanged, and the purpose."),
            ),
            models.CheckConstraint(
                condition=Q(state=AgreementState.DRAFT, approved_by=None, approved_on=None)
                | (
                    ~Q(state=AgreementState.DRAFT)
                    & Q(approved_by__isnull=False, approved_on__isnull=False, signed_on__isnull=False)
                    & ~Q(number="")
                ),
                name="agreement_approved_signed_and_numbered",
                violation_error_message=_("An approved agreement is signed and numbered."),
            ),
            models.CheckConstraint(
                condition=Q(state=AgreementState.TERMINATED, terminated_on__gte=F("signed_on"))
                & ~Q(termination_reason="")
                | (~Q(state=AgreementState.TERMINATED) & Q(terminated_on=None, termination_reason="")),
                name="agreement_terminated_with_reason",
                violation_error_message=_("An agreement is terminated after its signing, with a reason."),
            ),
        ]
        indexes = [models.Index(fields=["institution", "ends_on"], name="agreements_by_end")]

    def __str__(self) -> str:
        return str(_("Agreement %s") % numbered(self.number)) if self.number else str(_("Draft agreement"))

    def get_absolute_url(self) -> str:
        return reverse("partners:agreement", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == AgreementState.DRAFT

    def is_in_force(self, on: date) -> bool:
        """The same as `AgreementQuerySet.in_force`, for one agreement already loaded."""
        return (
            not self.is_draft
            and self.signed_on is not None
            and self.signed_on <= on
            and (self.ends_on is None or self.ends_on >= on)
            and (self.terminated_on is None or self.terminated_on > on)
        )

    def is_expiring(self, on: date) -> bool:
        """In force, and for no longer than a month."""
        ends_on = self.ends_on
        return (
            self.terminated_on is None and ends_on is not None and self.is_in_force(on) and ends_on <= on + EXPIRES_SOON
        )


class AgreementParty(models.Model):
    """A partner who is a party to an agreement, and the part of the work that is theirs (S0-19)."""

    agreement = models.ForeignKey(
        CooperationAgreement, verbose_name=_("agreement"), on_delete=models.CASCADE, related_name="parties"
    )
    partner = models.ForeignKey(
        PartnerOrganisation, verbose_name=_("partner"), on_delete=models.PROTECT, related_name="agreement_parties"
    )
    field_of_work = models.CharField(_("their part of the work"), max_length=1000, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("party to an agreement")
        verbose_name_plural = _("parties to agreements")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "partner"],
                name="party_named_once",
                violation_error_message=_("The partner is already a party to this agreement."),
            )
        ]

    def __str__(self) -> str:
        return str(self.partner)
