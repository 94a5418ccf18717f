"""Makes more of everything the pages list: copies of records, linked among themselves as the originals are.

A page whose queries grow with its rows is found by counting them before and after. What the database allows only once
(a case's open curator, a session's minutes) is left as it is.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import CharField, Field, ForeignKey, GeneratedField, IntegerField, Model, UniqueConstraint

from accounts.models import AccessEvent, Appointment, Department, Notification, User
from common import snils
from councils.models import AgendaItem, Attendance, CouncilMember, Decision, Invitee, Minutes, MinutesExtract
from families.models import Family, FamilyUserObjectPermission
from monitoring.models import QuarterlyReport
from partners.models import AgreementParty, ContactPerson, CooperationAgreement, PartnerOrganisation
from tests import tokens
from tests.access.tokenizing import SNILS_DIGITS, records_of
from tests.access.worlds import Subject, World
from tests.guards import guards_asleep

# Whose pages are opened: each role has one of these in its scope.
FAMILIES: Final = ("own", "team", "agenda_during", "sample")
SHARED_ONLY: Final = frozenset({"team"})  # stands in a list; the pages of a curator are opened about their own family
SESSIONS: Final = ("session before", "session called", "session drafted", "session signed")
_numbers = itertools.count(100)


def copy(rows: Iterable[Model], times: int) -> None:
    """So many copies of these records; what they lead to besides each other is shared with the originals."""
    groups: dict[type[Model], list[Model]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    order = TopologicalSorter({model: _leads_to(model) & groups.keys() - {model} for model in groups}).static_order()
    turns: list[dict[tuple[type[Model], Any], Model]] = [{} for _ in range(times)]
    with guards_asleep(), transaction.atomic():
        for model in order:
            made = {
                (number, row.pk): _copied(row, known) for number, known in enumerate(turns) for row in groups[model]
            }
            model._base_manager.bulk_create(made.values())
            for (number, pk), row in made.items():
                turns[number][model, pk] = row
            _copy_links(model, groups[model], turns)


def _leads_to(model: type[Model]) -> set[Any]:
    return {row.related_model for row in model._meta.concrete_fields if isinstance(row, ForeignKey)}


def _copied(row: Model, known: dict[tuple[type[Model], Any], Model]) -> Model:
    values: dict[str, Any] = {}
    for place in row._meta.concrete_fields:
        if place.primary_key or isinstance(place, GeneratedField):
            continue
        value = getattr(row, place.attname)
        if isinstance(place, ForeignKey):
            other = known.get((place.related_model, value))
            value = other.pk if other is not None else value
        values[place.attname] = value
    moved = {
        place.name for place in row._meta.concrete_fields if values.get(place.attname) != getattr(row, place.attname)
    }
    for rule in _once(type(row)):
        place = rule.place
        if moved.isdisjoint(rule.names) and values[place.attname] not in {None, ""}:
            values[place.attname] = _another(place, values[place.attname])
    return type(row)(**values)


def _copy_links(model: type[Model], rows: list[Model], turns: list[dict[tuple[type[Model], Any], Model]]) -> None:
    for field in model._meta.many_to_many:
        through: Any = field.remote_field.through
        here, there = field.m2m_field_name(), field.m2m_reverse_field_name()
        links = through._base_manager.filter(**{f"{here}__in": rows})
        fresh = []
        for link, known in itertools.product(links, turns):
            pk, other_pk = (getattr(link, f"{name}_id") for name in (here, there))
            other = known.get((field.related_model, other_pk))
            values = {f"{here}_id": known[model, pk].pk, f"{there}_id": other.pk if other else other_pk}
            fresh.append(through(**values))
        through._base_manager.bulk_create(fresh)


@dataclass(frozen=True, slots=True)
class Rule:
    """Fields that stand together only once, and the one of them in which a copy gets another value."""

    names: frozenset[str]
    place: Field[Any, Any]


@cache
def _once(model: type[Model]) -> list[Rule]:
    places = {place.name: place for place in model._meta.concrete_fields}
    rules = [(place.name,) for place in places.values() if place.unique and not place.primary_key]
    rules += [row.fields for row in model._meta.constraints if isinstance(row, UniqueConstraint)]
    found = []
    for names in rules:
        plain = [
            places[name] for name in names if not isinstance(places[name], ForeignKey) and not places[name].choices
        ]
        texts = [place for place in plain if isinstance(place, CharField)]
        numbers = [place for place in plain if isinstance(place, IntegerField)]
        found += [Rule(frozenset(names), place) for place in [*texts, *numbers][:1]]
    return found


def _another(place: Field[Any, Any], value: Any) -> Any:
    number = next(_numbers)
    if place.name == "snils":
        nine = tokens.digits(f"copy:{number}", SNILS_DIGITS - 2)
        return f"{nine}{snils.check_sum(nine):02}"
    if isinstance(place, CharField):
        return f"{value[: (place.max_length or 100) - 8]}-{number}"
    return number


def copy_each(rows: Iterable[Model], times: int) -> set[str]:
    """Copies of each record beside it; the models of which the database allows only one there."""
    refused = set()
    for row in rows:
        try:
            copy([row], times)
        except IntegrityError:
            refused.add(row._meta.label)
    return refused


def grow(world: World, times: int, within: int) -> set[str]:
    """So many more families, sessions and units, and so many copies of each record within one of them.

    Returns the models that stay single in what they belong to.
    """
    cast = world.cast
    refused: set[str] = set()
    for key in FAMILIES:
        family = world.subject(key).family
        rows = [row for row in records_of(family) if not isinstance(row, Family)]
        opened = FamilyUserObjectPermission.objects.filter(content_object=family)
        copy([family, *rows, *opened], times)
        if key not in SHARED_ONLY:
            refused |= copy_each(rows, within)
            _remember(family, within)
    for key in SESSIONS:
        copy(_session(world.subject(key, "session")), times)
    refused |= copy_each(_parts(world), within)
    for subject in world.of_kind("unit"):
        copy(_partners(subject), times)
        refused |= copy_each([row for row in subject.rows.values() if isinstance(row, ContactPerson)], within)
    _people(world, times)
    for user in filter(None, world.leads.values()):
        fresh = (Notification(recipient=user, code="report_drafted", fact=f"{next(_numbers)}") for _ in range(times))
        Notification.objects.bulk_create(fresh)
    copy(AccessEvent.objects.filter(pk__in=world.by_post["accounts.AccessEvent"].values()), times)
    copy([cast.precinct], times)
    return refused


def _remember(family: Family, times: int) -> None:
    """Readings of the family by one person after the other, and changes of its records, as if there were more."""
    readers = list(User.objects.filter(appointments__department=family.department))
    AccessEvent.objects.bulk_create(
        AccessEvent(user=readers[number % len(readers)], action="READ", kind="family", family_id=family.pk)
        for number in range(times)
    )
    for row in [family, *records_of(family)]:
        if hasattr(type(row), "history"):
            past: Any = row.history.order_by("history_id").first()
            if past is not None:
                copy([past], times)


def _session(subject: Subject) -> list[Model]:
    """A session with its body, the seats and everything that hangs on it."""
    session = subject.rows["session"]
    items = AgendaItem.objects.filter(session=session)
    ways: dict[Any, dict[str, Any]] = {
        CouncilMember: {"council": session.council},
        AgendaItem: {"session": session},
        Attendance: {"session": session},
        Invitee: {"session": session},
        Minutes: {"session": session},
        Decision: {"item__in": items},
        MinutesExtract: {"decision__item__in": items},
    }
    rows = [row for model, way in ways.items() for row in model._base_manager.filter(**way)]
    return [session.council, session, *rows]


def _parts(world: World) -> list[Model]:
    """What one session and its body have many of."""
    sessions = [world.subject(key, "session") for key in SESSIONS]
    names = ("question", "decision", "extract", "invitee")
    rows = [subject.rows[name] for subject in sessions for name in names if name in subject.rows]
    return [*rows, *(subject.rows["seat"] for subject in world.of_kind("body"))]


def _partners(subject: Subject) -> list[Model]:
    models = (PartnerOrganisation, ContactPerson, CooperationAgreement)
    rows = [row for row in subject.rows.values() if isinstance(row, models) or row._meta.label == "partners.Volunteer"]
    agreements = [row for row in rows if isinstance(row, CooperationAgreement)]
    return [*rows, *AgreementParty.objects.filter(agreement__in=agreements)]


def _people(world: World, times: int) -> None:
    """More specialists in the department, departments in the institution and institutions in the region, who report."""
    cast = world.cast
    reports = QuarterlyReport.objects.all()
    colleague = cast.colleague
    copy([colleague, *Appointment.objects.filter(user=colleague), *reports.filter(specialist=colleague)], times)
    copy([cast.second_department, *reports.filter(department=cast.second_department, specialist=None)], times)
    other = cast.other_institution
    departments = Department.objects.filter(institution=other)
    copy([other, *departments, *reports.filter(institution=other, specialist=None)], times)
