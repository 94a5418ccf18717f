"""One family's whole way, in real browsers: registered, decided on by a council, visited, missed, and in the report.

What people do in the story they do on the pages, by the links and buttons that they see. Arranged beforehand are the
units and people, the council with its seats, an agency to write to, and a family known to another institution.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from monitoring.services import rendering
from monitoring.tasks import apply_daily_rules, draft_reports
from partners.models import PartnerOrganisation
from records import tasks
from records.services import work
from tests.browser.way import (
    PHONE,
    Clock,
    People,
    fill,
    follow,
    labelled,
    main,
    offers_no_dead_end,
    open_menu,
    press,
    told,
)
from tests.casework.visiting import fill_dictionaries
from tests.cast import PASSWORD, Cast, build_cast
from tests.factories.councils import body
from tests.factories.families import household
from tests.monitoring.mornings import VLADIVOSTOK

pytestmark = pytest.mark.django_db(transaction=True)

FAMILY, CASE = "Ветрова", "№ 1/2026"
MOTHER, SON = "Ветрова Дарья Ильинична", "Ветров Тимур Олегович"
AGENCY = "Комиссия по делам несовершеннолетних"
QUARTER = "I квартал 2026 года"
SESSION = re.compile("10.02.2026")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The story begins on a Tuesday in February."""
    clock = Clock(VLADIVOSTOK)
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    monkeypatch.setattr(tasks, "send_hint", lambda _order: None)
    clock.put("03.02.2026")
    return clock


@pytest.fixture
def cast(clock: Clock, transactional_db: None) -> Cast:
    """Those who work here at that time, and what they find there."""
    fill_dictionaries()
    cast = build_cast()
    body(cast, notice_days=5)
    PartnerOrganisation.objects.create(region=cast.region, title=AGENCY, type="KDN")
    mother = household(department=cast.other_department, title=FAMILY).memberships.get(is_head=True).person
    mother.first_name, mother.patronymic, mother.birth_date = "Дарья", "Ильинична", date(1990, 2, 1)
    mother.save()
    return cast


@pytest.fixture
def people(browser: Browser, browser_context_args: dict[str, Any], base_url: str, cast: Cast) -> Iterator[People]:
    yield People(browser, browser_context_args | {"base_url": base_url}, cast)
    for context in browser.contexts:
        context.close()


def test_a_family_goes_its_whole_way(people: People, clock: Clock) -> None:
    the_family_is_registered(people)
    its_case_is_opened_and_its_troubles_are_found(people)
    the_head_assigns_the_curator_and_ends_the_diagnostics(people)
    a_programme_is_agreed_and_submitted(people)
    a_session_is_planned(people)
    clock.put("10.02.2026", 12)
    the_session_is_held(people)
    the_chair_signs(people)
    support_begins(people)
    clock.put("17.02.2026", 15)
    the_curator_records_a_visit_on_a_phone(people)
    clock.put("25.03.2026", 8)
    the_missed_contact_is_told_in_the_morning(people)
    clock.put("01.04.2026", 9)
    draft_reports()
    the_report_is_passed_on(people)
    the_ministry_takes_the_pdf(people)


def the_family_is_registered(people: People) -> None:
    """With the check for duplicates, and the consents of both members."""
    cast = people.cast
    with people.at_work("specialist") as page:
        follow(page, "Зарегистрировать семью")
        mother, son = (page.get_by_role("group", name=f"Член семьи {number}", exact=True) for number in (1, 2))
        fill(mother, Роль_в_семье="мать", Фамилия=FAMILY, Имя="Дарья", Отчество="Ильинична", Пол="женский")
        fill(mother, Дата_рождения="01.02.1990")
        labelled(mother, "Законный представитель детей").check()
        labelled(mother, "Основной контакт").check()
        fill(son, Роль_в_семье="ребёнок", Фамилия="Ветров", Имя="Тимур", Отчество="Олегович", Пол="мужской")
        fill(son, Дата_рождения="03.04.2019")
        settlement = f"{cast.settlement.title}, {cast.municipality.title}"
        fill(main(page), Населённый_пункт=settlement, Участок=cast.precinct.title, Улица="Лесная", Дом="4")
        main(page).get_by_role("button", name="Зарегистрировать семью").click()
        known = page.get_by_role("alert").filter(has_text="Возможно, эта семья уже есть")
        expect(known).to_contain_text(f"{FAMILY} Дарья Ильинична, 1990")
        expect(known).to_contain_text(cast.other_institution.short_name)
        known.get_by_label("Сравнение проведено: это другая семья").check()
        press(page, "Зарегистрировать семью")
        expect(page.get_by_role("heading", level=1, name=FAMILY)).to_be_visible()
        for person in (MOTHER, SON):
            follow(page, re.compile("^Добавить.*Согласия"))
            fill(main(page), Чьи_данные=person, Кто_даёт=MOTHER)
            labelled(main(page), "передача (предоставление, доступ) названным ниже получателям").uncheck()
            press(page, "Сохранить")
            follow(page, "Карточка")
        offers_no_dead_end(page)


def its_case_is_opened_and_its_troubles_are_found(people: People) -> None:
    with people.at_work("specialist") as page:
        _find_the_family(page)
        follow(page, "Открыть случай")
        fill(main(page), Источник_выявления="Обращение самой семьи", Основание="обращение семьи")
        press(page, "Открыть случай")
        expect(main(page)).to_contain_text("Запишите хотя бы одну проблему семьи")
        follow(page, "Диагностика")
        follow(page, "Записать проблему")
        main(page).get_by_label("Проблема", exact=True).select_option(index=1)
        press(page, "Сохранить")
        follow(page, "Написать")
        fill(main(page), Социальный_диагноз="Мать потеряла работу, мальчик остаётся один")
        press(page, "Сохранить")
        follow(page, "Отметить подтверждение")
        fill(main(page), Как_подтверждено="беседа дома")
        press(page, "Сохранить")
        follow(page, re.compile("^Оценить.*Оценка нуждаемости"))
        labelled(main(page), "Нет работы и средств к существованию").check()
        fill(main(page), Заключение="нуждается в сопровождении")
        press(page, "Сохранить")


def _find_the_family(page: Page) -> None:
    """Before the case has a curator the family stands in nobody's list: it is found by its name."""
    banner = page.get_by_role("banner")
    banner.locator("summary", has_text="Найти семью").click()
    banner.get_by_role("searchbox").fill("дарья ветрова")
    press(page, "Найти", within=banner)
    follow(page, MOTHER)


def the_head_assigns_the_curator_and_ends_the_diagnostics(people: People) -> None:
    with people.at_work("head") as page:
        told(page, f"Открыт случай {CASE}: назначьте куратора")
        follow(page, "Назначить куратора")
        curator = people.cast.specialist
        expect(main(page).get_by_label("Куратор", exact=True).locator("option:checked")).to_contain_text(
            curator.get_full_name()
        )
        press(page, "Назначить")
        told(page, f"Случай {CASE} ждёт вашего решения: «Завершить диагностику и готовить договор»")
        follow(page, "Завершить диагностику и готовить договор")
        press(page, "Завершить диагностику и готовить договор")
        expect(main(page)).to_contain_text("Начать деятельностный этап")


def a_programme_is_agreed_and_submitted(people: People) -> None:
    with people.at_work("specialist") as page:
        follow(page, FAMILY)
        follow(page, "Программа")
        follow(page, "Составить программу")
        fill(main(page), Цель="Мать работает, мальчик ходит в детский сад")
        press(page, "Сохранить")
        activity = page.get_by_role("group", name="Мероприятие 1", exact=True)
        activity.get_by_label("Решает проблему").select_option(index=1)
        fill(activity, Раздел="социальный", Мероприятие="Встать на учёт в службе занятости", Срок="03.04.2026")
        fill(activity, Кто_выполняет=f"{MOTHER}, мать")
        press(page, "Сохранить")
        follow(page, "Семья согласна")
        fill(main(page), Кто_согласился=MOTHER)
        press(page, "Сохранить")
    with people.at_work("head") as page:
        told(page, f"Случай {CASE}: программа согласована с семьёй, отправьте её на утверждение")
        follow(page, "Отправить на утверждение")
        press(page, "Отправить на утверждение")
        expect(main(page)).to_contain_text("направлена на утверждение")


def a_session_is_planned(people: People) -> None:
    """By the secretary, who takes what the system proposes; the chair approves the agenda."""
    with people.at_work("secretary") as page:
        follow(page, "Запланировать заседание")
        fill(main(page), Назначено_на="2026-02-10T11:00", Место="Зал администрации")
        press(page, "Запланировать")
        follow(page, "Предложения системы")
        main(page).get_by_role("checkbox", name=CASE).check()
        press(page, "Включить в повестку")
        expect(main(page)).to_contain_text("О постановке семьи на социальное сопровождение")
    with people.at_work("chair") as page:
        follow(page, SESSION)
        expect(main(page)).not_to_contain_text(FAMILY)
        follow(page, "Утвердить повестку")
        press(page, "Утвердить")
        expect(main(page)).to_contain_text("повестка утверждена")


def the_session_is_held(people: People) -> None:
    with people.at_work("secretary") as page:
        follow(page, SESSION)
        follow(page, "Явка")
        for seat in main(page).get_by_label("присутствует", exact=True).all():
            seat.check()
        press(page, "Сохранить")
        follow(page, "Заседание проведено")
        press(page, "Сохранить")
        follow(page, re.compile("^Решение"))
        press(page, "Сохранить")
        expect(main(page)).to_contain_text("Программа семьи ждёт отдельного решения")
        press(page, "Сохранить")
        for decision in ("Поставить на сопровождение", "Утвердить программу"):
            expect(main(page)).to_contain_text(decision)
        press(page, "Составить протокол")
        expect(main(page)).to_contain_text("протокол составлен")
        offers_no_dead_end(page)


def the_chair_signs(people: People) -> None:
    """With the password asked for once more; only then the decisions change the case."""
    with people.at_work("specialist") as page:
        follow(page, FAMILY)
        expect(main(page)).not_to_contain_text("Постановка на сопровождение")
    with people.at_work("chair") as page:
        follow(page, SESSION)
        follow(page, "Подписать протокол")
        page.get_by_label("Пароль").fill(PASSWORD)
        press(page, "Продолжить")
        press(page, "Подписать")
        expect(main(page)).to_contain_text("протокол подписан")
        offers_no_dead_end(page)


def support_begins(people: People) -> None:
    """The curator is told, writes to the agency and draws up the agreement; head and director do their part."""
    with people.at_work("specialist") as page:
        told(page, f"Семья по случаю {CASE} поставлена на сопровождение: подпишите договор до 25.02.2026")
        page.goto("/")
        follow(page, FAMILY)
        basis = f"координационный совет, {CASE} от 10.02.2026"
        expect(main(page)).to_contain_text(f"Постановка на сопровождение: {basis}")
        expect(main(page)).to_contain_text(f"Программа {CASE} утверждена: {basis}")
        follow(page, "Договор и письма")
        follow(page, "Новое письмо")
        fill(main(page), Адресат=AGENCY, Предмет="что ожидается от ведомства по программе")
        fill(main(page), Правовое_основание="персональные данные не передаются", Текст="Просим помочь с детским садом.")
        press(page, "Сохранить")
        follow(page, "Составить")
        press(page, "Сохранить")
    with people.at_work("head") as page:
        told(page, f"Случай {CASE}: письмо организации ждёт отправки")
        follow(page, "Отправить")
        fill(main(page), Как_отправлено="почта")
        press(page, "Отправить письмо")
    with people.at_work("director") as page:
        told(page, f"Случай {CASE}: договор о сопровождении ждёт подписания")
        follow(page, "Подписать")
        press(page, "Подписать")
    with people.at_work("head") as page:
        told(page, f"Случай {CASE} ждёт вашего решения: «Начать деятельностный этап»")
        follow(page, "Начать деятельностный этап")
        press(page, "Начать деятельностный этап")
        expect(main(page)).to_contain_text("деятельностный")
        offers_no_dead_end(page)


def the_curator_records_a_visit_on_a_phone(people: People) -> None:
    with people.at_work("specialist", **PHONE) as page:
        row = page.get_by_role("row").filter(has_text=FAMILY)
        expect(row).to_contain_text("10.03.2026")
        follow(page, "Записать посещение", within=row)
        page.get_by_text("Видели всех, кто живёт вместе").tap()
        main(page).locator("label", has_text="Социально-психологический патронаж").tap()
        press(page, "Сохранить посещение")
        expect(page.get_by_text("Сохранено: посещение.")).to_be_visible()
        for person in (MOTHER, SON):
            expect(main(page)).to_contain_text(person)
        page.goto("/")
        expect(page.get_by_role("row").filter(has_text=FAMILY)).to_contain_text("17.03.2026")


def the_missed_contact_is_told_in_the_morning(people: People) -> None:
    """The next contact was due on 17 March and nobody came."""
    late = f"Случай {CASE}: контакт просрочен, срок был 17.03.2026"
    with people.at_work("specialist", **PHONE) as page:
        page.goto("/inbox/")
        expect(main(page).get_by_role("button", name=late)).to_have_count(0)
        apply_daily_rules()
        page.reload()
        press(page, late)
        expect(page.get_by_role("heading", level=1, name=FAMILY)).to_be_visible()
        expect(main(page)).to_contain_text("контакт просрочен на 8 дней")


def the_report_is_passed_on(people: People) -> None:
    """From the specialist over head and director to the ministry, each by the step that their list of reports shows."""
    cast = people.cast
    specialist, department, institution = (
        *(cast.specialist.get_full_name(), cast.department.title, cast.institution.short_name),
    )
    with people.at_work("specialist") as page:
        take_step(page, specialist, "Представить", "ждёт принятия")
        page.get_by_role("main").get_by_role("link", name=re.compile("Поставлено на сопровождение")).click()
        expect(main(page)).to_contain_text(FAMILY)
    with people.at_work("head") as page:
        take_step(page, specialist, "Принять", "принят")
        take_step(page, department, "Представить", "ждёт принятия")
    with people.at_work("director") as page:
        take_step(page, department, "Принять", "принят")
        open_menu(page, "Отчёты")
        for _link in ("of the list", "of the report"):
            follow(page, "Назначить составителя")
        author = main(page).get_by_label("Составитель", exact=True)
        author.select_option(value=str(cast.head.pk))
        press(page, "Сохранить")
    with people.at_work("head") as page:
        take_step(page, institution, "Представить", "ждёт принятия")
    with people.at_work("director") as page:
        take_step(page, institution, "Принять", "принят")
        take_step(page, institution, "Опубликовать", "опубликован")
    with people.at_work("ministry") as page:
        take_step(page, institution, "Принять", "принят министерством")
        expect(main(page)).not_to_contain_text(FAMILY)
        take_step(page, cast.region.title, "Опубликовать", "опубликован")


def take_step(page: Page, unit: str, step: str, state: str) -> None:
    """Go to the unit's report by the list, which names the step, and take it."""
    open_menu(page, "Отчёты")
    row = main(page).get_by_role("row").filter(has_text=unit).filter(has=page.get_by_role("link", name=step))
    follow(page, step, within=row)
    expect(page.get_by_role("heading", level=1, name=QUARTER)).to_be_visible()
    follow(page, re.compile(f"^{step}$"))
    press(page, re.compile(f"^{step}$"))
    expect(main(page).locator(".tag").first).to_have_text(state)


def the_ministry_takes_the_pdf(people: People) -> None:
    """The files appear on the open page as soon as the worker has made them."""
    cast = people.cast
    with people.at_work("ministry") as page:
        for unit in (cast.institution.short_name, cast.region.title):
            open_menu(page, "Отчёты")
            follow(page, unit)
            if not main(page).get_by_role("link", name=re.compile("^PDF")).count():
                expect(main(page)).to_contain_text("Файлы готовятся")
                do_the_work()
            with page.expect_download() as download:
                main(page).get_by_role("link", name=re.compile("^PDF")).click()
            text = "\n".join(sheet.extract_text() for sheet in PdfReader(download.value.path()).pages)
            words = " ".join(text.split())
            for part in (
                unit,
                f"за {QUARTER}",
                "Q3 Поставлено на сопровождение 1 1 0",
                "Q13 Проведено посещений 1 1 0",
            ):
                assert part in words, f"{part}: {text}"
            assert FAMILY not in text


def do_the_work() -> None:
    """What the worker does with the orders that wait."""
    while (order := work.claim_next(rendering.KIND)) is not None:
        work.run(order)
