"""Background work as rows: the database is the truth, the broker only a hint (design, 7)."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Region, User
from records.enums import RunOutcome, WorkState


class WorkOrderQuerySet(models.QuerySet["WorkOrder"]):
    def due(self, now: datetime) -> Self:
        """Waiting, and their time has come."""
        return self.filter(state=WorkState.QUEUED, not_before__lte=now)

    def lost(self, now: datetime) -> Self:
        """Claimed by a worker whose lease ran out: it was killed, or the machine was."""
        return self.filter(state=WorkState.RUNNING, lease_until__lt=now)

    def claimable(self, now: datetime) -> Self:
        """Due, or lost with attempts left."""
        due = Q(state=WorkState.QUEUED, not_before__lte=now)
        lost = Q(state=WorkState.RUNNING, lease_until__lt=now, attempts__lt=F("max_attempts"))
        return self.filter(due | lost)


class WorkOrder(models.Model):
    """One piece of background work, ordered in the business transaction under a unique key.

    `params` holds ids and codes, never personal data; `last_error` the kind and place of an error, never its message.
    `requested_by` and `appointment` say as whom the work is done; both are empty for the system's own.
    """

    kind = models.CharField(_("kind of work"), max_length=50)
    key = models.CharField(_("key"), max_length=150)
    params = models.JSONField(_("parameters"), default=dict)
    requested_by = models.ForeignKey(
        User, verbose_name=_("ordered by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    appointment = models.ForeignKey(
        Appointment, verbose_name=_("ordered as"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=WorkState.choices, default=WorkState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    max_attempts = models.PositiveSmallIntegerField(_("attempts allowed"), default=5)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    claimed_by = models.CharField(_("claimed by"), max_length=100, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    result_id = models.BigIntegerField(_("result"), null=True, blank=True)
    created_at = models.DateTimeField(_("ordered"), default=timezone.now)
    started_at = models.DateTimeField(_("last started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_work_order_per_key"),
            models.CheckConstraint(
                condition=Q(state=WorkState.RUNNING, lease_until__isnull=False)
                | (~Q(state=WorkState.RUNNING) & Q(lease_until=None, claimed_by="")),
                name="running_work_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(
                    finished_at__isnull=False, state__in=[WorkState.DONE, WorkState.FAILED, WorkState.CANCELLED]
                )
                | Q(finished_at=None, state__in=[WorkState.QUEUED, WorkState.RUNNING]),
                name="ended_work_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(requested_by=None, appointment=None)
                | Q(requested_by__isnull=False, appointment__isnull=False),
                name="work_is_ordered_in_an_appointment",
            ),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], name="work_waiting", condition=Q(state=WorkState.QUEUED)),
            models.Index(fields=["lease_until"], name="work_running", condition=Q(state=WorkState.RUNNING)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class JobRun(models.Model):
    """One run of a periodic job, for one region or for all: what the page "Automatic rules" shows."""

    name = models.CharField(_("job"), max_length=50)
    region = models.ForeignKey(
        Region, verbose_name=_("region"), null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=RunOutcome.choices, default=RunOutcome.RUNNING)
    counts = models.JSONField(_("counts"), default=dict)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("run of a job")
        verbose_name_plural = _("runs of jobs")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["name", "region", "-started_at"], name="job_run_newest_first")]

    def __str__(self) -> str:
        return f"{self.name}, {self.started_at:%d.%m.%Y %H:%M}"
