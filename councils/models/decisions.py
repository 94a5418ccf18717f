"""What a body decided, who carries it out, and extracts from the minutes."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User, principal_field
from casework.enums import RemovalReason
from casework.models import SupportProgramme
from common.editing import VersionedModel
from common.history import tracked
from councils.enums import DecisionState, DecisionType
from councils.models.bodies import CouncilMember
from councils.models.sessions import AgendaItem
from councils.querysets import DecisionQuerySet, ExtractQuerySet
from partners.models import PartnerOrganisation

DECIDED = (
    *("item_id", "ordinal", "type", "text", "programme_id", "removal_reason", "removal_note", "effective_on", "until"),
    *("votes_for", "votes_against", "votes_abstained", "dissent"),
    *("executor_user_id", "executor_member_id", "executor_partner_id", "due_on"),
)
"""What changes no more once a decision is adopted; how it is carried out still does."""

REWRITTEN = (
    f"OLD.state <> '{DecisionState.DRAFT}' AND ({', '.join(f'OLD.{name}' for name in DECIDED)}) "
    f"IS DISTINCT FROM ({', '.join(f'NEW.{name}' for name in DECIDED)})"
)


class Decision(VersionedModel):
    """A decision on an agenda item. It changes a case only when it is adopted, that is when the minutes are signed.

    `effective_on` is the session's date unless the body says otherwise. `until` is the new end of support (EXTEND) or
    of the pause (PAUSE), which begins on `effective_on`.
    """

    item = models.ForeignKey(AgendaItem, verbose_name=_("item"), on_delete=models.PROTECT, related_name="decisions")
    ordinal = models.PositiveSmallIntegerField(_("number in the item"), default=1)
    type = models.CharField(_("type"), max_length=18, choices=DecisionType.choices)
    text = models.TextField(_("text"), max_length=4000)
    programme = models.ForeignKey(
        SupportProgramme, verbose_name=_("programme"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    removal_reason = models.CharField(
        _("reason of the removal"), max_length=20, choices=RemovalReason.choices, blank=True
    )
    removal_note = models.CharField(_("explanation"), max_length=1000, blank=True)
    effective_on = models.DateField(_("in effect from"))
    until = models.DateField(_("until"), null=True, blank=True)
    votes_for = models.PositiveSmallIntegerField(_("for"), default=0)
    votes_against = models.PositiveSmallIntegerField(_("against"), default=0)
    votes_abstained = models.PositiveSmallIntegerField(_("abstained"), default=0)
    dissent = models.TextField(_("dissenting opinion"), max_length=4000, blank=True)
    executor_user = models.ForeignKey(
        User, verbose_name=_("specialist"), null=True, blank=True, on_delete=models.PROTECT, related_name="decisions"
    )
    executor_member = models.ForeignKey(
        CouncilMember,
        verbose_name=_("member of the council"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    executor_partner = models.ForeignKey(
        PartnerOrganisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    due_on = models.DateField(pgettext_lazy("a deadline", "by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DecisionState.choices, default=DecisionState.DRAFT)
    executed_on = models.DateField(_("carried out on"), null=True, blank=True)
    report = models.TextField(_("report on it"), max_length=4000, blank=True)

    enrols: bool
    """Whether an approved programme puts its family on support too; known of rows read `with_enrolment`."""

    objects = DecisionQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["item", "ordinal"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["item", "ordinal"], name="decision_numbers_differ"),
            models.CheckConstraint(
                condition=~Q(type=DecisionType.REMOVE) | ~Q(removal_reason=""),
                name="removal_decision_gives_a_reason",
                violation_error_message=_("Give the reason of the removal."),
            ),
            models.CheckConstraint(
                condition=~Q(type__in=[DecisionType.EXTEND, DecisionType.PAUSE]) | Q(until__isnull=False),
                name="extension_and_pause_have_an_end",
                violation_error_message=_("Say until when."),
            ),
            models.CheckConstraint(
                condition=~Q(state=DecisionState.EXECUTED) | Q(executed_on__isnull=False),
                name="executed_decision_has_a_date",
                violation_error_message=_("Say when it was carried out."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="adopted_decision_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(REWRITTEN),
            ),
            pgtrigger.Protect(
                name="adopted_decision_stays",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state=DecisionState.DRAFT.value),
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="open_tasks", condition=Q(state=DecisionState.ADOPTED))]

    def __str__(self) -> str:
        return f"{self.item.position}.{self.ordinal}"

    @property
    def executor(self) -> str:
        """Who carries it out, in words; "" where the body itself does."""
        if self.executor_user:
            return self.executor_user.get_short_name()
        if self.executor_member:
            return self.executor_member.short_name
        return self.executor_partner.title if self.executor_partner else ""

    @property
    def effect(self) -> str:
        """What it does, in the reader's words: its type, and that the family is put on support by it too."""
        title = str(self.get_type_display())
        return gettext("%(decision)s and put the family on support") % {"decision": title} if self.enrols else title

    def is_overdue(self, today: date) -> bool:
        """Adopted, and the day to carry it out has passed (domain 3.6)."""
        return self.state == DecisionState.ADOPTED and self.due_on is not None and self.due_on < today


class MinutesExtract(VersionedModel):
    """An extract from signed minutes with one decision on one family (documents 5.2)."""

    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="extracts"
    )
    number = models.CharField(_("number"), max_length=20)
    addressee = models.CharField(_("addressee"), max_length=300)
    names_family = models.BooleanField(_("names the family"), default=False)
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(User, verbose_name=_("issued by"), on_delete=models.PROTECT, related_name="+")
    issued_for = principal_field()
    issued_document_id = models.BigIntegerField(_("frozen paper"), null=True, blank=True)
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    objects = ExtractQuerySet.as_manager()
    history = tracked()

    class Meta:
        verbose_name = _("extract from minutes")
        verbose_name_plural = _("extracts from minutes")
        ordering = ["-issued_on", "-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.number

    @property
    def case_id(self) -> int | None:
        return self.decision.item.case_id
