"""Papers of the months after a contract: the sheet of one, and the summary of all (documents 5.9)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.text import capfirst

from accounts.models import User
from accounts.signatures import signatory
from casework.models import ServiceRecord, Visit
from common.tables import Column, Kind, Table
from common.text import DASH, long_date, money, number_sign, short_date
from contracts.enums import Employment, EndKind, SheetState, StopReason
from contracts.models import FollowUpSheet, SocialContract
from records.models import IssuedDocument
from records.services.documents import issue_document

SHEET, SUMMARY = "contracts.sheet", "contracts.summary"

KINDS = {
    "JOB_SEARCH": "поиск работы",
    "BUSINESS": "осуществление индивидуальной предпринимательской деятельности",
    "SMALLHOLDING": "ведение личного подсобного хозяйства",
    "OTHER_HARDSHIP": "преодоление трудной жизненной ситуации",
}
ENDS = {
    EndKind.FULFILLED: "выполнен",
    EndKind.EXPIRED_UNFULFILLED: "истёк срок, не выполнен",
    EndKind.TERMINATED_BY_AUTHORITY: "расторгнут органом социальной защиты за нарушение условий",
    EndKind.TERMINATED_GOOD_REASON: "расторгнут по уважительной причине",
    EndKind.WITHDRAWN: "расторгнут по заявлению семьи",
}
WORK = {
    Employment.EMPLOYED: "работает по трудовому договору",
    Employment.SELF_EMPLOYED: "самозанятый (самозанятая)",
    Employment.BUSINESS: "ведёт предпринимательскую деятельность",
    Employment.SMALLHOLDING: "ведёт личное подсобное хозяйство",
    Employment.STUDYING: "обучается",
    Employment.UNEMPLOYED: "не работает",
    Employment.CARE: "осуществляет уход за ребёнком или родственником",
}
REASONS = {
    StopReason.REFUSAL: "отказ семьи",
    StopReason.GOALS_ACHIEVED: "достижение целей сопровождения",
    StopReason.INSURMOUNTABLE: "непреодолимые обстоятельства",
}
CHANNELS = {
    "HOME": "на дому",
    "OFFICE": "в учреждении",
    "TRIP": "в ходе выезда",
    "ONLINE": "дистанционно",
    "PHONE": "по телефону",
    "EVENT": "на мероприятии",
}


@dataclass(frozen=True, slots=True)
class MonthWork:
    """What was done for the family in the month of a sheet."""

    visits: list[Visit]
    services: list[ServiceRecord]


def work_of_month(sheet: FollowUpSheet) -> MonthWork:
    """The visits held and the rows of the journal of the month, two queries."""
    family_id, period = sheet.contract.family_id, (sheet.period_from, sheet.period_to)
    visits = Visit.objects.held().filter(case__family=family_id, held_on__range=period)
    services = ServiceRecord.objects.valid().filter(family=family_id, on__range=period).select_related("title")
    return MonthWork(list(visits.order_by("held_on", "pk")), list(services.order_by("on", "pk")))


def issue_sheet(*, sheet: FollowUpSheet, actor: User) -> IssuedDocument:
    """The sheet of a month as a frozen PDF."""
    with translation.override("ru"):
        context = sheet_context(sheet)
    return _issue(sheet.contract, actor, context, kind=SHEET, title="Лист сопровождения", owner=sheet)


def issue_summary(*, contract: SocialContract, actor: User) -> IssuedDocument:
    """All months and the conclusion as a frozen PDF."""
    with translation.override("ru"):
        context = summary_context(contract)
    return _issue(contract, actor, context, kind=SUMMARY, title="Сводный лист сопровождения", owner=contract)


def _issue(
    contract: SocialContract,
    actor: User,
    context: dict[str, Any],
    *,
    kind: str,
    title: str,
    owner: SocialContract | FollowUpSheet,
) -> IssuedDocument:
    institution = contract.family.institution
    return issue_document(
        kind=kind,
        title=f"{title} по социальному контракту {number_sign(contract.number)}",
        template=f"print/{kind.replace('.', '/')}.html",
        context=context,
        owner_kind="contracts.sheet" if isinstance(owner, FollowUpSheet) else "contracts.contract",
        owner_id=owner.pk,
        issued_on=context["day"],
        actor=actor,
        region=institution.region,
        institution=institution,
        family_id=contract.family_id,
    )


def sheet_context(sheet: FollowUpSheet) -> dict[str, Any]:
    """What the sheet of a month says, in Russian; a sheet that is not filled has no paper."""
    if sheet.filled_on is None:
        raise ValueError("a sheet that is not filled has no paper")
    contract = sheet.contract
    period = f"с {long_date(sheet.period_from)} по {long_date(sheet.period_to)}"
    return {
        "kind": "ЛИСТ СОПРОВОЖДЕНИЯ",
        "subject": "семьи после окончания социального контракта",
        "day": sheet.filled_on,
        "number": str(sheet.month),
        "place": "",
        "facts": [
            *_contract_facts(contract),
            ("Наставник", sheet.mentor),
            ("Месяц сопровождения", f"{sheet.month} из {contract.sheets.count()}, {period}"),
            ("Контакт с семьёй", _contact(sheet)),
            ("Занятость заявителя", WORK[Employment(sheet.employment)] if sheet.employment else ""),
            *_income_facts(sheet),
        ],
        "sections": [
            (title, text)
            for title, text in (
                ("Жильё, здоровье, дети", sheet.circumstances),
                ("Выполнение рекомендаций", sheet.recommendations_kept),
                ("Потребности семьи и план на следующий месяц", sheet.needs),
            )
            if text
        ],
        "services": _work_table(work_of_month(sheet)),
        "late": sheet.is_late,
        "signatories": _signatories(sheet.filled_by, sheet.filled_for),
        "applicant": contract.applicant.short_name,
    }


def _contract_facts(contract: SocialContract) -> list[tuple[str, str]]:
    """The contract as both papers name it."""
    ended = ""
    if contract.ended_on and contract.end_kind:
        ended = f"{long_date(contract.ended_on)}, {ENDS[EndKind(contract.end_kind)]}"
    term = f"с {long_date(contract.starts_on)} по {long_date(contract.planned_end_on)}"
    specialist = f", {contract.authority_specialist}" if contract.authority_specialist else ""
    curator = contract.family.curator.get_short_name() if contract.family.curator else ""
    return [
        ("Семья", contract.family.title),
        ("Заявитель", contract.applicant.full_name),
        ("Социальный контракт", f"{number_sign(contract.number)} от {long_date(contract.signed_on)}"),
        ("Направление", capfirst(KINDS[contract.kind])),
        ("Кем заключён", f"{contract.authority.title}{specialist}"),
        ("Срок действия", term),
        ("Сумма", money(contract.amount)),
        ("Окончание", ended),
        ("Куратор", curator),
    ]


def _contact(sheet: FollowUpSheet) -> str:
    if sheet.contacted_on is None:
        return f"не состоялся: {sheet.no_contact_reason}"
    visits = Visit.objects.held().filter(case__family=sheet.contract.family_id, held_on=sheet.contacted_on)
    channels = dict.fromkeys(CHANNELS[row.channel] for row in visits.order_by("pk"))
    return ", ".join([long_date(sheet.contacted_on), *channels])


def _income_facts(sheet: FollowUpSheet) -> list[tuple[str, str]]:
    if sheet.per_capita is None:
        return [("Среднедушевой доход", "сведений нет")]
    facts = [("Среднедушевой доход в месяц", money(sheet.per_capita))]
    if sheet.minimum_used is not None:
        difference = sheet.per_capita - sheet.minimum_used
        sign = "выше" if difference >= 0 else "ниже"
        facts += [
            ("Прожиточный минимум", money(sheet.minimum_used)),
            ("Сравнение", f"{sign} прожиточного минимума на {money(abs(difference))}"),
            ("Самообеспечение", "достигнуто" if sheet.is_self_sufficient else "не достигнуто"),
        ]
    return facts


def _work_table(work: MonthWork) -> Table | None:
    rows: list[tuple[date, str, str]] = [
        (row.held_on, "посещение", CHANNELS[row.channel]) for row in work.visits if row.held_on
    ]
    rows += [(row.on, row.title.title, f"{row.quantity}") for row in work.services]
    if not rows:
        return None
    columns = [
        Column("Дата", 12, Kind.DATE),
        Column("Услуга, мера, посещение", 50),
        Column("Форма, количество", 20),
    ]
    return Table("Что сделано за месяц", columns, sorted(rows))


def summary_context(contract: SocialContract) -> dict[str, Any]:
    """What the summary says, in Russian: every month in a row, and the conclusion."""
    if contract.ended_on is None or contract.follow_up_ends_on is None:
        raise ValueError("a contract that has not ended has no summary")
    today = contract.family.institution.today()
    sheets = list(contract.sheets.select_related("filled_by").order_by("month"))
    last = max((sheet.filled_on for sheet in sheets if sheet.filled_on), default=contract.ended_on)
    stopped = ""
    if contract.follow_up_stopped_on:
        reason = REASONS[StopReason(contract.stop_reason)]
        stopped = f"{long_date(contract.follow_up_stopped_on)}, {reason}"
    return {
        "kind": "СВОДНЫЙ ЛИСТ СОПРОВОЖДЕНИЯ",
        "subject": "семьи после окончания социального контракта",
        "day": max(last, contract.follow_up_stopped_on or last),
        "number": contract.number,
        "place": "",
        "facts": [
            *_contract_facts(contract),
            (
                "Сопровождение",
                f"с {long_date(sheets[0].period_from)} по {long_date(contract.follow_up_ends_on)}" if sheets else "",
            ),
            *([("Прекращено досрочно", stopped)] if stopped else []),
        ],
        "months": _months_table(sheets, today),
        "conclusion": contract.conclusion,
        "advised": contract.is_new_advised,
        "signatories": _signatories(contract.family.curator),
    }


def _months_table(sheets: list[FollowUpSheet], today: date) -> Table:
    columns = [
        Column("№", 4, Kind.CENTRED),
        Column("Период", 16),
        Column("Контакт", 14),
        Column("Занятость", 20),
        Column("Доход на человека, руб.", 13, Kind.MONEY),
        Column("Минимум, руб.", 13, Kind.MONEY),
        Column("Самообес\u00adпечение", 12, Kind.CENTRED),
        Column("Лист", 14),
    ]
    return Table("", columns, [_month_row(sheet, today) for sheet in sheets])


def _month_row(sheet: FollowUpSheet, today: date) -> list[Any]:
    state = sheet.state_on(today)
    marks = {
        SheetState.FILLED: "заполнен",
        SheetState.FILLED_LATE: "заполнен с опозданием",
        SheetState.DUE: "срок не истёк",
        SheetState.OVERDUE: "не заполнен",
        SheetState.TO_COME: "не наступил",
        SheetState.VOID: "не требуется",
    }
    contact: date | str | None = sheet.contacted_on
    if sheet.filled_on and contact is None:
        contact = f"нет: {sheet.no_contact_reason}"
    reached = {True: "да", False: "нет", None: DASH}[sheet.is_self_sufficient]
    return [
        sheet.month,
        f"{short_date(sheet.period_from)} — {short_date(sheet.period_to)}",
        contact,
        WORK[Employment(sheet.employment)] if sheet.employment else None,
        sheet.per_capita,
        sheet.minimum_used,
        reached,
        marks[state],
    ]


def _signatories(user: User | None, principal: User | None = None) -> list[dict[str, str]]:
    if user is None:
        return [{"post": "Специалист", "name": ""}]
    return [signatory(user, principal, default="специалист")]
