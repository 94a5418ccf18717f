"""What is overdue is overdue everywhere, and mail tells nobody of a case that they may not open."""

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from freezegun import freeze_time

from accounts.models import Notification, User
from casework.contacts import refresh_contacts
from casework.enums import Stage
from casework.models import SupportCase
from common.calendar import DateRange
from families.models import Family
from monitoring.digest import DIGEST
from monitoring.indicators import Level, by_code, values
from records.services import work
from tests.casework.rows import hold_visit, make_case, pause, set_own_interval
from tests.cast import Cast, client_of
from tests.monitoring.mornings import apply, morning, told

pytestmark = pytest.mark.django_db

MONTHS_AGO = date(2025, 12, 1)
LAST_CONTACT = date(2026, 2, 2)
DUE = date(2026, 3, 2)
DAY = timedelta(days=1)


def met_on(specialist: User, day: date, stage: Stage = Stage.ACTIVE) -> SupportCase:
    """On support for months, last met on the day."""
    post = specialist.appointments.get()
    case = make_case(post, opened_on=MONTHS_AGO, stages=[(stage, MONTHS_AGO)], enrolled_on=MONTHS_AGO)
    Family.objects.filter(pk=case.family_id).update(curator=specialist)
    hold_visit(case, day)
    return case


@pytest.mark.requirement("L3")
@pytest.mark.parametrize(("today", "is_overdue"), [(DUE, False), (DUE + DAY, True)])
def test_what_is_overdue_is_the_same_wherever_it_is_shown(cast: Cast, today: date, is_overdue: bool) -> None:
    """The lists and their numbers, the reminder, the figure of the report and the command for scripts."""
    late = met_on(cast.specialist, LAST_CONTACT)
    met_on(cast.specialist, today - DAY)
    slow, resting = met_on(cast.specialist, LAST_CONTACT), met_on(cast.specialist, LAST_CONTACT)
    set_own_interval(slow, (LAST_CONTACT, 3))
    pause(resting, DateRange(LAST_CONTACT + DAY, today + 20 * DAY))
    refresh_contacts(list(SupportCase.objects.values_list("pk", flat=True)), today)
    apply(morning(today))

    def listed(name: str, user: User) -> list[int]:
        rows = client_of(user).get(reverse(name), {"state": "overdue"}).context["rows"]
        return [row["pk"] for row in rows]

    with freeze_time(morning(today)):
        lists = [listed("casework:my_families", cast.specialist), listed("casework:cases", cast.head)]
        figures = client_of(cast.head).get(reverse("casework:caseload")).context["figures"]
    out = StringIO()
    call_command("overdue", "--on", today.isoformat(), stdout=out)
    period = DateRange(MONTHS_AGO, today)
    unit = cast.institution.pk
    figure = values(Level.INSTITUTION, [unit], period, today=today, indicators=[by_code("Q12")])[unit]["Q12"]
    expected = [late.pk] if is_overdue else []
    assert lists == [expected, expected]
    assert figures[0]["value"] == len(expected)
    assert [row["case"] for row in json.loads(out.getvalue())] == [late.number] * is_overdue
    assert figure.number == len(expected)
    assert len(told(cast.specialist, "casework.contact_overdue")) == len(expected)


@pytest.mark.requirement("L4")
def test_mail_counts_only_cases_that_its_reader_may_open(cast: Cast, settings: Any) -> None:
    """Two departments and two institutions, all a month late: each letter tells of what its reader answers for."""
    settings.EMAIL_CONFIGURED, settings.PUBLIC_URL = True, "https://opora.example.org"
    curators = (cast.specialist, cast.specialist, cast.neighbour, cast.other_specialist)
    for curator in curators:
        refresh_contacts([met_on(curator, LAST_CONTACT).pk], LAST_CONTACT)
    now = morning(DUE + 31 * DAY)
    apply(now)
    with freeze_time(now):
        while order := work.claim_next(DIGEST):
            work.run(order)
    reminders = Notification.objects.filter(code__startswith="casework.contact_overdue")
    for reminder in reminders:
        assert SupportCase.objects.visible_to(reminder.recipient).filter(pk=reminder.target_id).exists(), reminder.code
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    for user, number in (
        *((cast.specialist, 2), (cast.neighbour, 1), (cast.other_specialist, 1)),
        *((cast.head, 2), (cast.second_head, 1), (cast.other_head, 1), (cast.director, 3), (cast.other_director, 1)),
    ):
        assert reminders.filter(recipient=user).count() == number, user
        assert f": {number}" in letters[user.email]
    assert not reminders.filter(recipient__in=[cast.colleague, cast.secretary, cast.foreign_director]).exists()
