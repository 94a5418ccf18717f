"""Meetings with the family, planned and held."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Institution, User, principal_field
from casework.enums import Channel, Signature, TeamRole, VisitCheck, VisitPurpose, VisitState
from casework.models.cases import SupportCase
from casework.querysets import ParticipantQuerySet, VisitQuerySet
from common.editing import VersionedModel
from common.history import tracked
from families.models import FamilyMembership


class Visit(VersionedModel):
    """A meeting with a family by one or several specialists (S1-66, S3-20; documents 5.7).

    A planned one has `planned_on`; an outcome gives it `held_on`, the day it was held or failed, and a number.
    `institution` and `department` are those of the day.
    """

    case = models.ForeignKey(
        SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="visits", db_index=False
    )
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    specialist = models.ForeignKey(User, verbose_name=_("specialist"), on_delete=models.PROTECT, related_name="visits")
    specialist_for = principal_field()
    number = models.CharField(_("number of the act"), max_length=20, blank=True)
    state = models.CharField(_("outcome"), max_length=12, choices=VisitState.choices, default=VisitState.PLANNED)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    held_on = models.DateField(_("date"), null=True, blank=True)
    started_at = models.TimeField(_("from"), null=True, blank=True)
    ended_at = models.TimeField(_("to"), null=True, blank=True)
    channel = models.CharField(_("where"), max_length=8, choices=Channel.choices, default=Channel.HOME)
    purpose = models.CharField(_("purpose"), max_length=10, choices=VisitPurpose.choices, default=VisitPurpose.PLANNED)
    members_seen = models.ManyToManyField(
        FamilyMembership, verbose_name=_("who was seen"), blank=True, related_name="visits_seen"
    )
    checks = ArrayField(
        models.CharField(max_length=20, choices=VisitCheck.choices),
        verbose_name=_("steps of the visit"),
        default=list,
        blank=True,
    )
    observations = models.TextField(_("what was seen and done"), max_length=10_000, blank=True)
    composition_changes = models.TextField(_("changes in the family"), max_length=4000, blank=True)
    living_conditions = models.TextField(_("living conditions"), max_length=4000, blank=True)
    employment_changes = models.TextField(_("income and work"), max_length=4000, blank=True)
    children_care = models.TextField(_("state and care of the children"), max_length=4000, blank=True)
    health = models.TextField(_("health"), max_length=4000, blank=True)
    relations = models.TextField(_("relations in the family"), max_length=4000, blank=True)
    danger_signs = models.TextField(_("signs of danger"), max_length=4000, blank=True)
    recommendations = models.TextField(_("recommendations"), max_length=4000, blank=True)
    agreements = models.TextField(_("what was agreed with the family"), max_length=4000, blank=True)
    next_on = models.DateField(_("next visit"), null=True, blank=True)
    representative_remark = models.TextField(_("remark of the representative"), max_length=4000, blank=True)
    signature = models.CharField(_("signature"), max_length=8, choices=Signature.choices, blank=True)
    late_reason = models.CharField(_("why it is entered late"), max_length=300, blank=True)
    cancel_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    tells_of_health: bool
    """Whether it, or its act, says anything of health; known of rows read `with_page`."""

    objects = VisitQuerySet.as_manager()
    history = tracked(m2m_fields=[members_seen])

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-held_on", "-planned_on", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state=VisitState.PLANNED, planned_on__isnull=False, held_on=None)
                | Q(state=VisitState.CANCELLED)
                | (Q(state__in=[VisitState.HELD, VisitState.NOT_AT_HOME, VisitState.REFUSED], held_on__isnull=False)),
                name="visit_has_the_date_of_its_state",
                violation_error_message=_("A planned visit has a planned date; one with an outcome has its date."),
            ),
            models.UniqueConstraint(
                fields=["institution", "number"],
                condition=~Q(number=""),
                name="visit_number_once_per_institution",
                violation_error_message=_("The institution already has a visit with this number."),
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.CANCELLED) | ~Q(cancel_reason=""),
                name="cancelled_visit_has_a_reason",
                violation_error_message=_("Say why the visit is cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(started_at=None) | Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="visit_ends_after_start",
                violation_error_message=_("The visit ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(next_on=None) | Q(held_on=None) | Q(next_on__gt=F("held_on")),
                name="next_visit_is_later",
                violation_error_message=_("The next visit is later than this one."),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-held_on"], name="visits_of_a_case"),
            models.Index(
                fields=["held_on", "institution"],
                include=["state", "channel"],
                name="visits_by_day",
                condition=Q(held_on__isnull=False),
            ),
            models.Index(
                fields=["specialist", "planned_on"], name="planned_visits", condition=Q(state=VisitState.PLANNED)
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.get_state_display()


class VisitParticipant(models.Model):
    """Another specialist who came along, of the institution or of another agency (S1-66)."""

    visit = models.ForeignKey(Visit, verbose_name=_("visit"), on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(
        User, verbose_name=_("specialist"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    post = models.CharField(_("post and agency"), max_length=300, blank=True)
    role = models.CharField(_("profession"), max_length=16, choices=TeamRole.choices, default=TeamRole.SPECIALIST)

    objects = ParticipantQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("participant of a visit")
        verbose_name_plural = _("participants of a visit")
        ordering = ["visit", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name=""),
                name="participant_is_named",
                violation_error_message=_("Choose a colleague or write the name."),
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.user)
