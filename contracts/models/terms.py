"""How long contracts of a kind may last: settings of a region, dated (R6)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from casework.enums import ContractDutyKind
from common.editing import VersionedModel


class TermLimit(VersionedModel):
    """The shortest and the longest term of a kind of contract in a region, from a day on until the next limit.

    Where a region has entered none, `contracts.terms` holds the limits of the federal rules.
    """

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="contract_term_limits"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=ContractDutyKind.choices)
    valid_from = models.DateField(_("in force from"))
    shortest_months = models.PositiveSmallIntegerField(_("shortest term, months"), default=3)
    longest_months = models.PositiveSmallIntegerField(_("longest term, months"))
    act = models.CharField(_("act"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("term of social contracts")
        verbose_name_plural = _("terms of social contracts")
        ordering = ["region", "kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "kind", "valid_from"],
                name="one_limit_per_kind_and_day",
                violation_error_message=_("The region already has a limit for this kind from this day."),
            ),
            models.CheckConstraint(
                condition=Q(shortest_months__gte=1) & Q(longest_months__gte=F("shortest_months")),
                name="contract_limits_make_sense",
                violation_error_message=_("The longest term is not shorter than the shortest."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.valid_from:%d.%m.%Y}"
