"""Questions and sessions as the pages show them, to whoever reads: numbers and initials, never names."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.access import works_as
from accounts.models import User
from common.text import numbered
from councils import access
from councils.enums import HELD_STATES, ItemState, SessionState
from councils.materials import initials_of, shown
from councils.models import AgendaItem, CouncilSession, Decision
from councils.services.decisions import OPEN_STATES
from families.models import Family

MAIN_STATES = (
    SessionState.PLANNED,
    SessionState.AGENDA_APPROVED,
    SessionState.HELD,
    SessionState.MINUTES_DRAFTED,
    SessionState.MINUTES_SIGNED,
)
ITEM_TONES = {
    ItemState.PROPOSED: "warn",
    ItemState.INCLUDED: "info",
    ItemState.CONSIDERED: "ok",
    ItemState.POSTPONED: "neutral",
    ItemState.WITHDRAWN: "neutral",
}
STATE_TONES = {
    SessionState.PLANNED: "warn",
    SessionState.AGENDA_APPROVED: "info",
    SessionState.HELD: "warn",
    SessionState.MINUTES_DRAFTED: "warn",
    SessionState.MINUTES_SIGNED: "ok",
    SessionState.NO_QUORUM: "neutral",
    SessionState.CANCELLED: "neutral",
}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A question as this person reads it. `hidden`: it is on a restricted family, and not for them.

    `materials` is what the packet may say on this day, whatever was written for it.
    """

    item: AgendaItem
    number: str
    initials: str
    materials: str
    department: str
    case_url: str
    tone: str
    hidden: bool
    decisions: tuple[Decision, ...]
    may_include: bool
    may_move: bool
    may_withdraw: bool
    may_edit: bool
    may_decide: bool
    may_postpone: bool


def packet_is_open(user: User, session: CouncilSession) -> bool:
    """Whether `user`, who opened the session, reads its materials: members only once the agenda is approved."""
    if not works_as(user, *access.SEATED):
        return access.reads_whole(user)
    return session.state not in access.WITHOUT_PACKET


def item_rows(user: User, session: CouncilSession) -> list[ItemRow]:
    """The questions of the session that `user` reads, in a fixed number of queries."""
    executors = ("programme", "executor_user", "executor_member", "executor_partner")
    decisions = Decision.objects.with_enrolment().select_related(*executors)
    rows = AgendaItem.objects.visible_to(user).filter(session=session).with_page()
    items = list(rows.prefetch_related(Prefetch("decisions", decisions.order_by("ordinal"))).order_by("position"))
    families = [item.family_id for item in items if item.family_id]
    opened = set(Family.objects.visible_to(user).filter(pk__in=families).values_list("pk", flat=True))
    today, is_open = session.council.today(), packet_is_open(user, session)
    told = _Told(initials_of(families, today) if is_open else {}, shown(items, today) if is_open else {})
    rights = _Rights(access.may_write(user, session), SessionState(session.state))
    return [
        _row(item, told, opened=item.family_id in opened, hidden=is_hidden(user, item), rights=rights) for item in items
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """What the packet says: the initials by family, the materials by question."""

    initials: dict[int, str]
    materials: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Rights:
    """What may be done with the questions of the session."""

    writes: bool
    state: SessionState


def _row(item: AgendaItem, told: _Told, *, opened: bool, hidden: bool, rights: _Rights) -> ItemRow:
    case = None if hidden else item.case
    is_live = item.state in {ItemState.PROPOSED, ItemState.INCLUDED}
    is_planned = rights.state == SessionState.PLANNED
    return ItemRow(
        item=item,
        number=case.number if case else "",
        initials="" if hidden else told.initials.get(item.family_id or 0, ""),
        materials="" if hidden else told.materials.get(item.pk, ""),
        department=str(case.department) if case else "",
        case_url=reverse("casework:case", args=[case.pk]) if case and opened else "",
        tone=ITEM_TONES[ItemState(item.state)],
        hidden=hidden,
        decisions=() if hidden else tuple(item.decisions.all()),
        may_include=rights.writes and is_planned and item.state == ItemState.PROPOSED,
        may_move=rights.writes and is_planned and is_live,
        may_withdraw=rights.writes and is_live,
        may_edit=rights.writes and item.state != ItemState.WITHDRAWN,
        may_decide=rights.writes
        and rights.state in OPEN_STATES
        and item.state in {ItemState.INCLUDED, ItemState.CONSIDERED},
        may_postpone=rights.writes and rights.state == SessionState.HELD and item.state == ItemState.INCLUDED,
    )


def is_hidden(user: User, item: AgendaItem) -> bool:
    """Whether the question is on a restricted family and `user` a member: only the chair reads it, with a reason."""
    return item.family is not None and item.family.is_restricted and works_as(user, *access.SEATED)


def steps(session: CouncilSession) -> list[dict[str, str]]:
    """The way of a session for the stepper; one that did not take place stops where it was."""
    titles = [
        _("Agenda is prepared"),
        _("Agenda is approved"),
        _("Session is held"),
        _("Minutes are drafted"),
        _("Minutes are signed"),
    ]
    reached = MAIN_STATES.index(SessionState(session.state)) if session.state in MAIN_STATES else 1
    over = session.state == SessionState.MINUTES_SIGNED
    return [
        {"title": title, "state": "done" if place < reached or over else "current" if place == reached else "ahead"}
        for place, title in enumerate(titles)
    ]


def session_facts(session: CouncilSession) -> list[dict[str, object]]:
    """When, where, under whom, and how it ended."""
    council = session.council
    facts: list[tuple[str, object]] = [
        (_("Planned for"), f"{session.planned_on:%d.%m.%Y}, {session.planned_time}"),
        (_("Place"), session.place),
        (_("Mode"), session.get_mode_display()),
        (_("Chairs"), str(session.chair or "")),
        (_("Keeps the minutes"), str(session.secretary or "")),
    ]
    if session.agenda_approved_on:
        facts.append((_("Agenda approved"), f"{session.agenda_approved_on:%d.%m.%Y}, {session.agenda_approved_by}"))
    if session.state in HELD_STATES and session.held_on:
        came = _("%(present)s of %(total)s") % {"present": session.members_present, "total": session.members_total}
        facts += [(_("Held"), f"{session.held_on:%d.%m.%Y}"), (_("Members who came"), came)]
    if session.number:
        facts.append((_("Minutes"), numbered(session.number)))
    if session.cancel_reason:
        facts.append((_("Why it was cancelled"), session.cancel_reason))
    if council.territory:
        facts.append((_("Territory"), str(council.territory)))
    rows: list[dict[str, object]] = [{"label": label, "value": value} for label, value in facts]
    if session.link:
        rows.insert(2, {"label": capfirst(_("video link")), "value": session.link, "url": session.link})
    return rows
