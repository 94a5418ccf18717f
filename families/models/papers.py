"""What the family signs: consents and the statement of truthfulness."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.calendar import consent_in_force
from common.constraints import ends_after_start
from common.editing import VersionedModel
from common.history import tracked
from common.text import fold
from families.enums import ConsentAction, ConsentData
from families.models.family import Family
from families.models.people import Person
from families.models.withdrawal import WithdrawableModel, withdrawn_by_somebody
from families.querysets import ConsentQuerySet, FamilyPathQuerySet

# Titles are compared without the marks that people put differently.
WITHOUT_QUOTES = str.maketrans(dict.fromkeys("«»„“”\"'"))


class Consent(VersionedModel):
    """A written consent to the processing of personal data: every field the law asks for (documents 5.6; 152-FZ, 9).

    In force on a day as rule R13 says. A child's is given by the representative; at 18 the person gives a new one.
    """

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.PROTECT, related_name="consents")
    number = models.CharField(_("number"), max_length=20)
    subject = models.ForeignKey(Person, verbose_name=_("whose data"), on_delete=models.PROTECT, related_name="consents")
    given_by = models.ForeignKey(
        Person, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="consents_given"
    )
    authority_document = models.CharField(_("document of the representative's authority"), max_length=300, blank=True)
    operator_name = models.CharField(_("operator"), max_length=500)
    operator_address = models.CharField(_("operator's address"), max_length=300)
    purpose = models.CharField(_("purpose"), max_length=500)
    data = ArrayField(models.CharField(max_length=24, choices=ConsentData.choices), verbose_name=_("data"))
    health_data = models.BooleanField(_("data on health"), default=False)
    photo_allowed = models.BooleanField(_("photographs"), default=False)
    publication_allowed = models.BooleanField(_("publication of photographs"), default=False)
    actions = ArrayField(models.CharField(max_length=24, choices=ConsentAction.choices), verbose_name=_("actions"))
    processors = ArrayField(
        models.CharField(max_length=300), verbose_name=_("processing is entrusted to"), default=list, blank=True
    )
    recipients = ArrayField(
        models.CharField(max_length=300), verbose_name=_("recipients by name"), default=list, blank=True
    )
    given_on = models.DateField(_("given on"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    revocation_note = models.CharField(_("how it was revoked"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = ConsentQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_on", "-id"]
        default_permissions = ()
        constraints = [
            ends_after_start("consent_ends_after_start", "given_on", "valid_to"),
            models.CheckConstraint(
                condition=Q(revoked_on=None) | Q(revoked_on__gte=F("given_on")),
                name="consent_revoked_after_given",
                violation_error_message=_("The consent was revoked before it was given."),
            ),
            models.CheckConstraint(
                condition=Q(publication_allowed=False) | Q(photo_allowed=True),
                name="published_photographs_are_allowed",
                violation_error_message=_("Photographs that may not be taken cannot be published."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("families:consent", args=[self.pk])

    def is_in_force(self, on: date) -> bool:
        """R13: given on or before the day, not revoked by then, not past its term."""
        return consent_in_force(self.given_on, on, valid_to=self.valid_to, revoked_on=self.revoked_on)

    def names_recipient(self, title: str) -> bool:
        """Whether data may go to the organisation of this title: it stands among the recipients, however quoted."""
        return _name_key(title) in {_name_key(recipient) for recipient in self.recipients}


def _name_key(title: str) -> str:
    return fold(title.translate(WITHOUT_QUOTES))


class FamilyStatement(WithdrawableModel):
    """The family's statement, with its responsibility for complete and true information (S2-35)."""

    family = models.ForeignKey(Family, verbose_name=_("family"), on_delete=models.PROTECT, related_name="statements")
    number = models.CharField(_("number"), max_length=20)
    given_by = models.ForeignKey(Person, verbose_name=_("given by"), on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField(_("given on"))
    text = models.TextField(_("what the family states"), max_length=10_000)
    responsibility_confirmed = models.BooleanField(_("answers for the completeness and truth of it"), default=False)
    created_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = FamilyPathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("statement of the family")
        verbose_name_plural = _("statements of the family")
        ordering = ["-given_on", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(responsibility_confirmed=True),
                name="statement_confirms_responsibility",
                violation_error_message=_("The family confirms that it answers for the information."),
            ),
            withdrawn_by_somebody("statement_withdrawn_by_somebody"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("families:statement", args=[self.pk])
