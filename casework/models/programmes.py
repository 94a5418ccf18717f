"""The programme of support, what it consists of, the agreement with the family, and notices to agencies."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User, principal_field
from casework.enums import (
    ActivitySection,
    ActivityState,
    BasisBody,
    ExecutorKind,
    LegalBasis,
    NoticeSubject,
    ProgrammeKind,
    ProgrammeState,
)
from casework.models.cases import SupportCase
from casework.models.diagnosis import CaseProblem
from casework.models.journal import FormOfWork
from casework.querysets import ActivityQuerySet, CasePathQuerySet
from common.constraints import ends_after_start
from common.editing import VersionedModel
from common.history import tracked
from common.text import numbered, short_date
from families.models import Consent, FamilyMembership, Person
from partners.models import PartnerOrganisation

IN_FORCE = (ProgrammeState.APPROVED, ProgrammeState.ACTIVE)
BEFORE_APPROVAL = (ProgrammeState.DRAFT, ProgrammeState.AGREED, ProgrammeState.SUBMITTED)


class SupportProgramme(VersionedModel):
    """One version of the individual programme of a case (S4-23, S0-50, S0-63; domain 3.7).

    A draft has no number; approval gives it one, and makes it read-only (I14). What is remembered of the decision is a
    snapshot: body, its chair, number, date. One version of a case is in force at a time, and one is being prepared.
    """

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="programmes")
    edition = models.PositiveSmallIntegerField(_("version"), default=1)
    number = models.CharField(_("number"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=ProgrammeKind.choices, default=ProgrammeKind.INDIVIDUAL)
    state = models.CharField(_("state"), max_length=12, choices=ProgrammeState.choices, default=ProgrammeState.DRAFT)
    goal = models.TextField(_("goal"), max_length=4000)
    family_goals = models.TextField(_("goals in the family's own words"), max_length=4000, blank=True)
    expected_results = models.TextField(_("expected results"), max_length=4000, blank=True)
    change_reason = models.CharField(_("what the new version changes and why"), max_length=1000, blank=True)
    drafted_on = models.DateField(_("drafted on"))
    drafted_by = models.ForeignKey(User, verbose_name=_("drafted by"), on_delete=models.PROTECT, related_name="+")
    agreed_on = models.DateField(_("agreed with the family on"), null=True, blank=True)
    agreed_with = models.ForeignKey(
        Person, verbose_name=_("agreed with"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True)
    return_remark = models.CharField(_("remark of the body that returned it"), max_length=1000, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    basis_body = models.CharField(_("approved by"), max_length=24, choices=BasisBody.choices, blank=True)
    basis_title = models.CharField(_("title of the body"), max_length=300, blank=True)
    basis_number = models.CharField(_("decision number"), max_length=50, blank=True)
    basis_chair = models.CharField(_("chair of the body"), max_length=200, blank=True)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    closed_on = models.DateField(_("ended on"), null=True, blank=True)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["case", "-edition"]
        default_permissions = ()
        constraints = [
            ends_after_start("programme_ends_after_start"),
            models.UniqueConstraint(fields=["case", "edition"], name="programme_version_once_per_case"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=ProgrammeState.ACTIVE),
                name="one_programme_in_force",
                violation_error_message=_("The case already has a programme in force."),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=BEFORE_APPROVAL),
                name="one_programme_in_preparation",
                violation_error_message=_("A version of the programme is already being prepared."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=BEFORE_APPROVAL)
                | (Q(approved_on__isnull=False) & ~Q(basis_body="") & ~Q(number=""))
                | Q(state=ProgrammeState.TERMINATED),
                name="approved_programme_names_its_decision",
                violation_error_message=_("An approved programme has a number and names the body and the day."),
            ),
            models.CheckConstraint(
                condition=Q(agreed_on=None) | Q(agreed_on__gte=F("drafted_on")),
                name="programme_agreed_after_drafted",
                violation_error_message=_("The family cannot agree before the programme was drafted."),
            ),
        ]
        indexes = [models.Index(fields=["approved_on"], name="programmes_by_approval")]

    def __str__(self) -> str:
        return self.number or str(_("draft"))

    def get_absolute_url(self) -> str:
        return reverse("casework:programme", args=[self.pk])

    @property
    def full_title(self) -> str:
        """«Индивидуальная программа, версия 2 от 03.11.2026: подана на утверждение»: tells the versions apart."""
        number = f"{numbered(self.number)}, " if self.number else ""
        words = {
            "kind": capfirst(self.get_kind_display()),
            "edition": self.edition,
            "date": short_date(self.drafted_on),
            "state": f"{number}{self.get_state_display()}",
        }
        return _("%(kind)s programme, version %(edition)s of %(date)s: %(state)s") % words

    @property
    def is_editable(self) -> bool:
        """I14: only until it is submitted."""
        return self.state in {ProgrammeState.DRAFT, ProgrammeState.AGREED}


class ProgrammeActivity(VersionedModel):
    """A row of a programme: what is done, for what, by whom, by when, with what result (S4-21)."""

    programme = models.ForeignKey(
        SupportProgramme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="activities"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    section = models.CharField(_("section"), max_length=14, choices=ActivitySection.choices)
    title = models.CharField(_("activity"), max_length=500)
    purpose = models.CharField(_("purpose"), max_length=500, blank=True)
    problem = models.ForeignKey(
        CaseProblem,
        verbose_name=_("answers the problem"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    form_of_work = models.ForeignKey(
        FormOfWork, verbose_name=_("form of work"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    executor_kind = models.CharField(_("who does it"), max_length=8, choices=ExecutorKind.choices)
    executor_user = models.ForeignKey(
        User, verbose_name=_("specialist"), null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    executor_partner = models.ForeignKey(
        PartnerOrganisation,
        verbose_name=_("partner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    executor_member = models.ForeignKey(
        FamilyMembership,
        verbose_name=_("family member"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    due_on = models.DateField(pgettext_lazy("a deadline", "by"), null=True, blank=True)
    frequency = models.CharField(_("how often"), max_length=100, blank=True, help_text=_("Such as: twice a month."))
    planned_times = models.PositiveSmallIntegerField(_("times planned"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=ActivityState.choices, default=ActivityState.PLANNED)
    done_times = models.PositiveSmallIntegerField(_("times done"), default=0)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=1000, blank=True)
    copied_from = models.ForeignKey(
        "self", verbose_name=_("goes on from"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ActivityQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["programme", "position", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(executor_kind=ExecutorKind.STAFF, executor_user__isnull=False)
                | Q(executor_kind=ExecutorKind.PARTNER, executor_partner__isnull=False)
                | Q(executor_kind=ExecutorKind.FAMILY, executor_member__isnull=False),
                name="activity_names_its_executor",
                violation_error_message=_("Name the one who does it."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ActivityState.NOT_DONE) | ~Q(result=""),
                name="undone_activity_has_a_reason",
                violation_error_message=_("Say why it was not done."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ActivityState.DONE, ActivityState.PARTLY_DONE]) | Q(done_on__isnull=False),
                name="done_activity_has_a_date",
                violation_error_message=_("Say when it was done."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SupportAgreement(VersionedModel):
    """The agreement on social support between the institution and the family (S4-24; documents 5.5).

    Signed, it is read-only (I14); its number comes with the signing. `starts_on` to `ends_on` is the term of support.
    """

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="agreements")
    programme = models.ForeignKey(
        SupportProgramme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="agreements"
    )
    number = models.CharField(_("number"), max_length=20, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    representative = models.ForeignKey(
        Person, verbose_name=_("for the family"), on_delete=models.PROTECT, related_name="agreements"
    )
    institution_signatory = models.CharField(_("for the institution"), max_length=200)
    signatory_post = models.CharField(_("post"), max_length=200)
    signatory_ground = models.CharField(_("acts on the ground of"), max_length=200)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    terminated_on = models.DateField(_("terminated on"), null=True, blank=True)
    termination_reason = models.CharField(_("why it was terminated"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("support agreement")
        verbose_name_plural = _("support agreements")
        ordering = ["case", "-signed_on", "-id"]
        default_permissions = ()
        constraints = [
            ends_after_start("agreement_ends_after_start"),
            models.CheckConstraint(
                condition=Q(signed_on=None) | ~Q(number=""),
                name="signed_agreement_has_a_number",
                violation_error_message=_("A signed agreement has a number."),
            ),
            models.CheckConstraint(
                condition=Q(terminated_on=None) | ~Q(termination_reason=""),
                name="terminated_agreement_has_a_reason",
                violation_error_message=_("Say why the agreement was terminated."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("draft"))


class AgencyNotice(VersionedModel):
    """A notice to an agency of the prevention system (S3-32, S4-22; documents 5.12); I7 asks for its legal basis."""

    case = models.ForeignKey(SupportCase, verbose_name=_("case"), on_delete=models.PROTECT, related_name="notices")
    number = models.CharField(_("number"), max_length=20, blank=True)
    addressee = models.ForeignKey(
        PartnerOrganisation, verbose_name=_("addressee"), on_delete=models.PROTECT, related_name="notices"
    )
    subject = models.CharField(_("subject"), max_length=12, choices=NoticeSubject.choices)
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis.choices)
    consent = models.ForeignKey(
        Consent, verbose_name=_("consent"), null=True, blank=True, on_delete=models.PROTECT, related_name="notices"
    )
    text = models.TextField(_("text"), max_length=10_000)
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by = models.ForeignKey(
        User, verbose_name=_("sent by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_for = principal_field()
    method = models.CharField(_("how it was sent"), max_length=100, blank=True)
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    created_by = models.ForeignKey(User, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = CasePathQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("notice to an agency")
        verbose_name_plural = _("notices to agencies")
        ordering = ["case", "-sent_on", "-id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(legal_basis=LegalBasis.CONSENT) | Q(consent__isnull=False),
                name="notice_on_consent_names_it",
                violation_error_message=_("Name the consent that the notice rests on."),
            ),
            models.CheckConstraint(
                condition=Q(sent_on=None) | (Q(sent_by__isnull=False) & ~Q(number="")),
                name="sent_notice_has_number_and_sender",
                violation_error_message=_("A notice that was sent has a number and a sender."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(_("draft"))
