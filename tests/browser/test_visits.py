"""Recording a visit in a browser: few taps on a phone, once, without losing text; and every page of it sound."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from casework.enums import VisitState
from casework.models import ServiceRecord, SupportCase, Visit
from casework.services.visits import plan_visit
from common.calendar import add_months
from tests.browser.pages import check_page, signed_in
from tests.casework.visiting import active_case, entered, fill_dictionaries, members_of, people_of, recorded
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

MOST_TAPS = 6
COUNT_TAPS = """
  window.taps = Number(sessionStorage.getItem("taps") || 0);
  document.addEventListener("pointerdown", () => { sessionStorage.setItem("taps", ++window.taps); }, true);
"""


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    fill_dictionaries()
    return active_case(cast)


@pytest.fixture
def phone(browser: Browser, base_url: str) -> Iterator[Page]:
    """A telephone of 390 px that is tapped on, and counts every tap."""
    context = browser.new_context(
        base_url=base_url, locale="ru-RU", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.add_init_script(COUNT_TAPS)
    yield page
    context.close()


@pytest.mark.requirement("S3-20", "S3-23")
def test_a_usual_visit_with_three_services_takes_six_taps(phone: Page, case: SupportCase, cast: Cast) -> None:
    active_case(cast)
    signed_in(phone, cast.specialist).goto(reverse("casework:my_families"))
    row = phone.get_by_role("row").filter(has_text=case.number)
    row.get_by_role("link", name="Записать посещение").tap()
    phone.get_by_text("Видели всех, кто живёт вместе").tap()
    for service in ("Социально-психологический патронаж", "Социально-педагогическое", "Помощь в оформлении пособий"):
        phone.locator("#id_services label", has_text=service).tap()
    recipients = phone.locator("[data-recipients]")
    for person in people_of(case):
        expect(recipients).to_contain_text(person.first_name)
    phone.get_by_role("button", name="Сохранить посещение").tap()
    expect(phone.get_by_text("Сохранено: посещение.")).to_be_visible()
    assert int(phone.evaluate("sessionStorage.getItem('taps')")) == MOST_TAPS

    visit = Visit.objects.get(case=case, state=VisitState.HELD)
    today = case.institution.today()
    assert (visit.held_on, visit.channel, visit.specialist) == (today, "HOME", cast.specialist)
    assert set(visit.members_seen.all()) == set(members_of(case))
    rows = ServiceRecord.objects.filter(visit=visit)
    assert rows.count() == 3
    for row in rows:
        assert set(row.recipients.all()) == set(people_of(case))
    plan = Visit.objects.planned().get(case=case)
    assert plan.planned_on is not None
    assert today < plan.planned_on <= add_months(today, 1)


def test_the_form_follows_the_outcome(phone: Page, case: SupportCase, cast: Cast) -> None:
    signed_in(phone, cast.specialist).goto(reverse("casework:visit_new", args=[case.pk]))
    phone.get_by_text("Видели всех, кто живёт вместе").tap()
    proposed = phone.locator("[name=next_on]").input_value()
    phone.get_by_text("Никого не было дома").tap()
    expect(phone.get_by_text("Видели всех, кто живёт вместе")).to_be_hidden()
    expect(phone.get_by_text("Что сделано")).to_be_hidden()
    assert phone.locator("[name=next_on]").input_value() < proposed
    phone.get_by_role("button", name="Сохранить посещение").tap()
    expect(phone.get_by_text("Сохранено: посещение.")).to_be_visible()
    visit = Visit.objects.exclude(state=VisitState.PLANNED).get(case=case)
    assert (visit.state, visit.members_seen.count()) == (VisitState.NOT_AT_HOME, 0)


def test_ticks_of_one_and_of_all_agree(phone: Page, case: SupportCase, cast: Cast) -> None:
    signed_in(phone, cast.specialist).goto(reverse("casework:visit_new", args=[case.pk]))
    everybody = phone.get_by_label("Видели всех, кто живёт вместе")
    boxes = phone.locator("input[name=members_seen]")
    everybody.tap()
    for place in range(3):
        expect(boxes.nth(place)).to_be_checked()
    boxes.nth(0).tap()
    expect(everybody).not_to_be_checked()
    unticked = boxes.nth(0).get_attribute("value")
    recipients = phone.locator("[data-recipients]")
    expect(recipients).to_have_text(re.compile("^Получатели: [^,]+, [^,]+$"))
    for member in members_of(case):
        if str(member.pk) != unticked:
            expect(recipients).to_contain_text(f"{member.person.first_name} {member.person.patronymic}")
    boxes.nth(0).tap()
    expect(everybody).to_be_checked()


def test_danger_and_lateness_make_themselves_known_while_typing(page: Page, case: SupportCase, cast: Cast) -> None:
    signed_in(page, cast.specialist).goto(reverse("casework:visit_new", args=[case.pk]))
    reason = page.get_by_label(re.compile("Почему внесено с опозданием|Why it is entered late", re.IGNORECASE))
    expect(reason).to_be_hidden()
    page.locator("[name=held_on]").fill("2026-01-15")
    expect(reason).to_be_visible()
    page.get_by_text("Признаки опасности", exact=True).click()
    warning = page.get_by_text("Признаки опасности: действуйте сегодня")
    expect(warning).to_be_hidden()
    page.locator("[name=danger_signs]").fill("Запах газа")
    expect(warning).to_be_visible()


@pytest.mark.requirement("L19")
def test_two_quick_clicks_make_one_visit(page: Page, case: SupportCase, cast: Cast) -> None:
    signed_in(page, cast.specialist).goto(reverse("casework:visit_new", args=[case.pk]))
    page.get_by_text("Видели всех, кто живёт вместе").click()
    page.get_by_role("button", name="Сохранить посещение").dblclick()
    expect(page.get_by_text("Сохранено: посещение.")).to_be_visible()
    assert Visit.objects.filter(case=case, state=VisitState.HELD).count() == 1


@pytest.mark.requirement("L19")
def test_two_sendings_past_the_browsers_own_guard_make_one_visit(page: Page, case: SupportCase, cast: Cast) -> None:
    """The button is only a courtesy: the same form sent twice at once is refused by the server's unique key."""
    signed_in(page, cast.specialist).goto(reverse("casework:visit_new", args=[case.pk]))
    page.get_by_text("Видели всех, кто живёт вместе").click()
    addresses: list[Any] = page.evaluate(
        """async () => {
            const form = document.querySelector("[data-visit-form]");
            const send = () => fetch(form.action, {method: "POST", body: new FormData(form)});
            return (await Promise.all([send(), send(), send()])).map((answer) => answer.url);
        }"""
    )
    assert len(set(addresses)) == 1
    assert Visit.objects.filter(case=case, state=VisitState.HELD).count() == 1


@pytest.mark.requirement("L1")
def test_what_was_typed_comes_back_to_a_page_left_too_early(page: Page, case: SupportCase, cast: Cast) -> None:
    url = reverse("casework:visit_new", args=[case.pk])
    signed_in(page, cast.specialist).goto(url)
    page.locator("[name=observations]").type("Мать ищет работу")
    expect(page.locator("[data-draft-state]")).to_contain_text("Черновик сохранён")
    page.context.clear_cookies()
    signed_in(page, cast.specialist).goto(url)
    expect(page.locator("[name=observations]")).to_have_value("Мать ищет работу")


def test_a_visit_is_recorded_without_scripts(browser: Browser, base_url: str, case: SupportCase, cast: Cast) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False, locale="ru-RU")
    page = signed_in(context.new_page(), cast.specialist)
    page.goto(reverse("casework:visit_new", args=[case.pk]))
    page.get_by_label("Видели всех, кто живёт вместе").check()
    page.locator("#id_services label", has_text="Социально-психологический патронаж").click()
    page.get_by_role("button", name="Сохранить посещение").click()
    expect(page.get_by_text("Сохранено: посещение.")).to_be_visible()
    context.close()
    assert ServiceRecord.objects.get(case=case).recipients.count() == 3


def test_the_pages_are_sound(page: Page, case: SupportCase, cast: Cast) -> None:
    visit = recorded(
        case, cast.specialist, "legal-services", "measure-social", danger_signs="Синяки", observations="Был сосед."
    )
    plan = plan_visit(case=case, planned_on=case.institution.today(), actor=cast.specialist)
    row = entered(case, cast.specialist)
    signed_in(page, cast.head)
    for name, key in (
        ("casework:visits", case.pk),
        ("casework:visit_new", case.pk),
        ("casework:visit", visit.pk),
        ("casework:visit_edit", visit.pk),
        ("casework:visit_cancel", visit.pk),
        ("casework:visit", plan.pk),
        ("casework:visit_replan", plan.pk),
        ("casework:service_new", case.pk),
        ("casework:urgent_new", case.family_id),
        ("casework:service", row.pk),
        ("casework:service_edit", row.pk),
        ("casework:planned", None),
        ("casework:journal", None),
    ):
        page.goto(reverse(name, args=[key] if key else []))
        check_page(page, name)


def test_empty_pages_and_pages_with_mistakes_are_sound(page: Page, case: SupportCase, cast: Cast) -> None:
    signed_in(page, cast.specialist)
    for name in ("casework:planned", "casework:journal"):
        page.goto(reverse(name))
        check_page(page, f"{name}, empty")
    page.goto(reverse("casework:visits", args=[case.pk]))
    check_page(page, "no visits")
    page.goto(reverse("casework:visit_new", args=[case.pk]))
    page.get_by_role("button", name="Save the visit").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    check_page(page, "a visit with a mistake")
