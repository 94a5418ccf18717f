"""The words of the act of a visit, of the act on urgent services, and of the journal of a period."""

from datetime import time, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from accounts.models import User
from casework.enums import Channel, Signature, TeamRole, VisitPurpose, VisitState
from casework.models import ContractDuty, ServiceRecord, SupportCase, Visit
from casework.services.journal import ServiceEntry, cancel_service, render_urgent
from casework.services.visits import Companion, cancel_visit, record_visit
from casework.visit_papers import JournalPaper, issue_urgent_act, issue_visit_act, render_journal
from common.calendar import add_years
from common.text import initials_last, long_date
from families.models import Family, Person
from records.models import IssuedDocument
from tests.casework.visiting import a_visit, active_case, entered, entries, members_of, people_of, recorded, title_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def text_of(pdf: bytes) -> str:
    """The words of all pages, joined as a reader reads them."""
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.replace("\u00ad", "").split())


def squeezed(text: str) -> str:
    """Without spaces and hyphens, which the layout puts where a narrow cell needs them."""
    return "".join(text.split()).replace("-", "").replace("\u2010", "")


def act_of(visit: Visit, cast: Cast) -> str:
    stored = Visit.objects.with_page().get(pk=visit.pk)
    return text_of(bytes(issue_visit_act(visit=stored, actor=cast.specialist).pdf))


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return active_case(cast)


FULL: dict[str, Any] = {
    "started_at": time(14, 5),
    "ended_at": time(15, 20),
    "observations": "Мать ищет работу.",
    "composition_changes": "Родился сын.",
    "living_conditions": "Печное отопление.",
    "employment_changes": "Уволена.",
    "children_care": "Опрятны.",
    "health": "Простуда.",
    "relations": "Ровные.",
    "danger_signs": "Неисправная проводка.",
    "recommendations": "Вызвать электрика.",
    "agreements": "Звонок в пятницу.",
    "representative_remark": "Согласна.",
    "signature": Signature.REFUSED,
}


@pytest.mark.requirement("S3-20", "S1-66", "D7", "S4-14")
def test_the_act_says_everything_that_was_written_down(case: SupportCase, cast: Cast) -> None:
    today = case.institution.today()
    next_on = today + 28 * DAY
    Family.objects.filter(pk=case.family_id).update(street="ул. Лесная", house="4")
    User.objects.filter(pk=cast.specialist.pk).update(post="специалист по социальной работе")
    visit = record_visit(
        visit=a_visit(case, next_on=next_on, purpose=VisitPurpose.CHECK, **FULL),
        seen=members_of(case),
        services=entries(case, "legal-services"),
        companions=[Companion(TeamRole.OTHER, name="Е. А. Ларина", post="инспектор ПДН")],
        actor=cast.specialist,
    )
    text = act_of(visit, cast)
    for part in (value for value in FULL.values() if isinstance(value, str) and value.endswith(".")):
        assert part in text
    for part in ("АКТ", visit.number, "14:05", "15:20", "Е. А. Ларина", "инспектор ПДН", "от подписи отказал"):
        assert part in text.replace("\N{NO-BREAK SPACE}", " ")
    assert title_of("legal-services").title in text
    assert long_date(next_on).replace("\N{NO-BREAK SPACE}", " ") in text.replace("\N{NO-BREAK SPACE}", " ")
    said = squeezed(text)
    for part in (
        long_date(today),
        "ул. Лесная",
        "проверка исполнения программы",
        f"{cast.specialist.get_short_name()}, специалист по социальной работе",
        "Признаки опасности",
        "Рекомендации (не обязательны для семьи)",
        "С актом ознакомлен(а) законный представитель",
    ):
        assert squeezed(part) in said, part
    mother, *children = people_of(case)
    adults, minors = said.split(squeezed("Присутствовали взрослые"))[1].split(squeezed("Присутствовали дети"))
    assert squeezed(mother.full_name) in adults
    for person in children:
        assert squeezed(person.full_name) in minors
    assert cast.institution.full_name in text
    assert "Содержит персональные данные" in text


@pytest.mark.requirement("L17")
def test_the_act_of_a_past_visit_is_printed_as_of_its_day(case: SupportCase, cast: Cast) -> None:
    """A child who has come of age since then, and an adult who was one then, stand as they were on that day."""
    on = case.institution.today() - 5 * DAY
    child = people_of(case)[1]
    visit = recorded(case, cast.specialist, on=on)
    for birth_date, age in ((add_years(on + DAY, -18), "17 лет"), (add_years(on, -18), "")):
        Person.objects.filter(pk=child.pk).update(birth_date=birth_date)
        text = squeezed(act_of(visit, cast))
        assert squeezed(long_date(on)) in text
        assert (squeezed(f"{child.full_name}, {age}") in text) is bool(age)
        assert (squeezed(child.full_name) in text.split(squeezed("Присутствовали дети"))[0]) is not bool(age)


def test_the_table_of_services_keeps_numbers_whole_and_names_apart(case: SupportCase, cast: Cast) -> None:
    """A number of the hundreds of a year stands in one line, and each recipient begins one."""
    visit = recorded(case, cast.specialist, "legal-services")
    row = ServiceRecord.objects.get(visit=visit)
    ServiceRecord.objects.filter(pk=row.pk).update(number="988/2026")
    text = act_of(visit, cast)
    assert "988/2026" in text
    people = row.recipients.order_by("birth_date", "pk")
    names = [initials_last(person.last_name, person.first_name, person.patronymic) for person in people]
    assert len(names) > 1
    assert squeezed("".join(names)) in squeezed(text)


def test_an_act_without_a_word_still_speaks_of_danger(case: SupportCase, cast: Cast) -> None:
    text = act_of(recorded(case, cast.specialist), cast)
    assert "Признаки опасности Не отмечены." in text
    assert "Рекомендации" not in text


@pytest.mark.requirement("D7")
@pytest.mark.parametrize(
    ("state", "words"),
    [(VisitState.NOT_AT_HOME, "дома никого не оказалось"), (VisitState.REFUSED, "семья отказалась")],
)
def test_a_failed_visit_gets_a_short_act(case: SupportCase, cast: Cast, state: VisitState, words: str) -> None:
    text = act_of(recorded(case, cast.specialist, state=state), cast)
    assert words in text
    assert "Признаки опасности" not in text
    assert "законный представитель" not in text


def test_a_cancelled_visit_takes_its_act_with_it(case: SupportCase, cast: Cast) -> None:
    visit = recorded(case, cast.specialist)
    act_of(visit, cast)
    cancel_visit(visit=Visit.objects.with_page().get(pk=visit.pk), reason="другая семья", actor=cast.head)
    assert IssuedDocument.objects.get().cancellation.reason == "другая семья"


@pytest.mark.requirement("I6", "S1-10", "D16")
def test_the_act_on_an_urgent_service_names_who_got_what(case: SupportCase, cast: Cast) -> None:
    [row] = render_urgent(
        family=case.family,
        on=case.institution.today(),
        channel=Channel.OFFICE,
        entries=[ServiceEntry(title_of("urgent-food"), people_of(case), 2, result="набор на неделю")],
        actor=cast.specialist,
    )
    stored = ServiceRecord.objects.with_page().get(pk=row.pk)
    paper = issue_urgent_act(row=stored, actor=cast.specialist)
    text = text_of(bytes(paper.pdf))
    for part in (
        row.number,
        title_of("urgent-food").title,
        str(row.get_service_kind_display()),
        "набор на неделю",
        cast.institution.full_name,
        long_date(row.on),
        "в сроки, обусловленные нуждаемостью получателя",
        cast.specialist.get_short_name(),
        "Получатель (законный представитель)",
    ):
        assert squeezed(part) in squeezed(text), part
    for person in people_of(case):
        assert squeezed(person.full_name) in squeezed(text)


@pytest.mark.requirement("S2-34", "S2-33")
def test_the_journal_lists_rows_with_their_grounds_and_sums_them(case: SupportCase, cast: Cast) -> None:
    today = case.institution.today()
    recorded(case, cast.specialist, "legal-services", "urgent-food")
    row = entered(case, cast.specialist, "labour-training")
    gone = entered(case, cast.specialist, "labour-training")
    cancel_service(row=ServiceRecord.objects.with_page().get(pk=gone.pk), reason="ошибка", actor=cast.head)
    ContractDuty.objects.create(family=case.family, contract_number="77-К", kind="BUSINESS", starts_on=today - 9 * DAY)
    paper = JournalPaper(cast.institution, cast.department, today - 30 * DAY, today, cast.specialist)
    rendered = render_journal(ServiceRecord.objects.valid(), paper)
    text = text_of(rendered.pdf)
    urgent = ServiceRecord.objects.get(record_type="URGENT")
    for part in ("ЖУРНАЛ", cast.department.title, f"акт №\N{NO-BREAK SPACE}{urgent.number}", "77-К", row.number):
        assert part in rendered.html
    for words in ("Итого по видам", "социально-трудовые", "Всего"):
        assert words in text
    assert gone.number not in rendered.html


def test_a_journal_is_finished_once_its_period_is_over(case: SupportCase, cast: Cast) -> None:
    """While it runs the paper says on which day its entries stand."""
    today, rows = case.institution.today(), ServiceRecord.objects.valid()
    begun = today - 30 * DAY
    for last, words in (
        (today - DAY, f"Начат {long_date(begun)}, окончен {long_date(today - DAY)}"),
        (today, f"Начат {long_date(begun)}, не окончен, сведения на {long_date(today)}"),
    ):
        paper = JournalPaper(cast.institution, cast.department, begun, last, cast.specialist)
        assert words in render_journal(rows, paper).html
