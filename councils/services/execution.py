"""Following decisions to their execution, and extracts from signed minutes for those who carry them out."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.signatures import stood_in_for
from common.history import acting
from councils import access
from councils.enums import DecisionState, SessionState
from councils.materials import may_name_to
from councils.models import Decision, MinutesExtract
from councils.papers import issue_extract
from records.services.numbers import next_number

EXTRACT_NUMBER = "councils.extract"


@transaction.atomic
def report_execution(*, decision: Decision, executed_on: date, report: str, actor: User) -> Decision:
    """Say that an adopted decision was carried out, when and how. Raises PermissionDenied, ValidationError."""
    decision = _locked(decision)
    if decision.state != DecisionState.ADOPTED:
        raise ValidationError(_("Only an adopted decision that is still open is reported on."), code="state")
    require(access.may_report(actor, decision))
    session = decision.item.session
    if not session.day <= executed_on <= session.council.today():
        raise ValidationError({"executed_on": _("The day lies between the session and today.")})
    if not report.strip():
        raise ValidationError({"report": _("Say what was done.")})
    decision.state, decision.executed_on, decision.report = DecisionState.EXECUTED, executed_on, report.strip()
    with acting(actor):
        decision.full_clean()
        decision.save()
    return decision


@transaction.atomic
def cancel_decision(*, decision: Decision, reason: str, actor: User) -> Decision:
    """Take an adopted task off the list, with a reason: the secretary, until 30 days after the signing.

    What it did to a case stays done.
    """
    decision = _locked(decision)
    require(access.may_correct(actor, decision.item.session))
    if decision.state != DecisionState.ADOPTED:
        raise ValidationError(_("Only an adopted decision that is still open is cancelled."), code="state")
    if not reason.strip():
        raise ValidationError({"reason": _("Give the reason.")})
    decision.state, decision.report = DecisionState.CANCELLED, reason.strip()
    with acting(actor, reason):
        decision.full_clean()
        decision.save()
    return decision


def _locked(decision: Decision) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",)).with_page()
    found: Decision = rows.get(pk=decision.pk)
    return found


@transaction.atomic
def make_extract(*, decision: Decision, addressee: str, names_family: bool, actor: User) -> MinutesExtract:
    """An extract with one decision, numbered and frozen (documents 5.2).

    It names the family only to a recipient of a consent in force (I7), never a restricted one. Raises PermissionDenied,
    ValidationError.
    """
    session = decision.item.session
    require(access.keeps(actor, session.council))
    institution = session.council.institution
    if session.state != SessionState.MINUTES_SIGNED or institution is None:
        raise ValidationError(_("Extracts are made from signed minutes."))
    today = session.council.today()
    if names_family:
        _check_naming(decision, addressee, today)
    row = MinutesExtract(
        decision=decision,
        addressee=addressee.strip(),
        names_family=names_family,
        issued_on=today,
        issued_by=actor,
        issued_for=stood_in_for(actor),
        number=next_number(institution=institution, kind=EXTRACT_NUMBER, on=today).text,
    )
    with acting(actor):
        row.full_clean()
        row.save()
        row.issued_document_id = issue_extract(extract=row, actor=actor).pk
        row.save()
    return row


def _check_naming(decision: Decision, addressee: str, today: date) -> None:
    family = decision.item.family
    if family is None:
        raise ValidationError({"names_family": _("The question is on no family.")})
    if family.is_restricted:
        raise PermissionDenied
    if not may_name_to(family, addressee, today):
        raise ValidationError({"names_family": _("No consent in force names this addressee as a recipient.")})
