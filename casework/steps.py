"""The steps of a case that wait for its head or director, and what its pages say is next."""

from datetime import date

from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from casework import registry
from casework.enums import ProgrammeState
from casework.models import AgencyNotice, SupportAgreement, SupportCase, SupportProgramme
from casework.services.programmes import bodies_on_paper, follows_from_minutes, readiness
from casework.stages import MOVES, Move, Mover
from casework.waiting import Step, register_step

MOVED_BY_HEAD = {Mover.HEAD, Mover.HEAD_OR_DIRECTOR}


def _is_on_paper(programme: SupportProgramme) -> bool:
    """Whether the head enters the approval: what other bodies decide follows from their minutes in the system."""
    return bool(bodies_on_paper(programme.case, programme.case.institution.today()))


def _is_complete(programme: SupportProgramme) -> bool:
    """Whether the family can be asked: what it agrees to has to be fit to be submitted."""
    return readiness(programme).is_ready


PROGRAMMES = (
    Step(
        "casework.next.agree",
        SupportProgramme,
        {"state": ProgrammeState.DRAFT},
        on_page=_("Next: the family agrees to the programme, and the specialist notes it."),
        holds=_is_complete,
        otherwise=_("Next: the specialist adds the activities that are missing; then the family agrees."),
    ),
    Step(
        "casework.next.submit",
        SupportProgramme,
        {"state": ProgrammeState.AGREED},
        on_page=_("Next: the head of the department submits the programme for approval."),
        role=Role.DEPARTMENT_HEAD,
        text=_("Case No. %(number)s: the programme is agreed with the family, submit it for approval"),
        summary=_("Programmes to be submitted for approval"),
        route="casework:programme",
    ),
    Step(
        "casework.next.approve",
        SupportProgramme,
        {"state": ProgrammeState.SUBMITTED},
        on_page=_("Next: the body decides, and the head of the department enters the approval from its minutes."),
        role=Role.DEPARTMENT_HEAD,
        text=_("Case No. %(number)s: the programme waits for approval, enter the decision from the minutes"),
        summary=_("Programmes that wait for approval"),
        route="casework:programme",
        holds=_is_on_paper,
        otherwise=lazy(follows_from_minutes, str)(),
        never_own=True,
    ),
    Step(
        "casework.next.draw_up",
        SupportProgramme,
        {"state": ProgrammeState.APPROVED},
        on_page=_("Next: the specialist draws up the support agreement, and the director signs it."),
    ),
)
PAPERS = (
    Step(
        "casework.next.sign",
        SupportAgreement,
        {"signed_on": None, "terminated_on": None},
        on_page=_("Next: the director signs the agreement."),
        role=Role.DIRECTOR,
        text=_("Case No. %(number)s: the support agreement waits to be signed"),
        summary=_("Support agreements to be signed"),
        route="casework:commitments",
        about="case_id",
    ),
    Step(
        "casework.next.send",
        AgencyNotice,
        {"sent_on": None},
        on_page=_("Next: the head of the department sends the notice."),
        role=Role.DEPARTMENT_HEAD,
        text=_("Case No. %(number)s: a notice to an agency waits to be sent"),
        summary=_("Notices to agencies to be sent"),
        route="casework:commitments",
        about="case_id",
    ),
)


def _move_step(move: Move) -> Step:
    """The head's step where a case meets all that a move requires."""

    def ready(on: date) -> Q:
        found = Q(removal_reason__in=move.decided_reasons) if move.decided_reasons else Q()
        for alternatives in move.requires:
            guards = [guard for code in alternatives if (guard := registry.guard(code))]
            either = Q(pk__in=[])
            for guard in guards:
                either |= Q(guard.condition(on))
            found &= either
        return found

    def text() -> str:
        sentence = gettext("Case No. %%(number)s is ready for your step: “%(step)s”")
        return sentence % {"step": str(move.title).replace("%", "%%")}

    return Step(
        f"casework.next.{move.source}.{move.target}",
        SupportCase,
        {"stage": move.source},
        role=Role.DEPARTMENT_HEAD,
        text=lazy(text, str)(),
        summary=_("Cases that are ready to move on"),
        route="casework:stage",
        case="",
        ready=ready,
        never_own=move.ends_support,
    )


for step in (*PROGRAMMES, *PAPERS):
    register_step(step)
for move in MOVES:
    if move.by in MOVED_BY_HEAD and move.requires:
        register_step(_move_step(move))
