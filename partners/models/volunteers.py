"""Citizens who help."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Territory
from common.editing import VersionedModel
from common.history import tracked
from common.text import full_name
from partners.querysets import VolunteerQuerySet


class Volunteer(VersionedModel):
    """A citizen who helps of their own will, with no more personal data than is needed to ask them (S1-115)."""

    institution = models.ForeignKey(
        Institution, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="volunteers"
    )
    last_name = models.CharField(_("last name"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    territory = models.ForeignKey(
        Territory, verbose_name=_("territory"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    offers = models.CharField(_("how they help"), max_length=500, blank=True)
    first_involved_on = models.DateField(_("first involved on"))
    left_on = models.DateField(_("helps no longer since"), null=True, blank=True)

    objects = VolunteerQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering = ["last_name", "first_name", "pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("first_involved_on")),
                name="volunteer_left_after_first_involved",
                violation_error_message=_("The end is before the start."),
            )
        ]
        indexes = [models.Index(fields=["institution", "last_name", "first_name", "id"], name="volunteers_by_name")]

    def __str__(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic)

    def get_absolute_url(self) -> str:
        return reverse("partners:volunteer_edit", args=[self.pk])
