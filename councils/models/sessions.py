"""Sessions, who came, what was on the agenda, and the minutes."""

from datetime import date, time

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models import SupportCase
from common.calendar import local_date
from common.editing import VersionedModel
from common.history import tracked
from councils.enums import (
    HELD_STATES,
    AttendanceMode,
    ItemKind,
    ItemState,
    SessionKind,
    SessionMode,
    SessionState,
    SigningWay,
)
from councils.models.bodies import Council, CouncilMember
from councils.querysets import ItemQuerySet, SessionPathQuerySet, SessionQuerySet
from families.models import Family


class CouncilSession(VersionedModel):
    """A session of a body (domain 3.6). `planned_at` is a moment; `held_on` the local date on which it was held.

    `members_total`, `members_present` and the share asked for are noted when it is held, or fails for want of a quorum:
    the quorum that then was stays as it was.
    `signed_on` is the day its minutes were first signed: from then the members' right to the packet runs out. A
    session whose minutes are signed changes no more.
    """

    council = models.ForeignKey(Council, verbose_name=_("council"), on_delete=models.PROTECT, related_name="sessions")
    number = models.CharField(_("number"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=14, choices=SessionKind.choices, default=SessionKind.REGULAR)
    state = models.CharField(_("state"), max_length=16, choices=SessionState.choices, default=SessionState.PLANNED)
    planned_at = models.DateTimeField(_("planned at"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    link = models.URLField(_("video link"), blank=True)
    mode = models.CharField(_("mode"), max_length=10, choices=SessionMode.choices, default=SessionMode.IN_PERSON)
    chair = models.ForeignKey(
        CouncilMember, verbose_name=_("chairs"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    secretary = models.ForeignKey(
        CouncilMember,
        verbose_name=_("keeps the minutes"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    agenda_approved_on = models.DateField(_("agenda approved on"), null=True, blank=True)
    agenda_approved_by = models.CharField(_("agenda approved by"), max_length=200, blank=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    members_total = models.PositiveSmallIntegerField(_("members in all"), null=True, blank=True)
    members_present = models.PositiveSmallIntegerField(_("members present"), null=True, blank=True)
    quorum_percent = models.PositiveSmallIntegerField(
        _("share of members asked for a quorum"), null=True, blank=True, editable=False
    )
    signed_on = models.DateField(_("minutes signed on"), null=True, blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = SessionQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-planned_at", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=HELD_STATES) | Q(held_on__isnull=False),
                name="held_session_has_a_date",
                violation_error_message=_("A session that was held has its date."),
            ),
            models.CheckConstraint(
                condition=~Q(state=SessionState.CANCELLED) | ~Q(cancel_reason=""),
                name="cancelled_session_has_a_reason",
                violation_error_message=_("Say why the session is cancelled."),
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None) | Q(state=SessionState.MINUTES_SIGNED),
                name="only_a_signed_session_has_the_day",
                violation_error_message=_("The minutes are not signed yet."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_session_is_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=SessionState.MINUTES_SIGNED.value),
            )
        ]
        indexes = [
            models.Index(fields=["council", "-planned_at"], name="sessions_of_a_council"),
            models.Index(fields=["held_on"], name="sessions_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.council}, {self.day:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("councils:session", args=[self.pk])

    @property
    def planned_on(self) -> date:
        """The local day it is planned for."""
        return local_date(self.planned_at, self.council.zone)

    @property
    def planned_time(self) -> str:
        """The local hour it is planned for, "14:30"."""
        return f"{timezone.localtime(self.planned_at, self.council.zone):%H:%M}"

    @property
    def day(self) -> date:
        """The day it was held, or is planned for."""
        return self.held_on or self.planned_on


class Attendance(VersionedModel):
    """Whether a member came, how, and from when to when (lessons 18)."""

    session = models.ForeignKey(
        CouncilSession, verbose_name=_("session"), on_delete=models.CASCADE, related_name="attendance"
    )
    member = models.ForeignKey(
        CouncilMember, verbose_name=_("member"), on_delete=models.PROTECT, related_name="attendance"
    )
    present = models.BooleanField(_("present"), default=False)
    mode = models.CharField(_("how"), max_length=10, choices=AttendanceMode.choices, default=AttendanceMode.IN_PERSON)
    absence_reason = models.CharField(_("why absent"), max_length=200, blank=True)
    came_at = models.TimeField(_("came at"), null=True, blank=True)
    left_at = models.TimeField(_("left at"), null=True, blank=True)

    objects = SessionPathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["session", "member__role", "member__last_name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["session", "member"], name="one_attendance_per_member"),
            models.CheckConstraint(
                condition=Q(came_at=None) | Q(left_at=None) | Q(left_at__gte=F("came_at")),
                name="left_after_coming",
                violation_error_message=_("The member left before coming."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    def is_there(self, moment: time | None = None) -> bool:
        """Whether the member came, and at `moment` was there."""
        if not self.present or moment is None:
            return self.present
        return (self.came_at is None or self.came_at <= moment) and (self.left_at is None or moment < self.left_at)


class Invitee(VersionedModel):
    """A person invited to a session; invitees do not vote."""

    session = models.ForeignKey(
        CouncilSession, verbose_name=_("session"), on_delete=models.CASCADE, related_name="invitees"
    )
    name = models.CharField(_("name"), max_length=200)
    post = models.CharField(_("post and agency"), max_length=300, blank=True)
    present = models.BooleanField(_("present"), default=True)

    objects = SessionPathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("invitee")
        verbose_name_plural = _("invitees")
        ordering = ["session", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class AgendaItem(VersionedModel):
    """A question of a session: on a case, on a family without one (a signal), or organisational (clarification 2).

    `starts_at` is the time on the agenda, and once the session was held the time at which the question was taken up.
    `told_under` is what the consents covered when `materials` were written: they are told while these still stand.
    """

    session = models.ForeignKey(
        CouncilSession, verbose_name=_("session"), on_delete=models.PROTECT, related_name="items"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=18, choices=ItemKind.choices)
    family = models.ForeignKey(
        Family, verbose_name=_("family"), null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    case = models.ForeignKey(
        SupportCase,
        verbose_name=_("case"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    title = models.CharField(_("question"), max_length=500)
    reason = models.CharField(_("why it is proposed"), max_length=300, blank=True)
    speaker = models.ForeignKey(
        User, verbose_name=_("speaker"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    speaker_name = models.CharField(_("speaker in words"), max_length=300, blank=True)
    materials = models.TextField(_("for the packet"), max_length=10_000, blank=True)
    told_under = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("consents that the packet rests on"),
        default=list,
        blank=True,
        editable=False,
    )
    draft_decision = models.TextField(_("draft decision"), max_length=4000, blank=True)
    heard = models.TextField(_("heard"), max_length=10_000, blank=True)
    spoke = models.TextField(_("spoke"), max_length=10_000, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ItemState.choices, default=ItemState.PROPOSED)
    state_reason = models.CharField(_("why it was postponed or withdrawn"), max_length=300, blank=True)
    postponed_from = models.ForeignKey(
        "self", verbose_name=_("postponed from"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ItemQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["session", "position", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ItemKind.ORGANISATIONAL) | Q(family__isnull=False),
                name="item_on_a_family_names_it",
                violation_error_message=_("Name the family of the question."),
            ),
            models.UniqueConstraint(
                fields=["session", "position"],
                name="agenda_positions_differ",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        indexes = [models.Index(fields=["family", "session"], name="agenda_of_a_family")]

    def __str__(self) -> str:
        return self.title


class Minutes(VersionedModel):
    """A version of a session's minutes; signed, it is read-only, and a correction is a new version (I14).

    A correction says in `correction` what reads otherwise; what was decided is changed by another decision alone.

    `issued_document_id` is the frozen paper. Who signed stands in words as well: a deputy signs never for the chair.
    """

    session = models.ForeignKey(
        CouncilSession, verbose_name=_("session"), on_delete=models.PROTECT, related_name="minutes"
    )
    edition = models.PositiveSmallIntegerField(_("version"), default=1)
    number = models.CharField(_("number"), max_length=20, blank=True)
    drafted_on = models.DateField(_("drafted on"))
    drafted_by = models.ForeignKey(User, verbose_name=_("drafted by"), on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signing_way = models.CharField(_("signed"), max_length=10, choices=SigningWay.choices, blank=True)
    signed_by = models.ForeignKey(
        User,
        verbose_name=_("signed in the system by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    signatory = models.CharField(_("chair who signed"), max_length=200, blank=True)
    correction_reason = models.CharField(_("reason of the correction"), max_length=300, blank=True)
    correction = models.TextField(_("what is corrected"), max_length=4000, blank=True)
    attachment_id = models.BigIntegerField(_("scan of the signed paper"), null=True, blank=True)
    issued_document_id = models.BigIntegerField(_("frozen paper"), null=True, blank=True)

    objects = SessionPathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["session", "-edition"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["session", "edition"], name="minutes_version_once_per_session"),
            models.CheckConstraint(
                condition=Q(signed_on=None) | (~Q(number="") & ~Q(signing_way="") & ~Q(signatory="")),
                name="signed_minutes_say_how",
                violation_error_message=_("Signed minutes have a number and say who signed and how."),
            ),
            models.CheckConstraint(
                condition=~Q(signing_way=SigningWay.IN_SYSTEM) | Q(signed_by__isnull=False),
                name="signing_in_the_system_names_the_account",
                violation_error_message=_("Name who signed in the system."),
            ),
            models.CheckConstraint(
                condition=Q(edition=1) | (~Q(correction_reason="") & ~Q(correction="")),
                name="correction_says_what_and_why",
                violation_error_message=_("Say what is corrected and why."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_minutes_are_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=~pgtrigger.Q(old__signed_on=None),
            )
        ]

    def __str__(self) -> str:
        return self.number or str(_("draft"))
