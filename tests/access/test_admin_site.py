"""The administration pages, every one of them: whoever comes in finds no word of a family there."""

from collections.abc import Iterator
from typing import Final

import pytest
from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.urls import NoReverseMatch, reverse

from tests.access.domains import Role
from tests.access.tokenizing import personal_models
from tests.access.walk import Walker
from tests.access.worlds import World

pytestmark = pytest.mark.django_db

ADMINISTRATORS: Final = (Role.REGION_ADMIN, Role.SYSTEM_ADMIN)


def addresses(typed: str) -> Iterator[str]:
    """Lists, searched for a word too, forms, the oldest and the newest record, its history, and every other page."""
    yield reverse("admin:index")
    yield from (reverse("admin:app_list", args=[row._meta.app_label]) for row in admin.site._registry)
    for model, pages in admin.site._registry.items():
        yield f"{reverse(f'admin:{model._meta.app_label}_{model._meta.model_name}_changelist')}?q={typed}"
        for name in filter(None, (pattern.name for pattern in pages.urls)):
            yield from addresses_of(f"admin:{name}", model)
    for personal in personal_models():
        place = next(row for row in personal._meta.concrete_fields if isinstance(row, ForeignKey))
        about = f"app_label={personal._meta.app_label}&model_name={personal._meta.model_name}"
        yield f"{reverse('admin:autocomplete')}?{about}&field_name={place.name}&term={typed}"


def entrances() -> Iterator[str]:
    """The first pages: the gate before them is the same for all."""
    yield reverse("admin:index")
    yield from (
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
    )


def addresses_of(name: str, model: type[Model]) -> Iterator[str]:
    """The page by itself, or about the oldest and the newest record of its model."""
    try:
        yield reverse(name)
    except NoReverseMatch:
        keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
        yield from (reverse(name, args=[key]) for key in {keys.first(), keys.last()} - {None})


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_no_administration_page_tells_of_a_family(world: World, role: Role) -> None:
    walker = Walker(world, world.lead(role))
    typed = world.subject("own").family.memberships.get(is_head=True).person.last_name
    opened, told = 0, []
    for address in addresses(typed):
        answer = walker.send("GET", address)
        opened += answer.status == 200
        assert answer.status < 500, address
        shown = world.tokens.found_in(answer.text.replace(typed, ""))
        told += [f"{address} ({answer.status}) shows {token}" for token in shown]
    assert told == []
    assert opened > 20


@pytest.mark.parametrize("role", sorted(set(Role) - set(ADMINISTRATORS)))
def test_nobody_else_comes_in(world: World, role: Role) -> None:
    walker = Walker(world, world.lead(role))
    answers = [walker.send("GET", address) for address in entrances()]
    assert not any(answer.opened for answer in answers)
    assert not any(world.tokens.found_in(answer.text) for answer in answers)


def test_no_record_of_a_family_is_administered() -> None:
    assert admin.site._registry.keys() & personal_models() == set()
