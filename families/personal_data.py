"""Every model that holds personal data, and its way to the family: for merges, the subject's print, anonymising.

Rooms name their models when they start. A consistency test refuses a model with a way to a person or a family that
nobody named.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class PersonalModel:
    """A model with personal data: the fields that tell of a person, its paths to family and person ("": none)."""

    model: type[Model]
    fields: tuple[str, ...]
    family_path: str = "family"
    person_path: str = ""


_registered: dict[type[Model], PersonalModel] = {}


def register(
    model: type[Model], fields: Iterable[str] = (), *, family_path: str = "family", person_path: str = ""
) -> None:
    """Name a model that holds personal data. `fields` are those to blank when its people are made anonymous.

    Raises FieldDoesNotExist for a field the model lacks, ValueError for a model named twice with different fields.
    """
    row = PersonalModel(model, tuple(fields), family_path, person_path)
    for name in row.fields:
        model._meta.get_field(name)
    if _registered.get(model, row) != row:
        raise ValueError(f"{model._meta.label} is registered twice.")
    _registered[model] = row


def registered() -> list[PersonalModel]:
    """All of them, in the order of their rooms' names."""
    return sorted(_registered.values(), key=lambda row: row.model._meta.label)
