"""The case: one episode of support of one family, from opening to closing, and its stages."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Institution, Region, User
from casework.contacts import NO_CONTACT_DUE
from casework.enums import (
    REASONS_WITH_TEXT,
    BasisBody,
    ContractDutyKind,
    DecisionKind,
    Ground,
    RemovalReason,
    Stage,
)
from casework.querysets import CasePathQuerySet, DutyQuerySet, SupportCaseQuerySet
from common.constraints import ends_after_start, no_overlap
from common.dictionaries import DictionaryRow
from common.editing import VersionedModel
from common.history import tracked
from families.models import Family

UNDER_PROGRAMME = (Stage.ACTIVE, Stage.REFLECTION, Stage.POST_SUPPORT)
"""Stages that only a family put on support reaches."""


NEVER_CHANGED = [pgtrigger.Protect(name="no_change", operation=pgtrigger.Update | pgtrigger.Delete)]
"""For rows that are history: written once, by services."""


class IdentificationSource(DictionaryRow):
    """Who drew attention to the family: a police officer, a school, a village elder, the family itself (S1-65)."""

    class Meta(DictionaryRow.Meta):
        verbose_name = _("source of identification")
        verbose_name_plural = _("sources of identification")


class SupportCase(VersionedModel):
    """A case of support. `institution`, `department` and `curator` are those of the time: a closed case keeps them.

    They and the family's own columns are kept in step by `casework.services`. Dates are the institution's local ones.
    `stage` moves only through the transition service, which writes a StageChange and an event.
    """

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.PROTECT, related_name="cases")
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    curator = models.ForeignKey(
        User,
        verbose_name=_("curator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cases",
        db_index=False,
    )
    is_restricted = models.BooleanField(_("restricted"), default=False, editable=False)
    number = models.CharField(_("number"), max_length=20)
    opened_on = models.DateField(_("opened on"))
    opened_by = models.ForeignKey(User, verbose_name=_("opened by"), on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(
        IdentificationSource, verbose_name=_("source of identification"), on_delete=models.PROTECT, related_name="+"
    )
    ground = models.CharField(_("ground"), max_length=16, choices=Ground.choices)
    eligibility_note = models.CharField(
        _("why a family without minor children is supported"), max_length=300, blank=True
    )
    is_early_stage = models.BooleanField(_("early stage of trouble"), default=False)
    measure_complex = models.CharField(_("set of measures"), max_length=100, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.DIAGNOSTIC)
    stage_since = models.DateField(_("stage since"))
    enrolled_on = models.DateField(_("put on support on"), null=True, blank=True)
    basis_body = models.CharField(_("put on support by"), max_length=24, choices=BasisBody.choices, blank=True)
    basis_number = models.CharField(_("decision number"), max_length=50, blank=True)
    basis_date = models.DateField(_("decision date"), null=True, blank=True)
    planned_end_on = models.DateField(_("planned end"), null=True, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    removal_reason = models.CharField(_("reason of the end"), max_length=20, choices=RemovalReason.choices, blank=True)
    removal_note = models.CharField(_("explanation"), max_length=1000, blank=True)
    removed_early = models.BooleanField(_("removed before the shortest term"), default=False, editable=False)
    post_support_until = models.DateField(_("post-support until"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    next_contact_due_on = models.DateField(_("next contact due"), default=NO_CONTACT_DUE, editable=False)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = SupportCaseQuerySet.as_manager()
    # Visits and rows, from which `refresh_contacts` derives the two dates, have a history of their own.
    derived_fields = frozenset({"last_contact_on", "next_contact_due_on"})
    history = tracked(excluded_fields=sorted(derived_fields))

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["next_contact_due_on", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "number"],
                name="case_number_once_per_institution",
                violation_error_message=_("The institution already has a case with this number."),
            ),
            models.UniqueConstraint(
                fields=["family"],
                condition=Q(closed_on=None),
                name="one_open_case_per_family",
                violation_error_message=_("The family already has an open case."),
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.CLOSED, closed_on__isnull=False) | (~Q(stage=Stage.CLOSED) & Q(closed_on=None)),
                name="closed_stage_has_its_date",
                violation_error_message=_("A closed case has a closing date, an open one has none."),
            ),
            models.CheckConstraint(
                condition=Q(removed_on=None) | (Q(enrolled_on__isnull=False) & Q(removed_on__gte=F("enrolled_on"))),
                name="removed_after_enrolment",
                violation_error_message=_("Only a family put on support can be removed, and not before that day."),
            ),
            models.CheckConstraint(
                condition=(Q(removed_on=None) & Q(closed_on=None)) | ~Q(removal_reason=""),
                name="end_has_a_reason",
                violation_error_message=_("Give the reason of the end."),
            ),
            models.CheckConstraint(
                condition=~Q(removal_reason__in=sorted(REASONS_WITH_TEXT)) | ~Q(removal_note=""),
                name="reason_is_explained",
                violation_error_message=_("Explain this reason in words."),
            ),
            models.CheckConstraint(
                condition=Q(enrolled_on=None) | Q(enrolled_on__gte=F("opened_on")),
                name="enrolled_after_opening",
                violation_error_message=_("The family cannot be put on support before the case was opened."),
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=UNDER_PROGRAMME) | Q(enrolled_on__isnull=False),
                name="stage_needs_enrolment",
                violation_error_message=_("This stage is for families put on support."),
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.POST_SUPPORT)
                | (Q(removed_on__isnull=False) & Q(post_support_until__isnull=False)),
                name="post_support_follows_removal",
                violation_error_message=_("Post-support begins when the family is removed from support."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None)
                | Q(enrolled_on=None)
                | (Q(removed_on__isnull=False) & Q(closed_on__gte=F("removed_on"))),
                name="closed_after_removal",
                violation_error_message=_("A family put on support is removed before its case is closed."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="closed_after_opening",
                violation_error_message=_("The case cannot be closed before it was opened."),
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[unit, "next_contact_due_on", "id"],
                    # What the numbers above a list ask of a case: they are counted without reading it.
                    include=["closed_on", "is_restricted", "planned_end_on", "removed_on"],
                    name=f"case_of_{unit}_by_due",
                )
                for unit in ("curator", "department", "institution")
            ),
            models.Index(
                fields=["institution", "department", "curator"],
                name="restricted_open_cases",
                condition=Q(is_restricted=True, closed_on=None),
            ),
            models.Index(fields=["department", "curator", "closed_on"], name="case_of_department_by_curator"),
            models.Index(fields=["enrolled_on", "institution"], name="case_by_enrolment"),
            models.Index(fields=["removed_on", "institution", "removal_reason"], name="case_by_removal"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("casework:case", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def on_support(self, day: date) -> bool:
        """I13: enrolled on or before `day` and not removed by its end."""
        return (
            self.enrolled_on is not None
            and self.enrolled_on <= day
            and (self.removed_on is None or self.removed_on > day)
        )

    def own_interval(self, day: date) -> int | None:
        """Months between contacts that were set for this case as of `day`; None where it follows the region."""
        rows = self.contact_intervals.filter(valid_from__lte=day).order_by("-valid_from")
        months: int | None = rows.values_list("months", flat=True).first()
        return months


class StageChange(models.Model):
    """One move of a case along its stages: the history of the state machine; rows are never changed."""

    case = models.ForeignKey(
        SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="stage_changes", db_index=False
    )
    from_stage = models.CharField(_("from"), max_length=12, choices=Stage.choices, blank=True)
    to_stage = models.CharField(_("to"), max_length=12, choices=Stage.choices)
    on = models.DateField(_("on"))
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    is_undo = models.BooleanField(_("takes back a wrong move"), default=False)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = CasePathQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ["case", "id"]
        default_permissions = ()
        triggers = NEVER_CHANGED
        indexes = [models.Index(fields=["case", "-id"], name="last_move_of_a_case")]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_to_stage_display()}"


class CaseDecision(models.Model):
    """What a body decided on a case, as far as the case must remember it: who, in which paper, from when (design, 3).

    Written when the decision is adopted, with its effect, in one transaction; the decision itself lives with its body.
    """

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(_("decision"), max_length=8, choices=DecisionKind.choices)
    effective_on = models.DateField(_("in force from"))
    body = models.CharField(_("decided by"), max_length=24, choices=BasisBody.choices)
    number = models.CharField(_("decision number"), max_length=50)
    decided_on = models.DateField(_("decision date"))
    until = models.DateField(_("extended until"), null=True, blank=True)
    entered_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = CasePathQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a case")
        verbose_name_plural = _("decisions on cases")
        ordering = ["case", "effective_on", "id"]
        default_permissions = ()
        triggers = NEVER_CHANGED
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "body", "number", "decided_on"],
                name="decision_takes_effect_once",
                violation_error_message=_("This decision has taken effect already."),
            ),
            models.CheckConstraint(
                condition=Q(kind=DecisionKind.EXTEND, until__isnull=False)
                | (~Q(kind=DecisionKind.EXTEND) & Q(until=None)),
                name="extension_names_its_end",
                violation_error_message=_("An extension names the day until which it holds."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.number}"


class ContactInterval(VersionedModel):
    """The months between two contacts set for one case, from a day on until its next row (clarifications, Policy).

    Dated, so that what was overdue in a past quarter stays what it was. Empty months follow the region again.
    """

    case = models.ForeignKey(
        SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="contact_intervals"
    )
    valid_from = models.DateField(_("in force from"))
    months = models.PositiveSmallIntegerField(
        _("own visit interval, months"), null=True, blank=True, help_text=_("Empty: the region's policy.")
    )

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("interval of contacts")
        verbose_name_plural = _("intervals of contacts")
        ordering = ["case", "-valid_from"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["case", "valid_from"], name="one_interval_per_case_and_day"),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__gte=1),
                name="own_interval_is_a_month_or_more",
                violation_error_message=_("The interval is at least a month."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%d.%m.%Y}"


class SupportPause(VersionedModel):
    """A time when no contact is due, with its reason (R2). Over two months it takes a council's decision."""

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="pauses")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=300)
    approved_by = models.ForeignKey(User, verbose_name=_("approved by"), on_delete=models.PROTECT, related_name="+")
    basis_body = models.CharField(_("decided by"), max_length=24, choices=BasisBody.choices, blank=True)
    basis_number = models.CharField(_("decision number"), max_length=50, blank=True)
    basis_date = models.DateField(_("decision date"), null=True, blank=True)

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["-starts_on"]
        default_permissions = ()
        constraints = [
            ends_after_start("pause_ends_after_start"),
            no_overlap("one_pause_at_a_time", "case", message=_("The case is already paused on these days.")),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%d.%m.%Y} - {self.ends_on:%d.%m.%Y}"


class ContractDuty(VersionedModel):
    """The monthly duty to a family with a social contract: while it runs and for the months after (S2-26, S2-27).

    Written by the contracts room, read by the contact rules, I5 and I12. `runs_until` is the last day of the contract
    itself, empty while it runs; `ends_on` is the last day of the duty, follow-up included.
    """

    family = models.ForeignKey(
        Family, verbose_name=_("family"), on_delete=models.PROTECT, related_name="contract_duties"
    )
    contract_number = models.CharField(_("contract number"), max_length=50)
    kind = models.CharField(_("kind"), max_length=16, choices=ContractDutyKind.choices)
    starts_on = models.DateField(_("from"))
    runs_until = models.DateField(_("contract ended on"), null=True, blank=True)
    ends_on = models.DateField(_("duty ends on"), null=True, blank=True)

    objects = DutyQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("duty under a social contract")
        verbose_name_plural = _("duties under social contracts")
        ordering = ["-starts_on"]
        default_permissions = ()
        constraints = [
            ends_after_start("duty_ends_after_start"),
            models.UniqueConstraint(fields=["family", "contract_number"], name="one_duty_per_contract"),
        ]
        indexes = [models.Index(fields=["family", "ends_on"], name="duty_by_family")]

    def __str__(self) -> str:
        return self.contract_number
