"""The page on which a visit is recorded or corrected: its form, its services, who came along, and the draft of all."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.access import signed_in, works_as
from accounts.enums import Role
from accounts.models import User
from casework.catalogue import FOR_ADULTS, Catalogue, plans_of, proposed_next_visit
from casework.enums import VisitState
from casework.forms.services import ServiceRows
from casework.forms.visits import FACTS, CompanionRows, VisitForm, offered_members
from casework.models import ServiceTitle, SupportCase, Visit
from casework.services.journal import ServiceEntry
from casework.services.people import possible_curators
from casework.services.visits import change_visit, record_visit, visit_errors
from common.calendar.terms import LATE_ENTRY_DAYS
from common.forms import refuse
from families.models import FamilyMembership, Person
from records.services.drafts import open_draft

# The rule that asks for a reason (R8); the browser opens the field for it by this day.
LATE_AFTER = timedelta(days=LATE_ENTRY_DAYS)
# A planned visit so near is taken to be the one that is being recorded.
PLAN_WITHIN = timedelta(days=14)
TRY_AGAIN_AFTER = timedelta(days=3)


def usual_recipients(title: ServiceTitle, people: tuple[Person, ...], on: date) -> tuple[Person, ...]:
    """Whom a usual service goes to: all who were seen; help with work and retraining to the adults among them.

    Where none of them is of full age, it was given to whoever was seen.
    """
    if title.code not in FOR_ADULTS:
        return people
    return tuple(person for person in people if not person.is_minor_on(on)) or people


class VisitEntry:
    """Everything that is typed about one visit; a new one, or a recorded one that is being corrected."""

    def __init__(self, request: HttpRequest, case: SupportCase, visit: Visit | None = None) -> None:
        self.user = signed_in(request)
        self.case = case
        self.visit = visit
        self.today = case.institution.today()
        self.data = request.POST if request.method == "POST" else None
        self.draft = open_draft(self.user, f"casework.visit:{visit.pk if visit else f'new:case={case.pk}'}")
        self.catalogue = Catalogue(case.family, self.user, (visit and visit.held_on) or self.today)
        self.form = self._form(request.GET.get("plan", ""))
        self.services = self._services() if visit is None else None
        self.companions = self._companions()

    def _form(self, plan: str) -> VisitForm:
        initial: dict[str, Any] = {}
        if self.visit is None:
            initial = {
                "state": VisitState.HELD,
                "held_on": self.today,
                "next_on": partial(proposed_next_visit, self.case, self.today),
            }
        instance = self.visit or Visit(case=self.case)
        form = VisitForm(self.data, instance=instance, initial=initial, case=self.case, catalogue=self.catalogue)
        if self.visit is None:
            self._offer(form, plan)
        return self.draft.fill(form)

    def _offer(self, form: VisitForm, plan: str) -> None:
        """Plans that the visit may fulfil, and for a head the specialists who may have held it."""
        plans = {row.pk: row for row in plans_of(self.case)}
        last = self.today + PLAN_WITHIN
        near = [row for row in plans.values() if row.planned_on and row.planned_on <= last]
        asked = plans.get(int(plan)) if plan.isascii() and plan.isdecimal() else None
        form.offer_plans(plans, asked or next(iter(near), None))
        if works_as(self.user, Role.DEPARTMENT_HEAD):
            people = possible_curators(self.case.institution_id, self.case.department, self.today)
            known = {row.pk: row for row in [*people, self.user]}
            form.offer_specialists(known, self.case.curator_id if self.case.curator_id in known else self.user.pk)

    def _services(self) -> Any:
        members = offered_members(self.case, self.catalogue.on)
        people = SimpleLazyObject(lambda: {row.person_id: row.person for row in members})
        kwargs = {"catalogue": self.catalogue, "people": people}
        return self.draft.fill_formset(ServiceRows(self.data, prefix="services", form_kwargs=kwargs))

    def _companions(self) -> Any:
        stored = list(self.visit.participants.select_related("user")) if self.visit is not None else []
        initial = [{"user": row.user_id, "name": row.name, "post": row.post, "role": row.role} for row in stored]
        colleagues = SimpleLazyObject(lambda: self._colleagues([row.user for row in stored if row.user]))
        rows = CompanionRows(self.data, prefix="companions", initial=initial, form_kwargs={"colleagues": colleagues})
        return self.draft.fill_formset(rows)

    def _colleagues(self, came: list[User]) -> dict[int, User]:
        """Who may have come along, and who did."""
        people = possible_curators(self.case.institution_id, None, self.today)
        return {row.pk: row for row in [*(row for row in people if row.pk != self.user.pk), *came]}

    def is_valid(self) -> bool:
        """Whether all parts are; each of them is looked at, so that every mistake is shown at once."""
        parts = [self.form, self.companions, *([self.services] if self.services is not None else [])]
        mistaken = [part for part in parts if not part.is_valid()]
        if mistaken:
            self._tell_what_else_is_wrong()
        return not mistaken

    def _tell_what_else_is_wrong(self) -> None:
        """Beside the mistakes of single fields, what the service would refuse once they are mended."""
        form = self.form
        seen = list(form.cleaned_data.get("members_seen", ()))
        services = self._entries(seen) if self.services is not None and self.services.is_valid() else []
        errors = visit_errors(form.instance, seen, services, self.user)
        refuse(form, ValidationError({name: told for name, told in errors.items() if name not in form.errors}))

    def save(self) -> Visit:
        """Record or correct the visit and drop the draft, in the transaction of the request. Raises as the services."""
        visit = self._change(self.visit) if self.visit is not None else self._record()
        self.draft.discard()
        return visit

    def _record(self) -> Visit:
        data = self.form.cleaned_data
        visit = self.form.instance
        if (plan := data.get("plan")) is not None:
            for name in FACTS:
                setattr(plan, name, getattr(visit, name))
            plan.case = self.case
            visit = plan
        return record_visit(
            visit=visit,
            seen=self.form.seen,
            services=self._entries(self.form.seen),
            companions=self.companions.companions,
            actor=self.user,
            specialist=data.get("specialist"),
        )

    def _entries(self, seen: Sequence[FamilyMembership]) -> list[ServiceEntry]:
        """The services that were rendered, the usual ones to those of who was seen whom they are for."""
        people = tuple(row.person for row in seen)
        day = self.form.instance.held_on or self.today
        chosen = self.form.cleaned_data.get("services", ())
        usual = [ServiceEntry(title, usual_recipients(title, people, day)) for title in chosen]
        return [*usual, *(self.services.entries(people) if self.services is not None else [])]

    def _change(self, visit: Visit) -> Visit:
        change_visit(
            visit=self.form.instance, seen=self.form.seen, companions=self.companions.companions, actor=self.user
        )
        return visit

    @property
    def context(self) -> dict[str, Any]:
        """What the page is rendered with."""
        return {
            "form": self.form,
            "services": self.services,
            "companions": self.companions,
            "formsets": [rows for rows in (self.services, self.companions) if rows is not None],
            "draft": self.draft,
            "late_before": self.today - LATE_AFTER,
            "next_failed": self.today + TRY_AGAIN_AFTER,
            "is_failed": self.form["state"].value() not in {"HELD", None},
        }
