"""People and their place in a family, dated."""

from datetime import date

from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from common import snils
from common.calendar import age_on, is_minor
from common.constraints import ends_after_start, no_overlap
from common.editing import VersionedModel
from common.history import tracked
from common.text import full_name, initials_first, long_date, number_sign
from families.enums import DocumentKind, ExternalSystem, FamilyRole, Sex
from families.models.family import Family
from families.models.folding import Digits, Joined, folded
from families.models.search_keys import MEMBERSHIP_TRIGGERS, PERSON_TRIGGERS
from families.querysets import FamilyPathQuerySet, MembershipQuerySet, PersonQuerySet

_FOLDED_NAME = folded(Joined(F("last_name"), Value(" "), F("first_name"), Value(" "), F("patronymic")))


class Person(VersionedModel):
    """A person once per region, whatever the number of families they belong to.

    `name_key` and `search_text` are kept by the database: the name folded as `common.text.fold` folds what is typed
    (lower case, ё as е), followed in `search_text` by the digits of SNILS and phone.
    """

    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="people", db_index=False
    )
    last_name = models.CharField(_("last name"), max_length=100)
    first_name = models.CharField(_("first name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"))
    snils = models.CharField(_("SNILS"), max_length=11, blank=True, validators=[snils.validate])
    document_kind = models.CharField(_("document"), max_length=20, choices=DocumentKind.choices, blank=True)
    document_series = models.CharField(_("series"), max_length=20, blank=True)
    document_number = models.CharField(_("number"), max_length=20, blank=True)
    document_issued_by = models.CharField(_("issued by"), max_length=300, blank=True)
    document_issued_on = models.DateField(_("issued on"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    phone_note = models.CharField(_("other phones"), max_length=200, blank=True)
    citizenship = models.CharField(_("citizenship"), max_length=100, blank=True)
    died_on = models.DateField(_("died on"), null=True, blank=True)
    name_genitive = models.CharField(
        _("full name in the genitive"), max_length=300, blank=True, help_text=_("Only if the automatic form is wrong.")
    )
    name_dative = models.CharField(
        _("full name in the dative"), max_length=300, blank=True, help_text=_("Only if the automatic form is wrong.")
    )
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    name_key = models.GeneratedField(expression=_FOLDED_NAME, output_field=models.TextField(), db_persist=True)
    search_text = models.GeneratedField(
        expression=Joined(
            _FOLDED_NAME,
            Value(" "),
            F("snils"),
            Value(" "),
            Digits(F("phone")),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = PersonQuerySet.as_manager()
    history = tracked(excluded_fields=["name_key", "search_text"])

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_key", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["region", "snils"],
                condition=~Q(snils=""),
                name="snils_once_per_region",
                violation_error_message=_("A person with this SNILS is already known in the region."),
            ),
            models.CheckConstraint(
                condition=Q(died_on=None) | Q(died_on__gte=F("birth_date")),
                name="death_after_birth",
                violation_error_message=_("The death is dated before the birth."),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "phone"], name="person_by_phone", condition=~Q(phone="")),
            models.Index(fields=["region", "birth_date"], name="person_by_birth"),
        ]
        triggers = PERSON_TRIGGERS

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """«Черных Ольга Павловна»."""
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def identity_document(self) -> str:
        """The identity document as papers write it, in Russian: kind, series and number, issuer, day of issue."""
        return self.identity_document_or()

    def identity_document_or(
        self, *, kind: str = "", number: str = "", issued_by: str = "", issued_on: str = ""
    ) -> str:
        """The same with other words, such as a line to fill in by hand, for what is not known of the document."""
        with translation.override("ru"):
            kind = str(self.get_document_kind_display()) if self.document_kind else kind
        if self.document_number or not number:
            number = " ".join(part for part in (self.document_series, number_sign(self.document_number)) if part)
        issued_by = self.document_issued_by or issued_by
        issued_on = long_date(self.document_issued_on) if self.document_issued_on else issued_on
        parts = (kind, number, f"выдан {issued_by}" if issued_by else "", issued_on)
        return ", ".join(part for part in parts if part)

    @property
    def short_name(self) -> str:
        """«О. П. Черных»."""
        return initials_first(self.last_name, self.first_name, self.patronymic)

    def age_on(self, day: date) -> int:
        """Full years on `day`."""
        return age_on(self.birth_date, day)

    def is_minor_on(self, day: date) -> bool:
        """Whether the person is under 18 on `day` (R10)."""
        return is_minor(self.birth_date, day)


class _WithPerson(models.Manager["FamilyMembership"]):
    """Memberships with the person who names them: lists of them cost one query, also where they stand for a title."""

    def get_queryset(self) -> models.QuerySet["FamilyMembership"]:
        return super().get_queryset().select_related("person")


class FamilyMembership(VersionedModel):
    """A person in a family between two dates, both inside (I9 reads it: recipients are members on the day)."""

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role in the family"), max_length=16, choices=FamilyRole.choices)
    is_representative = models.BooleanField(
        _("legal representative"), default=False, help_text=_("Acts for the children: signs consents and agreements.")
    )
    is_head = models.BooleanField(_("main contact"), default=False)
    lives_together = models.BooleanField(_("lives with the family"), default=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    representation_document = models.CharField(
        _("document of the representative's authority"), max_length=300, blank=True
    )

    objects = MembershipQuerySet.as_manager()
    with_person = _WithPerson()
    history = tracked()

    class Meta:
        base_manager_name = "with_person"
        verbose_name = _("family member")
        verbose_name_plural = _("family members")
        ordering = ["-is_head", "person__birth_date", "id"]
        default_permissions = ()
        constraints = [
            ends_after_start("membership_ends_after_start"),
            no_overlap(
                "one_membership_at_a_time",
                "family",
                "person",
                message=_("The person is already a member of the family on these days."),
            ),
            no_overlap(
                "child_lives_in_one_family",
                "person",
                condition=Q(role=FamilyRole.CHILD, lives_together=True),
                message=_("The child lives with another family on these days."),
            ),
            models.UniqueConstraint(
                fields=["family"],
                condition=Q(is_head=True, ends_on=None),
                name="one_main_contact_per_family",
                violation_error_message=_("The family already has a main contact."),
            ),
        ]
        triggers = MEMBERSHIP_TRIGGERS

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"


class ExternalId(VersionedModel):
    """The number under which another state system knows the person, or the family as a whole."""

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.CASCADE, related_name="external_ids")
    person = models.ForeignKey(
        Person,
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="external_ids",
    )
    system = models.CharField(_("system"), max_length=24, choices=ExternalSystem.choices)
    value = models.CharField(_("number"), max_length=100)

    objects = FamilyPathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("external number")
        verbose_name_plural = _("external numbers")
        ordering = ["system", "value"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["system", "value", "family"],
                name="external_number_once_per_family",
                violation_error_message=_("The family already has this number."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_system_display()}: {self.value}"
