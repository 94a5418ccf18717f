"""Who answers for the result of a case, and who helps."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.enums import TeamRole
from casework.models.cases import SupportCase
from casework.querysets import CasePathQuerySet
from common.constraints import ends_after_start, no_overlap
from common.editing import VersionedModel
from common.history import tracked


class CuratorAssignment(VersionedModel):
    """The one specialist answerable for a case between two dates, both inside (I3, S1-101).

    Periods of a case do not overlap, so at most one is open; the next begins the day after the last one ends.
    """

    case = models.ForeignKey(
        SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="curator_assignments"
    )
    curator = models.ForeignKey(
        User, verbose_name=_("curator"), on_delete=models.PROTECT, related_name="curator_assignments", db_index=False
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    order = models.CharField(_("order"), max_length=100, blank=True, help_text=_("Number and date."))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    assigned_by = models.ForeignKey(User, verbose_name=_("assigned by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("curator of the case")
        verbose_name_plural = _("curators of the case")
        ordering = ["case", "-starts_on"]
        default_permissions = ()
        constraints = [
            ends_after_start("curator_ends_after_start"),
            no_overlap("one_curator_at_a_time", "case", message=_("The case already has a curator on these days.")),
        ]
        indexes = [models.Index(fields=["curator", "ends_on"], name="assignments_of_a_curator")]

    def __str__(self) -> str:
        return f"{self.case}: {self.curator}"


class CaseTeamMember(VersionedModel):
    """A specialist of another profile or service who works on the case (S1-15, S0-75); opens the family by a grant."""

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="team")
    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="case_teams")
    role = models.CharField(_("profession"), max_length=16, choices=TeamRole.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("member of the case team")
        verbose_name_plural = _("case team")
        ordering = ["case", "starts_on"]
        default_permissions = ()
        constraints = [
            ends_after_start("team_member_ends_after_start"),
            no_overlap("team_member_once_at_a_time", "case", "user", message=_("The person is already in the team.")),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"
