"""Two people who edit the same record: the second save is refused and nothing that was typed is lost.

Every editable record carries a `version`. A form shows the version it read; a save that names an older one changes
nothing, and the person sees, field by field, what they typed and what is stored now.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models, router, transaction
from django.forms.models import ModelChoiceField, ModelForm, model_to_dict
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

from common.constraints import meets_conditions
from common.text import readable

ModelT = TypeVar("ModelT", bound="VersionedModel")


class StaleVersion(Exception):
    """A save named a version that is no longer the stored one: someone else has changed or deleted the record."""


_only_database_checks = ContextVar("only_database_checks", default=False)


@contextmanager
def only_database_checks() -> Iterator[None]:
    """While rows of a trusted source are loaded, leave constraints to the database alone, which enforces them anyway.

    Asking it in advance, for the sake of a message beside a field, costs a query for each constraint of each row. What
    breaks one now ends in IntegrityError instead of ValidationError.
    """
    token = _only_database_checks.set(True)
    try:
        yield
    finally:
        _only_database_checks.reset(token)


class VersionedModel(models.Model):
    """A record that may be edited by several people; `version` grows by one with every save.

    A save compares the version it read with the stored one and raises StaleVersion when they differ, whatever path it
    came by, so a service that works on an old copy is refused as a form is.
    """

    version = models.PositiveIntegerField(default=1, editable=False)

    derived_fields: ClassVar[frozenset[str]] = frozenset()
    """Columns that statements of their own keep true; a save leaves them alone unless it names them."""

    class Meta:
        abstract = True

    def full_clean(
        self,
        exclude: Iterable[str] | None = None,
        validate_unique: bool = True,
        validate_constraints: bool = True,
    ) -> None:
        asks = not _only_database_checks.get()
        super().full_clean(exclude, validate_unique and asks, validate_constraints and asks)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As Django does, but all conditions are asked for at once: each by itself takes three statements."""
        using, left_out = router.db_for_write(type(self), instance=self), set(exclude or ())
        others = [
            (model, constraint)
            for model, constraints in self.get_constraints()
            for constraint in constraints
            if not isinstance(constraint, models.CheckConstraint)
        ]
        try:
            if meets_conditions(self, left_out, using):
                for model, constraint in others:
                    constraint.validate(model, self, exclude=left_out, using=using)
                return
        except ValidationError:
            pass
        super().validate_constraints(exclude)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        update_fields: Iterable[str] | None = kwargs.get("update_fields")
        if update_fields is None and self.derived_fields:
            update_fields = self._written_by_hand()
        if update_fields is not None:
            kwargs["update_fields"] = {*update_fields, "version"}
        read = self.version
        with transaction.atomic(using=kwargs.get("using") or self._state.db):
            if stored_version(self) != read:
                raise StaleVersion(f"{self._meta.label} {self.pk}: version {read} is not the stored one")
            self.version = read + 1
            try:
                super().save(*args, **kwargs)
            except BaseException:
                self.version = read
                raise

    def _written_by_hand(self) -> set[str]:
        """The loaded columns without the derived ones, which may have moved on since they were read."""
        left_alone = self.derived_fields | self.get_deferred_fields()
        return {
            field.name
            for field in self._meta.concrete_fields
            if not (field.primary_key or field.generated or field.attname in left_alone or field.name in left_alone)
        }


def stored_version(instance: VersionedModel) -> int | None:
    """The version in the database, its row locked to the end of the transaction; None when the row is gone."""
    rows = type(instance)._base_manager.using(instance._state.db).select_for_update(of=("self",))
    return rows.filter(pk=instance.pk).values_list("version", flat=True).first()


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that two people left different: what this person typed and what is stored."""

    name: str
    label: str
    yours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class EditConflict:
    """Why a save was refused: what differs, and, where the record keeps history, who saved it last and when.

    `own`: it was the same person, from another window or device.
    """

    fields: tuple[FieldConflict, ...]
    changed_by: str = ""
    changed_at: datetime | None = None
    own: bool = False


class VersionedModelForm(ModelForm[ModelT]):
    """A form of a VersionedModel that carries the version it was filled from in a hidden field.

    When the stored version has moved on, the form is invalid, keeps every typed value, and `conflict` tells what
    differs; it then carries the stored version, so that sending it again is a decision taken with open eyes. Must be
    validated within a transaction (a request is one): the row stays locked from the check to the save.
    """

    version = forms.IntegerField(
        label=_("Version"),
        widget=forms.HiddenInput,
        min_value=1,
        error_messages={
            "required": _("The page is out of date: open it again."),
            "invalid": _("The page is out of date: open it again."),
        },
    )
    conflict: EditConflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not issubclass(self._meta.model, VersionedModel):
            raise ImproperlyConfigured(f"{self._meta.model.__name__} is not a VersionedModel")
        if self.instance._state.adding:
            del self.fields["version"]
        else:
            self.initial["version"] = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "version" in self.fields and "version" in self.cleaned_data:
            self._check_version(self.cleaned_data["version"])
        return cleaned

    def _check_version(self, read: int) -> None:
        stored = stored_version(self.instance)
        if stored is None:
            self.add_error(None, forms.ValidationError(_("This record has been deleted meanwhile."), code="deleted"))
        elif stored != read:
            self.conflict = self._find_conflict()
            data: Any = copy(self.data)
            data[self.add_prefix("version")] = str(stored)
            self.data = data
            told = _("Someone saved this record while you were editing it. Compare the values and save again.")
            if self.conflict.own:
                told = _("You saved this record in another window or on another device. Compare and save again.")
            self.add_error(None, forms.ValidationError(told, code="stale"))

    def _find_conflict(self) -> EditConflict:
        current = type(self.instance)._base_manager.using(self.instance._state.db).get(pk=self.instance.pk)
        stored = model_to_dict(current, fields=list(self.fields))
        conflicts = []
        for name, field in self.fields.items():
            if name == "version" or name not in stored:
                continue
            typed = self.cleaned_data.get(name, self[name].value())
            if field.has_changed(stored[name], self[name].data):
                label = str(self[name].label)
                conflicts.append(FieldConflict(name, label, _shown(field, typed), _shown(field, stored[name])))
        return _conflict(current, tuple(conflicts))


def _conflict(instance: models.Model, fields: tuple[FieldConflict, ...]) -> EditConflict:
    """The conflict with who saved the record last, where it keeps a history."""
    history = getattr(instance, "history", None)
    last = history.select_related("history_user").first() if history is not None else None
    if last is None:
        return EditConflict(fields)
    author, reader = last.history_user, last.get_default_history_user(instance)
    own = author is not None and author == reader
    return EditConflict(fields, str(author or ""), last.history_date, own)


def _shown(field: forms.Field, value: Any) -> str:
    """A value of a form field as a person would read it on the page."""
    if value in field.empty_values:
        return ""
    values = list(value) if isinstance(value, list | tuple | models.QuerySet) else [value]
    if isinstance(field, ModelChoiceField):
        return ", ".join(_title(field, item) for item in values)
    if isinstance(field, forms.ChoiceField):
        chosen = {str(item) for item in values}
        choices: Any = field.choices
        titles: list[tuple[Any, Any]] = list(flatten_choices(choices))
        return ", ".join(str(title) for key, title in titles if str(key) in chosen)
    return readable(value if isinstance(value, bool | date) else field.prepare_value(value))


def _title(field: ModelChoiceField[Any], value: Any) -> str:
    """What a choice of related records calls the one that `value` is, or is the key of."""
    instance = value
    if not isinstance(value, models.Model) and field.queryset is not None:
        instance = field.queryset.filter(**{field.to_field_name or "pk": value}).first()
    return field.label_from_instance(instance) if instance is not None else "?"
