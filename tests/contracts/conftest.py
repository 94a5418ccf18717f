"""Scenes that the tests of contracts share."""

import pytest

from casework.enums import Stage
from casework.models import SupportCase
from families.models import Family
from tests.cast import Cast
from tests.factories.casework import case_at
from tests.factories.families import household


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case in active support since half a year, whose curator is the cast's specialist."""
    family = household(department=cast.department)
    return case_at(Stage.ACTIVE, family=family, curator=cast.specialist, actor=cast.specialist)


@pytest.fixture
def family(case: SupportCase) -> Family:
    found: Family = case.family
    found.refresh_from_db()
    return found
