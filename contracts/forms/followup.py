"""Forms of the months after a contract."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateField, EditForm, MoneyField
from common.text import short_date
from contracts.enums import Employment, StopReason
from contracts.models import FollowUpSheet, SocialContract


class SheetForm(EditForm[FollowUpSheet]):
    """One month of the follow-up. The contact is one of those on record; without one, a reason is given."""

    contacted_on = forms.TypedChoiceField(
        label=_("Contact with the family on"),
        coerce=date.fromisoformat,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    per_capita = MoneyField(label=_("Income per head a month, roubles"), required=False)

    class Meta:
        model = FollowUpSheet
        fields = [
            *("contacted_on", "no_contact_reason", "employment", "per_capita"),
            *("mentor", "circumstances", "recommendations_kept", "needs"),
        ]
        widgets = {name: forms.Textarea({"rows": 3}) for name in ("circumstances", "recommendations_kept", "needs")}

    def __init__(self, *args: Any, contacts: list[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(day.isoformat(), short_date(day)) for day in contacts]
        contact: forms.TypedChoiceField = self.fields["contacted_on"]  # type: ignore[assignment]
        contact.choices = [*days, ("", _("the family was not met"))]
        if self.instance.filled_on is None and contacts:
            self.initial["contacted_on"] = contacts[0].isoformat()
        elif self.instance.contacted_on:
            self.initial["contacted_on"] = self.instance.contacted_on.isoformat()
        if self.instance.filled_on is None:
            self.initial["mentor"] = self.instance.mentor_before
        self.fields["employment"].choices = [("", _("not chosen")), *Employment.choices]  # type: ignore[attr-defined]
        self.fields["no_contact_reason"].help_text = _("Only when the family was not met.")


class StopForm(forms.Form):
    """The follow-up ends early, for one of three reasons."""

    on = DateField(label=_("Last day of the follow-up"))
    reason = forms.ChoiceField(label=_("Reason"), choices=StopReason.choices, widget=forms.RadioSelect)
    explanation = forms.CharField(
        label=_("Explanation"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Asked for when obstacles are insurmountable."),
    )


class ResumeForm(forms.Form):
    reason = forms.CharField(label=_("Why the stop was a mistake"), max_length=300)


class ConclusionForm(EditForm[SocialContract]):
    """What the contract has changed."""

    is_new_advised = forms.TypedChoiceField(
        label=_("Is a new contract advisable"),
        choices=[("True", _("yes")), ("False", _("no"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = SocialContract
        fields = ["conclusion", "is_new_advised"]
        widgets = {"conclusion": forms.Textarea({"rows": 6})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conclusion"].required = True
        if self.instance.is_new_advised is not None:
            self.initial["is_new_advised"] = str(self.instance.is_new_advised)
