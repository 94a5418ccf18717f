"""Forms of what is true of a family for a time."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DateField, EditForm, MoneyField
from families.access import Part, may_read
from families.enums import SENSITIVE_TRAITS, IncomeSource, RiskGroup, StatusKind, TraitKind
from families.models import Category, ExternalId, Family, FamilyCategory, FamilyMembership, IncomeRecord, MemberTrait
from records.services.submissions import SubmissionField


class MemberChoice(forms.ModelChoiceField[FamilyMembership]):
    """A member of the family, by full name."""

    widget = forms.Select({"data-user-content": ""})

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.full_name}, {obj.get_role_display()}"


def members_of(family: Family, today: date) -> Any:
    """The present members, for choices."""
    return FamilyMembership.objects.filter(family=family).on(today).select_related("person")


class CategoryForm(EditForm[FamilyCategory]):
    member = MemberChoice(
        label=_("Rests on"),
        queryset=FamilyMembership.objects.none(),
        required=False,
        help_text=_("The member whose age ends the category."),
    )

    class Meta:
        model = FamilyCategory
        fields = ["category", "note", "member", "starts_on", "ends_on", "is_primary", "basis"]

    def __init__(self, *args: Any, today: date, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members_of(self.instance.family, today)  # type: ignore[attr-defined]
        rows = Category.objects.valid_on(today)
        if not may_read(user, Part.HEALTH):
            rows = rows.filter(is_confidential=False)
        self.fields["category"].queryset = rows | Category.objects.filter(pk=self.instance.category_id)  # type: ignore[attr-defined]
        self.fields["category"].widget.attrs["data-user-content"] = ""
        if self.instance._state.adding:
            self.initial["starts_on"] = today

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        category = self.cleaned_data.get("category")
        if category is not None and category.code == "OTHER" and not self.cleaned_data.get("note"):
            self.add_error("note", _("Say which category it is."))
        return cleaned


class TraitForm(EditForm[MemberTrait]):
    membership = MemberChoice(label=_("Family member"), queryset=FamilyMembership.objects.none())

    class Meta:
        model = MemberTrait
        fields = ["membership", "kind", "starts_on", "ends_on", "document"]

    def __init__(self, *args: Any, family: Family, today: date, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = members_of(family, today)  # type: ignore[attr-defined]
        if not self.instance._state.adding:
            self.fields["membership"].disabled = True
            self.fields["membership"].queryset = FamilyMembership.objects.filter(pk=self.instance.membership_id)  # type: ignore[attr-defined]
        else:
            self.initial["starts_on"] = today
        if not may_read(user, Part.HEALTH):
            kinds = [choice for choice in TraitKind.choices if choice[0] not in SENSITIVE_TRAITS]
            self.fields["kind"].choices = [("", _("not chosen")), *kinds]  # type: ignore[attr-defined]


class StatusForm(forms.Form):
    """The next status of a family, or its end."""

    kind = forms.ChoiceField(
        label=_("Status"), choices=[*StatusKind.choices, ("NONE", _("no status any more"))], widget=forms.RadioSelect
    )
    on = DateField(label=_("From"))
    by_improvement = forms.BooleanField(label=_("The former status ended by improvement"), required=False)
    decided_by = forms.CharField(label=_("Decided by"), max_length=200, required=False)
    decision_number = forms.CharField(label=_("Decision number"), max_length=50, required=False)
    decision_date = DateField(label=_("Decision date"), required=False)
    submission = SubmissionField()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        return _not_future(self.cleaned_data["on"], self.today)

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of `services.set_status`."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "submission"}
        return values | {"kind": None if values["kind"] == "NONE" else StatusKind(values["kind"])}


class RiskGroupForm(forms.Form):
    """The next step on the ladder of risk groups, or leaving it."""

    group = forms.ChoiceField(
        label=_("Risk group"), choices=[*RiskGroup.choices, ("NONE", _("in no risk group"))], widget=forms.RadioSelect
    )
    on = DateField(label=_("From"))
    basis = forms.CharField(label=_("Basis"), max_length=300, required=False)
    submission = SubmissionField()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        return _not_future(self.cleaned_data["on"], self.today)

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of `services.set_risk_group`."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "submission"}
        return values | {"group": None if values["group"] == "NONE" else RiskGroup(values["group"])}


class IncomeForm(EditForm[IncomeRecord]):
    """The income of a family over some months."""

    period_from = DateField(label=_("Period from"), help_text=_("The first day of a month."))
    period_to = DateField(label=_("Period to"), help_text=_("The last day of a month."))
    total = MoneyField(label=_("Income of the family in this period, roubles"))
    members_counted = forms.IntegerField(label=_("Members counted"), min_value=1, max_value=50)
    source = forms.ChoiceField(label=_("Source"), choices=IncomeSource.choices, widget=forms.RadioSelect)
    mark_low_income = forms.BooleanField(
        label=_("If it is below the subsistence minimum, put the family into the category of low income"),
        required=False,
        initial=True,
    )
    submission = SubmissionField()

    class Meta:
        model = IncomeRecord
        fields = ["period_from", "period_to", "total", "members_counted", "source"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_period_to(self) -> date:
        return _not_future(self.cleaned_data["period_to"], self.today)

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of `services.record_income`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "submission"}


class IncomeCorrectionForm(IncomeForm):
    """What a recorded income should have been, and why it was wrong."""

    submission = None  # type: ignore[assignment]
    reason = forms.CharField(label=_("What was wrong"), max_length=300)


class ExternalIdForm(EditForm[ExternalId]):
    class Meta:
        model = ExternalId
        fields = ["system", "value", "person"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = members_of(self.instance.family, today).values("person")
        field: Any = self.fields["person"]
        field.queryset = field.queryset.filter(pk__in=people)
        field.empty_label = _("the family as a whole")
        field.widget.attrs["data-user-content"] = ""


def _not_future(day: date, today: date) -> date:
    if day > today:
        raise forms.ValidationError(_("This day has not come yet."))
    return day
