"""What is printed of visits and services: the act of a visit, the act on urgent services, the journal of a period.

Acts are frozen papers of their record. The journal is a register of what is stored now: it is printed anew each time,
and each printing is in the access journal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.text import capfirst

from accounts.models import Department, Institution, User
from accounts.signatures import signatory
from casework.enums import RecordType, Signature, VisitState
from casework.models import ContractDuty, ServiceRecord, SupportAgreement, Visit
from common.long_pdf import render_long_pdf
from common.pdf import Imprint, Letterhead, RenderedDocument
from common.tables import Column, Kind, Table
from common.text import NB_HYPHEN, counted, initials_last, long_date, mid_line, number_sign
from families.models import Person
from records.models import IssuedDocument
from records.services.documents import issue_document

VISIT_ACT, URGENT_ACT = "casework.visit_act", "casework.urgent_act"
MOST_PRINTED_ROWS = 1000

COUNT = f"Кол{NB_HYPHEN}во"
CHANNELS = {
    "HOME": "по месту жительства",
    "OFFICE": "в учреждении",
    "TRIP": "в ходе выезда",
    "ONLINE": "дистанционно",
    "PHONE": "по телефону",
    "EVENT": "на мероприятии",
}
SIGNATURES = {
    Signature.SIGNED: "",
    Signature.REFUSED: "от подписи отказался (отказалась)",
    Signature.ABSENT: "при составлении акта не присутствовал (не присутствовала)",
}


def issue_visit_act(*, visit: Visit, actor: User) -> IssuedDocument:
    """The act of a visit, the short one where it failed (documents 5.7)."""
    if visit.held_on is None:
        raise ValueError("a visit without an outcome has no act")
    case = visit.case
    with translation.override("ru"):
        context = visit_act_context(visit)
    return issue_document(
        kind=VISIT_ACT,
        title="Акт посещения семьи",
        template="print/casework/visit_act.html",
        context=context,
        owner_kind="casework.visit",
        owner_id=visit.pk,
        issued_on=visit.held_on,
        actor=actor,
        region=case.region,
        institution=case.institution,
        number=visit.number,
        family_id=case.family_id,
    )


def visit_act_context(visit: Visit) -> dict[str, Any]:
    """What the act says, in Russian; empty parts are left out of it."""
    case, on = visit.case, visit.held_on
    seen = [row.person for row in visit.members_seen.select_related("person").order_by("person__birth_date", "pk")]
    team = _team(visit)
    services = ServiceRecord.objects.valid().filter(visit=visit).select_related("title", "partner")
    time = " — ".join(f"{moment:%H:%M}" for moment in (visit.started_at, visit.ended_at) if moment)
    return {
        "visit": visit,
        "failed": visit.state != VisitState.HELD,
        "refused": visit.state == VisitState.REFUSED,
        "kind": "АКТ",
        "subject": "посещения семьи",
        "day": on,
        "number": visit.number,
        "place": "",
        "facts": [
            ("Семья", f"{case.family.title}, случай {number_sign(case.number)}"),
            ("Адрес", case.family.address),
            ("Время", time),
            ("Цель", _purpose(visit)),
            ("Форма", CHANNELS[visit.channel]),
            ("Посещение провели", "\n".join(f"{row['name']}, {mid_line(row['post'])}".strip(", ") for row in team)),
            *_seen(seen, on),
        ],
        "sections": _sections(visit),
        "services": _service_table(list(services.prefetch_related("recipients").order_by("pk"))),
        "next_on": visit.next_on,
        "signature_note": SIGNATURES.get(Signature(visit.signature), "") if visit.signature else "",
        "signatories": [{"post": capfirst(row["post"] or "специалист"), "name": row["name"]} for row in team],
    }


def issue_urgent_act(*, row: ServiceRecord, actor: User) -> IssuedDocument:
    """The act on an urgent service, which takes the place of an agreement (I6; 442-FZ, article 21)."""
    family = row.family
    with translation.override("ru"):
        people = list(row.recipients.order_by("birth_date", "pk"))
        context = {
            "kind": "АКТ",
            "subject": "о предоставлении срочных социальных услуг",
            "day": row.on,
            "number": row.number,
            "place": "",
            "facts": [
                ("Получатели", "\n".join(f"{person.full_name}, {long_date(person.birth_date)}" for person in people)),
                ("Адрес", family.address),
                ("Поставщик", row.institution.full_name),
                ("Услуга", row.title.title),
                ("Вид", row.get_service_kind_display()),
                ("Количество", str(row.quantity)),
                ("Дата и форма", f"{long_date(row.on)}, {CHANNELS[row.channel]}"),
                *([("При участии", str(row.partner))] if row.partner else []),
                ("Результат", row.result),
            ],
            "signatories": [
                signatory(row.specialist, row.specialist_for, default="специалист"),
                {"post": "Получатель (законный представитель)", "name": ""},
            ],
        }
    return issue_document(
        kind=URGENT_ACT,
        title="Акт о предоставлении срочных социальных услуг",
        template="print/casework/urgent_act.html",
        context=context,
        owner_kind="casework.service",
        owner_id=row.pk,
        issued_on=row.on,
        actor=actor,
        region=row.institution.region,
        institution=row.institution,
        number=row.number,
        family_id=family.pk,
    )


@dataclass(frozen=True, slots=True)
class JournalPaper:
    """Whose journal is printed, for which days, and by whom."""

    institution: Institution
    department: Department | None
    starts_on: date
    ends_on: date
    printed_by: User


def render_journal(rows: "QuerySet[ServiceRecord]", paper: JournalPaper) -> RenderedDocument:
    """The journal of services and measures for a period (S2-34; documents 5.8), oldest row first."""
    found = list(
        rows.with_page().prefetch_related("recipients").order_by("on", "pk")  # type: ignore[attr-defined]
    )
    institution = paper.institution
    title = "Журнал учёта социальных услуг и мероприятий по социальному сопровождению"
    with translation.override("ru"):
        context = {
            "kind": "ЖУРНАЛ",
            "subject": "учёта социальных услуг и мероприятий по социальному сопровождению",
            "unit": str(paper.department or ""),
            "starts_on": paper.starts_on,
            "ends_on": paper.ends_on,
            "as_of": institution.today() if paper.ends_on >= institution.today() else None,
            "table": _journal_table(found),
            "totals": _totals_table(found),
        }
    moment = timezone.localtime(timezone=institution.time_zone)
    letterhead = Letterhead(
        institution.full_name, institution.short_name, institution.address, institution.phone, institution.email
    )
    return render_long_pdf(
        "print/casework/journal.html",
        context,
        title=title,
        letterhead=letterhead,
        imprint=Imprint(moment, paper.printed_by.get_short_name()),
    )


def _team(visit: Visit) -> list[dict[str, str]]:
    """The specialist and those who came along, with posts."""
    others = visit.participants.select_related("user").order_by("pk")
    people = [signatory(visit.specialist, visit.specialist_for)]
    for row in others:
        name = row.user.get_short_name() if row.user else row.name
        post = row.post or (row.user.post if row.user else "") or str(row.get_role_display())
        people.append({"name": name, "post": post})
    return people


def _purpose(visit: Visit) -> str:
    titles = {
        "PLANNED": "плановое посещение",
        "UNPLANNED": "внеплановое посещение",
        "PRIMARY": "первичное обследование",
        "SIGNAL": "проверка сигнала",
        "CHECK": "проверка исполнения программы",
        "FOLLOW_UP": "сопровождение после социального контракта",
    }
    return titles[visit.purpose]


def _seen(people: Sequence[Person], on: date | None) -> list[tuple[str, str]]:
    """Who was seen, adults and children apart."""
    if on is None or not people:
        return []
    adults = [person.full_name for person in people if not person.is_minor_on(on)]
    children = [
        f"{person.full_name}, {counted(person.age_on(on), 'год', 'года', 'лет')}"
        for person in people
        if person.is_minor_on(on)
    ]
    return [("Присутствовали взрослые", "\n".join(adults)), ("Присутствовали дети", "\n".join(children))]


def _sections(visit: Visit) -> list[tuple[str, str]]:
    """Headings and texts of the act; a held visit always says whether there were signs of danger."""
    if visit.state != VisitState.HELD:
        return [("Обстоятельства", visit.observations)] if visit.observations else []
    known = [
        ("Изменения в составе семьи", visit.composition_changes),
        ("Жилищные условия", visit.living_conditions),
        ("Доходы и занятость", visit.employment_changes),
        ("Состояние детей и уход за ними", visit.children_care),
        ("Здоровье", visit.health),
        ("Отношения в семье", visit.relations),
        ("Признаки опасности", visit.danger_signs or "Не отмечены."),
        ("Что сделано и установлено", visit.observations),
        ("Договорённости с семьёй", visit.agreements),
        ("Рекомендации (не обязательны для семьи)", visit.recommendations),
        ("Замечания законного представителя", visit.representative_remark),
    ]
    return [(title, text) for title, text in known if text]


def _service_table(rows: Sequence[ServiceRecord]) -> Table | None:
    if not rows:
        return None
    columns = [
        Column("№", 11, Kind.CENTRED),
        Column("Услуга (мероприятие)", 32),
        Column("Вид", 17),
        Column("Получатели", 30),
        Column(COUNT, 8, Kind.NUMBER),
    ]
    return Table(
        "Предоставлены социальные услуги и мероприятия",
        columns,
        [
            (row.number, row.title.title, row.kind_title, _names(row.recipients.all(), "\n"), row.quantity)
            for row in rows
        ],
    )


def _journal_table(rows: Sequence[ServiceRecord]) -> Table:
    grounds, contracts = _grounds(rows), _contracts(rows)
    columns = [
        Column("№", 11, Kind.CENTRED),
        Column("Дата", 12, Kind.DATE),
        Column("Семья, получатели", 21),
        Column("Адрес", 17),
        Column("Вид", 16),
        Column("Наименование услуги (мероприятия)", 30),
        Column("Форма", 14),
        Column(COUNT, 9, Kind.NUMBER),
        Column("Основание", 14),
        Column("Соц. контракт", 20),
        Column("Специалист, партнёр", 18),
        Column("Подпись получателя", 12),
        Column("Результат, примечание", 21),
    ]
    return Table(
        "",
        columns,
        [
            (
                row.number,
                row.on,
                f"{row.family.title}\n{_names(row.recipients.all())}",
                row.family.address,
                f"{row.get_record_type_display()}: {row.kind_title}",
                row.title.title,
                f"{row.form_of_work}, {CHANNELS[row.channel]}" if row.form_of_work else CHANNELS[row.channel],
                row.quantity,
                grounds.get(row.pk, ""),
                contracts.get(row.pk, ""),
                "\n".join(filter(None, (row.specialist.get_short_name(), str(row.partner or "")))),
                "\N{NO-BREAK SPACE}",
                row.result,
            )
            for row in rows
        ],
    )


def _totals_table(rows: Iterable[ServiceRecord]) -> Table:
    """How many services and measures of each kind, cancelled rows left out."""
    totals: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        if row.cancelled_at is None:
            key = (str(row.get_record_type_display()), row.kind_title)
            known = totals.setdefault(key, [0, 0])
            known[0] += 1
            known[1] += row.quantity
    columns = [
        Column("Тип", 24),
        Column("Вид", 24),
        Column("Записей", 10, Kind.NUMBER),
        Column("Количество", 10, Kind.NUMBER),
    ]
    lines = [(kind, name, counts[0], counts[1]) for (kind, name), counts in sorted(totals.items())]
    whole = (
        "Всего",
        "",
        sum(numbers[0] for numbers in totals.values()),
        sum(numbers[1] for numbers in totals.values()),
    )
    return Table("Итого по видам", columns, lines, total=whole if lines else ())


def _grounds(rows: Sequence[ServiceRecord]) -> dict[int, str]:
    """The paper on which each row rests: the act of an urgent service, else the agreement in force on its day."""
    cases = {row.case_id for row in rows if row.case_id}
    agreements: dict[int, list[SupportAgreement]] = {}
    signed = SupportAgreement.objects.filter(case__in=cases, signed_on__isnull=False).order_by("signed_on", "pk")
    for agreement in signed:
        agreements.setdefault(agreement.case_id, []).append(agreement)
    found = {}
    for row in rows:
        if row.record_type == RecordType.URGENT:
            found[row.pk] = f"Срочная, акт {number_sign(row.number)}"
            continue
        held = [
            paper
            for paper in agreements.get(row.case_id or 0, [])
            if paper.signed_on
            and paper.signed_on <= row.on
            and (paper.terminated_on is None or paper.terminated_on > row.on)
        ]
        if held:
            found[row.pk] = f"Договор {number_sign(held[-1].number)}"
    return found


def _contracts(rows: Sequence[ServiceRecord]) -> dict[int, str]:
    """The social contract under whose duty a family was on the day of each row."""
    duties: dict[int, list[ContractDuty]] = {}
    for duty in ContractDuty.objects.filter(family__in={row.family_id for row in rows}).order_by("starts_on", "pk"):
        duties.setdefault(duty.family_id, []).append(duty)
    found = {}
    for row in rows:
        held = [
            duty
            for duty in duties.get(row.family_id, [])
            if duty.starts_on <= row.on and (duty.ends_on is None or duty.ends_on >= row.on)
        ]
        if held:
            found[row.pk] = number_sign(held[-1].contract_number)
    return found


def _names(people: Iterable[Person], between: str = ", ") -> str:
    rows = sorted(people, key=lambda person: (person.birth_date, person.pk))
    return between.join(initials_last(person.last_name, person.first_name, person.patronymic) for person in rows)
