"""Forms of the diagnosis: problems, resources, the social diagnosis, need, scores on the nine scales."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.enums import AssessmentMethod
from casework.forms.base import RecordForm
from casework.models import (
    Assessment,
    CaseProblem,
    FamilyResource,
    NeedAssessment,
    NeedCriterion,
    ProblemKind,
    SocialDiagnosis,
    SupportCase,
)
from casework.models.diagnosis import SCALES
from common.forms import DateField, ModelForm
from families.models import FamilyMembership
from records.services.submissions import SubmissionField

SCORES = [
    (4, _("4, no trouble")),
    (3, _("3, slight trouble")),
    (2, _("2, noticeable trouble")),
    (1, _("1, serious trouble")),
    (0, _("0, severe trouble")),
]


class ProblemForm(RecordForm[CaseProblem]):
    class Meta:
        model = CaseProblem
        fields = ["kind", "member", "severity", "description", "found_on", "not_addressed"]
        widgets = {"description": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, case: SupportCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = case.institution.today()
        kind: forms.ModelChoiceField[ProblemKind] = self.fields["kind"]  # type: ignore[assignment]
        kind.queryset = ProblemKind.objects.valid_on(today).order_by("subject", "position", "title")
        kind.empty_label = _("not chosen")
        kind.label_from_instance = _with_subject  # type: ignore[method-assign, assignment]
        member: forms.ModelChoiceField[FamilyMembership] = self.fields["member"]  # type: ignore[assignment]
        member.queryset = FamilyMembership.objects.filter(family=case.family).on(today).select_related("person")
        member.empty_label = _("the whole family")
        self.initial["found_on"] = self.instance.found_on or today


def _with_subject(kind: ProblemKind) -> str:
    return f"{kind.get_subject_display()}: {kind.title}"


class ResourceForm(RecordForm[FamilyResource]):
    class Meta:
        model = FamilyResource
        fields = ["kind", "description", "found_on"]
        widgets = {"description": forms.Textarea({"rows": 3})}


class DiagnosisForm(RecordForm[SocialDiagnosis]):
    class Meta:
        model = SocialDiagnosis
        fields = ["on", "text"]
        widgets = {"text": forms.Textarea({"rows": 12})}


class VerifyForm(forms.Form):
    on = DateField(label=_("Verified on"))
    how = forms.CharField(
        label=_("How it was verified"),
        max_length=300,
        help_text=_("Such as: inquiry at the school, visit, documents seen."),
    )


class DayForm(forms.Form):
    on = DateField(label=_("On"))


class NeedForm(ModelForm[NeedAssessment]):
    criteria = forms.ModelMultipleChoiceField(
        label=_("Criteria met"),
        queryset=NeedCriterion.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    submission = SubmissionField()

    class Meta:
        model = NeedAssessment
        fields = ["on", "criteria", "conclusion", "note"]
        widgets = {"note": forms.Textarea({"rows": 4})}

    def __init__(self, *args: Any, case: SupportCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = case.institution.today()
        criteria: forms.ModelMultipleChoiceField[NeedCriterion] = self.fields["criteria"]  # type: ignore[assignment]
        criteria.queryset = NeedCriterion.objects.valid_on(today)
        self.initial["on"] = today


class ScoreField(forms.TypedChoiceField):
    """A score on one scale, chosen by what it means."""

    layout = "inline"

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, choices=SCORES, coerce=int, widget=forms.RadioSelect, empty_value=None)


class AssessmentForm(ModelForm[Assessment]):
    methods = forms.MultipleChoiceField(
        label=_("Methods"), choices=AssessmentMethod.choices, widget=forms.CheckboxSelectMultiple
    )
    submission = SubmissionField()

    class Meta:
        model = Assessment
        fields = ["on", "purpose", "methods", *SCALES, "comment", "conclusion"]
        widgets = {"comment": forms.Textarea({"rows": 3}), "conclusion": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, case: SupportCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["on"] = case.institution.today()
        for scale in SCALES:
            column: models.Field[Any, Any] = Assessment._meta.get_field(scale)  # type: ignore[assignment]
            self.fields[scale] = ScoreField(str(column.verbose_name).capitalize())
