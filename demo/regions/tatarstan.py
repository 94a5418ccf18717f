"""Tatarstan: the centre «Шафкатъ» of Sarmanovo district, its seven steps from a message to support."""

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
    PartnerData,
    PolicyData,
    PrecinctData,
    RegionData,
    SeatData,
    StaffData,
    TerritoryData,
    every_institution,
    settlement,
    urban,
    village,
)
from families.enums import StatusKind
from partners.enums import Ownership, PartnerType

AUTHORITY = "Министерство труда, занятости и социальной защиты Республики Татарстан"
INSTITUTION = "tatarstan-shafkat"
SHORT_NAME = "ГАУСО «КЦСОН «Шафкатъ» МТЗ и СЗ РТ в Сармановском муниципальном районе»"
SARMANOVO = "Сармановский муниципальный район"
GENITIVE = "Сармановского муниципального района"

# The source names the district only; the settlements are those of it known for certain.
MUNICIPALITIES = (
    TerritoryData(
        title=SARMANOVO,
        genitive=GENITIVE,
        settlements=(
            village("Сарманово"),
            urban("Джалиль"),
            village("Азалаково"),
            village("Александровская Слобода"),
            village("Большое Нуркеево"),
            village("Лякино", remote=True),
            village("Муртыш-Тамак", remote=True),
            settlement("Петровский Завод"),
            village("Рангазар"),
            village("Саклов-Баш", remote=True),
        ),
    ),
)

# The department is the source's, as is the work by precincts; the numbers of staff and the borders are ours.
DEPARTMENT = DepartmentData(
    code="tatarstan-shafkat-ospsd",
    title="Отделение социальной помощи семье и детям",
    staff=(
        StaffData(position="Заведующий отделением", count=1, role=Role.DEPARTMENT_HEAD),
        StaffData(position="Специалист по социальной работе", count=4),
        StaffData(position="Психолог", count=1),
        StaffData(position="Социальный педагог", count=1),
        StaffData(position="Юрисконсульт", count=1),
        StaffData(position="Дежурный специалист", count=1, role=Role.DUTY_OFFICER),
    ),
    precincts=(
        PrecinctData(
            title="Социальный участок № 1 «Сарманово»", settlements=("Сарманово", "Азалаково", "Муртыш-Тамак")
        ),
        PrecinctData(title="Социальный участок № 2 «Джалиль»", settlements=("Джалиль", "Лякино")),
        PrecinctData(
            title="Социальный участок № 3 «Петровский Завод»",
            settlements=("Петровский Завод", "Александровская Слобода", "Рангазар"),
        ),
        PrecinctData(title="Социальный участок № 4 «Большое Нуркеево»", settlements=("Большое Нуркеево", "Саклов-Баш")),
    ),
)


def _agency(code: str, title: str, kind: PartnerType, ownership: Ownership) -> PartnerData:
    """An agency of the practice. The source names it by kind («ЦРБ», «РОО»); the district is added."""
    return PartnerData(
        code=f"tatarstan-{code}", title=title, kind=kind, ownership=ownership, municipality=SARMANOVO, named=False
    )


PDN = "Подразделение по делам несовершеннолетних отдела внутренних дел по Сармановскому району"
HOSPITAL = "Сармановская центральная районная больница"
EDUCATION = f"Районный отдел образования {GENITIVE}"
GUARDIANSHIP = f"Отдел опеки и попечительства {GENITIVE}"
YOUTH = f"Отдел по делам молодёжи и спорту {GENITIVE}"
EMPLOYMENT = f"Центр занятости населения {GENITIVE}"

PARTNERS = (
    _agency(
        "protection",
        "Отдел социальной защиты в Сармановском муниципальном районе",
        PartnerType.SOCIAL_SUPPORT,
        Ownership.STATE,
    ),
    _agency("pdn", PDN, PartnerType.PDN, Ownership.STATE),
    _agency("hospital", HOSPITAL, PartnerType.HEALTH, Ownership.STATE),
    _agency("education", EDUCATION, PartnerType.EDUCATION, Ownership.MUNICIPAL),
    _agency("guardianship", GUARDIANSHIP, PartnerType.GUARDIANSHIP, Ownership.MUNICIPAL),
    _agency("youth", YOUTH, PartnerType.YOUTH_SPORT, Ownership.MUNICIPAL),
    _agency("sarmanovo", "Сармановское сельское поселение", PartnerType.MUNICIPALITY, Ownership.MUNICIPAL),
    _agency("rangazar", "Рангазарское сельское поселение", PartnerType.MUNICIPALITY, Ownership.MUNICIPAL),
    _agency("employment", EMPLOYMENT, PartnerType.EMPLOYMENT, Ownership.STATE),
    _agency(
        "kdn", f"Комиссия по делам несовершеннолетних и защите их прав {GENITIVE}", PartnerType.KDN, Ownership.MUNICIPAL
    ),
)

BODIES = (
    # The source has collegial decisions of an interagency team; it gives the team no title of its own.
    BodyData(
        code="tatarstan-team-sarmanovo",
        kind=BasisBody.WORKING_GROUP,
        title=f"Межведомственная команда {GENITIVE}",
        municipality=SARMANOVO,
        institution=INSTITUTION,
        seats=(
            SeatData(
                role=SeatRole.CHAIR,
                post="Заместитель руководителя исполнительного комитета по социальным вопросам",
                organisation=f"Исполнительный комитет {GENITIVE}",
            ),
            SeatData(role=SeatRole.DEPUTY, post="Заместитель директора", organisation=SHORT_NAME),
            SeatData(role=SeatRole.SECRETARY, post="Специалист по социальной работе", organisation=SHORT_NAME),
            SeatData(role=SeatRole.MEMBER, post="Инспектор по делам несовершеннолетних", organisation=PDN),
            SeatData(role=SeatRole.MEMBER, post="Районный педиатр", organisation=HOSPITAL),
            SeatData(role=SeatRole.MEMBER, post="Методист", organisation=EDUCATION),
            SeatData(role=SeatRole.MEMBER, post="Главный специалист", organisation=GUARDIANSHIP),
            SeatData(role=SeatRole.MEMBER, post="Ведущий специалист", organisation=YOUTH),
            SeatData(role=SeatRole.MEMBER, post="Ведущий инспектор", organisation=EMPLOYMENT),
        ),
    ),
)

TATARSTAN = RegionData(
    code="tatarstan",
    number=3,
    title="Республика Татарстан",
    authority=AUTHORITY,
    time_zone="Europe/Moscow",
    passport_office="МВД по Республике Татарстан",
    # The source has no date and no terms: the defaults hold.
    policy=PolicyData(
        valid_from=date(2020, 1, 1),
        approving_body=ApprovingBody.WORKING_GROUP,
        basis="Приказ о дополнительных мерах по повышению эффективности межведомственного взаимодействия",
    ),
    municipalities=MUNICIPALITIES,
    institutions=(
        InstitutionData(
            code=INSTITUTION,
            full_name=(
                "Государственное автономное учреждение социального обслуживания «Комплексный центр социального "
                "обслуживания населения «Шафкатъ» Министерства труда, занятости и социальной защиты Республики "
                "Татарстан в Сармановском муниципальном районе»"
            ),
            short_name=SHORT_NAME,
            legal_form="Государственное автономное учреждение социального обслуживания",
            founder=AUTHORITY,
            municipalities=(SARMANOVO,),
            departments=(DEPARTMENT,),
            # The source gives no address; this one is invented.
            address="423350, Республика Татарстан, Сармановский р-н, с. Сарманово, ул. Центральная, д. 21",
        ),
    ),
    bodies=BODIES,
    partners=PARTNERS,
    # The source names these papers without numbers and dates.
    # The five target groups of the source.
    families=(
        FamilyGroupData(
            kind=FamilyKind.TWO_PARENTS,
            theme="addiction",
            categories=("SOCIALLY_TROUBLED",),
            status=StatusKind.SOCIALLY_DANGEROUS,
        ),
        FamilyGroupData(
            kind=FamilyKind.MOTHER,
            theme="parenting",
            categories=("PARENTAL_NEGLECT",),
            status=StatusKind.SOCIALLY_DANGEROUS,
        ),
        FamilyGroupData(kind=FamilyKind.FATHER, theme="employment", categories=("NO_LIVELIHOOD",), low_income=True),
        FamilyGroupData(kind=FamilyKind.MOTHER, theme="divorce", categories=("ABUSE_VICTIM_CHILD",)),
        FamilyGroupData(
            kind=FamilyKind.THREE_GENERATIONS,
            theme="parenting",
            categories=("ADAPTATION_TROUBLE",),
            status=StatusKind.EARLY_TROUBLE,
        ),
        FamilyGroupData(
            kind=FamilyKind.LARGE, theme="employment", categories=("NO_LIVELIHOOD", "LARGE_FAMILY"), low_income=True
        ),
    ),
    grounds=(Ground.SIGNAL, Ground.SIGNAL, Ground.APPLICATION, Ground.KDN, Ground.SIGNAL, Ground.REFERRAL),
    active_cases=19,
    closed_cases=9,
    legal_acts=(),
    contract_authority="tatarstan-protection",
    forms_of_work=every_institution(
        "Индивидуальная работа с семьёй (оказание психологической, медицинской, правовой и иной помощи)",
        "Оказание экстренной психолого-педагогической помощи несовершеннолетнему",
        "Групповая реабилитационная помощь",
        "Рекреационная работа",
    ),
)
