"""The world of the access table, built once for each module that asks for it."""

from collections.abc import Iterator

import pytest
from allauth.account.internal.flows import reauthentication
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.access.worlds import World, build_world


@pytest.fixture(scope="module", autouse=True)
def _password_just_given() -> Iterator[None]:
    """Signing asks for the password first, whoever signs; here it was given a moment ago."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reauthentication, "is_reauthentication_required", lambda *_args, **_options: False)
        yield


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """All families, units and people at once; each test works within a savepoint on top of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)
