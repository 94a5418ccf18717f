"""Forms of finding and opening families, and of closing them."""

from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Appointment, User
from families.models import Family

NAMEABLE = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.COUNCIL_SECRETARY, Role.AUDITOR)


class SearchForm(forms.Form):
    """What a family is looked for by, among those that the person may open."""

    q = forms.CharField(
        label=_("Surname, name, SNILS, telephone or number"),
        max_length=100,
        strip=True,
        widget=forms.TextInput({"autocomplete": "off", "type": "search", "spellcheck": "false"}),
    )


class NamesForm(forms.Form):
    """The name that is looked for in the institution's directory, to see whether a family is known already."""

    q = forms.CharField(
        label=_("Name of the family"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off", "type": "search", "spellcheck": "false"}),
    )


class ReasonForm(forms.Form):
    """Why the person opens a restricted family; the journal keeps it."""

    reason = forms.CharField(
        label=_("Why do you open this family?"),
        min_length=5,
        max_length=300,
        help_text=_("For example: preparing the visit of 12 November."),
    )


class PersonnelField(forms.ModelMultipleChoiceField[User]):
    """People of an institution, with their posts."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        text = f"{obj.get_full_name()}, {obj.post}" if obj.post else str(obj.get_full_name())
        return format_html("<span data-user-content>{}</span>", text)


def personnel(family: Family, roles: tuple[Role, ...] = NAMEABLE) -> Any:
    """The people of the family's institution who may be named on it."""
    return staff_of(family.institution_id, family.institution.today(), roles)


def staff_of(institution_id: int | None, today: date, roles: tuple[Role, ...]) -> Any:
    """The people who work at an institution in one of `roles`."""
    posts = Appointment.objects.in_force(today).filter(institution=institution_id, role__in=roles, deputy_for=None)
    return User.objects.filter(pk__in=posts.values("user"), is_active=True)


class RestrictForm(forms.Form):
    """Why a family is restricted, and who may open it all the same."""

    reason = forms.CharField(
        label=_("Reason of the restriction"),
        max_length=300,
        help_text=_("For example: a victim of abuse, a refusal of a newborn, adoption."),
    )
    people = PersonnelField(label=_("Who may open it besides the curator and you"), queryset=None, required=False)

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = personnel(family)  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """One more person who may open a restricted family."""

    person = forms.ModelChoiceField(
        label=_("Who else may open it"), queryset=User.objects.none(), widget=forms.Select({"data-user-content": ""})
    )

    def __init__(self, *args: Any, family: Family, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = personnel(family)  # type: ignore[attr-defined]


class EndRestrictionForm(forms.Form):
    """Why a family is restricted no longer; its history keeps it."""

    reason = forms.CharField(label=_("Why the restriction ends"), max_length=300)
