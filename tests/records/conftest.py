"""A door of the tests' own, a media folder that is thrown away."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.enums import Role
from accounts.models import Institution, User
from records import doors

KIND = "tests.unit"


def _load(user: User, pk: int) -> Any:
    """The institution as the record: known to those who work there. It hangs on family 77."""
    if user.appointment is None or user.appointment.institution_id != pk:
        return None
    unit = Institution.objects.get(pk=pk)
    return SimpleNamespace(pk=unit.pk, family_id=77, get_absolute_url=lambda: f"/units/{unit.pk}/")


def _has_role(*roles: str) -> doors.Permission:
    return lambda user, _owner: user.appointment is not None and user.appointment.role in roles


@pytest.fixture
def unit_door(monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of records whose papers everybody of the unit but the secretary takes, and the specialist attaches."""
    monkeypatch.setattr(doors, "_doors", dict(doors._doors))
    readers = _has_role(Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)
    doors.register_owner(KIND, _load, may_read=readers, may_write=_has_role(Role.SPECIALIST))
    return KIND


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: LazySettings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
