"""Quarterly reports: every action, in every state of every level, by everybody (domain 3.9, access rules 6.2, 6.3)."""

from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import User
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.models import QuarterlyReport
from monitoring.services import reports
from tests.cast import Cast
from tests.factories.monitoring import report_at
from tests.machines import Action, everybody, judge

pytestmark = pytest.mark.django_db

L, S = ReportLevel, ReportState
SPECIALIST, HEAD, DIRECTOR, MINISTRY = {"specialist"}, {"head", "deputy"}, {"director"}, {"ministry"}

RULES: dict[ReportLevel, dict[str, dict[ReportState, set[str]]]] = {
    L.SPECIALIST: {
        "recount": {S.GENERATED: SPECIALIST},
        "submit": {S.GENERATED: SPECIALIST},
        "accept": {S.SUBMITTED: HEAD},
        "return": {S.SUBMITTED: HEAD},
        "correct": {S.ACCEPTED: SPECIALIST},
    },
    L.DEPARTMENT: {
        "recount": {S.GENERATED: HEAD},
        "submit": {S.GENERATED: HEAD},
        "accept": {S.SUBMITTED: DIRECTOR},
        "return": {S.SUBMITTED: DIRECTOR},
        "correct": {S.ACCEPTED: HEAD},
    },
    # Its author is a person whom the director names: here the head of a department.
    L.INSTITUTION: {
        "recount": {S.GENERATED: HEAD},
        "name the author": {S.GENERATED: DIRECTOR},
        "submit": {S.GENERATED: HEAD},
        "accept": {S.SUBMITTED: DIRECTOR},
        "return": {S.SUBMITTED: DIRECTOR, S.PUBLISHED: MINISTRY},
        "publish": {S.ACCEPTED: DIRECTOR},
        "receive": {S.PUBLISHED: MINISTRY},
        "correct": {S.PUBLISHED: DIRECTOR, S.RECEIVED: DIRECTOR},
    },
    L.REGION: {
        "recount": {S.GENERATED: MINISTRY},
        "publish": {S.GENERATED: MINISTRY},
        "correct": {S.PUBLISHED: MINISTRY},
    },
}
"""Who does what with a report of each level, and in which state of it."""

STATES = [
    *((level, state) for level in (L.SPECIALIST, L.DEPARTMENT) for state in (S.GENERATED, S.SUBMITTED, S.ACCEPTED)),
    (L.SPECIALIST, S.RETURNED),
    (L.DEPARTMENT, S.RETURNED),
    *((L.INSTITUTION, state) for state in S if state != S.SUPERSEDED),
    (L.REGION, S.GENERATED),
    (L.REGION, S.PUBLISHED),
]


def actions(cast: Cast, rules: dict[str, dict[ReportState, set[str]]]) -> dict[str, Action]:
    """Everything that people try with a report, with what the rules of its level say."""

    def step(taken: Step, report: QuarterlyReport, user: User) -> None:
        assert reports.take_step(report=report, step=taken, actor=user, reason="Сверьте число посещений")

    tries: dict[str, Callable[[QuarterlyReport, User], object]] = {
        "recount": lambda row, user: reports.recount(report=row, actor=user),
        "name the author": lambda row, user: reports.name_author(report=row, author=cast.specialist, actor=user),
        "submit": partial(step, Step.SUBMIT),
        "accept": partial(step, Step.ACCEPT),
        "return": partial(step, Step.RETURN),
        "publish": partial(step, Step.PUBLISH),
        "receive": partial(step, Step.RECEIVE),
        "correct": lambda row, user: reports.begin_correction(report=row, actor=user, reason="Пропущено посещение"),
    }
    return {name: Action(do, rules.get(name, {})) for name, do in tries.items()}


@pytest.mark.requirement("S2-38", "S2-39")
@pytest.mark.parametrize(("level", "state"), STATES)
def test_every_action_on_a_report_by_everybody(cast: Cast, level: ReportLevel, state: ReportState) -> None:
    people = everybody(cast)
    report = report_at(cast, level, state)
    assert judge(report, state, actions(cast, RULES[level]), people) == []
