"""`manage.py overdue` prints what the lists show, for scripts."""

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from casework.contacts import refresh_contacts
from casework.enums import Stage
from casework.models import SupportCase
from tests.casework.rows import hold_visit, make_case
from tests.cast import Cast

START = date(2026, 1, 10)


def overdue(*args: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("overdue", *args, stdout=out)
    rows: list[dict[str, Any]] = json.loads(out.getvalue())
    return rows


def cases_of(cast: Cast) -> list[SupportCase]:
    posts = [user.appointments.get() for user in (cast.specialist, cast.neighbour, cast.other_specialist)]
    cases = [make_case(post, opened_on=START, stages=[(Stage.CONTRACTING, START)]) for post in posts]
    hold_visit(cases[0], date(2026, 2, 5))
    for case in cases:
        refresh_contacts([case.pk], date(2026, 3, 20))
    return cases


@pytest.mark.requirement("R2")
def test_overdue_cases_of_a_day_by_how_long_they_wait(cast: Cast) -> None:
    first, second, third = cases_of(cast)
    rows = overdue("--on", "2026-03-09")
    assert [row["case"] for row in rows] == [second.number, third.number, first.number]
    assert rows[-1] == {
        "case": first.number,
        "due_on": "2026-03-05",
        "days_overdue": 4,
        "region": "north",
        "institution": "institution",
        "department": "department",
    }
    assert [row["days_overdue"] for row in rows] == [27, 27, 4]


def test_a_unit_of_any_level_narrows_the_list(cast: Cast) -> None:
    first, second, third = cases_of(cast)
    found = {
        code: {row["case"] for row in overdue("--on", "2026-03-09", "--unit", code)}
        for code in ("north", "institution", "department", "other-institution", "south")
    }
    assert found == {
        "north": {first.number, second.number, third.number},
        "institution": {first.number, second.number},
        "department": {first.number},
        "other-institution": {third.number},
        "south": set(),
    }


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match=r"30\.02\.2026"):
        call_command("overdue", "--on", "30.02.2026")


def test_nothing_personal_is_printed(cast: Cast) -> None:
    case = cases_of(cast)[0]
    case.family.title = "Незабудкина"
    case.family.save()
    text = json.dumps(overdue("--on", "2026-03-09"), ensure_ascii=False)
    assert "Незабудкина" not in text
    assert not set(cast.tokens) & set(text.replace('"', " ").split())
