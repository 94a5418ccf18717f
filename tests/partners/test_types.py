"""The types of partners that the sources name: each can be registered, and found in the register by its type."""

import pytest
from django.urls import reverse

from partners.enums import PartnerType
from partners.models import PartnerOrganisation
from tests.cast import Cast, client_of
from tests.factories.partners import PartnerFactory

pytestmark = pytest.mark.django_db

TYPES = [
    ("S0-78", {"EMPLOYMENT"}),
    ("S0-79", {"HEALTH"}),
    ("S0-80", {"POLICE"}),
    ("S0-81", {"EDUCATION", "PPMS"}),
    ("S0-82", {"GUARDIANSHIP"}),
    ("S0-84", {"RELIGIOUS"}),
    ("S0-85", {"CHARITY_FUND", "ANO", "PUBLIC_ORG"}),
    ("S0-47", {"PARENT_COMMUNITY", "BUSINESS"}),
    ("S1-69", {"MUNICIPALITY", "HEALTH", "EDUCATION", "CULTURE", "YOUTH_SPORT", "EMPLOYMENT", "SOCIAL_SUPPORT"}),
    ("S1-70", {"CIVIL_REGISTRY", "BAILIFFS", "MIGRATION", "PENSION_FUND"}),
    ("S1-71", {"RELIGIOUS", "CULTURE", "CHARITY_FUND", "ANO", "PUBLIC_ORG"}),
    ("S3-6", {"PDN"}),
    ("S3-7", {"HEALTH", "EDUCATION", "GUARDIANSHIP", "YOUTH_SPORT", "MUNICIPALITY", "EMPLOYMENT"}),
]


@pytest.mark.parametrize(
    "types", [pytest.param(types, marks=pytest.mark.requirement(code), id=code) for code, types in TYPES]
)
def test_partners_of_a_type_are_registered_and_found(cast: Cast, types: set[str]) -> None:
    head = client_of(cast.head)
    form = head.get(reverse("partners:partner_new")).context["form"]
    assert types <= {value for value, _title in form.fields["type"].choices}
    rows: dict[str, PartnerOrganisation] = {
        kind: PartnerFactory.create(institution=cast.institution, type=kind) for kind in PartnerType.values
    }
    register = reverse("partners:register")
    for kind in sorted(types):
        shown = [row["partner"] for row in head.get(register, {"type": kind}).context["rows"]]
        assert shown == [rows[kind]]
