"""Whose step is next: what waits for a head or a director is told to them, and stands on the page it concerns.

Subjects register their steps when the room starts (`casework.steps`). Services say `watch(case)` when something has
changed; once their transaction is through, the notifications of the case are brought in step with what waits now.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.utils.functional import Promise

from accounts.enums import Role
from accounts.models import Appointment, Institution, Notification
from accounts.notifications import register, remind, told_to
from casework.models import SupportCase
from common.commits import once_committed
from common.paging import capped_counts

Title = Promise | str
Rows = QuerySet[Any, Any]
UNITS = {Role.DEPARTMENT_HEAD: "department", Role.DIRECTOR: "institution"}
"""By whose appointment each of them has to do with a case."""


def _always(_row: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done next with rows of `model` whose columns are as in `at`, and who does it.

    `role` is told of it by `text` (with the %(number)s of the case; `summary` names many of them) and opens `route`,
    which takes the column `about`; a step without a role is only shown. `on_page` says on the row's own page whose step
    it is. `case` leads from a row to its case. `ready(on)` narrows the rows further. `holds` tells of a row whether it
    is a step of this kind at all; where it is not, the page says `otherwise`. Who is the curator of a case is not told
    to decide on own support where `never_own` says so.
    """

    code: str
    model: type[Model]
    at: Mapping[str, Any]
    on_page: Title = ""
    role: Role | None = None
    text: Title = ""
    summary: Title = ""
    route: str = ""
    about: str = "pk"
    case: str = "case"
    ready: Callable[[date], Q] | None = None
    holds: Callable[[Any], bool] = field(default=_always)
    otherwise: Title = ""
    never_own: bool = False

    def is_at(self, row: Model) -> bool:
        """Whether `row` has come to this step."""
        return type(row) is self.model and all(getattr(row, name) == value for name, value in self.at.items())

    def tell(self, role: Role, cases: Rows, on: date) -> int:
        """Tell what waits in `cases`, settle what does not any more; return how many were told."""
        facts = self._facts(role, cases, on)
        told, _settled = remind(self.code, facts=[facts], objects=self._objects(cases), target=self.route)
        return told

    def concerns(self, cases: Rows) -> tuple[Rows, Rows]:
        """The rows of `cases` that are at this step, and what was told of the step and is not settled."""
        told = Notification.objects.filter(code=self.code, settled_at=None, target_id__in=self._objects(cases))
        return self._of(self.model._default_manager.filter(**self.at), cases), told

    def _objects(self, cases: Rows) -> Rows:
        return self._of(self.model._default_manager.all(), cases).values_list(self.about)

    def _of(self, rows: Rows, cases: Rows) -> Rows:
        return rows.filter(**{f"{self.case or 'pk'}__in": cases.values("pk")})

    def _facts(self, role: Role, cases: Rows, on: date) -> Rows:
        """Rows (recipient, fact, params, target_id); nobody is told of a restricted family by its number."""
        to_case = f"{self.case}__" if self.case else ""
        posts = f"{to_case}{UNITS[role]}__appointments"
        holders = Appointment.objects.in_force(on).filter(role=role, user__is_active=True)
        rows = self._of(self.model._default_manager.filter(**self.at), cases)
        if self.ready is not None:
            rows = rows.filter(self.ready(on))
        if self.holds is not _always:
            candidates = rows.select_related(f"{self.case}__institution__region")
            rows = rows.filter(pk__in=[row.pk for row in candidates if self.holds(row)])
        open_ones = {f"{to_case}closed_on": None, f"{to_case}is_restricted": False, f"{posts}__in": holders}
        fact = str(self.model._meta.model_name)
        told: Rows = told_to(
            rows.filter(**open_ones), f"{posts}__user", fact, "pk", about=self.about, number=f"{to_case}number"
        )
        if self.never_own:
            told = told.filter(Q(**{f"{to_case}curator": None}) | ~Q(**{f"{to_case}curator": F("told_to")}))
        return told


_steps: dict[str, Step] = {}


def register_step(step: Step) -> None:
    """Add a step, with the text of its notification. Raises ValueError where its code is taken."""
    if step.code in _steps:
        raise ValueError(f"{step.code} is registered twice.")
    _steps[step.code] = step
    if step.role is not None:
        register(step.code, step.text, summary=step.summary)


def next_step(row: Model, case: SupportCase, *, holds: bool | None = None) -> str:
    """Whose step is next with a row of `case`, in words; "" where nobody's is.

    `holds` is what the step would find out of the row, where the page knows it already.
    """
    if not case.is_open:
        return ""
    for step in _steps.values():
        if step.is_at(row):
            return str(step.on_page if (step.holds(row) if holds is None else holds) else step.otherwise)
    return ""


def tell(cases: Rows, on: date) -> int:
    """Bring the notifications of what waits in `cases` in step with `on`; return how many were told.

    One statement finds the steps that have anything to tell or to settle, one more for each of these does it.
    """
    steps = [(step, step.role) for step in _steps.values() if step.role is not None]
    found = capped_counts(*(rows for step, _role in steps for rows in step.concerns(cases)), cap=1)
    concerned = zip(steps, found[::2], found[1::2], strict=True)
    return sum(step.tell(role, cases, on) for (step, role), here, told in concerned if here.value or told.value)


def _look(keys: Collection[int]) -> None:
    cases = SupportCase.objects.filter(pk__in=keys)
    for institution in Institution.objects.filter(pk__in=cases.values("institution")).select_related("region"):
        tell(cases.filter(institution=institution), institution.today())


def watch(*cases: int) -> None:
    """Look, when the transaction is through, who is next in these cases; however often it is said, they look once."""
    once_committed(_look, cases)
