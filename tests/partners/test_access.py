"""Who sees the register of partners and who keeps it (access rules 6.2, "Partner, agreement")."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from partners.models import CooperationAgreement, PartnerOrganisation, Volunteer
from tests.cast import Cast, client_of
from tests.factories.partners import AgreementFactory, ContactPersonFactory, PartnerFactory, VolunteerFactory

STAFF = ["specialist", "colleague", "neighbour", "head", "second_head", "director", "deputy"]
OUTSIDE = ["other_specialist", "other_head", "other_director", "foreign_head", "foreign_secretary"]
WITHOUT_SCOPE = [
    *("duty_officer", "auditor", "member", "chair", "contract_specialist", "region_admin", "system_admin"),
    *("newcomer", "ministry", "resource_centre", "foreign_ministry"),
]


class Scene:
    """A partner of the institution with a contact person, an agreement and a volunteer; the region's own partner."""

    def __init__(self, cast: Cast) -> None:
        self.ours: PartnerOrganisation = PartnerFactory(institution=cast.institution)
        self.regional: PartnerOrganisation = PartnerFactory(institution=None, region=cast.region)
        self.contact = ContactPersonFactory(partner=self.ours)
        self.agreement: CooperationAgreement = AgreementFactory(
            institution=cast.institution, parties__partner=self.ours
        )
        self.volunteer: Volunteer = VolunteerFactory(institution=cast.institution)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)


def status(user: User, route: str, *args: Any, method: str = "get") -> int:
    code: int = getattr(client_of(user), method)(reverse(route, args=args)).status_code
    return code


@pytest.mark.parametrize("name", STAFF)
def test_the_staff_of_the_institution_reads(cast: Cast, scene: Scene, name: str) -> None:
    user = cast.people[name]
    assert set(PartnerOrganisation.objects.visible_to(user)) == {scene.ours, scene.regional}
    assert list(CooperationAgreement.objects.visible_to(user)) == [scene.agreement]
    assert list(Volunteer.objects.visible_to(user)) == [scene.volunteer]
    for partner in (scene.ours, scene.regional):
        assert status(user, "partners:partner", partner.pk) == 200
    assert status(user, "partners:agreement", scene.agreement.pk) == 200
    assert status(user, "partners:volunteers") == 200


@pytest.mark.parametrize("name", OUTSIDE)
def test_another_institution_does_not_know_of_it(cast: Cast, scene: Scene, name: str) -> None:
    user = cast.people[name]
    assert scene.ours not in PartnerOrganisation.objects.visible_to(user)
    page = client_of(user).get(reverse("partners:register")).content.decode()
    assert scene.ours.title not in page
    routes = ["partners:partner", "partners:partner_edit", "partners:contact_new"]
    codes = {route: status(user, route, scene.ours.pk) for route in routes}
    for route in ("agreement", "agreement_edit", "agreement_approve", "agreement_terminate"):
        codes[route] = status(user, f"partners:{route}", scene.agreement.pk)
    codes["print"] = status(user, "partners:agreement_print", scene.agreement.pk, method="post")
    codes["contact"] = status(user, "partners:contact_edit", scene.contact.pk)
    codes["volunteer"] = status(user, "partners:volunteer_edit", scene.volunteer.pk)
    assert codes == dict.fromkeys(codes, 404)


@pytest.mark.parametrize("name", WITHOUT_SCOPE)
def test_a_role_without_a_scope_sees_no_partner(cast: Cast, scene: Scene, name: str) -> None:
    user = cast.people[name]
    assert not PartnerOrganisation.objects.visible_to(user).exists()
    assert not CooperationAgreement.objects.visible_to(user).exists()
    assert not Volunteer.objects.visible_to(user).exists()
    assert status(user, "partners:partner", scene.ours.pk) == 404
    assert status(user, "partners:agreement", scene.agreement.pk) == 404
    if name not in {"ministry", "resource_centre", "foreign_ministry"}:
        assert status(user, "partners:register") == 403
    assert status(user, "partners:volunteers") == 403


@pytest.mark.parametrize("name", ["secretary", "other_secretary"])
def test_a_council_secretary_reads_the_region_without_its_papers_and_volunteers(
    cast: Cast, scene: Scene, name: str
) -> None:
    user = cast.people[name]
    assert set(PartnerOrganisation.objects.visible_to(user)) == {scene.ours, scene.regional}
    page = client_of(user).get(reverse("partners:agreement", args=[scene.agreement.pk]))
    assert page.status_code == 200
    assert reverse("partners:agreement_print", args=[scene.agreement.pk]) not in page.content.decode()
    assert status(user, "partners:agreement_print", scene.agreement.pk, method="post") == 403
    assert status(user, "partners:volunteers") == 403
    assert status(user, "partners:volunteer_edit", scene.volunteer.pk) == 404


@pytest.mark.parametrize("name", ["ministry", "resource_centre"])
def test_ministry_and_resource_centre_see_numbers_without_names(cast: Cast, scene: Scene, name: str) -> None:
    PartnerFactory(institution=cast.foreign_institution)
    answer = client_of(cast.people[name]).get(reverse("partners:register"))
    assert answer.context["total"] == {"partners": 2, "agreed": 1, "exchanging": 0}
    page = answer.content.decode()
    for secret in (scene.ours.title, scene.regional.title, scene.contact.last_name, scene.agreement.number):
        assert secret not in page


def test_a_representative_sees_the_card_of_their_own_organisation(cast: Cast, scene: Scene) -> None:
    user = cast.partner_user
    assert not PartnerOrganisation.objects.visible_to(user).exists()
    scene.contact.user = user
    scene.contact.save()
    assert list(PartnerOrganisation.objects.visible_to(user)) == [scene.ours]
    assert status(user, "partners:partner", scene.ours.pk) == 200
    assert status(user, "partners:agreement", scene.agreement.pk) == 404
    assert status(user, "partners:partner_edit", scene.ours.pk) == 403
    scene.contact.left_on = "2026-01-01"
    scene.contact.save()
    assert status(user, "partners:partner", scene.ours.pk) == 404


WRITING = [
    ("partners:partner_edit", "ours"),
    ("partners:contact_new", "ours"),
    ("partners:contact_edit", "contact"),
    ("partners:volunteer_edit", "volunteer"),
]


@pytest.mark.parametrize(("route", "what"), WRITING)
def test_the_head_keeps_the_register_and_others_of_the_institution_do_not(
    cast: Cast, scene: Scene, route: str, what: str
) -> None:
    pk = getattr(scene, what).pk
    for user, code in [(cast.head, 200), (cast.deputy, 403), (cast.specialist, 403), (cast.director, 403)]:
        assert status(user, route, pk) == code, user.username
        if code != 200:
            assert status(user, route, pk, method="post") == code
    as_head = next(row for row in cast.deputy.appointments_in_force if row.is_deputy)
    assert client_of(cast.deputy, as_head).get(reverse(route, args=[pk])).status_code == 200


@pytest.mark.parametrize("route", ["partner_new", "agreement_new", "volunteer_new"])
def test_only_the_head_enters(cast: Cast, scene: Scene, route: str) -> None:
    for user, code in [(cast.head, 200), (cast.specialist, 403), (cast.director, 403), (cast.ministry, 403)]:
        assert status(user, f"partners:{route}") == code


def test_the_regions_own_register_is_not_the_heads_to_change(cast: Cast, scene: Scene) -> None:
    assert status(cast.head, "partners:partner_edit", scene.regional.pk) == 403


def test_only_the_director_approves_and_ends(cast: Cast, scene: Scene) -> None:
    for route, open_page in (("agreement_approve", 302), ("agreement_terminate", 200)):
        for user, code in [(cast.director, open_page), (cast.head, 403), (cast.specialist, 403), (cast.secretary, 403)]:
            assert status(user, f"partners:{route}", scene.agreement.pk) == code


def test_reading_of_people_is_journaled(cast: Cast, scene: Scene) -> None:
    client = client_of(cast.head)
    client.get(reverse("partners:partner", args=[scene.ours.pk]))
    client.get(reverse("partners:volunteers"))
    client.get(reverse("partners:volunteer_edit", args=[scene.volunteer.pk]))
    client.get(reverse("partners:contact_edit", args=[scene.contact.pk]))
    events = AccessEvent.objects.filter(user=cast.head).order_by("pk")
    assert [(event.action, event.kind, event.object_id, event.object_ids) for event in events] == [
        (AccessAction.VIEW, "partnerorganisation", scene.ours.pk, []),
        (AccessAction.LIST, "volunteer", None, [scene.volunteer.pk]),
        (AccessAction.VIEW, "volunteer", scene.volunteer.pk, []),
        (AccessAction.VIEW, "contactperson", scene.contact.pk, []),
    ]
