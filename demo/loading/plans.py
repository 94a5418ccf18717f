"""What becomes of the families of a region: how long ago each case began, and how far it has come."""

from dataclasses import dataclass, replace

from casework.enums import REASONS_WITHOUT_COUNCIL, ContractDutyKind, RemovalReason, Stage
from contracts.enums import EndKind
from demo.structure import RegionData


@dataclass(frozen=True)
class ContractPlan:
    """The course of one contract in days before today; `unfilled` months lack their sheet, `late` ones were late.

    Without `ended_days_ago` it runs, until `planned_end_in` days from today.
    """

    kind: ContractDutyKind
    months: int
    planned_end_in: int = 0
    ended_days_ago: int | None = None
    end_kind: EndKind = EndKind.FULFILLED
    unfilled: frozenset[int] = frozenset()
    late: frozenset[int] = frozenset()
    is_stopped: bool = False


@dataclass(frozen=True)
class CasePlan:
    """The course of one case, in days before today; what a body decided happens on the nearest day of its sessions.

    `silent_days`: how long ago the last visit was held. `is_enrolled`, `is_submitted`: what is done of the agreement
    stage. `term_ends_in`: days until a term shorter than the longest one ends. `for_council`: its question waits for
    the body whose secretary signs in to the demo. What else happened: the family refused visits after the last one
    held, called a planned one off, got an urgent service; a partner rendered a service.
    """

    stage: Stage
    opened_days_ago: int
    silent_days: int
    removed_days_ago: int = 0
    reason: RemovalReason = RemovalReason.SITUATION_IMPROVED
    has_consent: bool = True
    has_curator: bool = True
    is_restricted: bool = False
    is_paused: bool = False
    is_enrolled: bool = False
    is_submitted: bool = True
    is_approved_apart: bool = False
    term_ends_in: int = 0
    for_council: bool = False
    contract: ContractPlan | None = None
    refused_days_ago: tuple[int, ...] = ()
    called_off_days_ago: int = 0
    urgent_days_ago: int = 0
    by_partner_days_ago: int = 0

    @property
    def ends_by_head(self) -> bool:
        """Support ended on a fact of which the body is told afterwards."""
        return self.removed_days_ago > 0 and self.reason in REASONS_WITHOUT_COUNCIL


R, K = RemovalReason, ContractDutyKind

DIAGNOSTIC = (
    CasePlan(Stage.DIAGNOSTIC, 3, 999, has_consent=False, has_curator=False),
    CasePlan(Stage.DIAGNOSTIC, 14, 999, has_consent=False),
    CasePlan(Stage.DIAGNOSTIC, 9, 2),
)
CONTRACTING = (
    CasePlan(Stage.CONTRACTING, 25, 6, is_submitted=False),
    CasePlan(Stage.CONTRACTING, 31, 12, for_council=True),
    CasePlan(Stage.CONTRACTING, 60, 41, for_council=True),
    CasePlan(Stage.CONTRACTING, 44, 9, for_council=True),
    CasePlan(Stage.CONTRACTING, 118, 15, is_enrolled=True, for_council=True),
)
# Days since the last visit: most families were met in time, some are due this week, some are overdue, one for so long
# that its director is told.
SILENCES = (4, 66, 12, 20, 27, 8, 47, 15, 2, 29, 22, 10, 80, 17, 26, 6, 13, 33, 24, 19, 11)
CONTRACTS = {
    0: ContractPlan(K.JOB_SEARCH, 6, planned_end_in=20),
    2: ContractPlan(K.BUSINESS, 12, planned_end_in=270),
    3: ContractPlan(K.OTHER_HARDSHIP, 6, ended_days_ago=5, end_kind=EndKind.WITHDRAWN),
    6: ContractPlan(K.SMALLHOLDING, 12, planned_end_in=150),
    10: ContractPlan(K.JOB_SEARCH, 6, ended_days_ago=135, unfilled=frozenset({4}), late=frozenset({2})),
    11: ContractPlan(K.OTHER_HARDSHIP, 6, ended_days_ago=70),
    13: ContractPlan(K.JOB_SEARCH, 9, planned_end_in=-4),
    16: ContractPlan(K.BUSINESS, 12, ended_days_ago=220, late=frozenset({1, 5})),
}
"""The contracts of families on active support, by their place there."""
REFUSED = {1: (24, 10), 6: (16,)}
CALLED_OFF = {0: 9, 7: 18}
URGENT = {2: 40, 5: 75, 11: 30}
BY_PARTNER = {0: 45, 3: 60, 8: 38, 13: 50}
"""What happened to families on active support besides, days ago by their place there."""
ACTIVE = tuple(
    CasePlan(
        Stage.ACTIVE,
        opened_days_ago=100 + 13 * number,
        silent_days=silent,
        is_restricted=number == 9,
        is_paused=number == 12,
        is_approved_apart=number % 4 == 3,
        contract=CONTRACTS.get(number),
        refused_days_ago=REFUSED.get(number, ()),
        called_off_days_ago=CALLED_OFF.get(number, 0),
        urgent_days_ago=URGENT.get(number, 0),
        by_partner_days_ago=BY_PARTNER.get(number, 0),
    )
    for number, silent in enumerate(SILENCES)
)
TERM_ENDING = (
    CasePlan(Stage.ACTIVE, 250, 16, term_ends_in=25, for_council=True),
    CasePlan(Stage.ACTIVE, 480, 7),
)
"""One whose term runs out, and one whose term was extended."""
REFLECTION = (
    CasePlan(Stage.REFLECTION, 330, 9, for_council=True),
    CasePlan(Stage.REFLECTION, 300, 21, for_council=True),
)
POST_SUPPORT = (
    CasePlan(Stage.POST_SUPPORT, 420, 60, 100),
    CasePlan(
        Stage.POST_SUPPORT, 460, 30, 70, R.GOALS_ACHIEVED, contract=ContractPlan(K.JOB_SEARCH, 9, ended_days_ago=372)
    ),
    CasePlan(Stage.POST_SUPPORT, 500, 95, 120, R.EXITED_HARDSHIP),
)
CLOSED = (
    CasePlan(
        *(Stage.CLOSED, 650, 256, 250, R.REFUSAL),
        contract=ContractPlan(K.OTHER_HARDSHIP, 6, ended_days_ago=420, is_stopped=True),
    ),
    CasePlan(Stage.CLOSED, 880, 355, 520, R.GOALS_ACHIEVED),
    CasePlan(Stage.CLOSED, 840, 335, 500),
    CasePlan(Stage.CLOSED, 800, 275, 440, R.EXITED_HARDSHIP),
    CasePlan(Stage.CLOSED, 560, 206, 200, R.MOVED),
    CasePlan(Stage.CLOSED, 770, 235, 400),
    CasePlan(Stage.CLOSED, 520, 176, 170, R.TRANSFERRED),
    CasePlan(Stage.CLOSED, 480, 50, 215, R.EXITED_HARDSHIP),
    CasePlan(Stage.CLOSED, 860, 300, 465),
    CasePlan(Stage.CLOSED, 630, 109, 274),
    CasePlan(Stage.CLOSED, 585, 91, 256, R.GOALS_ACHIEVED),
)
"""The first of them began before the two years of reports: the earliest report has something to tell."""
SHIFT_FROM, SHIFT = 90, 4
"""Cases that began earlier than the first of these did so a few days earlier still, by the number of the region."""


def plans_of(data: RegionData) -> list[CasePlan]:
    """The cases of a region in the order in which they are handed out: as many of each kind as its practice has."""
    active = [_with_contract(plan) for plan in ACTIVE] if data.with_contracts else ACTIVE
    plans = (
        *active[: data.active_cases],
        *TERM_ENDING,
        *DIAGNOSTIC,
        *CONTRACTING,
        *REFLECTION,
        *POST_SUPPORT,
        *CLOSED[: data.closed_cases],
    )
    return [_shifted(plan, SHIFT * data.number) for plan in plans]


def _with_contract(plan: CasePlan) -> CasePlan:
    """Where contracts are what the practice is about, every other family without one has concluded one."""
    if plan.contract is not None or plan.opened_days_ago % 2:
        return plan
    return replace(plan, contract=ContractPlan(K.JOB_SEARCH, 9, planned_end_in=270 - plan.opened_days_ago // 2))


def _shifted(plan: CasePlan, days: int) -> CasePlan:
    """The same course, begun some days earlier."""
    if plan.opened_days_ago < SHIFT_FROM or plan.term_ends_in:
        return plan
    return replace(plan, opened_days_ago=plan.opened_days_ago + days)
