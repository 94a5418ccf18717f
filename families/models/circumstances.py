"""What is true of a family for a time: categories, statuses, risk group, members' traits, income."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from common.constraints import ends_after_start, no_overlap
from common.dictionaries import DictionaryRow
from common.editing import VersionedModel
from common.history import tracked
from families.enums import IncomeSource, PopulationGroup, RiskGroup, StatusKind, TraitKind
from families.models.family import Family
from families.models.people import FamilyMembership
from families.models.withdrawal import WithdrawableModel, withdrawn_by_somebody
from families.querysets import DatedQuerySet, TraitQuerySet, WithdrawableQuerySet


class Category(DictionaryRow):
    """A category of families, valid for a time."""

    ends_at_age = models.PositiveSmallIntegerField(
        _("ends at the age of"),
        null=True,
        blank=True,
        help_text=_("Ends by itself before this birthday of the member it rests on."),
    )
    is_confidential = models.BooleanField(
        _("confidential"), default=False, help_text=_("Shown only to those who read health and intimate life.")
    )

    class Meta(DictionaryRow.Meta):
        verbose_name = _("family category")
        verbose_name_plural = _("family categories")
        triggers = [
            pgtrigger.Protect(
                name="system_rows_stay", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__is_system=True)
            )
        ]


class NeedDegree(DictionaryRow):
    """A type of families by their degree of need (S4-4); the list is the region's own, empty at the start."""

    class Meta(DictionaryRow.Meta):
        verbose_name = _("degree of need")
        verbose_name_plural = _("degrees of need")


class FamilyCategory(VersionedModel):
    """A family in a category between two dates, with the document it rests on; several at a time, one of them main."""

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.CASCADE, related_name="categories")
    category = models.ForeignKey(Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(
        FamilyMembership,
        verbose_name=_("rests on"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="categories",
        help_text=_("The member whose age ends the category."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    is_primary = models.BooleanField(_("main category"), default=False)
    note = models.CharField(_("which, in words"), max_length=200, blank=True)
    basis = models.CharField(_("basis document"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("category of the family")
        verbose_name_plural = _("categories of the family")
        ordering = ["-is_primary", "category__position", "starts_on"]
        default_permissions = ()
        constraints = [
            ends_after_start("category_ends_after_start"),
            no_overlap(
                "category_once_at_a_time",
                "family",
                "category",
                message=_("The family is already in this category on these days."),
            ),
            no_overlap(
                "one_main_category_at_a_time",
                "family",
                condition=Q(is_primary=True),
                message=_("The family already has a main category on these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {self.note}" if self.note else str(self.category)


class FamilyStatus(VersionedModel):
    """The social status of a family between two dates, and who decided it; statuses do not overlap (S0-86, S1-46)."""

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.CASCADE, related_name="statuses")
    kind = models.CharField(_("status"), max_length=20, choices=StatusKind.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    ended_by_improvement = models.BooleanField(_("ended by improvement"), default=False)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decision_number = models.CharField(_("decision number"), max_length=50, blank=True)
    decision_date = models.DateField(_("decision date"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("status of the family")
        verbose_name_plural = _("statuses of the family")
        ordering = ["-starts_on"]
        default_permissions = ()
        constraints = [
            ends_after_start("status_ends_after_start"),
            no_overlap("one_status_at_a_time", "family", message=_("The family already has a status on these days.")),
            models.CheckConstraint(
                condition=Q(ended_by_improvement=False) | Q(ends_on__isnull=False),
                name="improvement_ends_the_status",
                violation_error_message=_("A status that ended by improvement has an end date."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class FamilyRiskGroup(VersionedModel):
    """The risk group of a family between two dates; groups do not overlap (S1-86)."""

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.CASCADE, related_name="risk_groups")
    group = models.CharField(_("risk group"), max_length=16, choices=RiskGroup.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=300, blank=True)

    objects = DatedQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("risk group of the family")
        verbose_name_plural = _("risk groups of the family")
        ordering = ["-starts_on"]
        default_permissions = ()
        constraints = [
            ends_after_start("risk_group_ends_after_start"),
            no_overlap(
                "one_risk_group_at_a_time", "family", message=_("The family is already in a risk group on these days.")
            ),
        ]

    def __str__(self) -> str:
        return self.get_group_display()


class MemberTrait(VersionedModel):
    """What is true of a member between two dates, with its document (S1-3, S2-17, S4-6)."""

    membership = models.ForeignKey(
        FamilyMembership, verbose_name=_("family member"), on_delete=models.CASCADE, related_name="traits"
    )
    kind = models.CharField(_("trait"), max_length=20, choices=TraitKind.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=300, blank=True)

    objects = TraitQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("trait of a member")
        verbose_name_plural = _("traits of members")
        ordering = ["kind", "-starts_on"]
        default_permissions = ()
        constraints = [
            ends_after_start("trait_ends_after_start"),
            no_overlap(
                "trait_once_at_a_time", "membership", "kind", message=_("The member already has this trait then.")
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class SubsistenceMinimum(VersionedModel):
    """The subsistence minimum of a region for a year and a group of people, in roubles a month (S0-7, S0-13)."""

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="subsistence_minimums"
    )
    valid_from = models.DateField(_("in force from"))
    group = models.CharField(_("group"), max_length=12, choices=PopulationGroup.choices)
    amount = models.DecimalField(_("amount, roubles"), max_digits=12, decimal_places=2)
    act = models.CharField(_("act"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("subsistence minimum")
        verbose_name_plural = _("subsistence minimums")
        ordering = ["region", "group", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["region", "group", "valid_from"], name="one_minimum_per_group_and_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="minimum_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}, {self.valid_from:%d.%m.%Y}"


class IncomeRecord(WithdrawableModel):
    """The family's income over a period by one source, and the minimum it was compared with; both sums are roubles."""

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.CASCADE, related_name="incomes")
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period to"))
    total = models.DecimalField(_("income of the period"), max_digits=12, decimal_places=2)
    months = models.PositiveSmallIntegerField(_("months in the period"), default=3)
    members_counted = models.PositiveSmallIntegerField(_("members counted"))
    source = models.CharField(_("source"), max_length=12, choices=IncomeSource.choices)
    minimum_used = models.DecimalField(
        _("subsistence minimum used"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    per_capita = models.GeneratedField(
        expression=F("total") / F("months") / F("members_counted"),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
        verbose_name=_("per capita a month"),
    )

    objects = WithdrawableQuerySet.as_manager()
    history = tracked(excluded_fields=["per_capita"])

    class Meta:
        verbose_name = _("income record")
        verbose_name_plural = _("income records")
        ordering = ["-period_to"]
        default_permissions = ()
        constraints = [
            ends_after_start("income_period_ends_after_start", "period_from", "period_to"),
            no_overlap(
                "income_of_a_source_once_at_a_time",
                "family",
                "source",
                start="period_from",
                end="period_to",
                condition=Q(withdrawn_on__isnull=True),
                message=_(
                    "Income by this source is recorded for some of these days already: correct that record, or "
                    "withdraw it."
                ),
            ),
            withdrawn_by_somebody("income_withdrawn_by_somebody"),
            models.CheckConstraint(
                condition=Q(members_counted__gte=1) & Q(months__gte=1) & Q(total__gte=0),
                name="income_counts_make_sense",
                violation_error_message=_("The income is not negative, and at least one member and month are counted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_from:%m.%Y} - {self.period_to:%m.%Y}"

    @property
    def is_low(self) -> bool | None:
        """Whether income per head is below the minimum it was compared with; None without one."""
        if self.minimum_used is None:
            return None
        per_capita: Decimal = self.per_capita
        return per_capita < self.minimum_used
