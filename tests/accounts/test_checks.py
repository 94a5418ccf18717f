"""What the system refuses to run on."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection
from django.db.models import BooleanField

from accounts.models import User
from tests.cast import Cast


def identifiers(**options: Any) -> list[str | None]:
    return [message.id for message in run_checks(**options)]


def test_the_installation_passes(db: None) -> None:
    assert not {"accounts.E001", "accounts.E002"} & set(identifiers(databases=["default"]))


def test_there_are_no_superusers_and_a_column_for_them_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert User(username="root").is_superuser is False
    assert not hasattr(User.objects, "create_superuser")
    flag = BooleanField()
    flag.set_attributes_from_name("is_superuser")
    known = User._meta.get_fields()
    monkeypatch.setattr(User._meta, "get_fields", lambda: [*known, flag])
    assert "accounts.E001" in identifiers()


def test_a_database_blind_to_cyrillic_is_refused(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA blind")
        # What show_trgm answers for Cyrillic letters in a database with the C locale.
        cursor.execute("CREATE FUNCTION blind.show_trgm(text) RETURNS text[] LANGUAGE sql AS $$ SELECT '{}'::text[] $$")
        cursor.execute("SET LOCAL search_path = blind, public")
    assert "accounts.E002" in identifiers(databases=["default"])


def test_no_right_comes_from_djangos_permissions(cast: Cast) -> None:
    user = cast.specialist
    assert not user.has_perm("accounts.view_user")
    assert not user.has_perms(["accounts.view_user"])
    assert not user.has_module_perms("accounts")
