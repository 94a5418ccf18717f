"""The monthly duty that a contract brings, kept for the contact rules (R2; S2-26, S2-27; clarification 9)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from casework.contacts import refresh_contacts
from casework.models import ContractDuty, SupportCase
from common.history import acting
from contracts.models import SocialContract


def write_duty(contract: SocialContract, actor: User | None, *, former_number: str = "") -> ContractDuty:
    """Bring the duty of `contract` in line with it: from its first day to the last day of its follow-up.

    `former_number` is the number that was corrected. Raises ValidationError where another authority has given the
    family a contract with the same number.
    """
    duty = _stored(contract, former_number or contract.number) or ContractDuty(family=contract.family)
    others = ContractDuty.objects.filter(family=contract.family, contract_number=contract.number)
    if others.exclude(pk=duty.pk).exists():
        raise ValidationError({"number": _("The family already has a contract with this number.")})
    duty.contract_number, duty.kind, duty.starts_on = contract.number, contract.kind, contract.starts_on
    duty.runs_until = contract.ended_on
    duty.ends_on = contract.follow_up_stopped_on or contract.follow_up_ends_on
    with acting(actor):
        duty.full_clean()
        duty.save()
    refresh(contract, contract.family.institution.today())
    return duty


def refresh(contract: SocialContract, today: date) -> None:
    """Bring the next contact of the family's case up to date."""
    refresh_contacts(SupportCase.objects.filter(family=contract.family_id).open().values_list("pk", flat=True), today)


def _stored(contract: SocialContract, number: str) -> ContractDuty | None:
    """The duty that this contract has brought; one under the same number may be another authority's."""
    if SocialContract.objects.filter(family=contract.family_id, number=number).exclude(pk=contract.pk).exists():
        return None
    return ContractDuty.objects.filter(family=contract.family_id, contract_number=number).first()
