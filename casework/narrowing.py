"""What lists of cases and the caseload are narrowed to; it stays in the address of the page."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import working_appointment, works_as
from accounts.enums import Role
from accounts.models import Department, Precinct, User
from casework.enums import Ground
from casework.querysets import SupportCaseQuerySet
from casework.worklists import LOAD_ORDERS, OPEN_STAGES, ORDERS, ListState, counted_for, in_state, minors_of_case
from families.enums import RiskGroup
from families.models import FamilyRiskGroup

NOBODY = "nobody"
"""The value of the filter by curator that stands for cases without one."""

ANY = ("", gettext_lazy("any"))


class _CaseFilters(forms.Form):
    """What is common to a list of cases and to the caseload that adds them up."""

    orders: Collection[str] = ()
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[ANY, *ListState.choices])
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        required=False,
        choices=[ANY, *((stage.value, stage.label) for stage in OPEN_STAGES)],
    )
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    precinct = forms.ChoiceField(label=gettext_lazy("Precinct"), required=False)
    ground = forms.ChoiceField(label=gettext_lazy("Ground"), required=False, choices=[ANY, *Ground.choices])
    risk = forms.ChoiceField(label=gettext_lazy("Risk group"), required=False, choices=[ANY, *RiskGroup.choices])
    sort = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("sort", [(order, order) for order in self.orders])
        self._offer("department", _departments(user))
        self._offer("precinct", _precincts(user))

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these values of people's own; a field without any is left out."""
        if not choices:
            del self.fields[name]
            return
        self.fields[name].choices = [ANY, *choices]  # type: ignore[attr-defined]
        self.fields[name].own_words = True  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The valid choices; a value that was tampered with counts as none."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def chips(self, request: HttpRequest) -> list[dict[str, str]]:
        """The chosen filters in words, each with the address without it."""
        chosen = self.chosen()
        return [
            {"title": self._title(field.name, chosen[field.name]), "url": address(request, **{field.name: None})}
            for field in self.visible_fields()
            if field.name in chosen
        ]

    def _title(self, name: str, value: Any) -> str:
        field = self.fields[name]
        return str(dict(field.choices)[value]) if isinstance(field, forms.ChoiceField) else str(field.label)


class CaseloadFilters(_CaseFilters):
    """What the caseload is narrowed to: states that shut one another out, so that each number has its own list."""

    orders = [f"{sign}{name}" for name in LOAD_ORDERS for sign in ("", "-")]
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[ANY, *((state.value, state.label) for state in ListState if state is not ListState.TERM_OVER)],
    )


class ListFilters(_CaseFilters):
    """What a list of cases is narrowed to besides: the curator, and families with children, whom the caseload counts.

    `back` keeps the filters of the caseload that led here.
    """

    orders = list(ORDERS)
    curator = forms.ChoiceField(label=gettext_lazy("Curator"), required=False)
    children = forms.BooleanField(label=gettext_lazy("With children"), required=False)
    back = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self._offer(
            "curator", [] if works_as(user, Role.SPECIALIST) else [*_curators(user), (NOBODY, _("without a curator"))]
        )


def narrowed(cases: SupportCaseQuerySet, chosen: dict[str, Any], today: date, soon_days: int) -> SupportCaseQuerySet:
    """Those of the cases that the chosen filters leave on `today`."""
    cases = in_state(cases, chosen.get("state", ""), today, soon_days)
    columns = {"stage": "stage", "ground": "ground", "department": "department_id", "precinct": "family__precinct_id"}
    cases = cases.filter(**{column: chosen[name] for name, column in columns.items() if name in chosen})
    if "risk" in chosen:
        groups = FamilyRiskGroup.objects.on(today).filter(group=chosen["risk"])
        cases = cases.filter(family__in=groups.order_by().values("family"))
    if "curator" in chosen:
        cases = cases.filter(curator_id=None if chosen["curator"] == NOBODY else chosen["curator"])
    return cases.filter(minors_of_case(today)) if chosen.get("children") else cases


def address(request: HttpRequest, **changes: str | None) -> str:
    """This page with other filters, from its first rows on."""
    params: dict[str, Any] = {name: value for name, value in request.GET.items() if value and name != "cursor"}
    params |= changes
    left = {name: value for name, value in params.items() if value is not None}
    return f"{request.path}?{urlencode(left)}" if left else request.path


def _departments(user: User) -> list[tuple[str, str]]:
    """The departments of the institution, for its director; nobody else chooses among them."""
    if not works_as(user, Role.DIRECTOR):
        return []
    rows = Department.objects.filter(institution=working_appointment(user).institution_id).order_by("title")
    return [(str(row.pk), row.title) for row in rows]


def _precincts(user: User) -> list[tuple[str, str]]:
    """The precincts of the department, or of the institution."""
    appointment = working_appointment(user)
    rows = Precinct.objects.order_by("title")
    if works_as(user, Role.DIRECTOR):
        rows = rows.filter(department__institution=appointment.institution_id)
    else:
        rows = rows.filter(department=appointment.department_id)
    return [(str(row.pk), row.title) for row in rows]


def _curators(user: User) -> list[tuple[str, str]]:
    """The curators of the cases in the scope, by name."""
    ids = counted_for(user).values("curator_id")
    return [(str(row.pk), row.get_short_name()) for row in User.objects.filter(pk__in=ids)]
