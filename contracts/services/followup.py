"""The months after a contract: sheets, stopping early, completing, and what the contract has changed."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.signatures import stood_in_for
from casework.contacts import contact_days
from casework.services.events import Params
from common.calendar import DateRange
from common.history import acting, update_with_history
from contracts import access
from contracts.enums import ContractState, StopReason
from contracts.models import FollowUpSheet, SocialContract
from contracts.services.duties import write_duty
from contracts.services.moves import lock, note, transition
from families.services.circumstances import minimum_on


def possible_contacts(sheet: FollowUpSheet) -> list[date]:
    """The days of the sheet's month on which a contact with the family is recorded, by R1; the last one first."""
    period = DateRange(sheet.period_from, sheet.period_to)
    return sorted(contact_days(sheet.contract.family_id, period), reverse=True)


@transaction.atomic
def fill_sheet(*, sheet: FollowUpSheet, actor: User) -> FollowUpSheet:
    """Fill the sheet of a month that has begun, or correct it; late is allowed and stays visible (clarification 31).

    Income is compared with the minimum of the month. The last sheet completes a follow-up that is over. Raises
    PermissionDenied, StaleVersion, or ValidationError for a month to come or void, a contact that is not on record, a
    family that was met without what is known of its work.
    """
    contract = lock(sheet.contract)
    require(access.may_keep(actor, contract))
    today = contract.family.institution.today()
    _check_sheet(sheet, today)
    is_first = sheet.filled_on is None
    if is_first:
        sheet.filled_on, sheet.filled_by, sheet.filled_for = today, actor, stood_in_for(actor)
    sheet.minimum_used = minimum_on(contract.family, sheet.period_to) if sheet.per_capita is not None else None
    with acting(actor):
        sheet.full_clean()
        sheet.save()
    filled = "sheet_filled_late" if sheet.is_late else "sheet_filled"
    note(contract, filled if is_first else "sheet_corrected", on=today, by=actor, params={"month": sheet.month})
    if is_complete(contract, today):
        complete(contract=contract, actor=actor)
    return sheet


def _check_sheet(sheet: FollowUpSheet, today: date) -> None:
    if sheet.is_void:
        raise ValidationError(_("The follow-up was stopped: this sheet is not due."))
    if sheet.period_from > today:
        raise ValidationError(_("This month has not begun yet."))
    if sheet.contacted_on is None:
        return
    if sheet.contacted_on not in possible_contacts(sheet):
        raise ValidationError({"contacted_on": _("No visit or service of this month is recorded on this day.")})
    if not sheet.employment:
        raise ValidationError({"employment": _("Say what the applicant does for a living.")})


def is_complete(contract: SocialContract, today: date) -> bool:
    """Whether the follow-up is over and every sheet that was due is filled or explained."""
    if contract.state != ContractState.FOLLOW_UP or contract.follow_up_ends_on is None:
        return False
    return contract.follow_up_ends_on < today and not contract.sheets.unfilled().exists()


@transaction.atomic
def complete(*, contract: SocialContract, actor: User | None) -> None:
    """Complete a follow-up whose last day has passed and whose sheets are filled; `actor` None is the daily job.

    Raises ValidationError while a sheet is missing or the last day has not passed.
    """
    lock(contract)
    today = contract.family.institution.today()
    if not is_complete(contract, today):
        raise ValidationError(_("The follow-up is completed after its last day, when all sheets are filled."))
    transition(contract=contract, to=ContractState.COMPLETED, actor=actor, on=today)


@transaction.atomic
def stop(*, contract: SocialContract, on: date, reason: StopReason, explanation: str, actor: User | None) -> None:
    """End the follow-up early, for one of the three reasons of 4.8 only (I12). `actor` None: support was ended.

    Months that had not ended before `on` are no longer due (clarification 31), and `on` is the last day of the monthly
    duty. Raises PermissionDenied, or ValidationError for a day outside the follow-up or to come.
    """
    lock(contract)
    first, last = contract.ended_on, contract.follow_up_ends_on
    if on > contract.family.institution.today():
        raise ValidationError({"on": _("This day has not come yet.")})
    if contract.state == ContractState.FOLLOW_UP and not (first and last and first < on <= last):
        raise ValidationError({"on": _("The day lies within the follow-up.")})
    if reason == StopReason.INSURMOUNTABLE and not explanation.strip():
        raise ValidationError({"explanation": _("Say what makes it impossible to go on.")})
    contract.follow_up_stopped_on, contract.stop_reason, contract.stop_note = on, reason, explanation.strip()
    params: Params = {"why": reason}
    transition(contract=contract, to=ContractState.STOPPED, actor=actor, on=on, params=params, reason=explanation)
    void = contract.sheets.unfilled().filter(period_to__gte=on)
    update_with_history(void, actor=actor, reason=explanation, is_void=True)
    write_duty(contract, actor)


@transaction.atomic
def resume(*, contract: SocialContract, reason: str, actor: User) -> None:
    """Take back a stop that was a mistake: the months are due again. Raises PermissionDenied, ValidationError."""
    lock(contract)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the stop was a mistake.")})
    contract.follow_up_stopped_on, contract.stop_reason, contract.stop_note = None, "", ""
    today = contract.family.institution.today()
    transition(contract=contract, to=ContractState.FOLLOW_UP, actor=actor, on=today, reason=reason)
    update_with_history(contract.sheets.filter(is_void=True), actor=actor, reason=reason, is_void=False)
    write_duty(contract, actor)


@transaction.atomic
def conclude(*, contract: SocialContract, actor: User) -> SocialContract:
    """Write what the contract has changed for the family, and whether a new one is advisable (documents 5.9).

    Raises PermissionDenied, StaleVersion, or ValidationError before the contract has ended.
    """
    require(access.may_keep(actor, contract))
    if contract.is_running:
        raise ValidationError(_("The conclusion is drawn after the contract has ended."))
    if contract.is_new_advised is None or not contract.conclusion.strip():
        raise ValidationError(_("Write the conclusion, and say whether a new contract is advisable."))
    with acting(actor):
        contract.full_clean()
        contract.save()
    note(contract, "contract_concluded", on=contract.family.institution.today(), by=actor)
    return contract
