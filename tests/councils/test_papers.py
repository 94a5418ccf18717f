"""The words of agenda, minutes and extract, in PDF and for the word processor (documents 5.1 to 5.3)."""

from datetime import time
from io import BytesIO

import docx
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfReader
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Institution
from casework.enums import RemovalReason, Stage
from common.text import long_date, short_date
from councils.documents import agenda_docx, minutes_docx
from councils.enums import DecisionType, ItemKind, SeatRole, SessionMode, SessionState
from councils.forms.decisions import usual_text
from councils.materials import NO_CONSENT, RESTRICTED, RESTRICTED_TITLE
from councils.models import AgendaItem, Attendance, Council, CouncilSession, Decision, Minutes
from councils.papers import Naming, issue_agenda, issue_minutes, issue_public_minutes, sheet_of
from councils.services import agenda, attendance, minutes, sessions
from councils.services.execution import make_extract
from families.models import Consent, Family
from families.services import restrict
from records.models import IssuedDocument
from tests.casework.rows import hold_visit
from tests.cast import Cast, client_of
from tests.factories.casework import case_at
from tests.factories.councils import attend, body, decide, on_agenda, planned, ready_case, seat, session_at
from tests.factories.families import ConsentFactory, household

pytestmark = pytest.mark.django_db

S = SessionState
D = DecisionType


def squeezed(text: str) -> str:
    """Without spaces and hyphens, which the layout puts where a narrow cell needs them."""
    return "".join(text.replace("\u00ad", "").split()).replace("-", "").replace("\u2010", "")


def words(document: IssuedDocument) -> str:
    pages = PdfReader(BytesIO(bytes(document.pdf))).pages
    return squeezed(" ".join(page.extract_text() for page in pages))


def holds(text: str, *parts: str) -> None:
    for part in parts:
        assert squeezed(part) in text, part


def consenting_case(cast: Cast) -> Family:
    case = ready_case(cast)
    mother = case.family.memberships.get(is_head=True).person
    ConsentFactory.create(family=case.family, subject=mother, actions=["TRANSFER"], recipients=["Комиссия"])
    return case.family


def full_session(cast: Cast) -> CouncilSession:
    """A held session with everything that minutes can say; its minutes are drafted."""
    session = planned(cast, body(cast), mode=SessionMode.MIXED, place="Зал заседаний")
    family = consenting_case(cast)
    item = on_agenda(cast, session, family.cases.get())
    agenda.add_organisational(session=session, title="О плане работы", actor=cast.secretary)
    attendance.invite(session=session, name="Смирнова А. А.", post="Директор школы", actor=cast.secretary)
    sessions.approve_agenda(session=session, actor=cast.chair)
    away = session.council.members.filter(user=None, role=SeatRole.MEMBER)[0]
    attend(cast, session, present=[row for row in session.council.members.all() if row.pk != away.pk])
    Attendance.objects.filter(session=session, member=away).update(absence_reason="отпуск")
    sessions.hold(session=session, held_on=session.council.today(), actor=cast.secretary)
    matter = AgendaItem.objects.get(session=session, family=None)
    agenda.change_item(
        item=AgendaItem.objects.get(pk=item.pk),
        values={"heard": "Семья нуждается в помощи.", "spoke": "Поддержали предложение."},
        actor=cast.secretary,
    )
    item.refresh_from_db()
    decide(cast, item, DecisionType.ENROL, text="Поставить на сопровождение")
    decide(cast, item, DecisionType.APPROVE_PROGRAMME, text="Утвердить программу")
    member = session.council.members.get(user=cast.member)
    decide(
        cast,
        item,
        DecisionType.TASK,
        text="Проверить жильё",
        executor_member=member,
        due_on=session.day,
        votes_for=2,
        votes_against=1,
        votes_abstained=1,
        dissent="Считаю преждевременным.",
    )
    agenda.postpone(item=matter, reason="Нет проекта плана", actor=cast.secretary)
    minutes.draft_minutes(session=session, actor=cast.secretary)
    return session


@pytest.mark.requirement("D1", "L18", "S3-13", "S0-77")
def test_the_minutes_say_all_that_documents_ask_for(cast: Cast) -> None:
    session = full_session(cast)
    Council.objects.filter(pk=session.council_id).update(territory=cast.municipality)
    session = CouncilSession.objects.with_page().get(pk=session.pk)
    row = minutes.sign_in_system(session=session, actor=cast.chair)
    text = words(IssuedDocument.objects.get(pk=row.issued_document_id))
    family = Family.objects.get()
    present = session.council.members.get(user=cast.member)
    absent = session.council.members.filter(user=None, role=SeatRole.MEMBER)[0]
    item = AgendaItem.objects.get(session=session, family=family)
    holds(
        text,
        "ПРОТОКОЛ",
        f"заседания {session.council.title_genitive}",
        f"Территория {cast.municipality}",
        f"№ {row.number}",
        long_date(session.day),
        "Зал заседаний",
        "очно и по видео-конференц-связи",
        f"{present.full_name}, начальник отдела, {present.agency}",
        f"{absent.full_name}",
        "причина: отпуск",
        "без права голоса",
        "Смирнова А. А., директор школы",
        "4 из 5, для кворума необходимо 3: кворум имеется",
        f"семья {family.title}, случай № {family.cases.get().number}",
        "Повестка дня",
        "СЛУШАЛИ:",
        "Семья нуждается в помощи.",
        "ВЫСТУПИЛИ:",
        "Поддержали предложение.",
        "РЕШИЛИ:",
        "1.1. Поставить на сопровождение",
        f"1.1. Поставить на сопровождение (с {short_date(session.day)})",
        "1.3. Проверить жильё (поручить; с",
        f"исполнитель: {present.short_name}; срок исполнения: {short_date(session.day)}",
        "за — 2, против — 1, воздержались — 1",
        "Особое мнение: Считаю преждевременным.",
        "Рассмотрение вопроса отложено: Нет проекта плана",
        f"Программа № {family.cases.get().programmes.get().number}",
        *(seat.full_name for seat in session.council.members.all()),
        "подписан председателем в системе",
        "Председатель",
        "Секретарь",
        "Конфиденциально",
    )
    assert text.count(squeezed(item.title)) == 2, "in the list of questions and where it was considered"


@pytest.mark.requirement("D1")
def test_the_public_version_stands_by_case_numbers(cast: Cast) -> None:
    session = full_session(cast)
    row = minutes.sign_in_system(session=session, actor=cast.chair)
    family = Family.objects.get()
    text = words(issue_public_minutes(session=session, minutes=row, actor=cast.secretary))
    holds(text, f"случай № {family.cases.get().number}", "Проверить жильё")
    assert squeezed("Содержит персональные данные") not in text
    mother = family.memberships.get(is_head=True).person
    for name in (family.title, mother.last_name, mother.first_name):
        assert squeezed(name) not in text


def test_what_the_words_of_a_decision_leave_out_stands_in_brackets(cast: Cast) -> None:
    """An approved programme that puts the family on support, and the day, where the secretary wrote neither."""
    session = session_at(S.HELD, cast)
    item = AgendaItem.objects.with_page().get(session=session)
    row = decide(cast, item, DecisionType.APPROVE_PROGRAMME, text="Утвердить представленную программу.")
    day = row.effective_on
    lines = {
        "Утвердить представленную программу.": ["поставить семью на социальное сопровождение", f"с {short_date(day)}"],
        "Одобрить.": ["утвердить программу и поставить семью на социальное сопровождение", f"с {short_date(day)}"],
        f"Утвердить программу, поставить семью на сопровождение с {long_date(day)}": [],
    }
    for text, terms in lines.items():
        Decision.objects.filter(pk=row.pk).update(text=text)
        told = sheet_of(session, Naming.NUMBERS).questions[0].decisions[0].terms.split("; ")
        assert [term for term in told if term and not term.startswith("программа")] == terms


def test_a_restricted_family_is_named_on_no_paper(cast: Cast) -> None:
    case = ready_case(cast)
    session = session_at(S.MINUTES_DRAFTED, cast, cases=[case])
    restrict(actor=cast.specialist, family=case.family, reason="Опасность")
    text = words(issue_minutes(session=session, minutes=Minutes.objects.get(session=session), actor=cast.secretary))
    holds(text, f"случай № {case.number}")
    assert squeezed(case.family.title) not in text


@pytest.mark.requirement("D3")
def test_the_agenda_says_all_that_documents_ask_for(cast: Cast) -> None:
    session = planned(cast, place="Зал заседаний", link="https://example.org/room")
    family = consenting_case(cast)
    item = on_agenda(cast, session, family.cases.get())
    attendance.invite(session=session, name="Смирнова А. А.", post="Директор школы", actor=cast.secretary)
    Institution.objects.filter(pk=cast.institution.pk).update(phone="8 (42331) 4-11-22")
    sessions.approve_agenda(session=session, actor=cast.chair)
    session = CouncilSession.objects.with_page().get(pk=session.pk)
    text = words(issue_agenda(session=session, actor=cast.secretary))
    mother = family.memberships.get(is_head=True).person
    holds(
        text,
        "ПОВЕСТКА",
        f"заседания {session.council.title_genitive}",
        long_date(session.day),
        "12:00",
        "Зал заседаний",
        "https://example.org/room",
        "УТВЕРЖДАЮ",
        session.chair.short_name if session.chair else "?",
        long_date(session.council.today()),
        item.title,
        f"случай № {item.case.number}" if item.case else "?",
        f"{mother.last_name[0]}. {mother.first_name[0]}.",
        cast.institution.short_name,
        item.draft_decision,
        "Состав семьи: 2 человека",
        "Смирнова А. А., директор школы",
        f"{session.secretary.full_name}, 8 (42331) 4-11-22" if session.secretary else "?",
        cast.specialist.get_short_name(),
    )
    questions = text[text.index(squeezed("Проект решения")) :]
    assert squeezed(cast.institution.short_name) in questions, "the agency that reports, beside the speaker"
    for name in (family.title, mother.last_name, mother.first_name):
        assert squeezed(name) not in text


def approved_with_consent(cast: Cast) -> tuple[CouncilSession, Consent]:
    """An approved agenda with a family whose reference a consent allows."""
    session = planned(cast)
    family = consenting_case(cast)
    on_agenda(cast, session, family.cases.get())
    sessions.approve_agenda(session=session, actor=cast.chair)
    return session, Consent.objects.get(family=family, actions=["TRANSFER"])


def revoke(consent: Consent) -> None:
    consent.revoked_on = consent.family.institution.today()
    consent.save()


@pytest.mark.requirement("S2-36", "X4")
def test_a_consent_withdrawn_takes_the_reference_off_packet_and_agenda(cast: Cast) -> None:
    """I7, R13: what was composed under the consent is not shown a day longer."""
    session, consent = approved_with_consent(cast)
    packet = reverse("councils:packet", args=[session.pk])
    member = client_of(cast.member)
    assertContains(member.get(packet), "Состав семьи")
    old = issue_agenda(session=session, actor=cast.secretary)
    address = reverse("records:document", args=[old.pk])
    assert member.get(address).status_code == 200
    revoke(consent)
    assertNotContains(member.get(packet), "Состав семьи")
    assertContains(member.get(packet), NO_CONSENT)
    refused = member.get(address)
    assertContains(refused, "повестка", status_code=403)
    assert client_of(cast.secretary).get(address).status_code == 200
    new = issue_agenda(session=session, actor=cast.secretary)
    assert squeezed("Состав семьи") not in words(new)
    holds(words(new), NO_CONSENT)
    assert member.get(reverse("records:document", args=[new.pk])).status_code == 200
    assert member.get(address).status_code == 403


@pytest.mark.requirement("S2-36")
def test_consent_is_judged_again_when_the_agenda_is_approved(cast: Cast) -> None:
    session = planned(cast)
    first, second = consenting_case(cast), ready_case(cast)
    items = [on_agenda(cast, session, case) for case in (first.cases.get(), second)]
    revoke(Consent.objects.get(family=first, actions=["TRANSFER"]))
    mother = second.family.memberships.get(is_head=True).person
    ConsentFactory.create(family=second.family, subject=mother, actions=["TRANSFER"])
    sessions.approve_agenda(session=session, actor=cast.chair)
    for item in items:
        item.refresh_from_db()
    assert items[0].materials == NO_CONSENT
    assert items[1].materials.startswith("Состав семьи")


def test_a_family_restricted_since_stands_on_the_members_agenda_no_more(cast: Cast) -> None:
    session, consent = approved_with_consent(cast)
    item = AgendaItem.objects.get(session=session)
    old = issue_agenda(session=session, actor=cast.secretary)
    restrict(actor=cast.specialist, family=consent.family, reason="Опасность")
    member = client_of(cast.member)
    assert member.get(reverse("records:document", args=[old.pk])).status_code == 403
    text = words(issue_agenda(session=session, actor=cast.secretary))
    assert item.case is not None
    for gone in ("Состав семьи", item.case.number, item.title, item.draft_decision):
        assert squeezed(gone) not in text, gone
    holds(text, RESTRICTED_TITLE, RESTRICTED)
    answer = client_of(cast.secretary).get(reverse("councils:packet", args=[session.pk]))
    assertNotContains(answer, "Состав семьи")


@pytest.mark.requirement("S0-53")
def test_the_council_hears_what_became_of_a_case(cast: Cast) -> None:
    """The members have the results before them; what was heard and decided stands in the minutes and in the case."""
    family = household(department=cast.department)
    case = case_at(Stage.ACTIVE, family=family, curator=cast.specialist, actor=cast.specialist)
    mother = family.memberships.get(is_head=True).person
    ConsentFactory.create(family=family, subject=mother, actions=["TRANSFER"], recipients=["Комиссия"])
    hold_visit(case, cast.institution.today())
    session = planned(cast)
    item = on_agenda(cast, session, case, ItemKind.REVIEW)
    sessions.approve_agenda(session=session, actor=cast.chair)
    packet = client_of(cast.member).get(reverse("councils:packet", args=[session.pk]))
    assertContains(packet, "этап: деятельностный")
    assertContains(packet, "Проведено посещений: 1")
    attend(cast, session)
    sessions.hold(session=session, held_on=session.council.today(), actor=cast.secretary)
    item.refresh_from_db()
    agenda.change_item(item=item, values={"heard": "Мать нашла работу."}, actor=cast.secretary)
    decide(cast, item, DecisionType.TAKE_NOTE, text="Продолжить сопровождение")
    minutes.draft_minutes(session=session, actor=cast.secretary)
    row = minutes.sign_in_system(session=session, actor=cast.chair)
    holds(
        words(IssuedDocument.objects.get(pk=row.issued_document_id)),
        f"случай № {case.number}",
        "Мать нашла работу.",
        "1.1. Продолжить сопровождение",
    )
    assert case.events.filter(kind="council_decided").count() == 1


@pytest.mark.requirement("D3")
def test_the_agenda_gives_each_question_its_time_and_is_approved_in_both_forms(cast: Cast) -> None:
    session = planned(cast)
    agenda.add_organisational(session=session, title="О плане работы", starts_at=time(14, 5), actor=cast.secretary)
    agenda.add_organisational(session=session, title="Разное", actor=cast.secretary)
    sessions.approve_agenda(session=session, actor=cast.chair)
    holds(words(issue_agenda(session=session, actor=cast.secretary)), "Время", "14:05")
    document = docx.Document(BytesIO(agenda_docx(session, cast.secretary)))
    assert session.chair is not None
    head = [row.text for row in document.paragraphs if row.text]
    start = head.index("УТВЕРЖДАЮ")
    assert head[start + 1] == "Председатель"
    assert session.chair.short_name in head[start + 2]
    assert head[start + 3] == long_date(session.council.today())
    assert start < head.index("ПОВЕСТКА")
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "14:05" in cells


@pytest.mark.requirement("L18", "D1")
def test_who_came_late_or_left_stands_in_the_minutes_and_each_question_has_its_quorum(cast: Cast) -> None:
    council = body(cast)
    deputy = seat(council, 9, role=SeatRole.DEPUTY)
    session = planned(cast, council)
    item = on_agenda(cast, session, ready_case(cast))
    early = agenda.add_organisational(session=session, title="Разное", starts_at=time(12), actor=cast.secretary)
    sessions.approve_agenda(session=session, actor=cast.chair)
    attend(cast, session)
    voting = list(council.members.filter(may_vote=True).exclude(role=SeatRole.CHAIR).order_by("pk"))
    rows = {
        voting[0].pk: {"came_at": time(12, 30)},
        voting[1].pk: {"came_at": time(12, 30), "left_at": time(13, 15)},
        voting[2].pk: {"came_at": time(12, 30)},
        voting[3].pk: {"left_at": time(14)},
        voting[4].pk: {"came_at": time(12, 30)},
    }
    attendance.enter_attendance(session=session, rows=rows, actor=cast.secretary)
    sessions.hold(session=session, held_on=session.council.today(), actor=cast.secretary)
    with pytest.raises(ValidationError) as refused:
        decide(cast, early, DecisionType.TAKE_NOTE)
    assert refused.value.code == "quorum"
    agenda.postpone(item=early, reason="Нет кворума", actor=cast.secretary)
    item.refresh_from_db()
    agenda.change_item(item=item, values={"starts_at": time(13, 20)}, actor=cast.secretary)
    with pytest.raises(ValidationError) as refused:
        decide(cast, item, DecisionType.ENROL, votes_for=6)
    assert "votes_for" in refused.value.message_dict
    decide(cast, item, DecisionType.ENROL, votes_for=5)
    row = minutes.draft_minutes(session=session, actor=cast.secretary)
    text = words(issue_minutes(session=session, minutes=row, actor=cast.secretary))
    holds(
        text,
        f"Заместитель председателя {deputy.full_name}",
        f"{voting[1].agency}, с 12:30, до 13:15",
        f"{voting[3].agency}, до 14:00",
        "Присутствовало членов с правом голоса 6 из 6",
        "Присутствовало при рассмотрении: 5 из 6",
    )


@pytest.mark.parametrize("kinds", [(D.APPROVE_PROGRAMME,), (D.ENROL, D.APPROVE_PROGRAMME)], ids=["alone", "apart"])
def test_papers_and_pages_say_that_an_approved_programme_puts_on_support(
    cast: Cast, kinds: tuple[DecisionType, ...]
) -> None:
    """Clarification 4: it does, where nothing else has put the family on support or will."""
    alone = len(kinds) == 1
    session = session_at(S.HELD, cast)
    item = AgendaItem.objects.with_page().get(session=session)
    for kind in kinds:
        decide(cast, item, kind, text=usual_text(item, kind))
    minutes.draft_minutes(session=session, actor=cast.secretary)
    approval = item.decisions.get(type=D.APPROVE_PROGRAMME)
    assert ("поставить семью" in approval.text) is alone
    secretary = client_of(cast.secretary)
    secretary.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    said = squeezed("поставить семью на социальное сопровождение")

    def papers() -> list[str]:
        taken = secretary.post(reverse("councils:minutes_print", args=[session.pk, "public"]), follow=True)
        pdf = " ".join(page.extract_text() for page in PdfReader(BytesIO(taken.content)).pages)
        document = docx.Document(BytesIO(secretary.get(reverse("councils:minutes_docx", args=[session.pk])).content))
        return [squeezed(pdf), squeezed(" ".join(row.text for row in document.paragraphs))]

    def pages() -> list[str]:
        addresses = (session.get_absolute_url(), reverse("councils:decision", args=[approval.pk]))
        return [secretary.get(address).content.decode() for address in addresses]

    for step in (lambda: None, lambda: minutes.sign_in_system(session=session, actor=cast.chair)):
        step()
        assert [said in text for text in papers()] == [alone, alone]
        assert ["твердить программу и поставить семью на сопровождение" in page for page in pages()] == [alone, alone]
    approval = Decision.objects.with_page().get(pk=approval.pk)
    extract = make_extract(decision=approval, addressee="Комиссия", names_family=False, actor=cast.secretary)
    assert (said in words(IssuedDocument.objects.get(pk=extract.issued_document_id))) is alone


@pytest.mark.requirement("D2")
def test_an_extract_holds_one_decision(cast: Cast) -> None:
    session = full_session(cast)
    row = minutes.sign_in_system(session=session, actor=cast.chair)
    family = Family.objects.get()
    decision = Decision.objects.with_page().get(type=DecisionType.TASK)
    executor = session.council.members.get(user=cast.member)
    for named in (False, True):
        extract = make_extract(decision=decision, addressee="Комиссия", names_family=named, actor=cast.secretary)
        text = words(IssuedDocument.objects.get(pk=extract.issued_document_id))
        holds(
            text,
            "ВЫПИСКА",
            f"№ {extract.number}",
            long_date(extract.issued_on),
            f"из протокола заседания {session.council.title_genitive}",
            f"Протокол № {row.number} от {long_date(session.day)}",
            "Комиссия",
            "4 из 5, кворум имеется",
            f"1. {decision.item.title}",
            "Проверить жильё",
            f"исполнитель: {executor.short_name}; срок исполнения: {short_date(session.day)}",
            f"Выписка верна. Секретарь {cast.secretary.get_short_name()}",
            f"№ {family.cases.get().number}",
        )
        for other in ("Утвердить программу", "О плане работы"):
            assert squeezed(other) not in text
        assert (squeezed(family.title) in text) is named


@pytest.mark.requirement("L18")
def test_a_correction_stands_in_the_new_version(cast: Cast) -> None:
    session = session_at(S.MINUTES_SIGNED, cast)
    minutes.correct_minutes(
        session=session, reason="Опечатка", correction="В вопросе 1 читать иначе", actor=cast.secretary
    )
    row = minutes.sign_in_system(session=session, actor=cast.chair)
    text = words(IssuedDocument.objects.get(pk=row.issued_document_id))
    holds(text, "Версия 2, исправленная", "В вопросе 1 читать иначе", "Причина: Опечатка")


def test_agenda_and_minutes_open_in_a_word_processor(cast: Cast) -> None:
    session = full_session(cast)
    family = Family.objects.get()
    client = client_of(cast.secretary)
    found = {}
    for name in ("agenda_docx", "minutes_docx"):
        answer = client.get(reverse(f"councils:{name}", args=[session.pk]))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        document = docx.Document(BytesIO(answer.content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        found[name] = squeezed(" ".join([*(row.text for row in document.paragraphs), *cells]))
    holds(found["agenda_docx"], "ПОВЕСТКА", "О постановке семьи", f"случай № {family.cases.get().number}")
    assert squeezed(family.title) not in found["agenda_docx"]
    holds(
        found["minutes_docx"],
        "ПРОТОКОЛ",
        f"семья {family.title}",
        "СЛУШАЛИ: ",
        "РЕШИЛИ:",
        "1.2. Утвердить программу",
        "Голосовали: за — 2, против — 1, воздержались — 1",
        "Рассмотрение вопроса отложено",
        "Председатель",
    )


def test_the_chair_reads_the_minutes_before_signing_them(cast: Cast) -> None:
    """Access rules 6.2: the chair signs, and so reads what is signed, by case numbers; a correction in its version."""
    session = session_at(S.MINUTES_DRAFTED, cast)
    address = reverse("councils:minutes_print", args=[session.pk, "public"])
    assert client_of(cast.member).post(address).status_code == 403
    chair = client_of(cast.chair)
    assertContains(chair.get(session.get_absolute_url()), address)
    assertNotContains(chair.get(session.get_absolute_url()), reverse("councils:agenda_print", args=[session.pk]))
    taken = chair.post(address, follow=True)
    text = squeezed(" ".join(page.extract_text() for page in PdfReader(BytesIO(taken.content)).pages))
    item = AgendaItem.objects.get(session=session)
    assert item.family is not None
    holds(text, "ПРОТОКОЛ", item.title, *item.decisions.values_list("text", flat=True))
    assert squeezed(item.family.title) not in text
    assert chair.post(reverse("councils:minutes_print", args=[session.pk, "full"])).status_code == 403
    minutes.sign_in_system(session=session, actor=cast.chair)
    minutes.correct_minutes(session=session, reason="Опечатка", correction="Читать иначе", actor=cast.secretary)
    taken = chair.post(address, follow=True)
    text = squeezed(" ".join(page.extract_text() for page in PdfReader(BytesIO(taken.content)).pages))
    holds(text, "Читать иначе")


def test_a_frozen_paper_is_taken_through_the_sessions_door(cast: Cast) -> None:
    """Names go to the secretary and the director; members take what holds initials and numbers."""
    session = session_at(S.MINUTES_SIGNED, cast)
    full = Minutes.objects.get(session=session).issued_document_id
    short = issue_agenda(session=session, actor=cast.secretary).pk
    for person, takes_names, takes_agenda in (
        ("secretary", 200, 200),
        ("director", 200, 200),
        ("member", 403, 200),
        ("chair", 403, 200),
        ("specialist", 403, 403),
        ("ministry", 404, 404),
        ("other_secretary", 404, 404),
    ):
        client = client_of(cast.people[person])
        assert client.get(reverse("records:document", args=[full])).status_code == takes_names, person
        assert client.get(reverse("records:document", args=[short])).status_code == takes_agenda, person


def test_the_minutes_give_the_reason_of_a_removal(cast: Cast) -> None:
    case = case_at(
        Stage.ACTIVE, family=household(department=cast.department), curator=cast.specialist, actor=cast.specialist
    )
    session = planned(cast)
    item = on_agenda(cast, session, case, ItemKind.REMOVE)
    sessions.approve_agenda(session=session, actor=cast.chair)
    attend(cast, session)
    sessions.hold(session=session, held_on=session.council.today(), actor=cast.secretary)
    reason, note = RemovalReason.INSURMOUNTABLE, "Семья не выходит на связь."
    decide(cast, item, DecisionType.REMOVE, removal_reason=reason, removal_note=note)
    row = minutes.draft_minutes(session=session, actor=cast.secretary)
    said = "причина: непреодолимые препятствия (Семья не выходит на связь); с"
    holds(words(issue_minutes(session=session, minutes=row, actor=cast.secretary)), said)
    document = docx.Document(BytesIO(minutes_docx(session, row, cast.secretary)))
    holds(squeezed(" ".join(paragraph.text for paragraph in document.paragraphs)), said)


@pytest.mark.parametrize(
    ("words_given", "said"),
    [
        ("", "СЛУШАЛИ: Нестеркину М. Ф., ведущего специалиста. Семья"),
        ("Иванов Пётр Ильич, социальный педагог", "СЛУШАЛИ: Иванова Петра Ильича, социального педагога. Семья"),
        ("П. И. Иванов", "СЛУШАЛИ: П. И. Иванов. Семья"),
        ("Ким Ен Хи", "СЛУШАЛИ: Ким Ен Хи. Семья"),
    ],
)
def test_the_minutes_name_the_speaker_in_the_accusative(cast: Cast, words_given: str, said: str) -> None:
    speaker = cast.specialist
    speaker.last_name, speaker.first_name, speaker.patronymic = "Нестеркина", "Мария", "Фёдоровна"
    speaker.post = "Ведущий специалист"
    speaker.save()
    session = session_at(S.HELD, cast)
    item = AgendaItem.objects.get(session=session)
    values = {"heard": "Семья нуждается в помощи.", "speaker_name": words_given}
    agenda.change_item(item=item, values=values, actor=cast.secretary)
    decide(cast, item, DecisionType.ENROL)
    row = minutes.draft_minutes(session=session, actor=cast.secretary)
    holds(words(issue_minutes(session=session, minutes=row, actor=cast.secretary)), said)
    document = docx.Document(BytesIO(minutes_docx(session, row, cast.secretary)))
    holds(squeezed(" ".join(paragraph.text for paragraph in document.paragraphs)), said)


def test_minutes_without_names_are_silent_on_a_restricted_family(cast: Cast) -> None:
    """Members read such minutes, and of a restricted family only the chair reads, on a page that asks why (6.2)."""
    session = full_session(cast)
    restrict(actor=cast.specialist, family=Family.objects.get(), reason="Опасность")
    row = Minutes.objects.get(session=session)
    text = words(issue_public_minutes(session=session, minutes=row, actor=cast.secretary))
    holds(text, RESTRICTED_TITLE, f"случай № {Family.objects.get().cases.get().number}", RESTRICTED, "за — 2")
    for secret in ("Семья нуждается", "Поддержали", "Проверить жильё", "Считаю преждевременным", "поставить на"):
        assert squeezed(secret) not in text, secret
    full = words(issue_minutes(session=session, minutes=row, actor=cast.secretary))
    holds(full, "Семья нуждается", "Проверить жильё")
    item = AgendaItem.objects.get(session=session, family__isnull=False)
    address = reverse("councils:restricted_item", args=[item.pk])
    page = client_of(cast.chair).post(address, {"reason": "Подписываю протокол"})
    assertContains(page, "Семья нуждается в помощи.")
    assertContains(page, "Проверить жильё")
