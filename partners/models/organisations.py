"""Organisations that help families."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Region, Territory
from common.editing import VersionedModel
from common.history import tracked
from partners.enums import Ownership, PartnerType


class PartnerOrganisation(VersionedModel):
    """An agency or organisation that helps families, known in the whole region (S0-44).

    `institution` is the one that entered it, empty for a register kept by the region (clarification 39).
    """

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="partners")
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("entered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="partners",
    )
    title = models.CharField(_("title"), max_length=300)
    type = models.CharField(_("type"), max_length=16, choices=PartnerType.choices)
    ownership = models.CharField(_("ownership"), max_length=12, choices=Ownership.choices, blank=True)
    is_prevention_body = models.BooleanField(
        _("body of the prevention system"), default=False, help_text=_("Named in the federal law 120-FZ.")
    )
    territory = models.ForeignKey(
        Territory, verbose_name=_("territory"), null=True, blank=True, on_delete=models.PROTECT, related_name="partners"
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    site = models.URLField(_("site"), blank=True)
    first_involved_on = models.DateField(_("first involved on"), null=True, blank=True)
    closed_on = models.DateField(_("no longer a partner since"), null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("partner organisation")
        verbose_name_plural = _("partner organisations")
        ordering = ["title"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["region", "title"],
                name="partner_title_once_per_region",
                violation_error_message=_("The region already has a partner with this title."),
            )
        ]
        indexes = [models.Index(fields=["region", "type", "title"], name="partners_by_type")]

    def __str__(self) -> str:
        return self.title
