"""The moves of a social contract from its signing: the table of domain 3.8, and nothing else."""

from dataclasses import dataclass

from contracts.enums import ContractState


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move. `by_itself` moves also follow from dates and events, without anybody's wish."""

    source: ContractState
    target: ContractState
    by_itself: bool = False


S = ContractState

MOVES: tuple[Move, ...] = (
    Move(S.SIGNED, S.RUNNING, by_itself=True),
    Move(S.RUNNING, S.FOLLOW_UP),
    Move(S.FOLLOW_UP, S.COMPLETED, by_itself=True),
    # The head who ends support for a reason of 4.8 ends the follow-up with it (I12).
    Move(S.FOLLOW_UP, S.STOPPED, by_itself=True),
    # A stop entered by mistake, or with a closing that was taken back.
    Move(S.STOPPED, S.FOLLOW_UP),
)


def move_between(source: str, target: str) -> Move | None:
    """The move from `source` to `target`; None where the table has none."""
    return next((move for move in MOVES if (move.source, move.target) == (source, target)), None)
