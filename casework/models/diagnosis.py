"""What stage 1 finds out, and how the family's state changes: problems, resources, diagnosis, need, scores."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User, principal_field
from casework.enums import AssessmentMethod, AssessmentPurpose, NeedConclusion, ProblemSubject, ResourceKind, Severity
from casework.models.cases import SupportCase
from casework.querysets import CasePathQuerySet
from common.dictionaries import DictionaryRow
from common.editing import VersionedModel
from common.history import tracked
from families.models import FamilyMembership

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

BEST_SCORE = 4

SCALES: tuple[str, ...] = (
    "health",
    "basic_needs",
    "psychological",
    "social",
    "financial",
    "development",
    "addiction",
    "parenting",
    "climate",
)
"""The nine scales of monitoring (S1-105); 0 is severe trouble, 4 is no trouble (clarification 23)."""


class ProblemKind(DictionaryRow):
    """A dictionary row: a problem of a child, a parent or the family (S0-8 to S0-10, S1-96, S1-98)."""

    subject = models.CharField(_("concerns"), max_length=8, choices=ProblemSubject.choices)
    is_confidential = models.BooleanField(
        _("confidential"),
        default=False,
        help_text=_("Told to other agencies only where a consent covers data on health."),
    )

    class Meta(DictionaryRow.Meta):
        verbose_name = _("kind of problem")
        verbose_name_plural = _("kinds of problems")


class NeedCriterion(DictionaryRow):
    """A dictionary row: a criterion by which a family needs support (S0-18)."""

    class Meta(DictionaryRow.Meta):
        verbose_name = _("criterion of need")
        verbose_name_plural = _("criteria of need")


class CaseProblem(VersionedModel):
    """A problem found in the family, of the whole of it or of one member; the programme answers each one."""

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="problems")
    kind = models.ForeignKey(ProblemKind, verbose_name=_("problem"), on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(
        FamilyMembership, verbose_name=_("of whom"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices, default=Severity.MIDDLE)
    description = models.CharField(_("description"), max_length=1000, blank=True)
    found_on = models.DateField(_("found on"))
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    not_addressed = models.CharField(
        _("why the programme does not address it"), max_length=300, blank=True, help_text=_("Empty: it must.")
    )

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["case", "resolved_on", "found_on", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_on=None) | Q(resolved_on__gte=F("found_on")),
                name="problem_resolved_after_found",
                violation_error_message=_("The problem is resolved before it was found."),
            )
        ]

    def __str__(self) -> str:
        return str(self.kind)


class FamilyResource(VersionedModel):
    """Something the family can lean on (S1-13)."""

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(_("kind"), max_length=16, choices=ResourceKind.choices)
    description = models.CharField(_("description"), max_length=1000)
    found_on = models.DateField(_("found on"))

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("resource of the family")
        verbose_name_plural = _("resources of the family")
        ordering = ["case", "found_on", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_kind_display()


class SocialDiagnosis(VersionedModel):
    """The conclusion of the intake (S1-50): a text, and who verified the information it rests on, and when."""

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="diagnoses")
    on = models.DateField(_("date"))
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    by_for = principal_field()
    text = models.TextField(_("social diagnosis"), max_length=10_000)
    verified_on = models.DateField(_("information verified on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User, verbose_name=_("verified by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_for = principal_field()
    verified_how = models.CharField(_("how it was verified"), max_length=300, blank=True)

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("social diagnosis")
        verbose_name_plural = _("social diagnoses")
        ordering = ["case", "-on", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_on=None, verified_by=None)
                | Q(verified_on__isnull=False, verified_by__isnull=False),
                name="verification_has_date_and_person",
                violation_error_message=_("A verification has a date and a person."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y}"


class NeedAssessment(VersionedModel):
    """Whether the family needs support, by which criteria (S0-18, S4-4)."""

    case = models.ForeignKey(
        SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="need_assessments"
    )
    on = models.DateField(_("date"))
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    by_for = principal_field()
    criteria = models.ManyToManyField(NeedCriterion, verbose_name=_("criteria met"), blank=True, related_name="+")
    conclusion = models.CharField(_("conclusion"), max_length=14, choices=NeedConclusion.choices)
    note = models.TextField(_("reasoning"), max_length=4000, blank=True)

    objects = CasePathQuerySet.as_manager()
    history = tracked(m2m_fields=[criteria])

    class Meta:
        verbose_name = _("need assessment")
        verbose_name_plural = _("need assessments")
        ordering = ["case", "-on", "-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_conclusion_display()


def _score(title: "str | _StrPromise") -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(title, validators=[MaxValueValidator(BEST_SCORE)])


class Assessment(VersionedModel):
    """The state of the family on nine scales, 0 severe trouble to 4 no trouble; at least twice a year (R7, S1-105)."""

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="assessments")
    number = models.CharField(_("number"), max_length=20, blank=True)
    on = models.DateField(_("date"))
    by = models.ForeignKey(User, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    by_for = principal_field()
    purpose = models.CharField(_("purpose"), max_length=8, choices=AssessmentPurpose.choices)
    methods = ArrayField(models.CharField(max_length=16, choices=AssessmentMethod.choices), verbose_name=_("methods"))
    health = _score(_("health"))
    basic_needs = _score(_("the child's basic needs"))
    psychological = _score(_("psychological problems"))
    social = _score(_("social problems"))
    financial = _score(_("financial problems"))
    development = _score(_("the child's development and school"))
    addiction = _score(_("psychoactive substances"))
    parenting = _score(_("child-parent relations"))
    climate = _score(_("family climate"))
    comment = models.TextField(_("comment"), max_length=4000, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=4000, blank=True)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["case", "-on", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{scale}__lte": BEST_SCORE for scale in SCALES}),
                name="scores_are_on_the_scale",
                violation_error_message=_("A score is between 0 and 4."),
            )
        ]
        indexes = [models.Index(fields=["case", "-on"], name="assessments_of_a_case")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {self.on:%d.%m.%Y}"

    @property
    def total(self) -> int:
        """The sum of the nine scores, 0 to 36; a level is one point (clarification 23)."""
        return sum(getattr(self, scale) for scale in SCALES)
