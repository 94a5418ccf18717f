"""Organisations that help families."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Institution, Region, Territory, User
from common.editing import VersionedModel
from common.history import tracked
from common.text import full_name, initials_first
from partners.enums import Ownership, PartnerType
from partners.querysets import ContactQuerySet, PartnerQuerySet


class PartnerOrganisation(VersionedModel):
    """An agency or organisation that helps families (S0-44).

    `institution` is the one that entered it, empty for a register kept by the region (clarification 39).
    `first_involved_on` is when it first helped: new partners of a year are counted by it (S1-44). `title_key` is kept
    by the database: the title folded as `common.text.fold` folds what is typed.
    """

    region = models.ForeignKey(Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="partners")
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("entered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="partners",
    )
    title = models.CharField(_("title"), max_length=300)
    type = models.CharField(_("type"), max_length=16, choices=PartnerType.choices)
    ownership = models.CharField(_("ownership"), max_length=12, choices=Ownership.choices, blank=True)
    is_prevention_body = models.BooleanField(
        _("body of the prevention system"), default=False, help_text=_("Named in the federal law 120-FZ.")
    )
    territory = models.ForeignKey(
        Territory, verbose_name=_("territory"), null=True, blank=True, on_delete=models.PROTECT, related_name="partners"
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    site = models.URLField(_("site"), blank=True)
    offers = models.TextField(_("what help it gives"), max_length=2000, blank=True)
    first_involved_on = models.DateField(_("first involved on"), null=True, blank=True)
    closed_on = models.DateField(_("no longer a partner since"), null=True, blank=True)

    title_key = models.GeneratedField(
        expression=Func(Lower("title"), Value("ё"), Value("е"), function="TRANSLATE", output_field=models.TextField()),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = PartnerQuerySet.as_manager()
    history = tracked(excluded_fields=["title_key"])

    class Meta:
        verbose_name = _("partner organisation")
        verbose_name_plural = _("partner organisations")
        ordering = ["title"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["region", "institution", "title"],
                nulls_distinct=False,
                name="partner_title_once_per_register",
                violation_error_message=_("The register already has a partner with this title."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(first_involved_on=None) | Q(closed_on__gte=F("first_involved_on")),
                name="partner_closed_after_first_involved",
                violation_error_message=_("The end is before the start."),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "type", "title"], name="partners_by_type"),
            models.Index(fields=["institution", "title_key", "id"], name="partners_by_title"),
            GinIndex(OpClass("title_key", "gin_trgm_ops"), name="partners_search"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("partners:partner", args=[self.pk])


class ContactPerson(VersionedModel):
    """Whom to ask at a partner. `user` is their account, where a partner's representative has one."""

    partner = models.ForeignKey(
        PartnerOrganisation, verbose_name=_("partner"), on_delete=models.PROTECT, related_name="contacts"
    )
    last_name = models.CharField(_("last name"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    post = models.CharField(_("post"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_main = models.BooleanField(_("to be asked first"), default=False)
    left_on = models.DateField(_("no longer a contact since"), null=True, blank=True)
    user = models.OneToOneField(
        User,
        verbose_name=_("account"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="partner_contact",
    )

    objects = ContactQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["-is_main", "last_name", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=Q(is_main=True, left_on=None),
                name="one_main_contact_per_partner",
                violation_error_message=_("The partner already has a contact person to be asked first."),
            )
        ]

    def __str__(self) -> str:
        return initials_first(self.last_name, self.first_name, self.patronymic)

    @property
    def full_name(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic)
