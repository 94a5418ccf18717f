"""The organisational side of a demo region as plain data: what the loader turns into rows, and nothing of a family.

A region module in `demo.regions` builds one `RegionData` from its source. Units are referred to by code, territories by
title. Names, addresses and numbers of acts are those of the sources; what a source leaves open is filled with what is
certainly there (the real settlements of a district) or with a plain descriptive title, and the module says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from accounts.enums import ApprovingBody, DeadlineShift, InstitutionStatus, Role, SettlementKind
from casework.enums import BasisBody, Ground
from common.text import NBSP
from councils.enums import SeatRole
from families.enums import StatusKind
from partners.enums import Ownership, PartnerType

FEDERATION = "Российская Федерация"

PREVENTION_TYPES = frozenset(
    {
        PartnerType.HEALTH,
        PartnerType.EDUCATION,
        PartnerType.POLICE,
        PartnerType.PDN,
        PartnerType.GUARDIANSHIP,
        PartnerType.KDN,
        PartnerType.EMPLOYMENT,
        PartnerType.SOCIAL_SUPPORT,
        PartnerType.YOUTH_SPORT,
    }
)
"""Bodies and institutions of the prevention system (120-FZ, article 4), who receive notices about a child."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementData:
    """A settlement of a municipality."""

    title: str
    kind: SettlementKind
    prefix: str
    is_remote: bool = False

    @property
    def is_rural(self) -> bool:
        return self.kind == SettlementKind.RURAL

    @property
    def address_title(self) -> str:
        """As addresses write it: «г. Владивосток»."""
        return f"{self.prefix}{NBSP}{self.title}"


def city(title: str) -> SettlementData:
    return SettlementData(title=title, kind=SettlementKind.CITY, prefix="г.")


def urban(title: str) -> SettlementData:
    """An urban-type settlement."""
    return SettlementData(title=title, kind=SettlementKind.URBAN, prefix="пгт")


def workers(title: str) -> SettlementData:
    """A workers' settlement."""
    return SettlementData(title=title, kind=SettlementKind.TOWN, prefix="рп")


def village(title: str, *, remote: bool = False) -> SettlementData:
    """A село."""
    return SettlementData(title=title, kind=SettlementKind.RURAL, prefix="с.", is_remote=remote)


def hamlet(title: str, *, remote: bool = False) -> SettlementData:
    """A деревня."""
    return SettlementData(title=title, kind=SettlementKind.RURAL, prefix="д.", is_remote=remote)


def settlement(title: str, *, remote: bool = False) -> SettlementData:
    """A rural посёлок."""
    return SettlementData(title=title, kind=SettlementKind.RURAL, prefix="п.", is_remote=remote)


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryData:
    """A municipality with its settlements. `genitive` is for titles: «комиссия … Дубенского района»."""

    title: str
    genitive: str
    settlements: tuple[SettlementData, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecinctData:
    """A part of the territory for one specialist; settlements by title."""

    title: str
    settlements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffData:
    """How many people hold a position, and the role they work in."""

    position: str
    count: int
    role: Role = Role.SPECIALIST


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentData:
    """A department."""

    code: str
    title: str
    staff: tuple[StaffData, ...] = ()
    precincts: tuple[PrecinctData, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionData:
    """A provider of social services. Its director is a person, hence invented by the loader."""

    code: str
    full_name: str
    short_name: str
    legal_form: str
    founder: str
    municipalities: tuple[str, ...]
    departments: tuple[DepartmentData, ...]
    address: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    statuses: tuple[InstitutionStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatData:
    """A place in a body: the post and organisation whose holder sits there."""

    role: SeatRole
    post: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyData:
    """A collegial body. `institution` keeps its papers; empty where the source names none for that territory."""

    code: str
    kind: BasisBody
    title: str
    municipality: str
    institution: str = ""
    seats: tuple[SeatData, ...] = ()
    established_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerData:
    """An organisation that helps families. `named`: it stands in the source by its own name, not as a kind."""

    code: str
    title: str
    kind: PartnerType
    ownership: Ownership
    municipality: str = ""
    named: bool = True

    @property
    def is_prevention_body(self) -> bool:
        return self.kind in PREVENTION_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalActData:
    """An act that rules the work; acts of the federation hold in every region."""

    kind: str
    issuer: str
    title: str
    number: str
    signed_on: date

    @property
    def is_federal(self) -> bool:
        return self.issuer == FEDERATION


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOfWorkData:
    """A form in which a practice works with families, and the institutions (codes) that carry it; empty: every one."""

    title: str
    institutions: tuple[str, ...] = ()


def every_institution(*titles: str) -> tuple[FormOfWorkData, ...]:
    """Forms of work of a practice that a region's institutions share."""
    return tuple(FormOfWorkData(title=title) for title in titles)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceCentreData:
    """A methodical centre at an institution."""

    institution: str
    speciality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyData:
    """The region's settings from a day on; field by field those of `accounts.RegionPolicy`."""

    valid_from: date
    approving_body: ApprovingBody
    basis: str
    visit_interval_months: int = 1
    term_min_months: int = 3
    term_max_months: int = 12
    follow_up_months: int = 12
    specialist_report_day: int = 1
    department_report_day: int = 3
    institution_report_day: int = 5
    report_deadline_shift: DeadlineShift = DeadlineShift.NONE
    quorum_percent: int = 50
    session_notice_days: int = 3


@unique
class FamilyKind(StrEnum):
    """Who brings the children up."""

    MOTHER = "MOTHER"
    FATHER = "FATHER"
    TWO_PARENTS = "TWO_PARENTS"
    LARGE = "LARGE"
    THREE_GENERATIONS = "THREE_GENERATIONS"
    GRANDMOTHER = "GRANDMOTHER"
    GUARDIAN = "GUARDIAN"


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyGroupData:
    """Families that a region's practice is for. `theme` is a code of `demo.loading.themes`.

    `categories` are codes of the dictionary, the main one first; `departments` alone work with them, if any are named.
    """

    kind: FamilyKind
    theme: str
    categories: tuple[str, ...] = ()
    status: StatusKind | None = StatusKind.HARDSHIP
    low_income: bool = False
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionData:
    """A region of the demo. Its `number`, 0 to 9, keeps the invented papers and telephones of regions apart.

    `families` and `grounds` come in turn; so many cases are on active support, and so many are closed;
    `with_contracts`: social contracts are what the practice is about.
    """

    code: str
    number: int
    title: str
    authority: str
    time_zone: str
    passport_office: str
    policy: PolicyData
    municipalities: tuple[TerritoryData, ...]
    institutions: tuple[InstitutionData, ...]
    bodies: tuple[BodyData, ...]
    partners: tuple[PartnerData, ...]
    legal_acts: tuple[LegalActData, ...]
    families: tuple[FamilyGroupData, ...]
    grounds: tuple[Ground, ...]
    active_cases: int
    closed_cases: int
    resource_centres: tuple[ResourceCentreData, ...] = ()
    contract_authority: str = ""
    forms_of_work: tuple[FormOfWorkData, ...] = ()
    with_contracts: bool = False

    def institution(self, code: str) -> InstitutionData:
        """The institution with this code; KeyError if there is none."""
        return {institution.code: institution for institution in self.institutions}[code]

    def partner(self, code: str) -> PartnerData:
        """The partner with this code; KeyError if there is none."""
        return {partner.code: partner for partner in self.partners}[code]

    def groups_of(self, department: str) -> tuple[FamilyGroupData, ...]:
        """The families that a department works with: its own groups, else those that no department claims."""
        own = tuple(group for group in self.families if department in group.departments)
        return own or tuple(group for group in self.families if not group.departments)

    def municipality(self, title: str) -> TerritoryData:
        """The municipality with this title; KeyError if there is none."""
        return {municipality.title: municipality for municipality in self.municipalities}[title]

    def departments(self) -> Iterator[tuple[InstitutionData, DepartmentData]]:
        """Every department with its institution."""
        for institution in self.institutions:
            for department in institution.departments:
                yield institution, department

    def settlements_of(self, institution: InstitutionData) -> tuple[SettlementData, ...]:
        """The settlements that an institution serves."""
        return tuple(place for title in institution.municipalities for place in self.municipality(title).settlements)

    def forms_of(self, institution_code: str) -> tuple[FormOfWorkData, ...]:
        """The forms of work that an institution carries."""
        return tuple(
            form for form in self.forms_of_work if not form.institutions or institution_code in form.institutions
        )
