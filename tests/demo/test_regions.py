"""The regions of the demo hold what their sources name, and hang together."""

import re
from collections import Counter
from dataclasses import fields
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from accounts.enums import ApprovingBody, Role, SettlementKind
from accounts.models import RegionPolicy
from casework.enums import BasisBody
from common.phones import link
from councils.enums import SeatRole
from demo.loading.themes import THEMES
from demo.regions import REGIONS
from demo.regions.novgorod import NOVGOROD
from demo.regions.primorye import PRIMORYE
from demo.regions.tatarstan import TATARSTAN
from demo.regions.tula import TULA
from demo.regions.vladimir import VLADIMIR
from demo.structure import PolicyData, RegionData
from families.dictionary import CATEGORIES
from partners.enums import Ownership, PartnerType

each_region = pytest.mark.parametrize("region", REGIONS, ids=lambda region: region.code)


def staff(region: RegionData, institution: str) -> Counter[str]:
    """People by position in an institution."""
    counted: Counter[str] = Counter()
    for department in region.institution(institution).departments:
        for post in department.staff:
            counted[post.position] += post.count
    return counted


def numbered_acts(region: RegionData) -> set[tuple[str, date]]:
    return {(act.number, act.signed_on) for act in region.legal_acts}


@each_region
def test_every_institution_has_the_address_that_a_consent_names(region: RegionData) -> None:
    addresses = [row.address for row in region.institutions]
    assert all(re.search(r", (ул\.|пр-т|пер\.) .+, д\. \d+", address) for address in addresses), addresses
    assert len(set(addresses)) == len(addresses)


class TestPrimorye:
    def test_institution(self) -> None:
        (centre,) = PRIMORYE.institutions
        assert centre.full_name == (
            "Краевое государственное бюджетное учреждение социального обслуживания "
            "«Социально-реабилитационный центр для несовершеннолетних «Парус надежды»"
        )
        assert centre.short_name == "КГБУСО «СРЦН «Парус надежды»"
        assert centre.address == "690024, Приморский край, г. Владивосток, ул. Маковского, д. 123"
        assert (centre.phone, centre.email, centre.site) == (
            "+7 (423) 238-76-75",
            "parusvl@bk.ru",
            "https://parusnad-vl.ru",
        )
        assert [department.title for department in centre.departments] == ["Отделение помощи семье и детям «Семь-Я»"]

    def test_the_twelve_of_the_support_service(self) -> None:
        assert staff(PRIMORYE, "primorye-parus") == {
            "Заведующий отделением": 1,
            "Главный специалист Службы социального сопровождения": 1,
            "Специалист по работе с семьёй": 5,
            "Психолог в социальной сфере": 5,
            "Юрисконсульт": 1,
        }

    def test_settlements(self) -> None:
        vladivostok, khasan = PRIMORYE.municipalities
        assert (vladivostok.title, khasan.title) == ("Владивостокский городской округ", "Хасанский муниципальный округ")
        assert Counter(place.kind for place in vladivostok.settlements) == {
            SettlementKind.CITY: 1,
            SettlementKind.RURAL: 5,
        }
        assert Counter(place.prefix for place in vladivostok.settlements) == {"г.": 1, "п.": 4, "с.": 1}
        kinds = Counter(place.kind for place in khasan.settlements)
        assert kinds[SettlementKind.URBAN] == 6
        assert kinds[SettlementKind.RURAL] <= 31
        assert set(kinds) == {SettlementKind.URBAN, SettlementKind.RURAL}

    def test_every_partner_of_the_list(self) -> None:
        assert {partner.title for partner in PRIMORYE.partners} == {
            "КГКУ «Центр социальной поддержки населения Приморского края»",
            "КГКУ «Приморский центр занятости населения»",
            "КГБУЗ «Владивостокская поликлиника № 3»",
            "КГБУЗ «Владивостокская поликлиника № 5»",
            "КГБУЗ «Хасанская центральная больница»",
            "МБОУ «Центр психолого-педагогической, медицинской и социальной помощи» г. Владивостока",
            "Управление МВД России по г. Владивостоку",
            "Управление МВД России по Хасанскому муниципальному району",
            "МКУ «Управление образования Хасанского муниципального района»",
            "АНО «РЭМ поддержки и развития молодёжи»",
            "АНО «Центр защиты семьи, материнства и детства «Колыбель»",
            "АНО «Ключи от сердца»",
            "Дальневосточная общественная организация социальной поддержки «Возрождение»",
            "Приморская краевая общественная организация инвалидов «Юг Приморья»",
            "Благотворительный фонд добровольной помощи детям «Владмама»",
            "Отдел по работе с семьёй Владивостокской епархии",
            "Управление опеки и попечительства г. Владивостока",
            "Управление опеки и попечительства Хасанского муниципального района",
            "Комиссия по делам несовершеннолетних и защите их прав Владивостокского городского округа",
            "Комиссия по делам несовершеннолетних и защите их прав Хасанского муниципального округа",
            "Приморская региональная общественная организация «Совет многодетных родителей»",
            "Ассоциация приёмных семей Приморского края",
        }
        kinds = {partner.code: partner.kind for partner in PRIMORYE.partners}
        assert kinds["primorye-cspn"] is PartnerType.SOCIAL_SUPPORT
        assert kinds["primorye-eparchy"] is PartnerType.RELIGIOUS
        assert kinds["primorye-vladmama"] is PartnerType.CHARITY_FUND
        assert all(partner.named for partner in PRIMORYE.partners)

    def test_councils_are_headed_by_deputy_heads(self) -> None:
        councils = [body for body in PRIMORYE.bodies if body.kind == BasisBody.COORDINATION_COUNCIL]
        assert [council.municipality for council in councils] == [place.title for place in PRIMORYE.municipalities]
        for council in councils:
            (chair,) = [seat for seat in council.seats if seat.role is SeatRole.CHAIR]
            assert chair.post == "Заместитель главы администрации, курирующий вопросы социальной сферы"

    def test_acts(self) -> None:
        assert numbered_acts(PRIMORYE) == {
            ("49-РД", date(2020, 2, 17)),
            ("343", date(2020, 5, 15)),
            ("730", date(2020, 10, 26)),
            ("842", date(2020, 12, 22)),
            ("141", date(2021, 3, 23)),
        }

    def test_policy(self) -> None:
        assert PRIMORYE.policy.approving_body is ApprovingBody.COORDINATION_COUNCIL
        assert (PRIMORYE.policy.term_min_months, PRIMORYE.policy.term_max_months) == (3, 12)
        assert PRIMORYE.time_zone == "Asia/Vladivostok"


class TestTula:
    def test_institution(self) -> None:
        (centre,) = TULA.institutions
        assert centre.full_name == (
            "Государственное учреждение Тульской области «Социально-реабилитационный центр для несовершеннолетних № 4»"
        )
        assert centre.address == "301164, Тульская обл., Дубенский р-н, п. Гвардейский, ул. Молодёжная, д. 11"
        assert centre.phone == "8 (48732) 3-26-68, 8 (48732) 3-26-85"
        assert centre.email == "srtc4.dubna@tularegion.ru"

    def test_the_four_districts(self) -> None:
        assert [district.title for district in TULA.municipalities] == [
            "Дубенский район",
            "Тёпло-Огарёвский район",
            "Чернский район",
            "Щёкинский район",
        ]
        assert "Гвардейский" in {place.title for place in TULA.municipalities[0].settlements}

    def test_the_thirty_of_the_staff(self) -> None:
        assert staff(TULA, "tula-srcn-4") == {
            "Заведующий отделением помощи семье и детям": 4,
            "Заведующий отделением приёма граждан и предоставления срочных социальных услуг": 1,
            "Главный специалист": 1,
            "Специалист по социальной работе": 15,
            "Социальный педагог": 4,
            "Психолог": 4,
            "Юрисконсульт": 1,
        }

    def test_partners(self) -> None:
        assert [partner.title for partner in TULA.partners if partner.named] == [
            "Благотворительный фонд «Волонтёры в помощь детям-сиротам», г. Москва",
            "АНО «Центр социальной и правовой помощи детям «Старт в будущее», г. Калуга",
            (
                "Ассоциация содействия деятельности в сфере экологии, экологической культуры и охраны окружающей среды "
                "«ЭКОИНИЦИАТИВА»"
            ),
        ]
        kinds = {partner.kind for partner in TULA.partners if not partner.named}
        assert kinds == {
            PartnerType.MUNICIPALITY,
            PartnerType.HEALTH,
            PartnerType.EDUCATION,
            PartnerType.YOUTH_SPORT,
            PartnerType.SOCIAL_SUPPORT,
            PartnerType.EMPLOYMENT,
            PartnerType.CIVIL_REGISTRY,
            PartnerType.BAILIFFS,
            PartnerType.MIGRATION,
            PartnerType.PENSION_FUND,
            PartnerType.RELIGIOUS,
            PartnerType.CULTURE,
        }

    def test_forms_of_work(self) -> None:
        assert len(TULA.forms_of_work) == 21

    def test_whom_it_is_for(self) -> None:
        assert {code for group in TULA.families for code in group.categories} >= {"SVO", "SUBSTITUTE"}


class TestVladimir:
    def test_the_seventeen_institutions(self) -> None:
        assert [institution.short_name for institution in VLADIMIR.institutions] == [
            "ГКУСО ВО «Владимирский СРЦН»",
            "ГКУСО ВО «Гороховецкий СРЦН «Семья»",
            "ГКУСО ВО «Гусь-Хрустальный СРЦН»",
            "ГКУСО ВО «Камешковский СРЦН»",
            "ГКУСО ВО «Ковровский СРЦН»",
            "ГКУСО ВО «Кольчугинский СРЦН»",
            "ГКУСО ВО «Меленковский СРЦН»",
            "ГКУСО ВО «Муромский СРЦН»",
            "ГКУСО ВО «Собинский СРЦН»",
            "ГКУСО ВО «Суздальский СРЦН»",
            "ГКУСО ВО «Юрьев-Польский СРЦН»",
            "ГБУСО ВО «Александровский КЦСОН»",
            "ГБУСО ВО «Вязниковский КЦСОН»",
            "ГБУСО ВО «Киржачский КЦСОН»",
            "ГБУСО ВО «Петушинский КЦСОН»",
            "ГБУСО ВО «Селивановский КЦСОН»",
            "ГБУСО ВО «Судогодский КЦСОН»",
        ]
        assert VLADIMIR.institutions[0].full_name == (
            "Государственное казённое учреждение социального обслуживания Владимирской области "
            "«Владимирский социально-реабилитационный центр для несовершеннолетних»"
        )

    def test_the_matrix_of_practices(self) -> None:
        assert [len(practice.institutions) for practice in VLADIMIR.forms_of_work] == [14, 9, 17, 17, 4, 12, 5]

    @pytest.mark.parametrize(
        ("institution", "numbers"),
        [
            ("vladimir", {1, 2, 3, 4, 6, 7}),
            ("gorokhovets", {1, 3, 4, 6}),
            ("gus", {1, 2, 3, 4, 6}),
            ("kameshkovo", {3, 4, 6}),
            ("kovrov", {2, 3, 4, 6, 7}),
            ("kolchugino", {1, 3, 4, 6}),
            ("melenki", {1, 2, 3, 4}),
            ("murom", {1, 2, 3, 4}),
            ("sobinka", {2, 3, 4, 6}),
            ("suzdal", {1, 3, 4, 6, 7}),
            ("yuryev", {1, 3, 4, 6}),
            ("alexandrov", {1, 2, 3, 4, 5, 6}),
            ("vyazniki", {1, 2, 3, 4, 5, 6, 7}),
            ("kirzhach", {1, 3, 4, 6}),
            ("petushki", {1, 2, 3, 4, 5, 7}),
            ("selivanovo", {1, 3, 4, 5}),
            ("sudogda", {1, 3, 4}),
        ],
    )
    def test_the_row_of_an_institution(self, institution: str, numbers: set[int]) -> None:
        carried = VLADIMIR.forms_of(f"vladimir-{institution}")
        assert {VLADIMIR.forms_of_work.index(practice) + 1 for practice in carried} == numbers

    def test_acts_with_the_right_date_of_the_law(self) -> None:
        assert numbered_acts(VLADIMIR) == {
            ("399/ДТЗН-01-03/175", date(2020, 8, 31)),
            ("420/1", date(2020, 9, 23)),
            ("152-ФЗ", date(2006, 7, 27)),
        }

    def test_policy_of_the_order(self) -> None:
        policy = VLADIMIR.policy
        assert (policy.visit_interval_months, policy.follow_up_months) == (1, 12)
        assert (policy.specialist_report_day, policy.department_report_day) == (1, 3)
        assert policy.valid_from == date(2020, 9, 23)

    def test_families_have_concluded_a_contract(self) -> None:
        assert VLADIMIR.with_contracts
        assert sum("LOW_INCOME" in group.categories for group in VLADIMIR.families) > len(VLADIMIR.families) / 2


class TestTatarstan:
    def test_institution(self) -> None:
        (centre,) = TATARSTAN.institutions
        assert centre.short_name == "ГАУСО «КЦСОН «Шафкатъ» МТЗ и СЗ РТ в Сармановском муниципальном районе»"
        assert [department.title for department in centre.departments] == ["Отделение социальной помощи семье и детям"]
        assert [place.title for place in TATARSTAN.municipalities] == ["Сармановский муниципальный район"]

    def test_the_agencies_of_the_practice(self) -> None:
        assert {partner.kind for partner in TATARSTAN.partners} >= {
            PartnerType.PDN,
            PartnerType.HEALTH,
            PartnerType.EDUCATION,
            PartnerType.GUARDIANSHIP,
            PartnerType.YOUTH_SPORT,
            PartnerType.MUNICIPALITY,
            PartnerType.EMPLOYMENT,
        }


class TestNovgorod:
    def test_bodies(self) -> None:
        kinds = Counter(body.kind for body in NOVGOROD.bodies)
        assert kinds == {BasisBody.WORKING_GROUP: 22, BasisBody.PRECINCT_COMMISSION: 60}
        groups = [body for body in NOVGOROD.bodies if body.kind == BasisBody.WORKING_GROUP]
        assert {group.municipality for group in groups} == {place.title for place in NOVGOROD.municipalities}
        for group in groups:
            assert group.seats[0].role is SeatRole.CHAIR
            assert group.seats[0].post == "Заместитель главы администрации"

    def test_a_commission_in_every_municipality(self) -> None:
        commissions = [body for body in NOVGOROD.bodies if body.kind == BasisBody.PRECINCT_COMMISSION]
        assert {body.municipality for body in commissions} == {place.title for place in NOVGOROD.municipalities}

    def test_the_four_resource_centres(self) -> None:
        hosts = [NOVGOROD.institution(centre.institution).short_name for centre in NOVGOROD.resource_centres]
        assert hosts == [
            "ОАУ «Методический центр»",
            "ОАУСО «Новгородский ЦСПСиД»",
            "ОАУСО «Боровичский ЦСПСиД»",
            "ОАУСО «Реабилитационный центр «Виктория»",
        ]
        assert len({centre.speciality for centre in NOVGOROD.resource_centres}) == 4

    def test_contacts(self) -> None:
        assert NOVGOROD.authority == "Департамент труда и социальной защиты населения Новгородской области"
        methodical = NOVGOROD.institution("novgorod-methodical")
        assert methodical.address == "173003, г. Великий Новгород, ул. Лазаревская, д. 18"
        assert methodical.phone == "8 (8162) 77-24-28"

    def test_families_of_the_specialised_centres(self) -> None:
        for department in ("novgorod-viktoria-support", "novgorod-rehabilitation-support"):
            themes = {group.theme for group in NOVGOROD.groups_of(department)}
            assert themes == {"disability"}
        assert {group.theme for group in NOVGOROD.groups_of("novgorod-borovichi-support")} == {"foster", "newborn"}

    def test_the_working_group_approves(self) -> None:
        assert NOVGOROD.policy.approving_body is ApprovingBody.WORKING_GROUP


def test_codes_and_titles_are_given_once() -> None:
    codes = [region.code for region in REGIONS]
    codes += [institution.code for region in REGIONS for institution in region.institutions]
    codes += [department.code for region in REGIONS for _, department in region.departments()]
    for region in REGIONS:
        codes += [item.code for items in (region.bodies, region.partners) for item in items]
        for titles in (region.bodies, region.partners, region.municipalities, region.legal_acts):
            assert [title for title, times in Counter(item.title for item in titles).items() if times > 1] == []
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert sorted(region.number for region in REGIONS) == list(range(len(REGIONS)))


@each_region
def test_references_lead_somewhere(region: RegionData) -> None:
    for institution in region.institutions:
        served = {place.title for place in region.settlements_of(institution)}
        for department in institution.departments:
            for precinct in department.precincts:
                assert set(precinct.settlements) <= served, precinct.title
    for body in region.bodies:
        assert region.municipality(body.municipality)
        assert not body.institution or region.institution(body.institution)
        assert not body.established_by or body.established_by in {act.number for act in region.legal_acts}
    assert all(region.institution(code) for form in region.forms_of_work for code in form.institutions)
    assert all(
        code in {department.code for _, department in region.departments()}
        for group in region.families
        for code in group.departments
    )
    assert {group.theme for group in region.families} <= set(THEMES)
    assert {code for group in region.families for code in group.categories} <= {row[0] for row in CATEGORIES}
    assert all(region.institution(centre.institution) for centre in region.resource_centres)
    assert region.contract_authority in {partner.code for partner in region.partners}
    assert {partner.municipality for partner in region.partners} <= {
        "",
        *(place.title for place in region.municipalities),
    }
    assert ZoneInfo(region.time_zone)


@each_region
def test_no_settlement_is_in_two_precincts(region: RegionData) -> None:
    for institution in region.institutions:
        places = Counter(
            place
            for department in institution.departments
            for precinct in department.precincts
            for place in precinct.settlements
        )
        assert [place for place, times in places.items() if times > 1] == []


@each_region
def test_every_department_has_one_head_and_specialists(region: RegionData) -> None:
    for _, department in region.departments():
        roles = Counter(dict.fromkeys(Role, 0))
        for post in department.staff:
            roles[post.role] += post.count
        assert roles[Role.DEPARTMENT_HEAD] == 1, department.code
        assert roles[Role.SPECIALIST] >= 3, department.code


@each_region
def test_every_body_that_decides_has_a_chair_and_a_secretary(region: RegionData) -> None:
    deciding = [body for body in region.bodies if body.kind.value == region.policy.approving_body.value]
    assert deciding
    for body in deciding:
        roles = Counter(seat.role for seat in body.seats)
        assert (roles[SeatRole.CHAIR], roles[SeatRole.SECRETARY]) == (1, 1)
        assert sum(roles.values()) >= 5


@each_region
def test_texts_are_clean(region: RegionData) -> None:
    texts = re.findall(r"'([^']*)'", repr(region))
    assert len(texts) > 50
    for text in texts:
        assert text == " ".join(text.split()), text
        assert '"' not in text
        assert " - " not in text
        assert "»»" not in text
        assert not re.search(r"[а-яё][a-z]|[a-z][а-яё]", text), text


def test_telephones_can_be_dialled() -> None:
    cells = [institution.phone for region in REGIONS for institution in region.institutions]
    written = [phone for cell in cells for phone in cell.split(", ") if phone]
    assert len(written) == 4
    assert [phone for phone in written if not link(phone)] == []


def test_policy_speaks_the_language_of_the_model() -> None:
    columns = {column.name for column in RegionPolicy._meta.get_fields()}
    assert {item.name for item in fields(PolicyData)} <= columns


def test_prevention_bodies_follow_from_the_kind() -> None:
    prevention = {partner.code for partner in PRIMORYE.partners if partner.is_prevention_body}
    assert "primorye-kdn-khasan" in prevention
    assert "primorye-klyuchi" not in prevention
    assert all(partner.ownership is not Ownership.PRIVATE for partner in PRIMORYE.partners)
