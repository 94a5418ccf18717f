"""Vladimir: order 420/1 of 23.09.2020, its seventeen institutions and seven practices (appendix 4)."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import ApprovingBody, InstitutionStatus, Role
from casework.enums import BasisBody, Ground
from councils.enums import SeatRole
from demo.structure import (
    BodyData,
    DepartmentData,
    FamilyGroupData,
    FamilyKind,
    FormOfWorkData,
    InstitutionData,
    LegalActData,
    PartnerData,
    PolicyData,
    PrecinctData,
    RegionData,
    ResourceCentreData,
    SeatData,
    SettlementData,
    StaffData,
    TerritoryData,
    city,
    urban,
)
from families.enums import StatusKind
from partners.enums import Ownership, PartnerType

AUTHORITY = "Департамент социальной защиты населения Владимирской области"
REHABILITATION = "социально-реабилитационный центр для несовершеннолетних"
COMPLEX = "комплексный центр социального обслуживания населения"
CONTRACT_SERVICE = "Социальная служба сопровождения семей в рамках социального контракта"


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A row of appendix 4 with the municipality that its name tells; the order itself gives names only."""

    code: str
    name: str
    municipality: TerritoryData
    is_rehabilitation: bool = True
    own_name: str = ""


def _district(adjective: str, genitive: str, *settlements: SettlementData) -> TerritoryData:
    return TerritoryData(title=f"{adjective} район", genitive=f"{genitive} района", settlements=settlements)


CENTRES = (
    Centre(
        code="vladimir",
        name="Владимирский",
        municipality=TerritoryData(
            title="Город Владимир", genitive="города Владимира", settlements=(city("Владимир"),)
        ),
    ),
    Centre(
        code="gorokhovets",
        name="Гороховецкий",
        municipality=_district("Гороховецкий", "Гороховецкого", city("Гороховец")),
        own_name="Семья",
    ),
    Centre(
        code="gus",
        name="Гусь-Хрустальный",
        municipality=_district("Гусь-Хрустальный", "Гусь-Хрустального", city("Гусь-Хрустальный"), city("Курлово")),
    ),
    Centre(
        code="kameshkovo",
        name="Камешковский",
        municipality=_district("Камешковский", "Камешковского", city("Камешково")),
    ),
    Centre(
        code="kovrov",
        name="Ковровский",
        municipality=_district("Ковровский", "Ковровского", city("Ковров"), urban("Мелехово")),
    ),
    Centre(
        code="kolchugino",
        name="Кольчугинский",
        municipality=_district("Кольчугинский", "Кольчугинского", city("Кольчугино")),
    ),
    Centre(
        code="melenki",
        name="Меленковский",
        municipality=_district("Меленковский", "Меленковского", city("Меленки")),
    ),
    Centre(
        code="murom",
        name="Муромский",
        municipality=TerritoryData(title="Округ Муром", genitive="округа Муром", settlements=(city("Муром"),)),
    ),
    Centre(
        code="sobinka",
        name="Собинский",
        municipality=_district("Собинский", "Собинского", city("Собинка"), city("Лакинск"), urban("Ставрово")),
    ),
    Centre(
        code="suzdal",
        name="Суздальский",
        municipality=_district("Суздальский", "Суздальского", city("Суздаль"), urban("Боголюбово")),
    ),
    Centre(
        code="yuryev",
        name="Юрьев-Польский",
        municipality=_district("Юрьев-Польский", "Юрьев-Польского", city("Юрьев-Польский")),
    ),
    Centre(
        code="alexandrov",
        name="Александровский",
        municipality=_district(
            "Александровский",
            "Александровского",
            city("Александров"),
            city("Карабаново"),
            city("Струнино"),
            urban("Балакирево"),
        ),
        is_rehabilitation=False,
    ),
    Centre(
        code="vyazniki",
        name="Вязниковский",
        municipality=_district("Вязниковский", "Вязниковского", city("Вязники"), urban("Мстёра"), urban("Никологоры")),
        is_rehabilitation=False,
    ),
    Centre(
        code="kirzhach",
        name="Киржачский",
        municipality=_district("Киржачский", "Киржачского", city("Киржач")),
        is_rehabilitation=False,
    ),
    Centre(
        code="petushki",
        name="Петушинский",
        municipality=_district(
            "Петушинский",
            "Петушинского",
            city("Петушки"),
            city("Покров"),
            city("Костерёво"),
            urban("Вольгинский"),
            urban("Городищи"),
        ),
        is_rehabilitation=False,
    ),
    Centre(
        code="selivanovo",
        name="Селивановский",
        municipality=_district("Селивановский", "Селивановского", urban("Красная Горбатка")),
        is_rehabilitation=False,
    ),
    Centre(
        code="sudogda",
        name="Судогодский",
        municipality=_district("Судогодский", "Судогодского", city("Судогда")),
        is_rehabilitation=False,
    ),
)

ALL = tuple(centre.code for centre in CENTRES)
# Practice by institution, appendix 4. The sixth is printed there as «Профорентация».
MATRIX = (
    (
        f"{CONTRACT_SERVICE}, в т. ч. с привлечением наставников",
        (
            "vladimir gorokhovets gus kolchugino melenki murom suzdal yuryev "
            "alexandrov vyazniki kirzhach petushki selivanovo sudogda"
        ),
    ),
    (
        "Межведомственный консультативный пункт для малообеспеченных семей с детьми",
        "vladimir gus kovrov melenki murom sobinka alexandrov vyazniki petushki",
    ),
    ("Программа выходного дня", " ".join(ALL)),
    (
        (
            "Группа кратковременного пребывания для детей школьного возраста из малообеспеченных семей в "
            "каникулярный период"
        ),
        " ".join(ALL),
    ),
    (
        (
            "Пункт проката по предоставлению во временное пользование предметов первой необходимости для "
            "малообеспеченных семей"
        ),
        "alexandrov vyazniki petushki selivanovo",
    ),
    (
        (
            "Профориентация подростков из малообеспеченных семей, а также семей, находящихся в социально опасном "
            "положении и иной трудной жизненной ситуации"
        ),
        "vladimir gorokhovets gus kameshkovo kovrov kolchugino sobinka suzdal yuryev alexandrov vyazniki kirzhach",
    ),
    (
        (
            "Обучение финансовой грамотности детей из семей, находящихся в социально опасном положении и иной трудной "
            "жизненной ситуации"
        ),
        "vladimir kovrov suzdal vyazniki petushki",
    ),
)
PRACTICES = tuple(
    FormOfWorkData(title=title, institutions=tuple(f"vladimir-{centre}" for centre in centres.split()))
    for title, centres in MATRIX
)


STREETS = ("ул. Садовая", "ул. Советская", "ул. Школьная", "ул. Набережная", "ул. Первомайская")


def _department(centre: Centre) -> DepartmentData:
    """The order speaks of "a structural unit" (appendix 2, 1.2) and of three positions (3.1); numbers are ours."""
    code = f"vladimir-{centre.code}"
    return DepartmentData(
        code=f"{code}-support",
        title="Отделение социального сопровождения семей с детьми",
        staff=(
            StaffData(position="Руководитель структурного подразделения", count=1, role=Role.DEPARTMENT_HEAD),
            StaffData(position="Специалист по социальной работе", count=2),
            StaffData(position="Специалист по работе с семьёй", count=2),
            StaffData(position="Психолог в социальной сфере", count=1),
        ),
        precincts=(
            PrecinctData(
                title=f"Участок № 1 «{centre.municipality.settlements[0].title}»",
                settlements=tuple(place.title for place in centre.municipality.settlements),
            ),
        ),
    )


def _street(centre: Centre) -> str:
    place = CENTRES.index(centre)
    return f"{STREETS[place % len(STREETS)]}, д. {3 + 7 * place}"


def _institution(centre: Centre) -> InstitutionData:
    kind = REHABILITATION if centre.is_rehabilitation else COMPLEX
    form = "казённое" if centre.is_rehabilitation else "бюджетное"
    legal_form = f"Государственное {form} учреждение социального обслуживания Владимирской области"
    short_kind, short_form = ("СРЦН", "ГКУСО ВО") if centre.is_rehabilitation else ("КЦСОН", "ГБУСО ВО")
    own_name = f" «{centre.own_name}" if centre.own_name else ""
    is_centre = centre.code == "vladimir"
    return InstitutionData(
        code=f"vladimir-{centre.code}",
        full_name=f"{legal_form} «{centre.name} {kind}{own_name}»",
        short_name=f"{short_form} «{centre.name} {short_kind}{own_name}»",
        legal_form=legal_form,
        founder=AUTHORITY,
        municipalities=(centre.municipality.title,),
        departments=(_department(centre),),
        # The order gives no addresses; the streets are invented.
        address=f"Владимирская обл., {centre.municipality.settlements[0].address_title}, {_street(centre)}",
        statuses=(InstitutionStatus.RESOURCE_CENTRE,) if is_centre else (),
    )


INSTITUTIONS = tuple(_institution(centre) for centre in CENTRES)

# The order draws in "institutions of social protection" answerable for contracts (3.2), and as mentors institutions of
# other agencies, non-profit organisations and volunteers (3.3); it names none. Titles here are descriptive.
AGENCIES = (
    ("protection", "Отдел социальной защиты населения {genitive}", PartnerType.SOCIAL_SUPPORT, Ownership.STATE),
    ("employment", "Центр занятости населения {genitive}", PartnerType.EMPLOYMENT, Ownership.STATE),
    (
        "kdn",
        "Комиссия по делам несовершеннолетних и защите их прав {genitive}",
        PartnerType.KDN,
        Ownership.MUNICIPAL,
    ),
)
PARTNERS = tuple(
    PartnerData(
        code=f"vladimir-{agency}-{centre.code}",
        title=pattern.format(genitive=centre.municipality.genitive),
        kind=kind,
        ownership=ownership,
        municipality=centre.municipality.title,
        named=False,
    )
    for centre in CENTRES
    for agency, pattern, kind, ownership in AGENCIES
)


def _working_group(centre: Centre, institution: InstitutionData) -> BodyData:
    """The order names no collegial body; families without a contract need one, hence a working group per centre."""
    genitive = centre.municipality.genitive
    return BodyData(
        code=f"vladimir-group-{centre.code}",
        kind=BasisBody.WORKING_GROUP,
        title=f"Межведомственная рабочая группа по социальному сопровождению семей с детьми {genitive}",
        municipality=centre.municipality.title,
        institution=institution.code,
        seats=(
            SeatData(
                role=SeatRole.CHAIR,
                post="Заместитель главы администрации по социальным вопросам",
                organisation=f"Администрация {genitive}",
            ),
            SeatData(role=SeatRole.DEPUTY, post="Заместитель директора", organisation=institution.short_name),
            SeatData(
                role=SeatRole.SECRETARY, post="Специалист по социальной работе", organisation=institution.short_name
            ),
            SeatData(
                role=SeatRole.MEMBER,
                post="Главный специалист",
                organisation=f"Отдел социальной защиты населения {genitive}",
            ),
            SeatData(
                role=SeatRole.MEMBER, post="Ведущий инспектор", organisation=f"Центр занятости населения {genitive}"
            ),
            SeatData(
                role=SeatRole.MEMBER,
                post="Ответственный секретарь",
                organisation=f"Комиссия по делам несовершеннолетних и защите их прав {genitive}",
            ),
        ),
    )


VLADIMIR = RegionData(
    code="vladimir",
    number=2,
    title="Владимирская область",
    authority=AUTHORITY,
    time_zone="Europe/Moscow",
    passport_office="УМВД России по Владимирской области",
    policy=PolicyData(
        valid_from=date(2020, 9, 23),
        approving_body=ApprovingBody.WORKING_GROUP,
        basis="Приказ Департамента социальной защиты населения Владимирской области от 23.09.2020 № 420/1",
        visit_interval_months=1,
        follow_up_months=12,
        specialist_report_day=1,
        department_report_day=3,
    ),
    municipalities=tuple(centre.municipality for centre in CENTRES),
    institutions=INSTITUTIONS,
    bodies=tuple(
        _working_group(centre, institution) for centre, institution in zip(CENTRES, INSTITUTIONS, strict=True)
    ),
    partners=PARTNERS,
    # The order is for families with a low income that have concluded a social contract, and its practices for
    # teenagers of families in a socially dangerous situation.
    families=(
        FamilyGroupData(
            kind=FamilyKind.MOTHER, theme="employment", categories=("LOW_INCOME", "SINGLE_PARENT"), low_income=True
        ),
        FamilyGroupData(kind=FamilyKind.TWO_PARENTS, theme="employment", categories=("LOW_INCOME",), low_income=True),
        FamilyGroupData(
            kind=FamilyKind.LARGE, theme="housing", categories=("LOW_INCOME", "LARGE_FAMILY"), low_income=True
        ),
        FamilyGroupData(
            kind=FamilyKind.MOTHER,
            theme="parenting",
            categories=("ADAPTATION_TROUBLE",),
            status=StatusKind.SOCIALLY_DANGEROUS,
        ),
        FamilyGroupData(
            kind=FamilyKind.THREE_GENERATIONS, theme="employment", categories=("LOW_INCOME",), low_income=True
        ),
    ),
    grounds=(Ground.APPLICATION, Ground.REFERRAL, Ground.KDN),
    active_cases=21,
    closed_cases=8,
    with_contracts=True,
    legal_acts=(
        LegalActData(
            kind="Приказ",
            issuer=f"{AUTHORITY}, Департамент труда и занятости Владимирской области",
            number="399/ДТЗН-01-03/175",
            signed_on=date(2020, 8, 31),
            title=(
                "Об организации работы по реализации комплекса мер «Внедрение и развитие эффективных социальных "
                "практик, направленных на сокращение бедности семей с детьми и улучшение условий "
                "жизнедеятельности детей в таких семьях, на территории Владимирской области» на 2020-2021 годы"
            ),
        ),
        LegalActData(
            kind="Приказ",
            issuer=AUTHORITY,
            number="420/1",
            signed_on=date(2020, 9, 23),
            title=(
                "О внедрении в деятельность организаций социального обслуживания населения социальных практик, "
                "направленных на сокращение бедности семей с детьми"
            ),
        ),
        # The order dates this law 27.06.2006; the right date is 27.07.2006.
        LegalActData(
            kind="Федеральный закон",
            issuer="Российская Федерация",
            number="152-ФЗ",
            signed_on=date(2006, 7, 27),
            title="О персональных данных",
        ),
    ),
    resource_centres=(
        ResourceCentreData(
            institution="vladimir-vladimir",
            speciality=(
                "Методическая, информационная и нормативно-организационная поддержка специалистов, оказывающих "
                "социальную помощь малообеспеченным семьям с детьми"
            ),
        ),
    ),
    contract_authority="vladimir-protection-vladimir",
    forms_of_work=PRACTICES,
)
