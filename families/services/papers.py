"""What the family signs: consents, their withdrawal, the statement of truthfulness."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.calendar import comes_of_age_on, is_minor
from common.history import acting
from common.text import fold, short_date
from families import hooks
from families.enums import FamilyFact
from families.hooks import Happening
from families.models import Consent, Family, FamilyMembership, FamilyStatement
from records.services.numbers import next_number

ONE_DAY = timedelta(days=1)


@transaction.atomic
def give_consent(*, actor: User, consent: Consent, besides: bool = False) -> Consent:
    """Enter a signed consent under the institution's next number (documents 5.6).

    Where the person's consent for the same purpose is in force for a part of its term, a second one is easily the first
    entered twice: it takes `besides`, the word of who enters it. The family stays locked, so that of two people who
    enter one paper at the same moment the second is asked.

    A child's is given by a representative and lasts to the eve of majority, when the person is asked for one of their
    own (R13). Raises ValidationError.
    """
    institution = consent.family.institution
    check_not_future(consent.given_on, institution.today(), "given_on")
    check_giver(consent)
    if is_minor(consent.subject.birth_date, consent.given_on):
        last = comes_of_age_on(consent.subject.birth_date) - ONE_DAY
        consent.valid_to = min(consent.valid_to, last) if consent.valid_to else last
    Family.objects.select_for_update(of=("self",)).get(pk=consent.family_id)
    if not besides:
        _check_first(consent)
    consent.operator_name = consent.operator_name or institution.full_name
    consent.operator_address = consent.operator_address or institution.address or institution.full_name
    consent.created_by = actor
    with acting(actor):
        consent.full_clean(exclude=["number"])
        consent.number = next_number(institution=institution, kind="consent", on=consent.given_on).text
        consent.save()
    _tell(consent, FamilyFact.CONSENT_GIVEN, consent.given_on, actor)
    return consent


@transaction.atomic
def revoke_consent(*, actor: User, consent: Consent, on: date, note: str = "") -> Consent:
    """The consent is withdrawn from `on`: nothing more leaves from that day; what was sent stays in the log (R13)."""
    check_not_future(on, consent.family.institution.today(), "revoked_on")
    if consent.revoked_on is not None:
        raise ValidationError(_("The consent was withdrawn already."))
    consent.revoked_on, consent.revocation_note = on, note
    with acting(actor, note):
        consent.full_clean()
        consent.save()
    _tell(consent, FamilyFact.CONSENT_REVOKED, on, actor)
    return consent


@transaction.atomic
def give_statement(*, actor: User, statement: FamilyStatement) -> FamilyStatement:
    """Enter the family's statement with its responsibility for the information (S2-35). Raises ValidationError."""
    institution = statement.family.institution
    check_not_future(statement.given_on, institution.today(), "given_on")
    if is_minor(statement.given_by.birth_date, statement.given_on):
        raise ValidationError({"given_by": _("A statement is given by a person of full age.")})
    statement.created_by = actor
    with acting(actor):
        statement.full_clean(exclude=["number"])
        statement.number = next_number(institution=institution, kind="statement", on=statement.given_on).text
        statement.save()
    _tell(statement, FamilyFact.STATEMENT_GIVEN, statement.given_on, actor)
    return statement


@transaction.atomic
def withdraw_statement(*, actor: User, statement: FamilyStatement, reason: str) -> FamilyStatement:
    """Take a statement back that was entered in error: it keeps its number and stays to be seen.

    Raises ValidationError for one that was withdrawn already.
    """
    today = statement.family.institution.today()
    statement.withdraw(on=today, actor=actor, reason=reason)
    with acting(actor, reason):
        statement.full_clean()
        statement.save()
    _tell(statement, FamilyFact.STATEMENT_WITHDRAWN, today, actor)
    return statement


def _tell(paper: Consent | FamilyStatement, fact: FamilyFact, on: date, actor: User) -> None:
    hooks.happened(Happening(paper.family, fact, on, actor, paper.pk, {"number": paper.number}))


def check_giver(consent: Consent) -> None:
    """An adult gives their own consent; for a child a representative of full age does, with the ground of it."""
    if not is_minor(consent.subject.birth_date, consent.given_on):
        if consent.given_by_id != consent.subject_id and not consent.authority_document:
            raise ValidationError({"authority_document": _("Name the document by which another person gives it.")})
        return
    members = FamilyMembership.objects.filter(family=consent.family, is_representative=True)
    if (
        consent.given_by_id == consent.subject_id
        or is_minor(consent.given_by.birth_date, consent.given_on)
        or not members.on(consent.given_on).filter(person=consent.given_by_id).exists()
    ):
        raise ValidationError({"given_by": _("For a child the legal representative gives the consent.")})


def _check_first(consent: Consent) -> None:
    purpose = fold(consent.purpose)
    given = Consent.objects.filter(family=consent.family, subject=consent.subject_id).order_by("given_on", "pk")
    known = given.in_force_within(consent.given_on, consent.valid_to)
    same = next((row for row in known if fold(row.purpose) == purpose), None)
    if same is not None:
        text = _("Consent No. %(number)s of %(day)s for the same purpose is in force. Withdraw it first, or confirm.")
        raise ValidationError({"besides": text % {"number": same.number, "day": short_date(same.given_on)}})


def check_not_future(day: date, today: date, field: str) -> None:
    """Raise ValidationError for an event that has not happened yet (I8)."""
    if day > today:
        raise ValidationError({field: _("This day has not come yet.")})
