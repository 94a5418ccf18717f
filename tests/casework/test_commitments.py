"""The support agreement and the notices to agencies: who signs and sends, the consent gate, the papers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AccessEvent
from casework import registry
from casework.enums import BasisBody, ExecutorKind, Ground, GuardCode, LegalBasis, NoticeSubject, ProgrammeState, Stage
from casework.models import AgencyNotice, Assessment, IdentificationSource, SupportAgreement, SupportCase
from casework.models.diagnosis import SCALES
from casework.papers import agreement_context
from casework.services import agreements, notices
from casework.services import diagnosis as diagnosis_services
from casework.services import programmes as programme_services
from common.pdf import render_html
from common.text import NBSP, long_date, number_sign, typeset
from partners.enums import PartnerType
from partners.models import PartnerOrganisation
from records.models import IssuedDocument
from tests.casework.conftest import CaseAt
from tests.casework.sending import new
from tests.cast import Cast, client_of
from tests.factories.casework import duty_of
from tests.factories.families import ConsentFactory, household
from tests.factories.partners import PartnerFactory
from tests.factories.programmes import activity_of, mother_of, programme_at, scan, sent_notice

DAY = timedelta(days=1)


@pytest.fixture
def case(at: CaseAt) -> SupportCase:
    return at(Stage.CONTRACTING)


def agreement_of(cast: Cast, case: SupportCase, **values: Any) -> SupportAgreement:
    """The draft of an agreement for a programme that a council approved today."""
    programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    return draft_of(cast, programme, **values)


def draft_of(cast: Cast, programme: Any, **values: Any) -> SupportAgreement:
    known: dict[str, Any] = {
        "case": programme.case,
        "programme": programme,
        "representative": mother_of(programme.case).person,
        "institution_signatory": "И. И. Иванов",
        "signatory_post": "директор",
        "signatory_ground": "устав",
        "starts_on": programme.starts_on,
        "ends_on": programme.ends_on,
    }
    return agreements.save_draft(agreement=SupportAgreement(**(known | values)), actor=cast.specialist)


def notice_of(cast: Cast, case: SupportCase, **values: Any) -> AgencyNotice:
    addressee, _made = PartnerOrganisation.objects.get_or_create(region=case.region, title="КДН", type="KDN")
    known: dict[str, Any] = {
        "addressee": addressee,
        "subject": NoticeSubject.PROGRAMME,
        "legal_basis": LegalBasis.CHILD_PROTECTION,
        "text": "Просим принять участие в программе.",
    }
    return notices.save_notice(notice=AgencyNotice(case=case, **(known | values)), actor=cast.specialist)


@pytest.mark.requirement("S4-24", "S4-26")
def test_signing_numbers_the_agreement_and_starts_the_programme(cast: Cast, case: SupportCase) -> None:
    row = agreement_of(cast, case)
    today = case.institution.today()
    code = GuardCode.AGREEMENT_SIGNED
    assert registry.guard_answers(case, [code], today) == {code: False}
    for name in ("specialist", "head", "secretary", "other_director"):
        with pytest.raises(PermissionDenied):
            agreements.sign(agreement=row, on=today, actor=cast.people[name])
    for day in (today - DAY, today + DAY):
        with pytest.raises(ValidationError):
            agreements.sign(agreement=SupportAgreement.objects.get(pk=row.pk), on=day, actor=cast.director)
    agreements.sign(agreement=row, on=today, actor=cast.director)
    row.programme.refresh_from_db()
    assert (row.number, row.signed_on, row.programme.state) == (f"1/{today.year}", today, ProgrammeState.ACTIVE)
    assert registry.guard_answers(case, [code], today) == {code: True}
    with pytest.raises(ValidationError):
        agreements.save_draft(agreement=row, actor=cast.specialist)
    with pytest.raises(ValidationError):
        agreements.sign(agreement=row, on=today, actor=cast.director)


def test_the_agreement_of_a_contract_family_puts_it_on_support(cast: Cast, at: CaseAt) -> None:
    """Clarification 3: the team approves the programme, enrolment is the day of the agreement."""
    case = at(Stage.CONTRACTING, ground=Ground.SOCIAL_CONTRACT)
    today = case.institution.today()
    programme = programme_at(ProgrammeState.SUBMITTED, case, author=cast.specialist, head=cast.head)
    duty_of(case.family)
    team = {"body": BasisBody.TEAM_DECISION, "title": "", "number": "1", "on": today}
    programme_services.record_approval(programme=programme, actor=cast.head, scans=[scan()], **team)
    row = draft_of(cast, programme)
    agreements.sign(agreement=row, on=today, actor=cast.director)
    case.refresh_from_db()
    assert (case.enrolled_on, case.basis_number) == (today, row.number)


def test_termination_has_a_reason_and_closes_the_guard(cast: Cast, case: SupportCase) -> None:
    row = agreement_of(cast, case)
    today = case.institution.today()
    with pytest.raises(ValidationError):
        agreements.terminate(agreement=row, on=today, reason="Отказ", actor=cast.director)
    agreements.sign(agreement=row, on=today, actor=cast.director)
    with pytest.raises(ValidationError):
        agreements.terminate(agreement=row, on=today, reason=" ", actor=cast.director)
    row.refresh_from_db()
    agreements.terminate(agreement=row, on=today, reason="Отказ семьи", actor=cast.director)
    code = GuardCode.AGREEMENT_SIGNED
    assert registry.guard_answers(case, [code], today) == {code: False}


def test_the_draft_keeps_within_the_programme(cast: Cast, case: SupportCase) -> None:
    programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    child = case.family.memberships.get(role="CHILD").person
    for values in ({"ends_on": programme.ends_on + DAY}, {"representative": child}):
        with pytest.raises(ValidationError):
            draft_of(cast, programme, **values)
    draft_of(cast, programme)
    with pytest.raises(ValidationError):
        draft_of(cast, programme)


@pytest.mark.requirement("S2-36")
def test_no_notice_on_a_consent_that_is_not_in_force(cast: Cast, case: SupportCase) -> None:
    """I7: a consent that is withdrawn, allows no transfer, names other recipients, is another family's or a child's."""
    today = case.institution.today()
    of_contact = {"family": case.family, "subject": case.family.memberships.get(is_head=True).person}
    consent = ConsentFactory.create(**of_contact, recipients=["Школа № 5", "«кдн»"])
    row = notice_of(cast, case, legal_basis=LegalBasis.CONSENT, consent=consent)
    silent = ConsentFactory.create(**of_contact, actions=["USE"])
    foreign = ConsentFactory.create()
    nobody = ConsentFactory.create(**of_contact, recipients=[])
    elsewhere = ConsentFactory.create(**of_contact, recipients=["Школа № 5"])
    child = ConsentFactory.create(family=case.family, subject=case.family.memberships.get(role="CHILD").person)
    for other in (silent, foreign, nobody, elsewhere, child, None):
        with pytest.raises(ValidationError):
            notice_of(cast, case, legal_basis=LegalBasis.CONSENT, consent=other)
    consent.revoked_on = today
    consent.save()
    with pytest.raises(ValidationError):
        notices.send(notice=row, on=today, method="почта", actor=cast.head)
    assert AgencyNotice.objects.get(pk=row.pk).sent_on is None
    row.legal_basis, row.consent = LegalBasis.CHILD_PROTECTION, None
    notices.save_notice(notice=row, actor=cast.specialist)
    notices.send(notice=row, on=today, method="почта", actor=cast.head)
    assert row.number == f"1/{today.year}"


@pytest.mark.requirement("S4-22")
def test_head_or_director_sends_and_the_guard_opens(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    row = notice_of(cast, case)
    code = GuardCode.NOTICES_SENT
    for name in ("specialist", "colleague", "second_head", "other_director"):
        with pytest.raises(PermissionDenied):
            notices.send(notice=row, on=today, method="почта", actor=cast.people[name])
    assert registry.guard_answers(case, [code], today) == {code: False}
    notices.send(notice=row, on=today, method="почта", actor=cast.director)
    assert registry.guard_answers(case, [code], today) == {code: True}
    with pytest.raises(ValidationError):
        notices.save_notice(notice=row, actor=cast.specialist)
    with pytest.raises(ValidationError):
        notices.send(notice=row, on=today, method="почта", actor=cast.head)


@pytest.mark.requirement("S0-83")
def test_the_commission_on_minors_is_told_of_a_family_and_tells_of_one(cast: Cast, case: SupportCase) -> None:
    notice = notice_of(cast, case)
    notices.send(notice=notice, on=case.institution.today(), method="почта", actor=cast.head)
    assert notice.addressee.type == PartnerType.KDN
    assert "КДН" in client_of(cast.specialist).get(f"/cases/{case.pk}/agreement/").content.decode()
    family = household(department=cast.department, curator=cast.specialist)
    source = IdentificationSource.objects.get(code="kdn")
    told = {"opened_on": f"{case.institution.today():%d.%m.%Y}", "source": source.pk, "ground": "KDN"}
    assert client_of(cast.specialist).post(f"/families/{family.pk}/case/new/", new(**told)).status_code == 302
    assert (family.cases.get().source, family.cases.get().ground) == (source, Ground.KDN)


@pytest.mark.requirement("S4-22", "S4-24")
def test_the_pages_from_draft_to_signature_and_answer(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    day = f"{today:%d.%m.%Y}"
    specialist, director, head = client_of(cast.specialist), client_of(cast.director), client_of(cast.head)
    programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    page = specialist.get(f"/cases/{case.pk}/agreement/new/")
    initial = page.context["form"].initial
    assert initial["representative"] == mother_of(case).person_id
    data = {
        "representative": mother_of(case).person_id,
        "institution_signatory": "И. И. Иванов",
        "signatory_post": "директор",
        "signatory_ground": "устав",
        "starts_on": f"{programme.starts_on:%d.%m.%Y}",
        "ends_on": f"{programme.ends_on:%d.%m.%Y}",
    }
    assert specialist.post(f"/cases/{case.pk}/agreement/new/", new(**data)).status_code == 302
    row = SupportAgreement.objects.get(case=case)
    asked = director.get(f"/agreements/{row.pk}/sign/").content.decode()
    for fact in (row.representative.full_name, "И. И. Иванов", f"№\xa0{programme.number}", "только расторгнуть"):
        assert fact in asked
    assert director.post(f"/agreements/{row.pk}/sign/", {"on": day}).status_code == 302
    for person, step in ((director, "sign"), (specialist, "edit")):
        back = person.get(f"/agreements/{row.pk}/{step}/", follow=True)
        assert back.redirect_chain == [(f"/cases/{case.pk}/agreement/", 302)]
        assert "Договор уже подписан." in back.content.decode()
    partner = PartnerOrganisation.objects.create(
        region=case.region, institution=case.institution, title="Школа № 5", type="EDUCATION"
    )
    letter = {"addressee": partner.pk, "subject": "ENROLLED", "legal_basis": "NO_PERSONAL_DATA", "text": "О постановке"}
    assert specialist.post(f"/cases/{case.pk}/notices/new/", new(**letter)).status_code == 302
    notice = AgencyNotice.objects.get(case=case)
    asked = head.get(f"/notices/{notice.pk}/send/").content.decode()
    for fact in ("Школа № 5", "О постановке", "персональные данные не передаются", "ни изменить, ни отозвать"):
        assert fact in asked
    assert head.post(f"/notices/{notice.pk}/send/", {"on": day, "method": "почта"}).status_code == 302
    assert "Письмо уже отправлено." in head.get(f"/notices/{notice.pk}/send/", follow=True).content.decode()
    early = {"on": f"{today - DAY:%d.%m.%Y}"}
    assert specialist.post(f"/notices/{notice.pk}/delivered/", early).status_code == 200
    assert specialist.post(f"/notices/{notice.pk}/delivered/", {"on": day}).status_code == 302
    assert AgencyNotice.objects.get(pk=notice.pk).delivered_on == today
    assert specialist.post(f"/notices/{notice.pk}/answer/", {"on": day, "answer": "Примем участие"}).status_code == 302
    shown = specialist.get(f"/cases/{case.pk}/agreement/").content.decode()
    for text in ("Школа № 5", f"вручено {day}", "Примем участие", mother_of(case).person.short_name):
        assert text in shown


@pytest.mark.parametrize(
    ("name", "reads", "drafts", "signs", "sends"),
    [
        ("specialist", 200, 200, 403, 403),
        ("head", 200, 403, 403, 200),
        ("director", 200, 403, 200, 200),
        ("colleague", 404, 404, 404, 404),
        ("other_director", 404, 404, 404, 404),
        ("secretary", 404, 404, 404, 404),
    ],
)
def test_who_reads_drafts_signs_and_sends(
    cast: Cast, case: SupportCase, name: str, reads: int, drafts: int, signs: int, sends: int
) -> None:
    agreement, notice = agreement_of(cast, case), notice_of(cast, case)
    client = client_of(cast.people[name])
    assert client.get(f"/cases/{case.pk}/agreement/").status_code == reads
    for page in (f"/agreements/{agreement.pk}/edit/", f"/notices/{notice.pk}/edit/", f"/cases/{case.pk}/notices/new/"):
        assert client.get(page).status_code == drafts
    assert client.get(f"/agreements/{agreement.pk}/sign/").status_code == signs
    assert client.get(f"/notices/{notice.pk}/send/").status_code == sends
    assert AccessEvent.objects.filter(user=cast.people[name], family_id=case.family_id).exists() == (reads == 200)


@pytest.mark.requirement("S4-22")
def test_the_page_names_the_organisations_of_the_programme_without_a_notice(cast: Cast, case: SupportCase) -> None:
    """Each leads to the form of its notice, filled with it; the one that is told of its part is named no more."""
    programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    clinic, school, idle = (
        PartnerFactory.create(institution=cast.institution, title=title)
        for title in ("Районная поликлиника", "Школа № 5", "Музей")
    )
    for partner in (clinic, school):
        activity_of(programme, executor_kind=ExecutorKind.PARTNER, executor_partner=partner)
    url, client = f"/cases/{case.pk}/agreement/", client_of(cast.specialist)
    assert list(client.get(url).context["untold"]) == [clinic, school]
    assert "Ещё не уведомлены" in client.get(url).content.decode()
    form = client.get(f"/cases/{case.pk}/notices/new/", {"addressee": str(school.pk)}).context["form"]
    assert (form["addressee"].value(), form["subject"].value()) == (school.pk, NoticeSubject.PROGRAMME)
    for asked in (str(idle.pk), "²", "-1", ""):
        form = client.get(f"/cases/{case.pk}/notices/new/", {"addressee": asked}).context["form"]
        assert form["addressee"].value() is None
    sent_notice(case, author=cast.specialist, head=cast.head, addressee=clinic)
    assert list(client.get(url).context["untold"]) == [school]
    sent_notice(case, author=cast.specialist, head=cast.head, addressee=school)
    assert "Ещё не уведомлены" not in client.get(url).content.decode()


def test_the_papers(cast: Cast, case: SupportCase) -> None:
    """Agreement, notice and assessment sheet are frozen as PDF under the number of their record."""
    today = case.institution.today()
    agreement, notice = agreement_of(cast, case), notice_of(cast, case)
    agreements.sign(agreement=agreement, on=today, actor=cast.director)
    notices.send(notice=notice, on=today, method="почта", actor=cast.head)
    scores = dict.fromkeys(SCALES, 2)
    assessment = diagnosis_services.assess(
        assessment=Assessment(case=case, on=today, purpose="INITIAL", methods=["TALK"], **scores),
        actor=cast.specialist,
    )
    client = client_of(cast.specialist)
    for kind, row in (("agreement", agreement), ("notice", notice), ("assessment", assessment)):
        response = client.post(f"/{kind}s/{row.pk}/print/")
        paper = IssuedDocument.objects.get(owner_kind=f"casework.{kind}", owner_id=row.pk)
        assert response.url == f"/records/documents/{paper.pk}/"
        assert (paper.number, bytes(paper.pdf)[:4]) == (row.number, b"%PDF")
        assert client.get(response.url).status_code == 200
        assert client_of(cast.colleague).get(response.url).status_code == 404


def test_the_agreement_names_both_parties_and_has_the_programme_as_its_annex(cast: Cast, case: SupportCase) -> None:
    row = agreement_of(cast, case)
    person, institution = row.representative, case.institution
    person.document_kind, person.document_series, person.document_number = "PASSPORT", "0512", "123456"
    person.document_issued_by, person.document_issued_on = "ОВД Хасанского района", date(2012, 5, 3)
    institution.address, institution.phone = "г. Владивосток, ул. Светланская, д. 1", "8 (423) 222-33-44"
    row.case.institution = institution
    row.signatory_post, row.institution_signatory = "Директор", "Черных Татьяна Леонидовна"
    row.signatory_ground = "Устав"
    text = render_html("print/casework/agreement.html", agreement_context(row), title="Договор")
    body, parties = text.split("8. Адреса, реквизиты и подписи сторон")
    issued = f"выдан ОВД Хасанского района, {long_date(date(2012, 5, 3))}"
    document = f"паспорт гражданина Российской Федерации, 0512 {number_sign(123456)}, {issued}"
    assert document in body
    assert "в лице директора Черных Татьяны Леонидовны, действующей на основании Устава, с одной" in body
    assert "представитель семьи, именуемая далее «Семья»" in body
    for part in (
        document,
        institution.full_name,
        typeset(institution.address),
        institution.phone,
        f"Т.{NBSP}Л.{NBSP}Черных",
    ):
        assert part in parties
    annex = parties.split("Приложение к договору")[1]
    for part in ("ИНДИВИДУАЛЬНАЯ ПРОГРАММА", row.programme.goal, "Оформить пособие", "Обязательства семьи"):
        assert part in annex
