"""Forms of a family's record, its members, and of registering both at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Precinct, Territory
from common.forms import DateField, EditForm, ModelForm, PhoneField, SnilsField
from common.ordering import natural
from families.enums import FamilyRole
from families.models import Family, FamilyMembership, NeedDegree, Person
from families.services.generations import no_younger_children, told
from records.services.submissions import SubmissionField

GROWN_UPS = frozenset(FamilyRole.values) - {FamilyRole.CHILD}
ADDRESS = ("settlement", "street", "house", "flat", "address_note", "registration_address", "precinct")
CONTACTS = ("phone", "phone_note")
HOUSING = ("housing", "housing_note")
NAME = ("last_name", "first_name", "patronymic", "sex", "birth_date")
MARKS = ("is_representative", "is_head", "lives_together")
PLACE = ("role", *MARKS)


class SettlementField(forms.ModelChoiceField[Territory]):
    """A settlement, named together with its municipality."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, {obj.parent.title}" if obj.parent else str(obj.title)


class Group(TypedDict):
    """A titled part of a form; the fields of one row stand side by side where there is room."""

    title: Any
    rows: list[list[forms.BoundField]]


class _FamilyFields:
    """What the forms of a family share: choices of its own region and institution, and the order on the page."""

    fields: dict[str, forms.Field]

    def limit_to(self, family: Family) -> None:
        settlements = Territory.objects.filter(region=family.region_id, parent__isnull=False)
        _choose_from(self.fields["settlement"], settlements.select_related("parent").order_by("parent__title", "title"))
        precincts = Precinct.objects.filter(department__institution=family.institution_id)
        _choose_from(self.fields["precinct"], precincts.order_by(natural("title")))

    def laid_out(self, *parts: tuple[Any, Sequence[Sequence[str]]]) -> list[Group]:
        form: Any = self
        return [
            Group(title=title, rows=[[form[name] for name in row if name in self.fields] for row in rows])
            for title, rows in parts
        ]

    def home_parts(self) -> tuple[tuple[Any, Sequence[Sequence[str]]], ...]:
        return (
            (
                _("Where the family lives"),
                (("settlement", "precinct"), ("street", "house", "flat"), ("address_note",), ("registration_address",)),
            ),
            (_("Contacts"), (CONTACTS,)),
            (_("Housing"), (HOUSING,)),
        )


def _choose_from(field: forms.Field, rows: Any) -> None:
    """Let a choice of records be made among `rows`, whose names people wrote."""
    choice: Any = field
    choice.queryset = rows
    choice.widget.attrs["data-user-content"] = ""


class FamilyForm(_FamilyFields, ModelForm[Family]):
    """A new family, beside the rows of its members."""

    settlement = SettlementField(label=_("Settlement"), queryset=Territory.objects.none(), required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    submission = SubmissionField()

    class Meta:
        model = Family
        fields = ["registered_on", "title", *ADDRESS, *CONTACTS, *HOUSING]

    def __init__(self, *args: Any, family: Family, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **({"instance": family} | kwargs))
        self.today = today
        self.initial["registered_on"] = today
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Left empty, it is the surname of the main contact.")
        self.limit_to(family)

    @property
    def layout(self) -> list[Group]:
        return self.laid_out(*self.home_parts(), (_("Registration"), (("registered_on", "title"),)))

    def clean_registered_on(self) -> date:
        day: date = self.cleaned_data["registered_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class FamilyEditForm(_FamilyFields, EditForm[Family]):
    """Name, address, contacts, housing and degree of need of a family."""

    settlement = SettlementField(label=_("Settlement"), queryset=Territory.objects.none(), required=False)
    phone = PhoneField(label=_("Phone"), required=False)

    class Meta:
        model = Family
        fields = ["title", *ADDRESS, *CONTACTS, *HOUSING, "need_degree"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit_to(self.instance)
        degrees = NeedDegree.objects.valid_on(today)
        if self.instance.need_degree_id:
            degrees |= NeedDegree.objects.filter(pk=self.instance.need_degree_id)
        if degrees.exists():
            _choose_from(self.fields["need_degree"], degrees)
        else:
            del self.fields["need_degree"]

    @property
    def layout(self) -> list[Group]:
        return self.laid_out((_("Family"), (("title", "need_degree"),)), *self.home_parts())


class MemberForm(ModelForm[Person]):
    """A person who joins a family, with the place in it."""

    snils = SnilsField(label=_("SNILS"), required=False)
    phone = PhoneField(label=_("Phone"), required=False)
    role = forms.ChoiceField(label=_("Role in the family"), choices=[("", _("not chosen")), *FamilyRole.choices])
    is_representative = forms.BooleanField(label=_("Legal representative of the children"), required=False)
    is_head = forms.BooleanField(label=_("Main contact"), required=False)
    lives_together = forms.BooleanField(label=_("Lives with the family"), required=False, initial=True)

    class Meta:
        model = Person
        fields = [*NAME, "snils", "phone"]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.order_fields(["role", *NAME, "snils", "phone", "is_representative", "is_head", "lives_together"])

    def has_changed(self) -> bool:
        """Whether a person was entered: a row with nothing but ticked boxes is an empty one."""
        return bool(set(self.changed_data) - {*MARKS, "DELETE"})

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields as they stand side by side."""
        names = (("role", "last_name"), ("first_name", "patronymic"), ("sex", "birth_date"), ("snils", "phone"))
        return [[self[name] for name in row] for row in names]

    @property
    def marks(self) -> list[forms.BoundField]:
        """The boxes to tick."""
        return [self[name] for name in (*MARKS, "DELETE") if name in self.fields]

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if born > self.today:
            raise forms.ValidationError(_("The date of birth lies in the future."))
        return born

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("role") == FamilyRole.CHILD and self.cleaned_data.get("is_representative"):
            self.add_error("is_representative", _("A child is nobody's legal representative."))
        return cleaned

    def membership(self, starts_on: date) -> FamilyMembership:
        """The place in the family that was filled in, unsaved."""
        return FamilyMembership(starts_on=starts_on, **{name: self.cleaned_data[name] for name in PLACE})


class NewMemberForm(MemberForm):
    """The same on a page of its own: when the person joined, and by which document a guardian acts."""

    starts_on = DateField(label=_("Member of the family since"))
    representation_document = forms.CharField(
        label=_("Document of the representative's authority"), max_length=300, required=False
    )
    submission = SubmissionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = self.today

    def membership(self, starts_on: date) -> FamilyMembership:
        row = super().membership(starts_on)
        row.representation_document = self.cleaned_data["representation_document"]
        return row


class BaseMemberFormSet(forms.BaseFormSet[MemberForm]):
    """The members of a new family: at least one, nobody twice, one main contact."""

    row_title = _("Family member")
    add_title = _("Add another member")

    @property
    def filled(self) -> list[MemberForm]:
        """The rows that hold a person and were not taken out."""
        return [form for form in self.forms if form.has_changed() and not self._taken_out(form)]

    @staticmethod
    def _taken_out(form: MemberForm) -> bool:
        return bool(form.fields["DELETE"].widget.value_from_datadict(form.data, {}, form.add_prefix("DELETE")))

    def clean(self) -> None:
        rows = [form.cleaned_data for form in self.filled if form.is_valid()]
        if not self.filled:
            raise forms.ValidationError(_("Enter at least one member of the family."))
        people = [
            (row.get("last_name"), row.get("first_name"), row.get("patronymic"), row.get("birth_date")) for row in rows
        ]
        numbers = [row["snils"] for row in rows if row.get("snils")]
        mistakes = []
        if len(set(people)) < len(people) or len(set(numbers)) < len(numbers):
            mistakes.append(_("The same person is entered twice."))
        if sum(bool(row.get("is_head")) for row in rows) > 1:
            mistakes.append(_("A family has one main contact."))
        self._check_generations()
        if mistakes:
            raise forms.ValidationError(mistakes)

    def _check_generations(self) -> None:
        """A child that is no younger than its parent is told of in the child's own row."""
        today: date = self.form_kwargs["today"]
        rows = [form for form in self.filled if form.is_valid()]
        members = [form.membership(today) for form in rows]
        for form, membership in zip(rows, members, strict=True):
            membership.person = form.instance
        for child, elder in no_younger_children(members, today):
            rows[members.index(child)].add_error("birth_date", told(child, elder))


MemberFormSet = forms.formset_factory(MemberForm, formset=BaseMemberFormSet, extra=2, max_num=30, can_delete=True)


class PersonEditForm(EditForm[Person]):
    """Everything that is noted of a person."""

    snils = SnilsField(label=_("SNILS"), required=False)
    phone = PhoneField(label=_("Phone"), required=False)

    class Meta:
        model = Person
        fields = [
            *NAME,
            "snils",
            "citizenship",
            *("document_kind", "document_series", "document_number", "document_issued_by", "document_issued_on"),
            *("phone", "phone_note", "died_on", "name_genitive", "name_dative"),
        ]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @property
    def layout(self) -> list[Group]:
        parts: tuple[tuple[Any, tuple[tuple[str, ...], ...]], ...] = (
            (
                _("Person"),
                (("last_name", "first_name", "patronymic"), ("sex", "birth_date"), ("snils", "citizenship")),
            ),
            (
                _("Identity document"),
                (
                    ("document_kind", "document_series", "document_number"),
                    ("document_issued_by", "document_issued_on"),
                ),
            ),
            (_("Contacts"), (CONTACTS,)),
            (_("Name in papers"), (("name_genitive", "name_dative"),)),
            (_("If the person has died"), (("died_on",),)),
        )
        return [Group(title=title, rows=[[self[name] for name in row] for row in rows]) for title, rows in parts]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in ("birth_date", "died_on", "document_issued_on"):
            day = self.cleaned_data.get(name)
            if day is not None and day > self.today:
                self.add_error(name, _("This day has not come yet."))
        return cleaned


class MembershipEditForm(EditForm[FamilyMembership]):
    """The place of a person in the family."""

    class Meta:
        model = FamilyMembership
        fields = ["role", "lives_together", "is_head", "is_representative", "representation_document", "starts_on"]


class EndMembershipForm(forms.Form):
    on = DateField(label=_("Last day in the family"))
    reason = forms.CharField(label=_("Reason"), max_length=300)
