"""Forms of a contract: its facts, its end, and the filters of the list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.enums import ContractDutyKind
from common.forms import DateField, EditForm, MoneyField
from contracts.enums import EndKind
from contracts.models import SocialContract
from families.models import Family, FamilyMembership, Person
from partners.enums import PartnerType
from partners.models import PartnerOrganisation
from records.services.submissions import SubmissionField


class ContractForm(EditForm[SocialContract]):
    """The facts of a contract as the authority's paper has them."""

    amount = MoneyField(label=_("Amount, roubles"))
    per_capita = MoneyField(label=_("Income per head at the start, roubles a month"), required=False)
    submission = SubmissionField()

    class Meta:
        model = SocialContract
        fields = [
            *("number", "kind", "authority", "authority_specialist", "applicant"),
            *("signed_on", "starts_on", "planned_end_on", "amount", "per_capita"),
        ]
        labels = {"starts_on": _("In effect from"), "planned_end_on": _("In effect through")}

    def __init__(self, *args: Any, family: Family, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = family.institution.today()
        authorities = PartnerOrganisation.objects.visible_to(user).active(today)
        authority: forms.ModelChoiceField[PartnerOrganisation] = self.fields["authority"]  # type: ignore[assignment]
        authority.queryset = authorities.filter(type=PartnerType.SOCIAL_SUPPORT).order_by("title")
        authority.empty_label = _("not chosen")
        members = FamilyMembership.objects.filter(family=family).on(today)
        applicant: forms.ModelChoiceField[Person] = self.fields["applicant"]  # type: ignore[assignment]
        adults = Person.objects.adults(today).filter(pk__in=members.values("person_id"))
        applicant.queryset = adults.order_by("birth_date", "pk")
        applicant.empty_label, applicant.help_text = _("not chosen"), _("Of full age.")
        self.fields["kind"].choices = [("", _("not chosen")), *ContractDutyKind.choices]  # type: ignore[attr-defined]
        if not self.instance._state.adding:
            del self.fields["submission"]


class EndForm(forms.Form):
    """How and when the contract ended."""

    last_day = DateField(label=_("Last day in force"))
    kind = forms.ChoiceField(label=_("How it ended"), choices=[("", _("not chosen")), *EndKind.choices])
    explanation = forms.CharField(
        label=_("Explanation"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Asked for when the contract was terminated."),
    )
