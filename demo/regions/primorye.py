"""Primorye: support of families with a low income, 2020 to 2021, by the centre «Парус надежды» (Vladivostok)."""

from datetime import date

from accounts.enums import ApprovingBody, InstitutionStatus, Role
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
    ResourceCentreData,
    SeatData,
    StaffData,
    TerritoryData,
    city,
    every_institution,
    settlement,
    urban,
    village,
)
from families.enums import StatusKind
from partners.enums import Ownership, PartnerType

AUTHORITY = "Министерство труда и социальной политики Приморского края"
INSTITUTION = "primorye-parus"
SHORT_NAME = "КГБУСО «СРЦН «Парус надежды»"
VLADIVOSTOK = "Владивостокский городской округ"
KHASAN = "Хасанский муниципальный округ"

# The source counts 6 settlements of the city district, and 37 of Khasan, 6 of them urban. All 6 of each are here; of
# the 31 villages only those known for certain.
MUNICIPALITIES = (
    TerritoryData(
        title=VLADIVOSTOK,
        genitive="Владивостокского городского округа",
        settlements=(
            city("Владивосток"),
            settlement("Попова", remote=True),
            settlement("Рейнеке", remote=True),
            settlement("Русский"),
            settlement("Трудовое"),
            village("Береговое"),
        ),
    ),
    TerritoryData(
        title=KHASAN,
        genitive="Хасанского муниципального округа",
        settlements=(
            urban("Зарубино"),
            urban("Краскино"),
            urban("Посьет"),
            urban("Приморский"),
            urban("Славянка"),
            urban("Хасан"),
            village("Андреевка"),
            village("Барабаш"),
            village("Безверхово"),
            village("Витязь", remote=True),
            village("Гвоздево", remote=True),
            village("Занадворовка"),
            village("Кравцовка"),
            village("Овчинниково"),
            village("Перевозная", remote=True),
            village("Филипповка"),
            village("Цуканово", remote=True),
        ),
    ),
)

# The department, its services and the twelve posts of the support service are the source's; the precincts are not.
DEPARTMENT = DepartmentData(
    code="primorye-parus-semya",
    title="Отделение помощи семье и детям «Семь-Я»",
    staff=(
        StaffData(position="Заведующий отделением", count=1, role=Role.DEPARTMENT_HEAD),
        StaffData(position="Главный специалист Службы социального сопровождения", count=1),
        StaffData(position="Специалист по работе с семьёй", count=5),
        StaffData(position="Психолог в социальной сфере", count=5),
        StaffData(position="Юрисконсульт", count=1),
    ),
    precincts=(
        PrecinctData(title="Участок № 1 «Владивосток»", settlements=("Владивосток", "Трудовое", "Береговое")),
        PrecinctData(title="Участок № 2 «Острова»", settlements=("Русский", "Попова", "Рейнеке")),
        PrecinctData(
            title="Участок № 3 «Славянка»", settlements=("Славянка", "Зарубино", "Андреевка", "Витязь", "Безверхово")
        ),
        PrecinctData(
            title="Участок № 4 «Барабаш»",
            settlements=(
                "Барабаш",
                "Приморский",
                "Занадворовка",
                "Кравцовка",
                "Овчинниково",
                "Перевозная",
                "Филипповка",
            ),
        ),
        PrecinctData(
            title="Участок № 5 «Краскино»", settlements=("Краскино", "Посьет", "Хасан", "Гвоздево", "Цуканово")
        ),
    ),
)

PARTNERS = (
    PartnerData(
        code="primorye-cspn",
        title="КГКУ «Центр социальной поддержки населения Приморского края»",
        kind=PartnerType.SOCIAL_SUPPORT,
        ownership=Ownership.STATE,
    ),
    PartnerData(
        code="primorye-employment",
        title="КГКУ «Приморский центр занятости населения»",
        kind=PartnerType.EMPLOYMENT,
        ownership=Ownership.STATE,
    ),
    # The source writes the two clinics as one: «Владивостокская поликлиника № 3,5».
    PartnerData(
        code="primorye-clinic-3",
        title="КГБУЗ «Владивостокская поликлиника № 3»",
        kind=PartnerType.HEALTH,
        ownership=Ownership.STATE,
        municipality=VLADIVOSTOK,
    ),
    PartnerData(
        code="primorye-clinic-5",
        title="КГБУЗ «Владивостокская поликлиника № 5»",
        kind=PartnerType.HEALTH,
        ownership=Ownership.STATE,
        municipality=VLADIVOSTOK,
    ),
    PartnerData(
        code="primorye-khasan-hospital",
        title="КГБУЗ «Хасанская центральная больница»",
        kind=PartnerType.HEALTH,
        ownership=Ownership.STATE,
        municipality=KHASAN,
    ),
    PartnerData(
        code="primorye-ppms",
        title="МБОУ «Центр психолого-педагогической, медицинской и социальной помощи» г. Владивостока",
        kind=PartnerType.PPMS,
        ownership=Ownership.MUNICIPAL,
        municipality=VLADIVOSTOK,
    ),
    PartnerData(
        code="primorye-police-vladivostok",
        title="Управление МВД России по г. Владивостоку",
        kind=PartnerType.POLICE,
        ownership=Ownership.STATE,
        municipality=VLADIVOSTOK,
    ),
    PartnerData(
        code="primorye-police-khasan",
        title="Управление МВД России по Хасанскому муниципальному району",
        kind=PartnerType.POLICE,
        ownership=Ownership.STATE,
        municipality=KHASAN,
    ),
    PartnerData(
        code="primorye-khasan-education",
        title="МКУ «Управление образования Хасанского муниципального района»",
        kind=PartnerType.EDUCATION,
        ownership=Ownership.MUNICIPAL,
        municipality=KHASAN,
    ),
    PartnerData(
        code="primorye-rem",
        title="АНО «РЭМ поддержки и развития молодёжи»",
        kind=PartnerType.ANO,
        ownership=Ownership.PUBLIC,
    ),
    PartnerData(
        code="primorye-kolybel",
        title="АНО «Центр защиты семьи, материнства и детства «Колыбель»",
        kind=PartnerType.ANO,
        ownership=Ownership.PUBLIC,
    ),
    PartnerData(
        code="primorye-klyuchi",
        title="АНО «Ключи от сердца»",
        kind=PartnerType.ANO,
        ownership=Ownership.PUBLIC,
    ),
    PartnerData(
        code="primorye-vozrozhdenie",
        title="Дальневосточная общественная организация социальной поддержки «Возрождение»",
        kind=PartnerType.PUBLIC_ORG,
        ownership=Ownership.PUBLIC,
    ),
    PartnerData(
        code="primorye-yug",
        title="Приморская краевая общественная организация инвалидов «Юг Приморья»",
        kind=PartnerType.PUBLIC_ORG,
        ownership=Ownership.PUBLIC,
    ),
    PartnerData(
        code="primorye-vladmama",
        title="Благотворительный фонд добровольной помощи детям «Владмама»",
        kind=PartnerType.CHARITY_FUND,
        ownership=Ownership.PUBLIC,
    ),
    PartnerData(
        code="primorye-eparchy",
        title="Отдел по работе с семьёй Владивостокской епархии",
        kind=PartnerType.RELIGIOUS,
        ownership=Ownership.RELIGIOUS,
    ),
    PartnerData(
        code="primorye-guardianship-vladivostok",
        title="Управление опеки и попечительства г. Владивостока",
        kind=PartnerType.GUARDIANSHIP,
        ownership=Ownership.MUNICIPAL,
        municipality=VLADIVOSTOK,
    ),
    PartnerData(
        code="primorye-guardianship-khasan",
        title="Управление опеки и попечительства Хасанского муниципального района",
        kind=PartnerType.GUARDIANSHIP,
        ownership=Ownership.MUNICIPAL,
        municipality=KHASAN,
    ),
    PartnerData(
        code="primorye-kdn-vladivostok",
        title="Комиссия по делам несовершеннолетних и защите их прав Владивостокского городского округа",
        kind=PartnerType.KDN,
        ownership=Ownership.MUNICIPAL,
        municipality=VLADIVOSTOK,
    ),
    PartnerData(
        code="primorye-kdn-khasan",
        title="Комиссия по делам несовершеннолетних и защите их прав Хасанского муниципального округа",
        kind=PartnerType.KDN,
        ownership=Ownership.MUNICIPAL,
        municipality=KHASAN,
    ),
    PartnerData(
        code="primorye-large-families",
        title="Приморская региональная общественная организация «Совет многодетных родителей»",
        kind=PartnerType.PUBLIC_ORG,
        ownership=Ownership.PUBLIC,
    ),
    PartnerData(
        code="primorye-foster-families",
        title="Ассоциация приёмных семей Приморского края",
        kind=PartnerType.PARENT_COMMUNITY,
        ownership=Ownership.PUBLIC,
    ),
)


def _council(
    code: str, municipality: TerritoryData, administration: str, members: tuple[tuple[str, str], ...]
) -> BodyData:
    """A coordination council: the source names its kind, its chair's post and the sorts of its members."""
    return BodyData(
        code=code,
        kind=BasisBody.COORDINATION_COUNCIL,
        title=f"Координационный совет по социальному сопровождению семей с детьми {municipality.genitive}",
        municipality=municipality.title,
        institution=INSTITUTION,
        seats=(
            SeatData(
                role=SeatRole.CHAIR,
                post="Заместитель главы администрации, курирующий вопросы социальной сферы",
                organisation=administration,
            ),
            SeatData(role=SeatRole.DEPUTY, post="Заведующий отделением", organisation=SHORT_NAME),
            SeatData(role=SeatRole.SECRETARY, post="Специалист по работе с семьёй", organisation=SHORT_NAME),
            *(SeatData(role=SeatRole.MEMBER, post=post, organisation=organisation) for post, organisation in members),
        ),
    )


BODIES = (
    _council(
        "primorye-council-vladivostok",
        MUNICIPALITIES[0],
        "Администрация города Владивостока",
        (
            ("Начальник отдела", "КГКУ «Центр социальной поддержки населения Приморского края»"),
            ("Ведущий инспектор", "КГКУ «Приморский центр занятости населения»"),
            ("Заместитель главного врача", "КГБУЗ «Владивостокская поликлиника № 3»"),
            ("Инспектор по делам несовершеннолетних", "Управление МВД России по г. Владивостоку"),
            ("Главный специалист", "Управление опеки и попечительства г. Владивостока"),
            ("Директор", "АНО «Центр защиты семьи, материнства и детства «Колыбель»"),
            ("Координатор программ", "Благотворительный фонд добровольной помощи детям «Владмама»"),
        ),
    ),
    _council(
        "primorye-council-khasan",
        MUNICIPALITIES[1],
        "Администрация Хасанского муниципального округа",
        (
            ("Начальник отдела", "КГКУ «Центр социальной поддержки населения Приморского края»"),
            ("Районный педиатр", "КГБУЗ «Хасанская центральная больница»"),
            ("Главный специалист", "МКУ «Управление образования Хасанского муниципального района»"),
            ("Инспектор по делам несовершеннолетних", "Управление МВД России по Хасанскому муниципальному району"),
            ("Главный специалист", "Управление опеки и попечительства Хасанского муниципального района"),
        ),
    ),
    BodyData(
        code="primorye-incomes-khasan",
        kind=BasisBody.OTHER,
        title=(
            "Территориальная рабочая группа по повышению реальных доходов граждан, снижению уровня бедности "
            "Хасанского муниципального округа"
        ),
        municipality=KHASAN,
        institution=INSTITUTION,
        established_by="49-РД",
    ),
)

LEGAL_ACTS = (
    LegalActData(
        kind="Приказ",
        issuer=AUTHORITY,
        number="49-РД",
        signed_on=date(2020, 2, 17),
        title=(
            "О создании комиссии территориальных рабочих групп по повышению реальных доходов граждан, снижению уровня "
            "бедности в городах и районах Приморского края"
        ),
    ),
    LegalActData(
        kind="Приказ",
        issuer=AUTHORITY,
        number="343",
        signed_on=date(2020, 5, 15),
        title="О межведомственной мобильной бригаде «Друг, помощник, консультант»",
    ),
    LegalActData(
        kind="Приказ",
        issuer=AUTHORITY,
        number="730",
        signed_on=date(2020, 10, 26),
        title="Об организации работы Центра профессиональной ориентации «Твой выбор»",
    ),
    LegalActData(
        kind="Приказ",
        issuer=AUTHORITY,
        number="842",
        signed_on=date(2020, 12, 22),
        title="О реализации мероприятий Комплекса мер Приморского края на 2020–2021 годы",
    ),
    LegalActData(
        kind="Приказ",
        issuer=AUTHORITY,
        number="141",
        signed_on=date(2021, 3, 23),
        title=(
            "Об утверждении Порядка взаимодействия краевых государственных учреждений социального обслуживания семьи и "
            "детей и краевого государственного казенного учреждения «Центр социальной поддержки населения Приморского "
            "края» по организации социального сопровождения малоимущих семей с детьми, заключивших социальный контракт"
        ),
    ),
)

PRIMORYE = RegionData(
    code="primorye",
    number=0,
    title="Приморский край",
    authority=AUTHORITY,
    time_zone="Asia/Vladivostok",
    passport_office="УМВД России по Приморскому краю",
    policy=PolicyData(
        valid_from=date(2020, 1, 1),
        approving_body=ApprovingBody.COORDINATION_COUNCIL,
        basis="Модель социального сопровождения семей с детьми в Приморском крае; приказ от 23.03.2021 № 141",
        term_min_months=3,
        term_max_months=12,
    ),
    municipalities=MUNICIPALITIES,
    institutions=(
        InstitutionData(
            code=INSTITUTION,
            full_name=(
                "Краевое государственное бюджетное учреждение социального обслуживания "
                "«Социально-реабилитационный центр для несовершеннолетних «Парус надежды»"
            ),
            short_name=SHORT_NAME,
            legal_form="Краевое государственное бюджетное учреждение социального обслуживания",
            founder=AUTHORITY,
            municipalities=(VLADIVOSTOK, KHASAN),
            departments=(DEPARTMENT,),
            address="690024, Приморский край, г. Владивосток, ул. Маковского, д. 123",
            phone="+7 (423) 238-76-75",
            email="parusvl@bk.ru",
            site="https://parusnad-vl.ru",
            statuses=(InstitutionStatus.RESOURCE_CENTRE,),
        ),
    ),
    bodies=BODIES,
    partners=PARTNERS,
    legal_acts=LEGAL_ACTS,
    # The source is for families with a low income; its partners tell of large and foster families among them.
    families=(
        FamilyGroupData(
            kind=FamilyKind.MOTHER, theme="employment", categories=("LOW_INCOME", "SINGLE_PARENT"), low_income=True
        ),
        FamilyGroupData(
            kind=FamilyKind.LARGE, theme="housing", categories=("LOW_INCOME", "LARGE_FAMILY"), low_income=True
        ),
        FamilyGroupData(kind=FamilyKind.TWO_PARENTS, theme="employment", categories=("LOW_INCOME",), low_income=True),
        FamilyGroupData(
            kind=FamilyKind.GUARDIAN, theme="foster", categories=("SUBSTITUTE",), status=StatusKind.EARLY_TROUBLE
        ),
        FamilyGroupData(
            kind=FamilyKind.THREE_GENERATIONS, theme="parenting", categories=("LOW_INCOME",), low_income=True
        ),
        FamilyGroupData(
            kind=FamilyKind.FATHER, theme="divorce", categories=("LOW_INCOME", "SINGLE_PARENT"), low_income=True
        ),
        FamilyGroupData(
            kind=FamilyKind.MOTHER,
            theme="addiction",
            categories=("LOW_INCOME",),
            status=StatusKind.SOCIALLY_DANGEROUS,
            low_income=True,
        ),
    ),
    grounds=(Ground.APPLICATION, Ground.REFERRAL, Ground.APPLICATION, Ground.KDN),
    active_cases=20,
    closed_cases=8,
    with_contracts=True,
    resource_centres=(
        ResourceCentreData(
            institution=INSTITUTION,
            speciality=(
                "Содействие в подготовке специалистов, апробация и внедрение новых методов и технологий социального "
                "сопровождения"
            ),
        ),
    ),
    contract_authority="primorye-cspn",
    forms_of_work=every_institution(
        "Программа социальной адаптации для подростков «Трудоустройство»",
        "Программа социальной адаптации для подростков «Семья и семейные отношения»",
        "Программа социальной адаптации для подростков «Бюджет семьи»",
        "Программа социальной адаптации для подростков «Юридические основы брака»",
        "Профориентационный центр «Твой выбор»",
        "Мастерская «Столярное дело»",
        "Мастерская «Мультстудия»",
        "Мастерская «Издательское дело»",
        "Мастерская «Кулинарная студия»",
        "Проект «Семья для семьи»",
        "Форсайт-сессия для подростков",
        "Выезд межведомственной мобильной бригады «Друг, помощник, консультант»",
        "Социальная технология «Семейный выходной»",
        "Социальная акция «Мои соседи»",
    ),
)
