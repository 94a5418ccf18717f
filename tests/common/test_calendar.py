"""The date rules' vectors (domain 3.10), and what must hold for any date."""

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import calendar
from common.calendar import ContactState, DateRange, DeadlineShift, Escalation, Quarter, TermState, WorkingCalendar

DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
DAY = timedelta(days=1)


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (date(2024, 1, 31), 1, date(2024, 2, 29)),
            (date(2023, 1, 31), 1, date(2023, 2, 28)),
            (date(2023, 11, 30), 3, date(2024, 2, 29)),
            (date(2024, 2, 29), 12, date(2025, 2, 28)),
            (date(2021, 2, 28), 12, date(2022, 2, 28)),
            (date(2024, 3, 31), -1, date(2024, 2, 29)),
            (date(2024, 1, 15), -13, date(2022, 12, 15)),
            (date(2024, 5, 31), 0, date(2024, 5, 31)),
        ],
    )
    def test_add_months(self, day: date, months: int, expected: date) -> None:
        assert calendar.add_months(day, months) == expected

    @given(DAYS, st.integers(-600, 600))
    def test_the_day_is_kept_or_clipped_to_the_end_of_the_month(self, day: date, months: int) -> None:
        moved = calendar.add_months(day, months)
        assert (moved.year - day.year) * 12 + moved.month - day.month == months
        assert moved.day == day.day or (moved.day < day.day and moved == calendar.month_end(moved))

    @given(DAYS, DAYS)
    def test_full_months_are_the_most_that_fit(self, one: date, other: date) -> None:
        start, end = sorted((one, other))
        months = calendar.full_months_between(start, end)
        assert calendar.add_months(start, months) <= end < calendar.add_months(start, months + 1)

    def test_out_of_the_calendar(self) -> None:
        with pytest.raises(ValueError, match="out of range"):
            calendar.add_months(date(9999, 12, 1), 1)
        with pytest.raises(ValueError, match="before"):
            calendar.full_months_between(date(2024, 1, 2), date(2024, 1, 1))

    def test_months_of_a_stretch(self) -> None:
        months = list(calendar.months_from(date(2023, 12, 31), date(2024, 2, 1)))
        assert months == [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1)]


class TestRanges:
    def test_an_open_range_reaches_everything_after_it(self) -> None:
        since = DateRange(date(2024, 3, 1))
        assert date(2099, 1, 1) in since
        assert date(2024, 2, 29) not in since
        assert since.intersection(DateRange(date(2024, 1, 1), date(2024, 3, 1))) == DateRange(
            date(2024, 3, 1), date(2024, 3, 1)
        )
        assert since.intersection(DateRange(date(2024, 5, 1))) == DateRange(date(2024, 5, 1))
        with pytest.raises(ValueError, match="open"):
            _ = since.days

    def test_neighbours_do_not_overlap(self) -> None:
        first, second = DateRange(date(2024, 1, 1), date(2024, 1, 31)), DateRange(date(2024, 2, 1), date(2024, 2, 1))
        assert not first.overlaps(second)
        assert first.intersection(second) is None
        assert second.days == 1

    def test_an_end_before_the_start_is_refused(self) -> None:
        with pytest.raises(ValueError, match="before"):
            DateRange(date(2024, 1, 2), date(2024, 1, 1))

    @given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=8))
    def test_merging_keeps_the_days_and_leaves_gaps(self, spans: list[tuple[int, int]]) -> None:
        start = date(2024, 1, 1)
        ranges = [DateRange(start + a * DAY, start + (a + length) * DAY) for a, length in spans]
        result = calendar.merged(ranges)
        days = [start + n * DAY for n in range(75)]
        assert [any(day in r for r in result) for day in days] == [any(day in r for r in ranges) for day in days]
        assert all(left.last_day + DAY < right.starts_on for left, right in itertools.pairwise(result))


class TestQuarter:
    def test_borders(self) -> None:
        quarter = Quarter.parse("2026Q1")
        assert (quarter.starts_on, quarter.ends_on) == (date(2026, 1, 1), date(2026, 3, 31))
        assert quarter.previous == Quarter(2025, 4)
        assert Quarter(2025, 4).next == quarter
        assert quarter.year_before == Quarter(2025, 1)
        assert Quarter(2026, 3).year_to_date == DateRange(date(2026, 1, 1), date(2026, 9, 30))
        assert Quarter.last_finished(date(2026, 4, 1)) == quarter
        assert Quarter.last_finished(date(2026, 3, 31)) == Quarter(2025, 4)
        assert quarter.title == "I\xa0квартал 2026\xa0года"

    @given(DAYS)
    def test_every_day_belongs_to_exactly_one(self, day: date) -> None:
        quarter = Quarter.containing(day)
        assert day in quarter.period
        assert Quarter.parse(str(quarter)) == quarter

    @pytest.mark.parametrize("text", ["", "2026", "2026Q0", "2026Q5", "2026-Q1", "26Q1", "1700Q1", "٢٠٢٦Q1", "2026Q1 "])
    def test_nonsense_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="quarter"):
            Quarter.parse(text)


class TestContact:
    """R2 with its worked example."""

    def test_rolling_month(self) -> None:
        due = calendar.next_contact_due(date(2021, 1, 1), date(2020, 12, 1))
        assert due == date(2021, 2, 1)
        assert calendar.contact_state(due, date(2021, 2, 1)) == ContactState.DUE_SOON
        assert calendar.contact_state(due, date(2021, 2, 2)) == ContactState.OVERDUE
        assert calendar.overdue_days(due, date(2021, 2, 2)) == 1
        assert calendar.overdue_days(due, date(2021, 1, 2)) == 0

    def test_without_contact_the_start_counts(self) -> None:
        assert calendar.next_contact_due(None, date(2024, 1, 31)) == date(2024, 2, 29)
        assert calendar.next_contact_due(None, date(2024, 1, 31), 3) == date(2024, 4, 30)
        assert calendar.first_contact_due(date(2024, 2, 25)) == date(2024, 3, 6)

    @pytest.mark.parametrize(
        ("today", "state"),
        [
            (date(2024, 3, 2), ContactState.NOT_DUE),
            (date(2024, 3, 3), ContactState.DUE_SOON),
            (date(2024, 3, 10), ContactState.DUE_SOON),
            (date(2024, 3, 11), ContactState.OVERDUE),
        ],
    )
    def test_due_soon_from_seven_days_before_to_the_day(self, today: date, state: ContactState) -> None:
        assert calendar.contact_state(date(2024, 3, 10), today) == state

    def test_a_pause_moves_the_date_to_a_week_after_it(self) -> None:
        pause = DateRange(date(2024, 3, 5), date(2024, 3, 20))
        due = calendar.next_contact_due(date(2024, 2, 10), date(2024, 1, 1), pauses=[pause])
        assert due == date(2024, 3, 27)
        assert calendar.contact_state(due, date(2024, 3, 20), [pause]) == ContactState.PAUSED
        assert calendar.contact_state(due, date(2024, 3, 21), [pause]) == ContactState.DUE_SOON

    def test_a_short_pause_never_brings_the_date_forward(self) -> None:
        pause = DateRange(date(2024, 2, 12), date(2024, 2, 14))
        assert calendar.next_contact_due(date(2024, 2, 10), date(2024, 1, 1), pauses=[pause]) == date(2024, 3, 10)

    def test_a_pause_does_not_excuse_the_days_overdue_before_it(self) -> None:
        pause = DateRange(date(2024, 3, 20), date(2024, 4, 20))
        last, start = date(2024, 2, 10), date(2024, 1, 1)
        assert calendar.next_contact_due(last, start, pauses=[pause], today=date(2024, 3, 15)) == date(2024, 3, 10)
        assert calendar.next_contact_due(last, start, pauses=[pause], today=date(2024, 3, 20)) == date(2024, 4, 27)

    def test_pauses_follow_one_another(self) -> None:
        pauses = [DateRange(date(2024, 3, 25), date(2024, 4, 2)), DateRange(date(2024, 3, 5), date(2024, 3, 20))]
        assert calendar.next_contact_due(date(2024, 2, 10), date(2024, 1, 1), pauses=pauses) == date(2024, 4, 9)

    def test_what_makes_no_sense_is_refused(self) -> None:
        with pytest.raises(ValueError, match="interval"):
            calendar.next_contact_due(None, date(2024, 1, 1), 0)
        with pytest.raises(ValueError, match="pause"):
            calendar.next_contact_due(None, date(2024, 1, 1), pauses=[DateRange(date(2024, 1, 5))])

    @pytest.mark.parametrize(
        ("days", "level"),
        [
            (0, Escalation.NONE),
            (1, Escalation.CURATOR),
            (6, Escalation.CURATOR),
            (7, Escalation.HEAD),
            (29, Escalation.HEAD),
            (30, Escalation.DIRECTOR),
        ],
    )
    def test_escalation(self, days: int, level: Escalation) -> None:
        assert calendar.escalation(days) == level

    def test_a_pause_over_two_months_needs_a_decision(self) -> None:
        assert not calendar.pause_needs_decision(DateRange(date(2024, 3, 1), date(2024, 4, 30)))
        assert calendar.pause_needs_decision(DateRange(date(2024, 3, 1), date(2024, 5, 1)))
        assert calendar.pause_needs_decision(DateRange(date(2024, 3, 1)))


class TestCompliance:
    """R3: whole months only, none with a paused day."""

    def test_part_months_and_paused_months_are_not_due(self) -> None:
        months = calendar.duty_months(
            duty=[DateRange(date(2024, 1, 10), date(2024, 3, 15)), DateRange(date(2024, 3, 16), date(2024, 6, 29))],
            pauses=[DateRange(date(2024, 4, 30), date(2024, 5, 2))],
            period=Quarter(2024, 1).year_to_date,
        )
        assert months == [date(2024, 2, 1), date(2024, 3, 1)]
        second = calendar.duty_months(
            [DateRange(date(2024, 1, 10), date(2024, 6, 29))],
            [DateRange(date(2024, 4, 30), date(2024, 5, 2))],
            Quarter(2024, 2).period,
        )
        assert second == []

    def test_only_whole_months_of_the_period_count(self) -> None:
        duty = [DateRange(date(2024, 1, 1))]
        period = DateRange(date(2024, 1, 2), date(2024, 3, 30))
        assert calendar.duty_months(duty, [], period) == [date(2024, 2, 1)]

    def test_one_contact_in_the_month_is_enough(self) -> None:
        due = [date(2024, 2, 1), date(2024, 3, 1)]
        assert calendar.fulfilled_months(due, [date(2024, 2, 29), date(2024, 4, 1)]) == [date(2024, 2, 1)]


class TestTerms:
    def test_support_lasts_three_to_twelve_months(self) -> None:
        window = calendar.support_end_window(date(2023, 11, 30))
        assert window == DateRange(date(2024, 2, 29), date(2024, 11, 30))
        assert calendar.is_early_removal(date(2023, 11, 30), date(2024, 2, 28))
        assert not calendar.is_early_removal(date(2023, 11, 30), date(2024, 2, 29))

    @pytest.mark.parametrize(
        ("days_left", "state"),
        [
            (31, TermState.RUNNING),
            (30, TermState.ENDS_IN_30_DAYS),
            (8, TermState.ENDS_IN_30_DAYS),
            (7, TermState.ENDS_IN_7_DAYS),
            (0, TermState.ENDS_IN_7_DAYS),
            (-1, TermState.EXPIRED),
        ],
    )
    def test_warnings(self, days_left: int, state: TermState) -> None:
        today = date(2024, 6, 1)
        assert calendar.term_state(today + days_left * DAY, today) == state

    def test_services_thirty_days_past_the_term(self) -> None:
        assert calendar.services_possible_until(date(2024, 6, 1)) == date(2024, 7, 1)

    @pytest.mark.requirement("R5")
    def test_follow_up_of_a_contract(self) -> None:
        ended = date(2021, 8, 31)
        assert calendar.follow_up_period(ended) == DateRange(date(2021, 9, 1), date(2022, 8, 31))
        sheets = calendar.follow_up_sheets(ended)
        assert [sheet.number for sheet in sheets] == list(range(1, 13))
        assert sheets[5].period == DateRange(date(2022, 2, 1), date(2022, 2, 28))
        assert calendar.follow_up_period(date(2024, 2, 29)).ends_on == date(2025, 2, 28)

    @pytest.mark.requirement("R5")
    @given(DAYS)
    def test_sheets_cover_the_follow_up_without_gap_or_overlap(self, ended: date) -> None:
        periods = [sheet.period for sheet in calendar.follow_up_sheets(ended)]
        whole = calendar.follow_up_period(ended)
        assert (periods[0].starts_on, periods[-1].ends_on) == (whole.starts_on, whole.ends_on)
        assert all(a.last_day + DAY == b.starts_on for a, b in itertools.pairwise(periods))

    def test_a_contract_of_a_year_from_1_january_ends_on_31_december(self) -> None:
        assert calendar.contract_end_window(date(2024, 1, 1), 12) == DateRange(date(2024, 3, 31), date(2024, 12, 31))
        with pytest.raises(ValueError, match="before"):
            calendar.contract_end_window(date(2024, 1, 1), 2)

    def test_assessments_twice_a_year(self) -> None:
        assert calendar.next_assessment_due(date(2023, 8, 31)) == date(2024, 2, 29)
        assert calendar.needs_two_assessments(DateRange(date(2023, 5, 1), date(2024, 6, 30)), 2024)
        assert not calendar.needs_two_assessments(DateRange(date(2023, 5, 1), date(2024, 6, 29)), 2024)
        assert calendar.needs_two_assessments(DateRange(date(2024, 7, 1)), 2024)
        assert not calendar.needs_two_assessments(DateRange(date(2024, 7, 2)), 2024)
        assert not calendar.needs_two_assessments(DateRange(date(2025, 1, 1)), 2024)

    def test_programme_of_services_is_reviewed_in_three_years(self) -> None:
        due = calendar.service_programme_review_due(date(2024, 2, 29))
        assert due == date(2027, 2, 28)
        assert calendar.reminder_from(due) == date(2027, 1, 29)

    def test_entry_later_than_ten_days_needs_a_reason(self) -> None:
        assert not calendar.is_late_entry(date(2024, 5, 1), date(2024, 5, 11))
        assert calendar.is_late_entry(date(2024, 5, 1), date(2024, 5, 12))


@pytest.mark.requirement("R9")
class TestReports:
    @pytest.mark.parametrize(
        ("quarter", "specialist", "head"),
        [
            ("2021Q1", date(2021, 4, 1), date(2021, 4, 3)),
            ("2021Q2", date(2021, 7, 1), date(2021, 7, 3)),
            ("2021Q3", date(2021, 10, 1), date(2021, 10, 3)),
            ("2021Q4", date(2022, 1, 1), date(2022, 1, 3)),
        ],
    )
    def test_calendar_days_by_default(self, quarter: str, specialist: date, head: date) -> None:
        assert calendar.report_due_on(Quarter.parse(quarter), 1) == specialist
        assert calendar.report_due_on(Quarter.parse(quarter), 3) == head

    @pytest.mark.parametrize(
        ("quarter", "day", "due"),
        [
            ("2021Q1", 3, date(2021, 4, 5)),
            ("2021Q1", 1, date(2021, 4, 1)),
            ("2021Q4", 1, date(2022, 1, 10)),
            ("2021Q4", 3, date(2022, 1, 10)),
        ],
    )
    def test_shifted_to_a_working_day_where_the_region_says_so(self, quarter: str, day: int, due: date) -> None:
        assert calendar.report_due_on(Quarter.parse(quarter), day, DeadlineShift.NEXT_WORKING_DAY) == due

    def test_the_due_day_is_included_to_its_last_second_of_local_time(self) -> None:
        vladivostok = ZoneInfo("Asia/Vladivostok")
        last = datetime(2021, 4, 1, 13, 59, 59, 999999, tzinfo=UTC)
        assert not calendar.is_late(last, date(2021, 4, 1), vladivostok)
        assert calendar.is_late(last + timedelta(microseconds=1), date(2021, 4, 1), vladivostok)

    @pytest.mark.parametrize("day", [0, 29])
    def test_a_day_that_not_every_month_has(self, day: int) -> None:
        with pytest.raises(ValueError, match="day"):
            calendar.report_due_on(Quarter(2021, 1), day)


class TestAges:
    @pytest.mark.parametrize(
        ("birth", "day", "minor", "age"),
        [
            (date(2006, 5, 10), date(2024, 5, 9), True, 17),
            (date(2006, 5, 10), date(2024, 5, 10), False, 18),
            (date(2004, 2, 29), date(2022, 2, 27), True, 17),
            (date(2004, 2, 29), date(2022, 2, 28), False, 18),
            (date(2024, 5, 1), date(2024, 5, 1), True, 0),
        ],
    )
    def test_minor_until_the_eighteenth_birthday(self, birth: date, day: date, minor: bool, age: int) -> None:
        assert calendar.is_minor(birth, day) is minor
        assert calendar.age_on(birth, day) == age

    def test_nobody_has_an_age_before_birth(self) -> None:
        with pytest.raises(ValueError, match="before the birth"):
            calendar.age_on(date(2024, 1, 2), date(2024, 1, 1))


class TestConsent:
    @pytest.mark.parametrize(
        ("day", "valid_to", "revoked_on", "in_force"),
        [
            (date(2024, 1, 9), None, None, False),
            (date(2024, 1, 10), None, None, True),
            (date(2024, 6, 30), date(2024, 6, 30), None, True),
            (date(2024, 7, 1), date(2024, 6, 30), None, False),
            (date(2024, 2, 29), None, date(2024, 3, 1), True),
            (date(2024, 3, 1), None, date(2024, 3, 1), False),
        ],
    )
    def test_in_force(self, day: date, valid_to: date | None, revoked_on: date | None, in_force: bool) -> None:
        given_on = date(2024, 1, 10)
        assert calendar.consent_in_force(given_on, day, valid_to=valid_to, revoked_on=revoked_on) is in_force


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("day", "working"),
        [
            (date(2025, 11, 1), True),  # a Saturday made working
            (date(2025, 5, 2), False),  # Friday, in exchange for 4 January
            (date(2025, 5, 8), False),
            (date(2025, 12, 31), False),
            (date(2026, 1, 9), False),
            (date(2026, 1, 12), True),
            (date(2026, 3, 9), False),  # Monday after a holiday on Sunday
            (date(2026, 6, 13), False),
        ],
    )
    def test_official_transfers(self, day: date, working: bool) -> None:
        assert calendar.FEDERAL.is_working(day) is working

    def test_counting(self) -> None:
        assert calendar.FEDERAL.add(date(2026, 4, 28), 10) == date(2026, 5, 14)
        assert calendar.FEDERAL.add(date(2026, 5, 14), -10) == date(2026, 4, 28)
        assert calendar.FEDERAL.same_or_next(date(2022, 1, 1)) == date(2022, 1, 10)
        assert calendar.FEDERAL.same_or_next(date(2022, 1, 10)) == date(2022, 1, 10)
        assert calendar.FEDERAL.count(date(2026, 1, 1), date(2026, 1, 31)) == 15
        with pytest.raises(ValueError, match="zero"):
            calendar.FEDERAL.add(date(2026, 1, 1), 0)

    def test_a_regions_own_days_off(self) -> None:
        radonitsa = date(2026, 4, 21)
        regional = WorkingCalendar.with_days_off([radonitsa])
        assert calendar.FEDERAL.is_working(radonitsa)
        assert not regional.is_working(radonitsa)
        assert regional.same_or_next(radonitsa) == date(2026, 4, 22)


class TestMoments:
    def test_a_moment_is_a_different_day_in_different_zones(self) -> None:
        moment = datetime(2024, 3, 31, 20, 30, tzinfo=UTC)
        assert calendar.local_date(moment, ZoneInfo("Europe/Moscow")) == date(2024, 3, 31)
        assert calendar.local_today(ZoneInfo("Asia/Vladivostok"), moment) == date(2024, 4, 1)
        assert calendar.day_starts_at(date(2024, 4, 1), ZoneInfo("Asia/Vladivostok")) == datetime(
            2024, 3, 31, 14, tzinfo=UTC
        )

    def test_a_naive_moment_is_refused(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            calendar.local_date(datetime(2024, 3, 31, 20, 30), ZoneInfo("Europe/Moscow"))  # noqa: DTZ001


@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29), date(2026, 11, 22)])
def test_the_last_birth_of_adults_is_the_border_of_minority(day: date) -> None:
    border = calendar.last_birth_of_adults(day)
    assert not calendar.is_minor(border, day)
    assert calendar.is_minor(border + timedelta(days=1), day)
