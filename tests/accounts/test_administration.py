"""The administration pages: each kind of administrator sees and changes their own, and nobody else gets in."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.enums import AccessAction, Role
from accounts.models import AccessEvent, Appointment, InstitutionPolicy, RegionPolicy, SecondFactorReset, User
from tests.cast import LEAD, Cast, client_of
from tests.factories.accounts import AppointmentFactory, DepartmentFactory, RegionDayOffFactory

REGIONAL = ["regionpolicy", "regiondayoff", "territory", "institution", "department", "precinct"]
PEOPLE = ["user", "appointment", "secondfactorreset"]
SYSTEM = ["region", "accessseal"]


def listing(model: str) -> str:
    return reverse(f"admin:accounts_{model}_changelist")


def change(row: Model) -> str:
    return reverse(f"admin:accounts_{row._meta.model_name}_change", args=[row.pk])


def administered_models() -> set[str]:
    return {model._meta.model_name or "" for model in admin.site._registry if model._meta.app_label == "accounts"}


@pytest.mark.parametrize("name", sorted(set(LEAD) - {"region_admin", "system_admin"}))
def test_only_administrators_get_in(cast: Cast, name: str) -> None:
    client = client_of(cast.people[name])
    for url in (reverse("admin:index"), listing("user"), change(cast.specialist)):
        assert client.get(url).status_code == 403
    assert Client().get(reverse("admin:index"))["Location"].startswith(reverse("account_login"))


def test_the_tests_know_every_page(cast: Cast) -> None:
    assert administered_models() == {*REGIONAL, *PEOPLE, *SYSTEM}


@pytest.mark.parametrize(
    ("name", "opened"), [("region_admin", REGIONAL + PEOPLE), ("system_admin", SYSTEM + PEOPLE), ("newcomer", [])]
)
def test_each_administrator_opens_their_own_lists(cast: Cast, name: str, opened: list[str]) -> None:
    client = client_of(cast.people[name])
    answers = {model: client.get(listing(model)).status_code for model in sorted(administered_models())}
    assert {model for model, code in answers.items() if code == 200} == set(opened)


def test_no_name_of_a_model_stands_in_a_sentence_of_a_wrong_case(cast: Cast) -> None:
    admin = client_of(cast.region_admin)
    users = admin.get(listing("user")).content.decode()
    assert "<h1>Пользователи</h1>" in users
    assert "Выберите" not in users
    policies = admin.get(listing("regionpolicy")).content.decode()
    assert "1 правила региона" not in policies
    assert "Всего: 1" in policies
    assert "Добавить</a>" in policies
    added = admin.get(reverse("admin:accounts_territory_add")).content.decode()
    assert "<h1>Новая запись: территория</h1>" in added
    assert "<h1>Территория</h1>" in admin.get(change(cast.region.territories.first())).content.decode()
    assert "Мои действия" not in admin.get(reverse("admin:index")).content.decode()


def test_models_of_libraries_and_of_other_rooms_are_closed(cast: Cast) -> None:
    client = client_of(cast.system_admin)
    index = client.get(reverse("admin:index")).context["app_list"]
    assert {app["app_label"] for app in index} == {"accounts", "admin"}
    for model in admin.site._registry:
        if model._meta.app_label not in {"accounts", "admin"}:
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            assert client.get(url).status_code == 403, model


@pytest.mark.requirement("S1-1")
def test_a_region_ends_at_its_border(cast: Cast) -> None:
    client = client_of(cast.region_admin)
    foreign: list[Model] = [
        cast.foreign_institution,
        cast.foreign_department,
        cast.foreign_specialist,
        cast.foreign_specialist.appointments.get(),
        cast.foreign_region.policies.get(),
        RegionDayOffFactory.create(region=cast.foreign_region),
    ]
    for row in foreign:
        assert client.get(change(row)).status_code == 404, row
        assert client.post(change(row), {}).status_code == 404, row
    own: list[Model] = [cast.institution, cast.department, cast.precinct, cast.settlement, cast.specialist]
    for row in own:
        assert client.get(change(row)).status_code == 200, row
    shown = "".join(client.get(listing(model)).content.decode() for model in REGIONAL + PEOPLE)
    assert cast.specialist.last_name in shown
    for token in (cast.foreign_specialist.last_name, str(cast.foreign_institution), str(cast.foreign_department)):
        assert token not in shown


@pytest.mark.parametrize("model", ["institution", "department", "precinct", "territory", "regionpolicy", "appointment"])
def test_forms_offer_nothing_of_another_region(cast: Cast, model: str) -> None:
    page = client_of(cast.region_admin).get(reverse(f"admin:accounts_{model}_add")).content.decode()
    for row in (cast.foreign_region, cast.foreign_institution, cast.foreign_department, cast.foreign_specialist):
        assert str(row) not in page


def post_data(**values: Any) -> dict[str, Any]:
    return {"starts_on": "01.09.2026", "ends_on": "", "order": "", "deputy_for": "", **values}


def account_data(**values: Any) -> dict[str, Any]:
    first_post = {f"appointments-0-{key}": value for key, value in post_data().items() if key != "deputy_for"}
    return {
        "username": "new.person",
        "last_name": "Новая",
        "first_name": "Анна",
        "language": "ru",
        "is_active": "on",
        "appointments-TOTAL_FORMS": "1",
        "appointments-INITIAL_FORMS": "0",
        **first_post,
        **values,
    }


def test_an_account_is_made_with_its_first_post_and_without_a_password(cast: Cast) -> None:
    data = account_data(
        **{
            "appointments-0-role": Role.SPECIALIST,
            "appointments-0-institution": cast.institution.pk,
            "appointments-0-department": cast.department.pk,
            "password": "chosen-by-the-administrator",
        }
    )
    response = client_of(cast.region_admin).post(reverse("admin:accounts_user_add"), data)
    assert response.status_code == 302, response.context["errors"]
    user = User.objects.get(username="new.person")
    assert not user.has_usable_password()
    post = user.appointments.get()
    assert (post.role, post.region, post.department) == (Role.SPECIALIST, cast.region, cast.department)
    events = AccessEvent.objects.filter(action=AccessAction.SECURITY, user=cast.region_admin)
    assert {(event.kind, event.object_id) for event in events} == {("user", user.pk), ("appointment", post.pk)}


@pytest.mark.parametrize(
    ("name", "role", "unit"),
    [
        ("region_admin", Role.SYSTEM_ADMIN, {}),
        ("region_admin", Role.REGION_ADMIN, {}),
        ("region_admin", Role.SPECIALIST, {"institution": "foreign_institution", "department": "foreign_department"}),
        ("system_admin", Role.DIRECTOR, {"institution": "institution"}),
        ("system_admin", Role.MINISTRY, {"region": "region"}),
    ],
)
def test_nobody_appoints_beyond_their_reach(cast: Cast, name: str, role: str, unit: dict[str, str]) -> None:
    units = {f"appointments-0-{key}": getattr(cast, value).pk for key, value in unit.items()}
    data = account_data(**{"appointments-0-role": role, **units})
    before = Appointment.objects.count()
    response = client_of(cast.people[name]).post(reverse("admin:accounts_user_add"), data)
    assert response.status_code == 200
    assert (Appointment.objects.count(), User.objects.filter(username="new.person").count()) == (before, 0)


def test_the_system_administrator_appoints_administrators(cast: Cast) -> None:
    data = account_data(**{"appointments-0-role": Role.REGION_ADMIN, "appointments-0-region": cast.foreign_region.pk})
    response = client_of(cast.system_admin).post(reverse("admin:accounts_user_add"), data)
    assert response.status_code == 302, response.context["errors"]
    assert Appointment.objects.get(user__username="new.person").region == cast.foreign_region


@pytest.mark.parametrize("name", ["region_admin", "system_admin"])
def test_nobody_appoints_themselves(cast: Cast, name: str) -> None:
    actor = cast.people[name]
    role = Role.SPECIALIST if name == "region_admin" else Role.SYSTEM_ADMIN
    data = post_data(
        user=actor.pk, role=role, institution=cast.institution.pk, department=cast.department.pk, region=cast.region.pk
    )
    response = client_of(actor).post(reverse("admin:accounts_appointment_add"), data)
    assert response.status_code == 200
    assert actor.appointments.count() == 1
    assert client_of(actor).post(change(actor.appointments.get()), {"ends_on": ""}).status_code == 403


def test_a_deputy_is_chosen_by_the_post_stood_in_for(cast: Cast) -> None:
    principal = cast.director.appointments.get()
    data = post_data(user=cast.head.pk, deputy_for=principal.pk, starts_on="01.12.2026", ends_on="10.12.2026")
    response = client_of(cast.region_admin).post(reverse("admin:accounts_appointment_add"), data)
    assert response.status_code == 302, response.context["errors"]
    post = cast.head.appointments.get(deputy_for=principal)
    assert (post.role, post.region, post.institution) == (Role.DIRECTOR, cast.region, cast.institution)


def test_a_post_held_twice_on_a_day_is_refused_in_the_form(cast: Cast) -> None:
    """Also where the rule is over fields that the form does not show, and where only the end of a post is changed."""
    client, address = client_of(cast.region_admin), reverse("admin:accounts_appointment_add")
    principal = cast.director.appointments.get()
    data = post_data(user=cast.head.pk, deputy_for=principal.pk, starts_on="01.12.2026", ends_on="10.12.2026")
    saved = client.post(address, data, follow=True)
    assertContains(saved, f"Сохранено: {cast.head}, и. о. директор.")
    assertNotContains(saved, "успешно")
    assertContains(client.post(address, data | {"ends_on": "05.12.2026"}), "В эти дни человек уже занимает это место.")
    later = data | {"starts_on": "11.12.2026", "ends_on": "20.12.2026"}
    assert client.post(address, later).status_code == 302
    first = cast.head.appointments.get(deputy_for=principal, starts_on=date(2026, 12, 1))
    longer = {"ends_on": "15.12.2026", "order": "", "version": first.version}
    assertContains(client.post(change(first), longer), "В эти дни человек уже занимает это место.")
    assert set(cast.head.appointments.filter(deputy_for=principal).values_list("ends_on", flat=True)) == {
        date(2026, 12, 10),
        date(2026, 12, 20),
    }


def test_a_post_is_only_ended(cast: Cast) -> None:
    post = cast.specialist.appointments.get()
    client = client_of(cast.region_admin)
    response = client.post(change(post), {"ends_on": "20.11.2026", "order": "№ 5", "role": Role.DIRECTOR, "version": 1})
    assert response.status_code == 302, response.context["errors"]
    post.refresh_from_db()
    assert (post.role, f"{post.ends_on:%d.%m.%Y}", post.order) == (Role.SPECIALIST, "20.11.2026", "№ 5")


@pytest.mark.parametrize(
    ("name", "account", "allowed"),
    [
        ("region_admin", "specialist", True),
        ("region_admin", "region_admin", False),
        ("region_admin", "second_region_admin", False),
        ("system_admin", "region_admin", True),
        ("system_admin", "system_admin", False),
    ],
)
def test_who_may_change_an_account(cast: Cast, name: str, account: str, allowed: bool) -> None:
    user = cast.people[account]
    data = {"username": user.username, "last_name": "Иная", "first_name": user.first_name, "language": "ru"}
    inline = {"appointments-TOTAL_FORMS": "0", "appointments-INITIAL_FORMS": "0"}
    response = client_of(cast.people[name]).post(change(user), {**data, **inline})
    assert response.status_code == (302 if allowed else 403)
    assert User.objects.filter(pk=user.pk, last_name="Иная").exists() is allowed


def test_an_account_with_a_post_elsewhere_is_only_shown(cast: Cast) -> None:
    AppointmentFactory.create(user=cast.specialist, department=cast.foreign_department)
    client = client_of(cast.region_admin)
    page = client.get(change(cast.specialist))
    assert page.status_code == 200
    assert str(cast.foreign_department) not in page.content.decode()
    assert client.post(change(cast.specialist), {}).status_code == 403
    assert client.post(reverse("admin:accounts_user_link", args=[cast.specialist.pk])).status_code == 403


def test_the_password_is_nowhere(cast: Cast) -> None:
    page = client_of(cast.region_admin).get(change(cast.specialist)).content.decode()
    assert cast.specialist.password not in page
    assert 'name="password"' not in page


@pytest.mark.parametrize("row", ["specialist", "institution", "department", "precinct"])
def test_nothing_is_deleted(cast: Cast, row: str) -> None:
    target: Model = getattr(cast, row)
    url = reverse(f"admin:accounts_{target._meta.model_name}_delete", args=[target.pk])
    assert client_of(cast.region_admin).post(url, {"post": "yes"}).status_code == 403
    assert type(target)._default_manager.filter(pk=target.pk).exists()


def policy_data(policy: RegionPolicy, **values: Any) -> dict[str, Any]:
    known = {field.name: getattr(policy, field.name) for field in RegionPolicy._meta.concrete_fields}
    known |= {"region": policy.region_id, "contact_requires_home_visit": ""}
    return {**{key: value for key, value in known.items() if key != "id"}, **values}


def test_a_policy_in_force_is_not_edited_but_followed_by_another(cast: Cast) -> None:
    client = client_of(cast.region_admin)
    policy = cast.region.policies.get()
    assert client.post(change(policy), policy_data(policy, quorum_percent=60)).status_code == 403
    day = cast.region.today() + timedelta(days=30)
    copied = client.get(reverse("admin:accounts_regionpolicy_add")).context["adminform"].form.initial
    assert copied["quorum_percent"] == policy.quorum_percent
    data = policy_data(policy, quorum_percent=60, valid_from=f"{day:%d.%m.%Y}")
    response = client.post(reverse("admin:accounts_regionpolicy_add"), data)
    assert response.status_code == 302, response.context["errors"]
    assert cast.region.policy_on(day).quorum_percent == 60
    assert cast.region.policy_on(day - timedelta(days=1)).quorum_percent == policy.quorum_percent


def test_the_policy_of_an_institution_is_added_on_its_page(cast: Cast) -> None:
    unit = cast.institution
    data = {
        "version": unit.version,
        "region": unit.region_id,
        "code": unit.code,
        "full_name": unit.full_name,
        "short_name": unit.short_name,
        "statuses": ["BASE_SITE"],
        "municipalities": [cast.municipality.pk],
        "policies-TOTAL_FORMS": "1",
        "policies-INITIAL_FORMS": "0",
        "policies-0-valid_from": "01.01.2027",
        "policies-0-contact_requires_home_visit": "true",
        "policies-0-basis": "Приказ № 7",
    }
    response = client_of(cast.region_admin).post(change(unit), data)
    assert response.status_code == 302, response.context["errors"]
    assert InstitutionPolicy.objects.get(institution=unit).contact_requires_home_visit is True
    unit.refresh_from_db()
    assert unit.statuses == ["BASE_SITE"]


@pytest.mark.requirement("L20")
@pytest.mark.parametrize("model", ["user", "appointment", "department", "secondfactorreset"])
def test_lists_cost_the_same_however_long(cast: Cast, model: str) -> None:
    client = client_of(cast.region_admin)
    client.get(listing(model))
    costs = []
    for count in (2, 10):
        for _ in range(count):
            post = AppointmentFactory.create(department=DepartmentFactory.create(institution=cast.institution))
            SecondFactorReset.objects.create(user=post.user, requested_by=cast.region_admin, reason="lost")
        with CaptureQueriesContext(connection) as queries:
            client.get(listing(model))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_switching_an_account_off_ends_its_sessions(cast: Cast) -> None:
    visitor = Client()
    visitor.force_login(cast.specialist)
    user = cast.specialist
    data = {"username": user.username, "last_name": user.last_name, "first_name": user.first_name, "language": "ru"}
    inline = {"appointments-TOTAL_FORMS": "0", "appointments-INITIAL_FORMS": "0"}
    client_of(cast.region_admin).post(change(user), {**data, **inline})
    assert visitor.get(reverse("home")).status_code == 302
