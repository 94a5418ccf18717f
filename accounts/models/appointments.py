"""Who works where, as what, between which dates."""

from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import ADMINISTRATOR_ROLES, LEVEL_OF_ROLE, SECOND_FACTOR_ROLES, Role, UnitLevel
from accounts.models.units import Department, Institution, Region
from accounts.models.users import User
from common.constraints import DateSpan
from common.editing import VersionedModel

UNITS = ("region", "institution", "department", "deputy_for")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments by date and person."""

    def in_force(self, on: date) -> Self:
        """Those that give rights on `on`: started, not ended, and for a deputy the one stood in for as well."""
        own = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))
        principal = Q(deputy_for=None) | (
            Q(deputy_for__starts_on__lte=on) & (Q(deputy_for__ends_on=None) | Q(deputy_for__ends_on__gte=on))
        )
        return self.filter(own, principal)

    def not_ended(self, on: date) -> Self:
        """Those in force on `on` or still to come."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on))

    def with_units(self) -> Self:
        """With everything that rights and the header read, in one query."""
        return self.select_related(
            "region", "institution__region", "department", "deputy_for__user", "deputy_for__institution__region"
        )

    def to_choose_from(self) -> "list[Appointment]":
        """With units, a person's own posts before deputyships, the oldest first.

        Whom a deputy stands in for is asked for where there is a deputy: every request of everybody begins here, and
        with them it would join twice as many tables.
        """
        found = self.select_related("region", "institution__region", "department").order_by()
        rows = sorted(found, key=lambda row: (row.deputy_for_id or 0, row.starts_on, row.pk))
        if deputies := [row for row in rows if row.is_deputy]:
            models.prefetch_related_objects(deputies, Prefetch("deputy_for", Appointment.objects.with_units()))
        return rows


class Appointment(VersionedModel):
    """A person in a role at a unit, from and to (both days inside); or the deputy of another appointment.

    A deputy has the role and the unit of the appointment stood in for, and acts with that person's rights between the
    two dates; both names stand in the journal and in print («и. о.»).
    """

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    region = models.ForeignKey(
        Region, verbose_name=_("region"), null=True, blank=True, on_delete=models.PROTECT, related_name="appointments"
    )
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    deputy_for = models.ForeignKey(
        "self", verbose_name=_("deputy for"), null=True, blank=True, on_delete=models.PROTECT, related_name="deputies"
    )
    order = models.CharField(_("order"), max_length=100, blank=True, help_text=_("Number and date."))

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["user", "-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=Q(deputy_for=None) | Q(ends_on__isnull=False),
                name="deputy_has_an_end",
                violation_error_message=_("A deputy is appointed between two dates."),
            ),
            models.CheckConstraint(
                condition=Q(role=Role.SYSTEM_ADMIN, region=None, institution=None, department=None)
                | (~Q(role=Role.SYSTEM_ADMIN) & Q(region__isnull=False)),
                name="role_has_its_region",
                violation_error_message=_("Every role but the system administrator's is held in a region."),
            ),
            models.CheckConstraint(
                condition=Q(department=None) | Q(institution__isnull=False),
                name="department_needs_institution",
                violation_error_message=_("Name the institution of the department."),
            ),
            ExclusionConstraint(
                name="the_same_post_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    # An empty unit equals an empty unit, which NULL does not.
                    *((Coalesce(unit, 0), RangeOperators.EQUAL) for unit in UNITS),
                    (DateSpan("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The person already holds this post on these days."),
            ),
        ]
        indexes = [models.Index(fields=["user", "starts_on"], name="appointment_by_user")]

    def __str__(self) -> str:
        deputy = f"{_('deputy')} " if self.deputy_for_id else ""
        return f"{self.user}, {deputy}{self.get_role_display()}"

    def clean(self) -> None:
        """Check that the unit fits the role, and a deputy the appointment stood in for."""
        level = LEVEL_OF_ROLE.get(self.role)
        if level in {UnitLevel.INSTITUTION, UnitLevel.DEPARTMENT} and self.institution is None:
            raise ValidationError({"institution": _("This role is held at an institution.")})
        if level == UnitLevel.DEPARTMENT and self.department is None:
            raise ValidationError({"department": _("This role is held at a department.")})
        if self.department and self.institution and self.department.institution_id != self.institution_id:
            raise ValidationError({"department": _("The department belongs to another institution.")})
        if self.institution and self.region and self.institution.region_id != self.region_id:
            raise ValidationError({"institution": _("The institution lies in another region.")})
        if self.deputy_for:
            self._clean_deputy(self.deputy_for)

    def _clean_deputy(self, principal: "Appointment") -> None:
        if principal.deputy_for_id:
            raise ValidationError({"deputy_for": _("A deputy cannot be deputised in turn.")})
        if principal.user_id == self.user_id:
            raise ValidationError({"deputy_for": _("A person cannot deputise for themselves.")})
        unit = ("role", "region_id", "institution_id", "department_id")
        if any(getattr(self, name) != getattr(principal, name) for name in unit):
            raise ValidationError({"deputy_for": _("A deputy has the role and the unit of the person stood in for.")})

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone of the unit; the server's for the system administrator."""
        if self.institution is not None:
            return self.institution.time_zone
        return ZoneInfo(self.region.time_zone if self.region else settings.TIME_ZONE)

    def local_today(self) -> date:
        """Today where the unit is."""
        return timezone.localdate(timezone=self.time_zone)

    def is_in_force(self, on: date) -> bool:
        """Whether rights flow from it on `on`; a deputy's end with those of the person stood in for."""
        principal = self.deputy_for
        return (
            self.starts_on <= on
            and (self.ends_on is None or self.ends_on >= on)
            and (principal is None or principal.is_in_force(on))
        )

    @property
    def principal_id(self) -> int:
        """The user whose families these are: the person stood in for, else the person."""
        return self.deputy_for.user_id if self.deputy_for else self.user_id

    @property
    def is_deputy(self) -> bool:
        return self.deputy_for_id is not None

    @property
    def is_administrator(self) -> bool:
        return self.role in ADMINISTRATOR_ROLES

    @property
    def needs_second_factor(self) -> bool:
        return self.role in SECOND_FACTOR_ROLES

    @property
    def unit_title(self) -> str:
        """The narrowest unit it is held at, for the header."""
        return str(self.department or self.institution or self.region or _("the whole system"))
