"""Agenda and minutes for the word processor (GOST R 7.0.97 in spirit): the same sheet as the PDF, laid out as DOCX."""

from django.utils import timezone

from accounts.models import User
from common.docx import CENTRE, LEFT, RIGHT, Blank
from common.pdf import Imprint
from common.text import long_date, number_sign
from councils.models import CouncilSession, Minutes
from councils.papers import Naming, Sheet, agenda_context, agenda_table, sheet_of


def _blank(title: str, session: CouncilSession, actor: User, *, landscape: bool = False) -> Blank:
    imprint = Imprint(timezone.localtime(timezone=session.council.zone), actor.get_short_name())
    blank = Blank(title, landscape=landscape, author=str(session.council.institution or ""), imprint=imprint)
    institution = session.council.institution
    if institution is not None:
        blank.paragraph(institution.full_name, align=CENTRE, bold=True)
    return blank


def _facts(blank: Blank, facts: list[tuple[str, str]]) -> None:
    for label, value in facts:
        if value:
            blank.paragraph(f"{label}: {value}", align=LEFT)


def _list(blank: Blank, title: str, lines: tuple[str, ...]) -> None:
    if not lines:
        return
    blank.heading(title, level=2)
    for number, line in enumerate(lines, start=1):
        blank.paragraph(f"{number}. {line}", align=LEFT)


def agenda_docx(session: CouncilSession, actor: User) -> bytes:
    """The agenda as members read it: case numbers and initials (documents 5.3)."""
    sheet = sheet_of(session, Naming.INITIALS)
    context = agenda_context(sheet)
    blank = _blank("Повестка заседания", session, actor, landscape=True)
    chair = context["approver"]
    for line in ("УТВЕРЖДАЮ", chair["post"], f"____________ {chair['name']}", _approved_on(session)):
        blank.paragraph(line, align=RIGHT)
    blank.heading("ПОВЕСТКА")
    blank.paragraph(f"заседания {sheet.body}", align=CENTRE)
    _facts(blank, context["facts"])
    blank.table(agenda_table(sheet))
    return blank.build()


def _approved_on(session: CouncilSession) -> str:
    day = session.agenda_approved_on
    return long_date(day) if day else "«___» ______________ 20___ г."


def minutes_docx(session: CouncilSession, minutes: Minutes, actor: User) -> bytes:
    """The minutes with the families named, for the file and for signing on paper (documents 5.1)."""
    sheet = sheet_of(session, Naming.FULL, minutes=minutes)
    blank = _blank("Протокол заседания", session, actor)
    blank.heading("ПРОТОКОЛ")
    blank.paragraph(f"заседания {sheet.body}", align=CENTRE)
    blank.between(long_date(sheet.day), number_sign(sheet.number) or "№ ________")
    _facts(blank, sheet.facts)
    _list(blank, "Присутствовали", sheet.present)
    _list(blank, "Отсутствовали", sheet.absent)
    _list(blank, "Приглашены", sheet.invited)
    _list(blank, "Повестка дня", tuple(_title(row.title, row.subject) for row in sheet.questions))
    _questions(blank, sheet)
    _list(blank, "Приложения", sheet.programmes)
    if minutes.correction:
        blank.heading("Исправления", level=2)
        blank.paragraph(minutes.correction)
        blank.paragraph(f"Причина: {minutes.correction_reason}", align=LEFT)
    if sheet.signature:
        blank.paragraph(sheet.signature, align=LEFT)
    blank.signatures([(row["post"], row["name"]) for row in sheet.signatories])
    return blank.build()


def _title(title: str, subject: str) -> str:
    return f"{title} ({subject})" if subject else title


def _questions(blank: Blank, sheet: Sheet) -> None:
    for row in sheet.questions:
        blank.heading(f"{row.number}. {_title(row.title, row.subject)}", level=2)
        if row.outcome:
            blank.paragraph(f"{row.outcome}.")
            continue
        if row.quorum:
            blank.paragraph(f"{row.quorum}.", align=LEFT)
        heard = row.heard or "Доклад по материалам заседания."
        blank.paragraph(f"СЛУШАЛИ: {f'{row.reporter}. ' if row.reporter else ''}{heard}")
        if row.spoke:
            blank.paragraph(f"ВЫСТУПИЛИ: {row.spoke}")
        blank.paragraph("РЕШИЛИ:", align=LEFT, keep_with_next=True)
        for line in row.decisions:
            blank.paragraph(f"{line.number}. {line.text}" + (f" ({line.terms})" if line.terms else ""))
            if line.votes:
                blank.paragraph(f"Голосовали: {line.votes}.", align=LEFT)
            if line.dissent:
                blank.paragraph(f"Особое мнение: {line.dissent}")
