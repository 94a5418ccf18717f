"""Opening a case: who is eligible (I1), one open case (I2), and what follows from it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Notification
from casework.enums import RemovalReason, Stage
from casework.models import CaseEvent, StageChange, SupportCase
from common.calendar import add_years
from families.enums import FamilyRole, TraitKind
from families.models import Family, FamilyMembership
from tests.cast import Cast
from tests.factories.casework import case_at, opened_case
from tests.factories.families import FamilyMembershipFactory, MemberTraitFactory, PersonFactory, household


def family_of(cast: Cast, **values: Any) -> Family:
    return household(department=cast.department, **values)


def with_child_born_on(cast: Cast, birth_date: date) -> Family:
    family = family_of(cast, children=0)
    child = PersonFactory.create(region=family.region, birth_date=birth_date)
    FamilyMembershipFactory.create(family=family, person=child, role=FamilyRole.CHILD)
    return family


@pytest.mark.requirement("S4-18")
def test_a_case_is_opened_in_diagnostics_for_the_unit_of_the_family(cast: Cast) -> None:
    family = family_of(cast)
    today = cast.institution.today()
    case = opened_case(family, actor=cast.specialist, opened_on=today)
    assert (case.stage, case.stage_since, case.opened_on) == (Stage.DIAGNOSTIC, today, today)
    assert (case.institution, case.department, case.curator) == (cast.institution, cast.department, None)
    assert case.number == f"1/{today.year}"
    assert case.next_contact_due_on == today + timedelta(days=10)
    assert CaseEvent.objects.get(case=case).kind == "case_opened"
    change = StageChange.objects.get(case=case)
    assert (change.from_stage, change.to_stage, change.on, change.by) == ("", "DIAGNOSTIC", today, cast.specialist)


def test_why_a_case_is_not_opened_before_the_family_was_registered(cast: Cast) -> None:
    """Nobody belonged to the family then: its registration is the reason, not a child that is missing."""
    today = cast.institution.today()
    family = family_of(cast, registered_on=today)
    family.memberships.update(starts_on=today)
    with pytest.raises(ValidationError) as refused:
        opened_case(family, opened_on=today - timedelta(days=1))
    told = f"Семья зарегистрирована {today:%d.%m.%Y}: случай открывается не раньше этого дня."
    assert refused.value.message_dict == {"opened_on": [told]}


def test_the_heads_and_their_deputies_are_told_to_assign_a_curator(cast: Cast) -> None:
    case = opened_case(family_of(cast), actor=cast.specialist)
    told = Notification.objects.filter(code="casework.case_opened", target_id=case.pk)
    assert {row.recipient for row in told} == {cast.head, cast.deputy}


@pytest.mark.requirement("S1-34", "I1")
def test_the_child_is_under_18_on_the_day_of_opening(cast: Cast) -> None:
    today = cast.institution.today()
    turns_18_tomorrow = with_child_born_on(cast, add_years(today + timedelta(days=1), -18))
    turned_18_today = with_child_born_on(cast, add_years(today, -18))
    opened_case(turns_18_tomorrow, opened_on=today)
    with pytest.raises(ValidationError) as refused:
        opened_case(turned_18_today, opened_on=today)
    assert "opened_on" in refused.value.message_dict
    assert not turned_18_today.cases.exists()


@pytest.mark.requirement("S1-34", "I1", "R10")
def test_the_child_lives_with_the_family_on_that_day(cast: Cast) -> None:
    apart, gone, unborn = family_of(cast), family_of(cast), with_child_born_on(cast, cast.institution.today())
    FamilyMembership.objects.filter(family=apart, role=FamilyRole.CHILD).update(lives_together=False)
    yesterday = cast.institution.today() - timedelta(days=1)
    FamilyMembership.objects.filter(family=gone, role=FamilyRole.CHILD).update(ends_on=yesterday - timedelta(days=1))
    for family in (apart, gone, unborn):
        with pytest.raises(ValidationError):
            opened_case(family, opened_on=yesterday)


@pytest.mark.requirement("I1")
@pytest.mark.parametrize("trait", [TraitKind.REFUSAL_RISK, TraitKind.CARE_LEAVER])
def test_a_family_without_children_is_supported_for_a_stated_reason(cast: Cast, trait: TraitKind) -> None:
    family = family_of(cast, children=0)
    MemberTraitFactory.create(membership=family.memberships.get(), kind=trait)
    with pytest.raises(ValidationError) as refused:
        opened_case(family)
    assert "eligibility_note" in refused.value.message_dict
    case = opened_case(family, eligibility_note="Беременность, риск отказа от новорождённого")
    assert case.eligibility_note


@pytest.mark.requirement("I1")
def test_a_reason_alone_makes_no_family_eligible(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        opened_case(family_of(cast, children=0), eligibility_note="Очень нужно")


def test_the_day_of_opening_has_come(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        opened_case(family_of(cast), opened_on=cast.institution.today() + timedelta(days=1))
    assert "opened_on" in refused.value.message_dict


@pytest.mark.requirement("S3-12", "I2")
def test_a_family_has_one_open_case(cast: Cast) -> None:
    first = case_at(Stage.ACTIVE, family=family_of(cast))
    with pytest.raises(ValidationError) as refused:
        opened_case(first.family, opened_on=cast.institution.today())
    assert refused.value.code == "second_case"


@pytest.mark.requirement("S3-12", "I2")
def test_the_database_refuses_a_second_open_case(cast: Cast) -> None:
    first = case_at(Stage.ACTIVE, family=family_of(cast))
    first.pk, first.number = None, "900/2026"
    first._state.adding = True
    with pytest.raises(IntegrityError, match="one_open_case_per_family"), transaction.atomic():
        first.save()


@pytest.mark.requirement("I2")
def test_after_closing_the_next_case_gets_the_next_number(cast: Cast) -> None:
    first = case_at(Stage.CLOSED, family=family_of(cast), reason=RemovalReason.GOALS_ACHIEVED)
    assert first.closed_on
    with pytest.raises(ValidationError):
        opened_case(first.family, opened_on=first.closed_on - timedelta(days=1))
    second = opened_case(first.family, opened_on=first.closed_on)
    assert second.number.split("/")[0] == "2"
    assert SupportCase.objects.filter(family=first.family).count() == 2
