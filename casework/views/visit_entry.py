"""The page on which a visit is recorded or corrected: its form, its services, who came along, and the draft of all."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from accounts.access import signed_in, works_as
from accounts.enums import Role
from casework.catalogue import Catalogue, plans_of, proposed_next_visit
from casework.enums import VisitState
from casework.forms.services import ServiceRows
from casework.forms.visits import FACTS, CompanionRows, VisitForm, offered_members
from casework.models import SupportCase, Visit
from casework.services.journal import ServiceEntry
from casework.services.people import possible_curators
from casework.services.visits import change_visit, record_visit
from common.calendar.terms import LATE_ENTRY_DAYS
from records.services.drafts import open_draft

# The rule that asks for a reason (R8); the browser opens the field for it by this day.
LATE_AFTER = timedelta(days=LATE_ENTRY_DAYS)
# A planned visit so near is taken to be the one that is being recorded.
PLAN_WITHIN = timedelta(days=14)
TRY_AGAIN_AFTER = timedelta(days=3)


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
                "next_on": proposed_next_visit(self.case, self.today),
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
        kwargs = {"catalogue": self.catalogue, "people": {row.person_id: row.person for row in members}}
        return self.draft.fill_formset(ServiceRows(self.data, prefix="services", form_kwargs=kwargs))

    def _companions(self) -> Any:
        people = possible_curators(self.case.institution_id, None, self.today)
        colleagues = {row.pk: row for row in people if row.pk != self.user.pk}
        initial = []
        if self.visit is not None:
            stored = self.visit.participants.select_related("user")
            colleagues |= {row.user.pk: row.user for row in stored if row.user}
            initial = [{"user": row.user_id, "name": row.name, "post": row.post, "role": row.role} for row in stored]
        rows = CompanionRows(self.data, prefix="companions", initial=initial, form_kwargs={"colleagues": colleagues})
        return self.draft.fill_formset(rows)

    def is_valid(self) -> bool:
        """Whether all parts are; each of them is looked at, so that every mistake is shown at once."""
        parts = [self.form, self.companions, *([self.services] if self.services is not None else [])]
        mistaken = [part for part in parts if not part.is_valid()]
        return not mistaken

    def save(self) -> Visit:
        """Record or correct the visit and drop the draft. Raises what the services raise."""
        with transaction.atomic():
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
        people = tuple(row.person for row in self.form.seen)
        usual = [ServiceEntry(title, people) for title in data["services"]]
        return record_visit(
            visit=visit,
            seen=self.form.seen,
            services=[*usual, *(self.services.entries(people) if self.services is not None else [])],
            companions=self.companions.companions,
            actor=self.user,
            specialist=data.get("specialist"),
        )

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
