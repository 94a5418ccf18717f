"""The figures of the quarterly monitoring: published ones reproduced, borders, and evidence that matches each value."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Appointment, RegionPolicy, User
from casework.enums import BasisBody, Ground, ProgrammeState, RemovalReason, Stage
from casework.models import CuratorAssignment, StageChange, SupportCase, SupportProgramme, Visit
from common.calendar import DateRange, Quarter
from contracts.models import SocialContract
from councils.enums import ItemKind, ItemState, SessionState
from councils.models import AgendaItem, Council, CouncilSession
from families.models import Family
from monitoring.indicators import CATALOGUE, Level, Value, by_code, evidence, values
from partners.models import PartnerOrganisation
from tests.cast import Cast
from tests.factories.casework import IdentificationSourceFactory
from tests.factories.families import FamilyFactory, PersonFactory

pytestmark = pytest.mark.django_db

YEAR_2020 = DateRange(date(2020, 1, 1), date(2020, 12, 31))
YEAR_2021 = DateRange(date(2021, 1, 1), date(2021, 12, 31))
LATER = date(2026, 1, 1)

_numbers = itertools.count(1)


def add_case(cast: Cast, enrolled_on: date | None, removed_on: date | None = None, **fields: Any) -> SupportCase:
    """A case written straight into the table: the figures are judged, not the services."""
    family = fields.pop("family", None) or FamilyFactory.create(department=cast.department)
    number = str(next(_numbers))
    opened_on = fields.pop("opened_on", enrolled_on or date(2020, 1, 1))
    stage = Stage.CLOSED if removed_on else Stage.ACTIVE if enrolled_on else Stage.DIAGNOSTIC
    closed = {"closed_on": removed_on, "stage": stage}
    return SupportCase.objects.create(
        family=family,
        region=cast.region,
        institution=cast.institution,
        department=cast.department,
        curator=cast.specialist,
        number=number,
        opened_on=opened_on,
        opened_by=cast.specialist,
        source=IdentificationSourceFactory.create(),
        stage_since=opened_on,
        enrolled_on=enrolled_on,
        removed_on=removed_on,
        **(
            {"ground": Ground.APPLICATION, "removal_reason": RemovalReason.TERM_EXPIRED if removed_on else ""}
            | closed
            | fields
        ),
    )


def add_contract(cast: Cast, case: SupportCase, signed_on: date, *, cause: bool = False) -> SocialContract:
    authority, _created = PartnerOrganisation.objects.get_or_create(
        region=cast.region, title="Центр социальной поддержки", type="SOCIAL_SUPPORT"
    )
    return SocialContract.objects.create(
        family=case.family,
        case=case if cause else None,
        institution=cast.institution,
        number=str(next(_numbers)),
        applicant=PersonFactory.create(region=cast.region),
        kind="JOB_SEARCH",
        authority=authority,
        signed_on=signed_on,
        starts_on=signed_on,
        planned_end_on=date(signed_on.year + 1, 1, 31),
        amount=50_000,
        created_by=cast.specialist,
    )


def figure(cast: Cast, code: str, period: DateRange, *, level: Level = Level.INSTITUTION, today: date = LATER) -> Value:
    unit = {
        Level.SPECIALIST: cast.specialist.pk,
        Level.DEPARTMENT: cast.department.pk,
        Level.INSTITUTION: cast.institution.pk,
        Level.REGION: cast.region.pk,
    }[level]
    return values(level, [unit], period, today=today, indicators=[by_code(code)])[unit][code]


def session(cast: Cast, kind: str, held_on: date, state: SessionState = SessionState.MINUTES_SIGNED) -> CouncilSession:
    council, _created = Council.objects.get_or_create(
        region=cast.region,
        institution=cast.institution,
        kind=kind,
        title=f"Совет {kind}",
        defaults={"title_genitive": "совета", "active_from": date(2019, 1, 1)},
    )
    fields: dict[str, Any] = {"cancel_reason": "перенос"} if state == SessionState.CANCELLED else {"held_on": held_on}
    return CouncilSession.objects.create(
        council=council, state=state, planned_at=f"{held_on}T10:00:00+03:00", created_by=cast.secretary, **fields
    )


def consider(session: CouncilSession, family: Family, state: ItemState = ItemState.CONSIDERED) -> AgendaItem:
    return AgendaItem.objects.create(
        session=session,
        position=next(_numbers),
        kind=ItemKind.REVIEW,
        family=family,
        title="О ходе сопровождения",
        state=state,
    )


@pytest.mark.requirement("S0-39", "S0-40", "S0-41", "Q7")
def test_the_published_figures_of_primorye(cast: Cast) -> None:
    """143 put on, 118 removed with improvement in two years; shares of 76 and 83 %, with a contract 6 and 47 %."""
    before = date(2019, 6, 1)
    removed = [(YEAR_2020, 63, 48, 3), (YEAR_2021, 84, 70, 33)]
    put_on = 143
    for period, count, improved, with_contract in removed:
        day = date(period.starts_on.year, 7, 1)
        for number in range(count):
            enrolled_on = date(2020, 2, 1) if put_on > 0 else before
            put_on -= 1
            reason = RemovalReason.EXITED_HARDSHIP if number < improved else RemovalReason.MOVED
            case = add_case(cast, enrolled_on, day, removal_reason=reason)
            if number < with_contract:
                add_contract(cast, case, date(2020, 3, 1))

    two_years = DateRange(YEAR_2020.starts_on, YEAR_2021.ends_on)
    assert figure(cast, "Q3", two_years).number == 143
    assert figure(cast, "Q4", two_years).number == 63 + 84
    assert figure(cast, "Q5", two_years).number == 118
    assert figure(cast, "Q7", YEAR_2020) == Value(76, 48, 63)
    assert figure(cast, "Q7", YEAR_2021) == Value(83, 70, 84)
    assert figure(cast, "Q8", YEAR_2020) == Value(6, 3, 48)
    assert figure(cast, "Q8", YEAR_2021) == Value(47, 33, 70)


@pytest.mark.requirement("S0-58", "S4-30", "I13", "Q3", "Q4", "Q9", "Q10")
@pytest.mark.parametrize("level", list(Level))
def test_stock_and_flows_agree_at_each_level(cast: Cast, level: Level) -> None:
    quarter = Quarter(2021, 2).period
    add_case(cast, date(2021, 1, 10))
    add_case(cast, date(2021, 4, 1))
    add_case(cast, date(2021, 6, 30))
    add_case(cast, date(2021, 2, 1), date(2021, 4, 1))
    add_case(cast, date(2021, 5, 1), date(2021, 6, 30))
    add_case(cast, date(2021, 2, 1), date(2021, 7, 1))
    add_case(cast, None)
    add_case(cast, date(2021, 5, 1), date(2021, 5, 2), removal_reason=RemovalReason.ERROR)
    opening, enrolled, left, closing = (
        figure(cast, code, quarter, level=level).number for code in ("Q9", "Q3", "Q4", "Q10")
    )
    assert (opening, enrolled, left, closing) == (3, 3, 2, 4)


@pytest.mark.requirement("I13", "S4-30")
def test_a_family_on_support_in_two_institutions_is_one_family_of_the_region(cast: Cast) -> None:
    quarter = Quarter(2021, 2).period
    leaving = add_case(cast, date(2021, 2, 1), date(2021, 7, 1))
    elsewhere = {"institution": cast.other_institution, "department": cast.other_department}
    coming = add_case(cast, date(2021, 6, 20), family=leaving.family)
    SupportCase.objects.filter(pk=coming.pk).update(**elsewhere)
    units = [cast.institution.pk, cast.other_institution.pk]
    stocks = values(Level.INSTITUTION, units, quarter, today=LATER, indicators=[by_code("Q10")])
    assert [stocks[unit]["Q10"].number for unit in units] == [1, 1]
    assert figure(cast, "Q10", quarter, level=Level.REGION).number == 1


@pytest.mark.requirement("S0-59", "S3-5", "Q5")
def test_only_reasons_of_improvement_count_as_improvement(cast: Cast) -> None:
    quarter = Quarter(2021, 2).period
    for reason in RemovalReason:
        note = "пояснение" if reason in {RemovalReason.INSURMOUNTABLE, RemovalReason.OTHER} else ""
        add_case(cast, date(2021, 1, 1), date(2021, 5, 1), removal_reason=reason, removal_note=note)
    add_case(cast, date(2021, 1, 1), date(2021, 7, 1), removal_reason=RemovalReason.EXITED_HARDSHIP)
    improved = evidence(by_code("Q5"), Level.INSTITUTION, cast.institution.pk, quarter, today=LATER)
    assert set(improved.values_list("removal_reason", flat=True)) == {
        RemovalReason.SITUATION_IMPROVED,
        RemovalReason.EXITED_HARDSHIP,
        RemovalReason.GOALS_ACHIEVED,
    }
    assert figure(cast, "Q5", quarter).number == 3
    assert figure(cast, "Q4", quarter).number == len(RemovalReason) - 1


def assign(case: SupportCase, curator: User, starts_on: date, ends_on: date | None = None) -> None:
    CuratorAssignment.objects.create(
        case=case, curator=curator, starts_on=starts_on, ends_on=ends_on, assigned_by=case.opened_by
    )


def hand_over(case: SupportCase, to: User, on: date) -> None:
    """Another curator from `on`, in another department; the columns of the case move, as they do in practice."""
    CuratorAssignment.objects.filter(case=case, ends_on=None).update(ends_on=on - timedelta(days=1))
    assign(case, to, on)
    post = Appointment.objects.get(user=to)
    SupportCase.objects.filter(pk=case.pk).update(curator=to, department=post.department)


HANDED_OVER = (
    "Q3",
    "Q3u",
    "Q4",
    "Q4u",
    "Q5",
    "Q9",
    "Q10",
    "Q10p",
    "Q6",
    "Q6b",
    "Q8",
    "Q11",
    "Q12",
    "Q14",
    "Q14v",
    "Q14c",
)


@pytest.mark.requirement("S1-101")
@pytest.mark.parametrize("level", [Level.SPECIALIST, Level.DEPARTMENT])
def test_handing_a_case_over_moves_no_figure_of_the_quarters_before(cast: Cast, level: Level) -> None:
    quarter = Quarter(2021, 2).period
    cases = many_facts(cast)
    for case in cases:
        assign(case, cast.specialist, case.opened_on)
    units = (cast.specialist.pk, cast.neighbour.pk)
    if level is Level.DEPARTMENT:
        units = (cast.department.pk, cast.second_department.pk)
    indicators = [by_code(code) for code in HANDED_OVER]

    def figures(period: DateRange) -> dict[int, dict[str, Value]]:
        return values(level, units, period, today=LATER, indicators=indicators)

    before = figures(quarter)
    assert all(before[units[0]][code].number for code in HANDED_OVER)
    for case in cases:
        hand_over(case, cast.neighbour, date(2021, 8, 1))
    assert figures(quarter) == before
    assert all(value.number in {0, None} for value in figures(quarter)[units[1]].values())
    later = figures(Quarter(2021, 3).period)
    assert (later[units[0]]["Q9"].number, later[units[0]]["Q10"].number) == (before[units[0]]["Q10"].number, 0)
    assert later[units[1]]["Q10"].number
    for code in ("Q3", "Q10", "Q14"):
        found = [evidence(by_code(code), level, unit, quarter, today=LATER).count() for unit in units]
        assert found[0], code
        assert not found[1], code


@pytest.mark.requirement("Q3", "Q4")
def test_a_family_put_on_and_removed_twice_is_two_events_of_one_family(cast: Cast) -> None:
    first = add_case(cast, date(2021, 4, 1), date(2021, 4, 10))
    add_case(cast, date(2021, 4, 20), date(2021, 6, 1), family=first.family)
    add_case(cast, date(2021, 4, 1), date(2021, 6, 1))
    add_case(cast, date(2021, 3, 31), date(2021, 7, 1))
    add_case(cast, date(2021, 1, 1), date(2021, 3, 31))
    quarter = Quarter(2021, 2).period
    numbers = {code: figure(cast, code, quarter).number for code in ("Q3", "Q3u", "Q4", "Q4u")}
    assert numbers == {"Q3": 3, "Q3u": 2, "Q4": 3, "Q4u": 2}


def test_a_share_of_nothing_is_nothing(cast: Cast) -> None:
    assert figure(cast, "Q7", YEAR_2020) == Value(None, 0, 0)


@pytest.mark.requirement("S0-56", "S0-57", "I15", "Q1", "Q2")
def test_sessions_and_families_considered(cast: Cast) -> None:
    quarter = Quarter(2021, 2).period
    first, second = FamilyFactory.create(department=cast.department), FamilyFactory.create(department=cast.department)
    april, may = (
        session(cast, "COORDINATION_COUNCIL", date(2021, 4, 1)),
        session(cast, "COORDINATION_COUNCIL", date(2021, 5, 5)),
    )
    session(cast, "COORDINATION_COUNCIL", date(2021, 5, 6), SessionState.NO_QUORUM)
    session(cast, "COORDINATION_COUNCIL", date(2021, 5, 7), SessionState.CANCELLED)
    session(cast, "COORDINATION_COUNCIL", date(2021, 7, 1))
    group = session(cast, "WORKING_GROUP", date(2021, 6, 30), SessionState.HELD)
    matters = session(cast, "COORDINATION_COUNCIL", date(2021, 6, 1))
    consider(matters, first, ItemState.WITHDRAWN)
    consider(april, first)
    consider(april, first)
    consider(april, second, ItemState.POSTPONED)
    consider(may, first)
    consider(may, second)
    consider(group, second)
    mistaken = add_case(cast, date(2021, 4, 1), date(2021, 5, 2), removal_reason=RemovalReason.ERROR)
    AgendaItem.objects.filter(pk=consider(may, mistaken.family).pk).update(case=mistaken)

    numbers = {
        code: figure(cast, code, quarter).number for code in ("Q1", "Q1n", "Q1a", "Q1b", "Q2", "Q2a", "Q2b", "Q2u")
    }
    assert numbers == {"Q1": 3, "Q1n": 1, "Q1a": 1, "Q1b": 0, "Q2": 3, "Q2a": 1, "Q2b": 0, "Q2u": 2}

    RegionPolicy.objects.filter(region=cast.region).update(approving_body="WORKING_GROUP")
    numbers = {code: figure(cast, code, quarter, level=Level.REGION).number for code in ("Q1", "Q1a", "Q2", "Q2a")}
    assert numbers == {"Q1": 1, "Q1a": 1, "Q2": 1, "Q2a": 1}


@pytest.mark.requirement("S0-60", "Q6", "Q6b")
def test_contract_as_the_cause_and_contract_on_support(cast: Cast) -> None:
    quarter = Quarter(2021, 2).period
    cause = add_case(cast, date(2021, 4, 10), ground=Ground.SOCIAL_CONTRACT)
    add_contract(cast, cause, date(2021, 4, 10), cause=True)
    for ground, enrolled_on in ((Ground.APPLICATION, date(2021, 4, 10)), (Ground.SOCIAL_CONTRACT, date(2021, 3, 31))):
        add_case(cast, enrolled_on, ground=ground)
    meanwhile = add_case(cast, date(2021, 1, 10))
    add_contract(cast, meanwhile, date(2021, 4, 1))
    add_contract(cast, meanwhile, date(2021, 6, 30))
    removed = add_case(cast, date(2021, 1, 10), date(2021, 5, 1))
    add_contract(cast, removed, date(2021, 5, 1))
    add_contract(cast, add_case(cast, None), date(2021, 5, 1))
    add_contract(cast, add_case(cast, date(2021, 5, 2)), date(2021, 5, 1))
    for signed_on in (date(2021, 3, 31), date(2021, 7, 1)):
        add_contract(cast, add_case(cast, date(2021, 1, 10)), signed_on)
    assert figure(cast, "Q6", quarter).number == 1
    assert figure(cast, "Q6b", quarter).number == 1


@pytest.mark.requirement("Q8")
def test_contracts_outside_the_borders_do_not_count(cast: Cast) -> None:
    quarter = Quarter(2021, 2).period
    removal = {"removal_reason": RemovalReason.GOALS_ACHIEVED, "opened_on": date(2020, 6, 15)}
    for signed_on in (date(2019, 6, 15), date(2019, 6, 16), date(2021, 4, 30), date(2021, 5, 1)):
        case = add_case(cast, date(2020, 7, 1), date(2021, 5, 1), **removal)
        add_contract(cast, case, signed_on)
    assert figure(cast, "Q8", quarter) == Value(50, 2, 4)


@pytest.mark.requirement("Q12", "Q13", "Q10p")
def test_visits_overdue_and_post_support_are_read_as_of_the_end(cast: Cast) -> None:
    quarter = Quarter(2021, 2).period
    case = add_case(cast, date(2021, 1, 1))
    StageChange.objects.create(case=case, to_stage=Stage.ACTIVE, on=date(2021, 1, 1), by=cast.head)
    unit = {"institution": cast.institution, "department": cast.department}
    made = {"specialist": cast.specialist, "created_by": cast.specialist, "case": case, **unit}
    for channel, held_on in (
        ("HOME", date(2021, 4, 1)),
        ("PHONE", date(2021, 5, 1)),
        ("TRIP", date(2021, 5, 29)),
        ("HOME", date(2021, 7, 1)),
    ):
        Visit.objects.create(state="HELD", channel=channel, held_on=held_on, **made)
    Visit.objects.create(state="NOT_AT_HOME", held_on=date(2021, 5, 20), **made)
    mistaken = add_case(cast, date(2021, 4, 1), date(2021, 6, 1), removal_reason=RemovalReason.ERROR)
    Visit.objects.create(state="HELD", channel="HOME", held_on=date(2021, 5, 3), **made | {"case": mistaken})
    assert figure(cast, "Q13", quarter).number == 3
    assert figure(cast, "Q13h", quarter).number == 2
    assert figure(cast, "Q12", quarter).number == 1
    assert figure(cast, "Q12", Quarter(2021, 3).period).number == 1
    assert figure(cast, "Q12", DateRange(date(2021, 6, 1), date(2021, 6, 29))).number == 0

    after = add_case(
        cast,
        date(2020, 6, 1),
        stage=Stage.POST_SUPPORT,
        removed_on=date(2021, 6, 30),
        closed_on=None,
        post_support_until=date(2021, 12, 31),
        removal_reason="GOALS_ACHIEVED",
    )
    assert figure(cast, "Q10p", quarter).number == 1
    assert figure(cast, "Q10p", Quarter(2021, 1).period).number == 0
    SupportCase.objects.filter(pk=after.pk).update(closed_on=date(2021, 8, 1), stage=Stage.CLOSED)
    assert figure(cast, "Q10p", quarter).number == 1
    assert figure(cast, "Q10p", Quarter(2021, 3).period).number == 0


def test_a_quarter_that_runs_is_read_up_to_today(cast: Cast) -> None:
    add_case(cast, date(2021, 5, 1), date(2021, 6, 20))
    quarter = Quarter(2021, 2).period
    assert figure(cast, "Q10", quarter, today=date(2021, 6, 1)).number == 1
    assert figure(cast, "Q4", quarter, today=date(2021, 6, 1)).number == 0


def test_values_are_read_in_the_same_number_of_queries_for_any_units(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    add_case(cast, date(2021, 5, 1))
    known = [item for item in CATALOGUE if Level.INSTITUTION in item.levels]
    counted = {part.code for item in known for part in item.counted()}
    for units in ([cast.institution.pk], [cast.institution.pk, cast.other_institution.pk, cast.foreign_institution.pk]):
        with django_assert_num_queries(len(counted) + 1):
            values(Level.INSTITUTION, units, Quarter(2021, 2).period, today=LATER)


def programme(cast: Cast, case: SupportCase, edition: int, state: ProgrammeState, **fields: Any) -> SupportProgramme:
    return SupportProgramme.objects.create(
        case=case,
        edition=edition,
        state=state,
        goal="Цель",
        drafted_on=date(2021, 3, 1),
        starts_on=date(2021, 4, 1),
        ends_on=date(2021, 9, 30),
        drafted_by=cast.specialist,
        number="" if state == ProgrammeState.DRAFT else str(next(_numbers)),
        basis_body="" if state == ProgrammeState.DRAFT else BasisBody.COORDINATION_COUNCIL,
        **fields,
    )


def visit(cast: Cast, case: SupportCase, channel: str, held_on: date, state: str = "HELD") -> Visit:
    return Visit.objects.create(
        case=case,
        state=state,
        channel=channel,
        held_on=held_on,
        specialist=cast.specialist,
        created_by=cast.specialist,
        institution=cast.institution,
        department=cast.department,
    )


def many_facts(cast: Cast) -> list[SupportCase]:
    """Something for every indicator in the second quarter of 2021; all cases but the last are on support before."""
    running, met = add_case(cast, date(2021, 1, 10)), add_case(cast, date(2021, 2, 1))
    improved = add_case(
        cast,
        date(2021, 2, 1),
        date(2021, 5, 1),
        removal_reason=RemovalReason.GOALS_ACHIEVED,
        stage=Stage.POST_SUPPORT,
        closed_on=None,
        post_support_until=date(2022, 5, 1),
    )
    fresh = add_case(cast, date(2021, 4, 10), ground=Ground.SOCIAL_CONTRACT)
    for case in (running, met):
        StageChange.objects.create(case=case, to_stage=Stage.ACTIVE, on=date(2021, 2, 1), by=cast.head)
    for held_on in (date(2021, 4, 10), date(2021, 5, 9), date(2021, 6, 8)):
        visit(cast, met, "HOME", held_on)
    visit(cast, met, "OFFICE", date(2021, 6, 20))
    add_contract(cast, fresh, date(2021, 4, 10), cause=True)
    add_contract(cast, running, date(2021, 4, 20))
    add_contract(cast, improved, date(2021, 3, 1))
    programme(cast, running, 1, ProgrammeState.SUPERSEDED, approved_on=date(2021, 4, 2), closed_on=date(2021, 6, 1))
    programme(cast, running, 2, ProgrammeState.ACTIVE, approved_on=date(2021, 6, 1))
    programme(cast, improved, 1, ProgrammeState.COMPLETED, approved_on=date(2021, 3, 1), closed_on=date(2021, 5, 1))
    for kind in (BasisBody.COORDINATION_COUNCIL, BasisBody.WORKING_GROUP, BasisBody.PRECINCT_COMMISSION):
        consider(session(cast, kind, date(2021, 4, 1)), fresh.family)
    session(cast, "COORDINATION_COUNCIL", date(2021, 4, 2))
    return [running, met, improved, fresh]


@pytest.mark.parametrize("indicator", [item for item in CATALOGUE if item.facts], ids=lambda item: item.code)
def test_evidence_holds_the_objects_of_the_value(cast: Cast, indicator: Any) -> None:
    quarter = Quarter(2021, 2).period
    many_facts(cast)
    number = figure(cast, indicator.code, quarter).number
    rows = evidence(indicator, Level.INSTITUTION, cast.institution.pk, quarter, today=LATER)
    assert number
    assert rows.count() == number
    assert not evidence(indicator, Level.INSTITUTION, cast.other_institution.pk, quarter, today=LATER).exists()


@pytest.mark.requirement("Q14")
def test_programmes_approved_anew_changed_and_completed(cast: Cast) -> None:
    """Approved is the first version, a later one is a change; completed is not terminated nor superseded."""
    quarter = Quarter(2021, 2).period
    first, second, third = (add_case(cast, date(2021, 1, 10)) for _number in range(3))
    inside, before, after = date(2021, 4, 1), date(2021, 3, 31), date(2021, 7, 1)
    state = ProgrammeState
    programme(cast, first, 1, state.SUPERSEDED, approved_on=inside, closed_on=date(2021, 5, 1))
    programme(cast, first, 2, state.SUPERSEDED, approved_on=date(2021, 5, 1), closed_on=date(2021, 6, 1))
    programme(cast, first, 3, state.TERMINATED, approved_on=date(2021, 6, 1), closed_on=date(2021, 6, 30))
    programme(cast, second, 1, state.COMPLETED, approved_on=before, closed_on=date(2021, 6, 30))
    programme(cast, second, 2, state.COMPLETED, approved_on=after, closed_on=after)
    programme(cast, third, 1, state.APPROVED, approved_on=date(2021, 6, 30))
    programme(cast, third, 7, state.DRAFT)
    numbers = {code: figure(cast, code, quarter).number for code in ("Q14", "Q14v", "Q14c")}
    assert numbers == {"Q14": 2, "Q14v": 2, "Q14c": 1}
