"""The papers that a family signs, as they are printed: what the templates in `templates/print/families/` are given."""

from datetime import date
from typing import Any

from accounts.models import User
from common.calendar import is_minor
from common.names import Case, decline_person
from common.phones import display as phone_shown
from common.snils import display as snils_shown
from common.text import NBSP, long_date, number_sign
from families.enums import ConsentAction, ConsentData
from families.models import Consent, Family, FamilyStatement, Person
from records.models import IssuedDocument
from records.services.documents import issue_document

CONSENT, WITHDRAWAL, STATEMENT = "families.consent", "families.consent_withdrawal", "families.statement"
PUBLICATION = "families.consent_publication"
ADDRESS_TO_FILL = "_" * 44
DAY_TO_FILL = f"«___»{NBSP}______________{NBSP}20___{NBSP}г."


def issue_consent(*, actor: User, consent: Consent) -> IssuedDocument:
    """The consent as a frozen PDF."""
    return _issue(
        actor,
        consent,
        kind=CONSENT,
        title="Согласие на обработку персональных данных",
        template="print/families/consent.html",
        context=consent_context(consent),
        on=consent.given_on,
        number=consent.number,
    )


def issue_publication(*, actor: User, consent: Consent) -> IssuedDocument:
    """The consent to the publication of photographs, which the law wants apart from any other (152-FZ, 10.1)."""
    return _issue(
        actor,
        consent,
        kind=PUBLICATION,
        title="Согласие на распространение персональных данных",
        template="print/families/consent_publication.html",
        context=consent_context(consent) | {"site": consent.family.institution.site},
        on=consent.given_on,
    )


def issue_withdrawal(*, actor: User, consent: Consent, on: date) -> IssuedDocument:
    """An application by which the consent is withdrawn, ready to be signed: a blank form until it was withdrawn."""
    return _issue(
        actor,
        consent,
        kind=WITHDRAWAL,
        title=f"{'Отзыв' if consent.revoked_on else 'Бланк отзыва'} согласия на обработку персональных данных",
        template="print/families/consent_withdrawal.html",
        context=consent_context(consent),
        on=consent.revoked_on or on,
    )


def issue_statement(*, actor: User, statement: FamilyStatement) -> IssuedDocument:
    """The statement with the responsibility for the information as a frozen PDF."""
    family = statement.family
    context = {
        "paragraphs": [line for line in statement.text.splitlines() if line.strip()],
        "person": _person(statement.given_by, family),
        "addressee": _addressee(family, statement.given_by),
        "day": statement.given_on,
        "number": statement.number,
        "kind": "ЗАЯВЛЕНИЕ",
        "subject": "и подтверждение достоверности сведений",
        "signatories": [{"post": "Заявитель", "name": statement.given_by.short_name}],
    }
    return _issue(
        actor,
        statement,
        kind=STATEMENT,
        title="Заявление семьи",
        template="print/families/statement.html",
        context=context,
        on=statement.given_on,
        number=statement.number,
    )


def consent_context(consent: Consent) -> dict[str, Any]:
    """What both papers of a consent are given: people, data, actions and recipients spelt out in Russian."""
    family = consent.family
    by_other = consent.given_by_id != consent.subject_id
    return {
        "consent": consent,
        "by_other": by_other,
        "of_child": is_minor(consent.subject.birth_date, consent.given_on),
        "subject": _person(consent.subject, family),
        "giver": _person(consent.given_by, family),
        "subject_genitive": _genitive(consent.subject),
        "data": _titles(ConsentData, consent.data),
        "actions": _titles(ConsentAction, consent.actions),
        "addressee": _addressee(family, consent.given_by),
        "reference": f"от {long_date(consent.given_on)} {number_sign(consent.number)}",
        "signatories": [{"post": "Представитель" if by_other else "Субъект", "name": consent.given_by.short_name}],
    }


def _titles(kinds: Any, codes: list[str]) -> list[str]:
    """The titles of the chosen items in the order of the enumeration; kept lazy, for papers are rendered in Russian."""
    return [kind.label for kind in kinds if kind.value in codes]


def _person(person: Person, family: Family) -> dict[str, Any]:
    return {
        "name": person.full_name,
        "birth_date": person.birth_date,
        "address": family.address_for_papers,
        "address_to_fill": family.address_for_papers or ADDRESS_TO_FILL,
        "document": person.identity_document,
        "document_to_fill": person.identity_document_or(
            kind="_" * 30,
            number=f"серия{NBSP}{'_' * 8} {number_sign('_' * 12)}",
            issued_by="_" * 36,
            issued_on=DAY_TO_FILL,
        ),
        "snils": snils_shown(person.snils),
        "phone": phone_shown(person.phone or family.phone),
    }


def _addressee(family: Family, person: Person) -> list[str]:
    institution = family.institution
    lines = ["Директору", institution.short_name, f"от {_genitive(person)}"]
    address = family.address_for_papers
    return [line for line in (*lines, f"адрес: {address}" if address else "") if line]


def _genitive(person: Person) -> str:
    return decline_person(
        person.last_name,
        person.first_name,
        person.patronymic,
        case=Case.GENITIVE,
        sex=person.sex,
        correction=person.name_genitive,
    )


def _issue(
    actor: User,
    owner: Consent | FamilyStatement,
    *,
    kind: str,
    title: str,
    template: str,
    context: dict[str, Any],
    on: date,
    number: str = "",
) -> IssuedDocument:
    family = owner.family
    return issue_document(
        kind=kind,
        title=title,
        template=template,
        context=context,
        owner_kind="families.statement" if isinstance(owner, FamilyStatement) else "families.consent",
        owner_id=owner.pk,
        issued_on=on,
        actor=actor,
        region=family.region,
        institution=family.institution,
        number=number,
        family_id=family.pk,
    )
