"""Every model with a way to a family or a person is named as personal data, has a door and a history."""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model
from simple_history.models import HistoricalChanges

from families.models import Family, FamilyGrant, FamilyMembership, FamilyUserObjectPermission, Person
from families.personal_data import PersonalModel, register, registered

# Rights, not facts about people: who granted what to whom is itself the record.
LEDGERS = {FamilyGrant, FamilyUserObjectPermission}


def points_to(model: type[Model], targets: Iterable[type[Model]]) -> bool:
    return any(isinstance(field, ForeignKey) and field.related_model in targets for field in model._meta.get_fields())


def personal_models() -> set[type[Model]]:
    """Family, person, and whatever leads to them through foreign keys, histories and rights left aside."""
    found: set[type[Model]] = {Family, Person}
    models = [model for model in apps.get_models() if not issubclass(model, HistoricalChanges)]
    while fresh := {model for model in models if model not in found and points_to(model, found)}:
        found |= fresh
    return found - LEDGERS


def rooms() -> set[str]:
    return {row.model._meta.app_label for row in registered()}


def test_a_room_that_names_personal_data_names_all_of_it() -> None:
    wanted = {model for model in personal_models() if model._meta.app_label in rooms()}
    assert {row.model for row in registered()} - LEDGERS == wanted
    assert Family in wanted


def test_personal_models_have_a_door_and_a_history() -> None:
    for model in personal_models():
        if model._meta.app_label in rooms():
            assert hasattr(model._default_manager.all(), "visible_to"), model
            assert hasattr(model, "history"), model


def test_paths_lead_where_they_say() -> None:
    for row in registered():
        for path, target in ((row.family_path, Family), (row.person_path, Person)):
            if path:
                assert leads_to(row, path) is target, f"{row.model}: {path}"


def leads_to(row: PersonalModel, path: str) -> type[Model]:
    model = row.model
    for name in path.split("__"):
        if name != "pk":
            model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model


def test_a_field_that_is_not_there_and_a_second_opinion_are_refused() -> None:
    with pytest.raises(FieldDoesNotExist):
        register(FamilyMembership, ("nickname",))
    with pytest.raises(ValueError, match="twice"):
        register(FamilyMembership, ("role",))
