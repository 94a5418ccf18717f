"""The chain of a report: who moves it, what freezes, what returns, what a correction replaces."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Notification
from accounts.notifications import text_of
from casework.enums import Stage
from casework.models import CuratorAssignment, SupportCase
from casework.services.curators import assign_curator
from casework.services.periods import is_period_open
from common.calendar import Quarter
from common.calendar.quarters import ROMAN
from monitoring.chain import COUNTING, MOVES
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.lines import changed_lines, lines_of
from monitoring.models import QuarterlyReport, ReportValue
from monitoring.overview import Section, sections_for
from monitoring.services.deadlines import Timeliness, timeliness
from monitoring.services.figures import missing_below
from monitoring.services.reports import begin_correction, name_author, recount, take_step
from tests.casework.rows import hold_visit, make_case
from tests.cast import Cast
from tests.factories.monitoring import draft_reports, last_quarter, report_at, report_of

pytestmark = pytest.mark.django_db

L, S = ReportLevel, ReportState


def enrol(cast: Cast, on: date) -> SupportCase:
    return make_case(cast.specialist.appointments.get(), opened_on=on, stages=[(Stage.ACTIVE, on)], enrolled_on=on)


def first_day(cast: Cast) -> date:
    return last_quarter(cast).starts_on


def test_a_report_that_waits_for_acceptance_is_not_passed_over(cast: Cast) -> None:
    """What was not submitted holds nothing up (domain 3.9); what was is accepted or returned first."""
    report_at(cast, L.DEPARTMENT, S.SUBMITTED)
    institution = report_of(cast, L.INSTITUTION)
    name_author(report=institution, author=cast.head, actor=cast.director)
    with pytest.raises(ValidationError) as refused:
        take_step(report=institution, step=Step.SUBMIT, actor=cast.head)
    assert cast.department.title in refused.value.messages[0]
    institution.refresh_from_db()
    assert institution.state == S.GENERATED
    take_step(report=report_of(cast, L.DEPARTMENT), step=Step.ACCEPT, actor=cast.director)
    assert take_step(report=institution, step=Step.SUBMIT, actor=cast.head)
    assert institution.missing == [cast.second_department.pk]


def test_the_region_does_not_wait_for_what_an_institution_keeps_to_itself(cast: Cast) -> None:
    report_at(cast, L.INSTITUTION, S.SUBMITTED)
    assert report_at(cast, L.REGION, S.PUBLISHED).state == S.PUBLISHED


@pytest.mark.parametrize("level", [L.SPECIALIST, L.DEPARTMENT, L.INSTITUTION])
def test_a_notice_says_whose_report_it_is_and_writes_the_quarter_as_pages_do(cast: Cast, level: ReportLevel) -> None:
    report = report_at(cast, level, S.SUBMITTED)
    notices = Notification.objects.filter(code="report.submit", target_id=report.pk)
    texts = {text_of(notice).replace("\N{NO-BREAK SPACE}", " ") for notice in notices}
    assert len(texts) == 1
    (text,) = texts
    assert report.unit_title in text
    assert f" {ROMAN[report.quarter - 1]} " in text


@pytest.mark.requirement("S2-38", "S2-39")
def test_the_whole_chain_up_to_the_region(cast: Cast) -> None:
    case = enrol(cast, first_day(cast))
    for level in (L.SPECIALIST, L.DEPARTMENT):
        assert report_at(cast, level, S.ACCEPTED).state == S.ACCEPTED
    institution = report_at(cast, L.INSTITUTION, S.RECEIVED)
    region = report_at(cast, L.REGION, S.PUBLISHED)
    assert [event.step for event in institution.events.all()] == [
        *(Step.GENERATE, Step.NAME_AUTHOR, Step.SUBMIT, Step.ACCEPT, Step.PUBLISH, Step.RECEIVE)
    ]
    assert (institution.submitted_by, institution.accepted_by, institution.published_by, institution.received_by) == (
        *(cast.head, cast.director, cast.director, cast.ministry),
    )
    value = region.values.get(code="Q3")
    assert (value.quarter.number, value.lower, value.evidence) == (1, 1, [])
    assert institution.values.get(code="Q3").evidence == [case.pk]
    assert region.missing == [cast.other_institution.pk]


@pytest.mark.requirement("X3")
def test_who_submits_does_not_accept(cast: Cast) -> None:
    report = report_of(cast, L.INSTITUTION)
    name_author(report=report, author=cast.director, actor=cast.director)
    take_step(report=report, step=Step.SUBMIT, actor=cast.director)
    with pytest.raises(PermissionDenied):
        take_step(report=report, step=Step.ACCEPT, actor=cast.director)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuarterlyReport.objects.filter(pk=report.pk).update(state=S.ACCEPTED, accepted_by=cast.director)


def test_what_a_report_waited_for_is_told_no_longer_once_it_is_done(cast: Cast) -> None:
    report = report_of(cast, L.DEPARTMENT)
    waits = {"recipient": cast.head, "fact": f"report:{report.pk}", "target": "reports:report", "target_id": report.pk}
    late = Notification.objects.create(code="monitoring.report_overdue", **waits)
    other = Notification.objects.create(code="monitoring.report_overdue", **waits | {"fact": "x", "target_id": 0})
    take_step(report=report, step=Step.SUBMIT, actor=cast.head)
    to_accept = Notification.objects.get(code="report.submit", recipient=cast.director)
    late.refresh_from_db()
    assert late.settled_at is not None
    assert to_accept.settled_at is None
    take_step(report=report, step=Step.ACCEPT, actor=cast.director)
    for notice, is_settled in ((to_accept, True), (other, False)):
        notice.refresh_from_db()
        assert (notice.settled_at is not None) is is_settled


def test_only_staff_of_the_institution_is_named(cast: Cast) -> None:
    report = report_of(cast, L.INSTITUTION)
    with pytest.raises(ValidationError):
        name_author(report=report, author=cast.other_head, actor=cast.director)
    with pytest.raises(PermissionDenied):
        name_author(report=report, author=cast.head, actor=cast.head)
    name_author(report=report, author=cast.specialist, actor=cast.director)
    assert Notification.objects.get(recipient=cast.specialist).code == "report.author"


@pytest.mark.requirement("S1-78")
def test_submitting_fixes_figures_and_objects(cast: Cast) -> None:
    enrol(cast, first_day(cast))
    report = report_at(cast, L.SPECIALIST, S.SUBMITTED)
    counted = report.values.get(code="Q3")
    assert counted.quarter.number == 1
    enrol(cast, first_day(cast))
    report.refresh_from_db()
    assert report.values.get(code="Q3") == counted
    assert len(report.values.get(code="Q3").evidence) == 1


def test_figures_that_changed_since_are_shown_before_they_are_sent(cast: Cast) -> None:
    report = report_of(cast, L.SPECIALIST)
    enrol(cast, first_day(cast))
    assert not take_step(report=report, step=Step.SUBMIT, actor=cast.specialist)
    report.refresh_from_db()
    assert (report.state, report.values.get(code="Q3").quarter.number) == (S.GENERATED, 1)
    assert take_step(report=report, step=Step.SUBMIT, actor=cast.specialist)


def test_the_author_has_the_figures_counted_anew(cast: Cast) -> None:
    report = report_of(cast, L.SPECIALIST)
    enrol(cast, first_day(cast))
    with pytest.raises(PermissionDenied):
        recount(report=report, actor=cast.head)
    recount(report=report, actor=cast.specialist)
    assert report.values.get(code="Q3").quarter.number == 1


def test_a_return_keeps_what_was_sent_and_opens_the_next_edition(cast: Cast) -> None:
    report = report_at(cast, L.SPECIALIST, S.SUBMITTED)
    with pytest.raises(ValidationError):
        take_step(report=report, step=Step.RETURN, actor=cast.head, reason=" ")
    take_step(report=report, step=Step.RETURN, actor=cast.head, reason="Нет посещений сентября")
    following = QuarterlyReport.objects.get(previous=report)
    assert (report.state, following.state, following.edition) == (S.RETURNED, S.GENERATED, 2)
    assert not following.is_correction
    take_step(report=following, step=Step.SUBMIT, actor=cast.specialist)
    take_step(report=following, step=Step.ACCEPT, actor=cast.head)
    told = Notification.objects.filter(recipient=cast.specialist).order_by("pk")
    assert [notice.code for notice in told] == ["report.return", "report.accept"]
    assert "посещений" not in str([notice.params for notice in told])


@pytest.mark.requirement("R8", "I14")
def test_a_correction_lists_what_changed_and_replaces_the_published(cast: Cast) -> None:
    report = report_at(cast, L.INSTITUTION, S.RECEIVED)
    with pytest.raises(PermissionDenied):
        begin_correction(report=report, actor=cast.head, reason="Опоздавшая запись")
    enrol(cast, first_day(cast))
    with pytest.raises(ValidationError):
        begin_correction(report=report, actor=cast.director, reason=" ")
    edition = begin_correction(report=report, actor=cast.director, reason="Опоздавшая запись")
    assert (edition.edition, edition.correction_reason) == (report.edition + 1, "Опоздавшая запись")
    with pytest.raises(ValidationError):
        begin_correction(report=report, actor=cast.director, reason="Ещё одна")
    assert report.state == S.RECEIVED
    report_at(cast, L.INSTITUTION, S.PUBLISHED)
    report.refresh_from_db()
    edition.refresh_from_db()
    assert (report.state, edition.state) == (S.SUPERSEDED, S.PUBLISHED)
    changed = {row.indicator.code: (row.was.number, row.now.number) for row in changed_lines(edition)}
    assert changed["Q3"] == (0, 1)
    assert "Q4" not in changed
    assert changed_lines(report) == []


@pytest.mark.requirement("R8")
def test_an_accepted_report_closes_its_quarter_to_the_specialist(cast: Cast) -> None:
    quarter = last_quarter(cast)
    post = cast.specialist.appointments.get()
    case = make_case(post, opened_on=quarter.starts_on, stages=[(Stage.CONTRACTING, quarter.starts_on)])
    day = quarter.ends_on
    soon = day + timedelta(days=1)
    assert is_period_open(case, day, soon)
    report_at(cast, L.SPECIALIST, S.SUBMITTED)
    assert is_period_open(case, day, soon)
    take_step(report=report_of(cast, L.SPECIALIST), step=Step.ACCEPT, actor=cast.head)
    assert not is_period_open(case, day, soon)
    assert is_period_open(case, soon, soon)
    stranger = make_case(cast.neighbour.appointments.get(), opened_on=quarter.starts_on, stages=[])
    assert is_period_open(stranger, day, soon)
    CuratorAssignment.objects.create(
        case=case, curator=cast.specialist, starts_on=quarter.starts_on, assigned_by=cast.head
    )
    today = cast.institution.today()
    assign_curator(case=case, curator=cast.colleague, starts_on=today, actor=cast.head)
    assert not is_period_open(case, day, soon), "the quarter stays that of who answered then"


@pytest.mark.requirement("S1-78", "I14")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE monitoring_quarterlyreport SET due_on = due_on + 9 WHERE id = %s",
        "UPDATE monitoring_quarterlyreport SET state = 'GENERATED' WHERE id = %s",
        "UPDATE monitoring_quarterlyreport SET analysis = 'иначе' WHERE id = %s",
        "DELETE FROM monitoring_quarterlyreport WHERE id = %s",
        "UPDATE monitoring_reportvalue SET quarter_number = 9 WHERE report_id = %s",
        "DELETE FROM monitoring_reportvalue WHERE report_id = %s",
        "INSERT INTO monitoring_reportvalue (report_id, position, code) VALUES (%s, 99, 'QX')",
        "UPDATE monitoring_reportevent SET note = 'иначе' WHERE report_id = %s",
        "TRUNCATE monitoring_quarterlyreport CASCADE -- %s",
        "TRUNCATE monitoring_reportvalue -- %s",
    ],
)
def test_the_database_itself_keeps_what_was_submitted(cast: Cast, statement: str) -> None:
    report = report_at(cast, L.SPECIALIST, S.ACCEPTED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [report.pk])


def test_a_draft_may_still_change(cast: Cast) -> None:
    report = report_of(cast, L.SPECIALIST)
    assert ReportValue.objects.filter(report=report, code="Q3").update(quarter_number=5) == 1


def test_one_edition_is_in_work_at_a_time(cast: Cast) -> None:
    report = report_of(cast, L.SPECIALIST)
    again = QuarterlyReport.objects.get(pk=report.pk)
    again.pk, again.edition, again.previous_id = None, 2, report.pk
    again._state.adding = True
    with pytest.raises(DatabaseError, match="one_open_edition_per_report"), transaction.atomic():
        again.save()


def hand_in(report: QuarterlyReport, on: date, **values: Any) -> None:
    """Submitted on a day of the past, straight in the table."""
    known: dict[str, Any] = {"state": S.SUBMITTED, "submitted_at": timezone.now(), "submitted_by": report.author}
    QuarterlyReport.objects.filter(pk=report.pk).update(submitted_on=on, **(known | values))
    report.refresh_from_db()


@pytest.mark.requirement("S2-42", "J16")
def test_who_has_reported_in_time(cast: Cast) -> None:
    quarter, due_on = Quarter(2021, 1), date(2021, 4, 1)
    draft_reports(cast, quarter)
    after = due_on + timedelta(days=1)
    rows = QuarterlyReport.objects.filter(level=L.SPECIALIST, institution=cast.institution).order_by("pk")
    in_time, late, *silent = rows
    assert silent
    assert timeliness(rows, due_on) == {}
    hand_in(in_time, due_on)
    hand_in(late, after)
    assert timeliness(rows.all(), due_on) == {L.SPECIALIST: Timeliness(2, 1)}
    assert timeliness(rows.all(), after) == {L.SPECIALIST: Timeliness(2 + len(silent), 1)}
    head = cast.head if in_time.department_id == cast.department.pk else cast.second_head
    take_step(report=in_time, step=Step.RETURN, actor=head, reason="Сверьте число посещений.")
    again = QuarterlyReport.objects.get(previous=in_time)
    hand_in(again, after + timedelta(days=9))
    assert timeliness(rows.all(), after) == {L.SPECIALIST: Timeliness(2 + len(silent), 1)}, "the first one counts"


@pytest.mark.requirement("S2-42", "J16")
def test_the_ministry_sees_which_institutions_are_silent(cast: Cast) -> None:
    quarter, due_on = Quarter(2021, 1), date(2021, 4, 5)
    report = report_of(cast, L.INSTITUTION, quarter)
    hand_in(report, due_on, state=S.PUBLISHED, submitted_by=cast.head, published_at=timezone.now())

    def institutions(today: date) -> Section:
        return next(row for row in sections_for(cast.ministry, quarter, today) if row.level == L.INSTITUTION)

    assert (institutions(due_on).due, institutions(due_on).in_time) == (1, 1)
    section = institutions(due_on + timedelta(days=1))
    assert (section.due, section.in_time) == (2, 1)
    missing, published = section.rows
    assert (missing.title, missing.report, missing.is_late) == (cast.other_institution.short_name, None, True)
    assert (published.report, published.is_late) == (report, False)


@pytest.mark.requirement("S2-39")
def test_the_higher_report_is_counted_from_events_and_shows_the_difference(cast: Cast) -> None:
    enrol(cast, first_day(cast))
    report_at(cast, L.SPECIALIST, S.ACCEPTED)
    enrol(cast, first_day(cast))
    report = report_of(cast, L.DEPARTMENT)
    recount(report=report, actor=cast.head)
    for _state in (S.GENERATED, S.SUBMITTED):
        line = next(line for line in lines_of(report) if line.indicator.code == "Q3")
        assert (line.values.quarter.number, line.lower, line.differs_from_below) == (2, 1, True)
        assert missing_below(report) == [cast.colleague.pk]
        assert next(line for line in lines_of(report) if line.indicator.code == "Q10").lower is None
        report = report_at(cast, L.DEPARTMENT, S.SUBMITTED) if report.is_draft else report


def test_what_the_ministry_returns_comes_back_as_a_correction(cast: Cast) -> None:
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    take_step(report=report, step=Step.RETURN, actor=cast.ministry, reason="Не сходятся заседания")
    edition = QuarterlyReport.objects.get(previous=report)
    assert (edition.state, edition.correction_reason) == (S.GENERATED, "Не сходятся заседания")
    assert report in QuarterlyReport.objects.visible_to(cast.ministry)
    assert edition not in QuarterlyReport.objects.visible_to(cast.ministry)


def test_a_return_meets_a_correction_that_is_in_work(cast: Cast) -> None:
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    edition = begin_correction(report=report, actor=cast.director, reason="Опоздавшая запись")
    take_step(report=report, step=Step.RETURN, actor=cast.ministry, reason="Не сходятся заседания")
    assert QuarterlyReport.objects.get(previous=report) == edition
    assert edition.correction_reason == "Опоздавшая запись"


def test_states_that_count_lie_on_the_way_of_their_level() -> None:
    for level, states in COUNTING.items():
        for state in states:
            assert any(row.target == state and level in row.levels for row in MOVES)


def test_visits_are_evidence_of_who_made_them(cast: Cast) -> None:
    day = last_quarter(cast).ends_on
    case = make_case(cast.specialist.appointments.get(), opened_on=day, stages=[(Stage.CONTRACTING, day)])
    hold_visit(case, day)
    report = report_at(cast, L.SPECIALIST, S.SUBMITTED)
    assert report.values.get(code="Q13").evidence == list(case.visits.values_list("pk", flat=True))
