"""Twelve monthly sheets after a social contract (R5; documents 5.9)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User, principal_field
from common.editing import VersionedModel
from common.history import tracked
from contracts.enums import Employment, SheetState
from contracts.models.contracts import SocialContract
from contracts.querysets import SheetQuerySet


class FollowUpSheet(VersionedModel):
    """One month after the end of a contract: how the family lives on its own (S2-26, S2-27, S2-43).

    Both ends of the period are inside. A sheet is due from the first day of its month and late after the last; filled
    late it counts as filled (clarification 31). Stopping the follow-up makes the months after it void.
    """

    contract = models.ForeignKey(
        SocialContract, verbose_name=_("contract"), on_delete=models.PROTECT, related_name="sheets", db_index=False
    )
    month = models.PositiveSmallIntegerField(_("month"))
    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"))
    is_void = models.BooleanField(_("not due: the follow-up was stopped"), default=False, editable=False)
    filled_on = models.DateField(_("filled on"), null=True, blank=True)
    filled_by = models.ForeignKey(
        User, verbose_name=_("filled by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    filled_for = principal_field()
    contacted_on = models.DateField(_("contact with the family on"), null=True, blank=True)
    employment = models.CharField(_("work"), max_length=14, choices=Employment.choices, blank=True)
    per_capita = models.DecimalField(
        _("income per head a month, roubles"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    minimum_used = models.DecimalField(
        _("subsistence minimum, roubles"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    mentor = models.CharField(
        _("mentor of the family"),
        max_length=200,
        blank=True,
        help_text=_("Who it was this month, and of which agency."),
    )
    circumstances = models.TextField(_("housing, health, children"), max_length=4000, blank=True)
    recommendations_kept = models.TextField(_("how recommendations were followed"), max_length=4000, blank=True)
    needs = models.TextField(_("needs, and the plan for the next month"), max_length=4000, blank=True)
    no_contact_reason = models.CharField(_("why the family was not met"), max_length=300, blank=True)

    objects = SheetQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("follow-up sheet")
        verbose_name_plural = _("follow-up sheets")
        ordering = ["contract", "month"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["contract", "month"], name="one_sheet_per_month"),
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="sheet_period_ends_after_start"),
            models.CheckConstraint(
                condition=Q(filled_on=None) | Q(filled_by__isnull=False),
                name="filled_sheet_names_who",
                violation_error_message=_("A filled sheet names who filled it."),
            ),
            models.CheckConstraint(
                condition=Q(filled_on=None)
                | Q(contacted_on__isnull=False, no_contact_reason="")
                | (Q(contacted_on=None) & ~Q(no_contact_reason="")),
                name="filled_sheet_has_contact_or_reason",
                violation_error_message=_("Give the day of the contact, or say why there was none."),
            ),
        ]
        indexes = [
            models.Index(fields=["period_to"], name="unfilled_sheets", condition=Q(filled_on=None, is_void=False))
        ]

    def __str__(self) -> str:
        return f"{self.contract}, {self.month}"

    def get_absolute_url(self) -> str:
        return reverse("contracts:sheet", args=[self.pk])

    @property
    def case_id(self) -> int | None:
        return self.contract.case_id

    @property
    def is_late(self) -> bool:
        """Whether it was filled after its month."""
        return self.filled_on is not None and self.filled_on > self.period_to

    @property
    def mentor_before(self) -> str:
        """The mentor of the month before it that was filled last; "" where there was none."""
        earlier = FollowUpSheet.objects.filter(contract=self.contract_id, month__lt=self.month)
        last = earlier.exclude(filled_on=None).order_by("-month").first()
        return last.mentor if last else ""

    def state_on(self, today: date) -> SheetState:
        """What is to be done with the sheet, as its month is shown."""
        if self.filled_on is not None:
            return SheetState.FILLED_LATE if self.is_late else SheetState.FILLED
        if self.is_void:
            return SheetState.VOID
        if self.period_to < today:
            return SheetState.OVERDUE
        return SheetState.DUE if self.period_from <= today else SheetState.TO_COME

    @property
    def is_self_sufficient(self) -> bool | None:
        """Whether income per head reaches the minimum of the month; None where one of them is not known."""
        if self.per_capita is None or self.minimum_used is None:
            return None
        return self.per_capita >= self.minimum_used
