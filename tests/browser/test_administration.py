"""The administration pages, an administrator's home: the index, lists, forms, a form with errors, a conflict."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Department, User
from tests.browser.pages import check_page, signed_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _names_in_russian(cast: Cast) -> None:
    """Logins and codes are Latin by nature; with Cyrillic ones, every Latin word on a page is one left untranslated."""
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(username=f"логин{user.pk}")
    for department in Department.objects.all():
        Department.objects.filter(pk=department.pk).update(code=f"отдел{department.pk}")


def test_the_pages_of_an_administrator_are_sound(page: Page, cast: Cast) -> None:
    signed_in(page, cast.region_admin)
    form = reverse("admin:accounts_department_change", args=[cast.department.pk])
    places = {
        "index": reverse("admin:index"),
        "list of departments": reverse("admin:accounts_department_changelist"),
        "list of users": reverse("admin:accounts_user_changelist"),
        "form of a department": form,
        "form of a new post": reverse("admin:accounts_appointment_add"),
    }
    for name, place in places.items():
        page.goto(place)
        check_page(page, name, languages=("ru",))


def test_a_form_with_errors_and_one_that_came_too_late_are_sound(page: Page, cast: Cast) -> None:
    signed_in(page, cast.region_admin)
    page.goto(reverse("admin:accounts_department_change", args=[cast.department.pk]))
    page.locator("#id_title").fill("")
    page.locator("[name=_save]").click()
    expect(page.locator(".errornote")).to_be_visible()
    check_page(page, "form with an error", languages=("ru",))
    page.goto(reverse("admin:accounts_department_change", args=[cast.department.pk]))
    stored = Department.objects.get(pk=cast.department.pk)
    stored.phone = "8 (423) 222-33-44"
    stored.save()
    page.locator("#id_phone").fill("8 (423) 555-66-77")
    page.locator("[name=_save]").click()
    expect(page.locator("#id_phone")).to_have_value("8 (423) 555-66-77")
    expect(page.locator("body")).to_contain_text("222-33-44")
    check_page(page, "form that came too late", languages=("ru",))
    page.goto(reverse("admin:admin_logentry_changelist"))
    check_page(page, "log of changes", languages=("ru",))
