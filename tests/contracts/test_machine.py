"""Social contracts: every action, in every state, by everybody (domain 3.8, access rules 6.2)."""

import pytest

from accounts.models import User
from casework.models import SupportCase
from contracts.enums import ContractState, EndKind, StopReason
from contracts.models import SocialContract
from contracts.services import contracts, followup
from families.models import Family
from tests.cast import Cast
from tests.factories.contracts import authority_of, contract_in, filled
from tests.machines import Action, everybody, judge

pytestmark = pytest.mark.django_db

S = ContractState
# «Social contract, follow-up»: the specialist writes, head and director read, the authority's specialist reads.
OWN = {"specialist"}
ENDED = (S.FOLLOW_UP, S.COMPLETED, S.STOPPED)


def correct(contract: SocialContract, user: User) -> None:
    contract.amount += 1
    contracts.correct(contract=contract, actor=user)


def end(contract: SocialContract, user: User) -> None:
    last_day = min(contract.family.institution.today(), contract.planned_end_on)
    contracts.end(contract=contract, last_day=last_day, kind=EndKind.FULFILLED, explanation="", actor=user)


def fill(contract: SocialContract, user: User) -> None:
    filled(contract.sheets.get(month=1), user, no_contact_reason="Семья в отъезде")


def stop(contract: SocialContract, user: User) -> None:
    on = contract.family.institution.today()
    if contract.follow_up_ends_on is not None:
        on = min(on, contract.follow_up_ends_on)
    followup.stop(contract=contract, on=on, reason=StopReason.REFUSAL, explanation="", actor=user)


def conclude(contract: SocialContract, user: User) -> None:
    contract.conclusion, contract.is_new_advised = "Доход семьи вырос", False
    followup.conclude(contract=contract, actor=user)


ACTIONS = {
    "correct": Action(correct, dict.fromkeys((S.SIGNED, S.RUNNING), OWN)),
    "put in force": Action(lambda row, user: contracts.put_in_force(contract=row, actor=user), {}),
    "end": Action(end, {S.RUNNING: OWN}),
    "fill the first sheet": Action(fill, dict.fromkeys(ENDED, OWN)),
    "stop the follow-up": Action(stop, {S.FOLLOW_UP: OWN}),
    "take the stop back": Action(
        lambda row, user: followup.resume(contract=row, reason="Ошибка", actor=user), {S.STOPPED: OWN}
    ),
    "complete": Action(lambda row, user: followup.complete(contract=row, actor=user), {}),
    "conclude": Action(conclude, dict.fromkeys(ENDED, OWN)),
}
"""What is done with a contract, by whom and when. Nobody puts it in force or completes it before its day."""


@pytest.mark.parametrize("state", S)
def test_every_action_on_a_contract_by_everybody(
    cast: Cast, case: SupportCase, family: Family, state: ContractState
) -> None:
    people = everybody(cast)
    authority = authority_of(family, cast.contract_specialist)
    contract = contract_in(state, family, cast.specialist, authority=authority)
    assert contract.state == state
    assert judge(contract, state, ACTIONS, people) == []
