"""The moves of a report along its chain: the table of domain 3.9, and nothing else."""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from monitoring.enums import ReportLevel, ReportState, Step


class Mover(Enum):
    """Who makes a move."""

    AUTHOR = "author"
    """The specialist, the head of the department, the person whom the director has named."""
    HIGHER = "higher level"
    """Who takes the report: the head, the director; never its author (access rules 6.3, 3)."""
    PUBLISHER = "publisher"
    """The director for the institution, the ministry for the region."""
    MINISTRY = "ministry"
    CORRECTION = "correction"
    """Nobody by hand: the correction that takes its place."""


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move; `title` is the verb on the button."""

    step: Step
    source: ReportState
    target: ReportState
    levels: frozenset[ReportLevel]
    by: Mover
    title: Promise | str = ""

    @property
    def freezes(self) -> bool:
        """Whether the figures are fixed with it."""
        return self.source is ReportState.GENERATED

    @property
    def needs_reason(self) -> bool:
        return self.step is Step.RETURN


L, S = ReportLevel, ReportState
INSIDE = frozenset({L.SPECIALIST, L.DEPARTMENT})
BELOW_REGION = frozenset({*INSIDE, L.INSTITUTION})
INSTITUTION, REGION = frozenset({L.INSTITUTION}), frozenset({L.REGION})

MOVES: tuple[Move, ...] = (
    Move(Step.SUBMIT, S.GENERATED, S.SUBMITTED, BELOW_REGION, Mover.AUTHOR, _("Submit")),
    Move(Step.ACCEPT, S.SUBMITTED, S.ACCEPTED, BELOW_REGION, Mover.HIGHER, _("Accept")),
    Move(Step.RETURN, S.SUBMITTED, S.RETURNED, BELOW_REGION, Mover.HIGHER, _("Return")),
    Move(Step.PUBLISH, S.ACCEPTED, S.PUBLISHED, INSTITUTION, Mover.PUBLISHER, _("Publish")),
    Move(Step.PUBLISH, S.GENERATED, S.PUBLISHED, REGION, Mover.PUBLISHER, _("Publish")),
    Move(Step.RECEIVE, S.PUBLISHED, S.RECEIVED, INSTITUTION, Mover.MINISTRY, _("Accept")),
    Move(Step.RETURN, S.PUBLISHED, S.RETURNED, INSTITUTION, Mover.MINISTRY, _("Return")),
    Move(Step.SUPERSEDE, S.ACCEPTED, S.SUPERSEDED, INSIDE, Mover.CORRECTION),
    Move(Step.SUPERSEDE, S.PUBLISHED, S.SUPERSEDED, INSTITUTION | REGION, Mover.CORRECTION),
    Move(Step.SUPERSEDE, S.RECEIVED, S.SUPERSEDED, INSTITUTION, Mover.CORRECTION),
)

COUNTING: dict[str, frozenset[str]] = {
    L.SPECIALIST: frozenset({S.ACCEPTED}),
    L.DEPARTMENT: frozenset({S.ACCEPTED}),
    L.INSTITUTION: frozenset({S.PUBLISHED, S.RECEIVED}),
    L.REGION: frozenset({S.PUBLISHED}),
}
"""States in which an edition is the word of its unit: it feeds the higher level until a correction replaces it."""

ACCEPTED_ONCE = (S.ACCEPTED, S.PUBLISHED, S.RECEIVED, S.SUPERSEDED)
"""The states of an edition that the higher level took: the facts of its quarter are closed (R8)."""


def move_for(step: str, state: str, level: str) -> Move | None:
    """The move that `step` makes from `state` at `level`; None where the table has none."""
    return next((row for row in MOVES if (row.step, row.source) == (step, state) and level in row.levels), None)


def moves_from(state: str, level: str) -> list[Move]:
    """The moves that people may make from `state` at `level`, in the order of the table."""
    return [row for row in MOVES if row.source == state and level in row.levels and row.by is not Mover.CORRECTION]
