"""Forms of visits: recording and correcting one, planning one, who came along."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from casework.catalogue import Catalogue
from casework.enums import TeamRole, VisitCheck
from casework.forms.services import OneOf, SomeOf
from casework.models import SupportCase, Visit
from casework.services.visits import OUTCOMES, Companion
from common.forms import EditForm, NativeDateInput
from common.text import short_date
from families.models import FamilyMembership
from records.services.submissions import SubmissionField

MOST_COMPANIONS = 10
# Late entries may concern members who have left meanwhile; the service checks who was one on the day.
OFFERED_AFTER_LEAVING = timedelta(days=60)

FACTS = (
    "state",
    "held_on",
    "channel",
    "purpose",
    "started_at",
    "ended_at",
    "observations",
    "next_on",
    "danger_signs",
    "recommendations",
    "agreements",
    "checks",
    "living_conditions",
    "children_care",
    "health",
    "relations",
    "employment_changes",
    "composition_changes",
    "signature",
    "representative_remark",
    "late_reason",
)
"""What a visit with an outcome says, in the order of the page."""

ACT = (
    "living_conditions",
    "children_care",
    "health",
    "relations",
    "employment_changes",
    "composition_changes",
    "recommendations",
    "agreements",
    "signature",
    "representative_remark",
)
"""Parts of the act that a usual visit leaves empty (documents 5.7)."""


class MemberChoiceField(forms.ModelMultipleChoiceField[FamilyMembership]):
    """Members of the family with what one calls them and how old they are."""

    widget: Any = forms.CheckboxSelectMultiple
    on: date = date.min

    def label_from_instance(self, obj: Any) -> str:
        person = obj.person
        age = person.age_on(max(self.on, person.birth_date))
        years = ngettext("%(age)s year", "%(age)s years", age) % {"age": age}
        parts = [f"{person.first_name} {person.patronymic}".strip(), years, obj.get_role_display()]
        return ", ".join(str(part) for part in (*parts, *([] if obj.lives_together else [_("lives apart")])))


def offered_members(case: SupportCase, on: date) -> QuerySet[FamilyMembership]:
    """The members who may have been seen on `on`: those of the household first, children before adults."""
    rows = FamilyMembership.objects.filter(family=case.family_id, starts_on__lte=max(on, case.institution.today()))
    here = rows.exclude(ends_on__lt=on - OFFERED_AFTER_LEAVING).exclude(person__died_on__lt=on)
    return here.select_related("person").order_by("-lives_together", "-person__birth_date", "pk")


class VisitForm(EditForm[Visit]):
    """What became of a visit. For a new one also the usual services, and the plan that it fulfils."""

    state = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(outcome.value, outcome.label) for outcome in OUTCOMES],
        widget=forms.RadioSelect,
    )
    members_seen = MemberChoiceField(FamilyMembership.objects.none(), label=_("Who was seen"), required=False)
    all_seen = forms.BooleanField(label=_("Everybody who lives together"), required=False)
    checks = forms.MultipleChoiceField(
        label=_("Steps that were taken"),
        choices=VisitCheck.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    submission = SubmissionField()

    class Meta:
        model = Visit
        fields = [*FACTS, "members_seen"]
        widgets = {
            "held_on": NativeDateInput,
            "next_on": NativeDateInput,
            "started_at": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "ended_at": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "observations": forms.Textarea({"rows": 3}),
            **{name: forms.Textarea({"rows": 2}) for name in ACT if name != "signature"},
            "danger_signs": forms.Textarea({"rows": 2, "data-danger": ""}),
        }

    def __init__(self, *args: Any, case: SupportCase, catalogue: Catalogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        members = self.fields["members_seen"]
        members.on = catalogue.on  # type: ignore[attr-defined]
        members.queryset = offered_members(case, catalogue.on)  # type: ignore[attr-defined]
        self.fields["late_reason"].help_text = _("Asked for when more than ten days have passed.")
        self.fields["held_on"].required = True
        if not self.instance._state.adding:
            del self.fields["submission"]
            return
        self.fields["services"] = SomeOf(
            catalogue.titles,
            lambda: [(row.pk, str(row)) for row in catalogue.usual],
            label=_("What was done"),
            required=False,
        )

    def offer_plans(self, plans: dict[int, Visit], nearest: Visit | None) -> None:
        """Let the visit be one of those that were planned."""
        if plans:
            titles = [(key, short_date(plan.planned_on)) for key, plan in plans.items() if plan.planned_on]
            self.fields["plan"] = OneOf(plans, titles, label=_("Planned for"), required=False)
            self.initial.setdefault("plan", nearest.pk if nearest else "")

    def offer_specialists(self, people: dict[int, User], usual: int | None) -> None:
        """Let a head say who held the visit."""
        self.fields["specialist"] = OneOf(people, label=_("Specialist"))
        self.initial.setdefault("specialist", usual)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("all_seen") and "members_seen" in self.cleaned_data:
            field: Any = self.fields["members_seen"]
            day = self.cleaned_data.get("held_on") or field.on
            chosen = {row.pk for row in self.cleaned_data["members_seen"]}
            household = field.queryset.on(day).living_together().order_by().values("pk")
            self.cleaned_data["members_seen"] = field.queryset.filter(Q(pk__in=chosen) | Q(pk__in=household))
        return cleaned

    @property
    def act_fields(self) -> list[forms.BoundField]:
        """The parts of the act that a usual visit leaves empty."""
        return [self[name] for name in ACT]

    @property
    def has_act(self) -> bool:
        """Whether any of those parts holds something, or a mistake: they are then shown."""
        return any(field.value() or field.errors for field in self.act_fields)

    @property
    def has_steps(self) -> bool:
        """The same for the steps and the times of the visit."""
        return any(self[name].value() or self[name].errors for name in ("checks", "started_at", "ended_at"))

    @property
    def seen(self) -> list[FamilyMembership]:
        """Who was seen, after validation."""
        return list(self.cleaned_data["members_seen"])


class PlanForm(EditForm[Visit]):
    """A visit that is planned, or moved."""

    submission = SubmissionField()

    class Meta:
        model = Visit
        fields = ["planned_on", "channel", "purpose"]
        widgets = {"planned_on": NativeDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["planned_on"].required = True
        if not self.instance._state.adding:
            del self.fields["submission"]

    @property
    def plan(self) -> dict[str, Any]:
        """What is planned, after validation."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CompanionForm(forms.Form):
    """Another specialist who came along: a colleague from the list, or somebody of another agency."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    post = forms.CharField(label=_("Post and agency"), max_length=300, required=False)
    role = forms.ChoiceField(label=_("Profession"), choices=TeamRole.choices, initial=TeamRole.SPECIALIST)

    def __init__(self, *args: Any, colleagues: dict[int, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = OneOf(colleagues, label=_("Colleague"), required=False)
        self.order_fields(["user", "name", "post", "role"])

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("user") and not self.cleaned_data.get("name"):
            self.add_error("name", _("Choose a colleague or write the name."))
        return self.cleaned_data


class CompanionFormSet(forms.BaseFormSet[CompanionForm]):
    """Who came along, one below the other; empty rows are passed over, ticked ones removed."""

    row_title = _("Participant")
    add_title = _("One more participant")

    @property
    def companions(self) -> list[Companion]:
        """Who was entered, after validation."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        return [
            Companion(TeamRole(row["role"]), row["user"], row["name"], row["post"])
            for row in rows
            if row["user"] or row["name"]
        ]


CompanionRows: Any = forms.formset_factory(
    CompanionForm, formset=CompanionFormSet, extra=1, max_num=MOST_COMPANIONS, can_delete=True
)
