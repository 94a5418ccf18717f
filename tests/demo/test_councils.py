"""The councils of a demo region: who sits in them, what was decided, and what there is to do on any day."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from casework.models import CaseEvent
from councils.enums import SigningWay
from councils.models import AgendaItem, CouncilMember, CouncilSession, Decision, Minutes
from demo.loading import load_region
from demo.regions import REGIONS
from families.models import Family
from records.models import IssuedDocument
from tests.cast import client_of

pytestmark = pytest.mark.django_db


def test_the_councils_of_a_region_of_the_demo(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    data = next(region for region in REGIONS if region.code == "primorye")
    load_region(data)
    people = {
        name: User.objects.get(username=f"{name}@{data.code}.demo")
        for name in ("secretary", "chair", "member", "director", "head", "specialist")
    }
    council = CouncilMember.objects.get(user=people["chair"]).council

    assert {row.role for row in council.members.all()} == {"CHAIR", "DEPUTY", "SECRETARY", "MEMBER"}
    assert council.members.exclude(organisation=None).exists()
    assert council.title_genitive.startswith("Координационного совета")

    signed = Minutes.objects.filter(session__council__region=council.region, signing_way=SigningWay.IN_SYSTEM)
    assert all(row.signed_by and row.signatory == row.signed_by.get_full_name() for row in signed)
    last = signed.filter(session__council=council).order_by("-session__held_on")[:2]
    papers = IssuedDocument.objects.in_bulk([row.issued_document_id for row in last if row.issued_document_id])
    assert [papers[row.issued_document_id or 0].number for row in last] == [row.number for row in last]
    assert Decision.objects.overdue(council.today()).count() == 1

    current, coming, _later = CouncilSession.objects.exclude(state="MINUTES_SIGNED").order_by("planned_at")
    on_agenda = AgendaItem.objects.filter(session=current).values("family")
    assert Family.objects.visible_to(people["secretary"]).filter(pk__in=on_agenda).count() == 2

    told = CaseEvent.objects.filter(kind="council_agenda", object_id=current.pk)
    assert {row.on for row in told} == {current.agenda_approved_on}
    assert current.agenda_approved_on < current.held_on
    assert all("Цель: " in item.materials for item in AgendaItem.objects.filter(session=current))

    for name, user in people.items():
        client = client_of(user)
        assert client.get(reverse("councils:home")).status_code == 200, name
        if name != "specialist":
            assert client.get(coming.get_absolute_url()).status_code in {200, 404}, name
    for name in ("secretary", "chair", "member"):
        answer = client_of(people[name]).get(reverse("councils:packet", args=[coming.pk]))
        assert answer.status_code == 200, name
