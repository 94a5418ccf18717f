"""Grants: the ledger and guardian's rows in step, ended by their dates alone."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from freezegun import freeze_time

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from families.access import may_write
from families.enums import GrantReason
from families.grants import bulk_grant, bulk_revoke, revoke
from families.models import Family, FamilyGrant, FamilyUserObjectPermission
from tests.cast import Cast
from tests.factories.families import granted, household

TODAY = datetime.date(2026, 11, 20)
DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(cast: Cast) -> Family:
    return household(department=cast.department)


def again(user: User) -> User:
    """The same person in a new request."""
    return User.objects.get(pk=user.pk)


def sees(user: User, family: Family) -> bool:
    return Family.objects.visible_to(again(user)).filter(pk=family.pk).exists()


@pytest.mark.requirement("X2")
def test_a_grant_opens_reading_until_its_day_and_no_longer(cast: Cast, family: Family) -> None:
    with freeze_time("2026-11-20 03:00"):
        granted(family, cast.neighbour, GrantReason.HANDOVER, starts_on=TODAY, ends_on=TODAY + 10 * DAY)
        assert sees(cast.neighbour, family)
        assert not may_write(again(cast.neighbour), family)
        assert not sees(cast.colleague, family)
    with freeze_time("2026-11-30 13:59"):  # 23:59 of the last day in Vladivostok
        assert sees(cast.neighbour, family)
    with freeze_time("2026-11-30 14:00"):  # midnight there
        assert not sees(cast.neighbour, family)


def test_the_latest_of_several_reasons_counts_and_revoking_one_leaves_the_other(cast: Cast, family: Family) -> None:
    with freeze_time("2026-11-20 03:00"):
        granted(family, cast.neighbour, ends_on=TODAY + 30 * DAY, may_write=True, source="team:1")
        granted(family, cast.neighbour, GrantReason.HANDOVER, ends_on=TODAY + 3 * DAY, source="assignment:1")
        row = FamilyUserObjectPermission.objects.get(permission__codename="read_family")
        assert row.expires_on == TODAY + 30 * DAY
        assert may_write(again(cast.neighbour), family)
        assert revoke(family=family, source="team:1", actor=cast.head) == 1
        row.refresh_from_db()
        assert row.expires_on == TODAY + 3 * DAY
        assert not may_write(again(cast.neighbour), family)
        assert revoke(family=family, user=cast.neighbour, actor=cast.head) == 1
        assert not FamilyUserObjectPermission.objects.exists()
        assert not sees(cast.neighbour, family)
    assert {row.revoked_by for row in FamilyGrant.objects.all()} == {cast.head}


def test_a_grant_without_an_end_outlives_one_with(cast: Cast, family: Family) -> None:
    granted(family, cast.neighbour)
    granted(family, cast.neighbour, ends_on=cast.institution.today() + DAY)
    assert FamilyUserObjectPermission.objects.get().expires_on is None


def test_no_grant_begins_in_the_future(cast: Cast, family: Family) -> None:
    with pytest.raises(ValueError, match="begins today"):
        granted(family, cast.neighbour, starts_on=cast.institution.today() + DAY)


def test_many_are_handed_over_in_as_many_queries_as_one(cast: Cast) -> None:
    families = [household(department=cast.department) for _ in range(6)]

    def queries(rows: list[Family]) -> int:
        with CaptureQueriesContext(connection) as context:
            bulk_grant(
                families=rows,
                user=cast.neighbour,
                reason=GrantReason.HANDOVER,
                starts_on=cast.institution.today(),
                actor=cast.head,
                source="move",
            )
            assert bulk_revoke(families=rows, source="move", actor=cast.head) == len(rows)
        return len(context)

    queries(families[:1])
    assert queries(families[:1]) == queries(families[1:])


def test_every_grant_and_revocation_stands_in_the_journal(cast: Cast, family: Family) -> None:
    granted(family, cast.neighbour, source="team:7", actor=cast.head)
    revoke(family=family, source="team:7", actor=cast.head)
    events = AccessEvent.objects.filter(action=AccessAction.SECURITY, kind="familygrant").order_by("pk")
    assert [(event.user, event.family_id) for event in events] == [(cast.head, family.pk)] * 2
    assert [event.reason for event in events] == [f"+CASE_TEAM user:{cast.neighbour.pk} team:7", "-source:team:7"]


def test_a_deputy_reads_what_was_granted_to_the_person_stood_in_for(cast: Cast, family: Family) -> None:
    elsewhere = household(department=cast.other_department)
    granted(elsewhere, cast.head)
    deputy = again(cast.deputy)
    deputy.work_as(next(row for row in deputy.appointments_in_force if row.is_deputy))
    assert Family.objects.visible_to(deputy).filter(pk=elsewhere.pk).exists()
    assert not sees(cast.deputy, elsewhere)  # in their own post
    assert not sees(cast.expired_deputy, elsewhere)


@pytest.mark.parametrize("name", ["ministry", "resource_centre", "region_admin", "member", "duty_officer", "newcomer"])
def test_a_grant_opens_nothing_to_roles_that_read_no_families(cast: Cast, family: Family, name: str) -> None:
    granted(family, cast.people[name])
    assert not sees(cast.people[name], family)


def test_a_grant_does_not_lead_into_another_region(cast: Cast, family: Family) -> None:
    granted(family, cast.foreign_specialist)
    assert not sees(cast.foreign_specialist, family)
