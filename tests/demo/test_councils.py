"""The councils of a demo region: who sits in them, what was decided, and what there is to do on any day."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from casework.models import CaseDecision
from councils.enums import SessionState, SigningWay
from councils.models import AgendaItem, CouncilMember, CouncilSession, Decision, Minutes
from demo.loading import load_region
from demo.regions import REGIONS
from families.models import Family
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
    today = council.today()

    assert {row.role for row in council.members.all()} == {"CHAIR", "DEPUTY", "SECRETARY", "MEMBER"}
    assert council.members.exclude(organisation=None).exists()
    assert council.title_genitive.startswith("Координационного совета")

    signed = CouncilSession.objects.filter(state=SessionState.MINUTES_SIGNED)
    known = {(row.case_id, row.number, row.decided_on) for row in CaseDecision.objects.all()}
    told = {
        (row.item.case_id, row.item.session.number, row.item.session.held_on)
        for row in Decision.objects.filter(item__session__in=signed, type__in=["ENROL", "REMOVE"]).select_related(
            "item__session"
        )
    }
    assert told == known
    assert Minutes.objects.filter(session__in=signed, signing_way=SigningWay.ON_PAPER).count() == signed.count()
    assert Decision.objects.overdue(today).count() == 1

    current, coming, later = CouncilSession.objects.exclude(pk__in=signed).order_by("planned_at")
    assert (current.state, coming.state, later.state) == ("HELD", "AGENDA_APPROVED", "PLANNED")
    assert 7 <= (coming.planned_on - today).days <= 9
    assert AgendaItem.objects.filter(session=coming, family__isnull=False).count() >= 2
    assert AgendaItem.objects.filter(session=current, kind="ENROL").exists()
    on_agenda = AgendaItem.objects.filter(session=current).values("family")
    assert Family.objects.visible_to(people["secretary"]).filter(pk__in=on_agenda).count() == 2

    for name, user in people.items():
        client = client_of(user)
        assert client.get(reverse("councils:home")).status_code == 200, name
        if name != "specialist":
            assert client.get(coming.get_absolute_url()).status_code in {200, 404}, name
    for name in ("secretary", "chair", "member"):
        answer = client_of(people[name]).get(reverse("councils:packet", args=[coming.pk]))
        assert answer.status_code == 200, name
