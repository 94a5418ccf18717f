"""Every route of the application stands in the table, and the table names no other."""

from django.urls import path

from tests.access.routes import GROUPS, group_of, names_in_use, table


def unlisted(names: set[str], listed: set[str]) -> set[str]:
    return {name for name in names - listed if group_of(name) is None}


def test_every_route_stands_in_the_table() -> None:
    names = set(names_in_use())
    assert len(names) > 100
    assert unlisted(names, {route.name for route in table()}) == set()


def test_the_table_names_no_route_that_is_gone() -> None:
    names = set(names_in_use())
    assert {route.name for route in table()} - names == set()
    assert {group for group in GROUPS if not any(name.startswith(group) for name in names)} == set()


def test_an_unlisted_route_is_noticed() -> None:
    pattern = path("families/<int:pk>/secret/", lambda request, pk: None, name="secret")
    assert unlisted({*names_in_use(), str(pattern.name)}, {route.name for route in table()}) == {"secret"}


def test_no_route_is_both_judged_and_left_aside() -> None:
    assert [route.name for route in table() if group_of(route.name)] == []


def test_every_group_says_why_it_is_left_aside() -> None:
    assert all(len(reason) > 20 for reason in GROUPS.values())


def test_a_line_of_the_table_is_not_repeated() -> None:
    lines = [(route.name, str(route.asks), method, route.at) for route in table() for method in route.methods]
    assert len(lines) == len(set(lines))
