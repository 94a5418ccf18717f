"""A door of the tests' own, a media folder that is thrown away."""

from collections.abc import Collection, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.enums import Role
from accounts.models import Institution, User
from records import doors

KIND = "tests.unit"


def _find(user: User, ids: Collection[int]) -> Iterable[Any]:
    """Institutions as the records: known to those who work there. They hang on family 77."""
    known = [user.appointment.institution_id] if user.appointment else []
    for unit in Institution.objects.filter(pk__in=ids).filter(pk__in=known):
        yield SimpleNamespace(pk=unit.pk, family_id=77, get_absolute_url=lambda pk=unit.pk: f"/units/{pk}/")


def _has_role(*roles: str) -> doors.Permission:
    return lambda user, _owner: user.appointment is not None and user.appointment.role in roles


@pytest.fixture
def unit_door(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of records whose papers everybody of the unit but the secretary takes, and the specialist attaches."""
    monkeypatch.setattr(doors, "_doors", dict(doors._doors))
    readers = _has_role(Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)
    doors.register_owner(KIND, _find, may_read=readers, may_write=_has_role(Role.SPECIALIST))
    return KIND


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: LazySettings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
