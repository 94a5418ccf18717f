"""Forms of decisions, reports on them and extracts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.models import SupportProgramme
from common.forms import DateField, EditForm
from councils.enums import DecisionType, ItemKind
from councils.models import AgendaItem, CouncilMember, CouncilSession, Decision
from councils.services.agenda import DRAFTS
from councils.services.decisions import ON_CASES
from councils.staff import speakers_of
from partners.models import PartnerOrganisation
from records.services.submissions import SubmissionField

FIRST_TYPES = {
    ItemKind.ENROL: DecisionType.ENROL,
    ItemKind.APPROVE_PROGRAMME: DecisionType.APPROVE_PROGRAMME,
    ItemKind.EXTEND: DecisionType.EXTEND,
    ItemKind.REMOVE: DecisionType.REMOVE,
}
"""What is usually decided on a question of this kind."""

WORDS: dict[str, str] = {
    DecisionType.ENROL: "Поставить семью на социальное сопровождение.",
    DecisionType.APPROVE_PROGRAMME: DRAFTS[ItemKind.APPROVE_PROGRAMME],
}


class ProgrammeField(forms.ModelChoiceField[SupportProgramme]):
    """The versions of a case's programme, told apart by kind, day and state: a draft has no number."""

    def label_from_instance(self, obj: SupportProgramme) -> str:
        return obj.full_title


class DecisionForm(EditForm[Decision]):
    class Meta:
        model = Decision
        fields = [
            *("type", "text", "effective_on", "until", "programme", "removal_reason", "removal_note"),
            *("executor_user", "executor_member", "executor_partner", "due_on"),
            *("votes_for", "votes_against", "votes_abstained", "dissent"),
        ]
        widgets = {"text": forms.Textarea({"rows": 4}), "dissent": forms.Textarea({"rows": 3})}
        field_classes = {"programme": ProgrammeField}
        help_texts = {
            "type": _(
                "Put on support: the family is on support from the day of effect; its programme needs a decision of its"
                " own. Approve the programme: it gets its number, and a family not yet on support is put on it too."
            ),
            "until": _("The new end of support, or of the pause."),
            "programme": _("Empty: the one that was submitted."),
            "due_on": _("For tasks, referrals and notices."),
        }

    def __init__(self, *args: Any, item: AgendaItem, session: CouncilSession, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.item = item
        if self.instance._state.adding:
            self.fields["submission"] = SubmissionField()
        council, today = session.council, session.council.today()
        if item.case_id is None:
            self.fields["type"].help_text = ""
            kinds: forms.ChoiceField = self.fields["type"]  # type: ignore[assignment]
            kinds.choices = [(kind.value, kind.label) for kind in DecisionType if kind not in ON_CASES]
            for name in ("until", "programme", "removal_reason", "removal_note"):
                del self.fields[name]
        else:
            self._choices("programme", SupportProgramme.objects.filter(case=item.case_id).order_by("-edition"))
        self._choices("executor_user", speakers_of(council))
        seats = CouncilMember.objects.on(session.day).filter(council=council).select_related("organisation")
        self._choices("executor_member", seats.order_by("last_name", "pk"))
        partners = PartnerOrganisation.objects.visible_to(user).active(today)
        self._choices("executor_partner", partners.order_by("title"))

    def _choices(self, name: str, rows: Any) -> None:
        field: forms.ModelChoiceField[Any] = self.fields[name]  # type: ignore[assignment]
        field.queryset = rows


def first_decision(item: AgendaItem, session: CouncilSession) -> dict[str, Any]:
    """What the form of a new decision begins with: the draft of the agenda, everybody for it.

    The system's draft of an enrolment speaks of the programme too; there the family is put on support by a first
    decision and the programme approved by a second, each in its own words.
    """
    kind = FIRST_TYPES.get(ItemKind(item.kind), DecisionType.TAKE_NOTE)
    taken = set(item.decisions.values_list("type", flat=True))
    if kind == DecisionType.ENROL and kind in taken:
        kind = DecisionType.APPROVE_PROGRAMME
    is_untouched = item.draft_decision == DRAFTS.get(item.kind)
    return {
        "type": kind,
        "text": WORDS.get(kind, item.draft_decision) if is_untouched or taken else item.draft_decision,
        "effective_on": session.day,
        "votes_for": session.members_present or 0,
    }


class ReportForm(forms.Form):
    """How a decision was carried out."""

    executed_on = DateField(label=_("Carried out on"))
    report = forms.CharField(label=_("What was done"), max_length=4000, widget=forms.Textarea({"rows": 5}))


class ExtractForm(forms.Form):
    submission = SubmissionField()
    addressee = forms.CharField(label=_("Addressee"), max_length=300)
    names_family = forms.BooleanField(
        label=_("Name the family"),
        required=False,
        help_text=_("Only to an addressee whom a consent in force names among the recipients."),
    )
