"""Pages of the register: filters in the address, forms that lose nothing, agreements from draft to end."""

import uuid
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from partners.enums import AGREEMENT_TRANSITIONS, AgreementState, AgreementTemplate, PartnerType
from partners.models import ContactPerson, CooperationAgreement, PartnerOrganisation, Volunteer
from partners.services import _transition
from records.models import Draft, FormSubmission, IssuedDocument
from tests.cast import Cast, client_of
from tests.factories.accounts import MunicipalityFactory
from tests.factories.partners import (
    AgreementFactory,
    AgreementPartyFactory,
    ContactPersonFactory,
    DraftAgreementFactory,
    PartnerFactory,
    VolunteerFactory,
)

REGISTER = "/partners/"
ENDED_IN_MAY: dict[str, Any] = {
    "state": AgreementState.TERMINATED,
    "terminated_on": date(2026, 5, 1),
    "termination_reason": "Спор",
}


def key() -> dict[str, str]:
    return {"submission": str(uuid.uuid4())}


@pytest.fixture
def head(cast: Cast) -> Client:
    return client_of(cast.head)


def shown(client: Client, address: str = REGISTER) -> list[str]:
    return [row["partner"].title for row in client.get(address).context["rows"]]


class TestRegister:
    def test_lists_by_title_with_yo_beside_ye(self, cast: Cast, head: Client) -> None:
        for title in ("Ямская школа", "Ёлкинский дом культуры", "Жилищный фонд", "Ельнинская больница"):
            PartnerFactory(institution=cast.institution, title=title)
        assert shown(head) == ["Ёлкинский дом культуры", "Ельнинская больница", "Жилищный фонд", "Ямская школа"]

    def test_filters_stand_in_the_address(self, cast: Cast, head: Client) -> None:
        place = MunicipalityFactory(region=cast.region)
        wanted = PartnerFactory(
            institution=cast.institution,
            title="Школа № 3, посёлок Озёрный",
            type=PartnerType.EDUCATION,
            territory=place,
        )
        PartnerFactory(institution=cast.institution, title="Больница")
        for query in ("q=озерный+школа", "type=EDUCATION", f"territory={place.pk}"):
            assert shown(head, f"{REGISTER}?{query}") == [wanted.title], query
        page = head.get(f"{REGISTER}?type=EDUCATION&q=школа")
        assert [chip["url"] for chip in page.context["chips"]] == [
            "?type=EDUCATION",
            "?q=%D1%88%D0%BA%D0%BE%D0%BB%D0%B0",
        ]
        assert len(shown(head, f"{REGISTER}?type=NONSENSE&territory=x")) == 2

    def test_territories_of_another_region_are_no_choice(self, cast: Cast, head: Client) -> None:
        foreign = MunicipalityFactory(region=cast.foreign_region)
        PartnerFactory(institution=cast.institution)
        page = head.get(REGISTER)
        assert foreign not in page.context["form"].fields["territory"].queryset

    @pytest.mark.requirement("S3-21")
    def test_the_state_of_agreements_is_a_filter_and_what_ends_soon_is_marked(self, cast: Cast, head: Client) -> None:
        today = cast.institution.today()
        partners = {name: PartnerFactory(institution=cast.institution, title=name) for name in "абвг"}
        dates = {"signed_on": today - timedelta(days=300), "approved_on": today}
        for name, values in {
            "а": {"ends_on": today},
            "б": {"ends_on": today + timedelta(days=31), "allows_data_exchange": True, "data_scope": "ФИО"},
            "в": {"ends_on": today - timedelta(days=1)},
        }.items():
            AgreementFactory(institution=cast.institution, parties__partner=partners[name], **dates, **values)
        DraftAgreementFactory(institution=cast.institution, parties__partner=partners["г"])
        assert shown(head, f"{REGISTER}?agreement=in_force") == ["а", "б"]
        assert shown(head, f"{REGISTER}?agreement=expiring") == ["а"]
        assert shown(head, f"{REGISTER}?agreement=exchange") == ["б"]
        assert shown(head, f"{REGISTER}?agreement=none") == ["в", "г"]
        rows = head.get(REGISTER).context["rows"]
        assert [(row["partner"].title, bool(row["agreement"]), row["expiring"]) for row in rows] == [
            ("а", True, True),
            ("б", True, False),
            ("в", False, False),
            ("г", False, False),
        ]

    def test_costs_the_same_with_two_rows_and_with_many(self, cast: Cast) -> None:
        def queries() -> int:
            client = client_of(cast.specialist)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(REGISTER).status_code == 200
            return len(captured)

        AgreementFactory.create_batch(2, institution=cast.institution)
        few = queries()
        AgreementFactory.create_batch(8, institution=cast.institution)
        assert queries() == few

    def test_pages_by_key(self, cast: Cast, head: Client) -> None:
        PartnerFactory.create_batch(51, institution=cast.institution)
        first = head.get(REGISTER).context["page"]
        second = shown(head, f"{REGISTER}?cursor={first.next_cursor}")
        assert len(first.rows) == 50
        assert len(second) == 1
        assert second[0] not in [row.title for row in first.rows]


PARTNER = {
    "title": "  Благотворительный фонд  «Владмама» ",
    "type": "CHARITY_FUND",
    "ownership": "PUBLIC",
    "phone": "8 423 200-00-00",
    "site": "vladmama.example",
    "first_involved_on": "01.09.2025",
}


class TestForms:
    @pytest.mark.requirement("L19")
    def test_a_partner_is_entered_once(self, cast: Cast, head: Client) -> None:
        form = PARTNER | key()
        addresses = {head.post("/partners/new/", form).url for _click in range(2)}  # type: ignore[attr-defined]
        row = PartnerOrganisation.objects.get()
        assert addresses == {f"/partners/{row.pk}/"}
        assert row.title == "Благотворительный фонд «Владмама»"
        assert (row.institution, row.region, row.site) == (cast.institution, cast.region, "https://vladmama.example")
        assert row.first_involved_on == date(2025, 9, 1)
        assert row.history.get().history_user == cast.head

    @pytest.mark.requirement("L2")
    def test_after_an_error_everything_typed_is_still_there(self, cast: Cast, head: Client) -> None:
        answer = head.post("/partners/new/", PARTNER | key() | {"first_involved_on": "31.02.2025"})
        assert answer.status_code == 200
        form = answer.context["form"]
        assert set(form.errors) == {"first_involved_on"}
        assert {name: form[name].value() for name in PARTNER} == PARTNER | {
            "first_involved_on": "31.02.2025",
            "phone": form["phone"].value(),
        }
        assert not FormSubmission.objects.exists()

    def test_the_same_title_twice_is_refused_in_words(self, cast: Cast, head: Client) -> None:
        PartnerFactory(institution=cast.institution, title="Фонд")
        answer = head.post("/partners/new/", PARTNER | key() | {"title": "Фонд"})
        assert answer.context["form"].errors
        PartnerFactory(institution=cast.other_institution, title="Центр")
        assert head.post("/partners/new/", PARTNER | key() | {"title": "Центр"}).status_code == 302

    @pytest.mark.requirement("L1")
    def test_a_draft_comes_back_and_goes_when_the_partner_is_saved(self, cast: Cast, head: Client) -> None:
        address = head.get("/partners/new/").context["draft"].url
        assert head.post(address, PARTNER).status_code == 200
        assert client_of(cast.second_head).get("/partners/new/").context["form"]["title"].value() is None
        page = head.get("/partners/new/")
        assert page.context["form"]["title"].value() == PARTNER["title"]
        assert "records/drafts" in page.content.decode()
        head.post("/partners/new/", PARTNER | key())
        assert not Draft.objects.exists()

    def test_two_editors_do_not_overwrite_each_other(self, cast: Cast, head: Client) -> None:
        row = PartnerFactory(institution=cast.institution, title="Старое", offers="")
        page = f"/partners/{row.pk}/edit/"
        stale = {"title": "Моё", "type": row.type, "version": head.get(page).context["form"]["version"].value()}
        row.offers = "Вещи"
        row.save()
        answer = head.post(page, stale)
        assert answer.context["form"].conflict is not None
        row.refresh_from_db()
        assert (row.title, row.offers) == ("Старое", "Вещи")
        fresh = stale | {"version": row.version, "offers": "Вещи"}
        assert head.post(page, fresh).status_code == 302
        row.refresh_from_db()
        assert (row.title, row.offers) == ("Моё", "Вещи")

    def test_contact_persons_come_change_and_leave(self, cast: Cast, head: Client) -> None:
        row = PartnerFactory(institution=cast.institution)
        form = {"last_name": "Иванова", "first_name": "Анна", "is_main": "on"}
        assert head.post(f"/partners/{row.pk}/contacts/new/", form | key()).status_code == 302
        assert head.post(f"/partners/{row.pk}/contacts/new/", form | key()).context["form"].errors
        person = ContactPerson.objects.get()
        page = f"/partners/contacts/{person.pk}/edit/"
        assert head.post(page, form | {"left_on": "01.02.2026", "version": person.version}).status_code == 302
        card = head.get(f"/partners/{row.pk}/").content.decode()
        assert "Иванова" not in card

    @pytest.mark.requirement("S1-115", "S1-29")
    def test_a_citizen_helps_from_a_day_on(self, cast: Cast, head: Client) -> None:
        form = {"last_name": "Петрова", "first_name": "Вера", "first_involved_on": "03.03.2026", "offers": "Няня"}
        assert head.post("/partners/volunteers/new/", form | key()).status_code == 302
        row = Volunteer.objects.get()
        assert (row.institution, row.first_involved_on) == (cast.institution, date(2026, 3, 3))
        assert "Петрова" in head.get("/partners/volunteers/").content.decode()
        page = f"/partners/volunteers/{row.pk}/edit/"
        assert head.post(page, form | {"left_on": "01.03.2026", "version": "1"}).context["form"].errors
        assert head.post(page, form | {"left_on": "04.03.2026", "version": "1"}).status_code == 302
        assert "Петрова" not in head.get("/partners/volunteers/").content.decode()


def agreement_form(*partners: PartnerOrganisation, **values: Any) -> dict[str, Any]:
    rows = {}
    for index, partner in enumerate(partners):
        rows |= {f"parties-{index}-partner": partner.pk, f"parties-{index}-field_of_work": f"Работа {index}"}
    management = {"parties-TOTAL_FORMS": len(partners), "parties-INITIAL_FORMS": 0}
    form = {"template": "HEALTH", "subject": "Помощь семьям"}
    return form | management | rows | key() | values


class TestAgreements:
    @pytest.mark.requirement("S0-19", "S1-52")
    def test_an_agreement_has_several_parties_each_with_its_work(self, cast: Cast, head: Client) -> None:
        partners = PartnerFactory.create_batch(2, institution=cast.institution)
        form = agreement_form(*partners)
        addresses = {head.post("/partners/agreements/new/", form).url for _click in range(2)}  # type: ignore[attr-defined]
        row = CooperationAgreement.objects.get()
        assert addresses == {row.get_absolute_url()}
        assert (row.state, row.number, row.entered_by) == (AgreementState.DRAFT, "", cast.head)
        assert [(party.partner, party.field_of_work) for party in row.parties.all()] == [
            (partners[0], "Работа 0"),
            (partners[1], "Работа 1"),
        ]

    def test_no_party_the_same_twice_or_anothers_is_refused(self, cast: Cast, head: Client) -> None:
        ours, theirs = PartnerFactory(institution=cast.institution), PartnerFactory(institution=cast.other_institution)
        for parties in ([], [ours, ours], [theirs]):
            answer = head.post("/partners/agreements/new/", agreement_form(*parties))
            assert answer.status_code == 200
        assert not CooperationAgreement.objects.exists()

    def test_an_exchange_of_data_names_the_data(self, cast: Cast, head: Client) -> None:
        partner = PartnerFactory(institution=cast.institution)
        form = agreement_form(partner, allows_data_exchange="on")
        assert head.post("/partners/agreements/new/", form).context["form"].errors
        form = agreement_form(partner, allows_data_exchange="on", data_scope="ФИО и адрес, для выездов")
        assert head.post("/partners/agreements/new/", form).status_code == 302

    @pytest.mark.requirement("L1")
    def test_rows_of_a_draft_come_back(self, cast: Cast, head: Client) -> None:
        partners = PartnerFactory.create_batch(3, institution=cast.institution)
        page = f"/partners/agreements/new/?partner={partners[0].pk}"
        opened = head.get(page)
        assert opened.context["form"]["template"].value() == AgreementTemplate.HEALTH
        assert [form["partner"].value() for form in opened.context["formset"]] == [partners[0].pk]
        head.post(opened.context["draft"].url, agreement_form(*partners))
        restored = head.get(page).context["formset"]
        assert [form["partner"].value() for form in restored] == [str(partner.pk) for partner in partners]

    def test_a_draft_is_changed_and_an_approved_one_is_not(self, cast: Cast, head: Client) -> None:
        row = DraftAgreementFactory(institution=cast.institution)
        (party,) = row.parties.all()
        form = agreement_form(party.partner, subject="Иначе", version=row.version)
        form |= {"parties-INITIAL_FORMS": 1, "parties-0-id": party.pk}
        assert head.post(f"/partners/agreements/{row.pk}/edit/", form).status_code == 302
        row.refresh_from_db()
        assert row.subject == "Иначе"
        assert row.parties.get().field_of_work == "Работа 0"
        approved = AgreementFactory(institution=cast.institution)
        back = head.get(f"/partners/agreements/{approved.pk}/edit/", follow=True)
        assert back.redirect_chain == [(approved.get_absolute_url(), 302)]
        assert "Соглашение уже утверждено." in back.content.decode()

    @pytest.mark.requirement("S3-21", "S1-52")
    def test_the_director_approves_and_it_gets_its_number(self, cast: Cast) -> None:
        director, today = client_of(cast.director), cast.institution.today()
        rows = DraftAgreementFactory.create_batch(3, institution=cast.institution)
        pages = [f"/partners/agreements/{row.pk}/approve/" for row in rows]
        later = (today + timedelta(days=1)).strftime("%d.%m.%Y")
        assert director.post(pages[0], {"signed_on": later}).context["form"].errors
        assert director.post(pages[0], {"signed_on": "12.01.2026"}).status_code == 302
        assert director.post(pages[1], {"signed_on": "13.01.2026", "number": "45-с"}).status_code == 302
        assert director.post(pages[2], {"signed_on": "30.12.2025"}).status_code == 302
        for row in rows:
            row.refresh_from_db()
        assert [row.number for row in rows] == ["1/2026", "45-с", "1/2025"]
        assert {(row.state, row.approved_by, row.approved_on) for row in rows} == {
            (AgreementState.APPROVED, cast.director, today)
        }
        assert rows[0].history.first().history_user == cast.director
        again = director.post(pages[0], {"signed_on": "12.01.2026"}, follow=True)
        assert again.redirect_chain == [(rows[0].get_absolute_url(), 302)]
        assert "Соглашение уже утверждено." in again.content.decode()

    def test_a_number_that_is_taken_is_refused_in_words(self, cast: Cast) -> None:
        taken = AgreementFactory(institution=cast.institution)
        row = DraftAgreementFactory(institution=cast.institution)
        answer = client_of(cast.director).post(
            f"/partners/agreements/{row.pk}/approve/", {"signed_on": "12.01.2026", "number": taken.number}
        )
        assert answer.context["form"].errors
        row.refresh_from_db()
        assert row.is_draft

    def test_terminated_with_a_reason_it_is_no_longer_in_force(self, cast: Cast) -> None:
        row = AgreementFactory(institution=cast.institution)
        page = f"/partners/agreements/{row.pk}/terminate/"
        director = client_of(cast.director)
        assert director.post(page, {"terminated_on": "11.01.2026", "reason": "Спор"}).context["form"].errors
        assert director.post(page, {"terminated_on": "01.03.2026", "reason": " "}).context["form"].errors
        assert director.post(page, {"terminated_on": "01.03.2026", "reason": "Спор"}).status_code == 302
        row.refresh_from_db()
        assert (row.state, row.termination_reason) == (AgreementState.TERMINATED, "Спор")
        assert [row.is_in_force(date(2026, 2, 28)), row.is_in_force(date(2026, 3, 1))] == [True, False]

    @pytest.mark.parametrize(
        ("values", "day", "holds"),
        [
            ({}, date(2026, 1, 11), False),
            ({}, date(2026, 1, 12), True),
            ({"ends_on": date(2026, 12, 31)}, date(2026, 12, 31), True),
            ({"ends_on": date(2026, 12, 31)}, date(2027, 1, 1), False),
            (ENDED_IN_MAY, date(2026, 4, 30), True),
            (ENDED_IN_MAY, date(2026, 5, 1), False),
        ],
    )
    @pytest.mark.django_db
    def test_in_force_means_one_thing(self, values: dict[str, Any], day: date, holds: bool) -> None:
        row = AgreementFactory(**values)
        assert row.is_in_force(day) is holds
        assert CooperationAgreement.objects.in_force(day).exists() is holds

    @pytest.mark.django_db
    def test_data_may_go_to_parties_of_an_agreement_that_permits_it(self) -> None:
        silent = AgreementFactory()
        open_one = AgreementFactory(allows_data_exchange=True, data_scope="ФИО", ends_on=date(2026, 6, 30))
        AgreementPartyFactory(agreement=open_one)
        agreements = CooperationAgreement.objects.all()
        found = PartnerOrganisation.objects.with_agreement(agreements.allowing_exchange(date(2026, 6, 30)))
        assert set(found) == {party.partner for party in open_one.parties.all()}
        assert len(found) == 2
        assert silent.parties.get().partner not in found
        assert not agreements.allowing_exchange(date(2026, 7, 1)).exists()

    @pytest.mark.requirement("S0-21", "D24")
    @pytest.mark.parametrize(
        ("template", "words"),
        [
            (AgreementTemplate.EDUCATION, "Образовательная организация"),
            (AgreementTemplate.HEALTH, "с соблюдением врачебной тайны"),
            (AgreementTemplate.NGO, "Некоммерческая организация"),
            (AgreementTemplate.GENERAL, "в пределах своих полномочий"),
        ],
    )
    def test_printed_by_its_typical_form(self, cast: Cast, template: AgreementTemplate, words: str) -> None:
        term = {"ends_on": date(2027, 12, 31)}
        row = DraftAgreementFactory(institution=cast.institution, template=template, subject="помощь семьям", **term)
        client = client_of(cast.specialist)
        answer = client.post(f"/partners/agreements/{row.pk}/print/", follow=True)
        assert answer.headers["Content-Type"] == "application/pdf"
        text = " ".join(" ".join(page.extract_text() for page in _pages(answer.content)).split())
        for part in (words, "взаимодействуют по предмету: помощь семьям", "до 31 декабря 2027 г."):
            assert "".join(part.split()) in "".join(text.split()).replace("-", "").replace("\N{HYPHEN}", ""), part
        assert row.parties.get().partner.title in text
        assert "не передают друг другу персональные данные" in text
        client.post(f"/partners/agreements/{row.pk}/print/")
        assert IssuedDocument.objects.get().number == ""

    def test_papers_of_an_agreement_go_through_its_door(self, cast: Cast) -> None:
        row = AgreementFactory(institution=cast.institution)
        client_of(cast.director).post(f"/partners/agreements/{row.pk}/print/")
        paper = reverse("records:document", args=[IssuedDocument.objects.get().pk])
        for user, code in [(cast.specialist, 200), (cast.secretary, 403), (cast.other_head, 404), (cast.ministry, 404)]:
            assert client_of(user).get(paper).status_code == code
        attach = reverse("records:attachment_new", args=["partners.agreement", row.pk])
        for user, code in [(cast.head, 200), (cast.director, 403), (cast.other_head, 404)]:
            assert client_of(user).get(attach).status_code == code


def _pages(content: bytes) -> list[Any]:
    return list(PdfReader(BytesIO(content)).pages)


@pytest.mark.django_db
@pytest.mark.parametrize("before", AgreementState.values)
@pytest.mark.parametrize("after", AgreementState.values)
def test_every_move_of_an_agreement_is_in_the_table_or_refused(cast: Cast, before: str, after: str) -> None:
    day = date(2026, 1, 1)
    make = DraftAgreementFactory if before == AgreementState.DRAFT else AgreementFactory
    row = make(institution=cast.institution, **(ENDED_IN_MAY if before == AgreementState.TERMINATED else {}))
    approved = {"signed_on": day, "number": "1-с", "approved_by": cast.director, "approved_on": day}
    ended = {name: value for name, value in ENDED_IN_MAY.items() if name != "state"}
    changes = {AgreementState.APPROVED: approved, AgreementState.TERMINATED: ended}.get(AgreementState(after), {})
    if after in AGREEMENT_TRANSITIONS[before]:
        assert _transition(row, AgreementState(after), cast.director, **changes).state == after
    else:
        with pytest.raises(ValidationError):
            _transition(row, AgreementState(after), cast.director, **changes)
        row.refresh_from_db()
        assert row.state == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"signed_on": None},
        {"approved_by": None},
        {"ends_on": date(2026, 1, 1)},
        {"allows_data_exchange": True},
        {"state": AgreementState.TERMINATED},
        {"terminated_on": date(2026, 3, 1)},
    ],
)
def test_the_database_refuses_what_an_approved_agreement_cannot_be(wrong: dict[str, Any]) -> None:
    row = AgreementFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        CooperationAgreement.objects.filter(pk=row.pk).update(**wrong)


@pytest.mark.django_db
@pytest.mark.requirement("S0-19")
def test_the_database_refuses_an_approved_agreement_without_a_party() -> None:
    AgreementFactory(parties=None)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(PartnerType.HEALTH, marks=pytest.mark.requirement("S0-79", "S3-7")),
        pytest.param(PartnerType.EDUCATION, marks=pytest.mark.requirement("S0-81")),
        pytest.param(PartnerType.PPMS, marks=pytest.mark.requirement("S0-81")),
        pytest.param(PartnerType.POLICE, marks=pytest.mark.requirement("S0-80")),
        pytest.param(PartnerType.PDN, marks=pytest.mark.requirement("S3-6")),
        pytest.param(PartnerType.GUARDIANSHIP, marks=pytest.mark.requirement("S0-82")),
        pytest.param(PartnerType.KDN, marks=pytest.mark.requirement("S0-83")),
        pytest.param(PartnerType.EMPLOYMENT, marks=pytest.mark.requirement("S0-78")),
        pytest.param(PartnerType.SOCIAL_SUPPORT, marks=pytest.mark.requirement("S1-69")),
        pytest.param(PartnerType.MUNICIPALITY, marks=pytest.mark.requirement("S1-69")),
        pytest.param(PartnerType.YOUTH_SPORT, marks=pytest.mark.requirement("S1-69")),
        pytest.param(PartnerType.CULTURE, marks=pytest.mark.requirement("S1-69")),
        pytest.param(PartnerType.CIVIL_REGISTRY, marks=pytest.mark.requirement("S1-70")),
        pytest.param(PartnerType.BAILIFFS, marks=pytest.mark.requirement("S1-70")),
        pytest.param(PartnerType.MIGRATION, marks=pytest.mark.requirement("S1-70")),
        pytest.param(PartnerType.PENSION_FUND, marks=pytest.mark.requirement("S1-70")),
        pytest.param(PartnerType.NGO, marks=pytest.mark.requirement("S0-47")),
        pytest.param(PartnerType.ANO, marks=pytest.mark.requirement("S0-85")),
        pytest.param(PartnerType.PUBLIC_ORG, marks=pytest.mark.requirement("S0-85", "S1-71")),
        pytest.param(PartnerType.CHARITY_FUND, marks=pytest.mark.requirement("S0-85", "S1-71")),
        pytest.param(PartnerType.RELIGIOUS, marks=pytest.mark.requirement("S0-84", "S1-71")),
        pytest.param(PartnerType.BUSINESS, marks=pytest.mark.requirement("S0-47")),
        pytest.param(PartnerType.PARENT_COMMUNITY, marks=pytest.mark.requirement("S0-47")),
        PartnerType.OTHER,
    ],
)
def test_partners_of_each_type_are_entered_and_found(cast: Cast, kind: PartnerType) -> None:
    client = client_of(cast.head)
    assert client.post("/partners/new/", PARTNER | key() | {"type": kind.value}).status_code == 302
    assert shown(client, f"{REGISTER}?type={kind.value}") == ["Благотворительный фонд «Владмама»"]
    other = PartnerType.HEALTH if kind != PartnerType.HEALTH else PartnerType.POLICE
    assert shown(client, f"{REGISTER}?type={other.value}") == []


@pytest.mark.django_db
@pytest.mark.requirement("S1-29")
@pytest.mark.parametrize("ownership", ["STATE", "MUNICIPAL", "PUBLIC", "PRIVATE", "RELIGIOUS"])
def test_partners_of_each_ownership(cast: Cast, ownership: str) -> None:
    client = client_of(cast.head)
    client.post("/partners/new/", PARTNER | key() | {"ownership": ownership})
    row = PartnerOrganisation.objects.get()
    assert row.ownership == ownership
    assert row.get_ownership_display() in client.get(row.get_absolute_url()).content.decode()


def test_the_card_tells_since_when_a_partner_helps(cast: Cast) -> None:
    row = PartnerFactory(institution=cast.institution, first_involved_on=date(2024, 5, 1))
    ContactPersonFactory(partner=row)
    assert "01.05.2024" in client_of(cast.specialist).get(row.get_absolute_url()).content.decode()


def test_empty_pages_say_what_to_do(cast: Cast) -> None:
    client = client_of(cast.head)
    for address in (REGISTER, f"{REGISTER}?type=POLICE", "/partners/volunteers/"):
        assert client.get(address).status_code == 200
    assert client_of(cast.ministry).get(REGISTER).status_code == 200
    VolunteerFactory(institution=cast.institution)
    assert client.get("/partners/volunteers/").status_code == 200
