"""The choice of one of the staff: by name, under the unit of each."""

from typing import cast

from django import forms

from accounts.models import User
from casework.models import SupportCase
from councils.models import Council
from councils.staff import speakers_of, staff_by_unit


def offer_staff(form: forms.BaseForm, name: str, council: Council, case: SupportCase | None) -> None:
    """Let the field `name` choose among the staff of the body's institution; the unit of the case comes first."""
    field = cast("forms.ModelChoiceField[User]", form.fields[name])
    field.queryset = speakers_of(council)
    units = staff_by_unit(council, case).items()
    groups = [(unit, [(person.pk, person.get_full_name()) for person in people]) for unit, people in units]
    field.choices = [("", field.empty_label or ""), *groups]
