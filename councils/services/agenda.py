"""The questions of a session: proposed, put on the agenda, ordered, withdrawn, postponed to the next session."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.notifications import notify
from casework.models import SupportCase
from casework.services.events import record_event
from common.history import acting
from common.text import short_date
from councils import access
from councils.enums import ItemKind, ItemState, SessionState
from councils.materials import NO_CONSENT, RESTRICTED, is_covered, is_shown, reference, told_under
from councils.models import AgendaItem, Council, CouncilSession
from councils.proposals import Proposal, latest_positions, proposals
from councils.services import grants
from councils.services.states import lock, move_item

TITLES: dict[str, str] = {
    ItemKind.ENROL: "О постановке семьи на социальное сопровождение",
    ItemKind.APPROVE_PROGRAMME: "Об утверждении индивидуальной программы сопровождения",
    ItemKind.REVIEW: "О ходе социального сопровождения семьи",
    ItemKind.EXTEND: "О продлении социального сопровождения семьи",
    ItemKind.REMOVE: "О снятии семьи с социального сопровождения",
    ItemKind.SIGNAL: "О рассмотрении сигнала о семье",
}
"""How the agenda calls a question: Russian, as its papers are, and without a name."""

DRAFTS: dict[str, str] = {
    ItemKind.ENROL: "Поставить семью на социальное сопровождение, утвердить программу сопровождения.",
    ItemKind.APPROVE_PROGRAMME: "Утвердить индивидуальную программу сопровождения.",
    ItemKind.REVIEW: "Принять информацию к сведению.",
    ItemKind.EXTEND: "Продлить социальное сопровождение семьи.",
    ItemKind.REMOVE: "Снять семью с социального сопровождения.",
    ItemKind.SIGNAL: "Принять информацию к сведению.",
}
EDITABLE = ("title", "starts_at", "reason", "speaker", "speaker_name", "materials", "draft_decision", "heard", "spoke")


def _check_planned(session: CouncilSession) -> None:
    if session.state != SessionState.PLANNED:
        raise ValidationError(_("The agenda is approved: the question waits for the next session."))


def _check_waiting(case: SupportCase) -> None:
    if AgendaItem.objects.live().filter(case=case).exists():
        raise ValidationError(_("The case is already on an agenda, or proposed for one."), code="waiting")


def _add(session: CouncilSession, kind: str, actor: User, **values: Any) -> AgendaItem:
    known: dict[str, Any] = {
        "title": TITLES.get(kind, ""),
        "draft_decision": DRAFTS.get(kind, ""),
        "position": latest_positions(session) + 1,
        "proposed_by": actor,
    }
    item = AgendaItem(session=session, kind=kind, **(known | {name: value for name, value in values.items() if value}))
    with acting(actor):
        item.full_clean()
        item.save()
    return item


@transaction.atomic
def propose(*, session: CouncilSession, case: SupportCase, kind: ItemKind, reason: str, actor: User) -> AgendaItem:
    """Ask for a question on the case: the head of its department; the secretary decides (access rules 6.2).

    Raises PermissionDenied, or ValidationError for an approved agenda, a body of another institution or district,
    a case that waits.
    """
    lock(session)
    require(access.may_propose(actor, case))
    _check_planned(session)
    covers = Council.objects.covering(case.family).filter(pk=session.council_id, institution=case.institution_id)
    if kind == ItemKind.ORGANISATIONAL or not covers.exists():
        raise ValidationError(_("The body does not consider this case."))
    _check_waiting(case)
    item = _add(session, kind, actor, case=case, family=case.family, speaker=case.curator, reason=reason.strip())
    keeper = session.secretary
    if keeper is not None and keeper.user_id is not None:
        notify(
            [keeper.user_id],
            "councils.item_proposed",
            fact=f"item:{item.pk}",
            target="councils:session",
            target_id=session.pk,
            number=case.number,
            day=session.planned_on,
        )
    return item


@transaction.atomic
def take_proposals(
    *, session: CouncilSession, keys: Iterable[str], actor: User, on: date | None = None
) -> list[AgendaItem]:
    """Put candidates of the system on the agenda, by their keys; those that no longer are candidates are left out.

    `on` is the day of it, today where nothing is said.
    """
    lock(session)
    require(access.may_write(actor, session))
    _check_planned(session)
    wanted = set(keys)
    chosen = [row for row in proposals(session) if row.key in wanted]
    cases = SupportCase.objects.in_bulk([row.case_id for row in chosen])
    items = [_taken(session, row, cases[row.case_id], actor) for row in chosen]
    include(items=items, session=session, actor=actor, on=on)
    return items


def _taken(session: CouncilSession, row: Proposal, case: SupportCase, actor: User) -> AgendaItem:
    return _add(session, row.kind, actor, case=case, family=case.family, speaker=case.curator, reason=row.stored_reason)


@transaction.atomic
def add_organisational(*, session: CouncilSession, title: str, actor: User, **values: Any) -> AgendaItem:
    """Put an organisational matter on the agenda."""
    lock(session)
    require(access.may_write(actor, session))
    _check_planned(session)
    item = _add(session, ItemKind.ORGANISATIONAL, actor, title=title.strip(), **values)
    move_item(item=item, to=ItemState.INCLUDED, actor=actor)
    return item


@transaction.atomic
def include(*, session: CouncilSession, items: Sequence[AgendaItem], actor: User, on: date | None = None) -> None:
    """Put proposed questions on the agenda: the secretary may open the families from now on.

    Each gets its reference for the packet, composed from what consent allows.
    """
    lock(session)
    require(access.may_write(actor, session))
    _check_planned(session)
    day = on or session.council.today()
    for item in items:
        if item.family is not None and not item.materials.strip():
            _compose(item, day)
        move_item(item=item, to=ItemState.INCLUDED, actor=actor)
        if item.case is not None:
            _record(item, "council_agenda", session, actor, day)
    grants.open_families(session=session, families=[row.family_id for row in items if row.family_id], actor=actor)


def _compose(item: AgendaItem, on: date) -> None:
    """The reference of a question on a family, as the consents of the day allow it."""
    if item.family is not None:
        item.materials = reference(item.family, item.case, on)
        item.told_under = told_under(item.family, on)


def judge_references(*, session: CouncilSession, actor: User) -> None:
    """Compose anew, before the members read them, the references that consent or restriction no longer allow.

    One that a consent given since would allow is composed as well, unless the secretary has written it.
    """
    today = session.council.today()
    rows = AgendaItem.objects.filter(session=session, state=ItemState.INCLUDED, family__isnull=False)
    with acting(actor):
        for item in rows.select_related("family", "case"):
            if item.family is None:
                continue
            is_bare = item.materials in {NO_CONSENT, RESTRICTED}
            if is_bare == is_shown(item.family, today) or not is_covered(item, today):
                _compose(item, today)
                item.save()


def _record(item: AgendaItem, kind: str, session: CouncilSession, actor: User, on: date) -> None:
    if item.case is not None:
        record_event(
            item.case,
            kind,
            on=on,
            by=actor,
            params={"body": session.council.kind, "day": session.day},
            object_kind="session",
            object_id=session.pk,
        )


@transaction.atomic
def withdraw(*, item: AgendaItem, reason: str, actor: User) -> None:
    """Take a question off, with a reason, until the minutes are drafted; its family is closed to the secretary."""
    session = lock(item.session)
    require(access.may_write(actor, session))
    _check_open(session)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the question is withdrawn.")})
    move_item(item=item, to=ItemState.WITHDRAWN, actor=actor, reason=reason)
    if item.family_id is not None:
        grants.close_families(session=session, families=[item.family_id], actor=actor)


@transaction.atomic
def postpone(*, item: AgendaItem, reason: str, actor: User) -> AgendaItem | None:
    """Leave a question for the next session, where it is proposed anew; None while none is planned (domain 3.6)."""
    session = lock(item.session)
    require(access.may_write(actor, session))
    if session.state != SessionState.HELD:
        raise ValidationError(_("Questions are postponed at the session."))
    if item.decisions.exists():
        raise ValidationError(_("There is a decision on the question: it was considered."))
    move_item(item=item, to=ItemState.POSTPONED, actor=actor, reason=reason)
    return _to_next(item, _lock_next(session), actor)


def _check_open(session: CouncilSession) -> None:
    if session.state not in {SessionState.PLANNED, SessionState.AGENDA_APPROVED, SessionState.HELD}:
        raise ValidationError(_("The minutes are drafted: the agenda stays as it is."))


def postpone_all(*, session: CouncilSession, actor: User, reason: str) -> None:
    """Leave all questions of a session that did not take place for the next one."""
    following = _lock_next(session)
    for item in AgendaItem.objects.filter(session=session, state__in=[ItemState.PROPOSED, ItemState.INCLUDED]):
        move_item(item=item, to=ItemState.POSTPONED, actor=actor, reason=reason)
        _to_next(item, following, actor)


def next_session(session: CouncilSession) -> CouncilSession | None:
    """The next session of the body whose agenda is still open."""
    rows = CouncilSession.objects.filter(council=session.council, state=SessionState.PLANNED)
    following = rows.filter(planned_at__gte=session.planned_at).exclude(pk=session.pk)
    found: CouncilSession | None = following.with_page().order_by("planned_at", "pk").first()
    return found


def _lock_next(session: CouncilSession) -> CouncilSession | None:
    """The next session, locked while its agenda is open: one whose agenda was approved meanwhile is passed over."""
    following = next_session(session)
    while following is not None and lock(following).state != SessionState.PLANNED:
        following = next_session(session)
    return following


def _to_next(item: AgendaItem, following: CouncilSession | None, actor: User) -> AgendaItem | None:
    if following is None or (item.case is not None and AgendaItem.objects.live().filter(case=item.case).exists()):
        return None
    copied = {name: getattr(item, name) for name in ("case", "family", "title", "speaker", "speaker_name")}
    reason = f"Отложен на заседании {short_date(item.session.day)}"
    return _add(
        following,
        item.kind,
        actor,
        **copied,
        draft_decision=item.draft_decision,
        reason=reason,
        postponed_from=item,
    )


def bring_postponed(*, session: CouncilSession, actor: User) -> list[AgendaItem]:
    """Propose at a new session what the body postponed and has not taken up since."""
    postponed = AgendaItem.objects.filter(session__council=session.council, state=ItemState.POSTPONED)
    taken_up = AgendaItem.objects.filter(postponed_from__in=postponed).values("postponed_from_id")
    waiting = postponed.exclude(pk__in=taken_up).exclude(case__closed_on__isnull=False)
    rows = waiting.select_related("session__council__institution__region", "case", "family", "speaker")
    return [row for row in (_to_next(item, session, actor) for item in rows.order_by("pk")) if row is not None]


@transaction.atomic
def move(*, item: AgendaItem, up: bool, actor: User) -> None:
    """Swap a question with its neighbour on the agenda."""
    session = lock(item.session)
    require(access.may_write(actor, session))
    _check_planned(session)
    items = list(AgendaItem.objects.filter(session=session).exclude(state=ItemState.WITHDRAWN).order_by("position"))
    place = next(number for number, row in enumerate(items) if row.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return
    first, second = items[place], items[other]
    first.position, second.position = second.position, first.position
    with acting(actor):
        first.save()
        second.save()


def renumber(*, session: CouncilSession, actor: User) -> None:
    """Number the questions of an approved agenda from one, without gaps; withdrawn ones follow."""
    items = list(AgendaItem.objects.filter(session=session).order_by("position", "pk"))
    items.sort(key=lambda item: item.state == ItemState.WITHDRAWN)
    with acting(actor):
        for place, item in enumerate(items, start=1):
            if item.position != place:
                item.position = place
                item.save()


def _is_rewritten(item: AgendaItem, materials: str) -> bool:
    """Whether the secretary, who knows the consents of today, wrote other materials than are kept."""
    kept = AgendaItem.objects.values_list("materials", flat=True).get(pk=item.pk)
    return kept.split() != materials.split()


@transaction.atomic
def change_item(*, item: AgendaItem, values: dict[str, Any], actor: User) -> None:
    """Change the words of a question: its title, the packet, what was heard and said. Until the minutes are signed."""
    session = lock(item.session)
    require(access.may_write(actor, session))
    if "materials" in values and item.family is not None and _is_rewritten(item, values["materials"]):
        item.told_under = told_under(item.family, session.council.today())
    for name in EDITABLE:
        if name in values:
            setattr(item, name, values[name])
    with acting(actor):
        item.full_clean(exclude=["position"])
        item.save()
