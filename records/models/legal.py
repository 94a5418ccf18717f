"""Acts that forms and papers cite."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Region, User
from common.editing import VersionedModel
from common.text import number_sign


class LegalActQuerySet(models.QuerySet["LegalAct"]):
    def visible_to(self, user: User) -> Self:
        """Federal acts and those of the person's region; all of them for the system administrator."""
        appointment = user.appointment
        if appointment is None:
            return self.none()
        if appointment.role == Role.SYSTEM_ADMIN:
            return self.all()
        return self.filter(Q(region=None) | Q(region_id=appointment.region_id))

    def in_force(self, on: date) -> Self:
        return self.filter(Q(in_force_from__lte=on), Q(in_force_to=None) | Q(in_force_to__gte=on))


class LegalAct(VersionedModel):
    """A law, order or resolution (S0-20); `region` is empty for federal acts. Both ends of its force are inside."""

    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="legal_acts",
        help_text=_("Empty: a federal act."),
    )
    issuer = models.CharField(_("issued by"), max_length=300)
    kind = models.CharField(_("kind of act"), max_length=100, help_text=_("Law, order, resolution."))
    number = models.CharField(_("number"), max_length=50)
    dated = models.DateField(_("date of the act"))
    title = models.CharField(_("title"), max_length=500)
    in_force_from = models.DateField(_("in force from"))
    in_force_to = models.DateField(_("in force to"), null=True, blank=True)

    objects = LegalActQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal act")
        verbose_name_plural = _("legal acts")
        ordering = ["-dated", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "kind", "number", "dated"],
                name="legal_act_entered_once",
                violation_error_message=_("This act is in the register already."),
            ),
            models.CheckConstraint(
                condition=Q(in_force_from__gte=F("dated"))
                & (Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from"))),
                name="legal_act_in_force_after_its_date",
                violation_error_message=_("An act comes into force on its date or later, and ends after that."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.issuer} от {self.dated:%d.%m.%Y} {number_sign(self.number)}"
