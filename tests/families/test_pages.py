"""Pages of a family: what they show, cost and journal, two people at once, reasons, papers."""

import time
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.template import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from accounts.enums import AccessAction
from accounts.models import AccessEvent, Institution, User
from families import hooks, opening
from families.access import Part
from families.models import Consent, Family, FamilyMembership, FamilyStatement, IncomeRecord, Person
from families.services import restrict
from records.models import IssuedDocument
from tests.cast import Cast, client_of
from tests.factories.accounts import MunicipalityFactory, SettlementFactory
from tests.factories.families import ConsentFactory, MemberTraitFactory, granted, household
from tests.families.scenes import filled_family, opened_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(cast: Cast) -> Family:
    return filled_family(department=cast.department, curator=cast.specialist, settlement=cast.settlement)


@pytest.fixture
def client(cast: Cast) -> Client:
    return client_of(cast.specialist)


def page(client: Client, name: str, *args: int) -> str:
    response = client.get(reverse(f"families:{name}", args=args))
    assert response.status_code == 200, response
    return str(response.content.decode())


def test_the_card_shows_the_whole_record(family: Family, client: Client) -> None:
    text = page(client, "card", family.pk)
    for value in (
        "Хабибуллина Ольга Павловна",
        "+7 916 123-45-67".replace(" ", "\xa0"),
        "ул. Лесная",
        "Малоимущая семья",
        "Семья, воспитывающая ребёнка-инвалида",
        "КДН и ЗП",
        "ниже минимума",
        "10 000,00".replace(" ", "\xa0"),
        "ЕЦП-",
        "печное отопление",
    ):
        assert value in text, value


def test_health_is_shown_only_to_those_who_read_it(cast: Cast, family: Family) -> None:
    granted(family, cast.secretary)
    granted(family, cast.auditor)
    auditor = client_of(cast.auditor)
    auditor.post(reverse("families:reason", args=[family.pk]), {"reason": "выборка"})
    for client, reads in ((client_of(cast.head), True), (client_of(cast.secretary), False), (auditor, False)):
        text = page(client, "card", family.pk)
        assert ("ребёнка-инвалида" in text) is reads
        assert ('class="tag neutral">инвалид' in text or ">инвалид<" in text) is reads
    assert "Малоимущая семья" in page(client_of(cast.secretary), "card", family.pk)


def test_a_family_without_a_curator_says_that_nobody_is_assigned(cast: Cast) -> None:
    kept = household(department=cast.department, curator=cast.specialist)
    unkept = household(department=cast.department)
    head = client_of(cast.head)
    assert "не назначен" not in page(head, "card", kept.pk)
    shown = page(head, "card", unkept.pk)
    assert shown.count("не назначен") == 2
    assert "не назначен" in head.get(reverse("families:search")).content.decode()


@pytest.mark.requirement("L20")
@pytest.mark.parametrize("name", ["card", "history", "readers"])
def test_a_page_costs_the_same_with_few_rows_and_with_many(cast: Cast, name: str) -> None:
    def queries(family: Family) -> int:
        client = client_of(cast.head)
        url = reverse(f"families:{name}", args=[family.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as context:
            assert client.get(url).status_code == 200
        return len(context)

    few = filled_family(department=cast.department, curator=cast.specialist)
    many = filled_family(department=cast.department, curator=cast.specialist)
    opened_by(few, cast.head)
    for _ in range(4):
        extra = household(department=cast.department).memberships.order_by("pk")
        for membership in extra:
            FamilyMembership.objects.filter(pk=membership.pk).update(family=many, is_head=False)
            MemberTraitFactory.create(membership=membership)
            ConsentFactory.create(family=many, subject=membership.person)
        opened_by(many, cast.head)
    assert queries(few) == queries(many)


@pytest.mark.requirement("L20")
def test_lists_cost_the_same_with_few_rows_and_with_many(cast: Cast) -> None:
    def queries(path: str) -> int:
        client = client_of(cast.head)
        client.get(path)
        with CaptureQueriesContext(connection) as context:
            assert client.get(path).status_code == 200
        return len(context)

    paths = ("/families/", "/families/names/")
    for _ in range(2):
        granted(household(department=cast.second_department), cast.head)
        household(department=cast.department)
    few = [queries(path) for path in paths]
    for _ in range(6):
        granted(household(department=cast.second_department), cast.head)
        household(department=cast.department)
    assert [queries(path) for path in paths] == few


@pytest.mark.requirement("X8", "L11")
@pytest.mark.parametrize("name", ["card", "history", "readers", "edit", "consent_new"])
def test_every_opening_is_journaled(cast: Cast, family: Family, client: Client, name: str) -> None:
    page(client, name, family.pk)
    event = AccessEvent.objects.get(family_id=family.pk)
    assert (event.user, event.route) == (cast.specialist, f"families:{name}")


@pytest.mark.requirement("L11")
def test_a_page_that_cannot_be_journaled_is_refused(
    family: Family, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise OSError

    monkeypatch.setattr(opening, "record", fails)
    with pytest.raises(OSError):
        client.get(reverse("families:card", args=[family.pk]))


def test_readers_are_told_to_each_as_far_as_their_journal_goes(cast: Cast, family: Family, client: Client) -> None:
    page(client_of(cast.head), "card", family.pk)
    page(client, "card", family.pk)
    assert cast.head.get_short_name() in page(client_of(cast.director), "readers", family.pk)
    assert cast.specialist.get_short_name() in page(client_of(cast.head), "readers", family.pk)
    own = page(client, "readers", family.pk).split("<main")[1]
    assert cast.head.get_short_name() not in own


class TestEditing:
    def sent(self, family: Family, **values: str) -> dict[str, str]:
        return {"version": str(family.version), "title": family.title, "housing": "OWN"} | values

    def test_a_change_stands_in_the_history_with_old_and_new(self, family: Family, client: Client) -> None:
        url = reverse("families:edit", args=[family.pk])
        assert client.post(url, self.sent(family, housing_note="Своя квартира")).status_code == 302
        text = page(client, "history", family.pk)
        assert "Две комнаты, печное отопление" in text
        assert "Своя квартира" in text
        assert "социальный наём" in text

    @pytest.mark.requirement("L2")
    def test_the_second_of_two_editors_loses_nothing_and_sees_the_difference(
        self, cast: Cast, family: Family, client: Client
    ) -> None:
        url = reverse("families:edit", args=[family.pk])
        client_of(cast.head).post(url, self.sent(family, housing_note="заведующая"))
        response = client.post(url, self.sent(family, housing_note="специалист", street="пер. Новый"))
        text = response.content.decode()
        assert 'value="специалист"' in text
        assert 'value="пер. Новый"' in text
        assert "заведующая" in text
        family.refresh_from_db()
        assert family.housing_note == "заведующая"
        client.post(url, response.context["form"].data)
        family.refresh_from_db()
        assert (family.housing_note, family.street) == ("специалист", "пер. Новый")

    @pytest.mark.requirement("L2")
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("member_new", {"last_name": "Ёжикова", "birth_date": "не знаю"}),
            ("category_new", {"basis": "справка № 5", "starts_on": "32.01.2026"}),
            ("trait_new", {"document": "справка № 5", "starts_on": "1"}),
            ("status", {"decided_by": "справка № 5", "on": "01.01.3000"}),
            ("risk_group", {"basis": "справка № 5", "on": "01.01.2999"}),
            ("income_new", {"total": "много денег", "members_counted": "0"}),
            ("external_new", {"value": "ЕЦП-5", "system": "НЕТ"}),
            ("consent_new", {"purpose": "иная цель", "given_on": "01.01.3000", "recipients": "ЦРБ\nКДН"}),
            ("statement_new", {"text": "прошу помочь", "given_on": "завтра"}),
        ],
    )
    def test_a_refused_form_keeps_all_that_was_typed(
        self, family: Family, client: Client, name: str, data: dict[str, str]
    ) -> None:
        response = client.post(reverse(f"families:{name}", args=[family.pk]), data)
        assert response.status_code == 200
        text = response.content.decode()
        assert "data-error-summary" in text
        for typed in data.values():
            assert typed in text or typed == "НЕТ"

    @pytest.mark.requirement("S0-7")
    def test_an_income_is_corrected_and_withdrawn_on_pages(self, family: Family, client: Client) -> None:
        row = IncomeRecord.objects.get(family=family)
        url, card = reverse("families:income_edit", args=[row.pk]), reverse("families:card", args=[family.pk])
        data = {
            "period_from": row.period_from.strftime("%d.%m.%Y"),
            "period_to": row.period_to.strftime("%d.%m.%Y"),
            "members_counted": str(row.members_counted),
            "source": row.source,
            "total": "123 456,00",
            "version": str(row.version),
        }
        refused = client.post(url, data)
        assert refused.status_code == 200
        assert refused.context["form"].errors.keys() == {"reason"}
        assert client.post(url, data | {"reason": "опечатка в сумме"}).url == card
        row.refresh_from_db()
        assert (row.total, row.history.latest().history_change_reason) == (Decimal("123456.00"), "опечатка в сумме")
        stale = client.post(url, data | {"reason": "ещё раз", "total": "1,00"})
        assert stale.context["form"].conflict
        withdraw = reverse("families:income_withdraw", args=[row.pk])
        assert client.post(withdraw, {"reason": ""}).status_code == 200
        assert client.post(withdraw, {"reason": "внесено дважды"}).url == card
        text = page(client, "card", family.pk)
        assert "отозвано как ошибочное" in text
        assert "внесено дважды" in text
        assert url not in text
        for address in (url, withdraw):
            assert client.get(address).url == card

    @pytest.mark.requirement("S0-7")
    def test_an_overlapping_income_is_refused_in_words(self, family: Family, client: Client) -> None:
        row = IncomeRecord.objects.get(family=family)
        data = {
            "period_from": row.period_to.strftime("%d.%m.%Y"),
            "period_to": row.period_to.strftime("%d.%m.%Y"),
            "members_counted": "3",
            "source": row.source,
            "total": "1,00",
            "submission": "0b8b8a51-96b4-4f5e-9d52-000000000009",
        }
        answer = client.post(reverse("families:income_new", args=[family.pk]), data)
        assert answer.status_code == 200
        assert "исправьте ту запись или отзовите её" in answer.content.decode()
        assert IncomeRecord.objects.get(family=family) == row

    @pytest.mark.requirement("S2-35")
    def test_a_statement_is_withdrawn_on_its_page_and_printed_no_more(self, family: Family, client: Client) -> None:
        row = FamilyStatement.objects.get(family=family)
        shown, printing = row.get_absolute_url(), reverse("families:statement_print", args=[row.pk])
        withdraw = reverse("families:statement_withdraw", args=[row.pk])
        assert withdraw in client.get(shown).content.decode()
        assert client.post(withdraw, {"reason": "не та семья"}).url == shown
        text = client.get(shown).content.decode()
        assert "Заявление отозвано" in text
        assert "не та семья" in text
        assert withdraw not in text
        assert printing not in text
        assert client.get(withdraw).url == shown
        assert client.post(printing).url == shown
        assert "отозвано как ошибочное" in page(client, "card", family.pk)

    def test_a_service_refuses_at_the_field(self, family: Family, client: Client) -> None:
        url = reverse("families:status", args=[family.pk])
        key = "0b8b8a51-96b4-4f5e-9d52-000000000002"
        response = client.post(url, {"kind": "HARDSHIP", "on": "01.10.2026", "submission": key})
        assert response.status_code == 200
        assert "уже с" in response.content.decode()
        response = client.post(url, {"kind": "EARLY_TROUBLE", "on": "01.10.2026", "submission": key})
        assert response.status_code == 302  # the key of a refused form was not used up
        assert family.statuses.count() == 2

    @pytest.mark.requirement("L19")
    def test_a_form_sent_twice_is_taken_once(self, family: Family, client: Client) -> None:
        data = {
            "kind": "NONE",
            "on": "01.10.2026",
            "submission": "0b8b8a51-96b4-4f5e-9d52-000000000003",
        }
        for _ in range(2):
            response = client.post(reverse("families:status", args=[family.pk]), data)
            assert response.url == reverse("families:card", args=[family.pk])


class TestRestricted:
    @pytest.fixture
    def restricted(self, cast: Cast, family: Family) -> Family:
        restrict(actor=cast.head, family=family, reason="отказ от новорождённого")
        return family

    @pytest.mark.requirement("X8", "S3-9")
    def test_it_opens_with_a_reason_that_stands_in_the_journal_and_runs_out(
        self, cast: Cast, restricted: Family, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        card = reverse("families:card", args=[restricted.pk])
        asks = client.get(card)
        assert asks.url.startswith(reverse("families:reason", args=[restricted.pk]))
        assert restricted.title not in client.get(asks.url).content.decode()
        assert client.post(asks.url, {"reason": "нет"}).status_code == 200
        assert client.post(asks.url, {"reason": "готовлю посещение"}).url == card
        assert client.get(card).status_code == 200
        event = AccessEvent.objects.filter(family_id=restricted.pk, action=AccessAction.VIEW).latest("pk")
        assert event.reason == "готовлю посещение"
        later = time.time() + opening.HOLDS_SECONDS + 1
        monkeypatch.setattr(opening.time, "time", lambda: later)
        assert client.get(card).status_code == 302

    def test_a_reason_for_one_family_opens_no_other(self, cast: Cast, restricted: Family, client: Client) -> None:
        other = household(department=cast.department, curator=cast.specialist)
        restrict(actor=cast.head, family=other, reason="усыновление")
        client.post(reverse("families:reason", args=[restricted.pk]), {"reason": "готовлю посещение"})
        assert client.get(reverse("families:card", args=[other.pk])).status_code == 302

    def test_the_page_of_the_reason_leads_to_no_other_site(self, restricted: Family, client: Client) -> None:
        url = reverse("families:reason", args=[restricted.pk])
        response = client.post(f"{url}?next=https://example.org/", {"reason": "готовлю посещение"})
        assert response.url == reverse("families:card", args=[restricted.pk])

    def test_papers_ask_for_a_reason_as_well(self, cast: Cast, restricted: Family, client: Client) -> None:
        consent = restricted.consents.all()[0]
        url = reverse("families:consent_print", args=[consent.pk])
        assert "/reason/" in client.post(url).url
        client.post(reverse("families:reason", args=[restricted.pk]), {"reason": "готовлю посещение"})
        document = client.post(url).url
        assert client.get(document).status_code == 200
        director = client_of(cast.director)
        assert "/reason/" in director.get(document).url

    def test_people_are_named_and_taken_back_on_its_page(self, cast: Cast, restricted: Family) -> None:
        client = client_of(cast.head)
        client.post(reverse("families:reason", args=[restricted.pk]), {"reason": "называю людей"})
        url = reverse("families:grants", args=[restricted.pk])
        assert client.post(url, {"person": cast.colleague.pk}).status_code == 302
        assert Family.objects.visible_to(User.objects.get(pk=cast.colleague.pk)).exists()
        grant = restricted.grants.get(user=cast.colleague)
        client.post(reverse("families:grant_revoke", args=[restricted.pk, grant.pk]))
        assert not Family.objects.visible_to(User.objects.get(pk=cast.colleague.pk)).exists()
        own = restricted.grants.get(user=cast.specialist)
        refused = client.post(reverse("families:grant_revoke", args=[restricted.pk, own.pk]))
        assert refused.status_code == 404

    def test_nobody_of_another_institution_can_be_named(self, cast: Cast, restricted: Family) -> None:
        client = client_of(cast.head)
        client.post(reverse("families:reason", args=[restricted.pk]), {"reason": "называю людей"})
        url = reverse("families:grants", args=[restricted.pk])
        assert client.post(url, {"person": cast.other_specialist.pk}).status_code == 200
        assert not restricted.grants.filter(user=cast.other_specialist).exists()


def squeezed(text: str) -> str:
    """Without spaces and hyphens, which the layout puts where it needs them."""
    return "".join(text.split()).replace("-", "").replace("\N{HYPHEN}", "").replace("\N{NON-BREAKING HYPHEN}", "")


class TestPapers:
    def text(self, client: Client, name: str, pk: int) -> str:
        response = client.post(reverse(f"families:{name}", args=[pk]))
        pdf = client.get(response.url)
        assert pdf["Content-Type"] == "application/pdf"
        pages = PdfReader(BytesIO(pdf.content)).pages
        return " ".join(" ".join(found.extract_text().split()) for found in pages).replace("\xa0", " ")

    @pytest.mark.requirement("D6", "S2-36", "L17")
    def test_a_consent_prints_what_the_law_asks_for(self, family: Family, client: Client) -> None:
        consent = Consent.objects.get(family=family, health_data=True)
        consent.processors, consent.recipients = ["ООО «Архив»"], []
        consent.data, consent.actions = ["FULL_NAME", "INCOME"], ["COLLECTION", "USE"]
        consent.authority_document, consent.valid_to = "свидетельство о рождении 1-ВС № 5", date(2034, 1, 31)
        consent.save()
        papers = {"document_kind": "PASSPORT", "document_issued_by": "ОВД", "document_issued_on": date(2012, 5, 3)}
        for person, number in ((consent.subject, "222222"), (consent.given_by, "111111")):
            Person.objects.filter(pk=person.pk).update(document_number=number, **papers)
        text = self.text(client, "consent_print", consent.pk)
        for part in (
            "от 27.07.2006 № 152-ФЗ",
            "законный представитель несовершеннолетнего на основании документа: свидетельство о рождении 1-ВС № 5",
            consent.subject.full_name,
            consent.given_by.full_name,
            "111111",
            "222222",
            "выдан ОВД, 3 мая 2012 г.",
            f"адрес: {family.postal_address}",
            "Согласие действует по 31 января 2034 г.",
            f"Представитель {consent.given_by.short_name} (подпись)",
            f"1. Оператор {consent.operator_name}, адрес: {consent.operator_address}",
            "Социальное сопровождение семьи, электронный и бумажный информационный обмен",
            "Отдельно даю согласие на обработку сведений о состоянии здоровья",
            "3. Перечень персональных данных фамилия, имя, отчество; доходы и имущество семьи. 4. Специальная",
            "5. Действия с персональными данными и способы обработки сбор; использование. Обработка ведётся",
            "Обработка по поручению оператора: ООО «Архив».",
            "Передача другим органам и организациям этим согласием не разрешается",
            "Фото- и видеосъёмка на мероприятиях учреждения не разрешается.",
            "Публикация (распространение) фото- и видеоизображений не разрешается.",
            "Оно может быть отозвано письменным заявлением, поданным оператору",
            "По достижении субъектом восемнадцати лет",
            f"№ {consent.number}",
        ):
            assert squeezed(part) in squeezed(text), part
        headings = ["1.Оператор", "2.Цель", "3.Перечень", "4.Специальная", "5.Действия", "6.Кому", "7.Фото", "8.Срок"]
        places = [squeezed(text).index(heading) for heading in headings]
        assert places == sorted(places)

    @pytest.mark.requirement("D6")
    def test_what_is_not_known_of_a_document_is_left_to_be_filled_by_hand(self, family: Family, client: Client) -> None:
        """152-FZ, article 9, part 4: the address, and the number, the issuer and the day of the identity document."""
        consent = Consent.objects.get(family=family, health_data=False)
        text = squeezed(self.text(client, "consent_print", consent.pk))
        blank = "документ, удостоверяющий личность: ___, серия __ № __, выдан __, «___» __ 20___ г., в соответствии"
        assert squeezed(blank).replace("_", "") in text.replace("_", "")
        assert f"личность:{'_' * 30},серия____" in text
        Person.objects.filter(pk=consent.subject_id).update(document_kind="PASSPORT", document_number="222222")
        text = squeezed(self.text(client, "consent_print", consent.pk))
        known = "паспорт гражданина Российской Федерации, № 222222, выдан"
        assert squeezed(f"{known}{'_' * 36}, «___»") in text

    @pytest.mark.requirement("D6")
    def test_the_address_of_a_consent_names_region_and_municipality(self, family: Family) -> None:
        region = family.region
        district = MunicipalityFactory.create(region=region, title="Хасанский округ")
        family.settlement = SettlementFactory.create(region=region, title="с. Барабаш", parent=district)
        family.street, family.house, family.flat = "ул. Лесная", "4", ""
        expected = f"{region.title}, Хасанский округ, с. Барабаш, ул. Лесная, д.\xa04"
        assert family.postal_address == expected
        family.settlement, family.street, family.house, family.flat = None, "", "", ""
        assert family.postal_address == ""

    @pytest.mark.requirement("D6")
    def test_photographs_are_taken_and_published_by_two_answers(self, family: Family, client: Client) -> None:
        consent = Consent.objects.get(family=family, health_data=True)
        separate = reverse("families:consent_publication_print", args=[consent.pk])
        consent.photo_allowed = True
        consent.save()
        text = squeezed(self.text(client, "consent_print", consent.pk))
        assert squeezed("Фото- и видеосъёмка на мероприятиях учреждения разрешается.") in text
        assert squeezed("фото- и видеоизображений не разрешается.") in text
        assert client.post(separate).status_code == 403
        consent.publication_allowed = True
        consent.save()
        assert separate in client.get(consent.get_absolute_url()).content.decode()
        assert "видеоизображенийразрешается.Согласиенараспространениеоформляется" in squeezed(
            self.text(client, "consent_print", consent.pk)
        )
        text = squeezed(self.text(client, "consent_publication_print", consent.pk))
        for part in ("на распространение персональных данных", consent.operator_address, consent.given_by.full_name):
            assert squeezed(part) in text
        consent.photo_allowed = False
        with pytest.raises(ValidationError):
            consent.full_clean()

    @pytest.mark.requirement("D6")
    def test_recipients_are_printed_by_name_and_the_paper_is_frozen(
        self, cast: Cast, family: Family, client: Client
    ) -> None:
        consent = Consent.objects.get(family=family, health_data=False)
        assert "КГБУЗ «Хасанская ЦРБ»" in self.text(client, "consent_print", consent.pk)
        self.text(client, "consent_print", consent.pk)
        paper = IssuedDocument.objects.get(owner_kind="families.consent", owner_id=consent.pk)
        assert (paper.family_id, paper.number, paper.institution) == (family.pk, consent.number, cast.institution)

    @pytest.mark.requirement("D6")
    def test_a_consent_without_the_operators_address_says_so_before_it_is_printed(
        self, family: Family, client: Client
    ) -> None:
        consent = Consent.objects.get(family=family, health_data=True)
        told = "В согласии нет адреса оператора"
        url = reverse("families:consent", args=[consent.pk])
        assert told not in client.get(url).content.decode()
        consent.operator_address = consent.operator_name
        consent.save()
        assert told in client.get(url).content.decode()

    @pytest.mark.requirement("D6")
    def test_whoever_enters_a_consent_learns_that_the_operators_address_is_missing(
        self, cast: Cast, family: Family, client: Client
    ) -> None:
        told, url = "В согласии нет адреса оператора", reverse("families:consent_new", args=[family.pk])
        for address in ("г. Владивосток, ул. Светланская, д. 1", ""):
            Institution.objects.filter(pk=cast.institution.pk).update(address=address)
            assert (told in client.get(url).content.decode()) is not bool(address)

    def test_a_withdrawal_names_the_consent(self, family: Family, client: Client) -> None:
        consent = Consent.objects.get(family=family, health_data=True)
        text = self.text(client, "consent_withdrawal_print", consent.pk)
        assert "отзываю согласие" in text
        assert consent.number in text

    def test_a_form_of_withdrawal_is_no_withdrawal(self, family: Family, client: Client) -> None:
        """Among the papers a printed form is told from a consent that was withdrawn."""
        consent = Consent.objects.get(family=family, health_data=True)
        for begins in ("Бланк отзыва согласия", "Отзыв согласия"):
            client.post(reverse("families:consent_withdrawal_print", args=[consent.pk]))
            paper = IssuedDocument.objects.filter(kind="families.consent_withdrawal").latest("pk")
            assert paper.title == f"{begins} на обработку персональных данных"
            consent.revoked_on = family.institution.today()
            consent.save()

    @pytest.mark.requirement("D23", "S2-35")
    def test_a_statement_prints_the_responsibility(self, family: Family, client: Client) -> None:
        statement = FamilyStatement.objects.get(family=family)
        text = self.text(client, "statement_print", statement.pk)
        assert "Несу личную ответственность за полноту и правильность" in text
        assert statement.text in text
        assert squeezed(f"{statement.given_by.short_name}(подпись)") in squeezed(text)

    @pytest.mark.requirement("L17")
    def test_papers_render_with_every_optional_field_empty(self, cast: Cast, client: Client) -> None:
        bare = household(department=cast.department, curator=cast.specialist, children=0)
        person = bare.memberships.get().person
        consent = ConsentFactory.create(family=bare, subject=person, data=["FULL_NAME"], actions=["STORAGE"])
        for name in ("consent_print", "consent_withdrawal_print"):
            assert person.full_name in self.text(client, name, consent.pk) or name != "consent_print"

    @pytest.mark.requirement("X12")
    def test_a_paper_follows_the_door_of_its_family(self, cast: Cast, family: Family, client: Client) -> None:
        consent = family.consents.all()[0]
        document = client.post(reverse("families:consent_print", args=[consent.pk])).url
        granted(family, cast.secretary)
        for name, status in (("head", 200), ("colleague", 404), ("other_head", 404), ("secretary", 403)):
            assert client_of(cast.people[name]).get(document).status_code == status

    def test_a_consent_is_withdrawn_on_its_page(self, family: Family, client: Client) -> None:
        consent = family.consents.all()[0]
        url = reverse("families:consent_revoke", args=[consent.pk])
        assert client.post(url, {"on": "01.01.3000", "note": "письмо"}).status_code == 200
        assert client.post(url, {"on": "01.10.2026", "note": "письмо"}).status_code == 302
        consent.refresh_from_db()
        assert consent.revoked_on is not None


def test_higher_rooms_add_panels_tabs_and_buttons(
    cast: Cast, family: Family, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_panels", "_tabs", "_actions"):
        monkeypatch.setattr(hooks, name, {})
    hooks.register_action(hooks.Action("open", "Открыть случай", "folder-plus", lambda _user, _family: "/case/"))
    hooks.register_action(hooks.Action("never", "Никогда", "x", lambda _user, _family: None))
    hooks.register_tab(hooks.Tab("families:card", "Случаи", lambda _user, _family: True))
    hooks.register_panel(
        hooks.Panel("due", Template("<p>{{ panel.due }}</p>"), lambda _request, row: {"due": f"срок {row.pk}"})
    )
    hooks.register_panel(hooks.Panel("none", Template("<p>Ничего</p>"), lambda _request, _row: None))
    text = page(client, "card", family.pk)
    assert "Открыть случай" in text
    assert "Никогда" not in text
    assert f"срок {family.pk}" in text
    assert "Ничего" not in text
    assert "Случаи" in text
    with pytest.raises(ValueError, match="twice"):
        hooks.register_action(hooks.Action("open", "Другое", "x", lambda _user, _family: None))


def test_parts_are_refused_openly_to_a_secretary(cast: Cast, family: Family) -> None:
    granted(family, cast.secretary)
    client = client_of(cast.secretary)
    assert page(client, "card", family.pk)
    for name in ("history", "readers"):
        assert client.get(reverse(f"families:{name}", args=[family.pk])).status_code == 403
    assert Part.DETAILS
