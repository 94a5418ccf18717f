"""Forms about reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import EditForm
from monitoring.models import QuarterlyReport
from monitoring.services.reports import possible_authors

LONGEST_ANALYSIS = 20_000


class AnalysisForm(EditForm[QuarterlyReport]):
    """What the figures mean, in words (S1-62)."""

    class Meta:
        model = QuarterlyReport
        fields = ["analysis"]
        widgets = {"analysis": forms.Textarea({"rows": 16, "maxlength": LONGEST_ANALYSIS})}
        help_texts = {"analysis": _("It is printed with the report: name no families and no people.")}


class AuthorForm(forms.Form):
    """Who writes the institution's report."""

    author: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=_("Author"), queryset=User.objects.none(), empty_label=_("not chosen")
    )

    def __init__(self, *args: Any, report: QuarterlyReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.ModelChoiceField[User] = self.fields["author"]  # type: ignore[assignment]
        field.queryset = possible_authors(report).order_by("last_name", "first_name", "patronymic", "pk")
        field.label_from_instance = _name_and_post  # type: ignore[method-assign, assignment]


class ReturnForm(forms.Form):
    """What is to be set right."""

    reason = forms.CharField(label=_("Remark"), max_length=1000, widget=forms.Textarea({"rows": 4}))


class CorrectionForm(forms.Form):
    """Why a report that counts is corrected; the reason is printed."""

    reason = forms.CharField(
        label=_("Why it is corrected"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("It is printed with the report: name no families and no people."),
    )


def _name_and_post(user: User) -> str:
    return ", ".join(part for part in (user.get_full_name(), user.post) if part)
