"""Notices to agencies of the prevention system, and the gate they pass: no personal data without a basis (I7)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.signatures import stood_in_for
from casework import access
from casework.enums import LegalBasis
from casework.models import AgencyNotice
from casework.services.events import record_event
from casework.waiting import watch
from common.history import acting
from families.models import Consent
from records.services.numbers import next_number

NOTICE_NUMBER = "casework.notice"


def usable_consents(notice: AgencyNotice, on: date) -> list[Consent]:
    """The consents by which the family may be told of to other organisations on `on`: its main contact's (I7, R13)."""
    rows = Consent.objects.filter(family=notice.case.family).for_transfer(on).speaking_for_family()
    return list(rows.select_related("subject"))


def check_basis(notice: AgencyNotice, on: date) -> None:
    """Raise ValidationError unless the notice may leave on `on`: a consent in force names its addressee (I7)."""
    if notice.legal_basis != LegalBasis.CONSENT:
        return
    consent = notice.consent
    if consent is None:
        raise ValidationError({"consent": _("Name the consent that the notice rests on.")})
    if consent.pk not in {row.pk for row in usable_consents(notice, on)}:
        raise ValidationError(
            {
                "consent": _(
                    "This is no consent of the main contact that allows the transfer and is in force on this day."
                )
            }
        )
    if not consent.names_recipient(notice.addressee.title):
        words = _("The consent does not name this recipient: %(title)s. Take a consent that does, or another basis.")
        raise ValidationError({"consent": words % {"title": notice.addressee.title}})


@transaction.atomic
def save_notice(*, notice: AgencyNotice, actor: User) -> AgencyNotice:
    """Draft a notice, or change a draft. Raises ValidationError for one that was sent, or rests on no basis."""
    case = notice.case
    require(access.may_draft(actor, case))
    _check_unsent(notice)
    if notice.legal_basis != LegalBasis.CONSENT:
        notice.consent = None
    check_basis(notice, case.institution.today())
    if notice.pk is None:
        notice.created_by = actor
    with acting(actor):
        notice.full_clean(exclude=["number"])
        notice.save()
    watch(case.pk)
    return notice


def _check_unsent(notice: AgencyNotice) -> None:
    if notice.pk is None:
        return
    stored = AgencyNotice.objects.select_for_update().get(pk=notice.pk)
    if stored.sent_on is not None:
        raise ValidationError(_("The notice was sent already."))


@transaction.atomic
def send(*, notice: AgencyNotice, on: date, method: str, actor: User) -> None:
    """Send a notice: head or director. It gets its number; its basis has to hold on the day it leaves (I7)."""
    case = notice.case
    require(access.may_send_notice(actor, case))
    _check_unsent(notice)
    if not case.opened_on <= on <= case.institution.today():
        raise ValidationError({"on": _("The day lies between the opening of the case and today.")})
    check_basis(notice, on)
    notice.sent_on, notice.method = on, method
    notice.sent_by, notice.sent_for = actor, stood_in_for(actor)
    notice.number = next_number(institution=case.institution, kind=NOTICE_NUMBER, on=on).text
    with acting(actor):
        notice.full_clean()
        notice.save()
    params = {"number": notice.number, "subject": str(notice.subject)}
    record_event(case, "notice_sent", on=on, by=actor, params=params)


def note_delivery(*, notice: AgencyNotice, on: date, actor: User) -> None:
    """Enter the day on which the agency received the notice."""
    _note(notice, "notice_delivered", on, actor, delivered_on=on)


def note_answer(*, notice: AgencyNotice, on: date, answer: str, actor: User) -> None:
    """Enter what the agency answered, and when."""
    _note(notice, "notice_answered", on, actor, answered_on=on, answer=answer.strip())


@transaction.atomic
def _note(notice: AgencyNotice, kind: str, on: date, actor: User, **values: Any) -> None:
    case = notice.case
    require(access.may_write(actor, case))
    if notice.sent_on is None or not notice.sent_on <= on <= case.institution.today():
        raise ValidationError({"on": _("The day lies between the sending and today.")})
    for name, value in values.items():
        setattr(notice, name, value)
    with acting(actor):
        notice.full_clean()
        notice.save()
    record_event(case, kind, on=on, by=actor, params={"number": notice.number})
