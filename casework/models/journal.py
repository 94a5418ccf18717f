"""The service journal: every social service and support measure is one row (S2-33, S2-34)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Institution, User, principal_field
from casework.enums import Channel, MeasureKind, RecordType, ServiceKind
from casework.models.cases import SupportCase
from casework.models.visits import Visit
from casework.querysets import ServiceRecordQuerySet
from common.dictionaries import DictionaryRow
from common.editing import VersionedModel
from common.history import tracked
from families.models import Family, Person
from partners.models import PartnerOrganisation

ONE_KIND = (Q(record_type__in=[RecordType.SERVICE, RecordType.URGENT], measure_kind="") & ~Q(service_kind="")) | (
    Q(record_type=RecordType.SUPPORT_MEASURE, service_kind="") & ~Q(measure_kind="")
)
"""I9: a kind of service or a kind of measure, never both; an urgent service has the kind of its content."""


class ServiceTitle(DictionaryRow):
    """A dictionary row: a service or measure by name, and the kind it belongs to."""

    record_type = models.CharField(_("type"), max_length=16, choices=RecordType.choices)
    service_kind = models.CharField(_("kind of service"), max_length=16, choices=ServiceKind.choices, blank=True)
    measure_kind = models.CharField(_("kind of measure"), max_length=16, choices=MeasureKind.choices, blank=True)

    class Meta(DictionaryRow.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.CheckConstraint(
                condition=ONE_KIND,
                name="service_title_has_one_kind",
                violation_error_message=_("A service has a kind of service, a measure has a kind of measure."),
            )
        ]

    @property
    def group_title(self) -> str:
        """Type and kind in words, for a list of choices."""
        kind = self.get_measure_kind_display() if self.measure_kind else self.get_service_kind_display()
        return f"{self.get_record_type_display()}: {kind}"


class FormOfWork(DictionaryRow):
    """A dictionary row: the form a service or activity takes, such as a consultation or a family club (S1-17)."""

    class Meta(DictionaryRow.Meta):
        verbose_name = _("form of work")
        verbose_name_plural = _("forms of work")


class ServiceRecord(VersionedModel):
    """A row of the journal: who got what, when, from whom. It has exactly one kind (I9) and is cancelled, not deleted.

    `institution` and `department` are those of the day. An urgent service needs no case (I6). Recipients are members of
    the family on that day; at least one is named.
    """

    family = models.ForeignKey(
        Family, verbose_name=_("family"), on_delete=models.PROTECT, related_name="services", db_index=False
    )
    case = models.ForeignKey(
        SupportCase,
        verbose_name=_("case"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="services",
        db_index=False,
    )
    visit = models.ForeignKey(
        Visit, verbose_name=_("visit"), null=True, blank=True, on_delete=models.PROTECT, related_name="services"
    )
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("number"), max_length=20)
    on = models.DateField(_("date"))
    record_type = models.CharField(_("type"), max_length=16, choices=RecordType.choices)
    service_kind = models.CharField(_("kind of service"), max_length=16, choices=ServiceKind.choices, blank=True)
    measure_kind = models.CharField(_("kind of measure"), max_length=16, choices=MeasureKind.choices, blank=True)
    title = models.ForeignKey(ServiceTitle, verbose_name=_("service"), on_delete=models.PROTECT, related_name="+")
    form_of_work = models.ForeignKey(
        FormOfWork, verbose_name=_("form of work"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    channel = models.CharField(_("where"), max_length=8, choices=Channel.choices, default=Channel.HOME)
    recipients = models.ManyToManyField(Person, verbose_name=_("recipients"), related_name="services")
    specialist = models.ForeignKey(
        User, verbose_name=_("specialist"), on_delete=models.PROTECT, related_name="services"
    )
    specialist_for = principal_field()
    partner = models.ForeignKey(
        PartnerOrganisation,
        verbose_name=_("rendered by the partner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: the institution itself."),
    )
    result = models.CharField(_("result"), max_length=1000, blank=True)
    late_reason = models.CharField(_("why it is entered late"), max_length=300, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, verbose_name=_("cancelled by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancel_reason = models.CharField(_("why it is cancelled"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = ServiceRecordQuerySet.as_manager()
    history = tracked(m2m_fields=[recipients])

    class Meta:
        verbose_name = _("row of the service journal")
        verbose_name_plural = _("rows of the service journal")
        ordering = ["-on", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=ONE_KIND,
                name="journal_row_has_one_kind",
                violation_error_message=_("A row has either a kind of service or a kind of measure."),
            ),
            models.CheckConstraint(
                condition=Q(record_type=RecordType.URGENT) | Q(case__isnull=False),
                name="only_urgent_rows_need_no_case",
                violation_error_message=_("Only an urgent service may be rendered without a case."),
            ),
            models.UniqueConstraint(
                fields=["institution", "number"],
                name="journal_number_once_per_institution",
                violation_error_message=_("The institution already has a row with this number."),
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="journal_quantity_is_positive",
                violation_error_message=_("The quantity is at least 1."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | (Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason="")),
                name="cancelled_row_has_a_reason",
                violation_error_message=_("Say why the row is cancelled."),
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-on"], name="journal_of_a_case"),
            models.Index(fields=["family", "-on"], name="journal_of_a_family"),
            models.Index(
                fields=["on", "institution"],
                include=["record_type", "service_kind", "measure_kind", "quantity"],
                name="journal_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.title}"

    @property
    def kind_title(self) -> str:
        """The kind of service or of measure, in words."""
        return self.get_measure_kind_display() if self.measure_kind else self.get_service_kind_display()
