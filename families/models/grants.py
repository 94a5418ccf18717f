"""Who beyond the organisation chart may open a family, why, and until when (design, 5)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from accounts.models import User
from common.constraints import ends_after_start
from families.access import sampled_q
from families.enums import GrantReason
from families.models.family import Family


class FamilyUserObjectPermission(UserObjectPermissionBase):
    """guardian's row: one per user, permission and family. It dies with the family, and on its day.

    `expires_on` is the latest end of the live reasons in the ledger (None: no end); every query checks it.
    `families.grants` alone writes it.
    """

    content_object = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="user_permissions")
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        indexes = [models.Index(fields=["user", "content_object", "expires_on"], name="grants_of_a_user")]


class FamilyGrantQuerySet(models.QuerySet["FamilyGrant"]):
    def live(self, on: date) -> Self:
        """Reasons that hold on `on`: begun, not past their end, not revoked."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, revoked_at=None)

    def sampled_for(self, user: User) -> Self:
        """Families in samples of internal checks, of those `user` may know of; fails closed.

        A director's are those of the institution, an auditor's those opened to them. A restricted family is in no
        sample: the grant sleeps until the restriction ends.
        """
        return self.filter(sampled_q(user), reason=GrantReason.AUDIT, family__is_restricted=False)


class FamilyGrant(models.Model):
    """A line of the ledger: why a person got the right to open a family, from whom, from when, until when."""

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="family_grants", db_index=False
    )
    reason = models.CharField(_("reason"), max_length=12, choices=GrantReason.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)
    may_write = models.BooleanField(_("may write"), default=False)
    source = models.CharField(
        _("source"), max_length=60, blank=True, help_text=_("What made it, such as an assignment or a session.")
    )
    granted_by = models.ForeignKey(
        User, verbose_name=_("granted by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, verbose_name=_("revoked by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = FamilyGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["-created_at"]
        default_permissions = ()
        constraints = [ends_after_start("grant_ends_after_start")]
        indexes = [models.Index(fields=["user", "family"], name="grant_by_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_reason_display()}"
