"""Novgorod: the pilot of 2014 and 2015, with 22 working groups, 60 precinct commissions and 4 resource centres."""

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
    settlement,
    village,
    workers,
)
from families.enums import StatusKind
from partners.enums import Ownership, PartnerType

AUTHORITY = "Департамент труда и социальной защиты населения Новгородской области"
METHODICAL, NOVGOROD_CENTRE, BOROVICHI_CENTRE = "novgorod-methodical", "novgorod-cspsid", "novgorod-borovichi"
VIKTORIA, CHILD_REHABILITATION = "novgorod-viktoria", "novgorod-rehabilitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A municipality with the number of its precinct commissions and the centre that serves it in the demo."""

    code: str
    territory: TerritoryData
    commissions: int
    institution: str = ""


def _district(
    code: str, adjective: str, genitive: str, commissions: int, *settlements: SettlementData, institution: str = ""
) -> District:
    territory = TerritoryData(
        title=f"{adjective} муниципальный район",
        genitive=f"{genitive} муниципального района",
        settlements=settlements,
    )
    return District(code=code, territory=territory, commissions=commissions, institution=institution)


# The source says "22 working groups" and "60 precinct commissions" and names no municipality. In those years the region
# had exactly 21 districts and one city; how many commissions each had is our guess, the sum is the source's.
DISTRICTS = (
    District(
        code="velikiy-novgorod",
        territory=TerritoryData(
            title="Городской округ Великий Новгород",
            genitive="городского округа Великий Новгород",
            settlements=(city("Великий Новгород"),),
        ),
        commissions=8,
        institution=NOVGOROD_CENTRE,
    ),
    _district("batetskiy", "Батецкий", "Батецкого", 1, settlement("Батецкий")),
    _district("borovichi", "Боровичский", "Боровичского", 6, city("Боровичи"), institution=BOROVICHI_CENTRE),
    _district("valday", "Валдайский", "Валдайского", 3, city("Валдай")),
    _district("volot", "Волотовский", "Волотовского", 1, settlement("Волот")),
    _district("demyansk", "Демянский", "Демянского", 2, workers("Демянск")),
    _district("kresttsy", "Крестецкий", "Крестецкого", 3, workers("Крестцы"), institution=VIKTORIA),
    _district("lyubytino", "Любытинский", "Любытинского", 2, workers("Любытино"), workers("Неболчи")),
    _district(
        "malaya-vishera",
        "Маловишерский",
        "Маловишерского",
        3,
        city("Малая Вишера"),
        workers("Большая Вишера"),
        institution=VIKTORIA,
    ),
    _district("maryovo", "Марёвский", "Марёвского", 1, village("Марёво")),
    _district("moshenskoye", "Мошенской", "Мошенского", 2, village("Мошенское"), institution=BOROVICHI_CENTRE),
    _district(
        "novgorod",
        "Новгородский",
        "Новгородского",
        4,
        workers("Панковка"),
        workers("Пролетарий"),
        institution=NOVGOROD_CENTRE,
    ),
    _district("okulovka", "Окуловский", "Окуловского", 4, city("Окуловка"), workers("Кулотино"), workers("Угловка")),
    _district("parfino", "Парфинский", "Парфинского", 2, workers("Парфино"), institution=CHILD_REHABILITATION),
    _district("pestovo", "Пестовский", "Пестовского", 3, city("Пестово")),
    _district("poddorye", "Поддорский", "Поддорского", 1, village("Поддорье")),
    _district("soltsy", "Солецкий", "Солецкого", 2, city("Сольцы"), institution=CHILD_REHABILITATION),
    _district(
        "staraya-russa", "Старорусский", "Старорусского", 4, city("Старая Русса"), institution=CHILD_REHABILITATION
    ),
    _district("khvoynaya", "Хвойнинский", "Хвойнинского", 2, workers("Хвойная"), institution=BOROVICHI_CENTRE),
    _district("kholm", "Холмский", "Холмского", 1, city("Холм")),
    _district(
        "chudovo", "Чудовский", "Чудовского", 3, city("Чудово"), workers("Краснофарфорный"), institution=VIKTORIA
    ),
    _district("shimsk", "Шимский", "Шимского", 2, workers("Шимск"), institution=NOVGOROD_CENTRE),
)


def _served_by(institution: str) -> tuple[TerritoryData, ...]:
    return tuple(district.territory for district in DISTRICTS if district.institution == institution)


def _department(code: str, title: str, territories: tuple[TerritoryData, ...]) -> DepartmentData:
    """A territorial support service; curators are social work specialists (the source), the numbers are ours."""
    return DepartmentData(
        code=code,
        title=title,
        staff=(
            StaffData(position="Заведующий отделением", count=1, role=Role.DEPARTMENT_HEAD),
            StaffData(position="Специалист по социальной работе (куратор)", count=4),
            StaffData(position="Психолог", count=1),
            StaffData(position="Социальный педагог", count=1),
        ),
        precincts=tuple(
            PrecinctData(
                title=f"Участок № {number} «{territory.settlements[0].title}»",
                settlements=tuple(place.title for place in territory.settlements),
            )
            for number, territory in enumerate(territories, start=1)
        ),
    )


LEGAL_FORM = "Областное автономное учреждение социального обслуживания"
CENTRE_OF_AID = "центр социальной помощи семье и детям"

# The source names these centres without addresses; theirs are invented.
INSTITUTIONS = (
    InstitutionData(
        code=NOVGOROD_CENTRE,
        full_name=f"{LEGAL_FORM} «Новгородский {CENTRE_OF_AID}»",
        short_name="ОАУСО «Новгородский ЦСПСиД»",
        legal_form=LEGAL_FORM,
        founder=AUTHORITY,
        municipalities=tuple(territory.title for territory in _served_by(NOVGOROD_CENTRE)),
        address="173001, г. Великий Новгород, ул. Садовая, д. 14",
        departments=(
            _department(
                "novgorod-cspsid-support",
                "Отделение социального сопровождения семей с детьми",
                _served_by(NOVGOROD_CENTRE),
            ),
            _department("novgorod-cspsid-prevention", "Отделение профилактики семейного неблагополучия", ()),
        ),
        statuses=(InstitutionStatus.RESOURCE_CENTRE,),
    ),
    InstitutionData(
        code=BOROVICHI_CENTRE,
        full_name=f"{LEGAL_FORM} «Боровичский {CENTRE_OF_AID}»",
        short_name="ОАУСО «Боровичский ЦСПСиД»",
        legal_form=LEGAL_FORM,
        founder=AUTHORITY,
        municipalities=tuple(territory.title for territory in _served_by(BOROVICHI_CENTRE)),
        address="174400, Новгородская обл., г. Боровичи, ул. Советская, д. 27",
        departments=(
            _department(
                "novgorod-borovichi-support",
                "Отделение сопровождения приёмных и замещающих семей",
                _served_by(BOROVICHI_CENTRE),
            ),
        ),
        statuses=(InstitutionStatus.RESOURCE_CENTRE,),
    ),
    InstitutionData(
        code=VIKTORIA,
        full_name=f"{LEGAL_FORM} «Реабилитационный центр «Виктория»",
        short_name="ОАУСО «Реабилитационный центр «Виктория»",
        legal_form=LEGAL_FORM,
        founder=AUTHORITY,
        municipalities=tuple(territory.title for territory in _served_by(VIKTORIA)),
        address="173009, г. Великий Новгород, ул. Полевая, д. 6",
        departments=(
            _department(
                "novgorod-viktoria-support",
                "Отделение сопровождения семей, имеющих детей-инвалидов и детей с ОВЗ",
                _served_by(VIKTORIA),
            ),
        ),
        statuses=(InstitutionStatus.RESOURCE_CENTRE,),
    ),
    InstitutionData(
        code=CHILD_REHABILITATION,
        full_name=f"{LEGAL_FORM} «Реабилитационный центр для детей и подростков с ограниченными возможностями»",
        short_name="ОАУСО «Реабилитационный центр для детей и подростков с ограниченными возможностями»",
        legal_form=LEGAL_FORM,
        founder=AUTHORITY,
        municipalities=tuple(territory.title for territory in _served_by(CHILD_REHABILITATION)),
        address="173016, г. Великий Новгород, ул. Школьная, д. 33",
        departments=(
            _department(
                "novgorod-rehabilitation-support",
                "Отделение социального сопровождения",
                _served_by(CHILD_REHABILITATION),
            ),
        ),
    ),
    # «Методический центр» of the source; its contact page gives the full name. It serves institutions, not families.
    InstitutionData(
        code=METHODICAL,
        full_name=(
            "Областное автономное учреждение «Новгородский областной центр развития социального обслуживания населения»"
        ),
        short_name="ОАУ «Методический центр»",
        legal_form="Областное автономное учреждение",
        founder=AUTHORITY,
        municipalities=(),
        departments=(),
        address="173003, г. Великий Новгород, ул. Лазаревская, д. 18",
        phone="8 (8162) 77-24-28",
        site="http://methodcenter.ucoz.ru",
        statuses=(InstitutionStatus.RESOURCE_CENTRE,),
    ),
)

# The source speaks of "interested organisations" and names none: bodies that every municipality has.
AGENCIES = (
    ("kdn", "Комиссия по делам несовершеннолетних и защите их прав {genitive}", PartnerType.KDN, Ownership.MUNICIPAL),
    ("education", "Комитет образования администрации {genitive}", PartnerType.EDUCATION, Ownership.MUNICIPAL),
    ("employment", "Отдел занятости населения {genitive}", PartnerType.EMPLOYMENT, Ownership.STATE),
    ("protection", "Отдел социальной защиты населения {genitive}", PartnerType.SOCIAL_SUPPORT, Ownership.STATE),
)
POSTS = ("Ответственный секретарь", "Главный специалист", "Ведущий инспектор", "Начальник отдела")
PARTNERS = tuple(
    PartnerData(
        code=f"novgorod-{agency}-{district.code}",
        title=pattern.format(genitive=district.territory.genitive),
        kind=kind,
        ownership=ownership,
        municipality=district.territory.title,
        named=False,
    )
    for district in DISTRICTS
    for agency, pattern, kind, ownership in AGENCIES
)


def _keeper(district: District) -> str:
    """The institution inside which a body works; by kind where the source names none for the municipality."""
    names = {institution.code: institution.short_name for institution in INSTITUTIONS}
    return names.get(district.institution, "Учреждение социального обслуживания населения")


def _working_group(district: District) -> BodyData:
    """A group that approves programmes, headed by a deputy head of the administration (the source)."""
    genitive = district.territory.genitive
    return BodyData(
        code=f"novgorod-group-{district.code}",
        kind=BasisBody.WORKING_GROUP,
        title=f"Межведомственная рабочая группа {genitive}",
        municipality=district.territory.title,
        institution=district.institution,
        seats=(
            SeatData(
                role=SeatRole.CHAIR, post="Заместитель главы администрации", organisation=f"Администрация {genitive}"
            ),
            SeatData(role=SeatRole.DEPUTY, post="Заместитель директора", organisation=_keeper(district)),
            SeatData(role=SeatRole.SECRETARY, post="Специалист по социальной работе", organisation=_keeper(district)),
            *(
                SeatData(role=SeatRole.MEMBER, post=post, organisation=pattern.format(genitive=genitive))
                for post, (_, pattern, _, _) in zip(POSTS, AGENCIES, strict=True)
            ),
        ),
    )


def _commission(district: District, number: int) -> BodyData:
    """A precinct commission draws up the joint plan inside an institution of social services."""
    return BodyData(
        code=f"novgorod-commission-{district.code}-{number}",
        kind=BasisBody.PRECINCT_COMMISSION,
        title=f"Участковая социальная комиссия № {number} {district.territory.genitive}",
        municipality=district.territory.title,
        institution=district.institution,
        seats=(
            SeatData(role=SeatRole.CHAIR, post="Заведующий отделением", organisation=_keeper(district)),
            SeatData(role=SeatRole.SECRETARY, post="Специалист по социальной работе", organisation=_keeper(district)),
            SeatData(role=SeatRole.MEMBER, post="Психолог", organisation=_keeper(district)),
        ),
    )


# The categories that the source lists, at the institutions whose speciality they are.
DISABLED_AT = ("novgorod-viktoria-support", "novgorod-rehabilitation-support")
FOSTER_AT = ("novgorod-borovichi-support",)
FAMILIES = (
    FamilyGroupData(kind=FamilyKind.LARGE, theme="housing", categories=("LARGE_FAMILY",)),
    FamilyGroupData(kind=FamilyKind.MOTHER, theme="employment", categories=("SINGLE_PARENT",), low_income=True),
    FamilyGroupData(
        kind=FamilyKind.TWO_PARENTS,
        theme="addiction",
        categories=("SOCIALLY_TROUBLED",),
        status=StatusKind.SOCIALLY_DANGEROUS,
    ),
    FamilyGroupData(
        kind=FamilyKind.FATHER, theme="divorce", categories=("SINGLE_PARENT",), status=StatusKind.EARLY_TROUBLE
    ),
    FamilyGroupData(
        kind=FamilyKind.GUARDIAN,
        theme="foster",
        categories=("SUBSTITUTE",),
        status=StatusKind.EARLY_TROUBLE,
        departments=FOSTER_AT,
    ),
    FamilyGroupData(kind=FamilyKind.MOTHER, theme="newborn", categories=("REFUSAL_RISK",), departments=FOSTER_AT),
    FamilyGroupData(
        kind=FamilyKind.GRANDMOTHER, theme="foster", categories=("SUBSTITUTE",), status=None, departments=FOSTER_AT
    ),
    FamilyGroupData(
        kind=FamilyKind.TWO_PARENTS,
        theme="disability",
        categories=("DISABLED_CHILD",),
        status=None,
        departments=DISABLED_AT,
    ),
    FamilyGroupData(
        kind=FamilyKind.MOTHER,
        theme="disability",
        categories=("DISABLED_CHILD", "SINGLE_PARENT"),
        departments=DISABLED_AT,
    ),
    FamilyGroupData(
        kind=FamilyKind.TWO_PARENTS,
        theme="disability",
        categories=("HEALTH_LIMITED_UNDER_3",),
        status=None,
        departments=DISABLED_AT,
    ),
    FamilyGroupData(kind=FamilyKind.MOTHER, theme="disability", categories=("BLIND_CHILD",), departments=DISABLED_AT),
)


NOVGOROD = RegionData(
    code="novgorod",
    number=4,
    title="Новгородская область",
    authority=AUTHORITY,
    time_zone="Europe/Moscow",
    passport_office="УМВД России по Новгородской области",
    policy=PolicyData(
        valid_from=date(2014, 1, 1),
        approving_body=ApprovingBody.WORKING_GROUP,
        basis=(
            "Пилотный проект по внедрению социального сопровождения семей с детьми, в том числе приёмных и замещающих "
            "семей, на 2014–2015 годы в Новгородской области"
        ),
    ),
    municipalities=tuple(district.territory for district in DISTRICTS),
    institutions=INSTITUTIONS,
    bodies=(
        *(_working_group(district) for district in DISTRICTS),
        *(_commission(district, number) for district in DISTRICTS for number in range(1, district.commissions + 1)),
    ),
    partners=PARTNERS,
    families=FAMILIES,
    grounds=(Ground.APPLICATION, Ground.APPLICATION, Ground.REFERRAL, Ground.COUNCIL),
    active_cases=21,
    closed_cases=7,
    legal_acts=(
        LegalActData(
            kind="Федеральный закон",
            issuer="Российская Федерация",
            number="442-ФЗ",
            signed_on=date(2013, 12, 28),
            title="Об основах социального обслуживания граждан в Российской Федерации",
        ),
    ),
    resource_centres=(
        ResourceCentreData(
            institution=METHODICAL,
            speciality="Информационное и методическое сопровождение пилотного проекта",
        ),
        ResourceCentreData(
            institution=NOVGOROD_CENTRE,
            speciality=(
                "Информационное и методическое сопровождение специалистов, работающих с несовершеннолетними "
                "правонарушителями, подростками, находящимися в конфликте с законом, с детьми и семьями, "
                "находящимися в социально опасном положении"
            ),
        ),
        ResourceCentreData(
            institution=BOROVICHI_CENTRE,
            speciality=(
                "Информационное и методическое сопровождение специалистов служб профилактики отказов от "
                "новорождённых и сопровождения приёмных и замещающих семей"
            ),
        ),
        ResourceCentreData(
            institution=VIKTORIA,
            speciality=(
                "Информационное и методическое сопровождение специалистов служб сопровождения семей, имеющих "
                "детей-инвалидов и детей с ограниченными возможностями здоровья"
            ),
        ),
    ),
    contract_authority="novgorod-protection-velikiy-novgorod",
)
