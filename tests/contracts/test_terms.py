"""The terms of contracts are a setting of the region, kept by its administrator (R6)."""

from datetime import date

import pytest
from django.urls import reverse

from contracts.models import TermLimit
from tests.cast import Cast, client_of

pytestmark = pytest.mark.django_db

PAGES = "admin:contracts_termlimit"


@pytest.fixture
def limit(cast: Cast) -> TermLimit:
    return TermLimit.objects.create(
        region=cast.region, kind="BUSINESS", valid_from=date(2026, 1, 1), longest_months=10, act="Постановление № 5"
    )


def test_the_administrator_sets_terms_of_the_own_region(cast: Cast, limit: TermLimit) -> None:
    client = client_of(cast.region_admin)
    form = client.get(reverse(f"{PAGES}_add")).context["adminform"].form
    assert list(form.fields["region"].queryset) == [cast.region]
    data = {"region": cast.region.pk, "kind": "JOB_SEARCH", "valid_from": "01.01.2026", "act": ""}
    months = {"shortest_months": 3, "longest_months": 9}
    assert client.post(reverse(f"{PAGES}_add"), data | months | {"longest_months": 2}).status_code == 200
    assert client.post(reverse(f"{PAGES}_add"), data | months).status_code == 302
    assert TermLimit.objects.get(kind="JOB_SEARCH").region == cast.region
    foreign = client_of(cast.foreign_region_admin)
    assert foreign.get(reverse(f"{PAGES}_change", args=[limit.pk])).status_code == 404
    assert limit.act not in foreign.get(reverse(f"{PAGES}_changelist")).content.decode()


@pytest.mark.parametrize("name", ["specialist", "head", "director", "contract_specialist", "ministry"])
def test_nobody_else_sets_terms(cast: Cast, limit: TermLimit, name: str) -> None:
    assert client_of(cast.people[name]).get(reverse(f"{PAGES}_change", args=[limit.pk])).status_code == 403
