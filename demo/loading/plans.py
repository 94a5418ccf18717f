"""What becomes of each of the forty families of a region: how long ago its case began and how far it has come."""

from dataclasses import dataclass

from casework.enums import RemovalReason, Stage


@dataclass(frozen=True)
class CasePlan:
    """The course of one case, in days before today. `silent_days`: how long ago the last visit was held."""

    stage: Stage
    opened_days_ago: int
    silent_days: int
    reason: RemovalReason = RemovalReason.SITUATION_IMPROVED
    has_consent: bool = True
    has_curator: bool = True
    is_restricted: bool = False
    is_paused: bool = False
    by_contract: bool = False

    @property
    def contracting_days_ago(self) -> int:
        return max(self.opened_days_ago - 14, 0)

    @property
    def enrolled_days_ago(self) -> int:
        return max(self.opened_days_ago - 30, 0)

    @property
    def active_days_ago(self) -> int:
        return max(self.opened_days_ago - 40, 0)


DIAGNOSTIC = (
    CasePlan(Stage.DIAGNOSTIC, 3, 999, has_consent=False, has_curator=False),
    CasePlan(Stage.DIAGNOSTIC, 14, 999, has_consent=False),
    CasePlan(Stage.DIAGNOSTIC, 9, 2),
)
CONTRACTING = (
    CasePlan(Stage.CONTRACTING, 25, 6),
    CasePlan(Stage.CONTRACTING, 28, 12),
    CasePlan(Stage.CONTRACTING, 60, 41),
)
# Days since the last visit: most families were met in time, some are due this week, some are overdue.
SILENCES = (4, 35, 12, 20, 27, 8, 47, 15, 2, 29, 22, 10, 80, 17, 26, 6, 13, 33, 24, 19, 11)
ACTIVE = tuple(
    CasePlan(
        Stage.ACTIVE,
        opened_days_ago=100 + 13 * number,
        silent_days=silent,
        is_restricted=number == 9,
        is_paused=number == 12,
        by_contract=number in {0, 6},
    )
    for number, silent in enumerate(SILENCES)
)
REFLECTION = (
    CasePlan(Stage.REFLECTION, 330, 9),
    CasePlan(Stage.REFLECTION, 300, 21),
)
POST_SUPPORT = (
    CasePlan(Stage.POST_SUPPORT, 420, 60),
    CasePlan(Stage.POST_SUPPORT, 460, 30, RemovalReason.EXITED_HARDSHIP),
    CasePlan(Stage.POST_SUPPORT, 500, 95, RemovalReason.GOALS_ACHIEVED),
)
CLOSED = (
    CasePlan(Stage.CLOSED, 720, 300, RemovalReason.GOALS_ACHIEVED),
    CasePlan(Stage.CLOSED, 690, 280, RemovalReason.SITUATION_IMPROVED),
    CasePlan(Stage.CLOSED, 650, 250, RemovalReason.REFUSAL),
    CasePlan(Stage.CLOSED, 600, 220, RemovalReason.EXITED_HARDSHIP),
    CasePlan(Stage.CLOSED, 560, 200, RemovalReason.MOVED),
    CasePlan(Stage.CLOSED, 540, 180, RemovalReason.SITUATION_IMPROVED),
    CasePlan(Stage.CLOSED, 520, 170, RemovalReason.CHILD_OF_AGE),
    CasePlan(Stage.CLOSED, 480, 160, RemovalReason.EXITED_HARDSHIP),
)

PLANS: tuple[CasePlan, ...] = (*ACTIVE, *DIAGNOSTIC, *CONTRACTING, *REFLECTION, *POST_SUPPORT, *CLOSED)
"""The forty families, in the order in which they are handed out to the specialists."""
