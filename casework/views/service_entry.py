"""The page on which services without a visit are entered, for a case or, urgent ones, for a family alone."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from accounts.access import signed_in
from casework.catalogue import Catalogue
from casework.enums import Channel, RecordType
from casework.forms.services import EntryForm, ServiceRows
from casework.models import ServiceRecord, SupportCase
from casework.services.journal import add_services, render_urgent
from common.forms import refuse
from families.models import Family, FamilyMembership
from records.services.drafts import open_draft


class ServiceEntryPage:
    """What is typed, the draft of it, and taking it."""

    def __init__(self, request: HttpRequest, family: Family, case: SupportCase | None) -> None:
        self.user = signed_in(request)
        self.family, self.case = family, case
        self.rows: list[ServiceRecord] = []
        data = request.POST if request.method == "POST" else None
        today = family.institution.today()
        key = f"casework.services:case={case.pk}" if case else f"casework.urgent:family={family.pk}"
        self.draft = open_draft(self.user, key)
        self.form = self.draft.fill(EntryForm(data, initial={"on": today}))
        types = frozenset(RecordType.values) if case else frozenset({RecordType.URGENT.value})
        members = FamilyMembership.objects.filter(family=family).on(today).select_related("person")
        people = {row.person_id: row.person for row in members.order_by("-person__birth_date", "pk")}
        kwargs = {"catalogue": Catalogue(family, self.user, today, types), "people": people, "needs_people": True}
        self.services = self.draft.fill_formset(ServiceRows(data, prefix="services", form_kwargs=kwargs))
        self.is_sent = data is not None

    def taken(self) -> bool:
        """Whether the form was sent and its services are now in the journal."""
        if not self.is_sent or not (self.form.is_valid() & self.services.is_valid()):
            return False
        try:
            with transaction.atomic():
                self.rows = self._save()
                self.draft.discard()
        except ValidationError as error:
            refuse(self.form, error)
            return False
        return True

    def _save(self) -> list[ServiceRecord]:
        data = self.form.cleaned_data
        facts: dict[str, Any] = {
            "on": data["on"],
            "channel": Channel(data["channel"]),
            "entries": self.services.entries(),
            "actor": self.user,
            "late_reason": data["late_reason"],
        }
        if self.case is not None:
            return add_services(case=self.case, **facts)
        return render_urgent(family=self.family, **facts)

    @property
    def context(self) -> dict[str, Any]:
        """What the page is rendered with."""
        return {"form": self.form, "services": self.services, "formsets": [self.services], "draft": self.draft}
