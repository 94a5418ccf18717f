"""A paper is read only by who reads every part that it shows (access rules 6.3, 5)."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from casework.models import SupportCase, Visit
from casework.papers import issue_programme
from casework.services.visits import change_visit
from casework.visit_papers import issue_visit_act
from families.enums import GrantReason
from families.models import Category
from records.models import IssuedDocument
from tests.casework.visiting import active_case, members_of, recorded
from tests.cast import Cast, client_of
from tests.factories.families import FamilyCategoryFactory, granted
from tests.factories.programmes import programme_at
from tests.factories.records import AttachmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return active_case(cast)


@pytest.fixture
def auditor(cast: Cast, case: SupportCase) -> Client:
    """The auditor, who has the family in the sample and has said why it is opened."""
    granted(case.family, cast.auditor, GrantReason.AUDIT)
    client = client_of(cast.auditor)
    client.post(reverse("families:reason", args=[case.family_id]), {"reason": "проверка личных дел"})
    return client


def act_of(visit: Visit, cast: Cast) -> IssuedDocument:
    return issue_visit_act(visit=Visit.objects.with_page().get(pk=visit.pk), actor=cast.specialist)


def taken(client: Client, paper: IssuedDocument) -> int:
    return client.get(reverse("records:document", args=[paper.pk])).status_code


def test_an_act_that_tells_of_health_is_closed_to_the_auditor(cast: Cast, case: SupportCase, auditor: Client) -> None:
    told = recorded(case, cast.specialist, health="Сахарный диабет")
    silent = recorded(case, cast.specialist)
    acts = act_of(told, cast), act_of(silent, cast)
    assert [taken(auditor, act) for act in acts] == [403, 200]
    assert [taken(client_of(cast.director), act) for act in acts] == [200, 200]
    shown = auditor.get(reverse("casework:visit", args=[told.pk]))
    assert shown.status_code == 200
    assert reverse("records:document", args=[acts[0].pk]) not in shown.content.decode()


def test_a_frozen_act_stays_closed_when_the_visit_is_corrected(cast: Cast, case: SupportCase, auditor: Client) -> None:
    visit = recorded(case, cast.specialist, health="Сахарный диабет")
    act = act_of(visit, cast)
    visit.health = ""
    change_visit(visit=visit, seen=members_of(case), companions=[], actor=cast.specialist)
    assert taken(auditor, act) == 403


def test_the_scan_of_such_an_act_is_closed_as_well(cast: Cast, case: SupportCase, auditor: Client) -> None:
    visit = recorded(case, cast.specialist, health="Сахарный диабет")
    scan = AttachmentFactory.create(
        owner_kind="casework.visit", owner_id=visit.pk, family_id=case.family_id, institution=case.institution
    )
    page = reverse("records:attachment", args=[scan.pk])
    assert (auditor.get(page).status_code, client_of(cast.specialist).get(page).status_code) == (403, 200)


def test_a_programme_with_a_confidential_category_is_closed_to_the_auditor(
    cast: Cast, case: SupportCase, auditor: Client
) -> None:
    programme = programme_at("DRAFT", case, author=cast.specialist, head=cast.head)
    paper = issue_programme(actor=cast.specialist, programme=programme)
    assert taken(auditor, paper) == 200
    category = Category.objects.filter(is_confidential=True).first()
    FamilyCategoryFactory.create(family=case.family, category=category, starts_on=date(2024, 1, 1))
    assert (taken(auditor, paper), taken(client_of(cast.director), paper)) == (403, 200)
