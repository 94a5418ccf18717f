"""Forms of the support agreement and of notices to agencies."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.forms.base import RecordForm
from casework.forms.programmes import StepForm, adults_of
from casework.models import AgencyNotice, SupportAgreement, SupportCase
from common.text import numbered
from families.models import Consent, Person
from partners.models import PartnerOrganisation


class AgreementForm(RecordForm[SupportAgreement]):
    class Meta:
        model = SupportAgreement
        fields = [
            "representative",
            *("institution_signatory", "signatory_post", "signatory_ground"),
            *("place", "starts_on", "ends_on"),
        ]
        labels = {"starts_on": _("In effect from"), "ends_on": _("In effect through")}

    def __init__(self, *args: Any, case: SupportCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: forms.ModelChoiceField[Person] = self.fields["representative"]  # type: ignore[assignment]
        person.queryset, person.empty_label = adults_of(case), _("not chosen")


class TerminateForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class NoticeForm(RecordForm[AgencyNotice]):
    class Meta:
        model = AgencyNotice
        fields = ["addressee", "subject", "legal_basis", "consent", "text"]
        widgets = {"text": forms.Textarea({"rows": 10})}

    def __init__(self, *args: Any, case: SupportCase, user: User, consents: list[Consent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = case.institution.today()
        addressee: forms.ModelChoiceField[PartnerOrganisation] = self.fields["addressee"]  # type: ignore[assignment]
        addressee.queryset = PartnerOrganisation.objects.visible_to(user).active(today).order_by("title")
        addressee.empty_label = _("not chosen")
        consent: forms.ModelChoiceField[Consent] = self.fields["consent"]  # type: ignore[assignment]
        consent.queryset = Consent.objects.filter(pk__in=[row.pk for row in consents]).select_related("subject")
        consent.empty_label = _("not chosen")
        consent.help_text = _(
            "Offered are consents of the main contact that allow the transfer; the chosen one must name the addressee."
        )
        consent.label_from_instance = _consent_title  # type: ignore[method-assign, assignment]


def _consent_title(consent: Consent) -> str:
    return f"{numbered(consent.number)}, {consent.subject.short_name}, {consent.given_on:%d.%m.%Y}"


class SendForm(StepForm):
    method = forms.CharField(
        label=_("How it was sent"), max_length=100, help_text=_("Such as: post, courier, interdepartmental system.")
    )


class AnswerForm(StepForm):
    answer = forms.CharField(label=_("Answer"), max_length=4000, widget=forms.Textarea({"rows": 6}))
