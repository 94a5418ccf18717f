"""The organisation: regions and their dated policy, territories, institutions, departments, precincts."""

import zoneinfo
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import (
    REGION_WIDE_ROLES,
    ApprovingBody,
    DeadlineShift,
    InstitutionStatus,
    SettlementKind,
    TerritoryKind,
)
from common.constraints import ends_after_start, no_overlap
from common.editing import VersionedModel

if TYPE_CHECKING:
    from accounts.models.users import User


def validate_time_zone(name: str) -> None:
    """Raise ValidationError unless `name` is a zone of the time zone database, such as Asia/Vladivostok."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no time zone %(name)s."), params={"name": name})


class Region(VersionedModel):
    """A subject of the federation with its authority (S4-35). Regions are closed from one another."""

    code = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    authority_title = models.CharField(_("authority"), max_length=300, help_text=_("Ministry or department."))
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_time_zone])

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def today(self) -> date:
        """The region's local date now; "today" of every rule applied to the region as a whole."""
        return timezone.localdate(timezone=zoneinfo.ZoneInfo(self.time_zone))

    def policy_on(self, day: date) -> "RegionPolicy":
        """The policy in force on `day`: the latest that starts on or before it.

        Raises NoPolicy when the region has none for that day; the person then reads what is missing, never an error
        page (accounts.middleware). What a case, a council or an institution overrides is resolved by `accounts.policy`.
        """
        policy = self.policies.filter(valid_from__lte=day).order_by("-valid_from").first()
        if policy is None:
            raise NoPolicy(self, day)
        return policy


class RegionPolicy(VersionedModel):
    """What differs by region, from a date on until the next policy starts (design, 6).

    The narrowest level that names a value wins (`accounts.policy`, `casework.contacts`).
    """

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="policies")
    valid_from = models.DateField(_("in force from"))
    approving_body = models.CharField(
        _("approving body"),
        max_length=32,
        choices=ApprovingBody.choices,
        default=ApprovingBody.COORDINATION_COUNCIL,
    )
    visit_interval_months = models.PositiveSmallIntegerField(_("visit interval, months"), default=1)
    first_contact_days = models.PositiveSmallIntegerField(_("first contact within, days"), default=10)
    due_soon_days = models.PositiveSmallIntegerField(_("reminder before the due date, days"), default=7)
    head_escalation_days = models.PositiveSmallIntegerField(_("overdue for the head after, days"), default=7)
    director_escalation_days = models.PositiveSmallIntegerField(_("overdue for the director after, days"), default=30)
    post_support_interval_months = models.PositiveSmallIntegerField(_("interval in post-support, months"), default=3)
    post_support_months = models.PositiveSmallIntegerField(_("length of post-support, months"), default=6)
    term_min_months = models.PositiveSmallIntegerField(_("shortest support term, months"), default=3)
    term_max_months = models.PositiveSmallIntegerField(_("longest support term, months"), default=12)
    agreement_working_days = models.PositiveSmallIntegerField(_("agreement due after, working days"), default=10)
    follow_up_months = models.PositiveSmallIntegerField(_("follow-up after a social contract, months"), default=12)
    specialist_report_day = models.PositiveSmallIntegerField(_("specialist's report due on day"), default=1)
    department_report_day = models.PositiveSmallIntegerField(_("department's report due on day"), default=3)
    institution_report_day = models.PositiveSmallIntegerField(_("institution's report due on day"), default=5)
    region_report_day = models.PositiveSmallIntegerField(_("region's report due on day"), default=10)
    report_deadline_shift = models.CharField(
        _("a deadline on a day off"), max_length=20, choices=DeadlineShift.choices, default=DeadlineShift.NONE
    )
    quorum_percent = models.PositiveSmallIntegerField(_("quorum, per cent of members"), default=50)
    session_notice_days = models.PositiveSmallIntegerField(_("notice of a session, working days"), default=3)
    suppression_threshold = models.PositiveSmallIntegerField(_("hide breakdown cells below"), default=5)
    contact_requires_home_visit = models.BooleanField(
        _("only home visits count as a contact"), default=False, help_text=_("Rule R1; off unless the order says so.")
    )
    large_family_children = models.PositiveSmallIntegerField(_("children of a large family"), default=3)
    basis = models.CharField(_("basis"), max_length=300, blank=True, help_text=_("The act that sets this policy."))

    class Meta:
        verbose_name = _("policy of a region")
        verbose_name_plural = _("policies of regions")
        ordering = ["region", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "valid_from"],
                name="one_policy_per_region_and_day",
                violation_error_message=_("The region already has a policy from this day."),
            ),
            models.CheckConstraint(
                condition=Q(visit_interval_months__gte=1) & Q(term_min_months__lte=F("term_max_months")),
                name="policy_terms_make_sense",
                violation_error_message=_("The interval is at least a month, and the shortest term is not the longer."),
            ),
            models.CheckConstraint(
                condition=Q(quorum_percent__range=(1, 100)),
                name="quorum_is_a_share",
                violation_error_message=_("The quorum is between 1 and 100 per cent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}, {self.valid_from:%d.%m.%Y}"


class NoPolicy(RegionPolicy.DoesNotExist):
    """A rule was asked for on a day for which its region has no policy yet."""

    def __init__(self, region: Region, day: date) -> None:
        super().__init__(f"{region.code} has no policy on {day}")
        self.region, self.day = region, day


class RegionDayOff(VersionedModel):
    """A day off that only this region keeps; the federal ones come with the production calendar."""

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.CASCADE, related_name="days_off")
    day = models.DateField(_("day"))
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("regional day off")
        verbose_name_plural = _("regional days off")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="one_row_per_regional_day_off")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}, {self.title}"


class Territory(VersionedModel):
    """A municipality or a settlement of it (S0-3, S1-11)."""

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="territories")
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=TerritoryKind.choices)
    settlement_kind = models.CharField(
        _("kind of settlement"), max_length=8, choices=SettlementKind.choices, blank=True
    )
    title = models.CharField(_("title"), max_length=200)
    oktmo = models.CharField("ОКТМО", max_length=11, blank=True)
    is_rural = models.BooleanField(_("rural"), default=False)
    is_remote = models.BooleanField(_("remote"), default=False)

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=TerritoryKind.MUNICIPALITY, parent=None, settlement_kind="")
                | (Q(kind=TerritoryKind.SETTLEMENT, parent__isnull=False) & ~Q(settlement_kind="")),
                name="settlement_lies_in_a_municipality",
                violation_error_message=_("A settlement has a kind and a municipality; a municipality has neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class InstitutionQuerySet(models.QuerySet["Institution"]):
    """Institutions by who may see that they exist."""

    def visible_to(self, user: "User") -> Self:
        """The region's, for roles held at the region (S1-2, S0-70); their own, for people of an institution."""
        appointment = user.appointment
        if appointment is None or appointment.region_id is None:
            return self.none()
        if appointment.institution_id is not None:
            return self.filter(pk=appointment.institution_id)
        if appointment.role in REGION_WIDE_ROLES:
            return self.filter(region_id=appointment.region_id)
        return self.none()


class Institution(VersionedModel):
    """A provider of social services (S0-1, S0-2): the boundary that families do not cross by themselves (S1-1)."""

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="institutions")
    code = models.SlugField(_("code"), unique=True, help_text=_("Names the institution in scripts."))
    full_name = models.CharField(_("full name"), max_length=500)
    short_name = models.CharField(_("short name"), max_length=200)
    legal_form = models.CharField(_("legal form"), max_length=200, blank=True)
    founder = models.CharField(_("founder"), max_length=300, blank=True)
    director_name = models.CharField(_("director"), max_length=200, blank=True)
    director_ground = models.CharField(_("director acts on the ground of"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    site = models.URLField(_("site"), blank=True)
    statuses = ArrayField(
        models.CharField(max_length=20, choices=InstitutionStatus.choices),
        verbose_name=_("statuses"),
        default=list,
        blank=True,
    )
    speciality = models.CharField(
        _("speciality"), max_length=300, blank=True, help_text=_("Of a resource centre or an internship site.")
    )
    municipalities = models.ManyToManyField(
        Territory, verbose_name=_("serves"), blank=True, related_name="institutions"
    )
    own_time_zone = models.CharField(
        _("own time zone"),
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Empty: the region's."),
    )

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["short_name"]

    def __str__(self) -> str:
        return self.short_name

    @property
    def time_zone(self) -> zoneinfo.ZoneInfo:
        """The zone its dates are read in: its own, else the region's."""
        return zoneinfo.ZoneInfo(self.own_time_zone or self.region.time_zone)

    def today(self) -> date:
        """The institution's local date now; "today" of every rule applied to its families."""
        return self.local_date(timezone.now())

    def local_date(self, moment: datetime) -> date:
        """The date an aware `moment` falls on where the institution is."""
        return moment.astimezone(self.time_zone).date()


class InstitutionPolicy(models.Model):
    """What an institution does otherwise than its region, from a date on until its next row (clarifications, Policy).

    An empty value follows the region. The time zone stands on the institution itself, undated: the time zone database
    knows its own changes.
    """

    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="policies"
    )
    valid_from = models.DateField(_("in force from"))
    contact_requires_home_visit = models.BooleanField(
        _("only home visits count as a contact"), null=True, blank=True, help_text=_("Empty: as in the region.")
    )
    basis = models.CharField(_("basis"), max_length=300, blank=True, help_text=_("The act that sets this policy."))

    class Meta:
        verbose_name = _("policy of an institution")
        verbose_name_plural = _("policies of institutions")
        ordering = ["institution", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "valid_from"],
                name="one_policy_per_institution_and_day",
                violation_error_message=_("The institution already has a policy from this day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution}, {self.valid_from:%d.%m.%Y}"


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Departments by who may see that they exist."""

    def visible_to(self, user: "User") -> Self:
        """Those of the institutions the person sees; for people of a department, their own."""
        appointment = user.appointment
        if appointment is not None and appointment.department_id is not None:
            return self.filter(pk=appointment.department_id)
        return self.filter(institution__in=Institution.objects.visible_to(user))


class Department(VersionedModel):
    """A part of an institution with a head (S0-72)."""

    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="departments"
    )
    code = models.SlugField(_("code"), unique=True, help_text=_("Names the department in scripts."))
    title = models.CharField(_("title"), max_length=200)
    phone = models.CharField(_("phone"), max_length=100, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["institution", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "title"],
                name="department_title_once_per_institution",
                violation_error_message=_("The institution already has a department with this title."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Precinct(VersionedModel):
    """A part of the territory assigned to one specialist by order (S1-49)."""

    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="precincts"
    )
    title = models.CharField(_("title"), max_length=200)
    settlements = models.ManyToManyField(Territory, verbose_name=_("settlements"), blank=True, related_name="precincts")
    order_number = models.CharField(_("order number"), max_length=50, blank=True)
    order_date = models.DateField(_("order date"), null=True, blank=True)

    class Meta:
        verbose_name = _("precinct")
        verbose_name_plural = _("precincts")
        ordering = ["department", "title"]

    def __str__(self) -> str:
        return self.title


class PrecinctAssignment(models.Model):
    """The specialist responsible for a precinct between two dates, both inside; one at a time."""

    precinct = models.ForeignKey(
        Precinct, verbose_name=_("precinct"), on_delete=models.CASCADE, related_name="assignments"
    )
    specialist = models.ForeignKey(
        "accounts.User", verbose_name=_("specialist"), on_delete=models.PROTECT, related_name="precinct_assignments"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("specialist of a precinct")
        verbose_name_plural = _("specialists of precincts")
        ordering = ["precinct", "-starts_on"]
        constraints = [
            ends_after_start("precinct_assignment_ends_after_start"),
            no_overlap(
                "one_specialist_per_precinct_at_a_time",
                "precinct",
                message=_("The precinct already has a specialist on these days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.precinct}: {self.specialist}"
