"""Forms of the partners room. Choices end at the person's own scope."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Institution, Territory, User
from common.forms import DateField, EditForm, PhoneField, VersionedT
from common.text import collapse
from partners.enums import PartnerType
from partners.models import AgreementParty, ContactPerson, CooperationAgreement, PartnerOrganisation, Volunteer
from partners.querysets import AgreementQuerySet, PartnerQuerySet
from records.services.submissions import SubmissionField


class EntryForm(EditForm[VersionedT]):
    """A form that makes a record once, and edits it with a check of its version.

    `given` are the columns that the view knows and the person does not type; constraints with them are checked too.
    """

    def __init__(self, *args: Any, given: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given = given or {}
        if self.instance._state.adding:
            self.fields["submission"] = SubmissionField()
            for name, value in self.given.items():
                setattr(self.instance, name, value)

    def _get_validation_exclusions(self) -> set[str]:
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - self.given.keys()


def _bound_territories(form: forms.BaseForm, region_id: int | None) -> None:
    field = form.fields["territory"]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = Territory.objects.filter(region=region_id)


class PartnerForm(EntryForm[PartnerOrganisation]):
    """An organisation of the register."""

    phone = PhoneField(label=_("phone"), required=False, max_length=100)
    site = forms.URLField(
        label=_("site"),
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": _("Check the address of the site.")},
    )

    class Meta:
        model = PartnerOrganisation
        fields = (
            *("title", "type", "ownership", "is_prevention_body", "territory", "address", "phone", "email", "site"),
            *("offers", "first_involved_on", "closed_on"),
        )
        widgets = {"offers": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        given = {"region": institution.region, "institution": institution}
        super().__init__(*args, given=given, **kwargs)
        _bound_territories(self, institution.region_id)
        if self.instance._state.adding:
            del self.fields["closed_on"]

    def clean_title(self) -> str:
        return collapse(self.cleaned_data["title"])


class ContactForm(EntryForm[ContactPerson]):
    """A contact person of a partner."""

    phone = PhoneField(label=_("phone"), required=False)

    class Meta:
        model = ContactPerson
        fields = ("last_name", "first_name", "patronymic", "post", "phone", "email", "is_main", "left_on")

    def __init__(self, *args: Any, partner: PartnerOrganisation, **kwargs: Any) -> None:
        super().__init__(*args, given={"partner": partner, "left_on": None}, **kwargs)
        if self.instance._state.adding:
            del self.fields["left_on"]


class AgreementForm(EntryForm[CooperationAgreement]):
    """A draft of an agreement; its number and the day of signing come with the approval."""

    class Meta:
        model = CooperationAgreement
        fields = ("template", "subject", "fields_of_work", "ends_on", "allows_data_exchange", "data_scope")
        widgets = {"fields_of_work": forms.Textarea({"rows": 4}), "data_scope": forms.Textarea({"rows": 3})}


class PartyForm(forms.ModelForm[AgreementParty]):
    """One party to an agreement."""

    class Meta:
        model = AgreementParty
        fields = ("partner", "field_of_work")
        widgets = {"field_of_work": forms.Textarea({"rows": 2})}

    def __init__(self, *args: Any, partners: PartnerQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["partner"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = partners


class BasePartyFormSet(forms.BaseInlineFormSet[AgreementParty, CooperationAgreement, PartyForm]):
    """The parties of one agreement: at least one, each once."""

    row_title = _("Party")
    add_title = _("Add a party")


PartyFormSet = forms.inlineformset_factory(
    CooperationAgreement,
    AgreementParty,
    form=PartyForm,
    formset=BasePartyFormSet,
    extra=0,
    min_num=1,
    max_num=20,
    validate_min=True,
    can_delete_extra=False,
)


class ApprovalForm(forms.Form):
    """What the director states when an agreement enters the register."""

    signed_on = DateField(label=_("signed on"))
    number = forms.CharField(
        label=_("number"), max_length=30, required=False, help_text=_("Leave empty for the next number of your own.")
    )


class TerminationForm(forms.Form):
    """From when and why an agreement is over."""

    terminated_on = DateField(label=_("terminated on"))
    reason = forms.CharField(label=_("reason for termination"), max_length=500, widget=forms.Textarea({"rows": 3}))


class VolunteerForm(EntryForm[Volunteer]):
    """A citizen who helps."""

    phone = PhoneField(label=_("phone"), required=False)

    class Meta:
        model = Volunteer
        fields = (
            *("last_name", "first_name", "patronymic", "phone", "territory", "offers", "first_involved_on"),
            "left_on",
        )

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, given={"institution": institution}, **kwargs)
        _bound_territories(self, institution.region_id)
        if self.instance._state.adding:
            del self.fields["left_on"]


AGREEMENT_CHOICES = [
    ("", _("any")),
    ("in_force", _("in force")),
    ("expiring", _("ends within a month")),
    ("exchange", _("permits the exchange of data")),
    ("none", _("none in force")),
]


class RegisterFilter(forms.Form):
    """The filters of the register; they stay in the address."""

    q = forms.CharField(label=_("Title"), max_length=100, required=False)
    type = forms.ChoiceField(label=_("Type"), choices=[("", _("any")), *PartnerType.choices], required=False)
    territory = forms.ModelChoiceField(
        label=_("Territory"), queryset=Territory.objects.none(), required=False, empty_label=_("any")
    )
    agreement = forms.ChoiceField(label=_("Agreement"), choices=AGREEMENT_CHOICES, required=False)

    def __init__(self, address: QueryDict, *, appointment: Appointment) -> None:
        super().__init__(address)
        self.address = address
        _bound_territories(self, appointment.region_id)
        self.is_valid()

    def filter(self, partners: PartnerQuerySet, agreements: AgreementQuerySet, on: date) -> PartnerQuerySet:
        """The partners that the chosen filters leave; a filter that makes no sense is left out."""
        chosen = self.cleaned_data
        if text := chosen.get("q"):
            partners = partners.search(text)
        if kind := chosen.get("type"):
            partners = partners.filter(type=kind)
        if territory := chosen.get("territory"):
            partners = partners.filter(territory=territory)
        match chosen.get("agreement"):
            case "in_force":
                partners = partners.with_agreement(agreements.in_force(on))
            case "expiring":
                partners = partners.with_agreement(agreements.expiring(on))
            case "exchange":
                partners = partners.with_agreement(agreements.allowing_exchange(on))
            case "none":
                partners = partners.without_agreement(agreements.in_force(on))
        return partners

    def chips(self) -> list[dict[str, str]]:
        """The chosen filters, each with the address of the page without it."""
        return [
            {"title": f"{self.fields[name].label}: {self._shown(name)}", "url": self._without(name)}
            for name, value in self.cleaned_data.items()
            if value
        ]

    def _shown(self, name: str) -> str:
        value, field = self.cleaned_data[name], self.fields[name]
        if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
            return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        return str(value)

    def _without(self, name: str) -> str:
        rest = self.address.copy()
        for key in (name, "cursor"):
            rest.pop(key, None)
        return f"?{rest.urlencode()}"


def party_formset(
    user: User, agreement: CooperationAgreement | None, data: QueryDict | None, first: PartnerOrganisation | None
) -> "forms.BaseInlineFormSet[AgreementParty, CooperationAgreement, PartyForm]":
    """The parties' rows, with the partners the person sees to choose from; `first` is proposed for a new agreement."""
    partners = PartnerOrganisation.objects.visible_to(user).order_by("title_key", "pk")
    return PartyFormSet(
        data,
        instance=agreement,
        prefix="parties",
        form_kwargs={"partners": partners},
        initial=[{"partner": first.pk}] if first else None,
    )
