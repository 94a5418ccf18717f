"""The register of legal acts: the region's administrator keeps the region's, everybody cites what is in force."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from records.models import LegalAct
from tests.cast import Cast, client_of
from tests.factories.records import LegalActFactory

ADD = "/admin/records/legalact/add/"
FORM = {
    "issuer": "Министерство труда",
    "kind": "Приказ",
    "number": "420/1",
    "dated": "23.09.2020",
    "title": "О службе социального сопровождения",
    "in_force_from": "01.10.2020",
    "in_force_to": "",
}


def test_the_administrator_of_a_region_keeps_its_acts(cast: Cast) -> None:
    client = client_of(cast.region_admin)
    assert client.post(ADD, FORM | {"region": cast.region.pk}).status_code == 302
    act = LegalAct.objects.get()
    assert (act.region, act.number, act.dated) == (cast.region, "420/1", date(2020, 9, 23))
    assert "420/1" in client.get("/admin/records/legalact/").content.decode()
    assert client.post(ADD, FORM | {"region": cast.region.pk}).status_code == 200
    assert client.post(ADD, FORM | {"region": cast.foreign_region.pk, "number": "2"}).status_code == 200
    assert client.post(ADD, FORM | {"region": "", "number": "2"}).status_code == 200
    assert LegalAct.objects.count() == 1


def test_federal_acts_are_shown_and_not_changed(cast: Cast) -> None:
    federal = LegalActFactory(region=None)
    foreign = LegalActFactory(region=cast.foreign_region)
    client = client_of(cast.region_admin)
    page = reverse("admin:records_legalact_change", args=[federal.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, FORM).status_code == 403
    assert client.get(reverse("admin:records_legalact_change", args=[foreign.pk])).status_code == 404
    assert client_of(cast.head).get("/admin/records/legalact/").status_code in {302, 403}


@pytest.mark.django_db
def test_in_force_between_its_two_days() -> None:
    act = LegalActFactory(in_force_from=date(2025, 4, 1), in_force_to=date(2025, 12, 31))
    for day, holds in [
        (date(2025, 3, 31), False),
        (date(2025, 4, 1), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
    ]:
        assert LegalAct.objects.in_force(day).filter(pk=act.pk).exists() is holds


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"in_force_from": date(2025, 1, 1)}, {"in_force_to": date(2025, 3, 31)}])
def test_dates_that_make_no_sense_are_refused(wrong: dict[str, date]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalActFactory(**wrong)


def test_seen_are_federal_acts_and_those_of_the_own_region(cast: Cast) -> None:
    federal, ours = LegalActFactory(region=None), LegalActFactory(region=cast.region)
    foreign = LegalActFactory(region=cast.foreign_region)
    assert set(LegalAct.objects.visible_to(cast.specialist)) == {federal, ours}
    assert set(LegalAct.objects.visible_to(cast.system_admin)) == {federal, ours, foreign}
    assert not LegalAct.objects.visible_to(cast.newcomer).exists()
