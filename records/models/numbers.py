"""Numbers of documents: «12/2026», counted per institution, kind and year of the event."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution


class NumberSequence(models.Model):
    """The last number given to one kind of paper at one institution in one year (domain, 3.1).

    Only `records.services.numbers.next_number` touches these rows.
    """

    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind of document"), max_length=50)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"))

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")
        constraints = [
            models.UniqueConstraint(fields=["institution", "kind", "year"], name="one_sequence_per_kind_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.last}/{self.year}"
