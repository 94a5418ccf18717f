"""Forms of decisions, reports on them and extracts."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.enums import ProgrammeState
from casework.models import SupportProgramme
from common.forms import DateField, EditForm
from common.text import collapse
from councils.enums import DecisionType, ItemKind
from councils.forms.executors import offer_organisations, offer_staff
from councils.models import AgendaItem, CouncilMember, CouncilSession, Decision
from councils.services.agenda import DRAFTS
from councils.services.decisions import GIVEN_TO_SOMEBODY, ON_CASES, ON_PROGRAMMES, WITH_UNTIL
from partners.models import PartnerOrganisation
from records.services.submissions import SubmissionField

FIRST_TYPES = {
    ItemKind.ENROL: DecisionType.ENROL,
    ItemKind.APPROVE_PROGRAMME: DecisionType.APPROVE_PROGRAMME,
    ItemKind.EXTEND: DecisionType.EXTEND,
    ItemKind.REMOVE: DecisionType.REMOVE,
}
"""What is usually decided on a question of this kind; on any other, to take note."""

WORDS: dict[str, str] = {
    DecisionType.ENROL: "Поставить семью на социальное сопровождение.",
    DecisionType.REFUSE_ENROL: "Отказать в постановке семьи на социальное сопровождение.",
    DecisionType.APPROVE_PROGRAMME: DRAFTS[ItemKind.APPROVE_PROGRAMME],
    DecisionType.RETURN_PROGRAMME: "Вернуть программу сопровождения на доработку.",
    DecisionType.AMEND_PROGRAMME: "Внести изменения в программу сопровождения.",
    DecisionType.EXTEND: DRAFTS[ItemKind.EXTEND],
    DecisionType.REMOVE: DRAFTS[ItemKind.REMOVE],
    DecisionType.PAUSE: "Приостановить социальное сопровождение семьи.",
    DecisionType.TAKE_NOTE: DRAFTS[ItemKind.REVIEW],
}
"""How a decision of the type usually reads; tasks, referrals and notices are worded by the body."""

APPROVE_AND_ENROL = "Утвердить индивидуальную программу сопровождения, поставить семью на социальное сопровождение."
"""The words where the approval puts the family on support as well."""

COMMON = ("type", "text", "effective_on")
EXECUTORS = ("executor_user", "executor_member", "executor_partner", "due_on")
VOTES = ("votes_for", "votes_against", "votes_abstained", "dissent")
OF_TYPE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(ON_PROGRAMMES, ("programme",)),
    **dict.fromkeys(WITH_UNTIL, ("until",)),
    DecisionType.REMOVE: ("removal_reason", "removal_note"),
    **dict.fromkeys(GIVEN_TO_SOMEBODY, EXECUTORS),
}
"""What is asked besides for a decision of the type."""

ASKED = ("until", "removal_reason", "due_on")
"""Of these, what a decision of the type cannot do without."""

ON_ENROLMENT = (DecisionType.ENROL, DecisionType.APPROVE_PROGRAMME)
UNTIL = {
    DecisionType.EXTEND.value: _("The new end of support."),
    DecisionType.PAUSE.value: _("Until when support is paused."),
}


class ProgrammeField(forms.ModelChoiceField[SupportProgramme]):
    """The versions of a case's programme, told apart by kind, day and state: a draft has no number."""

    def label_from_instance(self, obj: SupportProgramme) -> str:
        return obj.full_title


class DecisionForm(EditForm[Decision]):
    """What was decided, by the fields of its type.

    What was typed for another type is carried along hidden, so that going back to that type finds it again; it is not
    saved. `shown_for` names the type that the person saw: when another one is sent, the page is shown anew for it.
    """

    shown_for = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Decision
        fields = [*COMMON, "until", "programme", "removal_reason", "removal_note", *EXECUTORS, *VOTES]
        widgets = {"text": forms.Textarea({"rows": 4}), "dissent": forms.Textarea({"rows": 3})}
        field_classes = {"programme": ProgrammeField}
        help_texts = {"programme": _("Empty: the one that was submitted.")}

    def __init__(self, *args: Any, item: AgendaItem, session: CouncilSession, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.item = item
        if self.instance._state.adding:
            self.fields["submission"] = SubmissionField()
        elif "version" in (kwargs.get("initial") or {}):
            self.initial["version"] = kwargs["initial"]["version"]
        kinds: forms.ChoiceField = self.fields["type"]  # type: ignore[assignment]
        kinds.template_name = "councils/_decision_type.html"  # type: ignore[attr-defined] # new in Django 5.0
        if item.case_id is None:
            kinds.choices = [(kind.value, kind.label) for kind in DecisionType if kind not in ON_CASES]
        self._choices("programme", SupportProgramme.objects.filter(case=item.case_id).order_by("-edition"))
        offer_staff(self, "executor_user", session.council, item.case)
        seats = CouncilMember.objects.on(session.day).filter(council=session.council).select_related("organisation")
        self._choices("executor_member", seats.order_by("last_name", "pk"))
        partners = PartnerOrganisation.objects.visible_to(user).active(session.council.today())
        offer_organisations(self, "executor_partner", partners, {seat.organisation_id for seat in seats})
        self._shape()

    def _choices(self, name: str, rows: Any) -> None:
        field: forms.ModelChoiceField[Any] = self.fields[name]  # type: ignore[assignment]
        field.queryset = rows

    def _shape(self) -> None:
        """Ask what the type needs, and carry what was typed for another one."""
        field = self.fields["type"]
        kind = str(self.data.get("type") if self.is_bound else self.get_initial_for_field(field, "type") or "")
        self.initial["shown_for"] = kind
        self.own = OF_TYPE.get(kind, ())
        if self.instance.executor and EXECUTORS[0] not in self.own:
            self.own = (*self.own, *EXECUTORS)
        self.carried = [name for name in self._meta.fields or () if name not in (*COMMON, *self.own, *VOTES)]
        for name in self.carried:
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        for name in ASKED:
            self.fields[name].required = name in OF_TYPE.get(kind, ())
        if kind in UNTIL:
            self.fields["until"].help_text = UNTIL[kind]
        if kind in ON_ENROLMENT:
            field.help_text = _(
                "Put on support: the family is on support from the day of effect; its programme needs a decision of its"
                " own. Approve the programme: it gets its number, and a family not yet on support is put on it too."
            )

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The fields in their fieldsets; those of who carries it out stand apart."""
        about = [name for name in self.own if name not in EXECUTORS]
        groups = [
            (_("What was decided"), (*COMMON, *about)),
            (_("Who carries it out"), [name for name in EXECUTORS if name in self.own]),
            (_("Votes"), VOTES),
        ]
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in groups if names]

    @property
    def was_retyped(self) -> bool:
        """Whether a sent form is to be shown for another type before it may be saved."""
        kind = self.data.get("type")
        return self.is_bound and bool(kind) and ("retype" in self.data or self.data.get("shown_for", kind) != kind)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in self.carried:
            self.cleaned_data.pop(name, None)
        return cleaned


def first_decision(item: AgendaItem, session: CouncilSession) -> dict[str, Any]:
    """What the form of a new decision begins with: the draft of the agenda, everybody for it."""
    kind = FIRST_TYPES.get(ItemKind(item.kind), DecisionType.TAKE_NOTE)
    if kind == DecisionType.ENROL and item.decisions.filter(type=kind).exists():
        kind = DecisionType.APPROVE_PROGRAMME
    return {
        "type": kind,
        "text": usual_text(item, kind),
        "effective_on": session.day,
        "votes_for": session.members_present or 0,
    }


def programme_waits(item: AgendaItem) -> bool:
    """Whether a question put the family on support and said nothing yet of the programme submitted with it."""
    decided = set(item.decisions.values_list("type", flat=True))
    return (
        DecisionType.ENROL in decided
        and decided.isdisjoint(ON_PROGRAMMES)
        and SupportProgramme.objects.filter(case=item.case_id, state=ProgrammeState.SUBMITTED).exists()
    )


def usual_text(item: AgendaItem, kind: str) -> str:
    """The words that the form offers for a decision of the type.

    The first of its question is worded as the agenda has it. The system's draft of an enrolment speaks of the programme
    too; there the family is put on support by a first decision and the programme approved by a second.
    """
    is_usual = kind == FIRST_TYPES.get(ItemKind(item.kind), DecisionType.TAKE_NOTE)
    is_own = item.draft_decision != DRAFTS.get(item.kind, "")
    if is_usual and is_own and item.draft_decision and not item.decisions.exists():
        return item.draft_decision
    enrolling = AgendaItem.objects.filter(pk=item.pk).enrolling_by_approval()
    if kind == DecisionType.APPROVE_PROGRAMME and enrolling.exists():
        return APPROVE_AND_ENROL
    return WORDS.get(kind, "")


def retyped(item: AgendaItem, sent: QueryDict) -> dict[str, Any]:
    """What a form sent for another type is filled with: all that was typed, and the usual words of the new type.

    Words that the form itself had offered are replaced; others stay.
    """
    values: dict[str, Any] = {name: value for name, value in sent.items() if name not in {"shown_for", "retype"}}
    offered = {collapse(usual_text(item, kind)) for kind in DecisionType.values} | {""}
    if collapse(values.get("text", "")) in offered:
        values["text"] = usual_text(item, values.get("type", ""))
    return values


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
