"""The judgement is judged: the walk and the scopes notice each planted defect, and nothing where there is none."""

import importlib
import pkgutil

import pytest
from django.db.models import QuerySet

from tests.access.defects import ROOMS, SCOPES, Defect, defects, dropped
from tests.access.domains import Relation, Role
from tests.access.doors import wrong_doors
from tests.access.routes import table
from tests.access.test_walk import one_of_a_relation, subjects_of
from tests.access.walk import Walker
from tests.access.worlds import Actor, World

pytestmark = pytest.mark.django_db
NOTICERS = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.COUNCIL_SECRETARY, Role.AUDITOR)


def actors(world: World, defect: Defect) -> list[Actor]:
    """Who looks: the one who would notice first, then the others that read families."""
    if defect.attribute == "is_in_force":
        return [world.deputy(defect.role, Relation.DEPUTY_EXPIRED)]
    if defect.attribute == "authorities_of":
        return [world.former_contact()]
    return [world.lead(role) for role in dict.fromkeys((defect.role, *NOTICERS))]


def faults(world: World, people: list[Actor], names: tuple[str, ...]) -> list[str]:
    """What the scopes, and the pages with these names, show to be wrong; the first finding is enough."""
    for actor in people:
        walker = Walker(world, actor)
        if found := next(wrong_doors(walker), None):
            return [found]
        for route in table():
            if route.name in names and route.is_list:
                walker.ask_list(route)
            elif route.name in names:
                subjects = [row for row in subjects_of(world, route) if actor.is_asked_about(row)]
                for subject in one_of_a_relation(actor, subjects):
                    walker.ask(route, subject, route.methods[0])
            if walker.faults:
                return walker.faults
    return []


def test_every_planted_defect_is_noticed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    missed = []
    for defect in defects():
        with defect.planted():
            if not faults(world, actors(world, defect), defect.routes):
                missed.append(str(defect))
    with capsys.disabled():
        print(f"\nplanted defects noticed: {len(defects()) - len(missed)} of {len(defects())}")  # noqa: T201
    assert missed == []


def test_every_scope_of_the_product_has_its_filter_dropped() -> None:
    """Read from the modules themselves: a queryset that no model carries yet is a door all the same."""
    planted = {defect.owner for defect in dropped()}
    assert scoped_classes() - planted == set()
    assert len(planted) > 20


def scoped_classes() -> set[type]:
    """The classes of querysets in our modules whose own code narrows their rows to somebody's."""
    found: set[type] = set()
    for name in ROOMS:
        room = importlib.import_module(name)
        for module in pkgutil.walk_packages(room.__path__, f"{name}."):
            if ".migrations" not in module.name:
                members = vars(importlib.import_module(module.name)).values()
                found |= {row for row in members if isinstance(row, type) and issubclass(row, QuerySet)}
    return {row for row in found if not vars(row).keys().isdisjoint(SCOPES)}


def test_nothing_is_noticed_without_a_defect(world: World) -> None:
    people = [world.lead(role) for role in dict.fromkeys((*NOTICERS, *(defect.role for defect in defects())))]
    people.append(world.deputy(Role.DEPARTMENT_HEAD, Relation.DEPUTY_EXPIRED))
    names = tuple(name for defect in defects() for name in defect.routes)
    assert faults(world, people, names) == []


def test_a_planted_defect_is_taken_back() -> None:
    for defect in defects():
        right = getattr(defect.owner, defect.attribute)
        with defect.planted():
            assert getattr(defect.owner, defect.attribute) is not right
        assert getattr(defect.owner, defect.attribute) is right
    assert len(defects()) > 70
