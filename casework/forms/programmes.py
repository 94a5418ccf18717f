"""Forms of the programme: a version, its activities in rows, its steps, and progress."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.enums import ActivityState, BasisBody, ExecutorKind
from casework.forms.base import RecordForm
from casework.models import CaseProblem, ProgrammeActivity, SupportCase, SupportProgramme
from casework.services.people import possible_team
from common.forms import DateField, EditForm, ModelForm
from common.text import short_date
from families.models import FamilyMembership, Person
from partners.models import PartnerOrganisation
from records.fields import FilesField

MOST_ACTIVITIES = 60
FIELDS = ["kind", "goal", "family_goals", "expected_results", "starts_on", "ends_on"]
AREAS = {name: forms.Textarea({"rows": 4}) for name in ("goal", "family_goals", "expected_results")}


class ProgrammeForm(RecordForm[SupportProgramme]):
    """A version; from the second one on it says what it changes and why."""

    class Meta:
        model = SupportProgramme
        fields = [*FIELDS, "change_reason"]
        widgets = AREAS

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["change_reason"]
        else:
            self.fields["change_reason"].required = True


class RowsForm(EditForm[SupportProgramme]):
    """Nothing but the version of the programme: its activities are saved under it."""

    class Meta:
        model = SupportProgramme
        fields: list[str] = []


def adults_of(case: SupportCase) -> QuerySet[Person]:
    """The members of the family who are of full age today: whom to choose from as its signatory."""
    today = case.institution.today()
    members = FamilyMembership.objects.filter(family=case.family).on(today)
    adults: QuerySet[Person] = Person.objects.adults(today).filter(pk__in=members.values("person_id"))
    return adults.order_by("birth_date", "pk")


class AgreeForm(forms.Form):
    on = DateField(label=_("Agreed on"))
    person = forms.ModelChoiceField(
        label=_("Who agreed"), queryset=Person.objects.none(), empty_label=_("not chosen"), help_text=_("Of full age.")
    )

    def __init__(self, *args: Any, case: SupportCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = case.institution.today()
        person: forms.ModelChoiceField[Person] = self.fields["person"]  # type: ignore[assignment]
        person.queryset = adults_of(case)


class StepForm(forms.Form):
    on = DateField(label=_("On"))


class ReturnForm(StepForm):
    remark = forms.CharField(label=_("What has to be corrected"), max_length=1000, widget=forms.Textarea({"rows": 4}))


class ApprovalForm(StepForm):
    """The decision as the minutes on paper have it, with the minutes themselves."""

    body = forms.TypedChoiceField(label=_("Approved by"), coerce=BasisBody)
    title = forms.CharField(label=_("Title of the body"), max_length=300, required=False)
    chair = forms.CharField(
        label=_("Chair of the body"),
        max_length=200,
        required=False,
        help_text=_("Initials and surname, as on the minutes."),
    )
    number = forms.CharField(label=_("Number of the minutes"), max_length=50)
    scans = FilesField(label=_("Scanned minutes"))
    field_order = ["body", "title", "chair", "number", "on", "scans"]

    def __init__(self, *args: Any, bodies: Iterable[BasisBody], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(body.value, body.label) for body in bodies]
        field: forms.TypedChoiceField = self.fields["body"]  # type: ignore[assignment]
        field.choices = choices if len(choices) == 1 else [("", _("not chosen")), *choices]


class ProgressForm(forms.Form):
    state = forms.ChoiceField(label=_("State"))
    on = DateField(label=_("On"))
    done_times = forms.IntegerField(label=_("Times done"), min_value=0, max_value=1000, initial=0)
    result = forms.CharField(
        label=_("Result, or the reason why not"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, states: list[ActivityState], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state: forms.ChoiceField = self.fields["state"]  # type: ignore[assignment]
        state.choices = [("", _("not chosen")), *((row.value, row.label) for row in states)]


Executors = list[tuple[Any, list[tuple[str, str]]]]


def executors_of(case: SupportCase, user: User) -> Executors:
    """Who may do an activity, in three groups: staff of the case's region, partners in sight, members of the family."""
    today = case.institution.today()
    staff = [case.curator, *possible_team(case, today)] if case.curator else [*possible_team(case, today)]
    partners = PartnerOrganisation.objects.visible_to(user).active(today).order_by("title")
    members = FamilyMembership.objects.filter(family=case.family).on(today).select_related("person")
    return [
        (_("Family"), [(f"{ExecutorKind.FAMILY}:{row.pk}", str(row)) for row in members]),
        (_("Specialists"), [(f"{ExecutorKind.STAFF}:{row.pk}", row.get_full_name()) for row in staff if row]),
        (_("Partners"), [(f"{ExecutorKind.PARTNER}:{row.pk}", row.title) for row in partners]),
    ]


COLUMNS = {
    ExecutorKind.STAFF: "executor_user_id",
    ExecutorKind.PARTNER: "executor_partner_id",
    ExecutorKind.FAMILY: "executor_member_id",
}


class ActivityForm(ModelForm[ProgrammeActivity]):
    """A row of the programme; one list names the executor, whether specialist, partner or member of the family."""

    executor = forms.ChoiceField(label=_("Who does it"))
    planned_times = forms.IntegerField(label=_("Times planned"), min_value=1, max_value=1000, initial=1)

    class Meta:
        model = ProgrammeActivity
        fields = [
            *("section", "title", "purpose", "problem", "executor"),
            *("due_on", "frequency", "planned_times"),
        ]

    def __init__(
        self, *args: Any, executors: Executors, problems: QuerySet[CaseProblem], ends_on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.programme_ends_on = ends_on
        executor: forms.ChoiceField = self.fields["executor"]  # type: ignore[assignment]
        executor.choices = [("", _("not chosen")), *executors]
        executor.own_words = True  # type: ignore[attr-defined]
        problem: forms.ModelChoiceField[CaseProblem] = self.fields["problem"]  # type: ignore[assignment]
        problem.queryset = problems
        # Chosen from what was read once for all rows of the page.
        problem.choices = [("", _("none in particular")), *((row.pk, str(row)) for row in problems)]
        row = self.instance
        if row.executor_kind:
            self.initial["executor"] = f"{row.executor_kind}:{getattr(row, COLUMNS[ExecutorKind(row.executor_kind)])}"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        kind, _colon, key = self.cleaned_data.get("executor", "").partition(":")
        if kind:
            self.instance.executor_kind = kind
            for one, column in COLUMNS.items():
                setattr(self.instance, column, int(key) if one == kind else None)
        due_on = self.cleaned_data.get("due_on")
        if due_on and due_on > self.programme_ends_on:
            last = short_date(self.programme_ends_on)
            self.add_error("due_on", _("The programme ends on %(day)s: the activity is done by then.") % {"day": last})
        if not due_on and not self.cleaned_data.get("frequency"):
            self.add_error("due_on", _("Name the day by which it is done, or how often."))
        return cleaned


class BaseActivityFormSet(forms.BaseInlineFormSet[ProgrammeActivity, SupportProgramme, ActivityForm]):
    row_title = _("Activity")
    add_title = _("Add an activity")

    def clean(self) -> None:
        super().clean()
        if not self.initial_form_count() and not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(_("Enter at least one activity."))


ActivityFormSet = forms.inlineformset_factory(
    SupportProgramme,
    ProgrammeActivity,
    form=ActivityForm,
    formset=BaseActivityFormSet,
    extra=1,
    max_num=MOST_ACTIVITIES,
    can_delete=True,
)
