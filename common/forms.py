"""Form fields for the way Russian office work is typed, and the renderer that lays every form out alike.

Model forms get these fields by themselves when they inherit `ModelForm` or `EditForm`; any value that a browser can
send, however strange, ends in a form error.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.forms.models import ModelFormMetaclass
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common import phones, snils, text
from common.constraints import place_of_mending
from common.editing import VersionedModel, VersionedModelForm

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
DATE_FORMATS = ["%d.%m.%Y", "%Y-%m-%d", "%d%m%Y"]
LONG_TEXT = 10_000
LONGEST_SUM = 12

ModelT = TypeVar("ModelT", bound=models.Model)
VersionedT = TypeVar("VersionedT", bound=VersionedModel)


class BoundField(forms.BoundField):
    """A field of a form as its template asks for it."""

    @property
    def has_own_words(self) -> bool:
        """Whether its choices are people's text: records, or what a field says of itself by `own_words`."""
        return getattr(self.field, "queryset", None) is not None or getattr(self.field, "own_words", False)


class FormRenderer(TemplatesSetting):
    """Forms, their rows and fields from `templates/ui/`; label, hint, error and control in one (`as_field_group`)."""

    bound_field_class = BoundField
    form_template_name = "ui/form.html"
    formset_template_name = "ui/formset.html"
    field_template_name = "ui/field.html"


class DateInput(forms.DateInput):
    """A date typed as ДД.ММ.ГГГГ on a numeric keyboard; scripts tidy it by `data-format`."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        known = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 10, "data-format": "date"}
        super().__init__(known | (attrs or {}), format="%d.%m.%Y")


class NativeDateInput(forms.DateInput):
    """The browser's own date control, for tablets."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()} | (attrs or {}), format="%Y-%m-%d")


class NativeDateTimeInput(forms.DateTimeInput):
    """The browser's own control for a date with a time of day."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


_DATE_LIMITS = (
    MinValueValidator(FIRST_DAY, _("Check the year: it is before 1900.")),
    MaxValueValidator(LAST_DAY, _("Check the year: it is after 2100.")),
)


_WRITTEN_DATE = re.compile(
    r"(?:(\d{1,2})\.(\d{1,2})\.([12]\d{3})|([12]\d{3})-(\d\d)-(\d\d)|(\d\d)(\d\d)([12]\d{3}))(?!\d)", re.ASCII
)


def _missing_date(typed: str) -> ValidationError | None:
    """Why what is written as a date, 31.02.2026, is none; None for what is not written as one."""
    written = _WRITTEN_DATE.match(typed.strip())
    if written is None:
        return None
    parts = [int(part) for part in written.groups() if part is not None]
    year, month, day = parts if written[4] else reversed(parts)
    if not 1 <= month <= 12:
        return ValidationError(_("There is no such date: check the month."), code="no_such_date")
    if day == 0:
        return ValidationError(_("There is no such date: check the day."), code="no_such_date")
    days = monthrange(year, month)[1]
    if day <= days:
        return None
    told = ngettext(
        "There is no such date: this month has %(days)d day.",
        "There is no such date: this month has %(days)d days.",
        days,
    )
    return ValidationError(told % {"days": days}, code="no_such_date")


class _TellsMissingDates:
    """A date field that tells a date that does not exist from one that is badly written."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)  # type: ignore[misc]
        except ValidationError:
            missing = _missing_date(value) if isinstance(value, str) else None
            if missing is None:
                raise
            raise missing from None


class DateField(_TellsMissingDates, forms.DateField):
    """A date between 1900 and 2100, typed 05.11.2026, 05112026 or sent as 2026-11-05, in any interface language."""

    widget: Any = DateInput
    default_validators = [*forms.DateField.default_validators, *_DATE_LIMITS]
    default_error_messages = {"invalid": _("Write the date as 05.11.2026.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", DATE_FORMATS)
        super().__init__(**kwargs)


class NativeDateField(DateField):
    """A date picked with the browser's own control."""

    widget = NativeDateInput


class DateTimeField(_TellsMissingDates, forms.DateTimeField):
    """A moment between 1900 and 2100 in the active time zone."""

    widget: Any = NativeDateTimeInput
    default_error_messages = {"invalid": _("Write the date and time as 05.11.2026 14:30.")}
    default_validators = [
        MinValueValidator(datetime(1900, 1, 1, tzinfo=UTC), _("Check the year: it is before 1900.")),
        MaxValueValidator(datetime(2100, 12, 31, tzinfo=UTC), _("Check the year: it is after 2100.")),
    ]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
        super().__init__(**kwargs)


class SnilsField(forms.CharField):
    """A SNILS: typed with or without separators, stored as eleven digits, shown as 112-233-445 95."""

    default_validators = [snils.validate]
    widget: Any = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "data-format": "snils"})
        )
        super().__init__(**(kwargs | {"max_length": 30}))

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        try:
            return snils.normalise(typed)
        except ValueError:
            raise forms.ValidationError(_("A SNILS has eleven digits."), code="snils") from None

    def prepare_value(self, value: Any) -> Any:
        return snils.display(value) if isinstance(value, str) else value


class PhoneField(forms.CharField):
    """A telephone: full numbers are stored as +79161234567, local ones ("2-12-34") and notes as typed."""

    default_error_messages = {
        "mistyped": _(
            "There is no such number. A full one is +7 and ten digits; a local one has three to seven digits and begins"
            " with neither 0 nor 1."
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"type": "tel", "autocomplete": "off", "data-format": "phone"}))
        kwargs.setdefault("max_length", 50)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        if phones.is_mistyped(typed):
            raise forms.ValidationError(self.error_messages["mistyped"], code="mistyped")
        return phones.normalise(typed)

    def prepare_value(self, value: Any) -> Any:
        return phones.display(value) if isinstance(value, str) else value


class MoneyField(forms.DecimalField):
    """A sum in roubles, zero or more, to the kopeck: "1 671 472,50" and "1671472.5" are the same."""

    widget: Any = forms.TextInput
    default_error_messages = {"invalid": _("Write a sum such as 1 671 472,50.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "data-format": "money"})
        )
        kwargs.setdefault("min_value", 0)
        super().__init__(**({"max_digits": LONGEST_SUM, "decimal_places": 2} | kwargs))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split())
            if value and not re.fullmatch(r"-?\d{1,15}([.,]\d{1,4})?", value, flags=re.ASCII):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            value = value.replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        return text.grouped(value, 2) if isinstance(value, Decimal | int) and not isinstance(value, bool) else value


def form_field(column: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The form field of a model's column, with the project's dates, and a limit on text that the column leaves open."""
    if isinstance(column, models.DateTimeField):
        kwargs.setdefault("form_class", DateTimeField)
    elif isinstance(column, models.DateField):
        kwargs.setdefault("form_class", DateField)
    elif isinstance(column, models.URLField):
        kwargs.setdefault("assume_scheme", "https")
    elif isinstance(column, models.TextField) and not column.choices:
        kwargs.setdefault("max_length", LONG_TEXT)
    return column.formfield(**kwargs)


class _ModelFormMetaclass(ModelFormMetaclass):
    """Gives every model form `form_field`, unless its Meta names a callback of its own."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and getattr(meta, "formfield_callback", None) is None:
            meta.formfield_callback = staticmethod(form_field)
        return super().__new__(mcs, name, bases, attrs)


class _PlacesErrors:
    """What a constraint of the model refuses stands at the field where it is mended, not only on top of the form."""

    def add_error(self, field: str | None, error: Any) -> None:
        """As Django's; an error of the whole record goes to the last field of the form that its constraint names."""
        add: Any = super().add_error  # type: ignore[misc]
        errors = error if isinstance(error, ValidationError) else ValidationError(error)
        if field is not None:
            add(field, error)
        elif hasattr(errors, "error_dict"):
            for name, listed in errors.error_dict.items():
                if name == NON_FIELD_ERRORS:
                    self.add_error(None, listed)
                else:
                    add(name, listed)
        else:
            for single in errors.error_list:
                add(self._place_of(single), single)

    def _place_of(self, error: ValidationError) -> str | None:
        form: Any = self
        for constraint in form._meta.model._meta.constraints:
            if constraint.get_violation_error_message() == str(error.message):
                offered = [field.name for field in form.visible_fields()]
                return place_of_mending(constraint, offered)
        return None


class ModelForm(_PlacesErrors, forms.ModelForm[ModelT], metaclass=_ModelFormMetaclass):
    """A model form with the project's fields."""


class EditForm(_PlacesErrors, VersionedModelForm[VersionedT], metaclass=_ModelFormMetaclass):
    """A model form with the project's fields that refuses to overwrite another person's edit."""


def taken(request: HttpRequest, form: forms.BaseForm, save: Callable[[], HttpResponse]) -> HttpResponse | None:
    """The answer to a form that was sent and taken: what `save` gives, in one transaction.

    None for a form to be shown: it was not sent, holds something wrong, or the service refused it with a
    ValidationError, whose words then stand in the form beside what was typed.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        with transaction.atomic():
            return save()
    except ValidationError as error:
        refuse(form, error)
        return None


def tell_saved(request: HttpRequest, what: str) -> None:
    """Say on the next page what has been done: a sentence ("The agenda is approved."), or what was saved.

    The latter is a noun ("planned visit"), or the title of the form's page.
    """
    is_sentence = what.endswith(".")
    messages.success(request, what if is_sentence else gettext("Saved: %(what)s.") % {"what": text.mid_line(what)})


def refuse(form: forms.BaseForm, error: ValidationError) -> None:
    """Write a service's refusal into the form: beside the fields it names, and on top what it does not."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        field = name if name in form.fields else None
        form.add_error(None if name == NON_FIELD_ERRORS else field, errors)
