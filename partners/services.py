"""Writes of the partners room that concern more than one record."""

from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Institution, User
from accounts.signatures import acting_post, represented, signing_post
from common.history import acting
from partners.enums import AGREEMENT_TRANSITIONS, AgreementState
from partners.models import CooperationAgreement
from records.models import IssuedDocument
from records.services.documents import issue_document
from records.services.numbers import next_number

OWNER_KIND = "partners.agreement"
NUMBER_KIND = "cooperation_agreement"


class Signatory(NamedTuple):
    """Who signs for a party; a partner's representative writes their name by hand."""

    post: str
    name: str


@transaction.atomic
def approve_agreement(
    *, agreement: CooperationAgreement, actor: User, signed_on: date, on: date, number: str = ""
) -> CooperationAgreement:
    """Enter a signed agreement into the register: the director's act, on the local date `on`.

    It keeps the `number` of the partner's office, or gets the institution's next one of the year it was signed in.
    Raises ValidationError for an agreement without a party or signed later than today.
    """
    agreement = _locked(agreement)
    if not agreement.parties.exists():
        raise ValidationError(_("Name at least one party."))
    if signed_on > on:
        raise ValidationError(_("This day has not come yet."))
    if not number:
        number = next_number(institution=agreement.institution, kind=NUMBER_KIND, on=signed_on).text
    values = {"signed_on": signed_on, "number": number, "approved_by": actor, "approved_on": on}
    return _transition(agreement, AgreementState.APPROVED, actor, **values)


@transaction.atomic
def terminate_agreement(*, agreement: CooperationAgreement, actor: User, on: date, reason: str) -> CooperationAgreement:
    """End an agreement before its term: from `on` it is no longer in force."""
    values = {"terminated_on": on, "termination_reason": reason.strip()}
    return _transition(_locked(agreement), AgreementState.TERMINATED, actor, **values)


def _institution_signatory(institution: Institution, on: date) -> Signatory:
    """The director's line; on a day on which somebody stands in, both are named."""
    post = signing_post(institution, on)
    if post is None or post.deputy_for is None:
        return Signatory(institution.short_name, institution.director_name)
    title = acting_post(post.deputy_for.user, default="директор")
    return Signatory(f"{institution.short_name}, {title}", post.user.get_full_name())


def print_agreement(*, agreement: CooperationAgreement, actor: User, on: date) -> IssuedDocument:
    """The agreement on paper by its typical form (S0-21); the same text is the same paper, a change a new version."""
    institution = agreement.institution
    parties = list(agreement.parties.select_related("partner"))
    return issue_document(
        kind=NUMBER_KIND,
        title="Соглашение о взаимодействии",
        template="print/cooperation_agreement.html",
        context={
            "agreement": agreement,
            "institution": institution,
            "represented": represented("руководитель", institution.director_name, institution.director_ground)
            if institution.director_name
            else "",
            "parties": parties,
            "signatories": [
                _institution_signatory(institution, on),
                *(Signatory(party.partner.title, "") for party in parties),
            ],
        },
        owner_kind=OWNER_KIND,
        owner_id=agreement.pk,
        issued_on=agreement.signed_on or on,
        actor=actor,
        region=institution.region,
        institution=institution,
        number=agreement.number,
        confidential=False,
    )


def _locked(agreement: CooperationAgreement) -> CooperationAgreement:
    locked: CooperationAgreement = CooperationAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    return locked


def _transition(
    agreement: CooperationAgreement, state: AgreementState, actor: User, **values: Any
) -> CooperationAgreement:
    """The only way an agreement changes its state. Raises ValidationError for a move not in the table."""
    if state not in AGREEMENT_TRANSITIONS[agreement.state]:
        raise ValidationError(_("The agreement is no longer in the state this needs."))
    for name, value in (values | {"state": state}).items():
        setattr(agreement, name, value)
    agreement.full_clean()
    with acting(actor):
        agreement.save()
    return agreement
