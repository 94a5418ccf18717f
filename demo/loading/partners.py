"""Partners of a region as people know them: whom to ask, what has been agreed and until when, and who helps unpaid."""

from datetime import date, timedelta

from accounts.enums import Role
from accounts.models import Appointment, Institution, Region, User
from common.calendar import add_months
from common.history import acting, bulk_create_with_history
from common.text import typeset
from demo.loading.staff import YEARS_AT_WORK
from demo.names import People
from demo.structure import InstitutionData, RegionData
from partners.enums import TEMPLATE_OF_TYPE, AgreementTemplate, PartnerType
from partners.models import AgreementParty, ContactPerson, CooperationAgreement, PartnerOrganisation, Volunteer
from partners.services import approve_agreement

POSTS: dict[PartnerType, str] = {
    PartnerType.HEALTH: "Заведующий детской поликлиникой",
    PartnerType.EDUCATION: "Заместитель директора по воспитательной работе",
    PartnerType.PPMS: "Педагог-психолог",
    PartnerType.POLICE: "Старший участковый уполномоченный",
    PartnerType.PDN: "Старший инспектор",
    PartnerType.GUARDIANSHIP: "Главный специалист по опеке и попечительству",
    PartnerType.KDN: "Ответственный секретарь комиссии",
    PartnerType.EMPLOYMENT: "Ведущий инспектор",
    PartnerType.MUNICIPALITY: "Начальник отдела",
    PartnerType.RELIGIOUS: "Руководитель социального служения",
}
USUAL_POST = "Специалист по работе с партнёрами"
POST_FOR_CONTRACTS = "Специалист по социальным контрактам"

TERMS = (
    (timedelta(days=-345), timedelta(days=20)),
    (timedelta(days=-200), timedelta(days=530)),
    (timedelta(days=-90), timedelta(days=275)),
    (timedelta(days=-700), timedelta(days=-5)),
)
"""Signed and ending so many days from today: one that ends within a month, two in force, one that has just run out."""

DATA_SCOPE = "Фамилия, имя, отчество, возраст и адрес члена семьи: для оказания помощи, с его согласия."
OFFERS = ("Помогает с ремонтом жилья", "Занимается с детьми русским языком и математикой", "Возит семьи к врачу")


def load_partners(data: RegionData, region: Region, people: People, today: date) -> None:
    """Write the contact persons of the region's partners, and each institution's agreements and volunteers."""
    partners = {row.title: row for row in PartnerOrganisation.objects.filter(region=region)}
    _load_contacts([partners[typeset(partner.title)] for partner in data.partners], people)
    institutions = {row.code: row for row in Institution.objects.filter(region=region)}
    for source in data.institutions:
        near = [partners[title] for title in _titles_near(data, source)]
        _load_agreements(institutions[source.code], near, today)
        _load_volunteers(institutions[source.code], people, today)


def _load_contacts(partners: list[PartnerOrganisation], people: People) -> None:
    """One person at each partner, to be asked first."""
    rows = []
    for partner in partners:
        person = people.colleague()
        rows.append(
            ContactPerson(
                partner=partner,
                last_name=person.last_name,
                first_name=person.first_name,
                patronymic=person.patronymic,
                post=POSTS.get(PartnerType(partner.type), USUAL_POST),
                phone=person.phone,
                is_main=True,
            )
        )
    bulk_create_with_history(rows, actor=None)


def load_contract_specialist(data: RegionData, region: Region, today: date) -> User:
    """Give the contact person at the authority that concludes contracts a sign-in of the demo; return the account."""
    contact = ContactPerson.objects.get(
        partner__region=region, partner__title=typeset(data.partner(data.contract_authority).title), is_main=True
    )
    contact.post = POST_FOR_CONTRACTS
    contact.user = User.objects.create(
        username=f"contracts@{data.code}.demo",
        last_name=contact.last_name,
        first_name=contact.first_name,
        patronymic=contact.patronymic,
        post=contact.post,
        password=User.objects.get(username=f"secretary@{data.code}.demo").password,
    )
    contact.save()
    since = add_months(today, -12 * YEARS_AT_WORK)
    Appointment.objects.create(user=contact.user, role=Role.CONTRACT_SPECIALIST, region=region, starts_on=since)
    return contact.user


def _titles_near(data: RegionData, institution: InstitutionData) -> list[str]:
    """The partners that work where the institution does, or in the whole region."""
    served = {"", *institution.municipalities}
    return [typeset(partner.title) for partner in data.partners if partner.municipality in served]


def _load_agreements(institution: Institution, partners: list[PartnerOrganisation], today: date) -> None:
    """Agreements of every term with the first partners, entered and approved by the director in office."""
    director = User.objects.get(appointments__institution=institution, appointments__role=Role.DIRECTOR)
    for place, (partner, (signed, ends)) in enumerate(zip(partners, TERMS, strict=False)):
        with acting(director):
            agreement = CooperationAgreement.objects.create(
                institution=institution,
                template=TEMPLATE_OF_TYPE.get(partner.type, AgreementTemplate.GENERAL),
                subject="Взаимодействие при социальном сопровождении семей с детьми",
                ends_on=today + ends,
                allows_data_exchange=place == 0,
                data_scope=DATA_SCOPE if place == 0 else "",
                entered_by=director,
            )
            AgreementParty.objects.create(agreement=agreement, partner=partner)
        approve_agreement(agreement=agreement, actor=director, signed_on=today + signed, on=today + signed)


def _load_volunteers(institution: Institution, people: People, today: date) -> None:
    rows = []
    for place, offers in enumerate(OFFERS):
        person = people.colleague()
        rows.append(
            Volunteer(
                institution=institution,
                last_name=person.last_name,
                first_name=person.first_name,
                patronymic=person.patronymic,
                phone=person.phone,
                offers=offers,
                first_involved_on=add_months(today, -4 * (place + 1)),
            )
        )
    bulk_create_with_history(rows, actor=None)
