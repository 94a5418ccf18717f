"""Forms of the accounts room outside the administration."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.access import colleagues_of
from accounts.enums import AccessAction
from accounts.journal import kind_title
from accounts.models import AccessEvent, User
from common.forms import DateField, ModelForm, PhoneField

RECENT_EVENTS = 1_000


class ProfileForm(ModelForm[User]):
    """What people change about themselves; the rest is the administrator's."""

    phone = PhoneField(label=_("Phone"), required=False)

    class Meta:
        model = User
        fields = ["phone", "language", "daily_digest"]


class JournalFilterForm(forms.Form):
    """Filters of the access journal, kept in the address of the page; a filter that makes no sense is left out."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), required=False)
    action = forms.ChoiceField(label=_("Action"), required=False, choices=[("", _("any")), *AccessAction.choices])
    kind = forms.ChoiceField(label=_("Kind of object"), required=False)
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("To"), required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        super().__init__(data)
        self.user = user
        people: Any = self.fields["person"]
        people.queryset = colleagues_of(user)
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", _("any")), *self._kinds(data.get("kind", ""))]

    def _kinds(self, chosen: str) -> list[tuple[str, str]]:
        """The kinds among the newest events, and the one in the address; the whole journal is never searched."""
        parts = AccessEvent.objects.order_by("-at", "-id").parts_visible_to(self.user)
        recent = {kind for part in parts for kind in part.values_list("kind", flat=True)[:RECENT_EVENTS]}
        codes = recent | ({chosen} if chosen.isidentifier() else set())
        return sorted(((code, kind_title(code)) for code in codes), key=lambda choice: choice[1])

    def filter(self, events: QuerySet[AccessEvent]) -> QuerySet[AccessEvent]:
        """The events that pass every filter."""
        self.is_valid()
        chosen = self.cleaned_data
        appointment = self.user.appointment
        if person := chosen.get("person"):
            events = events.filter(user=person)
        if action := chosen.get("action"):
            events = events.filter(action=action)
        if kind := chosen.get("kind"):
            events = events.filter(kind=kind)
        if appointment and (since := chosen.get("since")):
            events = events.filter(at__gte=datetime.combine(since, time.min, appointment.time_zone))
        if appointment and (until := chosen.get("until")):
            day_after = until + timedelta(days=1)
            events = events.filter(at__lt=datetime.combine(day_after, time.min, appointment.time_zone))
        return events

    def chips(self, address: QueryDict) -> list[dict[str, str]]:
        """The chosen filters, each with the address of the page without it."""
        return [
            {"title": f"{self.fields[name].label}: {self._shown(name)}", "url": _without(address, name)}
            for name, value in self.cleaned_data.items()
            if value
        ]

    def _shown(self, name: str) -> str:
        value = self.cleaned_data[name]
        choices = dict(getattr(self.fields[name], "choices", ())) if isinstance(value, str) else {}
        return f"{value:%d.%m.%Y}" if name in {"since", "until"} else str(choices.get(value, value))


def _without(address: QueryDict, name: str) -> str:
    rest = address.copy()
    for key in (name, "cursor"):
        rest.pop(key, None)
    return f"?{rest.urlencode()}"
