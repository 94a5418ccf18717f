"""Cases, visits and rows written straight into the tables, for tests that judge a rule and not the services."""

import itertools
from datetime import date
from typing import Any

from accounts.models import Appointment
from casework.enums import Channel, Ground, RecordType, ServiceKind, Stage, VisitState
from casework.models import (
    ContactInterval,
    IdentificationSource,
    ServiceRecord,
    ServiceTitle,
    StageChange,
    SupportCase,
    SupportPause,
    Visit,
)
from common.calendar import DateRange
from families.models import Family

_numbers = itertools.count(1)


def make_case(
    specialist: Appointment, *, opened_on: date, stages: list[tuple[Stage, date]], **values: Any
) -> SupportCase:
    """A case with its stage history, written straight into the tables: the rule is judged, not the services."""
    number = str(next(_numbers))
    user = specialist.user
    unit = {
        "region": specialist.region,
        "institution": specialist.institution,
        "department": specialist.department,
    }
    [family] = Family.objects.bulk_create(
        [Family(title="Семья", registry_number=number, registered_on=opened_on, registered_by=user, **unit)]
    )
    source, _created = IdentificationSource.objects.get_or_create(code="self", defaults={"title": "сама семья"})
    [case] = SupportCase.objects.bulk_create(
        [
            SupportCase(
                family=family,
                number=number,
                opened_on=opened_on,
                opened_by=user,
                source=source,
                ground=Ground.APPLICATION,
                stage=stages[-1][0] if stages else Stage.DIAGNOSTIC,
                stage_since=stages[-1][1] if stages else opened_on,
                curator=user,
                **unit,
                **values,
            )
        ]
    )
    StageChange.objects.bulk_create(
        StageChange(case=case, to_stage=stage, on=on, by=user) for stage, on in [(Stage.DIAGNOSTIC, opened_on), *stages]
    )
    return case


def hold_visit(
    case: SupportCase, *days: date, state: VisitState = VisitState.HELD, channel: Channel = Channel.HOME
) -> None:
    Visit.objects.bulk_create(
        Visit(
            case=case,
            institution=case.institution,
            department=case.department,
            specialist=case.opened_by,
            created_by=case.opened_by,
            state=state,
            channel=channel,
            held_on=day,
        )
        for day in days
    )


def enter_row(
    case: SupportCase, *days: date, record_type: RecordType = RecordType.SERVICE, channel: Channel = Channel.OFFICE
) -> list[ServiceRecord]:
    title, _created = ServiceTitle.objects.get_or_create(
        code="talk", defaults={"title": "беседа", "record_type": RecordType.SERVICE, "service_kind": "PSYCHOLOGICAL"}
    )
    return ServiceRecord.objects.bulk_create(
        ServiceRecord(
            family=case.family,
            case=case,
            institution=case.institution,
            department=case.department,
            number=str(next(_numbers)),
            on=day,
            record_type=record_type,
            service_kind=ServiceKind.PSYCHOLOGICAL,
            channel=channel,
            title=title,
            specialist=case.opened_by,
            created_by=case.opened_by,
        )
        for day in days
    )


def pause(case: SupportCase, *spans: DateRange) -> None:
    SupportPause.objects.bulk_create(
        SupportPause(
            case=case, starts_on=span.starts_on, ends_on=span.last_day, reason="больница", approved_by=case.opened_by
        )
        for span in spans
    )


def set_own_interval(case: SupportCase, *values: tuple[date, int | None]) -> None:
    """Intervals of contacts of the case's own, each from its day on."""
    ContactInterval.objects.bulk_create(
        ContactInterval(case=case, valid_from=valid_from, months=months) for valid_from, months in values
    )
