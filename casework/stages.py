"""The moves of a case along its six stages: the table of domain 3.4, and nothing else."""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.enums import (
    REASONS_IN_CONTRACTING,
    REASONS_IN_DIAGNOSTICS,
    REASONS_WITHOUT_COUNCIL,
    REASONS_WITHOUT_POST_SUPPORT,
    GuardCode,
    RemovalReason,
    Stage,
)

Requirement = tuple[GuardCode, ...]
"""Guards of which one suffices."""


class Mover(Enum):
    """Who makes a move."""

    HEAD = "head"
    HEAD_OR_DIRECTOR = "head or director"
    CURATOR = "curator"
    COUNCIL = "council"


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed move. `reasons` are those among which its maker chooses when support or the case ends with it.

    `decided_reasons` are further ones, allowed where a body has removed the family with that very reason.
    """

    source: Stage
    target: Stage
    by: Mover
    title: Promise
    requires: tuple[Requirement, ...] = ()
    reasons: frozenset[RemovalReason] = frozenset()
    decided_reasons: frozenset[RemovalReason] = frozenset()

    @property
    def ends_support(self) -> bool:
        return self.target in {Stage.POST_SUPPORT, Stage.CLOSED}


G = GuardCode
AFTER_REMOVAL = frozenset(RemovalReason) - REASONS_WITHOUT_POST_SUPPORT - {RemovalReason.NOT_NEEDED}
"""Reasons after which the family is watched over for some time more."""

MOVES: tuple[Move, ...] = (
    Move(
        Stage.DIAGNOSTIC,
        Stage.CONTRACTING,
        Mover.HEAD,
        _("Finish the diagnostics and prepare the agreement"),
        requires=(
            (G.PROBLEM_RECORDED,),
            (G.INFORMATION_VERIFIED,),
            (G.NEED_ASSESSED,),
            (G.CONSENT_ON_FILE,),
            (G.CURATOR_ASSIGNED,),
        ),
    ),
    Move(
        Stage.DIAGNOSTIC,
        Stage.CLOSED,
        Mover.HEAD_OR_DIRECTOR,
        _("Close the case"),
        reasons=REASONS_IN_DIAGNOSTICS,
    ),
    Move(
        Stage.CONTRACTING,
        Stage.ACTIVE,
        Mover.HEAD,
        _("Begin active support"),
        requires=(
            (G.JOINT_PLAN,),
            (G.NOTICES_SENT,),
            (G.PROGRAMME_APPROVED,),
            (G.AGREEMENT_SIGNED,),
            (G.ENROLLED,),
            (G.CURATOR_ASSIGNED,),
        ),
    ),
    Move(
        Stage.CONTRACTING,
        Stage.CLOSED,
        Mover.HEAD_OR_DIRECTOR,
        _("Close the case"),
        reasons=REASONS_IN_CONTRACTING,
    ),
    Move(
        Stage.ACTIVE,
        Stage.REFLECTION,
        Mover.CURATOR,
        _("Sum up the work with the family"),
        requires=((G.PROGRAMME_ENDED, G.GOALS_REACHED, G.TERM_ENDING, G.REMOVAL_DECIDED),),
    ),
    Move(
        Stage.ACTIVE,
        Stage.CLOSED,
        Mover.HEAD_OR_DIRECTOR,
        _("End support early"),
        reasons=REASONS_WITHOUT_COUNCIL,
        decided_reasons=REASONS_WITHOUT_POST_SUPPORT,
    ),
    Move(
        Stage.REFLECTION,
        Stage.ACTIVE,
        Mover.HEAD,
        _("Go on with active support"),
        requires=((G.EXTENDED,), (G.PROGRAMME_RENEWED,)),
    ),
    Move(
        Stage.REFLECTION,
        Stage.POST_SUPPORT,
        Mover.HEAD,
        _("Begin post-support"),
        requires=((G.REMOVAL_DECIDED,), (G.FINAL_ASSESSMENT,)),
        decided_reasons=AFTER_REMOVAL,
    ),
    Move(
        Stage.REFLECTION,
        Stage.CLOSED,
        Mover.HEAD_OR_DIRECTOR,
        _("Close the case"),
        requires=((G.REMOVAL_DECIDED,),),
        decided_reasons=REASONS_WITHOUT_POST_SUPPORT,
    ),
    # A relapse: `casework.services.decisions.relapse` opens a new case and closes this one.
    Move(Stage.POST_SUPPORT, Stage.ACTIVE, Mover.COUNCIL, _("Put on support again")),
    Move(
        Stage.POST_SUPPORT,
        Stage.CLOSED,
        Mover.HEAD_OR_DIRECTOR,
        _("Close the case"),
        requires=((G.POST_SUPPORT_OVER,), (G.NO_CONTRACT_DUTY,)),
    ),
)
"""The table of domain 3.4. Where it asks for more, or allows more, than the words there, and why:

- CONTRACTING to ACTIVE: besides I4 somebody answers for the case (I3: after a relapse it may be nobody), and the family
  is on support, as the council's approval or the agreement of a contract family has brought about;
- ACTIVE to REFLECTION: a decision that removes the family is a fourth way, else a family that the council removed early
  could come neither to the final assessment nor to post-support;
- DIAGNOSTIC and CONTRACTING to CLOSED: besides "not needed" and refusal the family may move away, die, be transferred
  or have been entered by mistake, and before the agreement there may be another reason, put in words: without them
  such a case would stay open for ever. None counts as improvement.
"""


def move_between(source: str, target: str) -> Move | None:
    """The move from `source` to `target`; None where the table has none."""
    return next((move for move in MOVES if (move.source, move.target) == (source, target)), None)


def moves_from(stage: str) -> list[Move]:
    """The moves that lead on from `stage`, in the order of the table."""
    return [move for move in MOVES if move.source == stage]
