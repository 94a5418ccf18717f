"""Two years of visits and services, written in bulk as the services would have left them."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from casework.contacts import refresh_contacts
from casework.enums import Channel, Signature, Stage, VisitPurpose, VisitState
from casework.models import CaseEvent, SupportCase, Visit
from common.calendar import FEDERAL
from common.history import bulk_create_with_history
from demo.loading.circumstances import Circumstances
from demo.loading.courses import Course
from demo.loading.journal import Journal
from demo.loading.numbers import Numbers
from demo.loading.remarks import OBSERVATIONS, RECOMMENDATIONS, REFUSAL, true_of
from demo.loading.sittings import same_or_before
from families.models import FamilyMembership

FAILED_REMARK = "Дверь никто не открыл, соседи сообщили, что семья уехала к родственникам."
FAILED_SHARE = 0.08
CALLED_OFF_REASON = "Семья попросила перенести встречу: ребёнок заболел"
CALLED_OFF_BEFORE = timedelta(days=1)
USUAL_INTERVAL, INTERVAL_AFTER = (18, 29), (65, 85)


def load_visits(families: Sequence[tuple[Course, Circumstances]], chance: random.Random, today: date) -> None:
    """Write the visits of these cases with their services and events, and bring the due dates up to date."""
    courses = [course for course, _circumstances in families]
    members = _members([course.case for course in courses])
    visits = [visit for course, family in families for visit in _visits(course, family, chance, today)]
    visits.sort(key=_day)
    numbers = Numbers()
    for visit in visits:
        if visit.held_on:
            visit.number = numbers.next("visit", visit.institution_id, visit.held_on)
    seen = [members[visit.case.family_id] if visit.state == VisitState.HELD else [] for visit in visits]
    created = bulk_create_with_history(visits, actor=None)
    through = Visit.members_seen.through
    through.objects.bulk_create(
        through(visit_id=visit.pk, familymembership_id=member.pk)
        for visit, present in zip(created, seen, strict=True)
        for member in present
    )
    journal = Journal(members, families, chance, today)
    counts = journal.add_visits(created)
    journal.add_others()
    journal.save(numbers)
    numbers.save()
    events = (_event(visit, counts[visit.pk]) for visit in created if visit.state != VisitState.PLANNED)
    CaseEvent.objects.bulk_create(events)
    refresh_contacts([course.case.pk for course in courses], today)


def _members(cases: Sequence[SupportCase]) -> dict[int, list[FamilyMembership]]:
    found: dict[int, list[FamilyMembership]] = {case.family_id: [] for case in cases}
    for row in FamilyMembership.objects.filter(family__in=list(found)).select_related("person").order_by("pk"):
        found[row.family_id].append(row)
    return found


def _days(course: Course, chance: random.Random, today: date) -> Iterator[date]:
    """Every three or four weeks up to the end of support, every ten weeks after it, up to the last visit of the plan.

    The day of the last visit is exact, whatever day of the week it is; the others are working days.
    """
    case, last = course.case, today - timedelta(days=course.plan.silent_days)
    day = case.opened_on + timedelta(days=chance.randrange(2, 8))
    end = last - timedelta(days=10)
    while day < end and (case.closed_on is None or day < case.closed_on):
        yield max(same_or_before(FEDERAL, day), case.opened_on)
        on_support = case.removed_on is None or day < case.removed_on
        day += timedelta(days=chance.randrange(*(USUAL_INTERVAL if on_support else INTERVAL_AFTER)))
    if case.opened_on <= last and (case.closed_on is None or last < case.closed_on):
        yield last


def _visits(course: Course, family: Circumstances, chance: random.Random, today: date) -> Iterator[Visit]:
    """The visits of a case, and the next one where it is planned."""
    case, plan = course.case, course.plan
    if case.curator_id is None and case.closed_on is None:
        return
    last = today - timedelta(days=plan.silent_days)
    for number, on in enumerate(_days(course, chance, today)):
        failed = chance.random() < FAILED_SHARE and on != last
        yield _visit(case, number, on, family, chance) if not failed else _failed(case, on)
    for days in plan.refused_days_ago:
        on = same_or_before(FEDERAL, today - timedelta(days=days))
        yield Visit(**_unit(case), state=VisitState.REFUSED, held_on=on, observations=family.words(REFUSAL.text))
    if plan.called_off_days_ago:
        planned_on = same_or_before(FEDERAL, today - timedelta(days=plan.called_off_days_ago))
        yield Visit(**_unit(case), state=VisitState.CANCELLED, planned_on=planned_on, cancel_reason=CALLED_OFF_REASON)
    if plan.stage is Stage.ACTIVE and plan.silent_days < 15:
        yield Visit(**_unit(case), state=VisitState.PLANNED, planned_on=today + timedelta(days=20 - plan.silent_days))


def _unit(case: SupportCase) -> dict[str, object]:
    specialist = case.curator or case.opened_by
    return {
        "case": case,
        "institution": case.institution,
        "department": case.department,
        "specialist": specialist,
        "created_by": specialist,
    }


def _failed(case: SupportCase, on: date) -> Visit:
    return Visit(**_unit(case), held_on=on, state=VisitState.NOT_AT_HOME, observations=FAILED_REMARK)


def _visit(case: SupportCase, number: int, on: date, family: Circumstances, chance: random.Random) -> Visit:
    return Visit(
        **_unit(case),
        held_on=on,
        state=VisitState.HELD,
        channel=chance.choices([Channel.HOME, Channel.OFFICE, Channel.ONLINE], [8, 2, 1])[0],
        purpose=VisitPurpose.PRIMARY if number == 0 else VisitPurpose.PLANNED,
        observations=chance.choice(true_of(family, OBSERVATIONS)),
        recommendations=chance.choice(true_of(family, RECOMMENDATIONS)),
        signature=Signature.SIGNED,
    )


def _event(visit: Visit, services: int) -> CaseEvent:
    kind = "visit_failed"
    params: dict[str, object] = {"outcome": visit.state}
    if visit.state == VisitState.HELD:
        kind, params = "visit_held", {"channel": visit.channel, "services": services}
    elif visit.state == VisitState.CANCELLED:
        kind, params = "plan_cancelled", {"day": f"{visit.planned_on}"}
    return CaseEvent(
        case=visit.case,
        kind=kind,
        on=_day(visit),
        by=visit.specialist,
        params=params,
        object_kind="casework.visit",
        object_id=visit.pk,
    )


def _day(visit: Visit) -> date:
    """The day of the visit, of one that was called off the day on which that was done."""
    if visit.state == VisitState.CANCELLED and visit.planned_on:
        return visit.planned_on - CALLED_OFF_BEFORE
    return visit.held_on or visit.planned_on or visit.created_at.date()
