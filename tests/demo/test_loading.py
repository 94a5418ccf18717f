"""A region of the demo as it stands in the database: who signs in, and that there is something to do on any day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from casework import registry
from casework.enums import ProgrammeState, Stage, VisitState
from casework.models import AgencyNotice, SupportAgreement, SupportCase, SupportProgramme, Visit
from casework.stages import MOVES
from contracts.enums import ContractState
from contracts.models import SocialContract
from demo.loading import load_region
from demo.loading.plans import plans_of
from demo.loading.samples import CHECKED
from demo.loading.staff import SIGN_INS
from demo.regions import REGIONS
from demo.structure import RegionData
from families.models import Family
from families.services.samples import present_samples
from monitoring.daily import apply_everywhere
from records.services.numbers import next_number
from tests.cast import client_of

BEFORE_ACTIVE = [
    code
    for move in MOVES
    if move.target == Stage.CONTRACTING or (move.source, move.target) == (Stage.CONTRACTING, Stage.ACTIVE)
    for requirement in move.requires
    for code in requirement
]

pytestmark = pytest.mark.django_db


def test_a_region_of_the_demo(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    data = next(region for region in REGIONS if region.code == "tatarstan")

    assert load_region(data) == len(plans_of(data)) == Family.objects.count()

    people = {name: User.objects.get(username=f"{name}@{data.code}.demo") for name in SIGN_INS}
    assert all(user.check_password("opora-demo") and user.appointment for user in people.values())
    specialist = people["specialist"]
    today = specialist.appointment.local_today() if specialist.appointment else None
    assert today is not None
    own = SupportCase.objects.in_charge(specialist)
    assert own.overdue(today, today=today).exists()
    assert {case.stage for case in SupportCase.objects.all()} == set(Stage)
    assert all(case.events.exists() for case in own)

    _check_what_went_otherwise(specialist, people["director"], today)
    _check_contract_specialist(data)
    standing_in = [row for row in specialist.appointments_in_force if row.is_deputy]
    assert [row.principal_id for row in standing_in] == [people["head"].pk]
    sent = AgencyNotice.objects.get(sent_for=people["head"])
    assert (sent.sent_by, sent.sent_on) == (specialist, today)

    under_way = SupportCase.objects.filter(stage=Stage.ACTIVE)
    assert all(registry.guard_answers(case, BEFORE_ACTIVE, today).values() for case in under_way)
    waiting = SupportProgramme.objects.filter(state=ProgrammeState.SUBMITTED)
    assert waiting.exists()
    assert all(programme.case.stage == Stage.CONTRACTING for programme in waiting)
    drawn_up = SupportAgreement.objects.filter(case__stage=Stage.ACTIVE, signed_on__isnull=False)
    assert drawn_up.values("case").distinct().count() == under_way.count()

    for name, route in (
        ("specialist", "casework:my_families"),
        ("head", "casework:caseload"),
        ("director", "casework:cases"),
        ("specialist", "contracts:contracts"),
    ):
        assert client_of(people[name]).get(reverse(route)).status_code == 200
    (sample,) = present_samples(people["auditor"], today)
    assert len(sample.families) == CHECKED
    assert Family.objects.visible_to(people["auditor"]).count() == CHECKED
    assert client_of(people["auditor"]).get(reverse("families:samples")).status_code == 200
    contracts = SocialContract.objects.listed_for(specialist)
    assert contracts.ending_soon(today).exists()
    assert contracts.in_follow_up(today).exists()
    assert contracts.with_sheets_overdue(today).exists()
    assert set(SocialContract.objects.values_list("state", flat=True)) == set(ContractState.values) - {"SIGNED"}
    assert all(row.sheets.count() == 12 for row in SocialContract.objects.exclude(ended_on=None))
    for contract in SocialContract.objects.all():
        contract.full_clean()
    case = own.first()
    assert case is not None
    taken = set(Visit.objects.filter(institution=case.institution).values_list("number", flat=True))
    assert next_number(institution=case.institution, kind="visit", on=today).text not in taken


def _check_contract_specialist(data: RegionData) -> None:
    """They are a contact of the authority: its contracts name them, its figures are there, and no family is."""
    user = User.objects.get(username=f"contracts@{data.code}.demo")
    assert user.check_password("opora-demo")
    assert user.appointment is not None
    assert (user.appointment.role, user.appointment.institution) == (Role.CONTRACT_SPECIALIST, None)
    client = client_of(user)
    first_page = client.get(reverse("home"), follow=True)
    assert first_page.resolver_match.view_name == "contracts:contracts"
    assert first_page.context["rows"]
    sections = client.get(reverse("contract_figures")).context["sections"]
    assert sum(row["figure"].number for _title, rows in sections for row in rows) > 0
    named = SocialContract.objects.visible_to(user).filter(authority_specialist=user.get_short_name())
    assert named.count() == SocialContract.objects.count()
    assert not Family.objects.visible_to(user).exists()


def _check_what_went_otherwise(specialist: User, director: User, today: date) -> None:
    """Failed visits open like others, and the director is told of the family that is overdue for longest."""
    own = SupportCase.objects.in_charge(specialist)
    for state in (VisitState.REFUSED, VisitState.CANCELLED):
        visit = Visit.objects.filter(case__in=own, state=state).first()
        assert visit is not None
        assert client_of(specialist).get(reverse("casework:visit", args=[visit.pk])).status_code == 200
    late = own.overdue(today, today=today).filter(next_contact_due_on__lte=today - timedelta(days=30))
    apply_everywhere(timezone.now())
    escalated = director.notifications.unread().filter(code="casework.contact_overdue_director")
    assert set(escalated.values_list("target_id", flat=True)) == set(late.values_list("pk", flat=True)) != set()
