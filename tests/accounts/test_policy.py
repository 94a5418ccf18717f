"""Which value of a setting holds on a day: the case's or the council's own, else the region's."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts import policy
from accounts.models import NoPolicy, RegionPolicy
from tests.cast import Cast
from tests.factories.accounts import RegionFactory, RegionPolicyFactory

FIRST, SECOND = date(2026, 1, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("name", "resolve"),
    [
        ("visit_interval_months", policy.visit_interval_months),
        ("quorum_percent", policy.quorum_percent),
        ("session_notice_days", policy.session_notice_days),
    ],
)
def test_an_own_value_wins_else_the_policy_of_the_day(cast: Cast, name: str, resolve: Any) -> None:
    RegionPolicyFactory.create(region=cast.region, valid_from=FIRST, **{name: 11})
    RegionPolicyFactory.create(region=cast.region, valid_from=SECOND, **{name: 12})
    days = [date(2026, 6, 30), SECOND]
    assert [resolve(cast.region, day) for day in days] == [11, 12]
    assert [resolve(cast.region, day, own=13) for day in days] == [13, 13]
    assert resolve(cast.region, SECOND, own=0) == 0


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
