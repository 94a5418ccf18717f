"""Pages of quarterly reports in the browser: the lists, a report, the families behind a number, the steps."""

from datetime import date

import pytest
from playwright.sync_api import Page

from casework.enums import Stage
from common.calendar import Quarter
from families.models import Family
from monitoring.enums import ReportLevel, ReportState
from monitoring.models import QuarterlyReport
from monitoring.services import rendering
from monitoring.services.reports import begin_correction
from records import tasks
from records.services import work
from tests.browser.pages import check_page, signed_in
from tests.casework.rows import hold_visit, make_case
from tests.cast import Cast
from tests.factories.monitoring import last_quarter, report_at, report_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def published(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> QuarterlyReport:
    """The institution's report, published with its files, with families behind its numbers."""
    monkeypatch.setattr(tasks, "send_hint", lambda _pk: None)
    quarter = last_quarter(cast)
    for on in (quarter.starts_on, quarter.ends_on, quarter.year_before.starts_on):
        enrol(cast, on)
    report = report_at(cast, ReportLevel.INSTITUTION, ReportState.PUBLISHED)
    while (order := work.claim_next(rendering.KIND)) is not None:
        work.run(order)
    return report


def enrol(cast: Cast, on: date) -> None:
    post = cast.specialist.appointments.get()
    case = make_case(post, opened_on=on, stages=[(Stage.ACTIVE, on)], enrolled_on=on)
    Family.objects.filter(pk=case.family_id).update(curator=cast.specialist)
    hold_visit(case, on)


def test_the_lists_are_sound(page: Page, cast: Cast, published: QuarterlyReport) -> None:
    for user in (cast.ministry, cast.head):
        signed_in(page, user).goto("/reports/")
        check_page(page, f"reports of {user.username}")
    page.goto(f"/reports/?quarter={Quarter(2020, 1)}")
    check_page(page, "no reports")


def test_a_report_and_its_correction_are_sound(page: Page, cast: Cast, published: QuarterlyReport) -> None:
    signed_in(page, cast.ministry).goto(published.get_absolute_url())
    check_page(page, "published report")
    enrol(cast, last_quarter(cast).ends_on)
    edition = begin_correction(report=published, actor=cast.director, reason="Опоздавшая запись журнала")
    signed_in(page, cast.director).goto(edition.get_absolute_url())
    check_page(page, "correction")
    page.goto(f"/reports/{published.pk}/evidence/Q3/")
    check_page(page, "evidence")


def test_the_steps_are_sound(page: Page, cast: Cast, published: QuarterlyReport) -> None:
    report = report_at(cast, ReportLevel.SPECIALIST, ReportState.SUBMITTED)
    signed_in(page, cast.head).goto(f"/reports/{report.pk}/return/")
    check_page(page, "returning a report")
    page.locator("form button.danger").click()
    check_page(page, "returning a report without a reason")
    draft = report_of(cast, ReportLevel.DEPARTMENT)
    page.goto(f"/reports/{draft.pk}/analysis/")
    check_page(page, "analysis")
