"""The packet of a session: what members of other agencies read of a family (clarifications; access rules 6.3, 7).

Initials and a short reference, and these only where a consent allows the transfer; without one, the number of the case.
Problems and the programme are told where that consent covers support; what tells of health or intimate life, only where
it covers data on health (access rules 6.3, 5). What a specialist typed freely (the goal, the activities) is taken with
initials in place of the names of the family.
The reference is composed when the question enters the agenda, judged anew when the agenda is approved, and then belongs
to the secretary. Whoever opens or prints it reads what consent and restriction allow on that day (I7, R13): `shown`.
Of a restricted family nothing is composed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.utils.text import Truncator

from casework.enums import ActivityState, ExecutorKind, ProgrammeState, Stage
from casework.models import CaseProblem, ProgrammeActivity, SupportCase, SupportProgramme, Visit
from common.text import collapse, counted, mid_line, only_initials, plural, short_date
from councils.models import AgendaItem
from councils.namelessness import Namelessness
from families.enums import ConsentData
from families.models import Consent, Family, FamilyCategory, FamilyMembership

NO_CONSENT = "Согласия на передачу сведений нет: вопрос рассматривается по номеру случая."
RESTRICTED = "Сведения о семье ограничены: докладывает председатель."
RESTRICTED_TITLE = "Вопрос о семье, сведения о которой ограничены"
LONGEST_LIST, LONGEST_GOAL, LONGEST_TITLE, LONGEST_PARTNER, SHOWN_ACTIVITIES = 1500, 1000, 200, 80, 25
LONGEST_REFERENCE = 9000
"""So that a reference stays within what the packet holds of one question, and leaves the secretary room for more."""

EXECUTORS = {
    ExecutorKind.STAFF: "специалист учреждения",
    ExecutorKind.PARTNER: "организация",
    ExecutorKind.FAMILY: "семья",
}
DONE = {
    ActivityState.IN_PROGRESS: ", выполняется",
    ActivityState.DONE: ", выполнено",
    ActivityState.PARTLY_DONE: ", выполнено частично",
    ActivityState.NOT_DONE: ", не выполнено",
}
NOT_FOR_PAPER = (ProgrammeState.TERMINATED, ProgrammeState.SUPERSEDED)
STAGES = {
    Stage.DIAGNOSTIC: "диагностика",
    Stage.CONTRACTING: "заключение договора",
    Stage.ACTIVE: "активное сопровождение",
    Stage.REFLECTION: "рефлексия",
    Stage.POST_SUPPORT: "постсопровождение",
    Stage.CLOSED: "сопровождение завершено",
}


def consenting(families: Iterable[int], on: date) -> set[int]:
    """The families of which data may go to another agency on `on`: a consent in force allows the transfer (R13)."""
    rows = Consent.objects.filter(family__in=list(families)).for_transfer(on)
    return set(rows.values_list("family_id", flat=True))


def may_name_to(family: Family, addressee: str, on: date) -> bool:
    """Whether a consent in force on `on` lets the family be named to this addressee."""
    return any(consent.names_recipient(addressee) for consent in Consent.objects.filter(family=family).for_transfer(on))


def initials_of(families: Iterable[int], on: date) -> dict[int, str]:
    """«Ч. О. П.» of the main contact by family, where a consent allows it and the family is not restricted."""
    keys = consenting(families, on)
    rows = FamilyMembership.objects.filter(
        family__in=keys, family__is_restricted=False, is_head=True, ends_on=None
    ).select_related("person")
    return {
        row.family_id: only_initials(row.person.last_name, row.person.first_name, row.person.patronymic) for row in rows
    }


def is_shown(family: Family, on: date) -> bool:
    """Whether what was composed of the family may be read on `on`: it is not restricted, and a consent allows it."""
    return not family.is_restricted and family.pk in consenting([family.pk], on)


def shown(items: Iterable[AgendaItem], on: date) -> dict[int, str]:
    """The materials of each question, by its id, as members may read them on `on`; one query.

    What was written while a consent allowed it is not shown once it is withdrawn, or the family is restricted.
    """
    rows = list(items)
    allowed = consenting([row.family_id for row in rows if row.family_id], on)
    return {row.pk: _shown(row, allowed) for row in rows}


def _shown(item: AgendaItem, allowed: set[int]) -> str:
    if item.family is None:
        return item.materials
    if item.family.is_restricted:
        return RESTRICTED
    return item.materials if item.family.pk in allowed else NO_CONSENT


@dataclass(frozen=True)
class _Cover:
    """What of a family the consents to the transfer cover together."""

    support: bool
    health: bool

    @classmethod
    def of(cls, consents: Iterable[Consent]) -> Self:
        rows = list(consents)
        return cls(
            support=any(ConsentData.SUPPORT in row.data for row in rows), health=any(row.health_data for row in rows)
        )


def reference(family: Family, case: SupportCase | None, on: date) -> str:
    """The short reference on a family for the packet, in Russian, without names."""
    if family.is_restricted:
        return RESTRICTED
    consents = Consent.objects.filter(family=family).for_transfer(on)
    if not consents:
        return NO_CONSENT
    cover = _Cover.of(consents)
    lines = [_composition(family, on), _categories(family, on, cover)]
    if case is not None:
        lines += [_course(case), _visits(case)]
        if cover.support:
            lines.append(_problems(case, cover))
            lines += _programme(case, cover, room=LONGEST_REFERENCE - len("\n".join(lines)))
    return "\n".join(line for line in lines if line)


def _composition(family: Family, on: date) -> str:
    people = [
        row.person
        for row in FamilyMembership.objects.filter(family=family).on(on).living_together().select_related("person")
    ]
    ages = sorted(person.age_on(on) for person in people if person.is_minor_on(on))
    text = f"Состав семьи: {counted(len(people), 'человек', 'человека', 'человек')}"
    if not ages:
        return f"{text}, несовершеннолетних детей нет."
    children = counted(len(ages), "ребёнок", "ребёнка", "детей")
    years = ", ".join(str(age) for age in ages)
    return f"{text}, из них {children} ({years} {plural(ages[-1], 'год', 'года', 'лет')})."


def _categories(family: Family, on: date, cover: _Cover) -> str:
    rows = FamilyCategory.objects.filter(family=family).on(on)
    if not cover.health:
        rows = rows.filter(category__is_confidential=False)
    shown = "; ".join(dict.fromkeys(rows.values_list("category__title", flat=True)))
    return f"Категории: {_cut(shown, LONGEST_LIST)}." if shown else ""


def _course(case: SupportCase) -> str:
    parts = [f"Случай открыт {short_date(case.opened_on)}, этап: {STAGES[Stage(case.stage)]}"]
    if case.enrolled_on:
        parts.append(f"на сопровождении с {short_date(case.enrolled_on)}")
    if case.planned_end_on and case.removed_on is None:
        parts.append(f"срок до {short_date(case.planned_end_on)}")
    if case.removed_on:
        parts.append(f"снята {short_date(case.removed_on)}")
    return f"{'; '.join(parts)}."


def _problems(case: SupportCase, cover: _Cover) -> str:
    """The problems that are not solved, as the dictionary calls them: their descriptions are for who works on them."""
    rows = CaseProblem.objects.filter(case=case, resolved_on=None).order_by("found_on", "pk")
    if not cover.health:
        rows = rows.filter(kind__is_confidential=False)
    titles = dict.fromkeys(rows.values_list("kind__title", flat=True))
    return f"Проблемы: {_cut('; '.join(map(mid_line, titles)), LONGEST_LIST)}." if titles else ""


def _programme(case: SupportCase, cover: _Cover, *, room: int) -> list[str]:
    """The last version of the programme: its term, goal and activities, with initials for the names of the family.

    As many activities as `room` characters hold. One that answers a confidential problem tells of it, and goes where
    the problem may.
    """
    programme = SupportProgramme.objects.filter(case=case).exclude(state__in=NOT_FOR_PAPER).order_by("-edition").first()
    if programme is None:
        return []
    activities = ProgrammeActivity.objects.filter(programme=programme).exclude(state=ActivityState.CANCELLED)
    if not cover.health:
        activities = activities.exclude(problem__kind__is_confidential=True)
    rows = list(activities.select_related("executor_partner"))
    told = Namelessness(case.family_id)
    lines = [
        f"Программа на {short_date(programme.starts_on)} – {short_date(programme.ends_on)}: {_activities(len(rows))}.",
        f"Цель: {_cut(told.without_names(programme.goal), LONGEST_GOAL).rstrip('.')}.",
    ]
    room -= sum(len(line) + 1 for line in lines)
    named: list[str] = []
    for place, row in enumerate(rows[:SHOWN_ACTIVITIES], start=1):
        line = f"{place}. {_activity(row, told)}"
        room -= len(line) + 1
        if room < 0:
            break
        named.append(line)
    more = len(rows) - len(named)
    return [*lines, *named, f"И ещё {_activities(more)}."] if more else [*lines, *named]


def _activities(number: int) -> str:
    return counted(number, "мероприятие", "мероприятия", "мероприятий")


def _activity(row: ProgrammeActivity, told: Namelessness) -> str:
    """What is done, by whom and by when; staff and family are not named."""
    title = _cut(told.without_names(row.title), LONGEST_TITLE).rstrip(".")
    partner = row.executor_partner
    executor = _cut(partner.title, LONGEST_PARTNER) if partner else EXECUTORS[ExecutorKind(row.executor_kind)]
    due = f", до {short_date(row.due_on)}" if row.due_on else ""
    done = DONE.get(ActivityState(row.state), "")
    return f"{title} ({executor}{due}{done})."


def _cut(words: str, length: int) -> str:
    return Truncator(collapse(words)).chars(length)


def _visits(case: SupportCase) -> str:
    held = Visit.objects.held().filter(case=case).count()
    if not held:
        return ""
    last = f", последний контакт {short_date(case.last_contact_on)}" if case.last_contact_on else ""
    return f"Проведено посещений: {held}{last}."
