"""Figures of an authority's contracts: the monitoring's own, narrowed to the authority, each with its contracts."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from casework.enums import Ground, Stage
from casework.models import SupportCase
from common.calendar import Quarter
from contracts.models import SocialContract
from families import services as families
from monitoring.contract_figures import sections_for
from partners.models import PartnerOrganisation
from tests.cast import Cast, client_of
from tests.factories.casework import case_at
from tests.factories.contracts import authority_of, ended
from tests.factories.contracts import registered as register
from tests.factories.families import household

PAGE = reverse("contract_figures")
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def quarter(cast: Cast) -> Quarter:
    return Quarter.last_finished(cast.institution.today())


@pytest.fixture
def authority(cast: Cast) -> PartnerOrganisation:
    return authority_of(household(department=cast.department), cast.contract_specialist)


def supported(cast: Cast, enrolled_on: date, ground: Ground = Ground.APPLICATION) -> SupportCase:
    family = household(department=cast.department)
    case = case_at(Stage.ACTIVE, family=family, curator=cast.specialist, actor=cast.specialist)
    SupportCase.objects.filter(pk=case.pk).update(ground=ground, enrolled_on=enrolled_on, opened_on=enrolled_on - DAY)
    return case


def concluded(cast: Cast, case: SupportCase, on: date, authority: PartnerOrganisation | None = None) -> SocialContract:
    """A contract signed on a day, and in force from it."""
    case.family.refresh_from_db()
    return register(case.family, cast.specialist, starts_on=on, authority=authority)


def numbers(cast: Cast, quarter: Quarter) -> dict[str, int]:
    user = User.objects.get(pk=cast.contract_specialist.pk)
    sections = sections_for(user, quarter, cast.institution.today())
    return {figure.code: figure.number for section in sections for figure in section.figures}


def listed(cast: Cast, quarter: Quarter, code: str) -> set[int]:
    user = User.objects.get(pk=cast.contract_specialist.pk)
    sections = sections_for(user, quarter, cast.institution.today())
    figure = next(figure for section in sections for figure in section.figures if figure.code == code)
    return set(figure.contracts.values_list("pk", flat=True))


def test_only_contracts_of_the_own_authority_are_counted(
    cast: Cast, quarter: Quarter, authority: PartnerOrganisation
) -> None:
    day = quarter.starts_on + 5 * DAY
    own = concluded(cast, supported(cast, day - 20 * DAY), day, authority)
    concluded(cast, supported(cast, day - 20 * DAY), day)
    found = numbers(cast, quarter)
    assert (found["Q6"], found["Q6b"], found["concluded"], found["running"]) == (0, 1, 1, 1)
    assert listed(cast, quarter, "Q6b") == listed(cast, quarter, "concluded") == {own.pk}
    assert numbers(cast, quarter.previous)["concluded"] == 0


def test_a_contract_that_was_the_ground_counts_as_the_cause_and_not_beside(
    cast: Cast, quarter: Quarter, authority: PartnerOrganisation
) -> None:
    day = quarter.starts_on + 5 * DAY
    case = supported(cast, day + 3 * DAY, Ground.SOCIAL_CONTRACT)
    contract = concluded(cast, case, day, authority)
    SocialContract.objects.filter(pk=contract.pk).update(case=case)
    concluded(cast, supported(cast, day, Ground.SOCIAL_CONTRACT), day)
    found = numbers(cast, quarter)
    assert (found["Q6"], found["Q6b"]) == (1, 0)
    assert listed(cast, quarter, "Q6") == {contract.pk}


def test_each_contract_stands_in_one_state_at_the_end_of_the_quarter(
    cast: Cast, quarter: Quarter, authority: PartnerOrganisation
) -> None:
    case = supported(cast, quarter.starts_on - 400 * DAY)
    last = quarter.starts_on + 10 * DAY
    contract = ended(case.family, cast.specialist, last, authority=authority)
    states = ("signed", "running", "follow_up", "completed", "stopped")
    for day, expected in (
        (quarter, "follow_up"),
        (quarter.previous, "running"),
    ):
        found = numbers(cast, day)
        assert {state: found[state] for state in states} == dict.fromkeys(states, 0) | {expected: 1}
    assert numbers(cast, quarter)["ended"] == 1
    SocialContract.objects.filter(pk=contract.pk).update(follow_up_ends_on=quarter.ends_on - DAY)
    found = numbers(cast, quarter)
    assert (found["follow_up"], found["completed"]) == (0, 1)


def test_a_number_opens_its_contracts_and_a_restricted_family_is_counted_and_not_named(
    cast: Cast, quarter: Quarter, authority: PartnerOrganisation
) -> None:
    day = quarter.starts_on + 5 * DAY
    shown, hidden = (concluded(cast, supported(cast, day - 20 * DAY), day, authority) for _turn in range(2))
    families.restrict(actor=cast.director, family=hidden.family, reason="усыновление")
    client = client_of(cast.contract_specialist)
    plain = client.get(f"{PAGE}?quarter={quarter}").content.decode()
    assert f"{PAGE}?quarter={quarter}&amp;show=concluded#shown" in plain
    assert shown.family.title not in plain
    text = client.get(f"{PAGE}?quarter={quarter}&show=concluded").content.decode()
    assert shown.get_absolute_url() in text
    assert hidden.family.title not in text
    assert "1 контракт семьи с ограниченным доступом учтён, но не назван." in text
    assert client.get(shown.get_absolute_url()).status_code == 200
    event = AccessEvent.objects.get(kind="socialcontract", action=AccessAction.LIST)
    assert event.object_ids == [shown.pk]


def test_a_specialist_without_an_authority_is_told_so_and_others_have_no_such_page(cast: Cast) -> None:
    text = client_of(cast.contract_specialist).get(PAGE).content.decode()
    assert "Вы не указаны контактным лицом органа" in text
    for user in (cast.specialist, cast.director, cast.ministry):
        assert client_of(user).get(PAGE).status_code == 403
