"""«И. о.»: who acts in place of another is named with that person, in print and in the journal."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import AccessEvent, User
from accounts.signatures import represented, signatory, signing_post, stood_in_for
from casework.enums import ProgrammeState, Stage
from casework.models import Assessment, SupportCase
from casework.models.diagnosis import SCALES
from casework.notice_papers import issue_notice
from casework.papers import assessment_context
from casework.services import notices
from casework.services.diagnosis import assess
from casework.services.visits import plan_visit, record_visit
from casework.visit_papers import issue_urgent_act, visit_act_context
from common.text import NBSP
from contracts.enums import ContractState
from contracts.papers import sheet_context
from councils.models import Decision
from councils.services import minutes
from councils.services.execution import make_extract
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.papers import report_context
from monitoring.services.reports import take_step
from partners.services import print_agreement
from records.models import IssuedDocument
from tests.casework.test_commitments import notice_of
from tests.casework.test_visit_papers import squeezed, text_of
from tests.casework.visiting import a_visit, active_case, entered, members_of, recorded
from tests.cast import Cast, client_of
from tests.councils.test_papers import full_session
from tests.factories.accounts import deputy_of
from tests.factories.casework import case_at
from tests.factories.contracts import contract_in, filled
from tests.factories.families import household
from tests.factories.monitoring import report_at
from tests.factories.partners import DraftAgreementFactory
from tests.factories.programmes import programme_at

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
STANDS_IN = f"И.{NBSP}о. заведующего отделением Ивановой{NBSP}М.{NBSP}С."


@pytest.fixture
def deputy(cast: Cast) -> User:
    """Who works in place of the head of the department, whose post and name are those of a person."""
    head = cast.head
    head.last_name, head.first_name, head.patronymic = "Иванова", "Мария", "Сергеевна"
    head.post = "Заведующий отделением"
    head.save()
    user = User.objects.get(pk=cast.deputy.pk)
    user.work_as(next(row for row in user.appointments_in_force if row.is_deputy))
    return user


def test_a_deputy_stands_in_only_while_they_work_as_one(cast: Cast, deputy: User) -> None:
    assert stood_in_for(deputy) == cast.head
    own = User.objects.get(pk=deputy.pk)
    own.work_as(next(row for row in own.appointments_in_force if not row.is_deputy))
    assert stood_in_for(own) is None
    assert stood_in_for(cast.head) is None


@pytest.mark.parametrize(
    ("post", "title", "line"),
    [
        ("директор", "", f"И.{NBSP}о. директора Иванова{NBSP}И.{NBSP}П."),
        ("", "", f"И.{NBSP}о. специалиста Иванова{NBSP}И.{NBSP}П."),
        ("директор", "Секретарь", f"И.{NBSP}о. секретаря Иванова{NBSP}И.{NBSP}П."),
    ],
)
def test_the_post_is_the_one_filled_in(post: str, title: str, line: str) -> None:
    principal = User(last_name="Иванов", first_name="Илья", patronymic="Петрович", post=post)
    person = User(last_name="Черных", first_name="Ольга", patronymic="Павловна", post="психолог")
    found = signatory(person, principal, default="специалист", title=title)
    assert found == {"post": line, "name": f"О.{NBSP}П.{NBSP}Черных"}
    assert signatory(person, default="специалист")["post"] == "Психолог"


def test_a_notice_names_both_also_when_the_deputyship_is_over(cast: Cast, deputy: User) -> None:
    notice = notice_of(cast, active_case(cast))
    notices.send(notice=notice, on=notice.case.institution.today(), method="почта", actor=deputy)
    deputy.appointments.exclude(deputy_for=None).delete()
    notice = type(notice).objects.get(pk=notice.pk)
    paper = issue_notice(actor=cast.specialist, notice=notice)
    shown = squeezed(text_of(bytes(paper.pdf)))
    assert squeezed(f"{STANDS_IN} {deputy.get_short_name()}") in shown


def test_a_report_accepted_by_a_deputy_names_both(cast: Cast, deputy: User) -> None:
    report = report_at(cast, ReportLevel.SPECIALIST, ReportState.SUBMITTED)
    take_step(report=report, step=Step.ACCEPT, actor=deputy)
    report.refresh_from_db()
    assert report_context(report)["signatories"][1] == {"post": STANDS_IN, "name": deputy.get_short_name()}


@pytest.fixture
def second_pair(cast: Cast) -> User:
    """A colleague who works in place of the specialist."""
    specialist = cast.specialist
    specialist.last_name, specialist.first_name, specialist.patronymic = "Петров", "Пётр", "Петрович"
    specialist.post = "специалист по социальной работе"
    specialist.save()
    return stand_in(specialist, cast.neighbour)


def stand_in(principal: User, person: User) -> User:
    """`person`, working in place of `principal` yesterday, today and tomorrow."""
    post = principal.appointments.get()
    today = post.local_today()
    row = deputy_of(post, user=person, starts_on=today - DAY, ends_on=today + DAY)
    user = User.objects.get(pk=person.pk)
    user.work_as(row)
    return user


IN_PLACE = f"И.{NBSP}о. специалиста по социальной работе Петрова{NBSP}П.{NBSP}П."


def test_the_papers_of_a_specialists_work_name_both(cast: Cast, second_pair: User) -> None:
    """The act of a visit, the act on urgent services, the sheet of an assessment."""
    case = active_case(cast)
    today = case.institution.today()
    line = {"post": IN_PLACE, "name": second_pair.get_short_name()}
    visit = recorded(case, second_pair, on=today)
    assert visit_act_context(visit)["signatories"] == [line]
    scores: dict[str, Any] = dict.fromkeys(SCALES, 2)
    row = Assessment(case=case, on=today, purpose="INITIAL", methods=["TALK"], **scores)
    sheet = assessment_context(assess(assessment=row, actor=second_pair))
    assert sheet["signatories"] == [line | {"post": f"И.{NBSP}о. специалиста Петрова{NBSP}П.{NBSP}П."}]
    service = entered(case, second_pair)
    act = squeezed(text_of(bytes(issue_urgent_act(row=service, actor=second_pair).pdf)))
    assert squeezed(f"{IN_PLACE} {second_pair.get_short_name()}") in act
    assert visit_act_context(recorded(case, cast.specialist, on=today))["signatories"][0]["post"] == (
        "Специалист по социальной работе"
    )


def test_a_visit_planned_by_a_deputy_is_signed_by_whoever_holds_it(cast: Cast, second_pair: User) -> None:
    case = active_case(cast)
    plan = plan_visit(case=case, planned_on=case.institution.today(), actor=second_pair)
    assert plan.specialist_for == cast.specialist
    held = a_visit(case)
    held.specialist_for = cast.specialist
    record_visit(visit=held, seen=members_of(case), actor=cast.specialist)
    assert held.specialist_for is None


def test_the_sheet_of_a_month_names_both(cast: Cast, second_pair: User) -> None:
    family = household(department=cast.department, curator=cast.specialist)
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    sheet = contract.sheets.get(month=1)
    filled(sheet, second_pair)
    sheet.refresh_from_db()
    assert sheet_context(sheet)["signatories"] == [{"post": IN_PLACE, "name": second_pair.get_short_name()}]


def test_an_extract_names_both(cast: Cast) -> None:
    secretary = cast.secretary
    secretary.last_name, secretary.first_name, secretary.patronymic = "Иванов", "Илья", "Петрович"
    secretary.save()
    session = full_session(cast)
    minutes.sign_in_system(session=session, actor=cast.chair)
    deputy = stand_in(secretary, cast.neighbour)
    decision = Decision.objects.with_page().filter(item__session=session).first()
    assert decision is not None
    extract = make_extract(decision=decision, addressee="Комиссия", names_family=False, actor=deputy)
    text = text_of(bytes(IssuedDocument.objects.get(pk=extract.issued_document_id).pdf))
    line = f"Выписка верна. И. о. секретаря Иванова И. П. {deputy.get_short_name()}"
    assert squeezed(line) in squeezed(text)


def test_who_stands_in_for_the_director_is_proposed_to_sign(cast: Cast) -> None:
    director = cast.director
    director.last_name, director.first_name, director.patronymic, director.post = (
        "Иванов",
        "Илья",
        "Петрович",
        "Директор",
    )
    director.save()
    post = signing_post(cast.institution, cast.institution.today())
    assert post is not None
    assert post.user == director
    deputy = stand_in(director, cast.head)
    case = programme_case(cast)
    form = client_of(cast.specialist).get(f"/cases/{case.pk}/agreement/new/").context["form"]
    assert form["institution_signatory"].value() == deputy.get_full_name()
    assert form["signatory_post"].value() == f"и.{NBSP}о. директора Иванова{NBSP}И.{NBSP}П."
    agreement = DraftAgreementFactory(institution=cast.institution)
    paper = print_agreement(agreement=agreement, actor=cast.director, on=cast.institution.today())
    text = squeezed(text_of(bytes(paper.pdf)))
    assert squeezed(f"и. о. директора Иванова И. П. {deputy.get_full_name()}") in text


def programme_case(cast: Cast) -> SupportCase:
    """A case whose programme is approved and whose agreement is to be drawn up."""
    case = case_at(
        Stage.CONTRACTING,
        family=household(department=cast.department),
        curator=cast.specialist,
        actor=cast.specialist,
    )
    programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    return case


def test_the_journal_names_both(cast: Cast, deputy: User) -> None:
    post = next(row for row in deputy.appointments_in_force if row.is_deputy)
    client = client_of(deputy, post)
    client.get(f"/cases/{active_case(cast).pk}/")
    event = AccessEvent.objects.filter(user=deputy).latest("pk")
    assert event.acting_for == cast.head
    shown = client.get("/journal/").content.decode()
    assert deputy.get_short_name() in shown
    assert cast.head.get_short_name() in shown


@pytest.mark.parametrize(
    ("post", "name", "ground", "words"),
    [
        (
            *("Директор", "Черных Татьяна Леонидовна", "Устав"),
            "в лице директора Черных Татьяны Леонидовны, действующей на основании Устава",
        ),
        (
            *("и. о. директора Иванова И. П.", "Ким Виктор Сергеевич", "приказ № 5"),
            "в лице и. о. директора Иванова И. П. Кима Виктора Сергеевича, действующего на основании приказа № 5",
        ),
        (
            *("директор", "Ким Виктор Сергеевич", "-"),
            "в лице директора Кима Виктора Сергеевича (основание полномочий: -)",
        ),
        (
            *("директор", "И. И. Иванов", "устав"),
            "от имени которого действует директор И. И. Иванов (основание полномочий: устав)",
        ),
        ("завхозяйка", "Оюн Чодураа Мерген", "", "от имени которого действует завхозяйка Оюн Чодураа Мерген"),
    ],
)
def test_who_represents_a_party_is_declined_where_that_is_sure(post: str, name: str, ground: str, words: str) -> None:
    assert represented(post, name, ground) == words
