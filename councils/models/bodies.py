"""Collegial bodies and who sits in them."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import policy
from accounts.models import Institution, Region, Territory, User
from casework.enums import BasisBody
from common.calendar import local_today
from common.constraints import ends_after_start, no_overlap
from common.editing import VersionedModel
from common.history import tracked
from common.text import full_name, initials_first
from councils.enums import SeatRole
from councils.querysets import CouncilPolicyQuerySet, CouncilQuerySet, SeatQuerySet
from families.enums import Sex
from partners.models import PartnerOrganisation


class Council(VersionedModel):
    """A body that considers families: a coordination council, a working group, a precinct commission (S0-17, S4-31).

    A session belongs to its council's territory and to the institution that keeps the secretariat (clarification 40);
    a body without one is kept by the region.
    """

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="councils")
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("keeps the secretariat"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="councils",
    )
    territory = models.ForeignKey(
        Territory, verbose_name=_("territory"), null=True, blank=True, on_delete=models.PROTECT, related_name="councils"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=BasisBody.choices)
    title = models.CharField(_("title"), max_length=300)
    title_genitive = models.CharField(
        _("title in the genitive"), max_length=300, help_text=_("Stands in minutes: minutes of a session of …")
    )
    established_by = models.CharField(_("established by"), max_length=300, blank=True, help_text=_("The act."))
    active_from = models.DateField(_("active from"))
    active_to = models.DateField(_("active to"), null=True, blank=True)

    objects = CouncilQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("councils")
        ordering = ["region", "title"]
        default_permissions = ()
        constraints = [
            ends_after_start("council_ends_after_start", "active_from", "active_to"),
            models.UniqueConstraint(fields=["region", "title"], name="council_title_once_per_region"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("councils:body", args=[self.pk])

    @property
    def zone(self) -> ZoneInfo:
        """The local time of its sessions: that of the institution that keeps the secretariat, else the region's."""
        return self.institution.time_zone if self.institution else ZoneInfo(self.region.time_zone)

    def today(self) -> date:
        return local_today(self.zone)

    def quorum_percent_on(self, day: date) -> int:
        """The share of voting members that makes a session of `day` valid: its own rule, else the region's."""
        return policy.quorum_percent(self.region, day, own=self._own_rule("quorum_percent", day))

    def notice_days_on(self, day: date) -> int:
        """Working days between telling the members, on `day`, and the session: its own rule, else the region's."""
        return policy.session_notice_days(self.region, day, own=self._own_rule("notice_days", day))

    def _own_rule(self, name: str, day: date) -> int | None:
        latest = self.policies.filter(valid_from__lte=day).order_by("-valid_from")
        value: int | None = latest.values_list(name, flat=True).first()
        return value


class CouncilPolicy(VersionedModel):
    """What a body does otherwise than its region, from a date on until its next row (clarifications, Policy).

    An empty value follows the region. A session that was held keeps the share that was asked of it, whatever is entered
    here afterwards.
    """

    council = models.ForeignKey(Council, verbose_name=_("council"), on_delete=models.PROTECT, related_name="policies")
    valid_from = models.DateField(_("in force from"))
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, per cent of members"), null=True, blank=True, help_text=_("Empty: as in the region.")
    )
    notice_days = models.PositiveSmallIntegerField(
        _("notice of a session, working days"), null=True, blank=True, help_text=_("Empty: as in the region.")
    )
    basis = models.CharField(_("basis"), max_length=300, blank=True, help_text=_("The act that sets this policy."))

    objects = CouncilPolicyQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("policy of a council")
        verbose_name_plural = _("policies of councils")
        ordering = ["council", "-valid_from"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_percent=None) | Q(quorum_percent__range=(1, 100)),
                name="own_quorum_is_a_share",
                violation_error_message=_("The quorum is between 1 and 100 per cent."),
            ),
            models.UniqueConstraint(
                fields=["council", "valid_from"],
                name="one_policy_per_council_and_day",
                violation_error_message=_("The body already has rules of its own from this day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.council}, {self.valid_from:%d.%m.%Y}"


class CouncilMember(VersionedModel):
    """A person's seat in a body between two dates (S0-73). Only a seat with `user` opens anything in the system."""

    council = models.ForeignKey(Council, verbose_name=_("council"), on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        User, verbose_name=_("account"), null=True, blank=True, on_delete=models.PROTECT, related_name="seats"
    )
    last_name = models.CharField(_("last name"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    post = models.CharField(_("post"), max_length=300)
    is_deputy_head = models.BooleanField(_("deputy head of the municipality"), default=False)
    organisation = models.ForeignKey(
        PartnerOrganisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="council_members",
    )
    organisation_title = models.CharField(_("organisation in words"), max_length=300, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=SeatRole.choices, default=SeatRole.MEMBER)
    may_vote = models.BooleanField(_("votes"), default=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    objects = SeatQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("member of a council")
        verbose_name_plural = _("members of a council")
        ordering = ["council", "role", "last_name"]
        default_permissions = ()
        constraints = [
            ends_after_start("seat_ends_after_start"),
            no_overlap(
                "one_chair_at_a_time",
                "council",
                condition=Q(role=SeatRole.CHAIR),
                message=_("The council already has a chair on these days."),
            ),
            no_overlap(
                "one_secretary_at_a_time",
                "council",
                condition=Q(role=SeatRole.SECRETARY),
                message=_("The council already has a secretary on these days."),
            ),
        ]
        indexes = [models.Index(fields=["user", "council"], name="seats_of_a_user")]

    def __str__(self) -> str:
        return self.short_name

    @property
    def short_name(self) -> str:
        """«О. П. Черных»."""
        return initials_first(self.last_name, self.first_name, self.patronymic)

    @property
    def full_name(self) -> str:
        """«Черных Ольга Павловна»."""
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def agency(self) -> str:
        """The organisation the person sits for."""
        return str(self.organisation) if self.organisation else self.organisation_title
