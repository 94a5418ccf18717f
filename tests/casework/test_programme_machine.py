"""Programmes: every step, in every state of a version, by everybody (domain 3.7, access rules 6.2, 6.3)."""

from datetime import date

import pytest

from accounts.models import User
from casework.enums import ProgrammeState, Stage
from casework.models import SupportProgramme
from casework.services import programmes
from tests.casework.conftest import CaseAt
from tests.cast import Cast
from tests.factories.programmes import COUNCIL, mother_of, programme_at, scan
from tests.machines import Action, everybody, judge

pytestmark = pytest.mark.django_db

S = ProgrammeState
# «Programme»: the curator writes the draft, the head submits it; what the council decided on paper the head enters.
OWN, HEAD = {"specialist"}, {"head", "deputy"}


def today(programme: SupportProgramme) -> date:
    return programme.case.institution.today()


def agree(programme: SupportProgramme, user: User) -> None:
    programmes.agree(programme=programme, on=today(programme), person=mother_of(programme.case).person, actor=user)


def change(programme: SupportProgramme, user: User) -> None:
    programme.goal = "Сохранить ребёнку родную семью"
    programmes.change_programme(programme=programme, actor=user)


ACTIONS = {
    "change": Action(change, dict.fromkeys((S.DRAFT, S.AGREED), OWN)),
    "agree with the family": Action(agree, {S.DRAFT: OWN}),
    "submit": Action(lambda row, user: programmes.submit(programme=row, on=today(row), actor=user), {S.AGREED: HEAD}),
    "enter the approval": Action(
        lambda row, user: programmes.record_approval(
            programme=row, on=today(row), actor=user, scans=[scan()], **COUNCIL
        ),
        {S.SUBMITTED: HEAD},
    ),
    "enter the return": Action(
        lambda row, user: programmes.record_return(programme=row, remark="Уточнить", on=today(row), actor=user),
        {S.SUBMITTED: HEAD},
    ),
}


@pytest.mark.requirement("S4-23", "S0-63")
@pytest.mark.parametrize("state", S)
def test_every_step_of_a_programme_by_everybody(cast: Cast, at: CaseAt, state: ProgrammeState) -> None:
    people = everybody(cast)
    ended = state in {S.COMPLETED, S.TERMINATED, S.SUPERSEDED}
    reached = S.ACTIVE if ended else state
    row = programme_at(reached, at(Stage.CONTRACTING), author=cast.specialist, head=cast.head)
    if ended:
        SupportProgramme.objects.filter(pk=row.pk).update(state=state, closed_on=today(row))
    assert SupportProgramme.objects.get(pk=row.pk).state == state
    assert judge(row, state, ACTIONS, people) == []
