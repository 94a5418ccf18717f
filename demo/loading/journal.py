"""The service journal of demo families: what was rendered at visits, by partners, and urgently; written in bulk."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from accounts.models import User
from casework.enums import Channel, RecordType, VisitState
from casework.models import CaseEvent, ServiceRecord, ServiceTitle, SupportCase, Visit
from common.calendar import FEDERAL
from common.history import bulk_create_with_history
from demo.loading.circumstances import Circumstances
from demo.loading.courses import Course
from demo.loading.executors import Executors
from demo.loading.numbers import Numbers
from demo.loading.service_titles import can_be_rendered, recipient_of, titles_for
from demo.loading.sittings import same_or_before
from families.models import FamilyMembership
from partners.enums import PartnerType

URGENT_TITLES = ("urgent-food", "urgent-clothes")
SERVED_BY: Mapping[PartnerType, str] = {
    PartnerType.EDUCATION: "pedagogical-school",
    PartnerType.EMPLOYMENT: "labour-employment",
    PartnerType.HEALTH: "medical-healthy-life",
    PartnerType.CULTURE: "pedagogical-leisure",
    PartnerType.YOUTH_SPORT: "pedagogical-leisure",
}
"""What a partner of a type renders to a family."""
RENDERED = {RecordType.URGENT.value: "urgent_rendered"}
"""The event of a row without a visit, by the type of the row, where it is not the usual one."""

Members = Mapping[int, Sequence[FamilyMembership]]


class Journal:
    """Gathers the rows of many cases, and writes them in the order of their days."""

    def __init__(
        self, members: Members, families: Sequence[tuple[Course, Circumstances]], chance: random.Random, today: date
    ) -> None:
        self.members, self.families, self.chance, self.today = members, families, chance, today
        self.of_case = {course.case.pk: family for course, family in families}
        self.titles = {row.code: row for row in ServiceTitle.objects.order_by("code")}
        self.usual = [row for row in self.titles.values() if row.record_type != RecordType.URGENT]
        self.rows: list[ServiceRecord] = []

    def add_visits(self, visits: Sequence[Visit]) -> Counter[int]:
        """One to three services at each visit held; return how many each visit has."""
        counts: Counter[int] = Counter()
        for visit in visits:
            if visit.state == VisitState.HELD and visit.held_on is not None:
                fitting = titles_for(self.of_case[visit.case_id], self.usual)
                chosen = self.chance.sample(fitting, self.chance.randrange(1, 4))
                counts[visit.pk] = len(chosen)
                place = _place(visit.case, visit.specialist, visit.channel) | {"visit": visit}
                self.rows += [_row(title, visit.held_on, place) for title in chosen]
        return counts

    def add_others(self) -> None:
        """What was rendered without a visit: urgent services, and those of partners near the family."""
        executors = Executors([course.case for course, _family in self.families])
        for turn, (course, family) in enumerate(self.families):
            case, plan = course.case, course.plan
            specialist = case.curator or case.opened_by
            if plan.urgent_days_ago:
                title = self.titles[URGENT_TITLES[turn % len(URGENT_TITLES)]]
                place = _place(case, specialist, Channel.OFFICE)
                self.rows.append(_row(title, self._ago(plan.urgent_days_ago), place))
            kinds = [kind for kind, code in SERVED_BY.items() if can_be_rendered(code, family)]
            first = turn % len(kinds)
            partner = executors.first_of(case, (*kinds[first:], *kinds[:first]))
            if plan.by_partner_days_ago and partner:
                title = self.titles[SERVED_BY[PartnerType(partner.type)]]
                place = _place(case, specialist, Channel.EVENT) | {"partner": partner}
                self.rows.append(_row(title, self._ago(plan.by_partner_days_ago), place))

    def _ago(self, days: int) -> date:
        return same_or_before(FEDERAL, self.today - timedelta(days=days))

    def save(self, numbers: Numbers) -> None:
        """Number and write the rows with those who received, and tell of what was rendered without a visit."""
        self.rows.sort(key=lambda row: row.on)
        for row in self.rows:
            row.number = numbers.next("service", row.institution_id, row.on)
        created = bulk_create_with_history(self.rows, actor=None)
        through = ServiceRecord.recipients.through
        through.objects.bulk_create(
            through(
                servicerecord_id=row.pk,
                person_id=recipient_of(row, self.members[row.family_id], self.chance).person_id,
            )
            for row in created
        )
        CaseEvent.objects.bulk_create(_events(created))


def _place(case: SupportCase, specialist: User, channel: str) -> dict[str, object]:
    """Where and by whom a family was served."""
    return {
        "family_id": case.family_id,
        "case": case,
        "institution": case.institution,
        "department": case.department,
        "specialist": specialist,
        "created_by": specialist,
        "channel": channel,
    }


def _row(title: ServiceTitle, on: date, place: Mapping[str, object]) -> ServiceRecord:
    return ServiceRecord(
        **place,
        on=on,
        title=title,
        record_type=title.record_type,
        service_kind=title.service_kind,
        measure_kind=title.measure_kind,
    )


def _events(rows: Sequence[ServiceRecord]) -> Iterator[CaseEvent]:
    """The timeline tells of each row that stands by itself; those of a visit are told with it."""
    for row in rows:
        if row.visit_id is None:
            yield CaseEvent(
                case=row.case,
                kind=RENDERED.get(row.record_type, "services_rendered"),
                on=row.on,
                by=row.specialist,
                params={"count": 1},
                object_kind="casework.service",
                object_id=row.pk,
            )
