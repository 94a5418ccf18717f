"""Two years of visits and services, written in bulk as the services would have left them."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from casework.contacts import refresh_contacts
from casework.enums import Channel, RecordType, Signature, Stage, VisitPurpose, VisitState
from casework.models import CaseEvent, ServiceRecord, ServiceTitle, SupportCase, Visit
from common.calendar import FEDERAL
from common.history import bulk_create_with_history
from demo.loading.courses import Course
from demo.loading.numbers import Numbers
from demo.loading.sittings import same_or_before
from families.models import FamilyMembership

OBSERVATIONS = (
    "Дети дома, ухожены, накормлены. Мать настроена на сотрудничество, обсудили режим дня младшего ребёнка.",
    "В доме чисто, продукты есть. Старший ребёнок посещает школу без пропусков, по математике нужна помощь.",
    "Отец устроился на временную работу. Договорились о записи детей на медицинский осмотр.",
    "Обстановка спокойная. Прошли по пунктам программы, два мероприятия выполнены в срок.",
    "Задолженность за электроэнергию частично погашена. Помогли заполнить заявление на субсидию.",
    "Мать переживает из-за поведения подростка, предложена встреча с психологом.",
    "Дети готовы к школе, одежда и обувь по сезону есть. Нужны канцелярские товары.",
    "Провели беседу о безопасности детей в быту, проверили печь и проводку вместе с хозяином.",
)
RECOMMENDATIONS = (
    "Рекомендовано посетить педиатра до конца месяца.",
    "Рекомендовано обратиться в центр занятости с паспортом и трудовой книжкой.",
    "Рекомендовано посещать занятия родительского клуба.",
    "",
)
FAILED_REMARK = "Дверь никто не открыл, соседи сообщили, что семья уехала к родственникам."
FAILED_SHARE = 0.08
USUAL_INTERVAL, INTERVAL_AFTER = (18, 29), (65, 85)


def load_visits(courses: Sequence[Course], chance: random.Random, today: date) -> None:
    """Write the visits of these cases with their services and events, and bring the due dates up to date."""
    titles = list(ServiceTitle.objects.exclude(record_type=RecordType.URGENT).order_by("code"))
    members = _members([course.case for course in courses])
    visits = [visit for course in courses for visit in _visits(course, chance, today)]
    visits.sort(key=lambda visit: visit.held_on or visit.planned_on or today)
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
    counts = _services(created, members, titles, chance, numbers)
    numbers.save()
    CaseEvent.objects.bulk_create(
        _event(visit, visit.held_on, counts.get(visit.pk, 0)) for visit in created if visit.held_on
    )
    refresh_contacts([course.case.pk for course in courses], today)


def _members(cases: Sequence[SupportCase]) -> dict[int, list[FamilyMembership]]:
    found: dict[int, list[FamilyMembership]] = {case.family_id: [] for case in cases}
    for row in FamilyMembership.objects.filter(family__in=list(found)).order_by("pk"):
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


def _visits(course: Course, chance: random.Random, today: date) -> Iterator[Visit]:
    """The visits of a case, and the next one where it is planned."""
    case, plan = course.case, course.plan
    if case.curator_id is None and case.closed_on is None:
        return
    last = today - timedelta(days=plan.silent_days)
    for number, on in enumerate(_days(course, chance, today)):
        failed = chance.random() < FAILED_SHARE and on != last
        yield _visit(case, number, on, chance, failed=failed)
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


def _visit(case: SupportCase, number: int, on: date, chance: random.Random, *, failed: bool) -> Visit:
    common = _unit(case) | {"held_on": on}
    if failed:
        return Visit(**common, state=VisitState.NOT_AT_HOME, observations=FAILED_REMARK)
    return Visit(
        **common,
        state=VisitState.HELD,
        channel=chance.choices([Channel.HOME, Channel.OFFICE, Channel.ONLINE], [8, 2, 1])[0],
        purpose=VisitPurpose.PRIMARY if number == 0 else VisitPurpose.PLANNED,
        observations=chance.choice(OBSERVATIONS),
        recommendations=chance.choice(RECOMMENDATIONS),
        signature=Signature.SIGNED,
    )


def _services(
    visits: Sequence[Visit],
    members: dict[int, list[FamilyMembership]],
    titles: Sequence[ServiceTitle],
    chance: random.Random,
    numbers: Numbers,
) -> dict[int, int]:
    """One to three services at each visit held; return how many each visit has."""
    rows, counts = [], {}
    for visit in visits:
        if visit.state != VisitState.HELD or visit.held_on is None:
            continue
        chosen = chance.sample(titles, chance.randrange(1, 4))
        counts[visit.pk] = len(chosen)
        rows += [_service(visit, title, numbers) for title in chosen]
    created = bulk_create_with_history(rows, actor=None)
    through = ServiceRecord.recipients.through
    through.objects.bulk_create(
        through(servicerecord_id=row.pk, person_id=chance.choice(members[row.family_id]).person_id) for row in created
    )
    return counts


def _service(visit: Visit, title: ServiceTitle, numbers: Numbers) -> ServiceRecord:
    on = visit.held_on or visit.created_at.date()
    return ServiceRecord(
        family_id=visit.case.family_id,
        case=visit.case,
        visit=visit,
        institution=visit.institution,
        department=visit.department,
        number=numbers.next("service", visit.institution_id, on),
        on=on,
        record_type=title.record_type,
        service_kind=title.service_kind,
        measure_kind=title.measure_kind,
        title=title,
        channel=visit.channel,
        specialist=visit.specialist,
        created_by=visit.created_by,
    )


def _event(visit: Visit, on: date, services: int) -> CaseEvent:
    held = visit.state == VisitState.HELD
    return CaseEvent(
        case=visit.case,
        kind="visit_held" if held else "visit_failed",
        on=on,
        by=visit.specialist,
        params={"channel": visit.channel, "services": services} if held else {"outcome": visit.state},
        object_kind="casework.visit",
        object_id=visit.pk,
    )
