"""What happens to a family, and what is printed about it, told on the timeline of its case."""

from accounts.models import User
from casework.documents import case_of
from casework.models import SupportCase
from casework.services.events import LONGEST_PARAM, record_event
from common.history import update_with_history
from common.text import number_sign
from families.enums import FamilyFact
from families.hooks import Happening
from families.models import Family
from records.doors import owners_to_read
from records.models import IssuedDocument

RECORDS = {
    FamilyFact.CONSENT_GIVEN: "families.consent",
    FamilyFact.CONSENT_REVOKED: "families.consent",
    FamilyFact.STATEMENT_GIVEN: "families.statement",
    FamilyFact.STATEMENT_WITHDRAWN: "families.statement",
}
"""Facts of which a record of its own tells, on a page of its own; the others lead to the card of the family."""


def follow_family(happening: Happening) -> None:
    """Write what happened to a family on the timeline of its open case, if it has one."""
    case = _open_case(happening.family.pk)
    if case is None:
        return
    record = RECORDS.get(happening.fact)
    record_event(
        case,
        happening.fact.value,
        on=happening.on,
        by=happening.actor,
        params=happening.details,
        object_kind=record or "families.family",
        object_id=happening.object_id if record else happening.family.pk,
    )


def follow_paper(paper: IssuedDocument, actor: User | None) -> None:
    """Write on the timeline that a paper about a family was issued: of the case of its record, else of the open one.

    The title of a paper names its kind and number, never a person.
    """
    if paper.family_id is None or paper.institution is None or actor is None:
        return
    key = (paper.owner_kind, paper.owner_id)
    case_id = case_of(owners_to_read(actor, [key]).get(key))
    case = SupportCase.objects.filter(pk=case_id).first() if case_id else _open_case(paper.family_id)
    if case is None:
        return
    title = f"{paper.title} {number_sign(paper.number)}" if paper.number else paper.title
    record_event(
        case,
        "paper_issued",
        on=paper.institution.today(),
        by=actor,
        params={"title": title[:LONGEST_PARAM]},
        object_kind="casework.case",
        object_id=case.pk,
    )


def follow_restriction(actor: User, family: Family) -> None:
    """Mark the cases of a family as the family now is, and note it on the timeline of the open one.

    Why stands in the history of the family alone, which shows it to those who may read it.
    """
    cases = SupportCase.objects.filter(family=family).exclude(is_restricted=family.is_restricted)
    update_with_history(cases, actor=actor, reason="", is_restricted=family.is_restricted)
    case = _open_case(family.pk)
    if case is not None:
        kind = "family_restricted" if family.is_restricted else "family_opened"
        record_event(case, kind, on=family.institution.today(), by=actor)


def _open_case(family_id: int) -> SupportCase | None:
    case: SupportCase | None = SupportCase.objects.open().filter(family=family_id).first()
    return case
