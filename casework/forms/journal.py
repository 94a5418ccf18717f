"""The filters of the service journal."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.enums import MeasureKind, RecordType, ServiceKind
from casework.models import ServiceRecord
from common.calendar import DateRange, Quarter
from common.forms import DateField, NativeDateInput


def kind_choices() -> list[tuple[Any, Any]]:
    """Kinds of services, kinds of measures, urgent services, under one select."""
    return [
        ("", _("All")),
        (RecordType.SERVICE.label, [(f"SERVICE.{kind}", label) for kind, label in ServiceKind.choices]),
        (RecordType.SUPPORT_MEASURE.label, [(f"SUPPORT_MEASURE.{kind}", label) for kind, label in MeasureKind.choices]),
        ("URGENT", RecordType.URGENT.label),
    ]


class JournalFilters(forms.Form):
    """Period, kind and specialist; everything stays in the address."""

    since = DateField(label=_("From"), required=False, widget=NativeDateInput)
    until = DateField(label=_("To"), required=False, widget=NativeDateInput)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=kind_choices)
    specialist = forms.TypedChoiceField(label=_("Specialist"), required=False, coerce=int, empty_value=None)
    own = forms.ChoiceField(
        label=_("Rendered by"),
        required=False,
        choices=[("", _("All")), ("own", _("the institution")), ("partner", _("partners"))],
    )

    def __init__(self, data: QueryDict, *, specialists: QuerySet[User], today: date) -> None:
        quarter = Quarter.containing(today)
        asked = data.copy()
        for name, day in (("since", quarter.starts_on), ("until", quarter.ends_on)):
            if not asked.get(name):
                asked[name] = day.isoformat()
        super().__init__(asked)
        self.quarter = quarter
        people = [(row.pk, row.get_short_name()) for row in specialists]
        self.fields["specialist"].choices = [("", _("All")), *people]  # type: ignore[attr-defined]
        self.fields["specialist"].own_words = True  # type: ignore[attr-defined]
        self.fields["specialist"].widget.attrs["data-user-content"] = ""
        self.is_valid()

    @property
    def period(self) -> DateRange:
        """The days asked for; those of the current quarter where none are, or none that make sense."""
        since = self.cleaned_data.get("since") or self.quarter.starts_on
        until = self.cleaned_data.get("until") or self.quarter.ends_on
        return DateRange(min(since, until), max(since, until))

    def narrow(self, rows: "QuerySet[ServiceRecord]") -> "QuerySet[ServiceRecord]":
        """The rows that the filters leave."""
        data, period = self.cleaned_data, self.period
        rows = rows.filter(on__range=(period.starts_on, period.last_day))
        record_type, _dot, kind = data.get("kind", "").partition(".")
        if record_type:
            rows = rows.filter(record_type=record_type)
        if kind:
            column = "measure_kind" if record_type == RecordType.SUPPORT_MEASURE else "service_kind"
            rows = rows.filter(**{column: kind})
        if data.get("specialist"):
            rows = rows.filter(specialist=data["specialist"])
        if data.get("own"):
            rows = rows.filter(partner__isnull=data["own"] == "own")
        return rows
