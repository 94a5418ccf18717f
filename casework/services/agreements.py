"""The agreement on social support between the institution and the family (S4-24)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.notifications import settle
from casework import access
from casework.enums import ProgrammeState, Stage
from casework.models import SupportAgreement, SupportCase, SupportProgramme
from casework.models.programmes import IN_FORCE
from casework.services.decisions import enrol_by_agreement
from casework.services.events import Params, record_event
from casework.services.locking import lock
from casework.services.programmes import activate
from casework.services.stages import told_of
from casework.waiting import watch
from common.history import acting
from families.models import FamilyMembership
from records.services.numbers import next_number

AGREEMENT_NUMBER = "casework.agreement"


def approved_programme(case: SupportCase) -> SupportProgramme | None:
    """The approved version that an agreement is drawn up for; None while there is none."""
    return SupportProgramme.objects.filter(case=case, state__in=IN_FORCE).first()


@transaction.atomic
def save_draft(*, agreement: SupportAgreement, actor: User) -> SupportAgreement:
    """Draw up an agreement, or change its draft. Its term is that of the approved programme, or lies within it.

    Raises PermissionDenied for those who may not draft, ValidationError for a signed agreement (I14), a representative
    who is a child or a stranger, or while another agreement of the programme is open.
    """
    case = agreement.case
    require(access.may_draft(actor, case))
    _check_unsigned(agreement)
    programme = agreement.programme
    if programme.state not in IN_FORCE:
        raise ValidationError(_("An agreement is drawn up for an approved programme."))
    others = SupportAgreement.objects.filter(case=case, terminated_on=None, programme=programme)
    if others.exclude(pk=agreement.pk).exists():
        raise ValidationError(_("The programme already has an agreement."))
    if not programme.starts_on <= agreement.starts_on <= agreement.ends_on <= programme.ends_on:
        raise ValidationError({"ends_on": _("The term of the agreement lies within that of the programme.")})
    _check_representative(agreement)
    if agreement.pk is None:
        agreement.created_by = actor
    with acting(actor):
        agreement.full_clean(exclude=["number"])
        agreement.save()
    watch(case.pk)
    return agreement


def _check_unsigned(agreement: SupportAgreement) -> None:
    if agreement.pk is None:
        return
    stored = SupportAgreement.objects.select_for_update().get(pk=agreement.pk)
    if stored.signed_on is not None:
        raise ValidationError(_("A signed agreement is read-only."))


def _check_representative(agreement: SupportAgreement) -> None:
    today = agreement.case.institution.today()
    person = agreement.representative
    members = FamilyMembership.objects.filter(family=agreement.case.family, person=person).on(today)
    if person.is_minor_on(today) or not members.exists():
        raise ValidationError({"representative": _("A member of the family of full age signs the agreement.")})


@transaction.atomic
def sign(*, agreement: SupportAgreement, on: date, actor: User) -> None:
    """Both sides signed on `on`: the agreement gets its number and its programme comes into force (S4-26).

    The director signs. A family with a social contract is on support from this day (clarification 3). Raises
    ValidationError before the approval, in the future, or for a signed agreement.
    """
    case = agreement.case
    lock(case)
    require(access.may_sign_agreement(actor, case))
    _check_unsigned(agreement)
    programme = SupportProgramme.objects.select_for_update().get(pk=agreement.programme_id)
    programme.case = case
    if on > case.institution.today():
        raise ValidationError({"on": _("This day has not come yet.")})
    if programme.approved_on is None or on < programme.approved_on:
        raise ValidationError({"on": _("The agreement is signed on the day of the approval or later.")})
    agreement.signed_on = on
    agreement.number = next_number(institution=case.institution, kind=AGREEMENT_NUMBER, on=on).text
    with acting(actor):
        agreement.full_clean()
        agreement.save()
    params: Params = {"number": agreement.number, "until": agreement.ends_on}
    record_event(case, "agreement_signed", on=on, by=actor, params=params)
    if programme.state == ProgrammeState.APPROVED:
        activate(programme=programme, on=on, actor=actor)
    enrol_by_agreement(case=case, signed_on=on, number=agreement.number, actor=actor)
    settle(["casework.agreement_due", told_of(Stage.CONTRACTING)], [case.pk])


@transaction.atomic
def terminate(*, agreement: SupportAgreement, on: date, reason: str, actor: User) -> None:
    """End a signed agreement before its term, with a reason: the director."""
    case = agreement.case
    require(access.may_sign_agreement(actor, case))
    if agreement.signed_on is None:
        raise ValidationError(_("Only a signed agreement is terminated."))
    if agreement.terminated_on is not None:
        raise ValidationError(_("The agreement was terminated already."))
    if not agreement.signed_on <= on <= case.institution.today():
        raise ValidationError({"on": _("The day lies between the signing and today.")})
    agreement.terminated_on, agreement.termination_reason = on, reason.strip()
    with acting(actor, reason):
        agreement.full_clean()
        agreement.save()
    record_event(case, "agreement_terminated", on=on, by=actor, params={"number": agreement.number})
