"""The family: the unit of support, and who answers for it now."""

from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Institution, Precinct, Region, Territory, User
from common.editing import VersionedModel
from common.history import tracked
from families.enums import HousingKind
from families.models.folding import Digits, Joined, folded
from families.models.search_keys import FAMILY_TRIGGERS
from families.querysets import FamilyQuerySet

_FOLDED_TITLE = folded(F("title"))


class Family(VersionedModel):
    """People who live together, and relatives that matter; one record for all services (S3-12).

    `institution`, `department` and `curator` say who answers for the family now; `families.services.set_responsibility`
    alone writes them, together with the open case. A working list is one equality on one of them (design, 5).
    """

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="families")
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="families", db_index=False
    )
    department = models.ForeignKey(
        Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="families", db_index=False
    )
    curator = models.ForeignKey(
        User,
        verbose_name=_("curator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="families_in_charge",
        db_index=False,
    )
    precinct = models.ForeignKey(
        Precinct, verbose_name=_("precinct"), null=True, blank=True, on_delete=models.PROTECT, related_name="families"
    )
    registry_number = models.CharField(_("registry number"), max_length=20)
    registered_on = models.DateField(_("registered on"))
    registered_by = models.ForeignKey(
        User, verbose_name=_("registered by"), on_delete=models.PROTECT, related_name="families_registered"
    )
    title = models.CharField(_("family name"), max_length=200, help_text=_("Usually the representative's surname."))
    settlement = models.ForeignKey(
        Territory,
        verbose_name=_("settlement"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="families",
        db_index=False,
    )
    street = models.CharField(_("street"), max_length=200, blank=True)
    house = models.CharField(_("house"), max_length=30, blank=True)
    flat = models.CharField(_("flat"), max_length=30, blank=True)
    address_note = models.CharField(_("how to find the home"), max_length=300, blank=True)
    registration_address = models.CharField(
        _("registered address"), max_length=300, blank=True, help_text=_("If it differs from where the family lives.")
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    phone_note = models.CharField(
        _("other phones"), max_length=200, blank=True, help_text=_("A village number, a neighbour's phone.")
    )
    housing = models.CharField(_("housing"), max_length=16, choices=HousingKind.choices, blank=True)
    housing_note = models.CharField(_("housing conditions"), max_length=500, blank=True)
    need_degree = models.ForeignKey(
        "families.NeedDegree",
        verbose_name=_("degree of need"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_restricted = models.BooleanField(_("restricted"), default=False)
    restriction_reason = models.CharField(_("reason of the restriction"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    title_key = models.GeneratedField(expression=_FOLDED_TITLE, output_field=models.TextField(), db_persist=True)
    search_text = models.GeneratedField(
        expression=Joined(_FOLDED_TITLE, Value(" "), Digits(F("phone"))),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = FamilyQuerySet.as_manager()
    history = tracked(excluded_fields=["title_key", "search_text"])

    class Meta:
        verbose_name = _("family")
        verbose_name_plural = _("families")
        ordering = ["-id"]
        permissions = [
            ("read_family", "May open the family by a grant"),
            ("write_family", "May write in the family by a grant"),
        ]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "registry_number"],
                name="family_number_once_per_institution",
                violation_error_message=_("The institution already has a family with this number."),
            ),
            models.CheckConstraint(
                condition=Q(is_restricted=False) | ~Q(restriction_reason=""),
                name="restriction_has_a_reason",
                violation_error_message=_("Say why the family is restricted."),
            ),
        ]
        indexes = [
            models.Index(fields=["curator", "id"], name="family_by_curator"),
            models.Index(fields=["department", "id"], name="family_by_department"),
            models.Index(fields=["institution", "id"], name="family_by_institution"),
            models.Index(fields=["institution", "title_key", "id"], name="family_by_title"),
            models.Index(fields=["region", "phone"], name="family_by_phone", condition=~Q(phone="")),
            models.Index(fields=["settlement", "street", "house", "flat"], name="family_by_address"),
            models.Index(F("region"), F("is_restricted"), name="family_restricted", condition=Q(is_restricted=True)),
        ]
        triggers = FAMILY_TRIGGERS

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("families:card", args=[self.pk])

    @property
    def address(self) -> str:
        """Where the family lives, in one line: «с. Барабаш, ул. Лесная, д. 4, кв. 2»."""
        parts = [str(self.settlement) if self.settlement else "", self.street]
        parts.append(f"д.\u00a0{self.house}" if self.house else "")
        parts.append(f"кв.\u00a0{self.flat}" if self.flat else "")
        return ", ".join(part for part in parts if part)

    @property
    def postal_address(self) -> str:
        """The same with region and municipality, as a paper for the law names a place; "" where none is known."""
        if not self.address:
            return ""
        municipality = self.settlement.parent if self.settlement else None
        return ", ".join(str(part) for part in (self.region.title, municipality, self.address) if part)

    @property
    def address_for_papers(self) -> str:
        """The address by which a paper for the law names the family: where it is registered, else where it lives."""
        return self.registration_address or self.postal_address
