"""The service journal: rows with a visit, without one, and urgent ones that need no case (S2-33, I6, I8, I9, R8)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.signatures import stood_in_for
from casework import access
from casework.contacts import refresh_contacts
from casework.enums import Channel, RecordType
from casework.models import FormOfWork, ServiceRecord, ServiceTitle, SupportCase, Visit
from casework.services.entry import Errors, day_errors, members_on, raise_if_any, strangers_error
from casework.services.events import record_event
from casework.services.writing import insert_with_relation, save_with_relation
from common.history import acting
from families.models import Family, Person
from partners.models import PartnerOrganisation
from records.services.numbers import next_numbers

NUMBER_KIND = "service"


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """A service or measure as it is entered; its kind is that of the title. `partner` None: the institution itself."""

    title: ServiceTitle
    recipients: tuple[Person, ...]
    quantity: int = 1
    form_of_work: FormOfWork | None = None
    partner: PartnerOrganisation | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where rows belong: the family, its case and visit if any, and the unit of the day."""

    family: Family
    case: SupportCase | None
    on: date
    channel: Channel
    specialist: User
    visit: Visit | None = None
    late_reason: str = ""


@transaction.atomic
def add_services(
    *,
    case: SupportCase,
    on: date,
    channel: Channel,
    entries: Sequence[ServiceEntry],
    actor: User,
    specialist: User | None = None,
    late_reason: str = "",
) -> list[ServiceRecord]:
    """Enter services that were rendered without a visit. Raises PermissionDenied, ValidationError by field."""
    require(access.may_write(actor, case))
    is_open = access.may_enter_on(actor, case.institution, case, on)
    errors = day_errors(
        "on", on, institution=case.institution, case=case, is_period_open=is_open, late_reason=late_reason
    )
    raise_if_any(errors or entries_errors(entries, members_on(case.family, on).values(), on))
    place = _Place(case.family, case, on, channel, specialist or actor, late_reason=late_reason)
    rows = _insert(place, entries, actor)
    _announce(rows[0], "services_rendered", on, actor, count=len(rows))
    refresh_contacts([case.pk], case.institution.today())
    return rows


@transaction.atomic
def render_urgent(
    *,
    family: Family,
    on: date,
    channel: Channel,
    entries: Sequence[ServiceEntry],
    actor: User,
    late_reason: str = "",
) -> list[ServiceRecord]:
    """Enter urgent services; the family needs no case (I6), and where it had one on the day the rows join it.

    Raises PermissionDenied, ValidationError by field. An act is printed from the first of the rows.
    """
    require(access.may_render_urgent(actor, family))
    case = _case_on(family, on)
    is_open = access.may_enter_on(actor, family.institution, case, on)
    errors = day_errors(
        "on", on, institution=family.institution, case=case, is_period_open=is_open, late_reason=late_reason
    )
    if not errors and any(entry.title.record_type != RecordType.URGENT for entry in entries):
        errors = {"services": _("Only urgent services are rendered without a case.")}
    raise_if_any(errors or entries_errors(entries, members_on(family, on).values(), on))
    rows = _insert(_Place(family, case, on, channel, actor, late_reason=late_reason), entries, actor)
    _announce(rows[0], "urgent_rendered", on, actor, count=len(rows))
    return rows


@transaction.atomic
def change_service(*, row: ServiceRecord, recipients: Sequence[Person], actor: User) -> None:
    """Save a corrected row and its recipients; the kind follows the title.

    Raises PermissionDenied for who may not correct the row as it is stored, ValidationError for impossible values.
    """
    stored = ServiceRecord.objects.select_related("case", "family", "institution__region").get(pk=row.pk)
    require(access.may_change_service(actor, stored))
    entry = ServiceEntry(row.title, tuple(recipients), row.quantity)
    errors: Errors = entries_errors([entry], members_on(row.family, row.on).values(), row.on)
    if row.on != stored.on and not access.may_change_service(actor, row):
        errors |= {"on": _("The reporting period of this day is closed: the head of the department enters it.")}
    elif row.on != stored.on:
        errors |= day_errors(
            "on",
            row.on,
            institution=row.institution,
            case=row.case,
            is_period_open=True,
            late_reason=row.late_reason,
        )
    if row.case is None and row.title.record_type != RecordType.URGENT:
        errors |= {"title": _("Only urgent services are rendered without a case.")}
    raise_if_any(errors)
    _take_kind(row)
    save_with_relation(row, "recipients", recipients, actor=actor)
    today = row.institution.today()
    _announce(row, "service_corrected", today, actor, number=row.number)
    if row.case is not None:
        refresh_contacts([row.case.pk], today)


@transaction.atomic
def cancel_service(*, row: ServiceRecord, reason: str, actor: User) -> None:
    """Cancel a row with a reason; it stays, and counts nowhere. Raises PermissionDenied."""
    require(access.may_cancel_service(actor, row))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the row is cancelled.")})
    row.cancelled_at, row.cancelled_by, row.cancel_reason = timezone.now(), actor, reason.strip()
    with acting(actor, reason):
        row.save()
    today = row.institution.today()
    _announce(row, "service_cancelled", today, actor, number=row.number)
    if row.case is not None:
        refresh_contacts([row.case.pk], today)


def entries_errors(entries: Sequence[ServiceEntry], members: Collection[Person], on: date) -> Errors:
    """What is wrong with services to be entered: none, without recipients, or for people who were no members (I9)."""
    if not entries:
        return {"services": _("Choose at least one service.")}
    for entry in entries:
        if not entry.recipients:
            return {"services": _("Say who received: %(service)s.") % {"service": entry.title}}
        if error := strangers_error(entry.recipients, members, on):
            return {"services": error}
        if entry.quantity < 1:
            return {"services": _("The quantity is at least 1.")}
    return {}


def insert_visit_services(visit: Visit, entries: Sequence[ServiceEntry], *, actor: User) -> list[ServiceRecord]:
    """The rows of a held visit, on its day and in its place; the visit's own service has checked them."""
    if visit.held_on is None:
        raise ValueError("services are entered with a visit that was held")
    case = visit.case
    channel = Channel(visit.channel)
    place = _Place(case.family, case, visit.held_on, channel, visit.specialist, visit, visit.late_reason)
    return _insert(place, entries, actor)


def _insert(place: _Place, entries: Sequence[ServiceEntry], actor: User) -> list[ServiceRecord]:
    """Number the rows and write them with their recipients and their history."""
    unit: SupportCase | Family = place.case or place.family
    numbers = next_numbers(len(entries), institution=unit.institution, kind=NUMBER_KIND, on=place.on)
    rows = [
        ServiceRecord(
            family=place.family,
            case=place.case,
            visit=place.visit,
            institution=unit.institution,
            department=unit.department,
            number=number.text,
            on=place.on,
            title=entry.title,
            form_of_work=entry.form_of_work,
            partner=entry.partner,
            quantity=entry.quantity,
            channel=place.channel,
            specialist=place.specialist,
            specialist_for=stood_in_for(actor) if place.specialist == actor else None,
            result=entry.result,
            late_reason=place.late_reason,
            created_by=actor,
        )
        for entry, number in zip(entries, numbers, strict=True)
    ]
    for row in rows:
        _take_kind(row)
    return insert_with_relation(rows, "recipients", [entry.recipients for entry in entries], actor=actor)


def _announce(row: ServiceRecord, kind: str, on: date, actor: User, **params: str | int) -> None:
    """Write on the timeline of the row's case, if it has one."""
    if row.case is not None:
        record_event(row.case, kind, on=on, by=actor, params=params, object_kind="casework.service", object_id=row.pk)


def _take_kind(row: ServiceRecord) -> None:
    """A row has the type and the one kind of its title (I9)."""
    title = row.title
    row.record_type, row.service_kind, row.measure_kind = title.record_type, title.service_kind, title.measure_kind


def _case_on(family: Family, on: date) -> SupportCase | None:
    """The open case of the family, if it was open on `on` already."""
    cases = SupportCase.objects.open().filter(family=family, opened_on__lte=on)
    case: SupportCase | None = cases.select_related("institution__region", "department", "family", "region").first()
    return case
