"""Two administrators at one record: the later is told and loses nothing; the log says who changed what."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.administration.base import RolePermissions
from casework.models import FormOfWork
from common.editing import VersionedModel
from tests.cast import Cast, client_of
from tests.factories.accounts import DepartmentFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


def change(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def shown(client: Client, row: Model) -> dict[str, Any]:
    """What the browser would send from the form of the row as it was opened."""
    page = client.get(change(row)).context["adminform"].form
    values = {name: page[name].value() for name in page.fields}
    inlines = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    for prefix in ("policies", "assignments"):
        values |= {f"{prefix}-{name}": value for name, value in inlines.items()}
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize("name", ["institution", "department", "territory", "precinct", "dictionary"])
def test_the_later_of_two_reads_what_the_earlier_stored(cast: Cast, name: str) -> None:
    rows: dict[str, tuple[Any, str]] = {
        "institution": (cast.institution, "phone"),
        "department": (cast.department, "phone"),
        "territory": (cast.municipality, "oktmo"),
        "precinct": (cast.precinct, "order_number"),
        "dictionary": (FormOfWork.objects.create(code="a-circle", title="Кружок"), "title"),
    }
    row, field = rows[name]
    first, second = client_of(cast.region_admin), client_of(cast.second_region_admin)
    earlier, later = shown(first, row), shown(second, row)
    assert first.post(change(row), earlier | {field: "1111"}).status_code == 302
    answer = second.post(change(row), later | {field: "2222"})
    assertContains(answer, 'value="2222"')
    assertContains(answer, "1111")
    assertContains(answer, cast.region_admin.get_full_name())
    row.refresh_from_db()
    assert getattr(row, field) == "1111"
    form = answer.context["adminform"].form
    again = later | {field: "2222", "version": form["version"].value()}
    assert second.post(change(row), again).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "2222"


def test_every_record_that_is_changed_here_has_a_version(cast: Cast) -> None:
    """All but accounts, whose form is short and whose rights lie in posts, and rows that nobody changes."""
    ours = [model for model, page in admin.site._registry.items() if isinstance(page, RolePermissions)]
    unversioned = {model.__name__ for model in ours if not issubclass(model, VersionedModel)}
    assert unversioned == {"User", "AccessSeal", "SecondFactorReset", "LogEntry"}


def test_the_log_holds_the_changes_of_the_region_alone(cast: Cast) -> None:
    ours = DepartmentFactory.create(institution=cast.institution)
    theirs = DepartmentFactory.create(institution=InstitutionFactory.create(region=cast.foreign_region))
    for user, row in ((cast.region_admin, ours), (cast.foreign_region_admin, theirs)):
        client = client_of(user)
        assert client.post(change(row), shown(client, row) | {"phone": "8 (423) 222-33-44"}).status_code == 302
    log = reverse("admin:admin_logentry_changelist")
    for user, seen, hidden in ((cast.second_region_admin, ours, theirs), (cast.foreign_region_admin, theirs, ours)):
        answer = client_of(user).get(log)
        assertContains(answer, seen.title)
        assertContains(answer, "Изменено Телефон")
        assertNotContains(answer, hidden.title)
    assertContains(client_of(cast.second_region_admin).get(log), cast.region_admin.get_short_name())


def test_nobody_writes_the_log_by_hand(cast: Cast) -> None:
    client = client_of(cast.region_admin)
    row = DepartmentFactory.create(institution=cast.institution)
    client.post(change(row), shown(client, row) | {"phone": "8 (423) 222-33-44"})
    entry = LogEntry.objects.get()
    assert client.get(reverse("admin:admin_logentry_add")).status_code == 403
    assert client.post(reverse("admin:admin_logentry_change", args=[entry.pk]), {"object_repr": "x"}).status_code == 403
    assert client.get(reverse("admin:admin_logentry_delete", args=[entry.pk])).status_code == 403
    for name in ("director", "specialist", "auditor"):
        assert client_of(cast.people[name]).get(reverse("admin:admin_logentry_changelist")).status_code == 403
