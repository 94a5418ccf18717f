"""What lists of cases and the caseload are narrowed to; it stays in the address of the page."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import working_appointment, works_as
from accounts.enums import Role
from accounts.models import Appointment, Department, Precinct, User
from casework.enums import Ground
from casework.querysets import SupportCaseQuerySet
from casework.worklists import OPEN_STAGES, ListState, counted_for, in_state, minors_of_case
from common.ordering import natural
from common.text import initials_first
from families.enums import RiskGroup
from families.models import FamilyRiskGroup

NOBODY = "nobody"
"""The value of the filter by curator that stands for cases without one."""

ALL = ("", gettext_lazy("All"))

LIST_TITLES: dict[str, Promise | str] = {
    "family": gettext_lazy("Family"),
    "number": gettext_lazy("Number"),
    "due": gettext_lazy("Next contact"),
    "stage": gettext_lazy("Stage"),
    "curator": gettext_lazy("Curator"),
    "opened": gettext_lazy("Opened"),
}
LOAD_TITLES: dict[str, Promise | str] = {
    "name": gettext_lazy("Curator"),
    "due": gettext_lazy("Next due"),
    "overdue": gettext_lazy("Overdue"),
    "soon": gettext_lazy("Due soon"),
    **{stage.value: stage.label for stage in OPEN_STAGES},
    "children": gettext_lazy("Children"),
    "total": gettext_lazy("In all"),
}
"""Columns that lists and the caseload are sorted by; the filters offer them too, for on a phone a table has no head."""


class _CaseFilters(forms.Form):
    """What is common to a list of cases and to the caseload that adds them up."""

    columns: Mapping[str, Promise | str] = {}
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[ALL, *ListState.choices])
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        required=False,
        choices=[ALL, *((stage.value, stage.label) for stage in OPEN_STAGES)],
    )
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    precinct = forms.ChoiceField(label=gettext_lazy("Precinct"), required=False)
    ground = forms.ChoiceField(label=gettext_lazy("Ground"), required=False, choices=[ALL, *Ground.choices])
    risk = forms.ChoiceField(label=gettext_lazy("Risk group"), required=False, choices=[ALL, *RiskGroup.choices])
    sort = forms.ChoiceField(label=gettext_lazy("Sort by"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sort"].choices = [("", _("as usual")), *self._orders()]  # type: ignore[attr-defined]
        self._offer("department", _departments(user))
        self._offer("precinct", _precincts(user))

    def _orders(self) -> Iterator[tuple[str, str]]:
        """Every column, one way and the other."""
        for name, title in self.columns.items():
            yield name, _("%(column)s, ascending") % {"column": capfirst(str(title))}
            yield f"-{name}", _("%(column)s, descending") % {"column": capfirst(str(title))}

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these values of people's own; a field without any is left out."""
        if not choices:
            del self.fields[name]
            return
        self.fields[name].choices = [ALL, *choices]  # type: ignore[attr-defined]
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
            if field.name in chosen and field.name != "sort"
        ]

    def _title(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            return str(field.label)
        titles: dict[str, Any] = dict(field.choices)  # type: ignore[arg-type]
        return str(titles[value])


class CaseloadFilters(_CaseFilters):
    """What the caseload is narrowed to: states that shut one another out, so that each number has its own list."""

    columns = LOAD_TITLES
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[ALL, *((state.value, state.label) for state in ListState if state is not ListState.TERM_OVER)],
    )


class ListFilters(_CaseFilters):
    """What a list of cases is narrowed to besides: the curator, and families with children, whom the caseload counts.

    `back` keeps the filters of the caseload that led here.
    """

    columns = LIST_TITLES
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
    return _titled(rows)


def _precincts(user: User) -> list[tuple[str, str]]:
    """The precincts of the department, or of the institution."""
    appointment = working_appointment(user)
    rows = Precinct.objects.order_by(natural("title"))
    if works_as(user, Role.DIRECTOR):
        rows = rows.filter(department__institution=appointment.institution_id)
    else:
        rows = rows.filter(department=appointment.department_id)
    return _titled(rows)


def _titled(rows: QuerySet[Any]) -> list[tuple[str, str]]:
    return [(str(pk), title) for pk, title in rows.values_list("pk", "title")]


def _curators(user: User) -> list[tuple[str, str]]:
    """The curators of the cases in the scope, by name: of those who hold or held a post of the institution.

    The cases of a department are few and gone through at once. In an institution each curator is asked for one case:
    the first that is found will do, while in a department most have none and would be gone through to the last.
    """
    posts = Appointment.objects.filter(institution=working_appointment(user).institution_id)
    cases = counted_for(user)
    kept = (
        Exists(cases.filter(curator=OuterRef("pk")))
        if works_as(user, Role.DIRECTOR)
        else Q(pk__in=cases.values("curator"))
    )
    people = User.objects.filter(kept, pk__in=posts.values("user"))
    names = people.values_list("pk", "last_name", "first_name", "patronymic")
    return [(str(pk), initials_first(*name)) for pk, *name in names]
