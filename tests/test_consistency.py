"""The house as a whole: foreign keys and imports keep to the layers. Each rule is also shown a planted defect."""

from collections.abc import Iterable, Iterator

import grimp
import pytest
from django.apps import apps
from django.db.models import Field, Model

LAYERS = ["common", "accounts", "records", "partners", "families", "casework", "contracts", "councils", "monitoring"]
ROOMS = [*LAYERS, "demo", "config"]
# What a room keeps for itself, at any depth below it; the rest may be imported by the rooms above.
PRIVATE = {"admin", "filters", "forms", "migrations", "tasks", "urls", "views"}
# The addresses and the schedule of the installation are put together in config.
COMPOSED_IN = "config"


def foreign_keys(models: Iterable[type[Model]]) -> Iterator[tuple[str, str]]:
    """Each relation as (`room.Model.field`, `room.Model` it points to), history tables and link tables included."""
    for model in models:
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.is_relation and field.related_model:
                yield f"{model._meta.label}.{field.name}", field.related_model._meta.label


def pointing_up(edges: Iterable[tuple[str, str]]) -> list[str]:
    """The relations that point from a lower room to a higher one; frameworks' tables lie below all rooms."""

    def level(label: str) -> int:
        room = label.partition(".")[0]
        return ROOMS.index(room) if room in ROOMS else -1

    return [f"{source} -> {target}" for source, target in edges if level(source) < level(target)]


def test_foreign_keys_point_down() -> None:
    edges = [
        edge for edge in foreign_keys(apps.get_models(include_auto_created=True)) if edge[0].split(".")[0] in ROOMS
    ]
    assert len(edges) > 50
    assert pointing_up(edges) == []


@pytest.mark.parametrize("source", ["accounts.User.family", "partners.Referral.case", "casework.Case.decision"])
def test_a_foreign_key_that_points_up_is_found(source: str) -> None:
    edge = (source, {"accounts": "families.Family", "partners": "casework.Case"}.get(source[:8], "councils.Decision"))
    assert pointing_up([edge, ("casework.Case.family", "families.Family"), ("records.Run.by", "auth.Group")]) == [
        f"{edge[0]} -> {edge[1]}"
    ]


def trespasses(graph: grimp.ImportGraph) -> list[str]:
    """Imports of what another room keeps for itself."""
    return sorted(
        f"{importer} imports {imported}"
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if (room := imported.partition(".")[0]) not in (importer.partition(".")[0], "common")
        and importer.partition(".")[0] != COMPOSED_IN
        and room in ROOMS
        and PRIVATE & set(imported.split(".")[1:])
    )


def test_rooms_do_not_reach_into_each_other() -> None:
    graph = grimp.build_graph(*ROOMS, cache_dir=None)
    assert graph.count_imports() > 100
    assert trespasses(graph) == []


def test_an_import_of_a_private_module_is_found() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in [
        ("councils.services.effects", "casework.views.cases"),
        ("councils.services.effects", "casework.services.cases"),
        ("casework.views.cases", "casework.forms"),
        ("config.urls", "casework.urls"),
        ("families.views", "common.forms"),
    ]:
        for module in (importer, imported):
            graph.add_module(module)
        graph.add_import(importer=importer, imported=imported)
    assert trespasses(graph) == ["councils.services.effects imports casework.views.cases"]
