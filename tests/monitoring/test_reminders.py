"""Reminders of each working morning: who is told of what, on which day, once, and when a reminder goes away."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from freezegun import freeze_time

from accounts.models import Appointment, Notification
from accounts.notifications import summary_of, text_of
from casework.contacts import contact_fact, refresh_contacts
from casework.enums import RemovalReason, Stage
from casework.models import ContractDuty, SupportCase
from casework.services.pauses import pause as grant_pause
from common.calendar import DateRange
from contracts.models import FollowUpSheet, SocialContract
from councils.enums import DecisionState, ItemKind, SessionState
from councils.models import AgendaItem, Council, CouncilSession, Decision
from monitoring import daily
from partners.models import PartnerOrganisation
from records.enums import RunOutcome
from records.models import JobRun
from records.services.runs import JobFailed
from tests.casework.rows import hold_visit, make_case, pause
from tests.cast import Cast, client_of
from tests.factories.accounts import (
    AppointmentFactory,
    DepartmentFactory,
    InstitutionFactory,
    RegionDayOffFactory,
    RegionFactory,
    deputy_of,
)
from tests.factories.families import PersonFactory
from tests.monitoring.mornings import VLADIVOSTOK, apply, morning, told

pytestmark = pytest.mark.django_db

MOSCOW = "Europe/Moscow"
LAST_CONTACT = date(2026, 2, 2)
DUE = date(2026, 3, 2)
"""A Monday: the contact after the one of 2 February is due on it."""


@pytest.fixture
def specialist(cast: Cast) -> Appointment:
    return cast.specialist.appointments.get()


@pytest.fixture
def case(specialist: Appointment) -> SupportCase:
    return visited_case(specialist)


def visited_case(specialist: Appointment, **values: Any) -> SupportCase:
    """Put on support and last contacted on 2 February: the next contact is due on 2 March."""
    case = make_case(
        specialist, opened_on=LAST_CONTACT, stages=[(Stage.ACTIVE, LAST_CONTACT)], enrolled_on=LAST_CONTACT, **values
    )
    hold_visit(case, LAST_CONTACT)
    refresh_contacts([case.pk], LAST_CONTACT)
    return case


@pytest.mark.requirement("S2-27")
@pytest.mark.parametrize(("has_contract", "code"), [(True, "casework.contact_overdue"), (False, "")])
def test_a_family_with_a_contract_is_met_monthly_also_after_support(
    cast: Cast, specialist: Appointment, has_contract: bool, code: str
) -> None:
    """Without the contract the interval of post-support is three months (R2; clarification 9)."""
    case = make_case(
        specialist,
        opened_on=date(2025, 10, 1),
        stages=[(Stage.ACTIVE, date(2025, 10, 1)), (Stage.POST_SUPPORT, LAST_CONTACT)],
        enrolled_on=date(2025, 10, 1),
        removed_on=LAST_CONTACT,
        removal_reason="GOALS_ACHIEVED",
        post_support_until=date(2026, 12, 31),
    )
    hold_visit(case, LAST_CONTACT)
    if has_contract:
        ContractDuty.objects.create(
            family=case.family, contract_number="77-К", kind="BUSINESS", starts_on=date(2025, 11, 1)
        )
    refresh_contacts([case.pk], LAST_CONTACT)
    apply(morning(DUE + timedelta(days=1)))
    reminders = [(row.code, row.fact) for row in cast.specialist.notifications.unread()]
    assert reminders == ([(code, contact_fact(case.pk, DUE))] if code else [])


@pytest.mark.requirement("R2")
@pytest.mark.parametrize(
    ("day", "code"),
    [
        (DUE - timedelta(days=10), ""),
        (DUE - timedelta(days=7), ""),  # Monday, 23 February, a public holiday
        (DUE - timedelta(days=6), "casework.contact_due"),
        (DUE, "casework.contact_due"),
        (DUE + timedelta(days=1), "casework.contact_overdue"),
    ],
)
def test_the_curator_is_reminded_before_and_after_the_due_date(
    cast: Cast, case: SupportCase, day: date, code: str
) -> None:
    apply(morning(day))
    reminders = [(row.code, row.fact) for row in cast.specialist.notifications.unread()]
    assert reminders == ([(code, contact_fact(case.pk, DUE))] if code else [])


@pytest.mark.requirement("R2")
@pytest.mark.parametrize(
    ("days", "head", "director"), [(6, False, False), (7, True, False), (29, True, False), (30, True, True)]
)
def test_what_stays_overdue_goes_up_by_the_days_of_the_policy(
    cast: Cast, case: SupportCase, days: int, head: bool, director: bool
) -> None:
    """The rules themselves, since some of these days are days off."""
    day = DUE + timedelta(days=days)
    code = "casework.contact_overdue"
    [_region, here] = next(iter(daily.local_days(morning(day), [cast.region])))
    for rule in daily.daily_rules():
        if rule.name.startswith(code):
            rule.job(here[0])
    fact = [contact_fact(case.pk, DUE)]
    assert told(cast.specialist, code) == fact
    assert told(cast.head, f"{code}_head") == (fact if head else [])
    assert told(cast.director, f"{code}_director") == (fact if director else [])
    assert not told(cast.second_head, f"{code}_head")
    assert not told(cast.other_director, f"{code}_director")


@pytest.mark.requirement("R2")
def test_the_policy_of_the_region_says_after_how_many_days(cast: Cast, case: SupportCase) -> None:
    cast.region.policies.update(head_escalation_days=2, director_escalation_days=3)
    apply(morning(DUE + timedelta(days=2)))
    assert told(cast.head, "casework.contact_overdue_head")
    assert not told(cast.director, "casework.contact_overdue_director")
    apply(morning(DUE + timedelta(days=3)))
    assert told(cast.director, "casework.contact_overdue_director")


@pytest.mark.requirement("L6")
def test_a_fact_is_told_once_however_often_the_job_runs(cast: Cast, case: SupportCase) -> None:
    for day in (1, 2, 3):
        for hour in (7, 8, 23):
            apply(morning(DUE + timedelta(days=day), hour=time(hour)))
    assert cast.specialist.notifications.filter(code="casework.contact_overdue").count() == 1
    runs = JobRun.objects.filter(name="casework.contact_overdue", region=cast.region)
    assert [run.counts for run in runs.order_by("pk")] == [
        {"told": 1, "settled": 0},
        {"told": 0, "settled": 0},
        {"told": 0, "settled": 0},
    ], "one run a morning, and only the first tells"


def test_two_jobs_at_once_tell_a_fact_once(cast: Cast, case: SupportCase) -> None:
    """As if the second had not seen that the first is done."""
    apply(morning(DUE + timedelta(days=1)))
    JobRun.objects.all().delete()
    apply(morning(DUE + timedelta(days=1)))
    assert cast.specialist.notifications.filter(code="casework.contact_overdue").count() == 1


@pytest.mark.requirement("R2")
def test_a_held_visit_settles_the_reminder_at_once_and_a_cancelled_one_brings_it_back(
    cast: Cast, case: SupportCase
) -> None:
    late = DUE + timedelta(days=8)
    apply(morning(late))
    reminder = cast.specialist.notifications.get(code="casework.contact_overdue")
    reminder.read_at = timezone.now()
    reminder.save()
    hold_visit(case, late)
    refresh_contacts([case.pk], late)
    assert not cast.specialist.notifications.unread().exists()
    assert not told(cast.head, "casework.contact_overdue_head")

    case.visits.filter(held_on=late).delete()
    refresh_contacts([case.pk], late)
    apply(morning(late + timedelta(days=1)))
    assert told(cast.specialist, "casework.contact_overdue") == [contact_fact(case.pk, DUE)]
    assert told(cast.head, "casework.contact_overdue_head") == [contact_fact(case.pk, DUE)]


@pytest.mark.requirement("R2")
def test_a_paused_case_is_not_reminded_and_a_pause_settles(cast: Cast, case: SupportCase) -> None:
    late = DUE + timedelta(days=8)
    apply(morning(late))
    with freeze_time(morning(late, hour=time(12))):
        cast.head.work_as(cast.head.appointments.get())
        grant_pause(case=case, starts_on=late, ends_on=late + timedelta(days=20), reason="больница", actor=cast.head)
    apply(morning(late + timedelta(days=1)))
    assert not Notification.objects.unread().filter(code__startswith="casework.contact").exists()
    apply(morning(late + timedelta(days=21)))
    assert told(cast.specialist, "casework.contact_due") == [contact_fact(case.pk, late + timedelta(days=27))]


@pytest.mark.requirement("R2")
def test_a_pause_that_begins_by_itself_moves_the_due_date_that_night(cast: Cast, case: SupportCase) -> None:
    starts = DUE + timedelta(days=18)
    pause(case, DateRange(starts, starts + timedelta(days=20)))
    moved = []
    for day in (starts - timedelta(days=1), starts):
        apply(morning(day, hour=time(0, 15)))
        case.refresh_from_db()
        moved.append(case.next_contact_due_on)
    assert moved == [DUE, starts + timedelta(days=27)]


@pytest.mark.parametrize("day", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9)])
def test_nobody_is_told_on_a_day_off(cast: Cast, case: SupportCase, day: date) -> None:
    apply(morning(day))
    assert not Notification.objects.filter(code="casework.contact_overdue").exists()
    apply(morning(date(2026, 3, 10)))
    assert told(cast.specialist, "casework.contact_overdue")


def test_a_regional_day_off_is_a_day_off(cast: Cast, case: SupportCase) -> None:
    RegionDayOffFactory.create(region=cast.region, day=DUE + timedelta(days=1))
    apply(morning(DUE + timedelta(days=1)))
    assert not told(cast.specialist, "casework.contact_overdue")
    apply(morning(DUE + timedelta(days=2)))
    assert told(cast.specialist, "casework.contact_overdue")


def test_morning_is_where_the_institution_is() -> None:
    """At midnight in Moscow it is seven in Vladivostok, and there already the day after."""
    places = [(VLADIVOSTOK, "primorye"), (MOSCOW, "tula")]
    cases = {}
    for zone, code in places:
        institution = InstitutionFactory.create(region=RegionFactory.create(code=code, time_zone=zone))
        post = AppointmentFactory.create(department=DepartmentFactory.create(institution=institution))
        cases[code] = visited_case(post)

    def reminded() -> set[str]:
        rows = Notification.objects.filter(code="casework.contact_overdue")
        return {code for code, case in cases.items() if rows.filter(target_id=case.pk).exists()}

    seven_in_vladivostok = morning(DUE + timedelta(days=1))
    apply(seven_in_vladivostok - timedelta(minutes=1))
    assert reminded() == set()
    apply(seven_in_vladivostok)
    assert reminded() == {"primorye"}
    apply(morning(DUE + timedelta(days=1), MOSCOW) - timedelta(minutes=1))
    assert reminded() == {"primorye"}
    apply(morning(DUE + timedelta(days=1), MOSCOW))
    assert reminded() == {"primorye", "tula"}


def test_an_institution_in_a_zone_of_its_own_has_its_own_morning(cast: Cast, case: SupportCase) -> None:
    cast.other_institution.own_time_zone = "Asia/Kamchatka"
    cast.other_institution.save()
    eastern = visited_case(cast.other_specialist.appointments.get())
    code = "casework.contact_overdue"
    day = DUE + timedelta(days=1)
    apply(morning(day, "Asia/Kamchatka"))
    assert (len(told(cast.other_specialist, code)), len(told(cast.specialist, code))) == (1, 0)
    apply(morning(day))
    assert told(cast.specialist, code) == [contact_fact(case.pk, DUE)]
    assert told(cast.other_specialist, code) == [contact_fact(eastern.pk, DUE)]


def test_an_installation_just_filled_tells_at_once_even_on_a_day_off(cast: Cast, case: SupportCase) -> None:
    sunday = date(2026, 3, 8)
    with freeze_time(morning(sunday, hour=time(3))):
        daily.apply_everywhere(timezone.now())
    assert told(cast.specialist, "casework.contact_overdue") == [contact_fact(case.pk, DUE)]
    apply(morning(date(2026, 3, 10)))
    assert cast.specialist.notifications.filter(code="casework.contact_overdue").count() == 1


def test_what_was_missed_while_the_server_was_off_is_made_up_for_once(cast: Cast, case: SupportCase) -> None:
    apply(morning(DUE + timedelta(days=1), hour=time(16, 40)))
    apply(morning(DUE + timedelta(days=1), hour=time(16, 50)))
    assert told(cast.specialist, "casework.contact_overdue")
    assert JobRun.objects.filter(name="casework.contact_overdue", region=cast.region).count() == 1


def test_a_rule_that_fails_stops_no_other_and_is_tried_again_within_the_hour(
    cast: Cast, case: SupportCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_day: daily.LocalDay) -> daily.Counts:
        raise ZeroDivisionError("Черных Ольга")

    failing = dict(daily._rules)
    failing["monitoring.refresh_due_dates"] = daily.DailyRule(
        name="monitoring.refresh_due_dates", title="", does="", source="", hour=time(0, 15), job=broken
    )
    whole = daily._rules
    monkeypatch.setattr(daily, "_rules", failing)
    now = morning(DUE + timedelta(days=1))
    with pytest.raises(JobFailed):
        apply(now)
    assert told(cast.specialist, "casework.contact_overdue")
    failed = JobRun.objects.filter(name="monitoring.refresh_due_dates", region=cast.region)
    assert [(run.outcome, "Черных" in run.error) for run in failed] == [(RunOutcome.FAILED, False)]

    monkeypatch.setattr(daily, "_rules", whole)
    apply(now + timedelta(minutes=50))
    assert failed.count() == 1
    apply(now + timedelta(minutes=61))
    assert [run.outcome for run in failed.order_by("pk")] == [RunOutcome.FAILED, RunOutcome.DONE]


@pytest.mark.requirement("L7")
def test_who_stands_in_for_the_curator_or_the_head_is_told_too(cast: Cast, case: SupportCase) -> None:
    day = DUE + timedelta(days=8)
    for principal, deputy in ((cast.specialist, cast.neighbour), (cast.head, cast.second_head)):
        deputy_of(principal.appointments.get(), user=deputy, starts_on=day, ends_on=day)
    before, after = {"ends_on": day - timedelta(days=1)}, {"starts_on": day + timedelta(days=1)}
    deputy_of(cast.specialist.appointments.get(), user=cast.colleague, starts_on=day - timedelta(days=9), **before)
    deputy_of(cast.specialist.appointments.get(), user=cast.newcomer, ends_on=day + timedelta(days=9), **after)
    apply(morning(day))
    for user in (cast.colleague, cast.newcomer):
        assert not told(user, "casework.contact_overdue"), "not within the days of the deputy"
    fact = [contact_fact(case.pk, DUE)]
    assert told(cast.neighbour, "casework.contact_overdue") == fact
    assert told(cast.second_head, "casework.contact_overdue_head") == fact


def test_a_new_curator_takes_the_reminder_over(cast: Cast, case: SupportCase) -> None:
    apply(morning(DUE + timedelta(days=1)))
    SupportCase.objects.filter(pk=case.pk).update(curator=cast.colleague)
    apply(morning(DUE + timedelta(days=2)))
    assert not told(cast.specialist, "casework.contact_overdue")
    assert told(cast.colleague, "casework.contact_overdue") == [contact_fact(case.pk, DUE)]


@pytest.mark.requirement("X6")
def test_the_text_holds_the_number_and_the_day_and_leads_to_the_case(cast: Cast, case: SupportCase) -> None:
    case.family.title = "Черных"
    case.family.save()
    apply(morning(DUE + timedelta(days=1)))
    reminder = cast.specialist.notifications.get(code="casework.contact_overdue")
    for language in ("ru", "en"):
        with translation.override(language):
            assert case.number in text_of(reminder)
            assert "02.03.2026" in text_of(reminder)
            assert "Черных" not in text_of(reminder)
    opened = client_of(cast.specialist).post(reverse("notification_open", args=[reminder.pk]))
    assert opened["Location"] == reverse("casework:case", args=[case.pk])


@pytest.mark.requirement("X6")
def test_of_a_restricted_family_the_head_learns_no_number(cast: Cast, specialist: Appointment) -> None:
    case = visited_case(specialist, is_restricted=True)
    apply(morning(DUE + timedelta(days=9)))
    assert told(cast.specialist, "casework.contact_overdue") == [contact_fact(case.pk, DUE)]
    assert not told(cast.head, "casework.contact_overdue_head")
    [reminder] = cast.head.notifications.filter(code="casework.contact_overdue_restricted")
    assert "number" not in reminder.params
    opened = client_of(cast.head).post(reverse("notification_open", args=[reminder.pk]))
    assert opened["Location"] == reverse("inbox")


@pytest.mark.parametrize(
    ("left", "codes"),
    [
        (31, []),
        (30, ["monitoring.term_ending"]),
        (8, ["monitoring.term_ending"]),
        (7, ["monitoring.term_ending_soon"]),
        (0, ["monitoring.term_ending_soon"]),
        (-1, ["monitoring.term_over"]),
    ],
)
def test_the_end_of_support_is_announced_a_month_and_a_week_before(
    cast: Cast, specialist: Appointment, left: int, codes: list[str]
) -> None:
    today = date(2026, 2, 3)
    case = visited_case(specialist, planned_end_on=today + timedelta(days=left))
    removed = visited_case(
        specialist,
        planned_end_on=today + timedelta(days=left),
        removed_on=today,
        removal_reason="TERM_EXPIRED",
    )
    apply(morning(today))
    rows = Notification.objects.filter(code__startswith="monitoring.term")
    for user in (cast.specialist, cast.head):
        assert [(row.code, row.target_id) for row in rows.filter(recipient=user)] == [(c, case.pk) for c in codes]
    assert not rows.filter(target_id=removed.pk).exists()


def contract_of(case: SupportCase) -> SocialContract:
    authority = PartnerOrganisation.objects.create(region=case.region, title="Центр поддержки", type="SOCIAL_SUPPORT")
    family = case.family
    family.curator = case.curator
    family.save()
    return SocialContract.objects.create(
        family=family,
        institution=case.institution,
        number="17",
        applicant=PersonFactory.create(region=case.region),
        kind="JOB_SEARCH",
        authority=authority,
        signed_on=date(2025, 5, 1),
        starts_on=date(2025, 5, 1),
        planned_end_on=date(2026, 1, 31),
        ended_on=date(2026, 1, 31),
        end_kind="FULFILLED",
        state="FOLLOW_UP",
        follow_up_ends_on=date(2027, 1, 31),
        amount=50_000,
        created_by=case.curator,
    )


@pytest.mark.requirement("R5", "S2-27")
@pytest.mark.parametrize(
    ("day", "due", "overdue"),
    [(date(2026, 2, 27), True, False), (date(2026, 3, 2), False, True)],
)
def test_a_follow_up_sheet_is_due_in_its_month_and_overdue_after_it(
    cast: Cast, case: SupportCase, day: date, due: bool, overdue: bool
) -> None:
    contract = contract_of(case)
    sheet = FollowUpSheet.objects.create(
        contract=contract, month=1, period_from=date(2026, 2, 1), period_to=date(2026, 2, 28)
    )
    FollowUpSheet.objects.create(contract=contract, month=2, period_from=date(2026, 3, 5), period_to=date(2026, 4, 4))
    apply(morning(day))
    fact = [f"sheet:{sheet.pk}"]
    assert told(cast.specialist, "monitoring.sheet_due") == (fact if due else [])
    assert told(cast.specialist, "monitoring.sheet_overdue") == (fact if overdue else [])

    sheet.filled_on, sheet.filled_by, sheet.no_contact_reason = day, cast.specialist, "уехали"
    sheet.save()
    apply(morning(day + timedelta(days=3 if day.weekday() == 4 else 1)))
    assert not Notification.objects.unread().filter(fact=fact[0]).exists()


def decision_of(cast: Cast, due_on: date, *, council: Council, **executor: Any) -> Decision:
    session = CouncilSession.objects.create(
        council=council,
        number="4/2026",
        state=SessionState.MINUTES_SIGNED,
        planned_at="2026-02-02T10:00:00+03:00",
        held_on=LAST_CONTACT,
        created_by=cast.secretary,
    )
    item = AgendaItem.objects.create(session=session, position=1, kind=ItemKind.ORGANISATIONAL, title="О занятости")
    return Decision.objects.create(
        item=item,
        type="TASK",
        text="Черных: помочь с работой",
        effective_on=LAST_CONTACT,
        due_on=due_on,
        state=DecisionState.ADOPTED,
        **executor,
    )


@pytest.fixture
def council(cast: Cast) -> Callable[..., Council]:
    def make(**values: Any) -> Council:
        title = f"Совет {len(values)}"
        known = {"region": cast.region, "kind": "COORDINATION_COUNCIL", "title": title, "title_genitive": "совета"}
        council: Council = Council.objects.create(active_from=date(2020, 1, 1), **known, **values)
        return council

    return make


def test_an_overdue_decision_is_told_to_its_executor_and_the_secretary(
    cast: Cast, council: Callable[..., Council]
) -> None:
    own, regional = council(institution=cast.institution), council()
    decision = decision_of(cast, DUE, council=own, executor_user=cast.colleague)
    far = decision_of(cast, DUE, council=regional, executor_user=cast.specialist)
    code = "monitoring.decision_overdue"
    apply(morning(DUE))
    assert not Notification.objects.filter(code=code).exists()
    apply(morning(DUE + timedelta(days=1)))
    assert told(cast.colleague, code) == told(cast.secretary, code) == [f"decision:{decision.pk}"]
    assert told(cast.specialist, code) == [f"decision:{far.pk}"]
    assert "Черных" not in text_of(cast.secretary.notifications.get(code=code))

    decision.state, decision.executed_on = DecisionState.EXECUTED, DUE
    decision.save()
    apply(morning(DUE + timedelta(days=2)))
    assert not told(cast.colleague, code)
    assert told(cast.specialist, code)


def test_what_a_day_alone_brings_to_a_head_is_told_that_morning(cast: Cast, specialist: Appointment) -> None:
    """The time of post-support ends on Monday: on Tuesday the head learns that the case may be closed, once."""
    removed = date(2025, 9, 2)
    case = make_case(
        specialist,
        opened_on=date(2025, 3, 3),
        stages=[(Stage.ACTIVE, date(2025, 3, 3)), (Stage.POST_SUPPORT, removed)],
        enrolled_on=date(2025, 3, 3),
        removed_on=removed,
        removal_reason=RemovalReason.GOALS_ACHIEVED,
        post_support_until=DUE,
    )
    code = "casework.next.POST_SUPPORT.CLOSED"
    apply(morning(DUE))
    assert told(cast.head, code) == []
    apply(morning(DUE + timedelta(days=1)))
    apply(morning(DUE + timedelta(days=2)))
    assert told(cast.head, code) == [f"supportcase:{case.pk}"]


@pytest.mark.requirement("L20")
def test_a_morning_costs_the_same_however_many_cases_are_overdue(cast: Cast, specialist: Appointment) -> None:
    costs = []
    for days in (1, 2):
        for _number in range(3 * days):
            visited_case(specialist)
        with CaptureQueriesContext(connection) as queries:
            apply(morning(DUE + timedelta(days=days)))
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert len(told(cast.specialist, "casework.contact_overdue")) == 9


def test_every_reminder_opens_a_page_and_has_a_summary() -> None:
    names = [rule.name for rule in daily.daily_rules() if rule.job.__qualname__.startswith("Reminder")]
    assert len(names) >= 11
    assert all(summary_of(name) for name in names)
