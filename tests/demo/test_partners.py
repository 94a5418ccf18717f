"""Partners of a demo region: somebody to ask at each, agreements of every term, volunteers at each institution."""

import pytest

from accounts.context_processors import demo_logins
from accounts.enums import Role
from accounts.models import Institution
from common.text import typeset
from demo.loading import SEED
from demo.loading.partners import load_contract_specialist, load_partners
from demo.loading.staff import load_staff
from demo.loading.units import load_units
from demo.names import People
from demo.regions import REGIONS
from demo.structure import RegionData
from partners.models import ContactPerson, CooperationAgreement, PartnerOrganisation, Volunteer

pytestmark = pytest.mark.django_db


def test_the_partners_of_a_region_of_the_demo() -> None:
    data = next(region for region in REGIONS if region.code == "primorye")
    units = load_units(data)
    today = units.region.today()
    people = People(data, seed=SEED, today=today)
    load_staff(data, units, people)
    load_partners(data, units.region, people, today)

    asked_first = ContactPerson.objects.filter(is_main=True, partner__region=units.region)
    assert asked_first.count() == PartnerOrganisation.objects.filter(region=units.region).count() == len(data.partners)
    assert all(row.post and row.phone for row in asked_first)
    (home,) = Institution.objects.filter(region=units.region)
    register = PartnerOrganisation.objects.filter(region=units.region)
    assert [row.title for row in register.filter(institution=None)] == [data.partners[0].title]
    assert register.filter(institution=home).count() == len(data.partners) - 1
    for institution in Institution.objects.filter(region=units.region):
        agreements = list(CooperationAgreement.objects.filter(institution=institution))
        assert all(row.number and row.ends_on and row.parties.count() == 1 for row in agreements)
        assert [row.is_in_force(today) for row in sorted(agreements, key=lambda row: row.ends_on or today)] == [
            *(False, True, True, True)
        ]
        assert sum(row.is_expiring(today) for row in agreements) == 1
        assert sum(row.allows_data_exchange for row in agreements) == 1
        assert Volunteer.objects.filter(institution=institution).count() == 3


@pytest.mark.parametrize("data", REGIONS, ids=[data.code for data in REGIONS])
def test_somebody_at_the_authority_signs_in_for_its_contracts(data: RegionData) -> None:
    units = load_units(data)
    today = units.region.today()
    people = People(data, seed=SEED, today=today)
    load_staff(data, units, people)
    load_partners(data, units.region, people, today)
    user = load_contract_specialist(data, units.region, today)

    contact = ContactPerson.objects.get(user=user)
    assert contact.partner.title == typeset(data.partner(data.contract_authority).title)
    assert contact.partner.institution is None
    assert contact.full_name == user.get_full_name()
    (post,) = user.appointments.all()
    assert (post.role, post.region, post.institution) == (Role.CONTRACT_SPECIALIST, units.region, None)
    (shown,) = demo_logins()
    login = {"login": user.username, "password": "opora-demo", "title": Role.CONTRACT_SPECIALIST.label}
    assert login in shown["rows"]
