"""Visits: every action, in every state, by everybody (domain 3.2, R8, access rules 6.2)."""

from datetime import timedelta

import pytest

from accounts.models import User
from casework.enums import Channel, VisitState
from casework.models import Visit
from casework.services import visits
from common.calendar import Quarter
from tests.casework.visiting import active_case, members_of, recorded
from tests.cast import Cast
from tests.machines import Action, everybody, judge

pytestmark = pytest.mark.django_db

S = VisitState
IN_CLOSED_PERIOD = "HELD, its period closed"
HEAD = {"head", "deputy"}
# «Visit, journal row»: the curator writes until the period is closed, the head writes and cancels.
WRITERS = {"specialist", *HEAD}
RECORDED = (S.HELD, S.NOT_AT_HOME, S.REFUSED)


def record(visit: Visit, user: User) -> None:
    visit.state, visit.channel, visit.held_on = S.HELD, Channel.HOME, visit.case.institution.today()
    visits.record_visit(visit=visit, seen=members_of(visit.case), actor=user)


def move(visit: Visit, user: User) -> None:
    visit.planned_on = visit.case.institution.today() + timedelta(days=5)
    visits.replan_visit(visit=visit, actor=user)


def correct(visit: Visit, user: User) -> None:
    visit.observations = "Младший ходит в детский сад"
    visits.change_visit(visit=visit, seen=list(visit.members_seen.all()), actor=user)


ACTIONS = {
    "record its outcome": Action(record, {S.PLANNED: WRITERS}),
    "move": Action(move, {S.PLANNED: WRITERS}),
    "correct": Action(correct, dict.fromkeys(RECORDED, WRITERS) | {IN_CLOSED_PERIOD: HEAD}),
    "cancel": Action(
        lambda row, user: visits.cancel_visit(visit=row, reason="Записано дважды", actor=user),
        dict.fromkeys((*RECORDED, IN_CLOSED_PERIOD), HEAD) | {S.PLANNED: WRITERS},
    ),
}


def visit_at(cast: Cast, state: str) -> Visit:
    case = active_case(cast)
    today = case.institution.today()
    if state == IN_CLOSED_PERIOD:
        # The last day of a quarter is open until its report is due; that of the quarter before it is not.
        on = Quarter.last_finished(today).previous.ends_on
        return recorded(case, cast.head, on=on, late_reason="Болезнь специалиста")
    if state in RECORDED:
        return recorded(case, cast.specialist, state=state)
    plan = visits.plan_visit(case=case, planned_on=today, actor=cast.specialist)
    if state == S.CANCELLED:
        visits.cancel_visit(visit=plan, reason="Семья уехала", actor=cast.specialist)
    return plan


@pytest.mark.parametrize("state", [*S, IN_CLOSED_PERIOD])
def test_every_action_on_a_visit_by_everybody(cast: Cast, state: str) -> None:
    people = everybody(cast)
    assert judge(visit_at(cast, state), state, ACTIONS, people) == []
