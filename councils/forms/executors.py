"""The choice of who carries something out, under headings: the nearest first, then the others by unit or by kind."""

from collections.abc import Collection
from typing import cast

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from casework.models import SupportCase
from councils.models import Council
from councils.staff import speakers_of, staff_by_unit
from partners.enums import PartnerType
from partners.models import PartnerOrganisation


def offer_staff(form: forms.BaseForm, name: str, council: Council, case: SupportCase | None) -> None:
    """Let the field `name` choose among the staff of the body's institution; the unit of the case comes first."""
    field = cast("forms.ModelChoiceField[User]", form.fields[name])
    field.queryset = speakers_of(council)
    units = staff_by_unit(council, case).items()
    groups = [(unit, [(person.pk, person.get_full_name()) for person in people]) for unit, people in units]
    field.choices = [("", field.empty_label or ""), *groups]


def offer_organisations(
    form: forms.BaseForm, name: str, rows: QuerySet[PartnerOrganisation], seated: Collection[int | None]
) -> None:
    """Let the field `name` choose among organisations: first those that sit in the body, then others by type."""
    field = cast("forms.ModelChoiceField[PartnerOrganisation]", form.fields[name])
    field.queryset = rows
    near: list[tuple[int, str]] = []
    by_type: dict[str, list[tuple[int, str]]] = {kind.value: [] for kind in PartnerType}
    for row in rows.order_by("title", "pk"):
        (near if row.pk in seated else by_type[row.type]).append((row.pk, row.title))
    groups = [
        (_("Represented in the body"), near),
        *((capfirst(PartnerType(kind).label), by_type[kind]) for kind in by_type),
    ]
    field.choices = [("", field.empty_label or ""), *((str(title), rows) for title, rows in groups if rows)]
