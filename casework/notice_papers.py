"""The letter to an organisation (documents 5.12): it names the family as far as its legal basis goes, and no further.

On a consent the letter tells what that consent covers; of a child, what a consent for the child covers. The protection
of a child needs no consent (120-FZ, article 9, part 2); what tells of health asks for one even then (access rules 6.3,
5). Where no personal data leave, the letter bears the number of the case alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation

from accounts.models import User
from accounts.signatures import signatory, stood_in_for
from casework.enums import ActivityState, LegalBasis, NoticeSubject
from casework.models import AgencyNotice, ProgrammeActivity, SupportProgramme
from casework.papers import issue_of_case, members_on, term_of
from common.tables import Column, Kind, Table
from common.text import NBSP, long_date, number_sign
from families.enums import ConsentData
from families.models import Consent, Person
from records.models import IssuedDocument

NOTICE = "casework.notice"
SUBJECTS = {
    NoticeSubject.ENROLLED: "о постановке семьи на социальное сопровождение",
    NoticeSubject.PROGRAMME: "об участии в индивидуальной программе сопровождения",
    NoticeSubject.REMOVED: "о снятии семьи с социального сопровождения",
    NoticeSubject.SIGNAL: "о результатах проверки сигнала",
}
ON_WORK = (NoticeSubject.ENROLLED, NoticeSubject.PROGRAMME)
"""Letters that ask the addressee to take part; the others say what is over or was found."""

CHILD_PROTECTION = (
    "защита прав ребёнка: часть 2 статьи 9 Федерального закона от 24.06.1999 № 120-ФЗ «Об основах системы "
    "профилактики безнадзорности и правонарушений несовершеннолетних»"
)


@dataclass(frozen=True)
class Disclosure:
    """What the letter may tell on its day: by the consents that name its addressee, or by law, of whole persons."""

    by_law: bool
    consents: tuple[Consent, ...]

    def tells(self, person: Person, *data: ConsentData) -> bool:
        """Whether these data of the person may be told; the name is always among them."""
        asked = {ConsentData.FULL_NAME, *data}
        return self.by_law or any(asked <= set(row.data) for row in self._of(person))

    def tells_of_health(self, person: Person) -> bool:
        """Whether what shows the state of the person's health may be told: never without a written consent."""
        return any(row.health_data for row in self._of(person))

    def grounds(self, people: Iterable[Person]) -> str:
        """The consents for these people, as the letter cites them: «от 1 сентября 2025 г. № 3/2025»."""
        keys = {person.pk for person in people}
        rows = [row for row in self.consents if row.subject_id in keys]
        return "; ".join(f"от {long_date(row.given_on)} {number_sign(row.number)}" for row in rows)

    def _of(self, person: Person) -> list[Consent]:
        return [row for row in self.consents if row.subject_id == person.pk]


def issue_notice(*, actor: User, notice: AgencyNotice) -> IssuedDocument:
    """A notice to an agency as a frozen PDF."""
    sender, principal = (notice.sent_by, notice.sent_for) if notice.sent_by else (actor, stood_in_for(actor))
    with translation.override("ru"):
        context = notice_context(notice)
    return issue_of_case(
        notice,
        NOTICE,
        actor,
        title="Информирование органа системы профилактики",
        template="print/casework/notice.html",
        context=context | {"signatories": [signatory(sender, principal, default="руководитель")]},
        issued_on=_day(notice),
        number=notice.number,
        confidential=notice.legal_basis != LegalBasis.NO_PERSONAL_DATA,
    )


def notice_context(notice: AgencyNotice) -> dict[str, Any]:
    """What the letter says; `activities` is None where it asks nothing of the addressee, or may not say what."""
    contact, children = _people(notice)
    told = _disclosure(notice, contact)
    named = [person for person in (contact, *children) if person and told.tells(person)]
    return {
        "notice": notice,
        "addressee": [line for line in (notice.addressee.title, notice.addressee.address) if line],
        "subject": SUBJECTS[NoticeSubject(notice.subject)],
        "facts": [("Случай", number_sign(notice.case.number)), *_family(notice, told, contact, children)],
        "activities": _activities(notice, told, contact),
        "basis": CHILD_PROTECTION if told.by_law else _consent_basis(told.grounds(named)),
    }


def _day(notice: AgencyNotice) -> date:
    return notice.sent_on or notice.case.institution.today()


def _people(notice: AgencyNotice) -> tuple[Person | None, list[Person]]:
    """Who speaks for the family, and its minors on the day of the letter; of a consent, whoever it is of."""
    day = _day(notice)
    people = [(row.person, row.is_head) for row in members_on(notice.case, day)]
    heads = [notice.consent.subject] if notice.consent else [person for person, is_head in people if is_head]
    contact = heads[0] if heads else None
    children = [person for person, _is_head in people if person.is_minor_on(day) and person != contact]
    return contact, sorted(children, key=lambda person: (person.birth_date, person.pk))


def _disclosure(notice: AgencyNotice, contact: Person | None) -> Disclosure:
    """Consents in force on the day of the letter that name its addressee; the notice's own is the contact's."""
    if notice.legal_basis == LegalBasis.NO_PERSONAL_DATA:
        return Disclosure(by_law=False, consents=())
    by_law = notice.legal_basis == LegalBasis.CHILD_PROTECTION
    rows = Consent.objects.filter(family=notice.case.family_id).for_transfer(_day(notice)).order_by("given_on", "pk")
    known = [row for row in rows if row.names_recipient(notice.addressee.title)]
    if by_law:
        return Disclosure(by_law=True, consents=tuple(known))
    if contact is None or notice.consent_id not in {row.pk for row in known}:
        return Disclosure(by_law=False, consents=())
    others = [row for row in known if row.pk == notice.consent_id or row.subject_id != contact.pk]
    return Disclosure(by_law=False, consents=tuple(others))


def _family(
    notice: AgencyNotice, told: Disclosure, contact: Person | None, children: list[Person]
) -> list[tuple[str, str]]:
    """Who the letter is about: the representative, the address, the children, each as far as may be told."""
    if contact is None or not told.tells(contact):
        return []
    address = notice.case.family.address if told.tells(contact, ConsentData.ADDRESS) else ""
    minors = "\n".join(_child(child, told) for child in children if told.tells(child))
    facts = [("Представитель семьи", contact.full_name), ("Адрес", address), ("Несовершеннолетние дети", minors)]
    return [(label, value) for label, value in facts if value]


def _child(child: Person, told: Disclosure) -> str:
    if not told.tells(child, ConsentData.BIRTH):
        return child.full_name
    return f"{child.full_name}, {child.birth_date.year}{NBSP}года рождения"


def _activities(notice: AgencyNotice, told: Disclosure, contact: Person | None) -> Table | None:
    """What the programme approved by the day of the letter asks of the addressee, and by when."""
    if notice.subject not in ON_WORK or contact is None or not told.tells(contact, ConsentData.SUPPORT):
        return None
    approved = SupportProgramme.objects.filter(case=notice.case, approved_on__lte=_day(notice))
    programme = approved.order_by("-edition").first()
    if programme is None:
        return None
    found = programme.activities.filter(executor_partner=notice.addressee_id).exclude(state=ActivityState.CANCELLED)
    rows = [
        row for row in found.select_related("problem__kind", "problem__member__person") if _is_told(row, told, contact)
    ]
    columns = [Column("№", 4, Kind.CENTRED), Column("Мероприятие и его цель", 50), Column("Срок, периодичность", 20)]
    cells = [
        (str(place), "\n".join(filter(None, (row.title, row.purpose))), term_of(row))
        for place, row in enumerate(rows, start=1)
    ]
    caption = f"Мероприятия индивидуальной программы {number_sign(programme.number)}, в которых участвует адресат"
    return Table(caption, columns, cells) if rows else None


def _is_told(row: ProgrammeActivity, told: Disclosure, contact: Person) -> bool:
    """An activity that answers a problem tells of it, and so of whom it was found in."""
    if row.problem is None:
        return True
    whose = row.problem.member.person if row.problem.member else contact
    if row.problem.kind.is_confidential and not told.tells_of_health(whose):
        return False
    return told.tells(whose, ConsentData.SUPPORT)


def _consent_basis(grounds: str) -> str:
    return f"согласие на обработку персональных данных {grounds}" if grounds else ""
