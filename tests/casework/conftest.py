"""Scenes that the tests of cases share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Q

from accounts.models import User
from casework import registry
from casework.enums import GuardCode, Stage
from casework.models import SupportCase
from casework.registry import Guard
from families.models import Family
from tests.cast import Cast
from tests.factories.casework import case_at
from tests.factories.families import household

CaseAt = Callable[..., SupportCase]


@pytest.fixture
def family(cast: Cast) -> Family:
    """A family of the cast's department, with a mother and a child."""
    return household(department=cast.department)


@pytest.fixture
def at(cast: Cast) -> CaseAt:
    """Builds cases of the cast's department, by default with its specialist as the curator."""

    def build(stage: Stage, *, curator: User | None = None, **values: Any) -> SupportCase:
        family = values.pop("family", None) or household(department=cast.department)
        values.setdefault("actor", cast.specialist)
        return case_at(stage, family=family, curator=curator or cast.specialist, **values)

    return build


@pytest.fixture
def guards(monkeypatch: pytest.MonkeyPatch) -> set[GuardCode]:
    """All guards answered by hand: those in the set are met, the others are not."""
    met = set(GuardCode)

    def guard(code: GuardCode) -> Guard:
        return Guard(code, f"{code} met", f"{code} missing", lambda _on: Q(pk__isnull=code not in met))

    monkeypatch.setattr(registry, "_guards", {code: guard(code) for code in GuardCode})
    return met
