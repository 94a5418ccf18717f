"""Forms of the service journal: a row of it, and rows entered together with a visit or alone."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from casework.catalogue import Catalogue
from casework.enums import Channel
from casework.models import ServiceRecord
from casework.services.journal import ServiceEntry
from common.forms import EditForm, NativeDateField, NativeDateInput
from families.models import Person
from records.services.submissions import SubmissionField

LARGEST_QUANTITY = 999
MOST_ROWS = 30

RowT = TypeVar("RowT", bound=Model)


class OneOf(forms.TypedChoiceField):
    """A choice among rows that are at hand already, so that rows of a formset ask the database for nothing."""

    own_words = True

    def __init__(self, rows: Mapping[int, Model], choices: Any = None, **kwargs: Any) -> None:
        known = choices if choices is not None else [(key, str(row)) for key, row in rows.items()]
        blank = [("", _("not chosen"))]
        super().__init__(choices=[*blank, *known], coerce=_finder(rows), empty_value=None, **kwargs)


class SomeOf(forms.TypedMultipleChoiceField):
    """Several of the rows that are at hand already."""

    widget: Any = forms.CheckboxSelectMultiple
    own_words = True

    def __init__(self, rows: Mapping[int, Model], choices: Any = None, **kwargs: Any) -> None:
        self.rows = rows
        known = choices if choices is not None else [(key, str(row)) for key, row in rows.items()]
        super().__init__(choices=known, coerce=_finder(rows), empty_value=[], **kwargs)

    def valid_value(self, value: str) -> bool:
        """Whether it is one of the rows: which of them are shown may have changed since."""
        return value.isascii() and value.isdecimal() and int(value) in self.rows


def _finder(rows: Mapping[int, RowT]) -> Callable[[str], RowT]:
    """The row behind what a browser sent; raises ValueError for one that was not offered."""

    def find(value: str) -> RowT:
        row = rows.get(int(value))
        if row is None:
            raise ValueError(value)
        return row

    return find


class ServiceForm(forms.Form):
    """One service as it is entered. Recipients left empty are those the page names instead."""

    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=LARGEST_QUANTITY,
        initial=1,
        widget=forms.NumberInput({"class": "tiny", "inputmode": "numeric"}),
    )
    result = forms.CharField(label=_("Result"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(
        self, *args: Any, catalogue: Catalogue, people: Mapping[int, Person], needs_people: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = OneOf(catalogue.titles, catalogue.grouped_titles, label=_("Service or measure"))
        self.fields["recipients"] = SomeOf(people, label=_("Recipients"), required=needs_people)
        if not needs_people:
            self.fields["recipients"].help_text = _("Tick nobody, and those who were seen are the recipients.")
        self.fields["form_of_work"] = OneOf(catalogue.forms_of_work, label=_("Form of work"), required=False)
        self.fields["partner"] = OneOf(
            catalogue.partners,
            label=_("Rendered by a partner"),
            required=False,
            help_text=_("Left empty: by the institution itself."),
        )
        self.order_fields(["title", "recipients", "quantity", "form_of_work", "partner", "result"])

    def entry(self, otherwise: Iterable[Person] = ()) -> ServiceEntry:
        """What was entered; `otherwise` are the recipients where none were ticked."""
        data = self.cleaned_data
        return ServiceEntry(
            title=data["title"],
            recipients=tuple(data["recipients"] or otherwise),
            quantity=data["quantity"],
            form_of_work=data["form_of_work"],
            partner=data["partner"],
            result=data["result"],
        )


class ServiceFormSet(forms.BaseFormSet[ServiceForm]):
    """Services one below the other; rows in which nothing was chosen are passed over."""

    row_title = _("Service")
    add_title = _("One more service")

    def entries(self, otherwise: Iterable[Person] = ()) -> list[ServiceEntry]:
        """What was entered in the rows that were filled."""
        seen = tuple(otherwise)
        return [form.entry(seen) for form in self.forms if form.has_changed() and form.is_valid()]


ServiceRows: Any = forms.formset_factory(ServiceForm, formset=ServiceFormSet, extra=1, max_num=MOST_ROWS)


class EntryForm(forms.Form):
    """When and where services without a visit were rendered."""

    on = NativeDateField(label=_("Date"))
    channel = forms.ChoiceField(label=_("Where"), choices=Channel.choices, initial=Channel.OFFICE)
    late_reason = forms.CharField(
        label=_("Why it is entered late"),
        max_length=300,
        required=False,
        help_text=_("Asked for when more than ten days have passed."),
    )
    submission = SubmissionField()


class ReasonForm(forms.Form):
    """Why something is cancelled."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3}))


class ServiceRecordForm(EditForm[ServiceRecord]):
    """A row of the journal that is being corrected."""

    class Meta:
        model = ServiceRecord
        fields = [
            "on",
            "title",
            "recipients",
            "quantity",
            "channel",
            "form_of_work",
            "partner",
            "result",
            "late_reason",
        ]
        widgets = {
            "on": NativeDateInput,
            "recipients": forms.CheckboxSelectMultiple,
            "result": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, catalogue: Catalogue, people: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles: Any = self.fields["title"]
        titles.queryset = titles.queryset.filter(pk__in=catalogue.titles)
        titles.choices = [("", _("not chosen")), *catalogue.grouped_titles]
        members: Any = self.fields["recipients"]
        members.queryset = Person.objects.filter(pk__in=list(people)).order_by("birth_date", "pk")
        partners: Any = self.fields["partner"]
        partners.queryset = partners.queryset.filter(pk__in=catalogue.partners)
