"""Tula: the practice «Семейная экспедиция «На пути к Надежде» of centre № 4, with the figures of 2023."""

from datetime import date

from accounts.enums import ApprovingBody, Role
from casework.enums import BasisBody, Ground
from councils.enums import SeatRole
from demo.structure import (
    BodyData,
    DepartmentData,
    FamilyGroupData,
    FamilyKind,
    InstitutionData,
    LegalActData,
    PartnerData,
    PolicyData,
    PrecinctData,
    RegionData,
    SeatData,
    StaffData,
    TerritoryData,
    city,
    every_institution,
    hamlet,
    settlement,
    village,
    workers,
)
from families.enums import StatusKind
from partners.enums import Ownership, PartnerType

AUTHORITY = "Министерство труда и социальной защиты Тульской области"
INSTITUTION = "tula-srcn-4"
SHORT_NAME = "ГУ ТО «СРЦН № 4»"
DUBNA = "Дубенский район"
TYOPLOYE = "Тёпло-Огарёвский район"
CHERN = "Чернский район"
SHCHYOKINO = "Щёкинский район"

# The four districts are the source's, as is the settlement Гвардейский; of the rest only settlements known for certain.
# The practice is for remote villages: which of them count as remote is our choice.
MUNICIPALITIES = (
    TerritoryData(
        title=DUBNA,
        genitive="Дубенского района",
        settlements=(
            workers("Дубна"),
            settlement("Гвардейский"),
            village("Воскресенское", remote=True),
            village("Опочня", remote=True),
        ),
    ),
    TerritoryData(
        title=TYOPLOYE,
        genitive="Тёпло-Огарёвского района",
        settlements=(
            workers("Тёплое"),
            settlement("Механизаторов"),
            village("Волчья Дубрава", remote=True),
            village("Нарышкино", remote=True),
        ),
    ),
    TerritoryData(
        title=CHERN,
        genitive="Чернского района",
        settlements=(
            workers("Чернь"),
            village("Большое Скуратово", remote=True),
            village("Тургенево", remote=True),
        ),
    ),
    TerritoryData(
        title=SHCHYOKINO,
        genitive="Щёкинского района",
        settlements=(
            city("Щёкино"),
            city("Советск"),
            workers("Огарёвка"),
            workers("Первомайский"),
            settlement("Лазарево"),
            village("Крапивна", remote=True),
            hamlet("Ясная Поляна"),
        ),
    ),
)

# The source gives the posts of the whole centre (30) and four heads of departments of help to family and children;
# that there is one department to a district, and where the precincts lie, is our reading of it.
HEAD = StaffData(position="Заведующий отделением помощи семье и детям", count=1, role=Role.DEPARTMENT_HEAD)


def _department(
    code: str, district: TerritoryData, specialists: int, precincts: tuple[PrecinctData, ...]
) -> DepartmentData:
    return DepartmentData(
        code=code,
        title=f"Отделение помощи семье и детям ({district.title})",
        staff=(
            HEAD,
            StaffData(position="Специалист по социальной работе", count=specialists),
            StaffData(position="Социальный педагог", count=1),
            StaffData(position="Психолог", count=1),
        ),
        precincts=precincts,
    )


DEPARTMENTS = (
    _department(
        "tula-dubna",
        MUNICIPALITIES[0],
        3,
        (
            PrecinctData(title="Участок № 1 «Дубна»", settlements=("Дубна",)),
            PrecinctData(title="Участок № 2 «Гвардейский»", settlements=("Гвардейский", "Воскресенское", "Опочня")),
        ),
    ),
    _department(
        "tula-tyoploye",
        MUNICIPALITIES[1],
        3,
        (
            PrecinctData(title="Участок № 3 «Тёплое»", settlements=("Тёплое", "Механизаторов")),
            PrecinctData(title="Участок № 4 «Нарышкино»", settlements=("Нарышкино", "Волчья Дубрава")),
        ),
    ),
    _department(
        "tula-chern",
        MUNICIPALITIES[2],
        3,
        (
            PrecinctData(title="Участок № 5 «Чернь»", settlements=("Чернь",)),
            PrecinctData(title="Участок № 6 «Большое Скуратово»", settlements=("Большое Скуратово", "Тургенево")),
        ),
    ),
    _department(
        "tula-shchyokino",
        MUNICIPALITIES[3],
        4,
        (
            PrecinctData(title="Участок № 7 «Щёкино»", settlements=("Щёкино",)),
            PrecinctData(title="Участок № 8 «Советск»", settlements=("Советск", "Огарёвка")),
            PrecinctData(title="Участок № 9 «Первомайский»", settlements=("Первомайский", "Ясная Поляна", "Лазарево")),
            PrecinctData(title="Участок № 10 «Крапивна»", settlements=("Крапивна",)),
        ),
    ),
    DepartmentData(
        code="tula-reception",
        title="Отделение приёма граждан и предоставления срочных социальных услуг",
        staff=(
            StaffData(
                position="Заведующий отделением приёма граждан и предоставления срочных социальных услуг",
                count=1,
                role=Role.DEPARTMENT_HEAD,
            ),
            StaffData(position="Главный специалист", count=1, role=Role.DUTY_OFFICER),
            StaffData(position="Специалист по социальной работе", count=2),
            StaffData(position="Юрисконсульт", count=1),
        ),
    ),
)

# Agencies that the source names by kind, for the four districts together: one of each kind per district.
AGENCIES = (
    (
        "administration",
        "Администрация муниципального образования {title}",
        PartnerType.MUNICIPALITY,
        Ownership.MUNICIPAL,
    ),
    ("health", "Государственное учреждение здравоохранения {genitive}", PartnerType.HEALTH, Ownership.STATE),
    ("school", "Государственное учреждение образования {genitive}", PartnerType.EDUCATION, Ownership.STATE),
    ("education", "Комитет по образованию {genitive}", PartnerType.EDUCATION, Ownership.MUNICIPAL),
    (
        "culture",
        "Комитет по культуре, молодёжной политике, физической культуре и спорту {genitive}",
        PartnerType.YOUTH_SPORT,
        Ownership.MUNICIPAL,
    ),
    (
        "ministry",
        "Территориальный отдел министерства труда и социальной защиты Тульской области по обслуживанию {genitive}",
        PartnerType.SOCIAL_SUPPORT,
        Ownership.STATE,
    ),
    ("employment", "Центр занятости населения {genitive}", PartnerType.EMPLOYMENT, Ownership.STATE),
    ("protection", "Отдел социальной защиты населения {genitive}", PartnerType.SOCIAL_SUPPORT, Ownership.STATE),
    ("registry", "Сектор ЗАГС {genitive}", PartnerType.CIVIL_REGISTRY, Ownership.MUNICIPAL),
    ("bailiffs", "Отдел судебных приставов {genitive}", PartnerType.BAILIFFS, Ownership.STATE),
    ("migration", "Миграционная служба {genitive}", PartnerType.MIGRATION, Ownership.STATE),
    ("pension", "Отдел пенсионного фонда {genitive}", PartnerType.PENSION_FUND, Ownership.STATE),
    ("parish", "Православный приход Тульской епархии, {title}", PartnerType.RELIGIOUS, Ownership.RELIGIOUS),
    ("club", "Сельский Дом культуры, {title}", PartnerType.CULTURE, Ownership.MUNICIPAL),
)
DISTRICT_CODES = ("dubna", "tyoploye", "chern", "shchyokino")

PARTNERS = (
    *(
        PartnerData(
            code=f"tula-{agency}-{code}",
            title=pattern.format(title=district.title, genitive=district.genitive),
            kind=kind,
            ownership=ownership,
            municipality=district.title,
            named=False,
        )
        for code, district in zip(DISTRICT_CODES, MUNICIPALITIES, strict=True)
        for agency, pattern, kind, ownership in AGENCIES
    ),
    PartnerData(
        code="tula-volunteers",
        title="Благотворительный фонд «Волонтёры в помощь детям-сиротам», г. Москва",
        kind=PartnerType.CHARITY_FUND,
        ownership=Ownership.PUBLIC,
    ),
    PartnerData(
        code="tula-start",
        title="АНО «Центр социальной и правовой помощи детям «Старт в будущее», г. Калуга",
        kind=PartnerType.ANO,
        ownership=Ownership.PUBLIC,
    ),
    PartnerData(
        code="tula-eco",
        title=(
            "Ассоциация содействия деятельности в сфере экологии, экологической культуры и охраны окружающей среды "
            "«ЭКОИНИЦИАТИВА»"
        ),
        kind=PartnerType.NGO,
        ownership=Ownership.PUBLIC,
    ),
)


def _team(code: str, district: TerritoryData) -> BodyData:
    """The municipal interagency team, which plans the work with families and changes the plans together."""
    members = (
        ("Участковый педиатр", f"Государственное учреждение здравоохранения {district.genitive}"),
        ("Главный специалист", f"Комитет по образованию {district.genitive}"),
        ("Ведущий инспектор", f"Центр занятости населения {district.genitive}"),
        ("Начальник отдела", f"Отдел социальной защиты населения {district.genitive}"),
    )
    return BodyData(
        code=code,
        kind=BasisBody.WORKING_GROUP,
        title=f"Муниципальная межведомственная команда {district.genitive}",
        municipality=district.title,
        institution=INSTITUTION,
        seats=(
            SeatData(
                role=SeatRole.CHAIR,
                post="Заместитель главы администрации",
                organisation=f"Администрация муниципального образования {district.title}",
            ),
            SeatData(role=SeatRole.DEPUTY, post="Заместитель директора", organisation=SHORT_NAME),
            SeatData(role=SeatRole.SECRETARY, post="Специалист по социальной работе", organisation=SHORT_NAME),
            *(SeatData(role=SeatRole.MEMBER, post=post, organisation=organisation) for post, organisation in members),
        ),
    )


TULA = RegionData(
    code="tula",
    number=1,
    title="Тульская область",
    authority=AUTHORITY,
    time_zone="Europe/Moscow",
    passport_office="УМВД России по Тульской области",
    # The source sets monitoring at least twice a year and no body by name; the interagency team is the nearest to one.
    policy=PolicyData(
        valid_from=date(2021, 1, 1),
        approving_body=ApprovingBody.WORKING_GROUP,
        basis="Практика «Семейная экспедиция «На пути к Надежде», 2021 г.",
    ),
    municipalities=MUNICIPALITIES,
    institutions=(
        InstitutionData(
            code=INSTITUTION,
            full_name=(
                "Государственное учреждение Тульской области «Социально-реабилитационный центр для "
                "несовершеннолетних № 4»"
            ),
            short_name=SHORT_NAME,
            legal_form="Государственное учреждение Тульской области",
            founder=AUTHORITY,
            municipalities=(DUBNA, TYOPLOYE, CHERN, SHCHYOKINO),
            departments=DEPARTMENTS,
            address="301164, Тульская обл., Дубенский р-н, п. Гвардейский, ул. Молодёжная, д. 11",
            phone="8 (48732) 3-26-68, 8 (48732) 3-26-85",
            email="srtc4.dubna@tularegion.ru",
            site="http://centrdubna.ru",
        ),
    ),
    bodies=tuple(
        _team(f"tula-team-{code}", district) for code, district in zip(DISTRICT_CODES, MUNICIPALITIES, strict=True)
    ),
    partners=PARTNERS,
    # Whom the practice is for by its own account: families in trouble at any stage, foster families, and families of
    # those who take part in the special military operation (a result of 2023).
    families=(
        FamilyGroupData(kind=FamilyKind.MOTHER, theme="service", categories=("SVO",), status=StatusKind.EARLY_TROUBLE),
        FamilyGroupData(
            kind=FamilyKind.TWO_PARENTS,
            theme="addiction",
            categories=("SOCIALLY_TROUBLED",),
            status=StatusKind.SOCIALLY_DANGEROUS,
        ),
        FamilyGroupData(kind=FamilyKind.LARGE, theme="housing", categories=("LARGE_FAMILY",)),
        FamilyGroupData(
            kind=FamilyKind.MOTHER,
            theme="parenting",
            categories=("SOCIALLY_TROUBLED", "SINGLE_PARENT"),
            status=StatusKind.SOCIALLY_DANGEROUS,
        ),
        FamilyGroupData(
            kind=FamilyKind.GUARDIAN, theme="foster", categories=("SUBSTITUTE",), status=StatusKind.EARLY_TROUBLE
        ),
        FamilyGroupData(kind=FamilyKind.TWO_PARENTS, theme="service", categories=("SVO",), status=None),
        FamilyGroupData(kind=FamilyKind.GRANDMOTHER, theme="parenting", categories=("SUBSTITUTE",)),
        FamilyGroupData(
            kind=FamilyKind.MOTHER, theme="divorce", categories=("SINGLE_PARENT",), status=StatusKind.EARLY_TROUBLE
        ),
    ),
    grounds=(Ground.APPLICATION, Ground.KDN, Ground.REFERRAL, Ground.COUNCIL),
    active_cases=18,
    closed_cases=11,
    legal_acts=(
        LegalActData(
            kind="Федеральный закон",
            issuer="Российская Федерация",
            number="442-ФЗ",
            signed_on=date(2013, 12, 28),
            title="Об основах социального обслуживания граждан в Российской Федерации",
        ),
    ),
    contract_authority="tula-protection-dubna",
    # «Sоседи» begins with a Latin S in the source: it is the practice's own spelling.
    forms_of_work=every_institution(
        "Семейный клуб «В кругу семьи»",
        "PRO школа для родителей онлайн «Воспитание без огорчений»",
        "Консультпункт «#МыВсегдаНаСвязи»",
        "«Sоседи»: поддержка кризисных и неблагополучных семей ресурсами местного сообщества",
        "Социальный контракт",
        "Психологическая гостиная «Лаборатория семейных отношений»",
        (
            "Акции «Сохраним семейные традиции», «Здоровые дети — счастье в семье», «Безопасность детей — "
            "безопасность семьи»"
        ),
        "Семейный игроклуб «ИграЯ»",
        "«Психологическая аптечка»",
        "Марафон-практикум для специалистов «Семья-ребёнок-социум»",
        "Оздоровительный онлайн-лагерь для детей",
        "Творческие семейные мастер-классы «Место хобби»",
        "«Семейный кинозал»",
        (
            "Летний семейный палаточный лагерь-интенсив «Мы вместе!» для детей и родителей, имеющих проблемы с "
            "зависимостью"
        ),
        "Летний семейный палаточный лагерь-интенсив «Содружество» для замещающих семей",
        "Летняя дворовая площадка для детей и взрослых «Лабиринт Отражений»",
        "Выездной микрореабилитационный центр",
        "Многодневные походы «Весёлая компания»",
        "Благотворительный интернет-магазин «Б/Утик»",
        "Материальная помощь семьям «Благотворительный семейный базар»",
        "Сообщество специалистов «ПРОдвижение к успеху»",
    ),
)
