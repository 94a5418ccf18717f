"""The form of a sample for an internal check."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import working_appointment
from accounts.enums import Role
from accounts.models import Department, User
from common.calendar import add_months
from common.forms import DateField
from families.forms.access import staff_of
from families.models import Family
from records.services.submissions import SubmissionField

MOST_DRAWN = 50


class SampleForm(forms.Form):
    """To whom, until when and why; the families are ticked in the table of the page, or drawn at random."""

    submission = SubmissionField()
    auditor = forms.ModelChoiceField(
        label=_("Auditor"), queryset=User.objects.none(), widget=forms.Select({"data-user-content": ""})
    )
    ends_on = DateField(label=_("Open until"), help_text=_("The last day on which the auditor reads the families."))
    note = forms.CharField(
        label=_("What is checked"),
        max_length=300,
        help_text=_("For example: home visits of the third quarter."),
    )
    at_random = forms.IntegerField(
        label=_("Draw at random"),
        min_value=0,
        max_value=MOST_DRAWN,
        required=False,
        help_text=_("So many families besides those ticked below; of the department that is shown."),
    )
    families = forms.ModelMultipleChoiceField(label=_("Families"), queryset=Family.objects.none(), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        appointment = working_appointment(user)
        today = appointment.local_today()
        auditors = staff_of(appointment.institution_id, today, (Role.AUDITOR,)).order_by("last_name", "pk")
        self.fields["auditor"].queryset = auditors  # type: ignore[attr-defined]
        self.fields["auditor"].initial = auditors.first() if auditors.count() == 1 else None
        self.fields["ends_on"].initial = add_months(today, 1)
        self.fields["families"].queryset = Family.objects.in_charge(user)  # type: ignore[attr-defined]

    def clean_at_random(self) -> int:
        return self.cleaned_data["at_random"] or 0


class DepartmentFilter(forms.Form):
    """Which families the page shows to choose from; it stays in the address."""

    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("All"),
        widget=forms.Select({"data-user-content": ""}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = Department.objects.filter(institution=working_appointment(user).institution_id)
        self.fields["department"].queryset = departments.order_by("title", "pk")  # type: ignore[attr-defined]

    def chosen(self) -> Department | None:
        """The department; a value that was tampered with counts as none."""
        self.is_valid()
        found: Department | None = self.cleaned_data.get("department")
        return found
