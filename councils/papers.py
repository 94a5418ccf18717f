"""Papers of a session: agenda, minutes, extract (documents 5.1 to 5.3), as PDF and for the word processor.

One `Sheet` holds what a paper says of the session; the PDF and the DOCX lay out the same one. `Naming` says how it
calls the families; restricted ones stand by the number of the case on every paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from accounts.models import User
from accounts.signatures import signatory
from casework.enums import RemovalReason
from casework.models import SupportProgramme
from common.names import Case, decline_person, decline_post, decline_short
from common.tables import Column, Kind, Table
from common.text import counted, fold, full_name_parts, long_date, mid_line, number_sign, short_date
from councils.enums import (
    DecisionType,
    ItemState,
    SeatRole,
    SessionMode,
    SigningWay,
)
from councils.materials import RESTRICTED, RESTRICTED_TITLE, initials_of, shown
from councils.models import AgendaItem, Attendance, CouncilMember, CouncilSession, Decision, Minutes, MinutesExtract
from councils.services.attendance import count_quorum
from records.models import IssuedDocument
from records.services.documents import issue_document, says_the_same

SESSION_OWNER, EXTRACT_OWNER = "councils.session", "councils.extract"
AGENDA, MINUTES, DRAFT = "councils.agenda", "councils.minutes", "councils.minutes_draft"
PUBLIC, EXTRACT = "councils.minutes_public", "councils.extract"

MODES = {
    SessionMode.IN_PERSON: "очно",
    SessionMode.VIDEO: "по видео-конференц-связи",
    SessionMode.MIXED: "очно и по видео-конференц-связи",
    SessionMode.ABSENTEE: "заочно, опросным путём",
}
DECISIONS = {
    DecisionType.ENROL: "поставить на социальное сопровождение",
    DecisionType.REFUSE_ENROL: "отказать в постановке на социальное сопровождение",
    DecisionType.APPROVE_PROGRAMME: "утвердить программу",
    DecisionType.RETURN_PROGRAMME: "вернуть программу на доработку",
    DecisionType.AMEND_PROGRAMME: "изменить программу",
    DecisionType.EXTEND: "продлить социальное сопровождение",
    DecisionType.REMOVE: "снять с социального сопровождения",
    DecisionType.PAUSE: "приостановить социальное сопровождение",
    DecisionType.REFER: "направить",
    DecisionType.NOTIFY: "проинформировать",
    DecisionType.TASK: "поручить",
    DecisionType.TAKE_NOTE: "принять к сведению",
}
ALSO_ENROL = "поставить семью на социальное сопровождение"
"""Said of an approved programme by which the family is put on support."""

OUTCOMES = {ItemState.POSTPONED: "Рассмотрение вопроса отложено", ItemState.WITHDRAWN: "Вопрос снят с повестки"}
UNSAID = frozenset({"на", "с", "в", "к", "социальное", "социального", "семью"})
"""Words without which a text says the same."""

WITHHELD = "Решение принято; текст решения\N{NO-BREAK SPACE}— в протоколе для дела."
ON_PAPER = (ItemState.INCLUDED, ItemState.CONSIDERED, ItemState.POSTPONED)


class Naming(Enum):
    """How a paper calls the families: by name for the file, with initials for members, by number for the others."""

    FULL = "full"
    INITIALS = "initials"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision as papers word it."""

    number: str
    text: str
    terms: str
    votes: str
    dissent: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a session as papers word it."""

    number: int
    time: str
    title: str
    subject: str
    speaker: str
    reporter: str
    agency: str
    draft: str
    materials: str
    heard: str
    spoke: str
    outcome: str
    quorum: str
    decisions: tuple[DecisionLine, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the papers of a session say."""

    session: CouncilSession
    questions: tuple[Question, ...]
    present: tuple[str, ...]
    absent: tuple[str, ...]
    invited: tuple[str, ...]
    programmes: tuple[str, ...]
    deputies: tuple[CouncilMember, ...] = ()
    minutes: Minutes | None = None

    @property
    def body(self) -> str:
        return self.session.council.title_genitive

    @property
    def subject(self) -> str:
        return f"заседания {self.body}"

    @property
    def extract_subject(self) -> str:
        return f"из протокола заседания {self.body}"

    @property
    def day(self) -> date:
        return self.session.day

    @property
    def time(self) -> str:
        return self.session.planned_time

    @property
    def mode(self) -> str:
        return MODES[SessionMode(self.session.mode)]

    @property
    def number(self) -> str:
        return self.minutes.number if self.minutes else ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The head of the minutes: how, under whom, and whether it could decide."""
        session = self.session
        quorum = count_quorum(session)
        present = session.members_present if session.members_present is not None else quorum.present
        total = session.members_total if session.members_total is not None else quorum.total
        voted = f"{present} из {total}, для кворума необходимо {quorum.needed}: кворум имеется"
        facts = [
            ("Территория", str(session.council.territory or "")),
            ("Форма проведения", self.mode),
            ("Председательствующий", _seat(session.chair)),
            ("Заместитель председателя", "; ".join(_seat(seat) for seat in self.deputies)),
            ("Секретарь", _seat(session.secretary)),
            ("Присутствовало членов с правом голоса", voted),
        ]
        return [(label, value) for label, value in facts if value]

    @property
    def signature(self) -> str:
        """How the minutes became signed (clarifications, Work)."""
        row = self.minutes
        if row is None or row.signed_on is None:
            return ""
        if row.signing_way == SigningWay.IN_SYSTEM:
            return f"Протокол подписан председателем в системе {long_date(row.signed_on)}"
        return f"Подлинник протокола подписан председателем на бумаге {long_date(row.signed_on)}"

    @property
    def signatories(self) -> list[dict[str, str]]:
        session = self.session
        return [
            {"post": "Председатель", "name": session.chair.short_name if session.chair else ""},
            {"post": "Секретарь", "name": session.secretary.short_name if session.secretary else ""},
        ]


def told_on_paper(session: CouncilSession, *, names: bool) -> QuerySet[AgendaItem]:
    """The questions whose families a paper of the session tells of; without names it withholds the restricted ones."""
    items: QuerySet[AgendaItem] = AgendaItem.objects.filter(session=session, state__in=ON_PAPER, family__isnull=False)
    return items if names else items.filter(family__is_restricted=False)


def sheet_of(session: CouncilSession, naming: Naming, *, minutes: Minutes | None = None, items: Any = None) -> Sheet:
    """What a paper says of the session; a fixed number of queries. `items` limits it to some questions."""
    questions = AgendaItem.objects.filter(session=session, state__in=ON_PAPER) if items is None else items
    rows = list(questions.with_page().order_by("position"))
    decisions = (
        Decision.objects.filter(item__in=rows)
        .with_enrolment()
        .select_related("programme", "executor_user", "executor_member__organisation", "executor_partner")
    )
    decided: dict[int, list[Decision]] = {}
    for decision in decisions.order_by("item__position", "ordinal"):
        decided.setdefault(decision.item_id, []).append(decision)
    families = [row.family_id for row in rows if row.family_id]
    today = session.council.today()
    told = _Told(
        naming,
        initials_of(families, today) if naming is Naming.INITIALS else {},
        shown(rows, today),
        whole=items is not None,
    )
    came = list(Attendance.objects.filter(session=session).select_related("member__organisation"))
    return Sheet(
        session=session,
        questions=tuple(_question(row, decided.get(row.pk, []), told, _quorum(row, came)) for row in rows),
        present=tuple(_attendant(row) for row in came if row.present),
        absent=tuple(_attendant(row) for row in came if not row.present),
        invited=tuple(
            ", ".join(part for part in (row.name, mid_line(row.post)) if part) for row in session.invitees.all()
        ),
        programmes=_programmes(decided),
        deputies=tuple(_deputies(session)) if minutes is not None else (),
        minutes=minutes,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What a paper may say of families on the day it is made: their initials, and by question the materials.

    `whole`: the paper is on these questions alone, for who carries out what was decided on them.
    """

    naming: Naming
    initials: dict[int, str]
    materials: dict[int, str]
    whole: bool

    def hides(self, item: AgendaItem) -> bool:
        """A paper for members says of a restricted family no more than their page does: that there is a question."""
        is_restricted = item.family is not None and item.family.is_restricted
        return is_restricted and self.naming is not Naming.FULL and not self.whole

    def subject(self, item: AgendaItem) -> str:
        """Whom the question is on; on the agenda a restricted family has not even the number of its case."""
        if self.hides(item) and self.naming is Naming.INITIALS:
            return ""
        return subject_of(item, self.initials, names=self.naming is Naming.FULL)


def _quorum(item: AgendaItem, came: list[Attendance]) -> str:
    """Who was there when the question was taken up, where its time is known and it was considered (lessons 18)."""
    if item.starts_at is None or item.state != ItemState.CONSIDERED:
        return ""
    voting = [row for row in came if row.member.may_vote]
    there = sum(row.is_there(item.starts_at) for row in voting)
    return f"Присутствовало при рассмотрении: {there} из {len(voting)}"


def _deputies(session: CouncilSession) -> Iterable[CouncilMember]:
    """The deputy chairs of the body on the day of the session, but for one who chaired it."""
    seats = CouncilMember.objects.on(session.day).filter(council=session.council, role=SeatRole.DEPUTY)
    return (seat for seat in seats.order_by("last_name", "pk") if seat.pk != session.chair_id)


def _question(item: AgendaItem, decisions: list[Decision], told: _Told, quorum: str) -> Question:
    hidden = told.hides(item)
    speaker, reporter = ("", "") if hidden else _speaker(item)
    outcome = OUTCOMES.get(ItemState(item.state), "")
    return Question(
        number=item.position,
        time=f"{item.starts_at:%H:%M}" if item.starts_at else "",
        title=RESTRICTED_TITLE if hidden else item.title,
        subject=told.subject(item),
        speaker=speaker,
        reporter=reporter,
        agency=item.case.institution.short_name if item.case and not hidden else "",
        draft="" if hidden else item.draft_decision,
        materials=told.materials[item.pk],
        heard=RESTRICTED if hidden else item.heard,
        spoke="" if hidden else item.spoke,
        outcome=f"{outcome}: {item.state_reason}" if outcome and item.state_reason and not hidden else outcome,
        quorum=quorum,
        decisions=tuple(_hidden_decision(row, item) if hidden else _decision(row, item) for row in decisions),
    )


def _speaker(item: AgendaItem) -> tuple[str, str]:
    """Who reports, as the agenda names them, and in the accusative that «СЛУШАЛИ:» asks for."""
    if item.speaker_name:
        return item.speaker_name, _in_accusative(item.speaker_name)
    user = item.speaker
    if user is None:
        return "", ""
    name = decline_short(user.last_name, user.first_name, user.patronymic, case=Case.ACCUSATIVE)
    post = mid_line(user.post)
    posts = (post, decline_post(post, Case.ACCUSATIVE))
    speaker, reporter = (
        ", ".join(filter(None, pair)) for pair in zip((user.get_short_name(), name), posts, strict=True)
    )
    return speaker, reporter


def _in_accusative(words: str) -> str:
    """«Нестеркина Мария Фёдоровна, педагог» in the accusative; anything but a full name is left as it was written."""
    name, comma, post = words.partition(",")
    parts = full_name_parts(name)
    if parts is None:
        return words
    declined = decline_person(*parts, case=Case.ACCUSATIVE)
    if declined == " ".join(parts):
        return words
    return f"{declined}, {decline_post(post.strip(), Case.ACCUSATIVE)}" if comma else declined


def _hidden_decision(row: Decision, item: AgendaItem) -> DecisionLine:
    """A decision on a restricted family on a paper for members: that there is one, and how they voted."""
    return DecisionLine(f"{item.position}.{row.ordinal}", WITHHELD, "", _votes(row), "")


def subject_of(item: AgendaItem, initials: dict[int, str], *, names: bool) -> str:
    """Whom the question is on: «случай № 5/2026, Ч. О. П.», with `names` the family's name; "" for the body's own."""
    family = item.family
    if family is None:
        return ""
    number = f"случай {number_sign(item.case.number)}" if item.case else "без случая"
    if family.is_restricted:
        return number
    if names:
        return f"семья {family.title}, {number}"
    return ", ".join(part for part in (number, initials.get(family.pk, "")) if part)


def _decision(row: Decision, item: AgendaItem) -> DecisionLine:
    """The decision in its words, and in brackets what they do not say."""
    acts = [DECISIONS[DecisionType(row.type)], *([ALSO_ENROL] if row.enrols else [])]
    terms = [" и ".join(act for act in acts if not _says(row.text, act))]
    if row.removal_reason:
        terms.append(f"причина: {_removal_reason(row)}")
    if row.programme is not None and row.programme.number:
        terms.append(f"программа {number_sign(row.programme.number)}")
    if row.type != DecisionType.TAKE_NOTE:
        terms.append("" if _names_day(row.text, row.effective_on) else f"с {short_date(row.effective_on)}")
    if row.until:
        terms.append("" if _names_day(row.text, row.until) else f"до {short_date(row.until)}")
    if row.executor:
        terms.append(f"исполнитель: {row.executor}")
    if row.due_on:
        terms.append(f"срок исполнения: {short_date(row.due_on)}")
    return DecisionLine(
        number=f"{item.position}.{row.ordinal}",
        text=row.text,
        terms="; ".join(filter(None, terms)),
        votes=_votes(row),
        dissent=row.dissent,
    )


def _says(text: str, act: str) -> bool:
    """Whether the text of a decision names the act itself: «Поставить семью на социальное сопровождение»."""
    said = {word.strip(".,;:()«»") for word in fold(text).split()}
    return said >= set(fold(act).split()) - UNSAID


def _names_day(text: str, day: date) -> bool:
    return short_date(day) in text or fold(long_date(day)) in fold(text)


def _votes(row: Decision) -> str:
    if not (row.votes_for or row.votes_against or row.votes_abstained):
        return ""
    return f"за\xa0— {row.votes_for}, против\xa0— {row.votes_against}, воздержались\xa0— {row.votes_abstained}"


def _removal_reason(row: Decision) -> str:
    """The reason of a removal as the dictionary words it, with what was written to explain it."""
    with translation.override("ru"):
        reason = str(RemovalReason(row.removal_reason).label)
    return f"{reason} ({row.removal_note.rstrip('.')})" if row.removal_note else reason


def _seat(seat: CouncilMember | None) -> str:
    return ", ".join(part for part in (seat.full_name, mid_line(seat.post)) if part) if seat else ""


def _attendant(row: Attendance) -> str:
    member = row.member
    said = [f"{member.full_name}, {mid_line(member.post)}"]
    if member.agency:
        said.append(member.agency)
    if not member.may_vote:
        said.append("без права голоса")
    if row.present and row.came_at:
        said.append(f"с\N{NO-BREAK SPACE}{row.came_at:%H:%M}")
    if row.present and row.left_at:
        said.append(f"до\N{NO-BREAK SPACE}{row.left_at:%H:%M}")
    if not row.present and row.absence_reason:
        said.append(f"причина: {row.absence_reason}")
    return ", ".join(said)


def _programmes(decided: dict[int, list[Decision]]) -> tuple[str, ...]:
    keys = {row.programme_id for rows in decided.values() for row in rows if row.programme_id}
    numbers = SupportProgramme.objects.filter(pk__in=keys).exclude(number="").order_by("pk")
    return tuple(f"Программа {number_sign(number)}" for number in numbers.values_list("number", flat=True))


def agenda_table(sheet: Sheet) -> Table:
    """The questions of the agenda (documents 5.3), with their times where any is set."""
    timed = any(row.time for row in sheet.questions)
    columns = [
        Column("№", 4, Kind.CENTRED),
        *([Column("Время", 8, Kind.CENTRED)] if timed else []),
        Column("Вопрос", 24),
        Column("Докладчик", 18),
        Column("Материалы", 60),
        Column("Проект решения", 22),
    ]
    rows = [
        (
            str(row.number),
            *([row.time] if timed else []),
            "\n".join(part for part in (row.title, row.subject) if part),
            "\n".join(part for part in (row.speaker, row.agency) if part),
            row.materials,
            row.draft,
        )
        for row in sheet.questions
    ]
    return Table("", columns, rows)


def agenda_context(sheet: Sheet) -> dict[str, Any]:
    """What the agenda's templates are given; the secretary's telephone is where members call."""
    session = sheet.session
    keeper = session.secretary
    contact = [
        keeper.full_name if keeper else "",
        session.council.institution.phone if session.council.institution else "",
    ]
    place = session.place or (session.council.institution.address if session.council.institution else "")
    facts = [
        ("Дата и время", f"{long_date(session.planned_on)}, {sheet.time}"),
        ("Место", place),
        ("Ссылка", session.link),
        ("Форма проведения", sheet.mode),
        ("Вопросов", counted(len(sheet.questions), "вопрос", "вопроса", "вопросов")),
        ("Приглашены", "; ".join(sheet.invited)),
        ("Секретарь", ", ".join(part for part in contact if part)),
    ]
    return {
        "sheet": sheet,
        "facts": [(label, value) for label, value in facts if value],
        "questions": agenda_table(sheet),
        "approver": {
            "post": "Председатель",
            "name": session.chair.short_name if session.chair else "",
        },
        "approved_on": session.agenda_approved_on,
    }


def agenda_is_current(document: IssuedDocument, session: CouncilSession) -> bool:
    """Whether an issued agenda says what may be said today: consents and restrictions are judged anew (I7, R13)."""
    return says_the_same(document, agenda_context(sheet_of(session, Naming.INITIALS)))


def issue_agenda(*, session: CouncilSession, actor: User) -> IssuedDocument:
    """The agenda as members read it: case numbers and initials (documents 5.3)."""
    form = _Form(AGENDA, "Повестка заседания", "agenda")
    return _issue(session, form, agenda_context(sheet_of(session, Naming.INITIALS)), actor)


def issue_minutes(*, session: CouncilSession, minutes: Minutes, actor: User) -> IssuedDocument:
    """The minutes with the families named, frozen when signed; a draft is a paper of its own kind, without a number."""
    sheet = sheet_of(session, Naming.FULL, minutes=minutes)
    is_draft = minutes.signed_on is None
    title = "Проект протокола заседания" if is_draft else "Протокол заседания"
    form = _Form(DRAFT if is_draft else MINUTES, title, "minutes", owner_kind=MINUTES)
    return _issue(session, form, {"sheet": sheet, "names": True}, actor, number=minutes.number)


def issue_public_minutes(*, session: CouncilSession, minutes: Minutes, actor: User) -> IssuedDocument:
    """The same by case numbers, for members and organisations (documents 5.1)."""
    context = {"sheet": sheet_of(session, Naming.NUMBERS, minutes=minutes), "names": False}
    is_draft = minutes.signed_on is None
    title = "Проект протокола заседания (без имён)" if is_draft else "Протокол заседания (без имён)"
    form = _Form(PUBLIC, title, "minutes")
    return _issue(session, form, context, actor, number=minutes.number, confidential=False)


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of paper of a session, and through whose door it is taken."""

    kind: str
    title: str
    template: str
    owner_kind: str = SESSION_OWNER


def _issue(
    session: CouncilSession,
    form: _Form,
    context: dict[str, Any],
    actor: User,
    *,
    number: str = "",
    confidential: bool = True,
) -> IssuedDocument:
    return issue_document(
        kind=form.kind,
        title=form.title,
        template=f"print/councils/{form.template}.html",
        context=context,
        owner_kind=form.owner_kind,
        owner_id=session.pk,
        issued_on=session.day,
        actor=actor,
        region=session.council.region,
        institution=session.council.institution,
        number=number,
        confidential=confidential,
    )


def issue_extract(*, extract: MinutesExtract, actor: User) -> IssuedDocument:
    """An extract with one decision (documents 5.2)."""
    decision = extract.decision
    item, session = decision.item, decision.item.session
    naming = Naming.FULL if extract.names_family else Naming.NUMBERS
    sheet = sheet_of(session, naming, items=AgendaItem.objects.filter(pk=item.pk))
    question = sheet.questions[0]
    line = next(row for row in question.decisions if row.number == str(decision))
    secretary = signatory(extract.issued_by, extract.issued_for, title="Секретарь")
    return issue_document(
        kind=EXTRACT,
        title="Выписка из протокола заседания",
        template="print/councils/extract.html",
        context={
            "extract": extract,
            "sheet": sheet,
            "question": question,
            "line": line,
            "addressee": [extract.addressee],
            "signatories": [{**secretary, "post": f"Выписка верна. {secretary['post']}"}],
        },
        owner_kind=EXTRACT_OWNER,
        owner_id=extract.pk,
        issued_on=extract.issued_on,
        actor=actor,
        region=session.council.region,
        institution=session.council.institution,
        number=extract.number,
        family_id=item.family_id if extract.names_family else None,
        confidential=extract.names_family,
    )
