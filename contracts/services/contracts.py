"""Social contracts from their registration to their end. The authority concludes them; here their copy is kept."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from casework.services.events import Params
from common.calendar import follow_up_period, follow_up_sheets
from common.history import acting, bulk_create_with_history
from common.text import short_date
from contracts import access
from contracts.enums import EXPLAINED_ENDS, ContractState, EndKind
from contracts.models import FollowUpSheet, SocialContract
from contracts.services.duties import refresh, write_duty
from contracts.services.moves import lock, note, open_case, transition
from contracts.terms import end_window
from families.models import Family, FamilyMembership


@transaction.atomic
def register(*, contract: SocialContract, actor: User) -> SocialContract:
    """Enter a contract that the authority has concluded with the family, and put it in force if it has begun.

    The monthly duty holds from its first day (S2-27). Raises PermissionDenied for those who may not register contracts
    of the family, ValidationError for dates, a term (R6), an applicant or an authority that do not fit.
    """
    # Two who register at once come one after the other, so that numbers of the family stay apart.
    family = (
        Family.objects.select_for_update(of=("self",)).select_related("institution__region").get(pk=contract.family_id)
    )
    require(access.may_register(actor, family))
    contract.family = family
    contract.institution, contract.created_by, contract.case = family.institution, actor, open_case(family.pk)
    today = family.institution.today()
    _check(contract, today)
    with acting(actor):
        contract.full_clean()
        contract.save()
    note(contract, "contract_registered", on=contract.signed_on, by=actor, params={"kind": contract.kind})
    write_duty(contract, actor)
    if contract.starts_on <= today:
        put_in_force(contract=contract, actor=actor)
    return contract


@transaction.atomic
def correct(*, contract: SocialContract, actor: User) -> SocialContract:
    """Save corrected facts of a contract that has not ended; the version that was read is checked.

    Raises PermissionDenied, StaleVersion, or ValidationError as `register` does, and for an ended contract.
    """
    stored = SocialContract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    require(access.may_keep(actor, contract))
    if not stored.is_running:
        raise ValidationError(_("The facts of a contract that has ended are read-only."))
    today = contract.family.institution.today()
    _check(contract, today)
    if stored.state == ContractState.RUNNING and contract.starts_on > today:
        raise ValidationError({"starts_on": _("The contract is in force already.")})
    with acting(actor):
        contract.full_clean()
        contract.save()
    write_duty(contract, actor, former_number=stored.number)
    if contract.state == ContractState.SIGNED and contract.starts_on <= today:
        put_in_force(contract=contract, actor=actor)
    return contract


@transaction.atomic
def put_in_force(*, contract: SocialContract, actor: User | None) -> None:
    """The first day of the contract has come; from it on a contact is due each month. `actor` None: the daily job.

    Raises ValidationError before that day.
    """
    lock(contract)
    today = contract.family.institution.today()
    if contract.starts_on > today:
        raise ValidationError(_("The contract begins on %(day)s.") % {"day": short_date(contract.starts_on)})
    params: Params = {"until": contract.planned_end_on}
    transition(contract=contract, to=ContractState.RUNNING, actor=actor, on=contract.starts_on, params=params)
    refresh(contract, today)


@transaction.atomic
def end(*, contract: SocialContract, last_day: date, kind: EndKind, explanation: str, actor: User) -> None:
    """The contract ended: `last_day` was its last in force. Its months of follow-up begin the day after (R5, I16).

    Raises PermissionDenied, or ValidationError for a day outside the contract or to come, an end that does not fit the
    day, or one that must be explained.
    """
    lock(contract)
    family = contract.family
    _check_end(contract, last_day, kind, explanation)
    months = family.institution.region.policy_on(last_day).follow_up_months
    contract.ended_on, contract.end_kind, contract.end_note = last_day, kind, explanation.strip()
    contract.follow_up_ends_on = follow_up_period(last_day, months).last_day
    params: Params = {"kind": kind, "until": contract.follow_up_ends_on}
    transition(contract=contract, to=ContractState.FOLLOW_UP, actor=actor, on=last_day, params=params)
    sheets = [
        FollowUpSheet(
            contract=contract, month=row.number, period_from=row.period.starts_on, period_to=row.period.last_day
        )
        for row in follow_up_sheets(last_day, months)
    ]
    bulk_create_with_history(sheets, actor=actor)
    write_duty(contract, actor)


def _check_end(contract: SocialContract, last_day: date, kind: EndKind, explanation: str) -> None:
    if last_day > contract.family.institution.today():
        raise ValidationError({"last_day": _("This day has not come yet.")})
    if not contract.starts_on <= last_day <= contract.planned_end_on:
        raise ValidationError({"last_day": _("The last day lies between the first day and the planned end.")})
    if kind == EndKind.EXPIRED_UNFULFILLED and last_day != contract.planned_end_on:
        raise ValidationError({"kind": _("A contract expires on the day of its planned end.")})
    if kind in EXPLAINED_ENDS and not explanation.strip():
        raise ValidationError({"explanation": _("Say why the contract was terminated.")})


def _check(contract: SocialContract, today: date) -> None:
    """Raise ValidationError unless dates, term, applicant and authority of the contract fit."""
    if contract.signed_on > today:
        raise ValidationError({"signed_on": _("This day has not come yet.")})
    if contract.starts_on < contract.signed_on:
        raise ValidationError({"starts_on": _("The contract begins on the day it is signed, or later.")})
    window = end_window(contract.family.institution.region, contract.kind, contract.starts_on)
    if contract.planned_end_on not in window:
        days = {"first": short_date(window.starts_on), "last": short_date(window.last_day)}
        raise ValidationError(
            {"planned_end_on": _("A contract of this kind ends between %(first)s and %(last)s.") % days}
        )
    _check_applicant(contract)
    authority = contract.authority
    closed = authority.closed_on is not None and authority.closed_on <= contract.signed_on
    if authority.region_id != contract.family.region_id or closed:
        raise ValidationError({"authority": _("This is no authority of the region on the day of signing.")})


def _check_applicant(contract: SocialContract) -> None:
    person, on = contract.applicant, contract.signed_on
    # The family may have come to the institution after the contract: membership begins when it is entered.
    members = FamilyMembership.objects.filter(family=contract.family, person=person).exclude(ends_on__lt=on)
    if person.is_minor_on(on) or not members.exists():
        raise ValidationError(
            {"applicant": _("The applicant is of full age on the day of signing, and belongs to the family.")}
        )
