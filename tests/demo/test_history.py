"""Two years of a demo region hang together, in every region; and the same day gives the same rows."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import transaction

from accounts.models import Region, User
from casework.enums import DecisionKind, ProgrammeState, RecordType, RemovalReason, Stage, VisitState
from casework.models import CaseDecision, CaseEvent, ServiceRecord, SupportCase, SupportProgramme, Visit
from casework.services.periods import working_calendar
from casework.stages import MOVES
from common.calendar import FEDERAL
from councils.enums import DecisionType, ItemKind, SessionState
from councils.models import AgendaItem, CouncilSession, Decision, Minutes
from councils.services.decisions import save_decision
from councils.services.minutes import draft_minutes, sign_in_system
from demo.loading import load_region
from demo.loading.councils import next_week_day
from demo.regions import REGIONS
from demo.structure import RegionData
from families.models import FamilyCategory, Person
from records.services.numbers import next_number

pytestmark = pytest.mark.django_db

BASES = {
    DecisionKind.ENROL: DecisionType.ENROL,
    DecisionKind.EXTEND: DecisionType.EXTEND,
    DecisionKind.REMOVE: DecisionType.REMOVE,
}


@pytest.mark.parametrize("data", REGIONS, ids=lambda region: region.code)
def test_the_history_of_a_region_hangs_together(data: RegionData) -> None:
    load_region(data)
    region = Region.objects.get()
    _check_sessions(region)
    _check_bases()
    _check_what_is_to_do(region)
    _check_what_went_otherwise(region)
    _check_cases(data)
    _decide(data)


def _check_sessions(region: Region) -> None:
    working = working_calendar(region)
    sessions = CouncilSession.objects.select_related("council__institution__region", "council__region")
    assert [row for row in sessions if not working.is_working(row.day)] == []
    signed = sessions.filter(state=SessionState.MINUTES_SIGNED).order_by("held_on", "pk")
    numbers: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in signed:
        numbers[row.council.institution_id, row.day.year].append(row.number)
        assert row.signed_on >= row.held_on
    for (_institution, year), known in numbers.items():
        assert known == [f"{place}/{year}" for place in range(1, len(known) + 1)]
    last = signed.last()
    assert last is not None
    told = numbers[last.council.institution_id, last.day.year]
    following = next_number(institution=last.council.institution, kind="councils.minutes", on=last.day)
    assert following.ordinal == len(told) + 1
    assert Minutes.objects.filter(session__in=signed).exclude(signed_by=None).count() == signed.count()
    main = sessions.get(state=SessionState.HELD).council
    asked = Counter(
        AgendaItem.objects.filter(session__in=signed.filter(council=main)).values_list("session", flat=True)
    )
    assert len(asked) > 6
    assert sum(asked.values()) > 2 * len(asked)


def _check_bases() -> None:
    """What cases and programmes say of a decision is what signed minutes say."""
    adopted = Decision.objects.filter(item__session__state=SessionState.MINUTES_SIGNED).select_related("item__session")
    decided = {
        (row.item.case_id, row.type, row.item.session.number, row.item.session.held_on, row.until) for row in adopted
    }
    for row in CaseDecision.objects.all():
        assert (row.case_id, BASES[DecisionKind(row.kind)], row.number, row.decided_on, row.until) in decided
    for case in SupportCase.objects.exclude(enrolled_on=None):
        assert (case.pk, DecisionType.ENROL, case.basis_number, case.basis_date, None) in decided
    approved = SupportProgramme.objects.exclude(approved_on=None)
    assert approved.exists()
    for row in approved:
        found = adopted.get(programme=row)
        session = found.item.session
        assert (session.number, session.held_on) == (row.basis_number, row.approved_on)
        assert session.council.title == row.basis_title
    assert adopted.filter(type=DecisionType.EXTEND).exists()


def _check_what_is_to_do(region: Region) -> None:
    today = region.today()
    current, coming, later = CouncilSession.objects.exclude(state=SessionState.MINUTES_SIGNED).order_by("planned_at")
    assert (current.state, coming.state, later.state) == ("HELD", "AGENDA_APPROVED", "PLANNED")
    assert current.held_on == max(FEDERAL.between(today - timedelta(days=15), today))
    assert AgendaItem.objects.filter(session=current, kind=ItemKind.ENROL).exists()
    agenda = AgendaItem.objects.filter(session=coming, family__isnull=False)
    assert agenda.count() >= 4
    assert {ItemKind.ENROL, ItemKind.APPROVE_PROGRAMME, ItemKind.EXTEND, ItemKind.REMOVE} <= set(
        agenda.values_list("kind", flat=True)
    )


def _check_what_went_otherwise(region: Region) -> None:
    """Not every visit is held and not every service is the specialist's own: the specialist's families have it all."""
    today = region.today()
    own = SupportCase.objects.in_charge(User.objects.get(username=f"specialist@{region.code}.demo"))
    visits = Visit.objects.filter(case__in=own)
    assert {VisitState.HELD, VisitState.PLANNED, VisitState.REFUSED, VisitState.CANCELLED} <= {
        visit.state for visit in visits
    }
    assert Visit.objects.filter(state=VisitState.NOT_AT_HOME).exists()
    refused = visits.filter(state=VisitState.REFUSED)
    assert all(visit.number and visit.held_on > visit.case.last_contact_on for visit in refused)
    assert not ServiceRecord.objects.exclude(visit=None).exclude(visit__state=VisitState.HELD).exists()

    apart = ServiceRecord.objects.filter(case__in=own, visit=None)
    urgent, by_partners = apart.filter(record_type=RecordType.URGENT), apart.exclude(partner=None)
    assert urgent.exists()
    assert {row.partner.region_id for row in by_partners.select_related("partner")} == {region.pk}
    assert all(row.recipients.exists() for row in apart)
    told = set(CaseEvent.objects.filter(case__in=own).values_list("kind", flat=True))
    assert {"visit_failed", "plan_cancelled", "urgent_rendered", "services_rendered"} <= told

    late = own.overdue(today, today=today).filter(next_contact_due_on__lte=today - timedelta(days=30))
    assert set(late.values_list("pk", flat=True)) <= set(refused.values_list("case", flat=True))
    assert late.count() == 1


def _check_cases(data: RegionData) -> None:
    allowed = {(move.source, move.target) for move in MOVES}
    for case in SupportCase.objects.prefetch_related("stage_changes"):
        moves = [(row.from_stage, row.to_stage) for row in case.stage_changes.order_by("pk") if row.from_stage]
        assert set(moves) <= allowed
        days = [row.on for row in case.stage_changes.order_by("pk")]
        assert days == sorted(days)
        assert case.closed_on is None or case.stage == Stage.CLOSED
    wanted = {group.categories[0] for group in data.families}
    assert set(FamilyCategory.objects.filter(is_primary=True).values_list("category__code", flat=True)) == wanted
    in_force = SupportProgramme.objects.filter(case__stage=Stage.ACTIVE, state=ProgrammeState.ACTIVE)
    assert in_force.count() == SupportCase.objects.filter(stage=Stage.ACTIVE).count()


def _decide(data: RegionData) -> None:
    """The session that waits is brought to its end: the family is on support, its programme approved."""
    secretary, chair = (User.objects.get(username=f"{name}@{data.code}.demo") for name in ("secretary", "chair"))
    session = CouncilSession.objects.with_page().get(state=SessionState.HELD)
    for item in AgendaItem.objects.filter(session=session).select_related("session", "case").order_by("position"):
        enrols = item.kind == ItemKind.ENROL
        types = (DecisionType.ENROL, DecisionType.APPROVE_PROGRAMME) if enrols else (DecisionType.REMOVE,)
        for kind in types:
            reason = "" if enrols else RemovalReason.SITUATION_IMPROVED
            decision = Decision(item=item, type=kind, text="Решено.", effective_on=session.day, removal_reason=reason)
            decision.votes_for = session.members_present or 0
            save_decision(decision=decision, actor=secretary)
    draft_minutes(session=session, actor=secretary)
    minutes = sign_in_system(session=session, actor=chair)
    enrolled = SupportCase.objects.get(agenda_items__session=session, agenda_items__kind=ItemKind.ENROL)
    assert (enrolled.enrolled_on, enrolled.basis_number) == (session.day, minutes.number)
    assert enrolled.programmes.get().state == ProgrammeState.APPROVED
    removed = SupportCase.objects.get(agenda_items__session=session, agenda_items__kind=ItemKind.REMOVE)
    assert removed.removed_on == session.day


def test_a_precinct_commission_prepares_what_the_working_group_decides() -> None:
    load_region(next(region for region in REGIONS if region.code == "novgorod"))
    items = AgendaItem.objects.filter(session__council__kind="PRECINCT_COMMISSION").select_related("session", "case")
    assert items.exists()
    assert all(item.session.held_on < item.case.enrolled_on for item in items)
    at_home = SupportCase.objects.filter(institution=items[0].case.institution).exclude(enrolled_on=None)
    assert at_home.count() == items.count()


def test_the_same_day_gives_the_same_rows() -> None:
    data = next(region for region in REGIONS if region.code == "tatarstan")
    digests = []
    for _turn in range(2):
        with transaction.atomic():
            load_region(data)
            digests.append(hashlib.sha256("\n".join(_rows()).encode()).hexdigest())
            transaction.set_rollback(True)
    assert digests[0] == digests[1]
    assert not SupportCase.objects.exists()


def _rows() -> Iterator[str]:
    tables = (
        (Person, ("snils", "last_name", "first_name", "birth_date", "document_number")),
        (SupportCase, ("number", "ground", "stage", "opened_on", "enrolled_on", "removed_on", "source__code")),
        (Visit, ("number", "case__number", "state", "held_on", "channel", "observations", "specialist__username")),
        (ServiceRecord, ("number", "case__number", "on", "title__code", "partner__title", "recipients__snils")),
        (SupportProgramme, ("case__number", "edition", "number", "approved_on", "goal")),
        (CouncilSession, ("number", "state", "held_on", "council__title", "chair__last_name")),
        (Decision, ("item__case__number", "item__position", "type", "text", "effective_on")),
        (CaseEvent, ("case__number", "kind", "on", "by__username")),
    )
    for model, columns in tables:
        yield from sorted(map(str, model._default_manager.values_list(*columns)))


@pytest.mark.parametrize(
    ("today", "earliest", "chosen"),
    [
        ("2026-11-22", "2026-11-25", "2026-11-26"),
        ("2026-11-20", "2026-11-25", "2026-11-26"),
        ("2026-11-23", "2026-11-26", "2026-12-03"),
        ("2026-06-08", "2026-06-11", "2026-06-18"),
        ("2026-05-04", "2026-05-07", "2026-05-14"),
        ("2026-12-30", "2027-01-11", "2027-01-11"),
    ],
)
def test_next_week_has_its_session_on_a_working_day(today: str, earliest: str, chosen: str) -> None:
    parse = date.fromisoformat
    assert next_week_day(FEDERAL, parse(today), parse(earliest)) == parse(chosen)
