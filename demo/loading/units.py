"""Units of a region: territories, institutions with their departments and precincts, acts, partners, bodies."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.enums import TerritoryKind
from accounts.models import Department, Institution, Precinct, Region, RegionPolicy, Territory
from casework.models import FormOfWork
from common.history import bulk_create_with_history
from common.text import typeset
from councils.models import Council
from demo.structure import BodyData, InstitutionData, LegalActData, PartnerData, RegionData
from families.enums import PopulationGroup
from families.models import SubsistenceMinimum
from partners.models import PartnerOrganisation
from records.models import LegalAct

BODIES_SINCE = date(2020, 1, 1)
GENITIVES = (
    ("Координационный совет", "Координационного совета"),
    ("Межведомственная рабочая группа", "Межведомственной рабочей группы"),
    ("Межведомственная команда", "Межведомственной команды"),
    ("Муниципальная межведомственная команда", "Муниципальной межведомственной команды"),
    ("Участковая социальная комиссия", "Участковой социальной комиссии"),
)
# Invented sums, as the acts of the regions for these years are not among the sources.
MINIMUMS = {2024: 15_900, 2025: 17_800, 2026: 19_300}
MINIMUM_ACT = "Демонстрационное значение"
POLICY_FIELDS = (
    "valid_from",
    "approving_body",
    "basis",
    "visit_interval_months",
    "term_min_months",
    "term_max_months",
    "follow_up_months",
    "specialist_report_day",
    "department_report_day",
    "institution_report_day",
    "report_deadline_shift",
    "quorum_percent",
    "session_notice_days",
)


@dataclass(frozen=True)
class Units:
    """The rows of a region's units, by the codes and titles of its data."""

    region: Region
    territories: dict[str, Territory]
    """Settlements and municipalities by title; a settlement that shares its title with another is the last one."""
    institutions: dict[str, Institution]
    departments: dict[str, Department]
    precincts: list[Precinct]
    forms: dict[str, list[FormOfWork]]
    """Forms of work by the code of the institution that carries them."""


def load_units(data: RegionData) -> Units:
    """Write the units of a region."""
    region = Region.objects.create(
        code=data.code, title=data.title, authority_title=data.authority, time_zone=data.time_zone
    )
    RegionPolicy.objects.create(region=region, **{name: getattr(data.policy, name) for name in POLICY_FIELDS})
    _load_minimums(region)
    territories = _load_territories(data, region)
    specialities = {centre.institution: centre.speciality for centre in data.resource_centres}
    institutions = {
        row.code: _institution(row, region, territories, specialities.get(row.code, "")) for row in data.institutions
    }
    departments = {
        department.code: Department.objects.create(
            institution=institutions[institution.code],
            code=department.code,
            title=typeset(department.title),
            phone=institution.phone,
        )
        for institution, department in data.departments()
    }
    precincts = _load_precincts(data, departments, territories)
    _load_acts(data, region)
    _load_partners(data, region, institutions, territories)
    _load_bodies(data, region, institutions, territories)
    return Units(region, territories, institutions, departments, precincts, _load_forms(data))


def _load_minimums(region: Region) -> None:
    SubsistenceMinimum.objects.bulk_create(
        SubsistenceMinimum(
            region=region,
            valid_from=date(year, 1, 1),
            group=PopulationGroup.PER_CAPITA,
            amount=Decimal(amount),
            act=MINIMUM_ACT,
        )
        for year, amount in MINIMUMS.items()
    )


def _load_territories(data: RegionData, region: Region) -> dict[str, Territory]:
    found: dict[str, Territory] = {}
    for municipality in data.municipalities:
        parent = Territory.objects.create(region=region, kind=TerritoryKind.MUNICIPALITY, title=municipality.title)
        found[municipality.title] = parent
        for place in municipality.settlements:
            found[place.title] = Territory.objects.create(
                region=region,
                parent=parent,
                kind=TerritoryKind.SETTLEMENT,
                settlement_kind=place.kind,
                title=place.address_title,
                is_rural=place.is_rural,
                is_remote=place.is_remote,
            )
    return found


def _institution(
    data: InstitutionData, region: Region, territories: dict[str, Territory], speciality: str
) -> Institution:
    row = Institution.objects.create(
        region=region,
        code=data.code,
        full_name=typeset(data.full_name),
        short_name=typeset(data.short_name),
        legal_form=data.legal_form,
        founder=data.founder,
        address=typeset(data.address),
        phone=data.phone,
        email=data.email,
        site=data.site,
        statuses=list(data.statuses),
        speciality=speciality,
        director_ground="Устава",
    )
    row.municipalities.set([territories[title] for title in data.municipalities])
    return row


def _load_precincts(
    data: RegionData, departments: dict[str, Department], territories: dict[str, Territory]
) -> list[Precinct]:
    rows = []
    for _institution_data, department in data.departments():
        for precinct in department.precincts:
            row = Precinct.objects.create(
                department=departments[department.code],
                title=typeset(precinct.title),
                order_number="14-ОД",
                order_date=BODIES_SINCE,
            )
            row.settlements.set([territories[title] for title in precinct.settlements])
            rows.append(row)
    return rows


def _load_acts(data: RegionData, region: Region) -> None:
    """The acts that the source cites; several regions may cite the same one of the federation."""

    def act(source: LegalActData) -> LegalAct:
        return LegalAct(
            region=None if source.is_federal else region,
            issuer=source.issuer,
            kind=source.kind,
            number=source.number,
            dated=source.signed_on,
            title=source.title,
            in_force_from=source.signed_on,
        )

    LegalAct.objects.bulk_create(act(source) for source in data.legal_acts if not source.is_federal)
    federal = (act(source) for source in data.legal_acts if source.is_federal)
    LegalAct.objects.bulk_create(federal, ignore_conflicts=True)


def _load_forms(data: RegionData) -> dict[str, list[FormOfWork]]:
    """The forms of work of the region's practices, in the dictionary from which programmes and the journal choose."""
    first = FormOfWork.objects.count()
    rows = FormOfWork.objects.bulk_create(
        FormOfWork(code=f"{data.code}-{place}", title=typeset(form.title), position=first + place)
        for place, form in enumerate(data.forms_of_work, start=1)
    )
    known = dict(zip(data.forms_of_work, rows, strict=True))
    return {row.code: [known[form] for form in data.forms_of(row.code)] for row in data.institutions}


def _keeper(data: RegionData, partner: PartnerData) -> str:
    """Code of the institution that has entered a partner and keeps its row; "" for the region's own register.

    A partner is kept where it works, one of the whole region where a single institution works with families.
    """
    if partner.code == data.contract_authority:
        return ""
    working = [row for row in data.institutions if row.municipalities]
    near = [row.code for row in working if partner.municipality in {"", *row.municipalities}]
    return near[0] if len(near) == 1 else ""


def _load_partners(
    data: RegionData, region: Region, institutions: dict[str, Institution], territories: dict[str, Territory]
) -> None:
    bulk_create_with_history(
        [
            PartnerOrganisation(
                region=region,
                institution=institutions.get(_keeper(data, partner)),
                title=typeset(partner.title),
                type=partner.kind,
                ownership=partner.ownership,
                is_prevention_body=partner.is_prevention_body,
                territory=territories.get(partner.municipality),
                first_involved_on=BODIES_SINCE,
            )
            for partner in data.partners
        ],
        actor=None,
    )


def _load_bodies(
    data: RegionData, region: Region, institutions: dict[str, Institution], territories: dict[str, Territory]
) -> None:
    def council(body: BodyData) -> Council:
        return Council(
            region=region,
            institution=institutions.get(body.institution),
            territory=territories.get(body.municipality),
            kind=body.kind,
            title=typeset(body.title),
            title_genitive=in_genitive(typeset(body.title)),
            established_by=body.established_by,
            active_from=BODIES_SINCE,
        )

    bulk_create_with_history([council(body) for body in data.bodies], actor=None)


def in_genitive(title: str) -> str:
    """The title of a body as minutes need it: «заседания Координационного совета …»."""
    start, genitive = next(((start, after) for start, after in GENITIVES if title.startswith(start)), ("", ""))
    return title.replace(start, genitive, 1) if start else title
