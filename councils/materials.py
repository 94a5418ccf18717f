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
NARROWED = "Согласие, по которому составлена справка, отозвано или истекло: секретарь составляет её заново."
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
    Stage.DIAGNOSTIC: "диагностико-поисковый",
    Stage.CONTRACTING: "договорный",
    Stage.ACTIVE: "деятельностный",
    Stage.REFLECTION: "рефлексивный",
    Stage.POST_SUPPORT: "постсопровождение",
    Stage.CLOSED: "сопровождение завершено",
}


@dataclass(frozen=True)
class Cover:
    """What the consents to the transfer cover together, by whose data it is (I7, R13).

    A family is spoken for by its main contact, under whose initials it stands in the packet; what is somebody else's
    (the age of a child, an illness) needs a consent for that person, which a child's representative gives.
    """

    parts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, consents: Iterable[Consent]) -> Self:
        """The cover of consents that tell whether they are of the main contact (`of_contact`)."""
        parts = set()
        for row in consents:
            for whose in [str(row.subject_id), *(["contact"] if row.of_contact else [])]:  # type: ignore[attr-defined]
                parts.add(whose)
                parts |= {f"{whose}:support"} if ConsentData.SUPPORT in row.data else set()
                parts |= {f"{whose}:health"} if row.health_data else set()
        return cls(frozenset(parts))

    @property
    def allows(self) -> bool:
        """Whether anything may be told of the family."""
        return "contact" in self.parts

    @property
    def support(self) -> bool:
        return "contact:support" in self.parts

    def tells_of(self, person_id: int | None, *parts: str) -> bool:
        """Whether these parts of a person's data are covered, or the family's for None; without parts, their name."""
        whose = "contact" if person_id is None else str(person_id)
        return self.parts.issuperset([whose, *(f"{whose}:{part}" for part in parts)])


def covers(families: Iterable[int], on: date) -> dict[int, Cover]:
    """What may be told of families on `on`; those without any consent to the transfer are left out. One query."""
    found: dict[int, list[Consent]] = {}
    for row in Consent.objects.filter(family__in=list(families)).for_transfer(on).with_contact():
        found.setdefault(row.family_id, []).append(row)
    return {family: Cover.of(consents) for family, consents in found.items()}


def cover_of(family: Family, on: date) -> Cover:
    """The same for one family."""
    return covers([family.pk], on).get(family.pk, Cover())


def told_under(family: Family, on: date) -> list[str]:
    """What an agenda item keeps of the cover under which its materials were written on `on`."""
    return sorted(cover_of(family, on).parts)


def consenting(families: Iterable[int], on: date) -> set[int]:
    """The families of which data may go to another agency on `on`: their main contact's consent allows it (R13)."""
    return {family for family, cover in covers(families, on).items() if cover.allows}


def may_name_to(family: Family, addressee: str, on: date) -> bool:
    """Whether a consent of the main contact in force on `on` lets the family be named to this addressee."""
    rows = Consent.objects.filter(family=family).for_transfer(on).speaking_for_family()
    return any(consent.names_recipient(addressee) for consent in rows)


def initials_of(families: Iterable[int], on: date) -> dict[int, str]:
    """«Ч. О. П.» of the main contact by family, where a consent allows it and the family is not restricted."""
    keys = consenting(families, on)
    contacts = FamilyMembership.objects.filter(family__in=keys, family__is_restricted=False).main_contacts()
    return {
        row.family_id: only_initials(row.person.last_name, row.person.first_name, row.person.patronymic)
        for row in contacts.select_related("person")
    }


def is_shown(family: Family, on: date) -> bool:
    """Whether what was composed of the family may be read on `on`: it is not restricted, and a consent allows it."""
    return not family.is_restricted and family.pk in consenting([family.pk], on)


def shown(items: Iterable[AgendaItem], on: date) -> dict[int, str]:
    """The materials of each question, by its id, as members may read them on `on`; one query.

    What was written while consents allowed it is not shown once one of them is withdrawn, or the family is restricted.
    """
    rows = list(items)
    known = covers([row.family_id for row in rows if row.family_id], on)
    return {
        row.pk: RESTRICTED
        if row.family is not None and row.family.is_restricted
        else _covered(row, known.get(row.family_id or 0, Cover()))
        for row in rows
    }


def shown_to_chair(item: AgendaItem, on: date) -> str:
    """The same of one question for the chair, who reads of a restricted family too."""
    return _covered(item, cover_of(item.family, on) if item.family else Cover())


def recomposed(item: AgendaItem, on: date) -> str:
    """What the secretary goes on from: the materials, composed anew where consents no longer cover them."""
    if item.family is None or is_covered(item, on):
        return item.materials
    return reference(item.family, item.case, on)


def is_covered(item: AgendaItem, on: date) -> bool:
    """Whether the consents under which the materials were composed still stand, or others that cover as much."""
    return item.family is None or cover_of(item.family, on).parts.issuperset(item.told_under)


def _covered(item: AgendaItem, cover: Cover) -> str:
    if item.family_id is None:
        return item.materials
    if not cover.allows:
        return NO_CONSENT
    return item.materials if cover.parts.issuperset(item.told_under) else NARROWED


def reference(family: Family, case: SupportCase | None, on: date) -> str:
    """The short reference on a family for the packet, in Russian, without names."""
    if family.is_restricted:
        return RESTRICTED
    cover = cover_of(family, on)
    if not cover.allows:
        return NO_CONSENT
    lines = [_composition(family, on, cover), _categories(family, on, cover)]
    if case is not None:
        lines += [_course(case), _visits(case)]
        if cover.support:
            lines.append(_problems(case, cover))
            lines += _programme(case, cover, room=LONGEST_REFERENCE - len("\n".join(lines)))
    return "\n".join(line for line in lines if line)


def _composition(family: Family, on: date, cover: Cover) -> str:
    """How many they are; how old the children are, where a consent covers each of them."""
    people = [
        row.person
        for row in FamilyMembership.objects.filter(family=family).on(on).living_together().select_related("person")
    ]
    minors = [person for person in people if person.is_minor_on(on)]
    ages = sorted(person.age_on(on) for person in minors)
    text = f"Состав семьи: {counted(len(people), 'человек', 'человека', 'человек')}"
    if not ages:
        return f"{text}, несовершеннолетних детей нет."
    children = counted(len(ages), "ребёнок", "ребёнка", "детей")
    if not all(cover.tells_of(person.pk) for person in minors):
        return f"{text}, из них {children}."
    return f"{text}, из них {children} ({_years(ages)})."


def _years(ages: list[int]) -> str:
    """«до года, 5, 7 лет» of ages in full years, the youngest first."""
    infants = ["до года"] * ages.count(0)
    years = [str(age) for age in ages if age]
    return ", ".join([*infants, *years]) + (f" {plural(ages[-1], 'год', 'года', 'лет')}" if years else "")


def _categories(family: Family, on: date, cover: Cover) -> str:
    rows = FamilyCategory.objects.filter(family=family).on(on).select_related("category", "member")
    told = [
        row.category.title
        for row in rows
        if not row.category.is_confidential or cover.tells_of(row.member.person_id if row.member else None, "health")
    ]
    shown = "; ".join(dict.fromkeys(told))
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


def _problems(case: SupportCase, cover: Cover) -> str:
    """The problems that are not solved, as the dictionary calls them: their descriptions are for who works on them."""
    rows = CaseProblem.objects.filter(case=case, resolved_on=None).select_related("kind", "member")
    told = [row for row in rows.order_by("found_on", "pk") if _is_told(row, cover)]
    titles = dict.fromkeys(row.kind.title for row in told)
    return f"Проблемы: {_cut('; '.join(map(mid_line, titles)), LONGEST_LIST)}." if titles else ""


def _is_told(problem: CaseProblem, cover: Cover) -> bool:
    """Whether a problem may be told: by the consent for the member it was found in, else by the main contact's."""
    parts = ["support", *(["health"] if problem.kind.is_confidential else [])]
    return cover.tells_of(problem.member.person_id if problem.member else None, *parts)


def _programme(case: SupportCase, cover: Cover, *, room: int) -> list[str]:
    """The last version of the programme: its term, goal and activities, with initials for the names of the family.

    As many activities as `room` characters hold. One that answers a problem tells of it: it goes where the problem may.
    """
    programme = SupportProgramme.objects.filter(case=case).exclude(state__in=NOT_FOR_PAPER).order_by("-edition").first()
    if programme is None:
        return []
    activities = ProgrammeActivity.objects.filter(programme=programme).exclude(state=ActivityState.CANCELLED)
    related = activities.select_related("executor_partner", "problem__kind", "problem__member")
    rows = [row for row in related if row.problem is None or _is_told(row.problem, cover)]
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
