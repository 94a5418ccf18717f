"""Quarterly reports: editions with their state, figures that freeze when submitted, and what was done to them."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Institution, Region, User, principal_field
from common.calendar import Quarter
from common.calendar.quarters import ROMAN
from common.editing import VersionedModel
from monitoring.chain import MOVES
from monitoring.enums import UNIT_OF_LEVEL, ReportLevel, ReportState, Step
from monitoring.indicators import Level, Value
from monitoring.querysets import ReportQuerySet
from records.models.documents import frozen

FIXED_FIELDS = (
    *("id", "level", "region", "institution", "department", "specialist", "year", "quarter"),
    *("edition", "previous", "correction_reason", "due_on", "author", "analysis", "missing"),
    *("generated_at", "figures_at", "submitted_at", "submitted_on", "submitted_by", "submitted_for"),
)
"""What never changes in an edition that was submitted."""

CLOSED_PARENT = """
    IF EXISTS (SELECT FROM monitoring_quarterlyreport WHERE id = {row}.report_id AND state <> 'GENERATED') THEN
        RAISE EXCEPTION 'The figures of a submitted report never change.';
    END IF;
    RETURN {row};
"""


def _any_differs(names: Iterable[str]) -> pgtrigger.Q:
    """That an update changes at least one of these columns."""
    changes = [pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in names]
    return reduce(or_, changes)


def _unit_check() -> Q:
    """Each level names its unit and those above it, and no other."""
    here = {name: Q(**{f"{name}__isnull": False}) for name in ("institution", "department", "specialist")}
    none = {name: Q(**{f"{name}__isnull": True}) for name in here}
    return (
        Q(level=ReportLevel.REGION) & none["institution"] & none["department"] & none["specialist"]
        | Q(level=ReportLevel.INSTITUTION) & here["institution"] & none["department"] & none["specialist"]
        | Q(level=ReportLevel.DEPARTMENT) & here["institution"] & here["department"] & none["specialist"]
        | Q(level=ReportLevel.SPECIALIST) & here["institution"] & here["department"] & here["specialist"]
    )


def quarter_title(quarter: Quarter) -> str:
    """«III квартал 2026 года», in the language now active."""
    return gettext("Quarter %(number)s of %(year)s") % {"number": ROMAN[quarter.number - 1], "year": quarter.year}


class QuarterlyReport(VersionedModel):
    """One edition of the report of a unit on a quarter (S0-55, S2-38, S2-39; domain 3.9).

    The first edition is drafted by the system. A returned edition and a correction are followed by the next one; what
    was submitted stays as it was, and PostgreSQL itself refuses to change it. `submitted_on` is the local day of the
    unit. `missing` holds the units below without an accepted report when the figures were fixed.
    """

    level = models.CharField(_("level"), max_length=12, choices=ReportLevel.choices)
    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    department = models.ForeignKey(
        Department, verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    specialist = models.ForeignKey(
        User, verbose_name=_("specialist"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    previous = models.OneToOneField(
        "self",
        verbose_name=_("edition before"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="following",
    )
    correction_reason = models.CharField(_("why it is corrected"), max_length=500, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ReportState.choices, default=ReportState.GENERATED, editable=False
    )
    due_on = models.DateField(_("due"))
    author = models.ForeignKey(
        User, verbose_name=_("author"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    analysis = models.TextField(_("analysis"), blank=True)
    missing = ArrayField(models.BigIntegerField(), verbose_name=_("not reported"), default=list, blank=True)
    generated_at = models.DateTimeField(_("drafted"), default=timezone.now)
    figures_at = models.DateTimeField(_("figures as of"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_on = models.DateField(_("day of submission"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, verbose_name=_("submitted by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_for = principal_field()
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, verbose_name=_("accepted by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    accepted_for = principal_field()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, verbose_name=_("published by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_for = principal_field()
    received_at = models.DateTimeField(_("accepted by the ministry on"), null=True, blank=True)
    received_by = models.ForeignKey(
        User, verbose_name=_("taken by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    received_for = principal_field()
    return_reason = models.CharField(_("remark"), max_length=1000, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarterly report")
        verbose_name_plural = _("quarterly reports")
        ordering = ["-year", "-quarter", "level", "pk"]
        triggers = [
            pgtrigger.FSM(
                name="moves_by_the_table",
                field="state",
                transitions=sorted({(row.source.value, row.target.value) for row in MOVES}),
            ),
            pgtrigger.Protect(
                name="submitted_is_fixed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state=ReportState.GENERATED) & _any_differs(FIXED_FIELDS),
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'Reports are never deleted.';",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "year", "quarter", "region", "institution", "department", "specialist", "edition"],
                name="one_report_per_unit_and_edition",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["level", "year", "quarter", "region", "institution", "department", "specialist"],
                condition=Q(state__in=[ReportState.GENERATED, ReportState.SUBMITTED]),
                name="one_open_edition_per_report",
                nulls_distinct=False,
                violation_error_message=_("A new edition of this report is in work already."),
            ),
            models.CheckConstraint(condition=_unit_check(), name="report_names_its_unit"),
            models.CheckConstraint(
                condition=Q(quarter__range=(1, 4), year__range=(1900, 2100)), name="report_is_on_a_quarter"
            ),
            models.CheckConstraint(
                condition=Q(edition=1, previous=None) | Q(edition__gt=1, previous__isnull=False),
                name="later_edition_follows_another",
            ),
            models.CheckConstraint(
                condition=~Q(level=ReportLevel.REGION, state__in=["SUBMITTED", "RETURNED", "ACCEPTED", "RECEIVED"])
                & ~Q(level__in=[ReportLevel.SPECIALIST, ReportLevel.DEPARTMENT], state__in=["PUBLISHED", "RECEIVED"]),
                name="report_state_fits_its_level",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.GENERATED, submitted_at=None, submitted_on=None, submitted_by=None)
                | ~Q(state=ReportState.GENERATED)
                & Q(submitted_at__isnull=False, submitted_on__isnull=False, submitted_by__isnull=False),
                name="submitted_report_says_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.RETURNED, return_reason=""),
                name="report_returned_with_a_remark",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None) | Q(submitted_by=None) | ~Q(accepted_by=F("submitted_by")),
                name="nobody_accepts_their_own_report",
                violation_error_message=_("Who submitted a report does not accept it."),
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "year", "quarter"], name="report_of_institution"),
            models.Index(fields=["region", "year", "quarter"], name="report_of_region"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    @property
    def unit(self) -> User | Department | Institution | Region:
        """Whose report it is."""
        found: User | Department | Institution | Region = getattr(self, UNIT_OF_LEVEL[self.level])
        return found

    @property
    def unit_title(self) -> str:
        """Whose report it is, for people inside."""
        return self.specialist.get_full_name() if self.specialist else str(self.unit)

    @property
    def unit_id(self) -> int:
        found: int = getattr(self, f"{UNIT_OF_LEVEL[self.level]}_id")
        return found

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    @property
    def period_title(self) -> str:
        """The quarter in the reader's language."""
        return quarter_title(self.period)

    @property
    def figure_level(self) -> Level:
        """The level as the indicators name it."""
        return Level(self.level)

    @property
    def is_draft(self) -> bool:
        return self.state == ReportState.GENERATED

    @property
    def is_correction(self) -> bool:
        return self.correction_reason != ""

    def local_today(self) -> date:
        """Today where the unit is."""
        return self.institution.today() if self.institution else self.region.today()

    def is_late(self, today: date) -> bool:
        """Whether it was submitted after the due day, or is not although that day has passed (R9: the day counts)."""
        return (self.submitted_on or today) > self.due_on


class ReportValue(models.Model):
    """One line of an edition: the figure of the quarter, of the year to date, of the same quarter a year before.

    A share keeps its two numbers. `lower` is the sum of the accepted reports below, for figures that add up. `evidence`
    holds the ids of the objects counted in the quarter, once submitted; it never leaves the institution.
    """

    report = models.ForeignKey(
        QuarterlyReport, verbose_name=_("report"), on_delete=models.PROTECT, related_name="values", db_index=False
    )
    position = models.PositiveSmallIntegerField(_("position"))
    code = models.CharField(_("code"), max_length=8)
    quarter_number = models.IntegerField(_("quarter"), null=True)
    quarter_part = models.IntegerField(null=True)
    quarter_whole = models.IntegerField(null=True)
    year_number = models.IntegerField(_("year to date"), null=True)
    year_part = models.IntegerField(null=True)
    year_whole = models.IntegerField(null=True)
    before_number = models.IntegerField(_("same quarter a year before"), null=True)
    before_part = models.IntegerField(null=True)
    before_whole = models.IntegerField(null=True)
    lower = models.IntegerField(_("sum of the reports below"), null=True)
    evidence = ArrayField(models.BigIntegerField(), verbose_name=_("objects counted"), null=True)

    class Meta:
        verbose_name = _("figure of a report")
        verbose_name_plural = _("figures of reports")
        ordering = ["position"]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_with_its_report",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=CLOSED_PARENT.format(row="NEW"),
            ),
            pgtrigger.Trigger(
                name="kept_with_its_report",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=CLOSED_PARENT.format(row="OLD").replace("RETURN OLD", "RETURN COALESCE(NEW, OLD)"),
            ),
            pgtrigger.Trigger(
                name="no_truncate",
                operation=pgtrigger.Truncate,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func="RAISE EXCEPTION 'Figures of reports are never deleted.';",
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="one_figure_per_report_and_code")]

    def __str__(self) -> str:
        return f"{self.code}: {self.quarter_number}"

    @property
    def quarter(self) -> Value:
        return Value(self.quarter_number, self.quarter_part, self.quarter_whole)

    @property
    def year(self) -> Value:
        return Value(self.year_number, self.year_part, self.year_whole)

    @property
    def before(self) -> Value:
        return Value(self.before_number, self.before_part, self.before_whole)


class ReportEvent(models.Model):
    """What was done to an edition, by whom and when; `by` None is the system."""

    report = models.ForeignKey(
        QuarterlyReport, verbose_name=_("report"), on_delete=models.PROTECT, related_name="events"
    )
    step = models.CharField(_("step"), max_length=12, choices=Step.choices)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        User, verbose_name=_("by whom"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("remark"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("event of a report")
        verbose_name_plural = _("events of reports")
        ordering = ["at", "pk"]
        triggers = frozen("Events of reports")
        indexes = [models.Index(fields=["report", "at"], name="event_by_report")]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.step}"
