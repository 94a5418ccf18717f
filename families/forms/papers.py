"""Forms of what the family signs."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DateField, ModelForm
from common.text import collapse
from families.enums import ConsentAction, ConsentData
from families.forms.circumstances import members_of
from families.models import Consent, Family, FamilyStatement, Person
from families.services.papers import check_giver
from partners.models import PartnerOrganisation
from records.services.submissions import SubmissionField

# Printed as they are: papers are Russian only.
PURPOSE = "социальное сопровождение семьи, электронный и бумажный информационный обмен"
STATEMENT = (
    "Сведения о составе, доходах, жилищных условиях и положении моей семьи, которые я сообщил(а) учреждению, "
    "являются полными и правильными."
)
LINE_LENGTH = 300
# Names in a choice are what people wrote, not words of the page.
USER_CONTENT = forms.Select({"data-user-content": ""})


class LinesField(forms.CharField):
    """A list, one item per line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        return [line for text in (super().to_python(value) or "").splitlines() if (line := collapse(text))]

    def validate(self, value: Any) -> None:
        super().validate("\n".join(value))
        if any(len(line) > LINE_LENGTH for line in value):
            raise ValidationError(_("A line is longer than 300 characters."))

    def run_validators(self, value: Any) -> None:
        super().run_validators("\n".join(value))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class ConsentForm(ModelForm[Consent]):
    """A consent with every field the law asks for (documents 5.6)."""

    subject = forms.ModelChoiceField(label=_("Whose data"), queryset=Person.objects.none(), widget=USER_CONTENT)
    given_by = forms.ModelChoiceField(
        label=_("Given by"),
        queryset=Person.objects.none(),
        widget=USER_CONTENT,
        help_text=_("For a child the legal representative gives it; an adult gives it in person."),
    )
    data = forms.MultipleChoiceField(  # type: ignore[assignment]
        label=_("Which data"), choices=ConsentData.choices, widget=forms.CheckboxSelectMultiple
    )
    health_data = forms.BooleanField(
        label=_("The family also consents to the processing of data on health (a special category)"), required=False
    )
    photo_allowed = forms.BooleanField(label=_("Photographs may be taken at events of the institution"), required=False)
    publication_allowed = forms.BooleanField(
        label=_("The photographs may be published"),
        required=False,
        help_text=_(
            "Asked apart: the law wants a separate paper for it, which is printed from the page of the consent."
        ),
    )
    actions = forms.MultipleChoiceField(
        label=_("What may be done with them"), choices=ConsentAction.choices, widget=forms.CheckboxSelectMultiple
    )
    processors = LinesField(
        label=_("Persons to whom the processing is entrusted"), required=False, help_text=_("One per line.")
    )
    partners = forms.ModelMultipleChoiceField(
        label=_("Organisations of the register of partners that may receive them"),
        queryset=PartnerOrganisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    recipients = LinesField(
        label=_("Other bodies and organisations that may receive them"),
        required=False,
        help_text=_("Full names, one per line. Nothing is handed over to whom neither list names."),
    )
    besides = forms.BooleanField(
        label=_("This is one more consent: the earlier one stays in force beside it"), required=False
    )
    submission = SubmissionField()

    class Meta:
        model = Consent
        fields = [
            *("subject", "given_by", "authority_document", "purpose", "data", "health_data", "actions"),
            *("processors", "recipients", "photo_allowed", "publication_allowed", "given_on", "valid_to"),
        ]

    def __init__(self, *args: Any, family: Family, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **({"instance": Consent(family=family)} | kwargs))
        self.today = today
        people = Person.objects.filter(pk__in=members_of(family, today).values("person"))
        self.fields["subject"].queryset = people  # type: ignore[attr-defined]
        self.fields["given_by"].queryset = people.adults(today)  # type: ignore[attr-defined]
        partners = PartnerOrganisation.objects.visible_to(user).active(today).order_by("title")
        self.fields["partners"].queryset = partners  # type: ignore[attr-defined]
        for name, layout in {"data": "columns", "actions": "columns", "partners": "scrolled"}.items():
            self.fields[name].layout = layout  # type: ignore[attr-defined]
        self.fields["authority_document"].help_text = _(
            "For parents the child's birth certificate, for guardians the act of appointment, else a power of attorney."
        )
        self.initial.update(
            {
                "purpose": PURPOSE,
                "data": ConsentData.values,
                "actions": ConsentAction.values,
                "given_on": today,
            }
        )

    @property
    def groups(self) -> list[dict[str, Any]]:
        parts = (
            (_("Who"), ("subject", "given_by", "authority_document")),
            (_("What for and which data"), ("purpose", "data", "actions")),
            (_("Health"), ("health_data",)),
            (_("Who receives them"), ("partners", "recipients", "processors")),
            (_("Photographs and their publication"), ("photo_allowed", "publication_allowed")),
            (_("Term"), ("given_on", "valid_to")),
            *(
                [(_("The consent in force"), ("besides",))]
                if self.errors.get("besides") or self["besides"].value()
                else []
            ),
        )
        return [{"title": title, "fields": [self[name] for name in names]} for title, names in parts]

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        chosen = [partner.title for partner in self.cleaned_data.get("partners", ())]
        self.cleaned_data["recipients"] = list(dict.fromkeys(chosen + self.cleaned_data.get("recipients", [])))
        if {"subject", "given_by", "given_on"} <= self.cleaned_data.keys():
            names = ("subject", "given_by", "given_on", "authority_document")
            known = {name: self.cleaned_data.get(name, "") for name in names}
            try:
                check_giver(Consent(family=self.instance.family, **known))
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


class RevokeConsentForm(forms.Form):
    on = DateField(label=_("Withdrawn on"))
    note = forms.CharField(
        label=_("How it was withdrawn"), max_length=300, help_text=_("For example, by a written application.")
    )


class WithdrawalForm(forms.Form):
    """Why a record is withdrawn as wrong."""

    reason = forms.CharField(label=_("Reason"), min_length=3, max_length=300)


class StatementForm(ModelForm[FamilyStatement]):
    """The family's statement with its responsibility for the information (S2-35)."""

    given_by = forms.ModelChoiceField(label=_("Given by"), queryset=Person.objects.none(), widget=USER_CONTENT)
    responsibility_confirmed = forms.BooleanField(
        label=_("The person answers for the completeness and truth of the information and has signed this")
    )
    submission = SubmissionField()

    class Meta:
        model = FamilyStatement
        fields = ["given_by", "given_on", "text", "responsibility_confirmed"]

    def __init__(self, *args: Any, family: Family, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **({"instance": FamilyStatement(family=family)} | kwargs))
        self.today = today
        people = Person.objects.adults(today).filter(pk__in=members_of(family, today).values("person"))
        self.fields["given_by"].queryset = people  # type: ignore[attr-defined]
        self.initial.update({"given_on": today, "text": STATEMENT})

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day
