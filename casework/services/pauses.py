"""Pauses of support: no contact is due while a member of the family is in hospital or away (R2)."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from casework import access
from casework.contacts import refresh_contacts
from casework.models import SupportCase, SupportPause
from casework.services.decisions import Basis
from casework.services.events import record_event
from casework.services.locking import lock
from common.calendar import DateRange, joined_pauses, pause_needs_decision
from common.history import acting


@transaction.atomic
def pause(*, case: SupportCase, starts_on: date, ends_on: date, reason: str, actor: User) -> SupportPause:
    """Pause the case for at most two months; the head and the director may. Longer takes a body's decision.

    Two months are those of the whole time without contacts: pauses that follow one another count together, less the
    days that a body decided on. Raises PermissionDenied, or ValidationError for days that do not fit or overlap another
    pause.
    """
    lock(case)
    require(access.may_assign(actor, case))
    if ends_on >= starts_on and pause_needs_decision(_undecided(case, DateRange(starts_on, ends_on))):
        raise ValidationError({"ends_on": _("A pause over two months takes a decision of the council.")})
    return _write(SupportPause(case=case, starts_on=starts_on, ends_on=ends_on, reason=reason), actor)


def _undecided(case: SupportCase, asked: DateRange) -> DateRange:
    """The time without contacts that `asked` would be part of, shortened by the days that a body decided on."""
    rows = list(SupportPause.objects.filter(case=case))
    joined = joined_pauses(asked, [DateRange(row.starts_on, row.ends_on) for row in rows])
    decided = sum(
        (row.ends_on - row.starts_on).days + 1
        for row in rows
        if row.basis_body and DateRange(row.starts_on, row.ends_on) in joined
    )
    last_day = max(row.last_day for row in joined) - timedelta(days=decided)
    return DateRange(joined[0].starts_on, max(joined[0].starts_on, last_day))


@transaction.atomic
def approve_pause(
    *, case: SupportCase, starts_on: date, ends_on: date, reason: str, basis: Basis, actor: User
) -> SupportPause:
    """Pause the case as a body decided, for any time (clarifications, Work: decisions of the kind PAUSE)."""
    lock(case)
    row = SupportPause(
        case=case,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        basis_body=basis.body,
        basis_number=basis.number,
        basis_date=basis.decided_on,
    )
    return _write(row, actor)


def _write(row: SupportPause, actor: User) -> SupportPause:
    case = row.case
    if not case.is_open:
        raise ValidationError(_("The case is closed."))
    if row.starts_on < case.opened_on:
        raise ValidationError({"starts_on": _("The case was opened later than this day.")})
    row.approved_by = actor
    row.full_clean()
    with acting(actor, row.reason):
        row.save()
    params: dict[str, str | int | date | User | None] = {"since": row.starts_on, "until": row.ends_on}
    record_event(case, "pause_granted", on=row.starts_on, by=actor, params=params)
    refresh_contacts([case.pk], case.institution.today())
    return row


@transaction.atomic
def end_pause(*, row: SupportPause, last_day: date, actor: User) -> None:
    """End a pause earlier than granted. Raises ValidationError unless `last_day` lies in it and has come."""
    case = lock(row.case)
    require(access.may_assign(actor, case))
    if not row.starts_on <= last_day < row.ends_on:
        raise ValidationError({"last_day": _("The pause ends on a day within it.")})
    if last_day > case.institution.today():
        raise ValidationError({"last_day": _("This day has not come yet.")})
    row.ends_on = last_day
    with acting(actor):
        row.save()
    record_event(case, "pause_ended", on=last_day + timedelta(days=1), by=actor)
    refresh_contacts([case.pk], case.institution.today())
