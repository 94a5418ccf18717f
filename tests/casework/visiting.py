"""What tests of visits and of the journal share: titles of services, a recorded visit, who was there."""

from datetime import date
from importlib import import_module
from typing import Any

from django.apps import apps

from accounts.models import User
from casework.enums import Channel, RecordType, Stage, VisitState
from casework.models import ServiceRecord, ServiceTitle, SupportCase, Visit
from casework.services.journal import ServiceEntry, add_services
from casework.services.visits import record_visit
from families.models import FamilyMembership, Person
from tests.cast import Cast
from tests.factories.casework import case_at
from tests.factories.families import household


def fill_dictionaries() -> None:
    """The rows that the migrations add, which a test with real transactions has emptied from the tables."""
    for migration in ("0002_dictionaries", "0003_problems_and_criteria"):
        import_module(f"casework.migrations.{migration}").fill(apps, None)


def title_of(code: str = "psychological-patronage", **values: Any) -> ServiceTitle:
    """A row of the dictionary; the migrations' own where it is, one made now where it is not."""
    if code.startswith("urgent"):
        kind = {"record_type": RecordType.URGENT, "service_kind": "HOUSEHOLD"}
    elif code.startswith("measure"):
        kind = {"record_type": RecordType.SUPPORT_MEASURE, "measure_kind": code.split("-")[1].upper()}
    else:
        kind = {"record_type": RecordType.SERVICE, "service_kind": code.split("-", maxsplit=1)[0].upper()}
    return ServiceTitle.objects.get_or_create(code=code, defaults={"title": code, **kind, **values})[0]


def active_case(cast: Cast, curator: User | None = None, **family: Any) -> SupportCase:
    """A case of the first department in active support, with a mother and two children."""
    unit = household(department=cast.department, children=2, **family)
    return case_at(Stage.ACTIVE, family=unit, curator=curator or cast.specialist)


def members_of(case: SupportCase) -> list[FamilyMembership]:
    return list(case.family.memberships.select_related("person").order_by("pk"))


def people_of(case: SupportCase) -> tuple[Person, ...]:
    return tuple(row.person for row in members_of(case))


def a_visit(case: SupportCase, on: date | None = None, **values: Any) -> Visit:
    """An unsaved visit held at home today."""
    day = on or case.institution.today()
    known: dict[str, Any] = {"state": VisitState.HELD, "channel": Channel.HOME, "held_on": day}
    return Visit(case=case, **(known | values))


def entries(case: SupportCase, *codes: str) -> list[ServiceEntry]:
    """Services to everybody in the family."""
    return [ServiceEntry(title_of(code), people_of(case)) for code in codes]


def recorded(case: SupportCase, actor: User, *codes: str, on: date | None = None, **values: Any) -> Visit:
    """A visit held with the whole family, with services by the codes of their titles."""
    visit = a_visit(case, on, **values)
    seen = members_of(case) if visit.state == VisitState.HELD else []
    return record_visit(visit=visit, seen=seen, services=entries(case, *codes), actor=actor)


def entered(case: SupportCase, actor: User, code: str = "legal-services", on: date | None = None) -> ServiceRecord:
    """A row of the journal without a visit."""
    day = on or case.institution.today()
    [row] = add_services(
        case=case, on=day, channel=Channel.OFFICE, entries=entries(case, code), actor=actor, late_reason="отпуск"
    )
    return row
