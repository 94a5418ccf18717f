"""Records that are never deleted: what was entered in error is withdrawn with a reason, and stays to be seen."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.editing import VersionedModel


class WithdrawableModel(VersionedModel):
    """A record that may be withdrawn: shown as such from then on, and left out of whatever counts."""

    withdrawn_on = models.DateField(_("withdrawn as wrong on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, verbose_name=_("withdrawn by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.CharField(_("why it was withdrawn"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def require_valid(self) -> None:
        """Lock the record, to be changed in this transaction. Raises ValidationError for one that was withdrawn."""
        if type(self)._base_manager.select_for_update().get(pk=self.pk).withdrawn_on is not None:
            raise ValidationError(_("The record was withdrawn already."))

    def withdraw(self, *, on: date, actor: User, reason: str) -> None:
        """Mark the record as withdrawn, for the service to save. Raises ValidationError as `require_valid` does."""
        self.require_valid()
        self.withdrawn_on, self.withdrawn_by, self.withdrawal_reason = on, actor, reason


def withdrawn_by_somebody(name: str) -> models.CheckConstraint:
    """A withdrawal has a day, a person and a reason, or is none."""
    return models.CheckConstraint(
        condition=Q(withdrawn_on=None, withdrawn_by=None, withdrawal_reason="")
        | (Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason="")),
        name=name,
        violation_error_message=_("A withdrawal has a day, a person and a reason."),
    )
