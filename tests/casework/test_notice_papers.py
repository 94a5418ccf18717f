"""What a letter to an organisation tells of the family, by its legal basis (documents 5.12; I7, R13)."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from casework.enums import ExecutorKind, LegalBasis, NoticeSubject, ProgrammeState, Stage
from casework.models import AgencyNotice, CaseProblem, ProblemKind, SupportCase
from casework.notice_papers import issue_notice, notice_context
from casework.services import notices
from families.enums import ConsentData
from families.models import Consent, Family, Person
from partners.models import PartnerOrganisation
from records.models import IssuedDocument
from tests.casework.conftest import CaseAt
from tests.casework.test_case_papers import check_order, words_of
from tests.cast import Cast
from tests.factories.families import ConsentFactory
from tests.factories.partners import PartnerFactory
from tests.factories.programmes import activity_of, mother_of, programme_at

MARK = "Содержит персональные данные"


@pytest.fixture
def case(at: CaseAt) -> SupportCase:
    case = at(Stage.CONTRACTING)
    Family.objects.filter(pk=case.family_id).update(street="ул. Лесная", house="4")
    return SupportCase.objects.select_related("family", "institution").get(pk=case.pk)


@pytest.fixture
def clinic(cast: Cast, case: SupportCase) -> PartnerOrganisation:
    """An organisation that carries out one activity of the programme in force, another one's beside it."""
    clinic, school = (
        PartnerFactory.create(institution=cast.institution, title=title)
        for title in ("Районная поликлиника", "Школа № 5")
    )
    programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    for partner, title in ((clinic, "Осмотр педиатра"), (school, "Занятия с логопедом")):
        activity_of(programme, title=title, executor_kind=ExecutorKind.PARTNER, executor_partner=partner)
    return clinic


def child_of(case: SupportCase) -> Person:
    return case.family.memberships.get(role="CHILD").person


def consent_for(case: SupportCase, subject: Person, **values: Any) -> Consent:
    known = {"family": case.family, "recipients": ["Районная поликлиника"]}
    return ConsentFactory.create(subject=subject, given_by=mother_of(case).person, **(known | values))


def letter(cast: Cast, case: SupportCase, addressee: PartnerOrganisation, **values: Any) -> AgencyNotice:
    known: dict[str, Any] = {
        "addressee": addressee,
        "subject": NoticeSubject.PROGRAMME,
        "legal_basis": LegalBasis.CHILD_PROTECTION,
        "text": "Просим принять участие в программе.",
    }
    return notices.save_notice(notice=AgencyNotice(case=case, **(known | values)), actor=cast.specialist)


def on_consent(cast: Cast, case: SupportCase, addressee: PartnerOrganisation, consent: Consent) -> AgencyNotice:
    return letter(cast, case, addressee, legal_basis=LegalBasis.CONSENT, consent=consent)


def text_of(notice: AgencyNotice) -> str:
    return words_of("notice", notice_context(notice))


@pytest.mark.requirement("S4-22")
def test_the_letter_in_protection_of_a_child_names_the_family_and_what_is_asked(
    cast: Cast, case: SupportCase, clinic: PartnerOrganisation
) -> None:
    """120-FZ, article 9, part 2: without any consent; of the programme, the addressee's own part."""
    child, text = child_of(case), text_of(letter(cast, case, clinic))
    parts = [
        *("Районная поликлиника", f"№ {case.number}", mother_of(case).person.full_name, "ул. Лесная, д. 4"),
        *(f"{child.full_name}, {child.birth_date.year} года рождения", "Просим принять участие", "Осмотр педиатра"),
        "120\N{NON-BREAKING HYPHEN}ФЗ",
    ]
    check_order(text, parts)
    assert "логопед" not in text
    assert "Осмотр" not in text_of(letter(cast, case, clinic, subject=NoticeSubject.REMOVED))


@pytest.mark.requirement("S2-36")
def test_a_letter_on_consent_tells_what_the_consents_cover(
    cast: Cast, case: SupportCase, clinic: PartnerOrganisation
) -> None:
    """I7: the main contact's consent names the family; a child is named by the consent for the child alone."""
    mother, child = mother_of(case).person, child_of(case)
    names = [ConsentData.FULL_NAME.value]
    narrow = on_consent(cast, case, clinic, consent_for(case, mother, data=names))
    text = text_of(narrow)
    assert mother.full_name in text
    for withheld in ("ул. Лесная", child.full_name, "Осмотр педиатра"):
        assert withheld not in text
    consent = consent_for(case, mother, number="7/2025")
    wide = on_consent(cast, case, clinic, consent)
    text = text_of(wide)
    check_order(text, [mother.full_name, "ул. Лесная, д. 4", "Осмотр педиатра", "№ 7/2025"])
    assert child.full_name not in text
    consent_for(case, child, recipients=["Школа № 5"])
    assert child.full_name not in text_of(wide)
    consent_for(case, child, number="8/2025", data=names)
    text = text_of(wide)
    check_order(text, [child.full_name, "№ 7/2025", "№ 8/2025"])
    assert "года рождения" not in text
    Consent.objects.filter(pk=consent.pk).update(revoked_on=case.institution.today())
    assert mother.full_name not in text_of(wide)


def test_an_activity_that_tells_of_health_needs_a_consent_to_that(
    cast: Cast, case: SupportCase, clinic: PartnerOrganisation
) -> None:
    """Access rules 6.3, 5: even where the law lets the family be named."""
    kind = ProblemKind.objects.filter(is_confidential=True)[:1].get()
    member = mother_of(case)
    problem = CaseProblem.objects.create(case=case, kind=kind, member=member, found_on=case.opened_on)
    programme = case.programmes.get()
    known = {"executor_kind": ExecutorKind.PARTNER, "executor_partner": clinic, "problem": problem}
    activity_of(programme, title="Лечение у нарколога", **known)
    by_law = letter(cast, case, clinic)
    assert "Лечение" not in text_of(by_law)
    on_paper = on_consent(cast, case, clinic, consent_for(case, member.person))
    assert "Осмотр" in text_of(on_paper)
    assert "Лечение" not in text_of(on_paper)
    healthy = on_consent(cast, case, clinic, consent_for(case, member.person, health_data=True))
    assert "Лечение" in text_of(healthy)
    assert "Лечение" in text_of(by_law)


@pytest.mark.requirement("S4-22")
def test_a_letter_without_personal_data_bears_the_number_of_the_case_and_no_mark(
    cast: Cast, case: SupportCase, clinic: PartnerOrganisation
) -> None:
    consent_for(case, mother_of(case).person)
    row = letter(cast, case, clinic, legal_basis=LegalBasis.NO_PERSONAL_DATA)
    text = text_of(row)
    check_order(text, [f"№ {case.number}", "Просим принять участие", "Персональные данные не передаются."])
    for withheld in (mother_of(case).person.last_name, child_of(case).last_name, "ул. Лесная", "Осмотр педиатра"):
        assert withheld not in text
    assert not is_marked(issue_notice(actor=cast.head, notice=row))
    assert is_marked(issue_notice(actor=cast.head, notice=letter(cast, case, clinic)))


def is_marked(paper: IssuedDocument) -> bool:
    page = PdfReader(BytesIO(bytes(paper.pdf))).pages[0]
    return MARK in " ".join(page.extract_text().split())
