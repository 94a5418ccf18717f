"""Files of a report: frozen PDF and workbook, made by background work as whoever asked, without personal data."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from pypdf import PdfReader
from pytest_django.asserts import assertContains

from accounts.models import Notification, Region, RegionPolicy
from casework.enums import Stage
from casework.models import SupportCase
from common.tables import Table
from common.text import short_date
from families.models import Category, Family, FamilyCategory
from monitoring.breakdowns import CODES, hidden, taken_of
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.indicators import CATALOGUE, Value, by_code
from monitoring.lines import ReportLine, lines_of
from monitoring.models import QuarterlyReport
from monitoring.papers import (
    HIDDEN_NOTE,
    issue_report,
    report_context,
    report_sheets,
    spelt_change,
    workbook_table,
)
from monitoring.services import rendering
from monitoring.services.figures import Line
from monitoring.services.rendering import PDF, XLSX, files_of, order_rendering, orders_of, retry_rendering
from monitoring.services.reports import begin_correction, recount, take_step
from records.enums import FileType, WorkState
from records.models import IssuedDocument, WorkOrder
from records.services import work, workers
from records.services.documents import verified_pdf
from tests.casework.rows import make_case
from tests.cast import Cast, client_of
from tests.factories.accounts import MunicipalityFactory, SettlementFactory
from tests.factories.monitoring import last_quarter, report_at, report_of

pytestmark = pytest.mark.django_db

L, S = ReportLevel, ReportState


def do_work() -> None:
    """Let the worker do whatever waits."""
    while (order := work.claim_next(rendering.KIND)) is not None:
        work.run(order)


def enrol(cast: Cast) -> SupportCase:
    on = last_quarter(cast).starts_on
    return make_case(cast.specialist.appointments.get(), opened_on=on, stages=[(Stage.ACTIVE, on)], enrolled_on=on)


def text_of(document: IssuedDocument) -> str:
    reader = PdfReader(io.BytesIO(verified_pdf(document)))
    return "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.requirement("S0-55")
def test_each_step_leaves_frozen_files_in_turn(cast: Cast) -> None:
    report = report_at(cast, L.INSTITUTION, S.SUBMITTED)
    do_work()
    assert {file.kind: file.version for file in files_of(report)} == {PDF: 1, XLSX: 1}
    take_step(report=report, step=Step.ACCEPT, actor=cast.director)
    take_step(report=report, step=Step.PUBLISH, actor=cast.director)
    do_work()
    files = {file.kind: file for file in files_of(report)}
    assert files[PDF].version > 1
    assert (files[PDF].file_type, files[XLSX].file_type) == (FileType.PDF, FileType.XLSX)
    assert files[XLSX].filename.endswith(".xlsx")
    for file in files.values():
        assert cast.institution.short_name in file.filename
    assert WorkOrder.objects.exclude(state=WorkState.DONE).count() == 0
    assert WorkOrder.objects.order_by("pk").last().result_id == files[PDF].pk


def test_the_same_state_of_a_report_is_rendered_once(cast: Cast) -> None:
    report = report_at(cast, L.REGION, S.PUBLISHED)
    first = orders_of(report).get()
    assert order_rendering(report=report, actor=cast.ministry) == first
    do_work()
    assert issue_report(report=report, actor=None).pk == orders_of(report).get().result_id
    assert IssuedDocument.objects.filter(kind=PDF).count() == 1


def test_the_right_is_asked_anew_when_the_work_is_done(cast: Cast) -> None:
    report = report_at(cast, L.SPECIALIST, S.SUBMITTED)
    post = cast.specialist.appointments.get()
    post.ends_on = cast.institution.today() - timedelta(days=1)
    post.save()
    do_work()
    assert orders_of(report).get().state == WorkState.CANCELLED
    assert files_of(report) == []
    # Somebody who may still take them asks anew.
    retry_rendering(report=report, actor=cast.head)
    do_work()
    assert len(files_of(report)) == 2


def test_a_person_who_may_not_see_the_report_gets_no_files_of_it(cast: Cast) -> None:
    report = report_of(cast, L.SPECIALIST)
    order = order_rendering(report=report, actor=cast.neighbour)
    do_work()
    order.refresh_from_db()
    assert (order.state, files_of(report)) == (WorkState.CANCELLED, [])


def test_a_failure_is_told_and_tried_again_on_request(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_at(cast, L.SPECIALIST, S.SUBMITTED)
    orders_of(report).update(max_attempts=1)
    good = workers.worker_for(rendering.KIND)

    def broken(order: WorkOrder, user: Any) -> int:
        raise OSError("disk")

    monkeypatch.setitem(workers._workers, rendering.KIND, workers.Worker(good.kind, broken, good.title, good.lease))
    do_work()
    assert orders_of(report).get().state == WorkState.FAILED
    assert Notification.objects.get(recipient=cast.specialist).code == workers.failure_code(rendering.KIND)
    monkeypatch.setitem(workers._workers, rendering.KIND, good)
    retry_rendering(report=report, actor=cast.specialist)
    do_work()
    assert orders_of(report).get().state == WorkState.DONE
    assert len(files_of(report)) == 2


@pytest.mark.requirement("S0-55", "S1-62", "S4-35")
def test_the_paper_shows_sections_chart_and_who_has_not_reported(cast: Cast) -> None:
    enrol(cast)
    Region.objects.filter(pk=cast.region.pk).update(authority_title="Департамент труда и социальной защиты населения")
    report = report_of(cast, L.REGION)
    report.analysis = "Рост связан с новым порядком выявления."
    report.save()
    take_step(report=report, step=Step.PUBLISH, actor=cast.ministry)
    do_work()
    pdf = next(file for file in files_of(report) if file.kind == PDF)
    content = verified_pdf(pdf)
    assert PdfReader(io.BytesIO(content)).outline
    assert "/StructTreeRoot" in PdfReader(io.BytesIO(content)).trailer["/Root"]
    text = " ".join(text_of(pdf).split())
    assert "Департамент труда и социальной защиты населения" in text
    assert " ".join(f"за {report.period.title}".split()) in text
    assert "Рост связан с новым порядком" in text
    assert f"Это отчёты: {cast.institution.short_name}; {cast.other_institution.short_name}" in text
    for indicator in CATALOGUE:
        assert indicator.code in text


@pytest.mark.requirement("X4")
@pytest.mark.parametrize("level", [L.INSTITUTION, L.REGION])
def test_no_personal_data_stands_in_the_files(cast: Cast, level: ReportLevel) -> None:
    enrol(cast)
    Family.objects.update(title="Незабудкина", street="Полевая")
    signs = ("user:head.", "user:director.", "user:ministry.")
    staff = {token for token, place in cast.tokens.items() if not place.startswith(signs)}
    report = report_at(cast, level, S.PUBLISHED)
    do_work()
    files = {file.kind: file for file in files_of(report)}
    book = openpyxl.load_workbook(io.BytesIO(verified_pdf(files[XLSX])))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    for text in (text_of(files[PDF]), cells):
        assert "Незабудкина" not in text
        assert "Полевая" not in text
        assert not {token for token in staff if token in text}


@pytest.mark.requirement("R8")
def test_a_correction_prints_what_was_and_what_is(cast: Cast) -> None:
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    enrol(cast)
    edition = begin_correction(report=report, actor=cast.director, reason="Опоздавшая запись")
    take_step(report=edition, step=Step.SUBMIT, actor=cast.head)
    do_work()
    text = " ".join(text_of(next(file for file in files_of(edition) if file.kind == PDF)).split())
    assert "уточнённый, 2-я редакция" in text
    assert "Что изменено против прежней редакции" in text
    assert "Опоздавшая запись" in text


def test_the_workbook_holds_numbers(cast: Cast) -> None:
    enrol(cast)
    report = report_at(cast, L.DEPARTMENT, S.SUBMITTED)
    do_work()
    book = openpyxl.load_workbook(io.BytesIO(verified_pdf(next(f for f in files_of(report) if f.kind == XLSX))))
    rows = {row[0].value: [cell.value for cell in row] for row in book["Показатели"].iter_rows()}
    assert rows["Q3"][3:6] == [1, 1, 0]
    assert rows["Q7"][2:] == ["%", None, None, None, 0, 0, None, None]
    assert (rows["Q3"][2], rows["Q3"][8:]) == ("ед.", [None, None])


def test_a_change_has_its_unit_in_the_workbook() -> None:
    """A number changes by per cent, a share by percentage points; what did not change has neither."""
    number, share = by_code("Q3"), by_code("Q7")
    lines = [
        ReportLine(number, Line(Value(3), Value(3), Value(2)), None),
        ReportLine(share, Line(Value(50, 1, 2), Value(50, 1, 2), Value(25, 1, 4)), None),
        ReportLine(share, Line(Value(None, 0, 0), Value(None, 0, 0), Value(None, 0, 0)), None),
    ]
    rows = workbook_table(lines).rows
    assert [(row[2], row[8], row[9]) for row in rows] == [
        ("ед.", 50, "%"),
        ("%", 25, "п.\N{NO-BREAK SPACE}п."),
        ("%", None, ""),
    ]


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ([7, 9], [7, 9]),
        ([7, 0, 9], [7, 0, 9]),
        ([7, 2, 9], [None, None, 9]),
        ([1, 2, 9], [None, None, 9]),
        ([2, 0], [None, None]),
        ([2, 0, 0], [None, None, 0]),
        ([1, 1, 5, 1, 0], [None, None, None, None, 0]),
        ([4, 4, 0], [None, None, None]),
        ([3, 1, 9], [None, None, 9]),
    ],
)
def test_small_numbers_cannot_be_told_from_the_total(numbers: list[int], shown: list[int | None]) -> None:
    assert hidden(numbers, 5) == shown


def table_of(report: QuarterlyReport, title: str) -> Table:
    """A breakdown of the paper, by its title."""
    with translation.override("ru"):
        found = {str(row.title): table for row, table in report_context(report)["breakdowns"]}
    return found[title]


@pytest.mark.requirement("S0-4", "X4")
@pytest.mark.parametrize("level", [L.INSTITUTION, L.REGION])
def test_figures_by_municipality_add_up_and_hide_the_small(cast: Cast, level: ReportLevel) -> None:
    """Where families live, by settlement or municipality; what leaves the institution shows no small number."""
    RegionPolicy.objects.filter(region=cast.region).update(suppression_threshold=2)
    homes = [MunicipalityFactory.create(region=cast.region, title=f"Округ {name}") for name in "АБВ"]
    village = SettlementFactory.create(region=cast.region, parent=homes[2])
    for home in (homes[0], homes[0], homes[1], village, village, homes[2]):
        Family.objects.filter(pk=enrol(cast).family_id).update(settlement=home)
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    assert report_context(report_of(cast, L.SPECIALIST))["breakdowns"] == []
    if level is L.REGION:
        report = report_at(cast, L.REGION, S.PUBLISHED)
    table = table_of(report, "По муниципальным образованиям")
    assert [tuple(row[:2]) for row in table.rows] == [("Округ А", "…"), ("Округ Б", "…"), ("Округ В", 3)]
    RegionPolicy.objects.filter(region=cast.region).update(suppression_threshold=1)
    exact = table_of(report, "По муниципальным образованиям")
    for place, code in enumerate(CODES, start=1):
        number = report.values.get(code=code).quarter_number
        assert sum(row[place] for row in exact.rows) == exact.total[place] == number
    do_work()
    book = openpyxl.load_workbook(io.BytesIO(verified_pdf(next(f for f in files_of(report) if f.kind == XLSX))))
    assert "По муниципальным образованиям" in book.sheetnames
    page = client_of(cast.ministry).get(report.get_absolute_url())
    assert [row.rows[0][0] for row in page.context["breakdowns"]][:1] == ["Округ А"]
    assertContains(page, "Округ Б")


@pytest.mark.requirement("S0-4", "S1-24")
def test_figures_by_village_and_town_and_by_category(cast: Cast) -> None:
    """A category counts where it was held on the day of the event; a family with two stands in both, in all once."""
    RegionPolicy.objects.filter(region=cast.region).update(suppression_threshold=1)
    town = MunicipalityFactory.create(region=cast.region, title="Город")
    village = SettlementFactory.create(region=cast.region, parent=town, is_rural=True)
    large, svo = Category.objects.order_by("pk")[:2]
    cases = [enrol(cast) for _number in range(4)]
    for case, home in zip(cases, (town, village, village, None), strict=True):
        Family.objects.filter(pk=case.family_id).update(settlement=home)
    first = cases[0].enrolled_on
    assert first is not None
    ended = {"starts_on": first - timedelta(days=90), "ends_on": first - timedelta(days=1)}
    FamilyCategory.objects.filter(family__in=[case.family_id for case in cases]).delete()
    for case, category, days in (
        (cases[0], large, {"starts_on": first}),
        (cases[0], svo, {"starts_on": first}),
        (cases[1], large, {"starts_on": first}),
        (cases[2], large, ended),
        (cases[3], svo, {"starts_on": first + timedelta(days=1)}),
    ):
        FamilyCategory.objects.create(family=case.family, category=category, **days)
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    places = table_of(report, "По типу местности")
    assert [row[:2] for row in places.rows] == [
        ("Сельская местность", 2),
        ("Городская местность", 1),
        ("Не указано", 1),
    ]
    categories = table_of(report, "По категориям семей")
    found = {row[0].lower(): row[1] for row in categories.rows}
    assert found == {large.title.lower(): 2, svo.title.lower(): 1, "без категории": 2}
    assert categories.total[:2] == ("Всего", 4)
    page = client_of(cast.ministry).get(report.get_absolute_url())
    assertContains(page, "По категориям семей")
    assertContains(page, svo.title)
    RegionPolicy.objects.filter(region=cast.region).update(suppression_threshold=2)
    # Below two there is one only: both would follow from what the others leave of the total.
    assert [row[1] for row in table_of(report, "По типу местности").rows] == ["…", "…", "…"]
    do_work()
    files = {file.kind: file for file in files_of(report)}
    text = " ".join(text_of(files[PDF]).split())
    assert "По категориям семей" in text
    assert "учтена в каждой из них" in text
    assert "По категориям семей" in openpyxl.load_workbook(io.BytesIO(verified_pdf(files[XLSX]))).sheetnames


def test_changes_are_signed_and_a_small_base_is_marked(cast: Cast) -> None:
    enrol(cast)
    report = report_of(cast, L.DEPARTMENT)
    values = report.values
    values.filter(code="Q3").update(quarter_number=12, before_number=8)
    values.filter(code="Q4").update(quarter_number=5, before_number=0)
    values.filter(code="Q13").update(quarter_number=87, before_number=100)
    values.filter(code="Q7").update(
        quarter_number=83, quarter_part=70, quarter_whole=84, before_number=76, before_part=48, before_whole=63
    )
    found = {line.indicator.code: spelt_change(line) for line in lines_of(report)}
    nbsp = "\N{NO-BREAK SPACE}"
    assert found["Q3"] == f"+50{nbsp}%*"
    assert found["Q4"] == "—"
    assert found["Q13"] == f"\N{MINUS SIGN}13{nbsp}%"
    assert found["Q7"] == f"+7{nbsp}п.{nbsp}п."
    assert any("Малая база" in note for note in report_context(report)["notes"])


def test_a_difference_from_the_reports_below_is_printed(cast: Cast) -> None:
    enrol(cast)
    report_at(cast, L.SPECIALIST, S.ACCEPTED)
    enrol(cast)
    report = report_at(cast, L.DEPARTMENT, S.GENERATED)
    report.values.filter(code="Q3").update(quarter_number=2, lower=1)
    nbsp = "\N{NO-BREAK SPACE}"
    assert f"Q3: сумма принятых отчётов{nbsp}— 1, по данным учёта — 2." in report_context(report)["notes"]
    recount(report=report, actor=cast.head)
    assert take_step(report=report, step=Step.SUBMIT, actor=cast.head)
    fixed = f"Q3: сумма отчётов, принятых к моменту представления{nbsp}— 1, по данным учёта — 2."
    assert fixed in report_context(report)["notes"]
    page = client_of(cast.head).get(report.get_absolute_url())
    assertContains(page, "Сумма отчётов, принятых к моменту представления: 1.")


def test_a_report_that_was_sent_back_does_not_count_in_the_tables_of_the_region(cast: Cast) -> None:
    enrol(cast)
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    region = report_of(cast, L.REGION)
    assert taken_of(region) == [report]
    take_step(report=report, step=Step.RETURN, actor=cast.ministry, reason="Проверьте")
    assert taken_of(region) == []
    take_step(report=region, step=Step.PUBLISH, actor=cast.ministry)
    assert taken_of(region) == []


def test_no_page_of_the_paper_ends_with_a_heading(cast: Cast) -> None:
    enrol(cast)
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    do_work()
    document = next(file for file in files_of(report) if file.kind == PDF)
    with translation.override("ru"):
        titles = {title for title, _table in report_context(report)["sections"]}
    titles |= {"Анализ", "Примечания", "Представление отчётов", "По категориям семей", "Причины снятия с сопровождения"}
    pages = [page.extract_text().splitlines() for page in PdfReader(io.BytesIO(verified_pdf(document))).pages]
    assert len(pages) > 1
    for lines in pages:
        last = [line for line in lines if line.strip() and "Сформировано" not in line and "Стр." not in line][-1]
        assert not any(last.endswith(title) for title in titles), last
    for lines in pages[:-1]:
        assert len(lines) > 20, "a page is half empty"


def test_a_script_gets_the_files(cast: Cast, tmp_path: Path) -> None:
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    do_work()
    quarter = str(last_quarter(cast))
    for suffix, head in ((".pdf", b"%PDF-"), (".xlsx", b"PK")):
        out = tmp_path / f"report{suffix}"
        call_command("render_report", "--unit", cast.institution.code, "--quarter", quarter, "--out", str(out))
        frozen = next(file for file in files_of(report) if file.filename.endswith(suffix))
        assert out.read_bytes() == verified_pdf(frozen)
        assert out.read_bytes().startswith(head)


@pytest.mark.parametrize(
    ("unit", "quarter", "name", "message"),
    [
        ("nowhere", "2026Q3", "a.pdf", "has the code nowhere"),
        ("institution", "2026-3", "a.pdf", "not a quarter"),
        ("institution", "2019Q1", "a.pdf", "no report on 2019Q1"),
        ("institution", "2026Q3", "a.doc", "neither"),
    ],
)
def test_a_script_is_told_what_is_wrong(cast: Cast, unit: str, quarter: str, name: str, message: str) -> None:
    assert cast.institution.code == "institution"
    with pytest.raises(CommandError, match=message):
        call_command("render_report", "--unit", unit, "--quarter", quarter, "--out", name)
    assert not QuarterlyReport.objects.exists()


def test_the_indicators_of_a_unit_that_nobody_knows() -> None:
    with pytest.raises(CommandError, match="has the code nowhere"):
        call_command("indicators", "--unit", "nowhere", "--from", "2026-07-01", "--to", "2026-09-30")


@pytest.mark.requirement("S3-5")
def test_the_report_names_the_reasons_of_removal_its_acceptance_and_both_denominators(cast: Cast) -> None:
    """Documents 5.10; indicators 4.1, ambiguities c and d."""
    day = last_quarter(cast).starts_on + timedelta(days=40)
    reasons = ("GOALS_ACHIEVED", "GOALS_ACHIEVED", "EXITED_HARDSHIP", "MOVED")
    for reason in reasons:
        case = enrol(cast)
        SupportCase.objects.filter(pk=case.pk).update(
            removed_on=day, closed_on=day, stage=Stage.CLOSED, curator=None, removal_reason=reason
        )
    for state in (S.GENERATED, S.ACCEPTED):
        report = report_at(cast, L.DEPARTMENT, state)
        with translation.override("ru"):
            context = report_context(report)
        assert context["reasons"].rows == [
            ("выход из трудной жизненной ситуации (улучшение)", 1),
            ("цели сопровождения достигнуты (улучшение)", 2),
            ("переезд", 1),
            ("Всего", 4),
        ]
        assert any("Q8: от всех снятых с сопровождения" in note and "0 из 4" in note for note in context["notes"])
        assert dict(context["facts"])["Принят"] == (short_date(cast.institution.today()) if state == S.ACCEPTED else "")
    paper = text_of(issue_report(report=report, actor=cast.head))
    for words in ("Причины снятия с сопровождения", "цели сопровождения достигнуты", "Принят"):
        assert words in paper


@pytest.mark.requirement("S0-53")
def test_what_leaves_the_institution_hides_small_numbers_of_reasons_too(cast: Cast) -> None:
    """Improvements and the others have exact totals, Q5 and Q4: neither tells what is hidden of its reasons."""
    day = last_quarter(cast).starts_on + timedelta(days=40)
    for reason in (*["GOALS_ACHIEVED"] * 6, "EXITED_HARDSHIP", *["MOVED"] * 2):
        case = enrol(cast)
        SupportCase.objects.filter(pk=case.pk).update(
            removed_on=day, closed_on=day, stage=Stage.CLOSED, curator=None, removal_reason=reason
        )
    report = report_at(cast, L.INSTITUTION, S.PUBLISHED)
    with translation.override("ru"):
        context = report_context(report)
        [sheet] = [row for row in report_sheets(report) if row.title == "Причины снятия"]
    numbers = [number for _title, number in context["reasons"].rows]
    assert numbers.count("…") == 4
    assert [number for number in numbers if number != "…"] == [9]
    told = dict(context["reasons"].rows)
    assert told["цели сопровождения достигнуты (улучшение)"] == told["переезд"] == "…"
    assert context["reasons_note"] == HIDDEN_NOTE
    assert sheet.table.rows == context["reasons"].rows
    assert HIDDEN_NOTE in sheet.notes


def test_a_draft_is_printed_anew_once_reports_below_were_accepted(cast: Cast) -> None:
    """Its own figures stay, but what it says of the sums below and of who is missing does not."""
    enrol(cast)
    report = report_of(cast, L.DEPARTMENT)
    before = order_rendering(report=report, actor=cast.head)
    assert order_rendering(report=report, actor=cast.head) == before
    report_at(cast, L.SPECIALIST, S.ACCEPTED)
    report.refresh_from_db()
    assert order_rendering(report=report, actor=cast.head) != before


@pytest.mark.parametrize(
    ("removed", "improved", "with_contract", "printed"), [(8, 4, 2, True), (8, 0, 0, False), (4, 4, 2, False)]
)
def test_the_second_denominator_of_q8_is_printed_where_it_says_more(
    cast: Cast, removed: int, improved: int, with_contract: int, printed: bool
) -> None:
    report = report_of(cast, L.DEPARTMENT)
    for code, number in (("Q4", removed), ("Q5", improved), ("Q8n", with_contract)):
        report.values.filter(code=code).update(quarter_number=number)
    assert any("от всех снятых" in note for note in report_context(report)["notes"]) is printed
