"""Visits: planned, recorded with their services in one go, corrected, cancelled (S3-20, S1-66; R1, R2, R8, I8, I9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.notifications import notify
from accounts.signatures import stood_in_for
from casework import access
from casework.contacts import refresh_contacts
from casework.enums import Channel, TeamRole, VisitPurpose, VisitState
from casework.models import ServiceRecord, SupportCase, Visit, VisitParticipant
from casework.services.entry import Errors, day_errors, members_on, raise_if_any, strangers_error
from casework.services.events import record_event
from casework.services.journal import ServiceEntry, entries_errors, insert_visit_services
from casework.services.people import heads_of
from casework.services.writing import insert_with_relation, save_with_relation
from common.history import acting, bulk_create_with_history, update_with_history
from families.models import FamilyMembership
from records.models import IssuedDocument
from records.services.documents import cancel_document
from records.services.numbers import next_number

NUMBER_KIND = "visit"
OBJECT_KIND = "casework.visit"
OUTCOMES = (VisitState.HELD, VisitState.NOT_AT_HOME, VisitState.REFUSED)
FAILED = (VisitState.NOT_AT_HOME, VisitState.REFUSED)


@dataclass(frozen=True, slots=True)
class Companion:
    """Another specialist who came along: a colleague, or somebody of another agency by name (S1-66)."""

    role: TeamRole
    user: User | None = None
    name: str = ""
    post: str = ""


@transaction.atomic
def plan_visit(
    *,
    case: SupportCase,
    planned_on: date,
    actor: User,
    channel: Channel = Channel.HOME,
    purpose: VisitPurpose = VisitPurpose.PLANNED,
    specialist: User | None = None,
) -> Visit:
    """Plan a visit for today or later. Raises PermissionDenied, ValidationError."""
    require(access.may_write(actor, case))
    _check_plan(case, planned_on)
    visit = Visit(case=case, planned_on=planned_on, channel=channel, purpose=purpose)
    return _insert(visit, (), specialist or actor, actor)


@transaction.atomic
def replan_visit(*, visit: Visit, actor: User) -> None:
    """Save a planned visit that was moved. Raises PermissionDenied, ValidationError."""
    require(access.may_change_visit(actor, visit))
    if visit.state != VisitState.PLANNED or visit.planned_on is None:
        raise ValidationError(_("The visit has an outcome already."))
    _check_plan(visit.case, visit.planned_on)
    with acting(actor):
        visit.save()


@transaction.atomic
def record_visit(
    *,
    visit: Visit,
    seen: Sequence[FamilyMembership],
    services: Sequence[ServiceEntry] = (),
    companions: Sequence[Companion] = (),
    actor: User,
    specialist: User | None = None,
) -> Visit:
    """Record what became of a visit, a new one or a planned one, with the services rendered at it.

    `visit` carries the case, the outcome, the day and what was written down. The act gets its number, the timeline its
    event, the case its next due date, `next_on` a planned visit of its own; signs of danger are told to the head. All
    of it or nothing. Raises PermissionDenied, ValidationError by field of the form.
    """
    case = visit.case
    require(access.may_write(actor, case))
    raise_if_any(visit_errors(visit, seen, services, actor))
    if visit.pk is not None and not Visit.objects.planned().filter(pk=visit.pk).exists():
        raise ValidationError(_("The visit has an outcome already."))
    today, on = case.institution.today(), _day_of(visit)
    visit.number = next_number(institution=case.institution, kind=NUMBER_KIND, on=on).text
    if visit.pk is None:
        _insert(visit, seen, specialist or actor, actor)
    else:
        _sign(visit, specialist or actor, actor)
        save_with_relation(visit, "members_seen", seen, actor=actor)
    if services:
        insert_visit_services(visit, services, actor=actor)
    _set_companions(visit, companions, actor)
    _announce(visit, len(services), actor)
    if visit.danger_signs:
        _warn_of_danger(visit, actor)
    _plan_next(visit, None, today, actor)
    refresh_contacts([case.pk], today)
    return visit


@transaction.atomic
def change_visit(
    *,
    visit: Visit,
    seen: Sequence[FamilyMembership],
    companions: Sequence[Companion] | None = None,
    actor: User,
) -> None:
    """Save a corrected visit; its rows of the journal follow its day and its channel.

    `visit` is the stored record with new values, and names the version it was read with. `companions` None leaves them
    as they are. Raises PermissionDenied for who may not correct it as it is stored, ValidationError, StaleVersion.
    """
    stored = Visit.objects.select_related("case__institution__region", "case__region", "case__family").get(pk=visit.pk)
    require(access.may_change_visit(actor, stored))
    if stored.state == VisitState.PLANNED:
        raise ValidationError(_("The visit has no outcome yet."))
    rows = ServiceRecord.objects.valid().filter(visit=visit)
    errors = visit_errors(visit, seen, (), actor)
    if visit.state in FAILED and rows.exists():
        errors = {"state": _("Services were rendered at this visit: cancel them first.")}
    elif not errors and stored.held_on != visit.held_on:
        errors = _moved_rows_errors(visit, rows)
    raise_if_any(errors)
    save_with_relation(visit, "members_seen", seen, actor=actor)
    if (stored.held_on, stored.channel) != (visit.held_on, visit.channel):
        update_with_history(rows, actor=actor, on=visit.held_on, channel=visit.channel)
    if companions is not None:
        _set_companions(visit, companions, actor)
    if visit.danger_signs and not stored.danger_signs:
        _warn_of_danger(visit, actor)
    today = visit.case.institution.today()
    record_event(
        visit.case,
        "visit_corrected",
        on=today,
        by=actor,
        params={"day": visit.held_on},
        object_kind=OBJECT_KIND,
        object_id=visit.pk,
    )
    _plan_next(visit, stored.next_on, today, actor)
    refresh_contacts([visit.case_id], today)


@transaction.atomic
def cancel_visit(*, visit: Visit, reason: str, actor: User) -> None:
    """Cancel a visit with its rows of the journal and its act; all of them stay to be read, and count nowhere.

    The head may; a visit that is only planned, whoever may change it. Raises PermissionDenied, ValidationError.
    """
    require(access.may_cancel_visit(actor, visit))
    if not (reason := reason.strip()):
        raise ValidationError({"reason": _("Say why the visit is cancelled.")})
    case, today = visit.case, visit.case.institution.today()
    was_planned = visit.state == VisitState.PLANNED
    visit.state, visit.cancel_reason = VisitState.CANCELLED, reason
    with acting(actor, reason):
        visit.save()
    rows = ServiceRecord.objects.valid().filter(visit=visit)
    update_with_history(
        rows, actor=actor, reason=reason, cancelled_at=timezone.now(), cancelled_by=actor, cancel_reason=reason
    )
    for paper in IssuedDocument.objects.of(OBJECT_KIND, visit.pk).newest_versions().not_cancelled().without_pdf():
        cancel_document(document=paper, actor=actor, on=today, reason=reason)
    kind = "plan_cancelled" if was_planned else "visit_cancelled"
    on = visit.planned_on if was_planned else visit.held_on
    record_event(case, kind, on=today, by=actor, params={"day": on}, object_kind=OBJECT_KIND, object_id=visit.pk)
    refresh_contacts([case.pk], today)


def _check_plan(case: SupportCase, planned_on: date) -> None:
    if planned_on < case.institution.today():
        raise ValidationError({"planned_on": _("A visit is planned for today or later.")})


def visit_errors(
    visit: Visit, seen: Sequence[FamilyMembership], services: Sequence[ServiceEntry], actor: User
) -> Errors:
    """What is wrong with a visit that has an outcome, by field of the form."""
    case = visit.case
    if visit.state not in OUTCOMES:
        return {"state": _("Say what became of the visit.")}
    if visit.held_on is None:
        return {"held_on": _("Give the day of the visit.")}
    errors = day_errors(
        "held_on",
        visit.held_on,
        institution=case.institution,
        case=case,
        is_period_open=access.may_enter_on(actor, case.institution, case, visit.held_on),
        late_reason=visit.late_reason,
    )
    if visit.next_on is not None and visit.next_on <= visit.held_on:
        errors |= {"next_on": _("The next visit is later than this one.")}
    return errors | _people_errors(visit, visit.held_on, seen, services)


def _people_errors(
    visit: Visit, on: date, seen: Sequence[FamilyMembership], services: Sequence[ServiceEntry]
) -> Errors:
    if visit.state in FAILED:
        if seen:
            return {"members_seen": _("At a visit that failed nobody was seen.")}
        return {"services": _("At a visit that failed no services were rendered.")} if services else {}
    if not seen:
        return {"members_seen": _("Say who was seen.")}
    members = members_on(visit.case.family, on)
    known = [row.person for row in seen if row.pk in members]
    if error := strangers_error([row.person for row in seen], known, on):
        return {"members_seen": error}
    return entries_errors(services, members.values(), on) if services else {}


def _moved_rows_errors(visit: Visit, rows: QuerySet[ServiceRecord]) -> Errors:
    """What keeps the rows of a visit from moving to its new day: somebody served was no member then (I9)."""
    on = _day_of(visit)
    served = [person for row in rows.order_by("pk").prefetch_related("recipients") for person in row.recipients.all()]
    error = strangers_error(dict.fromkeys(served), members_on(visit.case.family, on).values(), on)
    return {"held_on": _("The visit does not move to this day with its services. %s") % error} if error else {}


def _insert(visit: Visit, seen: Sequence[FamilyMembership], specialist: User, actor: User) -> Visit:
    case = visit.case
    visit.institution, visit.department = case.institution, case.department
    _sign(visit, specialist, actor)
    visit.created_by = actor
    insert_with_relation([visit], "members_seen", [seen], actor=actor)
    return visit


def _sign(visit: Visit, specialist: User, actor: User) -> None:
    """Name whose visit it is; a deputy who enters their own goes in place of the person stood in for."""
    visit.specialist = specialist
    visit.specialist_for = stood_in_for(actor) if specialist == actor else None


def _set_companions(visit: Visit, companions: Sequence[Companion], actor: User) -> None:
    """Write who came along, if that is not what is written already."""
    stored = list(visit.participants.all()) if visit.version > 1 else []
    wanted = [(row.role, row.user.pk if row.user else None, row.name, row.post) for row in companions]
    if [(row.role, row.user_id, row.name, row.post) for row in stored] == wanted:
        return
    with acting(actor):
        for participant in stored:
            participant.delete()
    bulk_create_with_history(
        [
            VisitParticipant(visit=visit, role=row.role, user=row.user, name=row.name, post=row.post)
            for row in companions
        ],
        actor=actor,
    )


def _announce(visit: Visit, services: int, actor: User) -> None:
    held = visit.state == VisitState.HELD
    params: dict[str, str | int | date | User | None] = (
        {"channel": visit.channel, "services": services} if held else {"outcome": visit.state}
    )
    record_event(
        visit.case,
        "visit_held" if held else "visit_failed",
        on=_day_of(visit),
        by=actor,
        params=params,
        object_kind=OBJECT_KIND,
        object_id=visit.pk,
    )


def _warn_of_danger(visit: Visit, actor: User) -> None:
    """Put signs of danger on the timeline and tell the head; what they are stands in the visit alone."""
    case = visit.case
    record_event(case, "danger_noted", on=_day_of(visit), by=actor, object_kind=OBJECT_KIND, object_id=visit.pk)
    notify(
        [head for head in heads_of(case.department, case.institution.today()) if head != actor.pk],
        "casework.danger_noted",
        fact=f"visit:{visit.pk}:danger",
        target="casework:visit",
        target_id=visit.pk,
        number=case.number,
    )


def _plan_next(visit: Visit, former: date | None, today: date, actor: User) -> None:
    """Plan the next visit that was agreed upon, moving the plan that the former date had made."""
    if visit.next_on == former:
        return
    plans = Visit.objects.planned().filter(case=visit.case_id).exclude(pk=visit.pk)
    moved = plans.filter(planned_on=former).first() if former else None
    if moved is not None and visit.next_on is not None:
        update_with_history(plans.filter(pk=moved.pk), actor=actor, planned_on=visit.next_on)
    elif visit.next_on is not None and visit.next_on >= today and not plans.filter(planned_on=visit.next_on).exists():
        plan = Visit(case=visit.case, planned_on=visit.next_on, channel=visit.channel, purpose=VisitPurpose.PLANNED)
        _insert(plan, (), visit.specialist, actor)


def _day_of(visit: Visit) -> date:
    if visit.held_on is None:
        raise ValueError("a visit with an outcome has a day")
    return visit.held_on
