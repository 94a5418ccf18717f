"""Forms of the core of a case: opening it, its fields, moves, curators, team, pauses."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from casework.enums import Ground, RemovalReason, Stage, TeamRole
from casework.models import IdentificationSource, SupportCase
from common.forms import DateField, EditForm
from records.services.submissions import SubmissionField


class CuratorField(forms.ModelChoiceField[User]):
    """Who may be made a curator, each with the number of open cases (I20: the workload is visible)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Curator"))
        kwargs.setdefault("empty_label", _("not chosen"))
        super().__init__(queryset=User.objects.none(), **kwargs)

    def label_from_instance(self, obj: User) -> str:
        count = getattr(obj, "open_cases", 0)
        load = ngettext("%(count)d case", "%(count)d cases", count) % {"count": count}
        return f"{obj.get_full_name()} ({load})"


def with_load(people: QuerySet[User]) -> QuerySet[User]:
    """The people with the number of their open cases."""
    return people.annotate(open_cases=Count("cases", filter=Q(cases__closed_on=None)))


class OpenCaseForm(forms.Form):
    """What is asked to open a case."""

    submission = SubmissionField()
    opened_on = DateField(label=_("Opened on"))
    source = forms.ModelChoiceField(
        label=_("Source of identification"),
        queryset=IdentificationSource.objects.none(),
        empty_label=_("not chosen"),
        help_text=_("Who drew attention to the family."),
    )
    ground = forms.ChoiceField(label=_("Ground"), choices=[("", _("not chosen")), *Ground.choices])
    is_early_stage = forms.BooleanField(label=_("Early stage of trouble"), required=False)
    measure_complex = forms.CharField(label=_("Set of measures"), max_length=100, required=False)
    eligibility_note = forms.CharField(
        label=_("Why a family without minor children is supported"),
        max_length=300,
        required=False,
        help_text=_("Only for a pregnant woman who may refuse the newborn, and for care leavers."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources: forms.ModelChoiceField[IdentificationSource] = self.fields["source"]  # type: ignore[assignment]
        sources.queryset = IdentificationSource.objects.valid_on(today)
        self.fields["opened_on"].initial = today


class CaseForm(EditForm[SupportCase]):
    """What was entered at the opening; the ground is fixed once the diagnostics are over."""

    class Meta:
        model = SupportCase
        fields = ["source", "ground", "is_early_stage", "measure_complex", "eligibility_note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.stage != Stage.DIAGNOSTIC:
            self.fields["ground"].disabled = True
            self.fields["ground"].help_text = _("The ground is not changed after the diagnostics.")


class TermForm(forms.Form):
    planned_end_on = DateField(label=_("Planned end of support"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class IntervalForm(forms.Form):
    months = forms.IntegerField(
        label=_("Own interval, months"),
        min_value=1,
        max_value=12,
        required=False,
        help_text=_("Empty: the region's policy."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)


class MoveForm(forms.Form):
    """A move between stages; the reason is asked where the move ends support."""

    on = DateField(label=_("On"))
    reason = forms.ChoiceField(label=_("Reason of the end"))
    note = forms.CharField(label=_("Explanation"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}))
    basis = forms.CharField(label=_("Basis"), max_length=300, required=False)

    def __init__(self, *args: Any, today: date, reasons: Sequence[RemovalReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        if reasons:
            choices = [(reason.value, reason.label) for reason in reasons]
            field: forms.ChoiceField = self.fields["reason"]  # type: ignore[assignment]
            field.choices = choices if len(choices) == 1 else [("", _("not chosen")), *choices]
        else:
            del self.fields["reason"], self.fields["note"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class AssignForm(forms.Form):
    """A curator for one case; the version tells that nobody has assigned another meanwhile."""

    curator = CuratorField()
    starts_on = DateField(label=_("From"))
    order = forms.CharField(label=_("Order"), max_length=100, required=False, help_text=_("Number and date."))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, people: QuerySet[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        curator: CuratorField = self.fields["curator"]  # type: ignore[assignment]
        curator.queryset = with_load(people)
        self.fields["starts_on"].initial = today


class VersionedAssignForm(AssignForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class TeamForm(forms.Form):
    """A specialist for the team."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), empty_label=_("not chosen"))
    role = forms.ChoiceField(label=_("Profession"), choices=[("", _("not chosen")), *TeamRole.choices])
    starts_on = DateField(label=_("From"))

    def __init__(self, *args: Any, people: QuerySet[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.ModelChoiceField[User] = self.fields["user"]  # type: ignore[assignment]
        field.queryset = people
        field.label_from_instance = User.get_full_name  # type: ignore[method-assign, assignment]
        self.fields["starts_on"].initial = today


class LastDayForm(forms.Form):
    ends_on = DateField(label=_("Last day"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].initial = today


class PauseForm(forms.Form):
    starts_on = DateField(label=_("From"))
    ends_on = DateField(label=_("To"))
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("For example: hospital, a long journey."))
