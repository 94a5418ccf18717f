"""Which value of a setting holds on a day: the case's, the council's, the institution's, the region's."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import policy
from accounts.models import InstitutionPolicy, NoPolicy, RegionPolicy
from tests.cast import Cast
from tests.factories.accounts import RegionFactory, RegionPolicyFactory

FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 7, 1), date(2027, 1, 1)


@dataclass
class Record:
    """A case or a council with values of its own from a day on."""

    name: str
    value: Any
    since: date

    def policy_value(self, name: str, day: date) -> Any:
        return self.value if name == self.name and day >= self.since else None


@pytest.mark.parametrize(
    ("name", "resolve", "level"),
    [
        ("visit_interval_months", policy.visit_interval_months, "case"),
        ("quorum_percent", policy.quorum_percent, "council"),
        ("session_notice_days", policy.session_notice_days, "council"),
    ],
)
def test_the_narrowest_dated_value_wins(cast: Cast, name: str, resolve: Any, level: str) -> None:
    RegionPolicyFactory.create(region=cast.region, valid_from=FIRST, **{name: 11})
    RegionPolicyFactory.create(region=cast.region, valid_from=SECOND, **{name: 12})
    own = {level: Record(name, 13, THIRD)}
    days = [date(2026, 6, 30), SECOND, date(2026, 12, 31), THIRD]
    assert [resolve(cast.region, day, **own) for day in days] == [11, 12, 12, 13]
    assert [resolve(cast.region, day) for day in days] == [11, 12, 12, 12]


def test_an_institution_may_differ_from_its_region_and_return(cast: Cast) -> None:
    RegionPolicyFactory.create(region=cast.region, valid_from=FIRST, contact_requires_home_visit=True)
    for day, value in ((SECOND, False), (THIRD, None)):
        InstitutionPolicy.objects.create(
            institution=cast.institution, valid_from=day, contact_requires_home_visit=value
        )
    days = [date(2025, 12, 31), FIRST, SECOND, THIRD]
    expected = {cast.institution: [False, True, False, True], cast.other_institution: [False, True, True, True]}
    for unit, values in expected.items():
        assert [policy.contact_requires_home_visit(unit, day) for day in days] == values


def test_a_day_without_a_policy_is_named(db: None) -> None:
    with pytest.raises(NoPolicy, match="empty has no policy on 2026-01-01"):
        RegionFactory.create(code="empty", policy=None).policy_on(FIRST)
    assert issubclass(NoPolicy, RegionPolicy.DoesNotExist)


def test_the_time_zone_is_the_institutions_own_else_the_regions(cast: Cast) -> None:
    assert str(cast.institution.time_zone) == "Asia/Vladivostok"
    cast.institution.own_time_zone = "Asia/Yakutsk"
    assert str(cast.institution.time_zone) == "Asia/Yakutsk"


@pytest.mark.parametrize(
    "values",
    [
        {"valid_from": FIRST, "quorum_percent": 0},
        {"valid_from": FIRST, "quorum_percent": 101},
        {"valid_from": FIRST, "visit_interval_months": 0},
        {"valid_from": FIRST, "term_min_months": 13},
        {"valid_from": date(2020, 1, 1)},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_by_the_database(cast: Cast, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionPolicyFactory.create(region=cast.region, **values)
