"""What the system proposes for the agenda of a body (domain 3.6, agenda candidates).

The secretary sees of a candidate the number of the case, the category, the reason and the department, and nothing else
until the case is on the agenda (clarifications). Restricted families are not among the candidates: their head asks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from casework.enums import DecisionKind, ProgrammeState, Stage
from casework.models import Assessment, CaseDecision, SupportCase, SupportProgramme
from common.calendar import add_months
from common.calendar.terms import ASSESSMENT_MONTHS
from councils.enums import ItemKind, ItemState
from councils.models import AgendaItem, Council, CouncilSession, Decision
from families.models import FamilyCategory

TERM_DAYS = 30
"""A term that ends within so many days after the session is decided on there (R4)."""

TOLD_WITHIN_DAYS = 120
"""Ends of support without a council are told at the next session; older ones have been."""

BEING_PREPARED = (ProgrammeState.DRAFT, ProgrammeState.AGREED)
"""A family may be put on support at one session, and its programme approved at a later one (clarification 4)."""

CASE = OuterRef("pk")

REASONS: dict[str, Promise | str] = {
    "programme": _("the programme is submitted for approval"),
    "enrol": _("the family is to be put on support; its programme is submitted"),
    "drafted": _("the family is to be put on support; its programme is being prepared"),
    "reflection": _("the family is in reflection"),
    "term": _("the term of support ends soon"),
    "review": _("an intermediate review is due"),
    "overdue": _("a decision of the body is overdue"),
    "ended": _("support was ended before the session"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question the system proposes; `key` names it in a form."""

    case_id: int
    family_id: int
    number: str
    department: str
    category: str
    kind: ItemKind
    reason: str

    @property
    def key(self) -> str:
        return f"{self.reason}:{self.case_id}"

    @property
    def reason_text(self) -> str:
        return str(REASONS[self.reason])

    @property
    def stored_reason(self) -> str:
        """The reason as the agenda keeps it: in Russian, whoever takes the proposal."""
        with override("ru"):
            return self.reason_text


def proposals(session: CouncilSession) -> list[Proposal]:
    """The candidates for the agenda of `session`, each case once, for its weightiest reason; queries do not grow."""
    council = session.council
    found: dict[int, tuple[SupportCase, ItemKind, str]] = {}
    for kind, reason, cases in _sources(council, session.planned_on, council.today()):
        for case in cases.select_related("department").order_by("pk"):
            found.setdefault(case.pk, (case, kind, reason))
    categories = _categories([case.family_id for case, _kind, _reason in found.values()], council.today())
    rows = [
        Proposal(
            case_id=case.pk,
            family_id=case.family_id,
            number=case.number,
            department=str(case.department),
            category=categories.get(case.family_id, ""),
            kind=kind,
            reason=reason,
        )
        for case, kind, reason in found.values()
    ]
    return sorted(rows, key=lambda row: (list(ItemKind).index(row.kind), row.case_id))


def _sources(
    council: Council, session_on: date, today: date
) -> Iterator[tuple[ItemKind, str, "QuerySet[SupportCase, SupportCase]"]]:
    """The kinds of candidates in the order of their weight. Only the region's approving body decides on support."""
    cases = candidates_of(council)
    approves = council.region.policy_on(today).approving_body == council.kind
    if approves:
        submitted = Exists(SupportProgramme.objects.filter(case=CASE, state=ProgrammeState.SUBMITTED))
        yield ItemKind.ENROL, "enrol", cases.filter(submitted, stage=Stage.CONTRACTING, enrolled_on=None)
        drafted = Exists(SupportProgramme.objects.filter(case=CASE, state__in=BEING_PREPARED))
        yield ItemKind.ENROL, "drafted", cases.filter(drafted, stage=Stage.CONTRACTING, enrolled_on=None)
        yield ItemKind.APPROVE_PROGRAMME, "programme", cases.filter(submitted, enrolled_on__isnull=False)
        running = cases.filter(enrolled_on__isnull=False, removed_on=None)
        yield ItemKind.REMOVE, "reflection", running.filter(stage=Stage.REFLECTION)
        ends_by = session_on + timedelta(days=TERM_DAYS)
        yield ItemKind.EXTEND, "term", running.filter(stage=Stage.ACTIVE, planned_end_on__lte=ends_by)
        yield ItemKind.REVIEW, "ended", _ended_without(council, today)
    overdue = Decision.objects.overdue(today).filter(item__case=CASE, item__session__council=council)
    yield ItemKind.REVIEW, "overdue", cases.filter(Exists(overdue))
    if approves:
        yield ItemKind.REVIEW, "review", _due_for_review(cases, session_on)


def candidates_of(council: Council) -> "QuerySet[SupportCase, SupportCase]":
    """Open cases of the body's institution and territory that no session is at work on; restricted families apart."""
    waiting = AgendaItem.objects.unsettled().filter(case=CASE)
    return _in_area(council).filter(~Exists(waiting), closed_on=None)


def _in_area(council: Council) -> "QuerySet[SupportCase, SupportCase]":
    cases = SupportCase.objects.filter(institution=council.institution_id, is_restricted=False)
    if council.territory_id is None:
        return cases
    area = Q(family__settlement=council.territory_id) | Q(family__settlement__parent=council.territory_id)
    return cases.filter(area | Q(family__settlement=None))


def _ended_without(council: Council, today: date) -> "QuerySet[SupportCase, SupportCase]":
    """Families whose support the head has ended since: the body is told at its next session (domain 3.4)."""
    decided = CaseDecision.objects.filter(case=CASE, kind=DecisionKind.REMOVE)
    told = AgendaItem.objects.filter(case=CASE, kind=ItemKind.REVIEW).exclude(state=ItemState.WITHDRAWN)
    since = today - timedelta(days=TOLD_WITHIN_DAYS)
    ended = _in_area(council).filter(removed_on__gte=since, removed_on__lte=today)
    return ended.filter(~Exists(decided), ~Exists(told.filter(session__planned_at__date__gte=since)))


def _due_for_review(
    cases: "QuerySet[SupportCase, SupportCase]", session_on: date
) -> "QuerySet[SupportCase, SupportCase]":
    """On active support for half a year since the last assessment, and not discussed since (R7)."""
    half_year_before = add_months(session_on, -ASSESSMENT_MONTHS)
    assessed = Assessment.objects.filter(case=CASE, on__gt=half_year_before)
    discussed = AgendaItem.objects.considered().filter(case=CASE, session__held_on__gt=half_year_before)
    active = cases.filter(stage=Stage.ACTIVE, removed_on=None, enrolled_on__lte=half_year_before)
    return active.filter(~Exists(assessed), ~Exists(discussed))


def _categories(families: list[int], on: date) -> dict[int, str]:
    """The main category of each family, or one of its others."""
    rows = FamilyCategory.objects.filter(family__in=families).on(on).order_by("is_primary", "-pk")
    return {row["family_id"]: row["category__title"] for row in rows.values("family_id", "category__title")}


def latest_positions(session: CouncilSession) -> int:
    """The last position taken on the agenda of `session`."""
    taken: dict[str, Any] = AgendaItem.objects.filter(session=session).aggregate(last=Max("position"))
    return taken["last"] or 0
